//! Governments and their codes: 三重県 is 240001, 津市 242012.

use crate::cursor::one_of;
use std::sync::LazyLock;

/// Most characters of a government's name with its prefecture.
const MAX_NAME: usize = 14;

/// A government: its prefecture (empty in a prefecture's own row), its name, its code.
type Row = (&'static str, &'static str, &'static str);

/// The rows by name; one name may stand for several governments (府中市 stands in two prefectures).
static BY_NAME: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let line_to_row = |line: &'static str| {
        let mut cells = line.split('\t');
        let (code, prefecture, city) = (cells.next()?, cells.next()?, cells.next()?);
        Some(if city.is_empty() { ("", prefecture, code) } else { (prefecture, city, code) })
    };
    let mut rows: Vec<Row> =
        include_str!("tables/governments.tsv").lines().filter(|l| !l.starts_with('#')).filter_map(line_to_row).collect();
    rows.sort_unstable_by_key(|row| row.1);
    rows
});

fn rows_of(name: &str) -> &'static [Row] {
    let from = BY_NAME.partition_point(|row| row.1 < name);
    let rows = BY_NAME.get(from..).unwrap_or_default();
    rows.split_at(rows.iter().take_while(|row| row.1 == name).count()).0
}

/// Whether a name ends as those of governments do; asked of every text, so in few steps.
pub(crate) fn may_be_a_government(name: &str) -> bool {
    name.ends_with(ends_a_name)
}

fn ends_a_name(c: char) -> bool {
    matches!(c, '都' | '道' | '府' | '県' | '市' | '区' | '町' | '村')
}

/// Returns the six-digit code (全国地方公共団体コード) of a prefecture, city, town, village or ward by its full name; none for a name that several bear.
///
/// ```
/// use jisseki_normalizer::government_code;
/// assert_eq!(government_code("三重県"), Some("240001"));
/// assert_eq!(government_code("津市"), Some("242012"));
/// assert_eq!(government_code("府中市"), None);
/// assert_eq!(government_code("東京都府中市"), Some("132063"));
/// ```
pub fn government_code(name: &str) -> Option<&'static str> {
    if !may_be_a_government(name) {
        return None;
    }
    if let [only] = rows_of(name) {
        return Some(only.2);
    }
    // 東京都府中市: the prefecture stands before the name.
    let prefecture = name.char_indices().find(|(i, c)| *i > 0 && one_of(*c, "都道府県")).map(|(i, c)| i + c.len_utf8())?;
    let (prefecture, city) = name.split_at_checked(prefecture)?;
    rows_of(city).iter().find(|row| row.0 == prefecture).map(|row| row.2)
}

/// Returns whether six digits are a 全国地方公共団体コード by their check digit: 11 less the weighted sum modulo 11, its last digit.
///
/// ```
/// assert!(jisseki_normalizer::is_government_code("240001"));
/// assert!(!jisseki_normalizer::is_government_code("240002"));
/// ```
pub fn is_government_code(code: &str) -> bool {
    let digits: Option<Vec<u32>> = code.chars().map(|c| c.to_digit(10)).collect();
    let Some([a, b, c, d, e, check]) = digits.as_deref() else { return false };
    let sum = a * 6 + b * 5 + c * 4 + d * 3 + e * 2;
    (11 - sum % 11) % 10 == *check
}

/// Returns whether thirteen digits are a 法人番号 by their check digit: 9 less the weighted sum modulo 9 (weights 1 and 2 from the right).
///
/// ```
/// assert!(jisseki_normalizer::is_corporate_number("5000020240001")); // 三重県
/// assert!(!jisseki_normalizer::is_corporate_number("4000020240001"));
/// ```
pub fn is_corporate_number(number: &str) -> bool {
    let digits: Option<Vec<u32>> = number.chars().map(|c| c.to_digit(10)).collect();
    let Some((check, body)) = digits.as_deref().and_then(<[u32]>::split_first).filter(|d| d.1.len() == 12) else { return false };
    let sum: u32 = body.iter().rev().enumerate().map(|(i, d)| d * if i % 2 == 0 { 1 } else { 2 }).sum();
    9 - sum % 9 == *check
}

/// The government that a name begins with: how many bytes it takes and its code; the longest one.
pub(crate) fn government_prefix(name: &str) -> Option<(usize, &'static str)> {
    let ends = name.char_indices().take(MAX_NAME).filter(|(_, c)| ends_a_name(*c)).map(|(i, c)| i + c.len_utf8());
    ends.filter_map(|end| Some((end, government_code(name.get(..end)?)?))).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_table_passes_its_check_digit() {
        let table = include_str!("tables/governments.tsv");
        let codes: Vec<&str> = table.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('\t').next()).collect();
        assert_eq!(codes.len(), 1788);
        assert!(codes.is_sorted() && codes.iter().all(|c| is_government_code(c)));
    }

    #[test]
    fn prefixes() {
        assert_eq!(government_prefix("三重県総務部"), Some(("三重県".len(), "240001")));
        assert_eq!(government_prefix("三重県津市総務部"), Some(("三重県津市".len(), "242012")));
        assert_eq!(government_prefix("総務部"), None);
    }
}
