//! Where a field stands: lines of one cell or area on one page, and text made of them.

use crate::ledger::{Class, Ledger};
use jisseki_layout::{Cell, ColumnEdge, Line, LogicalParagraph, PageLayout, Space, lines_to_paragraphs};
use jisseki_model::{CharInk, Field, Paragraph, Place, Rect};
use smallvec::SmallVec;
use std::borrow::Cow;

/// Lines of one field on one page.
#[derive(Debug, Clone)]
pub(crate) struct Part<'a> {
    /// Position of the page in the document.
    pub(crate) page: usize,
    /// Page number, from 1.
    pub(crate) number: u32,
    /// The cell's or area's box.
    pub(crate) bbox: Rect,
    /// Its lines in reading order; its own where the page is gone.
    pub(crate) lines: Vec<Cow<'a, Line>>,
    /// Largest line end of the column on this page, for cells of few lines.
    pub(crate) edge: Option<f64>,
    /// The geometry's confidence.
    pub(crate) confidence: f64,
}

impl Part<'_> {
    /// Returns the part with lines of its own, so that its page can be dropped.
    pub(crate) fn into_owned(self) -> Part<'static> {
        Part { lines: self.lines.into_iter().map(|l| Cow::Owned(l.into_owned())).collect(), ..self }
    }

    /// Returns its place.
    pub(crate) fn place(&self) -> Place {
        Place { page: self.number, bbox: self.bbox }
    }
}

/// Makes a part of one cell, nested tables' text included.
pub(crate) fn cell_to_part<'a>(cell: &'a Cell, page: usize, layout: &PageLayout, edge: Option<f64>) -> Part<'a> {
    let lines = cell_lines(cell).map(Cow::Borrowed).collect();
    Part { page, number: layout.number, bbox: cell.bbox, lines, edge, confidence: cell.confidence }
}

/// Returns a cell's lines, those of nested tables after its own.
pub(crate) fn cell_lines(cell: &Cell) -> impl Iterator<Item = &Line> {
    let nested = cell.tables.iter().flat_map(|t| &t.cells).flat_map(|c| cell_lines(c).collect::<Vec<_>>());
    cell.lines.iter().chain(nested)
}

/// Returns a line's text with its real blanks.
pub(crate) fn line_text(line: &Line) -> String {
    let mut out = String::with_capacity(3 * line.glyphs.len());
    for g in line.glyphs.iter() {
        if g.space_before == Space::Word && !out.ends_with(' ') {
            out.push(' ');
        }
        out.push_str(&g.text);
    }
    out
}

/// Returns the lines' characters, one line after the other, blanks left out: how headers and keys are compared.
pub(crate) fn tight_chars<'l>(lines: impl IntoIterator<Item = &'l Line>) -> impl Iterator<Item = char> {
    let glyphs = lines.into_iter().flat_map(|l| l.glyphs.iter()).filter(|g| !g.annotation);
    glyphs.flat_map(|g| g.text.chars()).filter(|c| !c.is_whitespace())
}

/// Returns the text of [`tight_chars`].
pub(crate) fn tight_text<'l>(lines: impl IntoIterator<Item = &'l Line>) -> String {
    let mut out = String::new();
    for line in lines {
        // A sign of Japanese text has three bytes.
        out.reserve(3 * line.glyphs.len());
        for g in line.glyphs.iter().filter(|g| !g.annotation) {
            g.text.chars().filter(|c| !c.is_whitespace()).for_each(|c| out.push(c));
        }
    }
    out
}

/// Returns the lines' text with a blank between lines.
pub(crate) fn loose_text<'l>(lines: impl IntoIterator<Item = &'l Line>) -> String {
    let mut out = String::new();
    for text in lines.into_iter().map(line_text) {
        match text.trim() {
            "" => {}
            only if out.is_empty() => out.push_str(only),
            more => out.extend([" ", more]),
        }
    }
    out
}

/// A paragraph with the boxes of its code points, and whether the decision to break it off was close.
#[derive(Debug, Clone, Default)]
pub(crate) struct Read {
    pub(crate) paragraph: Paragraph,
    pub(crate) soft: bool,
    /// Its first line stands in a box of its own.
    pub(crate) floating: bool,
}

/// Joins the lines of one field, over pages too, to paragraphs, and gives every glyph of them to `class`.
pub(crate) fn parts_to_paragraphs(parts: &[Part<'_>], ledger: &mut Ledger, class: Class) -> Vec<Read> {
    let lines: SmallVec<[&Line; 16]> = parts.iter().flat_map(|p| p.lines.iter().map(AsRef::as_ref)).collect();
    let pages: SmallVec<[u32; 16]> = parts.iter().flat_map(|p| p.lines.iter().map(|_| p.number)).collect();
    for p in parts {
        ledger.claim_all(p.page, p.lines.iter().map(AsRef::as_ref), class);
    }
    let edge = match parts {
        [one] => one.edge.map_or(ColumnEdge::FromLines, ColumnEdge::At),
        _ => ColumnEdge::FromLines,
    };
    lines_to_paragraphs(&lines, &pages, edge).into_iter().map(|p| logical_to_read(p, &lines, &pages)).collect()
}

fn logical_to_read(p: LogicalParagraph, lines: &[&Line], pages: &[u32]) -> Read {
    let page_of = |line: usize| pages.get(line).copied().unwrap_or(0);
    let places = p
        .lines
        .clone()
        .filter_map(|i| Some(Place { page: page_of(i), bbox: lines.get(i)?.bbox }))
        .filter(|p| !p.bbox.is_empty() && p.bbox.width() > 0.0)
        .collect();
    Read {
        paragraph: Paragraph { marker: p.marker, level: p.level, text: p.text, raw: p.raw, places, mentions: vec![], ink: p.ink },
        soft: p.soft,
        floating: p.lines.clone().next().and_then(|i| lines.get(i)).is_some_and(|l| l.floating),
    }
}

/// Joins paragraphs to one short text; `between` stands where one ends (its ink is empty).
pub(crate) fn reads_to_field(reads: &[Read], between: &str) -> Field {
    let mut field = Field::default();
    for r in reads {
        let p = &r.paragraph;
        let text = format!("{}{}", p.marker.as_deref().unwrap_or(""), p.text);
        if text.is_empty() {
            continue;
        }
        if !field.text.is_empty() {
            field.text.push_str(between);
            field.ink.extend(between.chars().map(|_| CharInk::default()));
            field.raw.push('\n');
        }
        // The marker's ink is not kept by the layout: its place is the first line's start.
        let first = p.ink.first().copied().unwrap_or_default();
        field.ink.extend(p.marker.iter().flat_map(|m| m.chars()).map(|_| first));
        field.ink.extend(p.ink.iter().copied());
        field.text.push_str(&text);
        field.raw.push_str(&p.raw);
        field.places.extend(p.places.iter().copied());
    }
    field
}

/// Drops the first `n` chars of a field, and the blanks after them.
pub(crate) fn cut_front(field: &mut Field, n: usize) {
    let blanks = field.text.chars().skip(n).take_while(|c| c.is_whitespace()).count();
    field.text = field.text.chars().skip(n + blanks).collect();
    field.ink.drain(..(n + blanks).min(field.ink.len()));
}
