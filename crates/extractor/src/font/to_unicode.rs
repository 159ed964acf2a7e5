//! `ToUnicode`, sanitized: which of its entries can be believed (ISO 32000-2 §9.10.3).
//!
//! Not counted: U+0000 and other controls, U+FFFD, private use, noncharacters, lone surrogates, and the degenerate identity
//! `<0000> <FFFF> <0000>` that some producers write for fonts they know nothing of.

use super::cmap::{BfTarget, Parsed};
use super::range_map::RangeMap;
use smol_str::SmolStr;

/// A font's `ToUnicode` CMap.
#[derive(Debug, Clone, Default)]
pub(super) struct ToUnicode {
    /// Entries whose codes have a length that the font's encoding has.
    fitting: RangeMap<BfTarget>,
    /// The others. They say something only where nothing else does.
    unfitting: RangeMap<BfTarget>,
    units: Vec<u16>,
    /// Entries that map a code to itself are of no use.
    degenerate: bool,
}

/// A map of at least so many two-byte codes to themselves says nothing. The real ones seen cover all 65,536; no real font has Unicode values
/// for glyph ids over such a stretch.
const DEGENERATE: u64 = 0xF000;

impl ToUnicode {
    /// Returns the map of a parsed CMap. `fits` says whether codes of a length can occur in the font's strings.
    pub(super) fn new(parsed: Parsed, fits: impl Fn(u8) -> bool) -> ToUnicode {
        let units = parsed.units;
        let is_identity = |&&(_, lo, _, t): &&(u8, u32, u32, BfTarget)| {
            target_units(&units, t).is_some_and(|u| matches!(u, [one] if u32::from(*one) == lo))
        };
        let same: u64 = parsed.texts.iter().filter(|r| r.0 >= 2).filter(is_identity).map(|r| u64::from(r.2.saturating_sub(r.1)) + 1).sum();
        let of = |wanted: bool| RangeMap::new(parsed.texts.iter().filter(|r| fits(r.0) == wanted).map(|r| (r.1, r.2, r.3)).collect());
        ToUnicode { fitting: of(true), unfitting: of(false), degenerate: same >= DEGENERATE, units }
    }
    /// Returns the text of a code, where an entry of the right length says it soundly.
    pub(super) fn text(&self, code: u32) -> Option<SmolStr> {
        self.sound(&self.fitting, code)
    }
    /// Returns the text that an entry with a code length of another font's encoding gives: better than nothing, worse than anything else.
    pub(super) fn last_resort(&self, code: u32) -> Option<SmolStr> {
        self.sound(&self.unfitting, code)
    }
    /// Returns the text of a code that a degenerate identity maps to itself: right where codes are no glyph ids but characters.
    pub(super) fn identity(&self, code: u32) -> Option<SmolStr> {
        self.decoded(&self.fitting, code).filter(|t| self.degenerate && t.chars().map(u32::from).eq([code]) && is_sound(t))
    }
    /// Returns the entry as it stands, sound or not, for the record.
    pub(super) fn unsound(&self, code: u32) -> Option<SmolStr> {
        self.decoded(&self.fitting, code).filter(|t| !self.degenerate && !t.is_empty() && t.chars().all(is_private))
    }
    /// Tells whether any entry can be of use.
    pub(super) fn is_useful(&self) -> bool {
        let sound =
            |map: &RangeMap<BfTarget>| map.spans().iter().any(|s| self.sound(map, s.lo).is_some() || self.sound(map, s.hi).is_some());
        sound(&self.fitting) || sound(&self.unfitting)
    }
    fn sound(&self, map: &RangeMap<BfTarget>, code: u32) -> Option<SmolStr> {
        let text = self.decoded(map, code)?;
        let identity = self.degenerate && text.chars().map(u32::from).eq([code]);
        (!identity && is_sound(&text)).then_some(text)
    }
    fn decoded(&self, map: &RangeMap<BfTarget>, code: u32) -> Option<SmolStr> {
        let (target, beyond) = map.get(code)?;
        let (last, head) = target_units(&self.units, target)?.split_last()?;
        // §9.10.3 counts up the last byte only; producers that go on over its end mean the number.
        let last = u16::try_from(u32::from(*last).checked_add(beyond)?).ok()?;
        char::decode_utf16(head.iter().copied().chain([last])).collect::<Result<SmolStr, _>>().ok()
    }
}

