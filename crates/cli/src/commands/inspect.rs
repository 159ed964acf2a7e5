//! `jisseki inspect`: what is in this PDF, and why its text reads as it does.

use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::convert::{ReadingOptions, tell_failure};
use crate::exit::Exit;
use crate::input;
use crate::shell::{Lang, Shell};
use crate::visible::visible_line;
use jisseki::extractor::{Inspection, Source};
use jisseki::model::Report;

/// What to inspect.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// PDF to look into; `-` reads stdin
    #[arg(value_name = "FILE")]
    input: PathBuf,
    /// Form of the output [default: text on a terminal, else json]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    reading: ReadingOptions,
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let options = args.reading.options()?;
    let name = input::source_name(&args.input);
    let bytes = input::read(&args.input, options.limits.file_bytes)?;
    let seen = match Source::open(&*bytes, options.password.as_deref(), &options.limits) {
        Ok(warned) => warned.output.inspect(&warned.warnings),
        Err(e) => {
            tell_failure(&e.into(), &name, shell);
            return Ok(Exit::AllFailed);
        }
    };
    let report = match jisseki::convert(&bytes, &name, &options) {
        Ok(report) => report,
        Err(e) => {
            tell_failure(&e, &name, shell);
            return Ok(Exit::AllFailed);
        }
    };
    let fallback = if shell.stdout_is_terminal { Format::Text } else { Format::Json };
    let mut out = shell.out();
    match args.format.unwrap_or(fallback) {
        Format::Json => out.json(&json!({"file": seen, "reading": reading_of(&report)}), true)?,
        Format::Text => out.text(&text_of(&name, &seen, &report, shell.lang))?,
    }
    out.end()?;
    shell.warn_all(seen.warnings.iter(), &name);
    Ok(Exit::Ok)
}

/// What was made of it: profile, columns, records, coverage.
fn reading_of(report: &Report) -> Value {
    let d = &report.document;
    json!({
        "status": d.status, "title": d.title, "fiscal_year": d.fiscal_year, "profile": d.profile,
        "columns": d.layout.as_ref().map(|l| &l.columns), "rules": d.layout.as_ref().map(|l| l.rules),
        "records": report.initiatives.len(), "pages_of_records": pages_of_records(report), "coverage": report.coverage,
    })
}

/// How many records each page holds (the page where a record begins), page by page.
fn pages_of_records(report: &Report) -> Vec<usize> {
    let mut counts = vec![0; report.document.source.pages as usize];
    for r in &report.initiatives {
        let page = r.places.first().or(r.title.places.first()).map(|p| p.page as usize);
        if let Some(count) = page.and_then(|p| counts.get_mut(p.saturating_sub(1))) {
            *count += 1;
        }
    }
    counts
}

fn text_of(name: &str, seen: &Inspection, report: &Report, lang: Lang) -> String {
    let word = |en: &'static str, ja: &'static str| if lang == Lang::Ja { ja } else { en };
    let mut lines = vec![visible_line(name)];
    let mut say = |key: &str, value: String| lines.push(format!("{key}: {}", visible_line(&value)));
    let version = seen.version.as_deref().map(|v| format!("PDF {v}")).unwrap_or_default();
    say(word("file", "ファイル"), format!("{version}, {} {}", seen.page_count, word("pages", "ページ")));
    seen.information.iter().for_each(|(k, v)| say(k, v.clone()));
    say(word("encryption", "暗号化"), seen.encryption.clone().unwrap_or_else(|| word("none", "なし").to_owned()));
    if seen.repaired {
        say(word("damage", "破損"), word("cross-references rebuilt", "相互参照表を再構築").to_owned());
    }
    say(word("text layer", "文字情報"), seen.why.clone());
    for f in &seen.fonts {
        let found: Vec<_> = f.text_found.iter().map(|(how, n)| format!("{} {n}", json!(how).as_str().unwrap_or_default())).collect();
        let embedded = if f.info.embedded { word("embedded", "埋込み") } else { word("not embedded", "埋込みなし") };
        say(
            word("font", "書体"),
            format!(
                "{} · {} · {} · {embedded} · {} {} ({})",
                f.info.name,
                f.info.subtype,
                f.info.encoding.0,
                f.glyphs,
                word("glyphs", "字"),
                found.join(", ")
            ),
        );
    }
    for (p, records) in seen.pages.iter().zip(pages_of_records(report)) {
        let counts = [
            (p.glyphs, word("glyphs", "字")),
            (p.rules, word("rules", "罫線")),
            (p.images, word("images", "画像")),
            (records, word("records begin", "件の取組が始まる")),
        ];
        let counts: Vec<_> = counts.iter().map(|(n, what)| format!("{n} {what}")).collect();
        say(&format!("{} {}", word("page", "ページ"), p.page), format!("{:.0} × {:.0} pt · {}", p.width, p.height, counts.join(" · ")));
    }
    let d = &report.document;
    say(word("profile", "プロファイル"), d.profile.clone());
    for c in d.layout.iter().flat_map(|l| &l.columns) {
        say(word("column", "欄"), format!("{} → {} ({:.0}–{:.0} pt)", c.label, c.role, c.x0, c.x1));
    }
    say(word("records", "取組"), report.initiatives.len().to_string());
    lines.join("\n") + "\n"
}
