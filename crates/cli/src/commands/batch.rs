//! The batch part of `jisseki convert`: many inputs into a folder, with progress, a summary and an exit code; and its worker.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::{anyhow, bail};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use crate::commands::convert::{self, ReadingOptions};
use crate::exit::{Exit, Usage};
use crate::shell::{Lang, Shell};
use crate::signals;
use jisseki::Options;
use jisseki::batch::{self, BatchError, BatchOptions, Event, Failed, Isolation, Shard, Summary, WorkerLimits};
use jisseki::dataset::{self, Failure};

/// Failures that are said one by one; the rest is in `failures.csv`.
const SAID: usize = 20;
/// The variable in which a worker finds the password: its arguments can be seen by everyone.
const PASSWORD: &str = "JISSEKI_PASSWORD";

/// Where a batch goes, and how.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Batch")]
#[group(skip)]
pub(crate) struct Args {
    /// Folder for reports, tables and manifest; needed for folders, lists and several inputs
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Formats of the tables: jsonl, csv, parquet, sqlite, xlsx, excel-csv, or all
    #[arg(long, value_enum, value_delimiter = ',', default_value = "jsonl,csv", value_name = "LIST")]
    pub(crate) formats: Vec<TableFormat>,
    /// Write the tables as CSV for Excel too (BOM, CRLF, formulas guarded)
    #[arg(long)]
    pub(crate) excel: bool,
    /// Inputs at a time [default: one a core]
    #[arg(long, short, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Convert the I-th of N parts, so that N machines can share the folder
    #[arg(long, value_name = "I/N", value_parser = text_to_shard)]
    pub(crate) shard: Option<Shard>,
    /// Convert in processes of their own, each with limits [auto: on Unix]
    #[arg(long, value_enum, default_value_t = Isolate::Auto, num_args = 0..=1, default_missing_value = "always", require_equals = true)]
    pub(crate) isolate: Isolate,
    /// Memory of one worker
    #[arg(long, value_name = "MIB", default_value_t = 1024)]
    pub(crate) max_memory: u64,
    /// CPU time of one input
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
    pub(crate) max_cpu: f64,
    /// Convert again what an earlier run has done
    #[arg(long)]
    pub(crate) fresh: bool,
}

/// A format of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Nested, one initiative a line
    Jsonl,
    /// CSV with datapackage.json, CSVW, columns.csv and README.md
    Csv,
    /// Parquet
    Parquet,
    /// One SQLite database
    Sqlite,
    /// One workbook
    Xlsx,
    /// CSV for Excel
    ExcelCsv,
    /// All of them
    All,
}

/// When to convert in processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Isolate {
    /// On Unix
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Tells whether the inputs make a batch: more than one file, or something that stands for files.
pub(crate) fn is_batch(inputs: &[OsString], args: &Args) -> bool {
    let many = |input: &OsString| {
        let path = std::path::Path::new(input);
        let bytes = input.as_encoded_bytes();
        path.is_dir() || !path.exists() && (bytes.first() == Some(&b'@') || bytes.iter().any(|b| matches!(b, b'*' | b'?' | b'[')))
    };
    args.output.is_some() || inputs.len() > 1 || inputs.iter().any(many)
}

/// Converts a batch.
pub(crate) fn run(args: &convert::Args, shell: &Shell) -> anyhow::Result<Exit> {
    let mut options = args.reading.options()?;
    options.threads = 1;
    let Some(output) = args.batch.output.clone() else {
        bail!(Usage("several inputs need a folder for their output: `-o DIR`".into()));
    };
    if output.exists() && !output.is_dir() {
        bail!(Usage(format!("`{}` is no folder", output.display())));
    }
    let batch_options = batch_options(&args.batch, &args.reading, &options, output)?;
    let signal = signals::watch()?;
    let stop = || signal.load(Ordering::Relaxed) != 0;
    // A fault of one input is a row of failures, not a message in between.
    std::panic::set_hook(Box::new(|_| {}));
    let progress = Progress::new(shell);
    let result = batch::run(&args.inputs, &batch_options, &|bytes, name| convert_one(bytes, name, &options), &stop, &|e| progress.on(e));
    progress.end();
    let summary = result.map_err(|e| match e {
        BatchError::NoInput | BatchError::List { .. } | BatchError::Busy { .. } => anyhow!(Usage(e.to_string())),
        e => e.into(),
    })?;
    say_summary(&summary, &batch_options, shell);
    Ok(match u8::try_from(signal.load(Ordering::Relaxed)) {
        Ok(n) if n > 0 && summary.interrupted => Exit::Signal(n),
        _ if summary.failed.is_empty() => Exit::Ok,
        _ if summary.ok == 0 => Exit::AllFailed,
        _ => Exit::SomeFailed,
    })
}

