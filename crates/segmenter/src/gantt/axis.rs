//! The year axis of a plan: inner header or table header → columns with fiscal years.

use super::runs::Run;
use crate::list::AxisCell;
use crate::part::{tight_chars, tight_text};
use crate::years::{YearToken, axis_to_years, may_be_year, text_to_year, texts_to_bare_axis};
use jisseki_layout::{Cell, Ruling};
use jisseki_model::Rect;
use std::borrow::Cow;

/// One year's column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct YearColumn {
    pub(crate) x0: f64,
    pub(crate) x1: f64,
    pub(crate) year: i32,
    /// First and last month, where it is a part of its year.
    pub(crate) months: Option<(u8, u8)>,
}

/// The axis of a plan on one page.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Axis {
    pub(crate) columns: Vec<YearColumn>,
    /// Lower edge of the inner header; the area's top where the years stand in the table's own header.
    pub(crate) bottom: f64,
    /// Boxes of the year texts.
    pub(crate) marks: Vec<Rect>,
    /// No rulings between the years: bounds are midpoints.
    pub(crate) from_text: bool,
}

impl Axis {
    /// Left border of the first year.
    pub(crate) fn left(&self) -> f64 {
        self.columns.first().map_or(f64::INFINITY, |c| c.x0)
    }
    /// Right border of the last year.
    pub(crate) fn right(&self) -> f64 {
        self.columns.last().map_or(f64::NEG_INFINITY, |c| c.x1)
    }
}

/// A year of the axis, as it stands in the area.
struct Mark {
    bbox: Rect,
    /// Middle of its line, or of its cell where it fills one.
    y: f64,
    em: f64,
    token: YearToken,
}

