//! Character-level difference of two Japanese texts.
//!
//! A token is one character, but a written number or a Latin word is one token: `98,410` becomes `132,726` as a whole, and never by its digits.

use crate::fold;
use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::ops::Range;

/// One token: its characters in the text and the key it is compared by.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// Code points of the text.
    pub span: Range<usize>,
    /// Its [`fold::style`].
    pub key: String,
    /// What it is.
    pub kind: TokenKind,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A number in digits.
    Number,
    /// A run of kanji numerals: a number only where a mention says so.
    Kanji,
    /// A Latin word.
    Word,
    /// Any other character.
    Char,
}

/// What became of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum SegmentOp {
    Equal,
    Delete,
    Insert,
}

/// A piece of text and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Segment {
    pub op: SegmentOp,
    pub text: String,
}

/// Beyond this many token pairs the differing middle is shown as replaced whole: the differ's worst case is their product. A guess; real paragraphs stay
/// below 10⁶.
const MAX_PAIRS: usize = 16_000_000;

/// Returns the tokens of a text; blanks belong to none.
pub fn text_to_tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let narrow: Vec<char> = chars.iter().map(|c| narrow_one(*c)).collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = narrow.get(at) {
        let rest = narrow.get(at..).unwrap_or_default();
        let (kind, len) = token_at(c, rest);
        let span = at..at + len;
        let key = fold::style(&chars.get(span.clone()).unwrap_or_default().iter().collect::<String>());
        at += len;
        if !key.is_empty() {
            tokens.push(Token { span, key, kind });
        }
    }
    tokens
}

fn token_at(c: char, rest: &[char]) -> (TokenKind, usize) {
    let run = |test: fn(&char) -> bool| rest.iter().take_while(|c| test(c)).count();
    if c.is_ascii_digit() {
        (TokenKind::Number, fold::number_len(rest).max(1))
    } else if c.is_ascii_alphabetic() {
        (TokenKind::Word, run(char::is_ascii_alphabetic))
    } else if fold::kanji_digit(c).is_some() {
        (TokenKind::Kanji, run(|c| fold::kanji_digit(*c).is_some()))
    } else {
        (TokenKind::Char, 1)
    }
}

