//! Counters and measures: longest match over two tables.

use crate::cursor::Cursor;
use crate::noun_index::{Entry, N, NOUNS};
use jisseki_model::{AmountClass, CountUnit, MeasureUnit};
use smol_str::SmolStr;
use std::sync::OnceLock;

/// A counter (助数詞) or another noun that is counted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Counter {
    pub(crate) surface: &'static str,
    pub(crate) canonical: &'static str,
    pub(crate) class: AmountClass,
    /// As a mention has it.
    pub(crate) shown: CountUnit,
}

impl Counter {
    /// Whether it is written with one sign, with which other words may begin.
    pub(crate) fn is_one_sign(&self) -> bool {
        self.surface.chars().nth(1).is_none()
    }

    /// Whether no word that stands by itself begins with it, so that it is a counter even apart from its number.
    pub(crate) fn begins_no_word(&self) -> bool {
        matches!(self.surface, "件" | "人" | "名" | "回" | "枚" | "冊" | "世帯" | "人日" | "人月" | "人回" | "人分")
            || self.surface.starts_with(['か', 'カ', 'ヶ', 'ヵ', 'ケ', '箇'])
    }
}

/// A unit of measure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    pub(crate) surface: &'static str,
    pub(crate) ucum: &'static str,
    /// As a mention has it.
    pub(crate) shown: MeasureUnit,
}

/// A counter or a measure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Noun {
    /// A counter.
    Counter(Counter),
    /// A measure.
    Measure(Measure),
}

/// Lines that were read. A document meets a few dozen of the 520.
static READ: [OnceLock<Option<Box<Noun>>>; N] = [const { OnceLock::new() }; N];

/// Reads the line of an entry.
fn entry_to_noun(entry: &Entry) -> Option<&'static Noun> {
    let read = if entry.counts { row_to_counter } else { row_to_measure };
    let known = READ.get(usize::from(entry.number).checked_sub(1)?)?;
    known.get_or_init(|| read(entry.line().split('\t')).map(Box::new)).as_deref()
}

type Cells = std::str::Split<'static, char>;

fn row_to_counter(mut cells: Cells) -> Option<Noun> {
    let (surface, canonical) = (cells.next()?, cells.next()?);
    let class = match cells.next()? {
        "case" => AmountClass::Case,
        "person" => AmountClass::Person,
        "time" => AmountClass::Time,
        "place" => AmountClass::Place,
        "facility" => AmountClass::Facility,
        "object" => AmountClass::Object,
        "org" => AmountClass::Org,
        "project" => AmountClass::Project,
        _ => AmountClass::Other,
    };
    let shown = CountUnit { counter: SmolStr::new_static(canonical), surface: other_surface(surface, canonical), class: Some(class) };
    Some(Noun::Counter(Counter { surface, canonical, class, shown }))
}

fn row_to_measure(mut cells: Cells) -> Option<Noun> {
    let (surface, ucum) = (cells.next()?, cells.next()?);
    let shown = MeasureUnit { ucum: SmolStr::new_static(ucum), surface: other_surface(surface, ucum) };
    Some(Noun::Measure(Measure { surface, ucum, shown }))
}

/// What is written, where it is not the canonical form.
fn other_surface(surface: &'static str, canonical: &str) -> Option<SmolStr> {
    (surface != canonical).then(|| SmolStr::new_static(surface))
}

/// Reads the longest counter or measure at the cursor that is no part of a longer word, and moves over it.
pub(crate) fn noun(c: &mut Cursor<'_>) -> Option<&'static Noun> {
    let rest = c.rest();
    let found = NOUNS.at_the_head_of(rest).find(|e| {
        let surface = e.surface();
        let next = rest.get(surface.len()..).and_then(|after| after.chars().next());
        let glued = surface.ends_with(|l: char| l.is_ascii_alphabetic()) && next.is_some_and(|l| l.is_ascii_alphanumeric());
        !glued && !next.is_some_and(|l| e.not_after().contains(l))
    })?;
    let noun = entry_to_noun(found)?;
    c.at += found.surface().len();
    Some(noun)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let mut c = Cursor::new(text, 0);
        let found = noun(&mut c).map(|n| match n {
            Noun::Counter(c) => c.canonical,
            Noun::Measure(m) => m.ucum,
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_line_is_a_noun() {
        assert!(NOUNS.entries.iter().all(|e| entry_to_noun(e).is_some()));
    }

    #[test]
    fn longest_match_with_guards() {
        check("件", Some("件"));
        check("件名", None);
        check("か所", Some("箇所"));
        check("ヶ所", Some("箇所"));
        check("箇所", Some("箇所"));
        check("人事課", None);
        check("人が", Some("人"));
        check("市町村", Some("市町村"));
        check("km2", Some("km2"));
        check("km", Some("km"));
        check("kmh", None);
        check("回答", None);
        check("部局長", None);
    }
}
