//! What changed in the words and figures of a record: one event a field, and one for every figure that should not have changed.

use crate::context::Context;
use crate::event::{ChangeOp, Event, EventKind, Mode, NumberChange, ParagraphChange, Places, Spot};
use crate::fold;
use crate::numbers::{Number, change, piece_to_numbers, pieces_to_numbers_changed};
use crate::paragraphs::{Step, moved_pairs, pieces_to_steps};
use crate::tokens::texts_to_segments;
use crate::view::{Piece, field, fields, pieces};
use jisseki_model::{Initiative, Place};
use std::collections::{BTreeMap, BTreeSet};

/// A field of both records, and what became of its paragraphs.
struct FieldDiff<'a> {
    name: String,
    old_name: String,
    old: Vec<Piece<'a>>,
    new: Vec<Piece<'a>>,
    steps: Vec<Step>,
}

/// A figure that changed, with both places.
struct Figure {
    field: String,
    change: NumberChange,
    places: (Vec<Place>, Vec<Place>),
}

/// Returns the events of the narrative fields of a pair of records.
pub(crate) fn pair_to_narrative_events(cx: &Context<'_>, old: &Initiative, new: &Initiative) -> Vec<Event> {
    let mut diffs = field_diffs(cx, old, new);
    let across = moves_across_fields(&mut diffs);
    let mut history = rewritten_history(cx, &diffs);
    let mut events = Vec::new();
    for diff in &diffs {
        field_to_events(cx, (old, new), diff, across.get(&diff.name), &mut history, &mut events);
    }
    let figures = history.into_iter().map(|f| figure_event(cx, (old, new), EventKind::HistoryRewritten, f));
    let mut all: Vec<Event> = figures.collect();
    all.append(&mut events);
    all
}

fn field_diffs<'a>(cx: &Context<'_>, old: &'a Initiative, new: &'a Initiative) -> Vec<FieldDiff<'a>> {
    let mut names: Vec<String> = fields(new).into_iter().map(|(n, _)| n).filter(|n| !cx.remap.is_vacated(n)).collect();
    let mapped: BTreeSet<String> = names.iter().map(|n| cx.remap.old_name(n)).collect();
    names.extend(fields(old).into_iter().map(|(n, _)| n).filter(|n| !mapped.contains(n) && !cx.remap.is_source(n)));
    names.dedup();
    names
        .into_iter()
        .map(|name| {
            let old_name = cx.remap.old_name(&name);
            let (a, b) = (pieces(field(old, &old_name)), pieces(field(new, &name)));
            let steps = pieces_to_steps(&a, &b);
            FieldDiff { name, old_name, old: a, new: b, steps }
        })
        .collect()
}

/// Finds paragraphs that left one field and came into another; returns, by the field they came into, the change.
fn moves_across_fields(diffs: &mut [FieldDiff<'_>]) -> BTreeMap<String, Vec<ParagraphChange>> {
    let mut gone = Vec::new();
    let mut come = Vec::new();
    for (f, d) in diffs.iter().enumerate() {
        for step in &d.steps {
            match step {
                Step::Removed { old } => gone.push((f, *old)),
                Step::Added { new } => come.push((f, *new)),
                _ => {}
            }
        }
    }
    let pick = |list: &[(usize, usize)], old: bool| -> Vec<Piece<'_>> {
        list.iter().filter_map(|(f, i)| diffs.get(*f).and_then(|d| if old { d.old.get(*i) } else { d.new.get(*i) })).cloned().collect()
    };
    let (a, b) = (pick(&gone, true), pick(&come, false));
    let pairs = moved_pairs(&a.iter().collect::<Vec<_>>(), &b.iter().collect::<Vec<_>>());
    let mut out: BTreeMap<String, Vec<ParagraphChange>> = BTreeMap::new();
    let mut done = Vec::new();
    for (g, c) in pairs {
        let (Some(&(gf, gi)), Some(&(cf, ci)), Some(x), Some(y)) = (gone.get(g), come.get(c), a.get(g), b.get(c)) else { continue };
        let name = |f: usize, old: bool| diffs.get(f).map(|d| if old { d.old_name.clone() } else { d.name.clone() }).unwrap_or_default();
        let spots = (Spot { field: name(gf, true), position: gi + 1 }, Spot { field: name(cf, false), position: ci + 1 });
        out.entry(name(cf, false)).or_default().push(moved_change(x, y, spots));
        done.push(((gf, gi), (cf, ci)));
    }
    for ((gf, gi), (cf, ci)) in done {
        if let Some(d) = diffs.get_mut(gf) {
            d.steps.retain(|s| *s != Step::Removed { old: gi });
        }
        if let Some(d) = diffs.get_mut(cf) {
            d.steps.retain(|s| *s != Step::Added { new: ci });
        }
    }
    out
}

