//! From atoms to mentions: spans in the source, canonical strings, ids in the order of the text.

use crate::atom::{Anchor, Atom, Base, Comparison, Flags, Mods, Part, Point, Span, Time, Unit, What, Year};
use crate::fold::Walk;
use crate::num::{Dec, Number, Vague};
use crate::resolve::days;
use crate::units::Noun;
use crate::{Folded, ReportContext};
use jisseki_model::{
    Amount, Bound, ChangeForm, Confidence, FiscalPartName, Flag, Mention, NumberModifier, OpenEnd, OrgPart, Outcome, PointRole, Precision,
    Resolution, ResolvedBy, Scope, SeriesPoint, Value, When,
};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Everything that writing out needs.
pub(crate) struct Renderer<'a> {
    folded: &'a Folded<'a>,
    ctx: &'a ReportContext,
    scopes: &'a [Scope],
    atoms: &'a [Atom],
    /// The place of each atom in the order of the text.
    rank: Vec<u32>,
}

/// Writes atoms out in the order of the text: by start, the longer first.
pub(crate) fn render(atoms: &[Atom], folded: &Folded<'_>, ctx: &ReportContext, scopes: &[Scope]) -> Vec<Mention> {
    let mut order: Vec<(usize, usize, u32)> = (0u32..).zip(atoms).map(|(i, a)| (a.start, usize::MAX - a.end, i)).collect();
    order.sort();
    let mut rank = vec![0u32; atoms.len()];
    for (n, &(.., i)) in (0u32..).zip(&order) {
        if let Some(slot) = rank.get_mut(i as usize) {
            *slot = n;
        }
    }
    let renderer = Renderer { folded, ctx, scopes, atoms, rank };
    let mut out = Vec::with_capacity(order.len());
    let mut walk = folded.walk();
    out.extend(order.iter().filter_map(|&(.., i)| renderer.mention(i as usize, &mut walk)));
    out
}

