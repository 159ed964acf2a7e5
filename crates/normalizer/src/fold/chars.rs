//! What one character becomes in the display view and in the scan view.

use crate::bits::Signs;
use std::sync::LazyLock;

/// What a view makes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// It stays.
    Keep,
    /// It becomes one other character.
    One(char),
    /// It becomes several.
    Many(&'static str),
    /// It is left out.
    Drop,
}

/// Half-width katakana and its punctuation, U+FF61–FF9F in order. The two marks become spacing marks: they are composed before this table is asked.
const HALF_WIDTH: &str =
    "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";

/// `code point, radical, ideograph` a line; the head of the file names its source.
const RADICALS: &str = include_str!("../tables/radicals.tsv");

/// First code point of the radicals' tables.
const RADICALS_FIRST: usize = 0x2E80;
/// One past the last.
const RADICALS_END: usize = 0x2FE0;

/// Ideograph of each code point from [`RADICALS_FIRST`], where it has one.
static RADICAL_TO_IDEOGRAPH: LazyLock<Vec<Option<char>>> = LazyLock::new(|| {
    let mut table = vec![None; RADICALS_END - RADICALS_FIRST];
    for line in RADICALS.lines().filter(|l| !l.starts_with('#')) {
        let mut cells = line.split('\t').skip(1);
        let (Some(radical), Some(ideograph)) = (cells.next(), cells.next()) else { continue };
        let (Some(radical), Some(ideograph)) = (radical.chars().next(), ideograph.chars().next()) else { continue };
        if let Some(slot) = (radical as usize).checked_sub(RADICALS_FIRST).and_then(|i| table.get_mut(i)) {
            *slot = Some(ideograph);
        }
    }
    table
});

static HALF_WIDTH_TO_FULL: LazyLock<Vec<char>> = LazyLock::new(|| HALF_WIDTH.chars().collect());

/// The display view of `c`: letters, digits and `％＋－．，／￥` of ASCII width, full-width kana, ideographs for radicals, no ligatures.
pub(super) fn to_display(c: char) -> Change {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％' | '＋' | '－' | '．' | '，' | '／' => {
            char::from_u32(c as u32 - 0xFEE0).map_or(Change::Keep, Change::One)
        }
        '￥' => Change::One('¥'),
        '\u{FF61}'..='\u{FF9F}' => HALF_WIDTH_TO_FULL.get(c as usize - 0xFF61).map_or(Change::Keep, |&k| Change::One(k)),
        '\u{2E80}'..='\u{2FDF}' => {
            RADICAL_TO_IDEOGRAPH.get(c as usize - RADICALS_FIRST).copied().flatten().map_or(Change::Keep, Change::One)
        }
        'ﬀ' => Change::Many("ff"),
        'ﬁ' => Change::Many("fi"),
        'ﬂ' => Change::Many("fl"),
        'ﬃ' => Change::Many("ffi"),
        'ﬄ' => Change::Many("ffl"),
        'ﬅ' | 'ﬆ' => Change::Many("st"),
        '\r' | '\u{C}' => Change::One('\n'),
        _ => Change::Keep,
    }
}

/// The scan view of a character that the display view keeps or gives.
pub(super) fn to_scan(c: char) -> Change {
    match c {
        '～' | '〜' | '∼' | '˜' => Change::One('~'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' => Change::One('-'),
        '▲' => Change::One('△'),
        '→' | '➡' | '⇨' => Change::One('⇒'),
        '（' => Change::One('('),
        '）' => Change::One(')'),
        '：' => Change::One(':'),
        '\u{3000}' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => Change::One(' '),
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => Change::Drop,
        '㋿' => Change::Many("令和"),
        '㍻' => Change::Many("平成"),
        '㍼' => Change::Many("昭和"),
        '㍽' => Change::Many("大正"),
        '㍾' => Change::Many("明治"),
        '㎡' => Change::Many("m2"),
        '₀'..='₉' => char::from_u32(c as u32 - 0x2080 + 0x30).map_or(Change::Keep, Change::One),
        '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => canonical(c).map_or(Change::Keep, Change::One),
        _ => Change::Keep,
    }
}

/// The ASCII digit of a superscript, which is a digit only after a unit's letter (m² but not 10³).
pub(super) fn superscript_digit(c: char) -> Option<char> {
    match c {
        '²' => Some('2'),
        '³' => Some('3'),
        _ => None,
    }
}

/// The ideograph that a compatibility ideograph is canonically the same as (塚 U+FA10 → 塚 U+585A); none for 﨑, which is its own.
fn canonical(c: char) -> Option<char> {
    let (mut out, mut n) = (None, 0);
    unicode_normalization::char::decompose_canonical(c, |d| {
        out = Some(d);
        n += 1;
    });
    out.filter(|&d| n == 1 && d != c)
}

/// Whether `c` may voice the kana before it.
pub(super) fn is_voicing_mark(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309A}' | 'ﾞ' | 'ﾟ')
}

