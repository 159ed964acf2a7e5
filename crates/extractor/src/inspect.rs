//! What a file is made of, and why its text reads as it does: the data of `jisseki inspect`.

use crate::document::Source;
use crate::object::Dict;
use crate::text_string::text_string;
use jisseki_model::{FontInfo, Glyph, Hidden, Page, PathObject, Rect, Segment, TextSource, Warning};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A document seen from outside.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// Version in the header, for example `1.7`.
    pub version: Option<String>,
    /// How many pages there are.
    pub page_count: usize,
    /// Cipher and its version, where the file is encrypted.
    pub encryption: Option<String>,
    /// The file is damaged or cut off; its objects were searched for.
    pub repaired: bool,
    /// The file says that it is tagged.
    pub tagged: bool,
    /// Entries of the information dictionary: `Title`, `Author`, `Producer`, `Creator`, `CreationDate`, `ModDate`.
    pub information: BTreeMap<String, String>,
    /// What the text layer is worth.
    pub text_layer: TextLayer,
    /// Why [`Inspection::text_layer`] says so, in one sentence.
    pub why: String,
    /// Fonts in the order of their first use.
    pub fonts: Vec<FontReport>,
    /// Pages in order.
    pub pages: Vec<PageReport>,
    /// Everything that was noticed.
    pub warnings: Vec<Warning>,
}

/// What the text layer of a document is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextLayer {
    /// Text that can be read.
    Text,
    /// Text whose characters are (mostly) unknown.
    Unreadable,
    /// Images with invisible text over them, as OCR programs leave it.
    Ocr,
    /// Images without text.
    Scan,
    /// Neither text nor images that fill a page.
    Empty,
}

/// A font and how the text of its glyphs was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FontReport {
    /// What is known of it.
    #[serde(flatten)]
    pub info: FontInfo,
    /// Page of its first glyph, from 1.
    pub first_page: u32,
    /// Glyphs shown in it.
    pub glyphs: usize,
    /// How many glyphs' text was found in which way.
    pub text_found: BTreeMap<TextSource, usize>,
}

/// One page, counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PageReport {
    /// Page number, from 1.
    pub page: u32,
    /// Width in points as seen.
    pub width: f64,
    /// Height in points as seen.
    pub height: f64,
    /// `/Rotate` as applied.
    pub rotate: u16,
    /// Glyphs that are not blank.
    pub glyphs: usize,
    /// Of these, hidden ones.
    pub hidden: usize,
    /// Of these, ones without Unicode text.
    pub unknown: usize,
    /// Painted paths.
    pub paths: usize,
    /// Of these, straight horizontal or vertical lines and thin bars: what tables are ruled with.
    pub rules: usize,
    /// Painted images.
    pub images: usize,
    /// Share of the page that its largest image covers.
    pub image_cover: f64,
}

/// An image of this share of the page and more makes it a scan.
const SCAN_COVER: f64 = 0.5;
/// Thicker bars are fills, not rules. Measured on ruled tables: 0.24 to 2.25 pt.
const MAX_RULE: f64 = 3.0;
/// A page with this share of unknown characters is not to be trusted (as for `text/unreadable`).
const UNKNOWN_SHARE: f64 = 0.10;

impl Source<'_> {
    /// Reads all pages and tells what they are made of. `opening` are the warnings of [`Source::open`].
    pub fn inspect(&self, opening: &[Warning]) -> Inspection {
        let mut warnings = opening.to_vec();
        let mut fonts: Vec<(Arc<FontInfo>, FontReport)> = Vec::new();
        let mut pages = Vec::new();
        for index in 0..self.page_count() {
            let page = self.page(index).drain_into(&mut warnings);
            count_fonts(&page, &mut fonts);
            pages.push(page_report(&page));
        }
        warnings.extend(self.font_warnings());
        let objects = &self.shared.objects;
        let catalog = objects.get_dict(objects.trailer(), b"Root").unwrap_or_default();
        let mark_info = objects.get_dict(&catalog, b"MarkInfo").unwrap_or_default();
        let (text_layer, why) = text_layer(&pages);
        Inspection {
            version: self.version.clone(),
            page_count: self.page_count(),
            encryption: self.encryption.clone(),
            repaired: self.repaired,
            tagged: objects.get(&mark_info, b"Marked") == crate::object::Object::Bool(true),
            information: self.information(),
            text_layer,
            why,
            fonts: fonts.into_iter().map(|f| f.1).collect(),
            pages,
            warnings,
        }
    }
    /// Returns the text entries of the information dictionary (ISO 32000-2 §14.3.3).
    pub fn information(&self) -> BTreeMap<String, String> {
        let objects = &self.shared.objects;
        let info: Dict = objects.get_dict(objects.trailer(), b"Info").unwrap_or_default();
        let keys = ["Title", "Author", "Subject", "Producer", "Creator", "CreationDate", "ModDate"];
        let entry = |key: &str| objects.get(&info, key.as_bytes()).as_str().map(text_string).filter(|t| !t.is_empty());
        keys.into_iter().filter_map(|key| Some((key.to_owned(), entry(key)?))).collect()
    }
}

