//! What the parser finds, before it is resolved and written out: small values without text of their own.

use crate::dec::Dec;
use crate::num::Number;
use crate::org::Org;
use crate::units::Noun;
use jisseki_model::{Aggregate, Bound, ChangeDirection, FiscalPartName, FlagSet, ModifierSide, ResolvedBy, Rule, Written};

/// Which year a time is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Year {
    /// None is written.
    None,
    /// A calendar year.
    Civil(i32),
    /// A fiscal year.
    Fiscal(i32),
    /// A fiscal year whose era is left out (28年度).
    BareFiscal(i32),
    /// A calendar year whose era is left out (28年12月).
    BareCivil(i32),
    /// So many fiscal years from the one that is spoken of (翌年度); `here` for 今, 本 and 当, which never look at the sentence.
    RelFiscal { offset: i32, here: bool },
    /// So many calendar years from the last one that was named (翌年３月).
    RelCivil(i32),
    /// The first or last year of a plan.
    PlanEdge { last: bool },
}

/// Which part of a year or month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    /// 末.
    End,
    /// 末日: the last day, as a day.
    LastDay,
    /// 上旬.
    Early,
    /// 中旬.
    Mid,
    /// 下旬.
    Late,
    /// A named part of a fiscal year; `at_end` for 第3四半期末.
    Fiscal {
        part: FiscalPartName,
        at_end: bool,
    },
    /// EDTF season 21 (spring) to 24 (winter).
    Season(u8),
}

/// A point or span of time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Time {
    pub(crate) year: Year,
    pub(crate) month: u8,
    pub(crate) day: u8,
    pub(crate) part: Part,
    /// 頃.
    pub(crate) approx: bool,
    /// Whether the year was left out of a month or day, which makes it a `month` value.
    pub(crate) bare: bool,
    /// Whether no year that is known holds: filled by `resolve`.
    pub(crate) unresolved: bool,
    pub(crate) offset: Option<i8>,
    pub(crate) written: Option<Written>,
}

impl Time {
    pub(crate) fn of(year: Year) -> Time {
        Time { year, month: 0, day: 0, part: Part::Whole, approx: false, bare: false, unresolved: false, offset: None, written: None }
    }

    /// Whether it is a fiscal year as a whole.
    pub(crate) fn is_fiscal_year(&self) -> bool {
        self.month == 0 && self.part == Part::Whole && self.fiscal().is_some()
    }

    pub(crate) fn fiscal(&self) -> Option<i32> {
        match self.year {
            Year::Fiscal(fy) => Some(fy),
            _ => None,
        }
    }
}

/// A modifier of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mods {
    pub(crate) approx: bool,
    pub(crate) bound: Option<Bound>,
    pub(crate) side: Option<ModifierSide>,
    pub(crate) aggregate: Option<Aggregate>,
    /// A written plus sign.
    pub(crate) plus: bool,
}

impl Mods {
    /// Whether nothing is modified.
    pub(crate) fn is_plain(&self) -> bool {
        !self.approx && self.bound.is_none() && self.side.is_none() && self.aggregate.is_none()
    }
}

/// What an amount is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Yen,
    Percent,
    Point,
    Noun(&'static Noun),
    /// 倍.
    Times,
}

/// A written duration: years, months, weeks, days, hours, minutes, seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) fields: [Option<Dec>; 7],
    pub(crate) mods: Mods,
}

/// What was found.
#[derive(Debug, Clone)]
pub(crate) enum What {
    Time(Time),
    Amount {
        number: Number,
        unit: Unit,
        mods: Mods,
        /// Scan range of X in (X の p％).
        of: Option<Box<(usize, usize)>>,
    },
    Duration(Box<Span>),
    Ordinal {
        number: Number,
        unit: &'static str,
    },
    /// 別紙１.
    Reference {
        number: Number,
        word: &'static str,
    },
    Ratio {
        num: Dec,
        den: Dec,
        mods: Mods,
    },
    /// 半減, 倍増.
    Factor(Dec),
    /// 横ばい, 皆増, 微減, 増減なし.
    ChangeWord {
        direction: ChangeDirection,
        slight: bool,
    },
    /// A date that cannot be: what was written.
    ImpossibleDate {
        year: Option<i32>,
        month: i32,
        day: Option<i32>,
    },
    EraYearZero,
    /// （単位：千円）: the scan range of what is declared.
    UnitDeclaration {
        from: usize,
        to: usize,
    },
    /// 千円未満切捨て.
    Rounding {
        mode: &'static str,
        unit: Dec,
    },
    Org(Org),
    Range(Range),
    Change(Change),
    Comparison(Comparison),
}

/// A range of times; ends are indices of atoms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) from: Option<usize>,
    pub(crate) to: Option<usize>,
}

/// An amount by which something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) direction: ChangeDirection,
    pub(crate) amount: usize,
    /// The time it is compared with, as an atom or as its words.
    pub(crate) base: Option<Base>,
    pub(crate) index: bool,
}

/// What a change is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    Atom(usize),
    /// Scan range of 前年同月 and its like.
    Words(usize, usize),
}

/// Several amounts of one metric.
#[derive(Debug, Clone, Default)]
pub(crate) struct Comparison {
    /// Scan range of the metric's words.
    pub(crate) metric: Option<(usize, usize)>,
    pub(crate) points: Vec<Point>,
    /// Parted by arrows or words of change, not merely one after the other.
    pub(crate) series: bool,
}

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    pub(crate) role: jisseki_model::PointRole,
    pub(crate) when: Option<usize>,
    pub(crate) note: Option<(usize, usize)>,
    /// Atoms beside each other: the amount, and those in the bracket after it.
    pub(crate) amounts: std::ops::Range<usize>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What a value was resolved by, beyond the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    None,
    Atom(usize),
    /// A mention of an earlier piece of the text, by its number.
    Earlier(u32),
    /// Index into the scopes.
    Scope(usize),
}

/// Something found, with its place in the scan view.
#[derive(Debug, Clone)]
pub(crate) struct Atom {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) what: What,
    pub(crate) flags: FlagSet,
    pub(crate) by: ResolvedBy,
    pub(crate) rule: Option<Rule>,
    pub(crate) anchor: Anchor,
}

impl Atom {
    pub(crate) fn new(start: usize, end: usize, what: What) -> Atom {
        Atom { start, end, what, flags: FlagSet::default(), by: ResolvedBy::Explicit, rule: None, anchor: Anchor::None }
    }

    pub(crate) fn time(&self) -> Option<&Time> {
        match &self.what {
            What::Time(t) => Some(t),
            _ => None,
        }
    }

    pub(crate) fn is_amount(&self) -> bool {
        matches!(self.what, What::Amount { .. })
    }
}
