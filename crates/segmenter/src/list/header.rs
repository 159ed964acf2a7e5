//! A table's header block → columns with roles.

use super::grid::{Grid, GridCell};
use crate::header::{HeaderReading, Headers, LONGEST_HEADER};
use crate::numbers::text_to_label;
use crate::profile::{Profile, Role};
use crate::vocab::{is_achievement, is_department};
use crate::years::{AxisMark, Era, YearToken, text_to_axis_mark, text_to_year, texts_to_bare_axis, token_to_year};
use jisseki_layout::Table;
use jisseki_model::Rect;
use std::ops::Range;

/// One header cell and what stands under it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HeaderCell {
    /// As printed, blanks left out; parents before it with `/`.
    pub(crate) label: String,
    /// Its own text alone.
    pub(crate) own: String,
    pub(crate) bbox: Rect,
    pub(crate) role: Role,
    pub(crate) score: f64,
    /// Fiscal year in the header: 令和元年度 取組実績.
    pub(crate) year: Option<YearToken>,
    /// The header is a year, or a part of one, and nothing else: a column of the plan's axis.
    pub(crate) axis: Option<AxisMark>,
    /// Stands under a plan's header, and belongs to its grid.
    pub(crate) in_plan: bool,
}

/// One header of a plan's axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct AxisCell {
    pub(crate) x0: f64,
    pub(crate) x1: f64,
    pub(crate) token: YearToken,
    /// First and last month, of a part of a year.
    pub(crate) months: Option<(u8, u8)>,
}

/// The columns of a list table.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Columns {
    pub(crate) cells: Vec<HeaderCell>,
    /// Left and right border of the table they were read from.
    pub(crate) x0: f64,
    pub(crate) x1: f64,
    pub(crate) page: u32,
}

/// Column borders agree within this many points (layout.md §7-7).
pub(crate) const SAME_X: f64 = 3.0;
/// Fewest different roles of a header; fewer are found in any table.
const FEWEST_ROLES: usize = 3;

/// Finds the first header block at or after a row: rows closed under row spans, in which enough cells are header words.
pub(crate) fn grid_to_header_rows(grid: &Grid<'_>, from: usize, headers: &mut Headers, profile: &Profile) -> Option<Range<usize>> {
    // A header further down than this has seldom been seen; titles, units and notes stand above it.
    let last = grid.n_rows().min(from + 6);
    (from..last).find_map(|row| {
        let rows = closed_rows(grid, row)?;
        is_header(grid.rows(rows.clone()), headers, profile).then_some(rows)
    })
}

/// Extends a row to the block that no row span leaves; `None` where the row does not start one, or the block is most of the table.
fn closed_rows(grid: &Grid<'_>, row: usize) -> Option<Range<usize>> {
    let mut end = row + 1;
    loop {
        let reach = grid.rows(row..end).iter().map(|c| c.cell.row + c.cell.row_span).max()?;
        if reach <= end {
            break;
        }
        end = reach;
        if end - row > 6 {
            return None;
        }
    }
    // Seen: two rows; a header of more than six is a body cell that spans records.
    (end - row <= 6).then_some(row..end)
}

