//! Fonts: character codes of a shown string → text, how it was found, and metrics (ISO 32000-2 §9.5–9.10).
//!
//! Goes in: a font dictionary. Comes out: [`Font`], built once a document and read by many threads.
//!
//! *Invariant:* loading never fails; what can't be known is U+FFFD with [`TextSource::None`], never a guess by code value.
//! *Invariant:* decoding a string allocates nothing after the first sight of a code.

mod cmap;
mod codes;
mod widths;

pub use codes::{CodeInfo, Vertical};

use crate::object::{Dict, Object, Objects};
use cmap::CMap;
use codes::CodeTable;
use jisseki_model::{FontEncoding, FontInfo, TextSource, Warning, WritingMode};
use smol_str::SmolStr;
use std::sync::Arc;
use widths::Widths;

/// A font, ready to decode strings. Shared read-only between threads.
#[derive(Debug)]
pub struct Font {
    info: Arc<FontInfo>,
    composite: bool,
    to_unicode: Option<CMap>,
    widths: Widths,
    ascent: f32,
    descent: f32,
    type3: Option<Type3>,
    codes: CodeTable,
}

/// What a Type 3 font's glyphs are drawn with.
#[derive(Debug, Clone, PartialEq)]
pub struct Type3 {
    /// `/FontMatrix`: glyph space to text space.
    pub matrix: [f64; 6],
    /// `/CharProcs` stream by code.
    pub procs: Vec<(u32, Object)>,
    /// `/Resources` of the procedures.
    pub resources: Option<Dict>,
}

impl Font {
    /// Returns the font of a font dictionary. Never fails.
    pub fn load(objects: &Objects<'_>, dict: &Dict, warnings: &mut Vec<Warning>) -> Font {
        let _ = warnings;
        let subtype = objects.get(dict, b"Subtype").as_name().unwrap_or_default().to_vec();
        let composite = subtype == b"Type0";
        let descendant = descendant(objects, dict);
        let inner = descendant.as_ref().unwrap_or(dict);
        let to_unicode = objects.get(dict, b"ToUnicode").as_stream().map(|s| CMap::load(objects, s));
        let name = objects.get(dict, b"BaseFont").as_name().map(|n| String::from_utf8_lossy(n).into_owned()).unwrap_or_default();
        let descriptor = objects.get_dict(inner, b"FontDescriptor").unwrap_or_default();
        let number = |key: &[u8]| objects.get(&descriptor, key).as_f64().filter(|v| v.abs() < 3000.0).map(|v| v as f32 / 1000.0);
        let info = FontInfo {
            name: name.split_once('+').map_or(name.clone(), |(_, rest)| rest.to_owned()),
            subtype: String::from_utf8_lossy(&subtype).into_owned(),
            encoding: FontEncoding(
                objects.get(dict, b"Encoding").as_name().map(|n| String::from_utf8_lossy(n).into_owned()).unwrap_or_default(),
            ),
            embedded: [&b"FontFile"[..], b"FontFile2", b"FontFile3"].iter().any(|k| descriptor.get(k).is_some()),
            to_unicode: to_unicode.is_some(),
            vertical: objects.get(dict, b"Encoding").as_name().is_some_and(|n| n.ends_with(b"-V")),
            ..FontInfo::default()
        };
        Font {
            info: Arc::new(info),
            composite,
            to_unicode,
            widths: Widths::load(objects, inner, composite),
            ascent: number(b"Ascent").filter(|a| *a > 0.0).unwrap_or(0.88),
            descent: number(b"Descent").filter(|d| *d < 0.0).unwrap_or(-0.12),
            type3: (subtype == b"Type3").then(|| type3(objects, dict)),
            codes: CodeTable::default(),
        }
    }
    /// Returns what is known of the font.
    pub fn info(&self) -> &Arc<FontInfo> {
        &self.info
    }
    /// Returns the writing mode.
    pub fn mode(&self) -> WritingMode {
        if self.info.vertical { WritingMode::Vertical } else { WritingMode::Horizontal }
    }
    /// Returns the font box's upper edge in ems above the baseline.
    pub fn ascent(&self) -> f32 {
        self.ascent
    }
    /// Returns the font box's lower edge in ems above the baseline (negative).
    pub fn descent(&self) -> f32 {
        self.descent
    }
    /// Returns the procedures of a Type 3 font.
    pub fn type3(&self) -> Option<&Type3> {
        self.type3.as_ref()
    }
    /// Calls `each` for every character code of a shown string, in order. Bytes that are no code are passed over one at a time.
    pub fn decode(&self, bytes: &[u8], mut each: impl FnMut(&CodeInfo)) {
        let mut rest = bytes;
        while let Some((&first, after)) = rest.split_first() {
            let (code, code_len) = match (self.composite, after.split_first()) {
                (true, Some((&second, after))) => {
                    rest = after;
                    (u32::from(first) << 8 | u32::from(second), 2)
                }
                _ => {
                    rest = after;
                    (u32::from(first), 1)
                }
            };
            self.codes.with(code, || self.info_of(code, code_len), &mut each);
        }
    }
    fn info_of(&self, code: u32, code_len: u8) -> CodeInfo {
        let text = self.to_unicode.as_ref().and_then(|m| m.text(code));
        let source = if text.is_some() { TextSource::ToUnicode } else { TextSource::None };
        let text = text.unwrap_or_else(|| SmolStr::new_static("\u{FFFD}"));
        CodeInfo { code, code_len, cid: code, text, raw: None, source, width: self.widths.of(code), vertical: Vertical::default() }
    }
}

fn descendant(objects: &Objects<'_>, dict: &Dict) -> Option<Dict> {
    let array = objects.get(dict, b"DescendantFonts");
    objects.resolve(array.as_array()?.first()?).as_dict().cloned()
}

fn type3(objects: &Objects<'_>, dict: &Dict) -> Type3 {
    let procs = objects.get_dict(dict, b"CharProcs").unwrap_or_default();
    let encoding = objects.get_dict(dict, b"Encoding").unwrap_or_default();
    let differences = objects.get(&encoding, b"Differences");
    let mut code = 0u32;
    let mut by_code = Vec::new();
    for item in differences.as_array().unwrap_or_default().iter().take(1024) {
        match objects.resolve(item) {
            Object::Int(n) => code = u32::try_from(n).unwrap_or(0),
            Object::Name(n) => {
                by_code.extend(procs.get(n.as_bytes()).map(|p| (code, p.clone())));
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    let matrix = objects.get_numbers(dict, b"FontMatrix").unwrap_or([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
    Type3 { matrix, procs: by_code, resources: objects.get_dict(dict, b"Resources") }
}
