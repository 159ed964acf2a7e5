//! Numbers as they are written, exact and with their honest precision: 132,726千, 1億3,272万6千, 1.3億, 二十三, 数十, 十数.

use crate::cursor::Cursor;
use crate::dec::Dec;
use jisseki_model::Scale;
use std::cmp::Ordering;

/// Digits a number may have; more are no amount. The sum of scales stays far from the end of `i128` with it.
const MAX_DIGITS: usize = 20;

/// Digits that are surely held by 64 bits.
const MAX_PLAIN: usize = 18;

/// How a number is left vague.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vague {
    /// It is not.
    No,
    /// 数十: only its order of magnitude is said.
    Order,
    /// 十数: between two bounds.
    Between,
}

/// A written number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number {
    pub(crate) value: Dec,
    pub(crate) max: Option<Dec>,
    /// The place of the last written digit is 10 to this.
    pub(crate) quantum_exp: i8,
    /// The scale word of the last segment.
    pub(crate) scale: Option<Scale>,
    /// Whether it has Arabic digits.
    pub(crate) arabic: bool,
    /// Kanji signs, scales and all.
    pub(crate) kanji_signs: u8,
    pub(crate) vague: Vague,
}

/// One written segment: digits and their scales.
#[derive(Clone, Copy)]
struct Digits {
    value: Dec,
    decimals: i8,
    arabic: bool,
    signs: u8,
}

/// Reads a number at the cursor (an ASCII digit, a kanji numeral or 数) and moves over it.
pub(crate) fn number(c: &mut Cursor<'_>) -> Option<Number> {
    if let Some(number) = plain_number(c) {
        return Some(number);
    }
    if c.peek() == Some('数') {
        return vague_order(c);
    }
    let mut sum = Sum::default();
    while sum.segment(c).is_some() {}
    let mut number = sum.finish()?;
    if c.peek() == Some('数') {
        between(c, &mut number);
    }
    Some(number)
}

/// Reads digits that nothing goes on: no comma, point, blank or scale. Most numbers are such.
fn plain_number(c: &mut Cursor<'_>) -> Option<Number> {
    let (mut n, mut value) = (0, 0u64);
    for b in c.rest().bytes().take_while(u8::is_ascii_digit).take(MAX_PLAIN + 1) {
        value = value * 10 + u64::from(b - b'0');
        n += 1;
    }
    let goes_on = |l: char| matches!(l, ',' | '.' | ' ' | '\t' | '\n' | '十' | '百' | '千' | '万' | '億' | '兆' | '京' | '数');
    if n == 0 || n > MAX_PLAIN || c.rest().get(n..)?.chars().next().is_some_and(goes_on) {
        return None;
    }
    c.at += n;
    let value = Dec::new(i128::from(value), 0);
    Some(Number { value, max: None, quantum_exp: 0, scale: None, arabic: true, kanji_signs: 0, vague: Vague::No })
}

/// The running value of a chain of segments: `1億` `3,272万` `6千`.
struct Sum {
    total: Dec,
    section: Dec,
    /// Exponents of the scales that the next ones must stay below.
    small_limit: i8,
    big_limit: i8,
    quantum_exp: i8,
    scale: Option<Scale>,
    arabic: bool,
    signs: u8,
    segments: u8,
    /// A segment without a scale ends the chain.
    closed: bool,
}

impl Default for Sum {
    fn default() -> Sum {
        Sum {
            total: Dec::new(0, 0),
            section: Dec::new(0, 0),
            small_limit: 4,
            big_limit: i8::MAX,
            quantum_exp: 0,
            scale: None,
            arabic: false,
            signs: 0,
            segments: 0,
            closed: false,
        }
    }
}

