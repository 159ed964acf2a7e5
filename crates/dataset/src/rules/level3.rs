//! Level 3: tables that programs join over bodies and years. Time is in `time.rs`, areas are in `areas.rs`.

use super::columns::{ColumnView, columns, is_number_like, is_plain_number, is_sign};
use super::{Report, shown};
use std::collections::BTreeSet;

pub(super) fn check(report: &mut Report<'_>) {
    let columns = columns(report.file);
    starts_with_header(report);
    lists_have_labels(report);
    for column in &columns {
        codes_are_listed(report, column);
        signs_are_defined(report, column);
        units_are_stated(report, column, &columns);
    }
    declared_format(report);
    definition(report);
}

/// L3-01.
fn starts_with_header(report: &mut Report<'_>) {
    if report.file.above > 0 {
        report.add("L3-01", Some(1), None, "line 1 is not the header", "1行目が項目名行でない");
    }
}

/// L3-02: the list itself.
fn lists_have_labels(report: &mut Report<'_>) {
    let Some(codes) = &report.file.codes else { return };
    let has = |part: &str| codes.header.iter().any(|h| h.contains(part));
    let whole = (has("code") || has("コード")) && (has("label") || has("name") || has("名称"));
    if report.file.stem() == "codes" && !whole {
        report.add("L3-02", Some(1), None, "the code list has no column for the label", "コード表に名称の列がない");
    }
}