fn moved_change(old: &Piece<'_>, new: &Piece<'_>, (from, to): (Spot, Spot)) -> ParagraphChange {
    let touched = fold::style(&old.text) != fold::style(&new.text);
    let segments = if touched { texts_to_segments(&old.text, &new.text) } else { Vec::new() };
    ParagraphChange { op: ChangeOp::Moved, from: Some(from), to: Some(to), segments, ..both(ChangeOp::Moved, Some(old), Some(new)) }
}

fn both(op: ChangeOp, old: Option<&Piece<'_>>, new: Option<&Piece<'_>>) -> ParagraphChange {
    let places = |p: Option<&Piece<'_>>| p.map(|p| p.places.to_vec()).unwrap_or_default();
    let text = |p: Option<&Piece<'_>>| p.map(|p| p.text.clone());
    let segments = match (op, old, new) {
        (ChangeOp::Rewritten, Some(a), Some(b)) => texts_to_segments(&a.text, &b.text),
        _ => Vec::new(),
    };
    ParagraphChange {
        op,
        old: text(old),
        new: text(new),
        from: None,
        to: None,
        segments,
        places: Places { old: places(old), new: places(new) },
    }
}

/// What one field's steps amount to.
#[derive(Default)]
struct Outcome {
    changes: Vec<ParagraphChange>,
    style: Vec<ParagraphChange>,
    blanks: Vec<ParagraphChange>,
    numbers: Vec<NumberChange>,
    /// Figures of this very year, for an event each.
    figures: Vec<Figure>,
    /// Whether anything but figures with an event of their own changed.
    more: bool,
}

fn field_to_events(
    cx: &Context<'_>,
    (old, new): (&Initiative, &Initiative),
    diff: &FieldDiff<'_>,
    moved_here: Option<&Vec<ParagraphChange>>,
    history: &mut Vec<Figure>,
    events: &mut Vec<Event>,
) {
    let mut out = Outcome::default();
    for step in &diff.steps {
        step_to_outcome(cx, diff, step, history, &mut out);
    }
    for change in moved_here.into_iter().flatten() {
        out.more = true;
        out.changes.push(change.clone());
    }
    let mut push = |kind: EventKind, changes: Vec<ParagraphChange>, numbers: Vec<NumberChange>| {
        if changes.is_empty() {
            return;
        }
        let places = |pick: fn(&Places) -> &Vec<Place>| changes.iter().flat_map(|c| pick(&c.places).iter().copied()).collect();
        let (a, b) = (places(|p| &p.old), places(|p| &p.new));
        let mut event = cx.event(kind, &diff.name, Some(cx.side(old, None)), Some(cx.side(new, None)), (a, b));
        event.changes = changes;
        event.numbers = numbers;
        events.push(event);
    };
    if out.more {
        push(EventKind::TextChanged, out.changes, out.numbers);
    }
    push(EventKind::NumeralStyleOnly, out.style, Vec::new());
    push(EventKind::WhitespaceOnly, out.blanks, Vec::new());
    events.extend(out.figures.into_iter().map(|f| figure_event(cx, (old, new), EventKind::NumberChanged, f)));
}

fn step_to_outcome(cx: &Context<'_>, diff: &FieldDiff<'_>, step: &Step, history: &mut Vec<Figure>, out: &mut Outcome) {
    let (a, b) = match *step {
        Step::Same { old, new } | Step::Rewritten { old, new } | Step::Moved { old, new } | Step::Recut { old, new } => {
            (diff.old.get(old), diff.new.get(new))
        }
        Step::Removed { old } => (diff.old.get(old), None),
        Step::Added { new } => (None, diff.new.get(new)),
    };
    match (step, a, b) {
        (Step::Same { .. }, Some(x), Some(y)) => match crate::records::difference(&x.text, &y.text, EventKind::TextChanged) {
            Some(EventKind::NumeralStyleOnly) => out.style.push(both(ChangeOp::Rewritten, a, b)),
            Some(EventKind::WhitespaceOnly) => out.blanks.push(both(ChangeOp::Rewritten, a, b)),
            _ => {}
        },
        (Step::Recut { .. }, Some(_), Some(_)) => out.blanks.push(both(ChangeOp::Rewritten, a, b)),
        (Step::Moved { old, new }, Some(x), Some(y)) => {
            let spot = |field: &str, i: usize| Spot { field: field.to_owned(), position: i + 1 };
            out.changes.push(moved_change(x, y, (spot(&diff.old_name, *old), spot(&diff.name, *new))));
            out.more = true;
        }
        (Step::Rewritten { .. }, Some(x), Some(y)) => rewritten(cx, diff, (x, y), history, out),
        (Step::Removed { .. }, ..) => {
            out.changes.push(both(ChangeOp::Removed, a, None));
            out.more = true;
        }
        (Step::Added { .. }, ..) => {
            out.changes.push(both(ChangeOp::Added, None, b));
            out.more = true;
        }
        _ => {}
    }
}

