//! The item column of a plan → items with the stretch of the page that is theirs.

use super::runs::{Run, run_to_line};
use crate::ledger::{Class, Ledger};
use crate::part::{Part, Read, parts_to_paragraphs};
use jisseki_layout::{Cell, Line};
use jisseki_model::{Place, ScheduleItem};
use std::borrow::Cow;

/// An item and its stretch on one page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Item {
    pub(crate) item: ScheduleItem,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    /// Stands in a box of its own.
    pub(crate) floating: bool,
}

/// Reads items: at their □ or other mark, at inner rows, or a paragraph each; texts in boxes of their own are items too.
///
/// `earlier` are the items of the pages before: where items have marks, a first line without one goes on with the last of them, which is then
/// taken over.
pub(crate) fn runs_to_items(runs: &[Run<'_>], part: &Part<'_>, cells: &[&Cell], earlier: &mut Vec<Item>, ledger: &mut Ledger) -> Vec<Item> {
    let mut rows: Vec<(Option<usize>, Vec<Line>)> = Vec::new();
    for line in runs_to_lines(runs) {
        let cell = cells.iter().position(|c| c.bbox.contains(line.bbox.center()));
        match rows.last_mut() {
            Some((c, lines)) if *c == cell => lines.push(line),
            _ => rows.push((cell, vec![line])),
        }
    }
    let inner_rows = rows.len() > 1;
    let mut out: Vec<Item> = Vec::new();
    for (cell, lines) in &rows {
        let own = Part { lines: lines.iter().map(Cow::Borrowed).collect(), bbox: part.bbox, ..*part };
        let reads = parts_to_paragraphs(&[own], ledger, Class::Record);
        let marked = reads.iter().any(|r| r.paragraph.marker.is_some());
        let bbox = cell.and_then(|i| cells.get(i)).map(|c| c.bbox);
        for (i, read) in reads.into_iter().enumerate() {
            let unmarked = read.paragraph.marker.is_none();
            let note = unmarked && read.paragraph.text.starts_with(['（', '(']);
            let same_row = i > 0 && inner_rows && !marked && !read.floating;
            // Only a mark begins an item among items with marks, or a line that stands apart.
            let within = |last: &Item| unmarked && !read.floating && last.item.marker.is_some() && !stands_apart(last, &read);
            if out.is_empty() && earlier.last().is_some_and(within) {
                out.extend(earlier.pop().map(|i| Item { top: part.bbox.y0, ..i }));
            }
            let first = i == 0 && out.last().is_none_or(|l| l.item.places.last().is_none_or(|p| p.page == part.number));
            let goes_on = |last: &Item| {
                // The lines of one floating box are one item.
                let boxed = read.floating && last.floating && is_next_line(last, &read);
                same_row || (within(last) && !first) || boxed || (note && (i > 0 || read.floating)) || is_remark(last, &read)
            };
            match out.last_mut() {
                Some(last) if goes_on(last) => extend(last, &read),
                _ => out.push(read_to_item(read, part, if i == 0 && inner_rows { bbox.map(|b| b.y0) } else { None })),
            }
        }
    }
    let tops: Vec<f64> = out.iter().skip(1).map(|i| i.top).chain([part.bbox.y1]).collect();
    for (item, bottom) in out.iter_mut().zip(tops) {
        item.bottom = bottom;
    }
    out
}

/// Puts the runs of the item column back into lines, in reading order.
fn runs_to_lines(runs: &[Run<'_>]) -> Vec<Line> {
    runs.chunk_by(|a, b| std::ptr::eq(a.line, b.line)).filter_map(run_to_line).collect()
}

fn read_to_item(read: Read, part: &Part<'_>, top: Option<f64>) -> Item {
    let p = read.paragraph;
    let first = p.places.first().map_or(part.bbox.y0, |p| p.bbox.y0);
    let item = ScheduleItem { text: p.text, marker: p.marker, raw: p.raw, places: p.places, ink: p.ink, ..ScheduleItem::default() };
    Item { item, top: top.unwrap_or(first), bottom: first, floating: read.floating }
}

/// Tells whether a text is a remark in brackets on the item right above it: （上記３取組を含む）.
fn is_remark(last: &Item, read: &Read) -> bool {
    let text = read.paragraph.text.as_str();
    let whole =
        text.starts_with(['（', '(']) && text.find(['）', ')']).is_some_and(|at| text.get(at..).is_some_and(|t| t.chars().count() == 1));
    let below = |a: &Place, b: &Place| {
        a.page == b.page
            && (0.0..2.0 * b.bbox.height()).contains(&(b.bbox.y0 - a.bbox.y1))
            && a.bbox.x0 < b.bbox.x1
            && b.bbox.x0 < a.bbox.x1
    };
    let places = last.item.places.last().zip(read.paragraph.places.first());
    read.paragraph.marker.is_none() && whole && places.is_some_and(|(a, b)| below(a, b))
}

/// Tells whether a blank line lies between an item and what stands below it.
fn stands_apart(last: &Item, read: &Read) -> bool {
    match (last.item.places.last(), read.paragraph.places.first()) {
        (Some(above), Some(below)) => above.page == below.page && below.bbox.y0 - above.bbox.y1 > 0.8 * below.bbox.height(),
        _ => false,
    }
}

/// Tells whether a line stands right under the item's last one.
fn is_next_line(last: &Item, read: &Read) -> bool {
    match (last.item.places.last(), read.paragraph.places.first()) {
        (Some(a), Some(b)) => {
            let (above, below) = (a.bbox, b.bbox);
            a.page == b.page && below.y0 - above.y1 < above.height() && above.x0 < below.x1 && below.x0 < above.x1
        }
        _ => false,
    }
}

fn extend(last: &mut Item, read: &Read) {
    let p = &read.paragraph;
    let marker = p.marker.as_deref().unwrap_or("");
    last.item.text.push_str(marker);
    // The marker's ink is not kept by the layout: its place is the line's start.
    let first = p.ink.first().copied().unwrap_or_default();
    last.item.ink.extend(marker.chars().map(|_| first).chain(p.ink.iter().copied()));
    last.item.text.push_str(&p.text);
    last.item.raw.push('\n');
    last.item.raw.push_str(&p.raw);
    last.item.places.extend(p.places.iter().copied());
}
