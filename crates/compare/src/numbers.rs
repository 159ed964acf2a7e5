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
    let years = dated_words(piece, &chars);
    let mut numbers = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let mention = covering(piece, &token.span);
        let read = match mention.map(|m| (&m.value, m)) {
            Some((value, m)) => amount(value).map(|(a, unit)| (a.value.to_string(), unit, m.text.to_string())),
            None if token.kind == TokenKind::Number
                && !in_date(&chars, &token.span)
                && !years.iter().any(|(y, _)| y.contains(&token.span.start)) =>
            {
                Some(bare(&chars, token))
            }
            None => None,
        };
        let Some((value, unit, text)) = read else { continue };
        if token.kind == TokenKind::Number || (token.kind == TokenKind::Kanji && mention.is_some() && !has_digits(mention)) {
            let upper = mention.and_then(|m| upper_end(m, token));
            let span = token.span.clone();
            let metric = metric(piece, &chars, &years, span.start).or_else(|| column_label.map(str::to_owned));
            let fiscal_year = year_of(&years, &chars, span.start);
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
        Value::Money { number, currency } => Some((number, Some(currency.code().to_owned()))),
        Value::Percent { number, .. } => Some((number, Some("%".into()))),
        Value::PercentPoint { number } => Some((number, Some("%pt".into()))),
        Value::Count { number, unit } => Some((number, Some(unit.counter.to_string()))),
        Value::Quantity { number, unit } => Some((number, Some(unit.ucum.to_string()))),
        Value::Ordinal { number, unit } => Some((number, Some(unit.to_string()))),
        _ => None,
    }
}

