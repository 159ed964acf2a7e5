//! What one document adds to a package: rows, and its part of each text file.

use crate::package::Format;
use crate::writers::{CsvStyle, rows_to_csv};
use crate::{Table, TableRows, initiatives_to_jsonl, report_to_rows, tables};
use jisseki_model::Report;
use serde::{Deserialize, Serialize};

/// What one document adds to a package of certain formats.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// Its rows; none where all formats are text.
    pub(crate) rows: TableRows,
    pub(crate) texts: Texts,
}

/// One document's part of each text file of a package, ready to be appended.
///
/// Serialized it is the head alone: counts and lengths. The body travels beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Texts {
    /// Rows of each table, in the order of [`tables`].
    counts: Vec<u64>,
    /// Bytes of each part, in the order of the package's text files.
    lens: Vec<usize>,
    /// The parts, one after the other.
    #[serde(skip)]
    body: Vec<u8>,
}

/// A text file of a package.
pub(crate) struct TextFile {
    /// Folder below the package's, empty for its own.
    pub(crate) folder: &'static str,
    pub(crate) content: TextContent,
}

/// See [`TextFile`].
pub(crate) enum TextContent {
    /// One initiative a line.
    Lines,
    /// One table.
    Csv(&'static Table, CsvStyle),
}

impl Texts {
    /// Returns the bytes that belong to the head.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
    /// Returns how many bytes belong to the head.
    pub fn body_len(&self) -> usize {
        self.lens.iter().fold(0, |sum, n| sum.saturating_add(*n))
    }
    /// Returns head and body joined again. What another process has sent need not fit: a body that is too short leaves parts short.
    pub fn with_body(self, body: Vec<u8>) -> Texts {
        Texts { body, ..self }
    }
    /// The part of the text file at `index`.
    pub(crate) fn part(&self, index: usize) -> &[u8] {
        let start = self.lens.iter().take(index).fold(0usize, |sum, n| sum.saturating_add(*n));
        let len = self.lens.get(index).copied().unwrap_or(0);
        self.body.get(start..start.saturating_add(len)).unwrap_or_default()
    }
    /// The number of rows of each table.
    pub(crate) fn counts(&self) -> &[u64] {
        &self.counts
    }
}

impl Item {
    /// Returns the part of each text file.
    pub fn into_texts(self) -> Texts {
        self.texts
    }
}

impl From<Texts> for Item {
    /// An item for a package whose formats are all text.
    fn from(texts: Texts) -> Item {
        Item { rows: TableRows::default(), texts }
    }
}

/// Returns what a report adds to a package of these formats, in which it stands under `document_id` (see [`crate::Collisions::admit`]).
pub fn report_to_item(report: &Report, document_id: &str, formats: &[Format]) -> Item {
    let rows = report_to_rows(report, document_id);
    if document_id == report.document.document_id {
        return rows_to_item(rows, report, formats);
    }
    // The lines follow the tables.
    let mut renamed = report.clone();
    let old = std::mem::replace(&mut renamed.document.document_id, document_id.to_owned());
    for record in &mut renamed.initiatives {
        record.record_id = record.record_id.replacen(&old, document_id, 1);
    }
    rows_to_item(rows, &renamed, formats)
}

/// Returns rows, and the lines of a report, as an item.
pub(crate) fn rows_to_item(rows: TableRows, report: &Report, formats: &[Format]) -> Item {
    let mut texts = Texts { counts: rows.iter().map(|(_, rows)| rows.len() as u64).collect(), ..Texts::default() };
    for file in text_files(formats) {
        let before = texts.body.len();
        match file.content {
            TextContent::Lines => texts.body.extend_from_slice(initiatives_to_jsonl(report).as_bytes()),
            TextContent::Csv(table, style) => rows_to_csv(rows.of(table.name), style, &mut texts.body),
        }
        texts.lens.push(texts.body.len() - before);
    }
    let rows = if formats.iter().all(|f| f.is_text()) { TableRows::default() } else { rows };
    Item { rows, texts }
}

/// Returns the text files of a package, in their order; a format that stands twice counts once.
pub(crate) fn text_files(formats: &[Format]) -> Vec<TextFile> {
    let csv = |folder, style| {
        let tables = tables().iter().filter(|t| t.name != "failures");
        tables.map(|t| TextFile { folder, content: TextContent::Csv(t, style) }).collect()
    };
    let of = |format| match format {
        Format::Jsonl => vec![TextFile { folder: "", content: TextContent::Lines }],
        Format::Csv => csv("", CsvStyle::Plain),
        Format::ExcelCsv => csv("excel", CsvStyle::Excel),
        Format::Parquet | Format::Sqlite | Format::Xlsx => Vec::new(),
    };
    let mut sorted = formats.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.into_iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report_from_json, report_to_json, sample};

    const TEXT: [Format; 3] = [Format::ExcelCsv, Format::Jsonl, Format::Csv];

    #[test]
    fn a_report_and_what_is_read_from_its_json_add_the_same() {
        let report = sample::report();
        let again = report_from_json(report_to_json(&report).as_bytes()).expect("a report");
        for id in [report.document.document_id.as_str(), "doc-other"] {
            assert_eq!(report_to_item(&report, id, &TEXT).texts, report_to_item(&again, id, &TEXT).texts);
        }
    }

    #[test]
    fn head_and_body_come_together_again() {
        let texts = report_to_item(&sample::report(), "doc-1", &TEXT).into_texts();
        let head: Texts = serde_json::from_str(&serde_json::to_string(&texts).expect("writes")).expect("reads");
        assert!(head.body().is_empty());
        assert_eq!(head.body_len(), texts.body().len());
        let all: Vec<u8> = (0..text_files(&TEXT).len()).flat_map(|i| texts.part(i).to_vec()).collect();
        assert_eq!(all, texts.body());
        assert_eq!(head.with_body(all), texts);
    }

    #[test]
    fn a_body_that_is_too_short_gives_short_parts() {
        let texts = Texts { counts: vec![], lens: vec![2, usize::MAX], body: b"abc".to_vec() };
        assert_eq!((texts.part(0), texts.part(1), texts.part(9)), (&b"ab"[..], &b""[..], &b""[..]));
    }
}
