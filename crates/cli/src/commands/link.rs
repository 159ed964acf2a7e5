//! `jisseki link RELEASE...`: carry the ids of initiatives over releases, in a registry that people keep.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use clap::ValueEnum;

use crate::commands::convert::ReadingOptions;
use crate::exit::{Exit, Usage};
use crate::releases::{lang, load_all, write_file};
use crate::shell::Shell;
use jisseki::compare::Lang;
use jisseki::compare::link::{Answer, Linked, Proposal, answer, link_release};
use jisseki::compare::matching::Band;
use jisseki::compare::registry::{Registry, Relation};
use jisseki::compare::render::terminal_text;
use jisseki::model::Report;

/// Which releases, and what is already decided.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Releases, in any order: PDFs, reports (JSON), data packages or folders
    #[arg(value_name = "RELEASE", required = true)]
    releases: Vec<PathBuf>,
    /// Registry to read and write (CSV)
    #[arg(long, value_name = "FILE", default_value = "registry.csv")]
    registry: PathBuf,
    /// Take the proposal for this record; `all` takes every one
    #[arg(long, value_name = "RECORD_ID")]
    accept: Vec<String>,
    /// Decline the proposal for this record: it is an initiative of its own; `all` declines every one in doubt
    #[arg(long, value_name = "RECORD_ID")]
    decline: Vec<String>,
    /// This record's initiative takes the place of the proposed one
    #[arg(long, value_name = "RECORD_ID")]
    successor: Vec<String>,
    /// Ask nothing, also on a terminal; proposals in doubt stay open
    #[arg(long)]
    no_input: bool,
    /// Show the proposals and write nothing
    #[arg(long)]
    dry_run: bool,
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
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let options = args.reading.options()?;
    let reports = load_all(&args.releases, &options, shell)?;
    let mut registry = read_registry(args)?;
    let before = registry.clone();
    let lang = lang(shell);
    let asks = !args.no_input && !args.dry_run && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let (mut linked, mut open) = (Vec::new(), 0_usize);
    for (i, report) in reports.iter().enumerate() {
        let earlier: Vec<&Report> = reports.iter().take(i).rev().collect();
        let found = link_release(&registry, &earlier, report);
        for proposal in &found.proposals {
            match decision(args, proposal) {
                Some((said, by_person)) => answer(&mut registry, proposal, said, by_person),
                None if asks => match ask(proposal, lang, &mut std::io::stdin().lock(), &mut std::io::stderr())? {
                    Answer::Later => open += 1,
                    said => answer(&mut registry, proposal, said, true),
                },
                None => open += 1,
            }
        }
        linked.push(found);
    }
    let mut out = shell.out();
    let fallback = if shell.stdout_is_terminal { Format::Text } else { Format::Json };
    out.styled(&match args.format.unwrap_or(fallback) {
        Format::Json => serde_json::to_string_pretty(&serde_json::json!({ "releases": linked, "open": open }))? + "\n",
        Format::Text => linked.iter().map(|l| release_text(l, lang)).collect(),
    })?;
    out.end()?;
    if !args.dry_run && registry != before {
        write_file(&args.registry, &registry.to_csv()?)?;
        shell.note(&format!("{}: {} rows, {} new", args.registry.display(), registry.rows.len(), registry.rows.len() - before.rows.len()));
    }
    if open > 0 {
        shell.note(&format!("{open} records wait for a decision: --accept, --decline or --successor RECORD_ID, or run on a terminal"));
    }
    Ok(if open > 0 { Exit::Found } else { Exit::Ok })
}

fn read_registry(args: &Args) -> anyhow::Result<Registry> {
    if !args.registry.exists() {
        return Ok(Registry::default());
    }
    let text = std::fs::read_to_string(&args.registry).with_context(|| format!("cannot read `{}`", args.registry.display()))?;
    Registry::from_csv(&text).map_err(|e| anyhow!(Usage(format!("`{}`: {e}", args.registry.display()))))
}

