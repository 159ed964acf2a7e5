//! What a reader of the page can't see, and what was drawn twice.

use crate::frame::Placed;
use crate::{GlyphOwner, LayoutParams};
use jisseki_model::{Color, Glyph, Hidden, Page, PathObject, Point, Rect, Segment};

/// An opaque area: a fill or an image.
pub(crate) struct Area {
    pub(crate) seq: u32,
    pub(crate) bbox: Rect,
    /// The outlines of its parts, unless it is the box itself.
    outline: Option<Vec<Vec<Point>>>,
    /// None for an image: its colors are not known.
    pub(crate) color: Option<Color>,
}

impl Area {
    fn covers(&self, p: Point) -> bool {
        self.bbox.contains(p) && self.outline.as_ref().is_none_or(|o| o.iter().filter(|ring| inside(ring, p)).count() % 2 == 1)
    }
}

/// The opaque areas of a page by paint order, with an index by height on the page.
pub(crate) struct Areas {
    areas: Vec<Area>,
    bands: Vec<Vec<u32>>,
    band: f64,
    /// Paint order of the last one.
    last: u32,
}

impl Areas {
    /// Collects the fills and images that are large enough to lie below or above a glyph.
    pub(crate) fn of_page(page: &Page) -> Areas {
        let sheet = Rect::new(0.0, 0.0, page.width, page.height);
        let mut areas: Vec<Area> = page.paths.iter().filter_map(|p| path_to_area(p, sheet)).collect();
        areas.extend(page.images.iter().filter(|i| !i.mask && i.hidden.is_none()).filter_map(|i| {
            let bbox = Rect::of_points(i.quad).intersection(i.clip).intersection(sheet);
            (bbox.width() > 3.0 && bbox.height() > 3.0).then_some(Area { seq: i.seq, bbox, outline: None, color: None })
        }));
        areas.sort_by_key(|a| a.seq);
        let band = (page.height / 64.0).max(1.0);
        let mut bands = vec![Vec::new(); 65];
        for (i, a) in areas.iter().enumerate() {
            for b in bands.iter_mut().take(band_of(a.bbox.y1, band) + 1).skip(band_of(a.bbox.y0, band)) {
                b.push(i as u32);
            }
        }
        Areas { last: areas.last().map_or(0, |a| a.seq), areas, bands, band }
    }

    /// The areas that may lie at a height, the last painted first.
    fn at(&self, y: f64) -> impl Iterator<Item = &Area> {
        let band: &[u32] = self.bands.get(band_of(y, self.band)).map_or(&[], Vec::as_slice);
        band.iter().rev().filter_map(|&i| self.areas.get(i as usize))
    }

    /// The color below a point for what is painted as `seq`: white paper where nothing lies, None on an image.
    pub(crate) fn color_below(&self, p: Point, seq: u32) -> Option<Color> {
        self.at(p.y).find(|a| a.seq < seq && a.covers(p)).map_or(Some(Color::WHITE), |a| a.color)
    }

    /// Tells whether any later area's box holds the point.
    fn any_above(&self, p: Point, seq: u32) -> bool {
        self.last > seq && self.at(p.y).take_while(|a| a.seq > seq).any(|a| a.bbox.contains(p))
    }

    /// Tells whether one later area covers every point.
    fn covers_above(&self, points: &[Point], seq: u32) -> bool {
        points.first().is_some_and(|p| self.at(p.y).take_while(|a| a.seq > seq).any(|a| points.iter().all(|&p| a.covers(p))))
    }
}

fn band_of(y: f64, band: f64) -> usize {
    ((y / band).max(0.0) as usize).min(64)
}