impl Renderer<'_> {
    fn mention(&self, i: usize, walk: &mut Walk<'_>) -> Option<Mention> {
        let atom = self.atoms.get(i)?;
        let span = walk.source_span(atom.start..atom.end);
        let text = self.folded.source().get(span.clone())?;
        debug_assert_eq!(self.folded.source().get(span.clone()), Some(text));
        let mut flags = atom.flags;
        let (by, rule) = self.resolution(atom);
        let value = self.value(atom, &mut flags);
        let bytes = text.as_bytes();
        if bytes.contains(&b'\n') {
            flags.set(Flag::Wrapped);
        } else if bytes.contains(&b' ') || bytes.contains(&b'\t') || text.contains('\u{3000}') {
            flags.set(Flag::Spaced);
        }
        Some(Mention {
            id: self.id(i),
            span,
            norm: crate::norm(text),
            text: text.to_owned(),
            value,
            resolution: Resolution { by, rule: rule.map(str::to_owned), anchor: self.anchor(atom.anchor) },
            confidence: confidence(by, flags, atom),
            flags: flag_set(flags),
            places: Vec::new(),
        })
    }

    fn id(&self, i: usize) -> String {
        let mut id = String::with_capacity(6);
        let _ = write!(id, "m{}", self.rank.get(i).copied().unwrap_or_default());
        id
    }

    fn anchor(&self, anchor: Anchor) -> Option<String> {
        match anchor {
            Anchor::None => None,
            Anchor::Atom(i) => Some(self.id(i)),
            Anchor::Scope(i) => self.scopes.get(i).map(|s| s.anchor.clone()),
        }
    }

    /// A range is as sure as the weaker of its ends.
    fn resolution(&self, atom: &Atom) -> (ResolvedBy, Option<&'static str>) {
        match &atom.what {
            What::Range(range) => {
                let ends = [range.from, range.to].into_iter().flatten().filter_map(|i| self.atoms.get(i));
                let weakest = ends.max_by_key(|a| a.by);
                weakest.map_or((atom.by, None), |a| (a.by, if a.by > ResolvedBy::Explicit { a.rule } else { None }))
            }
            What::Change(change) => match change.base {
                Some(Base::Atom(i)) => (self.atoms.get(i).map_or(atom.by, |a| a.by), None),
                _ => (atom.by, None),
            },
            What::ImpossibleDate { .. } | What::EraYearZero => (ResolvedBy::Unresolved, None),
            _ => (atom.by, atom.rule),
        }
    }

    fn value(&self, atom: &Atom, flags: &mut Flags) -> Value {
        match &atom.what {
            What::Time(time) => time_value(time),
            What::Amount { number, unit, mods, of } => self.amount_value(number, *unit, mods, *of),
            What::Duration(span) => Value::Duration { iso: span_to_iso(span), modifier: mods_to_model(&span.mods) },
            What::Ordinal { number, unit } => Value::Ordinal { number: plain_amount(number), unit: (*unit).to_owned() },
            What::Reference { number, word } => Value::Ordinal { number: plain_amount(number), unit: (*word).to_owned() },
            What::Ratio { num, den, mods } => {
                Value::Ratio { num: Some(num.to_string()), den: Some(den.to_string()), times: None, modifier: mods_to_model(mods) }
            }
            What::Factor(times) => Value::Ratio { num: None, den: None, times: Some(times.to_string()), modifier: None },
            What::ChangeWord { direction, slight } => {
                flags.set_if(*slight, Flag::Vague);
                Value::Change { direction: *direction, amount: None, base: None, base_fy: None, form: None }
            }
            What::ImpossibleDate { year, month, day } => {
                Value::Invalid { looks_like: Some("date".into()), reason: why_impossible(*year, *month, *day) }
            }
            What::EraYearZero => Value::Invalid { looks_like: Some("date".into()), reason: "an era has no year 0".into() },
            What::UnitDeclaration { from, to } => {
                let words = self.folded.scan().get(*from..*to).unwrap_or_default();
                let units = words.split(['、', ',', '・', '，', '/', '／']).map(str::trim).filter(|w| !w.is_empty());
                Value::UnitDeclaration { applies: units.map(str::to_owned).collect() }
            }
            What::Rounding { mode, unit } => Value::UnitDeclaration { applies: vec![format!("rounding:{mode}*{unit}")] },
            What::Org(org) => Value::Org {
                path: org.path.iter().map(|p| OrgPart { name: p.name.clone(), level: p.level.to_owned() }).collect(),
                government: org.government.clone().or_else(|| self.ctx.gov_code.clone()),
            },
            What::Range(range) => self.range_value(range.from, range.to, flags),
            What::Change(change) => {
                let (base, base_fy) = match change.base {
                    Some(Base::Atom(i)) => (Some(self.id(i)), self.atoms.get(i).and_then(Atom::time).and_then(Time::fiscal)),
                    Some(Base::Words(from, to)) => (self.folded.scan().get(from..to).map(str::to_owned), None),
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
            Unit::Yen => Value::Money { number: amount, currency: "JPY".to_owned() },
            Unit::Percent => {
                Value::Percent { number: amount, of: of.and_then(|(from, to)| self.folded.scan().get(from..to)).map(crate::norm) }
            }
            Unit::Point => Value::PercentPoint { number: amount },
            Unit::Noun(Noun::Counter(counter)) => Value::Count {
                number: amount,
                counter: counter.canonical.to_owned(),
                surface: (counter.surface != counter.canonical).then(|| counter.surface.to_owned()),
                class: Some(counter.class),
            },
            Unit::Noun(Noun::Measure(measure)) => Value::Quantity {
                number: amount,
                ucum: measure.ucum.to_owned(),
                surface: (measure.surface != measure.ucum).then(|| measure.surface.to_owned()),
            },
            Unit::Times => Value::Ratio { num: None, den: None, times: Some(amount.value), modifier: amount.modifier },
        }
    }

    fn range_value(&self, from: Option<usize>, to: Option<usize>, flags: &mut Flags) -> Value {
        let time = |i: Option<usize>| i.and_then(|i| self.atoms.get(i)).and_then(Atom::time);
        let (left, right) = (time(from), time(to).cloned());
        let mut right = right;
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
                flags.set(Flag::CrossesFyEnd);
            } else {
                flags.set(Flag::ReversedRange);
            }
        }
        let right = right.as_ref();
        let start = left.and_then(days).map(|d| d.0);
        let end = right.and_then(days).map(|d| d.1);
        let part = |t: Option<&Time>, last: bool| t.map_or_else(|| "..".to_owned(), |t| range_end(t, last));
        let edtf = format!("{}/{}", part(left, false), part(right, true));
        let open = match (from, to) {
            (None, _) => Some(OpenEnd::Start),
            (_, None) => Some(OpenEnd::End),
            _ => None,
        };
        Value::Range { edtf, from: from.map(|i| self.id(i)), to: to.map(|i| self.id(i)), start, end, open }
    }

    fn comparison_value(&self, comparison: &Comparison) -> Value {
        let metric = comparison.metric.and_then(|(from, to)| self.folded.scan().get(from..to));
        let source = |range: (usize, usize)| {
            let span = self.folded.source_span(range.0..range.1);
            self.folded.source().get(span).map(close_joints)
        };
        let metric = metric.and(comparison.metric).and_then(source).filter(|m| !m.is_empty());
        let points = comparison.points.iter().map(|p| SeriesPoint {
            role: p.role,
            when: p.when.map(|i| self.id(i)),
            note: p.note.and_then(source),
            amounts: p.amounts.iter().map(|&i| self.id(i)).collect(),
        });
        let (outcome, delta) = self.judge(comparison);
        Value::Comparison { metric, points: points.collect(), outcome, delta }
    }

    /// Met or not for a target with a bound, the difference for before and after.
    fn judge(&self, comparison: &Comparison) -> (Option<Outcome>, Option<String>) {
        let number = |p: Option<&Point>| match p.and_then(|p| self.atoms.get(*p.amounts.first()?)).map(|a| &a.what) {
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
        (None, b.value.checked_sub(a.value).map(|d| d.to_string()))
    }
}

