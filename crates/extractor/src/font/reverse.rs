//! An embedded TrueType or OpenType program's `cmap`, reversed: glyph → character.
//!
//! All Unicode subtables count: (0,x), (3,1), (3,10) and (3,0). Glyphs that only `GSUB` reaches (vertical forms, old forms) have the character
//! of the glyph they stand in for.

use super::to_unicode::{is_private, is_sound_char};
use encoding_rs::SHIFT_JIS;
use skrifa::raw::tables::cmap::{CmapIterLimits, PlatformId};
use skrifa::raw::tables::gsub::{SingleSubst, SubstitutionSubtables};
use skrifa::raw::types::GlyphId;
use skrifa::raw::{FontRef, TableProvider};

/// Characters by glyph id; U+0000 = none.
#[derive(Debug, Default)]
pub(super) struct ReverseMap {
    sound: Vec<char>,
    private: Vec<char>,
}

impl ReverseMap {
    /// Returns a glyph's character.
    pub(super) fn sound(&self, gid: u32) -> Option<char> {
        get(&self.sound, gid)
    }
    /// Returns a glyph's private-use character.
    pub(super) fn private(&self, gid: u32) -> Option<char> {
        get(&self.private, gid)
    }
    /// Returns how many glyphs have a character.
    pub(super) fn len(&self) -> usize {
        self.sound.iter().filter(|c| **c != '\0').count()
    }
}

fn get(chars: &[char], gid: u32) -> Option<char> {
    chars.get(usize::try_from(gid).ok()?).copied().filter(|&c| c != '\0')
}

/// Returns the characters of a font's glyphs.
pub(super) fn reverse_map(font: &FontRef<'_>) -> ReverseMap {
    let limits = CmapIterLimits::default_for_font(font);
    let mut map = ReverseMap::default();
    let Ok(cmap) = font.cmap() else { return map };
    for record in cmap.encoding_records().iter().take(MAX_SUBTABLES) {
        let symbol = record.platform_id() == PlatformId::Windows && record.encoding_id() == 0;
        let unicode = match record.platform_id() {
            PlatformId::Unicode => record.encoding_id() != 5,
            PlatformId::Windows => matches!(record.encoding_id(), 0 | 1 | 10),
            _ => false,
        };
        let Some(subtable) = unicode.then(|| record.subtable(cmap.offset_data()).ok()).flatten() else { continue };
        for (code, gid) in subtable.iter_with_limits(limits).take(MAX_ENTRIES) {
            match char::from_u32(code) {
                // A symbol table with codes below 100 numbers its pictures like one with F000 plus codes.
                Some(c) if is_sound_char(c) && !(symbol && code < 0x100) => keep(&mut map.sound, gid, c),
                Some(c) if is_private(c) => keep(&mut map.private, gid, c),
                _ => {}
            }
        }
    }
    for (from, to) in substitutes(font) {
        if get(&map.sound, to).is_none()
            && let Some(c) = get(&map.sound, from)
        {
            keep(&mut map.sound, GlyphId::new(to), c);
        }
    }
    map
}

/// Notes a glyph's character where it is the first or a better one.
fn keep(chars: &mut Vec<char>, gid: GlyphId, c: char) {
    let Ok(at) = u16::try_from(gid.to_u32()).map(usize::from) else { return };
    if at == 0 {
        return;
    }
    if chars.len() <= at {
        chars.resize(at + 1, '\0');
    }
    if let Some(slot) = chars.get_mut(at)
        && (*slot == '\0' || *slot != c && rank(c) < rank(*slot))
    {
        *slot = c;
    }
}

/// A `cmap` has a handful of subtables; more are copies or an attack.
const MAX_SUBTABLES: usize = 16;
/// Every assigned character many times over.
const MAX_ENTRIES: usize = 400_000;

