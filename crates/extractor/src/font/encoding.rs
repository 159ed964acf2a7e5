//! Simple fonts' encodings (ISO 32000-2 Annex D) and glyph names → text (Adobe Glyph List Specification).

use super::collection::Collection;
use super::resolve::char_to_text;
use super::to_unicode::{is_sound, is_sound_char};
use skrifa::raw::ps::agl;
use smol_str::SmolStr;
use std::sync::OnceLock;

/// Glyph names by code (by `data/generate_tables.py`).
const ENCODINGS: &str = include_str!("data/encodings.tsv");

/// A base encoding; the numbers are the table's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BaseEncoding {
    Standard = 1,
    WinAnsi = 2,
    MacRoman = 3,
    MacExpert = 4,
    Symbol = 5,
    ZapfDingbats = 6,
}

impl BaseEncoding {
    /// Returns the encoding with a name of §D.1.
    pub(super) fn named(name: &[u8]) -> Option<BaseEncoding> {
        Some(match name {
            b"StandardEncoding" => BaseEncoding::Standard,
            b"WinAnsiEncoding" => BaseEncoding::WinAnsi,
            b"MacRomanEncoding" => BaseEncoding::MacRoman,
            b"MacExpertEncoding" => BaseEncoding::MacExpert,
            _ => return None,
        })
    }
    /// Returns the glyph name of a code.
    pub(super) fn glyph_name(self, code: u32) -> Option<&'static str> {
        static TABLE: OnceLock<Vec<[&'static str; 7]>> = OnceLock::new();
        let table = TABLE.get_or_init(|| {
            let mut table = vec![[""; 7]; 256];
            for line in ENCODINGS.lines().filter(|l| !l.starts_with('#')) {
                let mut cells = line.split('\t');
                let row = cells.next().and_then(|c| c.parse::<usize>().ok()).and_then(|c| table.get_mut(c));
                for (slot, name) in row.into_iter().flat_map(|r| r.iter_mut().skip(1)).zip(cells) {
                    *slot = name;
                }
            }
            table
        });
        let name = table.get(usize::try_from(code).ok()?)?.get(self as usize)?;
        (!name.is_empty()).then_some(*name)
    }
}

/// Returns the text that a glyph name stands for. Names that only number the glyphs (`g12`, `glyph00001`, `c41`) say nothing.
///
/// `dingbats`: the font is Zapf Dingbats, whose names `a1`…`a206` are numbers in every other font.
pub(super) fn glyph_name_to_text(name: &str, dingbats: bool) -> Option<SmolStr> {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    if stem.is_empty() || !dingbats && is_numbered(stem, "a") {
        return None;
    }
    if let Some(cid) = stem.strip_prefix("cid").or_else(|| stem.strip_prefix("CID")).filter(|d| d.len() >= 3) {
        return Collection::JAPAN1.text(cid.trim_start_matches(['+', '_']).parse().ok()?);
    }
    let text: SmolStr = agl::name_to_chars(stem).collect();
    if is_sound(&text) {
        return Some(text);
    }
    let one = |name: &str| tex_name(name).or_else(|| agl::name_to_char(name));
    one(stem).filter(|&c| is_sound_char(c)).or_else(|| plain_stem(stem).and_then(one).filter(|&c| is_sound_char(c))).map(char_to_text)
}

fn is_numbered(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
}

/// Variants that the glyph list puts into private use (`oneoldstyle`, `copyrightserif`) or leaves out (TeX's sizes: `parenleftBig`,
/// `summationdisplay`) → the name of the plain character.
fn plain_stem(name: &str) -> Option<&str> {
    const SUFFIXES: [&str; 17] = [
        "oldstyle", "serif", "sans", "superior", "inferior", "fitted", "small", "bigg", "Bigg", "big", "Big", "text", "display", "wide",
        "tp", "bt", "ex",
    ];
    SUFFIXES.iter().find_map(|s| name.strip_suffix(s))
}

/// Names of TeX's mathematical fonts that the glyph list lacks. Source: the names' meaning in `texglyphlist.txt` of the same project.
fn tex_name(name: &str) -> Option<char> {
    const NAMES: [(&str, char); 24] = [
        ("angbracketleft", '⟨'),
        ("angbracketright", '⟩'),
        ("floorleft", '⌊'),
        ("floorright", '⌋'),
        ("ceilingleft", '⌈'),
        ("ceilingright", '⌉'),
        ("lessorequalslant", '⩽'),
        ("greaterorequalslant", '⩾'),
        ("bardbl", '‖'),
        ("bar", '|'),
        ("vector", '\u{20D7}'),
        ("owner", '∋'),
        ("mapsto", '↦'),
        ("square", '□'),
        ("squaresolid", '■'),
        ("follows", '≻'),
        ("precedes", '≺'),
        ("similarequal", '≃'),
        ("dotlessj", 'ȷ'),
        ("epsilon1", 'ϵ'),
        ("lscript", 'ℓ'),
        ("nabla", '∇'),
        ("coproduct", '∐'),
        ("contintegral", '∮'),
    ];
    NAMES.iter().find(|n| n.0 == name).map(|n| n.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(glyph_name_to_text(name, false).as_deref(), expected, "{name}");
    }

    #[test]
    fn glyph_names() {
        check("A", Some("A"));
        check("space", Some(" "));
        check("uni5BCC", Some("富"));
        check("uni5BCC.vert", Some("富"));
        check("u20BB7", Some("𠮷"));
        check("f_i", Some("fi"));
        check("nahiragana", Some("な"));
        check("oneoldstyle", Some("1"));
        check("copyrightserif", Some("©"));
        check("parenleftBigg", Some("("));
        check("summationdisplay", Some("∑"));
        check("angbracketleft", Some("⟨"));
        check("cid01125", Some("亜"));
        check("cid23058", Some("㋿"));
        for name in ["g12", "glyph00001", ".notdef", "a12", "c41", "G41", "uniE001", "u110000", "C0_1", "index7", ""] {
            check(name, None);
        }
        assert_eq!(glyph_name_to_text("a12", true).as_deref(), Some("☞"));
    }

    /// Expected values: ISO 32000-2 Annex D.
    #[test]
    fn base_encodings() {
        assert_eq!(BaseEncoding::WinAnsi.glyph_name(0x80), Some("Euro"));
        assert_eq!(BaseEncoding::Standard.glyph_name(0x27), Some("quoteright"));
        assert_eq!(BaseEncoding::MacRoman.glyph_name(0x80), Some("Adieresis"));
        assert_eq!(BaseEncoding::Symbol.glyph_name(0x61), Some("alpha"));
        assert_eq!(BaseEncoding::ZapfDingbats.glyph_name(0x21), Some("a1"));
        assert_eq!(BaseEncoding::Standard.glyph_name(0x80), None);
        assert_eq!(BaseEncoding::WinAnsi.glyph_name(300), None);
    }
}
