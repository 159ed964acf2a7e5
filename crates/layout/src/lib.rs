//! Glyphs and paths of one page → visibility → rulings → lattice → cells → lines → paragraphs, with a ledger of owners.

mod types;

pub use types::*;
