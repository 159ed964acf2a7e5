//! A thousand records against a thousand: found again after renumbering, retitling and a hundred new ones, and in time.
#![allow(clippy::print_stdout)]

use jisseki_compare::matching::match_records;
use jisseki_model::{Block, Department, Field, Initiative, Paragraph};
use std::collections::BTreeMap;
use std::time::Instant;

const WORDS: [&str; 24] = [
    "職員",
    "研修",
    "財政",
    "運営",
    "情報",
    "公開",
    "窓口",
    "改善",
    "施設",
    "更新",
    "協働",
    "推進",
    "提案",
    "制度",
    "防災",
    "訓練",
    "観光",
    "振興",
    "子育て",
    "支援",
    "環境",
    "保全",
    "道路",
    "整備",
];

/// A small generator with a fixed seed (SplitMix64): the same records in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
    fn words(&mut self, n: usize) -> String {
        (0..n).map(|_| WORDS[self.below(24) as usize]).collect()
    }
}

fn record(number: usize, random: &mut Random) -> Initiative {
    let paragraph = |random: &mut Random| Paragraph { text: random.words(40), ..Paragraph::default() };
    Initiative {
        record_id: format!("old-{number:04}"),
        number: Some(number as i64),
        number_label: number.to_string(),
        title: Field { text: random.words(8), ..Field::default() },
        results: vec![Block { paragraphs: (0..6).map(|_| paragraph(random)).collect(), ..Block::default() }],
        departments: vec![Department { text: format!("{}課", random.words(2)), ..Department::default() }],
        ..Initiative::default()
    }
}

#[test]
fn a_thousand_records_find_their_partners() {
    let mut random = Random(7);
    let old: Vec<Initiative> = (1..=1000).map(|n| record(n, &mut random)).collect();
    let mut new: Vec<Initiative> = old.iter().skip(100).cloned().collect();
    new.extend((0..100).map(|n| record(n, &mut random)));
    for i in (1..new.len()).rev() {
        new.swap(i, random.below(i as u64 + 1) as usize);
    }
    let mut truth = BTreeMap::new();
    for (i, r) in new.iter_mut().enumerate() {
        if let Some(at) = old.iter().position(|o| o.record_id == r.record_id && o.title.text == r.title.text) {
            truth.insert(i, at);
        }
        r.number = Some(i as i64 + 1);
        r.number_label = (i + 1).to_string();
        r.record_id = format!("new-{i:04}");
        if i % 10 == 0 {
            r.title.text.push_str("の見直し");
        }
    }
    let start = Instant::now();
    let m = match_records(&old, &new, &BTreeMap::new());
    println!("1,000 x 1,000 matched in {:.2} s", start.elapsed().as_secs_f64());
    let found: BTreeMap<usize, usize> = m.pairs.iter().map(|p| (p.new, p.old)).collect();
    let wrong = truth.iter().filter(|(n, o)| found.get(n) != Some(o)).count();
    assert_eq!((truth.len(), wrong), (900, 0));
    // New records share words with the hundred that went; what is paired among them is never taken without asking.
    let taken = m.pairs.iter().filter(|p| !truth.contains_key(&p.new) && p.band == jisseki_compare::matching::Band::Auto).count();
    assert_eq!(taken, 0);
}
