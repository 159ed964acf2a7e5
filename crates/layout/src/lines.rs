//! Glyphs of one cell or block → lines in reading order (layout.md §5).

use crate::chars::{Class, class, is_han, is_kana};
use crate::frame::{Direction, Link, Mark, Placed};
use crate::{LayoutParams, Line, LineGlyph, LineGlyphs, Space};
use jisseki_model::{Glyph, Page, Rect};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::sync::Arc;

/// Consecutive glyphs of one direction and baseline, in paint order: a range of the marks at hand.
#[derive(Debug, Clone, Copy)]
struct Run {
    from: u32,
    to: u32,
    u0: f64,
    v: f64,
    em: f64,
}

impl Run {
    fn of<'m>(&self, marks: &'m [Mark]) -> &'m [Mark] {
        marks.get(self.from as usize..self.to as usize).unwrap_or_default()
    }
    fn u1(&self, marks: &[Mark]) -> f64 {
        self.of(marks).iter().fold(f64::NEG_INFINITY, |m, k| m.max(k.u1))
    }
}

/// The runs of a cell; most have few.
type Runs = SmallVec<[Run; 4]>;

/// Lines before they are turned into [`Line`]s: the runs of each, by `u`.
struct Draft<'r> {
    runs: Cow<'r, [Run]>,
    v: f64,
    em: f64,
}

type Drafts<'r> = SmallVec<[Draft<'r>; 4]>;

/// Builds the lines of a set of glyphs (ids in paint order) that no ruling parts.
///
/// The usual direction comes first; text turned another way follows in lines of its own. Lines of blanks alone are left out.
pub(crate) fn glyphs_to_lines(ids: &[u32], placed: &Placed<'_>, params: &LayoutParams) -> Vec<Line> {
    if ids.is_empty() {
        return Vec::new();
    }
    let mut marks = placed.marks_of(ids);
    // Mostly there is one direction.
    let first = marks.first().map_or(Direction::Right, |m| m.direction);
    let mut groups: SmallVec<[&[Mark]; 2]> = if marks.iter().all(|m| m.direction == first) {
        std::iter::once(&*marks).filter(|m| !m.is_empty()).collect()
    } else {
        if !marks.is_sorted_by_key(|m| m.direction) {
            marks.to_mut().sort_by_key(|m| m.direction);
        }
        marks.chunk_by(|a, b| a.direction == b.direction).collect()
    };
    groups.sort_by_key(|g| std::cmp::Reverse(g.len()));
    let mut out = Out { lines: Vec::new(), glyphs: Vec::with_capacity(marks.len()) };
    for own in groups {
        let direction = own.first().map_or(Direction::Right, |m| m.direction);
        if direction == Direction::Right && is_stacked(own) {
            let mut turned: Vec<Mark> = own.iter().filter_map(|m| placed.mark_along(m.id, Direction::Down)).collect();
            let runs = stacked_columns(&mut turned);
            marks_to_lines(&turned, runs, Direction::Down, placed, params, &mut out);
        } else {
            marks_to_lines(own, marks_to_runs(own, params), direction, placed, params, &mut out);
        }
    }
    out.into_lines()
}

/// Lines, and the glyphs of all of them.
struct Out {
    lines: Vec<Line>,
    glyphs: Vec<LineGlyph>,
}

impl Out {
    fn into_lines(mut self) -> Vec<Line> {
        let all = Arc::new(self.glyphs);
        self.lines.iter_mut().for_each(|l| l.glyphs.share(&all));
        self.lines
    }
}

/// More characters than this are no stack.
const STACK: usize = 120;

