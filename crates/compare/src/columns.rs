//! Columns whose header changed or whose contents changed places: seen once for the whole release, not as a thousand text changes.

use crate::matching::Pair;
use crate::similarity::Bigrams;
use crate::view::{field, fields, pieces};
use jisseki_model::Initiative;
use std::collections::{BTreeMap, BTreeSet};

/// Which old field a new field continues, where it is not the one of the same name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Remap {
    by_new: BTreeMap<String, String>,
}

impl Remap {
    /// Returns the old field that a new field continues.
    pub fn old_name(&self, new: &str) -> String {
        self.by_new.get(new).cloned().unwrap_or_else(|| new.to_owned())
    }
    /// Tells whether an old field goes on under another name.
    pub fn is_source(&self, old: &str) -> bool {
        self.by_new.iter().any(|(n, o)| o == old && n != old)
    }
    /// Tells whether a field of that name is left over: what stood in it goes on elsewhere, and nothing came in its place.
    pub fn is_vacated(&self, name: &str) -> bool {
        self.is_source(name) && !self.by_new.contains_key(name)
    }
    /// Returns every (old, new) of fields that go on under another name.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_new.iter().map(|(n, o)| (o.as_str(), n.as_str()))
    }
    /// Tells whether two known fields exchanged their contents.
    pub fn is_swap(&self, old: &str, new: &str) -> bool {
        self.by_new.get(old).is_some_and(|o| o == new)
    }
}

/// From this mean likeness on a field's contents stand in another one.
const CONTINUED: f64 = 0.6;
/// Up to this mean likeness a field's contents are not what they were.
const FOREIGN: f64 = 0.35;

/// Returns which fields continue others, by what stands in them over all pairs of records.
pub fn records_to_remap(pairs: &[Pair], old: &[Initiative], new: &[Initiative]) -> Remap {
    let records: Vec<(&Initiative, &Initiative)> = pairs.iter().filter_map(|p| old.get(p.old).zip(new.get(p.new))).collect();
    let names: BTreeSet<String> = records.iter().flat_map(|(a, b)| fields(a).into_iter().chain(fields(b))).map(|(n, _)| n).collect();
    let text = |r: &Initiative, name: &str| pieces(field(r, name)).iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n");
    let contents = |r: &Initiative| names.iter().map(|n| Bigrams::of_shape(&text(r, n))).collect::<Vec<_>>();
    let all: Vec<(Vec<Bigrams>, Vec<Bigrams>)> = records.iter().map(|(a, b)| (contents(a), contents(b))).collect();
    let mean = |f: usize, g: usize| {
        let both = all.iter().filter_map(|(a, b)| Some((a.get(f)?, b.get(g)?))).filter(|(x, y)| !x.is_empty() || !y.is_empty());
        let likes: Vec<f64> = both.map(|(x, y)| x.dice(y)).collect();
        if likes.is_empty() { 0.0 } else { likes.iter().sum::<f64>() / likes.len() as f64 }
    };
    let mut by_new = BTreeMap::new();
    for (g, new_name) in names.iter().enumerate() {
        if mean(g, g) > FOREIGN {
            continue;
        }
        let best = names.iter().enumerate().filter(|(f, _)| *f != g).map(|(f, n)| (mean(f, g), n)).max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, old_name)) = best.filter(|(m, n)| *m >= CONTINUED && (mean_of(&names, n).is_none_or(|f| mean(f, f) <= FOREIGN))) {
            by_new.insert(new_name.clone(), old_name.clone());
        }
    }
    Remap { by_new }
}

fn mean_of(names: &BTreeSet<String>, name: &str) -> Option<usize> {
    names.iter().position(|n| n == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::match_records;
    use crate::testing::{block, record};

    fn records() -> Vec<Initiative> {
        let texts = [
            ("研修を実施し、参加者から好評を得た", "おおむね計画どおりに進んだ"),
            ("広報誌を発行して周知した", "読者の声を集める仕組みがない"),
        ];
        let make = |((results, status), n): (&(&str, &str), i64)| Initiative {
            status: block(&[status]),
            ..record(n, &format!("取組その{n}の推進"), &[results])
        };
        texts.iter().zip(1..).map(make).collect()
    }

    fn remap(change: impl Fn(&mut Initiative)) -> Vec<(String, String)> {
        let old = records();
        let mut new = records();
        new.iter_mut().for_each(change);
        let m = match_records(&old, &new, &BTreeMap::new());
        records_to_remap(&m.pairs, &old, &new).pairs().map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    }

    #[test]
    fn a_renamed_header_and_a_swap_are_seen() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(remap(|_| {}), []);
        assert_eq!(
            remap(|r| drop(r.extra.insert("進みぐあい".into(), std::mem::take(&mut r.status)))),
            [pair("status", "extra:進みぐあい")]
        );
        assert_eq!(remap(|r| std::mem::swap(&mut r.status, &mut r.results)), [pair("status", "results"), pair("results", "status")]);
    }
}
