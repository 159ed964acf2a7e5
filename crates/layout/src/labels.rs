//! Labels that stand outside a ruled grid, to the left of its rows: a column without rules (layout.md §10).

use crate::gaps::{Row, words_to_rows};
use crate::lattice::{Lattice, Region};
use crate::split::{UNDRAWN, Word};
use jisseki_model::Rect;

/// Rows that a table has at least.
const ROWS: usize = 4;
/// White space between the longest label and the grid, and the widest column of labels, in ems.
const GAP: f64 = 3.0;
const WIDTH: f64 = 30.0;

/// Adds the column of labels on the left of a lattice; None unless nearly every row has one, and only one.
///
/// `free` are the words outside every lattice, sorted by baseline; `others` the boxes of the other lattices.
pub(crate) fn with_labels(l: &Lattice, free: &[Word], others: &[Rect]) -> Option<Lattice> {
    let grid = l.bbox();
    let n_rows = l.ys.len().checked_sub(1).filter(|&n| n >= ROWS && l.xs.len() > 2)?;
    let from = free.partition_point(|w| w.baseline < grid.y0);
    let beside: Vec<Word> = free
        .iter()
        .skip(from)
        .take_while(|w| w.baseline - 0.35 * w.em < grid.y1)
        .filter(|w| w.bbox.x1 <= grid.x0 + 0.3 * w.em && w.bbox.x0 >= grid.x0 - (WIDTH + GAP) * w.em)
        .copied()
        .collect();
    if beside.len() < ROWS {
        return None;
    }
    let rows = words_to_rows(&beside);
    let row_of = |r: &Row| l.ys.partition_point(|&y| y <= r.baseline - 0.35 * r.em).checked_sub(1);
    let mut labels: Vec<Vec<&Row>> = vec![Vec::new(); n_rows];
    for r in &rows {
        labels.get_mut(row_of(r)?)?.push(r);
    }
    let lone = |own: &Vec<&Row>| matches!(own.as_slice(), [r] if matches!(r.pieces.as_slice(), [p] if p.x1 - p.x0 <= WIDTH * r.em));
    let near = rows.iter().any(|r| r.pieces.last().is_some_and(|p| grid.x0 - p.x1 <= GAP * r.em));
    let single = labels.iter().filter(|own| lone(own)).count();
    let filled = labels.iter().filter(|own| !own.is_empty()).count();
    let x0 = beside.iter().map(|w| w.bbox.x0 - 0.3 * w.em).fold(grid.x0, f64::min);
    let column = Rect { x0, x1: grid.x0 - 0.5, ..grid };
    let clear = others.iter().all(|o| o.intersection(column).is_empty());
    // Lines of text running past the table go on above and below it.
    let goes_on =
        |y0: f64, y1: f64| free.iter().any(|w| w.baseline > y0 && w.baseline < y1 && w.bbox.x0 >= x0 - w.em && w.bbox.x1 <= grid.x0 + w.em);
    let em = rows.first()?.em;
    let passes = goes_on(grid.y0 - 1.5 * em, grid.y0) && goes_on(grid.y1, grid.y1 + 1.5 * em);
    (single * 10 >= n_rows * 8 && filled == single && near && clear && !passes).then(|| add_column(l, x0, n_rows))
}

fn add_column(l: &Lattice, x0: f64, n_rows: usize) -> Lattice {
    let mut xs = vec![x0];
    xs.extend(&l.xs);
    let labels = (0..n_rows).map(|row| Region { row, col: 0, row_span: 1, col_span: 1, confidence: UNDRAWN });
    let mut regions: Vec<Region> = labels.chain(l.regions.iter().map(|r| Region { col: r.col + 1, ..r.clone() })).collect();
    regions.sort_by_key(|r| (r.row, r.col));
    Lattice { xs, regions, ..l.clone() }
}