/// L3-02: a column of short codes without a list, or a code that its list does not hold.
fn codes_are_listed(report: &mut Report<'_>, column: &ColumnView<'_>) {
    if let Some(listed) = report.file.listed(column.index).cloned() {
        for (line, value) in column.values.iter().filter(|(_, v)| !listed.contains(*v)) {
            let cell = shown(value);
            report.add(
                "L3-02",
                Some(*line),
                Some(column.index),
                format!("{cell} is not in the code list"),
                format!("{cell}がコード表にない"),
            );
        }
        return;
    }
    const CODED: [&str; 10] = ["コード", "区分", "種別", "フラグ", "code", "kubun", "flag", "type", "category", "status"];
    // Lists that everyone has: areas, post, corporate numbers, countries, money.
    const PUBLIC: [&str; 14] = [
        "団体",
        "地域",
        "都道府県",
        "市区町村",
        "市町村",
        "郵便",
        "法人",
        "lg_code",
        "area_code",
        "zip",
        "postal",
        "country",
        "通貨",
        "currency",
    ];
    let code = |v: &str| {
        let digits = v.trim_start_matches(|c: char| c.is_ascii_uppercase());
        v.len() <= 4 && v.len() - digits.len() <= 1 && !v.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let distinct: BTreeSet<&str> = column.values.iter().map(|(_, v)| *v).collect();
    let repeats = !distinct.is_empty() && distinct.len() < column.values.len();
    if repeats && column.is_named(&CODED) && !column.is_named(&PUBLIC) && column.values.iter().all(|(_, v)| code(v)) {
        let (name, n) = (shown(column.name), distinct.len());
        report.add(
            "L3-02",
            Some(1),
            Some(column.index),
            format!("{name} holds {n} codes and has no code list"),
            format!("{name}のコード（{n}種）にコード表がない"),
        );
    }
}

/// L3-03: signs among numbers that neither `missingValues` nor a code list defines.
fn signs_are_defined(report: &mut Report<'_>, column: &ColumnView<'_>) {
    if !column.numeric {
        return;
    }
    let defined = |v: &str| {
        let by_schema = report.file.field(column.index).is_some_and(|f| f.missing.contains(v));
        by_schema || report.file.listed(column.index).is_some_and(|l| l.contains(v))
    };
    let found: Vec<(u64, &str)> = column.values.iter().filter(|(_, v)| is_sign(v) && !defined(v)).copied().collect();
    for (line, value) in found {
        let cell = shown(value);
        report.add(
            "L3-03",
            Some(line),
            Some(column.index),
            format!("{cell} stands among numbers and is not defined"),
            format!("数値の列の記号{cell}が定義されていない"),
        );
    }
}

/// L3-04: a measured quantity, by the column's name, without a unit in name, column, schema or value.
fn units_are_stated(report: &mut Report<'_>, column: &ColumnView<'_>, columns: &[ColumnView<'_>]) {
    const QUANTITIES: [&str; 27] = [
        "金額",
        "予算",
        "決算",
        "費",
        "価格",
        "料金",
        "売上",
        "収入",
        "支出",
        "面積",
        "距離",
        "延長",
        "重量",
        "容量",
        "水量",
        "排出量",
        "使用量",
        "amount",
        "price",
        "cost",
        "budget",
        "revenue",
        "area_size",
        "distance",
        "length",
        "weight",
        "volume",
    ];
    const COUNTS: [&str; 6] = ["数", "区分", "コード", "code", "年", "率"];
    let name = column.folded_name();
    let quantity = QUANTITIES.iter().any(|q| name.contains(q)) && !COUNTS.iter().any(|c| name.ends_with(c));
    let in_name = name.contains(['(', '[', '［', '【', '/', '・']) || name.contains("単位") || has_unit_suffix(&name);
    let in_column = columns.iter().any(|c| c.is_named(&["単位", "unit"]) && !c.values.is_empty());
    let in_schema = report.file.field(column.index).is_some_and(|f| f.unit);
    let in_values = column.values.iter().all(|(_, v)| !is_plain_number(v) && is_number_like(v));
    if column.numeric && !column.values.is_empty() && quantity && !(in_name || in_column || in_schema || in_values) {
        let name = shown(column.name);
        report.add(
            "L3-04",
            Some(1),
            Some(column.index),
            format!("the unit of {name} is not stated"),
            format!("{name}の単位が書かれていない"),
        );
    }
}

/// `amount_jpy`, `length_km`, `金額_千円`.
fn has_unit_suffix(name: &str) -> bool {
    const UNITS: [&str; 22] = [
        "円",
        "千円",
        "万円",
        "百万円",
        "億円",
        "jpy",
        "yen",
        "usd",
        "m",
        "km",
        "cm",
        "mm",
        "m2",
        "km2",
        "ha",
        "kg",
        "t",
        "g",
        "l",
        "kwh",
        "㎡",
        "m3",
    ];
    name.rsplit_once('_').is_some_and(|(_, u)| UNITS.contains(&u))
}

/// L3-07: the header of a declared table.
fn declared_format(report: &mut Report<'_>) {
    let Some(meta) = &report.file.meta else { return };
    let same = meta.fields.is_empty() || meta.fields.iter().map(|f| f.name.as_str()).eq(report.file.header().iter().map(String::as_str));
    if !same {
        report.add("L3-07", Some(1), None, "the header is not that of the declared format", "項目名が宣言された形式と違う");
    }
}

/// L3-08: `datapackage.json` that describes each column, says a version and the encoding; ASCII names.
fn definition(report: &mut Report<'_>) {
    let odd = |n: &String| n.is_empty() || !n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let Some(meta) = report.file.meta.clone() else {
        report.add(
            "L3-08",
            None,
            None,
            "no datapackage.json defines the columns, the version and the encoding",
            "項目の定義・版・文字コードを書いたdatapackage.jsonがない",
        );
        return;
    };
    let bad: Vec<usize> = report.file.header().iter().enumerate().filter(|(_, n)| odd(n)).map(|(i, _)| i).collect();
    for i in bad {
        report.add("L3-08", Some(1), Some(i), "the column name is not made of a-z, 0-9 and _", "項目の物理名が英数字でない");
    }
    if !meta.fields.iter().all(|f| f.described) || meta.fields.is_empty() {
        report.add("L3-08", None, None, "a column has neither title nor description", "説明のない項目がある");
    }
    if !meta.versioned {
        report.add("L3-08", None, None, "the package says no version and no day", "版や更新日が書かれていない");
    }
    let (encoding, bom) = (report.file.encoding, report.file.bom);
    let Some(declared) = meta.encoding.map(|e| e.to_lowercase()) else {
        report.add("L3-08", None, None, "encoding and BOM are not declared", "文字コードとBOMの有無が書かれていない");
        return;
    };
    let same = declared == encoding || encoding == "cp932" && matches!(declared.as_str(), "shift_jis" | "sjis" | "windows-31j");
    if !(same && !bom || declared == "utf-8-sig" && bom) {
        let bom = if bom { " with BOM" } else { "" };
        report.add(
            "L3-08",
            None,
            None,
            format!("declared as {declared}, and is {encoding}{bom}"),
            format!("文字コードの宣言は{declared}だが、実際は{encoding}{bom}"),
        );
    }
}
