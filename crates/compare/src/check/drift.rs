//! Against the release before: columns that went empty or constant, counts that dropped, a form that drifted.

use super::Finding;
use crate::columns::records_to_remap;
use crate::diff::release_year;
use crate::fold;
use crate::layout::prints_to_drifts;
use crate::matching::match_records;
use crate::phrase::{Lang, field_label};
use crate::view::{fields, pieces};
use jisseki_model::{Initiative, Report};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the release before a report among earlier ones: the greatest fiscal year below its own, of the same plan where both name one.
pub fn previous_of<'a>(report: &Report, among: &[&'a Report]) -> Option<&'a Report> {
    let year = release_year(report)?;
    let same_plan = |r: &Report| match (&r.document.plan_id, &report.document.plan_id) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    among.iter().copied().filter(|r| release_year(r).is_some_and(|y| y < year) && same_plan(r)).max_by_key(|r| release_year(r))
}

/// Returns what a report should not have become since the release before.
pub fn against_previous(report: &Report, previous: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    columns(report, previous, &mut findings);
    counts(report, previous, &mut findings);
    form(report, previous, &mut findings);
    findings
}

/// The values of each column, folded.
fn values(report: &Report) -> BTreeMap<String, Vec<String>> {
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let narrative = |r: &Initiative, name: &str| {
        fields(r).into_iter().filter(|(n, _)| n == name).flat_map(|(_, b)| pieces(b)).map(|p| p.text).collect::<String>()
    };
    let names: BTreeSet<String> = report.initiatives.iter().flat_map(fields).map(|(n, _)| n).collect();
    for r in &report.initiatives {
        let mut push = |name: &str, text: String| out.entry(name.to_owned()).or_default().push(fold::style(&text));
        push("title", r.title.text.clone());
        push("departments", r.departments.iter().map(|d| d.text.as_str()).collect());
        push("achievement", r.achievement.as_ref().map(|a| a.text.clone()).unwrap_or_default());
        push("schedule", r.schedule.iter().flat_map(|s| &s.items).map(|i| i.text.as_str()).collect());
        names.iter().for_each(|n| push(n, narrative(r, n)));
    }
    out
}

fn columns(report: &Report, previous: &Report, findings: &mut Vec<Finding>) {
    let (new, old) = (values(report), values(previous));
    // Two records prove nothing about a column.
    if report.initiatives.len() < 3 || previous.initiatives.len() < 3 {
        return;
    }
    let none = Vec::new();
    for (name, before) in &old {
        let now = new.get(name).unwrap_or(&none);
        let filled = |v: &[String]| v.iter().filter(|s| !s.is_empty()).count();
        let distinct = |v: &[String]| v.iter().filter(|s| !s.is_empty()).collect::<BTreeSet<_>>().len();
        let label = field_label(name, Lang::En);
        let finding = if filled(now) == 0 && filled(before) * 2 > before.len() {
            Finding::new(
                "check/column-empty",
                format!("{label} is empty in every record; the release before had it in {} of {}", filled(before), before.len()),
            )
        } else if distinct(now) == 1 && filled(now) > 2 && distinct(before) > 2 {
            Finding::new(
                "check/column-constant",
                format!("{label} says the same in every record; the release before had {} values", distinct(before)),
            )
        } else if filled(now) * 2 < now.len() && filled(before) * 5 > before.len() * 4 {
            let text = format!(
                "{label} is filled in {} of {} records; the release before had it in {} of {}",
                filled(now),
                now.len(),
                filled(before),
                before.len()
            );
            Finding::new("check/column-sparse", text)
        } else {
            continue;
        };
        findings.push(Finding { field: Some(name.clone()), ..finding });
    }
}

/// Records, paragraphs and phases should not fall by more than this share.
const DROP: f64 = 0.3;

fn counts(report: &Report, previous: &Report, findings: &mut Vec<Finding>) {
    let paragraphs = |r: &Report| r.initiatives.iter().flat_map(fields).map(|(_, b)| pieces(b).len()).sum::<usize>();
    let phases = |r: &Report| r.initiatives.iter().flat_map(|i| &i.schedule).flat_map(|s| &s.items).map(|i| i.phases.len()).sum::<usize>();
    let mentions = |r: &Report| r.initiatives.iter().flat_map(fields).flat_map(|(_, b)| pieces(b)).map(|p| p.mentions.len()).sum::<usize>();
    let rows = [
        ("records", report.initiatives.len(), previous.initiatives.len()),
        ("paragraphs", paragraphs(report), paragraphs(previous)),
        ("phases", phases(report), phases(previous)),
        ("typed values", mentions(report), mentions(previous)),
    ];
    for (what, now, before) in rows {
        if before >= 4 && (now as f64) < before as f64 * (1.0 - DROP) {
            findings.push(Finding::new("check/count-drop", format!("{now} {what}; the release before had {before}")));
        }
    }
}

fn form(report: &Report, previous: &Report, findings: &mut Vec<Finding>) {
    let matching = match_records(&previous.initiatives, &report.initiatives, &BTreeMap::new());
    let remap = records_to_remap(&matching.pairs, &previous.initiatives, &report.initiatives);
    let drifts = prints_to_drifts(previous.document.layout.as_ref(), report.document.layout.as_ref(), &remap);
    for d in drifts.into_iter().filter(|d| !d.quiet) {
        let show = |s: &str| if s.is_empty() { "nothing".to_owned() } else { format!("`{s}`") };
        let text = format!("{}: {} before, now {}", field_label(d.aspect, Lang::En), show(&d.old), show(&d.new));
        findings.push(Finding { field: Some(d.aspect.to_owned()), ..Finding::new("check/layout-drift", text) }.at_severity(d.severity));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::sound;

    #[test]
    fn a_lost_column_is_seen_against_last_year() {
        let mut last = sound();
        last.document.fiscal_year = last.document.fiscal_year.map(|y| jisseki_model::FiscalYearInfo { year: y.year - 1, ..y });
        let codes = |change: fn(&mut Initiative)| {
            let mut now = sound();
            now.initiatives.iter_mut().for_each(change);
            against_previous(&now, &last).into_iter().map(|f| (f.code, f.field)).collect::<Vec<_>>()
        };
        assert_eq!(codes(|_| {}), []);
        assert_eq!(codes(|r| r.departments.clear()), [("check/column-empty".to_owned(), Some("departments".to_owned()))]);
        let same = |r: &mut Initiative| r.departments[0].text = "総務部".into();
        assert_eq!(codes(same), [("check/column-constant".to_owned(), Some("departments".to_owned()))]);
        let few = against_previous(&Report { initiatives: sound().initiatives[..2].to_vec(), ..sound() }, &last);
        assert!(few.iter().any(|f| f.code == "check/count-drop"));
        assert_eq!(previous_of(&sound(), &[&last]).map(|r| &r.document), Some(&last.document));
        assert_eq!(previous_of(&last, &[&sound()]), None);
    }
}
