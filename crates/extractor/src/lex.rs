//! Tokens of PDF syntax (ISO 32000-2 §7.2–7.3), borrowed from the bytes; shared by files, content streams and CMaps.
//!
//! *Invariant:* every call makes progress or says [`Token::End`]; nothing is allocated; nothing recurses.

use memchr::memchr;

/// A token. Strings and names are as written: [`unescape_string`], [`unescape_hex`] and [`unescape_name`] undo that.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Token<'a> {
    Int(i64),
    Real(f64),
    /// After the slash.
    Name(&'a [u8]),
    /// Between the outer parentheses; the flag says whether there is anything to undo.
    Str(&'a [u8], bool),
    /// Between the angle brackets.
    Hex(&'a [u8]),
    ArrayOpen,
    ArrayClose,
    DictOpen,
    DictClose,
    /// An operator or any other run of regular characters.
    Keyword(&'a [u8]),
    /// A character that can't stand here; it was passed over.
    Fault,
    End,
}

const WHITE: u8 = 1;
const DELIMITER: u8 = 2;
const NUMBER: u8 = 4;

/// Character classes (Tables 1 and 2).
const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let white = b"\0\t\n\x0c\r ";
    let delimiter = b"()<>[]{}/%";
    let number = b"0123456789+-.";
    let mut i = 0;
    while i < white.len() {
        class[white[i] as usize] |= WHITE;
        i += 1;
    }
    i = 0;
    while i < delimiter.len() {
        class[delimiter[i] as usize] |= DELIMITER;
        i += 1;
    }
    i = 0;
    while i < number.len() {
        class[number[i] as usize] |= NUMBER;
        i += 1;
    }
    class
};

#[inline]
fn class(b: u8) -> u8 {
    CLASS[usize::from(b)]
}

/// Tells whether a byte is white space.
#[inline]
pub(crate) fn is_white(b: u8) -> bool {
    class(b) & WHITE != 0
}

/// Tells whether a byte is neither white space nor a delimiter.
#[inline]
pub(crate) fn is_regular(b: u8) -> bool {
    class(b) & (WHITE | DELIMITER) == 0
}

/// A cursor over bytes.
#[derive(Debug, Clone)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    pos: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Lexer<'a> {
        Lexer { bytes, pos: 0 }
    }
    pub(crate) fn at(bytes: &'a [u8], pos: usize) -> Lexer<'a> {
        Lexer { bytes, pos: pos.min(bytes.len()) }
    }
    pub(crate) fn pos(&self) -> usize {
        self.pos
    }
    pub(crate) fn seek(&mut self, pos: usize) {
        self.pos = pos.min(self.bytes.len());
    }
    #[inline]
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.pos..).unwrap_or_default()
    }
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.pos).copied()
    }

    #[cold]
    fn line_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().position(|&b| b == b'\n' || b == b'\r').unwrap_or(rest.len())
    }

    /// Returns the next token.
    pub(crate) fn next(&mut self) -> Token<'a> {
        self.next_inlined()
    }
    /// The same for the one loop that reads nearly all tokens of a document.
    #[inline(always)]
    pub(crate) fn next_inlined(&mut self) -> Token<'a> {
        let mut at = self.pos;
        let b = loop {
            match self.bytes.get(at) {
                Some(&b) if class(b) & WHITE != 0 => at += 1,
                Some(b'%') => at = self.line_end(at),
                Some(&b) => break b,
                None => {
                    self.pos = at;
                    return Token::End;
                }
            }
        };
        if class(b) & NUMBER != 0 {
            return self.number(at);
        }
        if class(b) & DELIMITER == 0 {
            return Token::Keyword(self.regular(at));
        }
        if b == b'/' {
            return Token::Name(self.regular(at + 1));
        }
        self.pos = at + 1;
        match b {
            b'(' => self.string(),
            b'<' if self.peek() == Some(b'<') => self.wide(Token::DictOpen),
            b'<' => self.hex(),
            b'>' if self.peek() == Some(b'>') => self.wide(Token::DictClose),
            b'[' => Token::ArrayOpen,
            b']' => Token::ArrayClose,
            _ => Token::Fault,
        }
    }
    /// Passes over the numbers that stand here, whatever they are, and returns how many.
    pub(crate) fn pass_numbers(&mut self) -> usize {
        let after = |mut at: usize, kind: u8| {
            while self.bytes.get(at).is_some_and(|&b| class(b) & kind != 0) {
                at += 1;
            }
            at
        };
        let (mut n, mut end) = (0, self.pos);
        loop {
            let from = after(end, WHITE);
            let to = after(from, NUMBER);
            if to == from {
                self.pos = end;
                return n;
            }
            n += 1;
            end = to;
        }
    }
    /// Passes over the rest of a reference whose number was just read, where it is ` 0 R` and the element ends.
    pub(crate) fn take_plain_reference(&mut self) -> bool {
        let is_one = matches!(self.rest(), [b' ', b'0', b' ', b'R', rest @ ..] if rest.first().is_none_or(|&b| !is_regular(b)));
        self.pos += if is_one { 4 } else { 0 };
        is_one
    }
    /// Passes over repetitions of the number or name just read, byte for byte with the white space before it, and returns how many: in the fonts
    /// of some producers nearly all widths are `0` and nearly all glyph names `/.notdef`.
    pub(crate) fn take_repeated(&mut self, from: usize, max: usize) -> usize {
        let text = self.bytes.get(from..self.pos).unwrap_or_default();
        let mut n = 0;
        // Short ones are compared as words, where there are eight bytes to read.
        let word_at = |at: usize| self.bytes.get(at..)?.first_chunk().map(|b| u64::from_le_bytes(*b));
        if let (Some(bits @ 8..=56), Some(word)) = (u32::try_from(8 * text.len()).ok(), word_at(from)) {
            let own = u64::MAX >> (u64::BITS - bits);
            let is_again = |next: u64| (next ^ word) & own == 0 && !is_regular((next >> bits & 0xFF) as u8);
            while n < max && word_at(self.pos).is_some_and(is_again) {
                self.pos += text.len();
                n += 1;
            }
        }
        let is_again = |rest: &[u8]| rest.starts_with(text) && rest.get(text.len()).is_some_and(|&b| !is_regular(b));
        while n < max && is_again(self.rest()) {
            self.pos += text.len();
            n += 1;
        }
        n
    }
    fn wide(&mut self, token: Token<'a>) -> Token<'a> {
        self.pos += 1;
        token
    }
    /// The run of regular characters from here on.
    #[inline]
    fn regular(&mut self, from: usize) -> &'a [u8] {
        let rest = self.bytes.get(from..).unwrap_or_default();
        let len = rest.iter().position(|&b| !is_regular(b)).unwrap_or(rest.len());
        self.pos = from + len;
        rest.get(..len).unwrap_or_default()
    }
    /// A string up to its closing parenthesis; an unclosed one reaches to the end.
    fn string(&mut self) -> Token<'a> {
        let rest = self.rest();
        let (mut depth, mut escaped, mut i) = (1usize, false, 0usize);
        while let Some(&b) = rest.get(i) {
            match b {
                b'\\' => {
                    escaped = true;
                    i += 1;
                }
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        self.pos += i + 1;
                        return Token::Str(rest.get(..i).unwrap_or_default(), escaped);
                    }
                }
                // A line end inside a string reads as one line feed, however it is written.
                b'\r' => escaped = true,
                _ => {}
            }
            i += 1;
        }
        self.pos = self.bytes.len();
        Token::Str(rest, escaped)
    }
    fn hex(&mut self) -> Token<'a> {
        let rest = self.rest();
        let len = memchr(b'>', rest).unwrap_or(rest.len());
        self.pos += (len + 1).min(rest.len());
        Token::Hex(rest.get(..len).unwrap_or_default())
    }
    /// A number, as forgiving as the other readers: doubled signs count once, a second point or a sign inside ends the value but not the token.
    #[inline(always)]
    fn number(&mut self, from: usize) -> Token<'a> {
        let mut rest = self.bytes.get(from..).unwrap_or_default();
        let mut negative = false;
        while let [sign @ (b'+' | b'-'), after @ ..] = rest {
            negative |= *sign == b'-';
            rest = after;
        }
        let (mut mantissa, mut after) = digits(rest, 0);
        let mut n_digits = rest.len() - after.len();
        let mut fraction = None;
        if let [b'.', decimals @ ..] = after {
            (mantissa, after) = digits(decimals, mantissa);
            let n = decimals.len() - after.len();
            (n_digits, fraction) = (n_digits + n, Some(n));
        }
        if n_digits > MAX_DIGITS {
            self.pos = from;
            return self.long_number();
        }
        // What is left of a malformed number (`1.2.3`, `5-3`) belongs to it.
        while let [b, rest @ ..] = after
            && class(*b) & NUMBER != 0
        {
            after = rest;
        }
        self.pos = self.bytes.len() - after.len();
        match fraction {
            None => Token::Int(if negative { -mantissa } else { mantissa }),
            Some(n) => {
                let value = mantissa as f64 / POWERS_OF_TEN.get(n).copied().unwrap_or(1.0);
                Token::Real(if negative { -value } else { value })
            }
        }
    }
    /// A number of more digits than an integer holds: leading zeros don't count, digits beyond [`MAX_DIGITS`] only move the point.
    #[cold]
    fn long_number(&mut self) -> Token<'a> {
        let rest = self.rest();
        let len = rest.iter().position(|&b| class(b) & NUMBER == 0).unwrap_or(rest.len());
        let text = rest.get(..len).unwrap_or_default();
        self.pos += len;
        let signs = text.iter().take_while(|b| matches!(b, b'+' | b'-')).count();
        let negative = text.iter().take(signs).any(|&b| b == b'-');
        let (mut mantissa, mut n_digits, mut dropped) = (0u64, 0usize, 0i32);
        let mut fraction: Option<i32> = None;
        for &b in text.iter().skip(signs) {
            match (b, fraction) {
                (b'.', None) => fraction = Some(0),
                (b'0'..=b'9', _) if n_digits < MAX_DIGITS => {
                    mantissa = mantissa * 10 + u64::from(b - b'0');
                    n_digits += usize::from(mantissa != 0);
                    fraction = fraction.map(|f| f + 1);
                }
                (b'0'..=b'9', None) => dropped += 1,
                (b'0'..=b'9', Some(_)) => {}
                _ => break,
            }
        }
        if fraction.is_none() && dropped == 0 {
            let value = i64::try_from(mantissa).unwrap_or(i64::MAX);
            return Token::Int(if negative { -value } else { value });
        }
        let value = mantissa as f64 * power_of_ten(dropped) / power_of_ten(fraction.unwrap_or(0));
        Token::Real(if negative { -value } else { value })
    }
}

