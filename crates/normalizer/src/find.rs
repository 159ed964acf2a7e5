//! Anchored parsers read what stands at each hit. A hit that is none costs no allocation.

use crate::atom::{Atom, What};
use crate::cursor::{Cursor, char_before, joint_start, one_of, spread_before};
use crate::era::ERAS;
use crate::hits::{Hit, Kind, next_hit};

/// How far back the token of a digit is searched for `://` or `@`.
const MAX_TOKEN: usize = 256;

/// Bytes of letter-spaced digits that are looked at as one number: ten digits.
const MAX_SPACED: usize = 20;

/// Collects atoms from left to right.
pub(crate) struct Finder<'s> {
    pub(crate) scan: &'s str,
    pub(crate) atoms: Vec<Atom>,
    arrows: Vec<usize>,
    offices: Vec<usize>,
    /// The end of the last atom: nothing may reach back beyond it.
    pub(crate) floor: usize,
    /// The end of the last number that was looked at: nothing is read from its middle.
    pub(crate) looked: usize,
}

/// What a scan view holds.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Values, in the order of their starts.
    pub(crate) atoms: Vec<Atom>,
    /// Where arrows stand.
    pub(crate) arrows: Vec<usize>,
    /// Where 部, 庁 and 局 stand outside of values.
    pub(crate) offices: Vec<usize>,
}

impl Found {
    /// Whether nothing was found that the later steps could make a value of.
    pub(crate) fn is_empty(&self) -> bool {
        self.atoms.is_empty() && self.offices.is_empty()
    }

    fn clear(&mut self) {
        self.atoms.clear();
        self.arrows.clear();
        self.offices.clear();
    }
}

/// Finds the atoms and arrows of a scan view, in the memory of what was found before.
pub(crate) fn find(scan: &str, mut memory: Found) -> Found {
    memory.clear();
    let Found { atoms, arrows, offices } = memory;
    let mut finder = Finder { scan, atoms, arrows, offices, floor: 0, looked: 0 };
    let mut at = 0;
    while let Some(hit) = next_hit(scan, at) {
        let read = finder.read(hit);
        at = read.map_or(hit.end.max(finder.looked), |end| end.max(hit.start + 1));
        while !scan.is_char_boundary(at) {
            at += 1;
        }
    }
    Found { atoms: finder.atoms, arrows: finder.arrows, offices: finder.offices }
}

