//! Walls that are not drawn but plain from the text: body rows without verticals below a ruled header, numbered rows without
//! horizontals (layout.md §10).
//!
//! Nothing is cut unless the text on both sides lines up and no word crosses the cut; what is cut has its confidence lowered.

use crate::assign::{CellId, Locator, Runs};
use crate::bands::split_band;
use crate::frame::{Direction, Mark, Placed};
use crate::gaps::{Piece, Row, rows_to_cuts, words_to_rows};
use crate::labels::with_labels;
use crate::lattice::{Lattice, Region};
use jisseki_model::{Point, Rect};
use std::collections::BTreeMap;

/// White space (em) that parts two words.
const WORD_GAP: f64 = 0.25;
/// Confidence of cells between walls that are not drawn.
pub(crate) const UNDRAWN: f64 = 0.8;
/// A piece of a header is wider (ems): one letter of a letter-spaced label is none.
const LETTER: f64 = 1.3;
/// More tables than this on a page are looked at without the text between them.
const TABLES: usize = 64;
/// Rows that must show the columns between them.
const RULED_ROWS: usize = 4;
/// Lines of two cells stand on one height when their baselines differ by less (em).
const LEVEL: f64 = 0.35;

/// A word: glyphs without a blank or gap between them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    pub(crate) bbox: Rect,
    pub(crate) baseline: f64,
    pub(crate) em: f64,
    pub(crate) numeric: bool,
}

/// Splits runs of upright text into words.
pub(crate) fn runs_to_words(runs: &Runs, placed: &Placed<'_>) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::with_capacity(2 * runs.list.len());
    for run in runs.list.iter().filter(|r| r.inked && r.direction == Direction::Right) {
        let numeric = |id: u32| placed.page.glyphs.get(id as usize).is_some_and(|g| g.text.chars().all(is_number_sign));
        if run.even {
            let goes_on = |l: &Mark, m: &Mark| m.follows_solidly(l) || !l.blank && !m.blank && m.u0 - l.u1 <= WORD_GAP * run.em;
            for own in placed.marks_of(runs.ids_of(run)).chunk_by(goes_on) {
                let (Some(l), Some(m)) = (own.first().filter(|m| !m.blank), own.last()) else { continue };
                let numeric = own.iter().all(|m| numeric(m.id));
                out.push(Word { bbox: l.bbox().union(m.bbox()), baseline: run.v, em: run.em, numeric });
            }
            continue;
        }
        let mut open = false;
        for &id in runs.ids_of(run) {
            let Some(m) = placed.mark(id) else { continue };
            if m.blank {
                open = false;
                continue;
            }
            let b = m.bbox();
            match out.last_mut() {
                Some(w) if open && b.x0 - w.bbox.x1 <= WORD_GAP * run.em => {
                    w.bbox = w.bbox.union(b);
                    w.numeric = w.numeric && numeric(id);
                }
                _ => out.push(Word { bbox: b, baseline: run.v, em: run.em, numeric: numeric(id) }),
            }
            open = true;
        }
    }
    out
}

fn is_number_sign(c: char) -> bool {
    match c {
        '0'..='9' | '０'..='９' | '①'..='⓿' => true,
        '\u{3001}'..='\u{FF00}' => false,
        _ => matches!(
            c,
            ',' | '.' | '%' | '-' | '+' | '(' | ')' | '△' | '▲' | '−' | '－' | '，' | '．' | '％' | '¥' | '￥' | '$' | '–' | '（' | '）'
        ),
    }
}

/// A line of a cell: its baseline and what it is made of.
#[derive(Debug, Clone, Copy)]
struct Level {
    baseline: f64,
    em: f64,
    top: f64,
    bottom: f64,
    numeric: bool,
}

fn words_to_levels(words: &[Word]) -> Vec<Level> {
    let mut sorted: Vec<&Word> = words.iter().collect();
    sorted.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    let mut out: Vec<Level> = Vec::new();
    for w in sorted {
        let (top, bottom) = (w.baseline - 0.8 * w.em, w.baseline + 0.1 * w.em);
        match out.last_mut() {
            Some(l) if w.baseline - l.baseline <= LEVEL * w.em => {
                l.top = l.top.min(top);
                l.bottom = l.bottom.max(bottom);
                l.numeric &= w.numeric;
            }
            _ => out.push(Level { baseline: w.baseline, em: w.em, top, bottom, numeric: w.numeric }),
        }
    }
    out
}