/// Where several characters share a glyph, the lowest rank is the one meant: a character that Japanese keyboards give (windows-31j: ～ not 〜, ― not —,
/// ・ not ·), then other ordinary ones, compatibility ideographs, no-break spaces, and radicals last; then the lower code point.
fn rank(c: char) -> (u8, char) {
    let class = match c {
        '\u{2E80}'..='\u{2FDF}' => 4,
        '\u{A0}' | '\u{AD}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' | '\u{FE10}'..='\u{FE4F}' => 3,
        // The signs of units that share the letters' glyphs: the letters are meant.
        '\u{2126}' | '\u{212A}' | '\u{212B}' => 2,
        _ if is_windows_31j(c) => 0,
        _ => 1,
    };
    (class, c)
}

/// Tells whether a character survives windows-31j and back.
fn is_windows_31j(c: char) -> bool {
    let mut utf8 = [0; 4];
    let text: &str = c.encode_utf8(&mut utf8);
    let (bytes, _, lost) = SHIFT_JIS.encode(text);
    !lost && SHIFT_JIS.decode_without_bom_handling(&bytes).0 == text
}

/// Features that draw another form of the same character.
const FORMS: [&[u8; 4]; 19] = [
    b"vert", b"vrt2", b"vrtr", b"hwid", b"fwid", b"twid", b"qwid", b"pwid", b"pkna", b"hkna", b"vkna", b"ruby", b"jp78", b"jp83", b"jp90",
    b"jp04", b"trad", b"expt", b"nlck",
];

/// Returns the single substitutions of those features as (glyph, the form that stands in for it).
fn substitutes(font: &FontRef<'_>) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    let Ok(gsub) = font.gsub() else { return pairs };
    let (Ok(features), Ok(lookups)) = (gsub.feature_list(), gsub.lookup_list()) else { return pairs };
    let records = features.feature_records().iter().filter(|r| FORMS.contains(&&r.feature_tag().to_be_bytes()));
    let indices =
        records.filter_map(|r| r.feature(features.offset_data()).ok()).flat_map(|f| f.lookup_list_indices().iter().map(|i| i.get()));
    let mut indices: Vec<u16> = indices.take(MAX_LOOKUPS).collect();
    indices.sort_unstable();
    indices.dedup();
    for index in indices {
        let Ok(SubstitutionSubtables::Single(subtables)) = lookups.lookups().get(usize::from(index)).and_then(|l| l.subtables()) else {
            continue;
        };
        for subtable in subtables.iter().take(MAX_LOOKUPS).flatten() {
            pairs.extend(subtable_to_pairs(&subtable).take(MAX_ENTRIES.saturating_sub(pairs.len())));
        }
    }
    pairs
}

/// A font has a few dozen lookups of such features; more are damage.
const MAX_LOOKUPS: usize = 256;

fn subtable_to_pairs(subtable: &SingleSubst<'_>) -> Box<dyn Iterator<Item = (u32, u32)>> {
    let (covered, delta, targets) = match subtable {
        SingleSubst::Format1(one) => (one.coverage(), Some(one.delta_glyph_id()), Vec::new()),
        SingleSubst::Format2(list) => {
            (list.coverage(), None, list.substitute_glyph_ids().iter().map(|g| u32::from(g.get().to_u16())).collect())
        }
        _ => return Box::new(std::iter::empty()),
    };
    let covered: Vec<u32> = covered.map(|c| c.iter().take(usize::from(u16::MAX)).map(|g| g.to_u32()).collect()).unwrap_or_default();
    match delta {
        Some(delta) => Box::new(covered.into_iter().map(move |g| (g, g.wrapping_add_signed(i32::from(delta)) & 0xFFFF))),
        None => Box::new(covered.into_iter().zip(targets)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_character_of_a_shared_glyph_is_the_one_that_is_typed() {
        let check = |candidates: &str, expected: char| {
            let mut chars = Vec::new();
            for c in candidates.chars() {
                keep(&mut chars, GlyphId::new(1), c);
            }
            assert_eq!(chars[1], expected, "{candidates}");
        };
        check("〜～", '～');
        check("\u{2014}\u{2015}", '\u{2015}');
        check("·・", '・');
        check("\u{2212}\u{FF0D}", '\u{FF0D}');
        check("\u{2F2B}尸", '尸');
        check("\u{A0} ", ' ');
        check("\u{B5}μ", 'μ');
        check("Å\u{212B}", 'Å');
        check("-\u{AD}\u{2010}", '-');
    }
}
