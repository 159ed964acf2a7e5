//! How a value was found.

use crate::MentionId;
use schemars::JsonSchema;
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

closed_list!(
    /// Where the part of a value that is not written in the mention itself came from, in order of preference.
    ResolvedBy { Explicit, Carried, GoverningHeading, Column, Sentence, Report, Unresolved }
);
closed_list!(
    /// The rule that gave a value what the mention does not say itself, or that found nothing.
    Rule {
        NearestEra, ScopeFy, OffsetFromFy, OffsetFromYear, MonthInFy, YearAfterRangeStart, YearOfRangeEnd, YearOfNeighbor, MonthOfNeighbor,
        EraOfNeighbor, UnitOfNeighbor, FirstFiscalYear, LastFiscalYear, RelativeFiscalYear, EraLeftOut, NoYearKnown,
    }
);

/// How a value was found.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Printed")]
pub struct Resolution {
    /// The source of what the mention does not say itself.
    pub by: ResolvedBy,
    /// The rule that was applied.
    pub rule: Option<Rule>,
    mention: Option<MentionId>,
    // The box is for size: few mentions are resolved by a scope, and all have room for this.
    scope: Option<Box<SmolStr>>,
}

/// What a value was resolved by: another mention, or a scope by its name (`col:令和元年度取組実績`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor<'a> {
    /// A mention of the same list.
    Mention(MentionId),
    /// A scope.
    Scope(&'a str),
}

impl Resolution {
    /// Of a value that the mention says itself.
    pub fn explicit() -> Resolution {
        Resolution::new(ResolvedBy::Explicit, None, None)
    }

    /// Of a value that was found by a rule, with what it was resolved by.
    #[inline]
    pub fn new(by: ResolvedBy, rule: Option<Rule>, anchor: Option<Anchor<'_>>) -> Resolution {
        let (mention, scope) = match anchor {
            None => (None, None),
            Some(Anchor::Mention(id)) => (Some(id), None),
            Some(Anchor::Scope(name)) => (None, Some(Box::new(SmolStr::new(name)))),
        };
        Resolution { by, rule, mention, scope }
    }

    /// What was used, if it was another mention or a scope.
    pub fn anchor(&self) -> Option<Anchor<'_>> {
        self.mention.map(Anchor::Mention).or_else(|| self.scope.as_deref().map(|name| Anchor::Scope(name)))
    }
}

// The JSON form; what documents it is what the schema says.
/// How a value was found.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Resolution")]
struct Printed {
    /// The source of what the mention does not say itself.
    by: ResolvedBy,
    /// The rule that was applied, `month_in_fy` for example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<SmolStr>")]
    rule: Option<Rule>,
    /// Id of the mention, or name of the scope (`col:令和元年度取組実績`), that was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    anchor: Option<SmolStr>,
}

impl From<Printed> for Resolution {
    fn from(Printed { by, rule, anchor }: Printed) -> Resolution {
        let anchor = anchor.as_deref().map(|text| MentionId::parse(text).map_or(Anchor::Scope(text), Anchor::Mention));
        Resolution::new(by, rule, anchor)
    }
}

impl Serialize for Resolution {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let anchor = self.anchor();
        let mut s = s.serialize_struct("Resolution", 1 + usize::from(self.rule.is_some()) + usize::from(anchor.is_some()))?;
        s.serialize_field("by", &self.by)?;
        if let Some(rule) = &self.rule {
            s.serialize_field("rule", rule)?;
        }
        match &anchor {
            Some(Anchor::Mention(id)) => s.serialize_field("anchor", id)?,
            Some(Anchor::Scope(name)) => s.serialize_field("anchor", name)?,
            None => {}
        }
        s.end()
    }
}

impl JsonSchema for Resolution {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Printed::schema_name()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Printed::json_schema(generator)
    }
}