/// Digits that fit an integer whatever they are.
const MAX_DIGITS: usize = 18;

/// Takes a run of digits and returns the value that they go on with, and what follows them; of more than an integer holds the value is not used.
#[inline(always)]
fn digits(mut bytes: &[u8], mut value: i64) -> (i64, &[u8]) {
    while let [digit @ b'0'..=b'9', after @ ..] = bytes {
        value = value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
        bytes = after;
    }
    (value, bytes)
}

const POWERS_OF_TEN: [f64; 23] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

fn power_of_ten(n: i32) -> f64 {
    usize::try_from(n).ok().and_then(|n| POWERS_OF_TEN.get(n).copied()).unwrap_or_else(|| 10f64.powi(n))
}

/// Undoes a literal string's escapes (§7.3.4.2) into `out`.
pub(crate) fn unescape_string(raw: &[u8], out: &mut Vec<u8>) {
    let mut i = 0;
    while let Some(&b) = raw.get(i) {
        i += 1;
        match b {
            b'\\' => {
                let Some(&e) = raw.get(i) else { break };
                i += 1;
                match e {
                    b'n' => out.push(b'\n'),
                    b'r' => out.push(b'\r'),
                    b't' => out.push(b'\t'),
                    b'b' => out.push(8),
                    b'f' => out.push(12),
                    b'0'..=b'7' => {
                        let mut value = u32::from(e - b'0');
                        for _ in 0..2 {
                            match raw.get(i) {
                                Some(&d @ b'0'..=b'7') => value = value << 3 | u32::from(d - b'0'),
                                _ => break,
                            }
                            i += 1;
                        }
                        out.push((value & 0xFF) as u8);
                    }
                    b'\r' => i += usize::from(raw.get(i) == Some(&b'\n')),
                    b'\n' => {}
                    other => out.push(other),
                }
            }
            b'\r' => {
                out.push(b'\n');
                i += usize::from(raw.get(i) == Some(&b'\n'));
            }
            other => out.push(other),
        }
    }
}

