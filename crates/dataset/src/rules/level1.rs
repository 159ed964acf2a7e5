//! Level 1: the table as such.

use super::columns::{ColumnView, columns, folded, is_blank, is_plain_number};
use super::table::{filled, usual_width};
use super::{Report, shown};
use crate::cell::is_cjk;

pub(super) fn check(report: &mut Report<'_>) {
    one_table(report);
    nothing_above_or_below(report);
    names_are_unique(report);
    layout_blanks(report);
    line_breaks(report);
    for column in &columns(report.file) {
        one_datum(report, column);
        platform_characters(report, column);
        missing_marks(report, column);
        shapes(report, column);
        formulas(report, column);
        omissions(report, column);
        plain_numbers(report, column);
    }
    quoting(report);
}

/// L1-02: a blank row with data after it, or the header again.
fn one_table(report: &mut Report<'_>) {
    let records = &report.file.parsed.records;
    let last = records.iter().rposition(|r| filled(r) > 0).unwrap_or(0);
    let blank: Vec<u64> = records[..last].iter().filter(|r| filled(r) == 0).map(|r| r.line).collect();
    let header = records.get(report.file.above).map(|r| &r.fields);
    let again: Vec<u64> =
        records.iter().skip(report.file.above + 1).filter(|r| Some(&r.fields) == header && r.fields.len() > 1).map(|r| r.line).collect();
    for line in blank {
        report.add("L1-02", Some(line), None, "a blank row cuts the table in two");
    }
    for line in again {
        report.add("L1-02", Some(line), None, "the header stands again: a second table starts here");
    }
}

/// L1-03 and L1-04: rows at the top or bottom with one or two filled cells where the table has many; words of notes and totals.
fn nothing_above_or_below(report: &mut Report<'_>) {
    let records = &report.file.parsed.records;
    let usual = usual_width(records);
    let mut found = Vec::new();
    for r in records.iter().take(report.file.above) {
        found.push(("L1-03", r.line, "this row stands above the header"));
    }
    for r in records.iter().skip(1).rev().take_while(|r| is_note(r, usual)) {
        found.push(("L1-04", r.line, "a note or total stands below the data"));
    }
    for (rule, line, message) in found {
        report.add(rule, Some(line), None, message);
    }
}

fn is_note(record: &super::parse::Record, usual: usize) -> bool {
    let first = record.fields.iter().map(|f| f.text.trim_matches(is_blank)).find(|t| !t.is_empty()).unwrap_or("");
    let bare: String = first.chars().filter(|c| !is_blank(*c)).collect();
    let note = ["※", "（注", "(注", "注）", "注)", "注：", "備考", "出典", "資料："].iter().any(|p| bare.starts_with(p));
    let total = ["合計", "総計", "小計", "計", "total"].contains(&bare.to_lowercase().as_str());
    note && filled(record) <= 2 || total || usual >= 3 && filled(record) == 1
}

/// L1-05.
fn names_are_unique(report: &mut Report<'_>) {
    let names = report.file.header();
    let mut found = Vec::new();
    for (i, name) in names.iter().enumerate() {
        if name.trim_matches(is_blank).is_empty() {
            found.push((i, "a column has no name".to_owned()));
        } else if names[..i].contains(name) {
            found.push((i, format!("the name {} stands twice", shown(name))));
        }
    }
    for (i, message) in found {
        report.add("L1-05", Some(1), Some(i), message);
    }
}

/// L1-06: blanks at the ends, runs of blanks, spaced-out characters; in the header too.
fn layout_blanks(report: &mut Report<'_>) {
    let mut found = Vec::new();
    for r in &report.file.parsed.records {
        for (i, f) in r.fields.iter().enumerate().filter(|(_, f)| has_layout_blanks(&f.text)) {
            found.push((r.line, i, format!("{} has blanks for layout", shown(&f.text))));
        }
    }
    for (line, i, message) in found {
        report.add("L1-06", Some(line), Some(i), message);
    }
}

fn has_layout_blanks(text: &str) -> bool {
    let blank = |c: char| c == ' ' || c == '\u{3000}' || c == '\t';
    let run = text.chars().zip(text.chars().skip(1)).any(|(a, b)| blank(a) && blank(b));
    text.starts_with(blank) || text.ends_with(blank) || run || is_spaced_out(text)
}