impl Sum {
    /// Takes the next segment; none where the number ends.
    fn segment(&mut self, c: &mut Cursor<'_>) -> Option<()> {
        if self.closed {
            return None;
        }
        let mut ahead = *c;
        if self.segments > 0 && ahead.peek() == Some('\n') {
            ahead.joint();
        }
        let digits = arabic(&mut ahead).or_else(|| kanji_digits(&mut ahead));
        let small = small_scale(&mut ahead, digits);
        if digits.is_none() && small.is_none() {
            return None;
        }
        let value = digits.map_or(Dec::new(1, 0), |d| d.value);
        let small_exp = small.map_or(0, Scale::exponent);
        if self.segments > 0 && !self.may_follow(value, small_exp, digits.is_some_and(|d| d.decimals > 0)) {
            return None;
        }
        let big = big_scale(&mut ahead, digits.is_some_and(|d| d.arabic));
        if big.is_some_and(|big| big.exponent() >= self.big_limit) {
            return None;
        }
        self.section = self.section.checked_add(value.scaled(small_exp))?;
        self.note(digits, small, big);
        *c = ahead;
        Some(())
    }

    /// Whether a segment of this size may stand below what is already there: scales fall from left to right.
    fn may_follow(&self, value: Dec, small_exp: i8, decimal: bool) -> bool {
        let limit = if self.small_limit < 4 { self.small_limit } else { self.big_limit.min(16) };
        !decimal && value.scaled(small_exp).checked_cmp(Dec::power(limit)) == Some(Ordering::Less)
    }

    fn note(&mut self, digits: Option<Digits>, small: Option<Scale>, big: Option<Scale>) {
        let small_exp = small.map_or(0, Scale::exponent);
        let decimals = digits.map_or(0, |d| d.decimals);
        // 十 belongs to the digits: 二十万 is known to the 万, but 5百万 to the 百万.
        let place = if small == Some(Scale::Ten) && digits.is_none_or(|d| !d.arabic) { 0 } else { small_exp };
        self.quantum_exp = place + big.map_or(0, Scale::exponent) - decimals;
        self.scale = scale_word(small, big).or(if digits.is_some_and(|d| d.arabic) { None } else { self.scale });
        self.arabic |= digits.is_some_and(|d| d.arabic);
        self.signs = self.signs.saturating_add(digits.map_or(0, |d| d.signs) + u8::from(small.is_some()) + u8::from(big.is_some()));
        self.segments += 1;
        match (small, big) {
            (_, Some(big)) => {
                let exp = big.exponent();
                if let Some(total) = self.total.checked_add(self.section.scaled(exp)) {
                    self.total = total;
                }
                self.section = Dec::new(0, 0);
                (self.big_limit, self.small_limit) = (exp, 4);
            }
            (Some(small), None) => self.small_limit = small.exponent(),
            (None, None) => self.closed = true,
        }
    }

    fn finish(self) -> Option<Number> {
        if self.segments == 0 {
            return None;
        }
        Some(Number {
            value: self.total.checked_add(self.section)?,
            max: None,
            quantum_exp: self.quantum_exp,
            scale: self.scale,
            arabic: self.arabic,
            kanji_signs: self.signs,
            vague: Vague::No,
        })
    }
}

/// Reads Arabic digits with commas in threes and a decimal part. A comma before anything but three digits ends the number.
fn arabic(c: &mut Cursor<'_>) -> Option<Digits> {
    let mut ahead = *c;
    let (mut mantissa, mut places) = run(&mut ahead)?;
    if places <= 3 {
        while let Some((next, value, 3)) = mark_and_run(ahead, ',') {
            mantissa = mantissa * 1000 + value;
            places += 3;
            if places > MAX_DIGITS {
                return None;
            }
            ahead = next;
        }
    }
    let mut decimals = 0;
    // 1.⏎10,200 is the number of a line and an amount.
    let heads = |next: Cursor<'_>| next.rest().starts_with([',', '.']) && scan_gap(ahead, next).contains('\n');
    if let Some((next, value, n)) = mark_and_run(ahead, '.')
        && places + n <= MAX_DIGITS
        && !heads(next)
    {
        mantissa = mantissa * 10i128.pow(n as u32) + value;
        decimals = n as i8;
        ahead = next;
    }
    *c = ahead;
    Some(Digits { value: Dec::new(mantissa, -decimals), decimals, arabic: true, signs: 0 })
}

