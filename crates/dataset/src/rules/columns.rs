//! What the columns of a CSV hold, by its schema or by a look at the values.

use super::table::TableFile;
use crate::cell::is_cjk;

/// One column: its values with their lines, blanks at the ends and empty ones left out.
pub(super) struct ColumnView<'a> {
    pub(super) index: usize,
    pub(super) name: &'a str,
    pub(super) values: Vec<(u64, &'a str)>,
    /// Quotations and sentences: rules of notation do not judge them.
    pub(super) free: bool,
    /// Most values are numbers, however written.
    pub(super) numeric: bool,
}

/// Returns the columns of a file.
pub(super) fn columns(file: &TableFile) -> Vec<ColumnView<'_>> {
    file.header().iter().enumerate().map(|(index, name)| view(file, index, name)).collect()
}

fn view<'a>(file: &'a TableFile, index: usize, name: &'a str) -> ColumnView<'a> {
    let cells = file.rows().iter().filter_map(|r| r.fields.get(index).map(|f| (r.line, f.text.trim_matches(is_blank))));
    let values: Vec<(u64, &str)> = cells.filter(|(_, v)| !v.is_empty()).collect();
    let free = match file.field(index).and_then(|f| f.content.as_deref()) {
        Some(content) => content == "text",
        None => share(&values, is_sentence) > 0.3,
    };
    let declared = file.field(index).map(|f| f.kind.as_str()).filter(|k| !k.is_empty());
    let numeric = matches!(declared, Some("integer" | "number")) || declared.is_none() && !free && share(&values, is_number_like) > 0.6;
    ColumnView { index, name, values, free, numeric }
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

/// A sentence or a quotation: long, or with a full stop, or with much kana.
fn is_sentence(text: &str) -> bool {
    let hiragana = text.chars().filter(|c| ('\u{3041}'..='\u{309f}').contains(c)).count();
    text.contains('。') || text.chars().count() > 40 || hiragana >= 8
}

/// A number in any dress: sign or triangle, separators, a unit of at most four characters behind it.
fn is_number_like(text: &str) -> bool {
    let folded = folded(text);
    let body = folded.trim_start_matches(['▲', '△', '-', '−', '+', '約', '¥', '￥', ' ']);
    let digits: usize = body.chars().take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '.')).count();
    digits > 0 && body.chars().count() - digits <= 4
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
    let body = folded.trim_start_matches(['▲', '△', '-', '−', '+', '約', ' ']);
    let yen = body.starts_with(['¥', '￥']).then(|| "¥".to_owned());
    let body = body.trim_start_matches(['¥', '￥']);
    let rest = body.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.'));
    if rest.len() == body.len() {
        return None;
    }
    let unit: String =
        rest.trim().chars().take_while(|c| is_cjk(*c) || c.is_ascii_alphabetic() || matches!(c, '%' | '‰' | '℃' | '㎡' | '㎞')).collect();
    yen.or(Some(unit).filter(|u| !u.is_empty()))
}
