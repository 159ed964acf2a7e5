//! What changed in one record outside its narrative: number, section, title, departments, achievement.

use crate::context::Context;
use crate::event::{Event, EventKind};
use crate::fold;
use jisseki_model::{Achievement, Department, Initiative, Section, Severity};

/// Returns the structural events of a pair of records.
pub(crate) fn pair_to_structure_events(cx: &Context<'_>, old: &Initiative, new: &Initiative) -> Vec<Event> {
    [renumbered(cx, old, new), moved(cx, old, new), retitled(cx, old, new), departments(cx, old, new), achievement(cx, old, new)]
        .into_iter()
        .flatten()
        .collect()
}

fn renumbered(cx: &Context<'_>, old: &Initiative, new: &Initiative) -> Option<Event> {
    let label = |r: &Initiative| r.number.map_or_else(|| fold::style(&r.number_label), |n| n.to_string());
    let sub = |r: &Initiative| r.sub_label.as_deref().map(fold::style);
    // A new place in another section brings a new number there: that is told by the move.
    let sub_moved = same_section(old.section.as_ref(), new.section.as_ref())
        && old.sub_label.is_some()
        && new.sub_label.is_some()
        && sub(old) != sub(new);
    (label(old) != label(new) || sub_moved).then(|| {
        let value = |r: &Initiative| Some(format!("{}{}", r.number_label, r.sub_label.as_deref().unwrap_or_default()));
        let places = (old.title.places.clone(), new.title.places.clone());
        cx.event(EventKind::Renumbered, "number", Some(cx.side(old, value(old))), Some(cx.side(new, value(new))), places)
    })
}

/// Tells whether two sections are the same one, by label or by title.
fn same_section(old: Option<&Section>, new: Option<&Section>) -> bool {
    match (old, new) {
        (Some(a), Some(b)) => {
            fold::style(&a.title) == fold::style(&b.title) || (!a.label.is_empty() && fold::style(&a.label) == fold::style(&b.label))
        }
        (None, None) => true,
        _ => false,
    }
}

fn moved(cx: &Context<'_>, old: &Initiative, new: &Initiative) -> Option<Event> {
    let (a, b) = (old.section.as_ref()?, new.section.as_ref()?);
    (!same_section(Some(a), Some(b))).then(|| {
        let value = |s: &Section| Some(format!("{} {}", s.label, s.title).trim().to_owned());
        let places = (old.title.places.clone(), new.title.places.clone());
        cx.event(EventKind::MovedSection, "section", Some(cx.side(old, value(a))), Some(cx.side(new, value(b))), places)
    })
}

fn retitled(cx: &Context<'_>, old: &Initiative, new: &Initiative) -> Option<Event> {
    let (a, b) = (&old.title, &new.title);
    let kind = difference(&a.text, &b.text, EventKind::Retitled)?;
    let places = (a.places.clone(), b.places.clone());
    Some(cx.event(kind, "title", Some(cx.side(old, Some(a.text.clone()))), Some(cx.side(new, Some(b.text.clone()))), places))
}

/// Returns which kind of difference two short texts have, if any.
pub(crate) fn difference(old: &str, new: &str, changed: EventKind) -> Option<EventKind> {
    let bare = |s: &str| s.split_whitespace().collect::<String>();
    if fold::style(old) != fold::style(new) {
        Some(changed)
    } else if fold::ink(old) != fold::ink(new) {
        Some(EventKind::NumeralStyleOnly)
    } else if old != new && bare(old) == bare(new) {
        Some(EventKind::WhitespaceOnly)
    } else {
        None
    }
}

fn departments(cx: &Context<'_>, old: &Initiative, new: &Initiative) -> Option<Event> {
    let printed = |ds: &[Department]| ds.iter().map(department_text).collect::<Vec<_>>().join("、");
    let sorted = |ds: &[Department], key: fn(&str) -> String| {
        let mut all: Vec<String> = ds.iter().map(|d| key(&department_text(d))).collect();
        all.sort();
        all
    };
    let kind = if sorted(&old.departments, fold::style) != sorted(&new.departments, fold::style) {
        EventKind::DepartmentChanged
    } else if sorted(&old.departments, fold::ink) != sorted(&new.departments, fold::ink) {
        EventKind::NumeralStyleOnly
    } else {
        return None;
    };
    let places = |ds: &[Department]| ds.iter().flat_map(|d| d.places.iter().copied()).collect();
    let value = |ds: &[Department]| Some(printed(ds));
    let (a, b) = (cx.side(old, value(&old.departments)), cx.side(new, value(&new.departments)));
    Some(cx.event(kind, "departments", Some(a), Some(b), (places(&old.departments), places(&new.departments))))
}

fn department_text(d: &Department) -> String {
    let headings: String = d.headings.iter().map(|h| format!("＜{h}＞")).collect();
    format!("{headings}{}", d.text)
}

fn achievement(cx: &Context<'_>, old: &Initiative, new: &Initiative) -> Option<Event> {
    let none = Achievement::default();
    let (a, b) = (old.achievement.as_ref().unwrap_or(&none), new.achievement.as_ref().unwrap_or(&none));
    let kind = difference(&a.text, &b.text, EventKind::AchievementChanged)?;
    let value = |x: &Achievement| Some(x.text.clone());
    let mut event =
        cx.event(kind, "achievement", Some(cx.side(old, value(a))), Some(cx.side(new, value(b))), (a.places.clone(), b.places.clone()));
    let went_back = rank(&a.status).zip(rank(&b.status)).is_some_and(|(a, b)| b < a);
    // An achievement of a closed year that is now told differently is no progress.
    let rewritten = a.fiscal_year.zip(cx.history_until()).is_some_and(|(y, until)| y <= until && rank(&a.status) == Some(5));
    if kind == EventKind::AchievementChanged && (went_back || rewritten) {
        event.severity = Severity::Warn;
    }
    Some(event)
}

/// How far a state of the closed list has got; nothing for states outside the scale.
fn rank(status: &str) -> Option<u8> {
    Some(match status {
        "achieved" | "completed" => 5,
        "mostly_achieved" => 4,
        "partly_achieved" => 3,
        "planned" | "in_progress" | "continued" => 2,
        "not_started" => 1,
        "not_achieved" | "withdrawn" => 0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_differ_in_words_style_or_blanks() {
        let d = |a, b| difference(a, b, EventKind::Retitled);
        assert_eq!(d("方針の改定", "方針の見直し"), Some(EventKind::Retitled));
        assert_eq!(d("８施設の更新", "8施設の更新"), Some(EventKind::NumeralStyleOnly));
        assert_eq!(d("施設 の更新", "施設の更新"), Some(EventKind::WhitespaceOnly));
        assert_eq!(d("６月〜７月", "６月～７月"), None);
        assert_eq!(d("同じ", "同じ"), None);
    }
}
