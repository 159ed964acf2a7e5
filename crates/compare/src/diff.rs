//! The whole difference of two releases.

use crate::columns::records_to_remap;
use crate::context::Context;
use crate::event::{Diff, Event, EventKind, Mode, Release, Side, Summary};
use crate::families::{merged_into, split_from};
use crate::layout::{Drift, prints_to_drifts};
use crate::matching::{Band, Matching, match_records};
use crate::phrase::{Lang, sentence};
use crate::{fold, narrative, records, schedule};
use jisseki_model::{Initiative, Report};
use std::collections::{BTreeMap, BTreeSet};

/// How to compare; every value is named by the caller.
#[derive(Debug, Clone, PartialEq)]
pub struct DiffOptions {
    /// The mode; chosen by the fiscal years where it is not named.
    pub mode: Option<Mode>,
    /// Whether to tell differences of style, of white space, and drift that another producer explains.
    pub quiet_too: bool,
    /// Initiative ids by record id, from the registry.
    pub known: BTreeMap<String, String>,
}

/// Returns what changed from one release to the next.
///
/// Source: dataset.md, "Diff between releases". Output is a pure function of its arguments.
pub fn diff(old: &Report, new: &Report, options: &DiffOptions) -> Diff {
    let mode = options.mode.unwrap_or_else(|| reports_to_mode(old, new));
    let year = |r: &Report| r.document.fiscal_year.as_ref().map(|y| y.year);
    let matching = match_records(&old.initiatives, &new.initiatives, &options.known);
    let remap = records_to_remap(&matching.pairs, &old.initiatives, &new.initiatives);
    let cx = Context { mode, old_year: year(old), new_year: year(new), known: &options.known, remap };
    let mut events = drift_events(&cx, old, new);
    events.extend(section_events(&cx, &matching, old, new));
    events.extend(gone_and_come(&cx, &matching, old, new));
    let (mut to_confirm, mut unchanged) = (0, 0);
    for pair in &matching.pairs {
        let (Some(a), Some(b)) = (old.initiatives.get(pair.old), new.initiatives.get(pair.new)) else { continue };
        let mut own = records::pair_to_structure_events(&cx, a, b);
        own.extend(schedule::pair_to_schedule_events(&cx, a, b));
        own.extend(narrative::pair_to_narrative_events(&cx, a, b));
        if pair.band == Band::Confirm {
            to_confirm += 1;
            own.iter_mut().for_each(|e| e.please_confirm = Some((pair.score * 100.0).round() / 100.0));
        }
        unchanged += usize::from(!own.iter().any(|e| !e.kind.is_quiet()));
        events.extend(own.into_iter().map(|e| {
            let quiet = e.kind.is_quiet();
            (e, quiet)
        }));
    }
    finish(
        old,
        new,
        mode,
        events,
        options.quiet_too,
        Summary { matched: matching.pairs.len(), unchanged, to_confirm, ..Summary::default() },
    )
}

/// Returns `reissue` for the same fiscal year or none known, else `next-year`.
pub fn reports_to_mode(old: &Report, new: &Report) -> Mode {
    let year = |r: &Report| r.document.fiscal_year.as_ref().map(|y| y.year);
    if year(old).zip(year(new)).is_some_and(|(a, b)| a != b) { Mode::NextYear } else { Mode::Reissue }
}

/// Returns the fiscal year a report is about.
pub(crate) fn release_year(report: &Report) -> Option<i32> {
    report.document.fiscal_year.as_ref().map(|y| y.year)
}

fn finish(old: &Report, new: &Report, mode: Mode, events: Vec<(Event, bool)>, quiet_too: bool, mut summary: Summary) -> Diff {
    let mut kept = Vec::new();
    for (mut event, quiet) in events {
        if quiet && !quiet_too {
            *summary.hidden.entry(event.kind.name().to_owned()).or_default() += 1;
            continue;
        }
        event.message = sentence(&event, Lang::En);
        event.id = id(&event);
        kept.push(event);
    }
    // Structure first in another year's release; within a kind, in the order of the new release.
    if mode == Mode::NextYear {
        kept.sort_by_key(|e| e.kind);
    }
    number_twins(&mut kept);
    let mut diff = Diff { old: release(old), new: release(new), mode, events: kept, summary };
    recount(&mut diff);
    diff
}

/// Brings the counts of a diff's summary in line with its events, after some were accepted.
pub fn recount(diff: &mut Diff) {
    let summary = &mut diff.summary;
    summary.kinds.clear();
    let mut changed = BTreeSet::new();
    for event in &diff.events {
        *summary.kinds.entry(event.kind.name().to_owned()).or_default() += 1;
        if matches!(event.kind, EventKind::TextChanged | EventKind::NumberChanged | EventKind::HistoryRewritten) {
            changed.insert((event.side().map(|s| s.record_id.clone()), event.field.clone()));
        }
    }
    summary.field_changes = changed.len();
    summary.accepted = diff.events.iter().filter(|e| e.accepted.is_some()).count();
    summary.worst = diff.events.iter().filter(|e| e.accepted.is_none()).map(|e| e.severity).max();
}