/// The words of each of a table's `n` cells; `cells` are those of all words in their order, sorted.
fn cell_texts<'w>(table: usize, n: usize, cells: &[CellId], words: &'w [Word]) -> Vec<&'w [Word]> {
    let mut texts = vec![<&[Word]>::default(); n];
    let mut at = cells.partition_point(|c| (c.0 as usize) < table);
    for own in cells.get(at..).unwrap_or_default().chunk_by(|a, b| a == b).take_while(|own| own.iter().all(|c| c.0 as usize == table)) {
        let to = at + own.len();
        if let (Some(cell), Some(text)) = (own.first().and_then(|c| texts.get_mut(c.1 as usize)), words.get(at..to)) {
            *cell = text;
        }
        at = to;
    }
    texts
}

/// Cuts cells by their text. Returns the boxes of the tables that were touched.
pub(crate) fn split_by_text(lattices: &mut [Lattice], words: &[Word]) -> Vec<Rect> {
    let mut inside: Vec<(CellId, Word)> = Vec::with_capacity(words.len());
    let mut free: Vec<Word> = Vec::new();
    {
        let locator = Locator::new(lattices);
        for w in words {
            let at = Point { x: w.bbox.center().x, y: w.baseline - 0.35 * w.em };
            match locator.cell_at(at) {
                Some(cell) => inside.push((cell, *w)),
                None => free.push(*w),
            }
        }
    }
    inside.sort_by_key(|i| i.0);
    let (cells, inside): (Vec<CellId>, Vec<Word>) = inside.into_iter().unzip();
    free.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    let mut touched = Vec::new();
    for i in 0..lattices.len() {
        let Some(l) = lattices.get(i) else { continue };
        let texts = cell_texts(i, l.regions.len(), &cells, &inside);
        let cut = split_columns(l, &texts)
            .or_else(|| split_rules(l, &texts))
            .or_else(|| split_band(l, &texts, true))
            .or_else(|| split_rows(l, &texts))
            .or_else(|| split_band(l, &texts, false))
            .or_else(|| split_header(l, &texts));
        let cut = if free.is_empty() || lattices.len() > TABLES {
            cut
        } else {
            let others: Vec<Rect> = lattices.iter().enumerate().filter(|(k, _)| *k != i).map(|(_, l)| l.bbox()).collect();
            with_labels(cut.as_ref().unwrap_or(l), &free, &others).or(cut)
        };
        if let (Some(cut), Some(slot)) = (cut, lattices.get_mut(i)) {
            touched.push(cut.bbox());
            *slot = cut;
        }
    }
    touched
}

/// Rows ruled above and below, without any vertical: columns of white stripes.
fn split_rules(l: &Lattice, texts: &[&[Word]]) -> Option<Lattice> {
    if l.xs.len() != 2 || l.regions.len() < RULED_ROWS {
        return None;
    }
    let lines: Vec<Vec<Row>> = texts.iter().map(|t| words_to_rows(t)).collect();
    let telling = lines.iter().filter(|own| own.iter().any(|r| r.pieces.len() >= 2)).count();
    if telling * 10 < l.regions.len() * 7 {
        return None;
    }
    let cuts = rows_to_cuts(&lines.iter().flatten().collect::<Vec<_>>(), RULED_ROWS)?;
    let crossed = |k: usize| lines.get(k).into_iter().flatten().flat_map(|r| &r.pieces).any(|p| cuts.iter().any(|&x| p.x0 < x && p.x1 > x));
    let mut out = Lattice { regions: Vec::new(), ..l.clone() };
    out.xs.splice(1..1, cuts.iter().copied());
    for (k, r) in l.regions.iter().enumerate() {
        let spans = if crossed(k) { vec![(0, cuts.len() + 1)] } else { (0..=cuts.len()).map(|c| (c, 1)).collect() };
        out.regions.extend(spans.into_iter().map(|(col, col_span)| Region {
            col,
            col_span,
            confidence: r.confidence * UNDRAWN,
            ..r.clone()
        }));
    }
    Some(out)
}

/// Header cells over several columns whose texts are spread over them evenly: `2009 2010 2011` over six columns, `項目 説明` over two.
fn split_header(l: &Lattice, texts: &[&[Word]]) -> Option<Lattice> {
    let mut out = Lattice { regions: Vec::new(), ..l.clone() };
    for (k, r) in l.regions.iter().enumerate() {
        let parts = if r.row == 0 && r.col_span > 1 { spread(l, r, texts.get(k).copied().unwrap_or_default()) } else { None };
        match parts {
            Some(n) => out.regions.extend((0..n).map(|i| Region {
                col: r.col + i * (r.col_span / n),
                col_span: r.col_span / n,
                confidence: r.confidence * UNDRAWN,
                ..r.clone()
            })),
            None => out.regions.push(r.clone()),
        }
    }
    (out.regions.len() > l.regions.len()).then_some(out)
}

