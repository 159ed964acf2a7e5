//! Amounts: exact decimals with their units, bounds and honest precision.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

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

/// A modifier of a number (約, 以上, 未満, 弱, 延べ, …).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
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
    // A written plus sign.
    #[serde(default, rename = "surface", with = "plus_sign", skip_serializing_if = "std::ops::Not::not")]
    #[schemars(with = "Option<SmolStr>")]
    pub plus: bool,
}

/// The surface of a modifier is `+` or nothing.
mod plus_sign {
    use serde::{Deserialize, Deserializer, Serializer};
    pub(super) fn serialize<S: Serializer>(_: &bool, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str("+")
    }
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
        Ok(Option::<std::borrow::Cow<str>>::deserialize(d)?.is_some_and(|sign| sign == "+"))
    }
}

/// A number as a canonical decimal string (no exponent, no trailing zeros), with its honest precision.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    /// The value, or the lower end.
    pub value: SmolStr,
    /// The upper end of a range.
    // The box is for size: few amounts have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Box<SmolStr>>,
    /// Place value of the last written digit, after scaling: 1.3億 → 10000000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<SmolStr>")]
    pub quantum: Option<PowerOfTen>,
    /// The written scale word: 千, 百万, 億.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<SmolStr>")]
    pub scale: Option<Scale>,
    /// The modifier.
    #[serde(default, rename = "mod", skip_serializing_if = "Option::is_none")]
    pub modifier: Option<NumberModifier>,
}

/// 10 to the power of an exponent: a place value. In JSON, and printed, a canonical decimal: `1000`, `0.01`.
///
/// ```
/// use jisseki_model::PowerOfTen;
/// assert_eq!((PowerOfTen(3).to_string(), PowerOfTen(-2).to_string()), ("1000".to_owned(), "0.01".to_owned()));
/// assert!(PowerOfTen(-1) < PowerOfTen(0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PowerOfTen(pub i8);

impl PowerOfTen {
    /// Reads `1000` or `0.01`; nothing where a text is no such power.
    pub fn parse(text: &str) -> Option<PowerOfTen> {
        let (zeros, negative) = match text.strip_prefix("0.") {
            Some(places) => (places.strip_suffix('1')?, true),
            None => (text.strip_prefix('1')?, false),
        };
        let n = i8::try_from(zeros.len()).ok().filter(|_| zeros.bytes().all(|b| b == b'0'))?;
        Some(PowerOfTen(if negative { -1 - n } else { n }))
    }
}

impl std::fmt::Display for PowerOfTen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let n = usize::from(self.0.unsigned_abs());
        if self.0 < 0 { write!(f, "0.{:0>n$}", 1) } else { write!(f, "{:0<width$}", 1, width = n + 1) }
    }
}

impl Serialize for PowerOfTen {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PowerOfTen {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        PowerOfTen::parse(&text).ok_or_else(|| serde::de::Error::custom(format_args!("`{text}` is no power of ten")))
    }
}

macro_rules! scales {
    ($($name:ident $word:literal $exponent:literal),+ $(,)?) => {
        /// A scale word (十 to 京, and 百万 and its like).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[allow(missing_docs)]
        pub enum Scale { $(#[serde(rename = $word)] $name),+ }

        impl Scale {
            /// Every scale, from the smallest up.
            pub const ALL: [Scale; [$($word),+].len()] = [$(Scale::$name),+];

            /// As it is written.
            pub const fn word(self) -> &'static str {
                match self { $(Scale::$name => $word),+ }
            }

            /// How many zeros it stands for.
            pub const fn exponent(self) -> i8 {
                match self { $(Scale::$name => $exponent),+ }
            }
        }
    };
}
scales!(
    Ten "十" 1, Hundred "百" 2, Thousand "千" 3, TenThousand "万" 4, HundredThousand "十万" 5, Million "百万" 6, TenMillion "千万" 7,
    HundredMillion "億" 8, Billion "十億" 9, TenBillion "百億" 10, HundredBillion "千億" 11, Trillion "兆" 12, TenQuadrillion "京" 16,
);

impl Scale {
    /// The scale of so many zeros, where there is a word for it.
    pub fn of_exponent(exponent: i8) -> Option<Scale> {
        Scale::ALL.into_iter().find(|s| s.exponent() == exponent)
    }
}

/// The currency of money: always yen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Currency {
    /// Japanese yen, `JPY`.
    #[serde(rename = "JPY")]
    Jpy,
}

impl Currency {
    /// The code of ISO 4217.
    pub const fn code(self) -> &'static str {
        match self {
            Currency::Jpy => "JPY",
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct CountUnit {
    pub counter: SmolStr,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<SmolStr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<AmountClass>,
}

/// What is measured by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct MeasureUnit {
    pub ucum: SmolStr,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<SmolStr>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(exponent: i8, text: &str) {
        assert_eq!(PowerOfTen(exponent).to_string(), text);
        assert_eq!(PowerOfTen::parse(text), Some(PowerOfTen(exponent)));
    }

    #[test]
    fn powers_of_ten_are_canonical_decimals() {
        check(0, "1");
        check(1, "10");
        check(16, "10000000000000000");
        check(-1, "0.1");
        check(-3, "0.001");
        check(i8::MAX, &format!("1{}", "0".repeat(127)));
        check(i8::MIN, &format!("0.{}1", "0".repeat(127)));
        for text in ["", "0", "2", "01", "0.", "0.10", "1.0", "-1", "11", &format!("1{}", "0".repeat(128))] {
            assert_eq!(PowerOfTen::parse(text), None, "{text}");
        }
    }

    #[test]
    fn scales_rise_and_have_one_word_each() {
        assert!(Scale::ALL.windows(2).all(|s| s[0].exponent() < s[1].exponent()));
        assert!(Scale::ALL.iter().all(|s| Scale::of_exponent(s.exponent()) == Some(*s)));
    }
}