fn is_header(cells: &[GridCell<'_>], headers: &mut Headers, profile: &Profile) -> bool {
    let texts: Vec<&str> = cells.iter().map(GridCell::tight).filter(|t| !t.is_empty()).collect();
    let bare_years: Vec<&str> = cells_to_bare_axis(cells).into_iter().map(|(c, _)| c.tight()).collect();
    let number = |t: &str| t.chars().all(|c| c.is_ascii_digit()) && text_to_year(t).is_none() && !bare_years.contains(&t);
    if texts.iter().any(|t| t.chars().count() > LONGEST_HEADER || number(t)) {
        return false;
    }
    let mut roles: Vec<Role> = Vec::new();
    let mut matched = 0;
    for t in &texts {
        if let Some((role, _)) = headers.read(t, profile).best().filter(|b| b.1 >= 0.8) {
            matched += 1;
            if !roles.contains(&role) {
                roles.push(role);
            }
        } else if text_to_axis_mark(t).is_some() || bare_years.contains(t) {
            matched += 1;
        }
    }
    let anchored = roles.iter().any(|r| matches!(r, Role::Number | Role::Title));
    let share = matched as f64 / texts.len().max(1) as f64;
    anchored && roles.iter().any(|r| r.tells_of_work()) && roles.len() >= FEWEST_ROLES && (share > 0.55 || roles.len() > FEWEST_ROLES)
}

/// Reads the columns of a header block: paths over parent cells, roles by header and by what the column holds.
///
/// Roles are taken over from columns that were read before, where every header is the same: what a column holds may differ from page to page,
/// what it means doesn't.
pub(crate) fn rows_to_columns(
    grid: &Grid<'_>,
    rows: &Range<usize>,
    page: u32,
    known: Option<&Columns>,
    near: Option<i32>,
    headers: &mut Headers,
    profile: &Profile,
) -> Columns {
    let mut out: Vec<HeaderCell> = grid.rows(rows.clone()).iter().map(cell_to_header).collect();
    for (cell, token) in cells_to_bare_axis(grid.rows(rows.clone())) {
        out.iter_mut().filter(|h| h.bbox == cell.cell.bbox).for_each(|h| h.axis = Some(AxisMark { token: Some(token), months: None }));
    }
    let parents: Vec<String> = out.iter().map(|c| parent_path(c, &out)).collect();
    for (c, parent) in out.iter_mut().zip(&parents) {
        if !parent.is_empty() {
            c.label = format!("{parent}/{}", c.own);
        }
    }
    let readings: Vec<HeaderReading> = out.iter().map(|c| headers.read(&c.own, profile)).collect();
    for (c, r) in out.iter_mut().zip(&readings) {
        c.year = r.year;
    }
    let known = |cells: &[HeaderCell]| known.filter(|k| k.cells.iter().map(|h| &h.label).eq(cells.iter().map(|h| &h.label)));
    if known(&out).is_none() {
        let body: Vec<Vec<&str>> = out.iter().map(|c| column_texts(grid, rows.end, &c.bbox)).collect();
        assign_roles(&mut out, &readings, &body, near, profile);
        find_plan(&mut out, &body, profile.part_years);
        find_number(&mut out, &body, profile);
    }
    if let Some(known) = known(&out) {
        for (c, k) in out.iter_mut().zip(&known.cells) {
            (c.role, c.score, c.in_plan) = (k.role, k.score, k.in_plan);
        }
    }
    date_parts(&mut out, near);
    Columns { cells: out, x0: grid.table.bbox.x0, x1: grid.table.bbox.x1, page }
}

/// Finds the cells of a header block that hold bare years: a row of narrow cells 28, 29, 30, 元 under one wider cell.
fn cells_to_bare_axis<'g, 't>(cells: &'g [GridCell<'t>]) -> Vec<(&'g GridCell<'t>, YearToken)> {
    let wide = |p: &&GridCell<'_>| p.cell.col_span >= 3 && !p.tight().is_empty();
    for parent in cells.iter().filter(wide) {
        let under = |c: &&GridCell<'_>| c.cell.row == parent.cell.row + parent.cell.row_span && covers_x(&parent.cell.bbox, &c.cell.bbox);
        let row: Vec<&GridCell<'_>> = cells.iter().filter(under).collect();
        // An item column may stand before the years.
        for from in 0..row.len().min(2) {
            let row = row.get(from..).unwrap_or_default();
            let texts: Vec<&str> = row.iter().map(|c| c.tight()).collect();
            if let Some(tokens) = texts_to_bare_axis(&texts) {
                return row.iter().copied().zip(tokens).collect();
            }
        }
    }
    Vec::new()
}

