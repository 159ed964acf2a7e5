//! Composite fonts (Type 0): code → CID → text and metrics (ISO 32000-2 §9.7, §9.10.2).

use super::cmap::CMap;
use super::codec::{self, Codec};
use super::codes::CodeInfo;
use super::collection::Collection;
use super::encoding::glyph_name_to_text;
use super::known;
use super::lazy::{LazyGlyphMap, LazyProgram};
use super::load::{self, Descriptor};
use super::pictures;
use super::program::Program;
use super::resolve::{Found, char_to_text};
use super::to_unicode::ToUnicode;
use super::widths::CidWidths;
use crate::object::{Dict, Objects};
use jisseki_model::{FontInfo, TextSource, Warning};
use smol_str::SmolStr;
use std::sync::Arc;

/// A composite font.
#[derive(Debug)]
pub(super) struct Composite {
    cmap: Arc<CMap>,
    to_unicode: Option<ToUnicode>,
    codec: Option<Codec>,
    collection: Option<Collection>,
    /// The dictionary leaves the collection open (`Identity`): a CFF program may say it.
    open: bool,
    known: bool,
    /// Wingdings: `ToUnicode` gives its codes in private use.
    pictures: bool,
    widths: CidWidths,
    program: LazyProgram,
    glyph_map: LazyGlyphMap,
}

