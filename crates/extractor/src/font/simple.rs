//! Simple fonts (Type 1, TrueType, Type 3): one-byte codes by glyph names (ISO 32000-2 §9.6, §9.10.2).

use super::codes::CodeInfo;
use super::core14::{self, Face};
use super::differences::Differences;
use super::encoding::{BaseEncoding, glyph_name_to_text};
use super::lazy::LazyProgram;
use super::load::{self, Descriptor};
use super::pictures;
use super::resolve::{Found, char_to_text};
use super::to_unicode::ToUnicode;
use super::widths::{DEFAULT_VERTICAL, SimpleWidths};
use crate::object::{Dict, Object, Objects};
use jisseki_model::{FontInfo, TextSource, Warning};

/// A simple font.
#[derive(Debug)]
pub(super) struct Simple {
    to_unicode: Option<ToUnicode>,
    differences: Differences,
    base: Option<BaseEncoding>,
    /// The font's names are Zapf Dingbats' `a1`…`a206`.
    dingbats: bool,
    /// The font draws pictures in place of letters (Wingdings): codes and names say nothing of letters.
    pictures: bool,
    face: Face,
    widths: SimpleWidths,
    program: LazyProgram,
}

impl Simple {
    /// Returns the font of a dictionary.
    pub(super) fn load(
        objects: &Objects<'_>,
        dict: &Dict,
        descriptor: &Descriptor,
        info: &mut FontInfo,
        warnings: &mut Vec<Warning>,
    ) -> Simple {
        let program = LazyProgram::new(descriptor.program(objects));
        let encoding = objects.get(dict, b"Encoding");
        let differences = encoding.as_dict().map(|d| Differences::load(objects, d)).unwrap_or_default();
        let face = core14::face(&info.name, descriptor.is_fixed_pitch(), descriptor.is_serif());
        let named = match &encoding {
            Object::Name(name) => BaseEncoding::named(name.as_bytes()),
            Object::Dict(d) => objects.get(d, b"BaseEncoding").as_name().and_then(BaseEncoding::named),
            _ => None,
        };
        let presumed = || match face {
            Face::Symbol => Some(BaseEncoding::Symbol),
            Face::ZapfDingbats => Some(BaseEncoding::ZapfDingbats),
            // Table 112: the built-in encoding of a program or of a symbolic font, else the standard one. A TrueType font that is not embedded
            // is no subset: its codes are what its author typed in Windows.
            _ => match info.subtype.as_str() {
                "TrueType" if !program.is_embedded() => Some(BaseEncoding::WinAnsi),
                "TrueType" => (!descriptor.is_symbolic()).then_some(BaseEncoding::Standard),
                "Type1" | "MMType1" => (!descriptor.is_symbolic() && !program.is_embedded()).then_some(BaseEncoding::Standard),
                _ => None,
            },
        };
        let base = named.or_else(presumed);
        info.encoding.0 = encoding_label(named, !differences.is_empty());
        let to_unicode = load::to_unicode(objects, dict, |len| len == 1, warnings);
        info.to_unicode = to_unicode.as_ref().is_some_and(ToUnicode::is_useful);
        Simple {
            to_unicode,
            dingbats: face == Face::ZapfDingbats,
            pictures: pictures::is_pictures(&info.name),
            widths: load::simple_widths(objects, dict, descriptor),
            differences,
            base,
            face,
            program,
        }
    }
    /// Returns the glyph name that the font dictionary gives a code.
    pub(super) fn glyph_name(&self, code: u32) -> Option<&str> {
        self.differences.name(code).or_else(|| self.base?.glyph_name(code))
    }
    /// Returns what is known of a code. `type3`: without `Widths` the advance is 0, not a stand-in font's.
    pub(super) fn info(&self, objects: &Objects<'_>, code: u32, type3: bool) -> CodeInfo {
        let found = self.text(objects, code);
        let width = self.widths.width(code).unwrap_or_else(|| if type3 { 0.0 } else { self.stand_in_width(objects, code) });
        found.into_info(code, 1, code, width, DEFAULT_VERTICAL)
    }
    /// The decode chain, extraction.md.
    fn text(&self, objects: &Objects<'_>, code: u32) -> Found {
        let to_unicode = self.to_unicode.as_ref();
        let by_picture =
            || Found::some(self.pictures.then(|| pictures::code_to_char(code)).flatten().map(char_to_text), TextSource::KnownFont);
        let by_name =
            || Found::some(glyph_name_to_text(self.glyph_name(code).filter(|_| !self.pictures)?, self.dingbats), TextSource::GlyphName);
        to_unicode
            .and_then(|m| Found::some(m.text(code), TextSource::ToUnicode))
            .or_else(by_picture)
            .or_else(by_name)
            .or_else(|| self.by_program(objects, code))
            .or_else(|| Found::some(to_unicode?.last_resort(code), TextSource::ToUnicode))
            .or_else(|| self.is_blank(objects, code).then(Found::blank))
            .unwrap_or_else(|| Found::none(to_unicode.and_then(|m| m.unsound(code))))
    }
    /// Asks the embedded program: its own encoding's glyph names (Type 1, CFF), or its glyph's Unicode `cmap` entry and `post` name (TrueType).
    fn by_program(&self, objects: &Objects<'_>, code: u32) -> Option<Found> {
        let program = self.program.get(objects)?;
        let name_to_found = |name: &str| Found::some(glyph_name_to_text(name, self.dingbats), TextSource::GlyphName);
        let builtin = || program.builtin_name(u8::try_from(code).ok()?).and_then(|n| name_to_found(&n));
        let by_glyph = || {
            let glyph = program.code_to_glyph(code)?;
            let by_cmap = Found::some(program.glyph_char(glyph).map(char_to_text), TextSource::FontCmap);
            by_cmap.or_else(|| program.glyph_name(glyph).and_then(|n| name_to_found(&n)))
        };
        builtin().or_else(by_glyph)
    }
    /// Tells whether the embedded program draws nothing for a code.
    fn is_blank(&self, objects: &Objects<'_>, code: u32) -> bool {
        let name = self.differences.name(code);
        self.program.get(objects).is_some_and(|p| p.simple_glyph(code, name).is_some_and(|g| p.is_blank(g)))
    }
    /// Returns the width where the font dictionary has none: the embedded program's, else the standard font's that would stand in.
    fn stand_in_width(&self, objects: &Objects<'_>, code: u32) -> f32 {
        let by_program = || {
            let program = self.program.get(objects)?;
            program.advance(program.code_to_glyph(code)?)
        };
        let by_face = || self.face.width(self.glyph_name(code)?);
        by_program().or_else(by_face).unwrap_or_else(|| self.face.default_width())
    }
}

fn encoding_label(base: Option<BaseEncoding>, differences: bool) -> String {
    let base = base.map_or("built-in".to_owned(), |b| format!("{b:?}Encoding"));
    if differences { format!("{base} with Differences") } else { base }
}
