//! Paths and images → raw rulings, shading, and polygons that may be arrows (layout.md §3.1).

use crate::areas::{Areas, same_color};
use crate::shapes::off_line;
use crate::{LayoutParams, PathId, RulingStyle};
use jisseki_model::{Color, Page, PathObject, Point, Rect, Segment};
use smallvec::{SmallVec, smallvec};

/// A straight axis-parallel stroke (or what looks like one) as it was drawn.
#[derive(Debug, Clone)]
pub(crate) struct Raw {
    pub(crate) horizontal: bool,
    pub(crate) pos: f64,
    pub(crate) start: f64,
    pub(crate) end: f64,
    pub(crate) thickness: f64,
    pub(crate) style: RulingStyle,
    /// The path it comes from; `u32::MAX` for an image.
    pub(crate) path: PathId,
    /// Number of the subpath when it is one side of a closed box.
    pub(crate) boxed: Option<u32>,
    pub(crate) seq: u32,
    /// The color of a thin fill: it may be a strip of shading.
    pub(crate) fill: Option<Color>,
}

/// The paths that a ruling or an outline was drawn with: nearly always one.
pub(crate) type Paths = SmallVec<[PathId; 4]>;

/// The points of an outline: those of a block arrow have room in place.
pub(crate) type Points = SmallVec<[Point; 8]>;

/// A filled area with two sides longer than a ruling's thickness.
#[derive(Debug, Clone)]
pub(crate) struct Shade {
    pub(crate) bbox: Rect,
    pub(crate) color: Color,
    pub(crate) path: PathId,
    pub(crate) seq: u32,
    /// The outline is stroked, too.
    pub(crate) stroked: bool,
}

/// A closed box drawn with one subpath.
#[derive(Debug, Clone)]
pub(crate) struct Boxed {
    pub(crate) bbox: Rect,
    pub(crate) path: PathId,
    pub(crate) seq: u32,
    pub(crate) filled: bool,
}

/// An outline with slanted edges.
#[derive(Debug, Clone)]
pub(crate) struct Polygon {
    pub(crate) points: Points,
    pub(crate) closed: bool,
    pub(crate) paths: Paths,
    pub(crate) seq: u32,
    pub(crate) filled: bool,
}

/// All that was harvested from a page.
#[derive(Debug, Default)]
pub(crate) struct Harvest {
    pub(crate) raws: Vec<Raw>,
    pub(crate) shades: Vec<Shade>,
    pub(crate) boxes: Vec<Boxed>,
    pub(crate) polygons: Vec<Polygon>,
    /// Open polylines of axis-parallel pieces: elbow connectors, if a head joins them. Indices of their raws.
    pub(crate) polylines: Vec<Vec<u32>>,
    /// Marks that may be dots or dashes of a chain.
    pub(crate) marks: Vec<Raw>,
    /// Thin strips of shading.
    pub(crate) strips: Vec<PathId>,
    /// Curves: ellipses, freehand, logos.
    pub(crate) drawings: Vec<PathId>,
    /// Paths that can't be seen.
    pub(crate) hidden: Vec<PathId>,
}

/// Reads every path and image of the page.
pub(crate) fn page_to_harvest(page: &Page, areas: &Areas, params: &LayoutParams) -> Harvest {
    let mut out = Harvest::default();
    let sheet = Rect::new(0.0, 0.0, page.width, page.height).grown(2.0);
    for (id, path) in page.paths.iter().enumerate() {
        harvest_path(path, id as PathId, sheet, areas, params, &mut out);
    }
    for image in page.images.iter().filter(|i| i.hidden.is_none()) {
        let b = Rect::of_points(image.quad).intersection(image.clip.grown(0.5)).intersection(sheet);
        if let Some(raw) = thin_to_raw(b, RulingStyle::Image, u32::MAX, image.seq, params) {
            out.raws.push(raw);
        }
    }
    drop_strips(&mut out, params);
    out
}

