//! `jisseki convert`: a report as records.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use clap::ValueEnum;

use crate::commands::batch;
use crate::exit::{Exit, Usage};
use crate::input;
use crate::options::OpenOptions;
use crate::shell::{Out, Shell};
use crate::view::report_to_table;
use jisseki::dataset::initiatives_to_jsonl;
use jisseki::model::{Report, Status};
use jisseki::segmenter::{Profile, profile_named};
use jisseki::{ConvertError, Options};

/// What to convert, and how.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// PDFs or text dumps (`.txt`); with `-o` folders, globs and `@LIST` too; `-` reads stdin
    #[arg(value_name = "INPUT", required = true)]
    pub(crate) inputs: Vec<OsString>,
    /// Form of the output [default: table on a terminal, else json]
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    #[command(flatten)]
    pub(crate) reading: ReadingOptions,
    #[command(flatten)]
    pub(crate) batch: batch::Args,
}

/// How records are read.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ReadingOptions {
    /// Profile by name, or a TOML file [default: auto]
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) profile: Option<String>,
    /// Fiscal year reported on, where the document does not say it
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1868..=2200))]
    pub(crate) report_fy: Option<i32>,
    #[command(flatten)]
    pub(crate) open: OpenOptions,
}

impl ReadingOptions {
    /// Returns the library's options.
    pub(crate) fn options(&self) -> anyhow::Result<Options> {
        let mut options = Options::with_profile(self.profile()?);
        options.password = self.open.password.clone();
        options.limits = self.open.limits.limits()?;
        options.report_fy = self.report_fy;
        Ok(options)
    }
    fn profile(&self) -> anyhow::Result<Profile> {
        let Some(name) = &self.profile else { return Ok(Profile::auto()) };
        if let Some(built_in) = profile_named(name) {
            return Ok(built_in);
        }
        let path = Path::new(name);
        if !path.exists() {
            bail!(Usage(format!("no profile `{name}`: neither built in nor a file; `jisseki profile list` shows those built in")));
        }
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{name}`"))?;
        Profile::from_toml(&text).map_err(|e| anyhow!(Usage(format!("profile `{name}`: {e}"))))
    }
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    Table,
    /// One document
    Json,
    /// One initiative a line
    Jsonl,
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    if batch::is_batch(&args.inputs, &args.batch) {
        return batch::run(args, shell);
    }
    let options = args.reading.options()?;
    let path = args.inputs.first().map(Path::new).unwrap_or(Path::new("-"));
    let source = input::source_name(path);
    let bytes = input::read(path, options.limits.file_bytes)?;
    match jisseki::convert(&bytes, &source, &options) {
        Ok(report) => {
            let fallback = if shell.stdout_is_terminal { Format::Table } else { Format::Json };
            let mut out = shell.out();
            write_report(&report, args.format.unwrap_or(fallback), &mut out, shell)?;
            out.end()?;
            let exit = tell(&report, shell);
            // The process ends here: to free its thousands of small blocks one by one would be for nothing.
            std::mem::forget((report, options));
            Ok(exit)
        }
        Err(e) => {
            tell_failure(&e, &source, shell);
            Ok(Exit::AllFailed)
        }
    }
}

/// Says why an input gave no report.
pub(crate) fn tell_failure(e: &ConvertError, source: &str, shell: &Shell) {
    shell.fail(e.code(), &e.to_string(), Some(source));
}

fn write_report(report: &Report, format: Format, out: &mut Out, shell: &Shell) -> anyhow::Result<()> {
    match format {
        Format::Table => out.styled(&report_to_table(report, shell.columns(), shell.lang, shell.stdout_colors))?,
        Format::Json => out.report(report)?,
        Format::Jsonl => out.text(&initiatives_to_jsonl(report))?,
    }
    Ok(())
}

/// Says what was noticed; a document of which nothing could be read is a failed input.
fn tell(report: &Report, shell: &Shell) -> Exit {
    let source = &report.document.source.name;
    let of_records = report.initiatives.iter().flat_map(|r| &r.warnings);
    shell.warn_all(report.warnings.iter().chain(of_records), source);
    match report.document.status {
        Status::NeedsOcr | Status::Unreadable => Exit::AllFailed,
        Status::Ok | Status::Partial | Status::NoRecords => Exit::Ok,
    }
}
