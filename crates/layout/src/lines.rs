//! Glyphs of one cell or block → lines in reading order (layout.md §5).

use crate::chars::{Class, class, is_han, is_kana};
use crate::frame::{Direction, Mark, direction_of, glyph_to_mark};
use crate::{LayoutParams, Line, LineGlyph, Space};
use jisseki_model::{Page, Rect};

/// Consecutive glyphs of one direction and baseline, in paint order.
#[derive(Debug, Clone)]
struct Run {
    marks: Vec<Mark>,
    u0: f64,
    v: f64,
    em: f64,
}

impl Run {
    fn u1(&self) -> f64 {
        self.marks.iter().fold(f64::NEG_INFINITY, |m, k| m.max(k.u1))
    }
}

/// Lines before they are turned into [`Line`]s: the runs of each, by `u`.
struct Draft {
    runs: Vec<Run>,
    v: f64,
    em: f64,
}

/// Builds the lines of a set of glyphs (ids in paint order) that no ruling parts.
///
/// The usual direction comes first; text turned another way follows in lines of its own. Lines of blanks alone are left out.
pub(crate) fn glyphs_to_lines(ids: &[u32], page: &Page, boxes: &[Rect], params: &LayoutParams) -> Vec<Line> {
    let mut by_direction: [Vec<u32>; 4] = Default::default();
    for &id in ids {
        let Some(g) = page.glyphs.get(id as usize) else { continue };
        let slot = match direction_of(g) {
            Direction::Right => 0,
            Direction::Down => 1,
            Direction::Up => 2,
            Direction::Left => 3,
        };
        if let Some(list) = by_direction.get_mut(slot) {
            list.push(id);
        }
    }
    let directions = [Direction::Right, Direction::Down, Direction::Up, Direction::Left];
    let mut groups: Vec<(Direction, &Vec<u32>)> = directions.into_iter().zip(&by_direction).filter(|(_, l)| !l.is_empty()).collect();
    groups.sort_by_key(|(d, l)| (std::cmp::Reverse(l.len()), *d));
    let mut out = Vec::new();
    for (direction, list) in groups {
        let marks = to_marks(list, page, boxes, direction);
        let stacked = direction == Direction::Right && is_stacked(&marks);
        if stacked {
            let marks = to_marks(list, page, boxes, Direction::Down);
            out.extend(marks_to_lines(stacked_columns(marks), Direction::Down, page, boxes, params));
        } else {
            out.extend(marks_to_lines(marks_to_runs(marks, params), direction, page, boxes, params));
        }
    }
    out
}

fn to_marks(ids: &[u32], page: &Page, boxes: &[Rect], direction: Direction) -> Vec<Mark> {
    ids.iter().filter_map(|&id| Some(glyph_to_mark(id, page.glyphs.get(id as usize)?, boxes.get(id as usize)?, direction))).collect()
}

/// Upright characters set one below the other: vertical writing without a vertical font.
fn is_stacked(marks: &[Mark]) -> bool {
    let inked: Vec<&Mark> = marks.iter().filter(|m| !m.blank).collect();
    if inked.len() < 3 || inked.len() > 120 {
        return false;
    }
    let mut columns: Vec<(f64, Vec<&Mark>)> = Vec::new();
    for m in &inked {
        let x = (m.u0 + m.u1) / 2.0;
        match columns.iter_mut().find(|c| (c.0 - x).abs() <= 0.35 * m.em) {
            Some(c) => c.1.push(m),
            None => columns.push((x, vec![m])),
        }
    }
    if columns.len() > 3 {
        return false;
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
    let beside = inked
        .iter()
        .filter(|m| {
            inked.iter().any(|n| n.id != m.id && (n.v - m.v).abs() < 0.3 * m.em && n.u0 >= m.u0 + 0.1 * m.em && n.u0 - m.u1 < 0.35 * m.em)
        })
        .count();
    beside * 4 <= inked.len()
}

/// Columns of stacked characters as runs; 縦中横 (a few half-width characters on one baseline) keeps its order.
fn stacked_columns(mut marks: Vec<Mark>) -> Vec<Run> {
    let mut columns: Vec<Run> = Vec::new();
    marks.sort_by(|a, b| a.v.total_cmp(&b.v).then(a.u0.total_cmp(&b.u0)).then(a.id.cmp(&b.id)));
    for m in marks {
        match columns.iter_mut().find(|c| (c.v - m.v).abs() <= 0.6 * m.em) {
            Some(c) => c.marks.push(m),
            None => columns.push(Run { u0: m.u0, v: m.v, em: m.em, marks: vec![m] }),
        }
    }
    for c in &mut columns {
        c.marks.sort_by(|a, b| {
            let same = (a.u0 - b.u0).abs() < 0.3 * a.em.min(b.em);
            if same { b.v.total_cmp(&a.v).then(a.id.cmp(&b.id)) } else { a.u0.total_cmp(&b.u0) }
        });
        c.u0 = c.marks.first().map_or(0.0, |m| m.u0);
    }
    columns
}

/// Splits paint order into runs: one baseline, no wide gap, no step back.
fn marks_to_runs(marks: Vec<Mark>, params: &LayoutParams) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut last: Option<Mark> = None;
    for m in marks {
        let goes_on = last.is_some_and(|l| {
            let gap = m.u0 - l.u1;
            (m.v - l.v).abs() <= 0.1 * m.em
                && gap <= params.run_gap * m.em
                && gap >= -0.5 * m.em
                && (m.em - l.em).abs() < 0.2 * m.em
                && m.u0 >= l.u0 - 1e-6
        });
        match runs.last_mut() {
            Some(r) if goes_on => r.marks.push(m),
            _ => {
                let mut marks = Vec::with_capacity(40);
                marks.push(m);
                runs.push(Run { u0: m.u0, v: m.v, em: m.em, marks });
            }
        }
        last = Some(m);
    }
    runs
}

