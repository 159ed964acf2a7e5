//! Patterns with named groups: how records are numbered and sections headed, by the lexicon and by profiles.
//!
//! A short document asks for few of the lexicon's expressions, and tries each on a few short texts: the engine that is quick to compile reads
//! them, and only where a text looks as it should. A profile's author gets the whole syntax, Unicode classes among it.

use std::ops::Range;
use std::sync::OnceLock;

/// A pattern on narrowed text.
#[derive(Debug, Clone)]
pub(crate) enum Pattern {
    Lexicon(Expression),
    Profile(regex::Regex),
}

/// A regular expression of the lexicon, compiled the first time a text looks as it should.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    text: &'static str,
    /// Every text that it matches looks so.
    looks: fn(&str) -> bool,
    /// `None` where the text is no regular expression: such a pattern matches nothing.
    compiled: OnceLock<Option<regex_lite::Regex>>,
}

/// The first match of a pattern and its named groups, as byte ranges.
pub(crate) enum Match<'t> {
    Lexicon(regex_lite::Captures<'t>),
    Profile(regex::Captures<'t>),
}

impl Pattern {
    /// A pattern of a profile, whose author is told at once what is wrong with it.
    pub(crate) fn checked(text: &str) -> Result<Pattern, regex::Error> {
        Ok(Pattern::Profile(regex::Regex::new(text)?))
    }

    /// Returns the first match with its groups.
    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        match self {
            Pattern::Lexicon(expression) => expression.regex_for(text)?.captures(text).map(Match::Lexicon),
            Pattern::Profile(regex) => regex.captures(text).map(Match::Profile),
        }
    }
}

impl Expression {
    /// An expression of the lexicon, all of which a test compiles.
    pub(crate) const fn new(text: &'static str, looks: fn(&str) -> bool) -> Expression {
        Expression { text, looks, compiled: OnceLock::new() }
    }

    /// Returns the byte range of the first match.
    pub(crate) fn find(&self, text: &str) -> Option<Range<usize>> {
        self.regex_for(text)?.find(text).map(|m| m.range())
    }

    fn regex_for(&self, text: &str) -> Option<&regex_lite::Regex> {
        (self.looks)(text).then(|| self.regex())?
    }

    fn regex(&self) -> Option<&regex_lite::Regex> {
        self.compiled.get_or_init(|| regex_lite::Regex::new(self.text).ok()).as_ref()
    }

    /// Tells whether it is a regular expression, and of the texts those that it matches look as they should.
    #[cfg(test)]
    pub(crate) fn is_sound(&self, texts: &[&str]) -> bool {
        self.regex().is_some_and(|r| texts.iter().all(|t| !r.is_match(t) || (self.looks)(t)))
    }
}

impl Match<'_> {
    /// Returns where the whole match ends.
    pub(crate) fn end(&self) -> usize {
        match self {
            Match::Lexicon(found) => found.get(0).map_or(0, |m| m.end()),
            Match::Profile(found) => found.get(0).map_or(0, |m| m.end()),
        }
    }

    /// Returns where the group of that name matched.
    pub(crate) fn group(&self, name: &str) -> Option<Range<usize>> {
        match self {
            Match::Lexicon(found) => found.name(name).map(|m| m.range()),
            Match::Profile(found) => found.name(name).map(|m| m.range()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &Pattern, text: &str, end: Option<usize>, group: Option<Range<usize>>) {
        let found = pattern.captures(text);
        assert_eq!(found.as_ref().map(Match::end), end, "{pattern:?} in {text}");
        assert_eq!(found.and_then(|m| m.group("n")), group, "{pattern:?} in {text}");
    }

    #[test]
    fn each_kind_finds_its_match() -> Result<(), regex::Error> {
        let lexicon = |t| Pattern::Lexicon(Expression::new(t, |t| t.starts_with('達')));
        check(&lexicon("達成(?P<n>済)?"), "達成、達成済", Some(6), None);
        check(&lexicon("達成(?P<n>済)?"), "達成済", Some(9), Some(6..9));
        check(&lexicon("達成(?P<n>済)?"), "未達成", None, None);
        check(&lexicon("("), "達(", None, None);
        check(&Pattern::checked("^(?P<n>\\p{Han}+)")?, "達成1", Some(6), Some(0..6));
        Ok(())
    }
}
