//! Edges → junctions → pruned, connected components (layout.md §3.4).

use crate::assign::Runs;
use crate::edges::{Edge, Inkwell};
use crate::{LayoutParams, RulingStyle};
use smallvec::SmallVec;

/// Rounds of pruning; each may free the ends of other edges.
const ROUNDS: usize = 8;
/// Free ends this near each other stand in one line.
const ALIGNED: f64 = 2.0;

/// The highest row, in points, that may part a table's open sides; more sides than [`SIDES`] are a drawing.
const SECTION: f64 = 30.0;
const SIDES: usize = 200;

/// Edges that one edge may meet.
type Near = SmallVec<[u32; 8]>;

/// Edges with the perpendicular edges each may meet.
pub(crate) struct Graph {
    pub(crate) edges: Vec<Edge>,
    /// Perpendicular partners within reach, by edge.
    near: Vec<Near>,
    /// Component of each edge, once [`Graph::components`] has run.
    component: Vec<Option<u32>>,
}

impl Graph {
    pub(crate) fn new(edges: Vec<Edge>, params: &LayoutParams) -> Graph {
        let n = edges.len();
        let mut g = Graph { edges, near: vec![Near::new(); n], component: vec![None; n] };
        let mut vertical: Vec<(f64, u32)> =
            g.edges.iter().enumerate().filter(|(_, e)| !e.horizontal).map(|(i, e)| (e.pos, i as u32)).collect();
        vertical.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for i in 0..n {
            let Some(h) = g.edges.get(i).filter(|e| e.horizontal) else { continue };
            let from = vertical.partition_point(|v| v.0 < h.start - params.reach);
            let partners: Near = vertical
                .iter()
                .skip(from)
                .take_while(|v| v.0 <= h.end + params.reach)
                .filter(|v| g.edges.get(v.1 as usize).is_some_and(|e| h.pos >= e.start - params.reach && h.pos <= e.end + params.reach))
                .map(|v| v.1)
                .collect();
            for &v in &partners {
                if let Some(list) = g.near.get_mut(v as usize) {
                    list.push(i as u32);
                }
            }
            if let Some(list) = g.near.get_mut(i) {
                *list = partners;
            }
        }
        g
    }

    fn edge(&self, i: u32) -> Option<&Edge> {
        self.edges.get(i as usize)
    }

    /// The live edges that cross or touch edge `i`.
    fn crossings(&self, i: u32, tol: f64) -> impl Iterator<Item = (u32, &Edge)> {
        let e = self.edge(i);
        self.near.get(i as usize).into_iter().flatten().filter_map(move |&j| {
            let (a, b) = (e?, self.edge(j)?);
            (b.live && touches(a, b, tol)).then_some((j, b))
        })
    }

