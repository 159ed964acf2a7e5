//! Warnings: a code, one sentence, a place.

use crate::{Place, Rect};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How much a warning matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "重要度")]
pub enum Severity {
    /// Good to know; nothing is in doubt.
    Info,
    /// A value may be wrong or incomplete here.
    Warn,
    /// A part of the document could not be read.
    Error,
}

/// Something that was noticed while reading, with what was done about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "警告")]
pub struct Warning {
    /// A code of [`codes`], `area/what`.
    #[schemars(title = "コード")]
    pub code: Cow<'static, str>,
    /// Severity.
    pub severity: Severity,
    /// One sentence: what was seen and what was done.
    #[schemars(title = "説明")]
    pub message: String,
    /// Page number, from 1, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The box on that page, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<Rect>,
}

impl Warning {
    /// Returns a warning with the severity that the catalog gives its code ([`Severity::Warn`] for a code that is not in it).
    pub fn new(code: &'static str, message: impl Into<String>) -> Warning {
        let severity = code_named(code).map_or(Severity::Warn, |c| c.severity);
        Warning { code: Cow::Borrowed(code), severity, message: message.into(), page: None, bbox: None }
    }
    /// Returns the same warning about a page.
    #[must_use]
    pub fn on_page(mut self, page: u32) -> Warning {
        self.page = Some(page);
        self
    }
    /// Returns the same warning about a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Warning {
        self.page = Some(place.page);
        self.bbox = Some(place.bbox);
        self
    }
}

/// A result together with what was noticed on the way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Warned<T> {
    /// The result.
    pub output: T,
    /// What was noticed, in reading order.
    pub warnings: Vec<Warning>,
}

impl<T> Warned<T> {
    /// Returns the result after moving its warnings to the end of `sink`.
    pub fn drain_into(self, sink: &mut Vec<Warning>) -> T {
        sink.extend(self.warnings);
        self.output
    }
}

/// One entry of the catalog of warning and error codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `area/what`.
    pub id: &'static str,
    /// Severity of every warning with this code.
    pub severity: Severity,
    /// A short label in English.
    pub label_en: &'static str,
    /// A short label in Japanese.
    pub label_ja: &'static str,
    /// What it means and why it happens.
    pub explanation: &'static str,
    /// What a person can try.
    pub hint: &'static str,
}

/// The catalog, one table a stage: tab-separated `id, severity, label_en, label_ja, explanation, hint`.
const TABLES: [&str; 6] = [
    include_str!("codes/extractor.tsv"),
    include_str!("codes/layout.tsv"),
    include_str!("codes/segmenter.tsv"),
    include_str!("codes/normalizer.tsv"),
    include_str!("codes/dataset.tsv"),
    include_str!("codes/compare.tsv"),
];

/// Returns every code of the catalog, in the order of the stages.
pub fn codes() -> impl Iterator<Item = Code> {
    TABLES.iter().flat_map(|t| t.lines()).filter_map(line_to_code)
}

/// Returns the catalog's entry for `id`: a look at a hundred lines.
pub fn code_named(id: &str) -> Option<Code> {
    let is_named = |l: &&str| l.strip_prefix(id).is_some_and(|rest| rest.starts_with('\t'));
    line_to_code(TABLES.iter().flat_map(|t| t.lines()).find(is_named)?)
}

fn line_to_code(line: &'static str) -> Option<Code> {
    let mut cells = line.split('\t');
    let (id, severity) = (cells.next()?, cells.next()?);
    let severity = match severity {
        "info" => Severity::Info,
        "warn" => Severity::Warn,
        "error" => Severity::Error,
        _ => return None,
    };
    Some(Code { id, severity, label_en: cells.next()?, label_ja: cells.next()?, explanation: cells.next()?, hint: cells.next()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_catalog_is_a_code_and_no_code_stands_twice() {
        let lines = TABLES.iter().flat_map(|t| t.lines()).filter(|l| !l.trim().is_empty() && !l.starts_with('#')).count();
        let ids: std::collections::BTreeSet<_> = codes().map(|c| c.id).collect();
        assert_eq!(ids.len(), lines);
        assert!(codes().all(|c| code_named(c.id) == Some(c)) && code_named("pdf").is_none());
        assert!(codes().all(|c| !c.explanation.is_empty() && !c.hint.is_empty() && c.id.contains('/')));
    }
}
