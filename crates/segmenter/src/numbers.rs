//! Number grammars: `1 ①`, `(1)`, `No.82`, `No.R1-1`, `Ⅰ-1-(1)`, `改革1→取組事項(1)`, `第3号`.

use crate::lexicon::NUMBERS;
use crate::narrow::narrow_char;
use crate::profile::{NumberGrammar, Profile};

/// A record's label, cut off the front of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Label {
    /// The integer, where the label has one reading as such.
    pub(crate) number: Option<i64>,
    /// As printed.
    pub(crate) label: String,
    /// The number within the section.
    pub(crate) sub_number: Option<i64>,
    /// That as printed.
    pub(crate) sub_label: Option<String>,
    /// How many chars of the text it takes, blanks after it included.
    pub(crate) chars: usize,
    /// Position of the grammar in the profile.
    pub(crate) grammar: usize,
}

impl Label {
    /// Tells whether both are printed the same, whatever stands after them.
    pub(crate) fn is_same(&self, other: &Label) -> bool {
        self.label == other.label && self.sub_label == other.sub_label
    }
}

/// Tells whether a char is a circled number.
pub(crate) fn is_circled(c: char) -> bool {
    matches!(c, '①'..='⑳' | '㉑'..='㉟' | '㊱'..='㊿')
}

/// Returns the value of a circled number, a Roman numeral of one char or a decimal text.
pub(crate) fn sign_to_number(text: &str) -> Option<i64> {
    let mut chars = text.chars();
    let (c, more) = (chars.next()?, chars.next().is_some());
    let from = |base: char, first: i64| Some(i64::from(c as u32 - base as u32) + first);
    match c {
        _ if more => roman_or_decimal(text),
        '①'..='⑳' => from('①', 1),
        '㉑'..='㉟' => from('㉑', 21),
        '㊱'..='㊿' => from('㊱', 36),
        'Ⅰ'..='Ⅻ' => from('Ⅰ', 1),
        _ => roman_or_decimal(text),
    }
}

fn roman_or_decimal(text: &str) -> Option<i64> {
    const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    const KANJI: &str = "一二三四五六七八九十";
    let digits: String = text.chars().map(narrow_char).collect();
    if let Some(i) = ROMAN.iter().position(|r| *r == digits) {
        return i64::try_from(i + 1).ok();
    }
    if let (1, Some(c)) = (digits.chars().count(), digits.chars().next())
        && let Some(i) = KANJI.chars().position(|k| k == c)
    {
        return i64::try_from(i + 1).ok();
    }
    digits.parse().ok()
}

/// Narrows char by char; runs of blanks stay, so that positions are those of the text.
fn narrowed(text: &str) -> String {
    text.chars().map(narrow_char).collect()
}

/// Reads a label from the front of a text, blanks before it skipped. With `whole`, nothing may follow it.
pub(crate) fn text_to_label(text: &str, profile: &Profile, whole: bool) -> Option<Label> {
    let lead = text.chars().take_while(|c| c.is_whitespace()).count();
    let body: String = text.chars().skip(lead).collect();
    let narrow = narrowed(&body);
    profile.numbers.iter().chain(&NUMBERS).enumerate().find_map(|(i, g)| {
        let mut l = grammar_to_label(g, &narrow, &body, whole)?;
        l.grammar = i;
        l.chars += lead;
        Some(l)
    })
}

fn grammar_to_label(g: &NumberGrammar, narrow: &str, printed: &str, whole: bool) -> Option<Label> {
    if g.bare && !whole {
        return None;
    }
    let found = g.pattern.captures(narrow)?;
    let group = |name: &str| found.group(name);
    let parts = ["n", "code", "circled", "roman", "sub"].iter().filter_map(|name| group(name));
    // A pattern may look one char ahead (`keep_last`): what it takes ends with its last part and the closing sign after it.
    let end = if g.keep_last { parts.map(|p| p.end).max()? } else { found.end() };
    let close = narrow.get(end..)?.chars().next().filter(|c| g.keep_last && matches!(c, '.' | ':')).map_or(0, char::len_utf8);
    let end = end + close;
    let taken = narrow.get(..end)?.chars().count();
    let blanks = narrow.get(end..)?.chars().take_while(|c| c.is_whitespace()).count();
    if whole && taken + blanks < narrow.chars().count() {
        return None;
    }
    let print = |a: usize, b: usize| -> Option<String> {
        let (from, to) = (narrow.get(..a)?.chars().count(), narrow.get(..b)?.chars().count());
        Some(printed.chars().skip(from).take(to - from).collect())
    };
    let sub_span = group("sub");
    let sub = sub_span.clone().and_then(|s| print(s.start, s.end));
    let label_end = sub_span.map_or(end, |s| s.start);
    let number = ["n", "circled", "roman"].iter().find_map(|k| group(k)).and_then(|n| sign_to_number(narrow.get(n)?));
    Some(Label {
        number,
        label: print(0, label_end)?.trim().to_string(),
        sub_number: sub.as_deref().and_then(sign_to_number),
        sub_label: sub,
        chars: taken + blanks,
        grammar: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, whole: bool, want: Option<(Option<i64>, &str, Option<&str>)>) {
        let p = Profile::auto();
        let got = text_to_label(text, &p, whole);
        let got = got.as_ref().map(|l| (l.number, l.label.as_str(), l.sub_label.as_deref()));
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn every_grammar_reads_its_label() {
        check("1 ① 現場重視で", false, Some((Some(1), "1", Some("①"))));
        check("１　①", true, Some((Some(1), "１", Some("①"))));
        check("12", true, Some((Some(12), "12", None)));
        check("（１）", true, Some((Some(1), "（１）", None)));
        check("(12) 窓口の見直し", false, Some((Some(12), "(12)", None)));
        check("No.82", true, Some((Some(82), "No.82", None)));
        check("№７", true, Some((Some(7), "№７", None)));
        check("No.R1-1", true, Some((None, "No.R1-1", None)));
        check("Ⅰ-1-(1)", true, Some((None, "Ⅰ-1-(1)", None)));
        check("１－２－③", true, Some((None, "１－２－③", None)));
        check("改革1→取組事項(1)", true, Some((None, "改革1→取組事項(1)", None)));
        check("第３号", true, Some((Some(3), "第３号", None)));
        check("③ 協創の推進", false, Some((Some(3), "③", None)));
        check("5. 税収の確保", false, Some((Some(5), "5.", None)));
        check("Ⅲ", true, Some((Some(3), "Ⅲ", None)));
        check("10月から実施", false, None);
        check("12件", true, None);
        check("総務課", false, None);
        check("299,244", true, None);
    }

    #[test]
    fn a_label_takes_its_blanks_along_and_leaves_the_title() {
        let l = text_to_label("　③  協創の推進", &Profile::auto(), false).unwrap_or_default();
        assert_eq!(l.chars, 4);
    }
}
