//! What comes out of the segmenter.

use crate::profile::Role;
use jisseki_model::{Coverage, FiscalYearInfo, Initiative, Stage, Status};

/// A document's records and what it says about itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Segmented {
    /// The numbered records, in document order. `record_id` is the part after the document's id (`001`, `s2-001` where numbering restarts).
    pub records: Vec<Initiative>,
    /// The document's title as printed.
    pub title: Option<String>,
    /// The fiscal year it reports on.
    pub fiscal_year: Option<FiscalYearInfo>,
    /// Preliminary or final.
    pub stage: Option<Stage>,
    /// The publisher, from the profile or the title.
    pub publisher: Option<String>,
    /// From the profile.
    pub lg_code: Option<String>,
    /// From the profile.
    pub plan_id: Option<String>,
    /// From the profile, or the title's 「…」.
    pub plan_name: Option<String>,
    /// First and last year of the plan: from the profile, or of all schedules.
    pub plan_years: Option<(i32, i32)>,
    /// The profile's name.
    pub profile: String,
    /// `ok`, `no_records` or `needs_ocr`, as far as the pages tell.
    pub status: Status,
    /// Where every glyph went.
    pub coverage: Coverage,
    /// The columns that records were read from, on the first page that has a header.
    pub columns: Vec<HeaderColumn>,
    /// What stood on the pages: one line a table, form or run of prose, for people.
    pub seen: Vec<String>,
}

/// A header cell and what was taken for it.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaderColumn {
    /// The header as printed, white space left out; parents before it with `/`.
    pub label: String,
    /// Its role.
    pub role: Role,
    /// How sure: 1 for an exact match.
    pub score: f64,
    /// Page number, from 1.
    pub page: u32,
    /// The header cell's box (for a text dump: empty).
    pub bbox: jisseki_model::Rect,
}
