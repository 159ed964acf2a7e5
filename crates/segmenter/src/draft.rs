//! A profile drafted from a document: what `profile init` writes.

use crate::profile::Role;
use crate::segmented::Segmented;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Drafts a profile from what was read: header words, states and phase words that the document uses, each with the place it was taken from.
///
/// The draft reads as TOML that [`crate::Profile::from_toml`] accepts; what a person should decide is a comment.
///
/// ```
/// let drafted = jisseki_segmenter::draft_profile(&jisseki_segmenter::Segmented::default());
/// assert!(jisseki_segmenter::Profile::from_toml(&drafted).is_ok());
/// ```
pub fn draft_profile(s: &Segmented) -> String {
    let mut out = String::from("# Drafted by `jisseki profile init`: check every line, then try it with `jisseki profile test`.\n");
    let _ = writeln!(out, "name = \"unnamed\"\n\n[document]");
    fact(&mut out, "publisher", s.publisher.as_deref(), "from the title");
    out.push_str("# lg_code = \"240001\"      # the six-digit 全国地方公共団体コード: not in the document\n");
    out.push_str("# plan_id = \"plan\"         # a short ASCII name for the plan: part of every record's id\n");
    fact(&mut out, "plan_name", s.plan_name.as_deref(), "from the title");
    if let Some((a, b)) = s.plan_years {
        let _ = writeln!(out, "plan_years = [{a}, {b}]    # first and last year of the plans' axes");
    }
    numbers(&mut out, s);
    headers(&mut out, s);
    words(&mut out, "achievement", &states(s));
    words(&mut out, "phases", &phases(s));
    out
}

fn fact(out: &mut String, key: &str, value: Option<&str>, from: &str) {
    let _ = match value {
        Some(v) => writeln!(out, "{key} = {}    # {from}", quoted(v)),
        None => writeln!(out, "# {key} = \"\"    # not found"),
    };
}

/// A TOML basic string: quotes, backslashes and control characters escaped.
fn quoted(text: &str) -> String {
    let inner: String = text
        .chars()
        .map(|c| match c {
            '"' => "\\\"".to_string(),
            '\\' => "\\\\".to_string(),
            c if c.is_control() => format!("\\u{:04X}", c as u32),
            c => c.to_string(),
        })
        .collect();
    format!("\"{inner}\"")
}

/// How records and sections are labelled, as a remark: the built-in grammars read them, else they would not be here.
fn numbers(out: &mut String, s: &Segmented) {
    let labels: Vec<&str> = s.records.iter().map(|r| r.number_label.as_str()).collect();
    if let (Some(first), Some(last)) = (labels.first(), labels.last()) {
        let _ = writeln!(
            out,
            "\n# {} records, from {} to {}: read by the built-in number grammars; a [[number]] pattern goes first.",
            labels.len(),
            quoted(first),
            quoted(last)
        );
    }
    let mut sections: Vec<String> =
        s.records.iter().filter_map(|r| r.section.as_ref()).map(|s| format!("{} {}", s.label, s.title)).collect();
    sections.dedup();
    for section in sections.iter().take(6) {
        let _ = writeln!(out, "# section {}", quoted(section.trim()));
    }
}

fn headers(out: &mut String, s: &Segmented) {
    out.push_str("\n[headers]\n");
    let mut taken: Vec<Role> = Vec::new();
    let plan = s.columns.iter().find(|c| c.role == Role::Plan && !c.label.is_empty()).map(|c| format!("{}/", c.label));
    for c in s.columns.iter().filter(|c| plan.as_ref().is_none_or(|p| !c.label.starts_with(p.as_str()))) {
        let b = c.bbox;
        let own = c.label.rsplit('/').next().unwrap_or(&c.label);
        let place = format!("page {}, {:.0},{:.0}–{:.0},{:.0} pt; score {:.2}", c.page, b.x0, b.y0, b.x1, b.y1, c.score);
        let _ = if c.role.is_field() && !taken.contains(&c.role) {
            taken.push(c.role);
            writeln!(out, "{} = [{}]    # {place}", c.role.name(), quoted(own))
        } else {
            writeln!(out, "# {} stays an extra column    # {place}", quoted(own))
        };
    }
}

/// A `[section]` of words → codes, each with how often it was seen.
fn words(out: &mut String, section: &str, seen: &BTreeMap<(String, String), usize>) {
    if seen.keys().all(|(_, code)| is_known_by_form(code)) {
        return;
    }
    let _ = writeln!(out, "\n[{section}]");
    let mut done: Vec<&str> = Vec::new();
    for ((word, code), n) in seen {
        if done.contains(&word.as_str()) || is_known_by_form(code) {
            continue;
        }
        done.push(word);
        let unknown = if code == "other" { ": not in the vocabulary, please say what it means" } else { "" };
        let _ = writeln!(out, "{} = {}    # {n} times{unknown}", quoted(word), quoted(code));
    }
}

/// Grades and percentages are known by their form: no profile lists them.
fn is_known_by_form(code: &str) -> bool {
    matches!(code, "graded" | "percent")
}

fn states(s: &Segmented) -> BTreeMap<(String, String), usize> {
    let mut out = BTreeMap::new();
    for a in s.records.iter().filter_map(|r| r.achievement.as_ref()).filter(|a| !a.status_text.is_empty()) {
        *out.entry((crate::narrow::squash(&a.status_text), a.status.clone())).or_insert(0) += 1;
    }
    out
}

fn phases(s: &Segmented) -> BTreeMap<(String, String), usize> {
    let mut out = BTreeMap::new();
    let items = s.records.iter().filter_map(|r| r.schedule.as_ref()).flat_map(|s| &s.items);
    for p in items.flat_map(|i| &i.phases).filter(|p| !p.text.is_empty()) {
        *out.entry((crate::narrow::squash(&p.text), p.code.clone())).or_insert(0) += 1;
    }
    out
}
