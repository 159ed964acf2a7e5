//! What must hold for every text: design §12.
#![allow(clippy::unwrap_used)] // Helpers of tests: a case that cannot be read is a failure.

use jisseki_normalizer::{Mention, MentionId, ReportContext, Scope, ScopeSource, Value, display, fold, key, keys, mentions};
use proptest::prelude::*;
use std::collections::HashSet;
use std::path::PathBuf;

fn context() -> ReportContext {
    ReportContext::of_fiscal_year(2019)
}

fn read(text: &str) -> Vec<Mention> {
    mentions(text, &context(), &[])
}

fn all_keys(text: &str) -> Vec<String> {
    let found = read(text);
    found.iter().map(|m| key(m, &found)).collect()
}

/// What every list of mentions must fulfil.
fn check_sound(text: &str) {
    let found = read(text);
    let ids: HashSet<MentionId> = found.iter().map(|m| m.id).collect();
    assert_eq!(ids.len(), found.len(), "ids are unique");
    for (i, m) in (0..).zip(&found) {
        assert_eq!(&text[m.span.clone()], m.text, "a span slices the source");
        assert!(!m.text.is_empty());
        assert_eq!(m.id, MentionId::new(i));
        let named = match &m.value {
            Value::Range { from, to, .. } => from.iter().chain(to).copied().collect::<Vec<_>>(),
            Value::Comparison { points, .. } => points.iter().flat_map(|p| p.when.iter().chain(&p.amounts)).copied().collect(),
            Value::Change { amount, .. } => amount.iter().copied().collect(),
            _ => Vec::new(),
        };
        assert!(named.iter().all(|id| ids.contains(id)), "composites name mentions of the list");
        assert!(!key(m, &found).is_empty());
    }
    let order = |m: &Mention| (m.span.start, usize::MAX - m.span.end);
    assert!(found.windows(2).all(|w| order(&w[0]) <= order(&w[1])), "in the order of the text, the longer first");
    let _ = keys(&found);
}

/// Pieces that mean something next to each other.
const PIECES: [&str; 96] = [
    "令和",
    "平成",
    "昭和",
    "R",
    "H",
    "元",
    "２",
    "30",
    "31",
    "3",
    "12",
    "1,234",
    "132,726",
    "1.3",
    "０",
    "2019",
    "年",
    "年度",
    "月",
    "日",
    "度",
    "末",
    "当初",
    "上旬",
    "下旬",
    "第",
    "四半期",
    "上半期",
    "～",
    "〜",
    "-",
    "ー",
    "から",
    "まで",
    "より",
    "以降",
    "、",
    "・",
    "。",
    "（",
    "）",
    "【",
    "】",
    "⇒",
    "→",
    "：",
    " ",
    "\n",
    "\n\n",
    "\u{3000}",
    "約",
    "計",
    "延べ",
    "△",
    "▲",
    "￥",
    "千",
    "万",
    "億",
    "円",
    "％",
    "ポイント",
    "件",
    "人",
    "名",
    "箇所",
    "か月",
    "時間",
    "割",
    "分の",
    "倍",
    "以上",
    "以下",
    "未満",
    "増",
    "減",
    "前年度",
    "今年度",
    "通年",
    "比",
    "目標",
    "実績",
    "総務部",
    "人事課",
    "三",
    "十",
    "数",
    "半",
    "単位",
    "\u{200B}",
    "ｶﾞ",
    "㍻",
    "㋿",
    "\u{E0100}",
    "か\u{3099}",
    "ab",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_it(text in any::<String>()) {
        check_sound(&text);
    }

    #[test]
    fn no_row_of_pieces_breaks_it(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        check_sound(&pieces.concat());
    }

    #[test]
    fn display_is_idempotent_and_leaves_signs_alone(text in any::<String>(), pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12)) {
        for text in [text, pieces.concat()] {
            let once = display(&text).into_owned();
            prop_assert_eq!(display(&once), once.as_str());
            for sign in "①②㉑❶⒈Ⅲⅲ㈱㈲㎡㌔℃髙﨑～〜（）：\u{3000}\u{E0100}".chars() {
                prop_assert_eq!(once.matches(sign).count(), text.matches(sign).count());
            }
        }
    }

    #[test]
    fn spans_of_the_scan_view_lead_back_and_never_split(text in any::<String>()) {
        let folded = fold(&text);
        let mut last = 0;
        for (i, c) in folded.scan().char_indices() {
            let span = folded.source_span(i..i + c.len_utf8());
            prop_assert!(text.get(span.clone()).is_some_and(|s| !s.is_empty()));
            prop_assert!(span.start >= last || span.end >= last);
            last = span.start;
        }
    }

    #[test]
    fn the_way_a_thing_is_spelled_changes_nothing(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..30)) {
        let text = pieces.concat();
        let wide = |t: &str| t.chars().map(|c| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c }).collect::<String>();
        let narrow = |t: &str| t.chars().map(|c| if ('０'..='９').contains(&c) { char::from_u32(c as u32 - 0xFEE0).unwrap() } else { c }).collect::<String>();
        // Labels and notes are quoted as they stand, so keys are compared in one spelling.
        let plain = |t: &str| all_keys(t).iter().map(|k| fold(k).scan().to_owned()).collect::<Vec<_>>();
        let expected = plain(&text);
        for other in [
            wide(&text),
            narrow(&text),
            text.replace('～', "〜"),
            text.replace('〜', "～"),
            text.replace(' ', "\u{3000}"),
            text.replace('\u{3000}', " "),
        ] {
            prop_assert_eq!(plain(&other), expected.clone(), "{:?} as {:?}", text, other);
        }
    }
}