fn scan_gap<'s>(from: Cursor<'s>, to: Cursor<'s>) -> &'s str {
    from.scan.get(from.at..to.at).unwrap_or_default()
}

/// Reads a run of ASCII digits and how many they are.
fn run(c: &mut Cursor<'_>) -> Option<(i128, usize)> {
    let n = c.rest().bytes().take_while(u8::is_ascii_digit).count();
    if n == 0 || n > MAX_DIGITS {
        return None;
    }
    let value = c.rest().get(..n)?.bytes().fold(0i128, |v, b| v * 10 + i128::from(b - b'0'));
    c.at += n;
    Some((value, n))
}

/// Reads `mark` and the digits after it. Blanks around the mark are its letter-spacing (`132 , 726`) and so stand on both sides or on none; a line may
/// break after it.
fn mark_and_run<'s>(mut c: Cursor<'s>, mark: char) -> Option<(Cursor<'s>, i128, usize)> {
    let from = c.at;
    c.joint();
    let blank_before = c.at > from;
    if c.peek() != Some(mark) {
        return None;
    }
    c.at += 1;
    let after = c.at;
    c.joint();
    let gap = c.scan.get(after..c.at)?;
    if !gap.is_empty() && !blank_before && !gap.contains('\n') || gap.is_empty() && blank_before {
        return None;
    }
    let (value, n) = run(&mut c)?;
    Some((c, value, n))
}

/// Reads kanji digits: one, or two and more by position (二八, 二〇一九).
fn kanji_digits(c: &mut Cursor<'_>) -> Option<Digits> {
    let (mut value, mut signs) = (0i128, 0u8);
    for sign in c.rest().chars() {
        let Some(d) = kanji_digit(sign) else { break };
        value = value * 10 + i128::from(d);
        signs += 1;
        if usize::from(signs) > MAX_DIGITS {
            return None;
        }
        c.at += sign.len_utf8();
    }
    (signs > 0).then_some(Digits { value: Dec::new(value, 0), decimals: 0, arabic: false, signs })
}

