//! From an atom to its value in the model: amounts, ranges, changes, comparisons.

use crate::atom::{Atom, Base, Comparison, Mods, Point, Time, Unit, What, Year};
use crate::dec::Dec;
use crate::edtf::{ends_to_edtf, span_to_iso, time_to_value};
use crate::fold::norm;
use crate::num::{Number, Vague};
use crate::render::Renderer;
use crate::resolve::days;
use crate::units::Noun;
use jisseki_model::{
    Amount, Bound, ChangeForm, Currency, Flag, FlagSet, NumberModifier, OpenEnd, OrgPart, Outcome, PointRole, PowerOfTen, Row, SeriesPoint,
    Value,
};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};
use std::cmp::Ordering;

impl Renderer<'_> {
    /// The value of an atom; what writing it out finds odd is added to `flags`.
    pub(crate) fn value(&self, atom: &Atom, flags: &mut FlagSet) -> Value {
        match &atom.what {
            What::Time(time) => time_to_value(time),
            What::Amount { number, unit, mods, of } => self.amount_value(number, *unit, mods, of.as_deref().copied()),
            What::Duration(span) => Value::Duration { iso: span_to_iso(span), modifier: mods_to_model(&span.mods) },
            What::Ordinal { number, unit } => Value::Ordinal { number: plain_amount(number), unit: (*unit).into() },
            What::Reference { number, word } => Value::Ordinal { number: plain_amount(number), unit: (*word).into() },
            What::Ratio { num, den, mods } => {
                Value::Ratio { num: Some(boxed(*num)), den: Some(boxed(*den)), times: None, modifier: mods_to_model(mods) }
            }
            What::Factor(times) => Value::Ratio { num: None, den: None, times: Some(boxed(*times)), modifier: None },
            What::ChangeWord { direction, slight } => {
                flags.insert_if(*slight, Flag::Vague);
                Value::Change { direction: *direction, amount: None, base: None, base_fy: None, form: None }
            }
            What::ImpossibleDate { year, month, day } => invalid_date(why_impossible(*year, *month, *day)),
            What::EraYearZero => invalid_date(SmolStr::new_static("an era has no year 0")),
            What::UnitDeclaration { from, to } => {
                let words = self.text.folded.scan().get(*from..*to).unwrap_or_default();
                let units = words.split(['、', ',', '・', '，', '/', '／']).map(str::trim).filter(|w| !w.is_empty());
                Value::UnitDeclaration { applies: units.map(SmolStr::new).collect() }
            }
            What::Rounding { mode, unit } => Value::UnitDeclaration { applies: vec![format_smolstr!("rounding:{mode}*{}", unit.write())] },
            What::Org(org) => Value::Org {
                path: org.path.iter().map(|p| OrgPart { name: p.name.clone(), level: SmolStr::new_static(p.level) }).collect(),
                government: org.government.or(self.text.ctx.gov_code.as_deref()).map(SmolStr::new),
            },
            What::Range(range) => self.range_value(range.from, range.to, flags),
            What::Change(change) => {
                let (base, base_fy) = match change.base {
                    Some(Base::Atom(i)) => (Some(self.id(i).to_smolstr()), self.atoms.get(i).and_then(Atom::time).and_then(Time::fiscal)),
                    Some(Base::Words(from, to)) => (self.text.folded.scan().get(from..to).map(SmolStr::new), None),
                    None => (None, None),
                };
                let form = if change.index { ChangeForm::Index } else { ChangeForm::Difference };
                Value::Change { direction: change.direction, amount: Some(self.id(change.amount)), base, base_fy, form: Some(form) }
            }
            What::Comparison(comparison) => self.comparison_value(comparison),
        }
    }

    fn amount_value(&self, number: &Number, unit: Unit, mods: &Mods, of: Option<(usize, usize)>) -> Value {
        let amount = Amount { modifier: mods_to_model(mods), ..plain_amount(number) };
        match unit {
            Unit::Yen => Value::Money { number: amount, currency: Currency::Jpy },
            Unit::Percent => Value::Percent {
                number: amount,
                of: of
                    .and_then(|(from, to)| self.text.folded.scan().get(from..to))
                    .map(|of| norm(&SmolStr::new(of), &mut String::new()).text.as_str().into()),
            },
            Unit::Point => Value::PercentPoint { number: amount },
            Unit::Noun(Noun::Counter(counter)) => Value::Count { number: amount, unit: Row::Of(&counter.shown) },
            Unit::Noun(Noun::Measure(measure)) => Value::Quantity { number: amount, unit: Row::Of(&measure.shown) },
            Unit::Times => Value::Ratio { num: None, den: None, times: Some(amount.value.as_str().into()), modifier: amount.modifier },
        }
    }

    fn range_value(&self, from: Option<usize>, to: Option<usize>, flags: &mut FlagSet) -> Value {
        let time = |i: Option<usize>| i.and_then(|i| self.atoms.get(i)).and_then(Atom::time);
        let (left, mut right) = (time(from), time(to).cloned());
        if let (Some(a), Some(b)) = (left, right.as_mut())
            && let (Some((start, _)), Some((_, end))) = (days(a), days(b))
            && end < start
        {
            // Bare months that go down go on into the next year.
            if a.bare
                && b.bare
                && let Year::Civil(y) = b.year
            {
                b.year = Year::Civil(y + 1);
                flags.insert(Flag::CrossesFyEnd);
            } else {
                flags.insert(Flag::ReversedRange);
            }
        }
        let right = right.as_ref();
        let start = left.and_then(days).map(|d| d.0);
        let end = right.and_then(days).map(|d| d.1);
        let edtf = ends_to_edtf(left, right);
        let open = match (from, to) {
            (None, _) => Some(OpenEnd::Start),
            (_, None) => Some(OpenEnd::End),
            _ => None,
        };
        Value::Range { edtf, from: from.map(|i| self.id(i)), to: to.map(|i| self.id(i)), start, end, open }
    }

    fn comparison_value(&self, comparison: &Comparison) -> Value {
        let source = |range: (usize, usize)| {
            let span = self.text.folded.source_span(range.0..range.1);
            self.text.folded.source().get(span).map(close_joints)
        };
        let metric = comparison.metric.and_then(source).filter(|m| !m.is_empty()).map(|m| m.as_str().into());
        let points = comparison.points.iter().map(|p| SeriesPoint {
            role: p.role,
            when: p.when.map(|i| self.id(i)),
            note: p.note.and_then(source),
            amounts: p.amounts.clone().map(|i| self.id(i)).collect(),
        });
        let (outcome, delta) = self.judge(comparison);
        Value::Comparison { metric, points: points.collect(), outcome, delta }
    }

    /// Met or not for a target with a bound, the difference for before and after.
    fn judge(&self, comparison: &Comparison) -> (Option<Outcome>, Option<Box<str>>) {
        let number = |p: Option<&Point>| match p.and_then(|p| self.atoms.get(p.amounts.start)).map(|a| &a.what) {
            Some(What::Amount { number, mods, .. }) => Some((*number, *mods)),
            _ => None,
        };
        let (Some(first), Some(last)) = (comparison.points.first(), comparison.points.last()) else { return (None, None) };
        let (Some((a, a_mods)), Some((b, b_mods))) = (number(Some(first)), number(Some(last))) else { return (None, None) };
        if first.role == PointRole::Target {
            return (Some(outcome(&a, &a_mods, &b, &b_mods)), None);
        }
        let exact = a_mods.bound.is_none() && b_mods.bound.is_none() && a.max.is_none() && b.max.is_none();
        if comparison.series || !exact {
            return (None, None);
        }
        (None, b.value.checked_sub(a.value).map(boxed))
    }
}

