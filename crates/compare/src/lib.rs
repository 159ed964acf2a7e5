//! What changed between releases of a report, and which record is which.
//!
//! Goes in: two or more [`jisseki_model::Report`]s. Comes out: a [`Diff`] of named events, each with the page and box of both sides; proposals for the
//! registry of initiatives; findings of checks; the history of one initiative over the years.
//!
//! The walk: match the records ([`matching`], optimal assignment), see whether columns changed places ([`columns`], [`layout`]), then hold each pair's
//! structure, plan and narrative against each other, and name what is left. What only the producer of the PDF explains (line breaks, look-alike
//! characters, fonts) is no event.
//!
//! *Invariant:* nothing here has heard of a PDF or reads a file or the clock.
//! *Invariant:* a record is never matched by its number alone.
//! *Invariant:* every output is a pure function of its inputs: no hash order, no threads.

pub mod fold;
pub mod tokens;

pub mod assign;
pub mod matching;
pub mod similarity;

pub mod families;
pub mod link;
pub mod registry;
pub mod releases;

pub mod columns;
pub mod layout;
pub mod numbers;
pub mod paragraphs;
pub mod view;

pub mod event;

mod context;
mod narrative;
mod records;
mod schedule;

pub mod accept;
mod diff;
pub mod phrase;

pub mod render;

pub mod check;
pub mod history;

#[cfg(test)]
mod testing;

pub use diff::{DiffOptions, diff, recount, reports_to_mode};
pub use event::{Diff, Event, EventKind, Mode};
pub use phrase::Lang;
