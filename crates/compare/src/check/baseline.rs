//! What a person has accepted: the report of a document and the findings on it. A later run must give the same.

use super::Finding;
use crate::diff::{DiffOptions, diff};
use crate::event::Mode;
use jisseki_model::Report;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One accepted document: a file of the baseline folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    /// The form of this file.
    pub baseline_version: u32,
    /// Keys of the findings that were there when a person accepted it.
    pub findings: BTreeSet<String>,
    /// The report as accepted.
    pub report: Report,
}

/// Why a file of the baseline cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// It is no JSON of this shape.
    #[error("baseline: {0}")]
    Json(#[from] serde_json::Error),
    /// It was written by a later version.
    #[error("baseline: version {0} is not known here")]
    Version(u32),
}

impl Accepted {
    /// Returns what is accepted when a person accepts this report with these findings.
    pub fn new(report: &Report, findings: &[Finding]) -> Accepted {
        Accepted { baseline_version: 1, findings: findings.iter().map(Finding::key).collect(), report: report.clone() }
    }
    /// Returns the accepted document of a JSON text.
    ///
    /// Errors: `Json`, `Version`.
    pub fn from_json(text: &str) -> Result<Accepted, BaselineError> {
        let accepted: Accepted = serde_json::from_str(text)?;
        if accepted.baseline_version == 1 { Ok(accepted) } else { Err(BaselineError::Version(accepted.baseline_version)) }
    }
    /// Returns the JSON text.
    ///
    /// Errors: `Json`, which plain data cannot cause.
    pub fn to_json(&self) -> Result<String, BaselineError> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// All accepted documents of a folder.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Baseline {
    /// By file name.
    pub documents: BTreeMap<String, Accepted>,
}

impl Baseline {
    /// Returns the accepted state of a document: the same id, else the same name of the file.
    pub fn of(&self, report: &Report) -> Option<&Accepted> {
        let same_id = self.documents.values().find(|a| a.report.document.document_id == report.document.document_id);
        same_id.or_else(|| self.documents.values().find(|a| a.report.document.source.name == report.document.source.name))
    }
    /// Returns the accepted reports.
    pub fn reports(&self) -> Vec<&Report> {
        self.documents.values().map(|a| &a.report).collect()
    }
    /// Returns the name of the file in which a report is kept: its source's stem, cleaned, with the head of its hash.
    pub fn file_name(report: &Report) -> String {
        let stem = report.document.source.name.rsplit_once('.').map_or(report.document.source.name.as_str(), |(s, _)| s);
        let clean: String = stem.chars().map(|c| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).take(60).collect();
        let id: String = report.document.document_id.chars().filter(char::is_ascii_alphanumeric).collect();
        let hash = id.bytes().fold(0xcbf2_9ce4_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
        format!("{}-{hash:08x}.json", if clean.is_empty() { "report" } else { &clean })
    }
}

/// Marks findings that were accepted, and adds one for each difference to the accepted report, and one for each accepted finding that is gone.
pub fn hold_against(report: &Report, accepted: &Accepted, findings: &mut Vec<Finding>) {
    for finding in findings.iter_mut() {
        finding.accepted = accepted.findings.contains(&finding.key());
    }
    // The same document is read again: every difference is one of the reading, whatever the years say.
    let options = DiffOptions { mode: Some(Mode::Reissue), quiet_too: false, known: BTreeMap::new() };
    for event in diff(&accepted.report, report, &options).events {
        let text = format!("{}: {}", event.kind.label_en(), event.message);
        let mut finding = Finding::new("check/changed-since-baseline", text);
        finding.record_id = event.side().map(|s| s.record_id.clone()).filter(|r| !r.is_empty());
        finding.field = event.field.clone();
        finding.place = event.places.new.first().or(event.places.old.first()).copied();
        findings.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::check::tests::sound;

    #[test]
    fn what_was_accepted_is_quiet_and_what_changed_is_not() {
        let mut flawed = sound();
        flawed.initiatives[1].departments.clear();
        let found = check(&flawed);
        let kept = Accepted::from_json(&Accepted::new(&flawed, &found).to_json().unwrap()).unwrap();
        let mut again = check(&flawed);
        hold_against(&flawed, &kept, &mut again);
        assert!(again.len() == 1 && again.iter().all(|f| f.accepted), "{again:?}");
        let mut changed = flawed.clone();
        changed.initiatives[0].results[0].paragraphs[0].text = "研修を3回実施".into();
        let mut now = check(&changed);
        hold_against(&changed, &kept, &mut now);
        let open: Vec<_> = now.iter().filter(|f| !f.accepted).map(|f| f.code.as_str()).collect();
        assert_eq!(open, ["check/changed-since-baseline"]);
    }

    #[test]
    fn files_are_named_by_what_they_hold() {
        let mut r = sound();
        r.document.source.name = "../../etc/令和元年度 実績.pdf".into();
        let name = Baseline::file_name(&r);
        assert!(name.starts_with("______etc_令和元年度_実績-") && name.ends_with(".json") && !name.contains('/'), "{name}");
        assert!(Accepted::from_json("{\"baseline_version\": 9, \"findings\": [], \"report\": {}}").is_err());
    }
}
