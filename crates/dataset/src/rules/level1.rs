//! Level 1, the table as such: L1-01 to L1-06, L1-12, L1-14 and L1-15.

use super::columns::{ColumnView, columns, folded, is_blank, is_plain_number, share};
use super::table::filled;
use super::{Report, shown};
use crate::cell::is_cjk;

/// A column without a name of whose rows at most so many are filled is a memo beside the table, no column. Picked by looking at shared CSVs.
const MEMO_SHARE: f64 = 0.2;

pub(super) fn check(report: &mut Report<'_>) {
    let columns = columns(report.file);
    separator(report);
    pieces(report);
    notes(report);
    names(report, &columns);
    layout_blanks(report, &columns);
    line_breaks(report);
    quoting(report);
}

/// L1-01: what is called CSV has commas. A file that is no text has lost all rules before.
fn separator(report: &mut Report<'_>) {
    let what = match report.file.separator {
        '\t' if !report.file.name.to_lowercase().ends_with(".tsv") => ("tabs", "タブ"),
        ';' => ("semicolons", "セミコロン"),
        _ => return,
    };
    report.add(
        "L1-01",
        Some(1),
        None,
        format!("the fields are separated by {}, not by commas", what.0),
        format!("区切りがカンマでなく{}である", what.1),
    );
}

/// L1-02 and L1-03: blank rows within the data, before a new header or not; the header again; blank columns.
fn pieces(report: &mut Report<'_>) {
    let file = report.file;
    let rows = file.rows();
    for (i, row) in rows.iter().enumerate().filter(|(_, r)| filled(r) == 0) {
        let after = rows[i..].iter().find(|r| filled(r) > 0);
        let starts_table = rows[i..].iter().filter(|r| filled(r) > 0).take(2).any(|r| super::table::is_header_like(r, rows));
        match after {
            Some(_) if starts_table => {
                report.add("L1-02", Some(row.line), None, "a second table starts below this blank row", "この空白行の下から別の表が始まる")
            }
            _ => report.add("L1-03", Some(row.line), None, "a blank row cuts the data in two", "空白行でデータが分断されている"),
        }
    }
    for row in rows.iter().filter(|r| r.fields.len() > 1 && r.fields.iter().map(|f| &f.text).eq(file.header())) {
        report.add(
            "L1-02",
            Some(row.line),
            None,
            "the header stands again: a second table starts here",
            "項目名行が再び現れる（別の表が始まる）",
        );
    }
    for row in file.notes().iter().filter(|r| filled(r) == 0 && r.fields.len() > 1) {
        report.add("L1-03", Some(row.line), None, "a blank row stands below the data", "データの下に空白行がある");
    }
    let width = rows.iter().map(|r| r.fields.len()).max().unwrap_or(0).max(file.header().len());
    let blank = |i: usize| rows.iter().all(|r| r.fields.get(i).is_none_or(|f| f.text.trim_matches(is_blank).is_empty()));
    let usual = |i: usize| file.header().len() > i || 2 * rows.iter().filter(|r| r.fields.len() > i).count() > rows.len();
    for i in (0..width).filter(|i| is_unnamed(file.header().get(*i)) && blank(*i) && usual(*i)) {
        report.add("L1-03", Some(1), Some(i), "a blank column", "空白列がある");
    }
}

fn is_unnamed(name: Option<&String>) -> bool {
    name.is_none_or(|n| n.trim_matches(is_blank).is_empty())
}

/// L1-04: notes below the data or above the header.
fn notes(report: &mut Report<'_>) {
    let file = report.file;
    for r in file.notes().iter().filter(|r| filled(r) > 0) {
        report.add("L1-04", Some(r.line), None, "a note stands below the data", "データの下に注記がある");
    }
    for r in file.parsed.records.iter().take(file.above).filter(|r| super::table::is_note(r, 0)) {
        report.add("L1-04", Some(r.line), None, "a note stands above the header", "項目名行の上に注記がある");
    }
}

/// L1-04, L1-05 and L1-12: columns without a name are memos, merged headings or nameless; and names that say nothing.
fn names(report: &mut Report<'_>, columns: &[ColumnView<'_>]) {
    let file = report.file;
    let rows = file.rows().len().max(1) as f64;
    let second = heading_goes_on(file, columns);
    for column in columns.iter().filter(|c| !c.values.is_empty() || !c.folded_name().is_empty()) {
        let at = Some(column.index);
        let name = column.folded_name();
        if name.is_empty() && second && column.index > 0 {
            report.add(
                "L1-12",
                Some(1),
                at,
                "the name stands over several columns: a merged heading",
                "項目名のセルが複数の列にまたがって結合されている",
            );
        } else if name.is_empty() && (column.values.len() as f64) <= MEMO_SHARE * rows && rows >= 5.0 {
            let line = column.values.first().map(|v| v.0);
            report.add("L1-04", line, at, "a memo stands beside the data", "データの横にメモがある");
        } else if name.is_empty() {
            report.add("L1-05", Some(1), at, "a column has no name", "項目名のない列がある");
        } else if says_nothing(&name) {
            let name = shown(column.name);
            report.add(
                "L1-05",
                Some(1),
                at,
                format!("the name {name} does not say what the column holds"),
                format!("項目名{name}から内容が推測できない"),
            );
        }
    }
    let data = columns.iter().filter(|c| is_plain_number(c.name.trim()) && !super::columns::has_western_year(c.name));
    if let (true, Some(first)) = (2 * data.clone().count() > columns.len(), data.clone().next()) {
        report.add("L1-05", Some(1), Some(first.index), "line 1 holds data, no names", "1行目に項目名がなくデータが入っている");
    }
}

