//! What a report says about its document: ids, source, status, fingerprint of the form.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use jisseki_model::{DocumentInfo, FiscalYearInfo, LayoutColumn, LayoutPrint, PageSize, SourceInfo, Stage, ToolInfo};
use jisseki_segmenter::Segmented;
use sha2::{Digest, Sha256};

/// Returns the SHA-256 of bytes in lower-case hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, b| {
        let _ = write!(hex, "{b:02x}");
        hex
    })
}

/// Returns the file as it is named in a report.
pub(crate) fn source_info(bytes: &[u8], name: &str, pages: u32) -> SourceInfo {
    SourceInfo { name: name.to_owned(), sha256: sha256_hex(bytes), bytes: bytes.len() as u64, pages }
}

/// Returns the document's id: `jp{lg_code}-{plan}-{fiscal_year}-{stage}` where code and plan are known, else by content.
///
/// The stage is left out where the document does not say it.
pub(crate) fn document_id(s: &Segmented, fiscal_year: Option<&FiscalYearInfo>, sha256: &str) -> String {
    match (&s.lg_code, &s.plan_id, fiscal_year) {
        (Some(code), Some(plan), Some(fy)) => {
            let stage = match s.stage {
                Some(Stage::Final) => "-final",
                Some(Stage::Preliminary) => "-preliminary",
                None => "",
            };
            format!("jp{code}-{plan}-{}{stage}", fy.year)
        }
        _ => format!("doc-{}", sha256.get(..12).unwrap_or(sha256)),
    }
}

/// Describes the document; `status` and `layout` are the caller's.
pub(crate) fn document_info(s: &Segmented, source: SourceInfo, report_fy: Option<i32>) -> DocumentInfo {
    let given = || report_fy.map(|year| FiscalYearInfo { year, text: String::new() });
    let fiscal_year = s.fiscal_year.clone().or_else(given);
    DocumentInfo {
        document_id: document_id(s, fiscal_year.as_ref(), &source.sha256),
        title: s.title.clone(),
        fiscal_year,
        stage: s.stage,
        publisher: s.publisher.clone(),
        lg_code: s.lg_code.clone(),
        plan_id: s.plan_id.clone(),
        plan_name: s.plan_name.clone(),
        profile: s.profile.clone(),
        source,
        tool: ToolInfo { name: "jisseki".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        ..DocumentInfo::default()
    }
}

/// How many pages have which size, in hundredths of a point.
#[derive(Debug, Default)]
pub(crate) struct PageSizes(BTreeMap<(i64, i64), u32>);

impl PageSizes {
    /// Counts a page.
    pub(crate) fn add(&mut self, width: f64, height: f64) {
        *self.0.entry(((width * 100.0).round() as i64, (height * 100.0).round() as i64)).or_default() += 1;
    }
}

/// Draws the fingerprint of the form from what its pages hold.
pub(crate) fn layout_print(sizes: &PageSizes, fonts: BTreeSet<String>, rules: u64, producer: Option<String>, s: &Segmented) -> LayoutPrint {
    let size = |(&(w, h), &pages): (&(i64, i64), &u32)| PageSize { width: w as f64 / 100.0, height: h as f64 / 100.0, pages };
    let mut page_sizes: Vec<_> = sizes.0.iter().map(size).collect();
    page_sizes.sort_by_key(|p| std::cmp::Reverse(p.pages));
    let columns =
        s.columns.iter().map(|c| LayoutColumn { label: c.label.clone(), role: c.role.name().to_owned(), x0: c.bbox.x0, x1: c.bbox.x1 });
    LayoutPrint { producer, page_sizes, columns: columns.collect(), fonts: fonts.into_iter().collect(), rules }
}
