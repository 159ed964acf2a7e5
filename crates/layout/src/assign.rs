//! Glyphs → the cells they stand in, by runs, so that no glyph is given away twice (layout.md §4.2).

use crate::frame::{Direction, Mark, Placed};
use crate::lattice::Lattice;
use crate::{GlyphOwner, LayoutParams, Shape, ShapeKind};
use jisseki_model::{Point, Rect};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// A cell of a lattice: `(lattice, region)`.
pub(crate) type CellId = (u32, u32);

/// Glyphs of one direction and baseline without a wide gap, in paint order: a range of [`Runs::ids`].
#[derive(Debug, Clone)]
pub(crate) struct PageRun {
    from: u32,
    to: u32,
    pub(crate) direction: Direction,
    pub(crate) u0: f64,
    pub(crate) u1: f64,
    pub(crate) v: f64,
    pub(crate) em: f64,
    pub(crate) bbox: Rect,
    pub(crate) inked: bool,
    /// One size, baseline and height of box, each glyph farther on than the one before it.
    pub(crate) even: bool,
}

/// The visible glyphs of a page and the runs they form.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    pub(crate) ids: Vec<u32>,
    pub(crate) list: Vec<PageRun>,
    baselines: OnceCell<Vec<Baseline>>,
}

/// An upright run as (baseline, em, start, end).
pub(crate) type Baseline = (f64, f64, f64, f64);

impl Runs {
    pub(crate) fn ids_of(&self, run: &PageRun) -> &[u32] {
        self.slice(run.from, run.to)
    }
    pub(crate) fn slice(&self, from: u32, to: u32) -> &[u32] {
        self.ids.get(from as usize..to as usize).unwrap_or_default()
    }
    /// Adds glyphs of one strip, all of them visible, to the last run or as a new one.
    fn push(&mut self, own: Range<usize>, placed: &Placed<'_>, params: &LayoutParams) {
        let marks = placed.marks.get(own.clone()).unwrap_or_default();
        let (Some(m), Some(last)) = (marks.first(), marks.last()) else { return };
        let (bbox, inked) = (m.bbox().union(last.bbox()), marks.iter().any(|m| !m.blank));
        let from = self.ids.len() as u32;
        self.ids.extend(own.start as u32..own.end as u32);
        let to = self.ids.len() as u32;
        let before = from.checked_sub(1).and_then(|at| placed.mark(*self.ids.get(at as usize)?));
        let goes_on = |r: &PageRun| {
            let gap = m.u0 - r.u1;
            r.direction == m.direction
                && (r.v - m.v).abs() <= 0.1 * m.em
                && gap <= params.run_gap * m.em
                && gap >= -0.5 * m.em
                && (r.em - m.em).abs() < 0.2 * m.em
        };
        match (self.list.last_mut(), before) {
            (Some(r), Some(before)) if goes_on(r) => {
                r.even &= m.plain && (m.v, m.em) == (r.v, r.em) && m.u0 >= before.u0 && m.u1 >= before.u1;
                r.even &= m.sides == before.sides;
                (r.to, r.u1) = (to, last.u1);
                r.bbox = r.bbox.union(bbox);
                r.inked |= inked;
            }
            _ => {
                let Mark { direction, u0, v, em, .. } = *m;
                self.list.push(PageRun { from, to, direction, u0, u1: last.u1, v, em, bbox, inked, even: m.plain });
            }
        }
    }
    /// Upright runs, sorted by baseline when they are first asked for.
    pub(crate) fn baselines(&self) -> &[Baseline] {
        self.baselines.get_or_init(|| {
            let upright = self.list.iter().filter(|r| r.direction == Direction::Right && r.inked);
            let mut out: Vec<Baseline> = upright.map(|r| (r.v, r.em, r.u0, r.u1)).collect();
            out.sort_by(|a, b| a.0.total_cmp(&b.0));
            out
        })
    }
    /// The usual size of text; 10 for a page without any.
    pub(crate) fn em(&self) -> f64 {
        let mut sizes: Vec<f64> = self.list.iter().filter(|r| r.inked).map(|r| r.em).collect();
        let mid = sizes.len() / 2;
        if sizes.is_empty() { 10.0 } else { *sizes.select_nth_unstable_by(mid, f64::total_cmp).1 }
    }
}

