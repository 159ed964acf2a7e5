//! Mentions: typed dates, fiscal years, amounts and departments found in a text, each with its span and how its value was found.
//!
//! The JSON form is `mention.schema.json`; in a report a span is `[start, end]` in code points of the paragraph's text.

use crate::Place;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::ops::Range;

/// One typed value in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "言及")]
pub struct Mention {
    /// `m0`, `m1`, …: unique within its list; composites name their parts by it.
    pub id: SmolStr,
    /// Where it stands. From the normalizer: bytes of the source. In a report: code points of the paragraph's (or block's) text. End exclusive.
    #[serde(with = "span_pair")]
    #[schemars(with = "[usize; 2]", title = "範囲")]
    pub span: Range<usize>,
    /// Exactly the source slice.
    #[schemars(title = "原文")]
    pub text: SmolStr,
    /// The slice display-folded, with joints closed: `平成28年度`.
    pub norm: SmolStr,
    /// The typed value.
    pub value: Value,
    /// How the value was found.
    pub resolution: Resolution,
    /// How sure it is.
    pub confidence: Confidence,
    /// What is odd about it.
    #[schemars(with = "BTreeSet<Flag>")]
    pub flags: FlagSet,
    /// Where its ink lies, one box a line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
}

mod span_pair {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::ops::Range;
    pub(super) fn serialize<S: Serializer>(span: &Range<usize>, s: S) -> Result<S::Ok, S::Error> {
        [span.start, span.end].serialize(s)
    }
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Range<usize>, D::Error> {
        let [start, end] = <[usize; 2]>::deserialize(d)?;
        Ok(start..end)
    }
}

/// A civil (proleptic Gregorian) date, `YYYY-MM-DD` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub struct CivilDate {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

impl std::fmt::Display for CivilDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for CivilDate {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CivilDate {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        let mut parts = text.splitn(3, '-').map(str::parse::<u16>);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(Ok(y)), Some(Ok(m)), Some(Ok(d))) if (1..=12).contains(&m) && (1..=31).contains(&d) => {
                Ok(CivilDate { year: i32::from(y), month: m as u8, day: d as u8 })
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

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every entry, in the order of the list.
            pub const ALL: [$name; [$(stringify!($variant)),+].len()] = [$($name::$variant),+];
        }
    };
}

closed_list!(
    /// A Japanese era (元号).
    EraName { Meiji, Taisho, Showa, Heisei, Reiwa }
);
closed_list!(
    /// How sure a value is: explicit or scoped with a unit; by sentence or report; odd forms.
    Confidence { High, Medium, Low }
);
closed_list!(
    /// Where the part of a value that is not written in the mention itself came from, in order of preference.
    ResolvedBy { Explicit, Carried, GoverningHeading, Column, Sentence, Report, Unresolved }
);
closed_list!(
    /// What is odd about a mention.
    Flag {
        EraOverrun, EraUnderrun, EraYearZero, ImpossibleDate, PreGregorian, DualMismatch, WeekdayMismatch, CrossesFyEnd, ReversedRange, AmbiguousUnit,
        AmbiguousYearOrFy, GroupingOdd, KatakanaMinus, Wrapped, Spaced, Vague, UnitFromHeader, KanjiNumeral, LowContext,
    }
);

/// A set of flags in one word; in JSON a list in the order of [`Flag`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FlagSet(u32);

impl FlagSet {
    /// Adds a flag.
    pub fn insert(&mut self, flag: Flag) {
        self.0 |= 1 << flag as u32;
    }

    /// Returns whether a flag is set.
    pub fn contains(self, flag: Flag) -> bool {
        self.0 & (1 << flag as u32) != 0
    }

    /// Returns whether none is.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the flags in their order.
    pub fn iter(self) -> impl Iterator<Item = Flag> {
        (&self).into_iter()
    }

    /// Adds a flag where a condition holds.
    pub fn insert_if(&mut self, condition: bool, flag: Flag) {
        if condition {
            self.insert(flag);
        }
    }
}

impl IntoIterator for &FlagSet {
    type Item = Flag;
    type IntoIter = std::iter::Flatten<std::array::IntoIter<Option<Flag>, { Flag::ALL.len() }>>;

    /// Returns the flags in their order.
    fn into_iter(self) -> Self::IntoIter {
        Flag::ALL.map(|f| self.contains(f).then_some(f)).into_iter().flatten()
    }
}

impl FromIterator<Flag> for FlagSet {
    fn from_iter<I: IntoIterator<Item = Flag>>(flags: I) -> FlagSet {
        let mut set = FlagSet::default();
        flags.into_iter().for_each(|f| set.insert(f));
        set
    }
}

impl Serialize for FlagSet {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self)
    }
}

impl<'de> Deserialize<'de> for FlagSet {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Vec::<Flag>::deserialize(d)?.into_iter().collect())
    }
}

