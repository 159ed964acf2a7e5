//! One page as it was drawn: glyphs, paths and images in paint order, with Unicode text and provenance.

use crate::{Place, Point, Rect, Vector};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A page in page space. Glyph and path ids are their positions in these lists.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Page {
    /// Page number, from 1.
    pub number: u32,
    /// Width in points after rotation and `UserUnit`.
    pub width: f64,
    /// Height in points after rotation and `UserUnit`.
    pub height: f64,
    /// `/Rotate` as applied: 0, 90, 180 or 270.
    pub rotate: u16,
    /// Every glyph shown, hidden ones too, in paint order.
    pub glyphs: Vec<Glyph>,
    /// Every path painted, in paint order.
    pub paths: Vec<PathObject>,
    /// Every image painted, in paint order.
    pub images: Vec<Image>,
    /// The fonts that the glyphs name by [`FontId`].
    pub fonts: Vec<std::sync::Arc<FontInfo>>,
}

impl Page {
    /// Returns the place of a box on this page.
    pub fn place(&self, bbox: Rect) -> Place {
        Place { page: self.number, bbox }
    }
}

/// Position of a font in [`Page::fonts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct FontId(pub u16);

/// One shown glyph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Glyph {
    /// The text as read: one or more code points; empty only for a glyph whose text an earlier glyph of the same `ActualText` run carries;
    /// U+FFFD when no text can be known.
    pub text: SmolStr,
    /// The text before a radical or a presentation form was replaced by its ordinary character, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<SmolStr>,
    /// How the text was found.
    pub source: TextSource,
    /// The character code in the content stream.
    pub code: u32,
    /// The CID of a composite font, else the code.
    pub cid: u32,
    /// The font.
    pub font: FontId,
    /// Em size in points on the page (the vertical scale of the text rendering matrix).
    pub size: f64,
    /// Where the glyph's origin lies: on the baseline for horizontal writing, top center for vertical writing.
    pub origin: Point,
    /// From this origin to the next glyph's, without character and word spacing.
    pub advance: Vector,
    /// The em's upward direction in page space, one em long: `(0, -size)` for upright text.
    pub up: Vector,
    /// Highest and lowest ink of the font's box in ems above the baseline (for example 0.88 and −0.12).
    pub ascent: f32,
    /// See [`Glyph::ascent`]; negative below the baseline.
    pub descent: f32,
    /// Horizontal or vertical writing.
    pub mode: WritingMode,
    /// Why a reader of the page can't see it, as far as the graphics state alone tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Hidden>,
    /// Text rendering mode 0–7 (ISO 32000-2 Table 104).
    pub render_mode: u8,
    /// The fill color (the stroke color in render mode 1).
    pub fill: Paint,
    /// The clip's bounding box.
    pub clip: Rect,
    /// Paint order over all objects of the page.
    pub seq: u32,
    /// Which text-showing operator drew it: glyphs of one `Tj`/`TJ` share the number.
    pub show: u32,
    /// Marked-content identifier, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mcid: Option<u32>,
    /// Inside marked content tagged `Artifact`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub artifact: bool,
}

impl Glyph {
    /// Returns the four corners of the glyph's advance box (never its ink): start, end on the lower side, end, start on the upper side.
    ///
    /// Horizontal: advance × [descent, ascent]. Vertical: one em across, centered on the origin, along the advance.
    pub fn quad(&self) -> [Point; 4] {
        match self.mode {
            WritingMode::Horizontal => {
                let low = self.origin + self.up * f64::from(self.descent);
                let high = self.origin + self.up * f64::from(self.ascent);
                [low, low + self.advance, high + self.advance, high]
            }
            WritingMode::Vertical => {
                // Across = the em's rightward direction: `up` turned clockwise by 90° in page space.
                let across = Vector { x: -self.up.y, y: self.up.x };
                let left = self.origin + across * -0.5;
                let right = self.origin + across * 0.5;
                [left, left + self.advance, right + self.advance, right]
            }
        }
    }
    /// Returns the bounding box of [`Glyph::quad`].
    pub fn bbox(&self) -> Rect {
        Rect::of_points(self.quad())
    }
    /// Tells whether the glyph is white space (U+3000 and no-break spaces too) or carries no text.
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
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

/// A color as red, green, blue in 0..=1, as far as paint matters for reading.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Color {
    pub r: f32,
    pub g: f32,
    pub b: f32,
}

impl Color {
    #[allow(missing_docs)]
    pub const BLACK: Color = Color { r: 0.0, g: 0.0, b: 0.0 };
    #[allow(missing_docs)]
    pub const WHITE: Color = Color { r: 1.0, g: 1.0, b: 1.0 };
}

/// What something is painted with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Paint {
    /// The color; a mid gray stands for a pattern or shading.
    pub color: Color,
    /// Opacity 0..=1.
    pub alpha: f32,
}

/// A piece of a path in page space.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Segment {
    Move(Point),
    Line(Point),
    /// A cubic Bézier: two control points and the end.
    Curve(Point, Point, Point),
    Close,
}

/// A painted path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PathObject {
    /// The outline. A `re` is `Move Line Line Line Close`.
    pub segments: Vec<Segment>,
    /// Fill, where it is filled.
    pub fill: Option<Paint>,
    /// Stroke, where it is stroked.
    pub stroke: Option<Paint>,
    /// Stroke width in points on the page; 0 is the thinnest line a device draws.
    pub line_width: f64,
    /// The dash pattern.
    pub dash: Dash,
    /// The clip's bounding box.
    pub clip: Rect,
    /// Paint order over all objects of the page.
    pub seq: u32,
    /// Why it can't be seen, as far as the graphics state alone tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Hidden>,
}

impl PathObject {
    /// Returns the bounding box of all points, control points included.
    pub fn bbox(&self) -> Rect {
        self.segments.iter().fold(Rect::EMPTY, |b, s| match *s {
            Segment::Move(p) | Segment::Line(p) => b.with(p),
            Segment::Curve(p, q, r) => b.with(p).with(q).with(r),
            Segment::Close => b,
        })
    }
}

/// A dash pattern in points on the page; empty = solid.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Dash {
    pub lengths: Vec<f32>,
    pub phase: f32,
}

/// A painted image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// The unit square's corners on the page.
    pub quad: [Point; 4],
    /// The clip's bounding box.
    pub clip: Rect,
    /// Paint order over all objects of the page.
    pub seq: u32,
    /// Lets show what lies below: a stencil mask, an image with a mask or a soft mask, or one painted transparently.
    pub mask: bool,
    /// Why it can't be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Hidden>,
}

/// What is known of a font.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FontInfo {
    /// `BaseFont` without its subset tag, decoded to text.
    pub name: String,
    /// `Type0/CIDFontType2`, `TrueType`, `Type3`, ….
    pub subtype: String,
    /// How codes are read.
    pub encoding: FontEncoding,
    /// A font program is embedded.
    pub embedded: bool,
    /// `ToUnicode` is there and of use.
    pub to_unicode: bool,
    /// Vertical writing.
    pub vertical: bool,
    /// `Registry-Ordering`, for composite fonts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// Bold by name or flag.
    pub bold: bool,
}

/// The name of a font's encoding as the file gives it (`90ms-RKSJ-H`, `Identity-H`, `WinAnsiEncoding`, `embedded CMap`, …).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FontEncoding(pub String);
