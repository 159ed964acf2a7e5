//! The fixtures, read from their PDFs, against hand-made truths.

mod common;

use common::differences;
use jisseki_extractor::Source;
use jisseki_layout::{LayoutParams, PageLayout, read_page};
use jisseki_model::{Limits, Status};
use jisseki_segmenter::{Profile, Segmented, segment, segment_text};
use serde_json::Value;
use std::path::PathBuf;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

fn layouts(name: &str) -> Vec<PageLayout> {
    let bytes = std::fs::read(path(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let source = Source::open(&bytes[..], None, &Limits::default()).unwrap_or_else(|e| panic!("{name}: {e}")).output;
    (0..source.page_count()).map(|i| read_page(&source.page(i).output, &LayoutParams::standard()).output).collect()
}

fn truth(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path(name)).unwrap_or_else(|e| panic!("{name}: {e}")))
        .unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn profile(name: &str) -> Profile {
    let text = std::fs::read_to_string(path(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(text.lines().count() < 40, "{name} is to stay small");
    Profile::from_toml(&text).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Reads a fixture; the share of fields that are right must reach `least`, and every glyph must have an owner.
fn check(pdf: &str, want: &str, profile: &Profile, least: f64) -> Segmented {
    let read = segment(&layouts(pdf), profile).output;
    let (wrong, n) = differences(&read.records, &truth(want));
    let share = 1.0 - wrong.len() as f64 / n as f64;
    assert!(share >= least, "{pdf} with {}: {share:.3}\n{}", profile.name, wrong.join("\n"));
    assert_eq!(read.coverage.unassigned, 0, "{pdf}");
    assert_eq!(read.coverage.owned(), read.coverage.glyphs, "{pdf}");
    read
}

#[test]
fn the_target_document_is_read_whole_from_every_producer() {
    for pdf in [
        "01_lo_writer_gaps",
        "04_reportlab_heisei_unijis_spaces",
        "04c_rawcid_90ms_rksj_gaps",
        "06_uplatex_dvipdfmx_nonembedded",
        "12_rawcid_fakebold_doubledraw",
    ] {
        let read = check(&format!("seed/{pdf}.pdf"), "seed/truth.json", &Profile::auto(), 1.0);
        assert_eq!(read.fiscal_year.map(|y| y.year), Some(2019));
        assert_eq!(read.stage, Some(jisseki_model::Stage::Final));
        assert_eq!(read.publisher.as_deref(), Some("三重県"));
    }
}

#[test]
fn the_sibling_years_are_read_whole() {
    check("siblings/H30_raw.pdf", "siblings/H30.json", &Profile::auto(), 1.0);
    check("siblings/R1_raw.pdf", "siblings/R1.json", &Profile::auto(), 1.0);
}

#[test]
fn the_text_dump_gives_the_same_records_but_for_years_of_phases() {
    let text = std::fs::read_to_string(path("seed/seed.txt")).unwrap_or_default();
    let read = segment_text(&text, &Profile::auto()).output;
    let (wrong, _) = differences(&read.records, &truth("seed/truth.json"));
    let wrong: Vec<_> = wrong.into_iter().filter(|w| !w.contains("Some(201")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn reports_never_seen_are_read_by_auto() {
    for name in ["mizuho", "kitahara", "minahama", "shiranami", "asagiri"] {
        check(&format!("fictional/{name}.pdf"), &format!("fictional/{name}.json"), &Profile::auto(), 1.0);
    }
}

#[test]
fn with_a_small_profile_they_are_read_whole() {
    for name in ["mizuho", "kitahara", "minahama"] {
        let p = profile(&format!("fictional/{name}.toml"));
        let read = check(&format!("fictional/{name}.pdf"), &format!("fictional/{name}.json"), &p, 1.0);
        assert_eq!(read.publisher, p.document.publisher);
        assert_eq!(
            read.title.map(|t| common::squash(&t)),
            truth(&format!("fictional/{name}.json"))["document"]["title"].as_str().map(common::squash)
        );
    }
}

#[test]
fn every_text_has_its_ink_and_places() {
    let read = check("seed/04c_rawcid_90ms_rksj_gaps.pdf", "seed/truth.json", &Profile::auto(), 1.0);
    for r in &read.records {
        assert!(!r.places.is_empty() && !r.title.places.is_empty(), "{}", r.number_label);
        assert_eq!(r.title.ink.len(), r.title.text.chars().count(), "{}", r.title.text);
        for p in r.results.iter().chain(&r.status).chain(&r.outlook).flat_map(|b| &b.paragraphs) {
            assert_eq!(p.ink.len(), p.text.chars().count(), "{}", p.text);
            let inside = |c: &jisseki_model::CharInk| r.places.iter().any(|q| q.page == c.page && q.bbox.contains_rect(&c.bbox, 3.0));
            assert!(p.ink.iter().filter(|c| c.page > 0).all(inside), "{}", p.text);
        }
    }
}

#[test]
fn a_drafted_profile_reads_its_document() {
    let pages = layouts("fictional/minahama.pdf");
    let first = segment(&pages, &Profile::auto()).output;
    let draft = jisseki_segmenter::draft_profile(&first);
    assert!(draft.contains("number = [\"項番\"]    # page 1, "), "{draft}");
    let again = segment(&pages, &Profile::from_toml(&draft).unwrap_or_else(|e| panic!("{e}\n{draft}"))).output;
    assert_eq!(first.records.len(), again.records.len());
    assert!(
        first.records.iter().zip(&again.records).all(|(a, b)| a.title == b.title && a.results == b.results && a.schedule == b.schedule),
        "{draft}"
    );
}

#[test]
fn a_document_without_numbered_records_says_what_was_seen() {
    let read = segment(&layouts("seed/11_scan_small.pdf"), &Profile::auto());
    assert_eq!(read.output.status, Status::NeedsOcr);
    let said = read.warnings.iter().find(|w| w.code == "segment/no-records").map(|w| w.message.clone()).unwrap_or_default();
    assert!(said.contains("images"), "{said}");
    let prose = segment_text("広報紙\n本文だけの文書です。\n", &Profile::auto());
    assert_eq!(prose.output.status, Status::NoRecords);
    assert!(prose.warnings.iter().any(|w| w.code == "segment/no-records"));
}
