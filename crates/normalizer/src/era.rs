//! The era table and the civil calendar: everything about dates that needs no text.
//!
//! *Invariant:* arithmetic is lenient, flags are loud: 平成32年 is 2020, and whether the era still held then is a question of its own ([`Era::holds`]).

use jisseki_model::{CivilDate, EraName};

/// One era (元号).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Era {
    /// Its name.
    pub name: EraName,
    /// As written: 令和.
    pub word: &'static str,
    /// One kanji: 令.
    pub short: char,
    /// One letter: R.
    pub letter: char,
    /// Its first day.
    pub start: CivilDate,
    /// Its last day; none for the era that lasts.
    pub last: Option<CivilDate>,
    /// The Gregorian year of its year 1 (元年).
    pub first_year: i32,
}

const fn date(year: i32, month: u8, day: u8) -> CivilDate {
    CivilDate::new(year, month, day)
}

/// The eras since 1868, in their order. Two eras hold on the day of a change in 1912 and 1926 (the edict took effect within the day); a new era is a new
/// row. Source: the edicts; 元号法 (1979) for Heisei and Reiwa.
pub const ERAS: [Era; 5] = [
    era(EraName::Meiji, "明治", '明', 'M', date(1868, 10, 23), Some(date(1912, 7, 30)), 1868),
    era(EraName::Taisho, "大正", '大', 'T', date(1912, 7, 30), Some(date(1926, 12, 25)), 1912),
    era(EraName::Showa, "昭和", '昭', 'S', date(1926, 12, 25), Some(date(1989, 1, 7)), 1926),
    era(EraName::Heisei, "平成", '平', 'H', date(1989, 1, 8), Some(date(2019, 4, 30)), 1989),
    era(EraName::Reiwa, "令和", '令', 'R', date(2019, 5, 1), None, 2019),
];

const fn era(
    name: EraName,
    word: &'static str,
    short: char,
    letter: char,
    start: CivilDate,
    last: Option<CivilDate>,
    first_year: i32,
) -> Era {
    Era { name, word, short, letter, start, last, first_year }
}

/// The first day on which Japan counted by the Gregorian calendar: dates before it are lunisolar.
pub const FIRST_GREGORIAN_DAY: CivilDate = date(1873, 1, 1);

/// How a span of days lies to an era.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// At least one of the days lies in it.
    Within,
    /// All lie after its last day.
    After,
    /// All lie before its first.
    Before,
}

impl Era {
    /// Returns the row of an era.
    pub fn of(name: EraName) -> &'static Era {
        match name {
            EraName::Meiji => &ERAS[0],
            EraName::Taisho => &ERAS[1],
            EraName::Showa => &ERAS[2],
            EraName::Heisei => &ERAS[3],
            EraName::Reiwa => &ERAS[4],
        }
    }

    /// Returns the Gregorian year of a year of this era (1 for 元年), without asking whether the era lasted that long.
    pub fn year(&self, n: i32) -> i32 {
        self.first_year + n - 1
    }

    /// Returns whether any day from `start` to `end` lies in this era.
    pub fn holds(&self, start: CivilDate, end: CivilDate) -> Standing {
        if end < self.start {
            Standing::Before
        } else if self.last.is_some_and(|last| start > last) {
            Standing::After
        } else {
            Standing::Within
        }
    }
}

/// Returns the era and its year on a day: the later era where two hold; none before Meiji.
///
/// ```
/// use jisseki_normalizer::{CivilDate, EraName, era::to_era};
/// assert_eq!(to_era(CivilDate::new(2019, 5, 1)), Some((EraName::Reiwa, 1)));
/// assert_eq!(to_era(CivilDate::new(2019, 4, 30)), Some((EraName::Heisei, 31)));
/// ```
pub fn to_era(day: CivilDate) -> Option<(EraName, i32)> {
    let era = ERAS.iter().rev().find(|e| e.start <= day)?;
    Some((era.name, day.year() - era.first_year + 1))
}

/// Returns whether a Gregorian year has a 29th of February.
pub fn is_leap_year(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Returns how many days a month has; 0 for what is no month.
pub fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap_year(year) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Returns whether such a day exists.
pub fn is_day(year: i32, month: u8, day: u8) -> bool {
    day >= 1 && day <= days_in_month(year, month)
}

/// Returns the fiscal year (年度, from April) that a month of a calendar year lies in.
pub fn fiscal_year_of_month(year: i32, month: u8) -> i32 {
    year - i32::from(month < 4)
}

/// Returns the calendar year in which a month of a fiscal year lies.
pub fn month_in_fiscal_year(fy: i32, month: u8) -> i32 {
    fy + i32::from(month < 4)
}

/// Returns the weekday of a Gregorian day, 0 for Monday to 6 for Sunday.
///
/// Source: Zeller's congruence in Sakamoto's form.
pub fn weekday(day: CivilDate) -> u8 {
    const SHIFT: [i32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let y = day.year() - i32::from(day.month() < 3);
    let shift = SHIFT.get(usize::from(day.month()).wrapping_sub(1)).copied().unwrap_or(0);
    let from_sunday = (y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + shift + i32::from(day.day())).rem_euclid(7);
    ((from_sunday + 6) % 7) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_from_1873_to_2100_survives_the_way_to_its_era_and_back() {
        let (mut n, mut day_of_week) = (0, weekday(FIRST_GREGORIAN_DAY));
        assert_eq!(day_of_week, 2, "1873-01-01 was a Wednesday");
        for year in 1873..=2100 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    let day = CivilDate::new(year, month, day);
                    let (name, era_year) = to_era(day).unwrap();
                    let era = Era::of(name);
                    assert_eq!(era.year(era_year), year);
                    assert_eq!(era.holds(day, day), Standing::Within, "{day}");
                    assert!(era_year >= 1);
                    assert_eq!(weekday(day), day_of_week, "{day}");
                    day_of_week = (day_of_week + 1) % 7;
                    n += 1;
                }
            }
        }
        assert_eq!(n, 83_275);
    }

    #[test]
    fn eras_follow_each_other() {
        for pair in ERAS.windows(2) {
            let last = pair[0].last.unwrap();
            assert!(pair[1].start >= last && pair[0].first_year < pair[1].first_year);
            assert_eq!(pair[1].start.year(), pair[1].first_year);
        }
        assert_eq!(weekday(date(2019, 6, 1)), 5, "a Saturday");
        assert_eq!(weekday(date(2020, 1, 27)), 0, "a Monday");
    }
}
