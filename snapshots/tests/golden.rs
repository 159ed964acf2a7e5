//! Each fixture × each stage, rendered for people and held against the snapshot of it.

#[path = "golden/fixture.rs"]
mod fixture;
#[path = "golden/lattice.rs"]
mod lattice;
#[path = "golden/page.rs"]
mod page;
#[path = "golden/records.rs"]
mod records;
#[path = "golden/report.rs"]
mod report;

use std::path::Path;

use fixture::{Fixture, assert_golden};

fn stage_1_page(path: &Path) -> datatest_stable::Result<()> {
    let fixture = Fixture::load(path)?;
    assert_golden(&fixture, "1-page", &page::render(&fixture))
}

fn stage_2_lattice(path: &Path) -> datatest_stable::Result<()> {
    let fixture = Fixture::load(path)?;
    assert_golden(&fixture, "2-lattice", &lattice::render(&fixture))
}

fn stage_3_records(path: &Path) -> datatest_stable::Result<()> {
    let fixture = Fixture::load(path)?;
    assert_golden(&fixture, "3-records", &records::render(&fixture))
}

fn stage_4_report(path: &Path) -> datatest_stable::Result<()> {
    let fixture = Fixture::load(path)?;
    assert_golden(&fixture, "4-report", &report::render(&fixture))
}

/// The manifest names every fixture and its hash, and no file stands beside it unnamed.
fn manifest_is_true(path: &Path) -> datatest_stable::Result<()> {
    fixture::check_manifest(path)
}

datatest_stable::harness! {
    { test = stage_1_page, root = "../fixtures", pattern = r"\.pdf$" },
    { test = stage_2_lattice, root = "../fixtures", pattern = r"\.pdf$" },
    { test = stage_3_records, root = "../fixtures", pattern = r"(\.pdf|seed\.txt)$" },
    { test = stage_4_report, root = "../fixtures", pattern = r"(\.pdf|seed\.txt)$" },
    { test = manifest_is_true, root = "../fixtures", pattern = r"manifest\.toml$" },
}
