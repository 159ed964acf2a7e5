//! Writing directions: every line is built in a frame where text runs along `u` and lines follow along `v`.

use crate::LayoutParams;
use crate::chars::blank;
use crate::strips::{Strip, marks_to_strips};
use jisseki_model::{Glyph, GlyphStyle, Page, Point, Rect, WritingMode};
use std::borrow::Cow;

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

/// Returns the direction of glyphs of a style.
fn direction_of(style: &GlyphStyle) -> Direction {
    let up = style.up;
    let (x, y) = match style.mode {
        WritingMode::Horizontal => (-up.y, up.x),
        WritingMode::Vertical => (-up.x, -up.y),
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
    /// Ordinary horizontal text of some size that runs forward.
    pub(crate) plain: bool,
    /// It goes on in the strip of the glyph before it.
    pub(crate) joined: bool,
    /// Where the advance begins and ends along the line.
    pub(crate) u0: f64,
    pub(crate) u1: f64,
    /// The baseline (the column's center for vertical writing) across lines.
    pub(crate) v: f64,
    pub(crate) em: f64,
    /// The advance box on the page.
    pub(crate) bbox: Rect,
}

/// The glyphs of a page, each placed in the frame of its own direction.
pub(crate) struct Placed<'a> {
    pub(crate) page: &'a Page,
    pub(crate) marks: Vec<Mark>,
    pub(crate) strips: Vec<Strip>,
}

impl<'a> Placed<'a> {
    /// Looks at every glyph once: what follows seldom has to.
    pub(crate) fn new(page: &'a Page, params: &LayoutParams) -> Placed<'a> {
        let mut marks: Vec<Mark> = Vec::with_capacity(page.glyphs.len());
        for (style, own) in page.glyphs_by_style() {
            let ids = marks.len() as u32..;
            let upright = is_upright(style);
            marks.extend(ids.zip(own).map(|(id, g)| match upright && g.advance.y.abs() < 1e-9 {
                true => upright_to_mark(id, g, style),
                false => turned_to_mark(id, g, style),
            }));
        }
        let strips = marks_to_strips(&mut marks, page, params);
        Placed { page, marks, strips }
    }
    pub(crate) fn mark(&self, id: u32) -> Option<&Mark> {
        self.marks.get(id as usize)
    }
    /// The marks of glyphs (ids in paint order); those that follow each other on the page need no list of their own.
    pub(crate) fn marks_of(&self, ids: &[u32]) -> Cow<'_, [Mark]> {
        if let (Some(&first), Some(&last)) = (ids.first(), ids.last())
            && last as usize + 1 == first as usize + ids.len()
            && let Some(marks) = self.marks.get(first as usize..=last as usize)
        {
            return Cow::Borrowed(marks);
        }
        Cow::Owned(ids.iter().filter_map(|&id| self.mark(id).copied()).collect())
    }
    /// The union of advance boxes.
    pub(crate) fn bbox(&self, ids: &[u32]) -> Rect {
        ids.iter().filter_map(|&id| self.mark(id)).fold(Rect::EMPTY, |b, m| b.union(m.bbox))
    }
    /// The glyph in the frame of another direction.
    pub(crate) fn mark_along(&self, id: u32, direction: Direction) -> Option<Mark> {
        let m = self.mark(id)?;
        let g = self.page.glyphs.get(id as usize)?;
        Some(glyph_to_mark(id, g, self.page.style(g), m.bbox, direction, m.blank))
    }
    pub(crate) fn direction(&self, id: u32) -> Direction {
        self.mark(id).map_or(Direction::Right, |m| m.direction)
    }
    pub(crate) fn inked(&self, id: u32) -> bool {
        self.mark(id).is_some_and(|m| !m.blank)
    }
    /// The point by which a glyph is given to a cell: its center across, a third of an em above the baseline.
    pub(crate) fn anchor(&self, id: u32) -> Option<Point> {
        let m = self.mark(id)?;
        let bbox = &m.bbox;
        if m.plain {
            return Some(Point { x: (bbox.x0 + bbox.x1) / 2.0, y: m.v - 0.35 * m.em });
        }
        let g = self.page.glyphs.get(id as usize)?;
        let style = self.page.style(g);
        let upright = style.mode == WritingMode::Horizontal && self.direction(id) == Direction::Right;
        Some(if upright { Point { x: (bbox.x0 + bbox.x1) / 2.0, y: g.origin.y - 0.35 * style.size } } else { bbox.center() })
    }
}

/// Ordinary horizontal text, neither turned nor slanted, as far as the style tells.
fn is_upright(style: &GlyphStyle) -> bool {
    style.mode == WritingMode::Horizontal && style.up.x.abs() < 1e-9 && style.up.y < -1e-9
}

/// Upright text needs no corners.
#[inline]
fn upright_to_mark(id: u32, g: &Glyph, style: &GlyphStyle) -> Mark {
    let (from, to) = (g.origin.x, g.origin.x + g.advance.x);
    let (y0, y1) = (g.origin.y + style.up.y * f64::from(style.ascent), g.origin.y + style.up.y * f64::from(style.descent));
    let forward = to >= from;
    let (u0, u1) = if forward { (from, to) } else { (from.min(to), from.max(to)) };
    let (em, plain) = if style.size > 0.0 { (style.size, forward) } else { (1.0, false) };
    let bbox = Rect { x0: u0, y0, x1: u1, y1 };
    Mark { id, direction: Direction::Right, blank: blank(&g.text), plain, joined: false, u0, u1, v: g.origin.y, em, bbox }
}

fn turned_to_mark(id: u32, g: &Glyph, style: &GlyphStyle) -> Mark {
    glyph_to_mark(id, g, style, Rect::of_points(style.quad(g)), direction_of(style), blank(&g.text))
}

/// Puts a glyph into the frame of `direction`.
fn glyph_to_mark(id: u32, g: &Glyph, style: &GlyphStyle, bbox: Rect, direction: Direction, blank: bool) -> Mark {
    let em = if style.size > 0.0 { style.size } else { 1.0 };
    let center = bbox.center();
    let vertical_mode = style.mode == WritingMode::Vertical;
    let (u0, u1, v) = match direction {
        Direction::Right => (bbox.x0, bbox.x1, if vertical_mode { center.y } else { g.origin.y }),
        Direction::Left => (-bbox.x1, -bbox.x0, if vertical_mode { -center.y } else { -g.origin.y }),
        Direction::Up => (-bbox.y1, -bbox.y0, if vertical_mode { center.x } else { g.origin.x }),
        // A column's center: Latin set sideways shares the column with upright characters.
        Direction::Down => (bbox.y0, bbox.y1, -center.x),
    };
    Mark { id, direction, blank, plain: false, joined: false, u0, u1, v, em, bbox }
}
