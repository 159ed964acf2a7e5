//! The command as a person or a script meets it: what goes to stdout, what to stderr, how it exits.
#![allow(clippy::unwrap_used)] // Helpers of tests: a failure here is a failed test.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(path)
}

fn jisseki(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jisseki"));
    command.args(arguments).env_remove("LC_ALL").env_remove("LC_MESSAGES").env_remove("NO_COLOR").env("LANG", "C");
    command
}

fn run(arguments: &[&str]) -> Output {
    jisseki(arguments).output().unwrap()
}

fn run_on(path: &str, arguments: &[&str]) -> Output {
    let (command, rest) = arguments.split_first().unwrap();
    jisseki(&[command]).arg(fixture(path)).args(rest).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

const PLAIN: &str = "seed/04c_rawcid_90ms_rksj_gaps.pdf";
const SCAN: &str = "seed/11_scan_small.pdf";

#[test]
fn a_report_becomes_json_in_a_pipe_and_nothing_else_is_on_stdout() {
    let output = run_on(PLAIN, &["convert"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report = json(&output);
    assert_eq!(report["document"]["status"], "ok");
    assert_eq!(report["document"]["fiscal_year"]["year"], 2019);
    assert_eq!(report["document"]["source"]["name"], "04c_rawcid_90ms_rksj_gaps.pdf");
    assert_eq!(report["initiatives"].as_array().unwrap().len(), 11);
}

#[test]
fn threads_and_time_zone_change_no_byte() {
    let first = run_on(PLAIN, &["convert"]).stdout;
    let again = jisseki(&["convert"]).arg(fixture(PLAIN)).env("RAYON_NUM_THREADS", "1").env("TZ", "Asia/Tokyo").output().unwrap().stdout;
    assert_eq!(first, again);
}

#[test]
fn jsonl_is_one_record_a_line_with_its_document() {
    let output = run_on(PLAIN, &["convert", "--format", "jsonl"]);
    let lines: Vec<serde_json::Value> = text(&output.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 11);
    assert!(
        lines.iter().all(|l| l["document_id"].is_string() && l["fiscal_year"] == 2019 && l["source_sha256"].as_str().unwrap().len() == 64)
    );
}

#[test]
fn the_table_names_every_record_and_section() {
    let output = jisseki(&["convert", "--format", "table"]).arg(fixture(PLAIN)).env("COLUMNS", "140").output().unwrap();
    let table = text(&output.stdout);
    assert!(table.contains("11 records") && table.contains("Ⅱ 機動的で柔軟かつ弾力的な行財政運営に向けて"), "{table}");
}

#[test]
fn a_scan_says_that_it_needs_ocr() {
    for command in ["convert", "extract"] {
        let output = run_on(SCAN, &[command]);
        assert_eq!(output.status.code(), Some(4));
        assert!(text(&output.stderr).contains("error[pdf/no-text-layer]: no text layer: needs OCR"), "{}", text(&output.stderr));
    }
    assert_eq!(json(&run_on(SCAN, &["convert"]))["document"]["status"], "needs_ocr");
}

#[test]
fn a_password_is_asked_for_and_opens() {
    let path = "seed/15_aes256_userpassword_secret.pdf";
    let locked = run_on(path, &["convert"]);
    assert_eq!(locked.status.code(), Some(4));
    assert!(locked.stdout.is_empty());
    assert!(text(&locked.stderr).contains("password") && text(&locked.stderr).contains("--password"));
    let open = run_on(path, &["convert", "--password", "secret"]);
    assert_eq!(open.status.code(), Some(0));
    assert_eq!(json(&open)["initiatives"].as_array().unwrap().len(), 11);
    assert_eq!(run_on(path, &["convert", "--password", "wrong"]).status.code(), Some(4));
}

#[test]
fn unreadable_text_is_called_so_and_reaches_no_record() {
    let output = run_on("seed/08_lo_writer_no_tounicode.pdf", &["convert"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).contains("error[text/unreadable]"));
    let report = json(&output);
    assert_eq!(report["document"]["status"], "unreadable");
    assert_eq!(report["initiatives"].as_array().unwrap().len(), 0);
}

#[test]
fn a_truncated_file_is_partial_or_a_clear_error() {
    let output = run_on("seed/16_truncated_60pct.pdf", &["convert"]);
    match output.status.code() {
        Some(0) => assert_eq!(json(&output)["document"]["status"], "partial"),
        code => {
            assert_eq!(code, Some(4));
            assert!(text(&output.stderr).starts_with("error[pdf/"), "{}", text(&output.stderr));
        }
    }
}

#[test]
fn mistakes_exit_with_2_and_missing_files_with_4() {
    for arguments in [&["convert"][..], &["convertt"], &["explain", "no/such-code"], &["convert", "--limit", "pages=x", "a.pdf"]] {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
    assert_eq!(run_on(PLAIN, &["convert", "--profile", "no-such-profile"]).status.code(), Some(2));
    assert_eq!(run_on(PLAIN, &["extract", "--pages", "99"]).status.code(), Some(2));
    assert_eq!(run(&["convert", "/no/such/file.pdf"]).status.code(), Some(4));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut command = jisseki(&["extract", "--format", "json"]);
    let mut child = command.arg(fixture(PLAIN)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut head = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut head).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn stdin_is_an_input_like_any_other() {
    let mut child = jisseki(&["convert", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&std::fs::read(fixture(PLAIN)).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(json(&output)["document"]["source"]["name"], "stdin");
}

#[test]
fn messages_have_three_forms_and_two_languages() {
    let of = |arguments: &[&str]| text(&run_on(SCAN, &[&["convert"], arguments].concat()).stderr);
    let message: serde_json::Value = serde_json::from_str(of(&["--message-format", "json"]).lines().last().unwrap()).unwrap();
    assert_eq!((&message["code"], &message["severity"]), (&"pdf/no-text-layer".into(), &"error".into()));
    assert!(of(&["--message-format", "github"]).contains("::error file=11_scan_small.pdf,title=pdf/no-text-layer::"));
    assert!(of(&["--lang", "ja"]).contains("エラー[pdf/no-text-layer]: 文字情報がない"));
    assert!(!of(&[]).contains('\u{1b}'), "no colors where no terminal reads");
    assert!(of(&["--color", "always"]).contains("\u{1b}["));
}

#[test]
fn a_hostile_file_name_reaches_no_terminal_raw() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a\u{1b}]0;x\u{7}\u{202e}.pdf");
    std::fs::write(&path, b"no pdf").unwrap();
    let output = jisseki(&["convert"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let message = text(&output.stderr);
    assert!(message.contains("\\u{1b}") && message.contains("\\u{202e}"), "{message}");
    assert!(!message.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{message}");
}

#[test]
fn text_is_a_line_a_line_with_a_form_feed_between_pages() {
    let all = text(&run_on(PLAIN, &["extract"]).stdout);
    assert_eq!(all.matches('\u{c}').count(), 7);
    assert!(all.starts_with("令和元年度"), "{all:.40}");
    let two = text(&run_on(PLAIN, &["extract", "--pages", "2-3"]).stdout);
    assert_eq!(two.matches('\u{c}').count(), 1);
    assert!(all.contains(&two));
}

#[test]
fn extracted_json_is_one_document() {
    let output = run_on(PLAIN, &["extract", "--format", "json", "--pages", "1,3"]);
    let numbers: Vec<_> = json(&output)["pages"].as_array().unwrap().iter().map(|p| p["number"].as_u64()).collect();
    assert_eq!(numbers, [Some(1), Some(3)]);
}

#[test]
fn a_picture_of_the_page_has_the_layers_asked_for() {
    let arguments = ["extract", "--format", "svg", "--pages", "1", "--layers", "glyphs,cells,fields", "--records", "2"];
    let svg = text(&run_on(PLAIN, &arguments).stdout);
    assert!(svg.starts_with("<svg") && svg.contains("<g class=\"cells\">") && !svg.contains("<g class=\"paths\">"));
    assert!(svg.contains("title: ") && svg.contains("達成済"));
}

#[test]
fn every_code_is_explained() {
    let all = text(&run(&["explain"]).stdout);
    assert!(all.lines().count() > 10);
    for code in all.lines().filter_map(|l| l.split_whitespace().next()).take(12) {
        for lang in ["en", "ja"] {
            let page = run(&["explain", code, "--lang", lang]);
            assert!(page.status.success() && text(&page.stdout).starts_with(code), "{code}");
        }
    }
}

#[test]
fn help_follows_the_locale_and_completions_and_manuals_are_made() {
    let japanese = jisseki(&["--help"]).env("LANG", "ja_JP.UTF-8").output().unwrap();
    assert!(text(&japanese.stdout).contains("報告書"), "{}", text(&japanese.stdout));
    assert!(text(&run(&["--help"]).stdout).contains("Read a report into records"));
    assert!(text(&run(&["completions", "bash"]).stdout).contains("_jisseki"));
    assert!(text(&run(&["man"]).stdout).contains(".TH jisseki"));
    assert!(text(&run(&["man", "convert"]).stdout).contains("convert"));
}

#[test]
fn the_schema_is_json_with_japanese_titles() {
    assert_eq!(json(&run(&["schema"]))["title"], "年度実績報告");
}

#[test]
fn inspect_tells_fonts_and_records() {
    let seen = json(&run_on(PLAIN, &["inspect"]));
    assert_eq!(seen["file"]["text_layer"], "text");
    assert!(seen["file"]["fonts"].as_array().unwrap().iter().any(|f| f["encoding"] == "90ms-RKSJ-H"), "{}", seen["file"]["fonts"]);
    assert_eq!(seen["reading"]["records"], 11);
}

#[test]
fn look_writes_one_file_with_records_and_pages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.html");
    let output = jisseki(&["look"]).arg(fixture(PLAIN)).arg("-o").arg(&path).args(["--pages", "1-2"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty());
    let html = std::fs::read_to_string(&path).unwrap();
    assert_eq!((html.matches("<figure").count(), html.matches("<article").count()), (2, 12));
    assert!(html.contains(r#"<section class="f-results" id="2/results">"#));
    assert!(html.contains("default-src 'none'"));
}

#[test]
fn look_puts_two_releases_side_by_side() {
    let output = jisseki(&["look", "--lang", "ja", "--pages", "1"]).arg(fixture(PLAIN)).arg("--diff").arg(fixture(PLAIN)).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let html = text(&output.stdout);
    assert_eq!((html.matches("<div class=\"side\">").count(), html.matches("<figure").count()), (2, 2));
    assert!(html.contains("変更点"));
}

#[test]
fn a_failure_of_the_file_system_names_its_cause_once_and_what_to_try() {
    let output = run(&["convert", "/no/such/file.pdf"]);
    assert_eq!(output.status.code(), Some(4));
    let said = text(&output.stderr);
    assert_eq!(said.matches("No such file").count(), 1, "{said}");
    assert!(said.contains("hint: "), "{said}");
    assert_eq!(run(&["explain", "cli/failed"]).status.code(), Some(0));
}
