use super::*;
use crate::model::{DocumentInfo, Initiative, Report, SourceInfo};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Reads a made-up format, so that the batch is tested for itself: `N records`, `panic`, or not readable; `same` gives the identifier of all such.
fn convert(bytes: &[u8], name: &str) -> Result<Report, Failed> {
    let text = String::from_utf8_lossy(bytes);
    let n: usize = match text.split(' ').next() {
        Some("panic") => panic!("as asked"),
        Some(n) => n.parse().map_err(|_| Failed::new("extract", "pdf/not-a-pdf", "no number"))?,
        None => 0,
    };
    let sha256 = files::sha256_hex(bytes);
    let document_id = if text.ends_with("same") { "doc-same".to_owned() } else { format!("doc-{}", &sha256[..12]) };
    let record =
        |i: usize| Initiative { record_id: format!("{document_id}-{i:03}"), number: i64::try_from(i).ok(), ..Initiative::default() };
    let source = SourceInfo { name: name.to_owned(), sha256: sha256.clone(), bytes: bytes.len() as u64, pages: 1 };
    let tool = crate::model::ToolInfo { name: "jisseki".into(), version: "0.1.0".into() };
    let document = DocumentInfo { document_id: document_id.clone(), profile: "auto".into(), source, tool, ..DocumentInfo::default() };
    Ok(Report { schema_version: "1.0".into(), document, initiatives: (1..=n).map(record).collect(), ..Report::default() })
}

fn options(output: &Path) -> BatchOptions {
    BatchOptions {
        output: output.to_owned(),
        formats: vec![Format::Csv, Format::Jsonl, Format::Sqlite],
        jobs: 2,
        shard: None,
        isolation: Isolation::Threads,
        limits: WorkerLimits { file_bytes: 1000, ..WorkerLimits::default() },
        fresh: false,
        settings: "auto".into(),
    }
}

fn run_on(input: &Path, options: &BatchOptions) -> Summary {
    run(&[input.into()], options, &convert, &|| false, &|_| {}).expect("runs")
}

/// Every file below a folder with its content.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    let mut pending = vec![root.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            if entry.path().is_dir() {
                pending.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(root).expect("below").display().to_string();
                out.insert(name, std::fs::read(entry.path()).expect("read"));
            }
        }
    }
    out
}

fn inputs(n: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for i in 0..n {
        std::fs::write(dir.path().join(format!("d{i:02}.pdf")), format!("{} {i}", i % 3)).expect("written");
    }
    dir
}

