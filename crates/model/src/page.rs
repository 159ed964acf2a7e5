//! One page as it was drawn: glyphs, paths and images in paint order, with Unicode text and provenance.

use crate::{Glyph, GlyphStyle, Hidden, Place, Point, Rect, StyleId};
use serde::{Deserialize, Serialize};

/// A page in page space. Glyph and path ids are their positions in these lists.
///
/// In JSON each glyph has the fields of its style, too (`page_json.rs`).
#[derive(Debug, Clone, PartialEq, Default)]
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
    /// The styles that the glyphs name by [`StyleId`].
    pub styles: Vec<GlyphStyle>,
    /// Every path painted, in paint order.
    pub paths: Vec<PathObject>,
    /// Every image painted, in paint order.
    pub images: Vec<Image>,
    /// The fonts that the styles name by [`crate::FontId`].
    pub fonts: Vec<std::sync::Arc<FontInfo>>,
}

impl Page {
    /// Returns the place of a box on this page.
    pub fn place(&self, bbox: Rect) -> Place {
        Place { page: self.number, bbox }
    }
    /// Returns the style of a glyph of this page.
    #[inline]
    pub fn style(&self, glyph: &Glyph) -> &GlyphStyle {
        self.styles.get(glyph.style.0 as usize).unwrap_or(&GlyphStyle::UNKNOWN)
    }
    /// Adds a style for the glyphs to come, unless it is the last one again.
    ///
    /// ```
    /// use jisseki_model::{GlyphStyle, Page};
    ///
    /// let (mut page, plain) = (Page::default(), GlyphStyle::UNKNOWN);
    /// assert_eq!(page.push_style(plain), page.push_style(plain));
    /// assert_ne!(page.push_style(plain), page.push_style(GlyphStyle { size: 9.0, ..plain }));
    /// ```
    #[inline]
    pub fn push_style(&mut self, style: GlyphStyle) -> StyleId {
        if self.styles.last().is_none_or(|last| !last.is_same(&style)) {
            self.styles.push(style);
        }
        StyleId(u32::try_from(self.styles.len() - 1).unwrap_or(u32::MAX))
    }
    /// Returns the glyphs in paint order, those of one style at a time.
    pub fn glyphs_by_style(&self) -> impl Iterator<Item = (&GlyphStyle, &[Glyph])> {
        let own = self.glyphs.chunk_by(|a, b| a.style == b.style);
        own.filter_map(|own| Some((self.style(own.first()?), own)))
    }
    /// Returns the corners of a glyph's advance box ([`GlyphStyle::quad`]).
    pub fn quad(&self, glyph: &Glyph) -> [Point; 4] {
        self.style(glyph).quad(glyph)
    }
    /// Returns the bounding box of [`Page::quad`].
    pub fn bbox(&self, glyph: &Glyph) -> Rect {
        Rect::of_points(self.quad(glyph))
    }
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
