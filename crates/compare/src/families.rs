//! Records that came out of another one, or went into another one.

use crate::fold;
use crate::matching::Matching;
use crate::similarity::Bigrams;
use crate::view::{fields, pieces};
use jisseki_model::Initiative;
use std::collections::BTreeSet;

/// A record is a child of another when this share of its text stood there. A guess: records of one department that are not related share a tenth.
const INHERITED: f64 = 0.5;
/// A paragraph stood there when one is this alike, numbers and years aside.
const ALIKE: f64 = 0.75;
/// Shorter texts prove nothing.
const LEAST_TEXT: usize = 20;

/// Returns the old record out of which a new one was split: an old record that goes on under another number, and held most of the new one's text and
/// has since lost it.
pub fn split_from(matching: &Matching, old: &[Initiative], new: &[Initiative], added: usize) -> Option<usize> {
    let child = lines(new.get(added)?);
    let held = |o: &usize| old.get(*o).map_or(0.0, |r| share(&child, &lines(r)));
    let still = |n: usize| new.get(n).map_or(0.0, |r| share(&child, &lines(r)));
    let candidates = matching.pairs.iter().filter(|p| held(&p.old) >= INHERITED && still(p.new) < INHERITED);
    let best = candidates.map(|p| p.old).max_by(|a, b| held(a).total_cmp(&held(b)));
    best.or_else(|| matching.removed.iter().copied().filter(|o| held(o) >= INHERITED).max_by(|a, b| held(a).total_cmp(&held(b))))
}

/// Returns the new record into which an old one was merged: one that continues another old record, and holds most of the gone one's text, which it did
/// not hold before.
pub fn merged_into(matching: &Matching, old: &[Initiative], new: &[Initiative], removed: usize) -> Option<usize> {
    let gone = lines(old.get(removed)?);
    let holds = |n: usize| new.get(n).map_or(0.0, |r| share(&gone, &lines(r)));
    let held = |o: usize| old.get(o).map_or(0.0, |r| share(&gone, &lines(r)));
    let candidates = matching.pairs.iter().filter(|p| holds(p.new) >= INHERITED && held(p.old) < INHERITED);
    candidates.map(|p| p.new).max_by(|a, b| holds(*a).total_cmp(&holds(*b)))
}

/// The paragraphs and items of a record, each with its length and bigrams, equal ones once.
fn lines(record: &Initiative) -> Vec<(usize, Bigrams)> {
    let items = record.schedule.iter().flat_map(|s| &s.items).map(|i| i.text.clone());
    let paragraphs = fields(record).into_iter().flat_map(|(_, b)| pieces(b).into_iter().map(|p| p.text).collect::<Vec<_>>());
    let texts: BTreeSet<String> = items.chain(paragraphs).map(|t| fold::shape(&t)).collect();
    texts.iter().map(|t| (t.chars().count(), Bigrams::of(t))).collect()
}

/// Returns the share of a text, by characters, that stands in another.
fn share(text: &[(usize, Bigrams)], other: &[(usize, Bigrams)]) -> f64 {
    let all: usize = text.iter().map(|(n, _)| n).sum();
    // Bigrams of unlike lengths cannot be alike: 2·min / (a + b) bounds the coefficient.
    let close = |a: usize, b: usize| 2.0 * a.min(b) as f64 >= ALIKE * (a + b) as f64;
    let stands = |g: &Bigrams| other.iter().any(|(_, o)| close(g.len(), o.len()) && g.dice(o) >= ALIKE);
    let found: usize = text.iter().filter(|(_, g)| stands(g)).map(|(n, _)| n).sum();
    if all < LEAST_TEXT { 0.0 } else { found as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::match_records;
    use crate::testing::record;
    use std::collections::BTreeMap;

    const A: &str = "・職員提案制度の見直しを行い、提案を随時受け付けることとした";
    const B: &str = "・ストレスチェックの実施体制を整え、全ての所属で実施した";

    #[test]
    fn a_split_and_a_merge_are_seen() {
        let whole = [record(1, "意欲の向上に向けた組織風土づくり", &[A, B])];
        let parts = [record(1, "意欲の向上に向けた組織風土づくり", &[A]), record(2, "職員の健康管理の充実", &[B])];
        let m = match_records(&whole, &parts, &BTreeMap::new());
        assert_eq!((m.added.as_slice(), split_from(&m, &whole, &parts, 1)), ([1].as_slice(), Some(0)));
        let m = match_records(&parts, &whole, &BTreeMap::new());
        assert_eq!((m.removed.as_slice(), merged_into(&m, &parts, &whole, 1)), ([1].as_slice(), Some(0)));
    }

    #[test]
    fn a_new_record_is_no_split() {
        let old = [record(1, "組織風土づくり", &[A])];
        let new = [record(1, "組織風土づくり", &[A]), record(2, "職員の健康管理の充実", &[B])];
        let m = match_records(&old, &new, &BTreeMap::new());
        assert_eq!(split_from(&m, &old, &new, 1), None);
    }
}
