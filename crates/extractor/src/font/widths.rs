//! Advance widths (ISO 32000-2 §9.6.2, §9.7.4.3): `W`, `DW`, `W2`, `DW2`, `Widths`. Ranges stay ranges.

use super::range_map::RangeMap;

/// An element of a `W` or `W2` array.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    /// A number.
    Number(f64),
    /// An array's numbers.
    List(Vec<f64>),
    /// Anything else: the array is out of step here.
    Other,
}

/// Metrics by CID: `N` numbers each (1 in `W`, 3 in `W2`).
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Metrics<const N: usize> {
    ranges: RangeMap<Source>,
    values: Vec<f32>,
}

/// Where a range's metrics stand in the values.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Source {
    /// One for all codes.
    Same(u32),
    /// One after the other.
    List(u32),
}

/// Widths beyond this many ems are damage.
const MAX_WIDTH: f64 = 100_000.0;

impl<const N: usize> Metrics<N> {
    /// Returns the metrics of an array: `c [w …]` and `first last w`, at most `max` numbers. Items out of step are passed over.
    pub(super) fn new(items: impl Iterator<Item = Item>, max: usize) -> Metrics<N> {
        let mut ranges = Vec::new();
        let mut values: Vec<f32> = Vec::new();
        let mut pending: Vec<f64> = Vec::with_capacity(2 + N);
        for item in items {
            if values.len() >= max {
                break;
            }
            match item {
                Item::Number(n) => pending.push(n),
                Item::List(list) => {
                    // The CID is the number just before; others before it belong to nothing.
                    let first = pending.last().copied().and_then(number_to_cid);
                    pending.clear();
                    let whole = list.len() / N;
                    let last = first.zip(u32::try_from(whole).ok()).and_then(|(f, n)| f.checked_add(n.checked_sub(1)?));
                    if let (Some(first), Some(last)) = (first, last) {
                        ranges.push((first, last, Source::List(index(&values))));
                        values.extend(list.iter().take(whole * N).take(max).map(|&w| number_to_width(w)));
                    }
                }
                Item::Other => pending.clear(),
            }
            if let [first, last, metrics @ ..] = pending.as_slice()
                && metrics.len() == N
            {
                if let (Some(first), Some(last)) = (number_to_cid(*first), number_to_cid(*last)) {
                    ranges.push((first, last, Source::Same(index(&values))));
                    values.extend(metrics.iter().map(|&w| number_to_width(w)));
                }
                pending.clear();
            }
        }
        Metrics { ranges: RangeMap::new(ranges), values }
    }
    /// Returns the metrics of a CID.
    pub(super) fn get(&self, cid: u32) -> Option<[f32; N]> {
        let (source, beyond) = self.ranges.get(cid)?;
        let at = match source {
            Source::Same(at) => usize::try_from(at).ok()?,
            Source::List(at) => usize::try_from(at).ok()?.checked_add(usize::try_from(beyond).ok()?.checked_mul(N)?)?,
        };
        self.values.get(at..)?.get(..N)?.try_into().ok()
    }
}

fn index(values: &[f32]) -> u32 {
    u32::try_from(values.len()).unwrap_or(u32::MAX)
}

fn number_to_cid(n: f64) -> Option<u32> {
    (n >= 0.0 && n <= f64::from(u32::MAX >> 1)).then_some(n as u32)
}

fn number_to_width(w: f64) -> f32 {
    if w.is_finite() && w.abs() <= MAX_WIDTH { w as f32 } else { 0.0 }
}

/// A composite font's metrics.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CidWidths {
    /// `W`.
    pub(super) horizontal: Metrics<1>,
    /// `DW`.
    pub(super) default: Option<f32>,
    /// `W2`.
    pub(super) vertical: Metrics<3>,
    /// `DW2`: the advance.
    pub(super) vertical_default: f32,
}

/// `DW` and `DW2` where they are missing (Table 115).
const DEFAULT_WIDTH: f32 = 1000.0;
pub(crate) const DEFAULT_VERTICAL: f32 = -1000.0;

