//! Stretches of upright text that differ in nothing but the text and its place on the line: most questions are asked once a strip.

use crate::LayoutParams;
use crate::frame::{Mark, runs_level};
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
    /// Takes in what goes on in it.
    pub(crate) fn join(&mut self, other: &Strip) {
        self.to = other.to;
        self.n_inked += other.n_inked;
        self.crowded |= other.crowded;
    }
    pub(crate) fn range(&self) -> std::ops::Range<usize> {
        self.from as usize..self.to as usize
    }
}

/// Tells whether a glyph goes on in the strip of the one before it.
pub(crate) fn is_joined((last, before): (&Mark, &Glyph), (m, g): (&Mark, &Glyph), page: &Page, params: &LayoutParams) -> bool {
    m.plain && follows(last, m, params) && is_alike((last, before), (m, g), page)
}

/// Returns how many glyphs after a plain one have its style and go on in its strip ([`is_joined`] for many at once), and whether some of them
/// are crowded.
pub(crate) fn n_beside(m: &Mark, g: &Glyph, after: &[Glyph], params: &LayoutParams) -> (usize, bool) {
    let (wide, back, near) = (params.run_gap * m.em, -0.5 * m.em, params.duplicate_run * m.em);
    let (v, hidden, style) = (m.v.to_bits(), g.hidden, g.style);
    let (mut u0, mut u1, mut seq) = (m.u0, m.u1, g.seq);
    let mut crowded = false;
    let goes_on = |g: &&Glyph| {
        let (from, to) = (g.origin.x, g.origin.x + g.advance.x);
        let gap = from - u1;
        let beside = g.origin.y.to_bits() == v && runs_level(g) && to >= from && from >= u0 && to >= u1 && gap <= wide && gap >= back;
        let goes_on = beside && g.style == style && g.seq >= seq && g.hidden == hidden;
        if goes_on {
            crowded |= from - u0 <= near;
            (u0, u1, seq) = (from, to, g.seq);
        }
        goes_on
    };
    let n = after.iter().take_while(goes_on).count();
    (n, crowded)
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
    let as_high = || same([(m.em, last.em), (m.sides.0, last.sides.0), (m.sides.1, last.sides.1)]);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Link, Placed};
    use jisseki_model::{Hidden, Point, TextSource, Vector};
    use proptest::prelude::*;

    /// Small steps between few heights, styles and texts: strips go on, end, and go on again.
    fn any_page() -> impl Strategy<Value = Page> {
        let text = prop_oneof![4 => Just("字"), 2 => Just("a"), 1 => Just(" "), 1 => Just("\u{FFFD}"), 1 => Just("")];
        let step = prop_oneof![6 => Just(10.0), 1 => Just(0.1), 1 => Just(11.5), 1 => Just(5.0), 1 => Just(60.0), 1 => Just(-30.0)];
        let place = (step, prop_oneof![8 => Just(0.0), 1 => Just(1.0)], prop_oneof![8 => Just(10.0), 1 => Just(-10.0), 1 => Just(0.0)]);
        let rest = (0u32..4, prop_oneof![8 => Just(None), 1 => Just(Some(Hidden::Clipped))], prop_oneof![8 => Just(1u32), 1 => Just(0)]);
        proptest::collection::vec((text, place, rest), 0..40).prop_map(|all| {
            let plain = GlyphStyle { size: 10.0, up: Vector { x: 0.0, y: -10.0 }, ..GlyphStyle::UNKNOWN };
            let styles = vec![plain, plain, GlyphStyle { ascent: 0.8, ..plain }, GlyphStyle { size: 0.0, ..plain }];
            let mut page = Page { styles, ..Page::default() };
            let (mut x, mut seq) = (0.0, 5);
            for (text, (step, y, advance), (style, hidden, later)) in all {
                x += step;
                seq = if later == 0 { 3 } else { seq + later };
                page.glyphs.push(Glyph {
                    text: text.into(),
                    raw: None,
                    origin: Point { x, y },
                    advance: Vector { x: advance, y: 0.0 },
                    style: jisseki_model::StyleId(style),
                    code: 0,
                    cid: 0,
                    seq,
                    show: 0,
                    source: TextSource::ToUnicode,
                    hidden,
                });
            }
            page
        })
    }

    proptest! {
        #[test]
        fn strips_are_what_pairs_of_glyphs_say(page in any_page()) {
            let params = LayoutParams::standard();
            let placed = Placed::new(&page, &params);
            let both: Vec<(&Mark, &Glyph)> = placed.marks.iter().zip(&page.glyphs).collect();
            let mut begins = vec![];
            for (i, &(m, g)) in both.iter().enumerate() {
                prop_assert_eq!((m.id as usize, m.blank, m.bbox()), (i, g.is_blank(), page.bbox(g)));
                let last = i.checked_sub(1).and_then(|k| both.get(k)).copied().filter(|&last| is_joined(last, (m, g), &page, &params));
                let link = last.map_or(Link::Apart, |(l, _)| {
                    if l.blank || m.blank || m.u0 - l.u1 > 0.1 * m.em { Link::Joined } else { Link::Solid }
                });
                prop_assert_eq!(m.link, link);
                begins.extend(Some(i).filter(|_| link == Link::Apart));
            }
            let ends = begins.iter().copied().skip(1).chain([both.len()]);
            for ((strip, from), to) in placed.strips.iter().zip(&begins).zip(ends) {
                prop_assert_eq!(strip.range(), *from..to);
                let own = placed.marks.get(strip.range()).unwrap_or_default();
                let near = own.windows(2).any(|w| matches!(w, [l, m] if m.u0 - l.u0 <= params.duplicate_run * m.em));
                prop_assert_eq!((strip.n_inked as usize, strip.crowded), (own.iter().filter(|m| !m.blank).count(), near));
            }
            prop_assert_eq!(placed.strips.len(), begins.len());
            prop_assert_eq!(placed.n_unreadable, page.glyphs.iter().filter(|g| g.text.contains('\u{FFFD}')).count());
        }
    }
}
