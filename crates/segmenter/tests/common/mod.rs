//! Comparing records with truths in the form of fixtures/seed/truth.json: white space never counts.

use jisseki_model::{Block, Initiative};
use serde_json::Value;

/// Drops white space, and writes 〜 as ～.
pub(crate) fn squash(s: &str) -> String {
    s.chars().filter(|c| !c.is_whitespace()).map(|c| if c == '〜' { '～' } else { c }).collect()
}

/// A phase: its word, first and last year, first and last month.
type Span = (String, Option<i64>, Option<i64>, Option<i64>, Option<i64>);
/// A block: headings and paragraphs.
type Texts = (Vec<String>, Vec<String>);

fn text(v: &Value) -> String {
    squash(v.as_str().unwrap_or(""))
}

fn list(v: &Value) -> impl Iterator<Item = &Value> {
    v.as_array().into_iter().flatten()
}

fn blocks(blocks: &[Block]) -> Vec<Texts> {
    let paragraph = |p: &jisseki_model::Paragraph| squash(&format!("{}{}", p.marker.as_deref().unwrap_or(""), p.text));
    blocks.iter().map(|b| (b.headings.iter().map(|h| squash(h)).collect(), b.paragraphs.iter().map(paragraph).collect())).collect()
}

fn true_blocks(v: &Value) -> Vec<Texts> {
    list(v).map(|b| (list(&b["headings"]).map(text).collect(), list(&b["paragraphs"]).map(|p| text(&p["text"])).collect())).collect()
}

fn phases(r: &Initiative) -> Vec<(String, Vec<Span>)> {
    let span = |p: &jisseki_model::Phase| {
        let (from, to) = (p.start_fiscal_year.map(i64::from), p.end_fiscal_year.map(i64::from));
        (squash(&p.text), from, to, p.start_month.map(i64::from), p.end_month.map(i64::from))
    };
    r.schedule.iter().flat_map(|s| &s.items).map(|i| (squash(&i.text), i.phases.iter().map(span).collect())).collect()
}

fn true_phases(v: &Value) -> Vec<(String, Vec<Span>)> {
    let span = |p: &Value| {
        let month = |key: &str| p[key].as_i64();
        (text(&p["label"]), p["fy_start"].as_i64(), p["fy_end"].as_i64(), month("month_start"), month("month_end"))
    };
    list(&v["schedule"]["items"]).map(|i| (text(&i["text"]), list(&i["phases"]).map(span).collect())).collect()
}

/// Returns what differs, and how many fields were compared.
pub(crate) fn differences(records: &[Initiative], truth: &Value) -> (Vec<String>, usize) {
    let (mut out, mut n) = (Vec::new(), 0);
    let mut check = |ok: bool, what: String| {
        n += 1;
        if !ok {
            out.push(what);
        }
    };
    let want: Vec<&Value> = list(&truth["records"]).collect();
    check(records.len() == want.len(), format!("{} records, not {}", records.len(), want.len()));
    for w in want {
        let number = w["number"].as_i64();
        // Numbers may restart in every section, or be labels of several parts.
        let own = |r: &&Initiative| r.number == number && w["label"].as_str().is_none_or(|l| r.number_label == l);
        let in_section = |r: &&Initiative| r.section.as_ref().is_some_and(|s| squash(&s.title) == text(&w["section"]["title"]));
        let Some(r) = records.iter().filter(own).find(in_section).or_else(|| records.iter().find(own)) else {
            check(false, format!("no record {number:?} {}", w["label"]));
            continue;
        };
        let at = |what: &str| format!("record {number:?} {}: {what}", w["label"]);
        let section = r.section.as_ref().map(|s| (squash(&s.label), squash(&s.title))).unwrap_or_default();
        check(section == (text(&w["section"]["numeral"]), text(&w["section"]["title"])), at(&format!("section {section:?}")));
        check(squash(&r.title.text) == text(&w["title"]), at(&format!("title {}", r.title.text)));
        check(squash(r.sub_label.as_deref().unwrap_or("")) == text(&w["circled"]), at("sub-label"));
        let years: Vec<i64> = r.schedule.iter().flat_map(|s| s.fiscal_years.iter().map(|y| i64::from(*y))).collect();
        check(years == list(&w["schedule"]["fiscal_years"]).filter_map(Value::as_i64).collect::<Vec<_>>(), at(&format!("years {years:?}")));
        let mine = phases(r);
        for item in true_phases(w) {
            check(mine.contains(&item), at(&format!("{item:?} among {mine:?}")));
        }
        let a = r.achievement.clone().unwrap_or_default();
        let got = (squash(&a.text), a.fiscal_year.map(i64::from), a.status_text.clone());
        check(
            got == (text(&w["achievement"]["text"]), w["achievement"]["fy"].as_i64(), text(&w["achievement"]["status"])),
            at(&format!("{got:?}")),
        );
        let mine: Vec<_> = r
            .departments
            .iter()
            .map(|d| (d.headings.iter().map(|h| squash(h)).collect::<Vec<String>>(), squash(&d.text), d.path.clone()))
            .collect();
        let theirs: Vec<_> = list(&w["departments"])
            .map(|d| {
                (
                    list(&d["headings"]).map(text).collect(),
                    text(&d["department"]),
                    [text(&d["bu"]), text(&d["ka"])].into_iter().filter(|t| !t.is_empty()).collect(),
                )
            })
            .collect();
        check(mine == theirs, at(&format!("departments {mine:?}")));
        for (name, got, want) in
            [("results", &r.results, &w["performance"]), ("status", &r.status, &w["status"]), ("outlook", &r.outlook, &w["issues"])]
        {
            check(blocks(got) == true_blocks(want), at(&format!("{name} {:?}", blocks(got))));
        }
    }
    (out, n)
}
