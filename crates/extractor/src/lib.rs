//! PDF bytes → pages: glyphs with Unicode text, paths and images, in page space and paint order.
//!
//! Goes in: the bytes of a file, maybe a password. Comes out: [`Source`], from which pages are read one by one by any number of threads,
//! each a [`jisseki_model::Page`] with every glyph shown (hidden ones marked), how its text was found, every painted path, every image.
//!
//! [`in_order`] reads many pages at once and gives them out one after the other.
//!
//! *Invariant:* no coordinate leaves this crate in PDF user space: points, origin top-left of the rotated CropBox, y down.
//! *Invariant:* no type of lopdf leaves the folder `object`.
//! *Invariant:* only [`Source::open`] (and [`FileBytes::read`], should the file not be readable) can fail; bad content is data plus a warning.
//! *Invariant:* nothing is guessed: a glyph whose text can't be known is U+FFFD.
//! *Invariant:* every loop over bytes from outside is charged to one [`jisseki_model::Limits`].

mod document;
mod error;
mod file_bytes;
mod in_order;
mod inspect;
mod lex;
#[doc(hidden)]
pub mod object;
mod optional;
mod spread;
mod structure;
mod text_string;
mod tree;

mod content;
#[doc(hidden)]
pub mod font;
#[cfg(test)]
mod testing;

pub use document::{Document, Source, extract};
pub use error::ExtractError;
pub use file_bytes::FileBytes;
pub use in_order::in_order;
pub use inspect::{FontReport, Inspection, PageReport, TextLayer};