fn release(report: &Report) -> Release {
    let d = &report.document;
    Release {
        document_id: d.document_id.clone(),
        title: d.title.clone(),
        fiscal_year: d.fiscal_year.as_ref().map(|y| y.year),
        stage: d.stage,
        source: d.source.name.clone(),
        sha256: d.source.sha256.clone(),
        records: report.initiatives.len(),
    }
}

/// FNV-1a over what makes the difference this one; sixteen hex digits.
fn id(event: &Event) -> String {
    let side = |s: &Option<Side>| s.as_ref().map(|s| (s.record_id.clone(), s.value.clone().unwrap_or_default())).unwrap_or_default();
    let (old, new) = (side(&event.old), side(&event.new));
    let text: String = event.changes.iter().flat_map(|c| [c.old.as_deref(), c.new.as_deref()]).flatten().collect();
    let parts = [event.kind.name(), &old.0, &old.1, &new.0, &new.1, event.field.as_deref().unwrap_or_default(), &text];
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.join("\u{1f}").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

/// Gives events that say the same twice (two figures of one metric) ids of their own.
fn number_twins(events: &mut [Event]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for event in events {
        let n = seen.entry(event.id.clone()).or_default();
        *n += 1;
        if *n > 1 {
            event.id = format!("{}-{n}", event.id);
        }
    }
}

fn drift_events(cx: &Context<'_>, old: &Report, new: &Report) -> Vec<(Event, bool)> {
    prints_to_drifts(old.document.layout.as_ref(), new.document.layout.as_ref(), &cx.remap)
        .into_iter()
        .map(|d| drift_event(cx, d))
        .collect()
}

fn drift_event(cx: &Context<'_>, drift: Drift) -> (Event, bool) {
    let side = |value: String| Some(Side { value: Some(value), ..Side::default() });
    let mut event = cx.event(EventKind::LayoutDrift, drift.aspect, side(drift.old), side(drift.new), (Vec::new(), Vec::new()));
    event.severity = drift.severity;
    (event, drift.quiet)
}

/// Tells a section's new title once, not for each of its records; and sections that are read on one side only.
fn section_events(cx: &Context<'_>, matching: &Matching, old: &Report, new: &Report) -> Vec<(Event, bool)> {
    let mut renamed = BTreeMap::new();
    let (mut with_old, mut with_new) = (0_usize, 0_usize);
    for pair in &matching.pairs {
        let (Some(a), Some(b)) = (old.initiatives.get(pair.old), new.initiatives.get(pair.new)) else { continue };
        with_old += usize::from(a.section.is_some());
        with_new += usize::from(b.section.is_some());
        if let (Some(x), Some(y)) = (&a.section, &b.section)
            && fold::style(&x.label) == fold::style(&y.label)
            && fold::style(&x.title) != fold::style(&y.title)
        {
            renamed.entry((x.label.clone(), x.title.clone(), y.title.clone())).or_insert((x.places.clone(), y.places.clone()));
        }
    }
    let mut events: Vec<(Event, bool)> = renamed
        .into_iter()
        .map(|((label, x, y), places)| {
            let side = |title: String| Some(Side { section: Some(label.clone()), value: Some(title), ..Side::default() });
            (cx.event(EventKind::Retitled, "section", side(x), side(y), places), false)
        })
        .collect();
    if (with_old == 0) != (with_new == 0) {
        let show = |n: usize| format!("{n} of {} records in a section", matching.pairs.len());
        let drift =
            Drift { aspect: "sections", severity: jisseki_model::Severity::Warn, old: show(with_old), new: show(with_new), quiet: false };
        events.push(drift_event(cx, drift));
    }
    events
}

fn gone_and_come(cx: &Context<'_>, matching: &Matching, old: &Report, new: &Report) -> Vec<(Event, bool)> {
    let get = |records: &[Initiative], i: usize| records.get(i).cloned();
    let mut events = Vec::new();
    for &n in &matching.added {
        let Some(record) = get(&new.initiatives, n) else { continue };
        let parent = split_from(matching, &old.initiatives, &new.initiatives, n);
        let kind = if parent.is_some() { EventKind::Split } else { EventKind::Added };
        let from = parent.and_then(|p| get(&old.initiatives, p));
        let value = |r: &Initiative| Some(r.title.text.clone());
        let places = (from.as_ref().map(|r| r.title.places.clone()).unwrap_or_default(), record.title.places.clone());
        events
            .push((cx.event(kind, "", from.as_ref().map(|r| cx.side(r, value(r))), Some(cx.side(&record, value(&record))), places), false));
    }
    for &o in &matching.removed {
        let Some(record) = get(&old.initiatives, o) else { continue };
        let heir = merged_into(matching, &old.initiatives, &new.initiatives, o);
        let kind = if heir.is_some() { EventKind::Merged } else { EventKind::Removed };
        let into = heir.and_then(|h| get(&new.initiatives, h));
        let value = |r: &Initiative| Some(r.title.text.clone());
        let places = (record.title.places.clone(), into.as_ref().map(|r| r.title.places.clone()).unwrap_or_default());
        events
            .push((cx.event(kind, "", Some(cx.side(&record, value(&record))), into.as_ref().map(|r| cx.side(r, value(r))), places), false));
    }
    events
}
