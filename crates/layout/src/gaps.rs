//! Text without walls around it → rows by baselines, columns by the white stripes they share (layout.md §10).
//!
//! Nothing here looks at rulings: [`crate::open`] says between which of them a grid may be looked for.

use crate::lines::median;
use crate::split::Word;

/// White space between two words that keeps them in one piece of text, in ems: a word space, letter spacing.
const WORD_GAP: f64 = 0.45;
/// White space that parts two columns, in ems.
const STRIPE: f64 = 0.6;
/// Words stand on one row when their baselines differ by less, in ems.
const LEVEL: f64 = 0.35;
/// A stripe may be crossed by this share of the rows: headings, remarks.
const CROSSED: f64 = 0.1;
/// Edges of a column's texts that lie within this of each other (ems) are aligned.
const ALIGNED: f64 = 0.7;
/// Share of a column's texts that have to be aligned.
const IN_LINE: f64 = 0.7;

/// Words that follow each other without a wide gap.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) x0: f64,
    pub(crate) x1: f64,
    pub(crate) words: Vec<Word>,
}

impl Piece {
    pub(crate) fn center(&self) -> f64 {
        (self.x0 + self.x1) / 2.0
    }
}

/// One baseline's pieces, left to right.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) baseline: f64,
    pub(crate) em: f64,
    pub(crate) pieces: Vec<Piece>,
}

impl Row {
    pub(crate) fn top(&self) -> f64 {
        self.baseline - 0.88 * self.em
    }
    pub(crate) fn bottom(&self) -> f64 {
        self.baseline + 0.12 * self.em
    }
}

/// Groups words by baseline and joins neighbours to pieces.
pub(crate) fn words_to_rows(words: &[Word]) -> Vec<Row> {
    let mut sorted: Vec<&Word> = words.iter().collect();
    sorted.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    let mut rows: Vec<(f64, f64, Vec<&Word>)> = Vec::new();
    for w in sorted {
        match rows.last_mut() {
            // Raised and lowered signs stay with their row.
            Some(r) if w.baseline - r.0 <= LEVEL * r.1.max(w.em) => {
                if w.em > r.1 {
                    (r.0, r.1) = (w.baseline, w.em);
                }
                r.2.push(w);
            }
            _ => rows.push((w.baseline, w.em, vec![w])),
        }
    }
    rows.into_iter().map(|(baseline, em, words)| Row { baseline, em, pieces: words_to_pieces(words) }).collect()
}

fn words_to_pieces(mut words: Vec<&Word>) -> Vec<Piece> {
    words.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0).then(a.bbox.x1.total_cmp(&b.bbox.x1)));
    let mut out: Vec<Piece> = Vec::new();
    for w in words {
        match out.last_mut() {
            Some(p) if w.bbox.x0 - p.x1 <= WORD_GAP * w.em => {
                p.x1 = p.x1.max(w.bbox.x1);
                p.words.push(*w);
            }
            _ => out.push(Piece { x0: w.bbox.x0, x1: w.bbox.x1, words: vec![*w] }),
        }
    }
    out
}

/// Moves cuts out of the way of a header's texts, which are often wider than what stands below them.
pub(crate) fn clear_of_header(cuts: &mut [f64], header: &[&Piece], body: &[&Row]) {
    for cut in cuts {
        let at = *cut;
        let pieces = || body.iter().flat_map(|r| &r.pieces);
        let lo = pieces().map(|p| p.x1).filter(|x| *x <= at).fold(f64::NEG_INFINITY, f64::max);
        let hi = pieces().map(|p| p.x0).filter(|x| *x >= at).fold(f64::INFINITY, f64::min);
        let Some(p) = header.iter().find(|p| p.x0 < at && p.x1 > at) else { continue };
        // The piece belongs to the side on which more of it lies; the cut goes to its other end, if that is white, too.
        let (left, right) = ((p.x0 + lo) / 2.0, (p.x1 + hi) / 2.0);
        if p.x1 < hi && p.center() <= *cut {
            *cut = right;
        } else if p.x0 > lo && p.center() > *cut {
            *cut = left;
        } else if p.x1 < hi && p.x0 <= lo {
            *cut = right;
        } else if p.x0 > lo && p.x1 >= hi {
            *cut = left;
        }
    }
}

