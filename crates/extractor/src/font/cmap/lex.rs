//! The few PostScript tokens that CMaps are made of.

/// A token, borrowed from the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    /// The digits between `<` and `>`, unparsed.
    Hex(&'a [u8]),
    /// The bytes of a `(string)`, escapes kept.
    Literal(&'a [u8]),
    /// A name without its slash.
    Name(&'a [u8]),
    /// An integer (a real is cut).
    Int(i64),
    /// `[`.
    Open,
    /// `]`.
    Close,
    /// Any other word: `begincmap`, `def`, `dup`, ….
    Word(&'a [u8]),
}

/// Reads tokens one after the other; never fails, never allocates.
#[derive(Debug, Clone)]
pub(super) struct Lexer<'a> {
    rest: &'a [u8],
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Lexer<'a> {
        Lexer { rest: bytes }
    }
    /// Takes the bytes up to the first that `stop` accepts.
    fn until(&mut self, stop: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.rest.iter().position(|&b| stop(b)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }
    fn skip(&mut self, n: usize) {
        self.rest = self.rest.get(n..).unwrap_or_default();
    }
    /// Takes a parenthesized string; brackets nest, a backslash hides the next byte.
    fn literal(&mut self) -> Token<'a> {
        let (mut depth, mut hidden) = (0usize, false);
        let end = self.rest.iter().position(|&b| {
            match b {
                _ if hidden => hidden = false,
                b'\\' => hidden = true,
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        let end = end.unwrap_or(self.rest.len());
        let inner = self.rest.get(1..end).unwrap_or_default();
        self.skip(end + 1);
        Token::Literal(inner)
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let token = match *self.rest.first()? {
                b if is_white(b) => {
                    self.until(|b| !is_white(b));
                    continue;
                }
                b'%' => {
                    self.until(|b| b == b'\n' || b == b'\r');
                    continue;
                }
                b'<' if self.rest.get(1) == Some(&b'<') => {
                    self.skip(2);
                    continue;
                }
                b'<' => {
                    self.skip(1);
                    let digits = self.until(|b| b == b'>');
                    self.skip(1);
                    Token::Hex(digits)
                }
                b'(' => self.literal(),
                b'[' => {
                    self.skip(1);
                    Token::Open
                }
                b']' => {
                    self.skip(1);
                    Token::Close
                }
                b'/' => {
                    self.skip(1);
                    Token::Name(self.until(is_end))
                }
                b'>' | b')' | b'{' | b'}' => {
                    self.skip(1);
                    continue;
                }
                _ => word_to_token(self.until(is_end)),
            };
            return Some(token);
        }
    }
}

fn is_white(b: u8) -> bool {
    matches!(b, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_end(b: u8) -> bool {
    is_white(b) || matches!(b, b'<' | b'>' | b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'/' | b'%')
}

fn word_to_token(word: &[u8]) -> Token<'_> {
    // Most words are operators.
    let is_number = matches!(word, [b'0'..=b'9' | b'+' | b'-' | b'.', ..]);
    let number = if is_number { std::str::from_utf8(word).ok() } else { None };
    match number.and_then(|n| n.split('.').next()).and_then(|n| n.parse().ok()) {
        Some(n) => Token::Int(n),
        None => Token::Word(word),
    }
}

/// Returns a hexadecimal string's value and its length in bytes; none beyond four bytes or without a digit. An odd last digit counts as followed by 0.
pub(super) fn hex_to_code(digits: &[u8]) -> Option<(u32, u8)> {
    let mut value = 0u32;
    let mut count = 0u8;
    for d in digits.iter().filter_map(|&b| hex_digit(b)) {
        count += 1;
        if count > 8 {
            return None;
        }
        value = value << 4 | u32::from(d);
    }
    if count % 2 == 1 {
        value <<= 4;
        count += 1;
    }
    (count > 0).then_some((value, count / 2))
}

/// Returns the UTF-16 units of a hexadecimal string: two bytes each; a lone byte is a unit of its own (some producers write `<41>` for `A`).
pub(super) fn hex_to_units(digits: &[u8]) -> impl Iterator<Item = u16> + '_ {
    let mut nibbles = digits.iter().filter_map(|&b| hex_digit(b)).map(u16::from);
    std::iter::from_fn(move || {
        let first = nibbles.next()?;
        Some([nibbles.next(), nibbles.next(), nibbles.next()].iter().flatten().fold(first, |unit, n| unit << 4 | n))
    })
}

fn hex_digit(b: u8) -> Option<u8> {
    match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        b'A'..=b'F' => Some(b - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_without_blanks_between_them() {
        let tokens: Vec<_> = Lexer::new(b"2 beginbfchar<01><0041>[<20>]/N(a(b)\\))def%x\n/CMapName/F-0 def").collect();
        assert_eq!(
            tokens,
            [
                Token::Int(2),
                Token::Word(b"beginbfchar"),
                Token::Hex(b"01"),
                Token::Hex(b"0041"),
                Token::Open,
                Token::Hex(b"20"),
                Token::Close,
                Token::Name(b"N"),
                Token::Literal(b"a(b)\\)"),
                Token::Word(b"def"),
                Token::Name(b"CMapName"),
                Token::Name(b"F-0"),
                Token::Word(b"def"),
            ]
        );
    }

    #[test]
    fn hexadecimal_strings_of_any_length() {
        assert_eq!(hex_to_code(b"8140"), Some((0x8140, 2)));
        assert_eq!(hex_to_code(b" 8 1\n4"), Some((0x8140, 2)));
        assert_eq!(hex_to_code(b"D842DFB7"), Some((0xD842_DFB7, 4)));
        assert_eq!(hex_to_code(b"0123456789"), None);
        assert_eq!(hex_to_code(b""), None);
        assert_eq!(hex_to_units(b"D842DFB7").collect::<Vec<_>>(), [0xD842, 0xDFB7]);
        assert_eq!(hex_to_units(b"41").collect::<Vec<_>>(), [0x41]);
    }
}
