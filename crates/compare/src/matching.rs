//! Which record of the new release is which record of the old one.
//!
//! Matching by number is wrong: one inserted initiative would make every later row look changed. Records with the same known initiative id belong
//! together; the rest are paired by optimal assignment on the likeness of title, text, departments and number.

use crate::assign::{Scores, assign};
use crate::fold;
use crate::similarity::{Bigrams, Sketch};
use crate::view;
use jisseki_model::Initiative;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// From this score on a pair is taken without asking. Measured on the first document: different initiatives reach 0.21 in the title, rewrites 0.62.
pub const AUTO: f64 = 0.6;
/// From this score on a pair is shown as «please confirm»; below, records are taken as added and removed.
pub const CONFIRM: f64 = 0.35;

/// How sure a pair is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// The registry says so.
    Known,
    /// At least [`AUTO`].
    Auto,
    /// Between [`CONFIRM`] and [`AUTO`]: a person should look.
    Confirm,
}

/// A pair of records: indexes into the old and the new release.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct Pair {
    pub old: usize,
    pub new: usize,
    /// 0..=1.
    pub score: f64,
    pub band: Band,
}

/// A matching of two releases.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matching {
    /// In the order of the new release.
    pub pairs: Vec<Pair>,
    /// Old records without a partner.
    pub removed: Vec<usize>,
    /// New records without a partner.
    pub added: Vec<usize>,
}

/// The weights of the four likenesses (dataset.md). What neither record has does not count, and the others take its share.
const WEIGHTS: [f64; 4] = [0.6, 0.2, 0.1, 0.1];

/// What of a record is compared.
struct Traits {
    title: Bigrams,
    text: Sketch,
    departments: Vec<String>,
    number: (String, String),
}

/// Returns the matching of two lists of records. `known` gives the initiative id of a record id, where a registry has one.
///
/// Units: scores 0..=1. Source: dataset.md, "Diff between releases".
pub fn match_records(old: &[Initiative], new: &[Initiative], known: &BTreeMap<String, String>) -> Matching {
    let mut matching = Matching::default();
    let mut old_left: Vec<usize> = (0..old.len()).collect();
    let mut new_left: Vec<usize> = (0..new.len()).collect();
    for (n, record) in new.iter().enumerate() {
        let Some(id) = known.get(&record.record_id) else { continue };
        let same = |o: &usize| old.get(*o).is_some_and(|r| known.get(&r.record_id) == Some(id));
        if let Some(at) = old_left.iter().position(same) {
            matching.pairs.push(Pair { old: old_left.remove(at), new: n, score: 1.0, band: Band::Known });
            new_left.retain(|left| *left != n);
        }
    }
    pair_by_likeness(old, new, &old_left, &new_left, &mut matching);
    matching.pairs.sort_by_key(|p| p.new);
    let (mut has_old, mut has_new) = (vec![false; old.len()], vec![false; new.len()]);
    for p in &matching.pairs {
        has_old.get_mut(p.old).into_iter().chain(has_new.get_mut(p.new)).for_each(|b| *b = true);
    }
    matching.removed = old_left.into_iter().filter(|o| has_old.get(*o) == Some(&false)).collect();
    matching.added = new_left.into_iter().filter(|n| has_new.get(*n) == Some(&false)).collect();
    matching
}

fn pair_by_likeness(old: &[Initiative], new: &[Initiative], old_left: &[usize], new_left: &[usize], matching: &mut Matching) {
    let traits_of = |records: &[Initiative], left: &[usize]| left.iter().filter_map(|i| records.get(*i)).map(traits).collect::<Vec<_>>();
    let (a, b) = (traits_of(old, old_left), traits_of(new, new_left));
    let scores = Scores::new(a.len(), b.len(), |r, c| a.get(r).zip(b.get(c)).map_or(0.0, |(x, y)| likeness(x, y)));
    for (row, col) in assign(&scores, CONFIRM).into_iter().enumerate() {
        if let Some((o, n, col)) = col.and_then(|c| Some((*old_left.get(row)?, *new_left.get(c)?, c))) {
            let score = scores.at(row, col);
            matching.pairs.push(Pair { old: o, new: n, score, band: if score >= AUTO { Band::Auto } else { Band::Confirm } });
        }
    }
}

