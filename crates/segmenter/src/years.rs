//! Fiscal years as headers and cells write them: 令和元年度, H29, ２８年度, 元, 2020.

use crate::narrow::squash;
use regex::Regex;
use std::sync::LazyLock;

/// An era that a year may be counted in, with the western year before its first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Era {
    Showa,
    Heisei,
    Reiwa,
    Western,
}

impl Era {
    fn base(self) -> i32 {
        match self {
            Era::Showa => 1925,
            Era::Heisei => 1988,
            Era::Reiwa => 2018,
            Era::Western => 0,
        }
    }
}

/// A year as printed: with its era, or a bare number that its neighbors must explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct YearToken {
    pub(crate) era: Option<Era>,
    pub(crate) n: i32,
}

impl YearToken {
    /// Returns the western year where the token names its era, or is a western year.
    pub(crate) fn year(self) -> Option<i32> {
        self.era.map(|e| e.base() + self.n)
    }
}

const YEAR: &str = r"(?:(?P<era>令和|平成|昭和|[RHS])(?P<n>元|\d{1,2})|(?P<w>(?:19|20)\d{2})|(?P<bare>元|\d{1,2}))";

#[expect(clippy::unwrap_used, reason = "the patterns are constants and a test compiles them")]
static WHOLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!(r"^\(?{YEAR}(?P<unit>年度?|FY)?(?:\((?:予定|計画|実績|見込み?|最終年度|目標)\))?\)?$")).unwrap());
#[expect(clippy::unwrap_used, reason = "the patterns are constants and a test compiles them")]
static PREFIX: LazyLock<Regex> = LazyLock::new(|| Regex::new(&format!(r"^[\(【\[]?{YEAR}(?P<unit>年度|年)[\)】\]]?の?")).unwrap());
#[expect(clippy::unwrap_used, reason = "the patterns are constants and a test compiles them")]
static ANYWHERE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?P<era>令和|平成|昭和|[RHS])(?P<n>元|\d{1,2})(?P<unit>年度)?|(?P<w>(?:19|20)\d{2})年度").unwrap());

fn captures_to_token(c: &regex::Captures<'_>) -> Option<YearToken> {
    let number = |s: &str| if s == "元" { Some(1) } else { s.parse().ok() };
    if let Some(w) = c.name("w") {
        return Some(YearToken { era: Some(Era::Western), n: w.as_str().parse().ok()? });
    }
    if let Some(era) = c.name("era") {
        let era = match era.as_str() {
            "令和" | "R" => Era::Reiwa,
            "平成" | "H" => Era::Heisei,
            _ => Era::Showa,
        };
        return Some(YearToken { era: Some(era), n: number(c.name("n")?.as_str())? });
    }
    Some(YearToken { era: None, n: number(c.name("bare")?.as_str())? })
}

/// Returns the year that a whole text is: `28年度`, `H29`, `令和元`, `R2年度`, `2020`, `元`; a bare number only with 年 or 年度 after it.
pub(crate) fn text_to_year(text: &str) -> Option<YearToken> {
    let squashed = squash(text);
    let c = WHOLE.captures(&squashed)?;
    let token = captures_to_token(&c)?;
    (token.era.is_some() || c.name("unit").is_some() || squashed == "元").then_some(token)
}

/// Cuts a fiscal year off a header's front: `令和元年度取組実績` → 2019 and `取組実績`. Expects squashed text.
pub(crate) fn header_to_year(squashed: &str) -> (Option<YearToken>, &str) {
    match PREFIX.captures(squashed) {
        Some(c) => match (captures_to_token(&c), c.get(0)) {
            (Some(t), Some(m)) if m.end() < squashed.len() => (Some(t), squashed.get(m.end()..).unwrap_or(squashed)),
            _ => (None, squashed),
        },
        None => (None, squashed),
    }
}

