//! From what is written to which year it means: carried, by a heading, by the column, by the sentence, by the report.

use crate::atom::{Anchor, Atom, Part, Time, What, Year};
use crate::era::{Era, FIRST_GREGORIAN_DAY, Standing, days_in_month, fiscal_year_of_month, is_day, month_in_fiscal_year};
use crate::reader::Piece;
use crate::year::nearest_year;
use jisseki_model::{CivilDate, FiscalPartName, Flag, ResolvedBy, Rule, ScopeSource};

/// A year that governs a place, with where it comes from.
#[derive(Clone, Copy)]
struct Governing {
    fy: i32,
    by: ResolvedBy,
    anchor: Anchor,
}

/// Bytes that a sentence may go on for and still let a year in it speak for a month.
const MAX_SENTENCE: usize = 600;

/// A year written out, by which others are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LastYear {
    /// Where it was written.
    pub(crate) anchor: Anchor,
    /// Where it ends in the scan view; 0 for one of an earlier piece, which begins with the end of another sentence.
    end: usize,
    year: i32,
}

impl LastYear {
    /// The year as the pieces after this one see it, `number` being that of its mention.
    pub(crate) fn of_earlier_piece(self, number: u32) -> LastYear {
        LastYear { anchor: Anchor::Earlier(number), end: 0, ..self }
    }
}

/// What is known while atoms are resolved from left to right.
struct Resolver<'a> {
    text: &'a Piece<'a>,
    /// The last fiscal year written out.
    last_fy: Option<LastYear>,
    /// The last calendar year written out or resolved.
    last_civil: Option<LastYear>,
}

/// Resolves the times of `atoms` in place, after the last fiscal year of the pieces before, and returns the last one then.
pub(crate) fn resolve(atoms: &mut [Atom], text: &Piece<'_>, last_fy: Option<LastYear>) -> Option<LastYear> {
    let mut resolver = Resolver { text, last_fy, last_civil: None };
    for i in 0..atoms.len() {
        let (head, tail) = atoms.split_at_mut(i);
        let Some(atom) = tail.first_mut() else { break };
        resolver.resolve_one(i, atom, head);
    }
    resolver.last_fy
}

