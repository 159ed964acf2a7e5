//! `jisseki history ID RELEASE...`: one initiative over the years.

use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use clap::ValueEnum;

use crate::commands::convert::ReadingOptions;
use crate::exit::{Exit, Usage};
use crate::releases::{lang, load_all};
use crate::shell::Shell;
use jisseki::compare::Lang;
use jisseki::compare::history::{History, find_initiative, history};
use jisseki::compare::link::link_all;
use jisseki::compare::registry::Registry;
use jisseki::compare::render::{markdown_text, terminal_text};
use jisseki::model::Report;

/// Which initiative, and where to look.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Initiative id, record id, or a part of its title
    #[arg(value_name = "ID")]
    id: String,
    /// Releases: PDFs, reports (JSON), data packages or folders
    #[arg(value_name = "RELEASE", required = true)]
    releases: Vec<PathBuf>,
    /// Registry of initiatives (CSV) [default: linked anew]
    #[arg(long, value_name = "FILE")]
    registry: Option<PathBuf>,
    /// Form of the output [default: text on a terminal, else json]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    reading: ReadingOptions,
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// Tables for a page or a comment
    Markdown,
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let options = args.reading.options()?;
    let reports = load_all(&args.releases, &options, shell)?;
    let refs: Vec<&Report> = reports.iter().collect();
    let written = match &args.registry {
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            Registry::from_csv(&text).map_err(|e| anyhow!(Usage(format!("`{}`: {e}", path.display()))))?
        }
        None => Registry::default(),
    };
    let registry = link_all(&written, &refs, true);
    let Some(id) = find_initiative(&registry, &refs, &args.id) else {
        bail!(Usage(format!("no initiative, record or title `{}` in {} releases", args.id, reports.len())));
    };
    let told = history(&registry, &refs, &id);
    let fallback = if shell.stdout_is_terminal { Format::Text } else { Format::Json };
    let lang = lang(shell);
    let text = match args.format.unwrap_or(fallback) {
        Format::Json => serde_json::to_string_pretty(&told)? + "\n",
        Format::Text => as_text(&told, lang),
        Format::Markdown => as_markdown(&told, lang),
    };
    let mut out = shell.out();
    out.styled(&text)?;
    out.end()?;
    Ok(Exit::Ok)
}

fn year(y: Option<i32>) -> String {
    y.map_or_else(|| "?".to_owned(), |y| y.to_string())
}

fn as_text(h: &History, lang: Lang) -> String {
    let t = |s: &str| terminal_text(s);
    let mut out = format!("{}\n", t(&h.initiative_id));
    for (relation, note) in &h.relations {
        out.push_str(&format!("  {relation:?} {}\n", t(note)));
    }
    for y in &h.years {
        let page = y.places.first().map(|p| format!(" p.{}", p.page)).unwrap_or_default();
        let number = format!("{}{}", y.number_label, y.sub_label.as_deref().unwrap_or_default());
        out.push_str(&format!("\n{}  {} {}  [{}{page}]\n", year(y.fiscal_year), t(&number), t(&y.title), t(&y.record_id)));
        let mut row = |en: &str, ja: &str, value: &str| {
            if !value.is_empty() {
                out.push_str(&format!("    {}: {}\n", lang.pick(en, ja), t(value)));
            }
        };
        row("section", "区分", y.section.as_deref().unwrap_or_default());
        row("departments", "担当課", &y.departments.join("、"));
        row("achievement", "達成度", y.achievement.as_deref().unwrap_or_default());
        row("plan", "工程", &y.phases.join("; "));
    }
    if !h.metrics.is_empty() {
        out.push_str(&format!("\n{}\n", lang.pick("figures", "数値の推移")));
    }
    for m in &h.metrics {
        let value = |v: &jisseki::compare::history::MetricValue| {
            let delta = v.delta.as_deref().map(|d| format!(" ({}{d})", if d.starts_with('-') { "" } else { "+" })).unwrap_or_default();
            let rewritten = if v.rewritten { lang.pick(" [rewritten]", "【書き換え】") } else { "" };
            format!("{}: {}{delta}{rewritten}", v.fiscal_year, v.text)
        };
        let values: Vec<String> = m.values.iter().map(value).collect();
        out.push_str(&format!("    {}: {}\n", t(&m.metric), t(&values.join("  "))));
    }
    out
}

fn as_markdown(h: &History, lang: Lang) -> String {
    let t = |s: &str| markdown_text(s);
    let mut out = format!("## {}\n\n", t(&h.initiative_id));
    let head = lang.pick("| year | no. | title | departments | achievement |", "| 年度 | 番号 | 取組名 | 担当課 | 達成度 |");
    out.push_str(&format!("{head}\n|---|---|---|---|---|\n"));
    for y in &h.years {
        let achievement = y.achievement.as_deref().unwrap_or_default();
        let cells = [year(y.fiscal_year), t(&y.number_label), t(&y.title), t(&y.departments.join("、")), t(achievement)];
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    for m in &h.metrics {
        let values: Vec<String> = m.values.iter().map(|v| format!("{}: {}", v.fiscal_year, t(&v.text))).collect();
        out.push_str(&format!("\n- {}: {}", t(&m.metric), values.join(", ")));
    }
    out + "\n"
}
