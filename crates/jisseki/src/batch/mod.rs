//! A batch: many inputs, one folder of reports, one data package, one manifest.
//!
//! Goes in: files, folders, globs, lists, a converter. Comes out: `reports/…json` for each input, the package's tables, `manifest.jsonl`,
//! and `failures.csv` when an input failed.
//!
//! The walk: [`plan`] finds the inputs and their names → [`journal`] tells which of them an earlier run has done → [`pool`] converts the rest, in
//! worker processes ([`process`], [`worker`]) or threads, each with its part of the tables ([`spool`]) → [`collect`] feeds them to the package's
//! writers in the order of the plan.
//!
//! *Invariant:* the finished folder is a function of the inputs, the options and the version: jobs, order, locale and clock change no byte.
//! *Invariant:* a visible file is complete: each is written under a temporary name, synced and renamed. The journal's line comes after.
//! *Invariant:* one bad input is one row of failures; no other input's bytes change by it.
//! *Invariant:* an output's name is made of the input's name and nothing that stands in the input.

mod collect;
mod files;
mod globs;
mod journal;
mod names;
mod outcome;
mod plan;
mod pool;
mod process;
mod spool;
mod worker;

pub use names::{escaped, escaped_whole};
pub use outcome::{Converter, Failed};
pub use worker::{WorkerLimits, serve};

use crate::dataset::{Failure, Format, WriteError};
use journal::{Entry, Journal};
use plan::Plan;
use spool::Spool;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// How inputs are converted.
#[derive(Debug, Clone)]
pub enum Isolation {
    /// In threads of this process: no limit on memory, and a crash ends the batch.
    Threads,
    /// In processes of their own, each with limits: a crash is one failure.
    Processes {
        /// The program that calls [`serve`].
        program: PathBuf,
        /// Its arguments.
        arguments: Vec<OsString>,
        /// Variables of its environment: what must not be seen in a list of processes.
        environment: Vec<(OsString, OsString)>,
    },
}

/// One of `count` parts of a batch, by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    pub index: u32,
    /// How many.
    pub count: u32,
}

/// What to do.
#[derive(Debug, Clone)]
pub struct BatchOptions {
    /// The folder of the output; made where it is not there.
    pub output: PathBuf,
    /// Formats of the package.
    pub formats: Vec<Format>,
    /// Inputs at a time.
    pub jobs: usize,
    /// The part to convert.
    pub shard: Option<Shard>,
    /// Processes or threads.
    pub isolation: Isolation,
    /// Bounds of one input.
    pub limits: WorkerLimits,
    /// Whether to convert again what an earlier run has done.
    pub fresh: bool,
    /// All that decides over a report but the input: profile, options. Its hash stands in the manifest.
    pub settings: String,
}

/// What happens, for a progress bar.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// The inputs are known.
    Planned {
        /// Inputs of this shard.
        files: usize,
        /// Those that an earlier run has done.
        done: usize,
        /// What was left out, by reason.
        skipped: BTreeMap<&'static str, usize>,
    },
    /// An input is done.
    Done {
        /// Its pages.
        pages: u32,
        /// Its size.
        bytes: u64,
        /// Why it failed, if it did.
        failure: Option<Failure>,
    },
    /// The tables are being written.
    Packing,
}

/// How a batch ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// Inputs of this run (of the shard).
    pub inputs: usize,
    /// Inputs without a failure.
    pub ok: usize,
    /// Of those, inputs with a warning above info.
    pub with_warnings: usize,
    /// Inputs that failed.
    pub failed: Vec<Failure>,
    /// Inputs that an earlier run had done.
    pub resumed: usize,
    /// Pages of all inputs.
    pub pages: u64,
    /// Initiatives of all inputs.
    pub records: u64,
    /// Warning codes above info and how many inputs have each, commonest first.
    pub codes: Vec<(String, usize)>,
    /// Inputs with the content of an earlier one: they have reports and no rows.
    pub duplicates: usize,
    /// Left out while looking for inputs, by reason.
    pub skipped: BTreeMap<&'static str, usize>,
    /// Whether the package was written: not after an interruption, and not while other shards are missing.
    pub packed: bool,
    /// Whether `stop` ended it.
    pub interrupted: bool,
}

