//! Years agree: the axis of each plan with its header and with the others, phases with their axis, dates with their era.

use super::{Finding, name};
use crate::view::{fields, pieces};
use jisseki_model::{Flag, Initiative, Mention, Place, Report};
use std::collections::BTreeMap;

pub(super) fn check(report: &Report, findings: &mut Vec<Finding>) {
    axes(report, findings);
    header_years(report, findings);
    for r in &report.initiatives {
        phases(r, findings);
        achievement(report, r, findings);
        for (field, mentions) in mentions(r) {
            contradictions(r, &field, mentions, findings);
        }
    }
}

/// The axis that most records have is the header's; others are misread or misprinted.
fn axes(report: &Report, findings: &mut Vec<Finding>) {
    let mut counts: BTreeMap<&[i32], usize> = BTreeMap::new();
    let axis = |r: &'_ Initiative| r.schedule.as_ref().map(|s| s.fiscal_years.clone()).unwrap_or_default();
    let all: Vec<(&Initiative, Vec<i32>)> = report.initiatives.iter().map(|r| (r, axis(r))).filter(|(_, a)| !a.is_empty()).collect();
    for (_, a) in &all {
        *counts.entry(a).or_default() += 1;
    }
    let Some(common) = counts.iter().max_by_key(|(_, n)| **n).map(|(a, _)| a.to_vec()) else { return };
    for (r, a) in all.iter().filter(|(_, a)| *a != common) {
        let text = format!("{}: the years of its plan are {}, elsewhere {}", name(r), list(a), list(&common));
        findings.push(Finding::new("check/axis-differs", text).of(r, "schedule", &[]));
    }
    if let Some(pair) = common.windows(2).find(|w| matches!(w, [a, b] if b - a != 1)) {
        let text = format!("the years of the plan are {}: no run of years ({})", list(&common), list(pair));
        findings.push(Finding { field: Some("schedule".into()), ..Finding::new("check/axis-broken", text) });
    }
}

fn list(years: &[i32]) -> String {
    years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ")
}

/// A header that names a fiscal year (令和元年度取組実績) names the document's.
fn header_years(report: &Report, findings: &mut Vec<Finding>) {
    let (Some(layout), Some(fy)) = (&report.document.layout, &report.document.fiscal_year) else { return };
    for column in layout.columns.iter().filter(|c| c.role == "results") {
        let Some(year) = era_year(&column.label).filter(|y| *y != fy.year) else { continue };
        let text = format!("the header `{}` is about {year}, the document about {}", column.label, fy.year);
        findings.push(Finding { field: Some(column.role.clone()), ..Finding::new("check/header-year", text) });
    }
}

/// Returns the Western year of the first `平成30年度`, `令和元年度` or `2019年度` in a header.
fn era_year(label: &str) -> Option<i32> {
    let folded = crate::fold::style(label);
    for (era, before) in [("令和", 2018), ("平成", 1988), ("昭和", 1925)] {
        let Some((_, rest)) = folded.split_once(era) else { continue };
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let n = if rest.starts_with('元') { 1 } else { digits.parse::<i32>().ok()? };
        return rest.contains("年度").then_some(before + n);
    }
    let (head, _) = folded.split_once("年度")?;
    let digits: String = head.chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>().into_iter().rev().collect();
    digits.parse().ok().filter(|y| (1900..2200).contains(y))
}

fn phases(r: &Initiative, findings: &mut Vec<Finding>) {
    let Some(s) = &r.schedule else { return };
    let (Some(lo), Some(hi)) = (s.fiscal_years.iter().min(), s.fiscal_years.iter().max()) else { return };
    for p in s.items.iter().flat_map(|i| &i.phases) {
        let outside = [p.start_fiscal_year, p.end_fiscal_year].into_iter().flatten().any(|y| y < *lo || y > *hi);
        let reversed = p.start_fiscal_year.zip(p.end_fiscal_year).is_some_and(|(a, b)| a > b);
        if outside || reversed {
            let years = [p.start_fiscal_year, p.end_fiscal_year].into_iter().flatten().collect::<Vec<_>>();
            let text = format!("{}: `{}` runs {} on an axis {lo}–{hi}", name(r), p.text, list(&years));
            findings.push(Finding::new("check/year-outside-axis", text).of(r, "schedule", &p.places));
        }
    }
}

fn achievement(report: &Report, r: &Initiative, findings: &mut Vec<Finding>) {
    let (Some(a), Some(fy)) = (&r.achievement, &report.document.fiscal_year) else { return };
    let done = matches!(a.status.as_str(), "achieved" | "completed" | "mostly_achieved");
    if let Some(year) = a.fiscal_year.filter(|y| done && *y > fy.year) {
        let text = format!("{}: `{}` is told as done in {year}, after the year reported on ({})", name(r), a.text, fy.year);
        findings.push(Finding::new("check/achieved-in-future", text).of(r, "achievement", &a.places));
    }
}

/// Every list of mentions of a record, with the name of its field.
fn mentions(r: &Initiative) -> Vec<(String, &[Mention])> {
    let mut out: Vec<(String, &[Mention])> = vec![("title".into(), &r.title.mentions)];
    out.extend(r.achievement.iter().map(|a| ("achievement".to_owned(), a.mentions.as_slice())));
    out.extend(r.schedule.iter().flat_map(|s| &s.items).map(|i| ("schedule".to_owned(), i.mentions.as_slice())));
    for (field, blocks) in fields(r) {
        out.extend(pieces(blocks).iter().map(|p| (field.clone(), p.mentions)));
    }
    out
}

fn contradictions(r: &Initiative, field: &str, mentions: &[Mention], findings: &mut Vec<Finding>) {
    for m in mentions {
        for flag in &m.flags {
            let what = match flag {
                Flag::ImpossibleDate => "a day that does not exist",
                Flag::DualMismatch => "an era year and a Western year that contradict each other",
                Flag::WeekdayMismatch => "a day of the week that is not the date's",
                Flag::EraYearZero => "year 0 of an era",
                Flag::ReversedRange => "a span that ends before it begins",
                _ => continue,
            };
            let places: &[Place] = &m.places;
            findings.push(Finding::new("check/date-contradiction", format!("{}: `{}` is {what}", name(r), m.text)).of(r, field, places));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_headers() {
        for (label, want) in [
            ("令和元年度取組実績", Some(2019)),
            ("平成30年度 取組実績", Some(2018)),
            ("２０２１年度の実績", Some(2021)),
            ("取組実績", None),
            ("令和の取組", None),
        ] {
            assert_eq!(era_year(label), want, "{label}");
        }
    }
}
