//! Fonts: character codes of a shown string → text, how it was found, and metrics (ISO 32000-2 §9.5–9.10).
//!
//! Goes in: a font dictionary. Comes out: [`Font`], built once a document and read by many threads.
//!
//! The chain, in the order in which its steps are asked (extraction.md): [`codec`] → [`to_unicode`] → [`collection`] → [`program`] with
//! [`encoding`]'s glyph names → [`known`] fonts → U+FFFD; then [`mod@fold`] replaces radicals and presentation forms.
//!
//! *Invariant:* loading never fails; what can't be known is U+FFFD with [`TextSource::None`], never a guess by code value.
//! *Invariant:* decoding a string allocates nothing after the first sight of a code (codes of three or four bytes aside).
//! *Invariant:* a font program is inflated only when a seen code needs it.
//!
//! [`TextSource::None`]: jisseki_model::TextSource::None

mod range_map;

mod cmap;
mod codec;
mod collection;
mod encoding;
mod fold;
mod known;
mod pictures;
mod program;
mod reverse;
mod to_unicode;

mod core14;
mod differences;
mod widths;

mod codes;
mod composite;
mod lazy;
mod load;
mod resolve;
mod simple;

#[doc(hidden)]
pub mod fuzzing;

pub use codes::CodeInfo;
pub(crate) use fold::fold;
pub use fold::fold_middle_dots;
pub(crate) use resolve::{is_in_script, is_usual};
pub(crate) use widths::DEFAULT_VERTICAL;

use crate::object::{Dict, Object, Objects};
use codes::CodeTable;
use composite::Composite;
use jisseki_model::{FontInfo, Warning, WritingMode};
use load::Descriptor;
use simple::Simple;
use std::sync::Arc;

/// A font, ready to decode strings. Shared read-only between threads.
#[derive(Debug)]
pub struct Font {
    info: Arc<FontInfo>,
    kind: Kind,
    ascent: f32,
    descent: f32,
    type3: Option<Type3>,
    codes: CodeTable,
}

#[derive(Debug)]
enum Kind {
    Simple(Box<Simple>),
    Composite(Box<Composite>),
}

/// What a Type 3 font's glyphs are drawn with.
#[derive(Debug, Clone, PartialEq)]
pub struct Type3 {
    /// `/FontMatrix`: glyph space to text space.
    pub matrix: [f64; 6],
    /// `/CharProcs`: streams by glyph name.
    procs: Dict,
    /// `/Resources` of the procedures.
    pub resources: Option<Dict>,
}

impl Type3 {
    fn load(objects: &Objects<'_>, dict: &Dict) -> Type3 {
        Type3 {
            matrix: objects.get_numbers(dict, b"FontMatrix").unwrap_or([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]),
            procs: objects.get_dict(dict, b"CharProcs").unwrap_or_default(),
            resources: objects.get_dict(dict, b"Resources"),
        }
    }
}

impl Font {
    /// Returns the font of a font dictionary. Never fails.
    ///
    /// Warns: `font/unknown-cmap`, `font/limit`.
    pub fn load(objects: &Objects<'_>, dict: &Dict, warnings: &mut Vec<Warning>) -> Font {
        let subtype = objects.get(dict, b"Subtype").as_name().map(|n| String::from_utf8_lossy(n).into_owned()).unwrap_or_default();
        let descendant = descendant(objects, dict);
        let inner = descendant.as_ref().unwrap_or(dict);
        let descriptor = Descriptor::load(objects, inner);
        let name = objects.get(dict, b"BaseFont").as_name().map(known::name_to_text).unwrap_or_default();
        let name = name_of(objects, &descriptor, known::without_tag(&name));
        let mut info = FontInfo {
            embedded: descriptor.program(objects).is_some(),
            bold: descriptor.is_bold(objects, &name),
            name,
            subtype: match objects.get(inner, b"Subtype").as_name() {
                Some(inner) if descendant.is_some() => format!("{subtype}/{}", String::from_utf8_lossy(inner)),
                _ => subtype.clone(),
            },
            ..FontInfo::default()
        };
        let kind = match &descendant {
            Some(inner) => Kind::Composite(Box::new(Composite::load(objects, dict, inner, &descriptor, &mut info, warnings))),
            None => Kind::Simple(Box::new(Simple::load(objects, dict, &descriptor, &mut info, warnings))),
        };
        Font {
            type3: (descendant.is_none() && subtype == "Type3").then(|| Type3::load(objects, dict)),
            codes: CodeTable::new(matches!(kind, Kind::Composite(_))),
            ascent: descriptor.ascent(objects),
            descent: descriptor.descent(objects),
            info: Arc::new(info),
            kind,
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
    /// Returns the procedure that draws a Type 3 font's glyph.
    pub fn procedure(&self, code: u32) -> Option<&Object> {
        match &self.kind {
            Kind::Simple(simple) => self.type3.as_ref()?.procs.get(simple.glyph_name(code)?.as_bytes()),
            Kind::Composite(_) => None,
        }
    }
    /// Calls `each` for every character code of a shown string, in order. A cut code at the end is passed over.
    #[inline(always)]
    pub fn decode(&self, objects: &Objects<'_>, bytes: &[u8], mut each: impl FnMut(&CodeInfo)) {
        let cmap = match &self.kind {
            Kind::Simple(_) => None,
            Kind::Composite(composite) => Some(composite.cmap()),
        };
        let mut rest = bytes;
        let mut next = || match cmap {
            Some(cmap) => cmap.take_code(&mut rest),
            None => rest.split_off_first().map(|&b| (u32::from(b), 1)),
        };
        while let Some((code, len)) = next() {
            self.codes.with(code, len, || self.code_to_info(objects, code, len), &mut each);
        }
    }
    fn code_to_info(&self, objects: &Objects<'_>, code: u32, len: u8) -> CodeInfo {
        match &self.kind {
            Kind::Simple(simple) => simple.info(objects, code, self.type3.is_some()),
            Kind::Composite(composite) => composite.info(objects, code, len),
        }
    }
    /// Returns the codes decoded so far: what `inspect` tells of how a font's text was found.
    pub fn seen(&self) -> impl Iterator<Item = &CodeInfo> {
        self.codes.seen()
    }
}

/// Returns the descendant of a composite font. A Type 0 font that lost it has an empty one: its codes may still be text by their CMap.
fn descendant(objects: &Objects<'_>, dict: &Dict) -> Option<Dict> {
    let array = objects.get(dict, b"DescendantFonts");
    let first = array.as_array().and_then(|a| a.first()).map_or(Object::Null, |o| objects.resolve(o));
    // Some producers leave the array out.
    let found = first.as_dict().or(array.as_dict()).cloned();
    found.or_else(|| dict.is(b"Subtype", b"Type0").then(Dict::default))
}

/// Returns the font's name: `BaseFont`, else the descriptor's.
fn name_of(objects: &Objects<'_>, descriptor: &Descriptor, base: &str) -> String {
    if !base.is_empty() {
        return base.to_owned();
    }
    let name = descriptor.name(objects).as_name().map(known::name_to_text).unwrap_or_default();
    known::without_tag(&name).to_owned()
}
