//! Tables without verticals: rules above, below and between rows, columns of white space (layout.md §10).
//!
//! A table is seen only where rules of one extent bound it, three rows or more share their columns, the columns are in line and are no prose.
//! Its cells are worth less than drawn ones ([`CONFIDENCE`]), and the table says what it rests on.

use crate::gaps::{Piece, Row, clear_of_header, rows_to_cuts, words_to_rows};
use crate::lattice::{Evidence, Lattice, Region, drop_unused_lines};
use crate::split::Word;
use jisseki_model::Rect;

/// Confidence of cells between borders that no one drew.
const CONFIDENCE: f64 = 0.6;
/// Ends of rules that belong together differ by less, in ems.
const SAME_END: f64 = 0.8;
/// Rules shorter than this (ems) bound no table.
const SHORTEST: f64 = 12.0;
/// Rows that must show the columns.
const ROWS: usize = 3;
/// The same within a mere box, which may hold anything.
const ROWS_IN_FRAME: usize = 4;
/// More free rules than this are a drawing.
const RULES: usize = 2000;
/// A piece wider than this share of the area, and than [`PROSE`] ems, is running text.
const WIDE: f64 = 0.6;
const PROSE: f64 = 14.0;
/// The most lines of a header.
const HEADER_LINES: usize = 6;

/// A horizontal rule that belongs to no lattice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rule {
    pub(crate) y: f64,
    pub(crate) x0: f64,
    pub(crate) x1: f64,
}

/// Rules of one extent, top to bottom.
#[derive(Debug, Clone)]
struct Area {
    x0: f64,
    x1: f64,
    ys: Vec<f64>,
    /// A closed box.
    framed: bool,
}

/// Finds the tables between free rules, and in frames without inner rules.
pub(crate) fn rules_to_tables(rules: &[Rule], frames: &[Rect], ruled: &[Rect], words: &[Word], em: f64) -> Vec<Lattice> {
    if rules.len() > RULES {
        return Vec::new();
    }
    let framed = frames.iter().map(|f| Area { x0: f.x0, x1: f.x1, ys: vec![f.y0, f.y1], framed: true });
    let areas: Vec<Area> = rules_to_areas(rules, em).into_iter().chain(framed).collect();
    // Most pages have none.
    if areas.is_empty() {
        return Vec::new();
    }
    let mut sorted: Vec<&Word> = words.iter().collect();
    sorted.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    let mut out: Vec<Lattice> = Vec::new();
    for area in areas {
        let (Some(&top), Some(&bottom)) = (area.ys.first(), area.ys.last()) else { continue };
        let from = sorted.partition_point(|w| w.baseline <= top);
        let inside: Vec<Word> = sorted
            .iter()
            .skip(from)
            .take_while(|w| w.baseline < bottom + w.em)
            .filter(|w| w.bbox.center().x > area.x0 && w.bbox.center().x < area.x1)
            .map(|w| **w)
            .collect();
        let rows = words_to_rows(&inside);
        for part in area_to_parts(&area, &rows, em) {
            let bbox =
                Rect { x0: part.x0, y0: part.ys.first().copied().unwrap_or(0.0), x1: part.x1, y1: part.ys.last().copied().unwrap_or(0.0) };
            if ruled.iter().chain(out.iter().map(Lattice::bbox).collect::<Vec<_>>().iter()).any(|r| !r.intersection(bbox).is_empty()) {
                continue;
            }
            // Rules that go on beyond it on either side: these are parts of a header, the table is wider.
            let wider = |r: &Rule| {
                r.y > bbox.y0 + 1.0
                    && r.y < bbox.y1 - 1.0
                    && r.x0.max(bbox.x0) < r.x1.min(bbox.x1)
                    && r.x1 - r.x0 > part.x1 - part.x0 + 2.0 * em
            };
            if rules.iter().any(wider) {
                continue;
            }
            let partial: Vec<Rule> = rules
                .iter()
                .copied()
                .filter(|r| r.y > bbox.y0 + 1.0 && r.y < bbox.y1 - 1.0 && r.x0 >= bbox.x0 - em && r.x1 <= bbox.x1 + em)
                .collect();
            out.extend(part_to_lattice(&part, &rows, &partial, em));
        }
    }
    out
}