#[test]
fn what_is_added_while_converting_is_what_the_reports_give() {
    let (input, out) = (inputs(9), tempfile::tempdir().expect("a folder"));
    for i in 0..2 {
        std::fs::write(input.path().join(format!("e{i}.pdf")), format!("2 {i} same")).expect("written");
    }
    let options = BatchOptions { formats: vec![Format::Csv, Format::Jsonl, Format::ExcelCsv], ..options(out.path()) };
    run_on(input.path(), &options);
    let reference = tree(out.path());
    let lines = String::from_utf8(reference["initiatives.jsonl"].clone()).expect("text");
    assert_eq!(lines.lines().count(), 9 + 4);
    assert!(lines.contains(r#""record_id":"doc-same-001""#) && lines.contains(r#""record_id":"doc-same-"#));
    std::fs::remove_file(out.path().join("initiatives.csv")).expect("removed");
    assert_eq!(run_on(input.path(), &options).resumed, 11);
    assert_eq!(tree(out.path()), reference);
}

#[test]
fn jobs_order_and_a_second_run_change_no_byte() {
    let (input, out) = (inputs(9), tempfile::tempdir().expect("a folder"));
    let summary = run_on(input.path(), &options(out.path()));
    assert_eq!((summary.inputs, summary.ok, summary.records, summary.packed), (9, 9, 9, true));
    let reference = tree(out.path());
    assert!(
        reference.contains_key("reports/d00.json") && reference.contains_key("datapackage.json") && !reference.contains_key("failures.csv")
    );
    for jobs in [1, 8] {
        let again = tempfile::tempdir().expect("a folder");
        run_on(input.path(), &BatchOptions { jobs, ..options(again.path()) });
        assert_eq!(tree(again.path()), reference);
    }
    assert_eq!(run_on(input.path(), &options(out.path())).resumed, 9);
    assert_eq!(tree(out.path()), reference);
}

#[test]
fn an_interrupted_run_is_completed_by_the_next_and_leaves_no_trace() {
    let (input, out, whole) = (inputs(9), tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    run_on(input.path(), &options(whole.path()));
    let asked = AtomicUsize::new(0);
    let stop = || asked.fetch_add(1, Ordering::Relaxed) >= 3;
    let summary = run(&[input.path().into()], &BatchOptions { jobs: 1, ..options(out.path()) }, &convert, &stop, &|_| {}).expect("runs");
    assert!(summary.interrupted && !summary.packed && summary.ok == 3);
    assert!(!out.path().join("documents.csv").exists());
    // A torn line and a temporary file, as a kill leaves them.
    let journal = out.path().join("manifest.all.journal");
    let mut text = std::fs::read(&journal).expect("the journal");
    text.extend(b"\n{\"input\":\"d0");
    std::fs::write(&journal, text).expect("written");
    std::fs::write(out.path().join("reports/.jisseki-all-0123.tmp"), "x").expect("written");
    assert_eq!(run_on(input.path(), &options(out.path())).resumed, 3);
    assert_eq!(tree(out.path()), tree(whole.path()));
}

#[test]
fn changed_content_settings_or_output_is_converted_again() {
    let (input, out) = (inputs(3), tempfile::tempdir().expect("a folder"));
    run_on(input.path(), &options(out.path()));
    std::fs::write(input.path().join("d01.pdf"), "5 new").expect("written");
    assert_eq!(run_on(input.path(), &options(out.path())).resumed, 2);
    std::fs::write(out.path().join("reports/d00.json"), "damaged").expect("written");
    assert_eq!(run_on(input.path(), &options(out.path())).resumed, 2);
    assert_eq!(run_on(input.path(), &BatchOptions { settings: "other".into(), ..options(out.path()) }).resumed, 0);
    assert_eq!(run_on(input.path(), &BatchOptions { settings: "other".into(), fresh: true, ..options(out.path()) }).resumed, 0);
}

#[test]
fn a_bad_input_is_a_row_of_failures_and_changes_nothing_else() {
    let (input, out, poisoned) = (inputs(4), tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    run_on(input.path(), &options(out.path()));
    let reference = tree(out.path());
    for (name, text) in [("a.pdf", "panic"), ("b.pdf", "no number"), ("c.pdf", "9".repeat(2000).as_str())] {
        std::fs::write(input.path().join(name), text).expect("written");
    }
    let summary = run_on(input.path(), &options(poisoned.path()));
    let codes: Vec<&str> = summary.failed.iter().map(|f| f.code.as_str()).collect();
    assert_eq!((summary.ok, codes), (4, vec!["batch/panic", "pdf/not-a-pdf", "batch/too-large"]));
    let after = tree(poisoned.path());
    for (name, bytes) in reference.iter().filter(|(n, _)| !n.starts_with("manifest") && *n != "package.sqlite") {
        assert_eq!(after.get(name), Some(bytes), "{name}");
    }
    let failures = String::from_utf8_lossy(&after["failures.csv"]).into_owned();
    assert_eq!(failures.lines().count(), 4, "{failures}");
    // Cured, the table of failures goes.
    for name in ["a.pdf", "b.pdf", "c.pdf"] {
        std::fs::remove_file(input.path().join(name)).expect("removed");
    }
    run_on(input.path(), &options(poisoned.path()));
    assert_eq!(tree(poisoned.path()), reference);
}

#[test]
fn shards_share_a_folder_and_the_last_one_packs() {
    let (input, out, whole) = (inputs(9), tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    run_on(input.path(), &options(whole.path()));
    let shard = |index| BatchOptions { shard: Some(Shard { index, count: 3 }), ..options(out.path()) };
    let summaries: Vec<Summary> = (1..=3).map(|i| run_on(input.path(), &shard(i))).collect();
    assert_eq!(summaries.iter().map(|s| s.inputs).sum::<usize>(), 9);
    assert_eq!(summaries.iter().map(|s| s.packed).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(tree(out.path()), tree(whole.path()));
}

#[test]
fn a_copy_has_a_report_and_no_rows() {
    let (input, out) = (inputs(2), tempfile::tempdir().expect("a folder"));
    std::fs::copy(input.path().join("d01.pdf"), input.path().join("e.pdf")).expect("copied");
    let summary = run_on(input.path(), &options(out.path()));
    assert_eq!((summary.ok, summary.duplicates), (3, 1));
    assert!(out.path().join("reports/e.json").exists());
    let documents = std::fs::read_to_string(out.path().join("documents.csv")).expect("read");
    assert_eq!(documents.lines().count(), 3);
}

#[cfg(unix)]
#[test]
fn links_hidden_files_and_other_kinds_are_left_out_with_a_count() {
    let (input, out) = (inputs(1), tempfile::tempdir().expect("a folder"));
    let (root, secret) = (input.path(), inputs(1));
    std::fs::create_dir(root.join("sub")).expect("made");
    std::os::unix::fs::symlink("..", root.join("sub/loop")).expect("linked");
    std::os::unix::fs::symlink("nowhere.pdf", root.join("dangling.pdf")).expect("linked");
    std::os::unix::fs::symlink(secret.path().join("d00.pdf"), root.join("out.pdf")).expect("linked");
    std::fs::write(root.join(".hidden.pdf"), "1").expect("written");
    std::fs::write(root.join("notes.txt"), "1").expect("written");
    let summary = run_on(root, &options(out.path()));
    assert_eq!(summary.inputs, 1);
    let skipped: Vec<_> = summary.skipped.into_iter().collect();
    assert_eq!(
        skipped,
        [("hidden", 1), ("link that leads out of the folder", 1), ("link to a folder", 1), ("link to nowhere", 1), ("no PDF", 1)]
    );
}

#[test]
fn lists_and_names_that_are_not_there() {
    let (input, out) = (inputs(2), tempfile::tempdir().expect("a folder"));
    let list = input.path().join("list.txt");
    std::fs::write(&list, format!("{}\r\n\n{}\n", input.path().join("d01.pdf").display(), input.path().join("no.pdf").display()))
        .expect("written");
    let mut argument = OsString::from("@");
    argument.push(&list);
    let summary = run(&[argument], &options(out.path()), &convert, &|| false, &|_| {}).expect("runs");
    assert_eq!((summary.ok, summary.failed.len(), summary.failed[0].code.as_str()), (1, 1, "batch/read"));
    let empty = tempfile::tempdir().expect("a folder");
    assert!(matches!(run(&[empty.path().into()], &options(out.path()), &convert, &|| false, &|_| {}), Err(BatchError::NoInput)));
}

#[test]
fn one_run_at_a_time_writes_to_a_folder() {
    let (input, out) = (inputs(1), tempfile::tempdir().expect("a folder"));
    let _held = Journal::open(out.path(), "all").expect("opens");
    let second = run(&[input.path().into()], &options(out.path()), &convert, &|| false, &|_| {});
    assert!(matches!(second, Err(BatchError::Busy { .. })));
}
