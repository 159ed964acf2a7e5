//! What is known about a text before it is read.

use jisseki_model::CivilDate;

/// What is known about the document that a text comes from.
///
/// Everything is optional: what is missing leaves values unresolved, never guessed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportContext {
    /// The fiscal year that the document reports on; 今年度 and bare months are read by it.
    pub report_fy: Option<i32>,
    /// The day of publication.
    pub published: Option<CivilDate>,
    /// The publisher's 全国地方公共団体コード, six digits with the check digit: 240001 for 三重県.
    pub gov_code: Option<String>,
}

impl ReportContext {
    /// Returns the context of a document of which only the fiscal year is known.
    pub fn of_fiscal_year(report_fy: i32) -> ReportContext {
        ReportContext { report_fy: Some(report_fy), ..ReportContext::default() }
    }
}
