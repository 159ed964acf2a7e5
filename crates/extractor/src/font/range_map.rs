//! Ranges of codes with a value each: the one shape of every CMap, width table and `W` array. Ranges stay ranges.

use std::collections::BTreeMap;

/// A range of codes and the value its first code has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span<V> {
    /// First code.
    pub(super) lo: u32,
    /// Last code.
    pub(super) hi: u32,
    /// The code that `value` belongs to: `lo`, or below it where a later range took the beginning.
    pub(super) base: u32,
    /// The value at `base`.
    pub(super) value: V,
}

/// Disjoint ranges, ascending.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RangeMap<V> {
    spans: Box<[Span<V>]>,
}

impl<V> Default for RangeMap<V> {
    fn default() -> RangeMap<V> {
        RangeMap { spans: Box::default() }
    }
}

impl<V: Copy> RangeMap<V> {
    /// Returns the map of these ranges; where two overlap the later one counts, as an interpreter of the file would have it.
    ///
    /// Linear for ranges in order, O(n log n) else.
    pub(super) fn new(mut ranges: Vec<(u32, u32, V)>) -> RangeMap<V> {
        ranges.retain(|r| r.0 <= r.1);
        let ordered = ranges.windows(2).all(|w| matches!(w, [a, b] if a.1 < b.0));
        let spans = ranges.into_iter().map(|(lo, hi, value)| Span { lo, hi, base: lo, value });
        RangeMap { spans: if ordered { spans.collect() } else { later_wins(spans) } }
    }
    /// Returns the value at the base of the range that holds `code`, and how far beyond that base the code lies.
    pub(super) fn get(&self, code: u32) -> Option<(V, u32)> {
        let after = self.spans.partition_point(|s| s.lo <= code);
        let span = self.spans.get(after.checked_sub(1)?)?;
        (code <= span.hi).then(|| (span.value, code - span.base))
    }
    /// Returns the ranges.
    pub(super) fn spans(&self) -> &[Span<V>] {
        &self.spans
    }
}

/// Cuts earlier ranges where later ones lie over them. Each insertion adds two ranges at most and removes the rest it covers.
fn later_wins<V: Copy>(spans: impl Iterator<Item = Span<V>>) -> Box<[Span<V>]> {
    let mut map: BTreeMap<u32, Span<V>> = BTreeMap::new();
    for new in spans {
        if let Some((_, &below)) = map.range(..new.lo).next_back()
            && below.hi >= new.lo
        {
            map.insert(below.lo, Span { hi: new.lo - 1, ..below });
            if below.hi > new.hi {
                map.insert(new.hi + 1, Span { lo: new.hi + 1, ..below });
            }
        }
        while let Some((&lo, &covered)) = map.range(new.lo..=new.hi).next() {
            map.remove(&lo);
            if covered.hi > new.hi {
                map.insert(new.hi + 1, Span { lo: new.hi + 1, ..covered });
            }
        }
        map.insert(new.lo, new);
    }
    map.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_later_range_counts_and_keeps_no_hole() {
        let map = RangeMap::new(vec![(10, 20, 100), (14, 15, 7), (30, 30, 1)]);
        let at = |c| map.get(c).map(|(v, n)| v + n);
        assert_eq!(
            [9, 10, 13, 14, 15, 16, 20, 21, 30].map(at),
            [None, Some(100), Some(103), Some(7), Some(8), Some(106), Some(110), None, Some(1)]
        );
    }

    proptest! {
        #[test]
        fn equals_the_naive_map(ranges in prop::collection::vec((0u32..60, 0u32..60, 0u32..1000), 0..20)) {
            let mut naive = BTreeMap::new();
            for &(lo, hi, v) in &ranges {
                for c in lo..=hi { naive.insert(c, v + c - lo); }
            }
            let map = RangeMap::new(ranges);
            for c in 0..64 {
                prop_assert_eq!(map.get(c).map(|(v, n)| v + n), naive.get(&c).copied());
            }
        }
    }
}
