//! Stage 2: what geometry makes of the pages: tables, cells, shapes, blocks, owners.

use std::collections::BTreeMap;
use std::fmt::Write;

use jisseki::layout::{GlyphOwner, LayoutParams, Line, PageLayout, Table, read_page};

use crate::fixture::Fixture;

/// Characters of a cell's text that are shown.
const SHOWN: usize = 24;

pub(crate) fn render(fixture: &Fixture) -> String {
    let source = match fixture.open() {
        Ok(source) => source,
        Err(e) => return e,
    };
    let mut out = String::new();
    for index in 0..source.page_count() {
        let layout = read_page(&source.page(index).output, &LayoutParams::standard());
        let _ = writeln!(out, "page {}: {}", layout.output.number, owners(&layout.output));
        for w in &layout.warnings {
            let _ = writeln!(out, "  {}: {}", w.code, w.message);
        }
        page(&mut out, &layout.output);
    }
    out
}

fn owners(layout: &PageLayout) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for o in &layout.glyph_owners {
        let name = match o {
            GlyphOwner::Cell { .. } => "in cells",
            GlyphOwner::Block { .. } => "in blocks",
            GlyphOwner::Hidden(_) => "hidden",
            GlyphOwner::Duplicate { .. } => "duplicate",
            GlyphOwner::Unassigned => "unassigned",
        };
        *counts.entry(name).or_default() += 1;
    }
    counts.iter().map(|(name, n)| format!("{n} {name}")).collect::<Vec<_>>().join(", ")
}

fn page(out: &mut String, layout: &PageLayout) {
    for b in &layout.blocks {
        let _ = writeln!(out, "  block {} {}", bbox(&b.bbox), shown(&b.lines));
    }
    for t in &layout.tables {
        table(out, t, 2);
    }
    for s in &layout.shapes {
        let tip = s.tip.map(|p| format!(" tip {:.1},{:.1}", p.x, p.y)).unwrap_or_default();
        let _ = writeln!(out, "  shape {:?} {}{tip}", s.kind, bbox(&s.bbox));
    }
}

fn table(out: &mut String, t: &Table, indent: usize) {
    let (rows, cols) = (t.ys.len().saturating_sub(1), t.xs.len().saturating_sub(1));
    let open = match (t.closed_top, t.closed_bottom) {
        (true, true) => "",
        (false, true) => ", open top",
        (true, false) => ", open bottom",
        (false, false) => ", open top and bottom",
    };
    let _ = writeln!(out, "{:indent$}table {} {rows} rows × {cols} columns{open}", "", bbox(&t.bbox));
    for c in &t.cells {
        let spans = if (c.row_span, c.col_span) == (1, 1) { String::new() } else { format!("{}×{}", c.row_span, c.col_span) };
        let _ = writeln!(out, "{:indent$}  {:>2},{:<2} {spans:5} {} {}", "", c.row, c.col, bbox(&c.bbox), shown(&c.lines));
        c.tables.iter().for_each(|t| table(out, t, indent + 4));
    }
}

fn bbox(b: &jisseki::model::Rect) -> String {
    format!("{:6.1} {:6.1} {:6.1} {:6.1}", b.x0, b.y0, b.x1, b.y1)
}

fn shown(lines: &[Line]) -> String {
    let text: String = lines.iter().map(line_text).collect::<Vec<_>>().join("/");
    let mut head: String = text.chars().take(SHOWN).collect();
    if head.len() < text.len() {
        let _ = write!(head, "… ({} lines, {} characters)", lines.len(), text.chars().count());
    }
    head
}

fn line_text(line: &Line) -> String {
    let text: String = line.glyphs.iter().map(|g| g.text.as_str()).collect();
    if line.floating { format!("[{text}]") } else { text }
}
