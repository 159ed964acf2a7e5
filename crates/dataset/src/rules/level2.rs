//! Level 2: values, names and codes.

use super::columns::{ColumnView, columns, folded, is_blank, is_plain_number, share, unit_of};
use super::{Report, shown};
use std::collections::BTreeSet;

pub(super) fn check(report: &mut Report<'_>) {
    let columns = columns(report.file);
    for column in &columns {
        units_in_values(report, column);
        full_names(report, column);
        code_list_is_there(report, column);
        codes_are_listed(report, column);
        dates(report, column);
    }
    header_levels(report, &columns);
}

/// L2-01.
fn units_in_values(report: &mut Report<'_>, column: &ColumnView<'_>) {
    if !column.numeric {
        return;
    }
    for (line, value) in &column.values {
        if let Some(unit) = unit_of(value).filter(|u| !matches!(u.as_str(), "年" | "年度" | "月" | "日")) {
            report.add("L2-01", Some(*line), Some(column.index), format!("{} holds the unit {unit}", shown(value)));
        }
    }
}

/// L2-02: the second line still names columns: words where the lines below it have numbers, or the upper name left blank over a lower one.
fn header_levels(report: &mut Report<'_>, columns: &[ColumnView<'_>]) {
    let Some(second) = report.file.rows().first() else { return };
    let plain = |v: &str| is_plain_number(&folded(v).replace(',', ""));
    let numeric = |c: &&ColumnView<'_>| {
        let below: Vec<(u64, &str)> = c.values.iter().filter(|(l, _)| *l != second.line).copied().collect();
        below.len() >= 2 && share(&below, plain) > 0.9
    };
    let numeric: Vec<&ColumnView<'_>> = columns.iter().filter(numeric).collect();
    let is_word = |c: &&&ColumnView<'_>| {
        let above = second.fields.get(c.index).map_or("", |f| f.text.trim_matches(is_blank));
        above.chars().count() > 1 && !folded(above).chars().any(|c| c.is_ascii_digit())
    };
    // One odd cell is an odd cell; words in half of the columns of numbers are a header.
    let words = numeric.iter().filter(is_word).count();
    if words > 0 && 2 * words >= numeric.len() {
        report.add("L2-02", Some(second.line), None, "the header goes on in a second row");
    }
}

/// L2-03.
fn full_names(report: &mut Report<'_>, column: &ColumnView<'_>) {
    const SHORT: [&str; 12] = ["計", "〃", "同左", "同上", "他", "備", "A", "B", "C", "x", "y", "col"];
    let name = folded(column.name.trim_matches(is_blank));
    let era = name.len() > 1 && name.starts_with(['H', 'R', 'S']) && name[1..].chars().all(|c| c.is_ascii_digit() || c == '元');
    let made_up =
        ["Unnamed:", "Column", "列"].iter().any(|p| name.strip_prefix(p).is_some_and(|r| r.trim().chars().all(|c| c.is_ascii_digit())));
    if SHORT.contains(&name.as_str()) || era || made_up {
        report.add("L2-03", Some(1), Some(column.index), format!("{} is no full name", shown(column.name)));
    }
}

/// L2-04: a column that repeats a few short words is a category and needs its list.
fn code_list_is_there(report: &mut Report<'_>, column: &ColumnView<'_>) {
    let kind = report.file.field(column.index).and_then(|f| f.content.clone());
    let listed = report.file.listed(column.index).is_some();
    if listed || column.numeric || kind.as_deref().is_some_and(|k| k != "code") {
        return;
    }
    let distinct: BTreeSet<&str> = column.values.iter().map(|(_, v)| *v).collect();
    let few = distinct.len() >= 2 && distinct.len() <= 12 && column.values.len() >= 4 * distinct.len();
    let short = distinct.iter().all(|v| v.chars().count() <= 10) && !column.values.iter().any(|(_, v)| is_date_like(v));
    // A public code system (area codes) is a list that everyone has.
    let public =
        ["lg_code", "area_code"].contains(&column.name) || distinct.iter().all(|v| v.len() >= 5 && v.bytes().all(|b| b.is_ascii_digit()));
    if few && short && !public {
        report.add(
            "L2-04",
            Some(1),
            Some(column.index),
            format!("{} repeats {} words and has no code list", shown(column.name), distinct.len()),
        );
    }
}

/// L2-05.
fn codes_are_listed(report: &mut Report<'_>, column: &ColumnView<'_>) {
    let Some(listed) = report.file.listed(column.index).cloned() else { return };
    for (line, value) in column.values.iter().filter(|(_, v)| !listed.contains(*v)) {
        report.add("L2-05", Some(*line), Some(column.index), format!("{} is not in the code list", shown(value)));
    }
}

/// L2-06: a date in another notation, or two dates in one cell.
fn dates(report: &mut Report<'_>, column: &ColumnView<'_>) {
    let declared = report.file.field(column.index).is_some_and(|f| f.kind == "date");
    let id = report.file.field(column.index).is_some_and(|f| f.content.as_deref() == Some("id"));
    let is_dates = declared || !column.free && !id && share(&column.values, is_date_like) > 0.5;
    for (line, value) in column.values.iter().filter(|(_, v)| is_dates && !is_iso_day(v)) {
        report.add("L2-06", Some(*line), Some(column.index), format!("{} is no YYYY-MM-DD", shown(value)));
    }
}

/// Year, month and day with any separators, era years too, or a span of such.
fn is_date_like(value: &str) -> bool {
    let folded = folded(value);
    let body = folded.trim_start_matches(|c: char| "令和平成昭元RHS. ".contains(c));
    let numbers: Vec<&str> = body.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
    let separated = body.contains(['/', '-', '.', '月']) && body.chars().all(|c| c.is_ascii_digit() || "/-.年月日～〜 ".contains(c));
    let year = numbers.first().is_some_and(|n| n.len() == 4 || body.len() < folded.len() && n.len() <= 2);
    separated && year && numbers.len() >= 3 && numbers[1..].iter().all(|n| n.len() <= 4)
}

fn is_iso_day(value: &str) -> bool {
    let parts: Vec<&str> = value.split('-').collect();
    let number = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
    let [y, m, d] = parts[..] else { return false };
    number(y, 4) && number(m, 2) && number(d, 2) && ("01"..="12").contains(&m) && ("01"..="31").contains(&d)
}
