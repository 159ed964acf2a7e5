//! One component of edges → slots and walls → cells with spans (layout.md §4).

use crate::edges::{Edge, Inkwell};
use crate::{LayoutParams, RulingStyle};
use jisseki_model::Rect;
use smallvec::{SmallVec, smallvec};
use std::collections::BTreeSet;

/// A cell before it has text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Region {
    pub(crate) row: usize,
    pub(crate) col: usize,
    pub(crate) row_span: usize,
    pub(crate) col_span: usize,
    pub(crate) confidence: f64,
}

/// What the borders of a table rest on.
pub(crate) use crate::types::Evidence;

/// A lattice: its lines and its cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Lattice {
    pub(crate) xs: Vec<f64>,
    pub(crate) ys: Vec<f64>,
    pub(crate) regions: Vec<Region>,
    /// A region that was no rectangle had to be cut.
    pub(crate) cut: bool,
    /// Walls drawn only in part.
    pub(crate) ambiguous: usize,
    /// A side is not drawn.
    pub(crate) open_top: bool,
    pub(crate) open_bottom: bool,
    pub(crate) evidence: Evidence,
}

impl Lattice {
    pub(crate) fn bbox(&self) -> Rect {
        match (self.xs.first(), self.ys.first(), self.xs.last(), self.ys.last()) {
            (Some(&x0), Some(&y0), Some(&x1), Some(&y1)) => Rect { x0, y0, x1, y1 },
            _ => Rect::EMPTY,
        }
    }
    pub(crate) fn region_box(&self, r: &Region) -> Rect {
        let at = |v: &[f64], i: usize| v.get(i).copied().unwrap_or(f64::NAN);
        Rect {
            x0: at(&self.xs, r.col),
            y0: at(&self.ys, r.row),
            x1: at(&self.xs, r.col + r.col_span),
            y1: at(&self.ys, r.row + r.row_span),
        }
    }
}

/// A position and the edges that lie there.
type Position = (f64, SmallVec<[usize; 4]>);

/// Distinct positions of edges of one orientation.
///
/// Positions nearer than the snap are one; positions a little farther apart are one if their edges lie in different parts of the table
/// and no text stands between them (the same border drawn a bit off in another row).
fn positions(edges: &[&Edge], horizontal: bool, ink: &Inkwell<'_>, params: &LayoutParams) -> Vec<Position> {
    let mut order: Vec<usize> = (0..edges.len()).filter(|&i| edges.get(i).is_some_and(|e| e.horizontal == horizontal)).collect();
    let pos = |i: usize| edges.get(i).map_or(0.0, |e| e.pos);
    order.sort_by(|&a, &b| pos(a).total_cmp(&pos(b)).then(a.cmp(&b)));
    let mut lines: Vec<Position> = Vec::with_capacity(order.len());
    for i in order {
        let Some(e) = edges.get(i) else { continue };
        if let Some((_, members)) = lines.last_mut() {
            let first = members.first().map_or(e.pos, |&m| pos(m));
            let last = members.last().map_or(e.pos, |&m| pos(m));
            let apart = members.iter().filter_map(|&m| edges.get(m)).all(|m| e.start.max(m.start) >= e.end.min(m.end) - params.junction);
            let empty = || {
                members
                    .iter()
                    .filter_map(|&m| edges.get(m))
                    .all(|m| !ink.between(horizontal, m.pos, e.pos, m.start.min(e.start), m.end.max(e.end)))
            };
            if e.pos - last <= params.snap && e.pos - first <= params.snap_cap || apart && e.pos - first <= params.staggered && empty() {
                members.push(i);
                continue;
            }
        }
        lines.push((e.pos, smallvec![i]));
    }
    for (p, members) in &mut lines {
        let (w, s) = members.iter().filter_map(|&m| edges.get(m)).fold((0.0, 0.0), |(w, s), e| {
            let l = e.length().max(0.01) * if e.hard() { 1.0 } else { 1e-3 };
            (w + l, s + l * e.pos)
        });
        *p = s / w;
    }
    lines
}

/// Share of each interval between neighbouring `across` positions that the edges of one line cover.
fn coverage(members: &[usize], edges: &[&Edge], across: &[f64], grow: f64) -> impl Iterator<Item = f64> {
    let span = |e: &&Edge| (e.start - grow, e.end + grow);
    let mut merged: SmallVec<[(f64, f64); 8]> = members.iter().filter_map(|&m| edges.get(m)).map(span).collect();
    merged.sort_by(|a, b| a.0.total_cmp(&b.0));
    merged.dedup_by(|s, m| {
        let meets = s.0 <= m.1;
        m.1 = if meets { m.1.max(s.1) } else { m.1 };
        meets
    });
    let mut from = 0;
    across.windows(2).map(move |w| {
        let [a, b] = *w else { return 0.0 };
        while merged.get(from).is_some_and(|m| m.1 <= a) {
            from += 1;
        }
        let covered: f64 = merged.iter().skip(from).take_while(|m| m.0 < b).map(|m| m.1.min(b) - m.0.max(a)).sum();
        covered / (b - a).max(1e-9)
    })
}

