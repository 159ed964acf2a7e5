//! Fiscal years as headers and cells write them: 令和元年度, H29, ２８年度, 元, 2020.

use crate::narrow::{squash, squashed};

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

/// Cuts a year off the front of squashed text: an era's, a western one of four digits, or a bare number of up to two digits.
fn take_year(text: &str) -> Option<(YearToken, &str)> {
    const ERAS: [(&str, Era); 9] = [
        ("令和", Era::Reiwa),
        ("平成", Era::Heisei),
        ("昭和", Era::Showa),
        ("令", Era::Reiwa),
        ("平", Era::Heisei),
        ("昭", Era::Showa),
        ("R", Era::Reiwa),
        ("H", Era::Heisei),
        ("S", Era::Showa),
    ];
    for (name, era) in ERAS {
        if let Some((n, rest)) = text.strip_prefix(name).and_then(take_number) {
            return Some((YearToken { era: Some(era), n }, rest));
        }
    }
    if let Some((n, rest)) = take_western(text) {
        return Some((YearToken { era: Some(Era::Western), n }, rest));
    }
    let (n, rest) = take_number(text)?;
    Some((YearToken { era: None, n }, rest))
}

/// Cuts 元 or one or two digits off the front.
fn take_number(text: &str) -> Option<(i32, &str)> {
    if let Some(rest) = text.strip_prefix('元') {
        return Some((1, rest));
    }
    let digits = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    Some((text.get(..digits)?.parse().ok()?, text.get(digits..)?))
}

/// Cuts a year of the twentieth or twenty-first century off the front.
fn take_western(text: &str) -> Option<(i32, &str)> {
    let year = text.get(..4).filter(|y| (y.starts_with("19") || y.starts_with("20")) && y.bytes().all(|b| b.is_ascii_digit()))?;
    Some((year.parse().ok()?, text.get(4..)?))
}

/// Cuts the first of the words that the text begins with off its front; the text itself where it begins with none.
fn without<'t>(text: &'t str, words: &[&str]) -> &'t str {
    words.iter().find_map(|w| text.strip_prefix(w)).unwrap_or(text)
}

/// Tells from its first sign whether a text can be a year.
pub(crate) fn may_be_year(text: impl IntoIterator<Item = char>) -> bool {
    squashed(text).find(|c| *c != '(').is_some_and(|c| matches!(c, '0'..='9' | '令' | '平' | '昭' | 'R' | 'H' | 'S' | '元'))
}

/// Returns the year that a whole text is: `28年度`, `H29`, `令和元`, `R2年度`, `2020`, `元`; a bare number only with 年 or 年度 after it.
pub(crate) fn text_to_year(text: &str) -> Option<YearToken> {
    // The longest is 令和元年度(最終年度) with blanks: prose is no year.
    if text.len() > 100 {
        return None;
    }
    if !may_be_year(text.chars()) {
        return None;
    }
    let squashed = squash(text);
    let (token, rest) = take_year(without(&squashed, &["("]))?;
    let after = without(rest, &["年度", "年", "FY"]);
    let unit = after.len() < rest.len();
    let note = ["(予定)", "(計画)", "(実績)", "(見込み)", "(見込)", "(最終年度)", "(目標)"];
    let whole = matches!(without(after, &note), "" | ")");
    (whole && (token.era.is_some() || unit || squashed == "元")).then_some(token)
}

/// A stretch of an axis as its header names it: a year, or months of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AxisMark {
    /// The fiscal year; of a part of a year, the one that stands above it.
    pub(crate) token: Option<YearToken>,
    /// First and last month of a part of a year.
    pub(crate) months: Option<(u8, u8)>,
}

/// Reads the header of an axis: `28年度`, `第１四半期`, `10～12月`.
pub(crate) fn text_to_axis_mark(text: &str) -> Option<AxisMark> {
    let token = text_to_year(text);
    let months = if token.is_none() { text_to_months(text) } else { None };
    (token.is_some() || months.is_some()).then_some(AxisMark { token, months })
}

