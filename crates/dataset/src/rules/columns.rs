//! What the columns of a CSV hold, by its schema or by a look at the values.

use super::table::TableFile;
use crate::cell::is_cjk;

/// Signs that stand where a number is not given (秘匿, 該当なし, 未公表 …): e-Stat and the statistical yearbooks use them.
const SIGNS: [&str; 24] =
    ["-", "－", "―", "—", "–", "ー", "−", "…", "...", "‥", "・", "*", "**", "***", "＊", "×", "x", "X", "χ", "Ｘ", "ｘ", "△", "▲", "//"];

/// One column: its values with their lines, blanks at the ends and empty ones left out.
pub(super) struct ColumnView<'a> {
    pub(super) index: usize,
    pub(super) name: &'a str,
    pub(super) values: Vec<(u64, &'a str)>,
    /// Quotations and sentences: rules of notation do not judge them.
    pub(super) free: bool,
    /// Most values are numbers, however written.
    pub(super) numeric: bool,
    /// Most values are days, however written.
    pub(super) dates: bool,
}

impl ColumnView<'_> {
    /// The name, full-width forms folded, in lower case.
    pub(super) fn folded_name(&self) -> String {
        folded(self.name).trim_matches(is_blank).to_lowercase()
    }
    /// Tells whether the folded name holds one of the words.
    pub(super) fn is_named(&self, words: &[&str]) -> bool {
        let name = self.folded_name();
        words.iter().any(|w| name.contains(w))
    }
}

/// Returns the columns of a file.
pub(super) fn columns(file: &TableFile) -> Vec<ColumnView<'_>> {
    file.header().iter().enumerate().map(|(index, name)| view(file, index, name)).collect()
}

fn view<'a>(file: &'a TableFile, index: usize, name: &'a str) -> ColumnView<'a> {
    // A record with a field too many or too few is shifted: its cells say nothing about the columns.
    let whole = file.first_table().iter().filter(|r| r.fields.len() == file.header().len());
    let cells = whole.filter_map(|r| r.fields.get(index).map(|f| (r.line, f.text.trim_matches(is_blank))));
    let values: Vec<(u64, &str)> = cells.filter(|(_, v)| !v.is_empty()).collect();
    let free = match file.field(index).and_then(|f| f.content.as_deref()) {
        Some(content) => content == "text",
        None => share(&values, is_sentence) > 0.3,
    };
    let declared = file.field(index).map(|f| f.kind.as_str()).filter(|k| !matches!(*k, "" | "any"));
    let given: Vec<(u64, &str)> = values.iter().filter(|(_, v)| !is_sign(v)).copied().collect();
    let numeric = matches!(declared, Some("integer" | "number")) || declared.is_none() && !free && share(&given, is_number_like) > 0.6;
    let dates =
        declared == Some("date") || declared.is_none_or(|d| d == "string") && !free && !numeric && share(&given, is_date_like) > 0.5;
    ColumnView { index, name, values, free, numeric, dates }
}

/// The share of values for which `test` holds; 0 for no values.
pub(super) fn share(values: &[(u64, &str)], test: impl Fn(&str) -> bool) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.iter().filter(|(_, v)| test(v)).count() as f64 / values.len() as f64
}

/// ASCII and ideographic blanks.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\t' | '\n' | '\r')
}

/// Full-width digits, letters and signs to ASCII.
pub(super) fn folded(text: &str) -> String {
    text.chars()
        .map(|c| if ('\u{ff01}'..='\u{ff5e}').contains(&c) { char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c) } else { c })
        .collect()
}

/// Tells whether the cell is a sign that stands for «not given».
pub(super) fn is_sign(text: &str) -> bool {
    SIGNS.contains(&text)
}

/// A sentence or a quotation: long, or with a full stop, or with much kana.
fn is_sentence(text: &str) -> bool {
    let hiragana = text.chars().filter(|c| ('\u{3041}'..='\u{309f}').contains(c)).count();
    text.contains('。') || text.chars().count() > 40 || hiragana >= 8
}

/// A number in any dress: sign or triangle, separators, a unit of at most four characters behind it. Times, days and spans are none.
pub(super) fn is_number_like(text: &str) -> bool {
    let folded = folded(text);
    let body = undressed(&folded);
    let rest = body.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.'));
    rest.len() < body.len() && rest.chars().count() <= 4 && !rest.contains(|c: char| c.is_ascii_digit())
}

/// What follows signs, triangles, currency and 約.
fn undressed(folded: &str) -> &str {
    folded.trim_start_matches(['▲', '△', '-', '−', '+', '約', '¥', '￥', '$', '*', '※', ' '])
}

/// Tells whether the text is a number as programs read it.
pub(super) fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    all(whole) && all(fraction)
}

/// The part of a number's cell that is its unit: what follows the digits, without sign, separators and the rest of a bracket.
pub(super) fn unit_of(text: &str) -> Option<String> {
    let folded = folded(text);
    let body = undressed(&folded);
    let rest = body.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.'));
    if rest.len() == body.len() {
        return None;
    }
    let unit: String =
        rest.trim().chars().take_while(|c| is_cjk(*c) || c.is_ascii_alphabetic() || matches!(c, '%' | '‰' | '℃' | '㎡' | '㎞')).collect();
    Some(unit).filter(|u| !u.is_empty())
}

/// Year, month and day with any separators, era years too, or a span of such.
pub(super) fn is_date_like(value: &str) -> bool {
    let folded = folded(value);
    let body = folded.trim_start_matches(|c: char| "令和平成昭元RHS. ".contains(c));
    let numbers: Vec<&str> = body.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
    let separated = body.contains(['/', '-', '.', '月']) && body.chars().all(|c| c.is_ascii_digit() || "/-.年月日～〜~ ".contains(c));
    let year = numbers.first().is_some_and(|n| n.len() == 4 || body.len() < folded.len() && n.len() <= 2);
    separated && year && numbers.len() >= 3 && numbers[1..].iter().all(|n| n.len() <= 4)
}

/// Tells whether the text holds a year of an era: `令和元年度`, `H30`, `R1.5`.
pub(super) fn has_era_year(text: &str) -> bool {
    let folded = folded(text);
    let after_era = ["令和", "平成", "昭和", "大正", "明治"]
        .iter()
        .any(|era| folded.split(era).skip(1).any(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '元')));
    let mut chars = folded.chars();
    let letter = matches!(chars.next(), Some('R' | 'H' | 'S'));
    let rest = chars.as_str();
    let digits = rest.trim_start_matches('.').bytes().take_while(u8::is_ascii_digit).count();
    let tail = rest.trim_start_matches('.').get(digits..).unwrap_or("x");
    let dated = tail.starts_with('年') || tail.starts_with(['.', '/']) && tail[1..].starts_with(|c: char| c.is_ascii_digit());
    after_era || letter && (1..=2).contains(&digits) && (tail.is_empty() || dated)
}

/// Tells whether the text holds a western year, 1868 to 2199.
pub(super) fn has_western_year(text: &str) -> bool {
    let folded = folded(text);
    let runs = folded.split(|c: char| !c.is_ascii_digit());
    runs.filter(|r| r.len() == 4 || r.len() == 8).any(|r| r[..4].parse::<u32>().is_ok_and(|y| (1868..2200).contains(&y)))
}
