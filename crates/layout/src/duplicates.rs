//! Glyphs that were drawn twice.

use crate::frame::Placed;
use crate::strips::Strip;
use crate::{GlyphOwner, LayoutParams};
use jisseki_model::{Page, Point, Rect};

/// Marks glyphs drawn again at (nearly) the same place: fake bold, shadows, redrawn pages.
///
/// Most text stands in rows that keep clear of each other; the glyphs of the others are looked up by place. Returns whether there are any such.
pub(crate) fn mark_duplicates(placed: &Placed<'_>, owners: &mut [GlyphOwner], params: &LayoutParams) -> bool {
    let page = placed.page;
    let rows: Vec<Row> = placed.strips.iter().filter_map(|s| strip_to_row(s, page, params.duplicate_run)).collect();
    let meets = rows_that_meet(&rows);
    if !meets.contains(&true) {
        return false;
    }
    let mut places = Places::new(page.glyphs.len());
    // (glyph, its original, offset in ems) for pairs that are near, but too far to decide alone.
    let mut candidates: Vec<(u32, u32, f64, f64)> = Vec::new();
    for i in rows.iter().zip(&meets).filter(|(_, meets)| **meets).flat_map(|(row, _)| row.strip.range()) {
        let Some(g) = page.glyphs.get(i) else { continue };
        let em = page.style(g).size;
        if !placed.inked(i as u32) || em <= 0.0 || owners.get(i) != Some(&GlyphOwner::Unassigned) {
            continue;
        }
        let reach = params.duplicate_run * em;
        let mut found: Option<(f64, u32, f64, f64)> = None;
        let sign = text_sign(&g.text);
        places.near(g.origin, reach, sign, |j| {
            let Some(a) = page.glyphs.get(j as usize) else { return };
            let d = g.origin - a.origin;
            if d.x.abs() > reach || d.y.abs() > reach || a.text != g.text || (page.style(a).size - em).abs() > 0.02 * em {
                return;
            }
            let distance = d.length() / em;
            let twin = distance <= params.duplicate_run && (distance < 1e-6 || d.length() < 0.4 * a.advance.length());
            if twin && found.is_none_or(|f| distance < f.0) {
                found = Some((distance, j, d.x / em, d.y / em));
            }
        });
        match found {
            Some((distance, j, _, _)) if distance <= params.duplicate => {
                if let Some(o) = owners.get_mut(i) {
                    *o = GlyphOwner::Duplicate { of: j };
                }
                continue;
            }
            Some((_, j, dx, dy)) => candidates.push((i as u32, j, dx, dy)),
            None => {}
        }
        places.insert(g.origin, sign, i as u32);
    }
    // A shadow shifts whole runs: at least two glyphs in a row share the offset.
    for (k, &(i, of, dx, dy)) in candidates.iter().enumerate() {
        let like = |o: Option<&(u32, u32, f64, f64)>| {
            o.is_some_and(|&(n, _, x, y)| n.abs_diff(i) == 1 && (x - dx).abs() < 0.02 && (y - dy).abs() < 0.02)
        };
        let in_a_row = like(candidates.get(k + 1)) || k.checked_sub(1).is_some_and(|p| like(candidates.get(p)));
        if let (true, Some(o)) = (in_a_row, owners.get_mut(i as usize)) {
            *o = GlyphOwner::Duplicate { of };
        }
    }
    true
}

/// The glyphs of a strip: unless it is crowded, each lies beyond the reach of the one before it, and none of them is another's twin.
struct Row {
    strip: Strip,
    /// Where the origins lie, grown by their reach: twins in two rows make these boxes meet.
    bbox: Rect,
}

fn strip_to_row(strip: &Strip, page: &Page, reach: f64) -> Option<Row> {
    let glyphs = page.glyphs.get(strip.range())?;
    let (first, last) = (glyphs.first()?, glyphs.last()?);
    Some(Row { strip: *strip, bbox: Rect::of_points([first.origin, last.origin]).grown(reach * page.style(first).size) })
}

/// More rows than this on one height are not compared each with each: their glyphs are looked up.
const BESIDE: usize = 200;

/// Tells of each row whether it meets another, or itself.
fn rows_that_meet(rows: &[Row]) -> Vec<bool> {
    let mut order: Vec<(i64, usize)> = rows.iter().map(|r| height_to_key(r.bbox.y0)).zip(0..).collect();
    order.sort_unstable();
    let order: Vec<(&Rect, usize)> = order.into_iter().filter_map(|(_, i)| Some((&rows.get(i)?.bbox, i))).collect();
    let mut meets: Vec<bool> = rows.iter().map(|r| r.strip.crowded).collect();
    for (k, &(a, i)) in order.iter().enumerate() {
        for (n, &(b, j)) in order.iter().skip(k + 1).take_while(|(b, _)| b.y0 <= a.y1).enumerate() {
            if n >= BESIDE {
                return vec![true; rows.len()];
            }
            if !a.intersection(*b).is_empty() {
                for k in [i, j] {
                    meets.get_mut(k).into_iter().for_each(|m| *m = true);
                }
            }
        }
    }
    meets
}

