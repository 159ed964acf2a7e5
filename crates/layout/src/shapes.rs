//! Polygons and strokes that are arrows, bars or floating boxes, taken out before junctions are looked at (layout.md §3.2, §9.2).

use crate::harvest::{Harvest, Paths, Points, Polygon, Raw};
use crate::{ArrowDirection, LayoutParams, PathId, Shape, ShapeKind};
use jisseki_model::{Point, Rect};
use smallvec::{SmallVec, smallvec};

/// The largest arrow head of a line arrow.
const HEAD: f64 = 24.0;
/// A shaft ends this near its head.
const NEAR: f64 = 3.0;

/// A small outline with a tip.
#[derive(Debug, Clone)]
struct Head {
    bbox: Rect,
    tip: Point,
    direction: ArrowDirection,
    paths: Paths,
    seq: u32,
}

/// What [`harvest_to_shapes`] took out of the harvest.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    pub(crate) shapes: Vec<Shape>,
    /// Polygons that are neither arrow nor bar: diagonals, clip art.
    pub(crate) decoration: Vec<PathId>,
    /// Raw rulings that turned out to be shafts, connectors or sides of floating boxes.
    pub(crate) taken: Vec<bool>,
}

/// Recognizes block arrows, line arrows, connectors and floating boxes.
pub(crate) fn harvest_to_shapes(harvest: &Harvest, em: f64, params: &LayoutParams) -> Shapes {
    let mut out = Shapes { taken: vec![false; harvest.raws.len()], ..Shapes::default() };
    let mut heads: Vec<Head> = Vec::new();
    let (joined, rest) = strokes_to_vees(&harvest.polygons);
    for p in joined.iter().chain(rest) {
        match polygon_to_arrow(p) {
            Some(Arrow::Head(h)) => heads.push(h),
            Some(Arrow::Block(direction, tip)) => out.shapes.push(Shape {
                kind: ShapeKind::BlockArrow(direction),
                bbox: Rect::of_points(p.points.iter().copied()),
                tip: Some(tip),
                paths: p.paths.to_vec(),
                seq: p.seq,
            }),
            None => out.decoration.extend(&p.paths),
        }
    }
    heads = merge_heads(heads);
    let mut used = vec![Vec::<usize>::new(); harvest.raws.len()];
    let mut lonely = Vec::new();
    for (k, head) in heads.iter().enumerate() {
        match shaft_of(head, &harvest.raws) {
            Some(i) => used.get_mut(i).into_iter().for_each(|u| u.push(k)),
            None => lonely.push(k),
        }
    }
    let connectors: Vec<&Vec<u32>> =
        harvest.polylines.iter().filter(|l| l.iter().any(|&i| used.get(i as usize).is_some_and(|u| !u.is_empty()))).collect();
    for line in connectors {
        out.shapes.push(connector(line, &harvest.raws, &used, &heads));
        for &i in line {
            mark(&mut out.taken, i as usize);
            used.get_mut(i as usize).into_iter().for_each(Vec::clear);
        }
    }
    for (i, (raw, own)) in harvest.raws.iter().zip(&used).enumerate() {
        if own.is_empty() {
            continue;
        }
        let own: Vec<&Head> = own.iter().filter_map(|&k| heads.get(k)).collect();
        out.shapes.push(line_arrow(raw, &own));
        mark(&mut out.taken, i);
    }
    for head in lonely.into_iter().filter_map(|k| heads.get(k)) {
        // Two strokes that meet are a head only at the end of a shaft.
        if head.paths.len() > 1 {
            out.decoration.extend(&head.paths);
            continue;
        }
        // A head without a shaft: a small block arrow or a play button; an arrow all the same.
        out.shapes.push(Shape {
            kind: ShapeKind::BlockArrow(head.direction),
            bbox: head.bbox,
            tip: Some(head.tip),
            paths: head.paths.to_vec(),
            seq: head.seq,
        });
    }
    floating_boxes(harvest, em, params, &mut out);
    merge_twins(&mut out.shapes);
    out
}

fn mark(taken: &mut [bool], i: usize) {
    if let Some(t) = taken.get_mut(i) {
        *t = true;
    }
}