/// Tells whether the first row goes on with the names: words in at least half of the columns that hold numbers below.
pub(super) fn heading_goes_on(file: &super::table::TableFile, columns: &[ColumnView<'_>]) -> bool {
    let Some(second) = file.rows().first() else { return false };
    let numeric = |c: &&ColumnView<'_>| {
        let below: Vec<(u64, &str)> = c.values.iter().filter(|(l, _)| *l != second.line).copied().collect();
        below.len() >= 2 && share(&below, |v| is_plain_number(&folded(v).replace(',', ""))) > 0.9
    };
    let numeric: Vec<&ColumnView<'_>> = columns.iter().filter(numeric).collect();
    // One odd cell is an odd cell; words in half of the columns of numbers are a header.
    let words = numeric.iter().filter(|c| is_under_heading(file, c)).count();
    words > 0 && 2 * words >= numeric.len()
}

fn is_under_heading(file: &super::table::TableFile, column: &ColumnView<'_>) -> bool {
    let above = file.rows().first().and_then(|r| r.fields.get(column.index)).map_or("", |f| f.text.trim_matches(is_blank));
    let word = above.chars().count() > 1 && !super::columns::is_sign(above) && above.chars().any(char::is_alphabetic);
    word && (!folded(above).chars().any(|c| c.is_ascii_digit()) || super::columns::has_era_year(above))
}

/// `列1`, `Unnamed: 0`, `Column2`, `Field3`, a lone sign or letter but the coordinates.
fn says_nothing(name: &str) -> bool {
    let numbered = ["unnamed:", "column", "field", "col", "列", "項目", "フィールド"];
    let is_number = |r: &str| !r.is_empty() && r.bytes().all(|b| b.is_ascii_digit());
    let made_up = numbered.iter().any(|p| name.strip_prefix(p).is_some_and(|r| is_number(r.trim_matches(['_', ' ']))));
    let sign = !name.chars().any(char::is_alphanumeric);
    let letter = name.len() == 1 && name.bytes().all(|b| b.is_ascii_lowercase()) && !matches!(name, "x" | "y" | "z");
    made_up || sign || letter
}

/// L1-06: blanks at the ends, runs of blanks, spaced-out characters; in the header too. A quotation may say 平成 年 月 日.
fn layout_blanks(report: &mut Report<'_>, columns: &[ColumnView<'_>]) {
    let file = report.file;
    let quoted = |i: usize| file.field(i).is_some_and(|f| f.content.as_deref() == Some("text")) && columns.get(i).is_some_and(|c| c.free);
    for r in &file.parsed.records {
        for (i, f) in r.fields.iter().enumerate().filter(|(i, f)| has_layout_blanks(&f.text) || is_spaced_out(&f.text) && !quoted(*i)) {
            let cell = shown(&f.text);
            report.add("L1-06", Some(r.line), Some(i), format!("{cell} has blanks for layout"), format!("{cell}に体裁のための空白がある"));
        }
    }
}

fn has_layout_blanks(text: &str) -> bool {
    let blank = |c: char| c == ' ' || c == '\u{3000}' || c == '\t';
    let run = text.chars().zip(text.chars().skip(1)).any(|(a, b)| blank(a) && blank(b));
    text.starts_with(blank) || text.ends_with(blank) || run
}

/// Single CJK characters with one blank between each: three or more, or all of two (`合 計`).
fn is_spaced_out(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', '\u{3000}']).collect();
    let single = |w: &&str| w.chars().count() == 1 && w.chars().all(is_cjk);
    words.split(|w| !single(w)).any(|run| run.len() >= 3) || words.len() == 2 && words.iter().all(single)
}

/// L1-14.
fn line_breaks(report: &mut Report<'_>) {
    let file = report.file;
    for r in &file.parsed.records {
        for (i, f) in r.fields.iter().enumerate().filter(|(_, f)| f.text.contains(['\n', '\r'])) {
            let cell = shown(&f.text);
            report.add("L1-14", Some(r.line), Some(i), format!("{cell} holds a line break"), format!("{cell}の中で改行している"));
        }
    }
}

/// L1-15: faults against RFC 4180, and records with more or fewer fields than the header.
fn quoting(report: &mut Report<'_>) {
    let file = report.file;
    for (line, fault) in &file.parsed.faults {
        report.add("L1-15", Some(*line), None, fault.0, fault.1);
    }
    let width = file.header().len();
    for r in file.rows().iter().filter(|r| r.fields.len() != width && filled(r) > 0) {
        let n = r.fields.len();
        report.add(
            "L1-15",
            Some(r.line),
            None,
            format!("the record has {n} fields, the header {width}"),
            format!("項目の数が{n}で、項目名の数{width}と合わない"),
        );
    }
}