/// A number that sorts as [`f64::total_cmp`] does, and faster.
fn height_to_key(y: f64) -> i64 {
    let bits = y.to_bits().cast_signed();
    bits ^ (bits >> 63).cast_unsigned().wrapping_shr(1).cast_signed()
}

/// The last byte and the length of a text: enough to tell most characters apart.
fn text_sign(text: &str) -> u64 {
    text.as_bytes().last().map_or(0, |&b| (text.len() as u64) << 8 | u64::from(b))
}

/// Glyphs by place and text: squares of [`Places::SIDE`] points, hashed.
struct Places {
    heads: Vec<u32>,
    next: Vec<u32>,
    mask: u64,
}

impl Places {
    const SIDE: f64 = 24.0;

    fn new(n: usize) -> Places {
        let size = n.next_power_of_two().max(16);
        Places { heads: vec![u32::MAX; size], next: vec![u32::MAX; n], mask: size as u64 - 1 }
    }

    fn slot(&self, x: u16, y: u16, sign: u64) -> usize {
        let place = u64::from(x).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(y).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        let h = place ^ sign.wrapping_mul(0x1656_67B1_9E37_79F9);
        ((h >> 29) & self.mask) as usize
    }

    /// Coordinates below zero and far out share squares, which costs time and nothing else: few glyphs that are seen lie there.
    fn square(v: f64) -> u16 {
        (v * (1.0 / Places::SIDE)) as u16
    }

    fn insert(&mut self, p: Point, sign: u64, i: u32) {
        let slot = self.slot(Places::square(p.x), Places::square(p.y), sign);
        if let (Some(head), Some(next)) = (self.heads.get_mut(slot), self.next.get_mut(i as usize)) {
            *next = *head;
            *head = i;
        }
    }

    /// Visits all glyphs of one text in the squares that a reach around `p` touches, and maybe others.
    #[inline]
    fn near(&self, p: Point, reach: f64, sign: u64, mut visit: impl FnMut(u32)) {
        let (x0, x1) = (Places::square(p.x - reach), Places::square(p.x + reach));
        let (y0, y1) = (Places::square(p.y - reach), Places::square(p.y + reach));
        for x in x0..=x1.min(x0.saturating_add(64)) {
            for y in y0..=y1.min(y0.saturating_add(64)) {
                let mut at = self.heads.get(self.slot(x, y, sign)).copied().unwrap_or(u32::MAX);
                while at != u32::MAX {
                    visit(at);
                    at = self.next.get(at as usize).copied().unwrap_or(u32::MAX);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(boxes: &[(f64, f64, f64, f64)], expected: &[bool]) {
        let strip = Strip { from: 0, to: 1, n_inked: 1, crowded: false };
        let row = |&(x0, y0, x1, y1): &(f64, f64, f64, f64)| Row { strip, bbox: Rect { x0, y0, x1, y1 } };
        assert_eq!(rows_that_meet(&boxes.iter().map(row).collect::<Vec<_>>()), expected, "{boxes:?}");
    }

    #[test]
    fn keys_sort_as_heights_do() {
        let heights = [f64::NEG_INFINITY, -2.0, -1.5, -0.0, 0.0, f64::MIN_POSITIVE, 1.0, 700.25, f64::INFINITY, f64::NAN];
        assert!(heights.is_sorted_by(|a, b| height_to_key(*a) < height_to_key(*b)));
    }

    #[test]
    fn rows_meet_where_their_boxes_do() {
        check(&[(0.0, 0.0, 90.0, 5.0), (0.0, 12.0, 90.0, 17.0), (95.0, 0.0, 99.0, 5.0)], &[false; 3]);
        check(&[(0.0, 12.0, 90.0, 17.0), (0.0, 0.0, 90.0, 5.0), (3.0, 1.0, 93.0, 6.0)], &[false, true, true]);
        // Too many on one height to compare each with each.
        let apart: Vec<_> = (0..BESIDE + 2).map(|i| (10.0 * i as f64, 0.0, 10.0 * i as f64 + 1.0, 5.0)).collect();
        check(&apart, &vec![true; BESIDE + 2]);
    }
}