fn convert_one(bytes: &[u8], name: &str, options: &Options) -> Result<jisseki::model::Report, Failed> {
    jisseki::convert(bytes, name, options).map_err(|e| Failed::new("extract", e.code(), e.to_string()))
}

fn batch_options(args: &Args, reading: &ReadingOptions, options: &Options, output: PathBuf) -> anyhow::Result<BatchOptions> {
    let isolated = args.isolate == Isolate::Always || args.isolate == Isolate::Auto && cfg!(unix);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // All that decides over a report; a password decides only over whether there is one.
    let settings = format!("{:?}", Options { password: None, threads: 1, ..options.clone() });
    Ok(BatchOptions {
        output,
        formats: formats(args),
        jobs: args.jobs.unwrap_or(cores).max(1),
        shard: args.shard,
        isolation: if isolated { processes(reading)? } else { Isolation::Threads },
        limits: WorkerLimits { memory_bytes: args.max_memory << 20, cpu_seconds: args.max_cpu, file_bytes: options.limits.file_bytes },
        fresh: args.fresh,
        settings,
    })
}

fn formats(args: &Args) -> Vec<dataset::Format> {
    use dataset::Format;
    let mut formats: Vec<Format> = args
        .formats
        .iter()
        .flat_map(|f| match f {
            TableFormat::Jsonl => vec![Format::Jsonl],
            TableFormat::Csv => vec![Format::Csv],
            TableFormat::Parquet => vec![Format::Parquet],
            TableFormat::Sqlite => vec![Format::Sqlite],
            TableFormat::Xlsx => vec![Format::Xlsx],
            TableFormat::ExcelCsv => vec![Format::ExcelCsv],
            TableFormat::All => vec![Format::Jsonl, Format::Csv, Format::Parquet, Format::Sqlite, Format::Xlsx, Format::ExcelCsv],
        })
        .collect();
    if args.excel {
        formats.push(Format::ExcelCsv);
    }
    formats.sort_unstable();
    formats.dedup();
    formats
}

/// This program again, as a worker with the same reading options.
fn processes(reading: &ReadingOptions) -> anyhow::Result<Isolation> {
    let mut arguments: Vec<OsString> = vec!["worker".into()];
    if let Some(profile) = &reading.profile {
        arguments.push(format!("--profile={profile}").into());
    }
    if let Some(year) = reading.report_fy {
        arguments.push(format!("--report-fy={year}").into());
    }
    arguments.extend(reading.open.limits.limits.iter().map(|l| format!("--limit={l}").into()));
    let environment = reading.open.password.iter().map(|p| (PASSWORD.into(), p.into())).collect();
    Ok(Isolation::Processes { program: std::env::current_exe()?, arguments, environment })
}

/// What a worker is told.
#[derive(Debug, clap::Args)]
pub(crate) struct WorkerArgs {
    #[command(flatten)]
    reading: ReadingOptions,
}

/// Serves a batch until its pipe is closed.
pub(crate) fn serve(args: &WorkerArgs) -> anyhow::Result<Exit> {
    let mut options = args.reading.options()?;
    options.threads = 1;
    options.password = options.password.or_else(|| std::env::var(PASSWORD).ok());
    // A terminal sends INT to the whole group; the batch decides when a worker ends.
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::new(AtomicBool::new(false)))?;
    }
    batch::serve(&|bytes, name| convert_one(bytes, name, &options))?;
    Ok(Exit::Ok)
}

fn text_to_shard(text: &str) -> Result<Shard, String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match parts {
        Some((index, count)) if 1 <= index && index <= count => Ok(Shard { index, count }),
        _ => Err("expected I/N with 1 ≤ I ≤ N, for example 2/4".into()),
    }
}

/// The bar on a terminal: files, pages, rate.
struct Progress {
    bar: ProgressBar,
    lang: Lang,
    pages: Mutex<(u64, usize)>,
}

impl Progress {
    fn new(shell: &Shell) -> Progress {
        let shown = io::stderr().is_terminal() && shell.says_progress();
        Progress { bar: if shown { ProgressBar::new(0) } else { ProgressBar::hidden() }, lang: shell.lang, pages: Mutex::default() }
    }
    fn on(&self, event: Event) {
        match event {
            Event::Planned { files, done, .. } => {
                self.bar.set_length(files as u64);
                self.bar.set_position(done as u64);
                // The rate is that of this run.
                self.bar.reset_eta();
                let template = match self.lang {
                    Lang::En => "{wide_bar} {pos}/{len} files, {msg}, {per_sec}, {eta} left",
                    Lang::Ja => "{wide_bar} {pos}/{len} ファイル, {msg}, {per_sec}, 残り {eta}",
                };
                if let Ok(style) = ProgressStyle::with_template(template) {
                    self.bar.set_style(style);
                }
            }
            Event::Done { pages, failure, .. } => {
                let (pages, failed) = {
                    let mut sum = self.pages.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    sum.0 += u64::from(pages);
                    sum.1 += usize::from(failure.is_some());
                    *sum
                };
                self.bar.set_message(match self.lang {
                    Lang::En => format!("{pages} pages, {failed} failed"),
                    Lang::Ja => format!("{pages} ページ, 失敗 {failed}"),
                });
                self.bar.inc(1);
            }
            Event::Packing => self.bar.set_message(match self.lang {
                Lang::En => "writing the tables",
                Lang::Ja => "表を書き出し中",
            }),
            _ => {}
        }
    }
    fn end(&self) {
        self.bar.finish_and_clear();
    }
}

