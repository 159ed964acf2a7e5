//! Characters that mean the text was not read: U+FFFD and private use.

use super::{Finding, name};
use crate::view::{fields, pieces};
use jisseki_model::{Initiative, Place, Report};

pub(super) fn check(report: &Report, findings: &mut Vec<Finding>) {
    for r in &report.initiatives {
        for (field, text, places) in texts(r) {
            let unknown = text.chars().filter(|c| *c == '\u{FFFD}').count();
            if unknown > 0 {
                let message = format!("{}: {unknown} characters of {field} are unknown", name(r));
                findings.push(Finding::new("check/replacement-character", message).of(r, &field, &places));
            }
            let private: Vec<String> = text.chars().filter(|c| is_private(*c)).take(5).map(|c| format!("U+{:04X}", u32::from(c))).collect();
            if !private.is_empty() {
                let message = format!("{}: {field} holds private-use characters {}", name(r), private.join(" "));
                findings.push(Finding::new("check/private-use", message).of(r, &field, &places));
            }
        }
    }
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

/// Every text of a record: field, text, places.
fn texts(r: &Initiative) -> Vec<(String, String, Vec<Place>)> {
    let mut out = vec![("title".to_owned(), r.title.text.clone(), r.title.places.clone())];
    out.extend(r.achievement.iter().map(|a| ("achievement".to_owned(), a.text.clone(), a.places.clone())));
    out.extend(r.departments.iter().map(|d| ("departments".to_owned(), d.text.clone(), d.places.clone())));
    for item in r.schedule.iter().flat_map(|s| &s.items) {
        let phases: String = item.phases.iter().map(|p| p.text.as_str()).collect();
        out.push(("schedule".to_owned(), format!("{}{phases}", item.text), item.places.clone()));
    }
    for (field, blocks) in fields(r) {
        out.extend(pieces(blocks).into_iter().map(|p| (field.clone(), p.text, p.places.to_vec())));
    }
    out
}
