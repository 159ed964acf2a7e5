//! Stage 1: what was extracted. The first page in full, the others as one line.

use std::collections::BTreeMap;
use std::fmt::Write;

use jisseki::model::{Glyph, Page, TextSource};

use crate::fixture::Fixture;

pub(crate) fn render(fixture: &Fixture) -> String {
    let source = match fixture.open() {
        Ok(source) => source,
        Err(e) => return e,
    };
    let mut out = String::new();
    for index in 0..source.page_count() {
        let page = source.page(index);
        let p = &page.output;
        let _ = writeln!(
            out,
            "page {}: {:.1} × {:.1} pt, {} glyphs, {} paths, {} images, text by {}",
            p.number,
            p.width,
            p.height,
            p.glyphs.len(),
            p.paths.len(),
            p.images.len(),
            sources(p)
        );
        for w in &page.warnings {
            let _ = writeln!(out, "  {}: {}", w.code, w.message);
        }
        if index == 0 {
            first_page(&mut out, p);
        }
    }
    out
}

fn sources(page: &Page) -> String {
    let mut counts: BTreeMap<TextSource, usize> = BTreeMap::new();
    page.glyphs.iter().for_each(|g| *counts.entry(g.source).or_default() += 1);
    counts.iter().map(|(s, n)| format!("{s:?} {n}")).collect::<Vec<_>>().join(", ")
}

fn first_page(out: &mut String, page: &Page) {
    for (i, f) in page.fonts.iter().enumerate() {
        let embedded = if f.embedded { "embedded" } else { "not embedded" };
        let _ = writeln!(out, "  font {i}: {} {} {} {embedded}", f.name, f.subtype, f.encoding.0);
    }
    let mut rest = page.glyphs.as_slice();
    while let Some(first) = rest.first() {
        let n = rest.iter().take_while(|g| same_run(page, first, g)).count();
        let (run, after) = rest.split_at(n);
        rest = after;
        let text: String = run.iter().map(|g| g.text.as_str()).collect();
        let hidden = first.hidden.map(|h| format!(" [{h:?}]")).unwrap_or_default();
        let style = page.style(first);
        let _ = writeln!(out, "  {:7.1} {:7.1} {:5.1} f{} {text}{hidden}", first.origin.x, first.origin.y, style.size, style.font.0);
    }
    for p in &page.paths {
        let b = p.bbox();
        let painted = match (p.fill.is_some(), p.stroke.is_some()) {
            (true, true) => "fill and stroke",
            (true, false) => "fill",
            (false, true) => "stroke",
            (false, false) => "nothing",
        };
        let _ = writeln!(
            out,
            "  path {:7.1} {:7.1} – {:7.1} {:7.1} {:2} segments, {painted}, width {:.2}",
            b.x0,
            b.y0,
            b.x1,
            b.y1,
            p.segments.len(),
            p.line_width
        );
    }
}

/// Glyphs of one font on one baseline, shown one after the other.
fn same_run(page: &Page, a: &Glyph, b: &Glyph) -> bool {
    let (s, t) = (page.style(a), page.style(b));
    s.font == t.font && (a.origin.y - b.origin.y).abs() < 0.05 && (s.size - t.size).abs() < 0.05 && a.hidden == b.hidden && s.mode == t.mode
}
