//! A ruled row that holds a table's whole body: its lines of text are rows, its white stripes are columns (layout.md §10).

use crate::gaps::{Row, rows_to_cuts, words_to_rows};
use crate::lattice::{Lattice, Region};
use crate::split::{UNDRAWN, Word};

/// Lines that a body has at least.
const LINES: usize = 4;
/// Share of the table's height that its body takes.
const HEIGHT: f64 = 0.4;
/// Rows that show the columns of one cell.
const TELLING: usize = 3;
/// Lines of one row of text differ by less, in ems.
const LEVEL: f64 = 0.35;

/// A column of the body, by row: nothing, a text (false) or a figure (true).
struct Column {
    texts: Vec<Option<bool>>,
}

/// Cuts the one ruled row that is the body of its table; None where the text does not plainly stand in rows of figures.
///
/// With `columns`, only where stripes part columns in it, too.
pub(crate) fn split_band(l: &Lattice, texts: &[&[Word]], columns: bool) -> Option<Lattice> {
    let n_rows = l.ys.len().checked_sub(1)?;
    let height = l.ys.last()? - l.ys.first()?;
    (0..n_rows)
        .filter(|&r| matches!((l.ys.get(r), l.ys.get(r + 1)), (Some(a), Some(b)) if b - a >= HEIGHT * height))
        .find_map(|r| cut_band(l, r, n_rows, texts))
        .filter(|cut| !columns || cut.xs.len() > l.xs.len())
}

fn cut_band(l: &Lattice, row: usize, n_rows: usize, texts: &[&[Word]]) -> Option<Lattice> {
    let members: Vec<usize> = (0..l.regions.len()).filter(|&k| l.regions.get(k).is_some_and(|r| r.row == row && r.row_span == 1)).collect();
    let covered: usize = members.iter().filter_map(|&k| l.regions.get(k)).map(|r| r.col_span).sum();
    if covered + 1 != l.xs.len() {
        return None;
    }
    let of = |k: usize| texts.get(k).copied().unwrap_or_default();
    // The rows are those of the figures, where cells hold nothing else; a label set beside all of them has lines of its own.
    let figures: Vec<Word> = members.iter().filter(|&&k| of(k).iter().all(|w| w.numeric)).flat_map(|&k| of(k)).copied().collect();
    let all: Vec<Word> = members.iter().flat_map(|&k| of(k)).copied().collect();
    let rows = words_to_rows(if figures.is_empty() { &all } else { &figures });
    if rows.len() < LINES || rows.len() < 2 * n_rows {
        return None;
    }
    let in_line = |own: &[Row]| own.iter().filter(|r| row_at(&rows, r).is_some()).count() * 10 >= own.len() * 9;
    let mut cuts: Vec<f64> = Vec::new();
    let mut columns: Vec<Column> = Vec::new();
    let mut whole: Vec<usize> = Vec::new();
    for &k in &members {
        let own = words_to_rows(of(k));
        if !in_line(&own) {
            whole.push(k);
            continue;
        }
        let inner = rows_to_cuts(&own.iter().collect::<Vec<_>>(), TELLING).unwrap_or_default();
        columns.extend((0..=inner.len()).map(|c| column_of(&own, &inner, c, &rows)));
        cuts.extend(inner);
    }
    if whole.len() * 3 > members.len() || !is_body(&columns, rows.len()) || members.iter().any(|&k| !whole.contains(&k) && is_prose(of(k)))
    {
        return None;
    }
    Some(cut_lattice(l, &Cut { row, cuts, rows, whole }, &of))
}

/// The row on a line's height.
fn row_at(rows: &[Row], line: &Row) -> Option<usize> {
    let at = rows.partition_point(|r| r.baseline < line.baseline - LEVEL * line.em);
    rows.get(at).filter(|r| (r.baseline - line.baseline).abs() <= LEVEL * line.em).map(|_| at)
}

/// How a lattice is cut: the ruled row, the new column lines, the rows of text, the cells that stay as they are.
struct Cut {
    row: usize,
    cuts: Vec<f64>,
    rows: Vec<Row>,
    whole: Vec<usize>,
}

/// Whether each row has text in the column, and whether that text is a figure.
fn column_of(own: &[Row], cuts: &[f64], c: usize, rows: &[Row]) -> Column {
    let in_column = |r: &Row| -> Option<bool> {
        let mut words =
            r.pieces.iter().flat_map(|p| &p.words).filter(|w| cuts.partition_point(|&x| x <= w.bbox.center().x) == c).peekable();
        words.peek()?;
        Some(words.all(|w| w.numeric))
    };
    let mut texts = vec![None; rows.len()];
    for line in own {
        if let Some(t) = row_at(rows, line).and_then(|at| texts.get_mut(at)) {
            *t = in_column(line);
        }
    }
    Column { texts }
}

