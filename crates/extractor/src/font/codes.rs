//! What is known of each character code, computed at first sight and shared between threads.

use jisseki_model::TextSource;
use once_cell::race::OnceBox;
use smol_str::SmolStr;

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
    pub raw: Option<SmolStr>,
    /// How the text was found.
    pub source: TextSource,
    /// The text is known and begins with white space or a character of a Japanese document, other than U+2027: a page of such texts is sound.
    pub usual: bool,
    /// Horizontal advance in 1/1000 em (Type 3: in glyph space).
    pub width: f32,
    /// Metrics of vertical writing in 1/1000 em.
    pub vertical: Vertical,
}

/// `W2`/`DW2` (§9.7.4.3).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vertical {
    /// Vertical advance, negative downwards.
    pub w1: f32,
    /// Position vector's x: half the width as a rule.
    pub vx: f32,
    /// Position vector's y.
    pub vy: f32,
}

impl Default for Vertical {
    fn default() -> Vertical {
        Vertical { w1: -1000.0, vx: 500.0, vy: 880.0 }
    }
}

/// Codes of a block. Small, because a Japanese page touches codes all over the range.
const BLOCK: usize = 32;
/// One-byte codes have blocks of their own, before those of two-byte codes: in a mixed encoding <41> and <0041> are two codes.
const ONE_BYTE: usize = 0x100;
const TWO_BYTES: usize = 0x1_0000;

/// Infos are boxed, because most codes of a block are never seen: a document's fonts would fill more memory with nothing than with infos. A place is
/// one pointer: two threads that see a code at once may both compute it, and one of the infos stays.
type Block = [OnceBox<CodeInfo>; BLOCK];

/// Lazily filled infos by code. Codes of three and four bytes are computed each time.
#[derive(Debug, Default)]
pub(super) struct CodeTable {
    blocks: OnceBox<Box<[OnceBox<Block>]>>,
    composite: bool,
}

impl CodeTable {
    /// Returns the table of a simple or composite font.
    pub(super) fn new(composite: bool) -> CodeTable {
        CodeTable { blocks: OnceBox::new(), composite }
    }
    /// Calls `each` with the code's info, computed by `make` at first sight.
    #[inline]
    pub(super) fn with(&self, code: u32, code_len: u8, make: impl FnOnce() -> CodeInfo, each: &mut impl FnMut(&CodeInfo)) {
        let made;
        let info = match self.slot(code, code_len) {
            Some(slot) => slot.get().unwrap_or_else(|| fill(slot, make)),
            None => {
                made = make();
                &made
            }
        };
        each(info);
    }
    /// The place of a code's info; codes of three and four bytes have none.
    #[inline]
    fn slot(&self, code: u32, code_len: u8) -> Option<&OnceBox<CodeInfo>> {
        let blocks = self.blocks.get_or_init(|| {
            let codes = if self.composite { ONE_BYTE + TWO_BYTES } else { ONE_BYTE };
            Box::new((0..codes / BLOCK).map(|_| OnceBox::new()).collect())
        });
        let at = match code_len {
            1 => code as usize,
            2 => code as usize + ONE_BYTE,
            _ => return None,
        };
        let block = blocks.get(at / BLOCK)?.get_or_init(|| Box::new([const { OnceBox::new() }; BLOCK]));
        block.get(at % BLOCK)
    }
    /// Returns every code seen so far.
    pub(super) fn seen(&self) -> impl Iterator<Item = &CodeInfo> {
        let blocks = self.blocks.get().into_iter().flat_map(|blocks| blocks.iter()).filter_map(OnceBox::get);
        blocks.flat_map(|block| block.iter()).filter_map(OnceBox::get)
    }
}

/// Apart from the way of the codes seen before, which are nearly all.
#[cold]
#[inline(never)]
fn fill(slot: &OnceBox<CodeInfo>, make: impl FnOnce() -> CodeInfo) -> &CodeInfo {
    slot.get_or_init(|| Box::new(make()))
}
