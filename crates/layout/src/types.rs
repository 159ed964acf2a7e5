//! What a page's layout is made of: tables, blocks, shapes and the ledger of owners.

use jisseki_model::{CharInk, Color, Page, Point, Rect};
use serde::{Deserialize, Serialize};

/// Position of a glyph in [`Page::glyphs`].
pub type GlyphId = u32;
/// Position of a path in [`Page::paths`].
pub type PathId = u32;

/// One page, laid out. Every glyph and every path of the page has exactly one owner in the ledgers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PageLayout {
    /// Page number, from 1.
    pub number: u32,
    /// Width in points.
    pub width: f64,
    /// Height in points.
    pub height: f64,
    /// Ruled tables, in reading order; nested ones inside their cells.
    pub tables: Vec<Table>,
    /// Text outside every table, in reading order.
    pub blocks: Vec<TextBlock>,
    /// Tables and blocks in the order in which the page is read.
    pub order: Vec<Flow>,
    /// Drawn shapes that are no rulings: arrows, bars, floating boxes.
    pub shapes: Vec<Shape>,
    /// Rulings that belong to tables or stand alone, after snapping and joining.
    pub rulings: Vec<Ruling>,
    /// One owner a glyph, by glyph id.
    pub glyph_owners: Vec<GlyphOwner>,
    /// By glyph id: white space, or a glyph without text. Coverage counts the others.
    pub glyph_blank: Vec<bool>,
    /// One owner a path, by path id.
    pub path_owners: Vec<PathOwner>,
    /// Share of the page's glyphs without Unicode text, 0..=1.
    pub unreadable_share: f64,
    /// An image covers most of the page.
    pub scanned: bool,
    /// The text runs sideways or upside down: all boxes of this layout, its width and its height are those of the page turned for reading;
    /// [`PageLayout::to_page`] leads back.
    pub turn: Option<crate::Turn>,
}

/// A piece of the page in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Index in [`PageLayout::tables`].
    Table(u32),
    /// Index in [`PageLayout::blocks`].
    Block(u32),
}

/// A ruled table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The outer box.
    pub bbox: Rect,
    /// x positions of the lattice's column borders, left to right: `n_cols + 1` of them.
    pub xs: Vec<f64>,
    /// y positions of the lattice's row borders, top to bottom: `n_rows + 1` of them.
    pub ys: Vec<f64>,
    /// The cells, row-major by their top left slot. They tile the lattice but for slots outside it.
    pub cells: Vec<Cell>,
    /// The top border is drawn (a table cut by a page break may lack it).
    pub closed_top: bool,
    /// The bottom border is drawn.
    pub closed_bottom: bool,
    /// What its rows and columns rest on.
    pub evidence: Evidence,
}

/// What the rows and columns of a table rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// Drawn rules.
    #[default]
    Rules,
    /// Rules above and below it; its columns are white stripes that the rows share, its rows lines of text.
    Aligned,
}

/// A cell: a rectangle of lattice slots.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// First row, from 0.
    pub row: usize,
    /// First column, from 0.
    pub col: usize,
    /// Rows spanned, ≥ 1.
    pub row_span: usize,
    /// Columns spanned, ≥ 1.
    pub col_span: usize,
    /// The box between the rulings' centers.
    pub bbox: Rect,
    /// Its lines in reading order, text of nested tables left out.
    pub lines: Vec<Line>,
    /// Tables drawn inside it with a frame of their own.
    pub tables: Vec<Table>,
    /// Product of the geometry's confidence factors, 0..=1.
    pub confidence: f64,
    /// Fill behind it, where it is shaded.
    pub shade: Option<Color>,
}

/// A line of text: glyphs on one baseline (or one column of vertical writing).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// Advance boxes' union.
    pub bbox: Rect,
    /// y of the baseline (x of the column's center for vertical writing).
    pub baseline: f64,
    /// Median em size in points.
    pub em: f64,
    /// Where the first and last glyph's advance begins and ends along the writing direction.
    pub start: f64,
    /// See `start`.
    pub end: f64,
    /// Column of vertical writing.
    pub vertical: bool,
    /// The glyphs, blanks too, in reading order; shared with what is read from them, which may outlive the page.
    pub glyphs: crate::LineGlyphs,
    /// Drawn over or beside the grid in a box of its own, or set apart from the cell's running text: a label such as 検討 over an arrow.
    pub floating: bool,
}

