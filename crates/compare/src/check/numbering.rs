//! Numbers are contiguous: over the document, or within each section where they start anew.

use super::{Finding, name};
use jisseki_model::{Initiative, Report};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(report: &Report, findings: &mut Vec<Finding>) {
    let numbered: Vec<&Initiative> = report.initiatives.iter().filter(|r| r.number.is_some()).collect();
    let restarts =
        numbered.windows(2).any(|w| matches!(w, [a, b] if b.number == Some(1) && a.number > Some(0) && section(a) != section(b)));
    let mut runs: BTreeMap<String, Vec<&Initiative>> = BTreeMap::new();
    for record in numbered {
        runs.entry(if restarts { section(record) } else { String::new() }).or_default().push(record);
    }
    for (section, records) in runs {
        run(&section, &records, findings);
    }
}

fn section(record: &Initiative) -> String {
    record.section.as_ref().map(|s| format!("{} {}", s.label, s.title).trim().to_owned()).unwrap_or_default()
}

fn run(section: &str, records: &[&Initiative], findings: &mut Vec<Finding>) {
    let at = if section.is_empty() { String::new() } else { format!(" in section {section}") };
    let mut seen = BTreeSet::new();
    for record in records {
        if let Some(n) = record.number.filter(|n| !seen.insert(*n)) {
            findings.push(Finding::new("check/number-twice", format!("number {n} stands twice{at}")).of(record, "number", &[]));
        }
    }
    // A list that starts late is as suspicious as one with a hole.
    let first = seen.first().copied().unwrap_or(1);
    let low = if (2..=3).contains(&first) { 1 } else { first };
    let high = seen.last().copied().unwrap_or(0);
    // A wild number would name a million missing ones.
    let missing: Vec<i64> = (low..=high).filter(|n| !seen.contains(n)).take(21).collect();
    if !missing.is_empty() {
        let shown: Vec<String> = missing.iter().take(20).map(i64::to_string).collect();
        let more = if missing.len() > 20 { ", …" } else { "" };
        let after = records.iter().find(|r| r.number > missing.first().copied());
        let text = format!("numbers {}{more} are missing{at}", shown.join(", "));
        let finding = Finding::new("check/number-gap", text);
        findings.push(match after {
            Some(record) => {
                let before = name(record);
                let mut f = finding.of(record, "number", &[]);
                f.message.push_str(&format!(" (before {before})"));
                f
            }
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{report, titled};

    fn messages(numbers: &[(&str, i64)]) -> Vec<String> {
        let make = |(s, n): &(&str, i64)| Initiative {
            section: (!s.is_empty()).then(|| jisseki_model::Section { label: (*s).into(), ..Default::default() }),
            ..titled(*n, "取組")
        };
        let mut findings = Vec::new();
        check(&report(2019, numbers.iter().map(make).collect()), &mut findings);
        findings.into_iter().map(|f| f.message).collect()
    }

    #[test]
    fn gaps_and_twins() {
        assert_eq!(messages(&[("Ⅰ", 1), ("Ⅰ", 2), ("Ⅱ", 3), ("Ⅱ", 4)]), [""; 0]);
        assert_eq!(messages(&[("Ⅰ", 1), ("Ⅰ", 2), ("Ⅱ", 1), ("Ⅱ", 2)]), [""; 0]);
        assert_eq!(messages(&[("Ⅰ", 1), ("Ⅰ", 2), ("Ⅱ", 1), ("Ⅱ", 3)]), ["numbers 2 are missing in section Ⅱ (before no. 3)"]);
        assert_eq!(messages(&[("", 2), ("", 3)]), ["numbers 1 are missing (before no. 2)"]);
        assert_eq!(messages(&[("", 1), ("", 1)]), ["number 1 stands twice"]);
        assert_eq!(messages(&[("", 101), ("", 102)]), [""; 0]);
    }
}
