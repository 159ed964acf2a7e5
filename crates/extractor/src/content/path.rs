//! Path construction and painting, clips (ISO 32000-2 §8.5).

use super::Interpreter;
use super::color::MID_GRAY;
use jisseki_model::{Dash, Hidden, Paint, PathObject, Point, Rect, Segment};

/// Shadings no thicker than this (points) lie behind no text: strips of a blend, or lines.
const THIN_SHADING: f64 = 3.0;
/// Opacity by which a shading's box is told from a fill: too thin to border anything.
const SHADING_ALPHA: f32 = 0.05;

/// The path under construction, already in page space: a later `cm` doesn't move it.
#[derive(Debug, Default)]
pub(super) struct PathBuilder {
    segments: Vec<Segment>,
    /// Current point and start of the subpath, user space.
    current: (f64, f64),
    start: (f64, f64),
    bbox: Option<Rect>,
    /// `W` or `W*` waits for the painting operator.
    clips: bool,
    /// A coordinate is beyond the limit.
    broken: bool,
}

impl PathBuilder {
    /// The box of all points; none for a path that can't be drawn.
    pub(super) fn bbox(&self) -> Option<Rect> {
        self.bbox.filter(|_| !self.broken)
    }
}

/// How a painting operator paints.
#[derive(Debug, Clone, Copy)]
pub(super) struct Painting {
    pub(super) fill: bool,
    pub(super) stroke: bool,
    pub(super) close: bool,
}

