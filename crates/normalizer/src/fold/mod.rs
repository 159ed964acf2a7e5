//! Three views of a text: the source, the display view for people, the scan view for the parser, and the way back from the last to the first.
//!
//! *Invariant:* no view runs NFKC. It would turn ① into 1, ㈱ into (株), … into three dots and 10³ into 103, leave ～ and 〜 apart, and miss 113 of the
//! 115 CJK radicals; everything a view changes is named in `chars.rs`.

mod chars;

use chars::{Change, NOTABLE, compose_kana, superscript_digit, to_display, to_scan};
use std::borrow::Cow;
use std::ops::Range;

/// One folded piece: where it ends in both views, and how long it was in each. Between pieces the two views run in step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    scan_end: usize,
    src_end: usize,
    scan_len: usize,
    src_len: usize,
}

/// A text with its scan view: one spelling for every width of digit, space, range mark, dash, arrow and bracket.
///
/// ```
/// let folded = jisseki_normalizer::fold("平成２８年度（～３月）");
/// assert_eq!(folded.scan(), "平成28年度(~3月)");
/// // A span of the scan view leads back to the source, never into the middle of a folded piece.
/// assert_eq!(&folded.source()[folded.source_span(6..8)], "２８");
/// ```
#[derive(Debug, Clone)]
pub struct Folded<'a> {
    source: &'a str,
    scan: String,
    steps: Vec<Step>,
}

impl<'a> Folded<'a> {
    /// The text as it was given.
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// The scan view.
    pub fn scan(&self) -> &str {
        &self.scan
    }

    /// Returns the bytes of the source that a byte range of the scan view was read from.
    ///
    /// The start is rounded down and the end up, so a folded piece (ｶﾞ, ㍻) is never split. A range beyond the view is cut at its end.
    pub fn source_span(&self, scan: Range<usize>) -> Range<usize> {
        let start = self.source_start(scan.start);
        let end = if scan.end <= scan.start { start } else { self.source_end(scan.end) };
        start..end.max(start)
    }

    /// Looks spans up whose starts never go back: in step with the text instead of by search.
    pub(crate) fn walk(&self) -> Walk<'_> {
        Walk { steps: &self.steps, source_len: self.source.len(), passed: 0 }
    }

    fn source_start(&self, at: usize) -> usize {
        let n = self.steps.partition_point(|s| s.scan_end <= at);
        start_at(&self.steps, n, at).min(self.source.len())
    }

    fn source_end(&self, at: usize) -> usize {
        let n = self.steps.partition_point(|s| s.scan_end < at);
        end_at(&self.steps, n, at).min(self.source.len())
    }
}

/// A look-up of spans in the order of their starts.
pub(crate) struct Walk<'a> {
    steps: &'a [Step],
    source_len: usize,
    /// Pieces that end at or before the last start.
    passed: usize,
}

impl Walk<'_> {
    /// As [`Folded::source_span`]; no start may lie before the one asked for last.
    pub(crate) fn source_span(&mut self, scan: Range<usize>) -> Range<usize> {
        while self.steps.get(self.passed).is_some_and(|s| s.scan_end <= scan.start) {
            self.passed += 1;
        }
        let start = start_at(self.steps, self.passed, scan.start).min(self.source_len);
        let mut n = self.passed;
        while self.steps.get(n).is_some_and(|s| s.scan_end < scan.end) {
            n += 1;
        }
        // The piece that ends where the span starts is passed, but an empty one there is not.
        let end = end_at(self.steps, n, scan.end).min(self.source_len);
        start..end.max(start)
    }
}

/// The source position of a start, `n` pieces ending at or before it: the front of a piece that it lies in.
fn start_at(steps: &[Step], n: usize, at: usize) -> usize {
    match steps.get(n) {
        Some(next) if at > next.scan_end - next.scan_len => next.src_end - next.src_len,
        _ => run_position(steps, n, at),
    }
}

/// The source position of an end, `n` pieces ending before it: the back of a piece that it lies in.
fn end_at(steps: &[Step], n: usize, at: usize) -> usize {
    match steps.get(n) {
        Some(next) if next.scan_len > 0 && at > next.scan_end - next.scan_len => next.src_end,
        _ => run_position(steps, n, at),
    }
}

/// The source position of a scan position in the run after the first `n` pieces.
fn run_position(steps: &[Step], n: usize, at: usize) -> usize {
    let (scan, src) = n.checked_sub(1).and_then(|i| steps.get(i)).map_or((0, 0), |s| (s.scan_end, s.src_end));
    src + at.saturating_sub(scan)
}

/// Returns the scan view of a text, with the way back to the source.
pub fn fold(src: &str) -> Folded<'_> {
    let mut builder =
        Builder { src, out: String::with_capacity(src.len() + 16), steps: Vec::with_capacity(src.len() / 24), scan_view: true };
    builder.run();
    Folded { source: src, scan: builder.out, steps: builder.steps }
}

