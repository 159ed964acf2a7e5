//! Embedded font programs: what they tell of their glyphs' characters, names and widths (TrueType, OpenType, CFF, Type 1).
//!
//! *Invariant:* a subset's code → glyph table is no evidence of characters. Producers number the glyphs of a subset from 1 and write that
//! numbering as a Mac (1,0) or symbol (3,0) `cmap`; read as characters it gives plausible garbage. Only Unicode tables are reversed.

use super::reverse::{ReverseMap, reverse_map};
use skrifa::raw::ps::Sid;
use skrifa::raw::ps::cff::{CffFontRef, dict};
use skrifa::raw::ps::type1::Type1Font;
use skrifa::raw::tables::cmap::{CmapSubtable, PlatformId};
use skrifa::raw::tables::glyf::Glyph;
use skrifa::raw::types::{GlyphId, GlyphId16, Tag, Version16Dot16};
use skrifa::raw::{FontRead, FontRef, TableProvider};
use smol_str::SmolStr;
use std::sync::OnceLock;

/// An embedded font program.
pub(super) struct Program {
    bytes: Vec<u8>,
    kind: Kind,
    chars: ReverseMap,
    /// Glyph names of `post`, parsed at first use.
    post_names: OnceLock<Vec<Option<SmolStr>>>,
    /// See [`Program::is_renumbered`]: counted once.
    renumbered: OnceLock<bool>,
}

enum Kind {
    Sfnt,
    Cff,
    Type1(Box<Type1Font>),
    Unknown,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.kind {
            Kind::Sfnt => "sfnt",
            Kind::Cff => "CFF",
            Kind::Type1(_) => "Type 1",
            Kind::Unknown => "unknown",
        };
        write!(f, "{kind}, {} bytes, {} characters", self.bytes.len(), self.chars.len())
    }
}