impl Interpreter<'_, '_, '_> {
    #[inline]
    fn page_point(&mut self, x: f64, y: f64) -> Point {
        let p = self.state.ctm.apply(x, y);
        // Written so that NaN is beyond the limit too.
        if !(p.x.abs() <= self.limits.coordinate && p.y.abs() <= self.limits.coordinate) {
            self.path.broken = true;
        }
        let here = Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y };
        self.path.bbox = Some(self.path.bbox.map_or(here, |b| b.union(here)));
        p
    }
    #[inline]
    fn segment(&mut self, segment: Segment) {
        // A path of more segments than a page may have paths is no drawing that can be read.
        if self.path.segments.len() < self.limits.page_paths {
            self.path.segments.push(segment);
        } else {
            self.path.broken = true;
        }
    }
    pub(super) fn move_to(&mut self, x: f64, y: f64) {
        let p = self.page_point(x, y);
        (self.path.current, self.path.start) = ((x, y), (x, y));
        // Of several moves in a row only the last one counts.
        if let Some(last @ Segment::Move(_)) = self.path.segments.last_mut() {
            *last = Segment::Move(p);
        } else {
            self.segment(Segment::Move(p));
        }
    }
    pub(super) fn line_to(&mut self, x: f64, y: f64) {
        if self.path.segments.is_empty() {
            return self.move_to(x, y);
        }
        let p = self.page_point(x, y);
        self.path.current = (x, y);
        self.segment(Segment::Line(p));
    }
    pub(super) fn curve_to(&mut self, [x1, y1, x2, y2, x3, y3]: [f64; 6]) {
        if self.path.segments.is_empty() {
            self.move_to(x1, y1);
        }
        let (a, b, c) = (self.page_point(x1, y1), self.page_point(x2, y2), self.page_point(x3, y3));
        self.path.current = (x3, y3);
        self.segment(Segment::Curve(a, b, c));
    }
    /// `v`: the first control point is the current point.
    pub(super) fn curve_from_current(&mut self, [x2, y2, x3, y3]: [f64; 4]) {
        let (x, y) = self.path.current;
        self.curve_to([x, y, x2, y2, x3, y3]);
    }
    pub(super) fn close_path(&mut self) {
        if !self.path.segments.is_empty() {
            self.path.current = self.path.start;
            self.segment(Segment::Close);
        }
    }
    pub(super) fn rectangle(&mut self, [x, y, w, h]: [f64; 4]) {
        self.move_to(x, y);
        self.line_to(x + w, y);
        self.line_to(x + w, y + h);
        self.line_to(x, y + h);
        self.close_path();
    }
    pub(super) fn clip_later(&mut self) {
        self.path.clips = true;
    }
    /// Paints the path, then narrows the clip where `W` asked for it (§8.5.4: after painting), and begins anew.
    pub(super) fn paint_path(&mut self, painting: Painting) {
        if painting.close {
            self.close_path();
        }
        if (painting.fill || painting.stroke) && !self.path.segments.is_empty() {
            self.emit_path(painting);
            if let (true, Some(pattern)) = (painting.fill, self.state.fill_pattern) {
                self.fill_with_pattern(pattern);
            }
        }
        if self.path.clips {
            let bbox = self.path.bbox.unwrap_or(Rect { x0: 0.0, y0: 0.0, x1: 0.0, y1: 0.0 });
            self.state.clip = self.state.clip.intersection(bbox);
        }
        self.path.segments.clear();
        (self.path.bbox, self.path.clips, self.path.broken) = (None, false, false);
    }
    fn emit_path(&mut self, painting: Painting) {
        if self.path.broken {
            self.tally.far += 1;
            return;
        }
        if self.page.paths.len() >= self.limits.page_paths {
            self.tally.paths_cut += 1;
            return;
        }
        let scale = self.ctm_scale();
        let state = &self.state;
        let paint = if painting.fill { state.fill } else { state.stroke };
        let outside = self.path.bbox.is_some_and(|b| b.grown(state.line_width * scale).intersection(state.clip).is_empty());
        let hidden = match () {
            () if self.marked.is_off() => Some(Hidden::OptionalContent),
            () if paint.alpha == 0.0 => Some(Hidden::Transparent),
            () if outside => Some(Hidden::Clipped),
            () => None,
        };
        let dash = self.dashes.get(usize::from(state.dash)).cloned().unwrap_or_default();
        let path = PathObject {
            segments: self.path.segments.clone(),
            fill: painting.fill.then_some(state.veil.paint(state.fill)),
            stroke: painting.stroke.then_some(state.stroke),
            line_width: if painting.stroke { state.line_width * scale } else { 0.0 },
            dash: if painting.stroke { scaled(dash, scale) } else { Dash::default() },
            clip: state.clip,
            seq: self.seq,
            hidden,
        };
        self.seq += 1;
        self.page.paths.push(path);
    }
    /// Paints the clip with a shading (`sh`, §8.7.4.2). Only the clip's box is known and a shading has many colors, so it is kept as a veil: it covers
    /// nothing, makes no cell, and white text on it is not white text on paper.
    pub(super) fn shade(&mut self) {
        self.tally.shadings += 1;
        let clip = self.state.clip;
        if clip.width() <= THIN_SHADING || clip.height() <= THIN_SHADING {
            return;
        }
        if self.page.paths.len() >= self.limits.page_paths {
            self.tally.paths_cut += 1;
            return;
        }
        let corner = |x, y| Segment::Line(Point { x, y });
        let segments = vec![
            Segment::Move(Point { x: clip.x0, y: clip.y0 }),
            corner(clip.x1, clip.y0),
            corner(clip.x1, clip.y1),
            corner(clip.x0, clip.y1),
            Segment::Close,
        ];
        self.page.paths.push(PathObject {
            segments,
            fill: Some(Paint { color: MID_GRAY, alpha: SHADING_ALPHA.min(self.state.fill.alpha) }),
            stroke: None,
            line_width: 0.0,
            dash: Dash::default(),
            clip,
            seq: self.seq,
            hidden: self.marked.is_off().then_some(Hidden::OptionalContent),
        });
        self.seq += 1;
    }
    /// How long a unit of user space is on the page, as the geometric mean of both directions.
    pub(super) fn ctm_scale(&self) -> f64 {
        let m = &self.state.ctm;
        (m.a * m.d - m.b * m.c).abs().sqrt()
    }
}

fn scaled(dash: Dash, scale: f64) -> Dash {
    Dash { lengths: dash.lengths.iter().map(|l| l * scale as f32).collect(), phase: dash.phase * scale as f32 }
}
