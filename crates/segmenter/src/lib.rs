//! Page layouts → numbered records: header roles, record bands, page continuation, schedules (Gantt), sections, and an owner for every glyph.
//!
//! Goes in: [`jisseki_layout::PageLayout`]s in page order, or the text that another tool left ([`segment_text`]), and a [`Profile`]. Comes out:
//! [`Segmented`]: the records with every field's text, places and ink, what the document says about itself, and the coverage of its glyphs.
//!
//! The walk ([`segment`]): furniture and title → each table as a list (`list`: header block → columns with roles → bands by key cell) or as a
//! one-record form (`form`: labels beside values) → raw records, areas that may go on over pages (`raw`) → fields (`fields`: paragraphs, blocks,
//! departments, achievement; `gantt`: year axis, items, arrows) → coverage (`ledger`).
//!
//! *Invariant:* layout knowledge is data: header words, number grammars, states and phase words are lines of the lexicon's tables or of a profile.
//! *Invariant:* every glyph has exactly one class, and the counts are compared at run time (`segment/ledger`).
//! *Invariant:* text is joined and cut, never changed: no character is folded, and none comes out that no glyph draws but the blank between lines.
//! *Invariant:* a column without a known role is kept as `extra` under its header; nothing under a header is dropped.
//! *Invariant:* `mentions` stay empty: values are the normalizer's.

mod blocks;
mod confidence;
mod departments;
mod document;
mod draft;
mod dump;
mod fields;
mod form;
mod furniture;
mod gantt;
mod header;
mod ledger;
mod lexicon;
mod list;
mod marks;
mod narrow;
mod numbers;
mod part;
mod pattern;
mod profile;
mod raw;
mod record_ids;
mod segment;
mod segmented;
mod vocab;
mod walk;
mod words;
mod years;

pub use draft::draft_profile;
pub use dump::segment_text;
pub use profile::{BUILT_IN, DocumentFacts, PHASE_CODES, Profile, ProfileError, Role, STATUSES, Species, profile_named};
pub use segment::{Segmenter, segment};
pub use segmented::{HeaderColumn, Segmented};

/// Returns the first and last fiscal year of all schedules.
fn document_years(records: &[jisseki_model::Initiative]) -> Option<(i32, i32)> {
    let years = || records.iter().filter_map(|r| r.schedule.as_ref()).flat_map(|s| s.fiscal_years.iter().copied());
    Some((years().min()?, years().max()?))
}