/// Three or more single CJK characters with one blank between each.
fn is_spaced_out(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', '\u{3000}']).collect();
    let single = |w: &&str| w.chars().count() == 1 && w.chars().all(is_cjk);
    words.split(|w| !single(w)).any(|run| run.len() >= 3)
}

/// L1-14.
fn line_breaks(report: &mut Report<'_>) {
    let mut found = Vec::new();
    for r in &report.file.parsed.records {
        for (i, f) in r.fields.iter().enumerate().filter(|(_, f)| f.text.contains(['\n', '\r'])) {
            found.push((r.line, i, format!("{} holds a line break", shown(&f.text))));
        }
    }
    for (line, i, message) in found {
        report.add("L1-14", Some(line), Some(i), message);
    }
}

/// L1-07: several values in one cell, by list separators, by a number in brackets behind a number, or by a fraction of two numbers.
fn one_datum(report: &mut Report<'_>, column: &ColumnView<'_>) {
    if column.free {
        return;
    }
    for (line, value) in column.values.iter().filter(|(_, v)| holds_several(v)) {
        report.add("L1-07", Some(*line), Some(column.index), format!("{} holds more than one value", shown(value)));
    }
}

fn holds_several(value: &str) -> bool {
    let folded = folded(value);
    let parts: Vec<&str> = folded.split(['、', ';', '|', '\n', '・', '，']).map(str::trim).filter(|p| !p.is_empty()).collect();
    let short = parts.len() > 1
        && parts.iter().all(|p| p.chars().count() <= 12 && p.chars().filter(|c| ('\u{3041}'..='\u{309f}').contains(c)).count() <= 3);
    let katakana_dot = folded.contains('・') && parts.iter().all(|p| p.chars().all(|c| ('\u{30a1}'..='\u{30fe}').contains(&c)));
    let thousands = folded.contains('，') && is_plain_number(&folded.replace('，', ""));
    short && !katakana_dot && !thousands || number_with_bracket(&folded)
}

/// `120(65)`, `120（うち65）`, `3/5`.
fn number_with_bracket(folded: &str) -> bool {
    let starts_with_digit = folded.starts_with(|c: char| c.is_ascii_digit());
    let bracket = folded.find('(').is_some_and(|at| folded[at..].chars().any(|c| c.is_ascii_digit()) && folded.ends_with(')'));
    let fraction = folded.split('/').collect::<Vec<_>>();
    starts_with_digit && bracket || fraction.len() == 2 && fraction.iter().all(|p| is_plain_number(p.trim()))
}

/// L1-08: characters outside JIS X 0208 that look different from machine to machine: circled numbers, Roman numerals, ㈱, ㍻, half-width kana.
fn platform_characters(report: &mut Report<'_>, column: &ColumnView<'_>) {
    if let Some(c) = column.name.chars().find(|c| is_platform_dependent(*c)) {
        report.add("L1-08", Some(1), Some(column.index), format!("the column name holds `{c}`"));
    }
    if column.free {
        return;
    }
    for (line, value) in &column.values {
        if let Some(c) = value.chars().find(|c| is_platform_dependent(*c)) {
            report.add("L1-08", Some(*line), Some(column.index), format!("{} holds `{c}`", shown(value)));
        }
    }
}

fn is_platform_dependent(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{2160}'..='\u{217f}' | '\u{3200}'..='\u{33ff}' | '\u{2116}' | '\u{2121}'
        | '\u{ff61}'..='\u{ff9f}' | '\u{e000}'..='\u{f8ff}' | '\u{fffd}')
}