/// Finds the years of an area: cells that hold a year and nothing else, in however many lines, and runs outside of them.
fn area_to_marks(runs: &[Run<'_>], cells: &[&Cell]) -> Vec<Mark> {
    let mut out: Vec<Mark> = Vec::new();
    let mut filled: Vec<Rect> = Vec::new();
    let may_hold_one = |c: &&&Cell| c.tables.is_empty() && (1..=4).contains(&c.lines.len()) && may_be_year(tight_chars(&c.lines));
    for c in cells.iter().filter(may_hold_one) {
        if let Some(token) = text_to_year(&tight_text(&c.lines)) {
            let bbox = c.lines.iter().fold(Rect::EMPTY, |b, l| b.union(l.bbox));
            let em = c.lines.iter().map(|l| l.em).fold(0.0, f64::max);
            // A column without a rule under its year goes on to the table's end: its middle says nothing.
            let y = if c.bbox.height() <= 4.0 * em { c.bbox.center().y } else { bbox.center().y };
            out.push(Mark { bbox, y, em, token });
            filled.push(c.bbox);
        }
    }
    let free = runs.iter().filter(|r| !filled.iter().any(|f| f.contains(r.bbox.center())));
    out.extend(free.filter_map(|r| Some(Mark { bbox: r.bbox, y: r.bbox.center().y, em: r.line.em, token: text_to_year(&r.text)? })));
    out.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    if out.len() < 2 { bare_marks(runs) } else { out }
}

/// Finds a row of bare numbers that can only be years.
fn bare_marks(runs: &[Run<'_>]) -> Vec<Mark> {
    let mut sorted: Vec<&Run<'_>> = runs.iter().filter(|r| r.text.chars().count() <= 3).collect();
    sorted.sort_by(|a, b| a.bbox.center().y.total_cmp(&b.bbox.center().y).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    let Some(first) = sorted.first() else { return Vec::new() };
    let mut row: Vec<&Run<'_>> =
        sorted.iter().filter(|r| same_row(r.bbox.center().y, first.bbox.center().y, first.line.em)).copied().collect();
    row.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    let texts: Vec<&str> = row.iter().map(|r| r.text.as_str()).collect();
    let tokens = texts_to_bare_axis(&texts).unwrap_or_default();
    row.iter().zip(tokens).map(|(r, token)| Mark { bbox: r.bbox, y: r.bbox.center().y, em: r.line.em, token }).collect()
}

fn same_row(a: f64, b: f64, em: f64) -> bool {
    (a - b).abs() <= 0.6 * em
}

/// Finds the topmost row of at least two years in an area.
pub(crate) fn runs_to_axis(runs: &[Run<'_>], area: &Rect, cells: &[&Cell], rulings: &[Cow<'_, Ruling>], near: Option<i32>) -> Option<Axis> {
    let years = area_to_marks(runs, cells);
    let row = years.iter().enumerate().find_map(|(i, first)| {
        let mut same: Vec<&Mark> = years.iter().skip(i).filter(|m| same_row(m.y, first.y, first.em)).collect();
        same.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
        (same.len() >= 2).then_some(same)
    })?;
    let tokens: Vec<YearToken> = row.iter().map(|m| m.token).collect();
    let marks: Vec<Rect> = row.iter().map(|m| m.bbox).collect();
    let em = row.first().map_or(0.0, |m| m.em);
    let bottom = marks.iter().map(|m| m.y1.max(header_cell_bottom(m, cells, em))).fold(area.y0, f64::max);
    let borders = area_to_borders(area, cells, rulings, bottom);
    let (bounds, from_text) = marks_to_bounds(&marks, &borders, area);
    let columns = bounds
        .iter()
        .zip(axis_to_years(&tokens, near))
        .map(|((x0, x1), year)| YearColumn { x0: *x0, x1: *x1, year, months: None })
        .collect();
    Some(Axis { columns, bottom, marks, from_text })
}

/// Lower border of the inner header's cell a year stands in: `28年 / 度` goes on in a second line. A cell of over four lines is no header.
fn header_cell_bottom(mark: &Rect, cells: &[&Cell], em: f64) -> f64 {
    let own = cells.iter().filter(|c| c.bbox.contains(mark.center()) && c.bbox.y1 - mark.y0 <= 4.0 * em);
    own.map(|c| c.bbox.y1).fold(f64::NEG_INFINITY, f64::max)
}

/// Makes the axis of years, or parts of them, that stand in the table's own header.
pub(crate) fn header_to_axis(header: &[AxisCell], area: &Rect, near: Option<i32>) -> Option<Axis> {
    // The parts of one year share it.
    let mut tokens: Vec<YearToken> = header.iter().map(|h| h.token).collect();
    tokens.dedup();
    let years = axis_to_years(&tokens, near);
    let year_of = |t: YearToken| tokens.iter().position(|o| *o == t).and_then(|i| years.get(i)).copied();
    let column = |h: &AxisCell| Some(YearColumn { x0: h.x0, x1: h.x1, year: year_of(h.token)?, months: h.months });
    let columns = header.iter().filter_map(column).collect();
    (header.len() >= 2).then_some(Axis { columns, bottom: area.y0, marks: Vec::new(), from_text: false })
}

/// x positions of vertical lines in the area: drawn rulings and cell borders.
fn area_to_borders(area: &Rect, cells: &[&Cell], rulings: &[Cow<'_, Ruling>], header_bottom: f64) -> Vec<f64> {
    let inside = |x: f64| area.x0 - 1.0 <= x && x <= area.x1 + 1.0;
    let mut out: Vec<f64> = rulings
        .iter()
        .filter(|r| !r.horizontal && inside(r.position) && r.start < header_bottom && r.end > area.y0)
        .map(|r| r.position)
        .collect();
    let edges = cells.iter().filter(|c| c.bbox.y0 < header_bottom).flat_map(|c| [c.bbox.x0, c.bbox.x1]);
    out.extend(edges.filter(|x| inside(*x)));
    out.extend(cells.iter().flat_map(|c| c.tables.iter()).flat_map(|t| t.xs.iter().copied()).filter(|x| inside(*x)));
    out.extend([area.x0, area.x1]);
    out.sort_by(f64::total_cmp);
    out
}

/// Finds the border between each two neighbors, and the outer ones; midpoints where nothing is drawn.
fn marks_to_bounds(marks: &[Rect], borders: &[f64], area: &Rect) -> (Vec<(f64, f64)>, bool) {
    let centers: Vec<f64> = marks.iter().map(|m| m.center().x).collect();
    let pitch = match (centers.first(), centers.last()) {
        (Some(a), Some(b)) if centers.len() > 1 => (b - a) / (centers.len() as f64 - 1.0),
        _ => area.width(),
    };
    let mut guessed = false;
    let mut between = |a: f64, b: f64, ideal: f64| {
        let found = borders.iter().copied().filter(|x| a < *x && *x < b).min_by(|p, q| (p - ideal).abs().total_cmp(&(q - ideal).abs()));
        guessed |= found.is_none();
        found.unwrap_or(ideal)
    };
    let mut xs = Vec::new();
    if let (Some(first), Some(last)) = (centers.first(), centers.last()) {
        xs.push(between(first - 0.8 * pitch, *first, first - 0.5 * pitch).max(area.x0));
        xs.extend(centers.windows(2).filter_map(|w| Some(between(*w.first()?, *w.get(1)?, (w.first()? + w.get(1)?) / 2.0))));
        xs.push(between(*last, last + 0.8 * pitch, last + 0.5 * pitch).min(area.x1 + 4.0));
    }
    (xs.windows(2).filter_map(|w| Some((*w.first()?, *w.get(1)?))).collect(), guessed)
}

/// Returns the first and last column that an x-range covers to at least 0.35 (layout.md §9-3); the one that holds its center where none is.
pub(crate) fn span_to_columns(columns: &[YearColumn], x0: f64, x1: f64) -> Option<(usize, usize)> {
    let cover = |c: &YearColumn| (x1.min(c.x1) - x0.max(c.x0)).max(0.0) / (c.x1 - c.x0).max(0.1);
    let hit: Vec<usize> = columns.iter().enumerate().filter(|(_, c)| cover(c) >= 0.35).map(|(i, _)| i).collect();
    match (hit.first(), hit.last()) {
        (Some(a), Some(b)) => Some((*a, *b)),
        _ => {
            let center = (x0 + x1) / 2.0;
            columns.iter().position(|c| c.x0 <= center && center <= c.x1).map(|i| (i, i))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_the_columns_that_are_mostly_covered() {
        let c: Vec<YearColumn> =
            (0..4).map(|i| YearColumn { x0: f64::from(i) * 10.0, x1: f64::from(i) * 10.0 + 10.0, year: 2016 + i, months: None }).collect();
        assert_eq!(span_to_columns(&c, 0.5, 10.5), Some((0, 0)));
        assert_eq!(span_to_columns(&c, 10.4, 41.0), Some((1, 3)));
        assert_eq!(span_to_columns(&c, 16.0, 41.0), Some((1, 3)));
        assert_eq!(span_to_columns(&c, 17.0, 41.0), Some((2, 3)));
        assert_eq!(span_to_columns(&c, 12.0, 14.0), Some((1, 1)));
        assert_eq!(span_to_columns(&c, 50.0, 60.0), None);
    }

    #[test]
    fn a_year_of_two_lines_reaches_to_its_cells_border() {
        let cell = |y1| Cell { bbox: Rect::new(0.0, 0.0, 20.0, y1), ..Cell::default() };
        let mark = Rect::new(2.0, 1.0, 16.0, 9.0);
        assert_eq!(header_cell_bottom(&mark, &[&cell(20.0)], 8.0), 20.0);
        // A column without a rule under its year goes on to the table's end: no header cell.
        assert_eq!(header_cell_bottom(&mark, &[&cell(90.0)], 8.0), f64::NEG_INFINITY);
    }

    #[test]
    fn bounds_come_from_borders_and_else_from_midpoints() {
        let marks = [Rect::new(11.0, 0.0, 19.0, 8.0), Rect::new(31.0, 0.0, 39.0, 8.0)];
        let area = Rect::new(0.0, 0.0, 50.0, 50.0);
        assert_eq!(marks_to_bounds(&marks, &[0.0, 6.0, 24.0, 46.0, 50.0], &area).0, [(6.0, 24.0), (24.0, 46.0)]);
        assert_eq!(marks_to_bounds(&marks, &[], &area), (vec![(5.0, 25.0), (25.0, 45.0)], true));
    }
}
