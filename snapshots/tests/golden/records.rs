//! Stage 3: the records, field by field, with their texts.

use std::fmt::Write;

use jisseki::model::{Block, Initiative};

use crate::fixture::Fixture;

pub(crate) fn render(fixture: &Fixture) -> String {
    let report = match fixture.convert() {
        Ok(report) => report,
        Err(e) => return format!("error[{}]: {e}\n", e.code()),
    };
    let mut out = String::new();
    for r in &report.initiatives {
        record(&mut out, r);
    }
    if report.initiatives.is_empty() {
        out.push_str("no records\n");
    }
    out
}

fn record(out: &mut String, r: &Initiative) {
    let _ = writeln!(out, "── {} {} {}", r.number_label, r.sub_label.as_deref().unwrap_or("–"), r.title.text);
    if let Some(s) = &r.section {
        let _ = writeln!(out, "section      {} {}", s.label, s.title);
    }
    if let Some(s) = &r.schedule {
        let _ = writeln!(out, "schedule     {:?}", s.fiscal_years);
        for item in &s.items {
            let _ = writeln!(out, "  item       {}", item.text);
            for p in &item.phases {
                let (a, b) = (year(p.start_fiscal_year), year(p.end_fiscal_year));
                let _ = writeln!(out, "    phase    {a}–{b} {} ({}, {:?})", p.text, p.code, p.evidence);
            }
        }
    }
    blocks(out, "results", &r.results);
    if let Some(a) = &r.achievement {
        let _ = writeln!(out, "achievement  {} | {} {} {}", a.text, year(a.fiscal_year), a.status_text, a.status);
    }
    blocks(out, "status", &r.status);
    for d in &r.departments {
        let headings = d.headings.iter().map(|h| format!("＜{h}＞")).collect::<String>();
        let _ = writeln!(out, "department   {headings}{} = {}", d.text, d.path.join(" / "));
    }
    blocks(out, "outlook", &r.outlook);
    for (header, extra) in &r.extra {
        blocks(out, &format!("extra {header}"), extra);
    }
    for w in &r.warnings {
        let _ = writeln!(out, "warning      {}: {}", w.code, w.message);
    }
    out.push('\n');
}

fn year(y: Option<i32>) -> String {
    y.map_or_else(|| "?".to_owned(), |y| y.to_string())
}

fn blocks(out: &mut String, name: &str, blocks: &[Block]) {
    for (i, b) in blocks.iter().enumerate() {
        let name = if i == 0 { name } else { "" };
        let headings = b.headings.iter().map(|h| format!("＜{h}＞")).collect::<String>();
        let _ = writeln!(out, "{name:12} {headings}");
        for p in &b.paragraphs {
            let _ = writeln!(out, "  {} {:2} {}", p.level, p.marker.as_deref().unwrap_or(""), p.text);
        }
    }
}
