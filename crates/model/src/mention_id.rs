//! The number of a mention.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::num::NonZeroU32;

/// The number of a mention in its list, by which composites name their parts: `m0`, `m1`, … in JSON.
///
/// ```
/// use jisseki_model::MentionId;
/// assert_eq!(MentionId::new(12).to_string(), "m12");
/// assert_eq!(MentionId::parse("m12"), Some(MentionId::new(12)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
// One more than the number, so that an `Option` of it is no larger.
pub struct MentionId(NonZeroU32);

impl MentionId {
    /// The id of the mention with this number, counted from 0.
    #[inline]
    pub const fn new(number: u32) -> MentionId {
        MentionId(NonZeroU32::MIN.saturating_add(number))
    }

    /// Its number.
    #[inline]
    pub const fn number(self) -> u32 {
        self.0.get() - 1
    }

    /// Reads `m12`; nothing where a text is no id.
    pub fn parse(text: &str) -> Option<MentionId> {
        let digits = text.strip_prefix('m').filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse().ok().map(MentionId::new)
    }
}

impl Default for MentionId {
    fn default() -> MentionId {
        MentionId::new(0)
    }
}

impl std::fmt::Display for MentionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "m{}", self.number())
    }
}

impl std::fmt::Debug for MentionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl Serialize for MentionId {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        // Every mention has one, most of one digit or two: these are written without the machinery of formats.
        let digit = |n: u32| b'0' + (n % 10) as u8;
        let text = match self.number() {
            n @ 0..10 => &[b'm', digit(n)][..],
            n @ 10..100 => &[b'm', digit(n / 10), digit(n)],
            _ => return s.collect_str(self),
        };
        s.serialize_str(str::from_utf8(text).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for MentionId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        MentionId::parse(&text).ok_or_else(|| serde::de::Error::custom(format_args!("`{text}` is no id of a mention")))
    }
}

impl JsonSchema for MentionId {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MentionId".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}
