//! Every glyph has an owner, every record its fields, every arrow its label.

use super::{Finding, name};
use jisseki_model::{Initiative, Phase, PhaseEvidence, Report, Status};

/// A record below this confidence should be looked at.
const LOW_CONFIDENCE: f64 = 0.5;

pub(super) fn document(report: &Report, findings: &mut Vec<Finding>) {
    if report.document.status != Status::Ok {
        let status = match report.document.status {
            Status::Ok => "ok",
            Status::Partial => "read in part",
            Status::NoRecords => "without numbered records",
            Status::Unreadable => "unreadable",
            Status::NeedsOcr => "a scan without text",
        };
        findings.push(Finding::new("check/document-status", format!("the document is {status}")));
    }
    let c = &report.coverage;
    if c.unassigned > 0 {
        findings.push(Finding::new(
            "check/unowned-glyphs",
            format!("{} of {} glyphs belong to no record, header or furniture", c.unassigned, c.glyphs),
        ));
    }
    if c.owned() != c.glyphs {
        findings.push(Finding::new(
            "check/coverage-sum",
            format!("the owners account for {} glyphs, the document shows {}", c.owned(), c.glyphs),
        ));
    }
}

pub(super) fn records(report: &Report, findings: &mut Vec<Finding>) {
    let all = &report.initiatives;
    for r in all.iter().filter(|r| r.title.text.trim().is_empty()) {
        findings.push(Finding::new("check/no-title", format!("{} has no title", name(r))).of(r, "title", &[]));
    }
    let plan = |r: &Initiative| r.schedule.as_ref().is_some_and(|s| !s.items.is_empty());
    lacking(report, "departments", "check/no-department", |r| !r.departments.is_empty(), findings);
    lacking(report, "schedule", "check/no-schedule", plan, findings);
    for r in all.iter().filter(|r| r.confidence < LOW_CONFIDENCE) {
        findings.push(Finding::new("check/low-confidence", format!("{} was read with confidence {:.2}", name(r), r.confidence)).of(
            r,
            "",
            &[],
        ));
    }
}

/// A field that no record has is a form without that column: said once, mildly. One that some records lack is a fault of theirs.
fn lacking(report: &Report, field: &str, code: &str, has: impl Fn(&Initiative) -> bool, findings: &mut Vec<Finding>) {
    let all = &report.initiatives;
    if all.is_empty() {
        return;
    }
    if !all.iter().any(&has) {
        findings.push(Finding { field: Some(field.into()), ..Finding::new("check/column-missing", format!("no record has any {field}")) });
        return;
    }
    for r in all.iter().filter(|r| !has(r)) {
        findings.push(Finding::new(code, format!("{} has no {field}", name(r))).of(r, field, &[]));
    }
}

pub(super) fn plans(report: &Report, findings: &mut Vec<Finding>) {
    let phases: Vec<(&Initiative, &Phase)> = report
        .initiatives
        .iter()
        .flat_map(|r| r.schedule.iter().flat_map(|s| &s.items).flat_map(move |i| i.phases.iter().map(move |p| (r, p))))
        .collect();
    // A form that draws no arrows at all, or labels none of them, is a style and no fault.
    let labels_are_style = phases.iter().all(|(_, p)| p.evidence == PhaseEvidence::LabelOnly);
    let arrows_are_style = phases.iter().all(|(_, p)| matches!(p.evidence, PhaseEvidence::ArrowOnly | PhaseEvidence::BarOnly));
    for (r, p) in phases {
        let years = || format!("{}–{}", show(p.start_fiscal_year), show(p.end_fiscal_year));
        let finding = match p.evidence {
            PhaseEvidence::ArrowOnly | PhaseEvidence::BarOnly if !arrows_are_style => {
                Finding::new("check/arrow-without-label", format!("{}: an arrow over {} has no label", name(r), years()))
            }
            PhaseEvidence::LabelOnly if !labels_are_style => {
                Finding::new("check/label-without-arrow", format!("{}: the label `{}` has no arrow", name(r), p.text))
            }
            _ if p.code == "other" && !p.text.trim().is_empty() => {
                Finding::new("check/unknown-phase", format!("{}: `{}` is no phase of the lexicon", name(r), p.text))
            }
            _ => continue,
        };
        findings.push(finding.of(r, "schedule", &p.places));
    }
    for r in &report.initiatives {
        let Some(a) = r.achievement.as_ref().filter(|a| a.status == "other" && !a.text.trim().is_empty()) else { continue };
        findings.push(Finding::new("check/unknown-status", format!("{}: `{}` is no state of the lexicon", name(r), a.text)).of(
            r,
            "achievement",
            &a.places,
        ));
    }
}

fn show(year: Option<i32>) -> String {
    year.map_or_else(|| "?".to_owned(), |y| y.to_string())
}
