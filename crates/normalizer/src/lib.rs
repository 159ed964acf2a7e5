//! Japanese administrative text to typed values: dates, fiscal years, months of a fiscal year, amounts with their units and bounds, comparisons,
//! departments.
//!
//! Goes in: a text (a cell, a record, a document), a [`ReportContext`], and [`Scope`]s: which fiscal year governs which part of it. Comes out: a list of
//! [`Mention`]s, each with its span, the untouched slice, a typed [`Value`] and how the value was found.
//!
//! A long text is read in pieces (`piece`, `reader`): a piece ends after a sentence with a blank line, over which nothing is read together.
//!
//! The walk over a piece:
//! ```text
//! fold      three views of the text and the way back           hits      one walk says where something may stand
//! when …    anchored parsers read what stands there            link      ranges and lists: what belongs together
//! resolve   from what is written to the year it means          change, compare, series   amounts that belong together
//! org       lines that are departments                         render    atoms to mentions, in the order of the text
//! ```
//!
//! *Invariant:* spans are bytes of the source and `src[span] == text`; the source is never rewritten.
//! *Invariant:* no value is guessed silently: what the words do not say themselves has `resolution.by` other than `explicit`.
//! *Invariant:* what cannot be stays visible, as [`Value::Invalid`] with a reason; nothing is clamped or dropped.
//! *Invariant:* pure functions: no clock, no locale, no state. 今年度 never looks at today.
//! *Invariant:* nothing here has heard of a PDF.
//!
//! A new era is a row of [`era::ERAS`]; new counters, units and suffixes of departments are lines of `src/tables/*.tsv`.
#![forbid(unsafe_code)]

mod atom;
mod bits;
mod chain;
mod change;
mod compare;
mod context;
mod cursor;
mod dec;
mod doubt;
mod duration;
mod edtf;
pub mod era;
mod find;
mod fold;
mod government;
mod hits;
mod key;
mod link;
mod metric;
mod modifier;
mod noun_index;
mod num;
mod ordinal;
mod org;
mod parts;
mod piece;
mod point;
mod quantity;
mod read_unit;
mod reader;
mod render;
mod resolve;
mod series;
mod units;
mod value;
mod when;
mod words;
mod year;
pub use context::ReportContext;
pub use fold::{Folded, display, fold};
pub use government::{government_code, is_corporate_number, is_government_code};
pub use jisseki_model::{CivilDate, EraName, Mention, MentionId, Scope, ScopeSource, Value};
pub use key::{key, keys};
pub use org::parse_org;
pub use reader::Mentions;
pub use year::{fiscal_year_row, parse_fiscal_year};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Finds every typed value of a text.
///
/// Spans are bytes of `src`, and `src[m.span] == m.text` for each. Composites (ranges, comparisons, changes) name their parts by id; the parts stay in the
/// list, in the order of their starts, the longer first.
///
/// ```
/// use jisseki_normalizer::{ReportContext, key, mentions};
/// let text = "ネーミングライツを導入（６月～）、売却額は約１．３億円";
/// let found = mentions(text, &ReportContext::of_fiscal_year(2019), &[]);
/// let keys: Vec<String> = found.iter().map(|m| key(m, &found)).collect();
/// assert_eq!(keys, ["range:2019-06/..?", "m:06@2019-06", "money:~130000000±10000000"]);
/// assert_eq!(&text[found[2].span.clone()], "約１．３億円");
/// ```
pub fn mentions(src: &str, ctx: &ReportContext, scopes: &[Scope]) -> Vec<Mention> {
    Mentions::new(src, ctx, scopes, piece::PIECE).all()
}

/// Reads a text as [`mentions`] does, and gives its mentions one after the other: a text of any length in the memory of a piece of it.
///
/// ```
/// use jisseki_normalizer::{ReportContext, stream_mentions};
/// let text = "令和元年度は50件。\n\n".repeat(1000);
/// assert_eq!(stream_mentions(&text, &ReportContext::default(), &[]).count(), 2000);
/// ```
pub fn stream_mentions<'a>(src: &'a str, ctx: &'a ReportContext, scopes: &'a [Scope]) -> Mentions<'a> {
    Mentions::new(src, ctx, scopes, piece::PIECE)
}