/// Returns the first and last month of a part of a fiscal year: `第１四半期`, `1Q`, `４～６月`, `10月-12月`, `上半期`, `4月`.
pub(crate) fn text_to_months(text: &str) -> Option<(u8, u8)> {
    if text.len() > 60 || !text.contains(['期', '月', 'Q', 'Ｑ']) {
        return None;
    }
    let squashed = squash(text);
    let body = match squashed.split_once('(') {
        // 第１四半期(４～６月): the months in the brackets are the same.
        Some((before, rest)) if rest.ends_with(')') && !before.is_empty() => before,
        _ => squashed.trim_start_matches('(').trim_end_matches(')'),
    };
    let half = |t: &str| match t {
        "上半期" | "上期" | "前期" => Some((4, 9)),
        "下半期" | "下期" | "後期" => Some((10, 3)),
        _ => None,
    };
    half(body).or_else(|| quarter(body)).or_else(|| months(body))
}

fn quarter(text: &str) -> Option<(u8, u8)> {
    let n = match text.strip_suffix("四半期") {
        Some(n) => n.strip_prefix('第').unwrap_or(n),
        None => text.strip_suffix('Q').or_else(|| text.strip_prefix('Q'))?,
    };
    match n {
        "1" | "一" | "Ⅰ" | "①" => Some((4, 6)),
        "2" | "二" | "Ⅱ" | "②" => Some((7, 9)),
        "3" | "三" | "Ⅲ" | "③" => Some((10, 12)),
        "4" | "四" | "Ⅳ" | "④" => Some((1, 3)),
        _ => None,
    }
}

fn months(text: &str) -> Option<(u8, u8)> {
    let month = |t: &str| t.parse::<u8>().ok().filter(|m| (1..=12).contains(m));
    let last = text.strip_suffix('月')?;
    match last.split_once(['～', '~', '-', '－', '―', 'ー', '・']) {
        Some((a, b)) => Some((month(a.strip_suffix('月').unwrap_or(a))?, month(b)?)),
        None => month(last).map(|m| (m, m)),
    }
}

/// Returns the years of a row of bare numbers, each one year after the one before: 28, 29, 30, 元. Fewer than three may be anything.
pub(crate) fn texts_to_bare_axis(texts: &[&str]) -> Option<Vec<YearToken>> {
    let token = |t: &&str| {
        let squashed = squash(t);
        take_year(&squashed).filter(|(_, rest)| rest.is_empty()).map(|(token, _)| token)
    };
    let tokens: Vec<YearToken> = texts.iter().map(token).collect::<Option<_>>()?;
    let years = axis_to_years(&tokens, None);
    let in_steps = years.windows(2).all(|w| matches!(w, [a, b] if *b == *a + 1));
    // 1, 2, 3 may number anything: the first years of an era come with its name, or after the last ones of another.
    let told = tokens.iter().any(|t| t.era.is_some()) || tokens.first().is_some_and(|t| t.n > 12);
    (tokens.len() >= 3 && in_steps && told).then_some(tokens)
}

/// Cuts a fiscal year off a header's front: `令和元年度取組実績` → 2019 and `取組実績`. Expects squashed text.
pub(crate) fn header_to_year(squashed: &str) -> (Option<YearToken>, &str) {
    let cut = || {
        let (token, rest) = take_year(without(squashed, &["(", "【", "["]))?;
        // A short era needs no 年度 (R1実績), but neither 1-1 nor another number may follow (R1-1 numbers a record).
        let short = || squashed.starts_with(['R', 'H', 'S']).then_some(rest).filter(|r| r.starts_with(|c: char| !c.is_ascii()));
        let rest = rest.strip_prefix("年度").or_else(|| rest.strip_prefix("年")).or_else(short)?;
        let rest = without(without(rest, &[")", "】", "]"]), &["の"]);
        (!rest.is_empty()).then_some((Some(token), rest))
    };
    cut().unwrap_or((None, squashed))
}

/// Returns the first fiscal year (年度) with an era in a text, and the words that say so, squashed.
pub(crate) fn find_fiscal_year(text: &str) -> Option<(i32, String)> {
    if !text.contains('度') {
        return None;
    }
    let squashed = squash(text);
    let mut rest = squashed.as_str();
    while !rest.is_empty() {
        match take_year(rest).filter(|(t, _)| t.era.is_some()) {
            Some((token, after)) => {
                if let (Some(after), Some(year)) = (after.strip_prefix("年度"), token.year()) {
                    return Some((year, rest.get(..rest.len() - after.len())?.to_string()));
                }
                // A western number without 年度 may hold another one: 12020年度.
                rest = if token.era == Some(Era::Western) { rest.get(1..)? } else { after };
            }
            None => rest = rest.get(rest.chars().next()?.len_utf8()..)?,
        }
    }
    None
}

