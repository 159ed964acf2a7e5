//! What a reader of the page can't see.

use crate::areas::{Areas, Cover};
use crate::duplicates::mark_duplicates;
use crate::frame::{Mark, Placed};
use crate::strips::Strip;
use crate::{GlyphOwner, LayoutParams};
use jisseki_model::{Glyph, GlyphStyle, Hidden, Page, Point, Rect};

/// What [`page_to_visibility`] found.
pub(crate) struct Visibility {
    /// The owner of each glyph that is not to be read, hidden or a duplicate; the others are unassigned.
    pub(crate) owners: Vec<GlyphOwner>,
    /// No glyph has an owner yet.
    pub(crate) all_read: bool,
    /// The page is an image with a hidden text layer, which is read.
    pub(crate) ocr_layer: bool,
    /// An image covers most of the page.
    pub(crate) scanned: bool,
    /// Glyphs with ink that lie below an image and are read.
    pub(crate) below_images: usize,
}

/// How a glyph looks.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sight {
    Seen,
    /// An image was painted over it. It is read: a picture above text is most often one that shows the text, too (flattened transparency,
    /// scans), as on every such page of the corpus.
    BelowImage,
    Hidden(Hidden),
}

/// Finds the glyphs that can't be seen and those drawn twice (design: layout.md §2).
pub(crate) fn page_to_visibility(placed: &Placed<'_>, areas: &Areas, params: &LayoutParams) -> Visibility {
    let page = placed.page;
    let sheet = Rect::new(0.0, 0.0, page.width, page.height);
    let scanned = page.images.iter().filter(|i| i.hidden.is_none()).any(|i| {
        let b = Rect::of_points(i.quad).intersection(sheet);
        !b.is_empty() && b.width() * b.height() >= 0.8 * page.width * page.height
    });
    let mut sights: Vec<Sight> = Vec::new();
    if !placed.strips.iter().all(|s| is_plainly_seen(s, placed, areas, sheet, params)) {
        sights.reserve(page.glyphs.len());
        placed.strips.iter().for_each(|s| strip_to_sights(s, placed, areas, sheet, params, &mut sights));
    }
    if sights.iter().all(|s| *s == Sight::Seen) {
        let mut owners = vec![GlyphOwner::Unassigned; page.glyphs.len()];
        let all_read = !mark_duplicates(placed, &mut owners, params);
        return Visibility { owners, all_read, ocr_layer: false, scanned, below_images: 0 };
    }
    // An image over everything with a text layer that nobody sees: the layer is what an OCR program left.
    let layer = |s: &Sight| matches!(s, Sight::BelowImage | Sight::Hidden(Hidden::RenderMode | Hidden::Transparent));
    let inked = || placed.marks.iter().zip(&sights).filter(|(m, _)| !m.blank).map(|p| p.1);
    let n_layer = if scanned { inked().filter(|s| layer(s)).count() } else { 0 };
    let ocr_layer = n_layer > 0 && inked().filter(|s| **s == Sight::Seen).count() * 20 <= n_layer;
    let below_images = if ocr_layer { 0 } else { inked().filter(|s| **s == Sight::BelowImage).count() };
    if ocr_layer {
        sights.iter_mut().filter(|s| layer(s)).for_each(|s| *s = Sight::Seen);
    }
    see_outlined(page, placed, &mut sights);
    let owner = |s: Sight| if let Sight::Hidden(h) = s { GlyphOwner::Hidden(h) } else { GlyphOwner::Unassigned };
    let mut owners: Vec<GlyphOwner> = sights.into_iter().map(owner).collect();
    mark_duplicates(placed, &mut owners, params);
    Visibility { owners, all_read: false, ocr_layer, scanned, below_images }
}

/// Skia draws text whose font it can't embed, or that has an effect, as one outline and lays the same text over it, transparent: the text is seen.
fn see_outlined(page: &Page, placed: &Placed<'_>, sights: &mut [Sight]) {
    let mut outline: Option<Rect> = None;
    let mut before = None;
    for ((g, m), sight) in page.glyphs.iter().zip(&placed.marks).zip(sights) {
        if *sight != Sight::Hidden(Hidden::Transparent) {
            continue;
        }
        if before.is_none_or(|seq: u32| seq.checked_add(1) != Some(g.seq)) {
            outline = outline_before(page, g.seq);
        }
        before = Some(g.seq);
        if outline.is_some_and(|o| o.grown(page.style(g).size * OUTLINE_SLACK).contains(m.bbox().center())) {
            *sight = Sight::Seen;
        }
    }
}

