//! Amounts: a number, its unit, the words around them that modify it.

use crate::atom::{Atom, Mods, Span, Unit, What};
use crate::cursor::{Cursor, char_before, joint_start};
use crate::dec::Dec;
use crate::doubt::Reading;
use crate::find::Finder;
use crate::modifier;
use crate::num::{Number, Vague, number};
use crate::read_unit::{Read, read_unit};
use crate::units::Noun;
use jisseki_model::{Bound, Flag, Scale};

impl Finder<'_> {
    /// Reads the amount whose number begins at `start`.
    pub(crate) fn quantity(&mut self, start: usize) -> Option<usize> {
        let mut c = Cursor::new(self.scan, start);
        let mut number = number(&mut c)?;
        let mut number_end = c.at;
        if number.arabic {
            self.looked = number_end;
        }
        let mut mods = Mods::default();
        // 200余人: the word stands before the unit.
        if c.eat("余") {
            (mods.approx, mods.bound) = (true, Some(Bound::Gt));
        }
        let (mut number, read) = match read_unit(&mut c, &mut number) {
            Some(read) => (number, read),
            None if self.yen_sign(start) < start => (number, Read::Unit(Unit::Yen)),
            None => match self.number_range(&mut c, number) {
                Some((number, read, end)) => {
                    number_end = end;
                    (number, read)
                }
                None => return self.bare_number(start, number_end, number),
            },
        };
        if self.is_clock(start, &read) {
            return Some(c.at);
        }
        if let Some(end) = self.reference_before(start, number_end, &number, &read) {
            return Some(end);
        }
        if !(Reading { scan: self.scan, start, number_end, end: c.at, number }).holds(&read) {
            return None;
        }
        // 百万円未満四捨五入 is how numbers are rounded, and no amount.
        if c.rest().starts_with("未満切") || c.rest().starts_with("未満四") {
            return None;
        }
        let mut flags = jisseki_model::FlagSet::default();
        if char_before(self.scan, start)
            .is_some_and(|(l, at)| l == ',' && char_before(self.scan, at).is_some_and(|(d, _)| d.is_ascii_digit()))
        {
            flags.insert(Flag::GroupingOdd);
        }
        let number_start = start;
        let start = self.sign(start, &mut number, &mut mods, &mut flags);
        let start = if matches!(read, Read::Unit(Unit::Yen)) { self.yen_sign(start) } else { start };
        let start = modifier::before(self.scan, start, self.floor, &mut mods);
        flags.insert_if(number.vague != Vague::No, Flag::Vague);
        flags.insert_if(!number.arabic, Flag::KanjiNumeral);
        let what = match read {
            Read::Denominator => self.fraction(&mut c, number, mods)?,
            Read::Ordinal(unit) => What::Ordinal { number, unit },
            Read::Duration(fields) => What::Duration(Box::new(Span { fields, mods: modifier::after(&mut c, mods) })),
            Read::Unit(unit) => self.amount(&mut c, number_start, number, unit, mods),
        };
        if let What::Amount { unit: Unit::Noun(Noun::Measure(m)), .. } = &what {
            flags.insert_if(m.ucum.contains("_or_"), Flag::AmbiguousUnit);
        }
        let mut atom = Atom::new(start, c.at, what);
        atom.flags = flags;
        Some(self.push(atom))
    }

    /// The rest of an amount after its unit: 5％～10％, 以上, and what its label says.
    fn amount(&self, c: &mut Cursor<'_>, number_start: usize, mut number: Number, unit: Unit, mods: Mods) -> What {
        let mut mods = modifier::after(c, mods);
        if mods.bound.is_none() {
            self.same_unit_range(c, &mut number, unit);
            mods = modifier::after(c, mods);
        }
        if mods.aggregate.is_none() {
            mods.aggregate = modifier::label(self.scan, number_start, self.floor);
        }
        What::Amount { number, unit, mods, of: None }
    }

    /// `5～10％`: the left number takes the unit, and where it has none the scale, of the right one; also where the right number ends.
    fn number_range(&self, c: &mut Cursor<'_>, left: Number) -> Option<(Number, Read, usize)> {
        let mut ahead = *c;
        let hyphen = range_mark(&mut ahead)? > 0;
        let zero = ahead.rest().starts_with('0') && !ahead.rest().starts_with("0.");
        let mut right = number(&mut ahead)?;
        let right_end = ahead.at;
        let read = read_unit(&mut ahead, &mut right)?;
        if !matches!(read, Read::Unit(_)) || !left.arabic && !right.arabic {
            return None;
        }
        // 1-2企業 and 4-2 工種別 are numbers of headings, 2-11 駅前 an address.
        let word = matches!(read, Read::Unit(Unit::Noun(Noun::Counter(c))) if !c.begins_no_word());
        if hyphen && (word || zero) {
            return None;
        }
        let lower = match (left.scale, right.scale) {
            (None, Some(_)) => left.value.scaled(right.quantum_exp + decimals(&right)),
            _ => left.value,
        };
        if hyphen && right.value.checked_cmp(lower) != Some(std::cmp::Ordering::Greater) {
            return None;
        }
        *c = ahead;
        let number = Number { value: lower, max: Some(right.value), quantum_exp: right.quantum_exp, scale: right.scale, ..left };
        Some((number, read, right_end))
    }

    /// `5％～10％`: both numbers with the same unit are one amount.
    fn same_unit_range(&self, c: &mut Cursor<'_>, left: &mut Number, unit: Unit) {
        let mut ahead = *c;
        if range_mark(&mut ahead).is_none() {
            return;
        }
        let Some(mut right) = number(&mut ahead) else { return };
        if let Some(Read::Unit(found)) = read_unit(&mut ahead, &mut right)
            && same_unit(found, unit)
            && right.value.checked_cmp(left.value).is_some_and(std::cmp::Ordering::is_gt)
        {
            left.max = Some(right.value);
            *c = ahead;
        }
    }

    /// 10時30分 is a time of day: its minutes are no duration.
    fn is_clock(&self, start: usize, read: &Read) -> bool {
        let minutes = matches!(read, Read::Duration([None, None, None, None, None, Some(_), _]));
        minutes && char_before(self.scan, joint_start(self.scan, start)).is_some_and(|(l, _)| l == '時')
    }

    /// A number without a unit: 別紙１, 1/3, or nothing.
    fn bare_number(&mut self, start: usize, end: usize, number: Number) -> Option<usize> {
        if let Some(end) = self.reference(start, end, number) {
            return Some(end);
        }
        let mut c = Cursor::new(self.scan, end);
        if !c.eat("/") || !number.arabic || number.value.small_integer().is_none_or(|n| !(1..=99).contains(&n)) {
            return None;
        }
        let (den, digits) = crate::year::digits(&mut c)?;
        let next = c.peek();
        // 1/3 and 9/10 are shares; 7/18 may be a day as well.
        let share = den <= 10 || den % 10 == 0;
        let plain =
            share && digits <= 3 && !next.is_some_and(|l| l.is_ascii_alphanumeric() || matches!(l, '/' | '.' | '-' | '月' | '年' | '%'));
        let den = Dec::new(i128::from(den), 0);
        if !plain || number.value.checked_cmp(den) != Some(std::cmp::Ordering::Less) {
            return None;
        }
        let mods = modifier::after(&mut c, Mods::default());
        let mut atom = Atom::new(start, c.at, What::Ratio { num: number.value, den, mods });
        atom.flags.insert(Flag::LowContext);
        Some(self.push(atom))
    }

    /// `3分の1`: the numerator after the denominator.
    fn fraction(&self, c: &mut Cursor<'_>, den: Number, mods: Mods) -> Option<What> {
        c.joint();
        let num = number(c)?;
        let mods = modifier::after(c, mods);
        Some(What::Ratio { num: num.value, den: den.value, mods })
    }

    /// Takes △ or a minus (or plus) before the number.
    fn sign(&self, start: usize, number: &mut Number, mods: &mut Mods, flags: &mut jisseki_model::FlagSet) -> usize {
        if let Some(('△', at)) = self.before(start) {
            negate(number);
            return at;
        }
        const MINUS: &str = "マイナス";
        if let Some(head) = self.scan.get(self.floor..start)
            && head.ends_with(MINUS)
        {
            negate(number);
            return start - MINUS.len();
        }
        let Some((mark, at)) = char_before(self.scan, start).filter(|l| l.1 >= self.floor) else { return start };
        let left = char_before(self.scan, at).map(|l| l.0);
        let free = left.is_none_or(|l| !l.is_ascii_alphanumeric() && !matches!(l, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー'));
        match mark {
            '-' if free => negate(number),
            '+' if free => mods.plus = true,
            'ー' if left.is_none_or(|l| matches!(l, '\n' | ' ' | '(')) => {
                negate(number);
                flags.insert(Flag::KatakanaMinus);
            }
            _ => return start,
        }
        at
    }

    fn yen_sign(&self, start: usize) -> usize {
        match self.before(start) {
            Some(('¥' | '￥' | '\\', at)) => at,
            _ => start,
        }
    }
}

fn negate(number: &mut Number) {
    number.value = number.value.neg();
    number.max = number.max.map(Dec::neg);
}

/// How many decimals a number was written with: its last segment's scale is the quantum without them.
fn decimals(number: &Number) -> i8 {
    // 十 belongs to the digits of a kanji numeral.
    let scale = number.scale.filter(|s| *s != Scale::Ten);
    scale.map_or(0, |s| s.exponent() - number.quantum_exp)
}

/// Moves over a mark of a range: 0 for ～, 1 for a hyphen.
pub(crate) fn range_mark(c: &mut Cursor<'_>) -> Option<usize> {
    let mark = c.eat_any_over_joint(&["~", "-"])?;
    c.joint();
    Some(mark)
}

fn same_unit(a: Unit, b: Unit) -> bool {
    match (a, b) {
        (Unit::Noun(Noun::Counter(a)), Unit::Noun(Noun::Counter(b))) => a.canonical == b.canonical,
        (Unit::Noun(Noun::Measure(a)), Unit::Noun(Noun::Measure(b))) => a.ucum == b.ucum,
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    fn check(text: &str, expected: &str) {
        let found = crate::mentions(text, &crate::ReportContext::default(), &[]);
        assert_eq!(found.first().map(|m| crate::key(m, &found)).as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn the_lower_end_of_a_range_takes_the_scale_of_the_upper() {
        check("1～1.5億円", "money:100000000..150000000±10000000");
        check("2～3十万円", "money:200000..300000±100000");
        check("1～1.5京円", "money:10000000000000000..15000000000000000±1000000000000000");
    }
}