/// Undoes a hexadecimal string (§7.3.4.3) into `out`; characters that are no digits are passed over.
#[inline]
pub(crate) fn unescape_hex(raw: &[u8], out: &mut Vec<u8>) {
    // Digits stand in pairs as a rule: what goes on from the first other character is taken one by one.
    let pairs = raw.as_chunks::<2>().0;
    let byte = |&[a, b]: &[u8; 2]| HIGH[usize::from(a)] | LOW[usize::from(b)];
    let (begin, mut all) = (out.len(), 0);
    out.extend(pairs.iter().map(|pair| {
        all |= byte(pair);
        byte(pair) as u8
    }));
    let n = match all {
        ..NO_DIGIT => pairs.len(),
        _ => pairs.iter().position(|pair| byte(pair) >= NO_DIGIT).unwrap_or(pairs.len()),
    };
    out.truncate(begin + n);
    let rest = raw.get(2 * n..).unwrap_or_default();
    let mut half: Option<u8> = None;
    for &b in rest {
        let digit = HEX[usize::from(b)];
        if digit > 15 {
            continue;
        }
        match half.take() {
            Some(high) => out.push(high << 4 | digit),
            None => half = Some(digit),
        }
    }
    out.extend(half.map(|h| h << 4));
}

/// What the first and the second digit of a byte add to it.
const HIGH: [u16; 256] = hex_shifted(4);
const LOW: [u16; 256] = hex_shifted(0);
const NO_DIGIT: u16 = 0x100;

