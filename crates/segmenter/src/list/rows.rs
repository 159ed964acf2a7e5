//! A table's body → what happens from row to row: sections, records, totals, repeated headers.

use super::grid::{Grid, GridCell};
use super::header::{Columns, SAME_X, covers_x};
use crate::document::text_to_section;
use crate::lexicon::TOTAL_WORDS;
use crate::narrow::{squash, squashed};
use crate::numbers::{Label, text_to_label};
use crate::part::{cell_lines, line_text, loose_text};
use crate::profile::{Profile, Role};
use jisseki_layout::{Cell, Line};
use jisseki_model::Section;
use std::ops::Range;

/// Something that starts at a row.
#[derive(Debug, Clone)]
pub(crate) enum Event<'t> {
    /// A record, with its key cell and its label.
    Record(&'t Cell, Label),
    /// A section row, and lines of the record above that run over into it.
    Section(&'t Cell, Section, Vec<&'t Line>),
    /// A totals row.
    Total,
    /// The header again, down to this y.
    Header(f64),
}

/// A row range of the body and what it is; `None` for rows before the first event, which go on with the record before them.
#[derive(Debug, Clone)]
pub(crate) struct Band<'t> {
    pub(crate) event: Option<Event<'t>>,
    pub(crate) y0: f64,
    pub(crate) y1: f64,
}

/// Cuts a table's body into bands.
pub(crate) fn grid_to_bands<'t>(grid: &Grid<'t>, from: usize, columns: &Columns, last: Option<&Label>, profile: &Profile) -> Vec<Band<'t>> {
    let mut starts: Vec<(f64, Event<'t>)> = Vec::new();
    let mut row = from;
    let rows = grid.n_rows();
    let mut before: Option<Label> = last.cloned();
    while row < rows {
        if let Some(again) = header_again(grid, row, columns) {
            starts.push((grid.y_of(row), Event::Header(grid.y_of(again.end))));
            row = again.end;
            continue;
        }
        if let Some(event) = row_to_event(grid, row, columns, before.as_ref(), profile) {
            if let Event::Record(_, l) = &event {
                before = Some(l.clone());
            }
            starts.push((grid.y_of(row), event));
        }
        row += 1;
    }
    starts_to_bands(starts, grid.y_of(from), grid.table.bbox.y1)
}

/// Finds the header's own texts again: at least three of its cells, and half of the row's.
fn header_again(grid: &Grid<'_>, row: usize, columns: &Columns) -> Option<Range<usize>> {
    let cells = grid.rows(row..row + 1);
    // Most texts differ from most headers in their first sign.
    let inked: Vec<(&GridCell<'_>, char)> = cells.iter().filter_map(|c| Some((c, c.tight_chars().next()?))).collect();
    let is_header = |(cell, first): &&(&GridCell<'_>, char)| {
        columns.cells.iter().any(|h| h.own.starts_with(*first) && cell.tight_chars().eq(h.own.chars()))
    };
    let met = inked.iter().filter(is_header).count();
    let end = cells.iter().map(|c| c.cell.row + c.cell.row_span).max()?;
    (met >= 3 && met * 2 >= inked.len()).then_some(row..end)
}

fn starts_to_bands<'t>(starts: Vec<(f64, Event<'t>)>, top: f64, bottom: f64) -> Vec<Band<'t>> {
    let mut out = Vec::new();
    let first = starts.first().map_or(bottom, |s| s.0);
    if first > top + SAME_X {
        out.push(Band { event: None, y0: top, y1: first });
    }
    let ends: Vec<f64> = starts.iter().skip(1).map(|s| s.0).chain([bottom]).collect();
    for ((y0, event), y1) in starts.into_iter().zip(ends) {
        // What follows a repeated header without a key of its own goes on with the record before it.
        let end = if let Event::Header(end) = event { end } else { y1 };
        out.push(Band { event: Some(event), y0, y1: end });
        if end + SAME_X < y1 {
            out.push(Band { event: None, y0: end, y1 });
        }
    }
    out
}

/// Tells what starts at a row.
fn row_to_event<'t>(grid: &Grid<'t>, row: usize, columns: &Columns, last: Option<&Label>, profile: &Profile) -> Option<Event<'t>> {
    let cells = grid.rows(row..row + 1);
    if let Some(event) = section_row(grid, cells, columns, profile) {
        return Some(event);
    }
    if is_total(cells, columns) {
        return Some(Event::Total);
    }
    key_of(cells, columns, last, profile).map(|(c, l)| Event::Record(c, l))
}