impl Composite {
    /// Returns the font of a Type 0 dictionary and its descendant.
    pub(super) fn load(
        objects: &Objects<'_>,
        dict: &Dict,
        descendant: &Dict,
        descriptor: &Descriptor,
        info: &mut FontInfo,
        warnings: &mut Vec<Warning>,
    ) -> Composite {
        let encoding = objects.get(dict, b"Encoding");
        let cmap = load::encoding_cmap(objects, &encoding, warnings);
        info.encoding.0 = encoding.as_name().map_or_else(|| "embedded CMap".to_owned(), |n| String::from_utf8_lossy(n).into_owned());
        info.vertical = cmap.vertical;
        let system = objects.get_dict(descendant, b"CIDSystemInfo").unwrap_or_default();
        let text = |key: &[u8]| objects.get(&system, key).as_str().map(|s| String::from_utf8_lossy(s).into_owned());
        let ordering = text(b"Ordering").filter(|o| !o.is_empty());
        info.collection = ordering.as_ref().map(|o| format!("{}-{o}", text(b"Registry").unwrap_or_default()));
        let by_dict = ordering.as_deref().and_then(Collection::named);
        let by_cmap = || cmap.ordering.as_deref().and_then(Collection::named);
        let to_unicode = load::to_unicode(objects, dict, |len| cmap.has_codes_of(len), warnings);
        info.to_unicode = to_unicode.as_ref().is_some_and(ToUnicode::is_useful);
        let glyph_map = LazyGlyphMap::new(objects.get(descendant, b"CIDToGIDMap").as_stream().cloned());
        Composite {
            to_unicode,
            codec: encoding.as_name().and_then(codec::named),
            collection: by_dict.or_else(by_cmap),
            open: by_dict.is_none(),
            known: cmap.is_identity() && glyph_map.is_identity() && known::is_known(&info.name),
            pictures: pictures::is_pictures(&info.name),
            widths: load::cid_widths(objects, descendant),
            program: LazyProgram::new(descriptor.program(objects)),
            glyph_map,
            cmap,
        }
    }
    /// Returns how strings split into codes.
    pub(super) fn cmap(&self) -> &CMap {
        &self.cmap
    }
    /// Returns what is known of a code.
    pub(super) fn info(&self, objects: &Objects<'_>, code: u32, code_len: u8) -> CodeInfo {
        // A code without a CID is shown as CID 0 (§9.7.6.3).
        let cid = self.cmap.cid(code, code_len);
        let found = self.text(objects, code, code_len, cid);
        let cid = cid.unwrap_or(0);
        found.into_info(code, code_len, cid, self.widths.width(cid), self.widths.vertical(cid))
    }
    /// The decode chain, extraction.md.
    fn text(&self, objects: &Objects<'_>, code: u32, code_len: u8, cid: Option<u32>) -> Found {
        let to_unicode = self.to_unicode.as_ref();
        let by_codec = || Found::some(self.codec?.text(code, code_len), TextSource::Codec);
        let by_collection = || Found::some(self.collection?.text(cid?), TextSource::Collection);
        let by_known = || {
            let renumbered = || self.program.get(objects).is_some_and(Program::is_renumbered);
            let glyph = cid.filter(|_| self.known && !renumbered())?;
            Found::some(known::glyph_to_char(glyph).map(char_to_text), TextSource::KnownFont)
        };
        // The codec comes first: where the code itself is the character, a ToUnicode beside it can only repeat it or be wrong. (Ghostscript 10 writes
        // one for UniJIS-UCS2-H and 90ms-RKSJ-H that is off by 31 in ASCII: Q for 2.) It speaks for the codes that are no character, gaiji.
        by_codec()
            .or_else(|| Found::some(to_unicode?.text(code), TextSource::ToUnicode))
            .or_else(by_collection)
            .or_else(|| self.by_program(objects, cid?))
            .or_else(by_known)
            .or_else(|| self.by_picture(objects, code, cid))
            .or_else(|| self.by_identity(objects, code, cid?))
            .or_else(|| Found::some(to_unicode?.last_resort(code), TextSource::ToUnicode))
            .or_else(|| self.glyph(objects, cid?).filter(|(program, glyph)| program.is_blank(*glyph)).map(|_| Found::blank()))
            .unwrap_or_else(|| Found::none(self.private(objects, code, cid)))
    }
    /// Returns the private-use character that `ToUnicode` or the embedded program's `cmap` gives a code: no text, but a trace.
    fn private(&self, objects: &Objects<'_>, code: u32, cid: Option<u32>) -> Option<SmolStr> {
        let by_map = self.to_unicode.as_ref().and_then(|m| m.unsound(code));
        by_map.or_else(|| {
            let (program, glyph) = self.glyph(objects, cid?)?;
            program.glyph_private(glyph).map(char_to_text)
        })
    }
    /// In a picture font that character holds the code of the picture (U+F06C for `l`, ●).
    fn by_picture(&self, objects: &Objects<'_>, code: u32, cid: Option<u32>) -> Option<Found> {
        let private = self.pictures.then(|| self.private(objects, code, cid)).flatten()?;
        Found::some(private.chars().next().map(u32::from).and_then(pictures::code_to_char).map(char_to_text), TextSource::KnownFont)
    }
    /// Several producers (TCPDF, mPDF, the text layers that Tesseract writes) use characters as CIDs, map them to glyphs by a stream, and write
    /// `<0000> <FFFF> <0000>` as `ToUnicode`. There it is the truth; where CIDs are glyph ids it says nothing.
    fn by_identity(&self, objects: &Objects<'_>, code: u32, cid: u32) -> Option<Found> {
        let mapped = !self.glyph_map.is_identity() && self.glyph_map.get(objects, cid).is_some_and(|g| g != 0);
        Found::some(mapped.then(|| self.to_unicode.as_ref()?.identity(code)).flatten(), TextSource::ToUnicode)
    }
    /// Returns the embedded program and the glyph that it draws for a CID.
    fn glyph(&self, objects: &Objects<'_>, cid: u32) -> Option<(&Program, u32)> {
        let program = self.program.get(objects)?;
        let glyph = match self.glyph_map.is_identity() {
            true => program.cid_to_glyph(cid)?,
            false => self.glyph_map.get(objects, cid)?,
        };
        Some((program, glyph))
    }
    /// Asks the embedded program: its collection, its reversed `cmap`, its glyph names.
    fn by_program(&self, objects: &Objects<'_>, cid: u32) -> Option<Found> {
        let program = self.program.get(objects)?;
        if self.open
            && let Some(collection) = program.ordering().as_deref().and_then(Collection::named)
            && let Some(found) = Found::some(collection.text(cid), TextSource::Collection)
        {
            return Some(found);
        }
        let (_, glyph) = self.glyph(objects, cid)?;
        let by_cmap = Found::some(program.glyph_char(glyph).map(char_to_text), TextSource::FontCmap);
        by_cmap.or_else(|| Found::some(glyph_name_to_text(&program.glyph_name(glyph)?, false), TextSource::GlyphName))
    }
}