/// A thin fill of the color of the shading it touches is a strip of that shading, no ruling.
fn drop_strips(out: &mut Harvest, params: &LayoutParams) {
    let dark = |c: Color| c.r + c.g + c.b < 0.6;
    let strip = |r: &Raw, shades: &[Shade]| {
        let Some(color) = r.fill.filter(|&c| !dark(c)) else { return false };
        let mid = (r.start + r.end) / 2.0;
        let p = if r.horizontal { Point { x: mid, y: r.pos } } else { Point { x: r.pos, y: mid } };
        shades.iter().any(|s| same_color(s.color, color, params.same_color) && s.bbox.grown(r.thickness).contains(p))
    };
    // A page of thousands of areas is a picture.
    if out.shades.len() > 4000 {
        return;
    }
    let mut strips: Vec<PathId> = Vec::new();
    for list in [&mut out.raws, &mut out.marks] {
        list.retain(|r| {
            let is_strip = strip(r, &out.shades);
            if is_strip {
                strips.push(r.path);
            }
            !is_strip
        });
    }
    out.strips = strips;
}

/// Points of a subpath that nearly all have room in place: a box with its way back.
const BOX_POINTS: usize = 5;

/// One subpath, curves kept apart from straight pieces.
#[derive(Debug, Default)]
struct Subpath {
    points: SmallVec<[Point; BOX_POINTS]>,
    /// `curved[i]`: the piece that ends at `points[i]` is a curve.
    curved: SmallVec<[bool; BOX_POINTS]>,
    closed: bool,
}

impl Subpath {
    fn starting_at(p: Point) -> Subpath {
        let mut part = Subpath::default();
        part.push(p, false);
        part
    }
    fn push(&mut self, p: Point, curved: bool) {
        self.points.push(p);
        self.curved.push(curved);
    }
}

fn subpaths(path: &PathObject) -> SmallVec<[Subpath; 1]> {
    let mut all: SmallVec<[Subpath; 1]> = SmallVec::new();
    for s in &path.segments {
        match *s {
            Segment::Move(p) => all.push(Subpath::starting_at(p)),
            Segment::Line(p) | Segment::Curve(_, _, p) => {
                // A piece after a close goes on from the closed subpath's start.
                if all.last().is_none_or(|l| l.closed) {
                    let from = all.last().and_then(|l| l.points.first().copied()).unwrap_or(p);
                    all.push(Subpath::starting_at(from));
                }
                if let Some(last) = all.last_mut() {
                    let from = last.points.last().copied().unwrap_or(p);
                    last.push(p, is_bent(from, s));
                }
            }
            Segment::Close => {
                if let Some(last) = all.last_mut() {
                    last.closed = true;
                }
            }
        }
    }
    // A last moveto that nothing follows draws nothing.
    all.retain(|s| s.points.len() > 1);
    all
}

/// A curve whose control points lie off its chord: some drivers draw straight rules as curves.
fn is_bent(from: Point, piece: &Segment) -> bool {
    let Segment::Curve(a, b, to) = *piece else { return false };
    [a, b].into_iter().any(|c| off_line(from, c, to) > STRAIGHT)
}

/// Control points this near to the chord (points) make no curve.
const STRAIGHT: f64 = 0.1;