/// Splits the visible glyphs of a page into runs: those that nobody owns.
pub(crate) fn page_to_runs(placed: &Placed<'_>, owners: &[GlyphOwner], all_read: bool, params: &LayoutParams) -> Runs {
    let mut runs = Runs { ids: Vec::with_capacity(placed.marks.len()), list: Vec::with_capacity(placed.strips.len()), ..Runs::default() };
    let visible = |o: &GlyphOwner| *o == GlyphOwner::Unassigned;
    for strip in &placed.strips {
        let own = owners.get(strip.range()).unwrap_or_default();
        if all_read || own.iter().all(visible) {
            runs.push(strip.range(), placed, params);
            continue;
        }
        let mut begin = strip.range().start;
        for part in own.chunk_by(|a, b| visible(a) == visible(b)) {
            let own = begin..begin + part.len();
            begin = own.end;
            if part.first().is_some_and(visible) {
                runs.push(own, placed, params);
            }
        }
    }
    runs
}

/// Finds cells by points; inner lattices before those they lie in.
pub(crate) struct Locator<'a> {
    lattices: &'a [Lattice],
    /// Lattice numbers, smallest area first.
    order: Vec<(Rect, u32)>,
    /// Region of each slot, row-major, by lattice; `u32::MAX` for slots outside.
    slots: Vec<Vec<u32>>,
    /// No lattice overlaps another: a point in a cell's box is in that cell.
    apart: bool,
}

impl<'a> Locator<'a> {
    pub(crate) fn new(lattices: &'a [Lattice]) -> Locator<'a> {
        let mut order: Vec<(Rect, u32)> = lattices.iter().enumerate().map(|(i, l)| (l.bbox(), i as u32)).collect();
        order.sort_by(|a, b| (a.0.width() * a.0.height()).total_cmp(&(b.0.width() * b.0.height())).then(a.1.cmp(&b.1)));
        let slots = lattices
            .iter()
            .map(|l| {
                let cols = l.xs.len().saturating_sub(1);
                let mut slots = vec![u32::MAX; cols * l.ys.len().saturating_sub(1)];
                for (k, r) in l.regions.iter().enumerate() {
                    for row in r.row..r.row + r.row_span {
                        for col in r.col..r.col + r.col_span {
                            if let Some(s) = slots.get_mut(row * cols + col) {
                                *s = k as u32;
                            }
                        }
                    }
                }
                slots
            })
            .collect();
        let apart =
            order.len() <= 64 && order.iter().enumerate().all(|(i, a)| order.iter().skip(i + 1).all(|b| a.0.intersection(b.0).is_empty()));
        Locator { lattices, order, slots, apart }
    }

    /// The innermost cell at a point.
    pub(crate) fn cell_at(&self, p: Point) -> Option<CellId> {
        self.order.iter().filter(|(b, _)| b.contains(p)).find_map(|&(_, i)| {
            let l = self.lattices.get(i as usize)?;
            let col = l.xs.partition_point(|&x| x <= p.x).checked_sub(1)?;
            let row = l.ys.partition_point(|&y| y <= p.y).checked_sub(1)?;
            let cols = l.xs.len().checked_sub(1)?;
            if col >= cols {
                return None;
            }
            let region = *self.slots.get(i as usize)?.get(row * cols + col)?;
            (region != u32::MAX).then_some((i, region))
        })
    }

    fn cell_box(&self, id: CellId) -> Rect {
        self.lattices.get(id.0 as usize).and_then(|l| Some(l.region_box(l.regions.get(id.1 as usize)?))).unwrap_or(Rect::EMPTY)
    }
}

/// A run's glyphs in one cell: a range of [`Runs::ids`].
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Index of its run.
    run: usize,
    /// Where the string of glyphs begins that it is a part of: a run may be drawn in several.
    string: u32,
    cell: Option<CellId>,
    from: u32,
    to: u32,
}

/// Where the glyphs of a page went.
#[derive(Debug, Default)]
pub(crate) struct Assignment {
    /// Glyphs of the cells, cell by cell, in paint order; text of floating labels left out.
    inside: Vec<u32>,
    /// Where each cell's glyphs begin in `inside`, by the cell's number; one entry more than there are cells.
    starts: Vec<u32>,
    /// The number of each lattice's first cell.
    offsets: Vec<u32>,
    /// Labels in arrows and boxes: each a line of its own in its cell.
    pub(crate) floats: BTreeMap<CellId, Vec<Vec<u32>>>,
    /// Pieces of runs outside every cell: index of the run, where its glyphs lie in [`Runs::ids`].
    pub(crate) outside: Vec<(usize, (u32, u32))>,
    /// Runs that were drawn over their cell's border: box of the run.
    pub(crate) overflows: Vec<Rect>,
}