/// How far (in ems) a glyph's center may lie beyond the box of its outline: a punctuation mark at the line's end.
const OUTLINE_SLACK: f64 = 0.5;
/// Segments of the simplest outline of a character, 一, are about as many; boxes and rules have five.
const OUTLINE_SEGMENTS: usize = 6;

/// The box of the path painted right before, where it is filled and no box or rule.
fn outline_before(page: &Page, seq: u32) -> Option<Rect> {
    let before = seq.checked_sub(1)?;
    let at = page.paths.binary_search_by_key(&before, |p| p.seq).ok()?;
    let path = page.paths.get(at)?;
    let drawn = path.hidden.is_none() && path.fill.is_some_and(|f| f.alpha > 0.0) && path.segments.len() >= OUTLINE_SEGMENTS;
    drawn.then(|| path.bbox())
}

/// Tells of most strips that all of their glyphs are seen: painted in a color of their own inside the clip, with no area above them.
fn is_plainly_seen(strip: &Strip, placed: &Placed<'_>, areas: &Areas, sheet: Rect, params: &LayoutParams) -> bool {
    let glyphs = placed.page.glyphs.get(strip.range()).unwrap_or_default();
    let marks = placed.marks.get(strip.range()).unwrap_or_default();
    let (Some(g), Some(first), Some(last)) = (glyphs.first(), marks.first(), marks.last()) else { return true };
    let style = placed.page.style(g);
    let centers = Rect::of_points([first.bbox().center(), last.bbox().center()]);
    hidden_by_paint(g, style).is_none()
        && !areas.any_like(style.fill.color, params.same_color)
        && style.clip.intersection(sheet).contains_rect(&centers, 0.0)
        && !areas.any_above(&centers, g.seq)
}

/// Adds how the glyphs of a strip look: alike, unless the edge of a clip runs through it or an area lies above or below.
fn strip_to_sights(strip: &Strip, placed: &Placed<'_>, areas: &Areas, sheet: Rect, params: &LayoutParams, out: &mut Vec<Sight>) {
    let glyphs = placed.page.glyphs.get(strip.range()).unwrap_or_default();
    let marks = placed.marks.get(strip.range()).unwrap_or_default();
    let Some(g) = glyphs.first() else { return };
    let style = placed.page.style(g);
    if is_plainly_seen(strip, placed, areas, sheet, params) {
        out.resize(out.len() + glyphs.len(), Sight::Seen);
        return;
    }
    if let Some(hidden) = hidden_by_paint(g, style) {
        out.resize(out.len() + glyphs.len(), Sight::Hidden(hidden));
        return;
    }
    let clip = style.clip.intersection(sheet);
    let may_vanish = areas.any_like(style.fill.color, params.same_color);
    let sight = |(g, m): (&Glyph, &Mark)| match m.bbox().center() {
        p if !clip.contains(p) => Sight::Hidden(Hidden::Clipped),
        p if may_vanish || areas.any_above(&Rect::of_points([p]), g.seq) => overlaid_to_sight(g.seq, style, &m.bbox(), areas, params),
        _ => Sight::Seen,
    };
    out.extend(glyphs.iter().zip(marks).map(sight));
}

/// What the graphics state alone tells.
fn hidden_by_paint(g: &Glyph, style: &GlyphStyle) -> Option<Hidden> {
    let by_mode = matches!(style.render_mode, 3 | 7).then_some(Hidden::RenderMode);
    g.hidden.or(by_mode).or((style.fill.alpha <= 0.0).then_some(Hidden::Transparent))
}

/// How a glyph looks below an area or on one that may be of its color.
fn overlaid_to_sight(seq: u32, style: &GlyphStyle, bbox: &Rect, areas: &Areas, params: &LayoutParams) -> Sight {
    let cover = areas.cover_above(&core_of(bbox), seq);
    if cover == Some(Cover::Fill) {
        return Sight::Hidden(Hidden::Occluded);
    }
    if style.render_mode != 2 && areas.swallow(style.fill.color, bbox.center(), seq, params.same_color) {
        return Sight::Hidden(Hidden::SameColor);
    }
    if cover.is_some() { Sight::BelowImage } else { Sight::Seen }
}

/// The middle and four points around it: fills are often a hair smaller than the advance boxes.
fn core_of(bbox: &Rect) -> [Point; 5] {
    let center = bbox.center();
    let (dx, dy) = (bbox.width() * 0.35, bbox.height() * 0.35);
    [(0.0, 0.0), (-dx, -dy), (dx, -dy), (-dx, dy), (dx, dy)].map(|(x, y)| Point { x: center.x + x, y: center.y + y })
}