fn harvest_path(path: &PathObject, id: PathId, sheet: Rect, areas: &Areas, params: &LayoutParams, out: &mut Harvest) {
    let fill = path.fill.filter(|f| f.alpha > 0.0);
    let stroke = path.stroke.filter(|s| s.alpha > 0.0);
    let clip = path.clip.grown(0.5).intersection(sheet);
    if path.hidden.is_some() || (fill.is_none() && stroke.is_none()) || clip.is_empty() {
        out.hidden.push(id);
        return;
    }
    let parts = subpaths(path);
    let mut seen = false;
    if let (Some(fill), [outer, inner], None) = (fill, parts.as_slice(), stroke)
        && let Some(sides) = frame_to_sides(outer, inner, params)
    {
        for side in sides {
            seen |= push_thin(side.intersection(clip), fill.color, path, id, areas, params, out);
        }
        if !seen {
            out.hidden.push(id);
        }
        return;
    }
    for part in &parts {
        if let Some(fill) = fill {
            seen |= harvest_fill(part, fill.color, fill.alpha, stroke.is_some(), path, id, clip, areas, params, out);
        }
        if let Some(stroke) = stroke {
            seen |= harvest_stroke(part, stroke.color, fill.is_some(), path, id, clip, areas, params, out);
        }
    }
    if !seen {
        out.hidden.push(id);
    }
}

/// A frame filled between an outer and an inner box: its four sides.
fn frame_to_sides(outer: &Subpath, inner: &Subpath, params: &LayoutParams) -> Option<[Rect; 4]> {
    let (a, b) = (boxy(outer)?, boxy(inner)?);
    let (o, i) = if a.contains_rect(&b, 0.01) { (a, b) } else { (b, a) };
    let margins = [i.x0 - o.x0, i.y0 - o.y0, o.x1 - i.x1, o.y1 - i.y1];
    (margins.iter().all(|m| (0.0..=params.thin).contains(m)) && i.width() > params.thin && i.height() > params.thin).then_some([
        Rect { y1: i.y0, ..o },
        Rect { y0: i.y1, ..o },
        Rect { x1: i.x0, ..o },
        Rect { x0: i.x1, ..o },
    ])
}

/// The box of a subpath whose corners are the corners of its box.
fn boxy(part: &Subpath) -> Option<Rect> {
    let b = Rect::of_points(part.points.iter().copied());
    let slack = 0.3_f64.min(b.width().min(b.height()) / 4.0).max(0.01);
    let near = |v: f64, a: f64, c: f64| (v - a).abs() <= slack || (v - c).abs() <= slack;
    let corners = (4..=6).contains(&part.points.len());
    let straight = !part.curved.iter().any(|&c| c);
    (corners && straight && part.points.iter().all(|p| near(p.x, b.x0, b.x1) && near(p.y, b.y0, b.y1))).then_some(b)
}

#[allow(clippy::too_many_arguments)]
fn harvest_fill(
    part: &Subpath,
    color: Color,
    alpha: f32,
    stroked: bool,
    path: &PathObject,
    id: PathId,
    clip: Rect,
    areas: &Areas,
    params: &LayoutParams,
    out: &mut Harvest,
) -> bool {
    let whole = Rect::of_points(part.points.iter().copied());
    let b = whole.intersection(clip);
    if b.is_empty() || part.points.len() < 2 {
        return false;
    }
    let (thin, long) = (b.width().min(b.height()), b.width().max(b.height()));
    let tip = is_tip(part, whole);
    if thin <= params.thin && (long <= 5.0 || long >= 3.0 * thin) && !tip {
        return push_thin(b, color, path, id, areas, params, out);
    }
    let is_box = boxy(part).is_some();
    let rounded = !is_box && is_rounded_box(part, whole);
    if is_box || rounded {
        if thin > params.thin {
            if alpha >= 0.1 {
                out.shades.push(Shade { bbox: b, color, path: id, seq: path.seq, stroked });
            }
        } else {
            return push_thin(b, color, path, id, areas, params, out);
        }
        return true;
    }
    out.polygons.push(Polygon { points: part.points.as_slice().into(), closed: true, paths: smallvec![id], seq: path.seq, filled: true });
    true
}

/// A straight-sided triangle or chevron: the head of a small line arrow (2.5 pt in A4 prints), not a dot of a dotted rule.
fn is_tip(part: &Subpath, b: Rect) -> bool {
    let slanted = |w: &[Point]| matches!(w, [p, q] if (p.x - q.x).abs() > 0.4 * b.width() && (p.y - q.y).abs() > 0.3 * b.height());
    (3..=5).contains(&part.points.len())
        && !part.curved.iter().any(|&c| c)
        && b.width().max(b.height()) < 3.0 * b.width().min(b.height())
        && part.points.windows(2).filter(|w| slanted(w)).count() >= 2
}

