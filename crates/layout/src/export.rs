//! Tables as plain data, for `jisseki tables` and for anyone who needs only tables.

use crate::{Cell, ColumnEdge, Evidence, Line, PageLayout, Table, lines_to_edge, lines_to_paragraphs};
use jisseki_model::Rect;
use serde::Serialize;
use std::collections::BTreeMap;

/// A table with its texts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableData {
    /// Page number, from 1.
    pub page: u32,
    /// The outer box.
    pub bbox: Rect,
    /// `rules` where its borders are drawn, `aligned` where rows and columns were read from white space between rules.
    pub evidence: Evidence,
    /// How sure its borders are, 0..=1: the mean over its cells.
    pub confidence: f64,
    /// The cells, row-major.
    pub cells: Vec<CellData>,
}

/// A cell with its text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CellData {
    /// First row, from 0.
    pub row: usize,
    /// First column, from 0.
    pub col: usize,
    /// Rows spanned.
    pub row_span: usize,
    /// Columns spanned.
    pub col_span: usize,
    /// The box between the rulings' centers.
    pub bbox: Rect,
    /// Its paragraphs, a line each; text of nested tables is theirs.
    pub text: String,
    /// Nested tables.
    pub tables: Vec<TableData>,
}

/// Returns the tables of a page in reading order.
pub fn layout_to_tables(layout: &PageLayout) -> Vec<TableData> {
    layout.tables.iter().map(|t| table_to_data(t, layout)).collect()
}

fn table_to_data(table: &Table, layout: &PageLayout) -> TableData {
    // Where the lines of each column end, for cells too short to tell.
    let mut edges: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for c in &table.cells {
        if let Some(e) = lines_to_edge(&c.lines) {
            let edge = edges.entry((c.col, c.col_span)).or_insert(e);
            *edge = edge.max(e);
        }
    }
    let cells = table.cells.iter().map(|c| cell_to_data(c, layout, edges.get(&(c.col, c.col_span)).copied())).collect();
    let sure: f64 = table.cells.iter().map(|c| c.confidence).sum();
    let confidence = (100.0 * sure / table.cells.len().max(1) as f64).round() / 100.0;
    TableData { page: layout.number, bbox: layout.to_page(table.bbox), evidence: table.evidence, confidence, cells }
}

fn cell_to_data(cell: &Cell, layout: &PageLayout, edge: Option<f64>) -> CellData {
    let edge = edge.filter(|_| cell.lines.len() < 3).map_or(ColumnEdge::FromLines, ColumnEdge::At);
    CellData {
        row: cell.row,
        col: cell.col,
        row_span: cell.row_span,
        col_span: cell.col_span,
        bbox: layout.to_page(cell.bbox),
        text: lines_to_text(&cell.lines, edge),
        tables: cell.tables.iter().map(|t| table_to_data(t, layout)).collect(),
    }
}

fn lines_to_text(lines: &[Line], edge: ColumnEdge) -> String {
    let mut out = String::new();
    for p in lines_to_paragraphs(&lines.iter().collect::<Vec<_>>(), &[], edge) {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(p.marker.as_deref().unwrap_or_default());
        out.push_str(&p.text);
    }
    out
}

/// The head of [`tables_to_csv`].
pub const CSV_HEAD: &str = "page,table,row,col,row_span,col_span,x0,y0,x1,y1,text\r\n";

/// Returns one CSV line a cell (RFC 4180), `first` being the number of the first table.
///
/// `table` is `3` for the document's third table and `3/1-2/1` for the first table nested in its cell at row 1, column 2.
pub fn tables_to_csv(tables: &[TableData], first: usize) -> String {
    let mut out = String::new();
    for (i, t) in tables.iter().enumerate() {
        push_csv(t, &(first + i).to_string(), &mut out);
    }
    out
}

fn push_csv(table: &TableData, name: &str, out: &mut String) {
    for c in &table.cells {
        let b = c.bbox;
        out.push_str(&format!(
            "{},{name},{},{},{},{},{:.2},{:.2},{:.2},{:.2},{}\r\n",
            table.page,
            c.row,
            c.col,
            c.row_span,
            c.col_span,
            b.x0,
            b.y0,
            b.x1,
            b.y1,
            quoted(&c.text)
        ));
        for (k, t) in c.tables.iter().enumerate() {
            push_csv(t, &format!("{name}/{}-{}/{}", c.row, c.col, k + 1), out);
        }
    }
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
