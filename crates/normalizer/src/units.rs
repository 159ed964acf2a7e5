//! Counters and measures: longest match over two tables.

use crate::cursor::Cursor;
use jisseki_model::{AmountClass, CountUnit, MeasureUnit};
use smol_str::SmolStr;
use std::sync::{LazyLock, OnceLock};

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

const COUNTERS: &str = include_str!("tables/counters.tsv");
const MEASURES: &str = include_str!("tables/units.tsv");

static NOUNS: LazyLock<Nouns> = LazyLock::new(Nouns::new);

/// A line of a table, which is read when its noun is met first. A document meets a few dozen of the 520.
struct Entry {
    line: &'static str,
    noun: OnceLock<Option<Box<Noun>>>,
    /// The entry before it in its chain, counted from 1.
    before: u16,
    /// Bytes of the line that are its surface.
    surface: u8,
    counts: bool,
}

impl Entry {
    fn surface(&self) -> &'static str {
        self.line.get(..usize::from(self.surface)).unwrap_or(self.line)
    }

    /// Characters that make its surface a part of a longer word.
    fn not_after(&self) -> &'static str {
        self.line.rsplit('\t').next().unwrap_or_default()
    }

    fn noun(&self) -> Option<&Noun> {
        let read = if self.counts { row_to_counter } else { row_to_measure };
        self.noun.get_or_init(|| read(self.line.split('\t')).map(Box::new)).as_deref()
    }
}

/// Chains of nouns. About 200 characters begin them: few chains hold nouns of two.
const CHAINS: usize = 1024;

/// The nouns in the order of their surfaces, in chains by the low bits of their first character.
struct Nouns {
    entries: Vec<Entry>,
    /// The last entry of each chain, counted from 1.
    last: [u16; CHAINS],
}

impl Nouns {
    fn new() -> Nouns {
        let entry = |line: &'static str, counts| {
            let surface = line.bytes().position(|b| b == b'\t').and_then(|at| u8::try_from(at).ok()).unwrap_or_default();
            Entry { line, noun: OnceLock::new(), before: 0, surface, counts }
        };
        let mut entries: Vec<Entry> = Vec::with_capacity(640);
        // Each table is in the order of its surfaces, and so of its lines: a tab sorts before every sign.
        let mut measures = lines(MEASURES).peekable();
        for line in lines(COUNTERS) {
            while let Some(measure) = measures.next_if(|m| *m < line) {
                entries.push(entry(measure, false));
            }
            entries.push(entry(line, true));
        }
        entries.extend(measures.map(|m| entry(m, false)));
        let mut last = [0; CHAINS];
        for (i, entry) in (1..).zip(&mut entries) {
            if let Some(last) = last.get_mut(chain_of(entry.line)) {
                entry.before = std::mem::replace(last, i);
            }
        }
        Nouns { entries, last }
    }

    /// The nouns that a text begins with, the longer ones first: a longer one comes after the shorter one that it begins with.
    fn at_the_head_of<'s>(&'static self, text: &'s str) -> impl Iterator<Item = &'static Entry> + use<'s> {
        let entry = |number: u16| self.entries.get(usize::from(number).checked_sub(1)?);
        let last = self.last.get(chain_of(text)).copied().and_then(entry);
        let fits = |e: &&Entry| text.starts_with(e.surface());
        std::iter::successors(last, move |e| entry(e.before)).filter(fits)
    }
}

fn chain_of(text: &str) -> usize {
    text.chars().next().unwrap_or_default() as usize % CHAINS
}

type Cells = std::str::Split<'static, char>;

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|l| !l.starts_with('#') && !l.is_empty())
}

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
    let noun = found.noun()?;
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
    fn tables_are_whole_and_sorted() {
        for (table, columns) in [(COUNTERS, 4), (MEASURES, 3)] {
            let surfaces: Vec<&str> = lines(table).filter_map(|l| l.split('\t').next()).collect();
            assert!(lines(table).all(|l| l.split('\t').count() == columns), "as many cells in each line");
            assert!(surfaces.is_sorted(), "sorted by surface");
            assert_eq!(surfaces.iter().collect::<std::collections::BTreeSet<_>>().len(), surfaces.len(), "each once");
        }
        assert!(
            NOUNS.entries.is_sorted_by_key(|e| e.line)
                && NOUNS.entries.iter().all(|e| !e.surface().is_empty() && !e.surface().contains('\t'))
        );
        assert!(NOUNS.entries.len() > 470 && NOUNS.entries.iter().all(|e| e.noun().is_some()));
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
