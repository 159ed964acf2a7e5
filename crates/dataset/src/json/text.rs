//! Texts and numbers as JSON has them.

use serde_json::ser::{CompactFormatter, Formatter};
use std::io;

/// Bytes that a text is looked through for at once.
const BLOCK: usize = 16;

/// Writes what stands between the quotes of a string. Besides what JSON asks for, U+2028, U+2029, controls and characters that turn the reading
/// direction are escaped: inert in a script and in a terminal.
pub(super) fn write_escaped(out: &mut Vec<u8>, text: &str) {
    let (mut from, mut at) = (0, 0);
    while let Some(found) = next_doubtful(text.as_bytes(), at) {
        let Some(c) = text.get(found..).and_then(|t| t.chars().next()) else { break };
        at = found + c.len_utf8();
        if is_escaped(c) {
            out.extend_from_slice(text.as_bytes().get(from..found).unwrap_or_default());
            write_escape(out, c);
            from = at;
        }
    }
    out.extend_from_slice(text.as_bytes().get(from..).unwrap_or_default());
}

/// Finds the next byte that begins a character which may need an escape.
fn next_doubtful(bytes: &[u8], mut at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    // Bytes joined by `|` are compared all at once.
    let plain = |block: &&[u8; BLOCK]| block.iter().fold(0, |any, b| any | doubt(*b)) == 0;
    at += rest.as_chunks().0.iter().take_while(plain).count() * BLOCK;
    bytes.get(at..)?.iter().position(|b| DOUBTS[usize::from(*b)] != 0).map(|i| at + i)
}

/// 1 for the first bytes, in UTF-8, of what [`is_escaped`].
#[inline]
const fn doubt(b: u8) -> u8 {
    (b < 0x20) as u8 | (b == b'"') as u8 | (b == b'\\') as u8 | (b == 0x7f) as u8 | (b == 0xc2) as u8 | (b == 0xe2) as u8
}

const DOUBTS: [u8; 256] = {
    let mut all = [0; 256];
    let mut b = 0;
    while b < 256 {
        all[b] = doubt(b as u8);
        b += 1;
    }
    all
};

pub(super) fn is_escaped(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '"' | '\\' | '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cold]
fn write_escape(out: &mut Vec<u8>, c: char) {
    let short = match c {
        '"' | '\\' => c,
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        _ => return out.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes()),
    };
    out.extend_from_slice(&[b'\\', short as u8]);
}

/// Up to eight signs, of which the last is put in first.
#[derive(Default)]
struct Short {
    signs: u64,
    len: usize,
}

impl Short {
    fn put(&mut self, sign: u8) {
        self.signs = self.signs << 8 | u64::from(sign);
        self.len += 1;
    }
    fn put_digits(&mut self, mut number: u32) {
        loop {
            self.put(b'0' + (number % 10) as u8);
            number /= 10;
            if number == 0 {
                break;
            }
        }
    }
    fn write(self, out: &mut Vec<u8>) {
        let end = out.len() + self.len;
        out.extend_from_slice(&self.signs.to_le_bytes());
        out.truncate(end);
    }
}

/// Below it a number and its sign are short.
const MAX_SHORT: u64 = 10_000_000;

/// Writes a whole number.
pub(crate) fn write_integer(out: &mut Vec<u8>, value: i64) -> io::Result<()> {
    if value.unsigned_abs() >= MAX_SHORT {
        return CompactFormatter.write_i64(out, value);
    }
    let mut text = Short::default();
    text.put_digits(value.unsigned_abs() as u32);
    if value < 0 {
        text.put(b'-');
    }
    text.write(out);
    Ok(())
}

/// Writes the shortest decimal that is this number. Most are hundredths, as coordinates are rounded: these cost a fifth of what others do.
pub(crate) fn write_float(out: &mut Vec<u8>, value: f64) -> io::Result<()> {
    let Some(n) = to_hundredths(value) else { return CompactFormatter.write_f64(out, value) };
    let (whole, cents) = (n.unsigned_abs() / 100, n.unsigned_abs() % 100);
    // Four digits, a point and two places, less the zeros before and behind.
    let all = pair(whole / 100) | pair(whole) << 16 | u64::from(b'.') << 32 | pair(cents) << 40;
    let zeros = usize::from(whole < 1000) + usize::from(whole < 100) + usize::from(whole < 10);
    let mut text = Short { signs: all >> (8 * zeros), len: 7 - zeros - usize::from(cents % 10 == 0) };
    if n < 0 {
        text.put(b'-');
    }
    text.write(out);
    Ok(())
}

/// The last two digits of a number, the first of them in the low byte.
fn pair(number: u32) -> u64 {
    u64::from(u16::from_le_bytes(PAIRS[number as usize % 100]))
}

const PAIRS: [[u8; 2]; 100] = {
    let mut all = [[0; 2]; 100];
    let mut n = 0;
    while n < 100 {
        all[n] = [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        n += 1;
    }
    all
};

/// Below it a number in hundredths is short: a sign, four digits, a point, two places.
const MAX_HUNDREDTHS: u32 = 1_000_000;

/// Returns a number as hundredths where it is that many, and few enough.
pub(crate) fn to_hundredths(value: f64) -> Option<i32> {
    let n = (value * 100.0 + 0.5f64.copysign(value)) as i32;
    let same = f64::from(n) / 100.0 == value && (n != 0 || value.is_sign_positive());
    (same && n.unsigned_abs() < MAX_HUNDREDTHS).then_some(n)
}
