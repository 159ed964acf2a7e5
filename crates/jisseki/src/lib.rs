//! jisseki (実績): the PDFs in which Japanese public bodies publish a year's results, as data whose every value points at its ink.
//!
//! Goes in: the bytes of a PDF (or of a text dump) and [`Options`]. Comes out: a [`model::Report`]: numbered records with their fields, typed
//! values, the page and box of each, warnings with codes, and a count of where every glyph went.
//!
//! [`convert`] is the whole walk; reading it is reading the architecture. The stages are public crates of their own, re-exported here.
//!
//! *Invariant:* output is a function of input bytes, options and version: no clock, no thread order, no machine path reaches it.
//! *Invariant:* nothing here prints, and nothing but the container can fail.

pub mod batch;
mod convert;
mod document;
pub mod draw;
mod error;
pub mod look;
mod mentions;
mod options;
mod parallel;
mod pdf;
mod text;

pub use convert::{convert, draft_profile};
pub use error::ConvertError;
pub use options::Options;
pub use parallel::in_parallel;

pub use jisseki_extractor::in_order;

pub use jisseki_compare as compare;
pub use jisseki_dataset as dataset;
pub use jisseki_extractor as extractor;
pub use jisseki_layout as layout;
pub use jisseki_model as model;
pub use jisseki_normalizer as normalizer;
pub use jisseki_segmenter as segmenter;