/// Whether a target was met; never without a bound: more is not always better.
fn outcome(target: &Number, target_mods: &Mods, actual: &Number, actual_mods: &Mods) -> Outcome {
    let (Some(bound), None, None, None) = (target_mods.bound, actual_mods.bound, target.max, actual.max) else { return Outcome::Undecided };
    let Some(order) = actual.value.checked_cmp(target.value) else { return Outcome::Undecided };
    let met = match bound {
        Bound::Gt => order == Ordering::Greater,
        Bound::Ge => order != Ordering::Less,
        Bound::Lt => order == Ordering::Less,
        Bound::Le => order != Ordering::Greater,
    };
    if met { Outcome::Met } else { Outcome::NotMet }
}

fn plain_amount(number: &Number) -> Amount {
    Amount {
        value: number.value.write(),
        max: number.max.map(|max| Box::new(max.write())),
        quantum: (number.vague != Vague::Between).then_some(PowerOfTen(number.quantum_exp)),
        scale: number.scale,
        modifier: None,
    }
}

fn mods_to_model(mods: &Mods) -> Option<NumberModifier> {
    if mods.is_plain() && !mods.plus {
        return None;
    }
    Some(NumberModifier { approx: mods.approx, bound: mods.bound, side: mods.side, aggregate: mods.aggregate, plus: mods.plus })
}

/// A decimal that few values have.
fn boxed(value: Dec) -> Box<str> {
    value.write().as_str().into()
}

fn invalid_date(reason: SmolStr) -> Value {
    Value::Invalid { looks_like: Some(SmolStr::new_static("date")), reason }
}

fn why_impossible(year: Option<i32>, month: i32, day: Option<i32>) -> SmolStr {
    match (year, day) {
        (_, _) if !(1..=12).contains(&month) => format_smolstr!("there is no month {month}"),
        (Some(y), Some(_)) => format_smolstr!("{y:04}-{month:02} has {} days", crate::era::days_in_month(y, month as u8)),
        _ => format_smolstr!("month {month} has no such day"),
    }
}

/// Source words with their blanks and line breaks closed, characters unchanged.
fn close_joints(text: &str) -> SmolStr {
    text.split_whitespace().collect()
}
