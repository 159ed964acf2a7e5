//! Words as the lexicon writes them, several in one: `(取組の)?達成(度|状況)`.
//!
//! A sign or a bracket with `?` after it may be left out, `(a|b)` is one of several, `.*` is anything, `$` is the end of the text, and `\` stands
//! before a sign that means itself. Such a word is held against a text as it is written: nothing is compiled, and most words differ from most
//! texts in their first sign.

use std::ops::Range;

/// Tells whether one of the words is the whole text.
pub(crate) fn is_whole(words: &[&str], text: &str) -> bool {
    words.iter().any(|w| may_begin(w, text) && read(w, text, &mut str::is_empty))
}

/// Returns the length of the first word that the text begins with.
pub(crate) fn front(words: &[&str], text: &str) -> Option<usize> {
    words.iter().find_map(|w| length(w, text))
}

/// Finds the first place in the text where one of the words stands; the earlier word where two stand there.
pub(crate) fn find(words: &[&str], text: &str) -> Option<Range<usize>> {
    // The text's signs by their low bits, which the last of three bytes has too: most words begin with none of them.
    let signs = text.chars().fold(0u64, |signs, c| signs | 1 << (c as u32 % u64::BITS));
    let may_stand = |word: &&&str| first_sign(word).is_none_or(|[.., last]| signs >> (last % 64) & 1 == 1);
    let place = |word: &&str| text.char_indices().find_map(|(at, _)| Some(at..at + length(word, text.get(at..)?)?));
    words.iter().filter(may_stand).filter_map(place).min_by_key(|place| place.start)
}

/// Returns the length of the word at the front of the text.
#[inline]
fn length(word: &str, text: &str) -> Option<usize> {
    let mut left = None;
    let found = may_begin(word, text) && read(word, text, &mut |rest| left.replace(rest.len()).is_none());
    found.then(|| text.len() - left.unwrap_or_default())
}

/// Reads the word off the front of a text, and tells whether `then` was content with the rest: it is asked after each way of reading, what may be
/// left out not left out first, the earlier of several first, and as much as may be for anything.
fn read(word: &str, text: &str, then: &mut dyn FnMut(&str) -> bool) -> bool {
    let mut signs = word.chars();
    match signs.next() {
        None => then(text),
        Some('$') => text.is_empty() && read(signs.as_str(), text, then),
        Some('.') => {
            let rest = signs.as_str().trim_start_matches('*');
            let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            starts.rev().any(|at| text.get(at..).is_some_and(|left| may_begin(rest, left) && read(rest, left, then)))
        }
        Some('(') => {
            let (inner, rest) = cut(signs.as_str(), ')').unwrap_or((signs.as_str(), ""));
            let (rest, optional) = cut_optional(rest);
            let mut several = std::iter::successors(Some(cut(inner, '|').unwrap_or((inner, ""))), |(_, more)| {
                (!more.is_empty()).then(|| cut(more, '|').unwrap_or((more, "")))
            });
            several.any(|(one, _)| read(one, text, &mut |left| read(rest, left, then))) || optional && read(rest, text, then)
        }
        Some(sign) => {
            let sign = if sign == '\\' { signs.next().unwrap_or(sign) } else { sign };
            let (rest, optional) = cut_optional(signs.as_str());
            let mut left = text.chars();
            left.next() == Some(sign) && read(rest, left.as_str(), then) || optional && read(rest, text, then)
        }
    }
}

/// Tells at once that most words differ from most texts in their first sign.
#[inline]
fn may_begin(word: &str, text: &str) -> bool {
    first_sign(word).is_none_or(|sign| text.as_bytes().first_chunk() == Some(&sign))
}

/// Returns the three bytes of the Japanese sign that a word always begins with.
#[inline]
fn first_sign(word: &str) -> Option<[u8; 3]> {
    match word.as_bytes() {
        [a @ 0xe0..0xf0, b, c, rest @ ..] if rest.first() != Some(&b'?') => Some([*a, *b, *c]),
        _ => None,
    }
}

fn cut_optional(word: &str) -> (&str, bool) {
    word.strip_prefix('?').map_or((word, false), |rest| (rest, true))
}

/// Cuts at a sign that stands in no brackets and means no sign of the text.
fn cut(word: &str, at: char) -> Option<(&str, &str)> {
    let mut depth = 0;
    let mut escaped = false;
    for (i, c) in word.char_indices() {
        match c {
            _ if escaped => escaped = false,
            _ if c == at && depth == 0 => return word.get(..i).zip(word.get(i + c.len_utf8()..)),
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{PHASES, ROLES, STATES};

    fn check(word: &str, text: &str, whole: bool, found: Option<(usize, usize)>) {
        assert_eq!(is_whole(&[word], text), whole, "{word} in {text}");
        assert_eq!(find(&[word], text), found.map(|(a, b)| a..b), "{word} in {text}");
    }

    #[test]
    fn a_word_stands_for_several() {
        check("達成済?", "未達成、達成済", false, Some((3, 9)));
        check("達成済?", "達成済", true, Some((0, 9)));
        check("(取組の)?達成(度|状況)", "達成状況", true, Some((0, 12)));
        check("(取組の)?達成(度|状況)", "取組の達成", false, None);
        check("成果(と|及び(その)?)課題", "成果及びその課題", true, Some((0, 24)));
        check("今後の.*", "今後の方向", true, Some((0, 15)));
        check(".*額(\\(.*円\\))?", "予算額(千円)", true, Some((0, 17)));
        check("実績$", "実績の実績", false, Some((9, 15)));
        check("No\\.?", "No.", true, Some((0, 3)));
        check("No\\.?", "Nox", false, Some((0, 2)));
    }

    /// The lexicon's words are regular expressions too: both readings are the same.
    #[test]
    fn the_lexicon_reads_as_its_regular_expressions() {
        let roles = ROLES.iter().flat_map(|r| [r.exact, r.contains, r.weak, r.with_year]);
        let lists: Vec<&[&str]> = roles.chain(STATES.iter().chain(PHASES).map(|l| l.1)).collect();
        let mut texts: Vec<String> =
            lists.iter().flat_map(|l| l.iter()).map(|w| w.replace(['(', ')', '?', '|', '*', '\\', '$'], "")).collect();
        texts.extend(["予算額(千円)", "主な取組", "担当課名", "未達成(達成済)", "実施の実績", ""].map(String::from));
        for words in lists.into_iter().filter(|l| !l.is_empty()) {
            let any = regex_lite::Regex::new(&words.join("|")).unwrap_or_else(|e| panic!("{words:?}: {e}"));
            let whole = regex_lite::Regex::new(&format!("^(?:{})$", words.join("|"))).unwrap_or_else(|e| panic!("{words:?}: {e}"));
            for text in &texts {
                assert_eq!(is_whole(words, text), whole.is_match(text), "{words:?} in {text}");
                let found = any.find(text).map(|m| m.range());
                assert_eq!(find(words, text), found, "{words:?} in {text}");
            }
        }
    }
}
