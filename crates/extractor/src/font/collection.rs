//! CIDs of Adobe's character collections → Unicode, by the collections' own UCS2 CMaps (`data/cid_unicode.bin`, by `data/generate_cmaps.py`;
//! BSD-3-Clause, `data/LICENSE-cmap.txt`).
//!
//! Never an inversion of `UniJIS`: 267 of its CIDs are reached from a radical and from an ideograph.

use smol_str::SmolStr;
use std::sync::OnceLock;

/// The table: its layout stands in the head of the generator.
const TABLE: &[u8] = include_bytes!("data/cid_unicode.bin");

/// A collection whose CIDs are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Collection(u8);

impl Collection {
    /// Returns Adobe-Japan1.
    pub(super) const JAPAN1: Collection = Collection(0);

    /// Returns the collection with this ordering (`Japan1`, `GB1`, `CNS1`, `Korea1`, `KR`).
    pub(super) fn named(ordering: &str) -> Option<Collection> {
        let at = ["Japan1", "GB1", "CNS1", "Korea1", "KR"].iter().position(|o| *o == ordering)?;
        u8::try_from(at).ok().map(Collection)
    }
    /// Returns the text of a CID: one character as a rule, several for ㌖-like squares and fractions, with a variation selector for some variants.
    pub(super) fn text(self, cid: u32) -> Option<SmolStr> {
        let part = part(usize::from(self.0))?;
        let at = usize::try_from(cid).ok()?.checked_mul(2)?;
        let value = u16::from_le_bytes(part.values.get(at..)?.get(..2)?.try_into().ok()?);
        match value {
            0 => None,
            0xD800..=0xF8FF => part.exception(usize::from(value) - 0xD800).map(SmolStr::new),
            _ => char::from_u32(u32::from(value)).map(SmolStr::from),
        }
    }
}

/// One collection's part of the table.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// Two bytes a CID.
    values: &'static [u8],
    /// How many texts there are that are more than one character.
    n_exceptions: usize,
    /// Those texts, each after its length, and the parts that follow.
    rest: &'static [u8],
}

impl Part {
    fn starting_at(bytes: &'static [u8]) -> Option<Part> {
        let (&[_, a, b, c, d], rest) = bytes.split_first_chunk()?;
        let (values, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes([a, b])) * 2)?;
        Some(Part { values, n_exceptions: usize::from(u16::from_le_bytes([c, d])), rest })
    }
    /// What begins with an exception: they are walked through, because a document has few of them.
    fn bytes_from(&self, n: usize) -> Option<&'static [u8]> {
        (0..n).try_fold(self.rest, |rest, _| rest.get(1 + usize::from(*rest.first()?)..))
    }
    fn exception(&self, n: usize) -> Option<&'static str> {
        let (&len, text) = self.bytes_from(n).filter(|_| n < self.n_exceptions)?.split_first()?;
        std::str::from_utf8(text.get(..usize::from(len))?).ok()
    }
}

/// The number of collections in the table.
const PARTS: usize = 5;

/// Returns a collection's part. What lies before it is passed over once; a Japanese document needs the first part alone.
fn part(at: usize) -> Option<Part> {
    static FOUND: [OnceLock<Option<Part>>; PARTS] = [const { OnceLock::new() }; PARTS];
    *FOUND.get(at)?.get_or_init(|| {
        let Some(before) = at.checked_sub(1) else { return Part::starting_at(TABLE.get(5..)?) };
        let before = part(before)?;
        Part::starting_at(before.bytes_from(before.n_exceptions)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: the text of the UCS2 CMaps.
    #[test]
    fn cids_as_the_resources_have_them() {
        let check = |ordering: &str, cid, expected: Option<&str>| {
            assert_eq!(Collection::named(ordering).unwrap().text(cid).as_deref(), expected, "{ordering} {cid}");
        };
        check("Japan1", 0, None);
        check("Japan1", 1, Some(" "));
        check("Japan1", 61, Some("¥"));
        check("Japan1", 1125, Some("亜"));
        check("Japan1", 13706, Some("𠮷"));
        check("Japan1", 23058, Some("㋿"));
        check("Japan1", 0x476, Some("芦\u{E0100}"));
        check("Japan1", 0x265B, Some("10/11"));
        check("Japan1", 0x2E6B, Some("オングストローム"));
        check("Japan1", 30000, None);
        check("GB1", 0x22, Some("A"));
        check("CNS1", 0x36B0, Some("\u{200CC}"));
        check("Korea1", 0x60, Some("₩"));
        assert_eq!(Collection::named("Identity"), None);
    }

    #[test]
    fn the_parts_fill_the_table() {
        assert_eq!(usize::from(TABLE[4]), PARTS);
        let parts: Vec<Part> = (0..PARTS).map(|at| part(at).unwrap()).collect();
        for p in &parts {
            assert!((0..p.n_exceptions).all(|n| p.exception(n).is_some_and(|text| !text.is_empty())));
            assert_eq!(p.exception(p.n_exceptions), None);
        }
        let last = parts.last().unwrap();
        assert_eq!(last.bytes_from(last.n_exceptions), Some(&[][..]));
    }
}
