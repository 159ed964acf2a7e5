//! PDF bytes → pages: glyphs with Unicode text, paths and images, in page space and paint order.

pub mod font;
pub mod object;
