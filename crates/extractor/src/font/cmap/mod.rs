//! CMaps: how a string splits into character codes, and code → CID (ISO 32000-2 §9.7.5, Adobe Technical Notes 5014 and 5411).
//!
//! Goes in: a CMap's bytes ([`parse`]) or a predefined one's name ([`pack`]). Comes out: [`CMap`].
//!
//! *Invariant:* ranges stay ranges; nothing is expanded code by code.

mod lex;
mod pack;
mod parse;

pub(super) use pack::predefined;
pub(super) use parse::{BfTarget, Parsed, parse};

use super::range_map::RangeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Codes of `len` bytes, each byte within its own bounds (Technical Note 5014 §4.1: a rectangle, not a number range).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CodeSpace {
    pub(super) len: u8,
    pub(super) lo: u32,
    pub(super) hi: u32,
}

impl CodeSpace {
    /// The bytes that a code may begin with.
    fn first_bytes(self) -> RangeInclusive<usize> {
        let first = |code: u32| (code >> (8 * u32::from(self.len.clamp(1, 4) - 1)) & 0xFF) as usize;
        first(self.lo)..=first(self.hi)
    }
    /// Tells whether the first bytes of a code (big-endian in `code`, `len` of them) lie within the bounds.
    fn holds_start(self, code: u32, len: u8) -> bool {
        let byte = |value: u32, of: u8, i: u8| value >> (8 * u32::from(of - 1 - i)) & 0xFF;
        len <= self.len && (0..len).all(|i| (byte(self.lo, self.len, i)..=byte(self.hi, self.len, i)).contains(&byte(code, len, i)))
    }
}

/// How the bytes of a code are read before its ranges are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As the codespace ranges say; ranges are over codes.
    Codes,
    /// Two bytes, and the CID is the code.
    Identity,
    /// UTF-16, big-endian; the parent's ranges are over scalar values.
    Utf16,
    /// UTF-8; the parent's ranges are over scalar values.
    Utf8,
}

/// A CMap that gives CIDs.
#[derive(Debug, Clone)]
pub(super) struct CMap {
    /// Vertical writing.
    pub(super) vertical: bool,
    /// The character collection's ordering (`Japan1`), where the CMap names it.
    pub(super) ordering: Option<String>,
    form: Form,
    spaces: Vec<CodeSpace>,
    /// Length of the codes that begin with this byte; [`NO_CODE`], or [`MANY`] where it depends on further bytes.
    lengths: [u8; 256],
    /// Ranges by code length less one.
    cids: [RangeMap<u32>; 4],
    /// The CMap this one adds to.
    parent: Option<Arc<CMap>>,
}

const NO_CODE: u8 = 0;
const MANY: u8 = 255;

