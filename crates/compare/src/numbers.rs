//! Numbers in paragraphs: what they count, which year they are about, and what changed between two paragraphs.

use crate::event::NumberChange;
use crate::fold;
use crate::tokens::{Token, TokenKind, text_to_tokens, tokens_diff};
use crate::view::Piece;
use jisseki_model::{Amount, Mention, Value};
use similar::DiffOp;
use std::ops::Range;

/// One number in a paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Code points of the piece's text.
    pub span: Range<usize>,
    /// Canonical decimal, scaled.
    pub value: String,
    /// JPY, %, 件, …
    pub unit: Option<String>,
    /// As printed, unit included.
    pub text: String,
    /// What is counted, as far as the paragraph says it.
    pub metric: Option<String>,
    /// The fiscal year it is about, where the paragraph says so.
    pub fiscal_year: Option<i32>,
    /// Index among the tokens of the paragraph.
    token: usize,
}

/// Returns the numbers of a paragraph, in order: amounts that the normalizer found, and bare digits that are no part of a date.
pub fn piece_to_numbers(piece: &Piece<'_>, column_label: Option<&str>) -> Vec<Number> {
    let chars: Vec<char> = piece.text.chars().collect();
    let tokens = text_to_tokens(&piece.text);
    let mut numbers = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let mention = covering(piece, &token.span);
        let read = match mention.map(|m| (&m.value, m)) {
            Some((value, m)) => amount(value).map(|(a, unit)| (a.value.clone(), unit, m.text.clone())),
            None if token.kind == TokenKind::Number && !in_date(&chars, &token.span) => Some(bare(&chars, token)),
            None => None,
        };
        let Some((value, unit, text)) = read else { continue };
        if token.kind == TokenKind::Number || (token.kind == TokenKind::Kanji && mention.is_some() && !has_digits(mention)) {
            let upper = mention.and_then(|m| upper_end(m, token));
            let span = token.span.clone();
            let metric = metric(piece, &chars, span.start).or_else(|| column_label.map(str::to_owned));
            let fiscal_year = year_of(piece, &chars, span.start);
            numbers.push(Number { span, value: upper.unwrap_or(value), unit, text, metric, fiscal_year, token: at });
        }
    }
    numbers
}

fn has_digits(mention: Option<&Mention>) -> bool {
    mention.is_some_and(|m| fold::narrow(&m.text).chars().any(|c| c.is_ascii_digit()))
}

/// Returns the smallest mention around a token; spans in reports count from after the marker.
fn covering<'a>(piece: &Piece<'a>, span: &Range<usize>) -> Option<&'a Mention> {
    let here = |m: &&Mention| m.span.start + piece.offset <= span.start && span.end <= m.span.end + piece.offset;
    piece.mentions.iter().filter(here).filter(|m| !is_composite(&m.value)).min_by_key(|m| m.span.len())
}

fn is_composite(value: &Value) -> bool {
    matches!(
        value,
        Value::Comparison { .. } | Value::Change { .. } | Value::Range { .. } | Value::UnitDeclaration { .. } | Value::Org { .. }
    )
}

/// Returns the amount of a value that counts something, with its unit.
pub fn amount(value: &Value) -> Option<(&Amount, Option<String>)> {
    match value {
        Value::Money { number, currency } => Some((number, Some(currency.clone()))),
        Value::Percent { number, .. } => Some((number, Some("%".into()))),
        Value::PercentPoint { number } => Some((number, Some("%pt".into()))),
        Value::Count { number, counter, .. } => Some((number, Some(counter.clone()))),
        Value::Quantity { number, ucum, .. } => Some((number, Some(ucum.clone()))),
        Value::Ordinal { number, unit } => Some((number, Some(unit.clone()))),
        _ => None,
    }
}

/// For the second number of a span like 10～20件: its upper end.
fn upper_end(mention: &Mention, token: &Token) -> Option<String> {
    let (number, _) = amount(&mention.value)?;
    let max = number.max.as_ref()?;
    (token.key == *max && token.key != number.value).then(|| max.clone())
}

/// Digits that no mention owns: the value is what is written, the unit the sign or word right after it.
fn bare(chars: &[char], token: &Token) -> (String, Option<String>, String) {
    let unit: String = chars.iter().skip(token.span.end).take_while(|c| UNIT_SIGNS.contains(**c)).take(3).collect();
    let digits: String = chars.get(token.span.clone()).unwrap_or_default().iter().collect();
    let text = format!("{digits}{unit}");
    (trim_zeros(&token.key), (!unit.is_empty()).then(|| fold::narrow(&unit)), text)
}

const UNIT_SIGNS: &str = "件人名回円千万億％%箇所か施設台本社校冊点歳時間日団体市町村物種倍割位者室棟戸世帯席部課所属";

