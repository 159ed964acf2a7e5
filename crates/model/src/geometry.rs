//! Points, boxes and places on a page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A position in points, page space.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Point {
    /// Distance from the left edge.
    pub x: f64,
    /// Distance from the top edge.
    pub y: f64,
}

/// A displacement in points, page space (y down).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Vector {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Vector {
    /// Returns the length in points.
    pub fn length(self) -> f64 {
        // Upright text asks for nothing else; `hypot` is a call.
        match (self.x == 0.0, self.y == 0.0) {
            (true, _) => self.y.abs(),
            (_, true) => self.x.abs(),
            _ => self.x.hypot(self.y),
        }
    }
}

impl std::ops::Add<Vector> for Point {
    type Output = Point;
    #[inline]
    fn add(self, v: Vector) -> Point {
        Point { x: self.x + v.x, y: self.y + v.y }
    }
}

impl std::ops::Sub for Point {
    type Output = Vector;
    #[inline]
    fn sub(self, other: Point) -> Vector {
        Vector { x: self.x - other.x, y: self.y - other.y }
    }
}

impl std::ops::Mul<f64> for Vector {
    type Output = Vector;
    #[inline]
    fn mul(self, k: f64) -> Vector {
        Vector { x: self.x * k, y: self.y * k }
    }
}

/// An axis-parallel box in points, page space; `x0 ≤ x1` and `y0 ≤ y1` when made by [`Rect::new`].
///
/// In JSON it is `[x0, y0, x1, y1]`, rounded to 0.01 pt.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left.
    pub x0: f64,
    /// Top.
    pub y0: f64,
    /// Right.
    pub x1: f64,
    /// Bottom.
    pub y1: f64,
}

impl Rect {
    /// A box that any [`Rect::union`] replaces: the neutral element.
    pub const EMPTY: Rect = Rect { x0: f64::INFINITY, y0: f64::INFINITY, x1: f64::NEG_INFINITY, y1: f64::NEG_INFINITY };

    /// Returns the box of two opposite corners, in any order.
    pub fn new(xa: f64, ya: f64, xb: f64, yb: f64) -> Rect {
        Rect { x0: xa.min(xb), y0: ya.min(yb), x1: xa.max(xb), y1: ya.max(yb) }
    }
    /// Returns the smallest box that holds every point; [`Rect::EMPTY`] for none.
    pub fn of_points(points: impl IntoIterator<Item = Point>) -> Rect {
        points.into_iter().fold(Rect::EMPTY, |r, p| r.with(p))
    }
    /// Returns the smallest box that holds it and a point.
    #[inline]
    pub fn with(&self, p: Point) -> Rect {
        self.union(Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y })
    }
    /// Returns the width in points (negative for an empty box).
    #[inline]
    pub fn width(&self) -> f64 {
        self.x1 - self.x0
    }
    /// Returns the height in points (negative for an empty box).
    #[inline]
    pub fn height(&self) -> f64 {
        self.y1 - self.y0
    }
    /// Returns the center.
    #[inline]
    pub fn center(&self) -> Point {
        Point { x: (self.x0 + self.x1) / 2.0, y: (self.y0 + self.y1) / 2.0 }
    }
    /// Tells whether nothing lies inside: a side is negative.
    #[inline]
    pub fn is_empty(&self) -> bool {
        !(self.x0 <= self.x1 && self.y0 <= self.y1)
    }
    /// Returns the smallest box that holds both.
    #[inline]
    pub fn union(&self, o: Rect) -> Rect {
        Rect { x0: self.x0.min(o.x0), y0: self.y0.min(o.y0), x1: self.x1.max(o.x1), y1: self.y1.max(o.y1) }
    }
    /// Returns what both share; empty when they are apart.
    #[inline]
    pub fn intersection(&self, o: Rect) -> Rect {
        Rect { x0: self.x0.max(o.x0), y0: self.y0.max(o.y0), x1: self.x1.min(o.x1), y1: self.y1.min(o.y1) }
    }
    /// Returns the box grown by `d` points on every side.
    #[inline]
    pub fn grown(&self, d: f64) -> Rect {
        Rect { x0: self.x0 - d, y0: self.y0 - d, x1: self.x1 + d, y1: self.y1 + d }
    }
    /// Tells whether the point lies inside or on the border.
    #[inline]
    pub fn contains(&self, p: Point) -> bool {
        self.x0 <= p.x && p.x <= self.x1 && self.y0 <= p.y && p.y <= self.y1
    }
    /// Tells whether `o` lies inside, with `slack` points to spare.
    #[inline]
    pub fn contains_rect(&self, o: &Rect, slack: f64) -> bool {
        self.x0 - slack <= o.x0 && o.x1 <= self.x1 + slack && self.y0 - slack <= o.y0 && o.y1 <= self.y1 + slack
    }
}

/// Rounds to 0.01, the precision of every coordinate in the output.
fn hundredth(v: f64) -> f64 {
    let r = (v * 100.0).round() / 100.0;
    if r == 0.0 { 0.0 } else { r }
}

/// Writes a length or a position of the output, in points.
pub(crate) fn points<S: serde::Serializer>(v: &f64, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_f64(hundredth(*v))
}

impl Serialize for Rect {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        [hundredth(self.x0), hundredth(self.y0), hundredth(self.x1), hundredth(self.y1)].serialize(s)
    }
}

impl<'de> Deserialize<'de> for Rect {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let [x0, y0, x1, y1] = <[f64; 4]>::deserialize(d)?;
        Ok(Rect { x0, y0, x1, y1 })
    }
}

impl JsonSchema for Rect {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Bbox".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "title": "枠", "description": "Box [x0, y0, x1, y1] in points, origin top-left of the page as seen, y down.",
            "type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4
        })
    }
}

/// Where something was read: a page and a box on it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "場所")]
pub struct Place {
    /// Page number, from 1.
    #[schemars(title = "ページ")]
    pub page: u32,
    /// The box on that page.
    pub bbox: Rect,
}

/// An affine map `x' = a·x + c·y + e`, `y' = b·x + d·y + f` (ISO 32000-2 §8.3.3).
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct Affine {
    pub a: f64,
    pub b: f64,
    pub c: f64,
    pub d: f64,
    pub e: f64,
    pub f: f64,
}

impl Affine {
    /// The map that changes nothing.
    pub const IDENTITY: Affine = Affine { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    /// Returns the map of a PDF matrix `[a b c d e f]`.
    pub fn new([a, b, c, d, e, f]: [f64; 6]) -> Affine {
        Affine { a, b, c, d, e, f }
    }
    /// Returns the map that applies `self` first and `next` after it.
    pub fn then(&self, next: &Affine) -> Affine {
        Affine {
            a: self.a * next.a + self.b * next.c,
            b: self.a * next.b + self.b * next.d,
            c: self.c * next.a + self.d * next.c,
            d: self.c * next.b + self.d * next.d,
            e: self.e * next.a + self.f * next.c + next.e,
            f: self.e * next.b + self.f * next.d + next.f,
        }
    }
    /// Returns the image of a point.
    pub fn apply(&self, x: f64, y: f64) -> Point {
        Point { x: self.a * x + self.c * y + self.e, y: self.b * x + self.d * y + self.f }
    }
    /// Returns the image of a displacement (no translation).
    pub fn apply_vector(&self, x: f64, y: f64) -> Vector {
        Vector { x: self.a * x + self.c * y, y: self.b * x + self.d * y }
    }
}
