//! Totals agree with the parts that are listed beside them.

use super::{Finding, name};
use crate::numbers::{amount, subtract};
use crate::view::{Piece, fields, pieces};
use jisseki_model::{Aggregate, Amount, Mention, NumberModifier, PowerOfTen, Report};

/// A stated total and what its parts add up to.
#[derive(Debug, Clone, PartialEq)]
struct Contradiction {
    total: String,
    sum: String,
    n_parts: usize,
}

pub(super) fn check(report: &Report, findings: &mut Vec<Finding>) {
    for r in &report.initiatives {
        for (field, blocks) in fields(r) {
            for piece in pieces(blocks) {
                if let Some(c) = piece_to_contradiction(&piece) {
                    let text = format!("{}: {field} states a total of {}, its {} parts add up to {}", name(r), c.total, c.n_parts, c.sum);
                    findings.push(Finding::new("check/total-contradiction", text).of(r, &field, piece.places));
                }
            }
        }
    }
    record_counts(report, findings);
}

/// Holds a total (計, 合計) against the amounts of its unit that stand with it: in the brackets right after it, or before it in the same sentence.
fn piece_to_contradiction(piece: &Piece<'_>) -> Option<Contradiction> {
    let chars: Vec<char> = piece.text.chars().collect();
    let (at, total, unit) = piece.mentions.iter().enumerate().find_map(|(i, m)| {
        let (number, unit) = amount(&m.value)?;
        (is_total(m, number, &chars, piece.offset) && is_plain(number)).then_some((i, number, unit))
    })?;
    let mention = piece.mentions.get(at)?;
    let same_unit = |m: &&Mention| {
        amount(&m.value).is_some_and(|(a, u)| u == unit && is_plain(a) && a.modifier.as_ref().is_none_or(|m| m.aggregate.is_none()))
    };
    let (start, end) = brackets_after(&chars, mention.span.end + piece.offset)
        .unwrap_or_else(|| (sentence_start(&chars, mention.span.start + piece.offset), mention.span.start + piece.offset));
    let inside = |m: &&Mention| m.span.start + piece.offset >= start && m.span.end + piece.offset <= end;
    let parts: Vec<&Amount> =
        piece.mentions.iter().filter(same_unit).filter(inside).filter_map(|m| amount(&m.value)).map(|(a, _)| a).collect();
    let sum = parts.iter().try_fold("0".to_owned(), |sum, p| subtract(&sum, &negated(&p.value)))?;
    let text = |v: &str| format!("{v}{}", unit.as_deref().unwrap_or_default());
    // One amount beside a total is no list; and a rounded total says less than it seems.
    (parts.len() >= 2 && sum != total.value && !coarse(total, &parts)).then(|| Contradiction {
        total: text(&total.value),
        sum: text(&sum),
        n_parts: parts.len(),
    })
}

fn negated(value: &str) -> String {
    value.strip_prefix('-').map_or_else(|| format!("-{value}"), str::to_owned)
}

fn is_total(m: &Mention, number: &Amount, chars: &[char], offset: usize) -> bool {
    let marked = number.modifier.as_ref().is_some_and(|m| m.aggregate == Some(Aggregate::Total));
    let before = chars.get(..m.span.start + offset).unwrap_or_default().iter().rev().find(|c| !c.is_whitespace());
    marked || before == Some(&'計') || m.text.starts_with(['計', '合'])
}

fn is_plain(number: &Amount) -> bool {
    let vague = |m: &NumberModifier| m.approx || m.bound.is_some() || m.side.is_some();
    number.max.is_none() && !number.modifier.as_ref().is_some_and(vague)
}

/// A total written to a coarser place than its parts may differ by rounding.
fn coarse(total: &Amount, parts: &[&Amount]) -> bool {
    let place = |a: &Amount| a.quantum.unwrap_or(PowerOfTen(0));
    parts.iter().any(|p| place(p) < place(total))
}

/// Returns the inside of brackets that open right at `at`.
fn brackets_after(chars: &[char], at: usize) -> Option<(usize, usize)> {
    let open = (at..chars.len()).find(|i| chars.get(*i).is_some_and(|c| !c.is_whitespace()))?;
    matches!(chars.get(open), Some('（' | '(' | '[' | '［')).then_some(())?;
    let close = (open..chars.len()).find(|i| matches!(chars.get(*i), Some('）' | ')' | ']' | '］')))?;
    Some((open + 1, close))
}

fn sentence_start(chars: &[char], at: usize) -> usize {
    chars.get(..at).and_then(|c| c.iter().rposition(|c| matches!(c, '。' | '；'))).map_or(0, |p| p + 1)
}

/// A title that counts the initiatives (`全11取組`) counts those that were read.
fn record_counts(report: &Report, findings: &mut Vec<Finding>) {
    let Some(title) = report.document.title.as_deref() else { return };
    let folded = crate::fold::style(title);
    let Some((_, rest)) = folded.split_once('全') else { return };
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let counted = rest.get(digits.len()..).unwrap_or_default();
    let named = ["取組", "項目", "件", "事業", "施策"].iter().any(|u| counted.starts_with(u) || counted.starts_with(&format!("の{u}")));
    if let Some(n) = digits.parse::<usize>().ok().filter(|n| named && *n != report.initiatives.len()) {
        let text = format!("the title counts {n}, {} records were read", report.initiatives.len());
        findings.push(Finding { field: Some("title".into()), ..Finding::new("check/total-contradiction", text) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jisseki_model::{Confidence, CountUnit, Resolution, Value};

    fn count(text: &str, all: &str, value: &str, aggregate: Option<Aggregate>) -> Mention {
        let start =
            all.chars().collect::<Vec<_>>().windows(text.chars().count()).position(|w| w.iter().collect::<String>() == text).unwrap();
        let modifier = aggregate.map(|a| NumberModifier { aggregate: Some(a), ..NumberModifier::default() });
        Mention {
            id: Default::default(),
            span: start..start + text.chars().count(),
            text: text.into(),
            norm: text.into(),
            value: Value::Count {
                number: Amount { value: value.into(), modifier, ..Amount::default() },
                unit: CountUnit { counter: "件".into(), surface: None, class: None }.into(),
            },
            resolution: Resolution::explicit(),
            confidence: Confidence::High,
            flags: Default::default(),
            places: Box::default(),
        }
    }

    fn check(text: &str, parts: &[(&str, &str)], total: (&str, &str)) -> Option<Contradiction> {
        let mut mentions: Vec<Mention> = parts.iter().map(|(t, v)| count(t, text, v, None)).collect();
        mentions.push(count(total.0, text, total.1, Some(Aggregate::Total)));
        mentions.sort_by_key(|m| m.span.start);
        piece_to_contradiction(&Piece { text: text.into(), offset: 0, heading: false, under: None, places: &[], mentions: &mentions })
    }

    #[test]
    fn totals_and_their_parts() {
        let parts = [("12件", "12"), ("7件", "7")];
        assert_eq!(check("新規12件、継続7件、計19件", &parts, ("計19件", "19")), None);
        assert_eq!(check("計19件（新規12件、継続7件）", &parts, ("計19件", "19")), None);
        let wrong = check("計20件（新規12件、継続7件）", &parts, ("計20件", "20")).unwrap();
        assert_eq!((wrong.total.as_str(), wrong.sum.as_str(), wrong.n_parts), ("20件", "19件", 2));
        assert_eq!(check("新規12件（６月～）、計20件", &parts[..1], ("計20件", "20")), None, "one amount is no list");
    }
}
