//! Diff, check, link and history as a person runs them, on releases whose differences are known.
#![allow(clippy::unwrap_used)] // Helpers of tests: a failure here is a failed test.
#![allow(clippy::print_stdout)]

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn fixture(name: &str) -> String {
    root().join("fixtures").join(name).display().to_string()
}

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jisseki")).args(args).env("LANG", "C.UTF-8").env_remove("LC_ALL").output().unwrap()
}

fn text(args: &[&str]) -> String {
    String::from_utf8(run(args).stdout).unwrap()
}

fn json(args: &[&str]) -> Value {
    let out = run(args);
    serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", String::from_utf8_lossy(&out.stderr)))
}

/// An event as `expected.json` writes it: kind, number of the record, field, values, each where the expectation names it.
fn brief(event: &Value, like: &Value) -> Value {
    let side = |s: &str| &event[s];
    let number = if side("new")["number"].is_null() { &side("old")["number"] } else { &side("new")["number"] };
    let figures = event["numbers"].get(0).filter(|_| event["kind"] != "text_changed");
    let value = |s: &str| figures.map_or_else(|| side(s)["value"].clone(), |n| n[s].clone());
    let all = [
        ("kind", event["kind"].clone()),
        ("number", number.clone()),
        ("field", event["field"].clone()),
        ("old", value("old")),
        ("new", value("new")),
    ];
    all.into_iter().filter(|(k, _)| !like[*k].is_null()).map(|(k, v)| (k.to_owned(), v)).collect::<serde_json::Map<_, _>>().into()
}

#[test]
fn every_made_change_is_named_as_what_it_is() {
    let expected: BTreeMap<String, Vec<Value>> = serde_json::from_slice(&std::fs::read(fixture("changes/expected.json")).unwrap()).unwrap();
    for (file, events) in expected {
        let d = json(&["diff", &fixture("changes/base.pdf"), &fixture(&format!("changes/{file}")), "--format", "json"]);
        let got = d["events"].as_array().unwrap();
        let mut rest = got.clone();
        for want in &events {
            let at = rest.iter().position(|e| brief(e, want) == *want);
            let at = at.unwrap_or_else(|| panic!("{file}: no {want} in {rest:#?}"));
            rest.remove(at);
        }
        assert!(rest.is_empty(), "{file}: not expected: {rest:#?}");
    }
}

#[test]
fn a_moved_paragraph_is_told_with_both_places() {
    let d = json(&["diff", &fixture("changes/base.pdf"), &fixture("changes/paragraph_moved.pdf"), "--format", "json"]);
    let change = &d["events"][0]["changes"][0];
    assert_eq!((&change["op"], &change["from"]["position"], &change["to"]["position"]), (&"moved".into(), &1.into(), &3.into()));
    assert_eq!((&change["places"]["old"][0]["page"], &change["places"]["new"][0]["page"]), (&1.into(), &1.into()));
}

/// Counts of the sibling releases' differences, by kind.
fn siblings(old: &str, new: &str) -> Value {
    json(&["diff", old, new, "--format", "json"])["summary"]["kinds"].clone()
}

#[test]
fn sibling_releases_differ_as_expected() {
    let want = serde_json::json!({"added": 1, "removed": 1, "renumbered": 1, "retitled": 1, "achievement_changed": 2, "text_changed": 17});
    assert_eq!(siblings(&fixture("siblings/H30_raw.pdf"), &fixture("siblings/R1_raw.pdf")), want);
    let shared = root().join("../shared/fixtures");
    if !shared.exists() {
        println!("skipped: no shared corpus");
        return;
    }
    let at = |name: &str| shared.join(name).display().to_string();
    assert_eq!(siblings(&at("siblings/H30_html.pdf"), &at("siblings/R1_html.pdf")), want);
    for year in ["H30", "R1"] {
        assert_eq!(
            siblings(&at(&format!("siblings/{year}_raw.pdf")), &at(&format!("siblings/{year}_html.pdf"))),
            serde_json::json!({}),
            "{year}"
        );
    }
    for other in ["03_chromium_skia_gaps", "04c_rawcid_90ms_rksj_gaps", "06_uplatex_dvipdfmx_nonembedded"] {
        assert_eq!(siblings(&at("seed/01_lo_writer_gaps.pdf"), &at(&format!("seed/{other}.pdf"))), serde_json::json!({}), "{other}");
    }
}

