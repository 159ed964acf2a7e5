//! What this program made of the page, laid over it.

use std::fmt::Write;

use jisseki_layout::{ArrowDirection, GlyphOwner, Line, PageLayout, RulingStyle, ShapeKind, Table};
use jisseki_model::{Block, Initiative, Page, Place};

use super::rect;

/// Draws rulings after snapping and joining; those that are not drawn in the PDF are dashed.
pub(super) fn rulings(svg: &mut String, layout: &PageLayout) {
    for r in &layout.rulings {
        let (x1, y1, x2, y2) =
            if r.horizontal { (r.start, r.position, r.end, r.position) } else { (r.position, r.start, r.position, r.end) };
        let class = if r.style == RulingStyle::Virtual { " class=\"virtual\"" } else { "" };
        let _ = writeln!(svg, "<line x1=\"{x1:.2}\" y1=\"{y1:.2}\" x2=\"{x2:.2}\" y2=\"{y2:.2}\"{class}/>");
    }
}

/// Draws cells, each with `row,column` and its spans, nested tables too.
pub(super) fn cells(svg: &mut String, layout: &PageLayout) {
    layout.tables.iter().for_each(|t| table(svg, t));
}

fn table(svg: &mut String, t: &Table) {
    for c in &t.cells {
        rect(svg, &c.bbox, "", "");
        let spans = if (c.row_span, c.col_span) == (1, 1) { String::new() } else { format!(" {}×{}", c.row_span, c.col_span) };
        let _ = writeln!(svg, "<text x=\"{:.2}\" y=\"{:.2}\">{},{}{spans}</text>", c.bbox.x0 + 1.0, c.bbox.y0 + 5.0, c.row, c.col);
        c.tables.iter().for_each(|t| table(svg, t));
    }
}

/// Draws the box of every text line.
pub(super) fn lines(svg: &mut String, layout: &PageLayout) {
    let mut draw = |lines: &[Line]| lines.iter().for_each(|l| rect(svg, &l.bbox, "", ""));
    layout.blocks.iter().for_each(|b| draw(&b.lines));
    let mut tables: Vec<&Table> = layout.tables.iter().collect();
    while let Some(t) = tables.pop() {
        for c in &t.cells {
            draw(&c.lines);
            tables.extend(&c.tables);
        }
    }
}

/// Draws arrows, bars and boxes, with a dot at an arrow's tip.
pub(super) fn shapes(svg: &mut String, layout: &PageLayout) {
    for s in &layout.shapes {
        rect(svg, &s.bbox, "", shape_name(s.kind));
        if let Some(tip) = s.tip {
            let _ = writeln!(svg, "<circle cx=\"{:.2}\" cy=\"{:.2}\" r=\"1.5\"/>", tip.x, tip.y);
        }
    }
}

fn shape_name(kind: ShapeKind) -> &'static str {
    match kind {
        ShapeKind::LineArrow(d) | ShapeKind::BlockArrow(d) => match d {
            ArrowDirection::Right => "arrow →",
            ArrowDirection::Left => "arrow ←",
            ArrowDirection::Up => "arrow ↑",
            ArrowDirection::Down => "arrow ↓",
            ArrowDirection::BothHorizontal => "arrow ↔",
            ArrowDirection::BothVertical => "arrow ↕",
        },
        ShapeKind::Bar => "bar",
        ShapeKind::Box => "box",
        ShapeKind::Connector => "connector",
    }
}

/// One field of a record: its name, its color, what it says, where.
struct Drawn<'a> {
    name: String,
    color: &'static str,
    text: &'a str,
    places: &'a [Place],
}

/// Draws every field's places in its role's color, with its name and text as a tooltip.
pub(super) fn fields(svg: &mut String, page: u32, records: &[Initiative]) {
    let mut sections: Vec<&[Place]> = vec![];
    for f in records.iter().flat_map(record_fields) {
        // Records share their section: it is drawn once.
        if f.name == "section" {
            if sections.contains(&f.places) {
                continue;
            }
            sections.push(f.places);
        }
        for p in f.places.iter().filter(|p| p.page == page) {
            let attributes = format!("fill=\"{0}\" stroke=\"{0}\"", f.color);
            rect(svg, &p.bbox, &attributes, &format!("{}: {}", f.name, f.text));
        }
    }
}

fn record_fields(r: &Initiative) -> Vec<Drawn<'_>> {
    let mut all = vec![Drawn { name: "title".into(), color: "#0057b7", text: &r.title.text, places: &r.title.places }];
    if let Some(s) = &r.section {
        all.push(Drawn { name: "section".into(), color: "#555555", text: &s.title, places: &s.places });
    }
    for (i, item) in r.schedule.iter().flat_map(|s| &s.items).enumerate() {
        all.push(Drawn { name: format!("schedule.items[{i}]"), color: "#7a3ea8", text: &item.text, places: &item.places });
        for (k, p) in item.phases.iter().enumerate() {
            all.push(Drawn { name: format!("schedule.items[{i}].phases[{k}]"), color: "#c04ad0", text: &p.text, places: &p.places });
        }
    }
    blocks(&mut all, "results", "#1b8a3a", &r.results);
    if let Some(a) = &r.achievement {
        all.push(Drawn { name: "achievement".into(), color: "#d08700", text: &a.text, places: &a.places });
    }
    blocks(&mut all, "status", "#0f8b8d", &r.status);
    for (i, d) in r.departments.iter().enumerate() {
        all.push(Drawn { name: format!("departments[{i}]"), color: "#b03a2e", text: &d.text, places: &d.places });
    }
    blocks(&mut all, "outlook", "#4a6fa5", &r.outlook);
    for (header, extra) in &r.extra {
        blocks(&mut all, header, "#777777", extra);
    }
    all
}

fn blocks<'a>(all: &mut Vec<Drawn<'a>>, name: &str, color: &'static str, blocks: &'a [Block]) {
    for (i, b) in blocks.iter().enumerate() {
        for (k, h) in b.headings.iter().enumerate() {
            let places = b.heading_places.get(k).map(std::slice::from_ref).unwrap_or_default();
            all.push(Drawn { name: format!("{name}[{i}].headings[{k}]"), color, text: h, places });
        }
        for (k, p) in b.paragraphs.iter().enumerate() {
            all.push(Drawn { name: format!("{name}[{i}].paragraphs[{k}]"), color, text: &p.text, places: &p.places });
        }
    }
}

/// Draws the boxes of typed values.
pub(super) fn mentions(svg: &mut String, page: u32, records: &[Initiative]) {
    for m in records.iter().flat_map(Initiative::mentions) {
        for p in m.places.iter().filter(|p| p.page == page) {
            rect(svg, &p.bbox, "", &m.norm);
        }
    }
}

/// Draws red boxes over glyphs that nothing owns.
pub(super) fn unowned(svg: &mut String, page: &Page, layout: &PageLayout) {
    for (g, owner) in page.glyphs.iter().zip(&layout.glyph_owners) {
        if *owner == GlyphOwner::Unassigned && !g.is_blank() {
            rect(svg, &page.bbox(g), "", &g.text);
        }
    }
}