/// Cuts the year with its era off the front of squashed text, brackets and the words that go with it too: `(令和2年度末)達成` → `達成`.
pub(crate) fn without_year(squashed: &str) -> &str {
    let cut = || {
        let (token, rest) = take_year(without(squashed, &["(", "【"]))?;
        let rest = without(rest, &["年度", "年"]);
        let month = take_number(rest).and_then(|(_, after)| after.strip_prefix('月'));
        let rest = without(month.unwrap_or(rest), &["末", "に", "まで"]);
        let rest = without(rest, &[")", "】", ":", "："]);
        (token.era.is_some() && !rest.is_empty()).then_some(rest)
    };
    cut().unwrap_or(squashed)
}

/// Gives every token of an axis its western year: years rise by one from column to column (28, 29, 30, 元 → 2016–2019).
///
/// Eras that are printed hold; the rest follow from the neighbor, or, where no column names one, from the reading that has most steps of one
/// year and lies nearest to `near`.
pub(crate) fn axis_to_years(tokens: &[YearToken], near: Option<i32>) -> Vec<i32> {
    let options = |t: &YearToken| {
        let eras = if t.era.is_some() { [t.era, None, None] } else { [Era::Reiwa, Era::Heisei, Era::Showa].map(Some) };
        let n = t.n;
        eras.into_iter().flatten().map(move |e| e.base() + n)
    };
    let Some(first) = tokens.first() else { return Vec::new() };
    let mut best: Option<(i64, Vec<i32>)> = None;
    for start in options(first) {
        let mut years = vec![start];
        let mut cost = 0i64;
        for t in tokens.iter().skip(1) {
            let last = years.last().copied().unwrap_or(start);
            let next = options(t).min_by_key(|y| (y - last - 1).abs()).unwrap_or(last + 1);
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
    fn parts_of_years_have_months() {
        for (t, m) in [
            ("第１四半期", Some((4, 6))),
            ("第４四半期（１～３月）", Some((1, 3))),
            ("２Ｑ", Some((7, 9))),
            ("10～12月", Some((10, 12))),
            ("４月～６月", Some((4, 6))),
            ("下半期", Some((10, 3))),
            ("12月", Some((12, 12))),
            ("13月", None),
            ("令和５年度", None),
            ("四半期報告", None),
        ] {
            assert_eq!(text_to_months(t), m, "{t}");
        }
    }

    #[test]
    fn bare_numbers_are_no_years_and_headers_lose_their_year() {
        assert_eq!(text_to_year("28"), None);
        let bare = |texts: &[&str]| texts_to_bare_axis(texts).map(|t| axis_to_years(&t, Some(2019)));
        assert_eq!(bare(&["28", "29", "30", "元"]), Some(vec![2016, 2017, 2018, 2019]));
        assert_eq!(bare(&["２８", "２９", "３０", "１"]), Some(vec![2016, 2017, 2018, 2019]));
        assert_eq!(bare(&["平28", "平29", "平30"]), Some(vec![2016, 2017, 2018]));
        assert_eq!(bare(&["1", "2", "3"]).or(bare(&["28", "30", "32"])).or(bare(&["28", "29"])), None);
        assert_eq!(text_to_year("令和 元 年度").and_then(YearToken::year), Some(2019));
        assert_eq!(text_to_year("R3年度当初予算額"), None);
        let (y, rest) = header_to_year("令和元年度取組実績");
        assert_eq!((y.and_then(YearToken::year), rest), (Some(2019), "取組実績"));
        assert_eq!(header_to_year("取組実績").1, "取組実績");
        assert_eq!(header_to_year("R1実績").1, "実績");
        assert_eq!(header_to_year("R1-1").1, "R1-1");
        assert_eq!(find_fiscal_year("令和元年度 「第二次三重県」"), Some((2019, "令和元年度".into())));
        assert_eq!(find_fiscal_year("H28～R２年度"), Some((2020, "R2年度".into())));
        assert_eq!(find_fiscal_year("12件、30年度、2021年度"), Some((2021, "2021年度".into())));
        assert_eq!(find_fiscal_year("令和２年、平成３０年"), None);
        assert_eq!(text_to_year("（令和５年度（予定））").and_then(YearToken::year), Some(2023));
        assert_eq!(text_to_year("令和５年度分"), None);
        assert_eq!(without_year("(令和2年3月末)達成"), "達成");
        assert_eq!(without_year("平成28年度達成済"), "達成済");
        assert_eq!(without_year("28年度"), "28年度");
    }
}