fn cell_to_header(c: &GridCell<'_>) -> HeaderCell {
    let own = c.tight().to_string();
    HeaderCell {
        label: own.clone(),
        axis: text_to_axis_mark(&own),
        own,
        bbox: c.cell.bbox,
        role: Role::Extra,
        score: 0.0,
        year: None,
        in_plan: false,
    }
}

/// Returns the texts of the wider cells above, top down, joined with `/`.
fn parent_path(c: &HeaderCell, all: &[HeaderCell]) -> String {
    let mut above: Vec<&HeaderCell> = all
        .iter()
        .filter(|p| {
            p.bbox.y1 <= c.bbox.y0 + SAME_X && p.bbox.width() > c.bbox.width() + SAME_X && covers_x(&p.bbox, &c.bbox) && !p.own.is_empty()
        })
        .collect();
    above.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0));
    above.iter().map(|p| p.own.as_str()).collect::<Vec<_>>().join("/")
}

/// Tells whether `a` holds all of `b` from left to right.
pub(crate) fn covers_x(a: &Rect, b: &Rect) -> bool {
    a.x0 - SAME_X <= b.x0 && b.x1 <= a.x1 + SAME_X
}

/// Share of the union of two x-ranges that both cover.
fn overlap_x(a: &Rect, b: &Rect) -> f64 {
    let both = a.x1.min(b.x1) - a.x0.max(b.x0);
    let all = a.x1.max(b.x1) - a.x0.min(b.x0);
    if both <= 0.0 || all <= 0.0 { 0.0 } else { both / all }
}

/// Up to 24 texts of body cells under a header.
fn column_texts<'g>(grid: &'g Grid<'_>, from: usize, header: &Rect) -> Vec<&'g str> {
    let under = grid.rows(from..grid.n_rows()).iter().filter(|c| overlap_x(&c.cell.bbox, header) > 0.8);
    under.take(24).map(GridCell::tight).filter(|t| !t.is_empty()).collect()
}

/// How well a column's texts fit a role, 0..=1; 0.5 where nothing can be told.
fn content_fit(role: Role, texts: &[&str], profile: &Profile) -> f64 {
    if texts.is_empty() {
        return 0.5;
    }
    let share = |f: &dyn Fn(&str) -> bool| texts.iter().filter(|t| f(t)).count() as f64 / texts.len() as f64;
    let mean = texts.iter().map(|t| t.chars().count()).sum::<usize>() as f64 / texts.len() as f64;
    match role {
        Role::Number => share(&|t| text_to_label(t, profile, false).is_some() && t.chars().count() <= 12),
        Role::Departments => share(&|t| t.chars().count() <= 80 && (is_department(t) || t.contains('課') || t.contains('部'))),
        Role::Achievement => share(&|t| t.chars().count() <= 16 || is_achievement(t, profile)),
        // Narratives are long: 40 chars and more.
        Role::Results | Role::Status | Role::Outlook => (mean / 40.0).min(1.0),
        Role::Title => share(&|t| t.chars().count() <= 80),
        Role::Plan | Role::Section | Role::Target | Role::Amount | Role::Extra => 0.5,
    }
}