fn is_rounded_box(part: &Subpath, b: Rect) -> bool {
    // Every straight piece lies on a side of the box, every curve in a corner.
    part.curved.iter().any(|&c| c)
        && part.points.windows(2).zip(part.curved.iter().skip(1)).all(|(w, &curved)| {
            let [p, q] = w else { return false };
            let on = |a: f64, c: f64, lo: f64, hi: f64| (a - c).abs() < 0.3 && ((a - lo).abs() < 0.3 || (a - hi).abs() < 0.3);
            if curved {
                (p.x - q.x).abs() <= b.width() / 2.0 + 0.1 && (p.y - q.y).abs() <= b.height() / 2.0 + 0.1
            } else {
                on(p.x, q.x, b.x0, b.x1) || on(p.y, q.y, b.y0, b.y1)
            }
        })
}

/// Files a thin filled box: a ruling, a mark of a chain, or nothing to see.
fn push_thin(b: Rect, color: Color, path: &PathObject, id: PathId, areas: &Areas, params: &LayoutParams, out: &mut Harvest) -> bool {
    if b.is_empty() || invisible(color, &b, path.seq, areas, params) {
        return false;
    }
    if let Some(mut raw) = thin_to_raw(b, RulingStyle::Solid, id, path.seq, params) {
        raw.fill = Some(color);
        // Short dashes may be parts of a chain; longer ones stand for themselves.
        if raw.end - raw.start <= 12.0 {
            out.marks.push(raw);
        } else {
            out.raws.push(raw);
        }
    } else if b.width().max(b.height()) <= 5.0 {
        let horizontal = b.width() >= b.height();
        let c = b.center();
        let (pos, start, end) = if horizontal { (c.y, b.x0, b.x1) } else { (c.x, b.y0, b.y1) };
        let thickness = b.width().min(b.height());
        out.marks.push(Raw {
            horizontal,
            pos,
            start,
            end,
            thickness,
            style: RulingStyle::Dotted,
            path: id,
            boxed: None,
            seq: path.seq,
            fill: Some(color),
        });
    } else {
        // A stub: too short for a ruling, too long for a dot.
        out.drawings.push(id);
    }
    true
}

/// A box that is thin and long enough is a ruling along its center.
fn thin_to_raw(b: Rect, style: RulingStyle, path: PathId, seq: u32, params: &LayoutParams) -> Option<Raw> {
    if b.is_empty() {
        return None;
    }
    let (w, h) = (b.width(), b.height());
    let (thin, long) = (w.min(h), w.max(h));
    (thin <= params.thin && long >= 3.0 * thin && long > 3.5).then(|| {
        let c = b.center();
        let horizontal = w >= h;
        let (pos, start, end) = if horizontal { (c.y, b.x0, b.x1) } else { (c.x, b.y0, b.y1) };
        Raw { horizontal, pos, start, end, thickness: thin, style, path, boxed: None, seq, fill: None }
    })
}

/// White on white (or gray on the same gray) is no ruling: nothing differs at three places along its box.
fn invisible(color: Color, b: &Rect, seq: u32, areas: &Areas, params: &LayoutParams) -> bool {
    [0.21, 0.47, 0.83].iter().all(|k| {
        let p = Point { x: b.x0 + k * b.width(), y: b.y0 + k * b.height() };
        areas.swallow(color, p, seq, params.same_color)
    })
}