impl CMap {
    /// Returns `Identity-H` or `Identity-V`.
    pub(super) fn identity(vertical: bool) -> CMap {
        let spaces = vec![CodeSpace { len: 2, lo: 0, hi: 0xFFFF }];
        CMap { form: Form::Identity, ..CMap::new(vertical, None, spaces, Vec::new(), None) }
    }
    /// Returns the CMap of these parts; without codespace ranges of its own it has its parent's, and with none at all two-byte codes.
    pub(super) fn new(
        vertical: bool,
        ordering: Option<String>,
        mut spaces: Vec<CodeSpace>,
        cids: Vec<(u8, u32, u32, u32)>,
        parent: Option<Arc<CMap>>,
    ) -> CMap {
        if let Some(p) = &parent {
            spaces.extend(p.spaces.iter().copied());
        }
        if spaces.is_empty() {
            spaces.push(CodeSpace { len: 2, lo: 0, hi: 0xFFFF });
        }
        let of_length = |len: u8| RangeMap::new(cids.iter().filter(|r| r.0 == len).map(|r| (r.1, r.2, r.3)).collect());
        let cids = [of_length(1), of_length(2), of_length(3), of_length(4)];
        CMap { vertical, ordering, form: Form::Codes, lengths: spaces_to_lengths(&spaces), spaces, cids, parent }
    }
    /// The same ranges over the scalar values of a Unicode encoding form.
    fn with_form(self, form: Form) -> CMap {
        let length = |first: u8| match (form, first) {
            (Form::Utf16, 0xD8..=0xDB) => MANY,
            (Form::Utf16, _) => 2,
            (Form::Utf8, _) => utf8_length(first),
            (Form::Codes | Form::Identity, _) => self.lengths[usize::from(first)],
        };
        CMap { form, lengths: std::array::from_fn(|first| length(first as u8)), ..self }
    }
    /// Tells whether the CMap maps every two-byte code to itself.
    pub(super) fn is_identity(&self) -> bool {
        self.form == Form::Identity
    }
    /// Tells whether codes of a length can occur.
    pub(super) fn has_codes_of(&self, len: u8) -> bool {
        match self.form {
            Form::Identity => len == 2,
            Form::Utf16 => matches!(len, 2 | 4),
            Form::Utf8 => true,
            Form::Codes => self.spaces.iter().any(|s| s.len == len),
        }
    }
    /// Takes the next code off a string: its value and its length. None at the end.
    ///
    /// A code that no codespace range holds takes the bytes of the best partial match, as §9.7.6.3 has it; a cut code at the end is passed over.
    #[inline]
    pub(super) fn take_code(&self, bytes: &mut &[u8]) -> Option<(u32, u8)> {
        let (code, len, rest) = match (self.lengths[usize::from(*bytes.first()?)], *bytes) {
            (2, &[first, second, ref rest @ ..]) => (u32::from(first) << 8 | u32::from(second), 2, rest),
            (1, &[first, ref rest @ ..]) => (u32::from(first), 1, rest),
            (len, bytes) => self.uncommon_code(bytes, len)?,
        };
        *bytes = rest;
        Some((code, len))
    }
    /// The code that a string begins with, its length, and what follows it, where the code is long or cut or its first byte alone does not tell.
    #[cold]
    fn uncommon_code<'b>(&self, bytes: &'b [u8], len: u8) -> Option<(u32, u8, &'b [u8])> {
        let len = if len == NO_CODE || len == MANY { self.uncommon_length(bytes, *bytes.first()?) } else { len };
        let (code, rest) = bytes.split_at_checked(usize::from(len))?;
        Some((code.iter().fold(0, |value, &b| value << 8 | u32::from(b)), len, rest))
    }
    /// Where the first byte alone does not tell.
    fn uncommon_length(&self, bytes: &[u8], first: u8) -> u8 {
        match self.form {
            Form::Utf16 => utf16_length(bytes),
            Form::Utf8 => utf8_length(first),
            Form::Codes | Form::Identity if self.lengths[usize::from(first)] == NO_CODE => self.shortest(),
            Form::Codes | Form::Identity => self.match_length(bytes),
        }
    }
    /// Returns the CID of a code of `len` bytes.
    pub(super) fn cid(&self, code: u32, len: u8) -> Option<u32> {
        match self.form {
            Form::Identity => Some(code),
            Form::Utf16 => self.parent.as_ref()?.cid(utf16_to_scalar(code, len)?, 4),
            Form::Utf8 => self.parent.as_ref()?.cid(utf8_to_scalar(code, len)?, 4),
            Form::Codes => {
                let own = self.cids.get(usize::from(len.checked_sub(1)?))?.get(code);
                match own {
                    Some((cid, beyond)) => cid.checked_add(beyond),
                    None => self.parent.as_ref()?.cid(code, len),
                }
            }
        }
    }
    fn shortest(&self) -> u8 {
        self.spaces.iter().map(|s| s.len).min().unwrap_or(1)
    }
    /// Several code lengths share a first byte: the shortest full match counts, else the longest partial one's length.
    fn match_length(&self, bytes: &[u8]) -> u8 {
        let (mut code, mut best) = (0, self.shortest());
        for (len, &b) in (1u8..=4).zip(bytes) {
            code = code << 8 | u32::from(b);
            let mut alive = self.spaces.iter().filter(|s| s.holds_start(code, len));
            let Some(one) = alive.next() else { return best };
            if one.len == len || alive.any(|s| s.len == len) {
                return len;
            }
            best = one.len;
        }
        best
    }
}