fn narrow_one(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// Returns the difference of two token lists, by the keys that `key` gives.
pub fn tokens_diff<K: Eq + std::hash::Hash + Ord>(old: &[K], new: &[K]) -> Vec<DiffOp> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail_limit = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(tail_limit).take_while(|(a, b)| a == b).count();
    let (n, m) = (old.len() - head - tail, new.len() - head - tail);
    if n.saturating_mul(m) <= MAX_PAIRS {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let equal = |old_index, new_index, len| DiffOp::Equal { old_index, new_index, len };
    let middle = DiffOp::Replace { old_index: head, old_len: n, new_index: head, new_len: m };
    [equal(0, 0, head), middle, equal(head + n, head + m, tail)]
        .into_iter()
        .filter(|op| !op.old_range().is_empty() || !op.new_range().is_empty())
        .collect()
}

/// Returns the pieces that turn `old` into `new`, whole texts included: the equal and deleted ones spell `old` but for blanks, the equal and inserted ones `new`.
pub fn texts_to_segments(old: &str, new: &str) -> Vec<Segment> {
    let (a, b) = (text_to_tokens(old), text_to_tokens(new));
    let (ka, kb) = (keys(&a), keys(&b));
    let ops = calm(tokens_diff(&ka, &kb));
    let (old_chars, new_chars): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let mut segments: Vec<Segment> = Vec::new();
    for op in ops {
        match op {
            DiffOp::Equal { .. } => push(&mut segments, SegmentOp::Equal, piece(&new_chars, &b, op.new_range())),
            _ => {
                push(&mut segments, SegmentOp::Delete, piece(&old_chars, &a, op.old_range()));
                push(&mut segments, SegmentOp::Insert, piece(&new_chars, &b, op.new_range()));
            }
        }
    }
    segments
}

fn keys(tokens: &[Token]) -> Vec<&str> {
    tokens.iter().map(|t| t.key.as_str()).collect()
}

/// Returns the text of a range of tokens, with the blanks that follow each.
fn piece(chars: &[char], tokens: &[Token], range: Range<usize>) -> String {
    let (Some(first), end) = (tokens.get(range.start), tokens.get(range.end).map_or(chars.len(), |t| t.span.start)) else {
        return String::new();
    };
    let start = if range.start == 0 { 0 } else { first.span.start };
    if range.is_empty() { String::new() } else { chars.get(start..end).unwrap_or_default().iter().collect() }
}

fn push(segments: &mut Vec<Segment>, op: SegmentOp, text: String) {
    if text.is_empty() {
        return;
    }
    match segments.last_mut() {
        Some(last) if last.op == op => last.text.push_str(&text),
        _ => segments.push(Segment { op, text }),
    }
}

/// Swallows an equal token or two between two longer changes, so that a reader sees words and not crumbs (平成30 → 令和元 around one shared mark).
fn calm(ops: Vec<DiffOp>) -> Vec<DiffOp> {
    let mut out: Vec<DiffOp> = Vec::with_capacity(ops.len());
    for (i, op) in ops.iter().enumerate() {
        let changed = |op: Option<&DiffOp>| {
            op.map_or(0, |o| if matches!(o, DiffOp::Equal { .. }) { 0 } else { o.old_range().len() + o.new_range().len() })
        };
        let crumb = matches!(op, DiffOp::Equal { len, .. } if *len <= 1 && i > 0 && changed(ops.get(i - 1)) > 2 * len && changed(ops.get(i + 1)) > 2 * len);
        let as_change = !matches!(op, DiffOp::Equal { .. }) || crumb;
        match out.last_mut() {
            Some(last) if as_change && !matches!(last, DiffOp::Equal { .. }) => {
                let (o, n) = (last.old_range().start..op.old_range().end, last.new_range().start..op.new_range().end);
                *last = DiffOp::Replace { old_index: o.start, old_len: o.len(), new_index: n.start, new_len: n.len() };
            }
            _ => out.push(*op),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn show(old: &str, new: &str) -> String {
        texts_to_segments(old, new)
            .iter()
            .map(|s| match s.op {
                SegmentOp::Equal => s.text.clone(),
                SegmentOp::Delete => format!("[-{}-]", s.text),
                SegmentOp::Insert => format!("[+{}+]", s.text),
            })
            .collect()
    }

    #[test]
    fn numbers_change_whole_and_text_by_characters() {
        for (old, new, want) in [
            ("売却実績 98,410千円（５物件）", "売却実績 132,726千円（７物件）", "売却実績 [-98,410-][+132,726+]千円（[-５-][+７+]物件）"),
            ("⇒ 平成30年度：96件", "⇒ 令和元年度：107件", "⇒ [-平成30-][+令和元+]年度：[-96-][+107+]件"),
            ("基本方針の改定", "基本方針の見直し", "基本方針の[-改定-][+見直し+]"),
            ("８施設", "8施設", "8施設"),
            ("", "新設", "[+新設+]"),
            ("IT研修", "ICT研修", "[-IT-][+ICT+]研修"),
        ] {
            assert_eq!(show(old, new), want);
        }
    }

    proptest! {
        #[test]
        fn segments_spell_both_texts(old in "[あ-んA-Za-z0-9一-十 ,.（）]{0,40}", new in "[あ-んA-Za-z0-9一-十 ,.（）]{0,40}") {
            let segments = texts_to_segments(&old, &new);
            let spell = |skip: SegmentOp| segments.iter().filter(|s| s.op != skip).map(|s| s.text.as_str()).collect::<String>();
            prop_assert_eq!(fold::ink(&spell(SegmentOp::Delete)), fold::ink(&new));
            prop_assert_eq!(fold::style(&spell(SegmentOp::Insert)), fold::style(&old));
        }
    }
}