impl Program {
    /// Returns the program of a font file, told by its first bytes: `FontFile2` may hold OpenType, `FontFile3` TrueType.
    pub(super) fn new(bytes: Vec<u8>) -> Program {
        let kind = match bytes.get(..4).unwrap_or_default() {
            [0, 1, 0, 0] | b"true" | b"OTTO" | b"ttcf" => Kind::Sfnt,
            [0x80, 1, ..] | [b'%', b'!', ..] => Type1Font::new(&bytes).map_or(Kind::Unknown, |f| Kind::Type1(Box::new(f))),
            [1, 0, ..] => Kind::Cff,
            _ => Kind::Unknown,
        };
        let chars = match kind {
            Kind::Sfnt => FontRef::from_index(&bytes, 0).map(|f| reverse_map(&f)).unwrap_or_default(),
            _ => ReverseMap::default(),
        };
        Program { bytes, kind, chars, post_names: OnceLock::new(), renumbered: OnceLock::new() }
    }
    /// Returns the character that the Unicode `cmap`s map to a glyph.
    pub(super) fn glyph_char(&self, gid: u32) -> Option<char> {
        self.chars.sound(gid)
    }
    /// Returns the private-use character that a `cmap` maps to a glyph: it says nothing of the text, except in a font of known pictures.
    pub(super) fn glyph_private(&self, gid: u32) -> Option<char> {
        self.chars.private(gid)
    }
    /// Returns a glyph's name: `post` format 2, CFF charset, Type 1 charstrings.
    pub(super) fn glyph_name(&self, gid: u32) -> Option<SmolStr> {
        match &self.kind {
            Kind::Sfnt => {
                let names = self.post_names.get_or_init(|| self.sfnt().map(|f| post_names(&f)).unwrap_or_default());
                let name = names.get(usize::try_from(gid).ok()?).cloned().flatten();
                name.or_else(|| cff_glyph_name(&self.cff()?, gid))
            }
            Kind::Cff => cff_glyph_name(&self.cff()?, gid),
            Kind::Type1(font) => font.glyph_name(GlyphId::new(gid)).map(SmolStr::new),
            Kind::Unknown => None,
        }
    }
    /// Returns the glyph name that the program's own encoding gives a code (CFF and Type 1).
    pub(super) fn builtin_name(&self, code: u8) -> Option<SmolStr> {
        match &self.kind {
            Kind::Type1(font) => font.encoding()?.glyph_name(code).map(SmolStr::new),
            Kind::Cff | Kind::Sfnt => {
                let cff = self.cff().filter(|c| !c.is_cid())?;
                let gid = cff.encoding()?.map(code)?;
                cff_glyph_name(&cff, gid.to_u32())
            }
            Kind::Unknown => None,
        }
    }
    /// Returns the glyph of a simple TrueType font's code: symbol `cmap` (code, or F000 to F200 plus code), then Mac (ISO 32000-2 §9.6.5.4).
    pub(super) fn code_to_glyph(&self, code: u32) -> Option<u32> {
        let font = self.sfnt()?;
        let cmap = font.cmap().ok()?;
        let subtable = |platform: PlatformId, encoding: u16| {
            let record = cmap.encoding_records().iter().find(|r| r.platform_id() == platform && r.encoding_id() == encoding)?;
            record.subtable(cmap.offset_data()).ok()
        };
        let found = |s: &CmapSubtable<'_>, code: u32| s.map_codepoint(code).map(|g| g.to_u32()).filter(|&g| g != 0);
        let symbol = subtable(PlatformId::Windows, 0);
        let by_symbol = symbol.and_then(|s| [0, 0xF000, 0xF100, 0xF200].iter().find_map(|base| found(&s, base + code)));
        by_symbol.or_else(|| found(&subtable(PlatformId::Macintosh, 0)?, code))
    }
    /// Returns the glyph of a simple font's code: by the name that the font dictionary gives it, else by the program's own encoding.
    pub(super) fn simple_glyph(&self, code: u32, name: Option<&str>) -> Option<u32> {
        let byte = u8::try_from(code).ok();
        match &self.kind {
            Kind::Type1(font) => {
                let named = name.and_then(|name| font.glyph_names().find(|g| g.1 == name)).map(|g| g.0);
                named.or_else(|| font.encoding()?.map(byte?)).map(|g| g.to_u32())
            }
            Kind::Cff => {
                let cff = self.cff().filter(|c| !c.is_cid())?;
                let is_named = |g: &u32| name.is_some() && cff_glyph_name(&cff, *g).as_deref() == name;
                let named = (0..cff.num_glyphs().min(u32::from(u16::MAX))).find(is_named);
                named.or_else(|| Some(cff.encoding()?.map(byte?)?.to_u32()))
            }
            _ => self.code_to_glyph(code),
        }
    }
    /// Returns the glyph of a CID: by the charset of a CID-keyed CFF font, else the CID itself.
    pub(super) fn cid_to_glyph(&self, cid: u32) -> Option<u32> {
        match self.cff().filter(CffFontRef::is_cid) {
            Some(cff) => Some(cff.charset()?.glyph_id(Sid::new(u16::try_from(cid).ok()?))?.to_u32()),
            None => Some(cid),
        }
    }
    /// Returns the ordering of a CID-keyed CFF font (`Japan1`): it says what the CIDs are even where the font dictionary does not.
    pub(super) fn ordering(&self) -> Option<String> {
        let data = self.cff_data()?;
        let table = skrifa::raw::ps::cff::v1::Cff::read(data).ok()?;
        let ros = dict::entries(table.top_dicts().get(0)?, None).take(64).find_map(|e| match e.ok()? {
            dict::Entry::Ros { ordering, .. } => Some(ordering),
            _ => None,
        });
        table.string(ros?).map(|o| String::from_utf8_lossy(o).into_owned())
    }
    /// Returns a glyph's advance in 1/1000 em.
    pub(super) fn advance(&self, gid: u32) -> Option<f32> {
        let font = self.sfnt()?;
        let em = f32::from(font.head().ok()?.units_per_em());
        let width = f32::from(font.hmtx().ok()?.advance(GlyphId::new(gid))?);
        (em > 0.0).then_some(width * 1000.0 / em)
    }
    /// Tells whether the program draws nothing for a glyph. Glyph 0 stands for what is missing, not for a blank; a glyph that can't be read is
    /// none either.
    pub(super) fn is_blank(&self, gid: u32) -> bool {
        if gid == 0 {
            return false;
        }
        let glyph = GlyphId::new(gid);
        match &self.kind {
            Kind::Type1(font) => matches!(font.evaluate_extents(glyph), Ok(None)),
            _ => self.has_no_contours(glyph).unwrap_or_else(|| self.has_no_charstring_path(glyph).unwrap_or(false)),
        }
    }
    /// Answers for TrueType outlines: no data, or data of no contour.
    fn has_no_contours(&self, glyph: GlyphId) -> Option<bool> {
        let font = self.sfnt()?;
        let loca = font.loca(None).ok()?;
        let at = usize::try_from(glyph.to_u32()).ok()?;
        let (from, to) = (loca.get_raw(at), loca.get_raw(at.checked_add(1)?));
        let empty = || Some(matches!(loca.get(glyph, &font.glyf().ok()?)?.glyph()?, Glyph::Simple(s) if s.number_of_contours() == 0));
        Some(from.is_some() && from == to || empty().unwrap_or(false))
    }
    /// Answers for CFF outlines.
    fn has_no_charstring_path(&self, glyph: GlyphId) -> Option<bool> {
        let cff = self.cff()?;
        let subfont = cff.subfont(cff.subfont_index(glyph).unwrap_or(0), &[]).ok()?;
        Some(matches!(cff.evaluate_extents(&subfont, glyph, &[]), Ok(None)))
    }
    /// Tells whether the program is a subset whose glyphs were numbered anew: few, and nearly all of them drawn. A subset that keeps its font's
    /// glyph ids has holes.
    pub(super) fn is_renumbered(&self) -> bool {
        *self.renumbered.get_or_init(|| self.count_renumbered())
    }
    fn count_renumbered(&self) -> bool {
        let Some(font) = self.sfnt() else { return !matches!(self.kind, Kind::Unknown) };
        let Ok(loca) = font.loca(None) else { return true };
        let glyphs = loca.len();
        let drawn = (0..glyphs).filter(|&g| loca.get_raw(g) != loca.get_raw(g + 1)).count();
        glyphs < WHOLE_FONT && drawn * 2 > glyphs
    }
    fn sfnt(&self) -> Option<FontRef<'_>> {
        matches!(self.kind, Kind::Sfnt).then(|| FontRef::from_index(&self.bytes, 0).ok()).flatten()
    }
    fn cff_data(&self) -> Option<skrifa::raw::FontData<'_>> {
        match self.kind {
            Kind::Cff => Some(self.bytes.as_slice().into()),
            Kind::Sfnt => self.sfnt()?.table_data(Tag::new(b"CFF ")),
            _ => None,
        }
    }
    fn cff(&self) -> Option<CffFontRef<'_>> {
        CffFontRef::new_cff(self.cff_data()?.as_bytes(), 0, None).ok()
    }
}

