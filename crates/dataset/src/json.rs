//! Reports to JSON and back, and the JSON Schema.

mod text;
mod writer;

pub(crate) use text::{to_hundredths, write_float, write_integer};

use jisseki_model::Report;
use serde::Serialize;
use std::io::{self, Write};
use writer::{Json, Setting};

/// Room that the text of a report begins with: an eight-page one takes half a megabyte, and memory that is not written to costs nothing.
const ROOM: usize = 1 << 19;
/// Room that a line of one record begins with.
const LINE_ROOM: usize = 1 << 14;

/// Returns the report as a JSON document: indented by two, boxes and spans on one line, a line feed at its end.
///
/// U+2028 and U+2029 are escaped, so that the text is a JavaScript literal too.
pub fn report_to_json(report: &Report) -> String {
    let mut text = to_string(report, Setting::Indented, ROOM);
    text.push('\n');
    text
}

/// Writes the document of [`report_to_json`] in pieces.
///
/// Errors: those of the writer.
pub fn write_report(report: &Report, out: &mut impl Write) -> io::Result<()> {
    Json::to_writer(Setting::Indented, out).write(report)
}

/// Returns the report as one line of JSON without a line feed.
pub fn report_to_json_line(report: &Report) -> String {
    to_string(report, Setting::Line, ROOM)
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
        out.push_str(&to_string(&line, Setting::Line, LINE_ROOM));
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

fn to_string(value: &impl Serialize, setting: Setting, room: usize) -> String {
    String::from_utf8(Json::to_memory(setting, room).bytes_of(value)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indented(value: &serde_json::Value) -> String {
        to_string(value, Setting::Indented, 0)
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
            assert_eq!(to_string(&value, Setting::Indented, 0), expected, "{value:e}");
        };
        for n in (-120_000i64..120_000).chain(900_000..1_100_000).chain([99_999_999_999, 123_456_789_012, 4_503_599_627_370_497]) {
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
        for text in [indented(&value), to_string(&value, Setting::Line, 0)] {
            assert!(text.contains(r#"a\u2028b\u202ec\u0000d\u0085e\"\\"#), "{text}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("valid"), value);
        }
    }

    #[test]
    fn every_unsafe_character_is_escaped_and_no_other() {
        for c in (0x20..=0x10_ffff).filter_map(char::from_u32).filter(|c| !matches!(c, '"' | '\\')) {
            let expected = if text::is_escaped(c) { format!("\"a\\u{:04x}あ\"", u32::from(c)) } else { format!("\"a{c}あ\"") };
            assert_eq!(to_string(&format!("a{c}あ"), Setting::Line, 0), expected);
        }
    }

    /// Takes so many pieces, then refuses.
    struct Pieces(Vec<Vec<u8>>, usize);

    impl Write for Pieces {
        fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
            if self.0.len() == self.1 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.0.push(piece.to_vec());
            Ok(piece.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_report_is_written_in_pieces_until_there_is_no_room() {
        let warning = jisseki_model::Warning::new("segment/no-title", "一二三\n".repeat(40));
        let report = Report { warnings: vec![warning; 1_000], ..Report::default() };
        let mut out = Pieces(vec![], usize::MAX);
        write_report(&report, &mut out).expect("writes");
        assert!(out.0.len() > 5 && out.0.iter().all(|p| p.len() < 80_000));
        assert_eq!(String::from_utf8(out.0.concat()).expect("UTF-8"), report_to_json(&report));
        let mut full = Pieces(vec![], 2);
        assert_eq!(write_report(&report, &mut full).map_err(|e| e.kind()), Err(io::ErrorKind::StorageFull));
        assert_eq!(full.0, out.0[..2]);
    }

    #[test]
    fn what_no_report_holds_is_refused() {
        assert_eq!(to_string(&std::collections::BTreeMap::from([(1, 2)]), Setting::Line, 0), "");
        assert_eq!(to_string(&Ok::<u8, u8>(1), Setting::Line, 0), "");
        assert_eq!(
            to_string(&(u64::MAX, i64::MIN, None::<u8>, 'あ', true), Setting::Line, 0),
            "[18446744073709551615,-9223372036854775808,null,\"あ\",true]"
        );
    }

    #[test]
    fn a_report_comes_back_from_its_json() {
        let report = Report { schema_version: "1.0".into(), ..Report::default() };
        assert_eq!(report_from_json(report_to_json(&report).as_bytes()).expect("parses"), report);
        assert_eq!(report_from_json(report_to_json_line(&report).as_bytes()).expect("parses"), report);
    }
}
