//! What should hold of every report, and what should not change from one release to the next without a person having looked.
//!
//! Each finding has a code that `explain` explains (catalog: `model/src/codes/compare.tsv`), a record or field, and a place.

mod baseline;
mod characters;
mod completeness;
mod drift;
mod numbering;
mod totals;
mod years;

pub use baseline::{Accepted, Baseline, BaselineError, hold_against};
pub use drift::{against_previous, previous_of};

use jisseki_model::{Initiative, Place, Report, Severity, code_named};
use serde::{Deserialize, Serialize};

/// Something that should not be so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// A code of the catalog, `check/what`.
    pub code: String,
    /// Severity.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// The record, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_id: Option<String>,
    /// The field, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Whether a person accepted it in the baseline.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub accepted: bool,
}

impl Finding {
    /// Returns a finding about the whole document, with the severity that the catalog gives its code.
    pub fn new(code: &str, message: impl Into<String>) -> Finding {
        let severity = code_named(code).map_or(Severity::Warn, |c| c.severity);
        Finding { code: code.to_owned(), severity, message: message.into(), record_id: None, field: None, place: None, accepted: false }
    }
    /// Returns the same about a record's field.
    #[must_use]
    pub fn of(mut self, record: &Initiative, field: &str, places: &[Place]) -> Finding {
        self.record_id = Some(record.record_id.clone());
        self.field = (!field.is_empty()).then(|| field.to_owned());
        self.place = places.first().or(record.title.places.first()).or(record.places.first()).copied();
        self
    }
    /// Returns the same with another severity.
    #[must_use]
    pub fn at_severity(mut self, severity: Severity) -> Finding {
        self.severity = severity;
        self
    }
    /// Returns what makes it this finding, for the baseline.
    pub fn key(&self) -> String {
        let record = self.record_id.as_deref().map_or("", |r| r.rsplit('-').next().unwrap_or(r));
        format!("{}|{record}|{}|{}", self.code, self.field.as_deref().unwrap_or_default(), self.message)
    }
}

/// Returns what does not hold of a report, held against nothing but itself.
///
/// Source: dataset.md, "Check".
pub fn check(report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    completeness::document(report, &mut findings);
    numbering::check(report, &mut findings);
    completeness::records(report, &mut findings);
    completeness::plans(report, &mut findings);
    years::check(report, &mut findings);
    characters::check(report, &mut findings);
    totals::check(report, &mut findings);
    findings
}

/// Returns how a record is called in messages: `no. 8`.
pub(crate) fn name(record: &Initiative) -> String {
    if record.number_label.is_empty() { "a record without number".to_owned() } else { format!("no. {}", record.number_label) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{record, report};
    use jisseki_model::codes;

    /// A report without a flaw: the start of each test.
    pub(super) fn sound() -> Report {
        let mut r = report(2019, (1..=5).map(|n| record(n, &format!("取組その{n}の推進"), &[&format!("研修を{n}回実施")])).collect());
        for (i, record) in r.initiatives.iter_mut().enumerate() {
            record.departments = vec![jisseki_model::Department { text: format!("総務部第{i}課"), ..Default::default() }];
            let phase = jisseki_model::Phase {
                text: "実施".into(),
                code: "implement".into(),
                start_fiscal_year: Some(2016),
                end_fiscal_year: Some(2019),
                start_month: None,
                end_month: None,
                evidence: jisseki_model::PhaseEvidence::ArrowAndLabel,
                places: vec![],
            };
            let item = jisseki_model::ScheduleItem { text: format!("項目{i}"), phases: vec![phase], ..Default::default() };
            record.schedule = Some(jisseki_model::Schedule { fiscal_years: vec![2016, 2017, 2018, 2019], items: vec![item] });
        }
        r
    }

    fn codes_of(change: impl FnOnce(&mut Report)) -> Vec<String> {
        let mut r = sound();
        change(&mut r);
        check(&r).into_iter().map(|f| f.code).collect()
    }

    #[test]
    fn each_flaw_has_its_code() {
        use jisseki_model::{Achievement, PhaseEvidence, Status};
        assert_eq!(codes_of(|_| {}), Vec::<String>::new());
        assert_eq!(codes_of(|r| r.initiatives[2].number = Some(9)), ["check/number-gap"]);
        assert_eq!(codes_of(|r| r.initiatives[2].number = Some(2)), ["check/number-twice", "check/number-gap"]);
        assert_eq!(codes_of(|r| r.initiatives[1].title.text.clear()), ["check/no-title"]);
        assert_eq!(codes_of(|r| r.initiatives[1].departments.clear()), ["check/no-department"]);
        assert_eq!(codes_of(|r| r.initiatives[1].schedule = None), ["check/no-schedule"]);
        assert_eq!(codes_of(|r| r.initiatives.iter_mut().for_each(|i| i.schedule = None)), ["check/column-missing"]);
        assert_eq!(codes_of(|r| r.initiatives[1].schedule.as_mut().unwrap().fiscal_years[0] = 2015), ["check/axis-differs"]);
        assert_eq!(codes_of(|r| phase(r).end_fiscal_year = Some(2021)), ["check/year-outside-axis"]);
        assert_eq!(codes_of(|r| phase(r).evidence = PhaseEvidence::ArrowOnly), ["check/arrow-without-label"]);
        assert_eq!(codes_of(|r| phase(r).evidence = PhaseEvidence::LabelOnly), ["check/label-without-arrow"]);
        assert_eq!(codes_of(|r| phase(r).code = "other".into()), ["check/unknown-phase"]);
        assert_eq!(codes_of(|r| r.coverage.unassigned = 3), ["check/unowned-glyphs", "check/coverage-sum"]);
        assert_eq!(codes_of(|r| r.document.status = Status::Partial), ["check/document-status"]);
        assert_eq!(codes_of(|r| r.initiatives[0].confidence = 0.3), ["check/low-confidence"]);
        assert_eq!(codes_of(|r| r.initiatives[0].results[0].paragraphs[0].text.push('\u{FFFD}')), ["check/replacement-character"]);
        assert_eq!(codes_of(|r| r.initiatives[0].title.text.push('\u{E000}')), ["check/private-use"]);
        let state = |status: &str, year| {
            Some(Achievement { text: "達成済".into(), status: status.into(), fiscal_year: year, ..Achievement::default() })
        };
        assert_eq!(codes_of(|r| r.initiatives[0].achievement = state("achieved", Some(2021))), ["check/achieved-in-future"]);
        assert_eq!(codes_of(|r| r.initiatives[0].achievement = state("other", None)), ["check/unknown-status"]);
    }

    fn phase(r: &mut Report) -> &mut jisseki_model::Phase {
        &mut r.initiatives[1].schedule.as_mut().unwrap().items[0].phases[0]
    }

    #[test]
    fn every_code_of_this_stage_is_in_the_catalog() {
        let sources = [
            include_str!("baseline.rs"),
            include_str!("characters.rs"),
            include_str!("completeness.rs"),
            include_str!("drift.rs"),
            include_str!("numbering.rs"),
            include_str!("totals.rs"),
            include_str!("years.rs"),
        ];
        let known: std::collections::BTreeSet<&str> = codes().map(|c| c.id).collect();
        let mut used = std::collections::BTreeSet::new();
        for source in sources {
            for word in source.split('"').filter(|w| w.starts_with("check/")) {
                assert!(known.contains(word), "{word} is not in compare.tsv");
                used.insert(word);
            }
        }
        let unused: Vec<_> = known.iter().filter(|k| k.starts_with("check/") && !used.contains(*k)).collect();
        assert!(unused.is_empty(), "no check gives {unused:?}");
    }
}
