//! CSV after RFC 4180, plain or for Excel.

use crate::{Cell, Table};

/// Which CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CsvStyle {
    /// UTF-8 without BOM, LF.
    Plain,
    /// UTF-8 with BOM, CRLF, and no cell that a spreadsheet would run.
    Excel,
}

/// Returns what stands before the first record: the columns' names.
pub(crate) fn csv_header(table: &Table, style: CsvStyle) -> Vec<u8> {
    let mut out = if style == CsvStyle::Excel { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    let names: Vec<Cell> = table.columns.iter().map(|c| Cell::exact(c.name)).collect();
    write_record(&mut out, &names, style);
    out
}

/// Appends rows as records.
pub(crate) fn rows_to_csv(rows: &[Vec<Cell>], style: CsvStyle, out: &mut Vec<u8>) {
    rows.iter().for_each(|row| write_record(out, row, style));
}

/// Returns records of text as plain CSV.
pub(crate) fn records_to_csv(records: &[Vec<String>]) -> Vec<u8> {
    let mut out = Vec::new();
    for record in records {
        let cells: Vec<Cell> = record.iter().map(|s| Cell::exact(s.as_str())).collect();
        write_record(&mut out, &cells, CsvStyle::Plain);
    }
    out
}

fn write_record(out: &mut Vec<u8>, cells: &[Cell], style: CsvStyle) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        match cell {
            Cell::Text(text) => write_field(out, text, style == CsvStyle::Excel && starts_formula(text)),
            other => other.write_to(out),
        }
    }
    out.extend_from_slice(if style == CsvStyle::Excel { b"\r\n" } else { b"\n" });
}

/// RFC 4180 §2.5–2.7: a field with a comma, quote or line break is quoted, its quotes doubled.
fn write_field(out: &mut Vec<u8>, text: &str, guard: bool) {
    let quoted = text.bytes().any(|b| matches!(b, b'"' | b',' | b'\n' | b'\r'));
    if quoted {
        out.push(b'"');
    }
    if guard {
        out.push(b'\'');
    }
    if quoted {
        out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(text.as_bytes());
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
        for (style, expected) in [(CsvStyle::Plain, plain), (CsvStyle::Excel, excel)] {
            let mut out = Vec::new();
            write_record(&mut out, cells, style);
            assert_eq!(String::from_utf8(out).expect("text"), expected);
        }
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
