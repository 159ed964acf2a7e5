//! Three views of a text: the source, the display view for people, the scan view for the parser, and the way back from the last to the first.
//!
//! *Invariant:* no view runs NFKC. It would turn ① into 1, ㈱ into (株), … into three dots and 10³ into 103, leave ～ and 〜 apart, and miss 113 of the
//! 115 CJK radicals; everything a view changes is named in `chars.rs`.

mod chars;

use chars::{Change, NOTABLE, NOTABLE_OR_BLANK, compose_kana, is_voicing_mark, superscript_digit, to_display, to_scan};
use smol_str::SmolStr;
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
    /// Nothing where the scan view is the source itself.
    scan: Option<String>,
    steps: Vec<Step>,
}

impl<'a> Folded<'a> {
    /// The text as it was given.
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// The scan view.
    pub fn scan(&self) -> &str {
        self.scan.as_deref().unwrap_or(self.source)
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
    fold_into(src, &mut Buffers::default())
}

/// Memory of views that are no longer needed.
#[derive(Default)]
pub(crate) struct Buffers {
    scan: String,
    steps: Vec<Step>,
}

impl Buffers {
    /// Takes the memory of a view back.
    pub(crate) fn reclaim(&mut self, folded: Folded<'_>) {
        self.steps = folded.steps;
        if let Some(scan) = folded.scan {
            self.scan = scan;
        }
    }
}

/// As [`fold`], in memory that has been used before.
pub(crate) fn fold_into<'a>(src: &'a str, buffers: &mut Buffers) -> Folded<'a> {
    let mut steps = std::mem::take(&mut buffers.steps);
    steps.clear();
    let first = next_notable(src, 0);
    if first == src.len() {
        return Folded { source: src, scan: None, steps };
    }
    let mut out = std::mem::take(&mut buffers.scan);
    out.clear();
    out.reserve(src.len() + 16);
    let mut builder = Builder { src, out, steps, scan_view: true };
    builder.run(first);
    Folded { source: src, scan: Some(builder.out), steps: builder.steps }
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
    let first = next_notable(src, 0);
    if first == src.len() {
        return Cow::Borrowed(src);
    }
    let mut builder = Builder { src, out: String::with_capacity(src.len() + 16), steps: Vec::new(), scan_view: false };
    builder.run(first);
    if builder.out == src { Cow::Borrowed(src) } else { Cow::Owned(builder.out) }
}

/// The display view of a mention's slice with its joints closed, and what stood in them.
pub(crate) struct Norm {
    pub(crate) text: SmolStr,
    /// A line break.
    pub(crate) wrapped: bool,
    /// A blank, the ideographic one too.
    pub(crate) spaced: bool,
}

/// Closes the joints of a mention's slice: blanks go, but for one between two ASCII letters. `scratch` is only a buffer.
pub(crate) fn norm(text: &SmolStr, scratch: &mut String) -> Norm {
    let mut next = NOTABLE_OR_BLANK.next(text, 0);
    if next == text.len() {
        return Norm { text: text.clone(), wrapped: false, spaced: false };
    }
    let (mut wrapped, mut spaced) = (false, false);
    scratch.clear();
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let (mut at, mut blank) = (0, false);
    loop {
        let plain = text.get(at..next).unwrap_or_default();
        if blank && plain.starts_with(is_letter) && scratch.ends_with(is_letter) {
            scratch.push(' ');
        }
        scratch.push_str(plain);
        let Some(c) = text.get(next..).and_then(|s| s.chars().next()) else {
            return Norm { text: SmolStr::new(&*scratch), wrapped, spaced };
        };
        blank = c.is_whitespace();
        wrapped |= c == '\n';
        spaced |= matches!(c, ' ' | '\t' | '\u{3000}');
        match c {
            // Full-width digits are most of what changes.
            '０'..='９' => scratch.push(char::from((c as u32 - '０' as u32) as u8 + b'0')),
            _ if blank => {}
            _ => push_shown(scratch, c),
        }
        at = next + c.len_utf8();
        next = NOTABLE_OR_BLANK.next(text, at);
    }
}