/// For the second number of a span like 10～20件: its upper end.
fn upper_end(mention: &Mention, token: &Token) -> Option<String> {
    let (number, _) = amount(&mention.value)?;
    let max = number.max.as_deref()?;
    (token.key == *max && token.key != number.value).then(|| max.to_string())
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

/// A word that names a fiscal year: its code points and the year.
type DatedWord = (Range<usize>, i32);

/// Returns the words of a paragraph that name a fiscal year: those the normalizer found, and 年度 or era letters where it was not asked.
fn dated_words(piece: &Piece<'_>, chars: &[char]) -> Vec<DatedWord> {
    let span = |m: &Mention| m.span.start + piece.offset..m.span.end + piece.offset;
    let mut words: Vec<DatedWord> = piece.mentions.iter().filter_map(|m| Some((span(m), fiscal_year(&m.value)?))).collect();
    let mut at = 0;
    while at < chars.len() {
        match chars.get(at..).and_then(fiscal_year_at) {
            Some((len, year)) => {
                if !words.iter().any(|(w, _)| w.start < at + len && at < w.end) {
                    words.push((at..at + len, year));
                }
                at += len;
            }
            None => at += 1,
        }
    }
    words.sort_by_key(|(w, _)| (w.start, w.end));
    words
}

/// Returns the length and year of `平成30年度`, `令和元年度`, `2019年度`, `H29` or `R元` at the start.
fn fiscal_year_at(chars: &[char]) -> Option<(usize, i32)> {
    let narrow = |c: &char| fold::narrow(&c.to_string()).chars().next().unwrap_or(*c);
    let head: String = chars.iter().take(12).map(narrow).collect();
    let (before, rest, letter) = [("令和", 2018), ("平成", 1988), ("昭和", 1925)]
        .iter()
        .find_map(|(era, before)| Some((*before, head.strip_prefix(era)?, false)))
        .or_else(|| {
            [('R', 2018), ('H', 1988), ('S', 1925)].iter().find_map(|(era, before)| Some((*before, head.strip_prefix(*era)?, true)))
        })
        .unwrap_or((0, &head, false));
    let blank = rest.len() - rest.trim_start().len();
    let rest = rest.get(blank..)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let (number, taken) =
        if before > 0 && rest.starts_with('元') { (1, '元'.len_utf8()) } else { (digits.parse::<i32>().ok()?, digits.len()) };
    let tail = rest.get(taken..)?;
    let year_word = ["年度", "度"].iter().find(|w| tail.starts_with(**w)).map_or(0, |w| w.len());
    let plausible = if before > 0 { (1..=64).contains(&number) } else { (1900..2200).contains(&number) };
    // A letter and a number alone are a year only where no unit, point or further digit goes on: H29：, R元).
    let closed = letter && !tail.starts_with(|c: char| c.is_alphanumeric() || c == '.' || c == '-');
    (plausible && (year_word > 0 || closed)).then_some(())?;
    let bytes = head.len() - tail.len() + year_word;
    Some((head.get(..bytes)?.chars().count(), before + number))
}

/// Returns the fiscal year of the nearest dated word before a number in the same sentence.
fn year_of(years: &[DatedWord], chars: &[char], at: usize) -> Option<i32> {
    let sentence = chars.get(..at)?.iter().rposition(|c| matches!(c, '。' | '\n')).map_or(0, |p| p + 1);
    years.iter().filter(|(w, _)| w.start >= sentence && w.end <= at).max_by_key(|(w, _)| w.end).map(|(_, y)| *y)
}

fn fiscal_year(value: &Value) -> Option<i32> {
    match value {
        Value::FiscalYear { fy, .. } => Some(*fy),
        Value::FiscalPart { fy, .. } => *fy,
        Value::Date { when } => when.fy.map(i32::from),
        _ => None,
    }
}

/// Words that say which of several values of one metric a number is.
const ROLES: [&str; 8] = ["目標", "実績", "見込", "計画", "予算", "決算", "累計", "前年"];

/// Returns what a number counts: the words of its clause before the first year, number or role, with the role that stands right before it.
fn metric(piece: &Piece<'_>, chars: &[char], years: &[DatedWord], at: usize) -> Option<String> {
    let clause = chars.get(..at)?.iter().rposition(|c| matches!(c, '。' | '、' | '\n')).map_or(0, |p| p + 1);
    let before: String = chars.get(clause..at)?.iter().collect();
    let before = before.trim_start_matches(|c: char| "・･○●◎◇◆■□⇒→＊*※-".contains(c) || c.is_whitespace());
    let own = before.rsplit(['⇒', '→', '，']).next().unwrap_or(before);
    let role = ROLES.iter().filter_map(|r| own.rfind(r).map(|p| (p, *r))).max().map(|(_, r)| r);
    let masked = mask_dates(years, before, clause + (chars.get(clause..at)?.len() - before.chars().count()));
    let name = nearest_name(&masked);
    let name = if name.is_empty() { piece.under.unwrap_or_default() } else { &name };
    let short: String = name.chars().rev().take(30).collect::<Vec<_>>().into_iter().rev().collect();
    match (short.is_empty(), role) {
        (true, role) => role.map(str::to_owned),
        // 売却実績 is one word, 経常収支適正度：目標 are two.
        (false, Some(role)) if before.contains(&format!("{short}{role}")) => Some(format!("{short}{role}")),
        (false, Some(role)) if !short.ends_with(role) => Some(format!("{short}・{role}")),
        _ => Some(short),
    }
}

/// Words that follow a figure and name nothing.
const TAILS: [&str; 10] = ["以下", "以上", "未満", "程度", "参加", "受講", "うち", "実施", "開催", "ずつ"];

/// Returns the last words before a figure that can name what it counts: between years, figures, brackets and colons, units and tails left out.
fn nearest_name(masked: &str) -> String {
    let breaks = |c: char| c == '\u{0}' || c.is_ascii_digit() || ('０'..='９').contains(&c) || "：:＝=⇒→（）()【】［］＜＞「」".contains(c);
    let (mut name, mut after_figure) = (String::new(), false);
    let mut part = String::new();
    for c in masked.chars().chain(['\u{0}']) {
        if !breaks(c) {
            part.push(c);
            continue;
        }
        let bare =
            if after_figure { part.trim_start_matches(|c: char| UNIT_SIGNS.contains(c) || "月年度".contains(c)) } else { part.as_str() };
        let bare = ROLES.iter().fold(bare, |h, r| h.split(r).next().unwrap_or(h));
        let bare = bare.trim_matches(|c: char| c.is_whitespace() || "・,，はがのをで～〜".contains(c));
        let bare = bare.trim_end_matches("延べ").trim_end_matches(['約', '計', 'は', 'が', 'の']);
        let least = if after_figure { 3 } else { 2 };
        if bare.chars().count() >= least && !TAILS.contains(&bare) {
            name = bare.to_owned();
        }
        after_figure = c.is_ascii_digit() || ('０'..='９').contains(&c);
        part.clear();
    }
    name
}

/// Returns the text with every dated word as NUL characters; `start` is where it begins in the piece.
fn mask_dates(years: &[DatedWord], text: &str, start: usize) -> String {
    let dated = |i: usize| years.iter().any(|(w, _)| w.contains(&(i + start)));
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
    fn years_and_metrics_are_read_from_the_words_around() {
        let read = |text: &str| {
            piece_to_numbers(&piece(text), None)
                .into_iter()
                .map(|n| (n.text, n.metric.unwrap_or_default(), n.fiscal_year))
                .collect::<Vec<_>>()
        };
        let row = |t: &str, m: &str, y| (t.to_owned(), m.to_owned(), y);
        assert_eq!(
            read("【提案数】 令和３年度：118件 ⇒ 令和４年度：143件"),
            [row("118件", "提案数", Some(2021)), row("143件", "提案数", Some(2022))]
        );
        assert_eq!(
            read("経常収支適正度：目標（R元）100％以下⇒H29：100.3％"),
            [row("100％", "経常収支適正度・目標", Some(2019)), row("100.3％", "経常収支適正度", Some(2017))]
        );
        assert_eq!(
            read("【応募取組数】 平成30年度：247件【応募所属割合】平成30年度：79.3％"),
            [row("247件", "応募取組数", Some(2018)), row("79.3％", "応募所属割合", Some(2018))]
        );
        assert_eq!(read("売却実績 98,410千円（５物件）"), [row("98,410千円", "売却実績", None), row("５物件", "売却実績", None)]);
        assert_eq!(read("7,654件（納期内納付全体の1.1％）"), [row("7,654件", "", None), row("1.1％", "納期内納付全体", None)]);
        assert_eq!(
            read("・2019年度の利用は12件でした。今年度は15件です。"),
            [row("12件", "利用", Some(2019)), row("15件", "今年度", None)]
        );
        assert_eq!(fiscal_year_at(&"R1-1".chars().collect::<Vec<_>>()), None);
    }

    #[test]
    fn dates_are_no_numbers() {
        let changed = pieces_to_numbers_changed(&piece("実施期間 平成30年６月１日"), &piece("実施期間 平成30年６月３日"), None);
        assert!(changed.pairs.is_empty() && !changed.only_numbers);
    }
}