#[allow(clippy::too_many_arguments)]
fn harvest_stroke(
    part: &Subpath,
    color: Color,
    filled: bool,
    path: &PathObject,
    id: PathId,
    clip: Rect,
    areas: &Areas,
    params: &LayoutParams,
    out: &mut Harvest,
) -> bool {
    let points = &part.points;
    let ends = points.first().copied().zip(points.last().copied());
    // The piece that closes the outline, where it was not drawn.
    let back = ends.filter(|&(a, b)| part.closed && points.len() > 2 && (a - b).length() > 0.05).map(|(a, b)| (b, a, false));
    let closed = part.closed || points.len() > 3 && ends.is_some_and(|(a, b)| (a - b).length() < 0.3);
    let mut pieces: SmallVec<[(Point, Point, bool); BOX_POINTS]> = SmallVec::new();
    pieces.extend(points.iter().zip(points.iter().zip(&part.curved).skip(1)).map(|(&p, (&q, &c))| (p, q, c)).chain(back));
    let slanted = pieces.iter().any(|&(p, q, c)| !c && (q - p).length() > 1.0 && axis_of(p, q).is_none());
    let has_curves = pieces.iter().any(|p| p.2);
    let rounded = has_curves && !slanted && pieces.iter().all(|&(p, q, c)| !c || (q.x - p.x).abs() <= 12.0 && (q.y - p.y).abs() <= 12.0);
    let bbox = Rect::of_points(points.iter().copied());
    if slanted || has_curves && !rounded {
        // A curve that is no rounded corner makes the whole outline a drawing; so does a slant.
        if has_curves {
            out.drawings.push(id);
        } else {
            let points = points.iter().copied().chain(back.map(|b| b.1)).collect();
            out.polygons.push(Polygon { points, closed, paths: smallvec![id], seq: path.seq, filled });
        }
        return !bbox.intersection(clip).is_empty();
    }
    let style = if path.dash.lengths.iter().any(|&d| d > 0.0) { RulingStyle::Dashed } else { RulingStyle::Solid };
    let group = out.boxes.len() as u32;
    let is_box = closed && !has_curves && boxy(part).is_some() && bbox.width() > params.thin && bbox.height() > params.thin;
    let first = out.raws.len() as u32;
    let mut seen = false;
    for (i, &(p, q, is_curve)) in pieces.iter().enumerate() {
        if is_curve {
            continue;
        }
        let Some(horizontal) = axis_of(p, q) else { continue };
        let before = i.checked_sub(1).or(closed.then_some(pieces.len() - 1)).and_then(|k| corner_before(&pieces, k, closed));
        let after = corner_after(&pieces, i + 1, closed);
        let (mut start, mut end, pos) = if horizontal { (p.x, q.x, (p.y + q.y) / 2.0) } else { (p.y, q.y, (p.x + q.x) / 2.0) };
        // Rounded corners: the straight sides go on to the corner point.
        if let Some(c) = before {
            start = if horizontal { c.x } else { c.y };
        }
        if let Some(c) = after {
            end = if horizontal { c.x } else { c.y };
        }
        let (lo, hi) = if horizontal { (clip.x0, clip.x1) } else { (clip.y0, clip.y1) };
        let across = if horizontal { (clip.y0, clip.y1) } else { (clip.x0, clip.x1) };
        let (start, end) = (start.min(end).max(lo), start.max(end).min(hi));
        if end < start || pos < across.0 || pos > across.1 {
            continue;
        }
        let mid = (start + end) / 2.0;
        let center = if horizontal { Point { x: mid, y: pos } } else { Point { x: pos, y: mid } };
        let along = center_to_box(center, horizontal, end - start, 0.0);
        if invisible(color, &along, path.seq, areas, params) {
            continue;
        }
        seen = true;
        // A stroke as thick as a bar: its box is what is seen.
        let raw = Raw {
            horizontal,
            pos,
            start,
            end,
            thickness: path.line_width,
            style,
            path: id,
            boxed: is_box.then_some(group),
            seq: path.seq,
            fill: None,
        };
        if end - start <= 5.0 && !is_box && !has_curves {
            out.marks.push(raw);
        } else if path.line_width > 2.0 * params.thin && path.line_width >= (end - start) / 3.0 {
            let b = center_to_box(center, horizontal, end - start, path.line_width);
            out.shades.push(Shade { bbox: b, color, path: id, seq: path.seq, stroked: false });
        } else {
            out.raws.push(raw);
        }
    }
    if is_box && seen {
        out.boxes.push(Boxed { bbox, path: id, seq: path.seq, filled });
    }
    if !closed && out.raws.len() as u32 >= first + 2 {
        out.polylines.push((first..out.raws.len() as u32).collect());
    }
    seen
}

