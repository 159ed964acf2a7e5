//! What is done: one line an input, appended when its output has its name; sorted into `manifest.jsonl` at the end.

use super::files;
use super::outcome::Failed;
use super::plan::Plan;
use super::{BatchError, report_path};
use crate::dataset::WriteError;
use crate::model::Status;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The finished manifest.
pub(super) const MANIFEST: &str = "manifest.jsonl";

/// A file that an input or the package gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OutputFile {
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// One line of the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) input: String,
    pub(super) sha256: Option<String>,
    pub(super) bytes: u64,
    pub(super) tool: String,
    /// Hash of the options that decide over the output.
    pub(super) settings: String,
    pub(super) status: Option<Status>,
    pub(super) pages: u32,
    pub(super) records: u64,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) codes: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) failure: Option<Failed>,
    pub(super) outputs: Vec<OutputFile>,
}

/// The last line of the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PackageLine {
    /// The files of the package.
    pub(super) package: Vec<OutputFile>,
    /// The formats that were asked for.
    pub(super) formats: Vec<String>,
}

/// An open journal; while it is open no other run of the same shard writes to the folder.
pub(super) struct Journal {
    file: Mutex<File>,
    path: PathBuf,
}

/// Returns the hash of the settings as it stands in the manifest.
pub(super) fn settings_hash(settings: &str) -> String {
    files::sha256_hex(settings.as_bytes()).get(..16).unwrap_or_default().to_owned()
}

/// Name and version of the program, as they stand in the manifest.
pub(super) fn tool() -> String {
    format!("jisseki {}", env!("CARGO_PKG_VERSION"))
}

impl Journal {
    /// Opens the journal of a shard.
    pub(super) fn open(output: &Path, tag: &str) -> Result<Journal, BatchError> {
        let path = output.join(journal_name(tag));
        let file = OpenOptions::new().create(true).append(true).open(&path).map_err(WriteError::io(&path))?;
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(BatchError::Busy { path: output.to_owned() });
        }
        Ok(Journal { file: Mutex::new(file), path })
    }
    /// Appends a line at once: what a killed run leaves is a whole line or a torn one that no reader takes.
    pub(super) fn append(&self, entry: &Entry) -> Result<(), WriteError> {
        let mut line = serde_json::to_string(entry).unwrap_or_default();
        line.insert(0, '\n');
        line.push('\n');
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.write_all(line.as_bytes()).map_err(WriteError::io(&self.path))
    }
    /// Removes the journals: the manifest says it all now.
    pub(super) fn finish(self, output: &Path) -> Result<(), WriteError> {
        for path in journals(output) {
            match std::fs::remove_file(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(WriteError::io(path)(e)),
                _ => {}
            }
        }
        Ok(())
    }
}

fn journal_name(tag: &str) -> String {
    format!("manifest.{tag}.journal")
}

fn journals(output: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(output).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .filter(|e| {
            let name = e.file_name();
            let name = name.to_string_lossy();
            name.starts_with("manifest.") && name.ends_with(".journal")
        })
        .map(|e| e.path())
        .collect();
    paths.sort();
    paths
}

/// Returns the inputs that an earlier run has done: same name, same content, same program, same settings, and outputs that are still what they were.
pub(super) fn proven(output: &Path, plan: &Plan, settings: &str) -> BTreeMap<usize, Entry> {
    use rayon::prelude::*;
    let mut by_input: BTreeMap<(String, Option<String>), Entry> = BTreeMap::new();
    for path in [vec![output.join(MANIFEST)], journals(output)].concat() {
        let text = std::fs::read(&path).unwrap_or_default();
        for entry in text.split(|b| *b == b'\n').filter_map(|line| serde_json::from_slice::<Entry>(line).ok()) {
            by_input.insert((entry.input.clone(), entry.sha256.clone()), entry);
        }
    }
    let candidates: Vec<(usize, Entry)> = plan
        .inputs
        .iter()
        .enumerate()
        .filter_map(|(i, input)| Some((i, by_input.get(&(input.name.clone(), input.sha256.clone()))?.clone())))
        .filter(|(i, entry)| entry.tool == tool() && entry.settings == settings && is_final(entry) && fits(entry, &plan.inputs[*i].output))
        .collect();
    candidates.into_par_iter().filter(|(_, e)| outputs_stand(output, &e.outputs)).collect()
}

/// What failed outside the conversion (a file that could not be read, a crash, a time limit) is tried again.
fn is_final(entry: &Entry) -> bool {
    entry.sha256.is_some() && entry.failure.as_ref().is_none_or(|f| f.stage != "worker" && f.stage != "read")
}

/// The name of an output may have changed with the set of inputs.
fn fits(entry: &Entry, output: &str) -> bool {
    entry.outputs.iter().all(|o| o.path == output) && (entry.failure.is_some() || !entry.outputs.is_empty())
}

/// Tells whether all files are there with the bytes that the manifest says.
pub(super) fn outputs_stand(folder: &Path, outputs: &[OutputFile]) -> bool {
    outputs.iter().all(|o| files::hash_file(&report_path(folder, &o.path)).is_ok_and(|(bytes, sha)| bytes == o.bytes && sha == o.sha256))
}

/// Returns the text of the finished manifest's lines about inputs.
pub(super) fn entries_to_lines(entries: &BTreeMap<usize, Entry>) -> String {
    let mut out = String::new();
    for entry in entries.values() {
        out.push_str(&serde_json::to_string(entry).unwrap_or_default());
        out.push('\n');
    }
    out
}
