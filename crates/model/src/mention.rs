//! Mentions: typed dates, fiscal years, amounts and departments found in a text, each with its span and how its value was found.
//!
//! The JSON form is `mention.schema.json`; in a report a span is `[start, end]` in code points of the paragraph's text.

use crate::{MentionId, Place, Resolution, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::ops::Range;

// A long text has one in every hundred bytes, so it is kept small: what is nearly always the same is a number, a row of a table or a closed list, what is
// rare is in a box.
/// One typed value in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "言及")]
pub struct Mention {
    /// `m0`, `m1`, …: unique within its list; composites name their parts by it.
    pub id: MentionId,
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
    #[serde(default, skip_serializing_if = "<[Place]>::is_empty")]
    pub places: Box<[Place]>,
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

closed_list!(
    /// How sure a value is: explicit or scoped with a unit; by sentence or report; odd forms.
    Confidence { High, Medium, Low }
);
closed_list!(
    /// What is odd about a mention.
    Flag {
        EraOverrun, EraUnderrun, EraYearZero, ImpossibleDate, PreGregorian, DualMismatch, WeekdayMismatch, CrossesFyEnd, ReversedRange, AmbiguousUnit,
        AmbiguousYearOrFy, GroupingOdd, KatakanaMinus, Wrapped, Spaced, Vague, UnitFromHeader, KanjiNumeral, LowContext,
    }
);

/// A set of flags in three bytes; in JSON a list in the order of [`Flag`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FlagSet([u8; 3]);

impl FlagSet {
    /// Adds a flag.
    #[inline]
    pub fn insert(&mut self, flag: Flag) {
        let [a, b, c, _] = (self.word() | 1 << flag as u32).to_le_bytes();
        self.0 = [a, b, c];
    }

    /// Returns whether a flag is set.
    #[inline]
    pub fn contains(self, flag: Flag) -> bool {
        self.word() & 1 << flag as u32 != 0
    }

    /// Returns whether none is.
    pub fn is_empty(self) -> bool {
        self.0 == [0; 3]
    }

    #[inline]
    fn word(self) -> u32 {
        let [a, b, c] = self.0;
        u32::from_le_bytes([a, b, c, 0])
    }

    /// Returns the flags in their order.
    pub fn iter(self) -> impl Iterator<Item = Flag> {
        (&self).into_iter()
    }

    /// Adds a flag where a condition holds.
    #[inline]
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of a large text is fresh memory: what a mention takes decides how fast it is filled.
    #[test]
    fn a_mention_is_small() {
        assert_eq!((size_of::<Mention>(), size_of::<Value>(), size_of::<Resolution>(), size_of::<FlagSet>()), (168, 64, 16, 3));
    }
}