/// Groups long rules by their ends.
fn rules_to_areas(rules: &[Rule], em: f64) -> Vec<Area> {
    let mut long: Vec<&Rule> = rules.iter().filter(|r| r.x1 - r.x0 >= SHORTEST * em).collect();
    long.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let mut out = Vec::new();
    for starts in chunks(&long, |r| r.x0, SAME_END * em) {
        let mut ends = starts.to_vec();
        ends.sort_by(|a, b| a.x1.total_cmp(&b.x1));
        for same in chunks(&ends, |r| r.x1, SAME_END * em) {
            let mut ys: Vec<f64> = same.iter().map(|r| r.y).collect();
            ys.sort_by(f64::total_cmp);
            ys.dedup_by(|a, b| *a - *b < 0.5 * em);
            if ys.len() >= 2 {
                let x0 = same.iter().map(|r| r.x0).fold(f64::INFINITY, f64::min);
                let x1 = same.iter().map(|r| r.x1).fold(f64::NEG_INFINITY, f64::max);
                out.push(Area { x0, x1, ys, framed: false });
            }
        }
    }
    out
}

/// Cuts a sorted list where a value lies more than `reach` beyond the first of its group.
fn chunks<'a, 'r>(sorted: &'a [&'r Rule], key: impl Fn(&Rule) -> f64 + 'a, reach: f64) -> impl Iterator<Item = &'a [&'r Rule]> {
    let mut rest = sorted;
    std::iter::from_fn(move || {
        let first = key(rest.first()?);
        let n = rest.iter().take_while(|r| key(r) - first <= reach).count();
        let (head, tail) = rest.split_at(n);
        rest = tail;
        Some(head)
    })
}

/// Cuts an area at the bands between rules that hold running text or nothing.
fn area_to_parts(area: &Area, rows: &[Row], em: f64) -> Vec<Area> {
    let width = area.x1 - area.x0;
    let broken = |lo: f64, hi: f64| {
        let own: Vec<&Row> = rows.iter().filter(|r| r.baseline > lo && r.baseline - 0.35 * r.em < hi).collect();
        let beyond = own.iter().flat_map(|r| &r.pieces).any(|p| p.x0 < area.x0 - em || p.x1 > area.x1 + em);
        let prose = own.iter().filter(|r| r.pieces.iter().any(|p| p.x1 - p.x0 > (WIDE * width).max(PROSE * em))).count();
        // Captions and notes: lines of one piece each; one such line close between two rules is a heading within a table.
        let lone = own.iter().all(|r| r.pieces.len() < 2) && (own.len() >= 2 || hi - lo > 2.5 * em);
        beyond || prose >= 2 || prose * 3 > own.len() || lone
    };
    let mut out = Vec::new();
    let mut ys: Vec<f64> = Vec::new();
    for w in area.ys.windows(2) {
        let [lo, hi] = *w else { continue };
        if broken(lo, hi) {
            out.push(std::mem::take(&mut ys));
            continue;
        }
        if ys.is_empty() {
            ys.push(lo);
        }
        ys.push(hi);
    }
    out.push(ys);
    out.into_iter().filter(|ys| ys.len() >= 2).map(|ys| Area { ys, ..*area }).collect()
}

/// A cell as it grows: columns `from..=to` of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: usize,
    to: usize,
}

