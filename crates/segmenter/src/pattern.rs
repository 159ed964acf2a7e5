//! Patterns: the regular expressions of the lexicon and of profiles, compiled the first time a text is held against them.
//!
//! Compiling all sixty of the lexicon takes longer than reading a short document; most documents ask for less than half of them.

use regex::{Captures, Regex};
use std::ops::Range;
use std::sync::OnceLock;

/// A regular expression on narrowed text.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    text: String,
    /// `None` where the text is no regular expression: such a pattern matches nothing.
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// A pattern of the built-in lexicon, all of which a test compiles.
    pub(crate) fn lazy(text: String) -> Pattern {
        Pattern { text, compiled: OnceLock::new() }
    }

    /// A pattern of a profile, whose author is told at once what is wrong with it.
    pub(crate) fn checked(text: &str) -> Result<Pattern, regex::Error> {
        let compiled = Regex::new(text)?;
        Ok(Pattern { text: text.to_owned(), compiled: OnceLock::from(Some(compiled)) })
    }

    /// A pattern for these very words.
    pub(crate) fn of_words(words: &str) -> Pattern {
        Pattern::lazy(format!("^{}$", regex::escape(words)))
    }

    fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.text).ok()).as_ref()
    }

    /// Tells whether it matches anywhere in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|r| r.is_match(text))
    }

    /// Returns the byte ranges of its matches, from the left, none overlapping another.
    pub(crate) fn find_iter<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.regex().into_iter().flat_map(move |r| r.find_iter(text)).map(|m| m.range())
    }

    /// Returns the first match with its groups.
    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex()?.captures(text)
    }

    /// Tells whether it is a regular expression at all.
    #[cfg(test)]
    pub(crate) fn is_sound(&self) -> bool {
        self.regex().is_some()
    }
}
