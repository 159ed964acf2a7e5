//! Glyphs → the cells they stand in, by runs, so that no glyph is given away twice (layout.md §4.2).

use crate::chars::blank;
use crate::frame::{Direction, anchor_of, direction_of, glyph_to_mark};
use crate::lattice::Lattice;
use crate::{LayoutParams, Shape, ShapeKind};
use jisseki_model::{Page, Point, Rect};
use std::collections::BTreeMap;

/// A cell of a lattice: `(lattice, region)`.
pub(crate) type CellId = (u32, u32);

/// Glyphs of one direction and baseline without a wide gap, in paint order.
#[derive(Debug, Clone)]
pub(crate) struct PageRun {
    pub(crate) ids: Vec<u32>,
    pub(crate) direction: Direction,
    pub(crate) u0: f64,
    pub(crate) u1: f64,
    pub(crate) v: f64,
    pub(crate) em: f64,
    pub(crate) bbox: Rect,
    pub(crate) inked: bool,
}

/// Splits the visible glyphs of a page into runs.
pub(crate) fn page_to_runs(page: &Page, boxes: &[Rect], visible: impl Fn(usize) -> bool, params: &LayoutParams) -> Vec<PageRun> {
    let mut runs: Vec<PageRun> = Vec::new();
    let mut broken = true;
    for (i, (g, b)) in page.glyphs.iter().zip(boxes).enumerate() {
        if !visible(i) {
            continue;
        }
        let direction = direction_of(g);
        let m = glyph_to_mark(i as u32, g, b, direction);
        let goes_on = !broken
            && runs.last().is_some_and(|r| {
                let gap = m.u0 - r.u1;
                r.direction == direction
                    && (r.v - m.v).abs() <= 0.1 * m.em
                    && gap <= params.run_gap * m.em
                    && gap >= -0.5 * m.em
                    && (r.em - m.em).abs() < 0.2 * m.em
            });
        broken = false;
        match runs.last_mut() {
            Some(r) if goes_on => {
                r.ids.push(i as u32);
                r.u1 = m.u1;
                r.bbox = r.bbox.union(*b);
                r.inked |= !m.blank;
            }
            _ => {
                runs.push(PageRun { ids: with_room(i as u32), direction, u0: m.u0, u1: m.u1, v: m.v, em: m.em, bbox: *b, inked: !m.blank })
            }
        }
    }
    runs
}

