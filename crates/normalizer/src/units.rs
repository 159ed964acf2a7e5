//! Counters and measures: longest match over two tables.

use crate::cursor::Cursor;
use jisseki_model::{AmountClass, CountUnit, MeasureUnit};
use smol_str::SmolStr;
use std::sync::LazyLock;

/// A counter (助数詞) or another noun that is counted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Counter {
    pub(crate) surface: &'static str,
    pub(crate) canonical: &'static str,
    pub(crate) class: AmountClass,
    /// As a mention has it.
    pub(crate) shown: CountUnit,
    not_after: &'static str,
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
    not_after: &'static str,
}

/// What a counter or measure is to a caller that keeps it by reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    /// A counter.
    Counter(&'static Counter),
    /// A measure.
    Measure(&'static Measure),
}

impl Noun {
    fn surface(&self) -> &'static str {
        match self {
            Noun::Counter(c) => c.surface,
            Noun::Measure(m) => m.surface,
        }
    }

    fn not_after(&self) -> &'static str {
        match self {
            Noun::Counter(c) => c.not_after,
            Noun::Measure(m) => m.not_after,
        }
    }
}

static COUNTERS: LazyLock<Vec<Counter>> = LazyLock::new(|| rows(include_str!("tables/counters.tsv")).filter_map(row_to_counter).collect());
static MEASURES: LazyLock<Vec<Measure>> = LazyLock::new(|| rows(include_str!("tables/units.tsv")).filter_map(row_to_measure).collect());

/// Nouns by their first character, of one character the longer ones first.
static BY_FIRST: LazyLock<Index> = LazyLock::new(|| {
    let nouns = COUNTERS.iter().map(Noun::Counter).chain(MEASURES.iter().map(Noun::Measure));
    let mut entries: Vec<Entry> = nouns.filter_map(noun_to_entry).collect();
    entries.sort_by_key(|e| (e.first, std::cmp::Reverse(e.surface.len())));
    let mut from = vec![0u16; 0x1_0000];
    for (i, entry) in (1u16..).zip(&entries) {
        if let Some(slot) = from.get_mut(entry.first as usize).filter(|slot| **slot == 0) {
            *slot = i;
        }
    }
    Index { entries, from }
});

/// A noun with what is asked of every candidate.
struct Entry {
    first: char,
    last_byte: u8,
    surface: &'static str,
    not_after: Box<[char]>,
    noun: Noun,
}

fn noun_to_entry(noun: Noun) -> Option<Entry> {
    let surface = noun.surface();
    let (first, last_byte) = (surface.chars().next()?, *surface.as_bytes().last()?);
    Some(Entry { first, last_byte, surface, not_after: noun.not_after().chars().collect(), noun })
}

/// The nouns in their order, and for each code point of the BMP where those that begin with it start, counted from 1.
struct Index {
    entries: Vec<Entry>,
    from: Vec<u16>,
}

impl Index {
    /// The nouns that a text begins with, the longer ones first.
    fn at_the_head_of<'s>(&'static self, text: &'s str) -> impl Iterator<Item = &'static Entry> + use<'s> {
        let first = text.chars().next().unwrap_or_default();
        let from = self.from.get(first as usize).copied().and_then(|i| usize::from(i).checked_sub(1));
        let entries = from.and_then(|i| self.entries.get(i..)).unwrap_or_default();
        let fits = |e: &&Entry| text.as_bytes().get(e.surface.len() - 1) == Some(&e.last_byte) && text.starts_with(e.surface);
        entries.iter().take_while(move |e| e.first == first).filter(fits)
    }
}

fn rows(table: &'static str) -> impl Iterator<Item = std::str::Split<'static, char>> {
    table.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(|l| l.split('\t'))
}

fn row_to_counter(mut cells: std::str::Split<'static, char>) -> Option<Counter> {
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
    Some(Counter { surface, canonical, class, shown, not_after: cells.next().unwrap_or_default() })
}

fn row_to_measure(mut cells: std::str::Split<'static, char>) -> Option<Measure> {
    let (surface, ucum) = (cells.next()?, cells.next()?);
    let shown = MeasureUnit { ucum: SmolStr::new_static(ucum), surface: other_surface(surface, ucum) };
    Some(Measure { surface, ucum, shown, not_after: cells.next().unwrap_or_default() })
}

/// What is written, where it is not the canonical form.
fn other_surface(surface: &'static str, canonical: &str) -> Option<SmolStr> {
    (surface != canonical).then(|| SmolStr::new_static(surface))
}

/// Reads the longest counter or measure at the cursor that is no part of a longer word, and moves over it.
pub(crate) fn noun(c: &mut Cursor<'_>) -> Option<Noun> {
    let rest = c.rest();
    let found = BY_FIRST.at_the_head_of(rest).find(|e| {
        let next = rest.get(e.surface.len()..).and_then(|after| after.chars().next());
        let glued = e.last_byte.is_ascii_alphabetic() && next.is_some_and(|l| l.is_ascii_alphanumeric());
        !glued && !next.is_some_and(|l| e.not_after.contains(&l))
    })?;
    c.at += found.surface.len();
    Some(found.noun)
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
    fn tables_are_whole_and_sorted() {
        for table in [include_str!("tables/counters.tsv"), include_str!("tables/units.tsv")] {
            let surfaces: Vec<&str> = rows(table).filter_map(|mut r| r.next()).collect();
            assert!(surfaces.is_sorted(), "sorted by surface");
            assert_eq!(surfaces.iter().collect::<std::collections::BTreeSet<_>>().len(), surfaces.len(), "each once");
        }
        assert!(COUNTERS.len() > 350 && MEASURES.len() > 120);
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
