//! One header → the roles it may have.

use crate::lexicon::{ROLES, RoleWords};
use crate::narrow::header_key;
use crate::profile::{Profile, Role};
use crate::words;
use crate::years::{YearToken, header_to_year};
use std::collections::BTreeMap;

/// A header, read.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct HeaderReading {
    /// Score of every role that fits, best first.
    pub(crate) scores: Vec<(Role, f64)>,
    /// Fiscal year in front of it: 令和元年度 取組実績.
    pub(crate) year: Option<YearToken>,
}

impl HeaderReading {
    /// Returns the best role and its score.
    pub(crate) fn best(&self) -> Option<(Role, f64)> {
        self.scores.first().copied()
    }
}

/// Headers that were read: they repeat from page to page.
#[derive(Debug, Default)]
pub(crate) struct Headers {
    read: BTreeMap<String, HeaderReading>,
}

/// Most headers kept before all are forgotten. A report has a few dozen; the cells of other tables go through here too, some of them twice.
const MOST_KEPT: usize = 256;

impl Headers {
    /// Reads a header, as [`text_to_header`].
    pub(crate) fn read(&mut self, text: &str, profile: &Profile) -> HeaderReading {
        if let Some(known) = self.read.get(text) {
            return known.clone();
        }
        let reading = text_to_header(text, profile);
        if self.read.len() >= MOST_KEPT {
            self.read.clear();
        }
        if text.len() <= 4 * LONGEST_HEADER {
            self.read.insert(text.to_string(), reading.clone());
        }
        reading
    }
}

/// Longest header that is looked at, in chars: longer cells are prose. Longest seen: 成果と課題、今後の方向性等 with a note of 30.
pub(crate) const LONGEST_HEADER: usize = 48;

/// Reads a header: white space, a year before and a note in brackets after it don't count; then the lexicon, then near misses.
pub(crate) fn text_to_header(text: &str, profile: &Profile) -> HeaderReading {
    let key = header_key(text);
    if key.is_empty() || key.chars().count() > LONGEST_HEADER {
        return HeaderReading::default();
    }
    let (year, rest) = header_to_year(&key);
    let bare = without_note(rest);
    // An item of a list may hold a header word: □今後の利用見込み等の検討.
    let listed = bare.starts_with(['□', '■', '・', '○', '●', '◎', '◇', '◆', '※']);
    let is = |words: &[&str]| words::is_whole(words, bare) || rest != bare && words::is_whole(words, rest);
    let holds = |words: &[&str]| !listed && words::find(words, bare).is_some();
    // Most cells that are asked are no headers but numbers.
    let wordless = rest.chars().all(|c| c.is_ascii() && !c.is_ascii_alphabetic() && c != '#');
    let score = |words: &RoleWords| match () {
        () if wordless => None,
        () if year.is_some() && is(words.with_year) => Some(1.1),
        () if is(words.exact) => Some(1.0),
        () if holds(words.contains) => Some(0.8),
        () if !listed && words::is_whole(words.weak, bare) => Some(0.6),
        () => None,
    };
    let says = |word: &str| [key.as_str(), rest, bare].contains(&word);
    let said = profile.headers.iter().filter(|(_, word)| says(word)).map(|(role, _)| (*role, 2.0));
    let mut scores: Vec<(Role, f64)> = Vec::new();
    for s in said.chain(ROLES.iter().filter_map(|words| Some((words.role, score(words)?)))) {
        if !scores.iter().any(|(role, _)| *role == s.0) {
            scores.push(s);
        }
    }
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    HeaderReading { scores, year }
}

/// Returns the header without a `(…)` suffix.
fn without_note(key: &str) -> &str {
    match key.find('(') {
        Some(at) if at > 0 && key.ends_with(')') => key.get(..at).unwrap_or(key),
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, role: Role) {
        assert_eq!(text_to_header(text, &Profile::auto()).best().map(|b| b.0), Some(role), "{text}");
    }

    #[test]
    fn header_words_mean_their_roles() {
        check("番　号", Role::Number);
        check("具体的取組", Role::Title);
        check("工程", Role::Plan);
        check("令和元年度 取組実績", Role::Results);
        check("平成30年度の取り組み状況", Role::Results);
        check("取組\n達成度", Role::Achievement);
        check("取組状況", Role::Status);
        check("担　当　課", Role::Departments);
        check("成果と課題、今後の方向性等", Role::Outlook);
        check("Ｒ３年度当初予算額（千円）", Role::Amount);
        check("主管課", Role::Departments);
        check("事業名", Role::Title);
        check("所管課（室）", Role::Departments);
        assert_eq!(text_to_header("款項目", &Profile::auto()).best(), None);
        assert_eq!(text_to_header("□今後の利用見込み等の検討", &Profile::auto()).best(), None);
    }

    #[test]
    fn a_profile_beats_the_lexicon() {
        let p = Profile::from_toml("[headers]\nresults = [\"今年度やったこと\"]\nstatus = [\"課題\"]").unwrap_or_else(|_| Profile::auto());
        assert_eq!(text_to_header("今年度やったこと", &p).best(), Some((Role::Results, 2.0)));
        assert_eq!(text_to_header("課　題", &p).best().map(|b| b.0), Some(Role::Status));
    }
}