fn part_to_lattice(part: &Area, rows: &[Row], partial: &[Rule], em: f64) -> Option<Lattice> {
    let (&top, &bottom) = (part.ys.first()?, part.ys.last()?);
    let rows: Vec<&Row> = rows.iter().filter(|r| r.baseline > top && r.baseline - 0.35 * r.em < bottom).collect();
    // The header: what stands above the second rule.
    let second = part.ys.get(1).copied().filter(|_| part.ys.len() > 2);
    let n_header = second.map_or(0, |y| rows.iter().filter(|r| r.baseline - 0.35 * r.em < y).count());
    let n_header = if n_header <= HEADER_LINES { n_header } else { 0 };
    let (header, body) = rows.split_at_checked(n_header)?;
    if part.framed && !is_even(body) {
        return None;
    }
    let mut cuts = rows_to_cuts(body, if part.framed { ROWS_IN_FRAME } else { ROWS })?;
    // What stands over a rule of its own spans columns and says nothing of where they part.
    let spanning = |p: &Piece, r: &Row| {
        partial
            .iter()
            .any(|q| q.y > r.baseline - 0.3 * r.em && second.is_some_and(|y| q.y < y - 0.5) && q.x0 <= p.center() && p.center() <= q.x1)
    };
    let apart: Vec<&Piece> = header.iter().flat_map(|r| r.pieces.iter().filter(|p| !spanning(p, r))).collect();
    clear_of_header(&mut cuts, &apart, body);
    let mut xs = vec![part.x0];
    xs.extend(&cuts);
    xs.push(part.x1);
    let n_cols = xs.len() - 1;
    let extents = column_extents(body, &cuts);
    let mut borders: Vec<f64> = vec![top];
    borders.extend(rows.windows(2).filter_map(|w| if let [a, b] = w { Some(border_between(a, b, &part.ys)) } else { None }));
    borders.push(bottom);
    let mut regions = Vec::new();
    header_to_regions(header, &xs, &cuts, &extents, partial, &borders, &mut regions);
    let joined = joined_rows(body, &cuts, &part.ys);
    let mut at = n_header;
    for (k, row) in body.iter().enumerate() {
        let n = 1 + joined.iter().skip(k + 1).take_while(|j| **j).count();
        if joined.get(k).copied().unwrap_or(false) {
            continue;
        }
        let wide = if n == 1 { lone_span(row, &xs, &cuts, em) } else { None };
        let mut col = 0;
        while col < n_cols {
            let to = wide.filter(|w| w.from == col).map_or(col, |w| w.to);
            regions.push(Region { row: at, col, row_span: n, col_span: to - col + 1, confidence: CONFIDENCE });
            col = to + 1;
        }
        at += n;
    }
    regions.sort_by_key(|r| (r.row, r.col));
    Some(drop_unused_lines(Lattice { xs, ys: borders, regions, evidence: Evidence::Aligned, ..Lattice::default() }))
}

/// Lines of one size: no formula, no poster.
fn is_even(rows: &[&Row]) -> bool {
    let mut ems: Vec<f64> = rows.iter().map(|r| r.em).collect();
    ems.sort_by(f64::total_cmp);
    let usual = ems.get(ems.len() / 2).copied().unwrap_or(0.0);
    ems.iter().filter(|e| (**e - usual).abs() <= 0.15 * usual).count() * 10 >= ems.len() * 8
}

/// The rule between two rows, else the middle of the white between them.
fn border_between(a: &Row, b: &Row, rules: &[f64]) -> f64 {
    let (lo, hi) = (a.baseline - 0.35 * a.em, b.baseline - 0.35 * b.em);
    rules.iter().copied().find(|y| *y > lo && *y < hi).unwrap_or((a.bottom() + b.top()) / 2.0)
}

fn column_of(cuts: &[f64], x: f64) -> usize {
    cuts.partition_point(|&c| c <= x)
}

/// Where the texts of each column begin and end.
fn column_extents(body: &[&Row], cuts: &[f64]) -> Vec<(f64, f64)> {
    let mut out = vec![(f64::INFINITY, f64::NEG_INFINITY); cuts.len() + 1];
    for p in body.iter().flat_map(|r| &r.pieces) {
        let (a, b) = (column_of(cuts, p.x0), column_of(cuts, p.x1));
        if let (true, Some(e)) = (a == b, out.get_mut(a)) {
            *e = (e.0.min(p.x0), e.1.max(p.x1));
        }
    }
    out
}

