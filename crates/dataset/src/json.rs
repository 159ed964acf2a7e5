//! Reports to JSON and back, and the JSON Schema.

use jisseki_model::Report;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use std::io::{self, Write};

/// Returns the report as a JSON document: indented by two, boxes and spans on one line, a line feed at its end.
///
/// U+2028 and U+2029 are escaped, so that the text is a JavaScript literal too.
pub fn report_to_json(report: &Report) -> String {
    let mut text = to_string(report, Indented::default());
    text.push('\n');
    text
}

/// Writes the document of [`report_to_json`]; its text is not looked through for UTF-8, which it is.
///
/// Errors: those of the writer.
pub fn write_report(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let mut json = to_bytes(report, Indented::default());
    json.push(b'\n');
    out.write_all(&json)
}

/// Returns the report as one line of JSON without a line feed.
pub fn report_to_json_line(report: &Report) -> String {
    to_string(report, CompactFormatter)
}

/// Returns the report that a JSON document holds.
///
/// Errors: the text is no report of this contract; the message names line and column.
pub fn report_from_json(text: &[u8]) -> Result<Report, serde_json::Error> {
    serde_json::from_slice(text)
}

/// Returns one line of JSON for each initiative, with the keys of its document in front.
pub fn initiatives_to_jsonl(report: &Report) -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        document_id: &'a str,
        fiscal_year: Option<i32>,
        source_sha256: &'a str,
        #[serde(flatten)]
        initiative: &'a jisseki_model::Initiative,
    }
    let document = &report.document;
    let mut out = String::new();
    for initiative in &report.initiatives {
        let fiscal_year = document.fiscal_year.as_ref().map(|y| y.year);
        let line = Line { document_id: &document.document_id, fiscal_year, source_sha256: &document.source.sha256, initiative };
        out.push_str(&to_string(&line, CompactFormatter));
        out.push('\n');
    }
    out
}

/// Returns the JSON Schema of a report, with Japanese titles.
pub fn report_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Report).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("$id".into(), format!("urn:jisseki:report:{}", jisseki_model::SCHEMA_VERSION).into());
    }
    schema
}

fn to_string(value: &impl Serialize, formatter: impl Formatter) -> String {
    String::from_utf8(to_bytes(value, formatter)).unwrap_or_default()
}

fn to_bytes(value: &impl Serialize, formatter: impl Formatter) -> Vec<u8> {
    let mut json = Vec::with_capacity(1 << 16);
    // Writing to memory and keys that are strings: neither can fail, and a report holds nothing else.
    if value.serialize(&mut Serializer::with_formatter(&mut json, formatter)).is_err() {
        json.clear();
    }
    inert(json)
}

/// Returns JSON with U+2028, U+2029 and characters that turn the reading direction escaped: inert in a script and in a terminal.
///
/// They can stand in strings only, where an escape means the same; nearly all reports hold none, and one look over the whole is enough.
fn inert(json: Vec<u8>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut from = 0;
    for at in memchr::memchr3_iter(0x7f, 0xc2, 0xe2, &json) {
        let Some(c) = json.get(at..).and_then(first_char).filter(|c| is_unsafe(*c)) else { continue };
        out.extend_from_slice(json.get(from..at).unwrap_or_default());
        out.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
        from = at + c.len_utf8();
    }
    if from == 0 {
        return json;
    }
    out.extend_from_slice(json.get(from..).unwrap_or_default());
    out
}

/// The first character of UTF-8.
fn first_char(bytes: &[u8]) -> Option<char> {
    bytes.get(..bytes.len().min(4))?.utf8_chunks().next()?.valid().chars().next()
}