fn say_summary(s: &Summary, options: &BatchOptions, shell: &Shell) {
    for Failure { path, code, message, .. } in s.failed.iter().take(SAID) {
        shell.fail(code, message, Some(path));
    }
    let output = batch::escaped_whole(&options.output);
    let lines = match shell.lang {
        Lang::En => summary_en(s, &output),
        Lang::Ja => summary_ja(s, &output),
    };
    lines.iter().for_each(|l| shell.note(l));
}

fn commonest(s: &Summary) -> String {
    s.codes.iter().take(5).map(|(code, n)| format!("{code} ×{n}")).collect::<Vec<_>>().join(", ")
}

fn summary_en(s: &Summary, output: &str) -> Vec<String> {
    let mut lines = Vec::new();
    if s.failed.len() > SAID {
        lines.push(format!("… and {} more failures", s.failed.len() - SAID));
    }
    lines.push(format!(
        "{} inputs: {} ok ({} with warnings), {} failed; {} pages, {} initiatives{}",
        s.inputs,
        s.ok,
        s.with_warnings,
        s.failed.len(),
        s.pages,
        s.records,
        if s.resumed > 0 { format!("; {} done by an earlier run", s.resumed) } else { String::new() }
    ));
    if !s.codes.is_empty() {
        lines.push(format!("commonest warnings: {}", commonest(s)));
    }
    if s.duplicates > 0 {
        lines.push(format!("{} inputs are copies of others: they have reports and no rows in the tables", s.duplicates));
    }
    if !s.skipped.is_empty() {
        lines.push(format!("left out: {}", s.skipped.iter().map(|(why, n)| format!("{n} {why}")).collect::<Vec<_>>().join(", ")));
    }
    lines.push(match (s.interrupted, s.packed) {
        (true, _) => format!("interrupted; run the same command again to go on in {output}"),
        (_, false) => format!("this shard is done in {output}; the tables are written by the shard that ends last"),
        (_, true) if s.failed.is_empty() => format!("output: {output}; next: jisseki check --rules jp-2026 {output}"),
        (_, true) => format!("output: {output}; the failures are in {output}/failures.csv; next: jisseki explain {}", s.failed[0].code),
    });
    lines
}

fn summary_ja(s: &Summary, output: &str) -> Vec<String> {
    let mut lines = Vec::new();
    if s.failed.len() > SAID {
        lines.push(format!("… ほかに失敗 {} 件", s.failed.len() - SAID));
    }
    lines.push(format!(
        "入力 {} 件: 成功 {} 件（うち警告あり {} 件）、失敗 {} 件、{} ページ、取組 {} 件{}",
        s.inputs,
        s.ok,
        s.with_warnings,
        s.failed.len(),
        s.pages,
        s.records,
        if s.resumed > 0 { format!("（以前の実行で済 {} 件）", s.resumed) } else { String::new() }
    ));
    if !s.codes.is_empty() {
        lines.push(format!("多い警告: {}", commonest(s)));
    }
    if s.duplicates > 0 {
        lines.push(format!("同じ内容の入力 {} 件: 報告は個別に出力し、表には載せません", s.duplicates));
    }
    if !s.skipped.is_empty() {
        let skipped: usize = s.skipped.values().sum();
        lines.push(format!(
            "対象外 {skipped} 件（{}）",
            s.skipped.iter().map(|(why, n)| format!("{why} {n}")).collect::<Vec<_>>().join("、")
        ));
    }
    lines.push(match (s.interrupted, s.packed) {
        (true, _) => format!("中断しました。同じコマンドをもう一度実行すると {output} で続きから始めます"),
        (_, false) => format!("この分割は {output} で終わりました。表は最後に終わる分割が書き出します"),
        (_, true) if s.failed.is_empty() => format!("出力先: {output}　次は: jisseki check --rules jp-2026 {output}"),
        (_, true) => format!("出力先: {output}　失敗の一覧: {output}/failures.csv　次は: jisseki explain {}", s.failed[0].code),
    });
    lines
}
