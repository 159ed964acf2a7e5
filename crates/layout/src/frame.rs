//! Writing directions: every line is built in a frame where text runs along `u` and lines follow along `v`.

use crate::LayoutParams;
use crate::chars::{blank, is_plainly_read};
use crate::strips::{Strip, is_joined, n_beside};
use jisseki_model::{Glyph, GlyphStyle, Page, Point, Rect, WritingMode};
use std::borrow::Cow;
use std::ops::Range;

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

/// How a glyph goes on from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// In a strip of its own.
    Apart,
    /// In the strip of the glyph before it.
    Joined,
    /// And both have ink and no gap between them.
    Solid,
}

impl Link {
    /// A gap (em) that is one: there may be more to ask about it.
    const GAP: f64 = 0.1;

    #[inline]
    fn of(gap: f64, em: f64, some_blank: bool) -> Link {
        if some_blank || gap > Link::GAP * em { Link::Joined } else { Link::Solid }
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
    pub(crate) link: Link,
    /// Where the advance begins and ends along the line.
    pub(crate) u0: f64,
    pub(crate) u1: f64,
    /// The baseline (the column's center for vertical writing) across lines.
    pub(crate) v: f64,
    pub(crate) em: f64,
    /// Where the advance box begins and ends on the page across the line.
    pub(crate) sides: (f64, f64),
}

// Memory touched is time.
const _: () = assert!(size_of::<Mark>() <= 56);

impl Mark {
    /// The advance box on the page.
    #[inline]
    pub(crate) fn bbox(&self) -> Rect {
        let (from, to) = self.sides;
        match self.direction {
            Direction::Right => Rect { x0: self.u0, y0: from, x1: self.u1, y1: to },
            Direction::Left => Rect { x0: -self.u1, y0: from, x1: -self.u0, y1: to },
            Direction::Up => Rect { x0: from, y0: -self.u1, x1: to, y1: -self.u0 },
            Direction::Down => Rect { x0: from, y0: self.u0, x1: to, y1: self.u1 },
        }
    }
    /// Tells whether it stands beside another in one strip.
    #[inline]
    pub(crate) fn follows(&self, last: &Mark) -> bool {
        self.link != Link::Apart && self.id == last.id + 1
    }
    /// Tells whether it does so without a gap, both having ink.
    #[inline]
    pub(crate) fn follows_solidly(&self, last: &Mark) -> bool {
        self.link == Link::Solid && self.id == last.id + 1
    }
}

/// The glyphs of a page, each placed in the frame of its own direction.
pub(crate) struct Placed<'a> {
    pub(crate) page: &'a Page,
    pub(crate) marks: Vec<Mark>,
    pub(crate) strips: Vec<Strip>,
    /// Glyphs whose text holds U+FFFD.
    pub(crate) n_unreadable: usize,
}

impl<'a> Placed<'a> {
    /// Looks at every glyph once: what follows seldom has to.
    pub(crate) fn new(page: &'a Page, params: &LayoutParams) -> Placed<'a> {
        let mut marks: Vec<Mark> = Vec::with_capacity(page.glyphs.len());
        let mut strips: Vec<Strip> = Vec::with_capacity(page.glyphs.len() / 8 + 4);
        let mut unusual = Unusual::default();
        let mut last: Option<(Mark, &Glyph)> = None;
        let mut rest = page.glyphs.as_slice();
        while let Some((g, after)) = rest.split_first() {
            let n_blank = unusual.n_blank;
            let (id, style) = (marks.len() as u32, page.style(g));
            let mut m = glyph_to_own_mark(id, g, style, unusual.is_blank(&g.text));
            let mut strip = Strip { from: id, to: id + 1, n_inked: 0, crowded: false };
            if let Some((l, _)) = last.filter(|&(l, before)| is_joined((&l, before), (&m, g), page, params)) {
                m.link = Link::of(m.u0 - l.u1, m.em, l.blank || m.blank);
                strip.crowded = m.u0 - l.u0 <= params.duplicate_run * m.em;
            }
            marks.push(m);
            // Those that go on in its strip, most of all, differ in their text and place on the line alone.
            let (n, crowded) = if m.plain { n_beside(&m, g, after, params) } else { (0, false) };
            let (beside, after) = after.split_at_checked(n).unwrap_or((&[], after));
            let (mut end, mut blank) = (m.u1, m.blank);
            marks.extend((id + 1..).zip(beside).map(|(id, g)| {
                let (u0, u1) = (g.origin.x, g.origin.x + g.advance.x);
                let was_blank = std::mem::replace(&mut blank, unusual.is_blank(&g.text));
                let link = Link::of(u0 - std::mem::replace(&mut end, u1), m.em, was_blank || blank);
                Mark { id, blank, link, u0, u1, ..m }
            }));
            (strip.to, strip.crowded) = (marks.len() as u32, strip.crowded || crowded);
            strip.n_inked = strip.to - strip.from - (unusual.n_blank - n_blank);
            match strips.last_mut() {
                Some(open) if m.link != Link::Apart => open.join(&strip),
                _ => strips.push(strip),
            }
            last = marks.last().copied().zip(beside.last().or(Some(g)));
            rest = after;
        }
        Placed { page, marks, strips, n_unreadable: unusual.n_unreadable }
    }
    pub(crate) fn mark(&self, id: u32) -> Option<&Mark> {
        self.marks.get(id as usize)
    }
    /// The marks of glyphs (ids in paint order); those that follow each other on the page need no list of their own.
    pub(crate) fn marks_of(&self, ids: &[u32]) -> Cow<'_, [Mark]> {
        match ids_to_range(ids).and_then(|own| self.marks.get(own)) {
            Some(marks) => Cow::Borrowed(marks),
            None => Cow::Owned(ids.iter().filter_map(|&id| self.mark(id).copied()).collect()),
        }
    }
    /// The union of advance boxes.
    pub(crate) fn bbox(&self, ids: &[u32]) -> Rect {
        ids.iter().filter_map(|&id| self.mark(id)).fold(Rect::EMPTY, |b, m| b.union(m.bbox()))
    }
    /// The glyph in the frame of another direction.
    pub(crate) fn mark_along(&self, id: u32, direction: Direction) -> Option<Mark> {
        let m = self.mark(id)?;
        let g = self.page.glyphs.get(id as usize)?;
        Some(glyph_to_mark(id, g, self.page.style(g), m.bbox(), direction, m.blank))
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
        let bbox = m.bbox();
        if m.plain {
            return Some(Point { x: (bbox.x0 + bbox.x1) / 2.0, y: m.v - 0.35 * m.em });
        }
        let g = self.page.glyphs.get(id as usize)?;
        let style = self.page.style(g);
        let upright = style.mode == WritingMode::Horizontal && self.direction(id) == Direction::Right;
        Some(if upright { Point { x: (bbox.x0 + bbox.x1) / 2.0, y: g.origin.y - 0.35 * style.size } } else { bbox.center() })
    }
}