/// Returns the glyph names of `post` format 2. Format 1 (the standard Mac order) is believed only where the font has just those 258 glyphs.
fn post_names(font: &FontRef<'_>) -> Vec<Option<SmolStr>> {
    let Ok(post) = font.post() else { return Vec::new() };
    let glyphs = font.maxp().map_or(0, |m| m.num_glyphs());
    let name_of = |gid: u16| post.glyph_name(GlyphId16::new(gid)).map(SmolStr::new);
    if post.version() == Version16Dot16::VERSION_1_0 {
        return if glyphs == MAC_GLYPHS { (0..glyphs).map(name_of).collect() } else { Vec::new() };
    }
    let (Some(indices), Some(strings)) = (post.glyph_name_index(), post.string_data()) else { return Vec::new() };
    // `glyph_name` walks the strings from the first one for each glyph: list them once instead.
    let strings: Vec<SmolStr> =
        strings.iter().take(usize::from(u16::MAX)).map_while(|s| s.ok().map(|s| SmolStr::new(s.as_str()))).collect();
    let named = indices.iter().zip(0u16..).map(|(index, gid)| match index.get().checked_sub(MAC_GLYPHS) {
        Some(own) => strings.get(usize::from(own)).cloned(),
        None => name_of(gid),
    });
    named.take(usize::from(glyphs)).collect()
}

/// Fewer glyphs than any version of the MS fonts has (13,000 to 23,000); a font with as many is whole.
const WHOLE_FONT: usize = 10_000;

/// Glyphs of the standard Mac order.
const MAC_GLYPHS: u16 = 258;

fn cff_glyph_name(cff: &CffFontRef<'_>, gid: u32) -> Option<SmolStr> {
    if cff.is_cid() {
        return None;
    }
    let name = cff.string(cff.charset()?.string_id(GlyphId::new(gid))?)?;
    std::str::from_utf8(name).ok().map(SmolStr::new)
}
