//! Fonts whose glyph ids are the same in every document: MS 明朝, MS ゴシック and their proportional kin (extraction.md, step 6).

use super::cmap::predefined;
use encoding_rs::SHIFT_JIS;
use std::borrow::Cow;
use std::sync::OnceLock;

/// Glyph id → character, 13,891 of them (by `data/generate_tables.py`, which says how they were collected and that ideographs lie in a known order).
const GLYPHS: &str = include_str!("data/ms_glyphs.tsv");

/// Names as they are found in `BaseFont`, cleaned by [`clean_name`]. Other fonts' glyph ids (游ゴシック, メイリオ) differ between versions.
const NAMES: [&str; 8] = ["MSMINCHO", "MSGOTHIC", "MSPMINCHO", "MSPGOTHIC", "MS明朝", "MSゴシック", "MSP明朝", "MSPゴシック"];

/// Tells whether a font's glyph ids are known by its name.
pub(super) fn is_known(name: &str) -> bool {
    NAMES.contains(&clean_name(without_cmap(name)).as_str())
}

/// Returns a name without the CMap that non-embedded fonts' names end in (`MS-Mincho-90ms-RKSJ-H`, §9.7.6.1).
fn without_cmap(name: &str) -> &str {
    let cut = name.match_indices('-').find(|(at, _)| name.get(at + 1..).is_some_and(|end| predefined(end.as_bytes()).is_some()));
    cut.and_then(|(at, _)| name.get(..at)).unwrap_or(name)
}

/// Returns the character of a glyph id of a known font.
pub(super) fn glyph_to_char(gid: u32) -> Option<char> {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = Vec::new();
        for (first, chars) in GLYPHS.lines().filter_map(|l| l.split_once('\t')) {
            let Ok(first) = first.parse::<usize>() else { continue };
            let chars = unescaped(chars);
            table.resize(table.len().max(first.saturating_add(chars.len())), '\0');
            for (slot, c) in table.iter_mut().skip(first).zip(chars) {
                *slot = c;
            }
        }
        table
    });
    table.get(usize::try_from(gid).ok()?).copied().filter(|&c| c != '\0')
}

/// Undoes the generator's `\uXXXX`.
fn unescaped(text: &str) -> Vec<char> {
    let mut out = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let code = (c == '\\').then(|| chars.by_ref().skip(1).take(4).filter_map(|d| d.to_digit(16)).fold(0, |v, d| v << 4 | d));
        out.push(code.and_then(char::from_u32).unwrap_or(c));
    }
    out
}

/// Returns a font name's bytes as text: UTF-8, else the Shift JIS that Japanese producers write (`#82l#82r#96#BE#92#A9` = ＭＳ明朝).
///
/// Some producers escape the bytes twice or three times (`#23ef#23bc#23ad`); what still looks escaped is undone here.
pub(super) fn name_to_text(bytes: &[u8]) -> String {
    let mut bytes = Cow::Borrowed(bytes);
    for _ in 0..MAX_ESCAPES {
        match unescaped_name(&bytes) {
            Some(plain) => bytes = Cow::Owned(plain),
            None => break,
        }
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => SHIFT_JIS.decode_without_bom_handling(&bytes).0.into_owned(),
    }
}

/// How often a name is escaped over: twice has been seen.
const MAX_ESCAPES: usize = 3;

/// Undoes `#xx` once; none where there is none.
fn unescaped_name(bytes: &[u8]) -> Option<Vec<u8>> {
    let digit = |b: Option<&u8>| b.and_then(|&b| char::from(b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        let escaped = (b == b'#').then(|| Some(digit(bytes.get(at + 1))? << 4 | digit(bytes.get(at + 2))?)).flatten();
        out.push(escaped.unwrap_or(b));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    (out.len() < bytes.len()).then_some(out)
}

/// Returns a font name without its subset tag (`ABCDEF+`).
pub(super) fn without_tag(name: &str) -> &str {
    match name.split_once('+') {
        Some((tag, rest)) if tag.len() == 6 && tag.bytes().all(|b| b.is_ascii_uppercase()) => rest,
        _ => name,
    }
}

/// Returns the name in capitals without its style (`,Bold`), blanks and hyphens, full-width letters made ASCII.
fn clean_name(name: &str) -> String {
    let family = name.split(',').next().unwrap_or_default();
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    };
    family.chars().map(narrow).filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '#')).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_all_their_spellings() {
        for name in [
            "MS-Mincho",
            "MS Mincho",
            "MSMincho",
            "MS-PGothic,Bold",
            "MS-Mincho-90ms-RKSJ-H",
            "MS-Gothic-Identity-V",
            "MS-Mincho-H",
            "ＭＳ 明朝",
            "ＭＳ Ｐゴシック",
            "MS-Gothic",
        ] {
            assert!(is_known(name), "{name}");
        }
        for name in ["YuGothic-Regular", "Meiryo", "MS-UIGothic", "IPAMincho", "", "HGSMinchoE"] {
            assert!(!is_known(name), "{name}");
        }
        assert!(is_known(&name_to_text(b"\x82l\x82r\x83S\x83V\x83b\x83N")));
        assert!(is_known(&name_to_text(b"#ef#bc#ad#ef#bc#b3#20#e3#82#b4#e3#82#b7#e3#83#83#e3#82#af")));
        assert_eq!(name_to_text(b"#23e4#23ba#239c#7"), "亜#7");
        assert_eq!(without_tag("ABCDEF+MS-Mincho"), "MS-Mincho");
        assert_eq!(without_tag("A+B"), "A+B");
    }

    /// Expected values: rows of `ms_gid_unicode.tsv` that were seen in real documents.
    #[test]
    fn glyph_ids() {
        assert_eq!([3, 4, 21433, 21451, 21487].map(glyph_to_char), [Some(' '), Some('!'), Some('し'), Some('な'), Some('を')]);
        // Not seen by their ids, but read off real pages: 大刀洗町, 土嚢, 検索, 齟齬.
        assert_eq!([3618, 4382, 10484, 15432, 15442].map(glyph_to_char), ['刀', '嚢', '索', '齟', '齬'].map(Some));
        assert_eq!([0, 1, 99_999].map(glyph_to_char), [None; 3]);
    }
}
