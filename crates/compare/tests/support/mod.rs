//! Reports from hand-made records, for the tests that hold the differ against a truth it did not make.
#![allow(clippy::print_stdout)]

use jisseki_model::{
    Achievement, Block, Department, Field, FiscalYearInfo, Initiative, Paragraph, Phase, PhaseEvidence, Report, Schedule, ScheduleItem,
    Section,
};
use serde_json::Value;
use std::path::PathBuf;

/// Returns a folder of the shared corpus, or says that it is not there.
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder);
    if !path.exists() {
        println!("skipped: no shared corpus");
    }
    path.exists().then_some(path)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn items(value: &Value) -> Vec<&Value> {
    value.as_array().into_iter().flatten().collect()
}

fn year(value: &Value) -> Option<i32> {
    value.as_i64().and_then(|y| i32::try_from(y).ok())
}

/// Returns the report that a records file describes.
pub(crate) fn truth_to_report(truth: &Value) -> Report {
    let mut report = Report { initiatives: items(&truth["records"]).into_iter().map(initiative).collect(), ..Report::default() };
    report.document.title = Some(text(&truth["doc_title"]));
    report.document.fiscal_year = year(&truth["fiscal_year"]).map(|year| FiscalYearInfo { year, text: text(&truth["header_fy"]) });
    for r in &mut report.initiatives {
        r.record_id = format!("truth-{}-{:03}", truth["fiscal_year"], r.number.unwrap_or(0));
    }
    report
}

fn initiative(r: &Value) -> Initiative {
    let a = &r["achievement"];
    Initiative {
        number: r["number"].as_i64(),
        number_label: r["number"].to_string(),
        sub_label: Some(text(&r["circled"])),
        section: Some(Section { label: text(&r["section"]["numeral"]), title: text(&r["section"]["title"]), ..Section::default() }),
        title: Field { text: text(&r["title"]), ..Field::default() },
        schedule: Some(schedule(&r["schedule"])),
        results: blocks(&r["performance"]),
        status: blocks(&r["status"]),
        outlook: blocks(&r["issues"]),
        achievement: Some(Achievement {
            text: text(&a["text"]),
            fiscal_year: year(&a["fy"]),
            status_text: text(&a["status"]),
            ..Achievement::default()
        }),
        departments: items(&r["departments"]).into_iter().map(department).collect(),
        confidence: 1.0,
        ..Initiative::default()
    }
}

fn department(d: &Value) -> Department {
    let headings = items(&d["headings"]).into_iter().map(text).collect();
    Department { headings, text: text(&d["department"]), path: vec![text(&d["bu"]), text(&d["ka"])], places: vec![] }
}

fn schedule(s: &Value) -> Schedule {
    let phase = |p: &Value| Phase {
        text: text(&p["label"]),
        code: "other".into(),
        start_fiscal_year: year(&p["fy_start"]),
        end_fiscal_year: year(&p["fy_end"]),
        start_month: None,
        end_month: None,
        evidence: PhaseEvidence::ArrowAndLabel,
        places: vec![],
    };
    let item = |i: &Value| ScheduleItem {
        text: text(&i["text"]),
        phases: items(&i["phases"]).into_iter().map(phase).collect(),
        ..ScheduleItem::default()
    };
    Schedule {
        fiscal_years: items(&s["fiscal_years"]).into_iter().filter_map(year).collect(),
        items: items(&s["items"]).into_iter().map(item).collect(),
    }
}

fn blocks(bs: &Value) -> Vec<Block> {
    let paragraph = |p: &Value| Paragraph { text: text(&p["text"]), ..Paragraph::default() };
    let block = |b: &Value| Block {
        headings: items(&b["headings"]).into_iter().map(text).collect(),
        paragraphs: items(&b["paragraphs"]).into_iter().map(paragraph).collect(),
        ..Block::default()
    };
    items(bs).into_iter().map(block).collect()
}
