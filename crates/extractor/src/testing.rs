//! What the unit tests share.

use crate::object::{Budget, FileObjects, Objects};
use jisseki_model::Limits;

/// The objects of a file's bytes.
pub(crate) fn objects_of(bytes: &'static [u8]) -> Objects<'static> {
    let budget = Budget::new(&Limits::default());
    Objects::new(Box::new(FileObjects::open(bytes.into(), &budget)), budget)
}
