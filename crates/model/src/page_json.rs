//! A page in JSON: each glyph with all that it shares with others, as a reader of the file wants it.

use crate::{FontId, FontInfo, Glyph, GlyphStyle, Hidden, Image, Page, Paint, PathObject, Point, Rect, TextSource, Vector, WritingMode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;
use std::borrow::Cow;
use std::sync::Arc;

/// The fields of a page in their order.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Page")]
struct PageFields<G, P, I, F> {
    number: u32,
    width: f64,
    height: f64,
    rotate: u16,
    glyphs: G,
    paths: P,
    images: I,
    fonts: F,
}

/// A glyph and its style in one.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Glyph")]
struct WholeGlyph<'p> {
    text: Cow<'p, SmolStr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Cow<'p, SmolStr>>,
    source: TextSource,
    code: u32,
    cid: u32,
    font: FontId,
    size: f64,
    origin: Point,
    advance: Vector,
    up: Vector,
    ascent: f32,
    descent: f32,
    mode: WritingMode,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<Hidden>,
    render_mode: u8,
    fill: Paint,
    clip: Rect,
    seq: u32,
    show: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    mcid: Option<u32>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    artifact: bool,
}

impl<'p> WholeGlyph<'p> {
    fn new(glyph: &'p Glyph, style: &GlyphStyle) -> WholeGlyph<'p> {
        let &Glyph { ref text, ref raw, origin, advance, style: _, code, cid, seq, show, source, hidden } = glyph;
        let &GlyphStyle { font, size, up, ascent, descent, mode, render_mode, fill, clip, mcid, artifact } = style;
        let (text, raw) = (Cow::Borrowed(text), raw.as_deref().map(Cow::Borrowed));
        WholeGlyph {
            text,
            raw,
            source,
            code,
            cid,
            font,
            size,
            origin,
            advance,
            up,
            ascent,
            descent,
            mode,
            hidden,
            render_mode,
            fill,
            clip,
            seq,
            show,
            mcid,
            artifact,
        }
    }
    /// Adds the glyph to a page.
    fn push_to(self, page: &mut Page) {
        let WholeGlyph { font, size, up, ascent, descent, mode, render_mode, fill, clip, mcid, artifact, .. } = self;
        let style = page.push_style(GlyphStyle { font, size, up, ascent, descent, mode, render_mode, fill, clip, mcid, artifact });
        let WholeGlyph { text, raw, origin, advance, code, cid, seq, show, source, hidden, .. } = self;
        let (text, raw) = (text.into_owned(), raw.map(|raw| Box::new(raw.into_owned())));
        page.glyphs.push(Glyph { text, raw, origin, advance, style, code, cid, seq, show, source, hidden });
    }
}

/// The glyphs of a page as a list.
struct Glyphs<'p>(&'p Page);

impl Serialize for Glyphs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.glyphs.iter().map(|g| WholeGlyph::new(g, self.0.style(g))))
    }
}

impl Serialize for Page {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Page { number, width, height, rotate, paths, images, fonts, .. } = self;
        let (number, width, height, rotate) = (*number, *width, *height, *rotate);
        PageFields { number, width, height, rotate, glyphs: Glyphs(self), paths, images, fonts }.serialize(serializer)
    }
}

type OwnedFields = PageFields<Vec<WholeGlyph<'static>>, Vec<PathObject>, Vec<Image>, Vec<Arc<FontInfo>>>;

impl<'de> Deserialize<'de> for Page {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Page, D::Error> {
        let PageFields { number, width, height, rotate, glyphs, paths, images, fonts } = OwnedFields::deserialize(deserializer)?;
        let mut page = Page { number, width, height, rotate, paths, images, fonts, ..Page::default() };
        glyphs.into_iter().for_each(|glyph| glyph.push_to(&mut page));
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StyleId;

    /// What a glyph of a page is in JSON since the first release of `jisseki extract --format json`.
    const WHOLE: &str = r#"{"text":"一","raw":"⼀","source":"to_unicode","code":1,"cid":2,"font":0,"size":9.0,"origin":{"x":1.0,"y":2.0},"advance":{"x":9.0,"y":0.0},"up":{"x":-0.0,"y":-9.0},"ascent":0.88,"descent":-0.12,"mode":"horizontal","hidden":"clipped","render_mode":0,"fill":{"color":{"r":0.0,"g":0.0,"b":0.0},"alpha":1.0},"clip":[0.0,0.0,50.0,50.0],"seq":3,"show":4,"mcid":5,"artifact":true}"#;

    fn page_of(glyphs: Vec<Glyph>, styles: Vec<GlyphStyle>) -> Page {
        Page { number: 1, width: 50.0, height: 50.0, glyphs, styles, ..Page::default() }
    }

    #[test]
    fn each_glyph_is_whole_in_json_and_comes_back() {
        let glyph = Glyph {
            text: SmolStr::new_static("一"),
            raw: Some(Box::new(SmolStr::new_static("⼀"))),
            origin: Point { x: 1.0, y: 2.0 },
            advance: Vector { x: 9.0, y: 0.0 },
            style: StyleId(1),
            code: 1,
            cid: 2,
            seq: 3,
            show: 4,
            source: TextSource::ToUnicode,
            hidden: Some(Hidden::Clipped),
        };
        let plain = Glyph { raw: None, hidden: None, style: StyleId(0), ..glyph.clone() };
        let upright =
            GlyphStyle { size: 9.0, up: Vector { x: 0.0, y: -9.0 }, clip: Rect::new(0.0, 0.0, 50.0, 50.0), ..GlyphStyle::UNKNOWN };
        // Zero and minus zero are told apart.
        let tagged = GlyphStyle { up: Vector { x: -0.0, y: -9.0 }, mcid: Some(5), artifact: true, ..upright };
        let page = page_of(vec![plain, glyph.clone(), glyph], vec![upright, tagged]);
        let json = serde_json::to_string(&page).unwrap();
        assert_eq!(json.matches(WHOLE).count(), 2, "{json}");
        assert!(json.ends_with(r#"}],"paths":[],"images":[],"fonts":[]}"#), "{json}");
        assert!(json.starts_with(r#"{"number":1,"width":50.0,"height":50.0,"rotate":0,"glyphs":[{"text":"一","source":"#), "{json}");
        let back: Page = serde_json::from_str(&json).unwrap();
        assert_eq!(back, page);
        assert_eq!(serde_json::to_string(&back).unwrap(), json);
    }
}