pub(crate) fn kanji_digit(sign: char) -> Option<i32> {
    Some(match sign {
        '〇' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Reads 十, 百 or 千; after Arabic digits a joint may stand before it.
fn small_scale(c: &mut Cursor<'_>, digits: Option<Digits>) -> Option<Scale> {
    let over_joint = digits.is_some_and(|d| d.arabic);
    // 99 十市町 is a number and a name.
    let ten = scale(c, Scale::Ten, false);
    ten.or_else(|| scale(c, Scale::Hundred, over_joint)).or_else(|| scale(c, Scale::Thousand, over_joint))
}

/// Reads 万, 億, 兆 or 京.
fn big_scale(c: &mut Cursor<'_>, over_joint: bool) -> Option<Scale> {
    let mut ahead = *c;
    if over_joint {
        ahead.joint();
    }
    let found = match ahead.peek()? {
        '万' => Scale::TenThousand,
        '億' => Scale::HundredMillion,
        '兆' => Scale::Trillion,
        // 京都 and 京浜 are no numbers.
        '京' if ahead.rest().starts_with("京円") => Scale::TenQuadrillion,
        _ => return None,
    };
    scale(c, found, over_joint)
}

fn scale(c: &mut Cursor<'_>, scale: Scale, over_joint: bool) -> Option<Scale> {
    let found = if over_joint { c.eat_over_joint(scale.word()) } else { c.eat(scale.word()) };
    found.then_some(scale)
}

/// The scale word of a small and a big scale together: one for 百万 and 千億, not for 十兆.
fn scale_word(small: Option<Scale>, big: Option<Scale>) -> Option<Scale> {
    match (small, big) {
        (Some(small), Some(big @ (Scale::TenThousand | Scale::HundredMillion))) => Scale::of_exponent(small.exponent() + big.exponent()),
        (small, big) => big.or(small),
    }
}

/// 数十, 数百, 数千万: only the order of magnitude is said.
fn vague_order(c: &mut Cursor<'_>) -> Option<Number> {
    let mut ahead = *c;
    ahead.at += '数'.len_utf8();
    let small = small_scale(&mut ahead, None);
    let big = big_scale(&mut ahead, false);
    if small.is_none() && big.is_none() {
        return None;
    }
    *c = ahead;
    let exp = small.map_or(0, Scale::exponent) + big.map_or(0, Scale::exponent);
    Some(Number {
        value: Dec::power(exp),
        max: None,
        quantum_exp: exp,
        scale: scale_word(small, big),
        arabic: false,
        kanji_signs: 2,
        vague: Vague::Order,
    })
}

/// 十数, 20数: from one to nine above the round number.
fn between(c: &mut Cursor<'_>, number: &mut Number) {
    let round = number.value.small_integer().is_some_and(|n| n % 10 == 0 && n > 0 && n < 100);
    if !round {
        return;
    }
    c.at += '数'.len_utf8();
    if let (Some(low), Some(high)) = (number.value.checked_add(Dec::new(1, 0)), number.value.checked_add(Dec::new(9, 0))) {
        // 十数億円.
        let big = big_scale(c, false);
        let exp = big.map_or(0, Scale::exponent);
        number.scale = big.or(number.scale);
        number.quantum_exp += exp;
        number.value = low.scaled(exp);
        number.max = Some(high.scaled(exp));
        number.vague = Vague::Between;
        number.kanji_signs += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, value: &str, quantum: &str, rest: &str) {
        let mut c = Cursor::new(text, 0);
        let n = number(&mut c).unwrap_or_else(|| panic!("{text} is a number"));
        assert_eq!((n.value.write().as_str(), Dec::power(n.quantum_exp).write().as_str(), c.rest()), (value, quantum, rest), "{text}");
    }

    #[test]
    fn numbers() {
        check("132,726千円", "132726000", "1000", "円");
        check("132 , 726千円", "132726000", "1000", "円");
        check("132,\n726千円", "132726000", "1000", "円");
        check("132, 726", "132", "1", ", 726");
        check("132,726 千円", "132726000", "1000", "円");
        check("1.3億円", "130000000", "10000000", "円");
        check("1億3,272万6千円", "132726000", "1000", "円");
        check("1億3272万6000円", "132726000", "1", "円");
        check("5百万円", "5000000", "1000000", "円");
        check("12億3千万円", "1230000000", "10000000", "円");
        check("3千5百万円", "35000000", "1000000", "円");
        check("2万3千人", "23000", "1000", "人");
        check("5千2百36", "5236", "1", "");
        check("1,2,3", "1", "1", ",2,3");
        check("12,34件", "12", "1", ",34件");
        check("100.50", "100.5", "0.01", "");
        check("三億円", "300000000", "100000000", "円");
        check("二十万円", "200000", "10000", "円");
        check("一千万円", "10000000", "10000000", "円");
        check("二八年", "28", "1", "年");
        check("百二十一", "121", "1", "");
        check("千一", "1001", "1", "");
        check("二〇一九年", "2019", "1", "年");
        check("五千六百七十八万九千十二", "56789012", "1", "");
        check("数億円", "100000000", "100000000", "円");
        check("十数名", "11", "1", "名");
        check("0.05", "0.05", "0.01", "");
        check("3万5億", "30000", "10000", "5億");
        check("1億 2人", "100000000", "100000000", " 2人");
    }

    #[test]
    fn decimals() {
        assert_eq!(Dec::new(-5, -1).write(), "-0.5");
        assert_eq!(Dec::new(50, -1).write(), "5");
        assert_eq!(Dec::new(1, 3).write(), "1000");
        assert_eq!(Dec::new(849, -1).checked_sub(Dec::new(793, -1)).unwrap().write(), "5.6");
    }
}
