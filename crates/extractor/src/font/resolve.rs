//! A code's text on its way through the decode chain: text, provenance, and the last step common to all fonts.

use super::codes::{CodeInfo, Vertical};
use super::fold::fold;
use jisseki_model::TextSource;
use smol_str::SmolStr;

/// A text and how it was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    text: SmolStr,
    raw: Option<SmolStr>,
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
        Found { text: UNKNOWN, raw, source: TextSource::None }
    }
    /// Returns the code's info, radicals and presentation forms replaced.
    pub(super) fn into_info(self, code: u32, code_len: u8, cid: u32, width: f32, vertical: Vertical) -> CodeInfo {
        let (text, raw) = match fold(&self.text) {
            Some(folded) => (folded, Some(self.text)),
            None => (self.text, self.raw),
        };
        CodeInfo { code, code_len, cid, text, raw, source: self.source, width, vertical }
    }
}

/// Returns a character as text.
pub(super) fn char_to_text(c: char) -> SmolStr {
    SmolStr::new_inline(c.encode_utf8(&mut [0; 4]))
}
