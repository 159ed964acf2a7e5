//! Patterns: the regular expressions of the lexicon and of profiles, and words that stand for themselves.
//!
//! The lexicon has sixty expressions, and a short document asks for half of them: the engine that is quick to compile reads them, since it tries
//! each on a few short texts. 14 of 85 million instructions of a whole conversion were compilation before (`regex`, `04c_rawcid_90ms_rksj_gaps`).
//! A profile's author gets the whole syntax, Unicode classes among it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

/// A pattern on narrowed text.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Lexicon(Lazy),
    Profile(regex::Regex),
    Words(String),
}

/// An expression that is compiled the first time a text is held against it.
#[derive(Debug, Clone)]
struct Lazy {
    text: String,
    /// It is all of a text, which begins with this sign where there is one: most headers are told from most words by it.
    whole: bool,
    first: Option<char>,
    /// `None` where the text is no regular expression: such a pattern matches nothing.
    compiled: OnceLock<Option<regex_lite::Regex>>,
}

/// The first match of a pattern and its named groups, as byte ranges.
pub(crate) enum Match<'t> {
    Lexicon(regex_lite::Captures<'t>),
    Profile(regex::Captures<'t>),
    Whole(&'t str),
}

impl Pattern {
    /// A pattern of the built-in lexicon, all of which a test compiles.
    pub(crate) fn lazy(text: String) -> Pattern {
        Pattern(Kind::Lexicon(Lazy { text, whole: false, first: None, compiled: OnceLock::new() }))
    }

    /// A word of the built-in lexicon, or an expression for several, that is a whole text. It has no alternatives outside of brackets.
    pub(crate) fn whole(text: String) -> Pattern {
        let is_sign = |c: &char| c.is_ascii_punctuation();
        if !text.chars().any(|c| is_sign(&c)) {
            return Pattern::of_words(text);
        }
        let mut chars = text.chars();
        let first = chars.next().filter(|c| !is_sign(c) && !matches!(chars.next(), Some('?' | '*' | '{')));
        Pattern(Kind::Lexicon(Lazy { text, whole: true, first, compiled: OnceLock::new() }))
    }

    /// A pattern of a profile, whose author is told at once what is wrong with it.
    pub(crate) fn checked(text: &str) -> Result<Pattern, regex::Error> {
        Ok(Pattern(Kind::Profile(regex::Regex::new(text)?)))
    }

    /// A pattern for these very words and nothing else.
    pub(crate) fn of_words(words: String) -> Pattern {
        Pattern(Kind::Words(words))
    }

    /// Tells whether it matches anywhere in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        match &self.0 {
            Kind::Lexicon(lazy) => lazy.first.is_none_or(|c| text.starts_with(c)) && lazy.get().is_some_and(|r| r.is_match(text)),
            Kind::Profile(regex) => regex.is_match(text),
            Kind::Words(words) => words == text,
        }
    }

    /// Returns the byte ranges of its matches, from the left, none overlapping another.
    pub(crate) fn find_iter<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        let (lexicon, profile, words) = match &self.0 {
            Kind::Lexicon(lazy) => (lazy.get(), None, None),
            Kind::Profile(regex) => (None, Some(regex), None),
            Kind::Words(words) => (None, None, (words == text).then_some(0..text.len())),
        };
        let lexicon = lexicon.into_iter().flat_map(move |r| r.find_iter(text)).map(|m| m.range());
        let profile = profile.into_iter().flat_map(move |r| r.find_iter(text)).map(|m| m.range());
        lexicon.chain(profile).chain(words)
    }

    /// Returns the first match with its groups.
    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        match &self.0 {
            Kind::Lexicon(lazy) => lazy.get()?.captures(text).map(Match::Lexicon),
            Kind::Profile(regex) => regex.captures(text).map(Match::Profile),
            Kind::Words(words) => (words == text).then_some(Match::Whole(text)),
        }
    }

    /// Tells whether it is a regular expression at all.
    #[cfg(test)]
    pub(crate) fn is_sound(&self) -> bool {
        !matches!(&self.0, Kind::Lexicon(lazy) if lazy.get().is_none())
    }
}

impl Lazy {
    fn get(&self) -> Option<&regex_lite::Regex> {
        let compile = || {
            let text = if self.whole { Cow::Owned(format!("^(?:{})$", self.text)) } else { Cow::Borrowed(self.text.as_str()) };
            regex_lite::Regex::new(&text).ok()
        };
        self.compiled.get_or_init(compile).as_ref()
    }
}

impl Match<'_> {
    /// Returns where the whole match ends.
    pub(crate) fn end(&self) -> usize {
        match self {
            Match::Lexicon(found) => found.get(0).map_or(0, |m| m.end()),
            Match::Profile(found) => found.get(0).map_or(0, |m| m.end()),
            Match::Whole(text) => text.len(),
        }
    }

    /// Returns where the group of that name matched.
    pub(crate) fn group(&self, name: &str) -> Option<Range<usize>> {
        match self {
            Match::Lexicon(found) => found.name(name).map(|m| m.range()),
            Match::Profile(found) => found.name(name).map(|m| m.range()),
            Match::Whole(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &Pattern, text: &str, ranges: &[(usize, usize)], group: Option<Range<usize>>) {
        assert_eq!(pattern.find_iter(text).map(|r| (r.start, r.end)).collect::<Vec<_>>(), ranges, "{pattern:?} in {text}");
        assert_eq!(pattern.is_match(text), !ranges.is_empty(), "{pattern:?} in {text}");
        let found = pattern.captures(text);
        assert_eq!(found.as_ref().map(Match::end), ranges.first().map(|r| r.1), "{pattern:?} in {text}");
        assert_eq!(found.and_then(|m| m.group("n")), group, "{pattern:?} in {text}");
    }

    #[test]
    fn each_kind_finds_its_matches() -> Result<(), regex::Error> {
        let lexicon = |t: &str| Pattern::lazy(t.to_owned());
        check(&lexicon("達成(?P<n>済)?"), "未達成、達成済", &[(3, 9), (12, 21)], None);
        check(&lexicon("達成(?P<n>済)?"), "達成済", &[(0, 9)], Some(6..9));
        check(&lexicon("("), "(", &[], None);
        check(&Pattern::checked("^(?P<n>\\p{Han}+)")?, "達成1", &[(0, 6)], Some(0..6));
        check(&Pattern::whole("達成(?P<n>度)?".to_owned()), "達成度", &[(0, 9)], Some(6..9));
        check(&Pattern::whole("達成(度)?".to_owned()), "未達成", &[], None);
        check(&Pattern::whole("未?達成(度)?".to_owned()), "達成", &[(0, 6)], None);
        check(&Pattern::whole("達成".to_owned()), "達成度", &[], None);
        check(&Pattern::of_words("a.c".to_owned()), "abc", &[], None);
        check(&Pattern::of_words("a.c".to_owned()), "a.c", &[(0, 3)], None);
        Ok(())
    }
}
