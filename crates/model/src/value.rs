//! The typed values of mentions.

use crate::{Amount, CivilDate, CountUnit, Currency, MeasureUnit, MentionId, NumberModifier, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

closed_list!(
    /// A Japanese era (元号).
    EraName { Meiji, Taisho, Showa, Heisei, Reiwa }
);
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

/// The era year as it was written, so that 平成27年 can be printed back.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub era: Option<EraName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<i32>")]
    pub era_year: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<i32>")]
    pub gregorian: Option<u16>,
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
    // None where 16 bits don't hold it: no text says such a year, only a context could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<i32>")]
    pub fy: Option<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
}

/// One part of a department's path, with its level suffix (部, 課, …).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct OrgPart {
    pub name: SmolStr,
    pub level: SmolStr,
}

/// One point of a comparison or series: ids of mentions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct SeriesPoint {
    pub role: PointRole,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<MentionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<SmolStr>,
    pub amounts: Vec<MentionId>,
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
        #[schemars(with = "Option<i32>")]
        offset: Option<i8>,
        when: When,
    },
    FiscalPart {
        fy: Option<i32>,
        part: FiscalPartName,
        when: When,
    },
    Range {
        edtf: SmolStr,
        from: Option<MentionId>,
        to: Option<MentionId>,
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
        #[schemars(with = "SmolStr")]
        currency: Currency,
    },
    Percent {
        number: Amount,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Box<str>>,
    },
    PercentPoint {
        number: Amount,
    },
    Count {
        number: Amount,
        #[serde(flatten)]
        unit: Row<CountUnit>,
    },
    Quantity {
        number: Amount,
        #[serde(flatten)]
        unit: Row<MeasureUnit>,
    },
    Ordinal {
        number: Amount,
        unit: Box<str>,
    },
    Ratio {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        num: Option<Box<str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        den: Option<Box<str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        times: Option<Box<str>>,
        #[serde(default, rename = "mod", skip_serializing_if = "Option::is_none")]
        modifier: Option<NumberModifier>,
    },
    Change {
        direction: ChangeDirection,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<MentionId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base: Option<SmolStr>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base_fy: Option<i32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        form: Option<ChangeForm>,
    },
    Comparison {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metric: Option<Box<str>>,
        points: Vec<SeriesPoint>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<Outcome>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delta: Option<Box<str>>,
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
