//! Exact decimals, and short strings written without the formatting machinery: decimals, days, ids.

use jisseki_model::CivilDate;
use smol_str::{SmolStr, SmolStrBuilder};
use std::cmp::Ordering;

/// An exact decimal: `mantissa × 10^exp`.
// Packed: the alignment of `i128` would make every atom half as large again.
#[derive(Debug, Clone, Copy)]
#[repr(C, packed(8))]
pub(crate) struct Dec {
    mantissa: i128,
    exp: i8,
}

impl Dec {
    pub(crate) const fn new(mantissa: i128, exp: i8) -> Dec {
        Dec { mantissa, exp }
    }

    /// 10^exp.
    pub(crate) const fn power(exp: i8) -> Dec {
        Dec { mantissa: 1, exp }
    }

    pub(crate) fn scaled(self, exp: i8) -> Dec {
        Dec { mantissa: self.mantissa, exp: self.exp.saturating_add(exp) }
    }

    pub(crate) fn neg(self) -> Dec {
        Dec { mantissa: -self.mantissa, exp: self.exp }
    }

    pub(crate) fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    pub(crate) fn checked_add(self, other: Dec) -> Option<Dec> {
        let exp = self.exp.min(other.exp);
        Some(Dec { mantissa: self.at_exp(exp)?.checked_add(other.at_exp(exp)?)?, exp })
    }

    /// The difference, unless it is beyond what can be told exactly.
    pub(crate) fn checked_sub(self, other: Dec) -> Option<Dec> {
        self.checked_add(other.neg())
    }

    pub(crate) fn checked_cmp(self, other: Dec) -> Option<Ordering> {
        let exp = self.exp.min(other.exp);
        Some(self.at_exp(exp)?.cmp(&other.at_exp(exp)?))
    }

    fn at_exp(self, exp: i8) -> Option<i128> {
        if self.exp == exp {
            return Some(self.mantissa);
        }
        let by = u32::try_from(i32::from(self.exp) - i32::from(exp)).ok()?;
        self.mantissa.checked_mul(10i128.checked_pow(by)?)
    }

    /// The value as a small integer, where it is one.
    pub(crate) fn small_integer(self) -> Option<i64> {
        let mut d = self;
        while d.exp < 0 && d.mantissa % 10 == 0 {
            d = Dec { mantissa: d.mantissa / 10, exp: d.exp + 1 };
        }
        if d.exp < 0 { None } else { d.at_exp(0).and_then(|n| i64::try_from(n).ok()) }
    }
}

/// Powers of ten that nearly every quantum is.
const POWERS: [&str; 13] = [
    "1",
    "10",
    "100",
    "1000",
    "10000",
    "100000",
    "1000000",
    "10000000",
    "100000000",
    "1000000000",
    "10000000000",
    "100000000000",
    "1000000000000",
];

impl Dec {
    /// The canonical form: no exponent, no trailing zeros.
    pub(crate) fn write(self) -> SmolStr {
        if self.mantissa == 1
            && let Some(power) = usize::try_from(self.exp).ok().and_then(|exp| POWERS.get(exp))
        {
            return SmolStr::new_static(power);
        }
        let (mut m, mut exp) = (self.mantissa, self.exp);
        while exp < 0 && m % 10 == 0 {
            m /= 10;
            exp += 1;
        }
        if m == 0 {
            return SmolStr::new_static("0");
        }
        let mut out = SmolStrBuilder::new();
        if m < 0 {
            out.push('-');
        }
        let places = usize::from(exp.min(0).unsigned_abs());
        let mut digits = [b'0'; MAX_WRITTEN];
        let digits = digits_of(m.unsigned_abs(), places + 1, &mut digits);
        let (whole, fraction) = digits.split_at_checked(digits.len() - places).unwrap_or((digits, ""));
        out.push_str(whole);
        if !fraction.is_empty() {
            out.push('.');
            out.push_str(fraction);
        }
        for _ in 0..exp.max(0) {
            out.push('0');
        }
        out.finish()
    }
}

/// Digits that `i128` may have, and the zeros that the smallest exponent asks for before them.
const MAX_WRITTEN: usize = 168;

