//! `jisseki diff OLD NEW`: what changed between two releases.

use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;

use crate::commands::convert::ReadingOptions;
use crate::exit::{Exit, Usage};
use crate::releases::{FailOn, lang, load, write_file};
use crate::shell::Shell;
use jisseki::compare::accept::{AcceptFile, accept};
use jisseki::compare::registry::Registry;
use jisseki::compare::releases::{Pairing, pair_releases};
use jisseki::compare::render::{Style, diff_to_github, diff_to_terminal, diffs_to_html, diffs_to_junit, diffs_to_markdown};
use jisseki::compare::{Diff, DiffOptions, Mode, diff};
use jisseki::model::{Report, Severity};

/// What to compare, and how to say it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Earlier release: a PDF, a report (JSON), a data package, or a folder of them
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// Later release
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// How to compare [default: by the fiscal years]
    #[arg(long, value_enum)]
    mode: Option<ModeArg>,
    /// Form of the output [default: text on a terminal, else json]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// File to write instead of stdout
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Exit with 1 when a difference is at least this grave
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
    /// Accepted differences (TOML), each with a reason and an end date
    #[arg(long, value_name = "FILE")]
    accept: Option<PathBuf>,
    /// Registry of initiatives (CSV), whose ids match records for certain
    #[arg(long, value_name = "FILE")]
    registry: Option<PathBuf>,
    /// Tell differences of numeral style, white space and producer too
    #[arg(long)]
    all: bool,
    /// Show whole paragraphs
    #[arg(long)]
    full: bool,
    /// Day on which acceptances must hold [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", hide = true)]
    today: Option<String>,
    #[command(flatten)]
    reading: ReadingOptions,
}

/// How to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeArg {
    /// The same year again: few changes are expected
    Reissue,
    /// Another year: words and figures move on
    NextYear,
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[value(alias = "terminal")]
    Text,
    /// For programs
    Json,
    /// A comment on a pull request
    Markdown,
    /// One self-contained file, side by side
    Html,
    /// Test results for a CI server
    Junit,
    /// Annotations of a GitHub workflow
    Github,
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let options = args.reading.options()?;
    let (old, new) = (load(&args.old, &options, shell)?, load(&args.new, &options, shell)?);
    let known = match &args.registry {
        Some(path) => Registry::from_csv(&read_text(path)?).map_err(|e| Usage(e.to_string())).map_err(anyhow::Error::new)?.known(),
        None => Default::default(),
    };
    let mode = args.mode.map(|m| if m == ModeArg::Reissue { Mode::Reissue } else { Mode::NextYear });
    let how = DiffOptions { mode, quiet_too: args.all, known };
    let pairing = pair_releases(&old, &new);
    let pairs: Vec<(&Report, &Report)> = pairing.pairs.iter().filter_map(|(o, n)| Some((old.get(*o)?, new.get(*n)?))).collect();
    let mut diffs: Vec<Diff> = pairs.iter().map(|(a, b)| diff(a, b, &how)).collect();
    if let Some(path) = &args.accept {
        let file = AcceptFile::from_toml(&read_text(path)?)
            .map_err(|e| Usage(format!("`{}`: {e}", path.display())))
            .map_err(anyhow::Error::new)?;
        let today = args.today.clone().unwrap_or_else(today);
        let mut idle: Option<Vec<String>> = None;
        for d in &mut diffs {
            let notes = accept(d, &file, &today);
            idle = Some(idle.map_or(notes.clone(), |before| before.into_iter().filter(|n| notes.contains(n)).collect()));
        }
        idle.unwrap_or_default().iter().for_each(|n| shell.note(n));
    }
    let names =
        |list: &[usize], of: &[Report]| list.iter().filter_map(|i| of.get(*i)).map(|r| r.document.source.name.clone()).collect::<Vec<_>>();
    let (removed, added) = (names(&pairing.removed, &old), names(&pairing.added, &new));
    let text = render(args, shell, &pairs, &diffs, (&removed, &added))?;
    match &args.output {
        Some(path) => write_file(path, &text)?,
        None => {
            let mut out = shell.out();
            out.styled(&text)?;
            out.end()?;
        }
    }
    removed.iter().for_each(|n| shell.note(&format!("only in the earlier release: {n}")));
    added.iter().for_each(|n| shell.note(&format!("only in the later release: {n}")));
    let unpaired = |p: &Pairing| (!p.removed.is_empty()).then_some(Severity::Warn).or((!p.added.is_empty()).then_some(Severity::Info));
    let worst = diffs.iter().filter_map(|d| d.summary.worst).chain(unpaired(&pairing)).max();
    Ok(if args.fail_on.fails(worst) { Exit::Found } else { Exit::Ok })
}

fn read_text(path: &std::path::Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

fn render(
    args: &Args,
    shell: &Shell,
    pairs: &[(&Report, &Report)],
    diffs: &[Diff],
    (removed, added): (&[String], &[String]),
) -> anyhow::Result<String> {
    let lang = lang(shell);
    let to_terminal = shell.stdout_is_terminal && args.output.is_none();
    let format = args.format.unwrap_or(if to_terminal { Format::Text } else { Format::Json });
    let size = |r: &Report| r.document.layout.as_ref().and_then(|l| l.page_sizes.first()).map_or((595.0, 842.0), |p| (p.width, p.height));
    Ok(match format {
        Format::Text => {
            let style = Style { lang, colors: shell.stdout_colors && args.output.is_none(), full: args.full };
            diffs.iter().map(|d| diff_to_terminal(d, style)).collect::<Vec<_>>().join("\n")
        }
        Format::Json => {
            // One document on each side is the plain shape of the contract; folders are a list of them.
            let value = match diffs {
                [one] if removed.is_empty() && added.is_empty() => serde_json::to_value(one)?,
                _ => serde_json::json!({"diffs": diffs, "only_old": removed, "only_new": added}),
            };
            serde_json::to_string_pretty(&value)? + "\n"
        }
        Format::Markdown => diffs_to_markdown(diffs, lang),
        Format::Html => {
            let sizes: Vec<[(f64, f64); 2]> = pairs.iter().map(|(a, b)| [size(a), size(b)]).collect();
            diffs_to_html(diffs, &sizes, lang)
        }
        Format::Junit => diffs_to_junit(diffs, args.fail_on.severity(), lang),
        Format::Github => diffs.iter().map(|d| diff_to_github(d, &d.new.source, lang)).collect(),
    })
}

/// Returns the day by the clock, UTC, `YYYY-MM-DD`.
fn today() -> String {
    let days = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs() / 86_400);
    day_of(i64::try_from(days).unwrap_or(0))
}

/// Civil date of a day count since 1970-01-01 (Hinnant 2013, `civil_from_days`).
fn day_of(days: i64) -> String {
    let z = days + 719_468;
    let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_civil() {
        for (days, want) in [(0, "1970-01-01"), (20_780, "2026-11-23"), (11_016, "2000-02-29"), (-1, "1969-12-31")] {
            assert_eq!(day_of(days), want);
        }
    }
}