/// More lone strokes than this are hatching.
const STROKES: usize = 2000;
/// Two strokes whose ends are this near meet.
const MEET: f64 = 0.7;

/// Joins pairs of short strokes that meet at one end: an open head drawn as two lines. Returns them and the other polygons.
fn strokes_to_vees(polygons: &[Polygon]) -> (Vec<Polygon>, Vec<&Polygon>) {
    let ends_of = |p: &Polygon| match *p.points.as_slice() {
        [a, b] if !p.closed && (b - a).length() <= HEAD => Some([(a, b), (b, a)]),
        _ => None,
    };
    // (meeting end, other end, polygon), by the meeting end.
    let mut ends: Vec<(Point, Point, usize)> =
        polygons.iter().enumerate().filter_map(|(i, p)| Some((i, ends_of(p)?))).flat_map(|(i, e)| e.map(|(a, b)| (a, b, i))).collect();
    if ends.is_empty() || ends.len() > 2 * STROKES {
        return (Vec::new(), polygons.iter().collect());
    }
    ends.sort_by(|a, b| a.0.x.total_cmp(&b.0.x).then(a.0.y.total_cmp(&b.0.y)).then(a.2.cmp(&b.2)));
    let mut used = vec![false; polygons.len()];
    let mut out = Vec::new();
    for (k, &(tip, a, i)) in ends.iter().enumerate() {
        let near = ends.iter().skip(k + 1).take_while(|e| e.0.x - tip.x <= MEET);
        for &(other, c, j) in near.filter(|e| (e.0.y - tip.y).abs() <= MEET) {
            if i == j || used.get(i) != Some(&false) || used.get(j) != Some(&false) {
                continue;
            }
            let (Some(p), Some(q)) = (polygons.get(i), polygons.get(j)) else { continue };
            let tip = Point { x: (tip.x + other.x) / 2.0, y: (tip.y + other.y) / 2.0 };
            if tip_direction(a, tip, c, Rect::of_points([a, tip, c])).is_some() {
                mark(&mut used, i);
                mark(&mut used, j);
                let mut paths: Paths = p.paths.iter().chain(&q.paths).copied().collect();
                paths.dedup();
                out.push(Polygon { points: smallvec![a, tip, c], closed: false, paths, seq: p.seq.max(q.seq), filled: false });
            }
        }
    }
    (out, polygons.iter().zip(&used).filter(|(_, u)| !**u).map(|(p, _)| p).collect())
}

enum Arrow {
    Head(Head),
    Block(ArrowDirection, Point),
}

/// Drops repeated points and points on a straight line between their neighbours (0.3 pt).
fn simplify(points: &[Point], closed: bool) -> Points {
    let mut p = Points::new();
    for &q in points {
        if p.last().is_none_or(|&l| (q - l).length() > 0.3) {
            p.push(q);
        }
    }
    if closed && p.len() > 2 && matches!((p.first(), p.last()), (Some(&a), Some(&b)) if (a - b).length() <= 0.3) {
        p.pop();
    }
    let mut i = 0;
    while p.len() > 3 && i < p.len() {
        let n = p.len();
        let prev = if i > 0 { i - 1 } else { n - 1 };
        let next = if i + 1 < n { i + 1 } else { 0 };
        let inner = closed || i > 0 && i + 1 < n;
        let flat = match (p.get(prev), p.get(i), p.get(next)) {
            (Some(&a), Some(&b), Some(&c)) => inner && off_line(a, b, c) <= 0.3,
            _ => false,
        };
        if flat {
            p.remove(i);
        } else {
            i += 1;
        }
    }
    p
}

/// Distance of `b` from the line through `a` and `c`.
pub(crate) fn off_line(a: Point, b: Point, c: Point) -> f64 {
    let (u, v) = (c - a, b - a);
    let len = u.length();
    if len < 1e-9 { v.length() } else { (u.x * v.y - u.y * v.x).abs() / len }
}

