//! What changed in the plan: items, and phases that moved, grew, came or went.

use crate::assign::{Scores, assign};
use crate::context::Context;
use crate::event::{ChangeOp, Event, EventKind, ParagraphChange, Places};
use crate::fold;
use crate::similarity::Bigrams;
use crate::tokens::texts_to_segments;
use jisseki_model::{Initiative, Phase, Schedule, ScheduleItem};

/// From this likeness on two items of the plan are one. A guess; rewritten items of the fixtures reach 0.6.
const SAME_ITEM: f64 = 0.45;

type Span = (Option<i32>, Option<i32>);

/// Returns the events of the plans of a pair of records.
pub(crate) fn pair_to_schedule_events(cx: &Context<'_>, old: &Initiative, new: &Initiative) -> Vec<Event> {
    let none = Schedule::default();
    let (a, b) = (old.schedule.as_ref().unwrap_or(&none), new.schedule.as_ref().unwrap_or(&none));
    let window = shared_years(a, b);
    let b = &realigned(a, b);
    if let Some((x, y)) = recut(a, b) {
        let mut events = Vec::new();
        items_to_events(cx, (old, &x), (new, &y), window, &mut events);
        return events;
    }
    let grams = |s: &Schedule| s.items.iter().map(|i| Bigrams::of(&i.text)).collect::<Vec<_>>();
    let (ga, gb) = (grams(a), grams(b));
    let pairs = assign(&Scores::new(ga.len(), gb.len(), |r, c| ga.get(r).zip(gb.get(c)).map_or(0.0, |(x, y)| x.dice(y))), SAME_ITEM);
    let mut events = Vec::new();
    for (item, partner) in a.items.iter().zip(&pairs) {
        match partner.and_then(|c| b.items.get(c)) {
            Some(other) => items_to_events(cx, (old, item), (new, other), window, &mut events),
            None => item_gone(cx, old, new, item, window, false, &mut events),
        }
    }
    for (c, item) in b.items.iter().enumerate().filter(|(c, _)| !pairs.contains(&Some(*c))) {
        let _ = c;
        item_gone(cx, old, new, item, window, true, &mut events);
    }
    events
}

/// Where both plans say the same words but cut them into items differently, the phases are held against each other as those of one item.
fn recut(a: &Schedule, b: &Schedule) -> Option<(ScheduleItem, ScheduleItem)> {
    let words = |s: &Schedule| s.items.iter().map(|i| fold::style(&i.text)).collect::<Vec<_>>();
    let (wa, wb) = (words(a), words(b));
    let whole = |s: &Schedule| ScheduleItem {
        text: s.items.iter().map(|i| i.text.as_str()).collect(),
        places: s.items.iter().flat_map(|i| i.places.iter().copied()).collect(),
        phases: s.items.iter().flat_map(|i| i.phases.iter().cloned()).collect(),
        ..ScheduleItem::default()
    };
    (wa != wb && wa.concat() == wb.concat()).then(|| (whole(a), whole(b)))
}

/// Returns the later plan with phases put back to the item they stood at, where an item's words were cut in two and its arrows were read with the other
/// half: an item and its neighbor have the same words on both sides, and each is without any phase on one side.
fn realigned(a: &Schedule, b: &Schedule) -> Schedule {
    let mut out = b.clone();
    let same_words = |i: usize| a.items.get(i).zip(b.items.get(i)).is_some_and(|(x, y)| fold::style(&x.text) == fold::style(&y.text));
    let phases = |s: &Schedule, i: usize| s.items.get(i).map(|x| x.phases.iter().map(key).collect::<Vec<_>>()).unwrap_or_default();
    if a.items.len() != b.items.len() {
        return out;
    }
    for i in 0..a.items.len() {
        for j in [i.wrapping_sub(1), i + 1] {
            let (here, there) = (phases(a, i), phases(b, j));
            let swapped = !here.is_empty() && here == there && phases(a, j).is_empty() && phases(b, i).is_empty();
            if swapped && same_words(i) && same_words(j) {
                let moved = out.items.get_mut(j).map(|x| std::mem::take(&mut x.phases)).unwrap_or_default();
                out.items.get_mut(i).into_iter().for_each(|x| x.phases.clone_from(&moved));
            }
        }
    }
    out
}

fn key(p: &Phase) -> (String, Option<i32>, Option<i32>) {
    (fold::style(&p.text), p.start_fiscal_year, p.end_fiscal_year)
}

/// Returns the years both axes show; nothing where the axes are equal or unknown, so that nothing is cut.
fn shared_years(a: &Schedule, b: &Schedule) -> Option<(i32, i32)> {
    let ends = |s: &Schedule| Some((*s.fiscal_years.iter().min()?, *s.fiscal_years.iter().max()?));
    let ((a0, a1), (b0, b1)) = (ends(a)?, ends(b)?);
    ((a0, a1) != (b0, b1)).then_some((a0.max(b0), a1.min(b1)))
}

