//! jisseki (実績): the PDFs in which Japanese public bodies publish a year's results, as data whose every value points at its ink.
//!
//! *Invariant:* no clock, no thread order, no machine path reaches the output.

pub use jisseki_compare as compare;
pub use jisseki_dataset as dataset;
pub use jisseki_extractor as extractor;
pub use jisseki_layout as layout;
pub use jisseki_model as model;
pub use jisseki_normalizer as normalizer;
pub use jisseki_segmenter as segmenter;

/// Returns the JSON Schema of [`model::Report`], the output contract, with Japanese titles.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(model::Report)
}
