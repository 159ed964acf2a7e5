//! `jisseki profile`: which profiles there are, what they say, a draft for a new document, a trial of one.

use std::path::PathBuf;

use anyhow::anyhow;

use super::convert::{ReadingOptions, tell_failure};
use crate::exit::{Exit, Usage};
use crate::input;
use crate::shell::Shell;
use jisseki::model::{Report, Warned};
use jisseki::segmenter::BUILT_IN;
use jisseki::{ConvertError, Options};

/// What to do with profiles.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

/// The four uses.
#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the built-in profiles
    List,
    /// Print a built-in profile, to start one's own from
    Show {
        /// Its name
        name: String,
    },
    /// Draft a profile from a document: its headers, with those that no role is known for
    Init(Document),
    /// Read a document with a profile and tell what it found
    Test(Document),
}

/// A document and how to read it.
#[derive(Debug, clap::Args)]
struct Document {
    /// PDF or text dump to read; `-` reads stdin
    #[arg(value_name = "FILE")]
    input: PathBuf,
    #[command(flatten)]
    reading: ReadingOptions,
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let mut out = shell.out();
    match &args.action {
        Action::List => {
            for (name, toml) in BUILT_IN {
                out.line(&format!("{name:16} {}", about(toml)))?;
            }
        }
        Action::Show { name } => {
            let known = BUILT_IN.iter().find(|(n, _)| n == name);
            let (_, toml) = known.ok_or_else(|| anyhow!(Usage(format!("no profile `{name}`; `jisseki profile list` shows them"))))?;
            out.text(toml)?;
        }
        Action::Init(document) => match read(document, shell, jisseki::draft_profile)? {
            Some(Warned { output, warnings }) => {
                shell.warn_all(warnings.iter(), &input::source_name(&document.input));
                out.text(&output)?;
            }
            None => return Ok(Exit::AllFailed),
        },
        Action::Test(document) => match read(document, shell, jisseki::convert)? {
            Some(report) => {
                shell.warn_all(report.warnings.iter(), &report.document.source.name);
                out.text(&trial(&report))?;
            }
            None => return Ok(Exit::AllFailed),
        },
    }
    out.end()?;
    Ok(Exit::Ok)
}

/// The first comment of a profile says what it is for.
fn about(toml: &str) -> &str {
    toml.lines().next().and_then(|l| l.strip_prefix('#')).map_or("", str::trim)
}

/// Reads a document with `by`; tells why where it can't be read.
fn read<T>(document: &Document, shell: &Shell, by: impl Fn(&[u8], &str, &Options) -> Result<T, ConvertError>) -> anyhow::Result<Option<T>> {
    let options = document.reading.options()?;
    let name = input::source_name(&document.input);
    let bytes = input::read(&document.input, options.limits.file_bytes)?;
    match by(&bytes, &name, &options) {
        Ok(read) => Ok(Some(read)),
        Err(e) => {
            tell_failure(&e, &name, shell);
            Ok(None)
        }
    }
}

/// Tells what a profile found: columns with their roles, records, words it did not know.
fn trial(report: &Report) -> String {
    let d = &report.document;
    let mut text = format!("profile: {}\nrecords: {}\n", d.profile, report.initiatives.len());
    for c in d.layout.iter().flat_map(|l| &l.columns) {
        text.push_str(&format!("column: {} → {} ({:.0}–{:.0} pt)\n", c.label, c.role, c.x0, c.x1));
    }
    let records = report.initiatives.iter();
    let filled = |name: &str, n: usize| format!("{name}: {n} of {}\n", report.initiatives.len());
    text.push_str(&filled("with a schedule", records.clone().filter(|r| r.schedule.as_ref().is_some_and(|s| !s.items.is_empty())).count()));
    text.push_str(&filled("with an achievement", records.clone().filter(|r| r.achievement.is_some()).count()));
    text.push_str(&filled("with a department", records.clone().filter(|r| !r.departments.is_empty()).count()));
    let other_states = records.clone().filter_map(|r| r.achievement.as_ref()).filter(|a| a.status == "other").map(|a| &a.text);
    other_states.for_each(|t| text.push_str(&format!("unknown state: {}\n", t.replace('\n', " "))));
    let phases = records.flat_map(|r| r.schedule.iter().flat_map(|s| &s.items)).flat_map(|i| &i.phases);
    let mut unknown: Vec<&str> = phases.filter(|p| p.code == "other" && !p.text.is_empty()).map(|p| p.text.as_str()).collect();
    unknown.sort_unstable();
    unknown.dedup();
    unknown.iter().for_each(|t| text.push_str(&format!("unknown phase: {t}\n")));
    text
}