fn count_fonts(page: &Page, fonts: &mut Vec<(Arc<FontInfo>, FontReport)>) {
    let mut at: Vec<Option<usize>> = vec![None; page.fonts.len()];
    for glyph in &page.glyphs {
        let id = usize::from(page.style(glyph).font.0);
        let (Some(info), Some(slot)) = (page.fonts.get(id), at.get_mut(id)) else { continue };
        let index = *slot.get_or_insert_with(|| {
            let known = fonts.iter().position(|f| Arc::ptr_eq(&f.0, info));
            known.unwrap_or_else(|| {
                let report = FontReport { info: (**info).clone(), first_page: page.number, glyphs: 0, text_found: BTreeMap::new() };
                fonts.push((Arc::clone(info), report));
                fonts.len() - 1
            })
        });
        if let Some((_, report)) = fonts.get_mut(index) {
            report.glyphs += 1;
            *report.text_found.entry(glyph.source).or_default() += 1;
        }
    }
}

fn page_report(page: &Page) -> PageReport {
    let inked = || page.glyphs.iter().filter(|g| !g.is_blank());
    let area = (page.width * page.height).max(1.0);
    let sheet = Rect { x0: 0.0, y0: 0.0, x1: page.width, y1: page.height };
    let covers = page.images.iter().map(|i| {
        let seen = Rect::of_points(i.quad).intersection(i.clip).intersection(sheet);
        seen.width().max(0.0) * seen.height().max(0.0) / area
    });
    PageReport {
        page: page.number,
        width: page.width,
        height: page.height,
        rotate: page.rotate,
        glyphs: inked().count(),
        hidden: inked().filter(|g| g.hidden.is_some()).count(),
        unknown: inked().filter(|g: &&Glyph| g.source == TextSource::None).count(),
        paths: page.paths.len(),
        rules: page.paths.iter().filter(|p| is_rule(p)).count(),
        images: page.images.len(),
        image_cover: covers.fold(0.0, f64::max),
    }
}

/// Tells whether a path is a straight line or a thin bar along an axis, or a stroked rectangle.
fn is_rule(path: &PathObject) -> bool {
    if path.hidden.is_some_and(|h| h != Hidden::Clipped) || path.segments.iter().any(|s| matches!(s, Segment::Curve(..))) {
        return false;
    }
    let bbox = path.bbox();
    let thin = bbox.width().min(bbox.height()) <= MAX_RULE && bbox.width().max(bbox.height()) > MAX_RULE;
    thin || path.stroke.is_some() && path.segments.len() == 5
}

fn text_layer(pages: &[PageReport]) -> (TextLayer, String) {
    let sum = |f: fn(&PageReport) -> usize| pages.iter().map(f).sum::<usize>();
    let (glyphs, hidden, unknown) = (sum(|p| p.glyphs), sum(|p| p.hidden), sum(|p| p.unknown));
    let scans = pages.iter().filter(|p| p.image_cover >= SCAN_COVER).count();
    let n = pages.len();
    if glyphs == 0 && scans == 0 {
        return (TextLayer::Empty, format!("{n} pages hold neither text nor an image that fills half of one"));
    }
    if glyphs == 0 {
        return (TextLayer::Scan, format!("no glyph on {n} pages, and images fill {scans} of them: OCR is needed"));
    }
    if unknown as f64 > UNKNOWN_SHARE * glyphs as f64 {
        return (TextLayer::Unreadable, format!("{unknown} of {glyphs} glyphs have no Unicode text: their fonts give none"));
    }
    if hidden * 2 > glyphs && scans * 2 > n {
        return (TextLayer::Ocr, format!("{hidden} of {glyphs} glyphs are invisible, over images that fill {scans} of {n} pages"));
    }
    (TextLayer::Text, format!("{glyphs} glyphs on {n} pages, {unknown} of them without Unicode text"))
}