    /// Prunes to a fixpoint: what is left has both ends on perpendicular edges.
    pub(crate) fn prune(&mut self, params: &LayoutParams) {
        let mut positions: Vec<f64> = Vec::new();
        for _ in 0..ROUNDS {
            let mut changed = false;
            for i in 0..self.edges.len() as u32 {
                let Some(e) = self.edge(i).filter(|e| e.live) else { continue };
                positions.clear();
                positions.extend(self.crossings(i, params.junction).map(|(_, c)| c.pos));
                positions.sort_by(f64::total_cmp);
                let verdict = end_verdict(e, &positions, params);
                if let Some((start, end, live)) = verdict {
                    if let Some(e) = self.edges.get_mut(i as usize) {
                        (e.start, e.end, e.live) = (start, end, live);
                    }
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// Lets free ends of edges with a junction reach for a perpendicular edge close by.
    pub(crate) fn reach_out(&mut self, params: &LayoutParams) {
        for i in 0..self.edges.len() as u32 {
            let Some(e) = self.edge(i).filter(|e| e.live && e.hard()) else { continue };
            if self.crossings(i, params.junction).next().is_none() {
                continue;
            }
            let free = |at: f64| !self.crossings(i, params.junction).any(|(_, c)| (c.pos - at).abs() <= params.junction);
            let next = |at: f64, out: f64| {
                self.crossings(i, params.reach)
                    .filter(|(_, c)| c.hard() && (c.pos - at) * out > 0.0 && (c.pos - at).abs() <= params.reach)
                    .filter(|(_, c)| e.pos >= c.start - params.junction && e.pos <= c.end + params.junction)
                    .map(|(_, c)| c.pos)
                    .min_by(|a, b| (a - at).abs().total_cmp(&(b - at).abs()))
            };
            let start = if free(e.start) { next(e.start, -1.0) } else { None };
            let end = if free(e.end) { next(e.end, 1.0) } else { None };
            if let Some(e) = self.edges.get_mut(i as usize) {
                e.start = start.unwrap_or(e.start);
                e.end = end.unwrap_or(e.end);
            }
        }
    }

    /// Drops underlines: horizontal strokes with a free end, just below one run of text that covers them.
    ///
    /// `runs` are (baseline, em, start, end), sorted by baseline. A stroke between two rulings is never an underline.
    pub(crate) fn drop_underlines(&mut self, runs: &Runs, params: &LayoutParams) {
        for i in 0..self.edges.len() as u32 {
            let Some(e) = self.edge(i).filter(|e| e.live && e.hard() && e.horizontal) else { continue };
            let anchored = |at: f64| self.crossings(i, params.junction).any(|(_, c)| (c.pos - at).abs() <= params.junction);
            if anchored(e.start) && anchored(e.end) {
                continue;
            }
            let runs = runs.baselines();
            let from = runs.partition_point(|r| r.0 < e.pos - 30.0);
            let under = runs.iter().skip(from).take_while(|r| r.0 <= e.pos).any(|&(v, em, u0, u1)| {
                let covered = e.end.min(u1 + em) - e.start.max(u0 - em);
                e.pos - v <= 0.3 * em && covered >= 0.85 * e.length()
            });
            if let (true, Some(e)) = (under, self.edges.get_mut(i as usize)) {
                e.live = false;
            }
        }
    }

    /// Closes open sides: where three or more edges of one component end freely in one line, a virtual edge is put.
    pub(crate) fn close_open_sides(&mut self, ink: &Inkwell<'_>, params: &LayoutParams) {
        let group = self.union(|a, b| a.hard() && b.hard(), params);
        let free: Vec<(bool, bool)> = (0..self.edges.len() as u32).map(|i| self.free_ends(i, params)).collect();
        let mut made: Vec<Edge> = Vec::new();
        for horizontal in [true, false] {
            for at_start in [true, false] {
                // (component, coordinate of the free end, position across)
                let mut ends: Vec<(u32, f64, f64)> = Vec::new();
                for ((e, free), &g) in self.edges.iter().zip(&free).zip(&group).filter(|((e, _), _)| e.horizontal == horizontal) {
                    let (at, is_free) = if at_start { (e.start, free.0) } else { (e.end, free.1) };
                    if is_free {
                        ends.push((g, at, e.pos));
                    }
                }
                ends.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2)));
                let mut from = 0;
                while let Some(&(g, at, _)) = ends.get(from) {
                    let to = from + ends.iter().skip(from).take_while(|e| e.0 == g && e.1 - at <= ALIGNED).count();
                    let side = ends.get(from..to).unwrap_or_default();
                    let mut across: Vec<f64> = side.iter().map(|s| s.2).collect();
                    across.sort_by(f64::total_cmp);
                    across.dedup_by(|a, b| (*a - *b).abs() <= params.double);
                    if let (true, Some(&first), Some(&last)) = (across.len() >= 2, across.first(), across.last()) {
                        let pos = side.iter().map(|s| s.1).sum::<f64>() / side.len() as f64;
                        // Strikes and underlines may end in one line, too: a side has nothing drawn behind it.
                        if self.drawn_behind(horizontal, at_start, pos, first, last, g, &group) {
                            from = to;
                            continue;
                        }
                        // Two free ends make a side only where text stands between them.
                        if across.len() == 2 && !self.text_at_side(horizontal, at_start, pos, first, last, ink) {
                            from = to;
                            continue;
                        }
                        made.push(Edge {
                            horizontal: !horizontal,
                            pos,
                            start: first,
                            end: last,
                            thickness: 0.0,
                            style: RulingStyle::Virtual,
                            raws: SmallVec::new(),
                            live: true,
                        });
                    }
                    from = to;
                }
            }
        }
        made.extend(self.bridge_sections(&made, ink, params));
        if !made.is_empty() {
            let mut edges = std::mem::take(&mut self.edges);
            edges.extend(made);
            *self = Graph::new(edges, params);
        }
    }

    /// Tells whether the start and the end of an edge lie on no other, where it crosses any.
    fn free_ends(&self, i: u32, params: &LayoutParams) -> (bool, bool) {
        let Some(e) = self.edge(i).filter(|e| e.live && e.hard()) else { return (false, false) };
        let near = |at: f64, c: &Edge| (c.pos - at).abs() <= params.junction;
        let mut crossings = self.crossings(i, params.junction).map(|(_, c)| (near(e.start, c), near(e.end, c)));
        let first = crossings.next();
        first.map_or((false, false), |first| {
            let (start, end) = crossings.fold(first, |a, c| (a.0 | c.0, a.1 | c.1));
            (!start, !end)
        })
    }

    /// A row without verticals between two parts of a table that has open sides (a section's title over the whole width): its sides.
    fn bridge_sections(&self, sides: &[Edge], ink: &Inkwell<'_>, params: &LayoutParams) -> Vec<Edge> {
        let mut upright: Vec<&Edge> = sides.iter().filter(|e| !e.horizontal).collect();
        upright.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.pos.total_cmp(&b.pos)));
        if upright.len() < 4 || upright.len() > SIDES {
            return Vec::new();
        }
        let verticals = |y: f64| -> Vec<f64> {
            let meets = |e: &&Edge| e.live && e.hard() && !e.horizontal && e.start <= y + params.junction && e.end >= y - params.junction;
            let mut at: Vec<f64> = self.edges.iter().filter(meets).map(|e| e.pos).collect();
            at.sort_by(f64::total_cmp);
            at
        };
        // The columns of one part are columns of the other, which may have more.
        let same = |a: &[f64], b: &[f64]| {
            let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
            few.len() >= 2 && few.iter().all(|x| many.iter().any(|y| (x - y).abs() <= params.snap))
        };
        // The next side below each, in line with it.
        let below = |a: &Edge| {
            upright
                .iter()
                .find(|b| (b.pos - a.pos).abs() <= ALIGNED && b.start > a.end && b.start - a.end <= SECTION)
                .map(|b| (a.pos, a.end, b.start))
        };
        let gaps: Vec<(f64, f64, f64)> = upright.iter().filter_map(|a| below(a)).collect();
        let made = |&(pos, start, end): &(f64, f64, f64)| Edge {
            horizontal: false,
            pos,
            start,
            end,
            thickness: 0.0,
            style: RulingStyle::Virtual,
            raws: SmallVec::new(),
            live: true,
        };
        let level = |a: &(f64, f64, f64), b: &(f64, f64, f64)| (a.1 - b.1).abs() <= ALIGNED && (a.2 - b.2).abs() <= ALIGNED;
        gaps.iter()
            .filter(|g| {
                let partner = gaps.iter().find(|o| (o.0 - g.0).abs() > ALIGNED && level(o, g));
                partner.is_some_and(|o| ink.between(true, g.1, g.2, g.0.min(o.0), g.0.max(o.0)) && same(&verticals(g.1), &verticals(g.2)))
            })
            .map(made)
            .collect()
    }

    /// A perpendicular edge of the same component runs beyond the free ends, on their height.
    #[allow(clippy::too_many_arguments)]
    fn drawn_behind(&self, horizontal: bool, at_start: bool, pos: f64, first: f64, last: f64, component: u32, group: &[u32]) -> bool {
        self.edges.iter().zip(group).any(|(e, &g)| {
            let behind = if at_start { pos - e.pos } else { e.pos - pos };
            g == component && e.live && e.hard() && e.horizontal != horizontal && behind > ALIGNED && e.start < last && e.end > first
        })
    }

    /// Text stands between two free ends and the first perpendicular edge behind them.
    fn text_at_side(&self, horizontal: bool, at_start: bool, pos: f64, first: f64, last: f64, ink: &Inkwell<'_>) -> bool {
        let behind = |p: f64| if at_start { p - pos } else { pos - p };
        let next = self
            .edges
            .iter()
            .filter(|e| e.live && e.hard() && e.horizontal != horizontal && behind(e.pos) > 3.0)
            .filter(|e| e.start < last && e.end > first)
            .map(|e| e.pos)
            .min_by(|a, b| behind(*a).total_cmp(&behind(*b)));
        next.is_some_and(|n| ink.between(horizontal, first, last, pos.min(n), pos.max(n)))
    }

    /// Union-find over crossing pairs that `joins`; the smallest member stands for its set.
    fn union(&self, joins: impl Fn(&Edge, &Edge) -> bool, params: &LayoutParams) -> Vec<u32> {
        let mut root: Vec<u32> = (0..self.edges.len() as u32).collect();
        for i in 0..self.edges.len() as u32 {
            let Some(e) = self.edge(i).filter(|e| e.live && e.horizontal) else { continue };
            for (j, c) in self.crossings(i, params.junction) {
                if joins(e, c) {
                    let (a, b) = (find(&mut root, i), find(&mut root, j));
                    if let Some(r) = root.get_mut(a.max(b) as usize) {
                        *r = a.min(b);
                    }
                }
            }
        }
        (0..root.len() as u32).map(|i| find(&mut root, i)).collect()
    }

    /// Groups the live edges: hard (and virtual) junctions make components, soft edges join the one they cross most.
    pub(crate) fn components(&mut self, params: &LayoutParams) -> Vec<Vec<u32>> {
        let soft = |e: &Edge| matches!(e.style, RulingStyle::Soft);
        let group = self.union(|a, b| !soft(a) && !soft(b), params);
        self.component = self.edges.iter().zip(&group).map(|(e, &g)| (e.live && !soft(e)).then_some(g)).collect();
        if self.edges.iter().any(soft) {
            self.assign_soft(params);
            // Shaded areas side by side make a lattice of their own.
            let alone = self.union(|a, b| soft(a) && soft(b), params);
            for ((slot, e), &g) in self.component.iter_mut().zip(&self.edges).zip(&alone) {
                if slot.is_none() && e.live && soft(e) {
                    *slot = Some(g);
                }
            }
            self.drop_lost_soft(params);
        }
        let mut by: Vec<(u32, u32)> = (0..self.edges.len() as u32)
            .filter(|&i| self.edge(i).is_some_and(|e| e.live))
            .filter_map(|i| Some((self.component.get(i as usize).copied().flatten()?, i)))
            .collect();
        by.sort_unstable();
        by.chunk_by(|a, b| a.0 == b.0).map(|c| c.iter().map(|x| x.1).collect()).collect()
    }

    fn assign_soft(&mut self, params: &LayoutParams) {
        for _ in 0..3 {
            let mut found: Vec<(u32, u32)> = Vec::new();
            for i in 0..self.edges.len() as u32 {
                if self.component.get(i as usize).is_none_or(Option::is_some) || self.edge(i).is_none_or(|e| !e.live) {
                    continue;
                }
                let mut votes: Vec<u32> =
                    self.crossings(i, params.junction).filter_map(|(j, _)| self.component.get(j as usize).copied().flatten()).collect();
                votes.sort_unstable();
                let best = votes.chunk_by(|a, b| a == b).max_by(|a, b| a.len().cmp(&b.len()).then(b.first().cmp(&a.first())));
                if let Some(&c) = best.and_then(|b| b.first()) {
                    found.push((i, c));
                }
            }
            if found.is_empty() {
                break;
            }
            for (i, c) in found {
                if let Some(slot) = self.component.get_mut(i as usize) {
                    *slot = Some(c);
                }
            }
        }
    }

    /// Soft edges must end on edges of their own component.
    fn drop_lost_soft(&mut self, params: &LayoutParams) {
        for _ in 0..ROUNDS {
            let mut changed = false;
            for i in 0..self.edges.len() as u32 {
                let Some(e) = self.edge(i).filter(|e| e.live && matches!(e.style, RulingStyle::Soft)) else { continue };
                let own = self.component.get(i as usize).copied().flatten();
                let mut positions: Vec<f64> = self
                    .crossings(i, params.junction)
                    .filter(|&(j, _)| own.is_some() && self.component.get(j as usize).copied().flatten() == own)
                    .map(|(_, c)| c.pos)
                    .collect();
                positions.sort_by(f64::total_cmp);
                if let Some((start, end, live)) = end_verdict(e, &positions, params) {
                    if let Some(e) = self.edges.get_mut(i as usize) {
                        (e.start, e.end, e.live) = (start, end, live);
                    }
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }
}

fn find(root: &mut [u32], mut i: u32) -> u32 {
    while let Some(&up) = root.get(i as usize) {
        if up == i {
            break;
        }
        let over = root.get(up as usize).copied().unwrap_or(up);
        if let Some(r) = root.get_mut(i as usize) {
            *r = over;
        }
        i = over;
    }
    i
}

/// Tells whether two perpendicular edges meet within `tol`.
fn touches(a: &Edge, b: &Edge, tol: f64) -> bool {
    b.pos >= a.start - tol && b.pos <= a.end + tol && a.pos >= b.start - tol && a.pos <= b.end + tol
}

/// New start, end and life of an edge that is crossed at `positions` (sorted); None to leave it.
fn end_verdict(e: &Edge, positions: &[f64], params: &LayoutParams) -> Option<(f64, f64, bool)> {
    let dead = Some((e.start, e.end, false));
    let (Some(&first), Some(&last)) = (positions.first(), positions.last()) else { return dead };
    let start_ok = (first - e.start).abs() <= params.junction;
    let end_ok = (last - e.end).abs() <= params.junction;
    if last - first <= params.junction {
        return dead;
    }
    match (start_ok, end_ok) {
        (true, true) => None,
        (true, false) => Some((e.start, last, true)),
        (false, true) => Some((first, e.end, true)),
        (false, false) => {
            let covered = (last - first) / e.length();
            let overhang = (first - e.start).max(e.end - last);
            // Over-long rules (cut by a clip, clip art) keep what lies between their crossings.
            if covered >= 0.8 && (e.length() >= 150.0 || overhang <= params.soft_clearance) { Some((first, last, true)) } else { dead }
        }
    }
}
