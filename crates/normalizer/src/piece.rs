//! Where a long text is cut, so that its views and atoms never exist for the whole of it at once.
//!
//! A piece ends where a sentence ends (。) and a blank line follows. Nothing that is read together reaches over both: a joint holds one line break at most,
//! lists and ranges have only marks between their members, sentences end at 。, and a department's name has none. A text without such a place is one piece.
//! What still goes on is the last fiscal year (28年度 without its era is read by it): [`crate::resolve::LastYear`] takes it along.

use std::ops::Range;

/// Bytes from which on a piece may end. Picked by feeling: the views, atoms and mentions of a piece stay within a cache of some hundred kilobytes.
pub(crate) const PIECE: usize = 16 << 10;

/// Cuts a text into pieces of at least `size` bytes, but for the last. Each but the first begins with the 。 and the blank line that end the one before it,
/// so that what looks back from its first line sees them.
pub(crate) fn pieces(src: &str, size: usize) -> Pieces<'_> {
    Pieces { src, size, last: Some(0..0) }
}

/// The pieces of a text, from left to right.
pub(crate) struct Pieces<'a> {
    src: &'a str,
    size: usize,
    /// Where the last piece was cut off, if more follows.
    last: Option<Range<usize>>,
}

impl Iterator for Pieces<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let (len, Range { start, end }) = (self.src.len(), self.last.take()?);
        let cut = next_cut(self.src.as_bytes(), end.max(start.saturating_add(self.size))).unwrap_or(len..len);
        let piece = start..cut.end;
        self.last = (cut.end < len).then_some(cut);
        Some(piece)
    }
}

/// The first 。 with a blank line after it whose line break lies at or after `from`: from the sign to the first letter after the blank line.
fn next_cut(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == b'\n')?;
        let blanks = bytes.get(..at)?.iter().rev().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        let rest = bytes.get(at..)?;
        let after = rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count();
        if bytes.get(..at - blanks)?.ends_with("。".as_bytes()) && rest.get(..after)?.iter().filter(|b| **b == b'\n').count() >= 2 {
            return Some(at - blanks - "。".len()..at + after);
        }
        at += after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = pieces(text, 1).map(|p| &text[p]).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn a_piece_ends_after_a_sentence_and_a_blank_line() {
        check("", &[""]);
        check("一。\n二", &["一。\n二"]);
        check("一\n\n二。", &["一\n\n二。"]);
        check("一。 \n \n\n二。\r\n\r\n三", &["一。 \n \n\n", "。 \n \n\n二。\r\n\r\n", "。\r\n\r\n三"]);
        check("一。\n\n", &["一。\n\n"]);
        check("。\n\n。\n\n一", &["。\n\n", "。\n\n。\n\n", "。\n\n一"]);
    }
}