/// Returns the first fiscal year (年度) with an era in a text, and the words that say so, squashed.
pub(crate) fn find_fiscal_year(text: &str) -> Option<(i32, String)> {
    let squashed = squash(text);
    ANYWHERE
        .captures_iter(&squashed)
        .filter(|c| c.name("unit").is_some() || c.name("w").is_some())
        .find_map(|c| Some((captures_to_token(&c)?.year()?, c.get(0)?.as_str().to_string())))
}

/// Gives every token of an axis its western year: years rise by one from column to column (28, 29, 30, 元 → 2016–2019).
///
/// Eras that are printed hold; the rest follow from the neighbor, or, where no column names one, from the reading that has most steps of one
/// year and lies nearest to `near`.
pub(crate) fn axis_to_years(tokens: &[YearToken], near: Option<i32>) -> Vec<i32> {
    let options = |t: &YearToken| -> Vec<i32> {
        match t.era {
            Some(e) => vec![e.base() + t.n],
            None => [Era::Reiwa, Era::Heisei, Era::Showa].iter().map(|e| e.base() + t.n).collect(),
        }
    };
    let Some(first) = tokens.first() else { return Vec::new() };
    let mut best: Option<(i64, Vec<i32>)> = None;
    for start in options(first) {
        let mut years = vec![start];
        let mut cost = 0i64;
        for t in tokens.iter().skip(1) {
            let last = years.last().copied().unwrap_or(start);
            let next = options(t).into_iter().min_by_key(|y| (y - last - 1).abs()).unwrap_or(last + 1);
            cost += i64::from((next - last - 1).abs()) * 100;
            years.push(next);
        }
        if let Some(n) = near {
            let (low, high) = (years.iter().copied().min().unwrap_or(n), years.iter().copied().max().unwrap_or(n));
            cost += i64::from((low - n).max(n - high).max(0));
        }
        if best.as_ref().is_none_or(|(c, _)| cost < *c) {
            best = Some((cost, years));
        }
    }
    best.map(|(_, y)| y).unwrap_or_default()
}

/// Returns the western year of one token, the era filled in so that it lies nearest to `near`.
pub(crate) fn token_to_year(token: YearToken, near: Option<i32>) -> Option<i32> {
    token.year().or_else(|| near.and_then(|n| axis_to_years(&[token], Some(n)).first().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(texts: &[&str], near: Option<i32>) -> Vec<i32> {
        let tokens: Vec<_> = texts.iter().filter_map(|t| text_to_year(t)).collect();
        assert_eq!(tokens.len(), texts.len(), "{texts:?}");
        axis_to_years(&tokens, near)
    }

    #[test]
    fn axes_are_filled_over_the_change_of_era() {
        assert_eq!(axis(&["28年度", "29年度", "30年度", "元年度"], Some(2019)), [2016, 2017, 2018, 2019]);
        assert_eq!(axis(&["H29", "H30", "R1", "R2"], None), [2017, 2018, 2019, 2020]);
        assert_eq!(axis(&["２年度", "３年度", "４年度"], Some(2021)), [2020, 2021, 2022]);
        assert_eq!(axis(&["2019", "2020年度"], None), [2019, 2020]);
        assert_eq!(axis(&["平成30年度", "元年度", "2年度"], None), [2018, 2019, 2020]);
        assert_eq!(axis(&["62年度", "63年度", "元年度"], None), [1987, 1988, 1989]);
    }

    #[test]
    fn bare_numbers_are_no_years_and_headers_lose_their_year() {
        assert_eq!(text_to_year("28"), None);
        assert_eq!(text_to_year("令和 元 年度").and_then(YearToken::year), Some(2019));
        assert_eq!(text_to_year("R3年度当初予算額"), None);
        let (y, rest) = header_to_year("令和元年度取組実績");
        assert_eq!((y.and_then(YearToken::year), rest), (Some(2019), "取組実績"));
        assert_eq!(header_to_year("取組実績").1, "取組実績");
        assert_eq!(find_fiscal_year("令和元年度 「第二次三重県」"), Some((2019, "令和元年度".into())));
    }
}
