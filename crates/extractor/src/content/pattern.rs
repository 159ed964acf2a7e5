//! Content that shapes what others paint: text that a tiling pattern's cell shows where a filled path lets it be seen (ISO 32000-2 §8.7.3), and text
//! of a soft mask's group (§11.6.5.2).

use super::form::mapped_box;
use super::operand::Operands;
use super::state::State;
use super::{Frame, Interpreter};
use crate::object::{Object, ObjectId, Stream};
use crate::tree::object_to_box;
use jisseki_model::{Affine, Color, Paint, Rect};
use std::collections::HashSet;

/// A tiling pattern as a color operator named it.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    cell: Stream,
    /// Pattern space to page space.
    map: Affine,
    bbox: Rect,
    /// `XStep`, `YStep`.
    step: (f64, f64),
    /// The color of an uncolored pattern.
    tint: Color,
}

/// What is known of the cells run on a page.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// Those that showed no text.
    silent: HashSet<ObjectId>,
    run: usize,
}

/// Cells run on a page. Guess: a stamp all over it has a few dozen; more say nothing new.
const MAX_CELLS: usize = 400;

impl Interpreter<'_, '_, '_> {
    /// Returns the position of a tiling pattern in the page's list; none for a shading.
    pub(super) fn pattern_index(&mut self, name: &[u8], operands: &Operands<'_>, frame: &Frame) -> Option<u16> {
        let (numbers, n) = operands.numbers_before_name();
        let known = frame.patterns.get(name);
        if let (Some(index), 0) = (known, n) {
            return index;
        }
        let pattern = self.load_pattern(name, numbers.get(..n).unwrap_or_default(), frame);
        let index = pattern.and_then(|pattern| {
            let index = u16::try_from(self.patterns.len()).ok()?;
            self.patterns.push(pattern);
            Some(index)
        });
        if n == 0 {
            frame.patterns.insert(name, index);
        }
        index
    }
    fn load_pattern(&self, name: &[u8], tint: &[f64], frame: &Frame) -> Option<Pattern> {
        let objects = &self.shared.objects;
        let Object::Stream(cell) = objects.resolve(&frame.named(objects, b"Pattern", name)?) else { return None };
        let bbox = cell.dict.get(b"BBox").and_then(|b| object_to_box(objects, b))?;
        let number = |key: &[u8]| objects.get(&cell.dict, key).as_f64().map(f64::abs);
        let step = (number(b"XStep").unwrap_or(0.0), number(b"YStep").unwrap_or(0.0));
        let matrix = objects.get_numbers(&cell.dict, b"Matrix").map_or(Affine::IDENTITY, Affine::new);
        let space = match tint.len() {
            3 => super::color::Space::Rgb,
            4 => super::color::Space::Cmyk,
            _ => super::color::Space::Gray,
        };
        let tint = if tint.is_empty() { Color::BLACK } else { space.color(tint) };
        Some(Pattern { map: matrix.then(&frame.base), cell, bbox, step, tint })
    }
    /// Runs the cells of a pattern that lie in the path to be filled. What they draw besides text is the look of an area, and no drawing of the page.
    pub(super) fn fill_with_pattern(&mut self, index: u16) {
        let Some(pattern) = self.patterns.get(usize::from(index)).filter(|p| !self.cells.silent.contains(&p.cell.id)).cloned() else {
            return;
        };
        let Some(area) = self.path.bbox().map(|b| b.intersection(self.state.clip)).filter(|a| !a.is_empty()) else { return };
        let resources = self.shared.objects.get_dict(&pattern.cell.dict, b"Resources").unwrap_or_default();
        let content = self.shared.form_content(&pattern.cell);
        let outer = self.state;
        for (x, y) in cells(&pattern, area) {
            self.cells.run += 1;
            if self.cells.run > MAX_CELLS {
                self.tally.forms_cut += 1;
                break;
            }
            if !self.may_run(pattern.cell.id) {
                break;
            }
            let before = (self.page.glyphs.len(), self.page.paths.len(), self.page.images.len());
            let ctm = Affine::new([1.0, 0.0, 0.0, 1.0, x, y]).then(&pattern.map);
            self.state = State::new(ctm, area.intersection(mapped_box(pattern.bbox, &ctm)));
            self.state.fill = Paint { color: pattern.tint, alpha: outer.fill.alpha };
            self.run_inside(pattern.cell.id, &content.bytes, &Frame::new(resources.clone(), ctm));
            self.page.paths.truncate(before.1);
            self.page.images.truncate(before.2);
            if self.page.glyphs.len() == before.0 {
                self.cells.run -= 1;
                self.cells.silent.insert(pattern.cell.id);
                break;
            }
        }
        self.state = outer;
    }
}

impl Interpreter<'_, '_, '_> {
    /// Runs the group of a soft mask: its text is seen through what is painted under the mask. Its other drawing is no drawing of the page.
    pub(super) fn run_mask(&mut self, group: &Stream, frame: &Frame) {
        if self.cells.silent.contains(&group.id) {
            return;
        }
        let before = (self.page.glyphs.len(), self.page.paths.len(), self.page.images.len());
        let outer = self.state;
        self.state = State::new(outer.ctm, outer.clip);
        self.run_form(group, frame);
        self.state = outer;
        self.page.paths.truncate(before.1);
        self.page.images.truncate(before.2);
        // Once is enough: the same mask is set again before each part that it shapes.
        self.cells.silent.insert(group.id);
    }
}

/// Where the cells stand (their origins in pattern space) that reach into an area of the page.
fn cells(pattern: &Pattern, area: Rect) -> Vec<(f64, f64)> {
    let Some(back) = inverse(&pattern.map) else { return Vec::new() };
    let area = mapped_box(area, &back);
    let (xs, ys) = (
        steps(pattern.step.0, area.x0 - pattern.bbox.x1, area.x1 - pattern.bbox.x0),
        steps(pattern.step.1, area.y0 - pattern.bbox.y1, area.y1 - pattern.bbox.y0),
    );
    ys.iter().rev().flat_map(|y| xs.iter().map(move |x| (*x, *y))).take(MAX_CELLS).collect()
}

/// Multiples of a step between two bounds; 0 alone where there is no step.
fn steps(step: f64, from: f64, to: f64) -> Vec<f64> {
    let (first, last) = ((from / step).ceil(), (to / step).floor());
    if !(first.is_finite() && last.is_finite()) || step < 1e-3 {
        return vec![0.0];
    }
    (0..MAX_CELLS).map(|i| first + i as f64).take_while(|i| *i <= last).map(|i| i * step).collect()
}

fn inverse(m: &Affine) -> Option<Affine> {
    let det = m.a * m.d - m.b * m.c;
    let (a, b, c, d) = (m.d / det, -m.b / det, -m.c / det, m.a / det);
    let inverse = Affine { a, b, c, d, e: -(m.e * a + m.f * c), f: -(m.e * b + m.f * d) };
    [a, b, c, d, inverse.e, inverse.f].iter().all(|v| v.is_finite()).then_some(inverse)
}
