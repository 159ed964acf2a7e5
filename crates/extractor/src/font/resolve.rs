//! A code's text on its way through the decode chain: text, provenance, and the last step common to all fonts.

use super::codes::CodeInfo;
use super::fold::fold;
use jisseki_model::TextSource;
use smol_str::SmolStr;

/// A text and how it was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    text: SmolStr,
    raw: Option<Box<SmolStr>>,
    source: TextSource,
}

/// What stands for a character that can't be known.
const UNKNOWN: SmolStr = SmolStr::new_static("\u{FFFD}");

impl Found {
    /// Returns what a step found, if it found something.
    pub(super) fn some(text: Option<SmolStr>, source: TextSource) -> Option<Found> {
        Some(Found { text: text?, raw: None, source })
    }
    /// Returns the text of a glyph that the embedded program draws without any ink: whatever its name, it is a blank.
    pub(super) fn blank() -> Found {
        Found { text: SmolStr::new_static(" "), raw: None, source: TextSource::FontCmap }
    }
    /// Returns the honest end of the chain; `raw` keeps a private-use character that the file gave.
    pub(super) fn none(raw: Option<SmolStr>) -> Found {
        Found { text: UNKNOWN, raw: raw.map(Box::new), source: TextSource::None }
    }
    /// Returns the code's info, radicals and presentation forms replaced.
    pub(super) fn into_info(self, code: u32, code_len: u8, cid: u32, width: f32, vertical: f32) -> CodeInfo {
        let (text, raw) = match fold(&self.text) {
            Some(folded) => (folded, Some(Box::new(self.text))),
            None => (self.text, self.raw),
        };
        let usual = self.source != TextSource::None && text.chars().next().is_none_or(is_usual);
        CodeInfo { code, code_len, cid, text, raw, source: self.source, usual, width, vertical }
    }
}

/// Tells whether a text that begins so needs no second look: white space, or a character of a Japanese document that is no U+2027.
pub(crate) fn is_usual(c: char) -> bool {
    c.is_whitespace() || is_in_script(c) && c != '\u{2027}'
}

/// Tells whether a character is of a script of Japanese documents: Latin, Greek, Cyrillic, kana, Han, symbols; private marks are of none of them.
pub(crate) fn is_in_script(c: char) -> bool {
    matches!(u32::from(c),
        0x20..=0x7E | 0xA0..=0x52F | 0x1E00..=0x27FF | 0x2900..=0x2BFF | 0x2E80..=0x312F | 0x3190..=0x9FFF
        | 0xF900..=0xFB06 | 0xFE00..=0xFE6F | 0xFF00..=0xFFEF | 0x1D400..=0x1D7FF | 0x1F000..=0x1FAFF | 0x20000..=0x3FFFF)
}

/// Returns a character as text.
pub(super) fn char_to_text(c: char) -> SmolStr {
    SmolStr::from(c)
}