impl Resolver<'_> {
    fn resolve_one(&mut self, i: usize, atom: &mut Atom, before: &[Atom]) {
        let (start, end, by, anchor) = (atom.start, atom.end, atom.by, atom.anchor);
        let What::Time(time) = &mut atom.what else { return };
        let found = match &time.year {
            Year::Civil(_) | Year::Fiscal(_) => None,
            Year::BareFiscal(n) => Some(self.era_left_out(*n, start, true)),
            Year::BareCivil(n) => Some(self.era_left_out(*n, start, false)),
            Year::RelFiscal { offset, here } => Some(self.relative_fiscal(*offset, *here, start)),
            Year::RelCivil(offset) => Some(self.relative_civil(*offset, start, time, anchor, before)),
            Year::None => Some(self.bare_month(start, time, anchor, before)),
            Year::PlanEdge { .. } => Some(None),
        };
        match found {
            None => {}
            Some(Some(resolved)) => {
                time.year = resolved.year;
                atom.by = if resolved.by == ResolvedBy::Carried { by.max(ResolvedBy::Carried) } else { resolved.by };
                atom.rule = Some(resolved.rule);
                atom.anchor = resolved.anchor;
            }
            Some(None) => {
                time.unresolved = true;
                atom.by = ResolvedBy::Unresolved;
                atom.rule = Some(unresolved_rule(time));
            }
        }
        self.remember(i, end, time, found_by_itself(atom.by));
        check(atom);
    }

    fn remember(&mut self, i: usize, end: usize, time: &Time, written: bool) {
        let last = |year: i32| Some(LastYear { anchor: Anchor::Atom(i), end, year });
        match time.year {
            Year::Fiscal(fy) if written => (self.last_fy, self.last_civil) = (last(fy), None),
            Year::Civil(y) => self.last_civil = last(y),
            _ => {}
        }
    }

    /// Whether a year stands in the sentence that goes on at `start`.
    fn in_sentence(&self, last: &LastYear, start: usize) -> bool {
        same_sentence(self.text.scan(), last.end, start)
    }

    /// 28年度: the era that lies nearest to the year that governs, or to the last one named.
    fn era_left_out(&self, n: i32, start: usize, fiscal: bool) -> Option<Resolved> {
        let near = self.governing(start).or_else(|| {
            let LastYear { anchor, year: fy, .. } = self.last_fy?;
            Some(Governing { fy, by: ResolvedBy::Sentence, anchor })
        })?;
        let year = nearest_year(n, near.fy)?;
        let year = if fiscal { Year::Fiscal(year) } else { Year::Civil(year) };
        Some(Resolved { year, by: near.by, rule: Rule::NearestEra, anchor: near.anchor })
    }

    fn relative_fiscal(&self, offset: i32, here: bool, start: usize) -> Option<Resolved> {
        let sentence = || {
            let LastYear { anchor, year: fy, .. } = self.last_fy.filter(|last| self.in_sentence(last, start))?;
            Some(Governing { fy, by: ResolvedBy::Sentence, anchor })
        };
        let near = if here { self.governing(start) } else { sentence().or_else(|| self.governing(start)) };
        let published = || {
            let day = self.text.ctx.published?;
            Some(Governing { fy: fiscal_year_of_month(day.year(), day.month()), by: ResolvedBy::Report, anchor: Anchor::None })
        };
        let near = near.or_else(|| if here { published() } else { None })?;
        let rule = if offset == 0 { Rule::ScopeFy } else { Rule::OffsetFromFy };
        Some(Resolved { year: Year::Fiscal(near.fy + offset), by: near.by, rule, anchor: near.anchor })
    }

    /// 翌年３月: from the last calendar year named in the sentence, else from the fiscal year that governs.
    fn relative_civil(&self, offset: i32, start: usize, time: &Time, anchor: Anchor, before: &[Atom]) -> Option<Resolved> {
        if let Anchor::Atom(k) = anchor
            && let Some(Year::Civil(year)) = before.get(k).and_then(Atom::time).map(|t| &t.year)
        {
            return Some(Resolved { year: Year::Civil(year + offset), by: ResolvedBy::Carried, rule: Rule::YearAfterRangeStart, anchor });
        }
        if let Some(LastYear { anchor, year, .. }) = self.last_civil.filter(|last| self.in_sentence(last, start)) {
            return Some(Resolved { year: Year::Civil(year + offset), by: ResolvedBy::Sentence, rule: Rule::OffsetFromYear, anchor });
        }
        let near = self.governing(start)?;
        let year = if offset == 0 { month_in_fiscal_year(near.fy, time.month) } else { near.fy + offset };
        Some(Resolved { year: Year::Civil(year), by: near.by, rule: Rule::OffsetFromFy, anchor: near.anchor })
    }

    fn bare_month(&self, start: usize, time: &Time, anchor: Anchor, before: &[Atom]) -> Option<Resolved> {
        if let Anchor::Atom(k) = anchor
            && let Some(left) = before.get(k).filter(|a| a.time().is_some_and(|t| !t.unresolved))
            && let Some(year) = left.time().and_then(|t| carried_year(t, time))
        {
            let by = if found_by_itself(left.by) { ResolvedBy::Carried } else { left.by };
            return Some(Resolved { year: Year::Civil(year), by, rule: Rule::YearOfNeighbor, anchor });
        }
        let near = self.month_scope(start)?;
        let year = month_in_fiscal_year(near.fy, time.month);
        Some(Resolved { year: Year::Civil(year), by: near.by, rule: Rule::MonthInFy, anchor: near.anchor })
    }

    /// The fiscal year of a bare month: heading, column, then the sentence where its year clearly speaks for the month, then the report.
    fn month_scope(&self, start: usize) -> Option<Governing> {
        let governing = self.governing(start);
        if governing.is_some_and(|g| g.by < ResolvedBy::Sentence) {
            return governing;
        }
        let sentence = self
            .last_fy
            .filter(|last| self.in_sentence(last, start) && (governing.is_none() || speaks_for_month(self.text.scan(), last.end, start)));
        match sentence {
            Some(LastYear { anchor, year: fy, .. }) => Some(Governing { fy, by: ResolvedBy::Sentence, anchor }),
            None => governing,
        }
    }

    /// The innermost heading, else the column, else the report.
    fn governing(&self, start: usize) -> Option<Governing> {
        let mut best: Option<Governing> = None;
        if !self.text.scopes.is_empty() {
            let at = self.text.base + self.text.folded.source_span(start..start + 1).start;
            for (i, scope) in self.text.scopes.iter().enumerate().filter(|(_, s)| s.span.contains(&at)) {
                let by = match scope.source {
                    ScopeSource::Heading => ResolvedBy::GoverningHeading,
                    ScopeSource::Column => ResolvedBy::Column,
                    ScopeSource::Report => ResolvedBy::Report,
                };
                if best.is_none_or(|b| by <= b.by) {
                    best = Some(Governing { fy: scope.fy, by, anchor: Anchor::Scope(i) });
                }
            }
        }
        best.or_else(|| self.text.ctx.report_fy.map(|fy| Governing { fy, by: ResolvedBy::Report, anchor: Anchor::None }))
    }
}