/// A cell over at least 80 % of the width, alone in its row, with a short text.
fn section_row<'t>(grid: &Grid<'_>, cells: &[GridCell<'t>], columns: &Columns, profile: &Profile) -> Option<Event<'t>> {
    let wide = cells.iter().map(|c| c.cell).find(|c| c.bbox.width() >= 0.8 * grid.table.bbox.width())?;
    if columns.cells.iter().any(|h| !h.own.is_empty() && (h.bbox.width() - wide.bbox.width()).abs() <= SAME_X) {
        return None;
    }
    let lines: Vec<&Line> = cell_lines(wide).collect();
    let text = loose_text(lines.iter().copied());
    let whole = text_to_section(&text, profile);
    if whole.as_ref().is_none_or(|s| s.label.is_empty()) && lines.len() > 1 {
        // Text that its own row had no room for runs over the rule into this one.
        let labelled = |l: &Line| text_to_section(&line_text(l), profile).filter(|s| !s.label.is_empty());
        let left = |l: &Line| lines.iter().all(|o| l.bbox.x0 <= o.bbox.x0);
        if let Some((own, section)) = lines.iter().copied().find_map(|l| Some((l, labelled(l)?))).filter(|(l, _)| left(l)) {
            let rest = lines.iter().copied().filter(|l| !std::ptr::eq(*l, own)).collect();
            return Some(Event::Section(wide, section, rest));
        }
    }
    if text.is_empty() || text.chars().count() > 80 || text.contains('。') {
        return None;
    }
    let section = whole.unwrap_or(Section { title: text, ..Section::default() });
    Some(Event::Section(wide, section, Vec::new()))
}

fn is_total(cells: &[GridCell<'_>], columns: &Columns) -> bool {
    let named = |c: &GridCell<'_>| {
        let name = || squashed(c.tight_chars()).take_while(|c| *c != '(');
        name().next().is_some_and(|first| TOTAL_WORDS.iter().any(|w| w.starts_with(first) && name().eq(w.chars())))
    };
    // A word of a narrative column is no row's name; a cell merged over several columns is none of them.
    let narrative = |c: &GridCell<'_>| {
        let bbox = &c.cell.bbox;
        let header = columns.slot(bbox).and_then(|s| columns.cells.get(s)).filter(|h| covers_x(&h.bbox, bbox));
        header.is_some_and(|h| matches!(h.role, Role::Plan | Role::Amount | Role::Results | Role::Status | Role::Outlook))
    };
    cells.iter().any(|c| named(c) && !narrative(c))
}

/// Returns the key cell of a row: a label in the number column, or one in front of a title where there is no such column.
fn key_of<'t>(cells: &[GridCell<'t>], columns: &Columns, last: Option<&Label>, profile: &Profile) -> Option<(&'t Cell, Label)> {
    let under = |role: Role| {
        let h = columns.with_role(role).and_then(|i| columns.cells.get(i))?;
        cells.iter().map(|c| c.cell).find(|c| covers_x(&h.bbox, &c.bbox) && h.bbox.x0 < c.bbox.x1)
    };
    if columns.with_role(Role::Number).is_some() {
        let cell = under(Role::Number)?;
        let text = loose_text(cell_lines(cell));
        let label = text_to_label(&text, profile, true).or_else(|| with_note(&text, profile))?;
        return Some((cell, label));
    }
    let cell = under(Role::Title)?;
    let text = loose_text(cell_lines(cell));
    let label = text_to_label(&text, profile, false)?;
    // Without a number column every label must be of one kind: `28 年度…` is no label among `(1)`, `(2)`.
    let same = last.is_none_or(|l| l.grammar == label.grammar);
    same.then_some((cell, label))
}

/// A label with a note after it: `12（再掲）`, `3（続き）`, `５ 新規`.
fn with_note(text: &str, profile: &Profile) -> Option<Label> {
    let label = text_to_label(text, profile, false)?;
    let rest: String = text.chars().skip(label.chars).collect();
    let rest = squash(&rest);
    let note = rest.starts_with(['(', '【', '[', '※']) || rest.chars().count() <= 4 || rest.chars().all(crate::numbers::is_circled);
    note.then_some(label)
}