/// Upright characters set one below the other: vertical writing without a vertical font.
fn is_stacked(marks: &[Mark]) -> bool {
    let inked = || marks.iter().filter(|m| !m.blank);
    let in_column = |x: f64, m: &Mark| (x - (m.u0 + m.u1) / 2.0).abs() <= 0.35 * m.em;
    // Up to three columns: most text is told by its first four characters.
    let mut xs = [None; 3];
    for (n, m) in inked().enumerate() {
        let Some(x) = xs.iter_mut().find(|x| x.is_none_or(|x| in_column(x, m))).filter(|_| n < STACK) else { return false };
        x.get_or_insert((m.u0 + m.u1) / 2.0);
    }
    // A column is three characters tall at least.
    if inked().nth(2).is_none() {
        return false;
    }
    let mut columns = xs.map(|x| (x, Vec::new()));
    for m in inked() {
        if let Some(c) = columns.iter_mut().find(|c| c.0.is_some_and(|x| in_column(x, m))) {
            c.1.push(m);
        }
    }
    let tall = |c: &Vec<&Mark>| {
        let mut vs: Vec<(f64, f64)> = c.iter().map(|m| (m.v, m.em)).collect();
        vs.sort_by(|a, b| a.0.total_cmp(&b.0));
        vs.len() >= 3
            && vs.windows(2).all(|w| if let [a, b] = w { ((b.0 - a.0) / b.1) >= 0.8 && ((b.0 - a.0) / b.1) <= 2.2 } else { false })
    };
    if !columns.iter().any(|c| tall(&c.1)) {
        return false;
    }
    let beside = inked()
        .filter(|m| {
            inked().any(|n| n.id != m.id && (n.v - m.v).abs() < 0.3 * m.em && n.u0 >= m.u0 + 0.1 * m.em && n.u0 - m.u1 < 0.35 * m.em)
        })
        .count();
    beside * 4 <= inked().count()
}

/// Puts stacked characters in order, column by column; 縦中横 (a few half-width characters on one baseline) keeps its order.
fn stacked_columns(marks: &mut Vec<Mark>) -> Runs {
    let mut columns: Vec<Vec<Mark>> = Vec::new();
    marks.sort_by(|a, b| a.v.total_cmp(&b.v).then(a.u0.total_cmp(&b.u0)).then(a.id.cmp(&b.id)));
    for &m in marks.iter() {
        match columns.iter_mut().find(|c| c.first().is_some_and(|f| (f.v - m.v).abs() <= 0.6 * m.em)) {
            Some(c) => c.push(m),
            None => columns.push(vec![m]),
        }
    }
    marks.clear();
    let mut runs = Runs::new();
    for mut c in columns {
        let (v, em) = c.first().map_or((0.0, 0.0), |m| (m.v, m.em));
        c.sort_by(|a, b| {
            let same = (a.u0 - b.u0).abs() < 0.3 * a.em.min(b.em);
            if same { b.v.total_cmp(&a.v).then(a.id.cmp(&b.id)) } else { a.u0.total_cmp(&b.u0) }
        });
        let from = marks.len() as u32;
        let u0 = c.first().map_or(0.0, |m| m.u0);
        marks.append(&mut c);
        runs.push(Run { from, to: marks.len() as u32, u0, v, em });
    }
    runs
}

/// Splits paint order into runs: one baseline, no wide gap, no step back.
fn marks_to_runs(marks: &[Mark], params: &LayoutParams) -> Runs {
    let goes_on = |l: &Mark, m: &Mark| {
        let gap = || m.u0 - l.u1;
        m.follows(l)
            || (m.v - l.v).abs() <= 0.1 * m.em
                && gap() <= params.run_gap * m.em
                && gap() >= -0.5 * m.em
                && (m.em - l.em).abs() < 0.2 * m.em
                && m.u0 >= l.u0 - 1e-6
    };
    let mut to = 0;
    let marks_to_run = |own: &[Mark]| {
        let from = to;
        to += own.len() as u32;
        own.first().map(|m| Run { from, to, u0: m.u0, v: m.v, em: m.em })
    };
    marks.chunk_by(goes_on).filter_map(marks_to_run).collect()
}

