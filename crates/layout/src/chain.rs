//! Dots and short dashes in a row → one ruling.

use crate::RulingStyle;
use crate::harvest::Raw;

/// Marks closer across than this are in one row.
const COLLINEAR: f64 = 0.8;
/// The widest gap between two marks of a chain.
const GAP: f64 = 4.0;
/// The shortest chain.
const TOTAL: f64 = 8.0;
/// The fewest marks of a chain.
const MARKS: usize = 4;
/// A mark longer than this is a ruling of its own.
pub(crate) const SHORT: f64 = 3.5;

/// Joins marks to rulings. Returns the rulings (each with the paths of its marks) and the marks that belong to none.
pub(crate) fn marks_to_chains(marks: &[Raw]) -> (Vec<(Raw, Vec<u32>)>, Vec<Raw>) {
    let mut in_h = vec![false; marks.len()];
    let mut in_v = vec![false; marks.len()];
    let h = chains_along(marks, true, &mut in_h);
    let v = chains_along(marks, false, &mut in_v);
    // A field of dots (a pattern) has every mark in a row and in a column: no rulings.
    let field = |chain: &[u32]| {
        let both = chain.iter().filter(|&&i| both(&in_h, &in_v, i)).count();
        both * 2 > chain.len() && chain.len() > 2
    };
    let mut used = vec![false; marks.len()];
    let mut out = Vec::new();
    for (chain, horizontal) in h.iter().map(|c| (c, true)).chain(v.iter().map(|c| (c, false))) {
        if field(chain) {
            continue;
        }
        if let Some(raw) = chain_to_raw(marks, chain, horizontal) {
            for &i in chain {
                if let Some(u) = used.get_mut(i as usize) {
                    *u = true;
                }
            }
            out.push((raw, chain.iter().filter_map(|&i| marks.get(i as usize)).map(|m| m.path).collect()));
        }
    }
    let rest = marks.iter().zip(&used).filter(|(_, u)| !**u).map(|(m, _)| m.clone()).collect();
    (out, rest)
}

/// Tells of each mark whether it goes on where a ruling ends, over other marks maybe: rulings drawn in pieces, short ones among them.
pub(crate) fn marks_beside_rulings(marks: &[Raw], rulings: &[Raw], join: f64) -> Vec<bool> {
    let mut beside = vec![false; marks.len()];
    if marks.is_empty() {
        return beside;
    }
    for horizontal in [true, false] {
        // (position, start, end, mark; none for a ruling)
        let along = |r: &&Raw| r.horizontal == horizontal;
        let mut items: Vec<(f64, f64, f64, Option<u32>)> = rulings.iter().filter(along).map(|r| (r.pos, r.start, r.end, None)).collect();
        items.extend((0..).zip(marks).filter(|(_, m)| along(m)).map(|(i, m)| (m.pos, m.start, m.end, Some(i))));
        items.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.3.cmp(&b.3)));
        let mut rest = items.as_slice();
        while let Some(first) = rest.first() {
            let (row, after) = rest.split_at(rest.iter().take_while(|i| i.0 - first.0 <= COLLINEAR).count());
            rest = after;
            let mut row = row.to_vec();
            row.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.3.cmp(&b.3)));
            let mut reach = f64::NEG_INFINITY;
            let part = |i: &(f64, f64, f64, Option<u32>)| {
                let apart = i.1 - reach > join;
                reach = if apart { i.2 } else { reach.max(i.2) };
                apart
            };
            let starts: Vec<usize> = row.iter().map(part).enumerate().filter(|(_, apart)| *apart).map(|(k, _)| k).collect();
            for (k, &from) in starts.iter().enumerate() {
                let to = starts.get(k + 1).copied().unwrap_or(row.len());
                let piece = row.get(from..to).unwrap_or_default();
                if piece.iter().any(|i| i.3.is_none()) {
                    for i in piece.iter().filter_map(|i| i.3) {
                        if let Some(b) = beside.get_mut(i as usize) {
                            *b = true;
                        }
                    }
                }
            }
        }
    }
    beside
}

fn both(in_h: &[bool], in_v: &[bool], i: u32) -> bool {
    let at = |v: &[bool]| v.get(i as usize).copied().unwrap_or(false);
    at(in_h) && at(in_v)
}

/// Position across and extent along, seen along one orientation; None for a dash that runs the other way.
fn seen_along(m: &Raw, horizontal: bool) -> Option<(f64, f64, f64)> {
    if m.horizontal == horizontal {
        Some((m.pos, m.start, m.end))
    } else if m.end - m.start < 2.0 * m.thickness.max(0.3) {
        let half = m.thickness / 2.0;
        Some(((m.start + m.end) / 2.0, m.pos - half, m.pos + half))
    } else {
        None
    }
}

fn chains_along(marks: &[Raw], horizontal: bool, member: &mut [bool]) -> Vec<Vec<u32>> {
    let mut items: Vec<(f64, f64, f64, u32)> =
        marks.iter().enumerate().filter_map(|(i, m)| seen_along(m, horizontal).map(|(p, s, e)| (p, s, e, i as u32))).collect();
    items.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.3.cmp(&b.3)));
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(first) = items.get(from) {
        let to = from + items.iter().skip(from).take_while(|i| i.0 - first.0 <= COLLINEAR).count();
        let mut row: Vec<_> = items.get(from..to).unwrap_or_default().to_vec();
        row.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.3.cmp(&b.3)));
        let mut chain: Vec<u32> = Vec::new();
        let (mut begin, mut reach) = (0.0, f64::NEG_INFINITY);
        let mut close = |chain: &mut Vec<u32>, begin: f64, reach: f64| {
            if chain.len() >= MARKS && reach - begin >= TOTAL {
                for &i in chain.iter() {
                    if let Some(m) = member.get_mut(i as usize) {
                        *m = true;
                    }
                }
                out.push(std::mem::take(chain));
            }
            chain.clear();
        };
        for &(_, s, e, i) in &row {
            if s - reach > GAP {
                close(&mut chain, begin, reach);
                begin = s;
            }
            chain.push(i);
            reach = reach.max(e);
        }
        close(&mut chain, begin, reach);
        from = to;
    }
    out
}

fn chain_to_raw(marks: &[Raw], chain: &[u32], horizontal: bool) -> Option<Raw> {
    let seen: Vec<_> = chain.iter().filter_map(|&i| marks.get(i as usize)).filter_map(|m| Some((seen_along(m, horizontal)?, m))).collect();
    let (_, first) = seen.first()?;
    let n = seen.len() as f64;
    Some(Raw {
        horizontal,
        pos: seen.iter().map(|s| s.0.0).sum::<f64>() / n,
        start: seen.iter().map(|s| s.0.1).fold(f64::INFINITY, f64::min),
        end: seen.iter().map(|s| s.0.2).fold(f64::NEG_INFINITY, f64::max),
        thickness: seen.iter().map(|s| s.1.thickness).sum::<f64>() / n,
        style: if seen.iter().all(|s| s.0.2 - s.0.1 > 2.0) { RulingStyle::Dashed } else { RulingStyle::Dotted },
        path: first.path,
        boxed: None,
        seq: first.seq,
        fill: None,
    })
}
