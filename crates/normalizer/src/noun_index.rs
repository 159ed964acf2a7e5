//! The lines of the tables of counters and measures, in the order of their surfaces and in chains by how they begin: made by the compiler.

const COUNTERS: &str = include_str!("tables/counters.tsv");
const MEASURES: &str = include_str!("tables/units.tsv");

const _: () = assert!(COUNTERS.len() <= u16::MAX as usize && MEASURES.len() <= u16::MAX as usize, "an entry counts bytes in 16 bits");

/// Lines of both tables.
pub(crate) const N: usize = n_rows(COUNTERS.as_bytes()) + n_rows(MEASURES.as_bytes());

pub(crate) static NOUNS: Nouns = Nouns::new();

/// A line of a table: where it stands, and where in the order of all.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    /// A counter, not a measure.
    pub(crate) counts: bool,
    /// Bytes of the line that are its surface.
    surface: u8,
    start: u16,
    end: u16,
    /// The number of this entry and of the one before it in its chain, counted from 1.
    pub(crate) number: u16,
    before: u16,
}

impl Entry {
    fn table(&self) -> &'static str {
        if self.counts { COUNTERS } else { MEASURES }
    }

    pub(crate) fn line(&self) -> &'static str {
        self.table().get(usize::from(self.start)..usize::from(self.end)).unwrap_or_default()
    }

    pub(crate) fn surface(&self) -> &'static str {
        let start = usize::from(self.start);
        self.table().get(start..start + usize::from(self.surface)).unwrap_or_default()
    }

    /// Characters that make its surface a part of a longer word.
    pub(crate) fn not_after(&self) -> &'static str {
        self.line().rsplit('\t').next().unwrap_or_default()
    }
}

/// Chains of nouns. About 200 characters begin them: few chains hold nouns of two.
const CHAINS: usize = 1024;

/// The nouns in the order of their surfaces, in chains by the low bits of their first character.
pub(crate) struct Nouns {
    pub(crate) entries: [Entry; N],
    /// The last entry of each chain, counted from 1.
    last: [u16; CHAINS],
}

impl Nouns {
    /// Merges the tables. Each is in the order of its surfaces, and so of its lines: a tab sorts before every sign. Done by the compiler.
    const fn new() -> Nouns {
        let (counters, measures) = (COUNTERS.as_bytes(), MEASURES.as_bytes());
        let mut entries = [Entry { counts: false, surface: 0, start: 0, end: 0, number: 0, before: 0 }; N];
        let mut last = [0; CHAINS];
        let (mut counter, mut measure) = (next_row(counters, 0), next_row(measures, 0));
        let mut n = 0;
        while n < N {
            let counts = measure.0 == measures.len() || counter.0 < counters.len() && is_before(counters, counter, measures, measure);
            let (table, (start, end)) = if counts { (counters, counter) } else { (measures, measure) };
            let mut surface = 0;
            while start + surface < end && table[start + surface] != b'\t' {
                surface += 1;
            }
            let chain = chain_of(first_char(table, start));
            entries[n] =
                Entry { counts, surface: surface as u8, start: start as u16, end: end as u16, number: n as u16 + 1, before: last[chain] };
            last[chain] = n as u16 + 1;
            n += 1;
            if counts {
                counter = next_row(counters, end);
            } else {
                measure = next_row(measures, end);
            }
        }
        Nouns { entries, last }
    }

    /// The nouns that a text begins with, the longer ones first: a longer one comes after the shorter one that it begins with.
    pub(crate) fn at_the_head_of<'s>(&'static self, text: &'s str) -> impl Iterator<Item = &'static Entry> + use<'s> {
        let entry = |number: u16| self.entries.get(usize::from(number).checked_sub(1)?);
        let chain = chain_of(text.chars().next().unwrap_or_default() as u32);
        let last = self.last.get(chain).copied().and_then(entry);
        let fits = |e: &&Entry| text.starts_with(e.surface());
        std::iter::successors(last, move |e| entry(e.before)).filter(fits)
    }
}

const fn chain_of(first: u32) -> usize {
    first as usize % CHAINS
}

/// The code point that begins at a byte of UTF-8.
const fn first_char(bytes: &[u8], at: usize) -> u32 {
    let lead = bytes[at];
    let (mut code, more) = match lead {
        0..0x80 => (lead as u32, 0),
        0x80..0xe0 => (lead as u32 & 0x1f, 1),
        0xe0..0xf0 => (lead as u32 & 0xf, 2),
        _ => (lead as u32 & 7, 3),
    };
    let mut i = 1;
    while i <= more {
        code = code << 6 | bytes[at + i] as u32 & 0x3f;
        i += 1;
    }
    code
}

/// The next line of a table, from a byte on: no comment and not empty. At its end: twice its length.
const fn next_row(table: &[u8], mut at: usize) -> (usize, usize) {
    while at < table.len() {
        let mut end = at;
        while end < table.len() && table[end] != b'\n' {
            end += 1;
        }
        if end > at && table[at] != b'#' {
            return (at, end);
        }
        at = end + 1;
    }
    (table.len(), table.len())
}

const fn n_rows(table: &[u8]) -> usize {
    let (mut n, mut row) = (0, next_row(table, 0));
    while row.0 < table.len() {
        (n, row) = (n + 1, next_row(table, row.1));
    }
    n
}

/// Tells whether the first of two lines comes before the other.
const fn is_before(a: &[u8], (mut i, a_end): (usize, usize), b: &[u8], (mut j, b_end): (usize, usize)) -> bool {
    while i < a_end && j < b_end {
        if a[i] != b[j] {
            return a[i] < b[j];
        }
        (i, j) = (i + 1, j + 1);
    }
    j < b_end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
        table.lines().filter(|l| !l.starts_with('#') && !l.is_empty())
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
            NOUNS.entries.is_sorted_by_key(|e| e.line())
                && NOUNS.entries.iter().all(|e| !e.surface().is_empty() && !e.surface().contains('\t'))
        );
        assert_eq!(N, lines(COUNTERS).count() + lines(MEASURES).count());
    }
}