/// Header cells: lines of one column are one cell; what stands over a rule of its own spans the rule's columns.
fn header_to_regions(
    header: &[&Row],
    xs: &[f64],
    cuts: &[f64],
    extents: &[(f64, f64)],
    partial: &[Rule],
    borders: &[f64],
    out: &mut Vec<Region>,
) {
    let n_cols = xs.len() - 1;
    // Per line and column: the span that the text there belongs to.
    let mut spans: Vec<Vec<Span>> = Vec::new();
    for row in header {
        let mut line: Vec<Span> = (0..n_cols).map(|c| Span { from: c, to: c }).collect();
        let zone_end = borders.get(header.len()).copied().unwrap_or(f64::INFINITY);
        for p in &row.pieces {
            let span = over_rule(p, row, partial, zone_end, xs, cuts).or_else(|| {
                let own = Span { from: column_of(cuts, p.x0), to: column_of(cuts, p.x1) };
                (own.from < own.to && !falls_apart(p, own, cuts, extents)).then_some(own)
            });
            if let Some(s) = span.filter(|s| s.to < n_cols) {
                line.iter_mut().take(s.to + 1).skip(s.from).for_each(|x| *x = s);
            }
        }
        spans.push(line);
    }
    // A wall below line `k` in column `c`: a rule of its own, or another span on the next line.
    let ruled = |k: usize, c: usize| {
        let (Some(&x0), Some(&x1), Some(a), Some(b)) = (xs.get(c), xs.get(c + 1), header.get(k), header.get(k + 1)) else { return true };
        partial
            .iter()
            .any(|r| r.y > a.baseline - 0.3 * a.em && r.y < b.baseline - 0.3 * b.em && r.x1.min(x1) - r.x0.max(x0) > 0.4 * (x1 - x0))
    };
    for c in 0..n_cols {
        let mut begin = 0;
        for k in 0..header.len() {
            let Some(&span) = spans.get(k).and_then(|l| l.get(c)) else { continue };
            let next = spans.get(k + 1).and_then(|l| l.get(c));
            if next.is_some_and(|n| *n == span) && !ruled(k, c) {
                continue;
            }
            if span.from == c {
                out.push(Region { row: begin, col: c, row_span: k + 1 - begin, col_span: span.to - span.from + 1, confidence: CONFIDENCE });
            }
            begin = k + 1;
        }
    }
}

/// The columns of the rule that a piece of a header stands over.
fn over_rule(p: &Piece, row: &Row, partial: &[Rule], end: f64, xs: &[f64], cuts: &[f64]) -> Option<Span> {
    let c = p.center();
    let below = partial.iter().filter(|r| r.y > row.baseline - 0.3 * row.em && r.y < end - 0.5 && r.x0 <= c && c <= r.x1);
    let rule = below.min_by(|a, b| a.y.total_cmp(&b.y))?;
    let covered = |c: usize| match (xs.get(c), xs.get(c + 1)) {
        (Some(&x0), Some(&x1)) => rule.x1.min(x1) - rule.x0.max(x0) > 0.3 * (x1 - x0),
        _ => false,
    };
    let from = (0..=cuts.len()).find(|&c| covered(c))?;
    let to = (0..=cuts.len()).rev().find(|&c| covered(c))?;
    (from < to).then_some(Span { from, to })
}

/// The words of a piece stand in the columns below: a line of headers set close together.
fn falls_apart(p: &Piece, span: Span, cuts: &[f64], extents: &[(f64, f64)]) -> bool {
    let mut groups = vec![(f64::INFINITY, f64::NEG_INFINITY); span.to - span.from + 1];
    for w in &p.words {
        let (a, b) = (column_of(cuts, w.bbox.x0 + 0.2 * w.em), column_of(cuts, w.bbox.x1 - 0.2 * w.em));
        let Some(g) = groups.get_mut(a.saturating_sub(span.from)).filter(|_| a == b) else { return false };
        *g = (g.0.min(w.bbox.x0), g.1.max(w.bbox.x1));
    }
    groups.iter().zip(extents.iter().skip(span.from)).all(|(g, e)| {
        let shared = g.1.min(e.1) - g.0.max(e.0);
        g.0 < g.1 && shared >= 0.5 * (g.1 - g.0).min(e.1 - e.0)
    })
}