/// Whether a target was met; never without a bound: more is not always better.
fn outcome(target: &Number, target_mods: &Mods, actual: &Number, actual_mods: &Mods) -> Outcome {
    use std::cmp::Ordering;
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

fn time_value(time: &Time) -> Value {
    let when = time_to_when(time);
    match (&time.year, time.part) {
        _ if time.bare => Value::Month { month: Some(time.month), day: (time.day > 0).then_some(time.day), when },
        (Year::Civil(_) | Year::BareCivil(_), _) => Value::Date { when },
        (Year::Fiscal(fy), Part::Fiscal { part, .. }) => Value::FiscalPart { fy: Some(*fy), part, when },
        (Year::Fiscal(fy), Part::End) => Value::FiscalPart { fy: Some(*fy), part: FiscalPartName::End, when },
        (Year::Fiscal(fy), _) => Value::FiscalYear { fy: *fy, offset: time.offset, when },
        (_, Part::Fiscal { part, .. }) => Value::FiscalPart { fy: None, part, when },
        _ => Value::FiscalPart { fy: None, part: FiscalPartName::Full, when },
    }
}

fn time_to_when(time: &Time) -> When {
    let days = days(time);
    let fy = match time.year {
        Year::Fiscal(fy) => Some(fy),
        Year::Civil(_) if time.month > 0 => days.map(|d| crate::era::fiscal_year_of_month(d.0.year, d.0.month)),
        _ => None,
    };
    When {
        edtf: edtf(time),
        start: days.map(|d| d.0),
        end: days.map(|d| d.1),
        precision: Some(precision(time)),
        fy,
        written: time.written.clone(),
    }
}

fn precision(time: &Time) -> Precision {
    match time.part {
        Part::Early | Part::Mid | Part::Late => Precision::Jun,
        Part::Season(_) => Precision::Season,
        Part::Fiscal { .. } => Precision::FiscalPart,
        _ if time.day > 0 => Precision::Day,
        _ if time.month > 0 => Precision::Month,
        _ if matches!(time.year, Year::Civil(_) | Year::BareCivil(_)) => Precision::Year,
        _ => Precision::FiscalYear,
    }
}

/// The EDTF of a time; a year that is not known is `XXXX`.
fn edtf(time: &Time) -> String {
    let mut out = String::with_capacity(21);
    let approx = if time.approx { "~" } else { "" };
    let written = match (&time.year, time.part, days(time)) {
        (Year::Fiscal(_), Part::Fiscal { part, at_end }, Some((start, end))) => match part {
            _ if at_end => write!(out, "{end}"),
            FiscalPartName::Start => write!(out, "{start}"),
            FiscalPartName::End => write!(out, "{end}"),
            FiscalPartName::Full => write!(out, "{start}/{end}"),
            _ => write!(out, "{:04}-{:02}/{:04}-{:02}", start.year, start.month, end.year, end.month),
        },
        (Year::Civil(y), Part::Season(season), _) => write!(out, "{y:04}-{season}"),
        (_, Part::Early | Part::Mid | Part::Late, Some((start, end))) => write!(out, "{start}/{end}"),
        (_, Part::End, Some((_, end))) => write!(out, "{end}"),
        (Year::Fiscal(_), _, Some((start, end))) => write!(out, "{start}/{end}"),
        (Year::Civil(y), ..) if time.day > 0 => write!(out, "{y:04}-{:02}-{:02}{approx}", time.month, time.day),
        (Year::Civil(y), ..) if time.month > 0 => write!(out, "{y:04}-{:02}{approx}", time.month),
        (Year::Civil(y), ..) => write!(out, "{y:04}{approx}"),
        (_, part, _) if time.month > 0 => write_unknown_year(&mut out, time, part, approx),
        _ => write!(out, "XXXX"),
    };
    debug_assert!(written.is_ok());
    out
}

fn write_unknown_year(out: &mut String, time: &Time, part: Part, approx: &str) -> std::fmt::Result {
    let m = time.month;
    match part {
        Part::Early => write!(out, "XXXX-{m:02}-01/XXXX-{m:02}-10"),
        Part::Mid => write!(out, "XXXX-{m:02}-11/XXXX-{m:02}-20"),
        Part::Late => write!(out, "XXXX-{m:02}-21/XXXX-{m:02}"),
        _ if time.day > 0 => write!(out, "XXXX-{m:02}-{:02}{approx}", time.day),
        _ => write!(out, "XXXX-{m:02}{approx}"),
    }
}

/// One end of a range: an interval gives its outer day.
fn range_end(time: &Time, last: bool) -> String {
    let whole = edtf(time);
    match whole.split_once('/') {
        Some((from, to)) => (if last { to } else { from }).to_owned(),
        None => whole,
    }
}

fn span_to_iso(span: &Span) -> String {
    let mut iso = String::from("P");
    for (i, (field, letter)) in span.fields.iter().zip(['Y', 'M', 'W', 'D', 'H', 'M', 'S']).enumerate() {
        if i > 3 && !iso.contains('T') && field.is_some() {
            iso.push('T');
        }
        if let Some(n) = field {
            let _ = write!(iso, "{n}{letter}");
        }
    }
    iso
}

fn plain_amount(number: &Number) -> Amount {
    Amount {
        value: number.value.to_string(),
        max: number.max.map(|m| m.to_string()),
        quantum: (number.vague == Vague::No || number.vague == Vague::Order).then(|| Dec::power(number.quantum_exp).to_string()),
        scale: number.scale.map(str::to_owned),
        modifier: None,
    }
}

fn mods_to_model(mods: &Mods) -> Option<NumberModifier> {
    if mods.is_plain() && !mods.plus {
        return None;
    }
    Some(NumberModifier {
        approx: mods.approx,
        bound: mods.bound,
        side: mods.side,
        aggregate: mods.aggregate,
        surface: mods.plus.then(|| "+".to_owned()),
    })
}

fn why_impossible(year: Option<i32>, month: i32, day: Option<i32>) -> String {
    match (year, day) {
        (_, _) if !(1..=12).contains(&month) => format!("there is no month {month}"),
        (Some(y), Some(_)) => format!("{y:04}-{month:02} has {} days", crate::era::days_in_month(y, month as u8)),
        _ => format!("month {month} has no such day"),
    }
}

fn confidence(by: ResolvedBy, flags: Flags, atom: &Atom) -> Confidence {
    let timeless = !matches!(atom.what, What::Time(_) | What::Range(_) | What::Ordinal { .. });
    if flags.has(Flag::GroupingOdd)
        || flags.has(Flag::LowContext)
        || flags.has(Flag::KanjiNumeral) && timeless
        || flags.has(Flag::AmbiguousUnit)
    {
        Confidence::Low
    } else if matches!(by, ResolvedBy::Sentence | ResolvedBy::Report) || flags.has(Flag::AmbiguousYearOrFy) || flags.has(Flag::Vague) {
        Confidence::Medium
    } else if by == ResolvedBy::Unresolved && !matches!(atom.what, What::ImpossibleDate { .. } | What::EraYearZero) {
        Confidence::Low
    } else {
        Confidence::High
    }
}

/// Every flag, in the order of its bits.
const FLAGS: [Flag; 19] = [
    Flag::EraOverrun,
    Flag::EraUnderrun,
    Flag::EraYearZero,
    Flag::ImpossibleDate,
    Flag::PreGregorian,
    Flag::DualMismatch,
    Flag::WeekdayMismatch,
    Flag::CrossesFyEnd,
    Flag::ReversedRange,
    Flag::AmbiguousUnit,
    Flag::AmbiguousYearOrFy,
    Flag::GroupingOdd,
    Flag::KatakanaMinus,
    Flag::Wrapped,
    Flag::Spaced,
    Flag::Vague,
    Flag::UnitFromHeader,
    Flag::KanjiNumeral,
    Flag::LowContext,
];

fn flag_set(flags: Flags) -> BTreeSet<Flag> {
    if flags.is_empty() {
        return BTreeSet::new();
    }
    FLAGS.iter().copied().filter(|f| flags.has(*f)).collect()
}

/// Source words with their blanks and line breaks closed, characters unchanged.
fn close_joints(text: &str) -> String {
    text.split_whitespace().collect()
}
