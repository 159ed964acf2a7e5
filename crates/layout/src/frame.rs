//! Writing directions: every line is built in a frame where text runs along `u` and lines follow along `v`.

use crate::chars::blank;
use jisseki_model::{Glyph, Point, Rect, WritingMode};

/// Which way text runs on the page, to the nearest quarter turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    /// Ordinary horizontal text.
    Right,
    /// Vertical writing, or text turned clockwise: lines follow from right to left.
    Down,
    /// Text turned counterclockwise: lines follow from left to right.
    Up,
    /// Upside down.
    Left,
}

/// Returns the direction of a glyph.
pub(crate) fn direction_of(g: &Glyph) -> Direction {
    let (x, y) = match g.mode {
        WritingMode::Horizontal => (-g.up.y, g.up.x),
        WritingMode::Vertical => (-g.up.x, -g.up.y),
    };
    if x.abs() >= y.abs() {
        if x >= 0.0 { Direction::Right } else { Direction::Left }
    } else if y > 0.0 {
        Direction::Down
    } else {
        Direction::Up
    }
}

/// One glyph in its frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) id: u32,
    /// Where the advance begins and ends along the line.
    pub(crate) u0: f64,
    pub(crate) u1: f64,
    /// The baseline (the column's center for vertical writing) across lines.
    pub(crate) v: f64,
    pub(crate) em: f64,
    pub(crate) blank: bool,
}

/// Puts a glyph into the frame of `direction`.
pub(crate) fn glyph_to_mark(id: u32, g: &Glyph, bbox: &Rect, direction: Direction) -> Mark {
    let em = if g.size > 0.0 { g.size } else { 1.0 };
    let (u0, u1) = match direction {
        Direction::Right => (bbox.x0, bbox.x1),
        Direction::Down => (bbox.y0, bbox.y1),
        Direction::Up => (-bbox.y1, -bbox.y0),
        Direction::Left => (-bbox.x1, -bbox.x0),
    };
    let vertical_mode = g.mode == WritingMode::Vertical;
    let base = match direction {
        Direction::Right if !vertical_mode => g.origin.y,
        Direction::Left if !vertical_mode => -g.origin.y,
        Direction::Up if !vertical_mode => g.origin.x,
        Direction::Right => bbox.center().y,
        Direction::Left => -bbox.center().y,
        Direction::Up => bbox.center().x,
        // A column's center: Latin set sideways shares the column with upright characters.
        Direction::Down => -bbox.center().x,
    };
    Mark { id, u0, u1, v: base, em, blank: blank(&g.text) }
}

/// The point by which a glyph is given to a cell: its center across, a third of an em above the baseline.
pub(crate) fn anchor_of(g: &Glyph, bbox: &Rect) -> Point {
    if g.mode == WritingMode::Horizontal && direction_of(g) == Direction::Right {
        Point { x: (bbox.x0 + bbox.x1) / 2.0, y: g.origin.y - 0.35 * g.size }
    } else {
        bbox.center()
    }
}