const fn hex_shifted(by: u32) -> [u16; 256] {
    let mut table = [NO_DIGIT; 256];
    let mut i = 0;
    while i < table.len() {
        if HEX[i] < 16 {
            table[i] = (HEX[i] as u16) << by;
        }
        i += 1;
    }
    table
}

const HEX: [u8; 256] = {
    let mut table = [255; 256];
    let mut i = 0;
    while i < 10 {
        table[b'0' as usize + i] = i as u8;
        i += 1;
    }
    i = 0;
    while i < 6 {
        table[b'a' as usize + i] = 10 + i as u8;
        table[b'A' as usize + i] = 10 + i as u8;
        i += 1;
    }
    table
};

/// Undoes a name's `#xx` (§7.3.5); a `#` without two digits stays.
pub(crate) fn unescape_name(raw: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if !raw.contains(&b'#') {
        return raw.into();
    }
    let digit = |at: usize| raw.get(at).map(|&b| HEX[usize::from(b)]).filter(|d| *d < 16);
    let mut out = Vec::with_capacity(raw.len());
    let mut i = 0;
    while let Some(&b) = raw.get(i) {
        match (b, digit(i + 1), digit(i + 2)) {
            (b'#', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                i += 3;
            }
            _ => {
                out.push(b);
                i += 1;
            }
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &[Token<'_>]) {
        let mut lexer = Lexer::new(input.as_bytes());
        let mut found = Vec::new();
        loop {
            match lexer.next() {
                Token::End => break,
                token => found.push(token),
            }
        }
        assert_eq!(found, expected, "{input}");
    }

    #[test]
    fn tokens_are_read_as_other_readers_read_them() {
        use Token::*;
        check("1 -2 +3 .5 -.25 4. --5", &[Int(1), Int(-2), Int(3), Real(0.5), Real(-0.25), Real(4.0), Int(-5)]);
        check("1.2.3 5-3 0.1w", &[Real(1.2), Int(5), Real(0.1), Keyword(b"w")]);
        check("123456789012345678901", &[Real(123_456_789_012_345_678_000.0)]);
        check("0.000000000000000000001", &[Real(1e-21)]);
        check("00000000000000000000012 -00000000000000000000001.5-3 w", &[Int(12), Real(-1.5), Keyword(b"w")]);
        check(
            "123456789012345678 1234567890123456789 0.1234567890123",
            &[Int(123_456_789_012_345_678), Real(1_234_567_890_123_456_780.0), Real(0.123_456_789_012_3)],
        );
        check("- . 1", &[Int(0), Real(0.0), Int(1)]);
        check("/A#42 /Tx[(a(b)\\)c)<4 1>]", &[Name(b"A#42"), Name(b"Tx"), ArrayOpen, Str(b"a(b)\\)c", true), Hex(b"4 1"), ArrayClose]);
        check("<</K true>> T* ' \"", &[DictOpen, Name(b"K"), Keyword(b"true"), DictClose, Keyword(b"T*"), Keyword(b"'"), Keyword(b"\"")]);
        check("% note\nq ) } >", &[Keyword(b"q"), Fault, Fault, Fault]);
        check("(open", &[Str(b"open", false)]);
        check("<41", &[Hex(b"41")]);
    }

    #[test]
    fn repeated_tokens_are_passed_over() {
        let check = |input: &str, max: usize, expected: (usize, &str)| {
            let mut lexer = Lexer::new(input.as_bytes());
            lexer.next();
            let before = lexer.pos();
            lexer.next();
            let n = lexer.take_repeated(before, max);
            assert_eq!((n, lexer.rest()), (expected.0, expected.1.as_bytes()), "{input}");
        };
        check("[ 0 0 0]", 9, (2, "]"));
        check("[ 0 0 0]", 1, (1, " 0]"));
        check("[ 0 0 05 0]", 9, (1, " 05 0]"));
        check("[ 0 0", 9, (0, " 0"));
        check("[/a/a /a/a]", 9, (1, " /a/a]"));
        check("[ 1 0 R 1 0 R]", 9, (0, " 0 R 1 0 R]"));
        check("[ 0 0 0 0 0 0 0 05 0 0 0 0]", 9, (6, " 05 0 0 0 0]"));
        check("[/abcdef/abcdef/abcdef/abcdefg/x]", 9, (2, "/abcdefg/x]"));
        check("[/.notdef/.notdef/.notdef/x]", 9, (2, "/x]"));
    }

    #[test]
    fn escapes_are_undone() {
        let string = |raw: &[u8]| {
            let mut out = Vec::new();
            unescape_string(raw, &mut out);
            out
        };
        assert_eq!(string(b"a\\n\\101\\7\\\r\nb\r\nc\\q\\"), b"a\nA\x07b\ncq");
        assert_eq!(unescape_name(b"A#42#zz").as_ref(), b"AB#zz");
        let mut out = Vec::new();
        unescape_hex(b"4 1g2", &mut out);
        assert_eq!(out, b"A ");
    }
}