/// Why a batch could not run or go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// No input was found.
    #[error("no PDF among the inputs")]
    NoInput,
    /// A list of inputs could not be read.
    #[error("cannot read the list `{}`: {source}", path.display())]
    List {
        /// The list.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another run is writing to the folder.
    #[error("another run is writing to `{}`", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// A worker could not be started.
    #[error("cannot start a worker: {source}")]
    Worker {
        /// Why.
        source: std::io::Error,
    },
    /// An output could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Converts a batch.
///
/// `stop` is asked between two inputs; once true, the inputs under way are finished and what is done stays done.
/// Errors: no input; the output folder cannot be written or is in use. A bad input is no error but a row of `failures`.
pub fn run(
    inputs: &[OsString],
    options: &BatchOptions,
    convert: &Converter<'_>,
    stop: &(dyn Fn() -> bool + Sync),
    on_event: &(dyn Fn(Event) + Sync),
) -> Result<Summary, BatchError> {
    // Planning and packing keep to the number of jobs, too; more threads than cores would only wait for each other.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    match rayon::ThreadPoolBuilder::new().num_threads(options.jobs.clamp(1, cores)).build() {
        Ok(pool) => pool.install(|| run_here(inputs, options, convert, stop, on_event)),
        Err(_) => run_here(inputs, options, convert, stop, on_event),
    }
}

fn run_here(
    inputs: &[OsString],
    options: &BatchOptions,
    convert: &Converter<'_>,
    stop: &(dyn Fn() -> bool + Sync),
    on_event: &(dyn Fn(Event) + Sync),
) -> Result<Summary, BatchError> {
    std::fs::create_dir_all(&options.output).map_err(WriteError::io(&options.output))?;
    let plan = plan::inputs_to_plan(inputs, &options.output)?;
    let tag = options.shard.map_or("all".to_owned(), |s| format!("{}-of-{}", s.index, s.count));
    let journal = Journal::open(&options.output, &tag)?;
    files::remove_temporaries(&options.output, &tag);
    let settings = journal::settings_hash(&options.settings);
    let known = if options.fresh { BTreeMap::new() } else { journal::proven(&options.output, &plan, &settings) };
    let own: Vec<usize> = (0..plan.inputs.len()).filter(|&i| is_in_shard(&plan, i, options.shard)).collect();
    let todo: Vec<usize> = own.iter().copied().filter(|i| !known.contains_key(i)).collect();
    let skipped = plan.skipped.clone();
    on_event(Event::Planned { files: own.len(), done: own.len() - todo.len(), skipped });
    let spool = Spool::new(&options.output);
    let context =
        pool::Context { plan: &plan, options, settings: &settings, tag: &tag, journal: &journal, spool: &spool, convert, stop, on_event };
    let mut entries = known;
    let resumed = own.len() - todo.len();
    entries.extend(context.convert_all(&todo)?);
    if options.shard.is_some() {
        // The other shards went on in the meantime: the one that ends last packs.
        for (index, entry) in journal::proven(&options.output, &plan, &settings) {
            entries.entry(index).or_insert(entry);
        }
    }
    let mut summary = summarize(&plan, &own, &entries);
    summary.resumed = resumed;
    summary.interrupted = stop() && !own.iter().all(|i| entries.contains_key(i));
    if entries.len() == plan.inputs.len() {
        on_event(Event::Packing);
        collect::write_package(&plan, &entries, &spool, options, &tag)?;
        journal.finish(&options.output)?;
        summary.packed = true;
    }
    Ok(summary)
}

/// Shards are cut by content, so that a copy goes where its original goes and no machine needs to ask another.
fn is_in_shard(plan: &Plan, index: usize, shard: Option<Shard>) -> bool {
    let Some(shard) = shard else { return true };
    let input = &plan.inputs[index];
    let key = input.sha256.clone().unwrap_or_else(|| files::sha256_hex(input.name.as_bytes()));
    let head = u64::from_str_radix(key.get(..12).unwrap_or("0"), 16).unwrap_or(0);
    head % u64::from(shard.count.max(1)) == u64::from(shard.index.saturating_sub(1))
}

fn summarize(plan: &Plan, own: &[usize], entries: &BTreeMap<usize, Entry>) -> Summary {
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut summary = Summary { inputs: own.len(), skipped: plan.skipped.clone(), ..Summary::default() };
    for entry in own.iter().filter_map(|i| entries.get(i)) {
        summary.pages += u64::from(entry.pages);
        summary.records += entry.records;
        for code in &entry.codes {
            *codes.entry(code).or_default() += 1;
        }
        match &entry.failure {
            Some(f) => summary.failed.push(f.to_failure(&entry.input, entry.sha256.as_deref())),
            None => {
                summary.ok += 1;
                summary.with_warnings += usize::from(!entry.codes.is_empty());
            }
        }
    }
    summary.duplicates = own.iter().filter(|&&i| plan.same_as(i).is_some()).count();
    let mut codes: Vec<(String, usize)> = codes.into_iter().map(|(c, n)| (c.to_owned(), n)).collect();
    codes.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    summary.codes = codes;
    summary
}

/// Returns the path of a report in the output folder.
fn report_path(output: &Path, entry_output: &str) -> PathBuf {
    entry_output.split('/').fold(output.to_owned(), |p, part| p.join(part))
}

#[cfg(test)]
mod tests;
