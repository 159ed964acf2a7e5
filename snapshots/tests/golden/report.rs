//! Stage 4: what the report says besides its texts: the document, every typed value with its key and place, warnings, coverage.

use std::fmt::Write;

use jisseki::model::{Block, Initiative, Mention, Place};
use jisseki::normalizer::key;

use crate::fixture::Fixture;

pub(crate) fn render(fixture: &Fixture) -> String {
    let report = match fixture.convert() {
        Ok(report) => report,
        Err(e) => return format!("error[{}]: {e}\n", e.code()),
    };
    let mut out = String::new();
    let d = &report.document;
    let _ = writeln!(out, "document   {} {:?}, {} pages", d.document_id, d.status, d.source.pages);
    let _ = writeln!(out, "title      {}", d.title.as_deref().unwrap_or("–"));
    let _ = writeln!(out, "year       {:?}", d.fiscal_year.as_ref().map(|f| (f.year, f.text.as_str())));
    let _ = writeln!(out, "stage      {:?}", d.stage);
    if let Some(l) = &d.layout {
        let _ =
            writeln!(out, "columns    {}", l.columns.iter().map(|c| format!("{} = {}", c.label, c.role)).collect::<Vec<_>>().join(" | "));
        let _ = writeln!(out, "fonts      {}", l.fonts.join(" | "));
        let _ = writeln!(out, "rules      {}", l.rules);
    }
    let _ = writeln!(out, "coverage   {:?}", report.coverage);
    for w in &report.warnings {
        let _ = writeln!(out, "warning    {} {}: {}", w.code, w.page.map(|p| format!("page {p}")).unwrap_or_default(), w.message);
    }
    for r in &report.initiatives {
        record(&mut out, r);
    }
    out
}

fn record(out: &mut String, r: &Initiative) {
    let _ = writeln!(out, "\n── {} confidence {:.2}, {}", r.record_id, r.confidence, places(&r.places));
    let _ = writeln!(out, "title {}", places(&r.title.places));
    mentions(out, "title", &r.title.mentions, &r.title.mentions);
    for (i, item) in r.schedule.iter().flat_map(|s| &s.items).enumerate() {
        let _ = writeln!(out, "schedule.{i} {}", places(&item.places));
        for p in &item.phases {
            let _ = writeln!(out, "  {} {}", p.text, places(&p.places));
        }
        mentions(out, &format!("schedule.{i}"), &item.mentions, &item.mentions);
    }
    if let Some(a) = &r.achievement {
        let _ = writeln!(out, "achievement {}", places(&a.places));
        mentions(out, "achievement", &a.mentions, &a.mentions);
    }
    for (i, d) in r.departments.iter().enumerate() {
        let _ = writeln!(out, "departments.{i} {}", places(&d.places));
    }
    blocks(out, "results", &r.results);
    blocks(out, "status", &r.status);
    blocks(out, "outlook", &r.outlook);
    for (header, extra) in &r.extra {
        blocks(out, header, extra);
    }
}

fn blocks(out: &mut String, field: &str, blocks: &[Block]) {
    for (i, b) in blocks.iter().enumerate() {
        // Parts of a composite value may stand in several paragraphs: keys are resolved over the whole block.
        let all: Vec<Mention> = b.paragraphs.iter().flat_map(|p| p.mentions.clone()).chain(b.mentions.clone()).collect();
        for (k, p) in b.paragraphs.iter().enumerate() {
            let _ = writeln!(out, "{field}.{i}.{k} {}", places(&p.places));
            mentions(out, &format!("{field}.{i}.{k}"), &p.mentions, &all);
        }
        mentions(out, &format!("{field}.{i}"), &b.mentions, &all);
    }
}

fn mentions(out: &mut String, field: &str, mentions: &[Mention], all: &[Mention]) {
    for m in mentions {
        let text = m.text.replace('\n', "⏎");
        let _ = writeln!(out, "  {field} {}..{} {text} = {} {}", m.span.start, m.span.end, key(m, all), places(&m.places));
    }
}

fn places(places: &[Place]) -> String {
    let one = |p: &Place| format!("p{} {:.1},{:.1}–{:.1},{:.1}", p.page, p.bbox.x0, p.bbox.y0, p.bbox.x1, p.bbox.y1);
    places.iter().map(one).collect::<Vec<_>>().join("; ")
}