fn center_to_box(c: Point, horizontal: bool, length: f64, thickness: f64) -> Rect {
    let (w, h) = if horizontal { (length, thickness) } else { (thickness, length) };
    Rect::new(c.x - w / 2.0, c.y - h / 2.0, c.x + w / 2.0, c.y + h / 2.0)
}

/// The corner point of the curves that end where piece `k + 1` starts, if the piece before them runs across.
fn corner_before(pieces: &[(Point, Point, bool)], k: usize, closed: bool) -> Option<Point> {
    let mut k = k;
    let next = pieces.get(if k + 1 == pieces.len() { 0 } else { k + 1 })?;
    pieces.get(k).filter(|p| p.2)?;
    for _ in 0..4 {
        let p = pieces.get(k)?;
        if !p.2 {
            return corner(p, next);
        }
        k = k.checked_sub(1).or(closed.then_some(pieces.len() - 1))?;
    }
    None
}

fn corner_after(pieces: &[(Point, Point, bool)], k: usize, closed: bool) -> Option<Point> {
    let prev = pieces.get(k.checked_sub(1)?)?;
    let mut k = if k == pieces.len() && closed { 0 } else { k };
    pieces.get(k).filter(|p| p.2)?;
    for _ in 0..4 {
        let p = pieces.get(k)?;
        if !p.2 {
            return corner(p, prev);
        }
        k += 1;
        if k == pieces.len() && closed {
            k = 0;
        }
    }
    None
}

/// Where a horizontal and a vertical piece would meet.
fn corner(a: &(Point, Point, bool), b: &(Point, Point, bool)) -> Option<Point> {
    match (axis_of(a.0, a.1)?, axis_of(b.0, b.1)?) {
        (true, false) => Some(Point { x: b.0.x, y: a.0.y }),
        (false, true) => Some(Point { x: a.0.x, y: b.0.y }),
        _ => None,
    }
}

/// Horizontal (`true`), vertical, or neither. Minor deviation up to 0.6 pt or 0.4 % of the length.
pub(crate) fn axis_of(p: Point, q: Point) -> Option<bool> {
    let (dx, dy) = ((q.x - p.x).abs(), (q.y - p.y).abs());
    let slack = 0.6_f64.max(0.004 * dx.max(dy));
    if dx >= dy && dy <= slack {
        Some(true)
    } else if dx < dy && dx <= slack {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(points: &[(f64, f64)], curved: bool, expected: bool) {
        let points: Vec<Point> = points.iter().map(|&(x, y)| Point { x, y }).collect();
        let part = Subpath { curved: SmallVec::from_elem(curved, points.len()), points: points.clone().into(), closed: true };
        assert_eq!(is_tip(&part, Rect::of_points(points)), expected, "{part:?}");
    }

    #[test]
    fn a_small_triangle_is_a_head_and_a_dot_is_not() {
        check(&[(0.0, 0.0), (2.5, 1.4), (0.0, 2.8), (0.0, 0.0)], false, true);
        check(&[(2.5, 0.0), (0.0, 1.4), (2.5, 2.8)], false, true);
        check(&[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)], false, false);
        check(&[(0.0, 1.0), (1.0, 0.0), (2.0, 1.0), (1.0, 2.0), (0.0, 1.0)], true, false);
    }
}