/// Returns the middles of the white stripes that part the columns of the rows, left to right.
///
/// Rows of one piece say nothing and are left out. None where fewer than `least` rows have two pieces or more, where a column's texts are not in
/// line with each other, or where the columns are prose.
pub(crate) fn rows_to_cuts(rows: &[&Row], least: usize) -> Option<Vec<f64>> {
    let telling: Vec<&Row> = rows.iter().copied().filter(|r| r.pieces.len() >= 2).collect();
    if telling.len() < least {
        return None;
    }
    let em = median(telling.iter().map(|r| r.em), telling.len())?;
    let cuts = stripes(&telling, em);
    if cuts.is_empty() {
        return None;
    }
    let columns: Vec<Column> = columns_of(&telling, &cuts);
    let filled = |c: &Column| c.spans.len() * 6 >= telling.len() && c.spans.len() >= 2;
    let aligned = columns.iter().filter(|c| c.is_aligned(em)).count();
    let prose = columns.iter().filter(|c| c.is_prose(em)).count();
    let full_rows = telling.iter().filter(|r| cells_filled(r, &cuts) * 2 > columns.len()).count();
    (columns.iter().all(filled) && aligned * 10 >= columns.len() * 8 && prose < 2 && full_rows * 10 >= telling.len() * 6).then_some(cuts)
}

/// Middles of the stripes that hardly a row crosses, between text on both sides.
fn stripes(rows: &[&Row], em: f64) -> Vec<f64> {
    // +1 where a piece begins, -1 where it ends.
    let mut events: Vec<(f64, i32)> = rows.iter().flat_map(|r| &r.pieces).flat_map(|p| [(p.x0, 1), (p.x1, -1)]).collect();
    events.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let allowed = (CROSSED * rows.len() as f64) as i32;
    let mut out = Vec::new();
    let mut depth = 0;
    let mut begun: Option<f64> = None;
    for (x, step) in events {
        let before = depth;
        depth += step;
        if before > allowed && depth <= allowed {
            begun = Some(x);
        } else if before <= allowed
            && depth > allowed
            && let Some(from) = begun.take().filter(|from| x - from >= STRIPE * em)
        {
            out.push((from + x) / 2.0);
        }
    }
    out
}

/// The texts of one column.
#[derive(Debug, Default)]
struct Column {
    spans: Vec<(f64, f64)>,
}

/// Pieces that lie between two cuts, by column; those that cross one belong to none.
fn columns_of(rows: &[&Row], cuts: &[f64]) -> Vec<Column> {
    let mut columns: Vec<Column> = (0..=cuts.len()).map(|_| Column::default()).collect();
    for r in rows {
        let mut last = usize::MAX;
        for p in &r.pieces {
            let at = cuts.partition_point(|&x| x <= p.x0);
            let Some(column) = columns.get_mut(at).filter(|_| cuts.get(at).is_none_or(|&x| p.x1 <= x)) else { continue };
            match column.spans.last_mut() {
                Some(s) if at == last => s.1 = p.x1,
                _ => column.spans.push((p.x0, p.x1)),
            }
            last = at;
        }
    }
    columns
}

fn cells_filled(row: &Row, cuts: &[f64]) -> usize {
    let mut at: Vec<usize> = row.pieces.iter().map(|p| cuts.partition_point(|&x| x <= p.center())).collect();
    at.dedup();
    at.len()
}

impl Column {
    /// Most texts share their left edge, their right edge or their middle.
    fn is_aligned(&self, em: f64) -> bool {
        let in_line = |of: fn(&(f64, f64)) -> f64| {
            let mut at: Vec<f64> = self.spans.iter().map(of).collect();
            at.sort_by(f64::total_cmp);
            let need = ((IN_LINE * at.len() as f64).ceil() as usize).max(1);
            at.windows(need).any(|w| matches!((w.first(), w.last()), (Some(a), Some(b)) if b - a <= ALIGNED * em))
        };
        in_line(|s| s.0) || in_line(|s| s.1) || in_line(|s| (s.0 + s.1) / 2.0)
    }
    /// Wide lines, most of which fill the column: running text.
    fn is_prose(&self, em: f64) -> bool {
        let widest = self.spans.iter().map(|s| s.1 - s.0).fold(0.0, f64::max);
        let full = self.spans.iter().filter(|s| s.1 - s.0 >= 0.85 * widest).count();
        widest >= 10.0 * em && full * 2 >= self.spans.len()
    }
}
