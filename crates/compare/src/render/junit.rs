//! A diff as a JUnit report: a test case an event, failed at or above the chosen severity.

use super::{has_record, html_text, places_text};
use crate::event::Diff;
use crate::phrase::{Lang, record_label, sentence};
use jisseki_model::Severity;

/// Returns one test suite a diff. A diff without events is one passed case.
pub fn diffs_to_junit(diffs: &[Diff], fail_on: Option<Severity>, lang: Lang) -> String {
    let fails = |d: &Diff| d.events.iter().filter(|e| e.accepted.is_none() && fail_on.is_some_and(|f| e.severity >= f)).count();
    let cases = |d: &Diff| d.events.len().max(1);
    let (tests, failures): (usize, usize) = diffs.iter().fold((0, 0), |(t, f), d| (t + cases(d), f + fails(d)));
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!("<testsuites name=\"jisseki diff\" tests=\"{tests}\" failures=\"{failures}\">\n"));
    for d in diffs {
        let name = html_text(&format!("{} → {}", d.old.source, d.new.source));
        out.push_str(&format!("  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\">\n", cases(d), fails(d)));
        if d.events.is_empty() {
            out.push_str(&format!("    <testcase classname=\"{name}\" name=\"no differences\"/>\n"));
        }
        for e in &d.events {
            let record = e.side().filter(|_| has_record(e)).map(|s| record_label(s, lang)).unwrap_or_default();
            let case =
                html_text(&format!("{} {record} {}", e.kind.name(), e.field.as_deref().unwrap_or_default()).trim().replace("  ", " "));
            let text =
                html_text(&format!("{} [{} → {}] {}", sentence(e, lang), places_text(&e.places.old), places_text(&e.places.new), e.id));
            let body = match (&e.accepted, fail_on) {
                (Some(a), _) => format!("<skipped message=\"{}\"/>", html_text(&a.reason)),
                (None, Some(f)) if e.severity >= f => format!("<failure type=\"{}\" message=\"{text}\"/>", e.kind.name()),
                _ => format!("<system-out>{text}</system-out>"),
            };
            out.push_str(&format!("    <testcase classname=\"{name}\" name=\"{case}\">{body}</testcase>\n"));
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}