/// Their first bytes in UTF-8 are 7F, C2 and E2.
fn is_unsafe(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Indentation by two blanks in which an array of numbers stays on its line.
#[derive(Default)]
struct Indented {
    depth: usize,
    has_value: bool,
    /// A line break that is due before the next value unless that is a number in an array.
    pending: bool,
    inline: bool,
}

/// A comma, a line break and blanks: what stands before nearly each key is one piece of it.
const BREAK: &[u8; 64] = b",\n                                                              ";

impl Indented {
    fn flush<W: Write + ?Sized>(&mut self, w: &mut W) -> io::Result<()> {
        if std::mem::take(&mut self.pending) {
            self.line(w)?;
        }
        Ok(())
    }
    fn line<W: Write + ?Sized>(&self, w: &mut W) -> io::Result<()> {
        match BREAK.get(1..2 + 2 * self.depth) {
            Some(line) => w.write_all(line),
            None => {
                w.write_all(b"\n")?;
                (0..self.depth).try_for_each(|_| w.write_all(b"  "))
            }
        }
    }
    fn number<W: Write + ?Sized>(&mut self, w: &mut W) -> io::Result<()> {
        if std::mem::take(&mut self.pending) {
            if self.has_value {
                w.write_all(b" ")?;
            }
            self.inline = true;
        }
        let _ = w;
        Ok(())
    }
}

impl Formatter for Indented {
    fn begin_array<W: Write + ?Sized>(&mut self, w: &mut W) -> io::Result<()> {
        self.flush(w)?;
        self.depth += 1;
        self.has_value = false;
        self.inline = false;
        w.write_all(b"[")
    }
    fn end_array<W: Write + ?Sized>(&mut self, w: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.has_value && !self.inline {
            self.line(w)?;
        }
        self.inline = false;
        self.has_value = true;
        w.write_all(b"]")
    }
    fn begin_array_value<W: Write + ?Sized>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        self.has_value = !first;
        self.pending = true;
        if first { Ok(()) } else { w.write_all(b",") }
    }
    fn end_array_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
    fn begin_object<W: Write + ?Sized>(&mut self, w: &mut W) -> io::Result<()> {
        self.flush(w)?;
        self.depth += 1;
        self.has_value = false;
        w.write_all(b"{")
    }
    fn end_object<W: Write + ?Sized>(&mut self, w: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.has_value {
            self.line(w)?;
        }
        self.has_value = true;
        self.inline = false;
        w.write_all(b"}")
    }
    fn begin_object_key<W: Write + ?Sized>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        match BREAK.get(usize::from(first)..2 + 2 * self.depth) {
            Some(line) => w.write_all(line),
            None if first => self.line(w),
            None => {
                w.write_all(b",")?;
                self.line(w)
            }
        }
    }
    fn begin_object_value<W: Write + ?Sized>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(b": ")
    }
    fn end_object_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
    fn begin_string<W: Write + ?Sized>(&mut self, w: &mut W) -> io::Result<()> {
        self.flush(w)?;
        w.write_all(b"\"")
    }
    fn write_null<W: Write + ?Sized>(&mut self, w: &mut W) -> io::Result<()> {
        self.flush(w)?;
        CompactFormatter.write_null(w)
    }
    fn write_bool<W: Write + ?Sized>(&mut self, w: &mut W, value: bool) -> io::Result<()> {
        self.flush(w)?;
        CompactFormatter.write_bool(w, value)
    }
    fn write_f64<W: Write + ?Sized>(&mut self, w: &mut W, value: f64) -> io::Result<()> {
        self.number(w)?;
        match to_hundredths(value) {
            Some(n) => write_hundredths(w, n),
            None => CompactFormatter.write_f64(w, value),
        }
    }
    fn write_i32<W: Write + ?Sized>(&mut self, w: &mut W, value: i32) -> io::Result<()> {
        self.number(w)?;
        CompactFormatter.write_i32(w, value)
    }
    fn write_i64<W: Write + ?Sized>(&mut self, w: &mut W, value: i64) -> io::Result<()> {
        self.number(w)?;
        CompactFormatter.write_i64(w, value)
    }
    fn write_u32<W: Write + ?Sized>(&mut self, w: &mut W, value: u32) -> io::Result<()> {
        self.number(w)?;
        CompactFormatter.write_u32(w, value)
    }
    fn write_u64<W: Write + ?Sized>(&mut self, w: &mut W, value: u64) -> io::Result<()> {
        self.number(w)?;
        CompactFormatter.write_u64(w, value)
    }
}

