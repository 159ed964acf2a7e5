//! `jisseki check`: what does not hold of a report, and what changed since a person looked.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::ValueEnum;
use serde::Serialize;

use crate::commands::convert::ReadingOptions;
use crate::exit::{Exit, Usage};
use crate::releases::{FailOn, lang, load, load_all, write_file};
use crate::shell::Shell;
use jisseki::compare::Lang;
use jisseki::compare::check::{Accepted, Baseline, Finding, against_previous, check, hold_against, previous_of};
use jisseki::compare::render::{html_text, markdown_text, terminal_text};
use jisseki::model::{Severity, code_named};

/// What to check, and against what.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// PDFs, reports (JSON), data packages or folders; with --rules a CSV file or a package
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// Folder of what was accepted
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
    /// Accept what is there now: write it to the baseline
    #[arg(long, requires = "baseline")]
    update: bool,
    /// Release before, to hold columns, counts and layout against [default: from the baseline or among the inputs]
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// Score a CSV file or a package against rules of machine readability
    #[arg(long, value_enum, value_name = "RULES", conflicts_with_all = ["baseline", "update", "previous"])]
    rules: Option<Rules>,
    /// Form of the output [default: text on a terminal, else json]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Exit with 1 when a finding is at least this grave
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
    #[command(flatten)]
    reading: ReadingOptions,
}

/// Rules to score against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rules {
    /// 行政データにおける機械可読性に関するルール (Digital Agency, 2026)
    #[value(name = "jp-2026")]
    Jp2026,
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// A comment on a pull request
    Markdown,
    /// Test results for a CI server
    Junit,
    /// Annotations of a GitHub workflow
    Github,
}

/// The findings on one document.
#[derive(Debug, Serialize)]
struct Checked {
    document_id: String,
    source: String,
    records: usize,
    findings: Vec<Finding>,
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let to_people = shell.stdout_is_terminal;
    let format = args.format.unwrap_or(if to_people { Format::Text } else { Format::Json });
    if let Some(Rules::Jp2026) = args.rules {
        return super::check_rules::run(&args.inputs, format, args.fail_on, shell);
    }
    let options = args.reading.options()?;
    let reports = load_all(&args.inputs, &options, shell)?;
    let mut baseline = args.baseline.as_deref().map_or_else(|| Ok(Baseline::default()), read_baseline)?;
    let given = match &args.previous {
        Some(path) => load(path, &options, shell)?,
        None => Vec::new(),
    };
    let mut checked = Vec::new();
    let mut updates = Vec::new();
    for report in &reports {
        let earlier = baseline.reports().into_iter().chain(&reports).collect::<Vec<_>>();
        let mut findings = check(report);
        if let Some(previous) = given.first().or_else(|| previous_of(report, &earlier)) {
            findings.extend(against_previous(report, previous));
        }
        updates.push((Baseline::file_name(report), Accepted::new(report, &findings)));
        if let Some(accepted) = baseline.of(report).filter(|_| !args.update) {
            hold_against(report, accepted, &mut findings);
        } else if args.update {
            findings.iter_mut().for_each(|f| f.accepted = true);
        }
        let d = &report.document;
        checked.push(Checked {
            document_id: d.document_id.clone(),
            source: d.source.name.clone(),
            records: report.initiatives.len(),
            findings,
        });
    }
    if let (true, Some(folder)) = (args.update, &args.baseline) {
        update(folder, updates, &mut baseline, shell)?;
    }
    let mut out = shell.out();
    out.styled(&render(&checked, format, args.fail_on, shell)?)?;
    out.end()?;
    let worst = checked.iter().flat_map(|c| &c.findings).filter(|f| !f.accepted).map(|f| f.severity).max();
    Ok(if args.fail_on.fails(worst) { Exit::Found } else { Exit::Ok })
}

fn read_baseline(folder: &Path) -> anyhow::Result<Baseline> {
    let mut baseline = Baseline::default();
    if !folder.exists() {
        return Ok(baseline);
    }
    if !folder.is_dir() {
        bail!(Usage(format!("`{}` is no folder", folder.display())));
    }
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    for path in entries.filter_map(|e| e.ok().map(|e| e.path())).filter(|p| p.extension().is_some_and(|e| e == "json")) {
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let accepted = Accepted::from_json(&text).map_err(|e| anyhow!(Usage(format!("`{}`: {e}", path.display()))))?;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        baseline.documents.insert(name, accepted);
    }
    Ok(baseline)
}

/// Writes the accepted documents; one that was kept under another file name is replaced there.
fn update(folder: &Path, updates: Vec<(String, Accepted)>, baseline: &mut Baseline, shell: &Shell) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let n = updates.len();
    for (name, accepted) in updates {
        let held = baseline.of(&accepted.report).cloned();
        let kept = baseline.documents.iter().find(|(_, a)| Some(*a) == held.as_ref()).map(|(n, _)| n.clone());
        write_file(&folder.join(kept.unwrap_or(name)), &accepted.to_json()?)?;
    }
    shell.note(&format!("accepted {n} documents in {}", folder.display()));
    Ok(())
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warn => "warn",
        Severity::Error => "error",
    }
}