/// The columns of a piece that stands alone in its row and crosses columns: a heading within the table.
fn lone_span(row: &Row, xs: &[f64], cuts: &[f64], em: f64) -> Option<Span> {
    let [p] = row.pieces.as_slice() else { return None };
    let own = Span { from: column_of(cuts, p.x0), to: column_of(cuts, p.x1) };
    let last = cuts.len();
    // A heading set in the middle of the columns from its first one on spans them all.
    let centered = |from: usize| matches!((xs.get(from), xs.last()), (Some(a), Some(b)) if ((a + b) / 2.0 - p.center()).abs() <= em);
    match () {
        () if own.from > 0 && own.from < own.to && centered(1) => Some(Span { from: 1, to: last }),
        () if own.from < own.to && centered(0) => Some(Span { from: 0, to: last }),
        () if own.from < own.to => Some(own),
        () => None,
    }
}

/// Which rows go on with the row before them: the second line of a label, indented, or of words beside it.
fn joined_rows(body: &[&Row], cuts: &[f64], rules: &[f64]) -> Vec<bool> {
    let mut steps: Vec<f64> = body.windows(2).map(|w| if let [a, b] = w { b.baseline - a.baseline } else { 0.0 }).collect();
    steps.sort_by(f64::total_cmp);
    let usual = steps.get(steps.len() / 2).copied().unwrap_or(0.0);
    let columns = |r: &Row| -> Vec<usize> { r.pieces.iter().map(|p| column_of(cuts, p.center())).collect() };
    let wordy =
        |r: &Row, c: usize| r.pieces.iter().filter(|p| column_of(cuts, p.center()) == c).all(|p| !p.words.iter().all(|w| w.numeric));
    let mut out = vec![false; body.len()];
    for (k, w) in body.windows(2).enumerate() {
        let [a, b] = w else { continue };
        let (ca, cb) = (columns(a), columns(b));
        let (Some(first), Some(before)) = (b.pieces.first(), a.pieces.first()) else { continue };
        let near = b.baseline - a.baseline <= 1.15 * usual;
        let label = cb == [0] && ca.first() == Some(&0) && first.x0 > before.x0 + 0.5 * b.em;
        let words = cb.first() != Some(&0) && cb.iter().all(|c| ca.contains(c) && wordy(b, *c) && wordy(a, *c)) && ca.first() == Some(&0);
        if let (true, Some(o)) = (near && (label || words), out.get_mut(k + 1)) {
            *o = true;
        }
    }
    join_records(body, cuts, rules, &mut out);
    out
}

/// Between two rules stands one record where only the first line has a label and the other lines are words.
fn join_records(body: &[&Row], cuts: &[f64], rules: &[f64], joined: &mut [bool]) {
    let band = |r: &Row| rules.partition_point(|y| *y < r.baseline - 0.35 * r.em);
    let labelled = |r: &Row| r.pieces.first().is_some_and(|p| column_of(cuts, p.center()) == 0);
    let mut at = 0;
    let bands: Vec<&[&Row]> = body.chunk_by(|a, b| band(a) == band(b)).collect();
    for own in &bands {
        let wordy = own.iter().skip(1).all(|r| r.pieces.iter().flat_map(|p| &p.words).any(|w| !w.numeric));
        let one = own.iter().map(|r| labelled(r)).eq(std::iter::once(true).chain(std::iter::repeat_n(false, own.len() - 1)));
        if bands.len() >= 3 && one && wordy {
            joined.iter_mut().take(at + own.len()).skip(at + 1).for_each(|j| *j = true);
        }
        at += own.len();
    }
}
