//! What is known of each character code, computed at first sight and shared between threads.

use jisseki_model::TextSource;
use smol_str::SmolStr;
use std::sync::OnceLock;

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
    /// The text before a radical or presentation form was replaced, where it was.
    pub raw: Option<SmolStr>,
    /// How the text was found.
    pub source: TextSource,
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
/// Codes up to 16 bits are kept; longer ones (UTF-32, surrogates, three-byte EUC) are computed each time.
const BLOCKS: usize = 0x1_0000 / BLOCK;

type Block = Box<[OnceLock<CodeInfo>; BLOCK]>;

/// Lazily filled infos by code.
#[derive(Debug, Default)]
pub(super) struct CodeTable {
    blocks: OnceLock<Box<[OnceLock<Block>]>>,
}

impl CodeTable {
    /// Calls `each` with the code's info, computed by `make` at first sight.
    pub(super) fn with(&self, code: u32, make: impl FnOnce() -> CodeInfo, each: &mut impl FnMut(&CodeInfo)) {
        let blocks = self.blocks.get_or_init(|| (0..BLOCKS).map(|_| OnceLock::new()).collect());
        let slot = usize::try_from(code).ok().and_then(|code| {
            let block = blocks.get(code / BLOCK)?.get_or_init(|| Box::new([const { OnceLock::new() }; BLOCK]));
            block.get(code % BLOCK)
        });
        match slot {
            Some(slot) => each(slot.get_or_init(make)),
            None => each(&make()),
        }
    }
}
