//! Raw rulings → edges: snapped, joined, double and staggered ones merged (layout.md §3.3).

use crate::assign::Runs;
use crate::frame::Placed;
use crate::harvest::Raw;
use crate::{LayoutParams, RulingStyle};
use jisseki_model::Point;
use smallvec::{SmallVec, smallvec};
use std::cell::OnceCell;

/// One ruling after joining.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    pub(crate) horizontal: bool,
    pub(crate) pos: f64,
    pub(crate) start: f64,
    pub(crate) end: f64,
    pub(crate) thickness: f64,
    pub(crate) style: RulingStyle,
    /// Indices of the raw rulings it was made of.
    pub(crate) raws: SmallVec<[u32; 4]>,
    /// Still in play; false once dropped or merged away.
    pub(crate) live: bool,
}

impl Edge {
    /// Drawn, not the edge of a shaded area and not made up.
    pub(crate) fn hard(&self) -> bool {
        !matches!(self.style, RulingStyle::Soft | RulingStyle::Virtual)
    }
    pub(crate) fn length(&self) -> f64 {
        self.end - self.start
    }
}

/// Centers of the glyphs that are read, for the question whether text stands between two rulings; sorted when it is first asked.
pub(crate) struct Inkwell<'a> {
    placed: &'a Placed<'a>,
    runs: &'a Runs,
    by_x: OnceCell<Vec<(f64, f64)>>,
    by_y: OnceCell<Vec<(f64, f64)>>,
}

impl<'a> Inkwell<'a> {
    pub(crate) fn new(placed: &'a Placed<'a>, runs: &'a Runs) -> Inkwell<'a> {
        Inkwell { placed, runs, by_x: OnceCell::new(), by_y: OnceCell::new() }
    }
    fn sorted(&self, key: impl Fn(Point) -> (f64, f64)) -> Vec<(f64, f64)> {
        let inked = self.runs.ids.iter().copied().filter(|&i| self.placed.inked(i));
        let mut out: Vec<(f64, f64)> = inked.filter_map(|i| self.placed.anchor(i)).map(key).collect();
        out.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        out
    }
    /// Tells whether a glyph's center lies between two positions across, within a range along.
    pub(crate) fn between(&self, horizontal: bool, a: f64, b: f64, from: f64, to: f64) -> bool {
        let list = if horizontal {
            self.by_y.get_or_init(|| self.sorted(|p| (p.y, p.x)))
        } else {
            self.by_x.get_or_init(|| self.sorted(|p| (p.x, p.y)))
        };
        let (lo, hi) = (a.min(b), a.max(b));
        let at = list.partition_point(|p| p.0 <= lo);
        list.iter().skip(at).take_while(|p| p.0 < hi).any(|p| from <= p.1 && p.1 <= to)
    }
}

/// Snaps, joins and merges.
pub(crate) fn raws_to_edges(raws: &[Raw], ink: &Inkwell<'_>, params: &LayoutParams) -> Vec<Edge> {
    let mut out = Vec::with_capacity(raws.len());
    for horizontal in [true, false] {
        let mut list: Vec<(u32, &Raw)> =
            raws.iter().enumerate().filter(|(_, r)| r.horizontal == horizontal).map(|(i, r)| (i as u32, r)).collect();
        list.sort_by(|a, b| {
            a.1.pos.total_cmp(&b.1.pos).then(a.1.start.total_cmp(&b.1.start)).then(a.1.end.total_cmp(&b.1.end)).then(a.0.cmp(&b.0))
        });
        let mut edges = snap_and_join(&list, horizontal, params);
        merge_parallel(&mut edges, ink, params);
        edges.retain(|e| e.live);
        if edges.len() > params.rulings {
            edges.sort_by(|a, b| b.length().total_cmp(&a.length()).then(a.pos.total_cmp(&b.pos)).then(a.start.total_cmp(&b.start)));
            edges.truncate(params.rulings);
            edges.sort_by(|a, b| a.pos.total_cmp(&b.pos).then(a.start.total_cmp(&b.start)));
        }
        out.append(&mut edges);
    }
    out
}

fn snap_and_join(list: &[(u32, &Raw)], horizontal: bool, params: &LayoutParams) -> Vec<Edge> {
    let mut edges = Vec::with_capacity(list.len());
    let mut from = 0;
    while let Some(&(_, first)) = list.get(from) {
        let mut last = first.pos;
        let to = from
            + list
                .iter()
                .skip(from)
                .take_while(|(_, r)| {
                    let near = r.pos - last <= params.snap && r.pos - first.pos <= params.snap_cap;
                    last = r.pos;
                    near
                })
                .count();
        let mut group: Vec<(u32, &Raw)> = list.get(from..to).unwrap_or_default().to_vec();
        from = to;
        group.sort_by(|a, b| a.1.start.total_cmp(&b.1.start).then(a.1.end.total_cmp(&b.1.end)).then(a.0.cmp(&b.0)));
        let (weight, sum) = group.iter().fold((0.0, 0.0), |(w, s), (_, r)| {
            let l = (r.end - r.start).max(0.01);
            (w + l, s + l * r.pos)
        });
        let pos = sum / weight;
        for (i, r) in group {
            let join = if matches!(r.style, RulingStyle::Dotted) { params.join + 1.0 } else { params.join };
            match edges.last_mut() {
                Some(e) if at_pos(e, pos) && r.start - e.end <= join => {
                    e.end = e.end.max(r.end);
                    e.thickness = e.thickness.max(r.thickness);
                    e.raws.push(i);
                }
                _ => edges.push(Edge {
                    horizontal,
                    pos,
                    start: r.start,
                    end: r.end,
                    thickness: r.thickness,
                    style: r.style,
                    raws: smallvec![i],
                    live: true,
                }),
            }
        }
    }
    edges
}

/// Groups have bit-equal positions and follow each other in the list.
fn at_pos(e: &Edge, pos: f64) -> bool {
    e.pos.total_cmp(&pos).is_eq()
}

/// Merges double rulings and staggered row edges. `edges` is sorted by position.
fn merge_parallel(edges: &mut [Edge], ink: &Inkwell<'_>, params: &LayoutParams) {
    for i in 0..edges.len() {
        let (done, rest) = edges.split_at_mut(i);
        let Some(e) = rest.first_mut() else { continue };
        for other in done.iter_mut().rev() {
            let gap = e.pos - other.pos;
            if gap > params.staggered {
                break;
            }
            if !other.live || gap <= 0.0 {
                continue;
            }
            let overlap = e.end.min(other.end) - e.start.max(other.start);
            let shorter = e.length().min(other.length());
            let double = gap <= params.double && overlap >= 0.5 * shorter;
            let staggered = overlap.abs() <= params.join && shorter > 2.0 * params.join;
            let (from, to) =
                if double { (e.start.max(other.start), e.end.min(other.end)) } else { (e.start.min(other.start), e.end.max(other.end)) };
            if (double || staggered) && !ink.between(e.horizontal, other.pos, e.pos, from, to) {
                let (a, b) = (e.length().max(0.01), other.length().max(0.01));
                // A double ruling stands in its middle; of staggered edges the longer one leads.
                e.pos = if double {
                    (e.pos * a + other.pos * b) / (a + b)
                } else if a >= b {
                    e.pos
                } else {
                    other.pos
                };
                e.start = e.start.min(other.start);
                e.end = e.end.max(other.end);
                e.thickness = e.thickness.max(other.thickness);
                e.raws.append(&mut other.raws);
                other.live = false;
            }
        }
    }
}
