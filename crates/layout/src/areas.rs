//! Fills and images, and what lies below or above a point.

use jisseki_model::{Color, Page, PathObject, Point, Rect, Segment};

/// What an area is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ground {
    Fill(Color),
    /// An opaque image: its colors are not known.
    Image,
    /// A masked image or a translucent paint: what lies below shows through in part.
    Veil,
}

/// A fill or an image.
struct Area {
    seq: u32,
    bbox: Rect,
    /// The outlines of its parts, unless it is the box itself.
    outline: Option<Vec<Vec<Point>>>,
    ground: Ground,
}

/// What lies above a glyph and covers it whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cover {
    Fill,
    Image,
}

impl Area {
    fn covers(&self, p: Point) -> bool {
        self.bbox.contains(p) && self.outline.as_ref().is_none_or(|o| o.iter().filter(|ring| inside(ring, p)).count() % 2 == 1)
    }
}

/// More colors than this are a picture.
const COLORS: usize = 12;

/// The areas of a page by paint order, with an index by height on the page.
pub(crate) struct Areas {
    areas: Vec<Area>,
    bands: Vec<Vec<u32>>,
    band: f64,
    /// Paint order of the last one.
    last: u32,
    /// The colors of the fills and of paper, each once; none where they are too many to ask first.
    colors: Vec<Color>,
}

impl Areas {
    /// Collects the fills and images that are large enough to lie below or above a glyph.
    pub(crate) fn of_page(page: &Page) -> Areas {
        let sheet = Rect::new(0.0, 0.0, page.width, page.height);
        let mut areas: Vec<Area> = page.paths.iter().filter_map(|p| path_to_area(p, sheet)).collect();
        areas.extend(page.images.iter().filter(|i| i.hidden.is_none()).filter_map(|i| {
            let bbox = Rect::of_points(i.quad).intersection(i.clip).intersection(sheet);
            let ground = if i.mask { Ground::Veil } else { Ground::Image };
            (bbox.width() > 3.0 && bbox.height() > 3.0).then_some(Area { seq: i.seq, bbox, outline: None, ground })
        }));
        areas.sort_by_key(|a| a.seq);
        let band = (page.height / 64.0).max(1.0);
        let mut bands = vec![Vec::new(); 65];
        for (i, a) in areas.iter().enumerate() {
            for b in bands.iter_mut().take(band_of(a.bbox.y1, band) + 1).skip(band_of(a.bbox.y0, band)) {
                b.push(i as u32);
            }
        }
        let mut colors = vec![Color::WHITE];
        for a in &areas {
            if let Ground::Fill(c) = a.ground
                && !colors.contains(&c)
            {
                colors.push(c);
                if colors.len() > COLORS {
                    colors.clear();
                    break;
                }
            }
        }
        Areas { last: areas.last().map_or(0, |a| a.seq), areas, bands, band, colors }
    }

    /// The areas that may lie at a height, the last painted first.
    fn at(&self, y: f64) -> impl Iterator<Item = &Area> {
        let band: &[u32] = self.bands.get(band_of(y, self.band)).map_or(&[], Vec::as_slice);
        band.iter().rev().filter_map(|&i| self.areas.get(i as usize))
    }

    /// The color below a point for what is painted as `seq`: white paper where nothing lies, None on an image. Veils are looked through.
    pub(crate) fn color_below(&self, p: Point, seq: u32) -> Option<Color> {
        match self.at(p.y).find(|a| a.seq < seq && a.ground != Ground::Veil && a.covers(p)).map(|a| a.ground) {
            None => Some(Color::WHITE),
            Some(Ground::Fill(color)) => Some(color),
            Some(Ground::Image | Ground::Veil) => None,
        }
    }

    /// Tells whether a color looks like that of any fill or of paper: it could be swallowed somewhere.
    pub(crate) fn any_like(&self, color: Color, limit: f32) -> bool {
        self.colors.is_empty() || self.colors.iter().any(|&c| same_color(c, color, limit))
    }

    /// Tells whether a color painted as `seq` looks like what lies below it. On a veil nobody knows: it counts as seen.
    pub(crate) fn swallow(&self, color: Color, p: Point, seq: u32, limit: f32) -> bool {
        self.any_like(color, limit)
            && self.color_below(p, seq).is_some_and(|below| same_color(below, color, limit))
            && self.at(p.y).find(|a| a.seq < seq && a.covers(p)).is_none_or(|a| a.ground != Ground::Veil)
    }

    /// Tells whether any later area's box meets a stretch of one height.
    pub(crate) fn any_above(&self, stretch: &Rect, seq: u32) -> bool {
        let meets = |a: &Area| a.ground != Ground::Veil && !a.bbox.intersection(*stretch).is_empty();
        self.last > seq && self.at(stretch.y0).take_while(|a| a.seq > seq).any(meets)
    }

    /// What later area covers every point: a fill before an image.
    pub(crate) fn cover_above(&self, points: &[Point], seq: u32) -> Option<Cover> {
        let mut cover = None;
        for a in self.at(points.first()?.y).take_while(|a| a.seq > seq).filter(|a| points.iter().all(|&p| a.covers(p))) {
            match a.ground {
                Ground::Fill(_) => return Some(Cover::Fill),
                Ground::Image => cover = Some(Cover::Image),
                Ground::Veil => {}
            }
        }
        cover
    }
}

fn band_of(y: f64, band: f64) -> usize {
    usize::from((y / band) as u8).min(64)
}

fn path_to_area(path: &PathObject, sheet: Rect) -> Option<Area> {
    let fill = path.fill.filter(|f| f.alpha > 0.0 && path.hidden.is_none())?;
    let ground = if fill.alpha >= 0.99 { Ground::Fill(fill.color) } else { Ground::Veil };
    let whole = path.bbox();
    let bbox = whole.intersection(path.clip).intersection(sheet);
    if bbox.is_empty() || bbox.width() <= 3.0 || bbox.height() <= 3.0 {
        return None;
    }
    let mut rings: Vec<Vec<Point>> = Vec::new();
    for s in &path.segments {
        match *s {
            Segment::Move(p) => rings.push(vec![p]),
            Segment::Line(p) | Segment::Curve(_, _, p) => match rings.last_mut() {
                Some(r) => r.push(p),
                None => rings.push(vec![p]),
            },
            Segment::Close => {}
        }
    }
    // Rulings drawn together in one path lie behind nothing.
    rings.retain(|r| {
        let b = Rect::of_points(r.iter().copied());
        b.width() > 3.0 && b.height() > 3.0
    });
    let boxy = match rings.as_slice() {
        [] => return None,
        [ring] => ring.len() <= 5 && ring.iter().all(|p| near_side(p.x, whole.x0, whole.x1) && near_side(p.y, whole.y0, whole.y1)),
        _ => false,
    };
    Some(Area { seq: path.seq, bbox, outline: (!boxy).then_some(rings), ground })
}

fn near_side(v: f64, a: f64, b: f64) -> bool {
    (v - a).abs() < 0.1 || (v - b).abs() < 0.1
}

/// Even-odd test.
fn inside(outline: &[Point], p: Point) -> bool {
    let mut odd = false;
    for (i, a) in outline.iter().enumerate() {
        let Some(b) = outline.get(if i + 1 == outline.len() { 0 } else { i + 1 }) else { continue };
        if (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x {
            odd = !odd;
        }
    }
    odd
}

/// Tells whether two colors look the same.
pub(crate) fn same_color(a: Color, b: Color, limit: f32) -> bool {
    (a.r - b.r).abs() < limit && (a.g - b.g).abs() < limit && (a.b - b.b).abs() < limit
}
