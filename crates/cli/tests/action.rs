//! The GitHub Action's step, run as the runner runs it: inputs in the environment, results in files. No network.
#![allow(clippy::unwrap_used)] // Helpers of tests: a failure here is a failed test.
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs the step; returns its exit, its log, the summary and the outputs.
fn step(old: &str, new: &str, more: &[(&str, &str)]) -> (i32, String, String, String) {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let fixture = |name: &str| if name.is_empty() { String::new() } else { root().join("fixtures").join(name).display().to_string() };
    let out = Command::new("bash")
        .arg(root().join("action/run.sh"))
        .current_dir(dir.path())
        .env("JISSEKI", env!("CARGO_BIN_EXE_jisseki"))
        .envs([("OLD", fixture(old)), ("NEW", fixture(new))])
        .env("GITHUB_STEP_SUMMARY", at("summary.md"))
        .env("GITHUB_OUTPUT", at("output"))
        .env("HTML", at("diff.html"))
        .envs(more.iter().copied())
        .output()
        .unwrap();
    let read = |name: &str| std::fs::read_to_string(at(name)).unwrap_or_default();
    let html = read("diff.html");
    assert!(old.is_empty() || html.contains("default-src 'none'"), "{}", String::from_utf8_lossy(&out.stderr));
    (out.status.code().unwrap_or(-1), String::from_utf8_lossy(&out.stdout).into_owned(), read("summary.md"), read("output"))
}

#[test]
fn a_rewritten_figure_fails_the_step_and_is_annotated() {
    let (code, log, summary, output) = step("changes/base.pdf", "changes/past_rewritten.pdf", &[]);
    assert_eq!(code, 1, "{log}");
    assert!(log.lines().any(|l| l.starts_with("::error file=past_rewritten.pdf,title=過去の値の書き換え")), "{log}");
    assert!(summary.contains("## 点検結果") && summary.contains("118件 → 128件"), "{summary}");
    assert!(output.contains("changed=true"), "{output}");
}

#[test]
fn the_same_words_in_another_size_pass() {
    let (code, log, summary, output) = step("changes/base.pdf", "changes/rewrapped.pdf", &[("REPORT_LANG", "en")]);
    assert_eq!((code, output.lines().next()), (0, Some("changed=false")), "{log}");
    assert!(summary.contains("no differences"), "{summary}");
}

#[test]
fn a_file_that_is_no_pdf_ends_the_step() {
    let (code, log, ..) = step("", "manifest.toml", &[]);
    assert!(code > 1 && log.contains("::error title=jisseki"), "{code} {log}");
}
