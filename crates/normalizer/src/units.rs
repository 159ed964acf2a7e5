//! Counters and measures: longest match over two tables.

use crate::cursor::Cursor;
use jisseki_model::AmountClass;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A counter (助数詞) or another noun that is counted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Counter {
    pub(crate) surface: &'static str,
    pub(crate) canonical: &'static str,
    pub(crate) class: AmountClass,
    not_after: &'static str,
}

/// A unit of measure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    pub(crate) surface: &'static str,
    pub(crate) ucum: &'static str,
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

/// Nouns by their first character, longer ones first.
static BY_FIRST: LazyLock<HashMap<char, Vec<Noun>>> = LazyLock::new(|| {
    let mut by_first: HashMap<char, Vec<Noun>> = HashMap::new();
    for noun in COUNTERS.iter().map(Noun::Counter).chain(MEASURES.iter().map(Noun::Measure)) {
        if let Some(first) = noun.surface().chars().next() {
            by_first.entry(first).or_default().push(noun);
        }
    }
    by_first.values_mut().for_each(|nouns| nouns.sort_by_key(|n| std::cmp::Reverse(n.surface().len())));
    by_first
});

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
    Some(Counter { surface, canonical, class, not_after: cells.next().unwrap_or_default() })
}

fn row_to_measure(mut cells: std::str::Split<'static, char>) -> Option<Measure> {
    Some(Measure { surface: cells.next()?, ucum: cells.next()?, not_after: cells.next().unwrap_or_default() })
}

/// Reads the longest counter or measure at the cursor that is no part of a longer word, and moves over it.
pub(crate) fn noun(c: &mut Cursor<'_>) -> Option<Noun> {
    let rest = c.rest();
    let nouns = BY_FIRST.get(&rest.chars().next()?)?;
    let found = nouns.iter().find(|n| {
        rest.strip_prefix(n.surface()).is_some_and(|after| {
            let next = after.chars().next();
            let glued = n.surface().ends_with(|l: char| l.is_ascii_alphabetic()) && next.is_some_and(|l| l.is_ascii_alphanumeric());
            !glued && !next.is_some_and(|l| n.not_after().contains(l))
        })
    })?;
    c.at += found.surface().len();
    Some(*found)
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
