//! Glyphs and paths of one page → visibility → rulings → lattice → cells → lines → paragraphs, with a ledger of owners.
//!
//! Goes in: a [`jisseki_model::Page`], glyphs and paths in paint order. Comes out: a [`PageLayout`]: ruled tables with spans and nested tables,
//! blocks of text outside them in reading order, arrows and bars, and one owner for every glyph and every path.
//!
//! *Invariant:* cells first, lines second: no word and no line crosses a ruling.
//! *Invariant:* glyphs are placed by baseline and advance box, never by ink.
//! *Invariant:* every glyph and every path has exactly one owner, and [`read_page`] checks it each time it runs.
//! *Invariant:* the same page gives the same layout: no hash order, total order of floats, ties broken by paint order.
//! *Invariant:* text is never changed here; what `text` leaves out (layout blanks, ruby) stands in `raw`.
//! *Invariant:* no meaning: which cell is a header or which arrow a year is the segmenter's business.

mod params;
mod turn;
mod types;

mod areas;
mod chars;
mod duplicates;
mod frame;
mod strips;
mod visibility;

mod bands;
mod chain;
mod edges;
mod gaps;
mod graph;
mod harvest;
mod labels;
mod lattice;
mod open;
mod shapes;
mod soft;
mod split;

mod assign;
mod blocks;
mod line_glyphs;
mod lines;
mod paragraphs;

mod export;
mod ledger;
mod page;
mod plain;
mod text;

pub use export::{CSV_HEAD, CellData, TableData, layout_to_tables, tables_to_csv};
pub use line_glyphs::LineGlyphs;
pub use page::read_page;
pub use paragraphs::{ColumnEdge, line_to_string, lines_to_edge, lines_to_paragraphs};
pub use params::LayoutParams;
pub use text::{layout_to_text, page_to_text};
pub use turn::Turn;
pub use types::*;
