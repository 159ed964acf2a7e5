//! Level 3: tables that programs join over bodies and years.

use super::columns::{ColumnView, columns, folded, is_blank, share};
use super::{Report, shown};
use std::collections::BTreeMap;

pub(super) fn check(report: &mut Report<'_>) {
    let columns = columns(report.file);
    rectangular(report);
    lists_have_labels(report);
    for column in &columns {
        code_apart_from_label(report, column);
        unit_in_name(report, column);
        western_years(report, column);
        area_codes(report, column);
    }
    areas_have_codes(report, &columns);
    defined_format(report);
    ascii_names_and_encoding(report);
    long_format(report);
}

/// L3-01.
fn rectangular(report: &mut Report<'_>) {
    let width = report.file.header().len();
    if report.file.above > 0 {
        report.add("L3-01", Some(1), None, "line 1 is not the header");
    }
    let odd: Vec<(u64, usize)> = report.file.rows().iter().filter(|r| r.fields.len() != width).map(|r| (r.line, r.fields.len())).collect();
    for (line, n) in odd {
        report.add("L3-01", Some(line), None, format!("the record has {n} fields, the header {width}"));
    }
}

/// L3-02.
fn lists_have_labels(report: &mut Report<'_>) {
    let Some(codes) = &report.file.codes else { return };
    let has = |part: &str| codes.header.iter().any(|h| h.contains(part));
    if !(has("code") && (has("label") || has("name") || has("名称"))) && report.file.stem() == "codes" {
        report.add("L3-02", Some(1), None, "the code list has no column for the label");
    }
}

/// L3-03: a code and its label in one cell.
fn code_apart_from_label(report: &mut Report<'_>, column: &ColumnView<'_>) {
    if column.free || column.numeric {
        return;
    }
    let joined = |v: &str| {
        let folded = folded(v);
        let at = folded.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
        let rest = folded.get(at..).unwrap_or("");
        let label = rest.trim_start_matches([':', '.', '_', ' ', '-', '：', '．']);
        at > 0 && label.len() < rest.len() && label.chars().next().is_some_and(char::is_alphabetic)
    };
    if share(&column.values, joined) > 0.5 {
        let first = column.values.iter().find(|(_, v)| joined(v)).copied();
        if let Some((line, value)) = first {
            report.add("L3-03", Some(line), Some(column.index), format!("{} joins a code and its label", shown(value)));
        }
    }
}

/// L3-04: `金額（千円）`.
fn unit_in_name(report: &mut Report<'_>, column: &ColumnView<'_>) {
    const UNITS: [&str; 22] = [
        "円",
        "千円",
        "百万円",
        "億円",
        "人",
        "件",
        "%",
        "％",
        "回",
        "か所",
        "箇所",
        "ヶ所",
        "校",
        "台",
        "ha",
        "km",
        "m",
        "㎡",
        "㎞",
        "t",
        "時間",
        "日",
    ];
    let name = folded(column.name);
    let inner = name.rsplit_once('(').and_then(|(_, r)| r.strip_suffix(')')).map(|u| u.trim_start_matches("単位:").trim().to_owned());
    if inner.is_some_and(|u| UNITS.contains(&u.as_str())) {
        report.add("L3-04", Some(1), Some(column.index), format!("the name {} holds a unit", shown(column.name)));
    }
}

/// L3-05: era years in values and names.
fn western_years(report: &mut Report<'_>, column: &ColumnView<'_>) {
    if has_era_year(column.name) {
        report.add("L3-05", Some(1), Some(column.index), format!("the name {} holds an era year", shown(column.name)));
    }
    if column.free {
        return;
    }
    for (line, value) in column.values.iter().filter(|(_, v)| has_era_year(v)) {
        report.add("L3-05", Some(*line), Some(column.index), format!("{} is an era year", shown(value)));
    }
}

fn has_era_year(text: &str) -> bool {
    let folded = folded(text);
    let after_era = ["令和", "平成", "昭和", "大正", "明治"]
        .iter()
        .any(|era| folded.split(era).skip(1).any(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '元')));
    let mut chars = folded.chars();
    let letter = matches!(chars.next(), Some('R' | 'H' | 'S'));
    let rest = chars.as_str();
    let digits = rest.trim_start_matches('.').bytes().take_while(u8::is_ascii_digit).count();
    let tail = rest.trim_start_matches('.').get(digits..).unwrap_or("x");
    after_era || letter && (1..=2).contains(&digits) && (tail.is_empty() || tail.starts_with(['年', '.', '/']))
}

/// L3-06: codes of areas have their digits and their check digit.
fn area_codes(report: &mut Report<'_>, column: &ColumnView<'_>) {
    let name = folded(column.name).to_lowercase();
    let local =
        ["lg_code", "local_government_code", "団体コード", "地方公共団体コード", "全国地方公共団体コード", "自治体コード", "市町村コード"];
    let area = ["area_code", "地域コード", "標準地域コード", "都道府県コード"];
    for (line, value) in &column.values {
        let digits = value.bytes().all(|b| b.is_ascii_digit());
        let bad = if local.contains(&name.as_str()) {
            !(digits && value.len() == 6 && check_digit_holds(value))
        } else {
            area.contains(&name.as_str())
                && !(digits && (value.len() == 5 || value.len() == 2 || value.len() == 6 && check_digit_holds(value)))
        };
        if bad {
            report.add("L3-06", Some(*line), Some(column.index), format!("{} is no code of an area", shown(value)));
        }
    }
}