fn path_to_area(path: &PathObject, sheet: Rect) -> Option<Area> {
    let fill = path.fill.filter(|f| f.alpha >= 0.99 && path.hidden.is_none())?;
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
    Some(Area { seq: path.seq, bbox, outline: (!boxy).then_some(rings), color: Some(fill.color) })
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

/// What [`page_to_visibility`] found.
pub(crate) struct Visibility {
    /// The owner of each glyph that is not to be read: hidden or a duplicate.
    pub(crate) owners: Vec<Option<GlyphOwner>>,
    /// The page is an image with a hidden text layer, which is read.
    pub(crate) ocr_layer: bool,
    /// An image covers most of the page.
    pub(crate) scanned: bool,
}

/// Finds the glyphs that can't be seen and those drawn twice (design: layout.md §2).
pub(crate) fn page_to_visibility(placed: &Placed<'_>, areas: &Areas, params: &LayoutParams) -> Visibility {
    let page = placed.page;
    let sheet = Rect::new(0.0, 0.0, page.width, page.height);
    let scanned = page.images.iter().filter(|i| i.hidden.is_none()).any(|i| {
        let b = Rect::of_points(i.quad).intersection(sheet);
        !b.is_empty() && b.width() * b.height() >= 0.8 * page.width * page.height
    });
    let mut hidden: Vec<Option<Hidden>> =
        page.glyphs.iter().zip(&placed.boxes).map(|(g, b)| glyph_to_hidden(g, b, areas, sheet, params)).collect();
    // An image over everything with a text layer that nobody sees: the layer is what an OCR program left.
    let layer = |h: &Option<Hidden>| matches!(h, Some(Hidden::RenderMode | Hidden::Occluded));
    let inked = || placed.marks.iter().zip(&hidden).filter(|(m, _)| !m.blank).map(|p| p.1);
    let n_layer = if scanned { inked().filter(|h| layer(h)).count() } else { 0 };
    let ocr_layer = n_layer > 0 && inked().filter(|h| h.is_none()).count() * 20 <= n_layer;
    if ocr_layer {
        hidden.iter_mut().filter(|h| layer(h)).for_each(|h| *h = None);
    }
    let mut owners: Vec<Option<GlyphOwner>> = hidden.into_iter().map(|h| h.map(GlyphOwner::Hidden)).collect();
    mark_duplicates(placed, &mut owners, params);
    Visibility { owners, ocr_layer, scanned }
}

fn glyph_to_hidden(g: &Glyph, bbox: &Rect, areas: &Areas, sheet: Rect, params: &LayoutParams) -> Option<Hidden> {
    if g.hidden.is_some() {
        return g.hidden;
    }
    if matches!(g.render_mode, 3 | 7) {
        return Some(Hidden::RenderMode);
    }
    if g.fill.alpha <= 0.0 {
        return Some(Hidden::Transparent);
    }
    let center = bbox.center();
    if !(center.x.is_finite() && center.y.is_finite() && g.clip.contains(center) && sheet.contains(center)) {
        return Some(Hidden::Clipped);
    }
    if !areas.any_above(center, g.seq) {
        return below_matches(g, center, areas, params).then_some(Hidden::SameColor);
    }
    // The inner part is enough: fills are often a hair smaller than the advance boxes.
    let (dx, dy) = (bbox.width() * 0.35, bbox.height() * 0.35);
    let core = [
        center,
        Point { x: center.x - dx, y: center.y - dy },
        Point { x: center.x + dx, y: center.y - dy },
        Point { x: center.x - dx, y: center.y + dy },
        Point { x: center.x + dx, y: center.y + dy },
    ];
    if areas.covers_above(&core, g.seq) {
        return Some(Hidden::Occluded);
    }
    below_matches(g, center, areas, params).then_some(Hidden::SameColor)
}

/// The glyph has the color of what it stands on.
fn below_matches(g: &Glyph, center: Point, areas: &Areas, params: &LayoutParams) -> bool {
    g.render_mode != 2 && areas.color_below(center, g.seq).is_some_and(|c| same_color(c, g.fill.color, params.same_color))
}

/// Marks glyphs drawn again at (nearly) the same place: fake bold, shadows, redrawn pages.
///
/// A hash of the place and the text's end, with chains in one array, keeps this linear and cheap.
fn mark_duplicates(placed: &Placed<'_>, owners: &mut [Option<GlyphOwner>], params: &LayoutParams) {
    let page = placed.page;
    let n = page.glyphs.len();
    let mut places = Places::new(n);
    // (glyph, its original, offset in ems) for pairs that are near, but too far to decide alone.
    let mut candidates: Vec<(u32, u32, f64, f64)> = Vec::new();
    for (i, g) in page.glyphs.iter().enumerate() {
        if owners.get(i).is_none_or(Option::is_some) || g.size <= 0.0 || !placed.inked(i as u32) {
            continue;
        }
        let em = g.size;
        let reach = params.duplicate_run * em;
        let mut found: Option<(f64, u32, f64, f64)> = None;
        let sign = text_sign(&g.text);
        places.near(g.origin, reach, sign, |j| {
            let Some(a) = page.glyphs.get(j as usize) else { return };
            let d = g.origin - a.origin;
            if d.x.abs() > reach || d.y.abs() > reach || a.text != g.text || (a.size - em).abs() > 0.02 * em {
                return;
            }
            let distance = d.length() / em;
            let twin = distance <= params.duplicate_run && (distance < 1e-6 || d.length() < 0.4 * a.advance.length());
            if twin && found.is_none_or(|f| distance < f.0) {
                found = Some((distance, j, d.x / em, d.y / em));
            }
        });
        match found {
            Some((distance, j, _, _)) if distance <= params.duplicate => {
                if let Some(o) = owners.get_mut(i) {
                    *o = Some(GlyphOwner::Duplicate { of: j });
                }
                continue;
            }
            Some((_, j, dx, dy)) => candidates.push((i as u32, j, dx, dy)),
            None => {}
        }
        places.insert(g.origin, sign, i as u32);
    }
    // A shadow shifts whole runs: at least two glyphs in a row share the offset.
    for (k, &(i, of, dx, dy)) in candidates.iter().enumerate() {
        let like = |o: Option<&(u32, u32, f64, f64)>| {
            o.is_some_and(|&(n, _, x, y)| n.abs_diff(i) == 1 && (x - dx).abs() < 0.02 && (y - dy).abs() < 0.02)
        };
        let in_a_row = like(candidates.get(k + 1)) || k.checked_sub(1).is_some_and(|p| like(candidates.get(p)));
        if let (true, Some(o)) = (in_a_row, owners.get_mut(i as usize)) {
            *o = Some(GlyphOwner::Duplicate { of });
        }
    }
}

/// The last byte and the length of a text: enough to tell most characters apart.
fn text_sign(text: &str) -> u64 {
    text.as_bytes().last().map_or(0, |&b| (text.len() as u64) << 8 | u64::from(b))
}

/// Glyphs by place and text: squares of [`Places::SIDE`] points, hashed.
struct Places {
    heads: Vec<u32>,
    next: Vec<u32>,
    mask: u64,
}

impl Places {
    const SIDE: f64 = 24.0;

    fn new(n: usize) -> Places {
        let size = n.next_power_of_two().max(16);
        Places { heads: vec![u32::MAX; size], next: vec![u32::MAX; n], mask: size as u64 - 1 }
    }

    fn slot(&self, x: i64, y: i64, sign: u64) -> usize {
        let place = (x as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (y as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        let h = place ^ sign.wrapping_mul(0x1656_67B1_9E37_79F9);
        ((h >> 29) & self.mask) as usize
    }

    fn square(v: f64) -> i64 {
        // Coordinates beyond the shift share squares with others, which costs time and nothing else.
        ((v + 1e6) * (1.0 / Places::SIDE)) as i64
    }

    fn insert(&mut self, p: Point, sign: u64, i: u32) {
        let slot = self.slot(Places::square(p.x), Places::square(p.y), sign);
        if let (Some(head), Some(next)) = (self.heads.get_mut(slot), self.next.get_mut(i as usize)) {
            *next = *head;
            *head = i;
        }
    }

    /// Visits all glyphs of one text in the squares that a reach around `p` touches, and maybe others.
    fn near(&self, p: Point, reach: f64, sign: u64, mut visit: impl FnMut(u32)) {
        let (x0, x1) = (Places::square(p.x - reach), Places::square(p.x + reach));
        let (y0, y1) = (Places::square(p.y - reach), Places::square(p.y + reach));
        for x in x0..=x1.min(x0.saturating_add(64)) {
            for y in y0..=y1.min(y0.saturating_add(64)) {
                let mut at = self.heads.get(self.slot(x, y, sign)).copied().unwrap_or(u32::MAX);
                while at != u32::MAX {
                    visit(at);
                    at = self.next.get(at as usize).copied().unwrap_or(u32::MAX);
                }
            }
        }
    }
}