fn marks_to_lines(mut runs: Vec<Run>, direction: Direction, page: &Page, boxes: &[Rect], params: &LayoutParams) -> Vec<Line> {
    runs.sort_by(|a, b| a.v.total_cmp(&b.v).then(a.u0.total_cmp(&b.u0)).then(first_id(a).cmp(&first_id(b))));
    let mut drafts: Vec<Draft> = Vec::new();
    for r in runs {
        match drafts.last_mut() {
            Some(d) if r.v - d.v <= params.line_step * d.em.min(r.em.max(0.6 * d.em)) => {
                d.v = r.v;
                d.em = d.em.max(r.em);
                d.runs.push(r);
            }
            _ => drafts.push(Draft { v: r.v, em: r.em, runs: vec![r] }),
        }
    }
    drafts.retain(|d| d.runs.iter().any(|r| r.marks.iter().any(|m| !m.blank)));
    for d in &mut drafts {
        d.runs.sort_by(|a, b| a.u0.total_cmp(&b.u0).then(first_id(a).cmp(&first_id(b))));
    }
    let drafts = attach_small(drafts, page);
    drafts.into_iter().filter_map(|(d, annotated)| draft_to_line(&d, &annotated, direction, page, boxes, params)).collect()
}

fn first_id(r: &Run) -> u32 {
    r.marks.first().map_or(0, |m| m.id)
}

/// Puts raised or lowered small lines into the line they belong to: ruby as annotation, other superscripts and subscripts inline.
fn attach_small(drafts: Vec<Draft>, page: &Page) -> Vec<(Draft, Vec<u32>)> {
    let mut out: Vec<(Draft, Vec<u32>)> = drafts.into_iter().map(|d| (d, Vec::new())).collect();
    let mut i = 0;
    while i < out.len() {
        let Some((small, _)) = out.get(i) else { break };
        let target = [i.checked_add(1), i.checked_sub(1)].into_iter().flatten().find(|&k| {
            out.get(k).is_some_and(|(base, _)| {
                let dv = base.v - small.v;
                small.em <= 0.75 * base.em && dv.abs() < 1.3 * base.em && dv > -0.5 * base.em && fits(small, base, page)
            })
        });
        let Some(k) = target else {
            i += 1;
            continue;
        };
        let (small, mut own) = out.remove(i);
        let k = if k > i { k - 1 } else { k };
        if let Some((base, annotated)) = out.get_mut(k) {
            if is_ruby(&small, base, page) {
                annotated.extend(small.runs.iter().flat_map(|r| r.marks.iter().map(|m| m.id)));
            }
            annotated.append(&mut own);
            for run in small.runs {
                insert_run(base, run, annotated);
            }
        }
    }
    out
}

/// Ruby stands over its base; a superscript stands in a gap of its line or at its end.
fn fits(small: &Draft, base: &Draft, page: &Page) -> bool {
    if is_ruby(small, base, page) {
        return true;
    }
    let dv = (base.v - small.v).abs();
    dv < 0.7 * base.em
        && small.runs.iter().all(|s| {
            let beside = base
                .runs
                .iter()
                .any(|r| (s.u0 - r.u1()).abs() < 0.4 * base.em || r.marks.iter().any(|m| (s.u0 - m.u1).abs() < 0.4 * base.em));
            let over = base.runs.iter().any(|r| r.marks.iter().any(|m| !m.blank && m.u0 < s.u1() - 0.2 * s.em && m.u1 > s.u0 + 0.2 * s.em));
            beside && !over
        })
}

fn is_ruby(small: &Draft, base: &Draft, page: &Page) -> bool {
    let dv = base.v - small.v;
    let text = |m: &Mark| page.glyphs.get(m.id as usize).and_then(|g| g.text.chars().next());
    dv > 0.6 * base.em
        && small.em <= 0.65 * base.em
        && small.runs.iter().flat_map(|r| &r.marks).all(|m| m.blank || text(m).is_some_and(is_kana))
        && small
            .runs
            .iter()
            .all(|s| base.runs.iter().flat_map(|r| &r.marks).any(|m| m.u0 < s.u1() && m.u1 > s.u0 && text(m).is_some_and(is_han)))
}