/// Returns the display view of a text: for people, for `norm`, for the fields of records.
///
/// Widths of ASCII letters and digits, half-width kana, radicals, decomposed kana and ligatures are set right; ①, Ⅲ, ㈱, ㎡, 髙, 﨑, ～, full-width
/// brackets, U+3000 and variation sequences stay what they are. Borrowed where nothing changes.
///
/// ```
/// use jisseki_normalizer::display;
/// assert_eq!(display("⾏財政改⾰ １ ① ㈱ﾊﾞﾝｸ"), "行財政改革 1 ① ㈱バンク");
/// assert!(matches!(display("令和元年度"), std::borrow::Cow::Borrowed(_)));
/// ```
pub fn display(src: &str) -> Cow<'_, str> {
    if next_notable(src, 0, &NOTABLE) == src.len() {
        return Cow::Borrowed(src);
    }
    let mut builder = Builder { src, out: String::with_capacity(src.len() + 16), steps: Vec::new(), scan_view: false };
    builder.run();
    if builder.out == src { Cow::Borrowed(src) } else { Cow::Owned(builder.out) }
}

struct Builder<'a> {
    src: &'a str,
    out: String,
    steps: Vec<Step>,
    scan_view: bool,
}

impl Builder<'_> {
    fn run(&mut self) {
        let (mut at, notable) = (0, &*NOTABLE);
        while at < self.src.len() {
            let next = next_notable(self.src, at, notable);
            self.out.push_str(self.src.get(at..next).unwrap_or_default());
            at = self.fold_one(next);
        }
    }

    /// Folds the character at `at` and returns where the next one starts.
    fn fold_one(&mut self, at: usize) -> usize {
        let mut rest = self.src.get(at..).unwrap_or_default().chars();
        let Some(c) = rest.next() else { return self.src.len() };
        let mut end = at + c.len_utf8();
        if c == '\r' && rest.next() == Some('\n') {
            end += 1;
        }
        if let Some(whole) = self.out.chars().next_back().and_then(|base| compose_kana(base, c)) {
            self.compose(whole, end);
            return end;
        }
        let from = self.out.len();
        match self.change(c) {
            Change::Keep => self.out.push(c),
            Change::One(d) => self.out.push(d),
            Change::Many(s) => self.out.push_str(s),
            Change::Drop => {}
        }
        self.note(from, end, end - at);
        end
    }

    fn change(&self, c: char) -> Change {
        let shown = to_display(c);
        if !self.scan_view {
            return shown;
        }
        match shown {
            Change::One(d) => match to_scan(d) {
                Change::Keep => shown,
                other => other,
            },
            Change::Keep => match superscript_digit(c) {
                Some(d) if self.out.ends_with(|p: char| p.is_ascii_alphabetic()) => Change::One(d),
                _ => to_scan(c),
            },
            _ => shown,
        }
    }

    /// Replaces the last character of the view by `whole`, which also takes in the mark that ends at `end`.
    fn compose(&mut self, whole: char, end: usize) {
        let Some(base) = self.out.pop() else { return };
        let base_scan_end = self.out.len() + base.len_utf8();
        // The base may itself be a folded piece (ｶ): then the new piece starts where that one does.
        let src_start = match self.steps.pop_if(|s| s.scan_end == base_scan_end && s.scan_len == base.len_utf8()) {
            Some(step) => step.src_end - step.src_len,
            None => {
                let mark = self.src.get(..end).and_then(|s| s.chars().next_back()).map_or(0, char::len_utf8);
                end - mark - base.len_utf8()
            }
        };
        let from = self.out.len();
        self.out.push(whole);
        let _ = base;
        self.note(from, end, end - src_start);
    }

    fn note(&mut self, from: usize, src_end: usize, src_len: usize) {
        let scan_len = self.out.len() - from;
        // A piece of several characters is one even where its length stays (ﬃ).
        let several = self.out.get(from..).is_some_and(|piece| piece.chars().nth(1).is_some());
        if self.scan_view && (scan_len != src_len || several) {
            self.steps.push(Step { scan_end: self.out.len(), src_end, scan_len, src_len });
        }
    }
}

/// Returns where the first character at or after `at` begins that a view may change, or the end.
fn next_notable(src: &str, at: usize, notable: &[u64]) -> usize {
    let bytes = src.as_bytes();
    let mut i = at;
    while let Some(&b) = bytes.get(i) {
        let width = match b {
            0x00..=0x7F => {
                if b == b'\r' || b == 0x0C {
                    return i;
                }
                i += 1;
                continue;
            }
            0x80..=0xDF => 2,
            0xE0..=0xEF => 3,
            // Beyond the BMP: rare enough to look at each.
            _ => return i,
        };
        let Some(tail) = bytes.get(i + 1..i + width) else { return bytes.len() };
        let lead = u32::from(b) & if width == 2 { 0x1F } else { 0x0F };
        let code = tail.iter().fold(lead, |code, &t| (code << 6) | (u32::from(t) & 0x3F)) as usize;
        if notable.get(code / 64).is_some_and(|word| word & (1 << (code % 64)) != 0) {
            return i;
        }
        i += width;
    }
    bytes.len()
}

#[cfg(test)]
mod tests;
