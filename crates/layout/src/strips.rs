//! Stretches of upright text that differ in nothing but the text and its place on the line: most questions are asked once a strip.

use crate::LayoutParams;
use crate::frame::Mark;
use jisseki_model::{Glyph, GlyphStyle, Page};

/// Consecutive glyphs, each upright and beside the one before it: one size, baseline and height of box, painted alike, no gap that ends a run.
///
/// Boxes and centers lie between those of the first and the last glyph. Any other glyph is a strip by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Strip {
    pub(crate) from: u32,
    pub(crate) to: u32,
    /// Glyphs that are not blank.
    pub(crate) n_inked: u32,
    /// Some glyphs lie so near to each other that they may be one drawn twice.
    pub(crate) crowded: bool,
}

impl Strip {
    fn starting_with(m: &Mark) -> Strip {
        Strip { from: m.id, to: m.id + 1, n_inked: u32::from(!m.blank), crowded: false }
    }
    #[inline]
    fn push(&mut self, last: &Mark, m: &Mark, params: &LayoutParams) {
        self.to = m.id + 1;
        self.n_inked += u32::from(!m.blank);
        self.crowded |= m.u0 - last.u0 <= params.duplicate_run * m.em;
    }
    pub(crate) fn range(&self) -> std::ops::Range<usize> {
        self.from as usize..self.to as usize
    }
}

/// Finds the strips of a page and marks the glyphs that go on in one.
pub(crate) fn marks_to_strips(marks: &mut [Mark], page: &Page, params: &LayoutParams) -> Vec<Strip> {
    let mut out = Vec::with_capacity(marks.len() / 8 + 4);
    let mut both = marks.iter_mut().zip(&page.glyphs);
    let Some((mut last, mut before)) = both.next() else { return out };
    let mut strip = Strip::starting_with(last);
    for (m, g) in both {
        m.joined = m.plain && follows(last, m, params) && is_alike((last, before), (m, g), page);
        if m.joined {
            strip.push(last, m, params);
        } else {
            out.push(std::mem::replace(&mut strip, Strip::starting_with(m)));
        }
        (last, before) = (m, g);
    }
    out.push(strip);
    out
}

/// Tells whether a plain glyph stands beside the one before it.
#[inline]
fn follows(last: &Mark, m: &Mark, params: &LayoutParams) -> bool {
    let gap = m.u0 - last.u1;
    last.plain
        && m.v.to_bits() == last.v.to_bits()
        && (m.u0 >= last.u0 && m.u1 >= last.u1 && gap <= params.run_gap * m.em && gap >= -0.5 * m.em)
}

/// Tells whether two plain glyphs on one baseline have one size, height of box and paint.
#[inline]
fn is_alike((last, before): (&Mark, &Glyph), (m, g): (&Mark, &Glyph), page: &Page) -> bool {
    let as_high = || same([(m.em, last.em), (m.bbox.y0, last.bbox.y0), (m.bbox.y1, last.bbox.y1)]);
    // One style and baseline make one size and height.
    g.seq >= before.seq
        && g.hidden == before.hidden
        && (g.style == before.style || as_high() && is_style_alike(page.style(before), page.style(g)))
}

fn is_style_alike(before: &GlyphStyle, style: &GlyphStyle) -> bool {
    let (a, b) = (&before.clip, &style.clip);
    style.render_mode == before.render_mode && style.fill == before.fill && same([(a.x0, b.x0), (a.y0, b.y0), (a.x1, b.x1), (a.y1, b.y1)])
}

/// Tells whether pairs are the same to the last bit, in one test.
#[inline]
fn same<const N: usize>(pairs: [(f64, f64); N]) -> bool {
    pairs.map(|(a, b)| a.to_bits() ^ b.to_bits()).into_iter().fold(0, |all, one| all | one) == 0
}
