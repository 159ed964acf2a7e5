//! L3-06: areas by their code or official name.

use super::columns::{ColumnView, columns, is_blank, share};
use super::{Report, shown};
use crate::cell::is_cjk;
use crate::prefectures::{PREFECTURES, check_digit};

pub(super) fn check(report: &mut Report<'_>) {
    let columns = columns(report.file);
    let coded = columns.iter().any(|c| is_code_column(c) && !c.values.is_empty());
    for column in &columns {
        area_codes(report, column);
        if !coded {
            official_names(report, column);
        }
    }
}

const LOCAL: [&str; 7] =
    ["lg_code", "local_government_code", "団体コード", "地方公共団体コード", "自治体コード", "市町村コード", "市区町村コード"];
const AREA: [&str; 5] = ["area_code", "地域コード", "標準地域コード", "都道府県コード", "pref_code"];

fn is_code_column(column: &ColumnView<'_>) -> bool {
    column.is_named(&LOCAL) || column.is_named(&AREA)
}

/// Codes of areas have their digits and their check digit.
fn area_codes(report: &mut Report<'_>, column: &ColumnView<'_>) {
    if !is_code_column(column) {
        return;
    }
    for (line, value) in &column.values {
        let digits = value.bytes().all(|b| b.is_ascii_digit());
        // A city's code without its prefecture has three digits, the standard area code five, the code of a body six.
        let good = match value.len() {
            6 => check_digit_holds(value),
            5 => true,
            3 => column.is_named(&["市町村コード", "市区町村コード"]),
            2 => !column.is_named(&LOCAL),
            _ => false,
        };
        if !(digits && good) {
            let cell = shown(value);
            report.add(
                "L3-06",
                Some(*line),
                Some(column.index),
                format!("{cell} is no code of an area"),
                format!("{cell}は地域コードでない"),
            );
        }
    }
}

fn check_digit_holds(code: &str) -> bool {
    code.split_at_checked(5).is_some_and(|(five, check)| check_digit(five).is_some_and(|c| check == c.to_string()))
}

/// 三重 for 三重県. 北海道 has no short form, since 北海 is none.
fn is_short_name(name: &str) -> bool {
    PREFECTURES.iter().skip(1).any(|p| p.strip_prefix(name).is_some_and(|rest| rest.chars().count() == 1))
}

/// Where no column has codes, names are whole: 三重県, not 三重; 津市, not 津 in a column of municipalities.
fn official_names(report: &mut Report<'_>, column: &ColumnView<'_>) {
    let prefectures = column.is_named(&["都道府県", "prefecture"]) || share(&column.values, is_short_name) > 0.6;
    let municipalities =
        ["市区町村", "市区町村名", "市町村", "市町村名", "区市町村", "区市町村名"].contains(&column.folded_name().as_str());
    for (line, value) in &column.values {
        let name: String = value.chars().filter(|c| !is_blank(*c)).collect();
        let short = prefectures && is_short_name(&name);
        let cut = municipalities
            && name.chars().all(is_cjk)
            && !name.ends_with(['市', '区', '町', '村', '県', '都', '府', '道', '計', '数', '他', '国', '域', '体', '明']);
        if short || cut {
            let cell = shown(value);
            report.add(
                "L3-06",
                Some(*line),
                Some(column.index),
                format!("{cell} is not the official name of an area"),
                format!("{cell}は正式な地域名称でない"),
            );
        }
    }
}