/// Returns a number as hundredths where it is that many. Nearly all are: coordinates are rounded so.
pub(crate) fn to_hundredths(value: f64) -> Option<i64> {
    let n = (value * 100.0 + 0.5f64.copysign(value)) as i64;
    let same = n as f64 / 100.0 == value && (n != 0 || value.is_sign_positive());
    (same && n.unsigned_abs() < MAX_HUNDREDTHS).then_some(n)
}

/// Below it no shorter decimal is the same number.
const MAX_HUNDREDTHS: u64 = 1_000_000_000_000;

/// Writes a number given in hundredths, with one decimal at least: what the shortest form of the float is, for a fifth of its cost.
pub(crate) fn write_hundredths<W: Write + ?Sized>(w: &mut W, n: i64) -> io::Result<()> {
    let mut text = [0; 24];
    let mut at = text.len();
    let mut put = |byte: u8| {
        at -= 1;
        text[at] = byte;
    };
    let digit = |value: u64| b'0' + (value % 10) as u8;
    let (mut whole, cents) = (n.unsigned_abs() / 100, n.unsigned_abs() % 100);
    if cents % 10 != 0 {
        put(digit(cents));
    }
    put(digit(cents / 10));
    put(b'.');
    loop {
        put(digit(whole));
        whole /= 10;
        if whole == 0 {
            break;
        }
    }
    if n < 0 {
        put(b'-');
    }
    w.write_all(text.get(at..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indented(value: &serde_json::Value) -> String {
        to_string(value, Indented::default())
    }

    #[test]
    fn boxes_stay_on_a_line_and_all_else_is_indented() {
        let value =
            serde_json::json!({"a": {"bbox": [1, 2.5, 3, 4]}, "b": [], "c": {}, "d": ["x", [1], null, {"e": true}], "f": [[0, 1], [2]]});
        let text = indented(&value);
        let expected = "{\n  \"a\": {\n    \"bbox\": [1, 2.5, 3, 4]\n  },\n  \"b\": [],\n  \"c\": {},\n  \"d\": [\n    \"x\",\n    [1],\n    null,\n    {\n      \
             \"e\": true\n    }\n  ],\n  \"f\": [\n    [0, 1],\n    [2]\n  ]\n}";
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("valid"), value);
    }

    #[test]
    fn numbers_are_written_in_their_shortest_form() {
        let check = |value: f64| {
            let expected = serde_json::to_string(&value).expect("writes");
            assert_eq!(to_string(&value, Indented::default()), expected, "{value:e}");
        };
        for n in (-120_000i64..120_000).chain([99_999_999_999, 123_456_789_012, 4_503_599_627_370_497]) {
            check(n as f64 / 100.0);
            check(n as f64 / 1000.0);
        }
        for value in [0.0, -0.0, -0.004, 0.1 + 0.2, 1e15, 1e16, -1e300, 5e-324, f64::MAX, f64::NAN, f64::INFINITY, 1.0 / 3.0] {
            check(value);
        }
    }

    #[test]
    fn line_separators_controls_and_bidi_are_escaped() {
        let value = serde_json::json!({"k": "a\u{2028}b\u{202e}c\0d\u{85}e\"\\"});
        for text in [indented(&value), to_string(&value, CompactFormatter)] {
            assert!(text.contains(r#"a\u2028b\u202ec\u0000d\u0085e\"\\"#), "{text}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("valid"), value);
        }
    }

    #[test]
    fn every_unsafe_character_is_escaped_and_no_other() {
        for c in (0x20..=0x10_ffff).filter_map(char::from_u32).filter(|c| !matches!(c, '"' | '\\')) {
            let expected = if is_unsafe(c) { format!("\"a\\u{:04x}あ\"", u32::from(c)) } else { format!("\"a{c}あ\"") };
            assert_eq!(to_string(&format!("a{c}あ"), CompactFormatter), expected);
        }
    }

    #[test]
    fn a_report_comes_back_from_its_json() {
        let report = Report { schema_version: "1.0".into(), ..Report::default() };
        assert_eq!(report_from_json(report_to_json(&report).as_bytes()).expect("parses"), report);
        assert_eq!(report_from_json(report_to_json_line(&report).as_bytes()).expect("parses"), report);
    }
}