/// One glyph of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct LineGlyph {
    /// The glyph.
    pub id: GlyphId,
    /// Its text.
    pub text: smol_str::SmolStr,
    /// Its advance box.
    pub bbox: Rect,
    /// A blank that the layout sees before it: none, a Latin word space (U+0020 in `text` and `raw`), or a gap that only `raw` shows.
    pub space_before: Space,
    /// Ruby, superscript or subscript attached to the glyph before it: only in `raw`.
    pub annotation: bool,
}

/// A blank between two glyphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Space {
    /// None.
    #[default]
    None,
    /// A real blank: U+0020 in `text`.
    Word,
    /// A gap of a field's width (U+3000 in `raw`, nothing in `text`).
    Gap,
}

/// Lines outside tables that belong together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TextBlock {
    /// The lines' union.
    pub bbox: Rect,
    /// Lines in reading order.
    pub lines: Vec<Line>,
}

/// A logical paragraph of a cell or block (the lines it was joined from keep their order).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogicalParagraph {
    /// `＜…＞` heading, bullet item, plain text, note, result.
    pub kind: ParagraphKind,
    /// Leading bullet or enumerator.
    pub marker: Option<String>,
    /// Depth in the list, from 1; 0 for plain text.
    pub level: u8,
    /// Text after the marker, lines joined.
    pub text: String,
    /// As printed, lines separated by `\n`.
    pub raw: String,
    /// One entry a code point of `text`.
    pub ink: Vec<CharInk>,
    /// Index range of its lines in the input.
    pub lines: std::ops::Range<usize>,
    /// The decision to break or join was close.
    pub soft: bool,
}

/// What kind of paragraph it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub enum ParagraphKind {
    #[default]
    Plain,
    Heading,
    Item,
    Note,
    Result,
}

/// A drawn line, after snapping and joining.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruling {
    /// Horizontal or vertical.
    pub horizontal: bool,
    /// y of a horizontal, x of a vertical ruling.
    pub position: f64,
    /// From.
    pub start: f64,
    /// To.
    pub end: f64,
    /// Thickness in points.
    pub thickness: f64,
    /// How it was drawn.
    pub style: RulingStyle,
    /// Belongs to a lattice.
    pub in_table: bool,
}

/// How a ruling was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum RulingStyle {
    Solid,
    Dashed,
    Dotted,
    /// The edge of a shaded area.
    Soft,
    Image,
    /// Not drawn: an open side.
    Virtual,
}

/// A drawn shape that is no ruling.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// What it is.
    pub kind: ShapeKind,
    /// Its box, head included.
    pub bbox: Rect,
    /// The tip of an arrow's head (the right one where both ends have one).
    pub tip: Option<Point>,
    /// The paths it is made of.
    pub paths: Vec<PathId>,
    /// Paint order of its last path.
    pub seq: u32,
}

/// Kinds of shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ShapeKind {
    /// A line with a head.
    LineArrow(ArrowDirection),
    /// A block arrow: closed polygon.
    BlockArrow(ArrowDirection),
    /// A filled or outlined bar that is no cell.
    Bar,
    /// A floating box.
    Box,
    /// A polyline with corners.
    Connector,
}

/// Which way an arrow points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ArrowDirection {
    Right,
    Left,
    Up,
    Down,
    BothHorizontal,
    BothVertical,
}

/// Where a glyph went, as far as geometry tells; the segmenter refines cells and blocks into records, headers, sections and furniture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum GlyphOwner {
    /// `tables[table]`'s cell; nested tables' cells count for the cell of the outermost table.
    Cell {
        table: u32,
        cell: u32,
    },
    Block {
        block: u32,
    },
    Hidden(jisseki_model::Hidden),
    /// Drawn twice: fake bold, shadow.
    Duplicate {
        of: GlyphId,
    },
    Unassigned,
}

/// What a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PathOwner {
    Ruling,
    Fill,
    Arrow,
    Bar,
    Box,
    Underline,
    Decoration,
    Hidden,
    Unknown,
}

/// Returns the number of glyphs that are not white space.
pub fn n_inked(page: &Page) -> usize {
    page.glyphs.iter().filter(|g| !crate::chars::blank(&g.text)).count()
}
