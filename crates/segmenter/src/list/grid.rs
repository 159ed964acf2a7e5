//! A table by its rows, the text of each cell read once.

use crate::part::{cell_lines, tight_chars, tight_text};
use jisseki_layout::{Cell, Table};
use std::cell::OnceCell;
use std::ops::Range;

/// A cell and its text.
#[derive(Debug)]
pub(crate) struct GridCell<'t> {
    pub(crate) cell: &'t Cell,
    tight: OnceCell<String>,
}

impl GridCell<'_> {
    /// Returns the cell's text without any blank.
    pub(crate) fn tight(&self) -> &str {
        self.tight.get_or_init(|| tight_text(cell_lines(self.cell)))
    }

    /// Returns its characters, for a look at the first ones of a text that may be long.
    pub(crate) fn tight_chars(&self) -> impl Iterator<Item = char> {
        tight_chars(cell_lines(self.cell))
    }
}

/// A table's cells in the order of their first rows.
#[derive(Debug)]
pub(crate) struct Grid<'t> {
    pub(crate) table: &'t Table,
    cells: Vec<GridCell<'t>>,
    /// Where the cells of each row begin, and where the last row's end.
    starts: Vec<usize>,
}

impl<'t> Grid<'t> {
    /// Sorts a table's cells by rows.
    pub(crate) fn new(table: &'t Table) -> Grid<'t> {
        let mut cells: Vec<GridCell<'t>> = table.cells.iter().map(|cell| GridCell { cell, tight: OnceCell::new() }).collect();
        cells.sort_by_key(|c| c.cell.row);
        let rows = table.ys.len().saturating_sub(1);
        let starts = (0..=rows).map(|row| cells.partition_point(|c| c.cell.row < row)).collect();
        Grid { table, cells, starts }
    }

    /// Returns the number of rows.
    pub(crate) fn n_rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// Returns the cells that start in the rows.
    pub(crate) fn rows(&self, rows: Range<usize>) -> &[GridCell<'t>] {
        let at = |row: usize| self.starts.get(row).or(self.starts.last()).copied().unwrap_or(0);
        self.cells.get(at(rows.start)..at(rows.end)).unwrap_or_default()
    }

    /// Returns the upper border of a row.
    pub(crate) fn y_of(&self, row: usize) -> f64 {
        self.table.ys.get(row).copied().unwrap_or(self.table.bbox.y1)
    }
}
