//! Walking the scan view: tokens with joints between them, and looks to the left.

/// A position in a scan view that moves only over what it has recognized.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'s> {
    pub(crate) scan: &'s str,
    pub(crate) at: usize,
}

impl<'s> Cursor<'s> {
    pub(crate) fn new(scan: &'s str, at: usize) -> Cursor<'s> {
        Cursor { scan, at }
    }

    #[inline]
    pub(crate) fn rest(&self) -> &'s str {
        self.scan.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The next character after a joint, without moving.
    #[inline]
    pub(crate) fn peek_over_joint(&self) -> Option<char> {
        let mut ahead = *self;
        ahead.joint();
        ahead.peek()
    }

    #[inline]
    pub(crate) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// Takes `token` after a joint; stays where it is if there is none.
    #[inline]
    pub(crate) fn eat_over_joint(&mut self, token: &str) -> bool {
        let mut ahead = *self;
        ahead.joint();
        let found = ahead.eat(token);
        if found {
            *self = ahead;
        }
        found
    }

    /// Takes the first of `tokens` that stands after a joint and returns its index.
    pub(crate) fn eat_any_over_joint(&mut self, tokens: &[&str]) -> Option<usize> {
        let mut ahead = *self;
        ahead.joint();
        let found = tokens.iter().position(|t| ahead.eat(t))?;
        *self = ahead;
        Some(found)
    }

    /// Takes the characters of `word` with joints between them, the first after a joint too (年⏎度).
    pub(crate) fn eat_spread(&mut self, word: &str) -> bool {
        if self.eat(word) {
            return true;
        }
        let mut ahead = *self;
        for c in word.chars() {
            ahead.joint();
            if ahead.peek() != Some(c) {
                return false;
            }
            ahead.at += c.len_utf8();
        }
        *self = ahead;
        true
    }

    /// Goes over blanks with at most one line break among them, never over a blank line.
    ///
    /// A second call goes no further than the first: the blanks before the cursor are of the same joint.
    #[inline]
    pub(crate) fn joint(&mut self) {
        if matches!(self.scan.as_bytes().get(self.at), Some(b' ' | b'\t' | b'\n')) {
            self.over_blanks();
        }
    }

    fn over_blanks(&mut self) {
        let head = self.scan.as_bytes().get(..self.at).unwrap_or_default();
        let mut broken = head.iter().rev().take_while(|b| matches!(b, b' ' | b'\t' | b'\n')).any(|b| *b == b'\n');
        for b in self.scan.as_bytes().get(self.at..).unwrap_or_default() {
            match b {
                b' ' | b'\t' => {}
                b'\n' if !broken => broken = true,
                _ => break,
            }
            self.at += 1;
        }
        // A second line break ends the joint; the blanks before it may stay taken, for nothing can follow them.
    }
}

/// Returns the character that ends at `at` and where it starts.
pub(crate) fn char_before(scan: &str, at: usize) -> Option<(char, usize)> {
    let c = scan.get(..at)?.chars().next_back()?;
    Some((c, at - c.len_utf8()))
}

/// Returns where the joint that ends at `at` starts.
pub(crate) fn joint_start(scan: &str, at: usize) -> usize {
    let (mut from, mut broken) = (at, false);
    for b in scan.as_bytes().get(..at).unwrap_or_default().iter().rev() {
        match b {
            b' ' | b'\t' => {}
            b'\n' if !broken => broken = true,
            _ => break,
        }
        from -= 1;
    }
    from
}

/// Returns where `word` starts that ends at `at`, with joints between its characters.
pub(crate) fn spread_before(scan: &str, at: usize, word: &str) -> Option<usize> {
    let mut at = at;
    for (i, c) in word.chars().rev().enumerate() {
        if i > 0 {
            at = joint_start(scan, at);
        }
        match char_before(scan, at)? {
            (found, start) if found == c => at = start,
            _ => return None,
        }
    }
    Some(at)
}

/// Whether `c` is one of a few signs.
#[inline]
pub(crate) fn one_of(c: char, signs: &str) -> bool {
    signs.chars().any(|s| s == c)
}

/// Whether `c` is a CJK ideograph (々 and 〇 among them).
pub(crate) fn is_kanji(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '々' | '〇' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_joint_is_blanks_with_one_line_break_at_most() {
        for (text, rest) in [("  月", "月"), (" \n 月", "月"), ("\n\n月", "\n月"), ("月", "月")] {
            let mut c = Cursor::new(text, 0);
            c.joint();
            assert_eq!(c.rest(), rest);
            c.joint();
            assert_eq!(c.rest(), rest, "a joint is taken once");
        }
        assert!(Cursor::new("年\n度", 0).eat_spread("年度"));
        assert!(!Cursor::new("年\n\n度", 0).eat_spread("年度"));
        assert_eq!(spread_before("第平 \n成 ", "第平 \n成".len(), "平成"), Some(3));
    }
}
