//! The anchored parser of dates, years and months.

use crate::atom::{Atom, Part, Time, What, Year};
use crate::chain::{chain, mark};
use crate::cursor::{Cursor, char_before, is_kanji, joint_start, one_of};
use crate::era::{Era, is_day};
use crate::find::Finder;
use crate::link::UNTIL;
use crate::parts::{fiscal_part, month_part, season, weekday_in_brackets};
use crate::year::{YearToken, digits, nearest_year, year};
use jisseki_model::{CivilDate, Flag, ResolvedBy, Rule};

impl Finder<'_> {
    /// Reads what begins with a year at `start`: a fiscal year, a date, a chain of years.
    pub(crate) fn year_at(&mut self, start: usize) -> Option<usize> {
        let mut c = Cursor::new(self.scan, start);
        let token = year(&mut c)?;
        let token_end = c.at;
        // A number without an era is a year only before one of these.
        if matches!(token, YearToken::Bare { .. })
            && !c
                .peek_over_joint()
                .is_some_and(|l| matches!(l, '年' | '(' | '~' | '-' | 'ー' | '、' | ',' | '・' | '，' | '及' | '並' | 'と' | '･'))
        {
            return None;
        }
        let dual = bracket_year(&mut c);
        if c.eat_spread("年度") || c.eat_spread("会計年度") {
            return self.fiscal(start, c, token, dual);
        }
        if c.eat_over_joint("年") {
            return self.civil(start, c, token, dual);
        }
        c.at = token_end;
        self.year_chain(start, c, token).or_else(|| self.dotted(start, c, token)).or_else(|| self.standalone(start, c, token))
    }

    fn fiscal(&mut self, start: usize, mut c: Cursor<'_>, token: YearToken, dual: Option<i32>) -> Option<usize> {
        let dual = dual.or_else(|| bracket_year(&mut c));
        if era_year_zero(token) {
            return Some(self.push_zero(start, c.at));
        }
        let mut time = Time::of(match token {
            YearToken::Bare { n: 0, .. } => return None,
            // 過去２年度間 is a span.
            YearToken::Bare { .. } if c.peek() == Some('間') => return None,
            YearToken::Bare { n, .. } => Year::BareFiscal(n),
            _ => Year::Fiscal(token.year()?),
        });
        time.part = fiscal_part(&mut c);
        Some(self.push_year(start, c.at, time, token, dual))
    }

    fn civil(&mut self, start: usize, mut c: Cursor<'_>, token: YearToken, dual: Option<i32>) -> Option<usize> {
        let dual = dual.or_else(|| bracket_year(&mut c));
        let year = match token {
            YearToken::Bare { n: 0, .. } => return None,
            YearToken::Bare { n, .. } => Year::BareCivil(n),
            _ => Year::Civil(token.year()?),
        };
        let before = self.atoms.len();
        let mut time = Time::of(year);
        time.written = Some(token.written());
        // 2021年/7月.
        if c.peek() == Some('/') && chain(&mut Cursor::new(c.scan, c.at + 1), "月", "間曜", false).is_some() {
            c.at += 1;
        }
        let end = self.months(start, &mut c, &time, true);
        if end.is_none() && era_year_zero(token) {
            return Some(self.push_zero(start, c.at));
        }
        if let Some(end) = end {
            if era_year_zero(token) {
                self.atoms.truncate(before);
                return Some(self.push_zero(start, end));
            }
            if let Some(atom) = self.atoms.get_mut(before) {
                atom.flags.insert_if(dual.is_some() && dual != token.year(), Flag::DualMismatch);
            }
            return Some(end);
        }
        // A number of years without an era is a duration.
        if matches!(token, YearToken::Bare { .. }) {
            return None;
        }
        if let Some(season) = season(&mut c) {
            time.part = Part::Season(season);
        } else if c.peek() == Some('末') && !c.rest().starts_with("末年") {
            c.at += '末'.len_utf8();
            time.part = Part::End;
        }
        time.approx = c.eat("頃") || c.eat("ごろ");
        Some(self.push_year(start, c.at, time, token, dual))
    }

    fn push_year(&mut self, start: usize, end: usize, mut time: Time, token: YearToken, dual: Option<i32>) -> usize {
        time.written = Some(token.written());
        let mut atom = Atom::new(start, end, What::Time(time));
        atom.flags.insert_if(dual.is_some() && token.year().is_some() && dual != token.year(), Flag::DualMismatch);
        self.push(atom)
    }

    fn push_zero(&mut self, start: usize, end: usize) -> usize {
        let mut atom = Atom::new(start, end, What::EraYearZero);
        atom.flags.insert(Flag::EraYearZero);
        self.push(atom)
    }

    /// Years that share a unit or an era: 平成28～30年度, 平成28～令和元年度, 2016、2017年度, 28・29年度.
    fn year_chain(&mut self, start: usize, c: Cursor<'_>, first: YearToken) -> Option<usize> {
        let mut links = [(start, c.at, first); 8];
        let (mut n, mut ahead) = (1, c);
        let fiscal = loop {
            if !mark(&mut ahead) {
                return None;
            }
            let from = ahead.at;
            let token = year(&mut ahead)?;
            *links.get_mut(n)? = (from, ahead.at, token);
            n += 1;
            if ahead.eat_spread("年度") {
                break true;
            }
            if ahead.eat_over_joint("年") && !ahead.rest().starts_with(['間', '生', '代', '目']) {
                break false;
            }
        };
        let links = links.get_mut(..n)?;
        if links.iter().any(|l| era_year_zero(l.2)) || (!fiscal && matches!(first, YearToken::Bare { .. })) {
            return None;
        }
        let part = if fiscal { fiscal_part(&mut ahead) } else { Part::Whole };
        if let Some(last) = links.last_mut() {
            last.1 = ahead.at;
        }
        let mut before: Option<(YearToken, i32)> = None;
        for (i, &(from, to, token)) in links.iter().enumerate() {
            let year = carried_year(token, before);
            let mut time = Time::of(match (year, token, fiscal) {
                (Some(y), _, true) => Year::Fiscal(y),
                (Some(y), _, false) => Year::Civil(y),
                (None, YearToken::Bare { n, .. }, true) => Year::BareFiscal(n),
                (None, ..) => return None,
            });
            let last = i + 1 == n;
            time.part = if last { part } else { Part::Whole };
            time.written = Some(token.written());
            let mut atom = Atom::new(from, to, What::Time(time));
            // The unit or the era is written in a neighbor.
            if !last || matches!(token, YearToken::Bare { .. }) {
                atom.by = ResolvedBy::Carried;
                atom.rule = Some(if last { Rule::EraOfNeighbor } else { Rule::UnitOfNeighbor });
            }
            self.push(atom);
            before = year.map(|y| (if matches!(token, YearToken::Bare { .. }) { before.map_or(token, |b| b.0) } else { token }, y));
        }
        Some(ahead.at)
    }

    /// 2019/6/1, R2.3.31, H28.4: month and day after separators.
    fn dotted(&mut self, start: usize, c: Cursor<'_>, token: YearToken) -> Option<usize> {
        let is_era = matches!(token, YearToken::Era { .. });
        if matches!(token, YearToken::Bare { .. }) {
            return None;
        }
        let sep = c.peek().filter(|s| matches!(s, '.' | '/' | '-' | '・'))?;
        let mut c = c;
        let part = |c: &mut Cursor<'_>| -> Option<(i32, usize)> {
            (c.peek() == Some(sep)).then(|| c.at += sep.len_utf8())?;
            if is_era {
                c.joint();
            }
            digits(c).filter(|d| d.1 <= 2)
        };
        let (month, month_digits) = part(&mut c)?;
        let after_month = c.at;
        let day = part(&mut c);
        let next = c.peek();
        if next.is_some_and(|l| l.is_ascii_alphanumeric() || l == '%')
            || c.rest().starts_with(['.', '/', '-']) && c.rest().as_bytes().get(1).is_some_and(u8::is_ascii_digit)
        {
            return None;
        }
        let mut time = Time::of(Year::Civil(token.year()?));
        time.written = Some(token.written());
        let low = match day {
            Some((day, _)) => {
                time.day = u8::try_from(day).ok()?;
                false
            }
            None if sep == '・' || month_digits == 0 => return None,
            None if is_era && sep != '-' => false,
            None if !is_era && (sep == '/' || sep == '-' && month_digits == 2) => true,
            None => return None,
        };
        if day.is_none() {
            c.at = after_month;
        }
        time.month = u8::try_from(month).ok()?;
        let exists = if day.is_some() { is_day(token.year()?, time.month, time.day) } else { (1..=12).contains(&time.month) };
        if !exists {
            let impossible = What::ImpossibleDate { year: token.year(), month, day: day.map(|d| d.0) };
            return is_era.then(|| self.push_impossible(start, c.at, impossible));
        }
        let mut atom = Atom::new(start, c.at, What::Time(time));
        atom.flags.insert_if(low, Flag::LowContext);
        self.weekday(&mut atom);
        Some(self.push(atom))
    }

    /// H30, R元 or 平成30 without 年: a fiscal year where the text goes on as it does after one.
    fn standalone(&mut self, start: usize, mut c: Cursor<'_>, token: YearToken) -> Option<usize> {
        let YearToken::Era { era, n, .. } = token else { return None };
        let letter = c.scan.get(start..)?.chars().next()?.is_ascii_alphabetic();
        // M2 and T1 are chips and lines far oftener than years; S63 is a year, S3 is none.
        let old = matches!(Era::of(era).letter, 'M' | 'T') || (Era::of(era).letter == 'S' && n < 10);
        // A kanji numeral may go on in the next line (大正十⏎三年).
        let goes_on = c.peek_over_joint().is_some_and(|l| l == '十' || crate::num::kanji_digit(l).is_some());
        if n == 0 || (letter && old) || goes_on || !may_end_a_year(c.rest()) {
            return None;
        }
        let mut time = Time::of(Year::Fiscal(token.year()?));
        if c.peek() == Some('末') {
            c.at += '末'.len_utf8();
            time.part = Part::End;
        }
        time.written = Some(token.written());
        let mut atom = Atom::new(start, c.at, What::Time(time));
        atom.flags.insert(Flag::AmbiguousYearOrFy);
        Some(self.push(atom))
    }

    /// Reads months (and days) after a year, or bare ones; `time` holds the year. `explicit` for a written year, after which an impossible month is kept.
    pub(crate) fn months(&mut self, start: usize, c: &mut Cursor<'_>, time: &Time, explicit: bool) -> Option<usize> {
        let found = chain(c, "月", "間曜", true)?;
        let links = found.links();
        let impossible = links.iter().find(|l| !(1..=12).contains(&l.n));
        if let Some(link) = impossible {
            let year = match time.year {
                Year::Civil(y) => Some(y),
                _ => None,
            };
            return explicit.then(|| self.push_impossible(start, c.at, What::ImpossibleDate { year, month: link.n, day: None }));
        }
        let (last, heads) = links.split_last()?;
        for (i, link) in heads.iter().enumerate() {
            let from = if i == 0 { start } else { link.start };
            let mut head = time.clone();
            head.month = link.n as u8;
            let mut atom = Atom::new(from, link.end, What::Time(head));
            atom.by = ResolvedBy::Carried;
            atom.rule = Some(Rule::UnitOfNeighbor);
            self.push(atom);
        }
        let mut tail = time.clone();
        tail.month = last.n as u8;
        let from = if heads.is_empty() { start } else { last.start };
        let carried = !heads.is_empty() && !time.bare;
        Some(self.days(from, c, tail, carried))
    }

    /// Reads the days of a month that has been read, or the part of the month, or nothing more.
    fn days(&mut self, start: usize, c: &mut Cursor<'_>, time: Time, carried: bool) -> usize {
        let mut atom = Atom::new(start, c.at, What::Time(time.clone()));
        if carried {
            atom.by = ResolvedBy::Carried;
            atom.rule = Some(Rule::YearOfNeighbor);
        }
        let Some(found) = chain(c, "日", "間", true) else {
            let (part, approx) = month_part(c);
            atom.what = What::Time(Time { part, approx, ..time });
            atom.end = c.at;
            return self.push(atom);
        };
        let mut first = true;
        let mut links = found;
        loop {
            for link in links.links() {
                let mut day = atom.clone();
                if !first {
                    day.start = link.start;
                    day.by = ResolvedBy::Carried;
                    day.rule = Some(Rule::MonthOfNeighbor);
                }
                day.end = link.end;
                self.push_day(day, &time, link.n);
                first = false;
            }
            let last = self.atoms.last().map_or(c.at, |a| a.end);
            let mut ahead = Cursor::new(c.scan, last);
            let until = ahead.eat_over_joint("から");
            if !until && !mark(&mut ahead) {
                return last;
            }
            // ～30日, から30日まで: the month is carried. A chain that is no list of days is left to the next hit.
            match chain(&mut ahead, "日", "間", true) {
                Some(more) if !until || UNTIL.iter().any(|w| ahead.eat_over_joint(w)) => links = more,
                _ => return last,
            }
        }
    }

    fn push_day(&mut self, mut atom: Atom, time: &Time, day: i32) {
        let mut time = time.clone();
        let year = match time.year {
            Year::Civil(y) => Some(y),
            _ => None,
        };
        // Of a year that is not known yet, 2月29日 may exist.
        let exists = u8::try_from(day).is_ok_and(|d| is_day(year.unwrap_or(2000), time.month, d));
        if !exists {
            let what = What::ImpossibleDate { year, month: i32::from(time.month), day: Some(day) };
            self.push_impossible(atom.start, atom.end, what);
            return;
        }
        time.day = day as u8;
        atom.what = What::Time(time);
        self.weekday(&mut atom);
        self.push(atom);
    }

    /// Takes the weekday in brackets after a day into its atom and checks it.
    fn weekday(&self, atom: &mut Atom) {
        let Some(time) = atom.time() else { return };
        let mut c = Cursor::new(self.scan, atom.end);
        let (Year::Civil(year), true) = (&time.year, time.day > 0) else { return };
        let Some(written) = weekday_in_brackets(&mut c) else { return };
        let real = crate::era::weekday(CivilDate::new(*year, time.month, time.day));
        atom.flags.insert_if(written != real, Flag::WeekdayMismatch);
        atom.end = c.at;
    }

    fn push_impossible(&mut self, start: usize, end: usize, what: What) -> usize {
        let mut atom = Atom::new(start, end, what);
        atom.flags.insert(Flag::ImpossibleDate);
        self.push(atom)
    }

    /// A month without a year at `start`; `kanji` for kanji numerals, of which one sign alone must look like a month.
    pub(crate) fn bare_month(&mut self, start: usize, kanji: bool) -> Option<usize> {
        let mut c = Cursor::new(self.scan, start);
        if kanji && !kanji_month_stands(c) {
            return None;
        }
        if not_of_a_year(self.scan, start) {
            return None;
        }
        let (from, year) = match self.before(start) {
            Some(('翌', at)) => (at, Year::RelCivil(1)),
            _ => (start, Year::None),
        };
        let mut time = Time::of(year);
        time.bare = true;
        self.months(from, &mut c, &time, false)
    }
}