impl Finder<'_> {
    /// Reads what stands at a hit and returns where reading goes on.
    fn read(&mut self, hit: Hit) -> Option<usize> {
        match hit.kind {
            Kind::Digits => self.digits(hit.start, hit.end),
            Kind::Kanji => self.kanji(hit.start, hit.end),
            Kind::Gannen => self.gannen(hit.start),
            Kind::Word => self.word(hit.start, hit.end),
            Kind::Arrow => {
                self.arrows.push(hit.start);
                None
            }
            Kind::Office => {
                self.offices.push(hit.start);
                None
            }
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
        if let Some(end) = self.masked(start, end).or_else(|| letter_spaced_end(self.scan, start, end)) {
            return Some(end);
        }
        let left = char_before(self.scan, start);
        if let Some(from) = self.era_start(start) {
            return self.year_at(from);
        }
        match left {
            Some((l, _)) if l.is_ascii_alphanumeric() => return None,
            // 別紙-4, 様式－２ are names.
            Some(('-', at)) if self.scan.get(..at).is_some_and(names_a_paper) => {
                return None;
            }
            // .77 is a fraction without its zero; after a letter the point ends a sentence.
            Some(('.', at)) if char_before(self.scan, at).is_none_or(|(p, _)| p.is_whitespace() || p == '(') => return None,
            Some(('.' | '-' | '/' | '_', at)) if char_before(self.scan, at).is_some_and(|(p, _)| p.is_ascii_alphanumeric()) => return None,
            _ => {}
        }
        if left.is_some_and(|(l, _)| l == '第' || is_blank(l))
            && let Some(('第', from)) = self.before(start)
        {
            return self.ordinal(from, start);
        }
        let length = end - start;
        let dated = (length == 4 || length <= 2) && Cursor::new(self.scan, end).peek_over_joint().is_some_and(may_follow_a_date);
        let date = if dated { self.year_at(start) } else { None };
        let date = date.or_else(|| if dated && length <= 2 { self.bare_month(start, false) } else { None });
        date.or_else(|| self.quantity(start))
    }

    fn gannen(&mut self, start: usize) -> Option<usize> {
        if let Some(from) = self.era_start(start) {
            return self.year_at(from);
        }
        let kanji_before = char_before(self.scan, start).is_some_and(|(l, _)| crate::cursor::is_kanji(l));
        if kanji_before { None } else { self.year_at(start) }
    }

    fn kanji(&mut self, start: usize, end: usize) -> Option<usize> {
        if let Some(from) = self.era_start(start) {
            return self.year_at(from);
        }
        if let Some(('第', from)) = self.before(start) {
            return self.ordinal(from, start);
        }
        let is_month = self.scan.get(end..).is_some_and(|s| s.starts_with('月'));
        let date = if is_month { self.bare_month(start, true) } else { None };
        // 二〇二一年.
        let four_signs = end - start >= "二〇二一".len();
        let date = date.or_else(|| if four_signs { self.year_at(start) } else { None });
        date.or_else(|| self.quantity(start))
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
                // 説明⏎1. 13 is no date of Meiji: the sign stands right before its number.
                '令' | '平' | '昭' | '大' | '明' if end == at => {
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
        if let Some(n) = postal_end(rest) {
            return Some(start + n);
        }
        if near == '〒' || is_blank(near) && self.before(start).is_some_and(|(l, _)| l == '〒') {
            let n = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'-').count();
            return Some(start + n);
        }
        let glued = near.is_ascii_alphanumeric() || one_of(near, "/.-_=&?#%@:+") && near.is_ascii();
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

/// Whether a sign may stand after the number of a year or a month: their units, and the marks of lists, ranges and dotted dates.
fn may_follow_a_date(c: char) -> bool {
    matches!(c, '年' | '月' | '会' | '(' | '~' | '-' | 'ー' | '、' | ',' | '・' | '，' | '及' | '並' | 'と' | '･' | '.' | '/')
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n')
}

/// Whether a word ends here after which a number with a hyphen is a name.
fn names_a_paper(head: &str) -> bool {
    ["別紙", "様式", "別表", "別添", "資料"].iter().any(|w| head.ends_with(w))
}

/// The end of digits that are set apart letter by letter, `1 2 月`: none of them is a number of its own.
fn letter_spaced_end(scan: &str, start: usize, end: usize) -> Option<usize> {
    let bytes = scan.as_bytes();
    if end - start > 1 || bytes.get(end) != Some(&b' ') {
        return None;
    }
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = end;
    while at - end < MAX_SPACED && bytes.get(at) == Some(&b' ') && is_digit(at + 1) && !is_digit(at + 2) {
        at += 2;
    }
    // The text around them is set in the same way: a sign between blanks follows.
    let mut after = scan.get(at..)?.strip_prefix(' ')?.chars();
    let sign = after.next().is_some_and(|l| !l.is_ascii());
    (at > end && sign && after.next().is_none_or(char::is_whitespace)).then_some(at)
}

/// The length of a postal code without its sign: 514-8570 before a blank or the end, or with a second part that no number would have (100-0001).
fn postal_end(rest: &str) -> Option<usize> {
    if rest.as_bytes().get(3) != Some(&b'-') {
        return None;
    }
    let digits = |range: std::ops::Range<usize>| rest.as_bytes().get(range).is_some_and(|b| b.iter().all(u8::is_ascii_digit));
    let shaped = digits(0..3) && digits(4..8);
    let after = rest.get(8..).unwrap_or_default().chars().next();
    let apart = after.is_none_or(char::is_whitespace) || rest.as_bytes().get(4) == Some(&b'0');
    (shaped && apart && !after.is_some_and(|l| l.is_ascii_digit() || matches!(l, ',' | '.'))).then_some(8)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks() {
        for text in
            ["059-224-2231人", "〒514-8570円", "110-0013 台", "722-0024尾", "https://x.jp/2019/06/01件", "a2019@b.jp", "0120-123-456件"]
        {
            assert!(find(text, Found::default()).atoms.is_empty(), "{text}: {:?}", find(text, Found::default()));
        }
    }
}