/// L1-09.
fn missing_marks(report: &mut Report<'_>, column: &ColumnView<'_>) {
    const MARKS: [&str; 26] = [
        "-",
        "－",
        "―",
        "—",
        "–",
        "ー",
        "−",
        "…",
        "‥",
        "・",
        "*",
        "**",
        "***",
        "×",
        "NA",
        "N/A",
        "n/a",
        "na",
        "null",
        "NULL",
        "None",
        "nan",
        "なし",
        "該当なし",
        "不明",
        "未定",
    ];
    for (line, value) in column.values.iter().filter(|(_, v)| MARKS.contains(v)) {
        // A closed list may hold such a word as a code of its own; a quotation may say 不明 or なし.
        let listed = report.file.listed(column.index).is_some_and(|l| l.contains(*value));
        let word = column.free && value.chars().all(is_cjk) && *value != "ー";
        if !listed && !word {
            report.add("L1-09", Some(*line), Some(column.index), format!("{} stands for a missing value", shown(value)));
        }
    }
}

/// L1-10: a cell that holds arrows, bars or marks and no character that could be read.
fn shapes(report: &mut Report<'_>, column: &ColumnView<'_>) {
    let shape =
        |c: char| matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{25ff}' | '\u{2794}'..='\u{27bf}' | '\u{2b00}'..='\u{2b1f}' | '〇');
    let marker_column = column.free && column.name == "marker";
    for (line, value) in column.values.iter().filter(|(_, v)| v.chars().all(|c| shape(c) || is_blank(c))) {
        let listed = report.file.listed(column.index).is_some_and(|l| l.contains(*value));
        if !marker_column && !listed && !["─", "━"].contains(value) {
            report.add("L1-10", Some(*line), Some(column.index), format!("{} is a shape, not a value", shown(value)));
        }
    }
}

/// L1-11: what a spreadsheet computes, or could not compute.
fn formulas(report: &mut Report<'_>, column: &ColumnView<'_>) {
    const ERRORS: [&str; 8] = ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "####"];
    for (line, value) in &column.values {
        let error = ERRORS.iter().any(|e| value.starts_with(e));
        let formula = value.starts_with('=') && value.len() > 1 && !column.free;
        if error || formula {
            report.add("L1-11", Some(*line), Some(column.index), format!("{} is a formula or its error", shown(value)));
        }
    }
}

/// L1-12: «as above» by a mark, or by a blank in a leading column of which later columns go on.
fn omissions(report: &mut Report<'_>, column: &ColumnView<'_>) {
    const MARKS: [&str; 9] = ["〃", "″", "”", "\"", "同上", "同じ", "同左", "々", "仝"];
    for (line, value) in column.values.iter().filter(|(_, v)| MARKS.contains(v)) {
        report.add("L1-12", Some(*line), Some(column.index), format!("{} stands for the row above", shown(value)));
    }
    let rows = report.file.rows();
    let declared_null = report.file.field(column.index).is_some();
    if column.index > 0 || declared_null || column.numeric || rows.len() < 3 {
        return;
    }
    // The first column names the parent on some rows and is blank on those below it: a merged cell that was flattened.
    let blank: Vec<u64> = rows
        .iter()
        .skip(1)
        .filter(|r| r.fields.first().is_some_and(|f| f.text.trim_matches(is_blank).is_empty()))
        .map(|r| r.line)
        .collect();
    let first_is_filled = rows.first().and_then(|r| r.fields.first()).is_some_and(|f| !f.text.trim_matches(is_blank).is_empty());
    let full: Vec<u64> = rows.iter().filter(|r| filled(r) > 1).map(|r| r.line).collect();
    for line in blank.into_iter().filter(|l| first_is_filled && full.contains(l)) {
        report.add("L1-12", Some(line), Some(column.index), "the parent's name is left out");
    }
}

/// L1-13.
fn plain_numbers(report: &mut Report<'_>, column: &ColumnView<'_>) {
    if !column.numeric {
        return;
    }
    for (line, value) in &column.values {
        let digits: String = folded(value).chars().filter(|c| c.is_ascii_digit()).collect();
        let dressed = *value != folded(value) || value.contains(',') || value.starts_with(['▲', '△', '−', '+', '¥', '￥', '約']);
        if dressed && !digits.is_empty() {
            report.add("L1-13", Some(*line), Some(column.index), format!("{} is no plain number", shown(value)));
        }
    }
}

/// L1-15.
fn quoting(report: &mut Report<'_>) {
    let faults = report.file.parsed.faults.clone();
    for (line, message) in faults {
        report.add("L1-15", Some(line), None, message);
    }
}
