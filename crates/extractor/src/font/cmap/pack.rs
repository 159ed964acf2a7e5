//! Predefined CMaps: a compact table of the Adobe CMap resources (`data/cmaps.bin`, by `data/generate_cmaps.py`; BSD-3-Clause, `data/LICENSE-cmap.txt`).

use super::{CMap, CodeSpace, Form};
use std::sync::{Arc, OnceLock};

/// The table: its layout stands in the head of the generator.
const PACK: &[u8] = include_bytes!("../data/cmaps.bin");

/// The orderings by number.
const ORDERINGS: [&str; 6] = ["Japan1", "GB1", "CNS1", "Korea1", "KR", "Japan2"];

/// CMaps of the table use one another three deep (`UTF16-V` → `UTF32-V` → `UTF32-H`).
const MAX_DEPTH: usize = 8;

/// Returns the predefined CMap of a name; none where it is not predefined. Each is unpacked once a process.
pub(in crate::font) fn predefined(name: &[u8]) -> Option<Arc<CMap>> {
    match name {
        b"Identity-H" => Some(identity(false)),
        b"Identity-V" => Some(identity(true)),
        _ => {
            let at = directory().binary_search_by(|e| e.name.cmp(name)).ok()?;
            unpacked(at, MAX_DEPTH)
        }
    }
}

/// `Identity-H` or `Identity-V`.
fn identity(vertical: bool) -> Arc<CMap> {
    static MADE: [OnceLock<Arc<CMap>>; 2] = [const { OnceLock::new() }; 2];
    let [horizontal, other] = &MADE;
    let place = if vertical { other } else { horizontal };
    Arc::clone(place.get_or_init(|| Arc::new(CMap::identity(vertical))))
}

struct Entry {
    name: &'static [u8],
    body: &'static [u8],
    unpacked: OnceLock<Option<Arc<CMap>>>,
}

fn directory() -> &'static [Entry] {
    static DIRECTORY: OnceLock<Vec<Entry>> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let mut reader = Reader(PACK.get(4..).unwrap_or_default());
        let count = reader.take(2).map_or(0, |n| n.iter().rev().fold(0, |v, &b| v << 8 | usize::from(b)));
        (0..count).map_while(|_| reader.entry()).collect()
    })
}

fn unpacked(at: usize, depth: usize) -> Option<Arc<CMap>> {
    let entry = directory().get(at)?;
    if let Some(done) = entry.unpacked.get() {
        return done.clone();
    }
    let made = body_to_cmap(entry.body, depth.checked_sub(1)?).map(Arc::new);
    entry.unpacked.get_or_init(|| made).clone()
}

fn body_to_cmap(body: &'static [u8], depth: usize) -> Option<CMap> {
    let mut reader = Reader(body);
    let vertical = reader.byte()? == 1;
    let ordering = ORDERINGS.get(usize::from(reader.byte()?)).map(|o| (*o).to_owned());
    let form = reader.byte()?;
    let parent = match reader.varint()?.checked_sub(1) {
        Some(at) => Some(unpacked(usize::try_from(at).ok()?, depth)?),
        None => None,
    };
    let mut spaces = Vec::new();
    for _ in 0..reader.varint()? {
        spaces.push(CodeSpace { len: reader.byte()?, lo: reader.varint()?, hi: reader.varint()? });
    }
    let cmap = CMap::new(vertical, ordering, spaces, reader.ranges()?, parent);
    Some(match form {
        1 => cmap.with_form(Form::Utf16),
        2 => cmap.with_form(Form::Utf8),
        _ => cmap,
    })
}

struct Reader(&'static [u8]);

impl Reader {
    fn take(&mut self, n: usize) -> Option<&'static [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }
    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }
    fn varint(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for shift in [0, 7, 14, 21, 28] {
            let b = self.byte()?;
            value |= u32::from(b & 0x7F) << shift;
            if b < 0x80 {
                return Some(value);
            }
        }
        None
    }
    fn u32(&mut self) -> Option<u32> {
        Some(self.take(4)?.iter().rev().fold(0, |v, &b| v << 8 | u32::from(b)))
    }
    fn entry(&mut self) -> Option<Entry> {
        let len = usize::from(self.byte()?);
        let name = self.take(len)?;
        let (at, len) = (usize::try_from(self.u32()?).ok()?, usize::try_from(self.u32()?).ok()?);
        Some(Entry { name, body: PACK.get(at..)?.get(..len)?, unpacked: OnceLock::new() })
    }
    fn ranges(&mut self) -> Option<Vec<(u8, u32, u32, u32)>> {
        let mut ranges = Vec::new();
        loop {
            let len = self.byte()?;
            if len == 0 {
                return Some(ranges);
            }
            let (mut end, mut next_cid) = (0u32, 0u32);
            for _ in 0..self.varint()? {
                let lo = end.wrapping_add(self.varint()?);
                let hi = lo.wrapping_add(self.varint()?);
                let step = self.varint()?;
                let cid = next_cid.wrapping_add(if step % 2 == 0 { step / 2 } else { (step / 2 + 1).wrapping_neg() });
                ranges.push((len, lo, hi, cid));
                end = hi.wrapping_add(1);
                next_cid = cid.wrapping_add(hi - lo).wrapping_add(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cmap_of_the_table_unpacks() {
        assert!(directory().len() > 140, "{}", directory().len());
        for entry in directory() {
            let cmap = predefined(entry.name).unwrap();
            assert_eq!(cmap.vertical, entry.name.ends_with(b"-V") || entry.name == b"V", "{}", String::from_utf8_lossy(entry.name));
        }
    }

    /// Expected values: the text of the Adobe CMap resources.
    #[test]
    fn cids_as_the_resources_have_them() {
        let check = |name: &[u8], code, len, cid| {
            assert_eq!(predefined(name).unwrap().cid(code, len), cid, "{} {code:x}", String::from_utf8_lossy(name))
        };
        check(b"90ms-RKSJ-H", 0x20, 1, Some(231));
        check(b"90ms-RKSJ-H", 0x889F, 2, Some(1125));
        check(b"90ms-RKSJ-V", 0x8141, 2, Some(7887));
        check(b"90ms-RKSJ-V", 0x889F, 2, Some(1125));
        check(b"90msp-RKSJ-H", 0x20, 1, Some(1));
        check(b"H", 0x3021, 2, Some(1125));
        check(b"EUC-H", 0xB0A1, 2, Some(1125));
        check(b"UniJIS-UCS2-H", 0x4E9C, 2, Some(1125));
        check(b"UniJIS-UCS2-HW-H", 0x20, 2, Some(231));
        check(b"UniJIS-UTF16-H", 0x32FF, 2, Some(23058));
        check(b"UniJIS-UTF32-H", 0x20BB7, 4, Some(13706));
        check(b"GBK-EUC-H", 0x20, 1, Some(7716));
        check(b"KSC-EUC-H", 0xA1A1, 2, Some(101));
        check(b"ETen-B5-H", 0xA140, 2, Some(99));
        check(b"90ms-RKSJ-H", 0x8540, 2, None);
    }
}
