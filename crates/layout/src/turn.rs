//! Pages whose text is drawn sideways or upside down without `/Rotate`: they are laid out as a reader turns them.

use crate::PageLayout;
use crate::frame::{Direction, Placed};
use jisseki_model::{Affine, Page, Point, Rect, Segment, Vector, WritingMode};

/// How far a page was turned for reading, with the page's own size.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Turn {
    /// Clockwise quarter turns that bring the page as drawn into the frame of the layout: 0 to 3.
    pub quarters: u8,
    /// Width of the page as drawn.
    pub width: f64,
    /// Height of the page as drawn.
    pub height: f64,
}

impl Turn {
    fn point(self, p: Point) -> Point {
        match self.quarters {
            1 => Point { x: self.height - p.y, y: p.x },
            2 => Point { x: self.width - p.x, y: self.height - p.y },
            3 => Point { x: p.y, y: self.width - p.x },
            _ => p,
        }
    }
    fn vector(self, v: Vector) -> Vector {
        self.point(Point { x: v.x, y: v.y }) - self.point(Point::default())
    }
    fn rect(self, r: Rect) -> Rect {
        let (a, b) = (self.point(Point { x: r.x0, y: r.y0 }), self.point(Point { x: r.x1, y: r.y1 }));
        Rect::new(a.x, a.y, b.x, b.y)
    }
}

impl Turn {
    /// Returns the map from the turned frame to page space.
    pub fn affine(self) -> Affine {
        Affine::new(match self.quarters {
            1 => [0.0, -1.0, 1.0, 0.0, 0.0, self.height],
            2 => [-1.0, 0.0, 0.0, -1.0, self.width, self.height],
            3 => [0.0, 1.0, -1.0, 0.0, self.width, 0.0],
            _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        })
    }
    /// Returns a box of the turned frame in page space.
    pub fn to_page(self, r: Rect) -> Rect {
        let map = self.affine();
        let (a, b) = (map.apply(r.x0, r.y0), map.apply(r.x1, r.y1));
        Rect::new(a.x, a.y, b.x, b.y)
    }
}

impl PageLayout {
    /// Returns a box of the layout in page space: the same box, unless the page was turned for reading.
    pub fn to_page(&self, r: Rect) -> Rect {
        self.turn.map_or(r, |turn| turn.to_page(r))
    }
}

/// The turn that makes nearly all text of a page upright; None for a page that is read as it is, vertical writing too.
pub(crate) fn placed_to_turn(placed: &Placed<'_>) -> Option<Turn> {
    let page = placed.page;
    let mut counts = [0usize; 4];
    for s in &placed.strips {
        let (Some(m), Some(g)) = (placed.mark(s.from), page.glyphs.get(s.from as usize)) else { continue };
        let slot = match (m.direction, page.style(g).mode) {
            (Direction::Right, _) | (_, WritingMode::Vertical) => 0,
            (Direction::Up, _) => 1,
            (Direction::Left, _) => 2,
            (Direction::Down, _) => 3,
        };
        if let Some(c) = counts.get_mut(slot) {
            *c += s.n_inked as usize;
        }
    }
    let all: usize = counts.iter().sum();
    let (quarters, most) = counts.iter().enumerate().max_by_key(|&(i, c)| (*c, std::cmp::Reverse(i)))?;
    (quarters > 0 && most * 10 >= all * 8).then_some(Turn { quarters: quarters as u8, width: page.width, height: page.height })
}

/// The page as its reader turns it.
pub(crate) fn turn_page(page: &Page, turn: Turn) -> Page {
    let mut out = page.clone();
    if turn.quarters % 2 == 1 {
        (out.width, out.height) = (page.height, page.width);
    }
    for g in &mut out.glyphs {
        (g.origin, g.advance) = (turn.point(g.origin), turn.vector(g.advance));
    }
    for s in &mut out.styles {
        (s.up, s.clip) = (turn.vector(s.up), turn.rect(s.clip));
    }
    for p in &mut out.paths {
        p.clip = turn.rect(p.clip);
        for s in &mut p.segments {
            *s = match *s {
                Segment::Move(a) => Segment::Move(turn.point(a)),
                Segment::Line(a) => Segment::Line(turn.point(a)),
                Segment::Curve(a, b, c) => Segment::Curve(turn.point(a), turn.point(b), turn.point(c)),
                Segment::Close => Segment::Close,
            };
        }
    }
    for i in &mut out.images {
        i.quad = i.quad.map(|p| turn.point(p));
        i.clip = turn.rect(i.clip);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_turned_for_reading_comes_back_to_its_place() {
        let own = Rect::new(10.0, 20.0, 35.0, 60.0);
        for quarters in 0..4 {
            let turn = Turn { quarters, width: 400.0, height: 300.0 };
            assert_eq!(turn.to_page(turn.rect(own)), own, "{quarters} quarters");
        }
    }
}