/// Gives each role to the cell that fits it best (0.7 header, 0.3 content), best pairs first; what is left stays an extra column.
fn assign_roles(cells: &mut [HeaderCell], readings: &[HeaderReading], body: &[Vec<&str>], near: Option<i32>, profile: &Profile) {
    let mut pairs: Vec<(f64, usize, Role)> = Vec::new();
    for (i, r) in readings.iter().enumerate() {
        for (role, score) in &r.scores {
            let texts = body.get(i).map_or(&[][..], Vec::as_slice);
            let fit = content_fit(*role, texts, profile);
            // 進捗状況 is a state only where states stand under it.
            let states = || texts.iter().filter(|t| is_achievement(t, profile)).count();
            if *role == Role::Achievement && *score < 0.8 && (texts.is_empty() || states() * 5 < texts.len() * 4) {
                continue;
            }
            let current = r.year.and_then(|t| token_to_year(t, near)).map_or(0.0, |y| if near == Some(y) { 0.06 } else { 0.0 });
            pairs.push((0.7 * score + 0.3 * fit + current, i, *role));
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut taken: Vec<Role> = Vec::new();
    let mut done = vec![false; cells.len()];
    for (score, i, role) in pairs {
        let free = !done.get(i).copied().unwrap_or(true) && (!taken.contains(&role) || !role.is_field());
        if let (true, Some(c), Some(d)) = (free && score >= 0.4, cells.get_mut(i), done.get_mut(i)) {
            (c.role, c.score) = (role, score.min(1.0));
            *d = true;
            taken.push(role);
        }
    }
}

/// Marks the plan's grid: what stands under its header, or, without one, neighboring columns that are years over short words.
///
/// Parts of years count as years where the profile says so; else columns without a plan's header over them are no plan's.
fn find_plan(cells: &mut Vec<HeaderCell>, body: &[Vec<&str>], part_years: bool) {
    if let Some(plan) = cells.iter().find(|c| c.role == Role::Plan).map(|c| c.bbox) {
        for c in cells.iter_mut() {
            if c.role != Role::Plan && c.bbox.y0 >= plan.y1 - SAME_X && covers_x(&plan, &c.bbox) {
                (c.in_plan, c.role) = (true, Role::Extra);
            }
        }
        return;
    }
    let years: Vec<usize> =
        (0..cells.len()).filter(|i| cells.get(*i).and_then(|c| c.axis).is_some_and(|a| part_years || a.months.is_none())).collect();
    let long = |i: &usize| body.get(*i).is_some_and(|t| t.iter().any(|t| t.chars().count() > 24));
    if years.len() < 2 || years.iter().any(long) {
        return;
    }
    let bbox = years.iter().filter_map(|i| cells.get(*i)).fold(Rect::EMPTY, |b, c| b.union(c.bbox));
    for i in &years {
        if let Some(c) = cells.get_mut(*i) {
            c.in_plan = true;
        }
    }
    let above =
        cells.iter_mut().find(|c| c.axis.is_none() && c.bbox.y1 <= bbox.y0 + SAME_X && covers_x(&c.bbox, &bbox) && c.role == Role::Extra);
    match above {
        Some(c) => (c.role, c.score) = (Role::Plan, 0.8),
        None => cells.push(HeaderCell {
            label: String::new(),
            own: String::new(),
            bbox,
            role: Role::Plan,
            score: 0.7,
            year: None,
            axis: None,
            in_plan: false,
        }),
    }
}

/// Gives the parts of years the year that stands over them, or the report's own.
fn date_parts(cells: &mut [HeaderCell], near: Option<i32>) {
    let years: Vec<(Rect, YearToken)> =
        cells.iter().filter_map(|c| Some((c.bbox, c.axis.map_or(c.year, |a| if a.months.is_none() { a.token } else { None })?))).collect();
    for c in cells.iter_mut() {
        let above = |b: &Rect| b.y1 <= c.bbox.y0 + SAME_X && covers_x(b, &c.bbox);
        let token = years.iter().rfind(|(b, _)| above(b)).map(|y| y.1);
        if let Some(AxisMark { token: own @ None, months: Some(_) }) = &mut c.axis {
            *own = token.or(near.map(|n| YearToken { era: Some(Era::Western), n }));
        }
    }
}

/// Without a header for it, the number column is one whose cells are labels.
fn find_number(cells: &mut [HeaderCell], body: &[Vec<&str>], profile: &Profile) {
    if cells.iter().any(|c| c.role == Role::Number) {
        return;
    }
    let labels = |texts: &[&str]| texts.iter().filter(|t| text_to_label(t, profile, true).is_some()).count();
    let found =
        cells.iter().zip(body).position(|(c, t)| c.role == Role::Extra && !c.in_plan && t.len() >= 2 && labels(t) * 5 >= t.len() * 4);
    if let Some(c) = found.and_then(|i| cells.get_mut(i)) {
        (c.role, c.score) = (Role::Number, 0.8);
    }
}

impl Columns {
    /// Returns the position of the cell with this role.
    pub(crate) fn with_role(&self, role: Role) -> Option<usize> {
        self.cells.iter().position(|c| c.role == role)
    }

    /// Returns the header that a body cell stands under: the one of nearest x-range; the plan's for all of its grid.
    pub(crate) fn slot(&self, cell: &Rect) -> Option<usize> {
        if let Some(p) = self.with_role(Role::Plan)
            && self.cells.get(p).is_some_and(|h| covers_x(&h.bbox, cell))
        {
            return Some(p);
        }
        let candidates = self.cells.iter().enumerate().filter(|(_, h)| !h.in_plan).map(|(i, h)| (overlap_x(&h.bbox, cell), i));
        candidates.filter(|(o, _)| *o > 0.0).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, i)| i)
    }

    /// Returns the plan's axis: its finest headers, from left to right.
    pub(crate) fn axis(&self) -> Vec<AxisCell> {
        let marks = || self.cells.iter().filter(|c| c.in_plan).filter_map(|c| Some((c.bbox, c.axis?)));
        let coarse = |b: &Rect| marks().any(|(o, _)| o.y0 >= b.y1 - SAME_X && o.width() < b.width() - SAME_X && covers_x(b, &o));
        let cell = |(b, a): (Rect, AxisMark)| Some(AxisCell { x0: b.x0, x1: b.x1, token: a.token?, months: a.months });
        let mut out: Vec<AxisCell> = marks().filter(|(b, _)| !coarse(b)).filter_map(cell).collect();
        out.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        out
    }

    /// Returns all headers of the same x-range as this one, top down: roles that are stacked in one column.
    pub(crate) fn stack(&self, slot: usize) -> Vec<usize> {
        let Some(own) = self.cells.get(slot) else { return vec![slot] };
        let mut same: Vec<usize> = (0..self.cells.len())
            .filter(|i| {
                self.cells.get(*i).is_some_and(|h| {
                    !h.in_plan
                        && !h.own.is_empty()
                        && (h.bbox.x0 - own.bbox.x0).abs() <= SAME_X
                        && (h.bbox.x1 - own.bbox.x1).abs() <= SAME_X
                })
            })
            .collect();
        same.sort_by(|a, b| {
            let y = |i: &usize| self.cells.get(*i).map_or(0.0, |h| h.bbox.y0);
            y(a).total_cmp(&y(b))
        });
        if same.is_empty() { vec![slot] } else { same }
    }

    /// Fits the columns to a table without header: moved and scaled to its borders, where most of its column borders then agree.
    pub(crate) fn fitted(&self, table: &Table) -> Option<Columns> {
        let (w, v) = (self.x1 - self.x0, table.bbox.width());
        // Same widths within 2 % after a shift (layout.md §7-7).
        if w <= 0.0 || ((v - w) / w).abs() > 0.02 {
            return None;
        }
        let x = |x: f64| table.bbox.x0 + (x - self.x0) * v / w;
        let mut out = self.clone();
        for c in &mut out.cells {
            (c.bbox.x0, c.bbox.x1) = (x(c.bbox.x0), x(c.bbox.x1));
        }
        (out.x0, out.x1) = (table.bbox.x0, table.bbox.x1);
        let borders: Vec<f64> = out.cells.iter().filter(|c| !c.in_plan).flat_map(|c| [c.bbox.x0, c.bbox.x1]).collect();
        let met = borders.iter().filter(|b| table.xs.iter().any(|t| (t - **b).abs() <= SAME_X)).count();
        (met * 10 >= borders.len() * 8).then_some(out)
    }
}