fn target_units(units: &[u16], target: BfTarget) -> Option<&[u16]> {
    units.get(usize::try_from(target.start).ok()?..)?.get(..usize::from(target.len))
}

/// Tells whether a text can be what an author wrote.
pub(super) fn is_sound(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_sound_char)
}

/// Tells whether a character can be what an author wrote: no control, no replacement, no private use, no noncharacter.
pub(super) fn is_sound_char(c: char) -> bool {
    let noncharacter = u32::from(c) & 0xFFFE == 0xFFFE || ('\u{FDD0}'..='\u{FDEF}').contains(&c);
    let control = c.is_control() && c != '\t';
    !(control || noncharacter || is_private(c) || matches!(c, '\u{FFFD}' | '\u{FEFF}'))
}

/// Tells whether a character is for private use.
pub(super) fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::super::cmap::parse;
    use super::*;

    fn check(cmap: &str, code: u32, expected: Option<&str>) {
        let map = ToUnicode::new(parse(cmap.as_bytes(), 1000), |len| len == 2);
        assert_eq!(map.text(code).as_deref(), expected, "{cmap} {code:x}");
    }

    #[test]
    fn sound_entries_count() {
        check("beginbfchar <0003> <30B5> endbfchar", 3, Some("サ"));
        check("beginbfrange <0003> <0007> <30B5> endbfrange", 5, Some("\u{30B7}"));
        check("beginbfrange <0003> <0007> <004100FF> endbfrange", 5, Some("A\u{101}"));
        check("beginbfchar <0003> <D842DFB7> endbfchar", 3, Some("𠮷"));
        check("beginbfrange <0010> <0012> <D842DFB6> endbfrange", 0x11, Some("𠮷"));
    }

    #[test]
    fn unsound_entries_do_not() {
        for target in ["0000", "FFFD", "E001", "F0B7", "FFFF", "D842", "0003", "", "00410000", "DBC0DC00"] {
            check(&format!("beginbfchar <0003> <{target}> endbfchar"), 3, None);
        }
        check("beginbfchar <41> <0041> endbfchar", 0x41, None);
        check("beginbfrange <0000> <FFFF> <0000> endbfrange", 0x41, None);
        let rows: String = (0..=255).map(|r| format!("<{r:02X}00> <{r:02X}FF> <{r:02X}00> ")).collect();
        check(&format!("beginbfrange {rows} endbfrange beginbfchar <0042> <0061> endbfchar"), 0x41, None);
        check(&format!("beginbfrange {rows} endbfrange beginbfchar <0042> <0061> endbfchar"), 0x42, Some("a"));
    }

    #[test]
    fn a_small_identity_is_no_degenerate_one() {
        check("beginbfrange <0020> <007E> <0020> endbfrange", 0x41, Some("A"));
    }

    #[test]
    fn entries_of_another_length_are_the_last_resort() {
        let map = ToUnicode::new(parse(b"beginbfchar <41> <0061> endbfchar", 10), |len| len == 2);
        assert_eq!((map.text(0x41), map.last_resort(0x41).as_deref()), (None, Some("a")));
    }

    #[test]
    fn private_use_is_kept_for_the_record() {
        let map = ToUnicode::new(parse(b"beginbfchar <0041> <E001> endbfchar", 10), |len| len == 2);
        assert_eq!((map.text(0x41), map.unsound(0x41).as_deref()), (None, Some("\u{E001}")));
    }
}