/// The sixth digit is 11 minus the weighted sum (weights 6 to 2) modulo 11, its last digit (全国地方公共団体コード仕様).
fn check_digit_holds(code: &str) -> bool {
    let digits: Vec<u32> = code.chars().filter_map(|c| c.to_digit(10)).collect();
    let [a, b, c, d, e, check] = digits[..] else { return false };
    let sum = a * 6 + b * 5 + c * 4 + d * 3 + e * 2;
    (11 - sum % 11) % 10 == check
}

/// L3-06: names of prefectures or municipalities without a column of codes.
fn areas_have_codes(report: &mut Report<'_>, columns: &[ColumnView<'_>]) {
    let coded = columns.iter().any(|c| {
        let name = folded(c.name).to_lowercase();
        name.contains("lg_code")
            || name.contains("area_code")
            || name.contains("団体コード")
            || name.contains("地域コード")
            || name.contains("都道府県コード")
            || name.contains("市町村コード")
    });
    let area = |v: &str| {
        v.chars().count() <= 8 && ["都", "道", "府", "県", "市", "町", "村"].iter().any(|s| v.ends_with(s)) && v.chars().count() >= 2
    };
    if coded {
        return;
    }
    for column in columns.iter().filter(|c| !c.free && c.values.len() >= 2 && share(&c.values, area) > 0.8) {
        report.add("L3-06", Some(1), Some(column.index), format!("{} names areas and no column has their codes", shown(column.name)));
    }
}

/// L3-07.
fn defined_format(report: &mut Report<'_>) {
    let Some(meta) = &report.file.meta else {
        report.add("L3-07", None, None, "no datapackage.json defines the table's format");
        return;
    };
    let declared: Vec<&str> = meta.fields.iter().map(|f| f.name.as_str()).collect();
    let same = declared.iter().eq(report.file.header().iter());
    let versioned = meta.versioned;
    if !same {
        report.add("L3-07", Some(1), None, "the header is not that of the declared format");
    }
    if !versioned {
        report.add("L3-07", None, None, "the format has no version");
    }
}

/// L3-08.
fn ascii_names_and_encoding(report: &mut Report<'_>) {
    let odd = |n: &String| {
        n.is_empty() || !n.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    let bad: Vec<usize> = report.file.header().iter().enumerate().filter(|(_, n)| odd(n)).map(|(i, _)| i).collect();
    for i in bad {
        report.add("L3-08", Some(1), Some(i), "the column name is not made of a-z, 0-9 and _");
    }
    let (encoding, bom) = (report.file.encoding, report.file.bom);
    match report.file.meta.as_ref().map(|m| m.encoding.clone()) {
        Some(Some(declared)) => {
            let declared = declared.to_lowercase();
            let same = declared == encoding || encoding == "cp932" && matches!(declared.as_str(), "shift_jis" | "sjis" | "windows-31j");
            if !(same && !bom || declared == "utf-8-sig" && bom) {
                report.add("L3-08", None, None, format!("declared as {declared}, and is {encoding}{}", if bom { " with BOM" } else { "" }));
            }
        }
        _ => report.add("L3-08", None, None, "encoding and BOM are not declared"),
    }
}

/// L3-09: two or more columns whose names differ in a year or month alone.
fn long_format(report: &mut Report<'_>) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, name) in report.file.header().iter().enumerate() {
        if let Some(pattern) = name_to_pattern(name) {
            groups.entry(pattern).or_default().push(i);
        }
    }
    for columns in groups.into_values().filter(|c| c.len() >= 2) {
        let n = columns.len();
        if let Some(first) = columns.first() {
            report.add("L3-09", Some(1), Some(*first), format!("{n} columns differ in a year or month alone"));
        }
    }
}

/// A name with its year or month replaced by `#`; none for a name without one.
fn name_to_pattern(name: &str) -> Option<String> {
    let folded = folded(name.trim_matches(is_blank)).replace('元', "1");
    let mut out = String::new();
    let mut digits = String::new();
    let mut found = false;
    for c in folded.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            let year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
            let era = ["令和", "平成", "昭和"].iter().any(|e| out.ends_with(e)) || matches!(out.as_str(), "H" | "R" | "S");
            if year || era || c == '月' || c == '年' {
                found = true;
                out.push('#');
            } else {
                out.push_str(&digits);
            }
            digits.clear();
        }
        out.push(c);
    }
    // 平成30年度 and 令和元年度 are columns of one series.
    found.then(|| ["令和", "平成", "昭和"].iter().fold(out, |o, e| o.replace(e, "")))
}
