//! Shaded areas: soft edges, bars of a schedule, the color behind a cell.

use crate::areas::{Areas, same_color};
use crate::edges::Edge;
use crate::harvest::Shade;
use crate::lattice::Lattice;
use crate::{LayoutParams, RulingStyle, Shape, ShapeKind};
use jisseki_model::{Color, Page, Point, Rect};
use smallvec::SmallVec;

/// More areas than this are a picture.
const AREAS: usize = 4000;

/// The edges of shaded areas where no hard ruling runs along (layout.md §3.1).
pub(crate) fn shades_to_soft(
    shades: &[Shade],
    hard: &[Edge],
    areas_below: &Areas,
    page: &Page,
    em: f64,
    params: &LayoutParams,
) -> Vec<Edge> {
    let white = |c: Color| same_color(c, Color::WHITE, params.same_color);
    let large = |b: &Rect| b.width() * b.height() > 0.7 * page.width * page.height;
    let rules: Vec<&Edge> = hard.iter().filter(|e| e.horizontal).collect();
    let areas: Vec<&Shade> =
        shades.iter().filter(|s| !s.stroked && !white(s.color) && !large(&s.bbox) && !lies_between(&s.bbox, &rules, em)).collect();
    if areas.len() > AREAS {
        return Vec::new();
    }
    let mut lists: [Vec<(f64, f64, f64)>; 2] = Default::default();
    for s in areas {
        let b = &s.bbox;
        let [h, v] = &mut lists;
        h.extend([(b.y0, b.x0, b.x1), (b.y1, b.x0, b.x1)]);
        v.extend([(b.x0, b.y0, b.y1), (b.x1, b.y0, b.y1)]);
    }
    let mut out = Vec::new();
    for (horizontal, mut list) in [true, false].into_iter().zip(lists) {
        let beside: Vec<&Edge> = hard.iter().filter(|e| e.horizontal == horizontal).collect();
        list.retain(|&(pos, from, to)| {
            !runs_along(&beside, pos, from, to, params) && is_contrast(horizontal, pos, from, to, areas_below, params)
        });
        list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2)));
        let mut at = 0;
        while let Some(&(first, ..)) = list.get(at) {
            let to = at + list.iter().skip(at).take_while(|l| l.0 - first <= params.double).count();
            let mut group = list.get(at..to).unwrap_or_default().to_vec();
            at = to;
            group.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.2.total_cmp(&b.2)));
            let pos = group.iter().map(|g| g.0).sum::<f64>() / group.len() as f64;
            let begin = out.len();
            for (_, start, end) in group {
                match out.get_mut(begin..).and_then(|o: &mut [Edge]| o.last_mut()) {
                    Some(e) if start - e.end <= params.join => e.end = e.end.max(end),
                    _ => out.push(Edge {
                        horizontal,
                        pos,
                        start,
                        end,
                        thickness: 0.0,
                        style: RulingStyle::Soft,
                        raws: SmallVec::new(),
                        live: true,
                    }),
                }
            }
        }
    }
    out
}

/// Height of a bar in ems, and how clear it is of its row's borders in points.
const BAR: std::ops::RangeInclusive<f64> = 0.3..=2.0;
const CLEAR: f64 = 1.5;

/// A bar of a schedule: flat, and clear of the rules above and below it. `rules` is sorted by position.
fn lies_between(b: &Rect, rules: &[&Edge], em: f64) -> bool {
    let x = b.center().x;
    let over = |e: &&&Edge| e.start <= x && x <= e.end;
    let at = rules.partition_point(|e| e.pos < b.center().y);
    let above = rules.iter().take(at).rev().take(NEIGHBORS).find(over);
    let below = rules.iter().skip(at).take(NEIGHBORS).find(over);
    let clear = above.is_some_and(|e| b.y0 - e.pos > CLEAR) && below.is_some_and(|e| e.pos - b.y1 > CLEAR);
    clear && BAR.contains(&(b.height() / em)) && b.width() >= 1.5 * b.height()
}

/// Rules looked at on either side of a bar.
const NEIGHBORS: usize = 40;

/// The two sides of an edge differ in color, at two of three places.
fn is_contrast(horizontal: bool, pos: f64, from: f64, to: f64, areas: &Areas, params: &LayoutParams) -> bool {
    let color = |across: f64, along: f64| {
        let p = if horizontal { Point { x: along, y: across } } else { Point { x: across, y: along } };
        areas.color_below(p, u32::MAX)
    };
    [0.25, 0.5, 0.75]
        .iter()
        .map(|k| from + k * (to - from))
        .filter(|&along| match (color(pos - 0.7, along), color(pos + 0.7, along)) {
            (Some(a), Some(b)) => !same_color(a, b, params.same_color),
            _ => true,
        })
        .count()
        >= 2
}

/// A hard ruling runs within the clearance beside half of the edge or more. `hard` is sorted by position.
fn runs_along(hard: &[&Edge], pos: f64, from: f64, to: f64, params: &LayoutParams) -> bool {
    let first = hard.partition_point(|e| e.pos < pos - params.soft_clearance);
    let mut spans: Vec<(f64, f64)> = hard
        .iter()
        .skip(first)
        .take_while(|e| e.pos <= pos + params.soft_clearance)
        .map(|e| (e.start.max(from), e.end.min(to)))
        .filter(|s| s.1 > s.0)
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut covered = 0.0;
    let mut reach = from;
    for (a, b) in spans {
        covered += (b - a.max(reach)).max(0.0);
        reach = reach.max(b);
    }
    covered >= 0.5 * (to - from)
}

/// Filled areas as high as a line of text that are no cell's shading: the bars of a schedule.
pub(crate) fn shades_to_bars(shades: &mut Vec<Shade>, lattices: &[Lattice], em: f64) -> Vec<Shape> {
    let mut out: Vec<Shape> = Vec::new();
    if shades.len() > AREAS {
        return out;
    }
    shades.retain(|s| {
        let b = &s.bbox;
        let flat = BAR.contains(&(b.height() / em)) && b.width() >= 1.5 * b.height();
        let bar = flat
            && !same_color(s.color, Color::WHITE, 0.03)
            && lattices.iter().filter(|l| l.bbox().contains_rect(b, 1.0)).any(|l| {
                // Clear of the row's borders above and below.
                let c = b.center();
                l.regions.iter().map(|r| l.region_box(r)).find(|r| r.contains(c)).is_some_and(|cell| {
                    b.y0 > cell.y0 + CLEAR
                        && b.y1 < cell.y1 - CLEAR
                        && (b.x0 > cell.x0 + CLEAR || b.x1 < cell.x1 - CLEAR || cell.height() > 2.0 * b.height())
                })
            });
        if bar {
            out.push(Shape { kind: ShapeKind::Bar, bbox: *b, tip: None, paths: vec![s.path], seq: s.seq });
        }
        !bar
    });
    out
}

/// The color behind a cell: the last area that covers its center and most of it.
pub(crate) fn shade_of(cell: &Rect, shades: &[Shade]) -> Option<Color> {
    if shades.len() > AREAS {
        return None;
    }
    let c = cell.center();
    let area = (cell.width() * cell.height()).max(1e-9);
    shades
        .iter()
        .filter(|s| s.bbox.contains(c))
        .filter(|s| {
            let shared = s.bbox.intersection(*cell);
            shared.width() * shared.height() >= 0.5 * area
        })
        .max_by_key(|s| s.seq)
        .map(|s| s.color)
        .filter(|&c| !same_color(c, Color::WHITE, 0.03))
}