/// Into how many cells the one line of a header falls: each piece stands in its own columns, plainly apart from the next.
fn spread(l: &Lattice, r: &Region, words: &[Word]) -> Option<usize> {
    let rows = words_to_rows(words);
    let [row] = rows.as_slice() else { return None };
    let n = row.pieces.len();
    if n < 2 || !r.col_span.is_multiple_of(n) {
        return None;
    }
    let each = r.col_span / n;
    let apart = row.pieces.windows(2).all(|w| matches!(w, [a, b] if b.x0 - a.x1 >= 2.0 * row.em));
    let stands = |(i, p): (usize, &Piece)| {
        let (Some(&a), Some(&b)) = (l.xs.get(r.col + i * each), l.xs.get(r.col + (i + 1) * each)) else { return false };
        let centered = each == 1 || ((a + b) / 2.0 - p.center()).abs() <= 0.2 * (b - a);
        p.x0 > a - 0.2 * row.em && p.x1 < b + 0.2 * row.em && p.x1 - p.x0 >= LETTER * row.em && centered
    };
    (apart && row.pieces.iter().enumerate().all(stands)).then_some(n)
}

/// Rows whose cells span columns that are ruled elsewhere, with text standing in those columns and none across.
fn split_columns(l: &Lattice, texts: &[&[Word]]) -> Option<Lattice> {
    let mut groups: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (k, r) in l.regions.iter().enumerate().filter(|(_, r)| r.col_span > 1 && r.row_span == 1) {
        groups.entry((r.col, r.col_span)).or_default().push(k);
    }
    let mut cut: Vec<usize> = Vec::new();
    for ((col, span), members) in groups {
        if members.len() < 2 {
            continue;
        }
        let lines: Vec<f64> = l.xs.get(col + 1..col + span)?.to_vec();
        let fit: Vec<usize> = members
            .iter()
            .copied()
            .filter(|&k| {
                let words = texts.get(k).copied().unwrap_or_default();
                let crossed = words.iter().any(|w| lines.iter().any(|&x| w.bbox.x0 < x - 0.15 * w.em && w.bbox.x1 > x + 0.15 * w.em));
                let mut columns: Vec<usize> = words.iter().map(|w| lines.partition_point(|&x| x < w.bbox.center().x)).collect();
                columns.sort_unstable();
                columns.dedup();
                !crossed && wide_at_cuts(words, &lines) && columns.len() >= 2 && columns.len() * 10 >= span * 6
            })
            .collect();
        // One such row may be a heading set in two pieces; a body has several, and hardly a row beside them.
        if fit.len() >= 2 && fit.len() * 4 >= members.len() * 3 {
            cut.extend(fit);
        }
    }
    if cut.is_empty() {
        return None;
    }
    let mut out = Lattice { regions: Vec::new(), ..l.clone() };
    for (k, r) in l.regions.iter().enumerate() {
        if cut.contains(&k) {
            out.regions.extend((0..r.col_span).map(|c| Region {
                col: r.col + c,
                col_span: 1,
                confidence: r.confidence * UNDRAWN,
                ..r.clone()
            }));
        } else {
            out.regions.push(r.clone());
        }
    }
    out.regions.sort_by_key(|r| (r.row, r.col));
    Some(out)
}

/// The gaps at the cuts are wide, and plainly wider than those between other words: letter-spaced labels are not cut.
fn wide_at_cuts(words: &[Word], lines: &[f64]) -> bool {
    let mut sorted: Vec<&Word> = words.iter().collect();
    sorted.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    let (mut at_cuts, mut others) = (f64::INFINITY, 0.0_f64);
    for row in sorted.chunk_by(|a, b| (a.baseline - b.baseline).abs() <= LEVEL * a.em) {
        let mut row: Vec<&&Word> = row.iter().collect();
        row.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
        for w in row.windows(2) {
            let [a, b] = w else { continue };
            let gap = (b.bbox.x0 - a.bbox.x1) / a.em.max(0.1);
            if lines.iter().any(|&x| a.bbox.center().x < x && x <= b.bbox.center().x) {
                at_cuts = at_cuts.min(gap)
            } else {
                others = others.max(gap)
            }
        }
    }
    at_cuts >= 1.2 && at_cuts >= 1.5 * others
}