/// Returns the likeness of two records, 0..=1.
pub fn score(old: &Initiative, new: &Initiative) -> f64 {
    likeness(&traits(old), &traits(new))
}

fn traits(record: &Initiative) -> Traits {
    let mut departments: Vec<String> = record.departments.iter().map(|d| fold::style(&d.text)).collect();
    departments.sort();
    departments.dedup();
    let section = record.section.as_ref().map_or(String::new(), |s| fold::style(&s.label));
    Traits {
        title: Bigrams::of(&record.title.text),
        text: Sketch::of_shape(&view::record_text(record)),
        departments,
        number: (fold::style(&record.number_label), section),
    }
}

fn likeness(a: &Traits, b: &Traits) -> f64 {
    let title = (!a.title.is_empty() || !b.title.is_empty()).then(|| a.title.dice(&b.title));
    let text = (!a.text.is_empty() || !b.text.is_empty()).then(|| a.text.dice(&b.text));
    let shared = a.departments.iter().filter(|d| b.departments.contains(d)).count();
    let all = a.departments.len() + b.departments.len();
    let departments = (all > 0).then(|| 2.0 * shared as f64 / all as f64);
    let number = Some(0.5 * f64::from(u8::from(a.number.0 == b.number.0)) + 0.5 * f64::from(u8::from(a.number.1 == b.number.1)));
    let parts = [title, text, departments, number];
    let weight: f64 = parts.iter().zip(WEIGHTS).filter(|(p, _)| p.is_some()).map(|(_, w)| w).sum();
    let sum: f64 = parts.iter().zip(WEIGHTS).filter_map(|(p, w)| p.map(|p| p * w)).sum();
    if title.is_none() && text.is_none() { 0.0 } else { sum / weight }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{record, titled};

    #[test]
    fn an_inserted_record_is_added_and_the_rest_keep_their_partners() {
        let titles = ["職員の人材育成", "財政運営の確保", "情報セキュリティの確保"];
        let old: Vec<_> = titles.iter().zip(1..).map(|(t, n)| titled(n, t)).collect();
        let mut new = vec![titled(1, "県有施設の木造化")];
        new.extend(titles.iter().zip(2..).map(|(t, n)| titled(n, t)));
        let m = match_records(&old, &new, &BTreeMap::new());
        assert_eq!(m.pairs.iter().map(|p| (p.old, p.new)).collect::<Vec<_>>(), [(0, 1), (1, 2), (2, 3)]);
        assert_eq!((m.added, m.removed), (vec![0], vec![]));
    }

    #[test]
    fn a_known_id_wins_over_likeness() {
        let old = [titled(1, "旧称の取組"), titled(2, "別の計画")];
        let new = [titled(1, "まったく新しい名前"), titled(2, "旧称の取組")];
        let id = |r: &Initiative, id: &str| (r.record_id.clone(), id.to_owned());
        let mut new = new;
        new.iter_mut().for_each(|r| r.record_id = format!("new-{}", r.record_id));
        let known = BTreeMap::from([id(&old[0], "x-2016-001"), id(&new[0], "x-2016-001")]);
        let m = match_records(&old, &new, &known);
        assert_eq!((m.pairs[0].old, m.pairs[0].new, m.pairs[0].band), (0, 0, Band::Known));
    }

    #[test]
    fn different_initiatives_of_one_department_do_not_match() {
        let mut a = record(8, "電子申請・届出システムの利用促進", &["・利用件数の拡大に向けて広報を実施"]);
        let mut b = record(11, "情報システムに関する業務継続計画（ＢＣＰ）の見直し", &["・訓練を実施し、計画を見直し"]);
        for r in [&mut a, &mut b] {
            r.departments = vec![jisseki_model::Department { text: "地域連携部情報システム課".into(), ..Default::default() }];
        }
        assert!(score(&a, &b) < CONFIRM, "{}", score(&a, &b));
    }
}
