//! Every fixture with a truth: each field of each record, character for character, against what a person transcribed.
//!
//! White space never counts, and 〜/～ and ‑/- are one character each; every other character does. All differences are printed, then the test fails.
#![allow(clippy::unwrap_used)] // Helpers of tests: a failure here is a failed test.

use std::path::{Path, PathBuf};

use jisseki::model::{Coverage, Initiative, Report};
use jisseki::segmenter::Profile;
use jisseki::{Options, convert};
use serde_json::Value;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

fn report_of(path: &str, password: Option<&str>) -> Report {
    let bytes = std::fs::read(fixtures().join(path)).unwrap();
    let name = Path::new(path).file_name().unwrap().to_str().unwrap();
    let options = Options { password: password.map(str::to_owned), ..Options::with_profile(Profile::auto()) };
    convert(&bytes, name, &options).unwrap()
}

fn truth_of(path: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(fixtures().join(path)).unwrap();
    let truth: Value = serde_json::from_str(&text).unwrap();
    truth["records"].as_array().unwrap().clone()
}

fn squash(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if c == '〜' { '～' } else { c })
        .map(|c| if c == '\u{2011}' { '-' } else { c })
        .collect()
}

fn string(v: &Value) -> String {
    squash(v.as_str().unwrap_or_default())
}

fn strings(v: &Value) -> Vec<String> {
    v.as_array().into_iter().flatten().map(string).collect()
}

fn path_of(department: &Value) -> Vec<String> {
    [string(&department["bu"]), string(&department["ka"])].into_iter().filter(|u| !u.is_empty()).collect()
}

/// Blocks as (headings, paragraphs with their markers).
type Blocks = Vec<(Vec<String>, Vec<String>)>;

fn want_blocks(v: &Value) -> Blocks {
    let paragraphs = |b: &Value| b["paragraphs"].as_array().into_iter().flatten().map(|p| string(&p["text"])).collect();
    v.as_array().into_iter().flatten().map(|b| (strings(&b["headings"]), paragraphs(b))).collect()
}

fn got_blocks(blocks: &[jisseki::model::Block]) -> Blocks {
    let paragraph = |p: &jisseki::model::Paragraph| {
        let (text, marker) = (squash(&p.text), squash(p.marker.as_deref().unwrap_or_default()));
        if text.starts_with(&marker) { text } else { marker + &text }
    };
    let headings = |b: &jisseki::model::Block| b.headings.iter().map(|h| squash(h)).collect();
    blocks.iter().map(|b| (headings(b), b.paragraphs.iter().map(paragraph).collect())).collect()
}

/// Collects what differs.
struct Differences(Vec<String>);

impl Differences {
    fn check<T: PartialEq + std::fmt::Debug>(&mut self, place: &str, got: T, want: T) {
        if got != want {
            self.0.push(format!("{place}\n   got  {got:?}\n   want {want:?}"));
        }
    }
}

fn compare_record(d: &mut Differences, got: &Initiative, want: &Value, phases: bool, floating_box: bool) {
    let at = |field: &str| format!("no. {} {field}", want["number"]);
    let section = got.section.clone().unwrap_or_default();
    let wanted = (string(&want["section"]["numeral"]), string(&want["section"]["title"]));
    d.check(&at("section"), (squash(&section.label), squash(&section.title)), wanted);
    d.check(&at("sub_label"), squash(got.sub_label.as_deref().unwrap_or_default()), string(&want["circled"]));
    d.check(&at("title"), squash(&got.title.text), string(&want["title"]));
    compare_schedule(d, got, want, phases, floating_box);
    let a = got.achievement.clone().unwrap_or_default();
    let wanted = (string(&want["achievement"]["text"]), want["achievement"]["fy"].as_i64(), string(&want["achievement"]["status"]));
    d.check(&at("achievement"), (squash(&a.text), a.fiscal_year.map(i64::from), squash(&a.status_text)), wanted);
    let departments: Vec<_> = got
        .departments
        .iter()
        .map(|d| (d.headings.iter().map(|h| squash(h)).collect(), squash(&d.text), d.path.iter().map(|p| squash(p)).collect()))
        .collect();
    let wanted: Vec<(Vec<_>, _, Vec<_>)> = want["departments"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|d| (strings(&d["headings"]), string(&d["department"]), path_of(d)))
        .collect();
    d.check(&at("departments"), departments, wanted);
    for (field, mine, theirs) in
        [("results", &got.results, "performance"), ("status", &got.status, "status"), ("outlook", &got.outlook, "issues")]
    {
        let (got, want) = (got_blocks(mine), want_blocks(&want[theirs]));
        d.check(&at(&format!("{field}: number of blocks")), got.len(), want.len());
        for (i, (got, want)) in got.into_iter().zip(want).enumerate() {
            d.check(&at(&format!("{field}[{i}] headings")), got.0, want.0);
            d.check(&at(&format!("{field}[{i}] paragraphs")), got.1, want.1);
        }
    }
}

