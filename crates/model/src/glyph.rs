//! A shown glyph, and the style that it shares with its neighbors.

use crate::{Color, Paint, Point, Rect, Vector};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// Position of a font in [`crate::Page::fonts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct FontId(pub u16);

/// Position of a style in [`crate::Page::styles`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct StyleId(pub u32);

/// One shown glyph: what it has for itself. What it shares with those around it is its [`GlyphStyle`].
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// The text as read: one or more code points; empty only for a glyph whose text an earlier glyph of the same `ActualText` run carries;
    /// U+FFFD when no text can be known.
    pub text: SmolStr,
    /// The text before a radical or a presentation form was replaced by its ordinary character, where it was. Seldom there, hence the box.
    pub raw: Option<Box<SmolStr>>,
    /// Where the glyph's origin lies: on the baseline for horizontal writing, top center for vertical writing.
    pub origin: Point,
    /// From this origin to the next glyph's, without character and word spacing.
    pub advance: Vector,
    /// The style.
    pub style: StyleId,
    /// The character code in the content stream.
    pub code: u32,
    /// The CID of a composite font, else the code.
    pub cid: u32,
    /// Paint order over all objects of the page.
    pub seq: u32,
    /// Which text-showing operator drew it: glyphs of one `Tj`/`TJ` share the number.
    pub show: u32,
    /// How the text was found.
    pub source: TextSource,
    /// Why a reader of the page can't see it, as far as the graphics state alone tells.
    pub hidden: Option<Hidden>,
}

// A page has thousands of them, and memory touched is time.
const _: () = assert!(size_of::<Glyph>() <= 88);

impl Glyph {
    /// Tells whether the glyph is white space (U+3000 and no-break spaces too) or carries no text.
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// What all glyphs of one string have in common, and as a rule those of the strings around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GlyphStyle {
    /// The font.
    pub font: FontId,
    /// Em size in points on the page (the vertical scale of the text rendering matrix).
    pub size: f64,
    /// The em's upward direction in page space, one em long: `(0, -size)` for upright text.
    pub up: Vector,
    /// Highest and lowest ink of the font's box in ems above the baseline (for example 0.88 and −0.12).
    pub ascent: f32,
    /// See [`GlyphStyle::ascent`]; negative below the baseline.
    pub descent: f32,
    /// Horizontal or vertical writing.
    pub mode: WritingMode,
    /// Text rendering mode 0–7 (ISO 32000-2 Table 104).
    pub render_mode: u8,
    /// The fill color (the stroke color in render mode 1).
    pub fill: Paint,
    /// The clip's bounding box.
    pub clip: Rect,
    /// Marked-content identifier, where there is one.
    pub mcid: Option<u32>,
    /// Inside marked content tagged `Artifact`.
    pub artifact: bool,
}

impl GlyphStyle {
    /// The style of a glyph that names none of its page: black, of no size, nowhere clipped.
    pub const UNKNOWN: GlyphStyle = GlyphStyle {
        font: FontId(0),
        size: 0.0,
        up: Vector { x: 0.0, y: 0.0 },
        ascent: 0.88,
        descent: -0.12,
        mode: WritingMode::Horizontal,
        render_mode: 0,
        fill: Paint { color: Color::BLACK, alpha: 1.0 },
        clip: Rect { x0: f64::MIN, y0: f64::MIN, x1: f64::MAX, y1: f64::MAX },
        mcid: None,
        artifact: false,
    };

    /// Returns the four corners of a glyph's advance box (never its ink): start, end on the lower side, end, start on the upper side.
    ///
    /// Horizontal: advance × [descent, ascent]. Vertical: one em across, centered on the origin, along the advance.
    pub fn quad(&self, glyph: &Glyph) -> [Point; 4] {
        match self.mode {
            WritingMode::Horizontal => {
                let low = glyph.origin + self.up * f64::from(self.descent);
                let high = glyph.origin + self.up * f64::from(self.ascent);
                [low, low + glyph.advance, high + glyph.advance, high]
            }
            WritingMode::Vertical => {
                // Across = the em's rightward direction: `up` turned clockwise by 90° in page space.
                let across = Vector { x: -self.up.y, y: self.up.x };
                let left = glyph.origin + across * -0.5;
                let right = glyph.origin + across * 0.5;
                [left, left + glyph.advance, right + glyph.advance, right]
            }
        }
    }
    /// Tells whether another style is this one to the last bit: −0 is not 0, for JSON tells them apart.
    #[inline]
    pub(crate) fn is_same(&self, other: &GlyphStyle) -> bool {
        let (a, b) = (self, other);
        let long = |a: f64, b: f64| a.to_bits() ^ b.to_bits();
        let short = |a: f32, b: f32| a.to_bits() ^ b.to_bits();
        let (c, d) = (a.fill.color, b.fill.color);
        let placed = long(a.size, b.size) | long(a.up.x, b.up.x) | long(a.up.y, b.up.y);
        let clipped = long(a.clip.x0, b.clip.x0) | long(a.clip.y0, b.clip.y0) | long(a.clip.x1, b.clip.x1) | long(a.clip.y1, b.clip.y1);
        let painted = short(c.r, d.r) | short(c.g, d.g) | short(c.b, d.b) | short(a.fill.alpha, b.fill.alpha);
        let boxed = short(a.ascent, b.ascent) | short(a.descent, b.descent);
        let rest = |s: &GlyphStyle| (s.font, s.mode, s.render_mode, s.mcid, s.artifact);
        (placed | clipped) == 0 && (painted | boxed) == 0 && rest(a) == rest(b)
    }
}

/// Writing direction of a font (ISO 32000-2 §9.7.4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum WritingMode {
    #[default]
    Horizontal,
    Vertical,
}

/// How a glyph's text was found, in the order in which the ways are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSource {
    /// `ActualText` of the marked content.
    ActualText,
    /// The font's `ToUnicode` CMap.
    ToUnicode,
    /// The author's own encoding: a predefined CMap decoded by its codec.
    Codec,
    /// CID by its character collection (Adobe-Japan1-UCS2 and kin).
    Collection,
    /// The embedded font program's `cmap`, reversed.
    FontCmap,
    /// A glyph name (encoding, `Differences`, `post`, CFF charset).
    GlyphName,
    /// A font whose glyph ids are known by its name.
    KnownFont,
    /// Not found: the text is U+FFFD.
    None,
}

/// Why a glyph can't be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hidden {
    /// Text rendering mode 3 or 7.
    RenderMode,
    /// Alpha 0.
    Transparent,
    /// Outside the clip or the page.
    Clipped,
    /// Optional content that is off.
    OptionalContent,
    /// The same color as what lies below.
    SameColor,
    /// A later fill or image covers it.
    Occluded,
}