fn label(f: &Finding, lang: Lang) -> &'static str {
    code_named(&f.code).map_or("", |c| lang.pick(c.label_en, c.label_ja))
}

fn place(f: &Finding) -> String {
    f.place.map(|p| format!(" (p.{} {:.0},{:.0}–{:.0},{:.0})", p.page, p.bbox.x0, p.bbox.y0, p.bbox.x1, p.bbox.y1)).unwrap_or_default()
}

fn render(checked: &[Checked], format: Format, fail_on: FailOn, shell: &Shell) -> anyhow::Result<String> {
    let lang = lang(shell);
    Ok(match format {
        Format::Json => serde_json::to_string_pretty(&serde_json::json!({ "documents": checked }))? + "\n",
        Format::Text => checked.iter().map(|c| text(c, lang)).collect(),
        Format::Markdown => markdown(checked, lang),
        Format::Junit => junit(checked, fail_on, lang),
        Format::Github => checked.iter().flat_map(|c| c.findings.iter().filter(|f| !f.accepted).map(|f| annotation(c, f, lang))).collect(),
    })
}

fn text(c: &Checked, lang: Lang) -> String {
    let open = c.findings.iter().filter(|f| !f.accepted).count();
    let accepted = c.findings.len() - open;
    let mut out = match lang {
        Lang::En => format!("{}: {} records, {open} findings, {accepted} accepted\n", terminal_text(&c.source), c.records),
        Lang::Ja => format!("{}: 取組 {}件、指摘 {open}件、承認済 {accepted}件\n", terminal_text(&c.source), c.records),
    };
    for f in c.findings.iter().filter(|f| !f.accepted) {
        let message = terminal_text(&f.message);
        out.push_str(&format!("  {}[{}] {}: {message}{}\n", word(f.severity), f.code, label(f, lang), place(f)));
    }
    out
}

fn markdown(checked: &[Checked], lang: Lang) -> String {
    let mut out = format!("## {}\n", lang.pick("Checks", "点検結果"));
    for c in checked {
        let open: Vec<&Finding> = c.findings.iter().filter(|f| !f.accepted).collect();
        out.push_str(&format!("\n**{}** — {} {}\n\n", markdown_text(&c.source), open.len(), lang.pick("findings", "件の指摘")));
        for f in open.iter().take(50) {
            let mark = match f.severity {
                Severity::Info => "ℹ️",
                Severity::Warn => "⚠️",
                Severity::Error => "❌",
            };
            out.push_str(&format!("- {mark} `{}` {}{}\n", f.code, markdown_text(&f.message), place(f)));
        }
        if open.len() > 50 {
            out.push_str(&format!("- … {} {}\n", open.len() - 50, lang.pick("more", "件省略")));
        }
    }
    out
}

fn junit(checked: &[Checked], fail_on: FailOn, lang: Lang) -> String {
    let fails = |f: &Finding| !f.accepted && fail_on.fails(Some(f.severity));
    let cases = |c: &Checked| c.findings.len().max(1);
    let failures = |c: &Checked| c.findings.iter().filter(|f| fails(f)).count();
    let (tests, failed) = checked.iter().fold((0, 0), |(t, n), c| (t + cases(c), n + failures(c)));
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"jisseki check\" tests=\"{tests}\" failures=\"{failed}\">\n"
    );
    for c in checked {
        let name = html_text(&c.source);
        out.push_str(&format!("  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\">\n", cases(c), failures(c)));
        if c.findings.is_empty() {
            out.push_str(&format!("    <testcase classname=\"{name}\" name=\"no findings\"/>\n"));
        }
        for f in &c.findings {
            let message = html_text(&format!("{}{}", f.message, place(f)));
            let body = match (f.accepted, fails(f)) {
                (true, _) => "<skipped/>".to_owned(),
                (_, true) => format!("<failure type=\"{}\" message=\"{message}\"/>", f.code),
                _ => format!("<system-out>{message}</system-out>"),
            };
            out.push_str(&format!(
                "    <testcase classname=\"{name}\" name=\"{} {}\">{body}</testcase>\n",
                f.code,
                html_text(label(f, lang))
            ));
        }
        out.push_str("  </testsuite>\n");
    }
    out + "</testsuites>\n"
}

fn annotation(c: &Checked, f: &Finding, lang: Lang) -> String {
    let level = match f.severity {
        Severity::Info => "notice",
        Severity::Warn => "warning",
        Severity::Error => "error",
    };
    let plain = |s: &str| terminal_text(&s.replace(['\n', '\r'], " ")).replace('%', "%25");
    let property = |s: &str| plain(s).replace(':', "%3A").replace(',', "%2C");
    let title = format!("{} {}", f.code, label(f, lang));
    format!("::{level} file={},title={}::{}{}\n", property(&c.source), property(&title), plain(&f.message), place(f))
}
