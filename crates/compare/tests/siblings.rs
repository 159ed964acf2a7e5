//! The sibling releases, made into reports from their hand-made records, against their hand-made expected differences.

mod support;

use jisseki_compare::{Diff, DiffOptions, EventKind, Mode, diff};
use std::collections::{BTreeMap, BTreeSet};
use support::{shared, truth_to_report};

fn options() -> DiffOptions {
    DiffOptions { mode: None, quiet_too: true, known: BTreeMap::new() }
}

fn squash(text: &str) -> String {
    text.split_whitespace().collect::<String>().replace('〜', "～").replace('‑', "-")
}

fn of_kind(d: &Diff, kind: EventKind) -> Vec<&jisseki_compare::Event> {
    d.events.iter().filter(|e| e.kind == kind).collect()
}

#[test]
fn h30_to_r1_gives_exactly_the_expected_events() {
    let Some(dir) = shared("fixtures/siblings") else { return };
    let read = |name: &str| -> serde_json::Value { serde_json::from_slice(&std::fs::read(dir.join(name)).unwrap()).unwrap() };
    let expected = read("expected_diff_H30_to_R1.json");
    let (old, new) = (truth_to_report(&read("H30.json")), truth_to_report(&read("R1.json")));
    let d = diff(&old, &new, &options());
    assert_eq!(d.mode, Mode::NextYear);
    let side = |e: &jisseki_compare::Event, old: bool| if old { e.old.clone() } else { e.new.clone() }.unwrap();
    let titles = |kind, old| of_kind(&d, kind).iter().map(|e| side(e, old).title).collect::<Vec<_>>();
    let want =
        |list: &str, key: &str| expected[list].as_array().unwrap().iter().map(|x| x[key].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(titles(EventKind::Added, false), want("added", "title"));
    assert_eq!(titles(EventKind::Removed, true), want("removed", "title"));
    assert_eq!(titles(EventKind::Renumbered, false), want("renumbered", "title"));
    assert_eq!(titles(EventKind::Retitled, false), want("retitled", "to"));
    let states = of_kind(&d, EventKind::AchievementChanged);
    let states: Vec<_> =
        states.iter().map(|e| (side(e, false).number, side(e, true).value.unwrap(), side(e, false).value.unwrap())).collect();
    let want_states = expected["achievement_changed"].as_array().unwrap().iter();
    let want_states: Vec<_> = want_states
        .map(|x| (x["to_number"].as_i64(), x["from"].as_str().unwrap().to_owned(), x["to"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(states, want_states);
    let theirs = [("performance", "results"), ("status", "status"), ("issues", "outlook")];
    let mut fields = BTreeMap::new();
    for x in expected["changed_paragraphs"].as_array().unwrap() {
        let texts = |key: &str| x[key].as_array().unwrap().iter().map(|t| squash(t.as_str().unwrap())).collect::<BTreeSet<_>>();
        let field = theirs.iter().find(|(t, _)| x["field"] == *t).unwrap().1.to_owned();
        fields.insert((x["to_number"].as_i64(), field), (texts("removed"), texts("added")));
    }
    let mut got = BTreeMap::new();
    for e in of_kind(&d, EventKind::TextChanged) {
        let texts = |pick: fn(&jisseki_compare::event::ParagraphChange) -> Option<&String>| {
            e.changes.iter().filter_map(pick).map(|t| squash(t)).collect()
        };
        got.insert((side(e, false).number, e.field.clone().unwrap()), (texts(|c| c.old.as_ref()), texts(|c| c.new.as_ref())));
    }
    assert_eq!(got, fields);
    assert_eq!(d.events.len(), 1 + 1 + 1 + 1 + 2 + 17, "{:?}", d.summary);
    assert_eq!(d.summary.field_changes, 17);
    assert_eq!(diff(&new, &new, &options()).events, []);
}