/// A grid of booleans with its row length.
struct Grid {
    cells: Vec<bool>,
    width: usize,
}

impl Grid {
    fn get(&self, row: usize, col: usize) -> bool {
        self.cells.get(row * self.width + col).copied().unwrap_or(false)
    }
}

/// Builds the lattice of one component; None for fewer than two lines a way.
pub(crate) fn edges_to_lattice(edges: &[&Edge], ink: &Inkwell<'_>, params: &LayoutParams) -> Option<Lattice> {
    let h = positions(edges, true, ink, params);
    let v = positions(edges, false, ink, params);
    if h.len() < 2 || v.len() < 2 || h.len().saturating_mul(v.len()) > 4_000_000 {
        return None;
    }
    let ys: Vec<f64> = h.iter().map(|l| l.0).collect();
    let xs: Vec<f64> = v.iter().map(|l| l.0).collect();
    let (rows, cols) = (ys.len() - 1, xs.len() - 1);
    let grow = params.junction / 2.0;
    let mut ambiguous = 0;
    let mut wall = |share: f64| {
        ambiguous += usize::from(share > 0.1 && share < 0.9);
        share >= params.wall
    };
    // top[r][c]: a wall above slot (r, c), r up to `rows`; left[r][c]: a wall left of it, c up to `cols`.
    let mut walls = |lines: &[Position], across: &[f64], width: usize| {
        let mut cells = Vec::with_capacity(lines.len() * width);
        lines.iter().for_each(|l| cells.extend(coverage(&l.1, edges, across, grow).map(&mut wall)));
        Grid { cells, width }
    };
    let top = walls(&h, &xs, cols);
    let left_t = walls(&v, &ys, rows);
    let left = |r: usize, c: usize| left_t.get(c, r);
    let outside = flood(rows, cols, &top, &left);
    let (mut regions, cut) = slots_to_regions(rows, cols, &outside, &top, &left);
    let drawn = |line: &Position| line.1.iter().filter_map(|&m| edges.get(m)).any(|e| !matches!(e.style, RulingStyle::Virtual));
    let weak = |line: Option<&Position>, style: RulingStyle| {
        line.is_some_and(|l| l.1.iter().filter_map(|&m| edges.get(m)).all(|e| e.style == style))
    };
    for r in &mut regions {
        let sides = [h.get(r.row), h.get(r.row + r.row_span), v.get(r.col), v.get(r.col + r.col_span)];
        if sides.iter().any(|&s| weak(s, RulingStyle::Virtual)) {
            r.confidence *= 0.95;
        }
        if sides.iter().any(|&s| weak(s, RulingStyle::Soft)) {
            r.confidence *= 0.9;
        }
    }
    let lattice = Lattice {
        open_top: !h.first().is_some_and(drawn),
        open_bottom: !h.last().is_some_and(drawn),
        xs,
        ys,
        regions,
        cut,
        ambiguous,
        evidence: Evidence::Rules,
    };
    Some(drop_unused_lines(lattice))
}

/// Slots reachable from outside through missing walls are no cells.
fn flood(rows: usize, cols: usize, top: &Grid, left: &impl Fn(usize, usize) -> bool) -> Vec<bool> {
    let mut outside = vec![false; rows * cols];
    let mut todo: Vec<(usize, usize)> = Vec::new();
    for r in 0..rows {
        if !left(r, 0) {
            todo.push((r, 0));
        }
        if !left(r, cols) {
            todo.push((r, cols - 1));
        }
    }
    for c in 0..cols {
        if !top.get(0, c) {
            todo.push((0, c));
        }
        if !top.get(rows, c) {
            todo.push((rows - 1, c));
        }
    }
    while let Some((r, c)) = todo.pop() {
        let Some(slot) = outside.get_mut(r * cols + c) else { continue };
        if std::mem::replace(slot, true) {
            continue;
        }
        todo.extend(open_beside((r, c), (rows, cols), top, left));
    }
    outside
}