/// Rows of several numbered or numeric lines side by side.
fn split_rows(l: &Lattice, texts: &[&[Word]]) -> Option<Lattice> {
    let n_rows = l.ys.len().checked_sub(1)?;
    let mut cuts: Vec<(usize, Vec<f64>)> = Vec::new();
    for row in 0..n_rows {
        let members: Vec<usize> = l.regions.iter().enumerate().filter(|(_, r)| r.row == row).map(|(k, _)| k).collect();
        let whole = members.iter().all(|&k| l.regions.get(k).is_some_and(|r| r.row_span == 1))
            && members.iter().filter_map(|&k| l.regions.get(k)).map(|r| r.col_span).sum::<usize>() + 1 == l.xs.len();
        if !whole || members.len() < 3 {
            continue;
        }
        let levels: Vec<Vec<Level>> = members.iter().map(|&k| words_to_levels(texts.get(k).copied().unwrap_or_default())).collect();
        if let Some(at) = row_cuts(&levels) {
            cuts.push((row, at));
        }
    }
    if cuts.is_empty() {
        return None;
    }
    Some(cut_rows(l, &cuts))
}

/// Where to cut a row, from the lines of its cells; None to leave it whole.
fn row_cuts(levels: &[Vec<Level>]) -> Option<Vec<f64>> {
    let filled: Vec<&Vec<Level>> = levels.iter().filter(|l| !l.is_empty()).collect();
    if filled.len() < 3 {
        return None;
    }
    let first = levels.first()?;
    let all_numeric = |l: &Vec<Level>| l.iter().all(|x| x.numeric);
    let aligned = |l: &Vec<Level>, key: &[Level]| key.iter().all(|k| l.iter().any(|x| (x.baseline - k.baseline).abs() <= LEVEL * k.em));
    // Numbers in the first column, each with a line beside it in nearly every other column …
    let numbered = first.len() >= 2 && all_numeric(first) && filled.iter().filter(|l| aligned(l, first)).count() * 5 >= filled.len() * 4;
    // … or columns of figures, three or more lines each, all on the heights of the first column's lines.
    let figures: Vec<&&Vec<Level>> = filled.iter().skip(1).filter(|l| l.len() >= 3 && all_numeric(l)).collect();
    let key: &[Level] = if numbered {
        first
    } else {
        let key = figures.first()?;
        let together = figures.len() >= 2 && figures.iter().all(|l| l.len() == key.len() && aligned(l, key));
        if !(together && first.len() == key.len() && aligned(first, key) && figures.len() * 2 >= filled.len()) {
            return None;
        }
        key
    };
    // Between every two keys there must be a height that no line covers.
    key.windows(2)
        .map(|w| {
            let [a, b] = w else { return None };
            let mut spans: Vec<(f64, f64)> =
                levels.iter().flatten().map(|x| (x.top, x.bottom)).filter(|s| s.1 > a.top && s.0 < b.bottom).collect();
            spans.sort_by(|x, y| x.0.total_cmp(&y.0));
            let mut reach = a.top;
            let mut best: Option<(f64, f64)> = None;
            for (top, bottom) in spans {
                if top > reach && best.is_none_or(|x| top - reach > x.1 - x.0) {
                    best = Some((reach, top));
                }
                reach = reach.max(bottom);
            }
            let (lo, hi) = best?;
            (hi - lo > 0.05 * a.em).then_some((lo + hi) / 2.0)
        })
        .collect()
}

fn cut_rows(l: &Lattice, cuts: &[(usize, Vec<f64>)]) -> Lattice {
    // New number of each old row line.
    let mut at = Vec::with_capacity(l.ys.len());
    let mut ys = Vec::new();
    for (row, &y) in l.ys.iter().enumerate() {
        at.push(ys.len());
        ys.push(y);
        ys.extend(cuts.iter().filter(|c| c.0 == row).flat_map(|c| c.1.iter().copied()));
    }
    let line = |i: usize| at.get(i).copied().unwrap_or(i);
    let mut regions = Vec::new();
    for r in &l.regions {
        let (from, to) = (line(r.row), line(r.row + r.row_span));
        if r.row_span == 1 && to - from > 1 {
            regions.extend((from..to).map(|row| Region { row, row_span: 1, confidence: r.confidence * UNDRAWN, ..r.clone() }));
        } else {
            regions.push(Region { row: from, row_span: to - from, ..r.clone() });
        }
    }
    regions.sort_by_key(|r| (r.row, r.col));
    Lattice { ys, regions, ..l.clone() }
}