/// Returns the part of a phase that both axes show.
fn clip(phase: &Phase, window: Option<(i32, i32)>) -> Option<Span> {
    let (start, end) = (phase.start_fiscal_year, phase.end_fiscal_year);
    let Some((lo, hi)) = window else { return Some((start, end)) };
    let inside = start.is_none_or(|s| s <= hi) && end.is_none_or(|e| e >= lo) && lo <= hi;
    inside.then(|| (start.map(|s| s.max(lo)), end.map(|e| e.min(hi))))
}

fn items_to_events(
    cx: &Context<'_>,
    (old, a): (&Initiative, &ScheduleItem),
    (new, b): (&Initiative, &ScheduleItem),
    window: Option<(i32, i32)>,
    events: &mut Vec<Event>,
) {
    if let Some(kind) = crate::records::difference(&a.text, &b.text, EventKind::TextChanged) {
        let (x, y) = (cx.side(old, Some(a.text.clone())), cx.side(new, Some(b.text.clone())));
        let mut event = cx.event(kind, "schedule", Some(x), Some(y), (a.places.clone(), b.places.clone()));
        event.changes.push(ParagraphChange {
            op: ChangeOp::Rewritten,
            old: Some(a.text.clone()),
            new: Some(b.text.clone()),
            from: None,
            to: None,
            segments: texts_to_segments(&a.text, &b.text),
            places: Places { old: a.places.clone(), new: b.places.clone() },
        });
        events.push(event);
    }
    let visible = |item: &ScheduleItem| item.phases.iter().filter_map(|p| Some((p.clone(), clip(p, window)?))).collect::<Vec<_>>();
    let (pa, pb) = (visible(a), visible(b));
    let pairs = assign(&Scores::new(pa.len(), pb.len(), |r, c| pa.get(r).zip(pb.get(c)).map_or(0.0, |(x, y)| alike(x, y))), 0.3);
    let mut push = |kind: EventKind, x: Option<&Phase>, y: Option<&Phase>| {
        let side = |r: &Initiative, item: &ScheduleItem, p: Option<&Phase>| cx.side(r, p.map(|p| phase_text(item, p)));
        let places = |p: Option<&Phase>| p.map(|p| p.places.clone()).unwrap_or_default();
        let event = cx.event(kind, "schedule", Some(side(old, a, x)), Some(side(new, b, y)), (places(x), places(y)));
        events.push(event);
    };
    for (x, partner) in pa.iter().zip(&pairs) {
        match partner.and_then(|c| pb.get(c)) {
            Some(y) => {
                if let Some(kind) = phase_difference(x, y) {
                    push(kind, Some(&x.0), Some(&y.0));
                }
            }
            None => push(EventKind::PhaseRemoved, Some(&x.0), None),
        }
    }
    for (_, (y, _)) in pb.iter().enumerate().filter(|(c, _)| !pairs.contains(&Some(*c))) {
        push(EventKind::PhaseAdded, None, Some(y));
    }
    // Phases that only the later axis can show are new even though they cannot be held against the earlier one.
    let beyond = |p: &&Phase| clip(p, window).is_none() && p.start_fiscal_year > window.map(|w| w.1);
    b.phases.iter().filter(beyond).for_each(|p| push(EventKind::PhaseAdded, None, Some(p)));
}

/// How alike two phases are: the label counts half, the shared years the rest.
fn alike((a, x): &(Phase, Span), (b, y): &(Phase, Span)) -> f64 {
    let overlap = match (x.0.zip(x.1), y.0.zip(y.1)) {
        (Some((a0, a1)), Some((b0, b1))) => {
            f64::from((a1.min(b1) - a0.max(b0) + 1).max(0)) / f64::from((a1.max(b1) - a0.min(b0) + 1).max(1))
        }
        _ => 1.0,
    };
    if fold::style(&a.text) == fold::style(&b.text) { 0.5 + 0.5 * overlap } else { 0.4 * overlap }
}

/// Returns what happened to a phase; a year that one side does not know says nothing.
fn phase_difference((a, x): &(Phase, Span), (b, y): &(Phase, Span)) -> Option<EventKind> {
    let differ = |p: Option<i32>, q: Option<i32>| p.is_some() && q.is_some() && p != q;
    if differ(x.0, y.0) || differ(x.1, y.1) {
        let grew = x.0.zip(y.0).is_none_or(|(p, q)| q <= p) && x.1.zip(y.1).is_none_or(|(p, q)| q >= p);
        return Some(if grew { EventKind::PhaseExtended } else { EventKind::PhaseMoved });
    }
    crate::records::difference(&a.text, &b.text, EventKind::TextChanged)
}