fn trim_zeros(value: &str) -> String {
    if value.contains('.') { value.trim_end_matches('0').trim_end_matches('.').to_owned() } else { value.to_owned() }
}

/// Tells whether digits are followed by 年, 月, 日 or stand after an era: a date, not an amount.
fn in_date(chars: &[char], span: &Range<usize>) -> bool {
    let after = chars.iter().skip(span.end).find(|c| !c.is_whitespace());
    let before = span.start.checked_sub(1).and_then(|i| chars.get(i));
    matches!(after, Some('年' | '月' | '日')) || matches!(before, Some('成' | '和' | 'H' | 'R' | 'S' | 'Ｈ' | 'Ｒ' | 'Ｓ'))
}

/// Returns the fiscal year of the nearest dated word before a number in the same sentence.
fn year_of(piece: &Piece<'_>, chars: &[char], at: usize) -> Option<i32> {
    let sentence = chars.get(..at)?.iter().rposition(|c| matches!(c, '。' | '\n')).map_or(0, |p| p + 1);
    let near = |m: &&Mention| (sentence..at).contains(&(m.span.start + piece.offset)) && m.span.end + piece.offset <= at;
    let mention = piece.mentions.iter().filter(near).filter(|m| fiscal_year(&m.value).is_some()).max_by_key(|m| m.span.end)?;
    fiscal_year(&mention.value)
}

fn fiscal_year(value: &Value) -> Option<i32> {
    match value {
        Value::FiscalYear { fy, .. } => Some(*fy),
        Value::FiscalPart { fy, .. } => *fy,
        Value::Date { when } => when.fy,
        _ => None,
    }
}

/// Words that say which of several values of one metric a number is.
const ROLES: [&str; 8] = ["目標", "実績", "見込", "計画", "予算", "決算", "累計", "前年"];

/// Returns what a number counts: the words of its clause before the first year, number or role, with the role that stands right before it.
fn metric(piece: &Piece<'_>, chars: &[char], at: usize) -> Option<String> {
    let clause = chars.get(..at)?.iter().rposition(|c| matches!(c, '。' | '、' | '\n')).map_or(0, |p| p + 1);
    let before: String = chars.get(clause..at)?.iter().collect();
    let before = before.trim_start_matches(|c: char| "・･○●◎◇◆■□⇒→＊*※-".contains(c) || c.is_whitespace());
    let own = before.rsplit(['⇒', '→', '，']).next().unwrap_or(before);
    let role = ROLES.iter().filter_map(|r| own.rfind(r).map(|p| (p, *r))).max().map(|(_, r)| r);
    let masked = mask_dates(piece, before, clause + (chars.get(clause..at)?.len() - before.chars().count()));
    let end = masked.find(|c: char| c == '\u{0}' || c.is_ascii_digit() || ('０'..='９').contains(&c) || "：:＝=⇒→".contains(c));
    let head = end.and_then(|e| masked.get(..e)).unwrap_or(&masked);
    let head = ROLES.iter().fold(head, |h, r| h.split(r).next().unwrap_or(h));
    let name = head.trim_matches(|c: char| c.is_whitespace() || "【】（）()「」＜＞・,，はがのをで".contains(c));
    let name = if name.chars().count() >= 2 { name } else { piece.under.unwrap_or(name) };
    let short: String = name.chars().rev().take(30).collect::<Vec<_>>().into_iter().rev().collect();
    match (short.is_empty(), role) {
        (true, role) => role.map(str::to_owned),
        (false, Some(role)) if !short.ends_with(role) => Some(format!("{short}・{role}")),
        _ => Some(short),
    }
}

/// Returns the text with every dated mention as NUL characters; `start` is where it begins in the piece.
fn mask_dates(piece: &Piece<'_>, text: &str, start: usize) -> String {
    let dated = |i: usize| {
        let at = i + start;
        piece
            .mentions
            .iter()
            .any(|m| fiscal_year(&m.value).is_some() && (m.span.start + piece.offset..m.span.end + piece.offset).contains(&at))
    };
    text.chars().enumerate().map(|(i, c)| if dated(i) { '\u{0}' } else { c }).collect()
}

/// What changed between two prints of a paragraph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NumbersChanged {
    /// The pairs of numbers whose values differ.
    pub pairs: Vec<(Number, Number)>,
    /// Whether nothing but numbers differs.
    pub only_numbers: bool,
    /// Whether every number that is written differently has the same value.
    pub same_values: bool,
}

