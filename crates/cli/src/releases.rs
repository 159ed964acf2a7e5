//! Reading releases to compare: PDFs, text dumps, reports, data packages, and folders of any of them.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::exit::Usage;
use crate::input;
use crate::shell::{Lang, Shell};
use jisseki::Options;
use jisseki::compare::releases::jsonl_to_reports;
use jisseki::model::{Report, Severity, Status};

/// Returns the reports that a path holds, sorted by path; documents that could not be read are told and left out.
pub(crate) fn load(path: &Path, options: &Options, shell: &Shell) -> anyhow::Result<Vec<Report>> {
    let reports = if path.is_dir() { load_folder(path, options, shell)? } else { load_file(path, options)? };
    // What could not be read looks like something removed: said before anybody believes it.
    for d in reports.iter().map(|r| &r.document).filter(|d| d.status != Status::Ok) {
        let status = serde_json::to_value(d.status).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        shell.note(&format!("`{}` was not read in full ({status}): differences may come from that", d.source.name));
    }
    Ok(reports)
}

/// Returns the reports that all paths hold, the earliest first.
pub(crate) fn load_all(paths: &[PathBuf], options: &Options, shell: &Shell) -> anyhow::Result<Vec<Report>> {
    let mut reports = Vec::new();
    for path in paths {
        reports.extend(load(path, options, shell)?);
    }
    reports.sort_by_key(|r| (r.document.fiscal_year.as_ref().map(|y| y.year), r.document.stage));
    Ok(reports)
}

fn load_file(path: &Path, options: &Options) -> anyhow::Result<Vec<Report>> {
    let bytes = input::read(path, options.limits.file_bytes)?;
    let name = input::source_name(path);
    let first = bytes.iter().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xEF | 0xBB | 0xBF));
    if first == Some(&b'{') && !name.ends_with(".txt") {
        let text = std::str::from_utf8(&bytes).with_context(|| format!("`{name}` is no UTF-8"))?;
        return json_to_reports(text.trim_start_matches('\u{FEFF}')).with_context(|| format!("`{name}` is no report"));
    }
    let report = jisseki::convert(&bytes, &name, options).with_context(|| format!("`{name}`"))?;
    Ok(vec![report])
}

fn json_to_reports(text: &str) -> anyhow::Result<Vec<Report>> {
    match serde_json::from_str::<Report>(text) {
        Ok(report) => Ok(vec![report]),
        // One document over many lines is a broken report, not lines of reports: its own error says more.
        Err(e) if serde_json::from_str::<serde_json::Value>(text).is_ok() => Err(e.into()),
        Err(_) => Ok(jsonl_to_reports(text)?),
    }
}

/// A data package is read from its lines of initiatives; any other folder file by file, hidden ones and strangers left out.
fn load_folder(folder: &Path, options: &Options, shell: &Shell) -> anyhow::Result<Vec<Report>> {
    let lines = folder.join("initiatives.jsonl");
    let mut reports = Vec::new();
    let mut files = Vec::new();
    collect(folder, 0, &mut files)?;
    let is =
        |p: &Path, ends: &[&str]| p.extension().and_then(|e| e.to_str()).is_some_and(|e| ends.contains(&e.to_ascii_lowercase().as_str()));
    let (documents, json): (Vec<_>, Vec<_>) = files.into_iter().filter(|p| is(p, &["pdf", "txt", "json"])).partition(|p| !is(p, &["json"]));
    for path in &json {
        // A package's other JSON files (its description, its schema) are no reports.
        reports.extend(load_file(path, options).unwrap_or_default());
    }
    if reports.is_empty() && lines.is_file() {
        let text = String::from_utf8(input::read(&lines, options.limits.file_bytes)?.into_vec())
            .with_context(|| format!("`{}`", lines.display()))?;
        reports = jsonl_to_reports(&text).with_context(|| format!("`{}`", lines.display()))?;
    }
    if reports.is_empty() {
        for path in &documents {
            match load_file(path, options) {
                Ok(more) => reports.extend(more),
                Err(e) => shell.fail("cli/failed", &format!("{e:#}"), Some(&input::source_name(path))),
            }
        }
    }
    if reports.is_empty() {
        bail!(Usage(format!("`{}` holds no PDF, report or package", folder.display())));
    }
    Ok(reports)
}

/// Folders below this depth are not looked at: a loop of links ends here.
const MAX_DEPTH: usize = 16;

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        match std::fs::metadata(&path) {
            Ok(m) if m.is_dir() && !hidden && depth < MAX_DEPTH => collect(&path, depth + 1, files)?,
            Ok(m) if m.is_file() && !hidden => files.push(path),
            _ => {}
        }
    }
    Ok(())
}

/// The gravity from which a command's exit is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FailOn {
    /// Never
    Never,
    /// At anything
    Info,
    /// At warnings and errors
    Warn,
    /// At errors
    Error,
}

impl FailOn {
    /// Returns the least severity that fails.
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Never => None,
            FailOn::Info => Some(Severity::Info),
            FailOn::Warn => Some(Severity::Warn),
            FailOn::Error => Some(Severity::Error),
        }
    }
    /// Tells whether the gravest thing found fails.
    pub(crate) fn fails(self, worst: Option<Severity>) -> bool {
        self.severity().zip(worst).is_some_and(|(least, worst)| worst >= least)
    }
}

/// Returns the language as the library names it.
pub(crate) fn lang(shell: &Shell) -> jisseki::compare::Lang {
    match shell.lang {
        Lang::En => jisseki::compare::Lang::En,
        Lang::Ja => jisseki::compare::Lang::Ja,
    }
}

/// Writes a file whole or not at all: to a temporary name in its folder, then renamed.
pub(crate) fn write_file(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().with_context(|| format!("`{}` names no file", path.display()))?;
    let temporary = folder.join(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id()));
    let written = std::fs::write(&temporary, text).and_then(|()| std::fs::rename(&temporary, path));
    written.inspect_err(|_| drop(std::fs::remove_file(&temporary))).with_context(|| format!("cannot write `{}`", path.display()))
}
