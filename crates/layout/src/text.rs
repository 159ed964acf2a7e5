//! A page as plain text: visible glyphs in reading order, a line a line.

use crate::plain::page_to_plain;
use crate::{Cell, Flow, LayoutParams, Line, PageLayout, Space, Table, read_page};
use jisseki_model::Page;

/// Returns the page's visible text in reading order, one line a line of the page, each ending in a line feed.
///
/// Hidden glyphs and duplicates are left out, nothing is folded; a blank is added only where letters of spaced scripts stand apart without one,
/// and between fields of one line.
pub fn page_to_text(page: &Page, params: &LayoutParams) -> String {
    page_to_plain(page, params).unwrap_or_else(|| layout_to_text(&read_page(page, params).output))
}

/// The text of a page that is laid out.
pub fn layout_to_text(layout: &PageLayout) -> String {
    let mut out = String::new();
    for piece in &layout.order {
        match *piece {
            Flow::Table(t) => {
                if let Some(t) = layout.tables.get(t as usize) {
                    push_table(t, &mut out);
                }
            }
            Flow::Block(b) => {
                if let Some(b) = layout.blocks.get(b as usize) {
                    b.lines.iter().for_each(|l| push_line(l, &mut out));
                }
            }
        }
    }
    out
}

fn push_table(table: &Table, out: &mut String) {
    for cell in &table.cells {
        push_cell(cell, out);
    }
}

fn push_cell(cell: &Cell, out: &mut String) {
    cell.lines.iter().for_each(|l| push_line(l, out));
    for t in &cell.tables {
        push_table(t, out);
    }
}

fn push_line(line: &Line, out: &mut String) {
    let begin = out.len();
    for g in line.glyphs.iter() {
        if g.space_before != Space::None && out.len() > begin {
            out.push(' ');
        }
        out.push_str(&g.text);
    }
    out.truncate(begin + out.get(begin..).map_or(0, |l| l.trim_end().len()));
    out.push('\n');
}