/// Adds the lines that runs of marks make.
fn marks_to_lines(marks: &[Mark], mut runs: Runs, direction: Direction, placed: &Placed<'_>, params: &LayoutParams, out: &mut Out) {
    let by_u = |a: &Run, b: &Run| a.u0.total_cmp(&b.u0).then(a.from.cmp(&b.from));
    runs.sort_by(|a, b| a.v.total_cmp(&b.v).then(by_u(a, b)));
    let mut drafts = Drafts::with_capacity(runs.len());
    let mut rest = runs.as_mut_slice();
    while let Some((n, v, em)) = runs_to_baseline(rest, params) {
        let (own, after) = std::mem::take(&mut rest).split_at_mut(n);
        rest = after;
        if own.iter().any(|r| r.of(marks).iter().any(|m| !m.blank)) {
            own.sort_by(by_u);
            drafts.push(Draft { runs: Cow::Borrowed(own), v, em });
        }
    }
    let largest = drafts.iter().map(|d| d.em).fold(0.0, f64::max);
    let annotated = if drafts.iter().any(|d| d.em <= SMALL * largest) { attach_small(&mut drafts, marks, placed.page) } else { Vec::new() };
    out.lines.reserve(drafts.len());
    for d in &drafts {
        let line = draft_to_line(d, marks, &annotated, direction, placed, params, &mut out.glyphs);
        out.lines.extend(line);
    }
}

/// How many of the runs (sorted by baseline) lie on the first line, its last baseline and its largest em.
fn runs_to_baseline(runs: &[Run], params: &LayoutParams) -> Option<(usize, f64, f64)> {
    let (first, others) = runs.split_first()?;
    let (mut n, mut v, mut em) = (1, first.v, first.em);
    for r in others {
        if r.v - v > params.line_step * em.min(r.em.max(0.6 * em)) {
            break;
        }
        (n, v, em) = (n + 1, r.v, em.max(r.em));
    }
    Some((n, v, em))
}

/// Lines of this share of their neighbour's size may be ruby, superscripts or subscripts of it.
const SMALL: f64 = 0.75;

/// Puts small lines into the lines they belong to. Returns the ids of ruby.
fn attach_small(drafts: &mut Drafts<'_>, marks: &[Mark], page: &Page) -> Vec<u32> {
    let mut annotated = Vec::new();
    let mut i = 0;
    while let Some(small) = drafts.get(i) {
        let target = [i.checked_add(1), i.checked_sub(1)].into_iter().flatten().find(|&k| {
            drafts.get(k).is_some_and(|base| {
                let dv = base.v - small.v;
                small.em <= SMALL * base.em && dv.abs() < 1.3 * base.em && dv > -0.5 * base.em && fits(small, base, marks, page)
            })
        });
        let Some(k) = target else {
            i += 1;
            continue;
        };
        let small = drafts.remove(i);
        let k = if k > i { k - 1 } else { k };
        let Some(base) = drafts.get_mut(k) else { break };
        let ruby = is_ruby(&small, base, marks, page);
        if ruby {
            annotated.extend(small.runs.iter().flat_map(|r| r.of(marks)).map(|m| m.id));
        }
        for &run in small.runs.iter() {
            insert_run(base, run, ruby, marks);
        }
    }
    annotated.sort_unstable();
    annotated
}

/// Ruby stands over its base; a superscript stands in a gap of its line or at its end.
fn fits(small: &Draft<'_>, base: &Draft<'_>, marks: &[Mark], page: &Page) -> bool {
    if is_ruby(small, base, marks, page) {
        return true;
    }
    let dv = (base.v - small.v).abs();
    let inner = || base.runs.iter().flat_map(|r| r.of(marks));
    dv < 0.7 * base.em
        && small.runs.iter().all(|s| {
            let s1 = s.u1(marks);
            let beside = inner().any(|m| (s.u0 - m.u1).abs() < 0.4 * base.em);
            let over = inner().any(|m| !m.blank && m.u0 < s1 - 0.2 * s.em && m.u1 > s.u0 + 0.2 * s.em);
            beside && !over
        })
}

fn is_ruby(small: &Draft<'_>, base: &Draft<'_>, marks: &[Mark], page: &Page) -> bool {
    let dv = base.v - small.v;
    let text = |m: &Mark| page.glyphs.get(m.id as usize).and_then(|g| g.text.chars().next());
    dv > 0.6 * base.em
        && small.em <= 0.65 * base.em
        && small.runs.iter().flat_map(|r| r.of(marks)).all(|m| m.blank || text(m).is_some_and(is_kana))
        && small.runs.iter().all(|s| {
            let s1 = s.u1(marks);
            base.runs.iter().flat_map(|r| r.of(marks)).any(|m| m.u0 < s1 && m.u1 > s.u0 && text(m).is_some_and(is_han))
        })
}

