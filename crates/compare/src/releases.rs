//! Releases of several documents: which document is which, and reports read back from one initiative a line.

use crate::assign::{Scores, assign};
use crate::diff::release_year;
use crate::similarity::Bigrams;
use jisseki_model::{FiscalYearInfo, Initiative, Report, SCHEMA_VERSION};
use std::collections::BTreeMap;

/// Below this likeness two documents are not releases of one. A guess: titles of one plan differ in years only, which do not count.
const SAME_DOCUMENT: f64 = 0.5;

/// Which documents of two folders belong together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pairing {
    /// Indexes into old and new, in the order of the new ones.
    pub pairs: Vec<(usize, usize)>,
    /// Old documents without a partner.
    pub removed: Vec<usize>,
    /// New documents without a partner.
    pub added: Vec<usize>,
}

/// Returns the pairing of two lists of documents, by plan, title, file name and year. One document on each side always belongs together.
pub fn pair_releases(old: &[Report], new: &[Report]) -> Pairing {
    let pairs = if let ([_], [_]) = (old, new) { vec![Some(0)] } else { likeliest(old, new) };
    let mut out = Pairing::default();
    for (o, n) in pairs.iter().enumerate() {
        match n {
            Some(n) => out.pairs.push((o, *n)),
            None => out.removed.push(o),
        }
    }
    out.pairs.sort_by_key(|p| p.1);
    out.added = (0..new.len()).filter(|n| !out.pairs.iter().any(|p| p.1 == *n)).collect();
    out
}

fn likeliest(old: &[Report], new: &[Report]) -> Vec<Option<usize>> {
    let traits = |r: &Report| {
        let d = &r.document;
        let stem = d.source.name.rsplit_once('.').map_or(d.source.name.as_str(), |(s, _)| s);
        (Bigrams::of_shape(d.title.as_deref().unwrap_or_default()), Bigrams::of_shape(stem))
    };
    let (a, b): (Vec<_>, Vec<_>) = (old.iter().map(traits).collect(), new.iter().map(traits).collect());
    let score = |r: usize, c: usize| -> Option<f64> {
        let (x, y, (xt, xn), (yt, yn)) = (old.get(r)?, new.get(c)?, a.get(r)?, b.get(c)?);
        if x.document.document_id == y.document.document_id && !x.document.document_id.is_empty() {
            return Some(2.0);
        }
        let year = if release_year(x) == release_year(y) { 0.1 } else { 0.0 };
        let plan = match (&x.document.plan_id, &y.document.plan_id) {
            (Some(p), Some(q)) if p == q => 0.3,
            (Some(_), Some(_)) => return Some(0.0),
            _ => 0.0,
        };
        let words = if xt.is_empty() && yt.is_empty() { xn.dice(yn) } else { 0.75 * xt.dice(yt) + 0.25 * xn.dice(yn) };
        Some(words * 0.9 + year + plan)
    };
    assign(&Scores::new(old.len(), new.len(), |r, c| score(r, c).unwrap_or(0.0)), SAME_DOCUMENT)
}

/// One line of `initiatives.jsonl`: an initiative with its document.
#[derive(serde::Deserialize)]
struct Line {
    #[serde(default)]
    document_id: String,
    #[serde(default)]
    fiscal_year: Option<serde_json::Value>,
    #[serde(default)]
    source_sha256: String,
    #[serde(flatten)]
    initiative: Initiative,
}

/// Returns the reports of a text with one report or one initiative a line.
///
/// Errors: the first line that is neither.
pub fn jsonl_to_reports(text: &str) -> Result<Vec<Report>, serde_json::Error> {
    let mut whole = Vec::new();
    let mut by_document: BTreeMap<String, Report> = BTreeMap::new();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        let value: serde_json::Value = serde_json::from_str(line)?;
        if value.get("initiatives").is_some() {
            whole.push(serde_json::from_value(value)?);
            continue;
        }
        let line: Line = serde_json::from_value(value)?;
        let report = by_document.entry(line.document_id.clone()).or_insert_with(|| {
            let mut r = Report { schema_version: SCHEMA_VERSION.to_owned(), ..Report::default() };
            r.document.document_id = line.document_id.clone();
            r.document.source.sha256 = line.source_sha256.clone();
            r.document.source.name = line.document_id.clone();
            r.document.fiscal_year = line.fiscal_year.as_ref().and_then(year_info);
            r
        });
        report.initiatives.push(line.initiative);
    }
    whole.extend(by_document.into_values());
    Ok(whole)
}

/// A fiscal year as a number, or as the object of a report.
fn year_info(value: &serde_json::Value) -> Option<FiscalYearInfo> {
    let whole = || serde_json::from_value(value.clone()).ok();
    let year = value.as_i64().and_then(|y| i32::try_from(y).ok());
    year.map(|year| FiscalYearInfo { year, text: year.to_string() }).or_else(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{report, titled};

    fn document(year: i32, title: &str) -> Report {
        let mut r = report(year, vec![titled(1, "取組")]);
        r.document.title = Some(title.into());
        r
    }

    #[test]
    fn documents_pair_by_what_they_are_called() {
        let old = [
            document(2018, "平成30年度 行財政改革取組 年度実績"),
            document(2018, "平成30年度 環境基本計画 進捗状況"),
            document(2018, "平成30年度 観光振興の実績"),
        ];
        let new = [
            document(2019, "令和元年度 環境基本計画 進捗状況"),
            document(2019, "令和元年度 行財政改革取組 年度実績"),
            document(2019, "食育推進計画の点検結果"),
        ];
        let p = pair_releases(&old, &new);
        assert_eq!((p.pairs, p.removed, p.added), (vec![(1, 0), (0, 1)], vec![2], vec![2]));
    }

    #[test]
    fn lines_become_reports_again() {
        let r = document(2019, "題");
        let mut line = serde_json::to_value(&r.initiatives[0]).unwrap();
        line["document_id"] = "doc-2019".into();
        line["fiscal_year"] = 2019.into();
        let [back] = &jsonl_to_reports(&format!("{line}\n")).unwrap()[..] else { panic!() };
        assert_eq!((back.document.document_id.as_str(), &back.initiatives), ("doc-2019", &r.initiatives));
        assert_eq!(jsonl_to_reports(&serde_json::to_string(&r).unwrap()).unwrap(), [r]);
        assert!(jsonl_to_reports("{\"a\": 1}").is_err());
    }
}