/// Tells words from figures in a rewritten paragraph.
fn rewritten(cx: &Context<'_>, diff: &FieldDiff<'_>, (old, new): (&Piece<'_>, &Piece<'_>), history: &mut Vec<Figure>, out: &mut Outcome) {
    let found = pieces_to_numbers_changed(old, new, None);
    if found.only_numbers && found.same_values && found.pairs.is_empty() {
        out.style.push(both(ChangeOp::Rewritten, Some(old), Some(new)));
        return;
    }
    out.changes.push(both(ChangeOp::Rewritten, Some(old), Some(new)));
    let mut own = 0;
    for (x, y) in &found.pairs {
        let figure = Figure { field: diff.name.clone(), change: change(x, y), places: (number_places(old, x), number_places(new, y)) };
        let same_year = x.fiscal_year == y.fiscal_year;
        if same_year && x.fiscal_year.zip(cx.history_until()).is_some_and(|(fy, until)| fy <= until) {
            if !history.iter().any(|f| same_figure(&f.change, &figure.change)) {
                history.push(figure);
            }
            own += 1;
        } else if cx.mode == Mode::Reissue && same_year {
            out.figures.push(figure);
            own += 1;
        } else {
            out.numbers.push(figure.change);
        }
    }
    out.more |= !found.only_numbers || own < found.pairs.len();
}

fn same_figure(a: &NumberChange, b: &NumberChange) -> bool {
    (&a.old, &a.new, &a.unit, a.old_fiscal_year) == (&b.old, &b.new, &b.unit, b.old_fiscal_year)
}

/// Returns the boxes of a number: its mention's where it has one, else the paragraph's.
fn number_places(piece: &Piece<'_>, number: &Number) -> Vec<Place> {
    let holds =
        |span: &std::ops::Range<usize>| span.start + piece.offset <= number.span.start && number.span.end <= span.end + piece.offset;
    let mention = piece.mentions.iter().filter(|m| holds(&m.span) && !m.places.is_empty()).min_by_key(|m| m.span.len());
    mention.map_or_else(|| piece.places.to_vec(), |m| m.places.to_vec())
}

fn figure_event(cx: &Context<'_>, (old, new): (&Initiative, &Initiative), kind: EventKind, figure: Figure) -> Event {
    let Figure { field, change, places } = figure;
    let (a, b) = (cx.side(old, Some(change.old_text.clone())), cx.side(new, Some(change.new_text.clone())));
    let mut event = cx.event(kind, &field, Some(a), Some(b), places);
    event.numbers = vec![change];
    event
}

type FigureKey = (String, Option<String>, i32);

/// Finds values about a past year that both releases give, and give differently, wherever in the record they stand.
fn rewritten_history(cx: &Context<'_>, diffs: &[FieldDiff<'_>]) -> Vec<Figure> {
    let Some(until) = cx.history_until() else { return Vec::new() };
    let changed = |d: &FieldDiff<'_>| d.steps.iter().any(|s| !matches!(s, Step::Same { .. }));
    if !diffs.iter().any(changed) {
        return Vec::new();
    }
    let (old, new) = (dated_figures(diffs, until, true), dated_figures(diffs, until, false));
    let mut figures = Vec::new();
    for (key, (x, places, _)) in &old {
        let Some((y, new_places, field)) = new.get(key) else { continue };
        if let (Some(x), Some(y)) = (x, y)
            && x.value != y.value
        {
            figures.push(Figure { field: field.clone(), change: change(x, y), places: (places.clone(), new_places.clone()) });
        }
    }
    figures
}

/// Returns the values of past years by metric, unit and year; nothing for a key under which several values stand.
fn dated_figures(diffs: &[FieldDiff<'_>], until: i32, old: bool) -> BTreeMap<FigureKey, (Option<Number>, Vec<Place>, String)> {
    let mut out: BTreeMap<FigureKey, (Option<Number>, Vec<Place>, String)> = BTreeMap::new();
    for d in diffs {
        for piece in if old { &d.old } else { &d.new } {
            for n in piece_to_numbers(piece, None) {
                let (Some(metric), Some(fy)) = (n.metric.as_deref(), n.fiscal_year.filter(|fy| *fy <= until)) else { continue };
                let key = (fold::style(metric), n.unit.clone(), fy);
                let places = number_places(piece, &n);
                out.entry(key)
                    .and_modify(|(held, ..)| {
                        if held.as_ref().is_some_and(|h| h.value != n.value) {
                            *held = None;
                        }
                    })
                    .or_insert((Some(n), places, d.name.clone()));
            }
        }
    }
    out
}