/// A year found, and how.
struct Resolved {
    year: Year,
    by: ResolvedBy,
    rule: Rule,
    anchor: Anchor,
}

fn found_by_itself(by: ResolvedBy) -> bool {
    by <= ResolvedBy::Carried
}

fn unresolved_rule(time: &Time) -> Rule {
    match time.year {
        Year::PlanEdge { last: false } => Rule::FirstFiscalYear,
        Year::PlanEdge { last: true } => Rule::LastFiscalYear,
        Year::BareFiscal(_) | Year::BareCivil(_) => Rule::EraLeftOut,
        Year::RelFiscal { .. } => Rule::RelativeFiscalYear,
        _ => Rule::NoYearKnown,
    }
}

/// The year that a bare month takes from its neighbor on the left.
fn carried_year(left: &Time, right: &Time) -> Option<i32> {
    match left.year {
        Year::Fiscal(fy) => Some(month_in_fiscal_year(fy, right.month)),
        // A month that goes down lies in the next year.
        Year::Civil(y) if left.month > 0 => {
            Some(y + i32::from((right.month, right.day.max(1)) < (left.month, if right.day > 0 { left.day } else { 0 })))
        }
        Year::Civil(y) => Some(y),
        _ => None,
    }
}

/// Whether no sentence ends between two places.
pub(crate) fn same_sentence(scan: &str, from: usize, to: usize) -> bool {
    let Some(gap) = scan.get(from..to) else { return false };
    if gap.len() > MAX_SENTENCE || gap.contains('。') {
        return false;
    }
    let mut lines = gap.split('\n');
    lines.next();
    !lines.any(|l| {
        let l = l.trim_start();
        l.is_empty() && gap.contains("\n\n") || l.starts_with(['・', '○', '●', '◎', '■', '□', '◆', '◇', '※', '＜', '【', '①', '②', '③'])
    })
}

/// Whether a fiscal year speaks for a month later in its sentence: it is its topic (は, には, においては), and the month stands in no bracket of its own.
fn speaks_for_month(scan: &str, end: usize, start: usize) -> bool {
    let gap = scan.get(end..start).unwrap_or_default();
    const TOPICS: [&str; 6] = ["は", "には", "では", "においては", "中は", "中に"];
    TOPICS.iter().any(|t| gap.starts_with(t)) && !gap.contains('(')
}

