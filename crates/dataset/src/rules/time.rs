//! L3-05 and L3-09: years, months and days in values and in names.

use super::columns::{ColumnView, columns, folded, has_era_year, has_western_year, is_blank};
use super::{Report, shown};
use std::collections::BTreeMap;

pub(super) fn check(report: &mut Report<'_>) {
    let columns = columns(report.file);
    for column in &columns {
        standard_time(report, column, &columns);
    }
    long_format(report);
}

/// L3-05: era years without the western year, and days written in more than one way.
fn standard_time(report: &mut Report<'_>, column: &ColumnView<'_>, columns: &[ColumnView<'_>]) {
    let era_alone = |v: &str| has_era_year(v) && !has_western_year(v);
    if era_alone(column.name) {
        let name = shown(column.name);
        report.add(
            "L3-05",
            Some(1),
            Some(column.index),
            format!("the name {name} holds an era year"),
            format!("項目名{name}の年が和暦だけである"),
        );
    }
    if column.free {
        return;
    }
    // The printed form may stand beside a column that gives the western year.
    let beside =
        |line: u64| columns.iter().any(|c| c.index != column.index && c.values.iter().any(|(l, v)| *l == line && is_western_year(v)));
    for (line, value) in column.values.iter().filter(|(l, v)| era_alone(v) && !beside(*l)) {
        let cell = shown(value);
        report.add(
            "L3-05",
            Some(*line),
            Some(column.index),
            format!("{cell} is an era year alone"),
            format!("{cell}は和暦だけで西暦がない"),
        );
    }
    if column.dates {
        let mut ways: BTreeMap<String, (usize, u64)> = BTreeMap::new();
        for (line, value) in column.values.iter().filter(|(_, v)| !era_alone(v)) {
            ways.entry(date_form(value)).or_insert((0, *line)).0 += 1;
        }
        let usual = ways.values().copied().max_by_key(|(n, line)| (*n, u64::MAX - line));
        for (form, (n, line)) in ways.iter().filter(|(_, w)| Some(**w) != usual) {
            let n = n.to_string();
            report.add(
                "L3-05",
                Some(*line),
                Some(column.index),
                format!("{n} days are written as {form}, the others not"),
                format!("日付の書き方が混在している（{form}が{n}件）"),
            );
        }
    }
}

fn is_western_year(v: &str) -> bool {
    let v = v.trim_end_matches(['年', '度']);
    v.len() == 4 && has_western_year(v)
}

/// A day with its digits replaced: `2019-04-01` → `9999-99-99`, `2019/4/1` and `2019/10/1` → `9999/9/9`.
fn date_form(value: &str) -> String {
    let padded = value.split(['-', '/', '.']).skip(1).all(|p| p.len() == 2);
    let mut form: String = String::new();
    for part in folded(value).split_inclusive(|c: char| !c.is_ascii_digit()) {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        form.push_str(if digits == 4 {
            "9999"
        } else if digits == 0 {
            ""
        } else if padded {
            "99"
        } else {
            "9"
        });
        form.push_str(&part[digits..]);
    }
    form
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
        report.add(
            "L3-09",
            Some(1),
            columns.first().copied(),
            format!("{n} columns differ in a year or month alone"),
            format!("{n}個の列が年や月だけ違う（横持ち）"),
        );
    }
}

/// A name with its year or month replaced by `#`; none for a name without one.
pub(super) fn name_to_pattern(name: &str) -> Option<String> {
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
