//! One regular expression finds where something may stand; anchored parsers read it. A hit that is none costs no allocation.

use crate::atom::{Atom, What};
use crate::cursor::{char_before, joint_start, spread_before};
use crate::era::ERAS;
use regex::Regex;
use std::sync::LazyLock;

/// Where a value may stand: a run of digits or kanji numerals, 元, and the words that mean something without a number.
///
/// `[0-9]` and never `\d`, which takes digits of every script. What stands around a hit (an era before it, a unit after it) is the parsers' affair.
#[allow(clippy::expect_used)] // A constant pattern; the test `the_pattern_is_valid` builds it.
static HITS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"[0-9]+|⇒|元|[〇一二三四五六七八九十百千万億兆数]+",
        r"|年[ \t]*(?:\n[ \t]*)?度|通年|[上下](?:半期|期)|[翌同前昨今本来]年",
        r"|半[年数減]|倍増|[微皆][増減]|横ばい|増減なし|単位|未満[切四]",
    ))
    .expect("the pattern is valid")
});

/// How far back the token of a digit is searched for `://` or `@`.
const MAX_TOKEN: usize = 256;

/// Collects atoms from left to right.
pub(crate) struct Finder<'s> {
    pub(crate) scan: &'s str,
    pub(crate) atoms: Vec<Atom>,
    arrows: Vec<usize>,
    /// The end of the last atom: nothing may reach back beyond it.
    pub(crate) floor: usize,
}

/// What a scan view holds.
#[derive(Debug)]
pub(crate) struct Found {
    /// Values, in the order of their starts.
    pub(crate) atoms: Vec<Atom>,
    /// Where arrows stand.
    pub(crate) arrows: Vec<usize>,
}

/// Finds the atoms and arrows of a scan view.
pub(crate) fn find(scan: &str) -> Found {
    let mut finder = Finder { scan, atoms: Vec::with_capacity(scan.len() / 80), arrows: Vec::new(), floor: 0 };
    let mut at = 0;
    while let Some(hit) = HITS.find_at(scan, at) {
        let read = finder.read(hit.start(), hit.end());
        at = read.map_or(hit.end(), |end| end.max(hit.start() + 1));
        while !scan.is_char_boundary(at) {
            at += 1;
        }
    }
    Found { atoms: finder.atoms, arrows: finder.arrows }
}

