//! `jisseki explain CODE`: what a warning or error means and what to try.

use anyhow::bail;

use crate::codes::{code_named, codes};
use crate::exit::{Exit, Usage};
use crate::shell::{Lang, Shell};
use jisseki::model::{Code, Severity};

/// Which code.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The code to explain, for example `layout/unassigned`; all codes are listed without one
    code: Option<String>,
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let mut out = shell.out();
    match &args.code {
        None => {
            for c in codes() {
                out.line(&format!("{:30} {:6} {}", c.id, word_of(c.severity), label_of(&c, shell.lang)))?;
            }
        }
        Some(id) => match code_named(id) {
            Some(c) => out.text(&page_of(&c, shell.lang))?,
            None => bail!(Usage(format!("no code `{id}`{}; `jisseki explain` lists them all", nearest(id)))),
        },
    }
    out.end()?;
    Ok(Exit::Ok)
}

fn label_of(c: &Code, lang: Lang) -> &'static str {
    if lang == Lang::Ja { c.label_ja } else { c.label_en }
}

fn word_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warn => "warn",
        Severity::Error => "error",
    }
}

/// `code<TAB>explanation<TAB>hint` in Japanese; a code without a line is explained in English.
const JA: &str = include_str!("../ja/codes.tsv");

/// Returns explanation and hint in Japanese.
pub(crate) fn in_japanese(id: &str) -> Option<(&'static str, &'static str)> {
    let mut lines = JA.lines().filter_map(|l| l.split_once('\t'));
    lines.find(|(code, _)| *code == id).and_then(|(_, rest)| rest.split_once('\t'))
}

fn page_of(c: &Code, lang: Lang) -> String {
    let (other, severity, hint) = match lang {
        Lang::En => (c.label_ja, "severity", "what to try"),
        Lang::Ja => (c.label_en, "重要度", "対処"),
    };
    let english = (c.explanation, c.hint);
    let (explanation, what) = if lang == Lang::Ja { in_japanese(c.id).unwrap_or(english) } else { english };
    let (label, level) = (label_of(c, lang), word_of(c.severity));
    format!("{}: {label} ({other})\n{severity}: {level}\n\n{explanation}\n\n{hint}: {what}\n", c.id)
}

/// Returns a code that ends with or holds what was typed, to suggest it.
fn nearest(typed: &str) -> String {
    let tail = typed.rsplit('/').next().unwrap_or(typed);
    let found = codes().find(|c| !tail.is_empty() && c.id.contains(tail));
    found.map(|c| format!("; did you mean `{}`?", c.id)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_japanese_explanation_is_of_a_code() {
        let unknown: Vec<_> = JA.lines().filter_map(|l| l.split('\t').next()).filter(|id| code_named(id).is_none()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        assert!(JA.lines().all(|l| l.split('\t').count() == 3));
    }
}