fn polygon_to_arrow(polygon: &Polygon) -> Option<Arrow> {
    let closed = polygon.closed || polygon.filled;
    let p = simplify(&polygon.points, closed);
    let b = Rect::of_points(p.iter().copied());
    if !closed {
        // An open V is a head.
        let [a, tip, c] = *p.as_slice() else { return None };
        let direction = tip_direction(a, tip, c, b)?;
        return (b.width() <= HEAD && b.height() <= HEAD).then_some(Arrow::Head(Head {
            bbox: b,
            tip,
            direction,
            paths: polygon.paths.clone(),
            seq: polygon.seq,
        }));
    }
    if !(3..=12).contains(&p.len()) {
        return None;
    }
    let n = p.len();
    let tips: SmallVec<[(ArrowDirection, Point); 4]> = (0..n)
        .filter_map(|i| {
            let (a, t, c) = (p.get((i + n - 1) % n)?, p.get(i)?, p.get((i + 1) % n)?);
            Some((tip_direction(*a, *t, *c, b)?, *t))
        })
        .collect();
    let small = b.width() <= HEAD && b.height() <= HEAD;
    match tips.as_slice() {
        &[(direction, tip)] if n <= 4 && small => {
            Some(Arrow::Head(Head { bbox: b, tip, direction, paths: polygon.paths.clone(), seq: polygon.seq }))
        }
        &[(direction, tip)] if n >= 5 || !small => (fill_share(&p, b) > 0.3).then_some(Arrow::Block(direction, tip)),
        [a, c] if n >= 6 => match (a.0, c.0) {
            (ArrowDirection::Right, ArrowDirection::Left) => Some(Arrow::Block(ArrowDirection::BothHorizontal, a.1)),
            (ArrowDirection::Left, ArrowDirection::Right) => Some(Arrow::Block(ArrowDirection::BothHorizontal, c.1)),
            (ArrowDirection::Up, ArrowDirection::Down) | (ArrowDirection::Down, ArrowDirection::Up) => {
                Some(Arrow::Block(ArrowDirection::BothVertical, a.1))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Direction of the tip `t` between its neighbours, where both edges slant away from an extreme of the box.
fn tip_direction(a: Point, t: Point, c: Point, b: Rect) -> Option<ArrowDirection> {
    let between = |v: f64, p: f64, q: f64| v > p.min(q) + 0.5 && v < p.max(q) - 0.5;
    if between(t.y, a.y, c.y) {
        if (t.x - b.x1).abs() < 0.5 && a.x < t.x - 1.0 && c.x < t.x - 1.0 {
            return Some(ArrowDirection::Right);
        }
        if (t.x - b.x0).abs() < 0.5 && a.x > t.x + 1.0 && c.x > t.x + 1.0 {
            return Some(ArrowDirection::Left);
        }
    }
    if between(t.x, a.x, c.x) {
        if (t.y - b.y1).abs() < 0.5 && a.y < t.y - 1.0 && c.y < t.y - 1.0 {
            return Some(ArrowDirection::Down);
        }
        if (t.y - b.y0).abs() < 0.5 && a.y > t.y + 1.0 && c.y > t.y + 1.0 {
            return Some(ArrowDirection::Up);
        }
    }
    None
}

/// Share of its box that a polygon fills.
fn fill_share(p: &[Point], b: Rect) -> f64 {
    let n = p.len();
    let twice: f64 = (0..n).filter_map(|i| Some((p.get(i)?, p.get((i + 1) % n)?))).map(|(a, c)| a.x * c.y - c.x * a.y).sum();
    twice.abs() / 2.0 / (b.width() * b.height()).max(1e-9)
}

/// One head drawn as fill and as stroke is one head.
fn merge_heads(mut heads: Vec<Head>) -> Vec<Head> {
    heads.sort_by(|a, b| a.tip.x.total_cmp(&b.tip.x).then(a.tip.y.total_cmp(&b.tip.y)).then(a.seq.cmp(&b.seq)));
    heads.dedup_by(|b, a| a.direction == b.direction && (a.tip - b.tip).length() < 1.5);
    heads
}

fn is_horizontal(d: ArrowDirection) -> bool {
    matches!(d, ArrowDirection::Right | ArrowDirection::Left | ArrowDirection::BothHorizontal)
}

/// The stroke that ends at the head, on its axis: the nearest.
fn shaft_of(head: &Head, raws: &[Raw]) -> Option<usize> {
    let horizontal = is_horizontal(head.direction);
    let (lo, hi) = if horizontal { (head.bbox.y0, head.bbox.y1) } else { (head.bbox.x0, head.bbox.x1) };
    let (from, to) = if horizontal { (head.bbox.x0, head.bbox.x1) } else { (head.bbox.y0, head.bbox.y1) };
    let tip = if horizontal { head.tip.y } else { head.tip.x };
    let forward = matches!(head.direction, ArrowDirection::Right | ArrowDirection::Down);
    raws.iter()
        .enumerate()
        .filter(|(_, r)| r.horizontal == horizontal && r.boxed.is_none() && r.pos > lo && r.pos < hi && r.end - r.start > to - from)
        .filter(|(_, r)| {
            let end = if forward { r.end } else { r.start };
            end >= from - NEAR && end <= to + NEAR
        })
        .min_by(|a, b| (a.1.pos - tip).abs().total_cmp(&(b.1.pos - tip).abs()))
        .map(|(i, _)| i)
}

fn raw_box(r: &Raw) -> Rect {
    let half = r.thickness / 2.0;
    if r.horizontal { Rect::new(r.start, r.pos - half, r.end, r.pos + half) } else { Rect::new(r.pos - half, r.start, r.pos + half, r.end) }
}

fn line_arrow(raw: &Raw, heads: &[&Head]) -> Shape {
    let bbox = heads.iter().fold(raw_box(raw), |b, h| b.union(h.bbox));
    let has = |d| heads.iter().any(|h| h.direction == d);
    let direction = match (has(ArrowDirection::Right), has(ArrowDirection::Left), has(ArrowDirection::Down), has(ArrowDirection::Up)) {
        (true, true, ..) => ArrowDirection::BothHorizontal,
        (_, _, true, true) => ArrowDirection::BothVertical,
        _ => heads.first().map_or(ArrowDirection::Right, |h| h.direction),
    };
    let tip = heads.iter().max_by(|a, b| a.tip.x.total_cmp(&b.tip.x)).map(|h| h.tip);
    let mut paths: Vec<PathId> = std::iter::once(raw.path).chain(heads.iter().flat_map(|h| h.paths.iter().copied())).collect();
    paths.sort_unstable();
    paths.dedup();
    let seq = heads.iter().map(|h| h.seq).fold(raw.seq, u32::max);
    Shape { kind: ShapeKind::LineArrow(direction), bbox, tip, paths, seq }
}

fn connector(line: &[u32], raws: &[Raw], used: &[Vec<usize>], heads: &[Head]) -> Shape {
    let own: Vec<&Raw> = line.iter().filter_map(|&i| raws.get(i as usize)).collect();
    let tips: Vec<&Head> = line.iter().filter_map(|&i| used.get(i as usize)).flatten().filter_map(|&k| heads.get(k)).collect();
    let bbox = own.iter().map(|r| raw_box(r)).chain(tips.iter().map(|h| h.bbox)).fold(Rect::EMPTY, |a, b| a.union(b));
    let mut paths: Vec<PathId> = own.iter().map(|r| r.path).chain(tips.iter().flat_map(|h| h.paths.iter().copied())).collect();
    paths.sort_unstable();
    paths.dedup();
    Shape { kind: ShapeKind::Connector, bbox, tip: tips.first().map(|h| h.tip), paths, seq: own.iter().map(|r| r.seq).max().unwrap_or(0) }
}

/// Questions whether a ruling meets a box, a page: beyond it, boxes are drawings.
const QUESTIONS: usize = 4_000_000;

/// Boxes of their own, up to four lines high, that nothing else is joined to: text boxes over the grid.
fn floating_boxes(harvest: &Harvest, em: f64, params: &LayoutParams, out: &mut Shapes) {
    let along = |horizontal: bool| {
        let mut list: Vec<&Raw> = harvest.raws.iter().filter(|r| r.horizontal == horizontal).collect();
        list.sort_by(|a, b| a.pos.total_cmp(&b.pos));
        list
    };
    let (across, upright) = (along(true), along(false));
    let mut left = QUESTIONS;
    let mut floating = vec![false; harvest.boxes.len()];
    for (k, b) in harvest.boxes.iter().enumerate() {
        let group = Some(k as u32);
        let flat = b.bbox.height() <= 4.0 * em && b.bbox.width() > 0.8 * em;
        if !flat {
            continue;
        }
        // What meets the box lies within its height or width.
        let near = |list: &'_ [&'_ Raw], lo: f64, hi: f64| {
            let from = list.partition_point(|r| r.pos < lo - params.snap);
            let to = list.partition_point(|r| r.pos <= hi + params.snap);
            from..to.max(from)
        };
        let (rows, columns) = (near(&across, b.bbox.y0, b.bbox.y1), near(&upright, b.bbox.x0, b.bbox.x1));
        left = match left.checked_sub(rows.len() + columns.len()) {
            Some(n) => n,
            None => break,
        };
        let (rows, columns) = (across.get(rows).unwrap_or_default(), upright.get(columns).unwrap_or_default());
        let meeting = || rows.iter().chain(columns).filter(|r| r.boxed != group);
        if meeting().any(|r| joined(r, &b.bbox, params)) {
            continue;
        }
        // A box that crosses or lies inside nothing is a frame on its own: it is handled like any other ruling.
        if !meeting().any(|r| crosses(r, &b.bbox)) && !b.filled {
            continue;
        }
        out.shapes.push(Shape { kind: ShapeKind::Box, bbox: b.bbox, tip: None, paths: vec![b.path], seq: b.seq });
        if let Some(f) = floating.get_mut(k) {
            *f = true;
        }
    }
    for (i, r) in harvest.raws.iter().enumerate() {
        if r.boxed.is_some_and(|k| floating.get(k as usize) == Some(&true)) {
            mark(&mut out.taken, i);
        }
    }
}

/// A T-junction or a shared corner or side: `r` ends at the box, or a corner of the box lies on `r`.
fn joined(r: &Raw, b: &Rect, params: &LayoutParams) -> bool {
    let tol = params.snap.min(1.0);
    let (along, across) = if r.horizontal { ((b.x0, b.x1), (b.y0, b.y1)) } else { ((b.y0, b.y1), (b.x0, b.x1)) };
    let inside = r.pos > across.0 - tol && r.pos < across.1 + tol;
    let ends = inside && [r.start, r.end].iter().any(|e| (e - along.0).abs() <= tol || (e - along.1).abs() <= tol);
    let on_side = ((r.pos - across.0).abs() <= tol || (r.pos - across.1).abs() <= tol) && r.start < along.1 + tol && r.end > along.0 - tol;
    ends || on_side
}

fn crosses(r: &Raw, b: &Rect) -> bool {
    let (along, across) = if r.horizontal { ((b.x0, b.x1), (b.y0, b.y1)) } else { ((b.y0, b.y1), (b.x0, b.x1)) };
    r.pos > across.0 && r.pos < across.1 && r.start < along.1 && r.end > along.0
}

/// One shape drawn as fill and as stroke is one shape.
fn merge_twins(shapes: &mut Vec<Shape>) {
    shapes.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0).then(a.bbox.x0.total_cmp(&b.bbox.x0)).then(a.seq.cmp(&b.seq)));
    let mut out: Vec<Shape> = Vec::with_capacity(shapes.len());
    for s in shapes.drain(..) {
        let twin = out.iter_mut().rev().take(64).find(|t| {
            t.kind == s.kind
                && [(t.bbox.x0, s.bbox.x0), (t.bbox.y0, s.bbox.y0), (t.bbox.x1, s.bbox.x1), (t.bbox.y1, s.bbox.y1)]
                    .iter()
                    .all(|(a, b)| (a - b).abs() <= 1.5)
        });
        match twin {
            Some(t) => {
                t.paths.extend(s.paths);
                t.paths.sort_unstable();
                t.paths.dedup();
                t.seq = t.seq.max(s.seq);
            }
            None => out.push(s),
        }
    }
    *shapes = out;
}