/// Returns what the flags or the band decide, and whether a person said so.
fn decision(args: &Args, proposal: &Proposal) -> Option<(Answer, bool)> {
    let named = |list: &[String], all: bool| list.iter().any(|r| *r == proposal.row.record_id || (all && r == "all"));
    let doubtful = proposal.band == Some(Band::Confirm);
    if named(&args.successor, false) {
        Some((Answer::Successor, true))
    } else if named(&args.decline, doubtful) {
        Some((Answer::No, true))
    } else if named(&args.accept, doubtful) {
        Some((Answer::Yes, true))
    } else if doubtful {
        None
    } else {
        Some((Answer::Yes, false))
    }
}

/// Asks about one proposal until the answer is one; the end of the input leaves it open.
fn ask(proposal: &Proposal, lang: Lang, input: &mut impl BufRead, out: &mut impl Write) -> anyhow::Result<Answer> {
    writeln!(out, "{}", proposal_text(proposal, lang))?;
    loop {
        write!(
            out,
            "{} ",
            lang.pick("same initiative? [y]es, [n]o, [s]uccessor, [l]ater:", "同じ取組ですか？ [y]はい [n]いいえ [s]後継 [l]保留:")
        )?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(Answer::Later);
        }
        match line.trim().to_lowercase().as_str() {
            "y" | "yes" | "はい" => return Ok(Answer::Yes),
            "n" | "no" | "いいえ" => return Ok(Answer::No),
            "s" | "successor" | "後継" => return Ok(Answer::Successor),
            "l" | "later" | "保留" | "" => return Ok(Answer::Later),
            _ => {}
        }
    }
}

fn proposal_text(p: &Proposal, lang: Lang) -> String {
    let band = match (p.band, p.row.relation) {
        (_, Relation::SplitFrom) => lang.pick("split?", "分割？"),
        (_, Relation::MergedInto) => lang.pick("merged?", "統合？"),
        (Some(Band::Known), _) => lang.pick("known", "既知"),
        (Some(Band::Auto), _) => lang.pick("same", "同一"),
        (Some(Band::Confirm), _) => lang.pick("same?", "同一？"),
        (None, _) => lang.pick("new", "新規"),
    };
    let score = p.row.score.map(|s| format!(" {s:.2}")).unwrap_or_default();
    let old = p.old_title.as_deref().map(|t| format!("{} {} → ", p.old_number.as_deref().unwrap_or_default(), t)).unwrap_or_default();
    terminal_text(&format!("  {band}{score}  {}  {old}{} {}", p.row.initiative_id, p.number, p.title))
}

fn release_text(l: &Linked, lang: Lang) -> String {
    let year = l.release.fiscal_year.map_or_else(|| "?".to_owned(), |y| y.to_string());
    let mut out = format!("{year}  {}\n", terminal_text(&l.release.source));
    for p in &l.proposals {
        out.push_str(&proposal_text(p, lang));
        out.push('\n');
    }
    for (id, title) in &l.ended {
        out.push_str(&terminal_text(&format!("  {}  {id}  {title}", lang.pick("ended", "終了"))));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jisseki::compare::registry::{How, Row};

    fn proposal() -> Proposal {
        Proposal {
            row: Row {
                initiative_id: "p-2018-006".into(),
                fiscal_year: Some(2019),
                record_id: "r-006".into(),
                how: How::Auto,
                score: Some(0.5),
                relation: Relation::Same,
                note: String::new(),
            },
            band: Some(Band::Confirm),
            old_title: Some("方針の改定\u{1b}[2J".into()),
            old_number: Some("6".into()),
            title: "方針の見直し".into(),
            number: "6".into(),
            if_declined: "p-2019-006".into(),
        }
    }

    #[test]
    fn questions_are_asked_until_answered() {
        let asked = |typed: &str| {
            let mut shown = Vec::new();
            let said = ask(&proposal(), Lang::En, &mut typed.as_bytes(), &mut shown).unwrap();
            (said, String::from_utf8(shown).unwrap())
        };
        assert_eq!(asked("what?\ny\n").0, Answer::Yes);
        assert_eq!(asked("はい\n").0, Answer::Yes);
        assert_eq!(asked("n\n").0, Answer::No);
        assert_eq!(asked("s\n").0, Answer::Successor);
        assert_eq!(asked("").0, Answer::Later);
        let shown = asked("y\n").1;
        assert!(shown.contains("同") || shown.contains("same?"), "{shown}");
        assert!(!shown.contains('\u{1b}'), "a title steers no terminal");
    }
}
