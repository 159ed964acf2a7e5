//! `jisseki check --rules jp-2026`: the score of a CSV file or a package under the rules of machine readability.

use std::path::PathBuf;

use anyhow::anyhow;

use crate::exit::{Exit, Usage};
use crate::releases::FailOn;
use crate::shell::Shell;
use jisseki::compare::Lang;
use jisseki::compare::render::{html_text, markdown_text, terminal_text};
use jisseki::dataset::rules::{Finding, RuleScore, Score, check_path};
use jisseki::model::Severity;

use super::check::Format;

/// Scores each path; a broken rule counts as an error.
pub(crate) fn run(paths: &[PathBuf], format: Format, fail_on: FailOn, shell: &Shell) -> anyhow::Result<Exit> {
    let lang = crate::releases::lang(shell);
    let mut scores = Vec::new();
    for path in paths {
        scores.push(check_path(path).map_err(|e| anyhow!(Usage(e.to_string())))?);
    }
    let text = match format {
        Format::Json => match &scores[..] {
            [one] => serde_json::to_string_pretty(one)? + "\n",
            all => serde_json::to_string_pretty(all)? + "\n",
        },
        Format::Text => scores.iter().map(|s| as_text(s, lang)).collect(),
        Format::Markdown => scores.iter().map(|s| as_markdown(s, lang)).collect(),
        Format::Junit => as_junit(&scores, lang),
        Format::Github => scores.iter().flat_map(|s| broken(s).flat_map(|r| &r.findings)).map(|f| annotation(f, lang)).collect(),
    };
    let mut out = shell.out();
    out.styled(&text)?;
    out.end()?;
    let worst = scores.iter().any(|s| s.passed < s.total).then_some(Severity::Error);
    Ok(if fail_on.fails(worst) { Exit::Found } else { Exit::Ok })
}

fn broken(score: &Score) -> impl Iterator<Item = &RuleScore> {
    score.results.iter().filter(|r| !r.passed)
}

fn place(f: &Finding) -> String {
    let line = f.line.map(|l| format!(":{l}")).unwrap_or_default();
    let column = f.column.as_deref().map(|c| format!(" ({c})")).unwrap_or_default();
    format!("{}{line}{column}", f.file)
}

fn said(f: &Finding, lang: Lang) -> &str {
    lang.pick(&f.message, &f.message_ja)
}

fn as_text(s: &Score, lang: Lang) -> String {
    let mut out = format!("{}: {}/{}\n", s.rules, s.passed, s.total);
    for r in broken(s) {
        out.push_str(&format!("  {} {} ({})\n", r.id, lang.pick(r.title_en, r.title_ja), r.count));
        for f in r.findings.iter().take(3) {
            out.push_str(&format!("    {}: {}\n", terminal_text(&place(f)), terminal_text(said(f, lang))));
        }
        out.push_str(&format!("    → {}\n", lang.pick(r.hint_en, r.hint_ja)));
    }
    out
}

fn as_markdown(s: &Score, lang: Lang) -> String {
    let mut out = format!("## {}: {}/{}\n\n", s.rules, s.passed, s.total);
    for r in broken(s) {
        let first =
            r.findings.first().map(|f| format!(": {} — {}", markdown_text(&place(f)), markdown_text(said(f, lang)))).unwrap_or_default();
        out.push_str(&format!("- ❌ {} {} ({}){first}\n", r.id, lang.pick(r.title_en, r.title_ja), r.count));
    }
    out
}

fn as_junit(scores: &[Score], lang: Lang) -> String {
    let tests: usize = scores.iter().map(|s| s.total).sum();
    let failed: usize = scores.iter().map(|s| s.total - s.passed).sum();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"jisseki check --rules\" tests=\"{tests}\" failures=\"{failed}\">\n"
    );
    for s in scores {
        out.push_str(&format!("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">\n", s.rules, s.total, s.total - s.passed));
        for r in &s.results {
            let first = r.findings.first().map(|f| html_text(&format!("{}: {}", place(f), said(f, lang)))).unwrap_or_default();
            let body = if r.passed { String::new() } else { format!("<failure message=\"{first}\"/>") };
            out.push_str(&format!(
                "    <testcase classname=\"{}\" name=\"{} {}\">{body}</testcase>\n",
                s.rules,
                r.id,
                lang.pick(r.title_en, r.title_ja)
            ));
        }
        out.push_str("  </testsuite>\n");
    }
    out + "</testsuites>\n"
}

fn annotation(f: &Finding, lang: Lang) -> String {
    let plain = |s: &str| terminal_text(&s.replace(['\n', '\r'], " ")).replace('%', "%25");
    let property = |s: &str| plain(s).replace(':', "%3A").replace(',', "%2C");
    let line = f.line.map(|l| format!(",line={l}")).unwrap_or_default();
    format!("::error file={}{line},title={}::{}\n", property(&f.file), f.rule, plain(said(f, lang)))
}