/// The digits of `n`, at least `width` of them, written from the end of `buf`.
fn digits_of(n: u128, width: usize, buf: &mut [u8; MAX_WRITTEN]) -> &str {
    let mut at = buf.len();
    let mut put = |digit: u8| {
        at = at.saturating_sub(1);
        if let Some(slot) = buf.get_mut(at) {
            *slot = b'0' + digit;
        }
    };
    let mut written = 0;
    let mut big = n;
    while big > u128::from(u64::MAX) {
        put((big % 10) as u8);
        big /= 10;
        written += 1;
    }
    let mut rest = big as u64;
    while rest > 0 || written < width {
        put((rest % 10) as u8);
        rest /= 10;
        written += 1;
    }
    buf.get(at..).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or_default()
}

fn two_digits(n: u8) -> [u8; 2] {
    [b'0' + n / 10 % 10, b'0' + n % 10]
}

fn four_digits(n: u16) -> [u8; 4] {
    let ([a, b], [c, d]) = (two_digits((n / 100) as u8), two_digits((n % 100) as u8));
    [a, b, c, d]
}

/// A short ASCII string on the stack, before it is kept; what does not fit is left out, and no date or id is that long.
pub(crate) struct Ascii {
    bytes: [u8; 48],
    len: usize,
}

impl Ascii {
    pub(crate) fn new() -> Ascii {
        Ascii { bytes: [0; 48], len: 0 }
    }

    pub(crate) fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.len) {
            *slot = byte;
            self.len += 1;
        }
    }

    fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        if let Some(slot) = self.bytes.get_mut(self.len..).and_then(|free| free.first_chunk_mut::<N>()) {
            *slot = bytes;
            self.len += N;
        }
    }

    pub(crate) fn push_str(&mut self, text: &str) {
        text.bytes().for_each(|b| self.push(b));
    }

    /// Two digits.
    pub(crate) fn two(&mut self, n: u8) {
        self.put(two_digits(n));
    }

    /// The digits of `n`.
    pub(crate) fn number(&mut self, n: u32) {
        let (mut digits, mut count, mut rest) = ([b'0'; 10], 0, n);
        for slot in &mut digits {
            *slot = b'0' + (rest % 10) as u8;
            count += 1;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        digits.iter().take(count).rev().for_each(|b| self.push(*b));
    }

    /// A year of four digits.
    pub(crate) fn year(&mut self, year: i32) {
        match u16::try_from(year) {
            Ok(y) if y <= 9999 => self.put(four_digits(y)),
            _ => {
                if year < 0 {
                    self.push(b'-');
                }
                self.number(year.unsigned_abs());
            }
        }
    }

    /// `YYYY-MM`.
    pub(crate) fn month(&mut self, year: i32, month: u8) {
        self.year(year);
        let [tens, ones] = two_digits(month);
        self.put([b'-', tens, ones]);
    }

    /// `YYYY-MM-DD`.
    pub(crate) fn day(&mut self, day: CivilDate) {
        self.month(day.year(), day.month());
        let [tens, ones] = two_digits(day.day());
        self.put([b'-', tens, ones]);
    }

    /// `YYYY-MM-DD/YYYY-MM-DD`.
    pub(crate) fn days(&mut self, start: CivilDate, end: CivilDate) {
        self.day(start);
        self.push(b'/');
        self.day(end);
    }

    pub(crate) fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default()
    }

    pub(crate) fn finish(&self) -> SmolStr {
        SmolStr::new(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mantissa: i128, exp: i8, expected: &str) {
        assert_eq!(Dec::new(mantissa, exp).write(), expected, "{mantissa} × 10^{exp}");
    }

    #[test]
    fn decimals_are_canonical() {
        check(1, 3, "1000");
        check(1, -2, "0.01");
        check(-5, -1, "-0.5");
        check(132_726, 3, "132726000");
        check(12_500, -3, "12.5");
        check(0, 4, "0");
        check(-100, -2, "-1");
        check(1, 16, "10000000000000000");
        check(123_456_789_012_345_678_901, -20, "1.23456789012345678901");
        check(i128::MIN, 0, "-170141183460469231731687303715884105728");
        check(7, i8::MIN, &format!("0.{}7", "0".repeat(127)));
    }
}