fn with_room(first: u32) -> Vec<u32> {
    let mut ids = Vec::with_capacity(40);
    ids.push(first);
    ids
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

/// A run's glyphs in one cell.
#[derive(Debug, Clone)]
struct Piece {
    cell: Option<CellId>,
    ids: Vec<u32>,
}

/// Where the glyphs of a page went.
#[derive(Debug, Default)]
pub(crate) struct Assignment {
    /// Glyphs of each cell, in paint order, text of floating labels left out.
    pub(crate) cells: BTreeMap<CellId, Vec<u32>>,
    /// Labels in arrows and boxes: each a line of its own in its cell.
    pub(crate) floats: BTreeMap<CellId, Vec<Vec<u32>>>,
    /// Runs outside every cell, by index in the list of runs, with their glyphs.
    pub(crate) outside: Vec<(usize, Vec<u32>)>,
    /// Runs that were drawn over their cell's border: box of the run.
    pub(crate) overflows: Vec<Rect>,
}

/// Gives every run to a cell, splitting it at rulings unless it plainly overflows.
pub(crate) fn runs_to_cells(runs: &[PageRun], page: &Page, boxes: &[Rect], locator: &Locator<'_>, shapes: &[Shape]) -> Assignment {
    let mut out = Assignment::default();
    let mut split: Vec<(usize, Vec<Piece>)> = Vec::new();
    // Baselines of the runs that stand in each cell.
    let mut standing: BTreeMap<CellId, Vec<(usize, f64)>> = BTreeMap::new();
    let carriers: Vec<&Shape> =
        shapes.iter().filter(|s| matches!(s.kind, ShapeKind::BlockArrow(_) | ShapeKind::Bar | ShapeKind::Box)).collect();
    for (k, run) in runs.iter().enumerate() {
        let floating = run.inked && carriers.iter().any(|s| s.bbox.contains(run.bbox.center()) && s.bbox.contains_rect(&run.bbox, run.em));
        if floating && let Some(cell) = first_cell(run, page, boxes, locator) {
            join_float(out.floats.entry(cell).or_default(), run, page, boxes);
            continue;
        }
        let pieces = run_to_pieces(run, page, boxes, locator);
        for p in &pieces {
            if let (Some(cell), true) = (p.cell, p.ids.iter().any(|&i| inked(page, i))) {
                standing.entry(cell).or_default().push((k, run.v));
            }
        }
        split.push((k, pieces));
    }
    for (k, pieces) in split {
        let Some(run) = runs.get(k) else { continue };
        if pieces.len() > 1
            && let Some(cell) = overflow_target(run, k, &pieces, page, boxes, locator, &standing)
        {
            if let Some(cell) = cell {
                out.overflows.push(run.bbox);
                out.cells.entry(cell).or_default().extend(&run.ids);
            } else {
                out.outside.push((k, run.ids.clone()));
            }
            continue;
        }
        for p in pieces {
            match p.cell {
                Some(cell) => out.cells.entry(cell).or_default().extend(p.ids),
                None => out.outside.push((k, p.ids)),
            }
        }
    }
    for ids in out.cells.values_mut() {
        ids.sort_unstable();
    }
    out
}

fn inked(page: &Page, id: u32) -> bool {
    page.glyphs.get(id as usize).is_some_and(|g| !blank(&g.text))
}

fn locate(id: u32, page: &Page, boxes: &[Rect], locator: &Locator<'_>) -> Option<CellId> {
    locator.cell_at(anchor_of(page.glyphs.get(id as usize)?, boxes.get(id as usize)?))
}

fn first_cell(run: &PageRun, page: &Page, boxes: &[Rect], locator: &Locator<'_>) -> Option<CellId> {
    run.ids.iter().filter(|&&i| inked(page, i)).find_map(|&i| locate(i, page, boxes, locator))
}

/// A label may be drawn in several runs: those on one baseline, close to each other, are one line.
fn join_float(list: &mut Vec<Vec<u32>>, run: &PageRun, page: &Page, boxes: &[Rect]) {
    let near = list.last_mut().filter(|l| {
        l.last().and_then(|&i| Some((page.glyphs.get(i as usize)?, boxes.get(i as usize)?))).is_some_and(|(g, b)| {
            let m = glyph_to_mark(0, g, b, run.direction);
            (m.v - run.v).abs() < 0.2 * run.em && (run.u0 - m.u1).abs() < 2.0 * run.em
        })
    });
    match near {
        Some(l) => l.extend(&run.ids),
        None => list.push(run.ids.clone()),
    }
}

fn run_to_pieces(run: &PageRun, page: &Page, boxes: &[Rect], locator: &Locator<'_>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut here: Option<(Option<CellId>, Rect)> = None;
    for &id in &run.ids {
        let (Some(g), Some(b)) = (page.glyphs.get(id as usize), boxes.get(id as usize)) else { continue };
        let at = anchor_of(g, b);
        // Most glyphs stand in the cell of the glyph before them.
        let cell = match here {
            Some((cell, b)) if locator.apart && at.x > b.x0 && at.x < b.x1 && at.y > b.y0 && at.y < b.y1 => cell,
            _ => {
                let cell = locator.cell_at(at);
                here = cell.map(|c| (cell, locator.cell_box(c)));
                cell
            }
        };
        match pieces.last_mut() {
            Some(p) if p.cell == cell => p.ids.push(id),
            // A blank over the border stays with the text before it.
            Some(p) if !inked(page, id) => p.ids.push(id),
            _ => {
                let mut ids = Vec::with_capacity(run.ids.len());
                ids.push(id);
                pieces.push(Piece { cell, ids });
            }
        }
    }
    // Blanks at the front go with the text behind them.
    if pieces.len() > 1 && pieces.first().is_some_and(|p| !p.ids.iter().any(|&i| inked(page, i))) {
        let front = pieces.remove(0);
        if let Some(p) = pieces.first_mut() {
            p.ids.splice(0..0, front.ids);
        }
    }
    pieces
}

/// The one cell of a run that overflows: drawn without a gap over the border, where nothing else stands on its baseline.
#[allow(clippy::too_many_arguments)]
fn overflow_target(
    run: &PageRun,
    k: usize,
    pieces: &[Piece],
    page: &Page,
    boxes: &[Rect],
    locator: &Locator<'_>,
    standing: &BTreeMap<CellId, Vec<(usize, f64)>>,
) -> Option<Option<CellId>> {
    let mark = |id: u32| Some(glyph_to_mark(id, page.glyphs.get(id as usize)?, boxes.get(id as usize)?, run.direction));
    let contiguous = pieces.windows(2).all(|w| {
        let [a, b] = w else { return false };
        match (a.ids.last().and_then(|&i| mark(i)), b.ids.first().and_then(|&i| mark(i))) {
            (Some(l), Some(r)) => !l.blank && r.u0 - l.u1 < 0.08 * run.em,
            _ => false,
        }
    });
    if !contiguous {
        return None;
    }
    // Which piece's cell is the run's own? Right-aligned text overflows to the left, centered text to both sides.
    let home = home_piece(run, pieces, locator);
    let free = pieces.iter().enumerate().filter(|(i, _)| *i != home).all(|(_, p)| {
        p.cell.is_none_or(|c| standing.get(&c).is_none_or(|l| l.iter().all(|&(other, v)| other == k || (v - run.v).abs() > 0.5 * run.em)))
    });
    free.then(|| pieces.get(home).and_then(|p| p.cell))
}

fn home_piece(run: &PageRun, pieces: &[Piece], locator: &Locator<'_>) -> usize {
    let span = |p: &Piece| {
        p.cell.map(|c| locator.cell_box(c)).map(|b| match run.direction {
            Direction::Right => (b.x0, b.x1),
            Direction::Down => (b.y0, b.y1),
            Direction::Up => (-b.y1, -b.y0),
            Direction::Left => (-b.x1, -b.x0),
        })
    };
    let middle = (run.u0 + run.u1) / 2.0;
    let centered = pieces.iter().position(|p| span(p).is_some_and(|(a, b)| ((a + b) / 2.0 - middle).abs() < 0.5 * run.em));
    if let (Some(i), true) = (centered, pieces.len() > 2) {
        return i;
    }
    let left = pieces.first().and_then(span).map_or(f64::INFINITY, |s| run.u0 - s.0);
    let right = pieces.last().and_then(span).map_or(f64::INFINITY, |s| s.1 - run.u1);
    if right < 0.6 * run.em && right < 0.5 * left { pieces.len() - 1 } else { 0 }
}
