//! A page's picture for the eye: all layers, each to be switched, and the reading order.

use std::fmt::Write;

use jisseki_layout::{Flow, Line, PageLayout, Table};
use jisseki_model::Page;

use crate::draw::{Layer, page_to_svg_over};

/// Draws a page without a style sheet of its own; the HTML brings it.
pub fn page_to_picture(page: &Page, layout: &PageLayout) -> String {
    let layers = Layer::ALL.map(|l| if matches!(l, Layer::Lines | Layer::Fields | Layer::Mentions) { None } else { Some(l) });
    let layers: Vec<Layer> = layers.into_iter().flatten().collect();
    page_to_svg_over(page, layout, &layers, &reading_order(layout))
}

/// One line through the text lines in the order in which they are read, with a dot at its start.
fn reading_order(layout: &PageLayout) -> String {
    let mut lines: Vec<&Line> = vec![];
    for piece in &layout.order {
        match *piece {
            Flow::Table(t) => layout.tables.get(t as usize).into_iter().for_each(|t| table_lines(t, &mut lines)),
            Flow::Block(b) => lines.extend(layout.blocks.get(b as usize).into_iter().flat_map(|b| &b.lines)),
        }
    }
    let mut svg = String::new();
    if let Some(first) = lines.first() {
        let _ = write!(svg, "<circle cx=\"{:.2}\" cy=\"{:.2}\" r=\"3\"/>\n<polyline points=\"", first.bbox.x0, first.bbox.center().y);
        for line in &lines {
            let y = line.bbox.center().y;
            let _ = write!(svg, "{:.2},{y:.2} {:.2},{y:.2} ", line.bbox.x0, line.bbox.x1);
        }
        svg.push_str("\"/>\n");
    }
    svg
}

fn table_lines<'a>(table: &'a Table, lines: &mut Vec<&'a Line>) {
    for cell in &table.cells {
        lines.extend(&cell.lines);
        cell.tables.iter().for_each(|t| table_lines(t, lines));
    }
}
