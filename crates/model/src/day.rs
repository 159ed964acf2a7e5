//! A day in one word.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::num::NonZeroU32;

/// A civil (proleptic Gregorian) date, `YYYY-MM-DD` in JSON.
///
/// It takes four bytes, and so does an `Option` of it: a text has a mention in every hundred bytes, and most of them have two days.
///
/// ```
/// use jisseki_model::CivilDate;
/// let day = CivilDate::new(2019, 5, 1);
/// assert_eq!((day.year(), day.month(), day.day()), (2019, 5, 1));
/// assert!(day > CivilDate::new(2019, 4, 30) && day > CivilDate::new(-1, 12, 31));
/// assert_eq!(day.to_string(), "2019-05-01");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
// Year, month and day from the highest bit down, so that days compare as their words do.
pub struct CivilDate(NonZeroU32);

const DAY_BITS: u32 = 5;
const MONTH_BITS: u32 = 4;
const YEAR_SHIFT: u32 = DAY_BITS + MONTH_BITS;
/// Added to the year, so that the word of a year before 0 is positive, too, and none is 0.
const YEAR_BIAS: i32 = 1 << (31 - YEAR_SHIFT);
/// The last year that the word has room for; the first is one after its negative.
const LAST_YEAR: i32 = YEAR_BIAS - 1;

impl CivilDate {
    /// A day, without asking whether it exists. Years go from −4,194,303 to 4,194,303; what is beyond is the nearest that can be told.
    #[inline]
    pub const fn new(year: i32, month: u8, day: u8) -> CivilDate {
        let year = if year > LAST_YEAR {
            LAST_YEAR
        } else if year < -LAST_YEAR {
            -LAST_YEAR
        } else {
            year
        };
        let month = if month > 15 { 15 } else { month };
        let day = if day > 31 { 31 } else { day };
        let word = ((year + YEAR_BIAS) as u32) << YEAR_SHIFT | (month as u32) << DAY_BITS | day as u32;
        match NonZeroU32::new(word) {
            Some(word) => CivilDate(word),
            None => CivilDate(NonZeroU32::MIN),
        }
    }

    /// The year.
    #[inline]
    pub const fn year(self) -> i32 {
        (self.0.get() >> YEAR_SHIFT) as i32 - YEAR_BIAS
    }

    /// The month, from 1.
    #[inline]
    pub const fn month(self) -> u8 {
        (self.0.get() >> DAY_BITS & 15) as u8
    }

    /// The day of the month, from 1.
    #[inline]
    pub const fn day(self) -> u8 {
        (self.0.get() & 31) as u8
    }
}

impl std::fmt::Display for CivilDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl std::fmt::Debug for CivilDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

fn four_digit_day(year: u16, month: u8, day: u8) -> [u8; 10] {
    let digit = |n: u16| b'0' + (n % 10) as u8;
    let pair = |n: u16| [digit(n / 10), digit(n)];
    let ([a, b], [c, d], [e, f], [g, h]) = (pair(year / 100), pair(year), pair(month.into()), pair(day.into()));
    [a, b, c, d, b'-', e, f, b'-', g, h]
}

impl Serialize for CivilDate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        // Most mentions have two: a year of four digits is written without the machinery of formats.
        match u16::try_from(self.year()).ok().filter(|y| *y < 10_000) {
            Some(year) => s.serialize_str(str::from_utf8(&four_digit_day(year, self.month(), self.day())).unwrap_or_default()),
            None => s.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for CivilDate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        let mut parts = text.splitn(3, '-').map(str::parse::<u16>);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(Ok(y)), Some(Ok(m)), Some(Ok(d))) if (1..=12).contains(&m) && (1..=31).contains(&d) => {
                Ok(CivilDate::new(i32::from(y), m as u8, d as u8))
            }
            _ => Err(serde::de::Error::custom(format_args!("`{text}` is no YYYY-MM-DD"))),
        }
    }
}

impl JsonSchema for CivilDate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(year: i32, month: u8, day: u8, expected: (i32, u8, u8)) {
        let found = CivilDate::new(year, month, day);
        assert_eq!((found.year(), found.month(), found.day()), expected);
    }

    #[test]
    fn a_day_keeps_its_parts() {
        check(1868, 10, 23, (1868, 10, 23));
        check(0, 1, 1, (0, 1, 1));
        check(-44, 3, 15, (-44, 3, 15));
        check(LAST_YEAR, 12, 31, (LAST_YEAR, 12, 31));
        check(-LAST_YEAR, 1, 1, (-LAST_YEAR, 1, 1));
        check(i32::MAX, 12, 31, (LAST_YEAR, 12, 31));
        check(i32::MIN, 0, 0, (-LAST_YEAR, 0, 0));
        assert_eq!(size_of::<Option<CivilDate>>(), 4);
    }

    #[test]
    fn four_digits_are_written_as_they_are_displayed() {
        for (year, month, day) in [(0, 1, 1), (7, 12, 31), (868, 10, 3), (2019, 5, 1), (9999, 12, 31)] {
            let text = four_digit_day(year, month, day);
            assert_eq!(str::from_utf8(&text), Ok(CivilDate::new(i32::from(year), month, day).to_string().as_str()));
        }
    }
}
