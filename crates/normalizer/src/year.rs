//! Years as they are written: 令和元, 平成28, R2, 2019, and 28 without its era.

use crate::cursor::Cursor;
use crate::era::{ERAS, Era};
use jisseki_model::{EraName, Written};

/// A year as written, before 年 or 年度.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum YearToken {
    /// With its era: 令和元, 平成二十八, H30.
    Era { era: EraName, n: i32, gannen: bool, short: bool },
    /// 2019.
    Gregorian(i32),
    /// The era is left out: 28, 元.
    Bare { n: i32, gannen: bool },
}

/// Years that a four-digit number may mean.
const GREGORIAN_YEARS: std::ops::RangeInclusive<i32> = 1868..=2200;
/// Years of an era that a bare number may mean: the longest era had 64.
const ERA_YEARS: std::ops::RangeInclusive<i32> = 1..=64;
/// A year without its era must lie this near to the report's. 63年度 in a report of 2019 is 1988 (own-admin, `fiscal_year_bare`), 31 years away; the bound
/// only keeps out what no report speaks of.
const BARE_YEAR_REACH: i32 = 40;

impl YearToken {
    /// The Gregorian year, where the token says it by itself.
    pub(crate) fn year(self) -> Option<i32> {
        match self {
            YearToken::Era { era, n, .. } => Some(Era::of(era).year(n)),
            YearToken::Gregorian(y) => Some(y),
            YearToken::Bare { .. } => None,
        }
    }

    /// How it was written.
    pub(crate) fn written(self) -> Written {
        match self {
            YearToken::Era { era, n, gannen, short } => {
                Written { era: Some(era), era_year: u8::try_from(n).ok(), gregorian: None, gannen, short }
            }
            YearToken::Gregorian(y) => Written { gregorian: u16::try_from(y).ok(), ..Written::default() },
            YearToken::Bare { n, gannen } => Written { era_year: u8::try_from(n).ok(), gannen, ..Written::default() },
        }
    }
}

/// Reads a year at the cursor and moves over it.
pub(crate) fn year(c: &mut Cursor<'_>) -> Option<YearToken> {
    let mut ahead = *c;
    let token = match ahead.peek()? {
        '0'..='9' | '元' => plain_year(&mut ahead)?,
        '一' | '二' => kanji_year(&mut ahead)?,
        _ => era_year(&mut ahead)?,
    };
    *c = ahead;
    Some(token)
}

fn era_year(c: &mut Cursor<'_>) -> Option<YearToken> {
    let mut ahead = *c;
    let first = ahead.peek()?;
    // The short form is the first sign of the long one.
    let era = ERAS.iter().find(|era| first == era.short || first == era.letter)?;
    let short = !ahead.eat_spread(era.word);
    if short {
        ahead.at += first.len_utf8();
    }
    let (n, gannen) = era_number(&mut ahead)?;
    *c = ahead;
    Some(YearToken::Era { era: era.name, n, gannen, short })
}

/// 元, one or two digits, or a kanji numeral up to 99.
fn era_number(c: &mut Cursor<'_>) -> Option<(i32, bool)> {
    if c.eat_over_joint("元") {
        return Some((1, true));
    }
    let mut ahead = *c;
    ahead.joint();
    let (n, digits) = match digits(&mut ahead) {
        Some(found) => found,
        None => (small_kanji_number(&mut ahead)?, 1),
    };
    (digits <= 2).then(|| {
        *c = ahead;
        (n, false)
    })
}

/// 二〇二一: four signs by position.
fn kanji_year(c: &mut Cursor<'_>) -> Option<YearToken> {
    let mut n = 0;
    for _ in 0..4 {
        let sign = c.peek()?;
        n = n * 10 + crate::num::kanji_digit(sign)?;
        c.at += sign.len_utf8();
    }
    GREGORIAN_YEARS.contains(&n).then_some(YearToken::Gregorian(n))
}

fn plain_year(c: &mut Cursor<'_>) -> Option<YearToken> {
    if c.eat("元") {
        return Some(YearToken::Bare { n: 1, gannen: true });
    }
    let (n, digits) = digits(c)?;
    match digits {
        4 if GREGORIAN_YEARS.contains(&n) => Some(YearToken::Gregorian(n)),
        1 | 2 => Some(YearToken::Bare { n, gannen: false }),
        _ => None,
    }
}

/// Reads a run of ASCII digits: its value and how many they are; none beyond nine.
pub(crate) fn digits(c: &mut Cursor<'_>) -> Option<(i32, usize)> {
    let run = c.rest().bytes().take_while(u8::is_ascii_digit).count();
    if run == 0 || run > 9 {
        return None;
    }
    let n = c.rest().get(..run)?.parse().ok()?;
    c.at += run;
    Some((n, run))
}

/// Reads a kanji numeral up to 99 in either form: 二十八, 二八, 十, 〇五.
pub(crate) fn small_kanji_number(c: &mut Cursor<'_>) -> Option<i32> {
    let (mut value, mut last, mut signs, mut ten) = (0, None, 0, false);
    for sign in c.rest().chars() {
        match crate::num::kanji_digit(sign) {
            Some(d) => {
                value = if ten { value + d } else { value * 10 + d };
                last = Some(d);
            }
            None if sign == '十' && !ten => {
                value = if last.is_some() { value * 10 } else { 10 };
                ten = true;
            }
            None => break,
        }
        signs += 1;
        if signs > 3 || value > 99 {
            return None;
        }
        c.at += sign.len_utf8();
    }
    // 〇年 is a blank to fill in, and no year.
    (signs > 0 && !(signs == 1 && value == 0)).then_some(value)
}