/// Returns which numbers changed between two prints of a paragraph.
pub fn pieces_to_numbers_changed(old: &Piece<'_>, new: &Piece<'_>, label: Option<&str>) -> NumbersChanged {
    let (a, b) = (piece_to_numbers(old, label), piece_to_numbers(new, label));
    let (ta, tb) = (text_to_tokens(&old.text), text_to_tokens(&new.text));
    let (ka, kb) = (class_keys(&ta, &a), class_keys(&tb, &b));
    let mut out = NumbersChanged { only_numbers: true, same_values: true, ..NumbersChanged::default() };
    for op in tokens_diff(&ka, &kb) {
        if !matches!(op, DiffOp::Equal { .. }) {
            out.only_numbers = false;
            continue;
        }
        for (i, j) in op.old_range().zip(op.new_range()) {
            let differ = ta.get(i).map(|t| &t.key) != tb.get(j).map(|t| &t.key);
            let pair = a.iter().find(|x| x.token == i).zip(b.iter().find(|y| y.token == j));
            match pair {
                Some((x, y)) if x.value != y.value => {
                    out.same_values = false;
                    out.pairs.push((x.clone(), y.clone()));
                }
                None if differ => out.only_numbers = false,
                _ => {}
            }
        }
    }
    out
}

/// Keys under which all numbers of one unit are alike.
fn class_keys(tokens: &[Token], numbers: &[Number]) -> Vec<String> {
    let class = |(i, t): (usize, &Token)| {
        let unit = numbers.iter().find(|n| n.token == i).map(|n| n.unit.clone().unwrap_or_default());
        unit.map_or_else(|| t.key.clone(), |u| format!("#{u}"))
    };
    tokens.iter().enumerate().map(class).collect()
}

/// Returns the change from one number to another, with Δ and %.
pub fn change(old: &Number, new: &Number) -> NumberChange {
    let delta = subtract(&new.value, &old.value);
    let percent = delta.as_ref().and_then(|d| {
        let (d, o): (f64, f64) = (d.parse().ok()?, old.value.parse().ok()?);
        (o != 0.0).then(|| (d / o.abs() * 1000.0).round() / 10.0)
    });
    NumberChange {
        metric: new.metric.clone().or_else(|| old.metric.clone()),
        old: old.value.clone(),
        new: new.value.clone(),
        old_text: old.text.clone(),
        new_text: new.text.clone(),
        delta,
        percent,
        unit: new.unit.clone().or_else(|| old.unit.clone()),
        old_fiscal_year: old.fiscal_year,
        new_fiscal_year: new.fiscal_year,
    }
}

/// Returns `a − b` of two decimal strings, exact; nothing where one is no decimal of at most 30 digits.
pub fn subtract(a: &str, b: &str) -> Option<String> {
    let scale = |s: &str| s.split_once('.').map_or(0, |(_, f)| f.len());
    let places = scale(a).max(scale(b));
    let units = |s: &str| -> Option<i128> {
        let (whole, fraction) = s.split_once('.').unwrap_or((s, ""));
        (s.len() <= 30 && places <= 8).then_some(())?;
        format!("{whole}{fraction:0<places$}").parse().ok()
    };
    let d = units(a)?.checked_sub(units(b)?)?;
    let digits = format!("{:0>width$}", d.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len() - places)?;
    let sign = if d < 0 { "-" } else { "" };
    let text = if places == 0 { whole.to_owned() } else { trim_zeros(&format!("{whole}.{fraction}")) };
    Some(format!("{sign}{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str) -> Piece<'_> {
        Piece { text: text.into(), offset: 0, heading: false, under: None, places: &[], mentions: &[] }
    }

    #[test]
    fn subtraction_is_exact() {
        for (a, b, want) in [
            ("79.3", "77.8", "1.5"),
            ("0.1", "0.3", "-0.2"),
            ("132726000", "98410000", "34316000"),
            ("5", "5.0", "0"),
            ("1.05", "1", "0.05"),
        ] {
            assert_eq!(subtract(a, b).as_deref(), Some(want), "{a} − {b}");
        }
        assert_eq!(subtract("x", "1"), None);
    }

    #[test]
    fn one_digit_is_a_number_change() {
        let changed = pieces_to_numbers_changed(
            &piece("・新規採用職員研修（5回・131名受講）（４月）"),
            &piece("・新規採用職員研修（5回・137名受講）（４月）"),
            None,
        );
        assert!(changed.only_numbers && !changed.same_values);
        let [(old, new)] = &changed.pairs[..] else { panic!("{changed:?}") };
        let c = change(old, new);
        assert_eq!(
            (c.old.as_str(), c.new.as_str(), c.delta.as_deref(), c.percent, c.unit.as_deref()),
            ("131", "137", Some("6"), Some(4.6), Some("名"))
        );
    }

    #[test]
    fn dates_are_no_numbers() {
        let changed = pieces_to_numbers_changed(&piece("実施期間 平成30年６月１日"), &piece("実施期間 平成30年６月３日"), None);
        assert!(changed.pairs.is_empty() && !changed.only_numbers);
    }
}
