//! Times as ISO 8601 and EDTF: the strings, precisions and days of a resolved time.

use crate::atom::{Part, Span, Time, Year};
use crate::dec::Ascii;
use crate::resolve::days;
use jisseki_model::{CivilDate, FiscalPartName, Precision, Value, When};
use smol_str::{SmolStr, SmolStrBuilder};

/// The value of a resolved time.
pub(crate) fn time_to_value(time: &Time) -> Value {
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
        Year::Civil(_) if time.month > 0 => days.map(|d| crate::era::fiscal_year_of_month(d.0.year(), d.0.month())),
        _ => None,
    };
    let mut edtf = Ascii::new();
    push_edtf(&mut edtf, time, days);
    When {
        edtf: edtf.finish(),
        start: days.map(|d| d.0),
        end: days.map(|d| d.1),
        precision: Some(precision(time)),
        fy: fy.and_then(|fy| i16::try_from(fy).ok()),
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

/// The EDTF of a time that covers `days`; a year that is not known is `XXXX`.
fn push_edtf(out: &mut Ascii, time: &Time, days: Option<(CivilDate, CivilDate)>) {
    match (&time.year, time.part, days) {
        (Year::Fiscal(_), Part::Fiscal { part, at_end }, Some((start, end))) => match part {
            FiscalPartName::Start if !at_end => out.day(start),
            FiscalPartName::End => out.day(end),
            _ if at_end => out.day(end),
            FiscalPartName::Full => out.days(start, end),
            _ => {
                out.month(start.year(), start.month());
                out.push(b'/');
                out.month(end.year(), end.month());
            }
        },
        (Year::Civil(y), Part::Season(season), _) => out.month(*y, season),
        (_, Part::Early | Part::Mid | Part::Late, Some((start, end))) => out.days(start, end),
        (_, Part::End, Some((_, end))) => out.day(end),
        (Year::Fiscal(_), _, Some((start, end))) => out.days(start, end),
        (Year::Civil(y), ..) => {
            out.year(*y);
            push_month_and_day(out, time);
        }
        (_, part, _) => {
            out.push_str("XXXX");
            match part {
                Part::Early | Part::Mid | Part::Late if time.month > 0 => push_unknown_jun(out, time.month, part),
                _ => push_month_and_day(out, time),
            }
        }
    }
}

/// `-MM` and `-DD` where the time has them, and the mark of 頃.
fn push_month_and_day(out: &mut Ascii, time: &Time) {
    for part in [time.month, time.day].into_iter().filter(|p| *p > 0) {
        out.push(b'-');
        out.two(part);
    }
    if time.approx {
        out.push(b'~');
    }
}

/// A third of a month of an unknown year, after `XXXX`; February's end is left open.
fn push_unknown_jun(out: &mut Ascii, month: u8, part: Part) {
    let (first, last) = match part {
        Part::Early => ("-01/XXXX-", "-10"),
        Part::Mid => ("-11/XXXX-", "-20"),
        _ => ("-21/XXXX-", ""),
    };
    out.push(b'-');
    out.two(month);
    out.push_str(first);
    out.two(month);
    out.push_str(last);
}

/// The EDTF of a range.
pub(crate) fn ends_to_edtf(from: Option<&Time>, to: Option<&Time>) -> SmolStr {
    let mut out = Ascii::new();
    push_end(&mut out, from, false);
    out.push(b'/');
    push_end(&mut out, to, true);
    out.finish()
}

/// One end of a range: of an interval its outer day.
fn push_end(out: &mut Ascii, time: Option<&Time>, last: bool) {
    let Some(time) = time else { return out.push_str("..") };
    let mut whole = Ascii::new();
    push_edtf(&mut whole, time, days(time));
    match whole.as_str().split_once('/') {
        Some((first, end)) => out.push_str(if last { end } else { first }),
        None => out.push_str(whole.as_str()),
    }
}

/// The ISO 8601 form of a duration.
pub(crate) fn span_to_iso(span: &Span) -> SmolStr {
    let mut iso = SmolStrBuilder::new();
    iso.push('P');
    let mut in_time = false;
    for (i, (field, letter)) in span.fields.iter().zip(['Y', 'M', 'W', 'D', 'H', 'M', 'S']).enumerate() {
        let Some(n) = field else { continue };
        if i > 3 && !in_time {
            iso.push('T');
            in_time = true;
        }
        iso.push_str(&n.write());
        iso.push(letter);
    }
    iso.finish()
}