/// Returns the year that a number without its era means: of all eras the one that gives the year nearest to `near`, ties to the past, none beyond
/// [`BARE_YEAR_REACH`].
pub(crate) fn nearest_year(n: i32, near: i32) -> Option<i32> {
    if !ERA_YEARS.contains(&n) {
        return None;
    }
    let candidates = ERAS.iter().map(|e| e.year(n));
    let best = candidates.min_by_key(|y| ((y - near).abs(), *y > near))?;
    ((best - near).abs() <= BARE_YEAR_REACH).then_some(best)
}

/// Returns the fiscal year that a whole label names: `28年度`, `元年度`, `H29`, `R2`, `令和元年度`, `2019年度`, `平成30`.
///
/// `near` is a fiscal year of the document (of its title, for example); a label without an era needs it.
///
/// ```
/// use jisseki_normalizer::parse_fiscal_year;
/// assert_eq!(parse_fiscal_year("令和元年度", None), Some(2019));
/// assert_eq!(parse_fiscal_year("Ｈ２９", None), Some(2017));
/// assert_eq!(parse_fiscal_year("28年度", Some(2019)), Some(2016));
/// assert_eq!(parse_fiscal_year("元年度", Some(2019)), Some(2019));
/// assert_eq!(parse_fiscal_year("28年度", None), None);
/// assert_eq!(parse_fiscal_year("28件", Some(2019)), None);
/// ```
pub fn parse_fiscal_year(label: &str, near: Option<i32>) -> Option<i32> {
    let (token, _) = label_to_token(label)?;
    match token {
        YearToken::Bare { n, .. } => nearest_year(n, near?),
        other => other.year(),
    }
}

/// Reads a whole label as a year; also whether it says 年度 (or is short enough not to need it).
fn label_to_token(label: &str) -> Option<(YearToken, bool)> {
    let folded = crate::fold(label);
    let text = folded.scan().trim_matches(|c: char| c.is_whitespace() || "()[]【】〔〕".contains(c));
    let mut c = Cursor::new(text, 0);
    let token = year(&mut c)?;
    let is_fiscal = c.eat_spread("年度");
    if !is_fiscal {
        c.eat_over_joint("年");
    }
    c.joint();
    let done = c.rest().trim().is_empty();
    let bare_number = matches!(token, YearToken::Bare { .. }) && !is_fiscal && c.at == c.scan.len() && !text.ends_with('年');
    (done && !bare_number && valid(token)).then_some((token, is_fiscal))
}

fn valid(token: YearToken) -> bool {
    match token {
        YearToken::Era { n, .. } | YearToken::Bare { n, .. } => n >= 1,
        YearToken::Gregorian(_) => true,
    }
}

/// Returns the fiscal years of a row of labels, such as a plan's header: `28年度 29年度 30年度 元年度`.
///
/// Each label is read by [`parse_fiscal_year`], with the year before it as its neighbor. Where a label is only a number or is not readable by itself
/// (`28`, `元`), it counts if it is the year after its left neighbor.
///
/// ```
/// use jisseki_normalizer::fiscal_year_row;
/// assert_eq!(fiscal_year_row(&["28年度", "29年度", "30年度", "元年度"], Some(2019)), [Some(2016), Some(2017), Some(2018), Some(2019)]);
/// assert_eq!(fiscal_year_row(&["平成28年度", "29", "30", "元"], None), [Some(2016), Some(2017), Some(2018), Some(2019)]);
/// assert_eq!(fiscal_year_row(&["番号", "R5"], None), [None, Some(2023)]);
/// ```
pub fn fiscal_year_row(labels: &[&str], near: Option<i32>) -> Vec<Option<i32>> {
    let mut years: Vec<Option<i32>> = Vec::with_capacity(labels.len());
    for label in labels {
        let left = years.iter().rev().find_map(|y| *y);
        let by_itself = parse_fiscal_year(label, left.map(|y| y + 1).or(near));
        years.push(by_itself.or_else(|| follows(label, left?)));
    }
    years
}

/// The year after `left`, if the label is its bare number.
fn follows(label: &str, left: i32) -> Option<i32> {
    let folded = crate::fold(label);
    let text: String = folded.scan().chars().filter(|c| !c.is_whitespace()).collect();
    let mut c = Cursor::new(&text, 0);
    let YearToken::Bare { n, .. } = year(&mut c)? else { return None };
    (c.rest().is_empty() && ERAS.iter().any(|e| e.year(n) == left + 1)).then_some(left + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(label: &str, near: i32, expected: Option<i32>) {
        assert_eq!(parse_fiscal_year(label, Some(near)), expected, "{label:?} near {near}");
    }

    #[test]
    fn labels() {
        check("平\n成 28年度", 2019, Some(2016));
        check("令和１年度", 2019, Some(2019));
        check("令和二年度", 2019, Some(2020));
        check("平成三十年度", 2019, Some(2018));
        check("平成二八年度", 2019, Some(2016));
        check("㍻28年度", 2019, Some(2016));
        check("Ｒ元", 2019, Some(2019));
        check("令元", 2019, Some(2019));
        check("H31", 2019, Some(2019));
        check("2019年度", 2019, Some(2019));
        check("（令和３年度）", 2019, Some(2021));
        check("２年度", 1991, Some(1990));
        check("28年度", 2044, Some(2046));
        check("63年度", 2019, Some(1988));
        check("令和0年度", 2019, None);
        check("28", 2019, None);
        check("第28年度", 2019, None);
        check("平成28年度実績", 2019, None);
    }

    #[test]
    fn kanji() {
        for (text, n) in [("十", 10), ("十二", 12), ("二十", 20), ("三十一", 31), ("二八", 28), ("〇五", 5), ("九十九", 99)]
        {
            let mut c = Cursor::new(text, 0);
            assert_eq!((small_kanji_number(&mut c), c.rest()), (Some(n), ""), "{text}");
        }
    }
}
