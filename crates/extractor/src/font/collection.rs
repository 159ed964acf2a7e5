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
        let part = parts().get(usize::from(self.0))?;
        let at = usize::try_from(cid).ok()?.checked_mul(2)?;
        let value = u16::from_le_bytes(part.values.get(at..)?.get(..2)?.try_into().ok()?);
        match value {
            0 => None,
            0xD800..=0xF8FF => part.exceptions.get(usize::from(value) - 0xD800).map(|e| SmolStr::new(*e)),
            _ => char::from_u32(u32::from(value)).map(|c| SmolStr::new_inline(c.encode_utf8(&mut [0; 4]))),
        }
    }
}

struct Part {
    values: &'static [u8],
    exceptions: Vec<&'static str>,
}

fn parts() -> &'static [Part] {
    static PARTS: OnceLock<Vec<Part>> = OnceLock::new();
    PARTS.get_or_init(|| {
        let mut rest = TABLE.get(5..).unwrap_or_default();
        std::iter::from_fn(|| part(&mut rest)).collect()
    })
}

fn part(rest: &mut &'static [u8]) -> Option<Part> {
    let take = |rest: &mut &'static [u8], n: usize| {
        let (taken, after) = rest.split_at_checked(n)?;
        *rest = after;
        Some(taken)
    };
    take(rest, 1)?;
    let count = usize::from(u16::from_le_bytes(take(rest, 2)?.try_into().ok()?));
    let exceptions = usize::from(u16::from_le_bytes(take(rest, 2)?.try_into().ok()?));
    let values = take(rest, count * 2)?;
    let exceptions = (0..exceptions).map_while(|_| {
        let len = usize::from(*take(rest, 1)?.first()?);
        std::str::from_utf8(take(rest, len)?).ok()
    });
    Some(Part { values, exceptions: exceptions.collect() })
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
}