/// Half the columns or more hold figures, and most rows fill most columns.
fn is_body(columns: &[Column], n_rows: usize) -> bool {
    let numeric = |c: &&Column| {
        let filled = c.texts.iter().flatten().count();
        filled >= TELLING && c.texts.iter().flatten().filter(|n| **n).count() * 5 >= filled * 4
    };
    let figures = columns.iter().filter(numeric).count();
    let full =
        (0..n_rows).filter(|&r| columns.iter().filter(|c| matches!(c.texts.get(r), Some(Some(_)))).count() * 2 >= columns.len()).count();
    columns.len() >= 2 && figures * 2 >= columns.len() && full * 10 >= n_rows * 7
}

/// Lines that fill their cell.
fn is_prose(words: &[Word]) -> bool {
    let rows = words_to_rows(words);
    let widths: Vec<f64> = rows.iter().filter_map(|r| Some(r.pieces.last()?.x1 - r.pieces.first()?.x0)).collect();
    let em = rows.iter().map(|r| r.em).fold(0.0, f64::max);
    let widest = widths.iter().copied().fold(0.0, f64::max);
    widest >= 12.0 * em
        && rows.iter().all(|r| r.pieces.len() == 1)
        && widths.iter().filter(|w| **w >= 0.85 * widest).count() * 2 >= rows.len()
}

fn cut_lattice<'t>(l: &Lattice, cut: &Cut, of: &impl Fn(usize) -> &'t [Word]) -> Lattice {
    let Cut { row, rows, whole, .. } = cut;
    let row = *row;
    let mut cuts = cut.cuts.clone();
    cuts.sort_by(f64::total_cmp);
    // New numbers of the old column lines.
    let line = |i: usize| l.xs.get(i).map_or(i, |&x| i + cuts.partition_point(|&c| c < x));
    let mut xs: Vec<f64> = l.xs.iter().chain(&cuts).copied().collect();
    xs.sort_by(f64::total_cmp);
    let borders: Vec<f64> =
        rows.windows(2).filter_map(|w| if let [a, b] = w { Some((a.bottom() + b.top()) / 2.0) } else { None }).collect();
    let mut ys = l.ys.clone();
    ys.splice(row + 1..row + 1, borders);
    let mut regions = Vec::new();
    for (k, r) in l.regions.iter().enumerate() {
        let (from, to) = (line(r.col), line(r.col + r.col_span));
        let moved = |i: usize| if i > row { i + rows.len() - 1 } else { i };
        let (top, bottom) = (moved(r.row), moved(r.row + r.row_span));
        let confidence = r.confidence * UNDRAWN;
        if r.row == row && r.row_span == 1 && !whole.contains(&k) {
            // A cell that spanned columns before goes on doing so unless stripes cut it.
            let bounds: Vec<usize> = (from..=to).filter(|&i| i == from || i == to || xs.get(i).is_some_and(|x| cuts.contains(x))).collect();
            for y in top..bottom {
                regions.extend(bounds.windows(2).filter_map(|w| {
                    let [a, b] = *w else { return None };
                    Some(Region { row: y, col: a, row_span: 1, col_span: b - a, confidence })
                }));
            }
        } else if let Some(parts) = header_parts(of(k), xs.get(from..=to).unwrap_or_default(), &cuts) {
            let bounds: Vec<usize> = std::iter::once(0).chain(parts).chain([to - from]).collect();
            regions.extend(bounds.windows(2).filter_map(|w| {
                let [a, b] = *w else { return None };
                Some(Region { row: top, col: from + a, row_span: bottom - top, col_span: b - a, confidence })
            }));
        } else {
            regions.push(Region { row: top, col: from, row_span: bottom - top, col_span: to - from, confidence: r.confidence });
        }
    }
    regions.sort_by_key(|r| (r.row, r.col));
    Lattice { xs, ys, regions, ..l.clone() }
}

/// Which of the lines within a cell part its words; None unless each part has text and no word crosses.
fn header_parts(words: &[Word], xs: &[f64], cuts: &[f64]) -> Option<Vec<usize>> {
    let inner: Vec<usize> = (1..xs.len().saturating_sub(1)).filter(|&i| xs.get(i).is_some_and(|x| cuts.contains(x))).collect();
    if inner.is_empty() || words.is_empty() {
        return None;
    }
    let lines: Vec<f64> = inner.iter().filter_map(|&i| xs.get(i).copied()).collect();
    let crossed = words.iter().any(|w| lines.iter().any(|&x| w.bbox.x0 < x - 0.15 * w.em && w.bbox.x1 > x + 0.15 * w.em));
    let mut filled: Vec<usize> = words.iter().map(|w| lines.partition_point(|&x| x <= w.bbox.center().x)).collect();
    filled.sort_unstable();
    filled.dedup();
    (!crossed && filled.len() == lines.len() + 1).then_some(inner)
}
