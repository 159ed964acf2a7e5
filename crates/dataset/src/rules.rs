//! The Japanese rules of machine-readability (行政データにおける機械可読性に関するルール, decided 2026-03-31) for any CSV or package.
//!
//! Goes in: a CSV file, or a folder with `datapackage.json` or CSV files. Comes out: for each of the 30 rules whether it is kept, and the place
//! (file, line, column) of each finding.
//!
//! The rules are those of the published text (`rules/jp2026.tsv` names it). Five of them speak of Excel workbooks only (L1-10 to L1-13, L2-06): a CSV is
//! held to what such a workbook leaves behind when it is saved as CSV — cells of arrows, notes on colors, merged headings, columns of work, formulas and
//! their errors. What only a reader of the subject could tell (is this 0 a missing answer?) is not guessed.
//!
//! *Invariant:* a file that cannot be read as a table keeps no rule; it is never scored as empty and good.
//! *Invariant:* a column whose schema says `content: text` holds quotations: rules of notation do not judge the words of the source.

mod areas;
mod cells;
mod columns;
mod level1;
mod level2;
mod level3;
mod parse;
mod releases;
mod table;
mod time;

use std::path::{Path, PathBuf};
use table::TableFile;

const RULES: &str = include_str!("rules/jp2026.tsv");
/// Findings kept for one rule; more are only counted.
const KEPT: usize = 50;

/// One rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// `L1-01` … `L3-09`.
    pub id: &'static str,
    /// Japanese title.
    pub title_ja: &'static str,
    /// English title.
    pub title_en: &'static str,
    /// What to do, in English.
    pub hint_en: &'static str,
    /// What to do, in Japanese.
    pub hint_ja: &'static str,
}

/// One place where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// Rule.
    pub rule: &'static str,
    /// File, relative to what was checked.
    pub file: String,
    /// Line of the file, from 1; the record's first line.
    pub line: Option<u64>,
    /// Column name, or its number where it has none.
    pub column: Option<String>,
    /// One sentence.
    pub message: String,
    /// The same in Japanese.
    pub message_ja: String,
}

/// How one rule fared.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RuleScore {
    /// Rule.
    pub id: &'static str,
    /// Japanese title.
    pub title_ja: &'static str,
    /// English title.
    pub title_en: &'static str,
    /// What to do, in English.
    pub hint_en: &'static str,
    /// What to do, in Japanese.
    pub hint_ja: &'static str,
    /// Whether nothing was found.
    pub passed: bool,
    /// How much was found.
    pub count: usize,
    /// The first of it.
    pub findings: Vec<Finding>,
}

/// The score of a file or package.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Score {
    /// `jp-2026`.
    pub rules: &'static str,
    /// Files that were checked.
    pub files: Vec<String>,
    /// Rules kept.
    pub passed: usize,
    /// Rules.
    pub total: usize,
    /// Each rule.
    pub results: Vec<RuleScore>,
}

/// Why nothing could be checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// The path or a file in it could not be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The folder holds no table.
    #[error("no CSV file in `{}`", path.display())]
    NoTable {
        /// The folder.
        path: PathBuf,
    },
}

/// Returns the rules, in order.
pub fn rules() -> impl Iterator<Item = Rule> {
    RULES.lines().filter(|l| !l.starts_with('#')).filter_map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
        [id, _, title_ja, title_en, hint_en, hint_ja] => Some(Rule { id, title_ja, title_en, hint_en, hint_ja }),
        _ => None,
    })
}

/// Scores a CSV file, or a folder of them.
///
/// Errors: the path cannot be read, or is a folder without CSV files. What is wrong *within* a file is a finding.
pub fn check_path(path: &Path) -> Result<Score, RulesError> {
    let files = table::read_tables(path)?;
    let mut findings: Vec<Finding> = files.iter().flat_map(check_table).collect();
    findings.extend(releases::check(&files));
    let results: Vec<RuleScore> = rules().map(|rule| score_rule(rule, &findings)).collect();
    Ok(Score {
        rules: "jp-2026",
        files: files.iter().map(|f| f.name.clone()).collect(),
        passed: results.iter().filter(|r| r.passed).count(),
        total: results.len(),
        results,
    })
}

fn score_rule(rule: Rule, findings: &[Finding]) -> RuleScore {
    let own = findings.iter().filter(|f| f.rule == rule.id);
    let (count, findings): (usize, Vec<Finding>) = (own.clone().count(), own.take(KEPT).cloned().collect());
    let Rule { id, title_ja, title_en, hint_en, hint_ja } = rule;
    RuleScore { id, title_ja, title_en, hint_en, hint_ja, passed: count == 0, count, findings }
}

fn check_table(file: &TableFile) -> Vec<Finding> {
    let mut report = Report { file, findings: Vec::new() };
    if let Some(reason) = &file.unreadable {
        // Nothing else can be said about it.
        for rule in rules() {
            report.add(rule.id, None, None, reason.0.clone(), reason.1.clone());
        }
        return report.findings;
    }
    level1::check(&mut report);
    cells::check(&mut report);
    level2::check(&mut report);
    level3::check(&mut report);
    time::check(&mut report);
    areas::check(&mut report);
    report.findings
}

/// Collects the findings about one file.
struct Report<'a> {
    file: &'a TableFile,
    findings: Vec<Finding>,
}

impl Report<'_> {
    fn add(&mut self, rule: &'static str, line: Option<u64>, column: Option<usize>, en: impl Into<String>, ja: impl Into<String>) {
        let column = column.map(|i| self.file.header().get(i).filter(|n| !n.is_empty()).cloned().unwrap_or_else(|| (i + 1).to_string()));
        self.findings.push(Finding { rule, file: self.file.name.clone(), line, column, message: en.into(), message_ja: ja.into() });
    }
}

/// Shows a cell in a message: short, and nothing in it that a terminal would obey.
fn shown(text: &str) -> String {
    let mut out: String = text.chars().take(24).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(24).is_some() {
        out.push('…');
    }
    format!("`{out}`")
}

#[cfg(test)]
mod tests;
