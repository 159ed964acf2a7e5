//! `jisseki profile`: which profiles there are, what they say, a draft for a new document, a trial of one.

use std::path::PathBuf;

use anyhow::anyhow;

use super::convert::{ReadingOptions, tell_failure};
use crate::exit::{Exit, Usage};
use crate::input;
use crate::shell::Shell;
use jisseki::model::Report;
use jisseki::segmenter::BUILT_IN;

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
        Action::Init(document) => match read(document, shell)? {
            Some(report) => out.text(&draft(&report))?,
            None => return Ok(Exit::AllFailed),
        },
        Action::Test(document) => match read(document, shell)? {
            Some(report) => out.text(&trial(&report))?,
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

fn read(document: &Document, shell: &Shell) -> anyhow::Result<Option<Report>> {
    let options = document.reading.options()?;
    let name = input::source_name(&document.input);
    let bytes = input::read(&document.input, options.limits.file_bytes)?;
    match jisseki::convert(&bytes, &name, &options) {
        Ok(report) => {
            shell.warn_all(report.warnings.iter(), &name);
            Ok(Some(report))
        }
        Err(e) => {
            tell_failure(&e, &name, shell);
            Ok(None)
        }
    }
}

/// Text as a TOML basic string: JSON's escapes are a subset of TOML's.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// Drafts a profile: what the title says, the headers by role, and those that have none as remarks.
fn draft(report: &Report) -> String {
    let d = &report.document;
    let mut toml = format!("# {}\nname = \"my-profile\"\n\n[document]\n", d.title.as_deref().unwrap_or(&d.source.name).replace('\n', " "));
    let facts = [("publisher", &d.publisher), ("lg_code", &d.lg_code), ("plan_id", &d.plan_id), ("plan_name", &d.plan_name)];
    for (key, value) in facts {
        match value {
            Some(value) => toml.push_str(&format!("{key} = {}\n", quoted(value))),
            None => toml.push_str(&format!("# {key} = \"\"\n")),
        }
    }
    toml.push_str("\n[headers]\n");
    let columns = || d.layout.iter().flat_map(|l| &l.columns);
    let mut told: Vec<&str> = vec![];
    for c in columns().filter(|c| !matches!(c.role.as_str(), "extra" | "none")) {
        if !told.contains(&c.role.as_str()) {
            let labels: Vec<_> = columns().filter(|o| o.role == c.role).map(|o| quoted(&o.label)).collect();
            toml.push_str(&format!("{} = [{}]\n", c.role, labels.join(", ")));
            told.push(&c.role);
        }
    }
    for c in columns().filter(|c| c.role == "extra") {
        toml.push_str(&format!("# no role is known for {}; name one: <role> = [{}]\n", quoted(&c.label), quoted(&c.label)));
    }
    toml
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
