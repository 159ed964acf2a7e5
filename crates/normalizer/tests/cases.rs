//! The project's own cases (`fixtures/cases/own-*.jsonl`): every line must hold.
#![allow(clippy::unwrap_used)] // Helpers of tests: a case that cannot be read is a failure.

use jisseki_normalizer::{Mention, ReportContext, Scope, ScopeSource, display, fold, key, keys, mentions, parse_org};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn rows(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(root().join("fixtures/cases").join(name)).unwrap();
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect()
}

fn read(row: &Value) -> Vec<Mention> {
    let (text, known) = (row["text"].as_str().unwrap(), &row["context"]);
    let ctx = ReportContext { report_fy: known["report_fy"].as_i64().map(|y| y as i32), ..ReportContext::default() };
    if known["cell"] == "departments" {
        return parse_org(text, &ctx);
    }
    let heading = known["governing_fy"].as_i64().map(|fy| Scope {
        span: 0..text.len(),
        fy: fy as i32,
        source: ScopeSource::Heading,
        anchor: "heading".into(),
    });
    mentions(text, &ctx, heading.as_slice())
}

/// Checks every row's keys and says all that differ at once.
fn check_keys(name: &str) {
    let rows = rows(name);
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let found = keys(&read(row));
            (found != strings(&row["expect"])).then(|| format!("{}: {found:?} expected {}", row["text"], row["expect"]))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} in {name}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn own_admin() {
    check_keys("own-admin.jsonl");
}

#[test]
fn own_more() {
    check_keys("own-more.jsonl");
}

#[test]
fn own_era_boundary() {
    check_keys("own-era_boundary.jsonl");
    for row in rows("own-era_boundary.jsonl") {
        let found = read(&row);
        let value = serde_json::to_value(&found[0].value).unwrap();
        assert_eq!(value["when"]["fy"], row["fiscal_year"], "{}", row["text"]);
    }
}

/// A report is read back to be compared and packed: every kind of value is what it was.
#[test]
fn every_mention_survives_its_json() {
    for row in ["own-admin.jsonl", "own-more.jsonl", "own-era_boundary.jsonl"].into_iter().flat_map(rows) {
        let found = read(&row);
        let json = serde_json::to_string(&found).unwrap();
        let back: Vec<Mention> = serde_json::from_str(&json).unwrap();
        assert_eq!(found, back, "{json}");
        assert_eq!(json, serde_json::to_string(&back).unwrap());
    }
}

/// Checks the two views of every row.
fn check_views(name: &str) {
    for row in rows(name) {
        let text = row["text"].as_str().unwrap();
        assert_eq!(display(text), row["expect"]["display"].as_str().unwrap(), "display of {text:?}");
        assert_eq!(fold(text).scan(), row["expect"]["scan"].as_str().unwrap(), "scan of {text:?}");
    }
}

#[test]
fn own_unicode() {
    check_views("own-unicode.jsonl");
    check_views("own-more-unicode.jsonl");
}

#[test]
fn own_seed_gold() {
    let Ok(seed) = std::fs::read_to_string(root().join("../shared/fixtures/seed/seed.txt")) else {
        println!("skipped: no shared corpus");
        return;
    };
    let found = mentions(&seed, &ReportContext::of_fiscal_year(2019), &[]);
    let bare = |k: String| match k.split_once('±') {
        Some((head, tail)) => format!("{head}{}", tail.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')),
        None => k,
    };
    let got: BTreeSet<(usize, usize, String)> = found.iter().map(|m| (m.span.start, m.span.end, bare(key(m, &found)))).collect();
    let want: BTreeSet<(usize, usize, String)> = rows("own-seed_gold.jsonl")
        .iter()
        .map(|r| {
            let at = |i: usize| r["byte_span"][i].as_u64().unwrap() as usize;
            (at(0), at(1), bare(r["key"].as_str().unwrap().to_owned()))
        })
        .collect();
    let show = |s: &(usize, usize, String)| format!("  {:?} {} {}", &seed[s.0..s.1], s.2, s.0);
    let missing: Vec<String> = want.difference(&got).map(show).collect();
    let extra: Vec<String> = got.difference(&want).map(show).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing:\n{}\nextra:\n{}", missing.join("\n"), extra.join("\n"));
}