#[test]
fn the_ways_to_write_a_place_counter_are_one() {
    for number in ["１", "３", "10", "1,234", "約５", "計７", "延べ12", "１～３", "数十"] {
        for tail in ["", "以上", "程度", "で実施", "（うち１箇所）", "、２名", "減", "の施設"] {
            let text = format!("{number}箇所{tail}");
            for other in ["か所", "カ所", "ヶ所", "ヵ所", "ケ所", "個所"] {
                assert_eq!(all_keys(&text.replace("箇所", other)), all_keys(&text), "{text} with {other}");
            }
        }
    }
}

/// Expressions with their joints marked.
const JOINTS: [&str; 16] = [
    "平|成|28|年|度",
    "令|和|元|年|６|月|１|日",
    "令和２年３月|～|令和２年９月",
    "９|～|10|月",
    "132,726|千|円",
    "約|１．３億|円",
    "14.1|％|以下",
    "計|７|事業",
    "３|箇所",
    "第|二|次",
    "平成28|～|30|年度",
    "令和元|（|2019|）|年度",
    "６月|１|日",
    "３|か月",
    "△|1,234|千円",
    "令和元年度|末",
];

#[test]
fn a_blank_at_any_joint_keeps_the_keys() {
    for marked in JOINTS {
        let whole = marked.replace('|', "");
        let expected = all_keys(&whole);
        assert!(!expected.is_empty(), "{whole} says something");
        for (at, _) in marked.match_indices('|') {
            for blank in [" ", "\u{3000}"] {
                let text = format!("{}{blank}{}", &marked[..at], &marked[at + 1..]).replace('|', "");
                assert_eq!(all_keys(&text), expected, "{text:?}");
            }
        }
    }
}

#[test]
fn a_line_break_inside_a_date_keeps_the_keys() {
    for marked in &JOINTS[..4] {
        let whole = marked.replace('|', "");
        for (at, _) in marked.match_indices('|') {
            let text = format!("{}\n{}", &marked[..at], &marked[at + 1..]).replace('|', "");
            assert_eq!(all_keys(&text), all_keys(&whole), "{text:?}");
            let parted = format!("{}\n\n{}", &marked[..at], &marked[at + 1..]).replace('|', "");
            assert!(read(&parted).iter().all(|m| !m.text.contains("\n\n")), "a blank line parts {parted:?}");
        }
    }
}

#[test]
fn texts_parted_by_a_blank_line_do_not_touch() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/cases/own-admin.jsonl");
    let rows: Vec<serde_json::Value> = std::fs::read_to_string(path).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let texts: Vec<&str> = rows.iter().filter(|r| r["context"]["report_fy"] == 2019).map(|r| r["text"].as_str().unwrap()).collect();
    // A whole text that is one government's name is read as a cell; in a longer text it is a word.
    let texts: Vec<&str> = texts.into_iter().filter(|t| !all_keys(t).iter().any(|k| k.starts_with("gov:"))).collect();
    let alone: Vec<Vec<String>> = texts.iter().map(|t| all_keys(t)).collect();
    for (i, a) in texts.iter().enumerate() {
        for (j, b) in texts.iter().enumerate().skip(i % 7).step_by(7) {
            let both = all_keys(&format!("{a}\n\n{b}"));
            let expected: Vec<String> = alone[i].iter().chain(&alone[j]).cloned().collect();
            assert_eq!(both, expected, "{a:?} and {b:?}");
        }
    }
}

#[test]
fn scopes_are_preferred_in_their_order() {
    let text = "６月";
    let scope = |fy, source| Scope { span: 0..text.len(), fy, source, anchor: String::from("x") };
    let year = |scopes: &[Scope]| {
        let found = mentions(text, &context(), scopes);
        key(&found[0], &found)
    };
    assert_eq!(year(&[]), "m:06@2019-06");
    assert_eq!(year(&[scope(2017, ScopeSource::Column)]), "m:06@2017-06");
    assert_eq!(year(&[scope(2016, ScopeSource::Heading), scope(2017, ScopeSource::Column)]), "m:06@2016-06");
    assert_eq!(year(&[scope(2017, ScopeSource::Column), scope(2016, ScopeSource::Heading)]), "m:06@2016-06");
}