impl Assignment {
    /// The glyphs of one cell in paint order.
    pub(crate) fn glyphs_of(&self, (lattice, region): CellId) -> &[u32] {
        let cell = self.offsets.get(lattice as usize).map_or(usize::MAX, |o| (o + region) as usize);
        match (self.starts.get(cell), self.starts.get(cell.saturating_add(1))) {
            (Some(&from), Some(&to)) => self.inside.get(from as usize..to as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Files glyphs by cell: `given` lists pieces in paint order as (cell, range of `runs.ids`).
    fn file(&mut self, given: &[(CellId, u32, u32)], runs: &Runs, lattices: &[Lattice]) {
        let mut n = 0;
        for l in lattices {
            self.offsets.push(n);
            n += l.regions.len() as u32;
        }
        let number = |(lattice, region): CellId| self.offsets.get(lattice as usize).map(|o| (o + region) as usize);
        let mut ends = vec![0u32; n as usize + 1];
        for &(cell, from, to) in given {
            if let Some(e) = number(cell).and_then(|k| ends.get_mut(k + 1)) {
                *e += to - from;
            }
        }
        for k in 1..ends.len() {
            let before = ends.get(k - 1).copied().unwrap_or(0);
            if let Some(e) = ends.get_mut(k) {
                *e += before;
            }
        }
        self.starts = ends.clone();
        self.inside = vec![0; ends.last().copied().unwrap_or(0) as usize];
        for &(cell, from, to) in given {
            let Some(at) = number(cell).and_then(|k| ends.get_mut(k)) else { continue };
            let begin = *at as usize;
            *at += to - from;
            if let Some(slots) = self.inside.get_mut(begin..*at as usize) {
                slots.copy_from_slice(runs.slice(from, to));
            }
        }
    }
}

/// What stands in a cell: the baseline, the string it belongs to, where it begins and ends.
type Stand = (CellId, f64, (usize, u32), (f64, f64));

/// The pieces that stand in cells, sorted by cell and baseline.
struct Standing(Vec<Stand>);

impl Standing {
    fn new(pieces: &[Piece], runs: &Runs, placed: &Placed<'_>) -> Standing {
        let at = |p: &Piece| -> Option<Stand> {
            let ids = runs.slice(p.from, p.to);
            let mut inked = ids.iter().filter(|&&i| placed.inked(i));
            let u0 = placed.mark(*inked.next()?)?.u0;
            let u1 = placed.mark(*ids.last()?)?.u1;
            Some((p.cell?, runs.list.get(p.run)?.v, (p.run, p.string), (u0, u1)))
        };
        let mut list: Vec<Stand> = pieces.iter().filter_map(at).collect();
        list.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        Standing(list)
    }
    /// Extents of the other strings in the cell within `reach` of a baseline.
    fn beside(&self, cell: CellId, v: f64, reach: f64, own: (usize, u32)) -> impl Iterator<Item = (f64, f64)> {
        let from = self.0.partition_point(|x| (x.0, x.1) < (cell, v - reach));
        self.0.iter().skip(from).take_while(move |x| x.0 == cell && x.1 <= v + reach).filter(move |x| x.2 != own).map(|x| x.3)
    }
}

/// Gives every run to a cell, splitting it at rulings unless it plainly overflows; `usual` is the usual size of text.
pub(crate) fn runs_to_cells(runs: &Runs, placed: &Placed<'_>, locator: &Locator<'_>, shapes: &[Shape], usual: f64) -> Assignment {
    let mut out = Assignment::default();
    let mut given: Vec<(CellId, u32, u32)> = Vec::with_capacity(runs.list.len());
    let carriers: Vec<&Shape> =
        shapes.iter().filter(|s| matches!(s.kind, ShapeKind::BlockArrow(_) | ShapeKind::Bar | ShapeKind::Box)).collect();
    let mut pieces: Vec<Piece> = Vec::with_capacity(runs.list.len());
    let mut parted = false;
    for (k, run) in runs.list.iter().enumerate() {
        if run.em > STAMP * usual && is_slanted(run, runs, placed) {
            out.outside.push((k, (run.from, run.to)));
            continue;
        }
        let floating = run.inked && carriers.iter().any(|s| s.bbox.contains(run.bbox.center()) && s.bbox.contains_rect(&run.bbox, run.em));
        if floating && let Some(cell) = first_cell(run, runs, placed, locator) {
            join_float(out.floats.entry(cell).or_default(), run, runs, placed);
            continue;
        }
        let before = pieces.len();
        run_to_pieces(k, (run.from, run.to), runs, placed, locator, &mut pieces);
        if pieces.len() > before + 1 {
            parted = true;
            let strings = run_to_strings(run, runs, placed);
            if strings.len() > 1 {
                pieces.truncate(before);
                strings.into_iter().for_each(|s| run_to_pieces(k, s, runs, placed, locator, &mut pieces));
            }
        }
    }
    let standing = Standing::new(if parted { &pieces } else { &[] }, runs, placed);
    for own in pieces.chunk_by(|a, b| a.run == b.run && a.string == b.string) {
        let (Some(first), Some(last)) = (own.first(), own.last()) else { continue };
        let k = first.run;
        let mut give = |cell: Option<CellId>, from: u32, to: u32| match cell {
            Some(cell) => given.push((cell, from, to)),
            None => out.outside.push((k, (from, to))),
        };
        let target = if own.len() > 1 { overflow_target(own, runs, placed, locator, &standing) } else { None };
        match target {
            Some(cell) => {
                give(cell, first.from, last.to);
                if cell.is_some() {
                    let ids = runs.slice(first.from, last.to);
                    out.overflows.push(placed.bbox(ids));
                }
            }
            None => own.iter().for_each(|p| give(p.cell, p.from, p.to)),
        }
    }
    out.file(&given, runs, locator.lattices);
    out
}

/// Slanted text larger than this (times the usual size) is a stamp or watermark over the page, in no cell.
const STAMP: f64 = 2.5;

fn is_slanted(run: &PageRun, runs: &Runs, placed: &Placed<'_>) -> bool {
    let first = runs.ids_of(run).first().and_then(|&i| placed.page.glyphs.get(i as usize));
    first.map(|g| placed.page.style(g).up).is_some_and(|up| up.x.abs().min(up.y.abs()) > 0.1 * up.x.abs().max(up.y.abs()))
}

fn first_cell(run: &PageRun, runs: &Runs, placed: &Placed<'_>, locator: &Locator<'_>) -> Option<CellId> {
    runs.ids_of(run).iter().filter(|&&i| placed.inked(i)).find_map(|&i| locator.cell_at(placed.anchor(i)?))
}

/// A label may be drawn in several runs: those on one baseline, close to each other, are one line.
fn join_float(list: &mut Vec<Vec<u32>>, run: &PageRun, runs: &Runs, placed: &Placed<'_>) {
    let ids = runs.ids_of(run);
    let near = list.last_mut().filter(|l| {
        l.last()
            .and_then(|&i| placed.mark_along(i, run.direction))
            .is_some_and(|m| (m.v - run.v).abs() < 0.2 * run.em && (run.u0 - m.u1).abs() < 2.0 * run.em)
    });
    match near {
        Some(l) => l.extend(ids),
        None => list.push(ids.to_vec()),
    }
}

/// A gap (in ems) between strings that were drawn one after the other and not as one.
const STRING_GAP: f64 = 0.05;

/// Cuts a run where another string of glyphs begins that does not touch the one before it.
fn run_to_strings(run: &PageRun, runs: &Runs, placed: &Placed<'_>) -> Vec<(u32, u32)> {
    let mut out = vec![(run.from, run.to)];
    let shown = |at: u32| {
        let id = *runs.ids.get(at as usize)?;
        Some((placed.page.glyphs.get(id as usize)?.show, placed.mark(id)?))
    };
    for at in run.from + 1..run.to {
        let (Some((s, l)), Some((t, r)), Some(last)) = (shown(at - 1), shown(at), out.last_mut()) else { continue };
        if s != t && r.u0 - l.u1 > STRING_GAP * run.em {
            last.1 = at;
            out.push((at, run.to));
        }
    }
    out
}

/// Files the pieces of a string of glyphs behind those before it.
fn run_to_pieces(k: usize, (from, to): (u32, u32), runs: &Runs, placed: &Placed<'_>, locator: &Locator<'_>, pieces: &mut Vec<Piece>) {
    if locator.order.is_empty() {
        pieces.push(Piece { run: k, string: from, cell: None, from, to });
        return;
    }
    let first = pieces.len();
    let (ids, even) = (runs.slice(from, to), runs.list.get(k).is_some_and(|r| r.even));
    // Blanks at the front go with the text behind them.
    let mut at = ids.iter().position(|&id| placed.inked(id)).unwrap_or(0);
    while let Some(anchor) = ids.get(at).and_then(|&id| placed.anchor(id)) {
        let cell = locator.cell_at(anchor);
        // Most glyphs stand in the cell of the glyph before them; a blank over the border stays with the text before it.
        let here = cell.filter(|_| locator.apart).map_or(Rect::EMPTY, |c| locator.cell_box(c));
        let inside = |p: Point| p.x > here.x0 && p.x < here.x1 && p.y > here.y0 && p.y < here.y1;
        let goes_on = |&&id: &&u32| !placed.inked(id) || placed.anchor(id).is_some_and(inside);
        // Mostly all of them: in an even run, those between two that stand there.
        let whole = even && inside(anchor) && ids.iter().rev().find(|&&id| placed.inked(id)).is_some_and(|id| goes_on(&id));
        at = if whole { ids.len() } else { at + 1 + ids.iter().skip(at + 1).take_while(goes_on).count() };
        match pieces.get_mut(first..).and_then(|own: &mut [Piece]| own.last_mut()) {
            Some(p) if p.cell == cell => p.to = from + at as u32,
            p => {
                let begin = p.map_or(from, |p| p.to);
                pieces.push(Piece { run: k, string: from, cell, from: begin, to: from + at as u32 });
            }
        }
    }
}

/// A border that cuts a glyph leaves this much of it (em) on either side.
const STRADDLE: f64 = 0.05;

/// The one cell of a string that overflows: drawn without a gap over the border, where nothing else stands on its baseline; or the border cuts
/// a glyph in two, or the text runs into other text.
fn overflow_target(
    pieces: &[Piece],
    runs: &Runs,
    placed: &Placed<'_>,
    locator: &Locator<'_>,
    standing: &Standing,
) -> Option<Option<CellId>> {
    let mark = |at: u32| -> Option<&Mark> { placed.mark(*runs.ids.get(at as usize)?) };
    let (first, last) = (pieces.first()?, pieces.last()?);
    let run = runs.list.get(first.run)?;
    let extent = (mark(first.from)?.u0, mark(last.to - 1)?.u1);
    let contiguous = pieces.windows(2).all(|w| {
        let [a, b] = w else { return false };
        match (mark(a.to - 1), mark(b.from)) {
            (Some(l), Some(r)) => !l.blank && r.u0 - l.u1 < 0.08 * run.em,
            _ => false,
        }
    });
    if !contiguous {
        return None;
    }
    // Which piece's cell is the run's own? Right-aligned text overflows to the left, centered text to both sides.
    let home = home_piece(run, extent, pieces, locator);
    let straddles = |border: f64| {
        let slack = STRADDLE * run.em;
        (first.from..last.to).filter_map(mark).any(|m| m.u0 < border - slack && m.u1 > border + slack)
    };
    let alien = |(i, p): (usize, &Piece)| {
        let Some(cell) = p.cell.filter(|_| i != home) else { return false };
        let (u0, u1) = (mark(p.from).map_or(extent.0, |m| m.u0), mark(p.to - 1).map_or(extent.1, |m| m.u1));
        let beside = standing.beside(cell, run.v, 0.5 * run.em, (p.run, p.string));
        let mut stands = false;
        for other in beside {
            stands = true;
            if other.0 < u1 - 0.1 * run.em && other.1 > u0 + 0.1 * run.em {
                return false;
            }
        }
        let (b0, b1) = span_of(run.direction, locator.cell_box(cell));
        stands && !straddles(if i > home { b0 } else { b1 })
    };
    let split = pieces.iter().enumerate().any(alien);
    (!split).then(|| pieces.get(home).and_then(|p| p.cell))
}

/// Begin and end of a box along a writing direction.
fn span_of(direction: Direction, b: Rect) -> (f64, f64) {
    match direction {
        Direction::Right => (b.x0, b.x1),
        Direction::Down => (b.y0, b.y1),
        Direction::Up => (-b.y1, -b.y0),
        Direction::Left => (-b.x1, -b.x0),
    }
}

fn home_piece(run: &PageRun, (u0, u1): (f64, f64), pieces: &[Piece], locator: &Locator<'_>) -> usize {
    let span = |p: &Piece| p.cell.map(|c| span_of(run.direction, locator.cell_box(c)));
    let middle = (u0 + u1) / 2.0;
    let centered = pieces.iter().position(|p| span(p).is_some_and(|(a, b)| ((a + b) / 2.0 - middle).abs() < 0.5 * run.em));
    if let (Some(i), true) = (centered, pieces.len() > 2) {
        return i;
    }
    let left = pieces.first().and_then(span).map_or(f64::INFINITY, |s| u0 - s.0);
    let right = pieces.last().and_then(span).map_or(f64::INFINITY, |s| s.1 - u1);
    if right < 0.6 * run.em && right < 0.5 * left { pieces.len() - 1 } else { 0 }
}