/// Whether the months at `start` are a span of time: 44歳8月 is an age, 過去３月 the time before.
fn not_of_a_year(scan: &str, start: usize) -> bool {
    scan.get(..joint_start(scan, start)).is_some_and(|head| head.ends_with(['歳', '才']) || head.ends_with("過去"))
}

/// Whether 五月 and its like stand for the month: two signs, a day after it, or the end of a word on both sides.
fn kanji_month_stands(c: Cursor<'_>) -> bool {
    let mut ahead = c;
    let from = ahead.at;
    if crate::year::small_kanji_number(&mut ahead).is_none() {
        return false;
    }
    let signs = (ahead.at - from) / 3;
    let kanji_before = char_before(c.scan, from).is_some_and(|(l, _)| is_kanji(l));
    if !ahead.eat("月") || kanji_before {
        return false;
    }
    let day = chain(&mut ahead.clone(), "日", "間", true).is_some();
    let next = ahead.peek();
    signs > 1
        || day
        || next.is_none_or(|l| one_of(l, "~)、。に末上中下頃の分以,\n"))
        || ahead.rest().starts_with("から")
        || ahead.rest().starts_with("まで")
}

/// A year in brackets after a year, 令和元（2019）年度 or 令和元年度（2019年度）; stays where it is if there is none.
fn bracket_year(c: &mut Cursor<'_>) -> Option<i32> {
    let mut ahead = *c;
    if ahead.peek_over_joint() != Some('(') || !ahead.eat_over_joint("(") {
        return None;
    }
    ahead.joint();
    let found = year(&mut ahead)?.year()?;
    if !ahead.eat_spread("年度") {
        ahead.eat_over_joint("年");
    }
    if !ahead.eat_over_joint(")") {
        return None;
    }
    *c = ahead;
    Some(found)
}

