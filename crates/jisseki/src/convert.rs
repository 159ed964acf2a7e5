//! The walk: bytes → pages → layouts → records → report.

use jisseki_model::{Report, SCHEMA_VERSION, SourceInfo, Warned, Warning};
use jisseki_normalizer::ReportContext;
use jisseki_segmenter::{Segmented, segment_text};

use crate::document::{document_info, source_info};
use crate::pdf::{pdf_to_report, pdf_to_segmented};
use crate::{ConvertError, Options, mentions, text};

/// Reads one document.
///
/// `name` is the file's name without its folder; one that ends in `.txt` is a text dump unless its bytes are a PDF.
///
/// Warns: with the codes of every stage; a scan is a report with status `needs_ocr`, not an error.
/// Errors: [`ConvertError::Extract`] when the container cannot be opened, [`ConvertError::NotText`] for a dump that is no Unicode text.
///
/// ```
/// use jisseki::{Options, convert, segmenter::Profile};
/// let dump = "令和元年度 取組実績\n1 ① 窓口の改善\n";
/// let report = convert(dump.as_bytes(), "dump.txt", &Options::with_profile(Profile::auto())).unwrap();
/// assert_eq!(report.document.source.name, "dump.txt");
/// assert!(convert(b"no pdf", "a.pdf", &Options::with_profile(Profile::auto())).is_err());
/// ```
pub fn convert(bytes: &[u8], name: &str, options: &Options) -> Result<Report, ConvertError> {
    if text::is_dump(bytes, name) { dump_to_report(bytes, name, options) } else { pdf_to_report(bytes, name, options) }
}

/// Drafts a profile from a document: its headers with their roles, its words for states and phases, each with the place it was taken from.
///
/// Warns: as [`convert`]. Errors: as [`convert`].
///
/// ```
/// use jisseki::{Options, draft_profile, segmenter::Profile};
/// let dump = "令和元年度 取組実績\n1 ① 窓口の改善\n";
/// let draft = draft_profile(dump.as_bytes(), "dump.txt", &Options::with_profile(Profile::auto())).unwrap().output;
/// assert!(Profile::from_toml(&draft).is_ok());
/// ```
pub fn draft_profile(bytes: &[u8], name: &str, options: &Options) -> Result<Warned<String>, ConvertError> {
    let read =
        if text::is_dump(bytes, name) { segment_text(&text::decoded(bytes)?, &options.profile) } else { pdf_to_segmented(bytes, options)? };
    Ok(Warned { output: jisseki_segmenter::draft_profile(&read.output), warnings: read.warnings })
}

fn dump_to_report(bytes: &[u8], name: &str, options: &Options) -> Result<Report, ConvertError> {
    let text = text::decoded(bytes)?;
    let Warned { mut output, warnings } = segment_text(&text, &options.profile);
    let context = report_context(options, output.fiscal_year.as_ref().map(|f| f.year));
    output.records.iter_mut().for_each(|r| mentions::fill(r, &context));
    let pages = text.split('\u{c}').filter(|p| !p.trim().is_empty()).count() as u32;
    let status = output.status;
    let mut report = report_of(output, source_info(bytes, name, pages), warnings, options);
    report.document.status = status;
    Ok(report)
}

/// Returns what the normalizer is to know of a document that reports on this fiscal year.
pub(crate) fn report_context(options: &Options, fiscal_year: Option<i32>) -> ReportContext {
    let gov_code = options.profile.document.lg_code.clone();
    ReportContext { report_fy: options.report_fy.or(fiscal_year), published: None, gov_code }
}

/// Puts a report together: the document's description, and its id before those of the records.
pub(crate) fn report_of(s: Segmented, source: SourceInfo, warnings: Vec<Warning>, options: &Options) -> Report {
    let document = document_info(&s, source, options.report_fy);
    let mut initiatives = s.records;
    for record in &mut initiatives {
        record.record_id = format!("{}-{}", document.document_id, record.record_id);
    }
    Report { schema_version: SCHEMA_VERSION.to_owned(), document, initiatives, warnings, coverage: s.coverage }
}
