//! One input: from its path to a report or the reason why there is none.

use super::files;
use super::globs::is_glob;
use super::worker::Job;
use crate::dataset::{Failure, Format, Texts, report_to_item, report_to_json};
use crate::model::{Report, Severity, Status};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Turns the bytes and the name of an input into a report.
pub type Converter<'a> = dyn Fn(&[u8], &str) -> Result<Report, Failed> + Sync + 'a;

/// Why an input gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// `read | extract | convert | worker`.
    pub stage: String,
    /// A code of the catalog.
    pub code: String,
    /// One sentence.
    pub message: String,
}

impl Failed {
    /// Returns a failure of a stage.
    pub fn new(stage: &str, code: &str, message: impl Into<String>) -> Failed {
        Failed { stage: stage.into(), code: code.into(), message: message.into() }
    }
    pub(super) fn to_failure(&self, path: &str, sha256: Option<&str>) -> Failure {
        let Failed { stage, code, message } = self.clone();
        Failure { path: path.to_owned(), sha256: sha256.map(str::to_owned), stage, code, message }
    }
}

/// What the manifest says about an input, and its report's JSON.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Outcome {
    pub(super) sha256: Option<String>,
    pub(super) bytes: u64,
    pub(super) status: Option<Status>,
    pub(super) pages: u32,
    pub(super) records: u64,
    /// Codes of warnings above info.
    pub(super) codes: BTreeSet<String>,
    pub(super) failure: Option<Failed>,
    #[serde(skip)]
    pub(super) json: Option<String>,
    #[serde(skip)]
    pub(super) part: Option<Part>,
}

/// What a good report adds to the text files of the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    /// The identifier under which it does; in the package the document may get another.
    pub(super) document_id: String,
    pub(super) texts: Texts,
}

/// Reads and converts one input; a panic of the converter is a failure. Makes its part of the text files that are asked for.
pub(super) fn convert_one(path: &Path, job: &Job, convert: &Converter<'_>) -> Outcome {
    let bytes = match read_bounded(path, job.limits.file_bytes) {
        Ok(bytes) => bytes,
        Err(failure) => return Outcome { failure: Some(failure), ..Outcome::default() },
    };
    let outcome = Outcome { sha256: Some(files::sha256_hex(&bytes)), bytes: bytes.len() as u64, ..Outcome::default() };
    // The converter takes its input by reference and shares nothing else: there is no state that a panic could leave half changed.
    match catch_unwind(AssertUnwindSafe(|| convert(&bytes, &job.name))) {
        Ok(Ok(report)) => with_report(outcome, &report, &job.formats),
        Ok(Err(failure)) => Outcome { failure: Some(failure), ..outcome },
        Err(_) => Outcome { failure: Some(Failed::new("convert", "batch/panic", "the conversion hit a fault of the program")), ..outcome },
    }
}

fn read_bounded(path: &Path, limit: u64) -> Result<Vec<u8>, Failed> {
    let unreadable = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound if is_glob(path) => Failed::new("read", "batch/read", "no file matches the pattern"),
        _ => Failed::new("read", "batch/read", format!("cannot read the file: {e}")),
    };
    let file = files::open_regular(path).map_err(unreadable)?;
    let length = file.metadata().map_or(0, |m| m.len().min(limit));
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).saturating_add(1));
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(Failed::new("read", "batch/too-large", format!("the file is larger than {limit} bytes")));
    }
    Ok(bytes)
}

fn with_report(outcome: Outcome, report: &Report, formats: &[Format]) -> Outcome {
    let all = report.warnings.iter().chain(report.initiatives.iter().flat_map(|r| &r.warnings));
    let codes = all.filter(|w| w.severity != Severity::Info).map(|w| w.code.to_string());
    let failure = report_to_failure(report);
    let wanted = failure.is_none() && !formats.is_empty();
    Outcome {
        status: Some(report.document.status),
        pages: report.document.source.pages,
        records: report.initiatives.len() as u64,
        codes: codes.collect(),
        json: Some(report_to_json(report)),
        part: wanted.then(|| report_to_part(report, formats)),
        failure,
        ..outcome
    }
}

fn report_to_part(report: &Report, formats: &[Format]) -> Part {
    let document_id = report.document.document_id.clone();
    let texts = report_to_item(report, &document_id, formats).into_texts();
    Part { document_id, texts }
}

/// A document that could not be read gives a report that says so; it is a failed input all the same: a scan, an unreadable text layer, or no record
/// where only a part could be read or a bound was hit. A whole document without numbered records is no failure.
fn report_to_failure(report: &Report) -> Option<Failed> {
    let fallback = match report.document.status {
        Status::NeedsOcr => Some("pdf/no-text-layer"),
        Status::Unreadable => Some("text/unreadable"),
        _ => None,
    };
    let least = if report.document.status == Status::Partial { Severity::Warn } else { Severity::Error };
    let worst = report.warnings.iter().find(|w| w.severity >= least || w.code.starts_with("limit/"));
    match (fallback, worst) {
        (_, Some(w)) if report.initiatives.is_empty() => Some(Failed::new("convert", &w.code, w.message.as_str())),
        (Some(code), _) => {
            let label = crate::model::code_named(code).map_or("the text cannot be read", |c| c.label_en);
            Some(Failed::new("convert", code, label))
        }
        _ => None,
    }
}
