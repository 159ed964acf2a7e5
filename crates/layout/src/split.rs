//! Walls that are not drawn but plain from the text: body rows without verticals below a ruled header, numbered rows without
//! horizontals (layout.md §10).
//!
//! Nothing is cut unless the text on both sides lines up and no word crosses the cut; what is cut has its confidence lowered.

use crate::assign::{Locator, PageRun};
use crate::chars::blank;
use crate::frame::Direction;
use crate::lattice::{Lattice, Region};
use jisseki_model::{Page, Point, Rect};
use std::collections::BTreeMap;

/// Confidence of cells between walls that are not drawn.
const UNDRAWN: f64 = 0.8;
/// Lines of two cells stand on one height when their baselines differ by less (em).
const LEVEL: f64 = 0.35;

/// A word: glyphs without a blank or gap between them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    bbox: Rect,
    baseline: f64,
    em: f64,
    numeric: bool,
}

/// Splits runs of upright text into words.
pub(crate) fn runs_to_words(runs: &[PageRun], page: &Page, boxes: &[Rect]) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    for run in runs.iter().filter(|r| r.inked && r.direction == Direction::Right) {
        let mut open = false;
        for &id in &run.ids {
            let (Some(g), Some(b)) = (page.glyphs.get(id as usize), boxes.get(id as usize)) else { continue };
            if blank(&g.text) {
                open = false;
                continue;
            }
            let numeric = g.text.chars().all(is_number_sign);
            match out.last_mut() {
                Some(w) if open && b.x0 - w.bbox.x1 <= 0.25 * run.em => {
                    w.bbox = w.bbox.union(*b);
                    w.numeric &= numeric;
                }
                _ => out.push(Word { bbox: *b, baseline: run.v, em: run.em, numeric }),
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
        _ => ",.%-+()△▲−－，．％¥￥$–（）".contains(c),
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

/// Cuts cells by their text. Returns the boxes of the tables that were touched.
pub(crate) fn split_by_text(lattices: &mut [Lattice], words: &[Word]) -> Vec<Rect> {
    let mut inside: Vec<Vec<Vec<Word>>> = lattices.iter().map(|l| vec![Vec::new(); l.regions.len()]).collect();
    {
        let locator = Locator::new(lattices);
        for w in words {
            let at = Point { x: w.bbox.center().x, y: w.baseline - 0.35 * w.em };
            let cell = locator.cell_at(at);
            if let Some(list) = cell.and_then(|(l, k)| inside.get_mut(l as usize)?.get_mut(k as usize)) {
                list.push(*w);
            }
        }
    }
    let mut touched = Vec::new();
    for (i, l) in lattices.iter_mut().enumerate() {
        let texts: Vec<&[Word]> = inside.get(i).into_iter().flatten().map(Vec::as_slice).collect();
        if let Some(cut) = split_columns(l, &texts).or_else(|| split_rows(l, &texts)) {
            touched.push(l.bbox());
            *l = cut;
        }
    }
    touched
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