fn item_gone(
    cx: &Context<'_>,
    old: &Initiative,
    new: &Initiative,
    item: &ScheduleItem,
    window: Option<(i32, i32)>,
    came: bool,
    events: &mut Vec<Event>,
) {
    let kind = if came { EventKind::PhaseAdded } else { EventKind::PhaseRemoved };
    let sides = |value: Option<String>| {
        let (x, y) = if came { (None, value) } else { (value, None) };
        (Some(cx.side(old, x)), Some(cx.side(new, y)))
    };
    let visible: Vec<&Phase> = item.phases.iter().filter(|p| came || clip(p, window).is_some()).collect();
    for phase in &visible {
        let (x, y) = sides(Some(phase_text(item, phase)));
        let places = if came { (Vec::new(), phase.places.clone()) } else { (phase.places.clone(), Vec::new()) };
        events.push(cx.event(kind, "schedule", x, y, places));
    }
    if item.phases.is_empty() {
        let (x, y) = sides(Some(item.text.clone()));
        let places = if came { (Vec::new(), item.places.clone()) } else { (item.places.clone(), Vec::new()) };
        let mut event = cx.event(EventKind::TextChanged, "schedule", x, y, places.clone());
        let text = Some(item.text.clone());
        event.changes.push(ParagraphChange {
            op: if came { ChangeOp::Added } else { ChangeOp::Removed },
            old: text.clone().filter(|_| !came),
            new: text.filter(|_| came),
            from: None,
            to: None,
            segments: Vec::new(),
            places: Places { old: places.0, new: places.1 },
        });
        events.push(event);
    }
}

/// Returns a phase for people: `協創研修の充実: 検討 2016–2017`.
pub(crate) fn phase_text(item: &ScheduleItem, phase: &Phase) -> String {
    let years = match (phase.start_fiscal_year, phase.end_fiscal_year) {
        (Some(a), Some(b)) if a == b => format!(" {a}"),
        (Some(a), Some(b)) => format!(" {a}–{b}"),
        (Some(a), None) => format!(" {a}–"),
        (None, Some(b)) => format!(" –{b}"),
        (None, None) => String::new(),
    };
    format!("{}: {}{years}", item.text, if phase.text.is_empty() { "→" } else { &phase.text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jisseki_model::PhaseEvidence;

    fn phase(text: &str, start: i32, end: i32) -> (Phase, Span) {
        let p = Phase {
            text: text.into(),
            code: "other".into(),
            start_fiscal_year: Some(start),
            end_fiscal_year: Some(end),
            start_month: None,
            end_month: None,
            evidence: PhaseEvidence::ArrowAndLabel,
            places: vec![],
        };
        (p, (Some(start), Some(end)))
    }

    #[test]
    fn phases_move_grow_or_stay() {
        let d = |a, b| phase_difference(&a, &b);
        assert_eq!(d(phase("検討", 2016, 2016), phase("検討", 2017, 2017)), Some(EventKind::PhaseMoved));
        assert_eq!(d(phase("実施", 2016, 2017), phase("実施", 2016, 2019)), Some(EventKind::PhaseExtended));
        assert_eq!(d(phase("実施", 2016, 2019), phase("実施", 2017, 2019)), Some(EventKind::PhaseMoved));
        assert_eq!(d(phase("実施", 2016, 2017), phase("実施", 2016, 2017)), None);
        assert_eq!(d(phase("検討", 2016, 2017), phase("実施", 2016, 2017)), Some(EventKind::TextChanged));
    }

    #[test]
    fn a_plan_that_is_only_cut_differently_is_the_same() {
        let item = |text: &str, phases: Vec<Phase>| ScheduleItem { text: text.into(), phases, ..ScheduleItem::default() };
        let plan = |items: Vec<ScheduleItem>| Schedule { fiscal_years: vec![2016, 2017], items };
        let p = || vec![phase("検討", 2016, 2016).0, phase("実施", 2017, 2017).0];
        let above = plan(vec![item("職員提案制度の", p()), item("見直し", vec![])]);
        let below = plan(vec![item("職員提案制度の", vec![]), item("見直し", p())]);
        let joined = plan(vec![item("職員提案制度の見直し", p())]);
        assert_eq!(realigned(&above, &below), above);
        assert_eq!(recut(&above, &joined).map(|(x, y)| (x.text == y.text, x.phases == y.phases)), Some((true, true)));
        let other = plan(vec![item("職員提案制度の", p()), item("広報の充実", p())]);
        assert_eq!((realigned(&above, &other) == other, recut(&above, &other).is_none()), (true, true));
    }

    #[test]
    fn a_shifted_axis_shows_no_change_of_its_own() {
        let (p, _) = phase("実施", 2016, 2019);
        let (q, _) = phase("実施", 2017, 2020);
        let window = Some((2017, 2019));
        assert_eq!((clip(&p, window), clip(&q, window)), (Some((Some(2017), Some(2019))), Some((Some(2017), Some(2019)))));
    }
}