/// The first and last day that a resolved time covers.
pub(crate) fn days(time: &Time) -> Option<(CivilDate, CivilDate)> {
    let date = CivilDate::new;
    let month = |year: i32, month: u8| (date(year, month, 1), date(year, month, days_in_month(year, month)));
    match time.year {
        Year::Fiscal(fy) => Some(match time.part {
            Part::Fiscal { part, at_end } => {
                let (from, to) = match part {
                    FiscalPartName::H1 => (4, 9),
                    FiscalPartName::H2 => (10, 3),
                    FiscalPartName::Q1 => (4, 6),
                    FiscalPartName::Q2 => (7, 9),
                    FiscalPartName::Q3 => (10, 12),
                    FiscalPartName::Q4 => (1, 3),
                    FiscalPartName::Start => return Some((date(fy, 4, 1), date(fy, 4, 1))),
                    FiscalPartName::End => return Some((date(fy + 1, 3, 31), date(fy + 1, 3, 31))),
                    FiscalPartName::Full => (4, 3),
                };
                let last = month(month_in_fiscal_year(fy, to), to).1;
                (if at_end { last } else { month(month_in_fiscal_year(fy, from), from).0 }, last)
            }
            Part::End => (date(fy + 1, 3, 31), date(fy + 1, 3, 31)),
            _ => (date(fy, 4, 1), date(fy + 1, 3, 31)),
        }),
        Year::Civil(y) if time.month == 0 => Some(match time.part {
            Part::Season(21) => (date(y, 3, 1), month(y, 5).1),
            Part::Season(22) => (date(y, 6, 1), month(y, 8).1),
            Part::Season(23) => (date(y, 9, 1), month(y, 11).1),
            Part::Season(24) => (date(y, 12, 1), month(y + 1, 2).1),
            Part::End => (date(y, 12, 31), date(y, 12, 31)),
            _ => (date(y, 1, 1), date(y, 12, 31)),
        }),
        Year::Civil(y) if time.day > 0 => Some((date(y, time.month, time.day), date(y, time.month, time.day))),
        Year::Civil(y) => {
            let (first, last) = month(y, time.month);
            Some(match time.part {
                Part::Early => (first, date(y, time.month, 10)),
                Part::Mid => (date(y, time.month, 11), date(y, time.month, 20)),
                Part::Late => (date(y, time.month, 21), last),
                Part::End => (last, last),
                _ => (first, last),
            })
        }
        _ => None,
    }
}

/// Settles what a year decides: 末日, days that do not exist, eras that do not hold, days before the Gregorian calendar.
fn check(atom: &mut Atom) {
    let What::Time(time) = &mut atom.what else { return };
    if let (Year::Civil(y), Part::LastDay) = (&time.year, time.part) {
        (time.day, time.part) = (days_in_month(*y, time.month), Part::Whole);
    }
    if let Year::Civil(y) = time.year
        && time.day > 0
        && !is_day(y, time.month, time.day)
    {
        atom.what = What::ImpossibleDate { year: Some(y), month: i32::from(time.month), day: Some(i32::from(time.day)) };
        atom.flags.insert(Flag::ImpossibleDate);
        return;
    }
    let Some((start, end)) = days(time) else { return };
    if let Some(era) = time.written.as_ref().and_then(|w| w.era) {
        // A part of a fiscal year bears the name of the whole.
        let named = match time.year {
            Year::Fiscal(fy) => (CivilDate::new(fy, 4, 1), CivilDate::new(fy + 1, 3, 31)),
            _ => (start, end),
        };
        let standing = Era::of(era).holds(named.0, named.1);
        atom.flags.insert_if(standing == Standing::After, Flag::EraOverrun);
        atom.flags.insert_if(standing == Standing::Before, Flag::EraUnderrun);
        let month_or_day = time.month > 0;
        if month_or_day && end < FIRST_GREGORIAN_DAY {
            // A lunisolar day has no place in this calendar that the text gives; the year has.
            (time.month, time.day, time.part) = (0, 0, Part::Whole);
            atom.flags.insert(Flag::PreGregorian);
        }
    }
}