closed_list!(
    /// How exact a point in time is; `jun` is a third of a month (旬).
    Precision { Day, Month, Season, Year, FiscalYear, FiscalPart, Jun }
);
closed_list!(
    /// A part of a fiscal year (上半期, 第1四半期, 年度末, 通年, …).
    FiscalPartName { H1, H2, Q1, Q2, Q3, Q4, Start, End, Full }
);
closed_list!(
    /// Which end of a range is open.
    OpenEnd { Start, End }
);
closed_list!(
    /// A bound on a number: > ≥ < ≤.
    Bound { Gt, Ge, Lt, Le }
);
closed_list!(
    /// 弱 and 強.
    ModifierSide { SlightlyBelow, SlightlyAbove }
);
closed_list!(
    /// What a number sums up (計, 延べ, 実, 平均, 最大, 最小, 当たり).
    Aggregate { Total, Cumulative, Distinct, Average, Max, Min, Per }
);
closed_list!(
    /// The class of things counted.
    AmountClass { Case, Person, Time, Place, Facility, Object, Org, Project, Other }
);
closed_list!(
    /// The role of a point in a comparison (目標, 実績, before, after).
    PointRole { Target, Actual, Before, After, Point }
);
closed_list!(
    /// What a comparison of target and actual says; `undecided` where the target has no bound.
    Outcome { Met, NotMet, Undecided }
);
closed_list!(
    /// The direction of a change (増, 減, 横ばい, 皆増, 皆減).
    ChangeDirection { Up, Down, Flat, New, Gone }
);
closed_list!(
    /// 前年度比＋5% is a difference, 前年度比95% an index.
    ChangeForm { Difference, Index }
);

/// How a value was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Resolution {
    /// The source of what the mention does not say itself.
    pub by: ResolvedBy,
    /// The rule that was applied, `month_in_fy` for example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<SmolStr>,
    /// Id of the mention, or name of the scope (`col:令和元年度取組実績`), that was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<SmolStr>,
}

/// The era year as it was written, so that 平成27年 can be printed back.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub era: Option<EraName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub era_year: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gregorian: Option<i32>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gannen: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub short: bool,
}

/// A point or span in time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct When {
    /// ISO 8601-1 and, where needed, EDTF (ISO 8601-2).
    pub edtf: SmolStr,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<CivilDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<CivilDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// The fiscal year (年度, April start) that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fy: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
}

/// A modifier of a number (約, 以上, 未満, 弱, 延べ, …).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct NumberModifier {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approx: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<ModifierSide>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregate: Option<Aggregate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<SmolStr>,
}

/// A number as a canonical decimal string (no exponent, no trailing zeros), with its honest precision.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    /// The value, or the lower end.
    pub value: SmolStr,
    /// The upper end of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<SmolStr>,
    /// Place value of the last written digit, after scaling: 1.3億 → 10000000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantum: Option<SmolStr>,
    /// The written scale word: 千, 百万, 億.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<SmolStr>,
    /// The modifier.
    #[serde(default, rename = "mod", skip_serializing_if = "Option::is_none")]
    pub modifier: Option<NumberModifier>,
}

/// One part of a department's path, with its level suffix (部, 課, …).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct OrgPart {
    pub name: String,
    pub level: String,
}

/// One point of a comparison or series: ids of mentions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct SeriesPoint {
    pub role: PointRole,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<SmolStr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<SmolStr>,
    pub amounts: Vec<SmolStr>,
}

/// The typed value of a mention; the shape is `mention.schema.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Value {
    Date {
        when: When,
    },
    Month {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        month: Option<u8>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<u8>,
        when: When,
    },
    FiscalYear {
        fy: i32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offset: Option<i32>,
        when: When,
    },
    FiscalPart {
        fy: Option<i32>,
        part: FiscalPartName,
        when: When,
    },
    Range {
        edtf: SmolStr,
        from: Option<SmolStr>,
        to: Option<SmolStr>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start: Option<CivilDate>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        end: Option<CivilDate>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        open: Option<OpenEnd>,
    },
    Duration {
        iso: SmolStr,
        #[serde(default, rename = "mod", skip_serializing_if = "Option::is_none")]
        modifier: Option<NumberModifier>,
    },
    Money {
        number: Amount,
        currency: SmolStr,
    },
    Percent {
        number: Amount,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<SmolStr>,
    },
    PercentPoint {
        number: Amount,
    },
    Count {
        number: Amount,
        counter: SmolStr,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        surface: Option<SmolStr>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class: Option<AmountClass>,
    },
    Quantity {
        number: Amount,
        ucum: SmolStr,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        surface: Option<SmolStr>,
    },
    Ordinal {
        number: Amount,
        unit: SmolStr,
    },
    Ratio {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        num: Option<SmolStr>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        den: Option<SmolStr>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        times: Option<SmolStr>,
        #[serde(default, rename = "mod", skip_serializing_if = "Option::is_none")]
        modifier: Option<NumberModifier>,
    },
    Change {
        direction: ChangeDirection,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<SmolStr>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base: Option<SmolStr>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base_fy: Option<i32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        form: Option<ChangeForm>,
    },
    Comparison {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metric: Option<SmolStr>,
        points: Vec<SeriesPoint>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<Outcome>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delta: Option<SmolStr>,
    },
    Org {
        path: Vec<OrgPart>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        government: Option<SmolStr>,
    },
    UnitDeclaration {
        applies: Vec<SmolStr>,
    },
    Invalid {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        looks_like: Option<SmolStr>,
        reason: SmolStr,
    },
}