/// Appends the display view of one character, which may voice the kana before it.
fn push_shown(out: &mut String, c: char) {
    if !is_notable(c) {
        return out.push(c);
    }
    if is_voicing_mark(c)
        && let Some(whole) = out.chars().next_back().and_then(|base| compose_kana(base, c))
    {
        out.pop();
        return out.push(whole);
    }
    match to_display(c) {
        Change::Keep => out.push(c),
        Change::One(d) => out.push(d),
        Change::Many(s) => out.push_str(s),
        Change::Drop => {}
    }
}

struct Builder<'a> {
    src: &'a str,
    out: String,
    steps: Vec<Step>,
    scan_view: bool,
}

impl Builder<'_> {
    /// Folds the source, of which the first notable character is known.
    fn run(&mut self, first: usize) {
        let (mut at, mut next) = (0, first);
        while at < self.src.len() {
            self.out.push_str(self.src.get(at..next).unwrap_or_default());
            at = self.fold_one(next);
            next = next_notable(self.src, at);
        }
    }

    /// Folds the character at `at` and returns where the next one starts.
    fn fold_one(&mut self, at: usize) -> usize {
        // Full-width digits are most of what changes.
        if let Some(&[0xBC, low @ 0x90..=0x99]) = self.src.as_bytes().get(at + 1..at + 3)
            && self.src.as_bytes().get(at) == Some(&0xEF)
        {
            self.out.push(char::from(low - 0x90 + b'0'));
            self.note(1, at + 3, 3, false);
            return at + 3;
        }
        let mut rest = self.src.get(at..).unwrap_or_default().chars();
        let Some(c) = rest.next() else { return self.src.len() };
        let mut end = at + c.len_utf8();
        if c == '\r' && rest.next() == Some('\n') {
            end += 1;
        }
        if is_voicing_mark(c)
            && let Some(whole) = self.out.chars().next_back().and_then(|base| compose_kana(base, c))
        {
            self.compose(whole, c, end);
            return end;
        }
        let from = self.out.len();
        let change = self.change(c);
        // A piece of several characters is one even where its length stays (ﬃ).
        let several = matches!(change, Change::Many(_));
        match change {
            Change::Keep => self.out.push(c),
            Change::One(d) => self.out.push(d),
            Change::Many(s) => self.out.push_str(s),
            Change::Drop => {}
        }
        let scan_len = self.out.len() - from;
        self.note(scan_len, end, end - at, several);
        end
    }

    fn change(&self, c: char) -> Change {
        let shown = to_display(c);
        if !self.scan_view {
            return shown;
        }
        match shown {
            Change::One(d) if d.is_ascii_alphanumeric() => shown,
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
    fn compose(&mut self, whole: char, mark: char, end: usize) {
        let Some(base) = self.out.pop() else { return };
        let base_scan_end = self.out.len() + base.len_utf8();
        // The base may itself be a folded piece (ｶ): then the new piece starts where that one does.
        let src_start = match self.steps.pop_if(|s| s.scan_end == base_scan_end && s.scan_len == base.len_utf8()) {
            Some(step) => step.src_end - step.src_len,
            None => end - mark.len_utf8() - base.len_utf8(),
        };
        self.out.push(whole);
        self.note(whole.len_utf8(), end, end - src_start, false);
    }

    /// Keeps a piece of the scan view that ended up with another length than its source, or of `several` characters.
    fn note(&mut self, scan_len: usize, src_end: usize, src_len: usize, several: bool) {
        if self.scan_view && (scan_len != src_len || several) {
            self.steps.push(Step { scan_end: self.out.len(), src_end, scan_len, src_len });
        }
    }
}

/// Whether a view may change `c` or compose it with what stands before it.
fn is_notable(c: char) -> bool {
    NOTABLE.holds(c)
}

/// Returns where the first character at or after `at` begins that a view may change, or the end.
fn next_notable(src: &str, at: usize) -> usize {
    NOTABLE.next(src, at)
}

#[cfg(test)]
mod tests;
