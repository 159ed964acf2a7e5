//! Glyphs that were drawn twice.

use crate::frame::Placed;
use crate::{GlyphOwner, LayoutParams};
use jisseki_model::Point;

/// Marks glyphs drawn again at (nearly) the same place: fake bold, shadows, redrawn pages.
///
/// A hash of the place and the text's end, with chains in one array, keeps this linear and cheap.
pub(crate) fn mark_duplicates(placed: &Placed<'_>, owners: &mut [Option<GlyphOwner>], params: &LayoutParams) {
    let page = placed.page;
    let n = page.glyphs.len();
    let mut places = Places::new(n);
    // (glyph, its original, offset in ems) for pairs that are near, but too far to decide alone.
    let mut candidates: Vec<(u32, u32, f64, f64)> = Vec::new();
    for (i, g) in page.glyphs.iter().enumerate() {
        if owners.get(i).is_none_or(Option::is_some) || g.size <= 0.0 || !placed.inked(i as u32) {
            continue;
        }
        let em = g.size;
        let reach = params.duplicate_run * em;
        let mut found: Option<(f64, u32, f64, f64)> = None;
        let sign = text_sign(&g.text);
        places.near(g.origin, reach, sign, |j| {
            let Some(a) = page.glyphs.get(j as usize) else { return };
            let d = g.origin - a.origin;
            if d.x.abs() > reach || d.y.abs() > reach || a.text != g.text || (a.size - em).abs() > 0.02 * em {
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
                    *o = Some(GlyphOwner::Duplicate { of: j });
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
            *o = Some(GlyphOwner::Duplicate { of });
        }
    }
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

    fn slot(&self, x: i64, y: i64, sign: u64) -> usize {
        let place = (x as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (y as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        let h = place ^ sign.wrapping_mul(0x1656_67B1_9E37_79F9);
        ((h >> 29) & self.mask) as usize
    }

    fn square(v: f64) -> i64 {
        // Coordinates beyond the shift share squares with others, which costs time and nothing else.
        ((v + 1e6) * (1.0 / Places::SIDE)) as i64
    }

    fn insert(&mut self, p: Point, sign: u64, i: u32) {
        let slot = self.slot(Places::square(p.x), Places::square(p.y), sign);
        if let (Some(head), Some(next)) = (self.heads.get_mut(slot), self.next.get_mut(i as usize)) {
            *next = *head;
            *head = i;
        }
    }

    /// Visits all glyphs of one text in the squares that a reach around `p` touches, and maybe others.
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