/// Puts a run into a line behind the glyph that ends before (ruby: before its own middle).
fn insert_run(base: &mut Draft<'_>, run: Run, ruby: bool, marks: &[Mark]) {
    let key = if ruby { run.u1(marks) } else { run.u0 + 0.2 * run.em };
    let behind = |m: &Mark| m.u0 >= key - 0.3 * m.em;
    let Some(i) = base.runs.iter().position(|r| r.of(marks).iter().any(|m| behind(m) && m.u1 > key)) else {
        base.runs.to_mut().push(run);
        return;
    };
    let Some(host) = base.runs.get(i).copied() else { return };
    let cut = host.from + host.of(marks).iter().take_while(|m| !behind(m)).count() as u32;
    let tail = Run { from: cut, u0: marks.get(cut as usize).map_or(host.u0, |m| m.u0), ..host };
    let front = Run { to: cut, ..host };
    base.runs.to_mut().splice(i..=i, [front, run, tail].into_iter().filter(|r| r.from < r.to));
}

/// Makes a line of a draft; its glyphs go to the end of `glyphs`.
fn draft_to_line(
    d: &Draft<'_>,
    marks: &[Mark],
    annotated: &[u32],
    direction: Direction,
    placed: &Placed<'_>,
    params: &LayoutParams,
    glyphs: &mut Vec<LineGlyph>,
) -> Option<Line> {
    let n: usize = d.runs.iter().map(|r| (r.to - r.from) as usize).sum();
    let is_ruby = |m: &Mark| !annotated.is_empty() && annotated.binary_search(&m.id).is_ok();
    let from = glyphs.len();
    let mut bbox = Rect::EMPTY;
    // The body: ruby and blanks left out. Mostly all of it has one size and baseline.
    let (mut start, mut end, mut even) = (f64::INFINITY, f64::NEG_INFINITY, true);
    let mut last: Option<&Mark> = None;
    let mut blank_between = false;
    let mut pairs: Vec<(usize, f64)> = Vec::new();
    // Only short lines are looked at for letter spacing, up to the first narrow gap.
    let mut spaced = n <= 24;
    for r in d.runs.iter() {
        let mut rest = r.of(marks);
        while let Some((m, after)) = rest.split_first() {
            rest = after;
            let Some(g) = placed.page.glyphs.get(m.id as usize) else { continue };
            // In the strip of the glyph before it, with ink: no farther up, down or back.
            let beside = last.is_some_and(|l| m.follows(l));
            let annotation = is_ruby(m);
            let mut space = Space::None;
            if m.blank {
                blank_between = true;
            } else if !annotation {
                spaced = spaced && g.text.chars().next().is_some_and(|c| is_han(c) || is_kana(c));
                if let Some(l) = last {
                    // Mostly there is none.
                    let gap = if m.u0 - l.u1 > 0.1 * m.em.min(l.em) { (m.u0 - l.u1) / m.em.min(l.em).max(0.1) } else { 0.0 };
                    if !blank_between && gap > WIDE {
                        let before = placed.page.glyphs.get(l.id as usize).and_then(|g| g.text.chars().last());
                        let (left, right) = (before.unwrap_or('\u{FFFD}'), g.text.chars().next().unwrap_or('\u{FFFD}'));
                        space = gap_to_space(left, right, gap, params);
                    }
                    spaced &= gap > LETTER_GAP;
                    if spaced {
                        pairs.push((glyphs.len(), gap));
                    }
                    even &= beside || m.em.to_bits() == l.em.to_bits() && m.v.to_bits() == l.v.to_bits();
                }
                start = if beside { start } else { start.min(m.u0) };
                end = if m.u1 > end { m.u1 } else { end };
                last = Some(m);
                blank_between = false;
            }
            if beside {
                bbox.x1 = if m.u1 > bbox.x1 { m.u1 } else { bbox.x1 };
            } else {
                bbox = bbox.union(m.bbox());
            }
            // Written where it stays: there is room for all.
            glyphs.extend(std::iter::once_with(|| glyph_to_line_glyph(m.id, g, m.bbox(), space, annotation)));
            if m.blank || spaced || !annotated.is_empty() {
                continue;
            }
            // Those that go on in its strip, with ink and no gap, are most of all: they change nothing but the end.
            let Some((solid, after)) = after.split_at_checked(n_solid(m, after)) else { continue };
            let Some(m) = solid.last() else { continue };
            let own = placed.page.glyphs.get(m.id as usize + 1 - solid.len()..).unwrap_or_default();
            let (y0, y1) = m.sides;
            let whole = |m: &Mark| Rect { x0: m.u0, y0, x1: m.u1, y1 };
            glyphs.extend(solid.iter().zip(own).map(|(m, g)| glyph_to_line_glyph(m.id, g, whole(m), Space::None, false)));
            end = if m.u1 > end { m.u1 } else { end };
            bbox.x1 = if m.u1 > bbox.x1 { m.u1 } else { bbox.x1 };
            (rest, last) = (after, Some(m));
        }
    }
    let Mark { mut em, mut v, .. } = *last?;
    if !even {
        let body = || d.runs.iter().flat_map(|r| r.of(marks)).filter(|m| !m.blank && !is_ruby(m));
        em = median(body().map(|m| m.em), n)?;
        v = median(body().map(|m| m.v), n)?;
    }
    if spaced && is_letter_spaced(&pairs) {
        for (i, _) in pairs {
            if let Some(g) = glyphs.get_mut(i) {
                g.space_before = Space::None;
            }
        }
    }
    let baseline = if direction == Direction::Down { -v } else { v };
    let glyphs = LineGlyphs::stretch(from..glyphs.len());
    Some(Line { bbox, baseline, em, start, end, vertical: direction == Direction::Down, glyphs, floating: false })
}

