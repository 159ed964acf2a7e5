//! What is known of each character code, computed at first sight and shared between threads.

use jisseki_model::TextSource;
use once_cell::race::OnceBox;
use smol_str::SmolStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};

/// One character code of a font.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeInfo {
    /// The code.
    pub code: u32,
    /// How many bytes it takes in a string; word spacing applies to the one-byte code 32 only (§9.3.3).
    pub code_len: u8,
    /// The CID of a composite font, else the code.
    pub cid: u32,
    /// The text; U+FFFD when unknown.
    pub text: SmolStr,
    /// The text before a radical or presentation form was replaced, where it was; the private-use text of a glyph that has no other.
    pub raw: Option<Box<SmolStr>>,
    /// How the text was found.
    pub source: TextSource,
    /// The text is known and begins with white space or a character of a Japanese document, other than U+2027: a page of such texts is sound.
    pub usual: bool,
    /// Horizontal advance in 1/1000 em (Type 3: in glyph space).
    pub width: f32,
    /// Vertical advance in 1/1000 em, negative downwards (`W2`/`DW2`, §9.7.4.3).
    pub vertical: f32,
}

// A document has hundreds of them, and memory touched is time.
const _: () = assert!(size_of::<OnceLock<CodeInfo>>() <= 64);

/// Codes of a block.
const BLOCK: usize = 128;
/// One-byte codes have blocks of their own, before those of two-byte codes: in a mixed encoding <41> and <0041> are two codes.
const ONE_BYTE: usize = 0x100;
const TWO_BYTES: usize = 0x1_0000;

/// The numbers of a block's infos, 0 where a code was not seen yet. Japanese pages touch codes all over the range and few of each block: a place is
/// two bytes, and the infos stand close together elsewhere.
type Block = [AtomicU16; BLOCK];

/// Lazily filled infos by code. Codes of three and four bytes, and those beyond the last number, are computed each time.
#[derive(Debug)]
pub(super) struct CodeTable {
    blocks: Box<[OnceBox<Block>]>,
    infos: Infos,
}

impl CodeTable {
    /// Returns the table of a simple or composite font.
    pub(super) fn new(composite: bool) -> CodeTable {
        let codes = if composite { ONE_BYTE + TWO_BYTES } else { ONE_BYTE };
        CodeTable { blocks: (0..codes / BLOCK).map(|_| OnceBox::new()).collect(), infos: Infos::default() }
    }
    /// Calls `each` with the code's info, computed by `make` at first sight.
    #[inline(always)]
    pub(super) fn with(&self, code: u32, code_len: u8, make: impl Fn() -> CodeInfo, mut each: impl FnMut(&CodeInfo)) {
        let made;
        let place = self.place(code, code_len);
        let info = match place.and_then(|p| self.infos.get(p.load(Ordering::Acquire))) {
            Some(info) => info,
            None => match place.and_then(|place| self.fill(place, &make)) {
                Some(info) => info,
                None => {
                    made = make();
                    &made
                }
            },
        };
        each(info);
    }
    /// The place of a code's number; codes of three and four bytes have none.
    #[inline(always)]
    fn place(&self, code: u32, code_len: u8) -> Option<&AtomicU16> {
        let at = match code_len {
            1 => code as usize,
            2 => code as usize + ONE_BYTE,
            _ => return None,
        };
        let block = self.blocks.get(at / BLOCK)?.get_or_init(|| Box::new([const { AtomicU16::new(0) }; BLOCK]));
        block.get(at % BLOCK)
    }
    /// Apart from the way of the codes seen before, which are nearly all. Two threads that see a code at once may both compute it; one of the numbers
    /// stays.
    #[cold]
    #[inline(never)]
    fn fill(&self, place: &AtomicU16, make: impl Fn() -> CodeInfo) -> Option<&CodeInfo> {
        let number = self.infos.push(make())?;
        let kept = place.compare_exchange(0, number, Ordering::AcqRel, Ordering::Acquire).map_or_else(|other| other, |_| number);
        self.infos.get(kept)
    }
    /// Returns every code seen so far.
    pub(super) fn seen(&self) -> impl Iterator<Item = &CodeInfo> {
        let places = self.blocks.iter().filter_map(OnceBox::get).flatten();
        places.filter_map(|place| self.infos.get(place.load(Ordering::Acquire)))
    }
}

/// Infos by number, from 1 on, in lists that are made when they are needed: those from 2ᵏ on are in the k-th. None is moved once it is there.
#[derive(Debug, Default)]
struct Infos {
    /// How many numbers were given.
    n: AtomicU32,
    lists: [OnceLock<Box<[OnceLock<CodeInfo>]>>; u16::BITS as usize],
}

impl Infos {
    #[inline(always)]
    fn get(&self, number: u16) -> Option<&CodeInfo> {
        let list = number.checked_ilog2()?;
        self.lists.get(list as usize)?.get()?.get(usize::from(number ^ 1 << list))?.get()
    }
    /// Keeps an info and returns its number; none where all numbers are given.
    fn push(&self, info: CodeInfo) -> Option<u16> {
        let number = u16::try_from(self.n.fetch_add(1, Ordering::Relaxed).checked_add(1)?).ok()?;
        let list = number.checked_ilog2()?;
        let slots = self.lists.get(list as usize)?.get_or_init(|| (0..1u32 << list).map(|_| OnceLock::new()).collect());
        slots.get(usize::from(number ^ 1 << list))?.set(info).ok().map(|()| number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    fn info(code: u32, code_len: u8) -> CodeInfo {
        let source = TextSource::None;
        CodeInfo { code, code_len, cid: 0, text: SmolStr::default(), raw: None, source, usual: false, width: 0.0, vertical: 0.0 }
    }

    /// Shows codes, and returns how many were computed.
    fn show(table: &CodeTable, codes: impl Iterator<Item = (u32, u8)>) -> usize {
        let n_made = AtomicUsize::new(0);
        for (code, len) in codes {
            let make = || {
                n_made.fetch_add(1, Ordering::Relaxed);
                info(code, len)
            };
            table.with(code, len, make, |info| assert_eq!((info.code, info.code_len), (code, len)));
        }
        n_made.into_inner()
    }

    fn two_bytes(step: usize) -> impl Iterator<Item = (u32, u8)> {
        (0..0x1_0000).rev().step_by(step).map(|code| (code, 2))
    }

    #[test]
    fn codes_are_computed_once_and_seen_in_their_order() {
        let table = CodeTable::new(true);
        let codes = || two_bytes(7).chain((0..0x100).map(|code| (code, 1)));
        assert_eq!(show(&table, codes()), codes().count());
        assert_eq!(show(&table, codes()), 0);
        assert_eq!(show(&table, [(0x01_0203, 3), (0x01_0203, 3)].into_iter()), 2);
        let mut sorted: Vec<_> = codes().map(|(code, len)| (len, code)).collect();
        sorted.sort_unstable();
        assert_eq!(table.seen().map(|i| (i.code_len, i.code)).collect::<Vec<_>>(), sorted);
    }

    #[test]
    fn codes_beyond_the_last_number_are_computed_each_time() {
        let table = CodeTable::new(true);
        show(&table, two_bytes(1).chain([(0x41, 1)]));
        assert_eq!(table.seen().count(), usize::from(u16::MAX));
        assert!(show(&table, [(0x41, 1)].into_iter()) > 0);
    }

    #[test]
    fn threads_that_see_a_code_at_once_agree_on_it() {
        let table = CodeTable::new(true);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| show(&table, two_bytes(50)));
            }
        });
        assert_eq!(table.seen().count(), two_bytes(50).count());
    }
}