#[test]
fn fail_on_and_acceptance_decide_the_exit() {
    let (old, new) = (fixture("changes/base.pdf"), fixture("changes/past_rewritten.pdf"));
    let code = |args: &[&str]| run(args).status.code();
    assert_eq!(code(&["diff", &old, &new]), Some(1));
    assert_eq!(code(&["diff", &old, &new, "--fail-on", "never"]), Some(0));
    let one = fixture("changes/one_digit.pdf");
    assert_eq!(code(&["diff", &old, &one]), Some(0));
    assert_eq!(code(&["diff", &old, &one, "--fail-on", "warn"]), Some(1));
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("accepted.toml");
    std::fs::write(&file, "[[accept]]\nkind = \"history_rewritten\"\nreason = \"訂正の公表あり\"\nuntil = \"2027-03-31\"\n").unwrap();
    let accepted = |today| code(&["diff", &old, &new, "--accept", &file.display().to_string(), "--today", today]);
    assert_eq!((accepted("2027-03-31"), accepted("2027-04-01")), (Some(0), Some(1)));
    std::fs::write(&file, "[[accept]]\nkind = \"history_rewritten\"\n").unwrap();
    assert_eq!(accepted("2027-03-31"), Some(2));
}

#[test]
fn every_form_is_written_and_hostile_titles_are_inert() {
    let dir = tempfile::tempdir().unwrap();
    let mut report = json(&["convert", &fixture("changes/base.pdf"), "--format", "json"]);
    let old = dir.path().join("old.json");
    std::fs::write(&old, report.to_string()).unwrap();
    let hostile = "<img src=x onerror=alert(1)>\u{1b}[2J\u{202e}::error::x\n@team";
    report["initiatives"][0]["title"]["text"] = hostile.into();
    report["document"]["title"] = "</title><script>alert(2)</script>".into();
    let new = dir.path().join("new.json");
    std::fs::write(&new, report.to_string()).unwrap();
    for format in ["text", "html", "markdown", "junit", "github"] {
        let out = text(&["diff", &old.display().to_string(), &new.display().to_string(), "--format", format, "--fail-on", "never"]);
        assert!(out.contains("onerror"), "{format}: the title is shown: {out}");
        assert!(!out.contains(['\u{1b}', '\u{202e}']), "{format}");
        assert!(format == "text" || format == "github" || !(out.contains("<img") || out.contains("<script")), "{format}");
        assert!(format != "github" || out.lines().all(|l| l.starts_with("::warning file=")), "{out}");
        assert!(format != "markdown" || !out.contains("@team"), "{out}");
    }
    let html = text(&["diff", &old.display().to_string(), &new.display().to_string(), "--format", "html", "--fail-on", "never"]);
    assert!(html.contains("default-src 'none'") && !html.contains("http://") && !html.contains("https://"));
}

#[test]
fn check_holds_against_baseline_and_last_year() {
    let dir = tempfile::tempdir().unwrap();
    let base = dir.path().join("baseline").display().to_string();
    let open = |args: &[&str]| {
        let found = json(args);
        let all = found["documents"][0]["findings"].as_array().unwrap().clone();
        all.into_iter().filter(|f| f["accepted"] != true).map(|f| f["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let pdf = fixture("changes/base.pdf");
    assert_eq!(run(&["check", &pdf, "--baseline", &base, "--update", "--format", "json"]).status.code(), Some(0));
    assert_eq!(open(&["check", &pdf, "--baseline", &base, "--format", "json"]), Vec::<String>::new());
    let renamed = open(&["check", &fixture("changes/header_renamed.pdf"), "--previous", &pdf, "--format", "json"]);
    assert!(renamed.contains(&"check/layout-drift".to_owned()) && renamed.contains(&"check/column-empty".to_owned()), "{renamed:?}");
    // The file of the same name with other contents is not what was accepted.
    let copy = dir.path().join("base.pdf");
    std::fs::copy(fixture("changes/one_digit.pdf"), &copy).unwrap();
    let changed = open(&["check", &copy.display().to_string(), "--baseline", &base, "--format", "json"]);
    assert_eq!(changed, ["check/changed-since-baseline"]);
    for code in renamed.iter().chain(&changed) {
        assert!(text(&["explain", code]).contains(code.as_str()));
    }
}

#[test]
fn ids_are_carried_and_histories_told() {
    let dir = tempfile::tempdir().unwrap();
    let registry = dir.path().join("registry.csv").display().to_string();
    let (a, b) = (fixture("siblings/H30_raw.pdf"), fixture("siblings/R1_raw.pdf"));
    assert_eq!(run(&["link", &a, &b, "--registry", &registry]).status.code(), Some(0));
    let rows = std::fs::read_to_string(&registry).unwrap();
    assert_eq!(rows.lines().count(), 1 + 11 + 11, "{rows}");
    assert_eq!(run(&["link", &b, &a, "--registry", &registry]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&registry).unwrap(), rows, "a second run changes nothing");
    let h = json(&["history", "納税しやすい", &a, &b, "--registry", &registry, "--format", "json"]);
    let years: Vec<_> = h["years"]
        .as_array()
        .unwrap()
        .iter()
        .map(|y| (y["fiscal_year"].as_i64(), y["number_label"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(years, [(Some(2018), "11".to_owned()), (Some(2019), "8".to_owned())]);
    assert_eq!(run(&["history", "無い取組", &a, "--registry", &registry]).status.code(), Some(2));
}
