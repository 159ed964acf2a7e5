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
        let mut placed = Placed { page, boxes: Vec::with_capacity(page.glyphs.len()), marks: Vec::with_capacity(page.glyphs.len()) };
        for (id, g) in (0u32..).zip(&page.glyphs) {
            let bbox = glyph_box(g);
            placed.boxes.push(bbox);
            placed.marks.push(glyph_to_mark(id, g, &bbox, direction_of(g), blank(&g.text)));
        }
        placed
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

/// The glyph's advance box; upright horizontal text needs no corners.
fn glyph_box(g: &Glyph) -> Rect {
    if g.mode == WritingMode::Horizontal && g.up.x.abs() < 1e-9 && g.advance.y.abs() < 1e-9 && g.up.y < 0.0 {
        let (x0, x1) = (g.origin.x.min(g.origin.x + g.advance.x), g.origin.x.max(g.origin.x + g.advance.x));
        return Rect { x0, y0: g.origin.y + g.up.y * f64::from(g.ascent), x1, y1: g.origin.y + g.up.y * f64::from(g.descent) };
    }
    g.bbox()
}

/// Puts a glyph into the frame of `direction`.
fn glyph_to_mark(id: u32, g: &Glyph, bbox: &Rect, direction: Direction, blank: bool) -> Mark {
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
    Mark { id, direction, blank, u0, u1, v: base, em }
}