/// The neighbours of a slot that no wall parts from it.
fn open_beside(
    (r, c): (usize, usize),
    (rows, cols): (usize, usize),
    top: &Grid,
    left: &impl Fn(usize, usize) -> bool,
) -> impl Iterator<Item = (usize, usize)> {
    let up = (r > 0 && !top.get(r, c)).then(|| (r - 1, c));
    let down = (r + 1 < rows && !top.get(r + 1, c)).then_some((r + 1, c));
    let before = (c > 0 && !left(r, c)).then(|| (r, c - 1));
    let after = (c + 1 < cols && !left(r, c + 1)).then_some((r, c + 1));
    [up, down, before, after].into_iter().flatten()
}

/// Slots without a wall between them are one region; a region that is no rectangle is cut into rectangles, row by row.
fn slots_to_regions(rows: usize, cols: usize, outside: &[bool], top: &Grid, left: &impl Fn(usize, usize) -> bool) -> (Vec<Region>, bool) {
    // The first slot of each slot's region.
    let mut label = vec![usize::MAX; rows * cols];
    let mut out = Vec::new();
    let mut cut = false;
    let mut todo = Vec::new();
    for first in 0..rows * cols {
        if outside.get(first).copied().unwrap_or(true) || label.get(first) != Some(&usize::MAX) {
            continue;
        }
        let (row, mut left_most) = (first / cols, first % cols);
        let (mut bottom, mut right_most, mut n) = (row, left_most, 0);
        todo.push((row, left_most));
        while let Some((r, c)) = todo.pop() {
            let Some(l) = label.get_mut(r * cols + c) else { continue };
            if std::mem::replace(l, first) == first {
                continue;
            }
            (left_most, right_most, bottom, n) = (left_most.min(c), right_most.max(c), bottom.max(r), n + 1);
            todo.extend(open_beside((r, c), (rows, cols), top, left));
        }
        let (row_span, col_span) = (bottom - row + 1, right_most - left_most + 1);
        if n == row_span * col_span {
            out.push(Region { row, col: left_most, row_span, col_span, confidence: 1.0 });
        } else {
            cut = true;
            let slots = (row..=bottom).flat_map(|r| (left_most..=right_most).map(move |c| (r, c)));
            cut_into_rectangles(slots.filter(|(r, c)| label.get(r * cols + c) == Some(&first)).collect(), &mut out);
        }
    }
    out.sort_by_key(|r| (r.row, r.col));
    (out, cut)
}

fn cut_into_rectangles(mut left: BTreeSet<(usize, usize)>, out: &mut Vec<Region>) {
    while let Some(&(r, c)) = left.first() {
        let mut w = 1;
        while left.contains(&(r, c + w)) {
            w += 1;
        }
        let mut h = 1;
        while (c..c + w).all(|x| left.contains(&(r + h, x))) {
            h += 1;
        }
        for y in r..r + h {
            for x in c..c + w {
                left.remove(&(y, x));
            }
        }
        out.push(Region { row: r, col: c, row_span: h, col_span: w, confidence: 0.7 });
    }
}

/// Renumbers rows and columns after dropping lines that border no cell.
pub(crate) fn drop_unused_lines(mut lattice: Lattice) -> Lattice {
    let mut used_y = vec![false; lattice.ys.len()];
    let mut used_x = vec![false; lattice.xs.len()];
    for r in &lattice.regions {
        for (list, i) in [(&mut used_y, r.row), (&mut used_x, r.col)] {
            if let Some(u) = list.get_mut(i) {
                *u = true;
            }
        }
        for (list, i) in [(&mut used_y, r.row + r.row_span), (&mut used_x, r.col + r.col_span)] {
            if let Some(u) = list.get_mut(i) {
                *u = true;
            }
        }
    }
    let number = |used: &[bool]| -> Vec<usize> {
        used.iter()
            .scan(0, |n, &u| {
                let at = *n;
                *n += usize::from(u);
                Some(at)
            })
            .collect()
    };
    let (ny, nx) = (number(&used_y), number(&used_x));
    let at = |n: &[usize], i: usize| n.get(i).copied().unwrap_or(0);
    for r in &mut lattice.regions {
        let (row, col) = (at(&ny, r.row), at(&nx, r.col));
        r.row_span = at(&ny, r.row + r.row_span) - row;
        r.col_span = at(&nx, r.col + r.col_span) - col;
        (r.row, r.col) = (row, col);
    }
    let mut keep = used_y.iter();
    lattice.ys.retain(|_| keep.next().copied().unwrap_or(false));
    let mut keep = used_x.iter();
    lattice.xs.retain(|_| keep.next().copied().unwrap_or(false));
    lattice
}