/// The character of a kana and the voicing mark after it, in any width of the mark.
pub(super) fn compose_kana(base: char, mark: char) -> Option<char> {
    let combining = match mark {
        '\u{3099}' | 'ﾞ' => '\u{3099}',
        '\u{309A}' | 'ﾟ' => '\u{309A}',
        _ => return None,
    };
    unicode_normalization::char::compose(base, combining)
}

/// Ranges of code points of which some may change in either view or compose with what stands before them; a test holds them against the functions above.
const NOTABLE_RANGES: [(u32, u32); 26] = [
    (0x0C, 0x0D),
    (0xA0, 0xA0),
    (0xAD, 0xAD),
    (0xB2, 0xB3),
    (0x2DC, 0x2DC),
    (0x2000, 0x200D),
    (0x2010, 0x2015),
    (0x202F, 0x202F),
    (0x205F, 0x2060),
    (0x2080, 0x2089),
    (0x2192, 0x2192),
    (0x21E8, 0x21E8),
    (0x2212, 0x2212),
    (0x223C, 0x223C),
    (0x2500, 0x2500),
    (0x25B2, 0x25B2),
    (0x27A1, 0x27A1),
    (0x2E80, 0x2FDF),
    (0x3000, 0x3000),
    (0x301C, 0x301C),
    (0x3099, 0x309A),
    (0x32FF, 0x32FF),
    (0x337B, 0x337E),
    (0x33A1, 0x33A1),
    (0xF900, 0xFB06),
    (0xFE00, 0xFFE5),
];

/// Whether a character may change in either view or compose with what stands before it.
pub(super) static NOTABLE: Signs = Signs::of(&NOTABLE_RANGES, true);

/// White space, as `char::is_whitespace` has it.
const BLANKS: [(u32, u32); 6] = [(0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0x1680, 0x1680), (0x2028, 0x2029), (0x3000, 0x3000)];

/// Notable characters and white space.
pub(super) static NOTABLE_OR_BLANK: Signs = Signs::of(&NOTABLE_RANGES, true).with(&BLANKS);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_radical_has_its_ideograph_and_the_japanese_ones_win() {
        let lines = RADICALS.lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!(lines, 328);
        assert_eq!(RADICAL_TO_IDEOGRAPH.iter().flatten().count(), 328);
        for (radical, ideograph) in [('⼾', '戸'), ('⿊', '黒'), ('⿈', '黄'), ('⾭', '青'), ('⻘', '青'), ('⽉', '月'), ('⺠', '民')]
        {
            assert_eq!(to_display(radical), Change::One(ideograph));
        }
        let sorted: Vec<&str> = RADICALS.lines().filter(|l| !l.starts_with('#')).collect();
        assert!(sorted.is_sorted());
    }

    #[test]
    fn every_character_that_changes_is_notable() {
        for c in (0..0x1_0000).filter_map(char::from_u32) {
            let changes = to_display(c) != Change::Keep
                || to_scan(c) != Change::Keep
                || superscript_digit(c).is_some()
                || compose_kana('か', c).is_some();
            let notable = NOTABLE.holds(c);
            assert!(!c.is_whitespace() || NOTABLE_OR_BLANK.holds(c), "U+{:04X}", c as u32);
            assert!(notable || !changes, "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn half_width_kana_fill_their_block() {
        assert_eq!(HALF_WIDTH.chars().count(), 0xFF9F - 0xFF61 + 1);
    }
}
