//! CSV after RFC 4180, plain or for Excel.

use super::{Item, Sink, Staged, staged::StagedWriter};
use crate::{Cell, Table, WriteError};
use std::path::Path;

/// Which CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CsvStyle {
    /// UTF-8 without BOM, LF.
    Plain,
    /// UTF-8 with BOM, CRLF, and no cell that a spreadsheet would run.
    Excel,
}

pub(crate) struct CsvSink {
    table: &'static Table,
    style: CsvStyle,
    file: Option<StagedWriter>,
    buffer: String,
}

impl CsvSink {
    pub(crate) fn create(table: &'static Table, path: &Path, tag: &str, style: CsvStyle) -> Result<CsvSink, WriteError> {
        let mut sink = CsvSink { table, style, file: Some(Staged::create(path, tag)?), buffer: String::new() };
        if style == CsvStyle::Excel {
            sink.buffer.push('\u{feff}');
        }
        let names: Vec<Cell> = table.columns.iter().map(|c| Cell::exact(c.name)).collect();
        write_record(&mut sink.buffer, &names, style);
        Ok(sink)
    }
    fn flush(&mut self) -> Result<(), WriteError> {
        let buffer = std::mem::take(&mut self.buffer);
        self.file.as_mut().map_or(Ok(()), |f| f.write(buffer.as_bytes()))
    }
}

impl Sink for CsvSink {
    fn add(&mut self, items: &[Item]) -> Result<(), WriteError> {
        for row in items.iter().flat_map(|i| i.rows.of(self.table.name)) {
            write_record(&mut self.buffer, row, self.style);
        }
        self.flush()
    }
    fn finish(&mut self) -> Result<Vec<Staged>, WriteError> {
        self.flush()?;
        self.file.take().map_or(Ok(Vec::new()), |f| f.finish().map(|s| vec![s]))
    }
}

/// Returns records of text as plain CSV.
pub(crate) fn records_to_csv(records: &[Vec<String>]) -> String {
    let mut out = String::new();
    for record in records {
        let cells: Vec<Cell> = record.iter().map(|s| Cell::exact(s.as_str())).collect();
        write_record(&mut out, &cells, CsvStyle::Plain);
    }
    out
}

fn write_record(out: &mut String, cells: &[Cell], style: CsvStyle) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        match cell {
            Cell::Text(text) => {
                let guard = style == CsvStyle::Excel && starts_formula(text);
                write_field(out, text, guard);
            }
            other => other.write_to(out),
        }
    }
    out.push_str(if style == CsvStyle::Excel { "\r\n" } else { "\n" });
}

/// RFC 4180 §2.5–2.7: a field with a comma, quote or line break is quoted, its quotes doubled.
fn write_field(out: &mut String, text: &str, guard: bool) {
    let quoted = text.contains(['"', ',', '\n', '\r']);
    if quoted {
        out.push('"');
    }
    if guard {
        out.push('\'');
    }
    if quoted {
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

/// Tells whether a spreadsheet would take the text for a formula: `= + - @`, a tab or CR, or a full-width form, and no plain signed number.
pub(crate) fn starts_formula(text: &str) -> bool {
    let inner = text.trim_start_matches([' ', '\u{3000}']);
    let Some(first) = inner.chars().next() else { return false };
    matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠') && !is_signed_number(inner)
}

fn is_signed_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = digits.strip_suffix('%').unwrap_or(digits);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    all(whole) && all(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cells: &[Cell], plain: &str, excel: &str) {
        let mut out = String::new();
        write_record(&mut out, cells, CsvStyle::Plain);
        assert_eq!(out, plain);
        out.clear();
        write_record(&mut out, cells, CsvStyle::Excel);
        assert_eq!(out, excel);
    }

    #[test]
    fn fields_are_quoted_where_they_must() {
        check(&[Cell::exact("a"), Cell::Null, Cell::Int(-3), Cell::Real(0.5)], "a,,-3,0.5\n", "a,,-3,0.5\r\n");
        check(&[Cell::exact("a,\"b\"")], "\"a,\"\"b\"\"\"\n", "\"a,\"\"b\"\"\"\r\n");
    }

    #[test]
    fn formulas_are_guarded_in_excel_outputs_alone() {
        check(&[Cell::exact("=1+1")], "=1+1\n", "'=1+1\r\n");
        check(&[Cell::exact("＝cmd|'/c'!A1,2")], "\"＝cmd|'/c'!A1,2\"\n", "\"'＝cmd|'/c'!A1,2\"\r\n");
        check(&[Cell::exact("－")], "－\n", "'－\r\n");
        check(&[Cell::exact("@SUM(A1)")], "@SUM(A1)\n", "'@SUM(A1)\r\n");
    }

    #[test]
    fn plain_negative_numbers_and_triangles_are_no_formulas() {
        for text in ["-5", "+12.5%", "▲5", "△1,000", "a=b", "", "・=1"] {
            assert!(!starts_formula(text), "{text}");
        }
        for text in ["-5+2", "- 5", "+", "＋5", "\u{3000}=1", "-1.2.3"] {
            assert!(starts_formula(text), "{text}");
        }
    }
}
