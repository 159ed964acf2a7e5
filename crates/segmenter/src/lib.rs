//! Page layouts → numbered records: header roles, record bands, page continuation, schedules (Gantt), sections, and an owner for every glyph.

mod blocks;
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
mod list;
mod marks;
mod narrow;
mod numbers;
mod part;
mod profile;
mod raw;
mod record_ids;
mod segment;
mod segmented;
mod vocab;
mod years;

pub use draft::draft_profile;
pub use dump::segment_text;
pub use profile::{BUILT_IN, DocumentFacts, PHASE_CODES, Profile, ProfileError, Role, STATUSES, Species, profile_named};
pub use segment::segment;
pub use segmented::{HeaderColumn, Segmented};

/// Returns the first and last fiscal year of all schedules.
fn document_years(records: &[jisseki_model::Initiative]) -> Option<(i32, i32)> {
    let years = || records.iter().filter_map(|r| r.schedule.as_ref()).flat_map(|s| s.fiscal_years.iter().copied());
    Some((years().min()?, years().max()?))
}
