//! The object layer: bytes of a file → objects and inflated streams, within one budget (ISO 32000-2 §7).
//!
//! *Invariant:* whatever the bytes are, every call returns; what can't be had is [`Object::Null`] or fewer bytes.
//! *Invariant:* no type of a reader crate leaves this folder.

mod budget;
mod file;
mod filter;
mod filter_lzw;
mod objects;
mod scan;
mod sealed;
mod syntax;
mod value;
mod xref;

pub use budget::Budget;
pub(crate) use file::FileObjects;
pub use objects::{Decoded, ObjectSource, Objects};
pub(crate) use sealed::{LopdfFault, LopdfObjects};
pub use value::{Dict, Name, Object, ObjectId, Stream};