fn spaces_to_lengths(spaces: &[CodeSpace]) -> [u8; 256] {
    let mut lengths = [NO_CODE; 256];
    for space in spaces {
        for slot in lengths.get_mut(space.first_bytes()).unwrap_or_default() {
            *slot = if *slot == NO_CODE || *slot == space.len { space.len } else { MANY };
        }
    }
    lengths
}

fn utf16_length(bytes: &[u8]) -> u8 {
    let pair = matches!(bytes, [0xD8..=0xDB, _, 0xDC..=0xDF, _, ..]);
    if pair { 4 } else { 2 }
}

fn utf8_length(first: u8) -> u8 {
    match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    }
}

/// Returns the scalar value of one UTF-16 code (two bytes, or a surrogate pair as four).
pub(super) fn utf16_to_scalar(code: u32, len: u8) -> Option<u32> {
    let scalar = match len {
        2 => code,
        4 => 0x1_0000 + ((code >> 16 & 0x3FF) << 10 | code & 0x3FF),
        _ => return None,
    };
    char::from_u32(scalar).map(u32::from)
}

/// Returns the scalar value of one UTF-8 sequence, its bytes big-endian in `code`.
pub(super) fn utf8_to_scalar(code: u32, len: u8) -> Option<u32> {
    let bytes = code.to_be_bytes();
    let bytes = bytes.get(4usize.checked_sub(usize::from(len))?..)?;
    std::str::from_utf8(bytes).ok()?.chars().next().map(u32::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(cmap: &CMap, mut bytes: &[u8]) -> Vec<(u32, u8)> {
        let mut out = Vec::new();
        while let Some(code) = cmap.take_code(&mut bytes) {
            out.push(code);
        }
        out
    }

    #[test]
    fn shift_jis_strings_split_by_their_first_byte() {
        let cmap = predefined(b"90ms-RKSJ-H").unwrap();
        assert_eq!(codes(&cmap, b"A\x82\xA0\xB1\x88\x9F"), [(0x41, 1), (0x82A0, 2), (0xB1, 1), (0x889F, 2)]);
        assert_eq!(codes(&cmap, b"\x82"), [], "a cut code at the end is no character");
    }

    #[test]
    fn mixed_lengths_need_further_bytes() {
        let spaces = vec![
            CodeSpace { len: 1, lo: 0, hi: 0x80 },
            CodeSpace { len: 2, lo: 0x8140, hi: 0x9FFC },
            CodeSpace { len: 4, lo: 0x9030_8130, hi: 0x9039_FE39 },
        ];
        let cmap = CMap::new(false, None, spaces, vec![(2, 0x8140, 0x8141, 5)], None);
        assert_eq!(codes(&cmap, b"\x20\x90\x40\x90\x30\x81\x30\x81\x41"), [(0x20, 1), (0x9040, 2), (0x9030_8130, 4), (0x8141, 2)]);
        assert_eq!((cmap.cid(0x8141, 2), cmap.cid(0x8142, 2), cmap.cid(0x41, 1)), (Some(6), None, None));
    }

    #[test]
    fn surrogate_pairs_are_one_code() {
        let cmap = predefined(b"UniJIS-UTF16-H").unwrap();
        assert_eq!(codes(&cmap, &[0x50, 0x3E, 0xD8, 0x42, 0xDF, 0xB7, 0xD8, 0x42]), [(0x503E, 2), (0xD842_DFB7, 4), (0xD842, 2)]);
        assert_eq!(cmap.cid(0xD884_DF50, 4), Some(19130));
        assert_eq!(cmap.cid(0x5BCC, 2), Some(3531));
        assert_eq!(predefined(b"UniJIS-UTF8-H").unwrap().cid(0xE5_AF8C, 3), Some(3531));
    }
}