impl CidWidths {
    /// Returns a CID's advance.
    pub(super) fn width(&self, cid: u32) -> f32 {
        self.horizontal.get(cid).map_or(self.default.unwrap_or(DEFAULT_WIDTH), |[w]| w)
    }
    /// Returns a CID's advance in vertical writing.
    pub(super) fn vertical(&self, cid: u32) -> f32 {
        self.vertical.get(cid).map_or(self.vertical_default, |[advance, ..]| advance)
    }
}

/// A simple font's widths.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct SimpleWidths {
    /// `FirstChar`.
    pub(super) first: u32,
    /// `Widths`.
    pub(super) widths: Vec<f32>,
    /// `MissingWidth`.
    pub(super) missing: f32,
}

impl SimpleWidths {
    /// Returns a code's advance; none where the font has no `Widths` at all.
    pub(super) fn width(&self, code: u32) -> Option<f32> {
        if self.widths.is_empty() {
            return None;
        }
        let at = code.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        Some(at.and_then(|at| self.widths.get(at)).copied().unwrap_or(self.missing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(list: &[f64]) -> Vec<Item> {
        list.iter().map(|&n| Item::Number(n)).collect()
    }

    #[test]
    fn lists_and_ranges() {
        let mut items = numbers(&[231.0]);
        items.push(Item::List(vec![500.0, 250.0]));
        items.extend(numbers(&[300.0, 400.0, 700.0, 10.0]));
        items.push(Item::List(vec![1.0]));
        let w: Metrics<1> = Metrics::new(items.into_iter(), 1000);
        assert_eq!(
            [230, 231, 232, 233, 300, 400, 401, 10].map(|c| w.get(c).map(|[w]| w)),
            [None, Some(500.0), Some(250.0), None, Some(700.0), Some(700.0), None, Some(1.0)]
        );
    }

    #[test]
    fn vertical_metrics() {
        let mut items = numbers(&[120.0]);
        items.push(Item::List(vec![-500.0, 250.0, 880.0, -600.0]));
        items.extend(numbers(&[7000.0, 7010.0, -900.0, 500.0, 800.0]));
        let widths = CidWidths {
            horizontal: Metrics::default(),
            default: Some(600.0),
            vertical: Metrics::new(items.into_iter(), 99),
            vertical_default: DEFAULT_VERTICAL,
        };
        assert_eq!([120, 121, 7005].map(|c| widths.vertical(c)), [-500.0, DEFAULT_VERTICAL, -900.0], "half a metric is none");
    }

    #[test]
    fn an_array_out_of_step_loses_only_what_is_broken() {
        let mut items = numbers(&[5.0]);
        items.push(Item::Other);
        items.extend(numbers(&[-3.0, 7.0, 500.0, 20.0]));
        items.push(Item::List(vec![f64::NAN, 300.0]));
        let w: Metrics<1> = Metrics::new(items.into_iter(), 99);
        assert_eq!((w.get(5), w.get(6), w.get(20), w.get(21)), (None, None, Some([0.0]), Some([300.0])));
    }

    #[test]
    fn simple_widths() {
        let w = SimpleWidths { first: 32, widths: vec![250.0, 333.0], missing: 7.0 };
        assert_eq!([31, 32, 33, 34].map(|c| w.width(c)), [7.0, 250.0, 333.0, 7.0].map(Some));
        assert_eq!(SimpleWidths::default().width(32), None);
    }

    proptest! {
        #[test]
        fn any_array_is_read(items in prop::collection::vec(prop_oneof![
            any::<f64>().prop_map(Item::Number),
            (0u32..70_000).prop_map(|n| Item::Number(f64::from(n))),
            prop::collection::vec(any::<f64>(), 0..6).prop_map(Item::List),
            Just(Item::Other),
        ], 0..60), cid in 0u32..70_000) {
            let one: Metrics<1> = Metrics::new(items.clone().into_iter(), 40);
            let three: Metrics<3> = Metrics::new(items.into_iter(), 40);
            prop_assert!(one.values.len() <= 80 && three.values.len() <= 82);
            prop_assert!(one.get(cid).is_none_or(|[w]| w.is_finite()));
            prop_assert!(three.get(cid).is_none_or(|m| m.iter().all(|w| w.is_finite())));
        }
    }
}