fn compare_schedule(d: &mut Differences, got: &Initiative, want: &Value, phases: bool, floating_box: bool) {
    let at = |field: &str| format!("no. {} schedule {field}", want["number"]);
    let s = got.schedule.clone().unwrap_or_default();
    let years: Vec<i64> = want["schedule"]["fiscal_years"].as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
    d.check(&at("years"), s.fiscal_years.iter().map(|y| i64::from(*y)).collect(), years);
    let items = want["schedule"]["items"].as_array().cloned().unwrap_or_default();
    let names: Vec<_> = s.items.iter().map(|i| squash(&i.text).trim_start_matches('□').to_owned()).collect();
    let (listed, boxed) = names.split_at(items.len().min(names.len()));
    d.check(&at("items"), listed.to_vec(), items.iter().map(|i| string(&i["text"])).collect());
    // A floating box below the items (record 5) is an item of its own. The siblings' PDFs do not draw it.
    let wanted = if floating_box { string(&want["schedule"]["extra_box"]["text"]) } else { String::new() };
    d.check(&at("box"), boxed.to_vec(), Some(wanted).into_iter().filter(|b| !b.is_empty()).collect());
    for (got, want) in s.items.iter().zip(&items).filter(|_| phases) {
        let read = |p: &jisseki::model::Phase| {
            let years = (p.start_fiscal_year.map(i64::from), p.end_fiscal_year.map(i64::from));
            (squash(&p.text), years, (p.start_month.map(i64::from), p.end_month.map(i64::from)))
        };
        let mut g: Vec<_> = got.phases.iter().map(read).collect();
        let all = want["phases"].as_array().into_iter().flatten();
        let pair = |p: &Value, a: &str, b: &str| (p[a].as_i64(), p[b].as_i64());
        let mut w: Vec<_> =
            all.map(|p| (string(&p["label"]), pair(p, "fy_start", "fy_end"), pair(p, "month_start", "month_end"))).collect();
        g.sort();
        w.sort();
        d.check(&at(&got.text), g, w);
    }
}

fn check(path: &str, truth: &str, password: Option<&str>) {
    let report = report_of(path, password);
    let truth = truth_of(truth);
    let mut d = Differences(vec![]);
    let numbers: Vec<_> = report.initiatives.iter().map(|r| r.number).collect();
    d.check("numbers", numbers, truth.iter().map(|w| w["number"].as_i64()).collect());
    let labels = |want: &Value| want["label"].as_str().map(str::to_owned);
    d.check("labels", report.initiatives.iter().zip(&truth).filter(|(r, w)| labels(w).is_some_and(|l| r.number_label != l)).count(), 0);
    // Numbers may restart in every section: records are compared in their order.
    let (phases, floating_box) = (!path.ends_with(".txt"), path.starts_with("seed/"));
    for (want, got) in truth.iter().zip(&report.initiatives) {
        compare_record(&mut d, got, want, phases, floating_box);
    }
    d.check("fiscal year", report.document.fiscal_year.as_ref().map(|f| f.year).is_some(), true);
    d.check("coverage", report.coverage.owned(), report.coverage.glyphs);
    d.check("unassigned", report.coverage.unassigned, Coverage::default().unassigned);
    assert!(d.0.is_empty(), "{path}: {} differences\n{}", d.0.len(), d.0.join("\n"));
}

macro_rules! fixtures {
    ($($name:ident: $path:literal against $truth:literal $(with $password:literal)?;)+) => {
        $(#[test]
        fn $name() {
            check($path, $truth, [$($password)?].first().copied());
        })+
    };
}

fixtures! {
    libreoffice: "seed/01_lo_writer_gaps.pdf" against "seed/truth.json";
    reportlab: "seed/04_reportlab_heisei_unijis_spaces.pdf" against "seed/truth.json";
    raw_90ms: "seed/04c_rawcid_90ms_rksj_gaps.pdf" against "seed/truth.json";
    uplatex: "seed/06_uplatex_dvipdfmx_nonembedded.pdf" against "seed/truth.json";
    aes256_empty_password: "seed/09_lin_objstm_aes256_emptyuser.pdf" against "seed/truth.json";
    double_drawn: "seed/12_rawcid_fakebold_doubledraw.pdf" against "seed/truth.json";
    aes256_password: "seed/15_aes256_userpassword_secret.pdf" against "seed/truth.json" with "secret";
    text_dump: "seed/seed.txt" against "seed/truth.json";
    sibling_2018: "siblings/H30_raw.pdf" against "siblings/H30.json";
    fictional_kitahara: "fictional/kitahara.pdf" against "fictional/kitahara.json";
    fictional_mizuho: "fictional/mizuho.pdf" against "fictional/mizuho.json";
    fictional_minahama: "fictional/minahama.pdf" against "fictional/minahama.json";
    fictional_shiranami: "fictional/shiranami.pdf" against "fictional/shiranami.json";
    fictional_asagiri: "fictional/asagiri.pdf" against "fictional/asagiri.json";
    sibling_2019: "siblings/R1_raw.pdf" against "siblings/R1.json";
}