fn era_year_zero(token: YearToken) -> bool {
    matches!(token, YearToken::Era { n: 0, .. })
}

/// The year of a chain's link: its own, or by the era (or century) of the link before it.
fn carried_year(token: YearToken, before: Option<(YearToken, i32)>) -> Option<i32> {
    let YearToken::Bare { n, .. } = token else { return token.year() };
    let (left, year) = before?;
    let same = match left {
        YearToken::Era { era, .. } => Era::of(era).year(n),
        YearToken::Gregorian(_) => year - year.rem_euclid(100) + n,
        YearToken::Bare { .. } => return None,
    };
    // 平成30～2年度: the numbers start again with the next era.
    if same >= year { Some(same) } else { nearest_year(n, year) }
}

/// Whether what follows a short year leaves it a year: the end, a mark, or a word that years are followed by.
fn may_end_a_year(rest: &str) -> bool {
    const WORDS: [&str; 10] = ["目標", "実績", "末", "比", "から", "まで", "以降", "現在", "計画", "見込"];
    match rest.chars().next() {
        None => true,
        Some('.' | '/' | '-') => !rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit),
        Some(l) => one_of(l, " \n\t)(:⇒、。,~・】」』〕]のにはをがも|│") || WORDS.iter().any(|w| rest.starts_with(w)),
    }
}
