//! Writing directions: every line is built in a frame where text runs along `u` and lines follow along `v`.

use crate::chars::blank;
use jisseki_model::{Glyph, Page, Point, Rect, WritingMode};

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
fn direction_of(g: &Glyph) -> Direction {
    if is_upright(g) {
        return Direction::Right;
    }
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
    pub(crate) direction: Direction,
    pub(crate) blank: bool,
    /// Where the advance begins and ends along the line.
    pub(crate) u0: f64,
    pub(crate) u1: f64,
    /// The baseline (the column's center for vertical writing) across lines.
    pub(crate) v: f64,
    pub(crate) em: f64,
}

/// The glyphs of a page with their advance boxes, each placed in the frame of its own direction.
pub(crate) struct Placed<'a> {
    pub(crate) page: &'a Page,
    pub(crate) boxes: Vec<Rect>,
    pub(crate) marks: Vec<Mark>,
}

impl<'a> Placed<'a> {
    pub(crate) fn new(page: &'a Page) -> Placed<'a> {
        let boxes: Vec<Rect> = page.glyphs.iter().map(glyph_box).collect();
        let mark = |(id, (g, b)): (usize, (&Glyph, &Rect))| glyph_to_mark(id as u32, g, b, direction_of(g), blank(&g.text));
        let marks = page.glyphs.iter().zip(&boxes).enumerate().map(mark).collect();
        Placed { page, boxes, marks }
    }
    pub(crate) fn mark(&self, id: u32) -> Option<&Mark> {
        self.marks.get(id as usize)
    }
    /// The glyph in the frame of another direction.
    pub(crate) fn mark_along(&self, id: u32, direction: Direction) -> Option<Mark> {
        let blank = self.mark(id)?.blank;
        Some(glyph_to_mark(id, self.page.glyphs.get(id as usize)?, self.boxes.get(id as usize)?, direction, blank))
    }
    pub(crate) fn direction(&self, id: u32) -> Direction {
        self.mark(id).map_or(Direction::Right, |m| m.direction)
    }
    pub(crate) fn inked(&self, id: u32) -> bool {
        self.mark(id).is_some_and(|m| !m.blank)
    }
    /// The point by which a glyph is given to a cell: its center across, a third of an em above the baseline.
    pub(crate) fn anchor(&self, id: u32) -> Option<Point> {
        let (g, bbox) = (self.page.glyphs.get(id as usize)?, self.boxes.get(id as usize)?);
        let upright = g.mode == WritingMode::Horizontal && self.direction(id) == Direction::Right;
        Some(if upright { Point { x: (bbox.x0 + bbox.x1) / 2.0, y: g.origin.y - 0.35 * g.size } } else { bbox.center() })
    }
}

/// Ordinary horizontal text, neither turned nor slanted.
fn is_upright(g: &Glyph) -> bool {
    g.mode == WritingMode::Horizontal && g.up.x.abs() < 1e-9 && g.advance.y.abs() < 1e-9 && g.up.y < -1e-9
}

/// The glyph's advance box; upright text needs no corners.
fn glyph_box(g: &Glyph) -> Rect {
    if !is_upright(g) {
        return g.bbox();
    }
    let (from, to) = (g.origin.x, g.origin.x + g.advance.x);
    let (y0, y1) = (g.origin.y + g.up.y * f64::from(g.ascent), g.origin.y + g.up.y * f64::from(g.descent));
    Rect { x0: from.min(to), y0, x1: from.max(to), y1 }
}

/// Puts a glyph into the frame of `direction`.
fn glyph_to_mark(id: u32, g: &Glyph, bbox: &Rect, direction: Direction, blank: bool) -> Mark {
    let em = if g.size > 0.0 { g.size } else { 1.0 };
    let center = bbox.center();
    let vertical_mode = g.mode == WritingMode::Vertical;
    let (u0, u1, v) = match direction {
        Direction::Right => (bbox.x0, bbox.x1, if vertical_mode { center.y } else { g.origin.y }),
        Direction::Left => (-bbox.x1, -bbox.x0, if vertical_mode { -center.y } else { -g.origin.y }),
        Direction::Up => (-bbox.y1, -bbox.y0, if vertical_mode { center.x } else { g.origin.x }),
        // A column's center: Latin set sideways shares the column with upright characters.
        Direction::Down => (bbox.y0, bbox.y1, -center.x),
    };
    Mark { id, direction, blank, u0, u1, v, em }
}
