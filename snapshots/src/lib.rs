//! Golden snapshots of every fixture at every stage: `<fixture>/1-page.snap`, `2-lattice.snap`, `3-records.snap`, `4-report.snap`.
//!
//! They are rendered for people: aligned text, tenths of a point. The tests are in `tests/golden.rs`; CONTRIBUTING.md says how to review a change.