/// Puts a run into a line behind the glyph that ends before (ruby: before its own middle).
fn insert_run(base: &mut Draft, run: Run, annotated: &[u32]) {
    let ruby = annotated.contains(&first_id(&run));
    let key = if ruby { run.u1() } else { run.u0 + 0.2 * run.em };
    let at = base.runs.iter().position(|r| r.marks.iter().any(|m| m.u0 >= key - 0.3 * m.em && m.u1 > key));
    match at {
        None => base.runs.push(run),
        Some(i) => {
            let Some(host) = base.runs.get_mut(i) else { return };
            let k = host.marks.iter().position(|m| m.u0 >= key - 0.3 * m.em).unwrap_or(host.marks.len());
            let tail = host.marks.split_off(k);
            let (v, em) = (host.v, host.em);
            let mut next = i + 1;
            if host.marks.is_empty() {
                *host = run;
            } else {
                base.runs.insert(next, run);
                next += 1;
            }
            if let Some(u0) = tail.first().map(|m| m.u0) {
                base.runs.insert(next, Run { u0, v, em, marks: tail });
            }
        }
    }
}

fn draft_to_line(d: &Draft, annotated: &[u32], direction: Direction, page: &Page, boxes: &[Rect], params: &LayoutParams) -> Option<Line> {
    let marks = || d.runs.iter().flat_map(|r| &r.marks);
    let n: usize = d.runs.iter().map(|r| r.marks.len()).sum();
    let body = |m: &&Mark| !m.blank && (annotated.is_empty() || !annotated.contains(&m.id));
    let em = median(marks().filter(body).map(|m| m.em))?;
    let start = marks().filter(body).map(|m| m.u0).fold(f64::INFINITY, f64::min);
    let end = marks().filter(body).map(|m| m.u1).fold(f64::NEG_INFINITY, f64::max);
    let v = median(marks().filter(body).map(|m| m.v))?;
    let mut glyphs: Vec<LineGlyph> = Vec::with_capacity(n);
    let mut bbox = Rect::EMPTY;
    let mut last: Option<(Mark, char)> = None;
    let mut blank_between = false;
    let mut pairs: Vec<(usize, f64)> = Vec::new();
    let mut solid = true;
    // Only short lines are looked at for letter spacing.
    let short = n <= 24;
    for m in marks() {
        let (Some(g), Some(b)) = (page.glyphs.get(m.id as usize), boxes.get(m.id as usize)) else { continue };
        let annotation = !annotated.is_empty() && annotated.contains(&m.id);
        let mut space = Space::None;
        if m.blank {
            blank_between = true;
        } else if !annotation {
            let first = g.text.chars().next().unwrap_or('\u{FFFD}');
            solid = solid && short && (is_han(first) || is_kana(first));
            if let Some((l, c)) = last {
                let gap = (m.u0 - l.u1) / m.em.min(l.em).max(0.1);
                if !blank_between && gap > 0.2 {
                    space = gap_to_space(c, first, gap, params);
                }
                if short {
                    pairs.push((glyphs.len(), gap));
                }
            }
            last = Some((*m, g.text.chars().last().unwrap_or(first)));
            blank_between = false;
        }
        bbox = bbox.union(*b);
        glyphs.push(LineGlyph { id: m.id, text: g.text.clone(), bbox: *b, space_before: space, annotation });
    }
    if solid && is_letter_spaced(&pairs) {
        for (i, _) in pairs {
            if let Some(g) = glyphs.get_mut(i) {
                g.space_before = Space::None;
            }
        }
    }
    let baseline = if direction == Direction::Down { -v } else { v };
    Some(Line { bbox, baseline, em, start, end, vertical: direction == Direction::Down, glyphs, floating: false })
}

/// The middle value; nearly always all are the same.
fn median(values: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let first = values.clone().next()?;
    if values.clone().all(|v| v.total_cmp(&first).is_eq()) {
        return Some(first);
    }
    let mut all: Vec<f64> = values.collect();
    let mid = all.len() / 2;
    Some(*all.select_nth_unstable_by(mid, f64::total_cmp).1)
}

/// 均等割付: a few characters, all gaps wide and nearly equal.
fn is_letter_spaced(pairs: &[(usize, f64)]) -> bool {
    let n = pairs.len() as f64;
    if pairs.is_empty() || pairs.len() > 7 {
        return false;
    }
    let mean = pairs.iter().map(|p| p.1).sum::<f64>() / n;
    let deviation = (pairs.iter().map(|p| (p.1 - mean).powi(2)).sum::<f64>() / n).sqrt();
    pairs.iter().all(|p| p.1 > 0.3) && deviation <= 0.25 * mean
}

/// What a gap (in ems) between two characters means where no blank was drawn.
fn gap_to_space(left: char, right: char, gap: f64, params: &LayoutParams) -> Space {
    let wide = if gap >= params.field_gap { Space::Gap } else { Space::None };
    match (class(left), class(right)) {
        (Class::Cjk, _) | (_, Class::Cjk) => wide,
        (Class::Digit, Class::Mark) | (Class::Mark, Class::Digit) if gap <= 0.5 => Space::None,
        _ if gap > 0.2 => Space::Word,
        _ => Space::None,
    }
}