/// Returns the range that ids in paint order, each of them once, make without a gap.
pub(crate) fn ids_to_range(ids: &[u32]) -> Option<Range<usize>> {
    let (first, end) = (*ids.first()? as usize, *ids.last()? as usize + 1);
    (end == first + ids.len()).then_some(first..end)
}

/// Glyphs whose text is not what most are.
#[derive(Default)]
struct Unusual {
    n_blank: u32,
    n_unreadable: usize,
}

impl Unusual {
    /// Tells whether a text is blank, and counts it.
    #[inline]
    fn is_blank(&mut self, text: &str) -> bool {
        !is_plainly_read(text) && self.look_at(text)
    }
    #[cold]
    fn look_at(&mut self, text: &str) -> bool {
        let blank = blank(text);
        self.n_blank += u32::from(blank);
        self.n_unreadable += usize::from(!blank && text.contains('\u{FFFD}'));
        blank
    }
}

/// Ordinary horizontal text, neither turned nor slanted, as far as the style tells.
fn is_upright(style: &GlyphStyle) -> bool {
    style.mode == WritingMode::Horizontal && style.up.x.abs() < 1e-9 && style.up.y < -1e-9
}

fn style_to_em(style: &GlyphStyle) -> f64 {
    if style.size > 0.0 { style.size } else { 1.0 }
}

/// Puts a glyph into the frame of its own direction.
fn glyph_to_own_mark(id: u32, g: &Glyph, style: &GlyphStyle, blank: bool) -> Mark {
    if !is_upright(style) || !runs_level(g) {
        return glyph_to_mark(id, g, style, Rect::of_points(style.quad(g)), direction_of(style), blank);
    }
    // Upright text needs no corners.
    let (from, to) = (g.origin.x, g.origin.x + g.advance.x);
    let forward = to >= from;
    let (u0, u1) = if forward { (from, to) } else { (from.min(to), from.max(to)) };
    let sides = (g.origin.y + style.up.y * f64::from(style.ascent), g.origin.y + style.up.y * f64::from(style.descent));
    let plain = style.size > 0.0 && forward;
    Mark { id, direction: Direction::Right, blank, plain, link: Link::Apart, u0, u1, v: g.origin.y, em: style_to_em(style), sides }
}

/// The advance goes neither up nor down.
#[inline]
pub(crate) fn runs_level(g: &Glyph) -> bool {
    g.advance.y.abs() < 1e-9
}

/// Puts a glyph into the frame of `direction`.
fn glyph_to_mark(id: u32, g: &Glyph, style: &GlyphStyle, bbox: Rect, direction: Direction, blank: bool) -> Mark {
    let em = style_to_em(style);
    let center = bbox.center();
    let vertical_mode = style.mode == WritingMode::Vertical;
    let sides = match direction {
        Direction::Right | Direction::Left => (bbox.y0, bbox.y1),
        Direction::Up | Direction::Down => (bbox.x0, bbox.x1),
    };
    let (u0, u1, v) = match direction {
        Direction::Right => (bbox.x0, bbox.x1, if vertical_mode { center.y } else { g.origin.y }),
        Direction::Left => (-bbox.x1, -bbox.x0, if vertical_mode { -center.y } else { -g.origin.y }),
        Direction::Up => (-bbox.y1, -bbox.y0, if vertical_mode { center.x } else { g.origin.x }),
        // A column's center: Latin set sideways shares the column with upright characters.
        Direction::Down => (bbox.y0, bbox.y1, -center.x),
    };
    Mark { id, direction, blank, plain: false, link: Link::Apart, u0, u1, v, em, sides }
}