impl Finder<'_> {
    /// Reads what stands at a hit and returns where reading goes on.
    fn read(&mut self, start: usize, end: usize) -> Option<usize> {
        let first = self.scan.get(start..)?.chars().next()?;
        match first {
            '0'..='9' => self.digits(start, end),
            '⇒' => {
                self.arrows.push(start);
                None
            }
            '元' => self.gannen(start),
            _ if is_kanji_numeral(first) => self.kanji(start),
            _ => self.word(start, end),
        }
    }

    /// Keeps an atom and returns its end.
    pub(crate) fn push(&mut self, atom: Atom) -> usize {
        self.floor = atom.end;
        let end = atom.end;
        self.atoms.push(atom);
        end
    }

    pub(crate) fn push_what(&mut self, start: usize, end: usize, what: What) -> usize {
        self.push(Atom::new(start, end, what))
    }

    /// The character before the joint that ends at `at`, with its place, if nothing has been read there yet.
    pub(crate) fn before(&self, at: usize) -> Option<(char, usize)> {
        let found = char_before(self.scan, joint_start(self.scan, at))?;
        (found.1 >= self.floor).then_some(found)
    }

    fn digits(&mut self, start: usize, end: usize) -> Option<usize> {
        if let Some(end) = self.masked(start, end) {
            return Some(end);
        }
        let left = char_before(self.scan, start);
        if let Some(from) = self.era_start(start) {
            return self.year_at(from);
        }
        match left {
            Some((l, _)) if l.is_ascii_alphanumeric() => return None,
            Some(('.' | '-' | '/' | '_', at)) if char_before(self.scan, at).is_some_and(|(p, _)| p.is_ascii_alphanumeric()) => return None,
            _ => {}
        }
        if let Some(('第', from)) = self.before(start) {
            return self.ordinal(from, start);
        }
        let length = end - start;
        if (length == 4 || length <= 2)
            && let Some(end) = self.year_at(start)
        {
            return Some(end);
        }
        if length <= 2
            && let Some(end) = self.bare_month(start, false)
        {
            return Some(end);
        }
        self.quantity(start)
    }

    fn gannen(&mut self, start: usize) -> Option<usize> {
        if let Some(from) = self.era_start(start) {
            return self.year_at(from);
        }
        let kanji_before = char_before(self.scan, start).is_some_and(|(l, _)| crate::cursor::is_kanji(l));
        if kanji_before { None } else { self.year_at(start) }
    }

    fn kanji(&mut self, start: usize) -> Option<usize> {
        if let Some(from) = self.era_start(start) {
            return self.year_at(from);
        }
        if let Some(('第', from)) = self.before(start) {
            return self.ordinal(from, start);
        }
        if let Some(end) = self.bare_month(start, true) {
            return Some(end);
        }
        self.quantity(start)
    }

    /// Where the era of the year that begins at `at` begins: 平成, 平 or H before it.
    fn era_start(&self, at: usize) -> Option<usize> {
        let (near, near_at) = char_before(self.scan, at)?;
        let from = if near.is_ascii_alphabetic() {
            let free = char_before(self.scan, near_at).is_none_or(|(l, _)| !l.is_ascii_alphanumeric());
            (free && ERAS.iter().any(|e| e.letter == near)).then_some(near_at)?
        } else {
            let end = joint_start(self.scan, at);
            let (last, last_at) = char_before(self.scan, end)?;
            match last {
                '和' | '成' | '正' | '治' => ERAS.iter().find_map(|e| spread_before(self.scan, end, e.word))?,
                '令' | '平' | '昭' | '大' | '明' => {
                    let alone = char_before(self.scan, last_at).is_none_or(|(l, _)| !crate::cursor::is_kanji(l));
                    alone.then_some(last_at)?
                }
                _ => return None,
            }
        };
        (from >= self.floor).then_some(from)
    }

    /// The end of a telephone number, postal code, URL or e-mail address that the digits at `start` belong to.
    fn masked(&self, start: usize, end: usize) -> Option<usize> {
        let rest = self.scan.get(start..)?;
        let (near, _) = char_before(self.scan, start).unwrap_or((' ', 0));
        if rest.starts_with('0') && matches!(rest.as_bytes().get(end - start), Some(b'-' | b'(')) {
            return phone_end(rest).map(|n| start + n);
        }
        if near == '〒' || self.before(start).is_some_and(|(l, _)| l == '〒') {
            let n = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'-').count();
            return Some(start + n);
        }
        let glued = near.is_ascii_alphanumeric() || "/.-_=&?#%@:+".contains(near) && near.is_ascii();
        if !glued {
            return None;
        }
        let head = self.scan.as_bytes().get(start.saturating_sub(MAX_TOKEN)..start)?;
        let token = head.iter().rev().take_while(|b| b.is_ascii_graphic()).count();
        let token = self.scan.get(start - token..start)?;
        (token.contains("://") || token.contains('@') || token.starts_with("www."))
            .then(|| start + rest.bytes().take_while(u8::is_ascii_graphic).count())
    }
}

/// The length of a telephone number: `0` and one to four digits, then two more groups, parted by hyphens or a bracket.
fn phone_end(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let run = |from: usize| bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    let first = run(0);
    let second = run(first + 1);
    let third_at = first + 1 + second + 1;
    let third = run(third_at);
    let marks = matches!(bytes.get(third_at - 1), Some(b'-' | b')'));
    (marks && (2..=5).contains(&first) && (1..=4).contains(&second) && (3..=4).contains(&third)).then_some(third_at + third)
}

pub(crate) fn is_kanji_numeral(c: char) -> bool {
    "〇一二三四五六七八九十百千万億兆数".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_is_valid() {
        assert!(HITS.is_match("7"));
    }

    #[test]
    fn masks() {
        for text in ["059-224-2231人", "〒514-8570円", "https://x.jp/2019/06/01件", "a2019@b.jp", "0120-123-456件"] {
            assert!(find(text).atoms.is_empty(), "{text}: {:?}", find(text));
        }
    }
}