#[inline]
fn glyph_to_line_glyph(id: u32, g: &Glyph, bbox: Rect, space_before: Space, annotation: bool) -> LineGlyph {
    LineGlyph { id, text: g.text.clone(), bbox, space_before, annotation }
}

/// How many of the marks after one go on in its strip, with ink and without a gap.
fn n_solid(m: &Mark, after: &[Mark]) -> usize {
    after.iter().zip(m.id + 1..).take_while(|(m, id)| m.link == Link::Solid && m.id == *id).count()
}

/// The middle one of `max` values at most.
pub(crate) fn median(values: impl Iterator<Item = f64>, max: usize) -> Option<f64> {
    let mut all: SmallVec<[f64; 32]> = SmallVec::with_capacity(max);
    all.extend(values);
    if all.is_empty() {
        return None;
    }
    let mid = all.len() / 2;
    Some(*all.select_nth_unstable_by(mid, f64::total_cmp).1)
}

/// A gap between characters (em) that may mean something.
const WIDE: f64 = 0.2;
/// Letters set apart have wider gaps than this (em).
const LETTER_GAP: f64 = 0.3;

/// 均等割付: a few characters, all gaps (wide ones, [`LETTER_GAP`]) nearly equal.
fn is_letter_spaced(pairs: &[(usize, f64)]) -> bool {
    let n = pairs.len() as f64;
    if pairs.is_empty() || pairs.len() > 7 {
        return false;
    }
    let mean = pairs.iter().map(|p| p.1).sum::<f64>() / n;
    let deviation = (pairs.iter().map(|p| (p.1 - mean).powi(2)).sum::<f64>() / n).sqrt();
    deviation <= 0.25 * mean
}

/// What a gap (in ems) between two characters means where no blank was drawn.
fn gap_to_space(left: char, right: char, gap: f64, params: &LayoutParams) -> Space {
    let wide = if gap >= params.field_gap { Space::Gap } else { Space::None };
    match (class(left), class(right)) {
        (Class::Cjk, _) | (_, Class::Cjk) => wide,
        (Class::Digit, Class::Mark) | (Class::Mark, Class::Digit) if gap <= 0.5 => Space::None,
        _ if gap > WIDE => Space::Word,
        _ => Space::None,
    }
}
