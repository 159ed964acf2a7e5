//! XObjects (ISO 32000-2 §8.8, §8.10): forms are run where they stand, with their matrix, clip and resources.

use super::operand::Operands;
use super::{Frame, Interpreter};
use crate::object::{Object, ObjectId, Stream};
use crate::tree::object_to_box;
use jisseki_model::{Affine, Rect};

impl Interpreter<'_, '_, '_> {
    pub(super) fn do_object(&mut self, operands: &Operands<'_>, frame: &Frame) {
        let Some(name) = operands.name() else { return };
        let objects = &self.shared.objects;
        let Some(Object::Stream(stream)) = frame.named(objects, b"XObject", name).map(|o| objects.resolve(&o)) else { return };
        let off = stream.dict.get(b"OC").is_some_and(|oc| self.shared.optional.is_off(objects, oc));
        self.marked.open(None, false, off, None, self.page.glyphs.len());
        let subtype = objects.get(&stream.dict, b"Subtype");
        match subtype.as_name() {
            Some(b"Image") => {
                let mask = objects.get(&stream.dict, b"ImageMask") == Object::Bool(true);
                let masked = [&b"SMask"[..], b"Mask"].iter().any(|key| !objects.get(&stream.dict, key).is_null());
                self.emit_image(mask || masked);
            }
            Some(b"Form") => self.run_form(&stream, frame),
            // A form whose subtype got lost still has its box.
            _ if stream.dict.get(b"BBox").is_some() => self.run_form(&stream, frame),
            _ => {}
        }
        self.marked.close(&mut self.page.glyphs);
    }
    /// Runs a form (or an appearance); what it changes in the graphics state stays inside.
    pub(super) fn run_form(&mut self, stream: &Stream, frame: &Frame) {
        if !self.may_run(stream.id) {
            return;
        }
        let objects = &self.shared.objects;
        let matrix = objects.get_numbers(&stream.dict, b"Matrix").map_or(Affine::IDENTITY, Affine::new);
        let bbox = stream.dict.get(b"BBox").and_then(|b| object_to_box(objects, b));
        let resources = objects.get_dict(&stream.dict, b"Resources");
        let content = self.shared.form_content(stream);
        self.tally.content_cut |= !content.complete;

        let mut ctm = matrix.then(&self.state.ctm);
        std::mem::swap(&mut ctm, &mut self.state.ctm);
        let (clip, veil) = (self.state.clip, self.state.veil);
        if stream.dict.get(b"Group").is_some() {
            self.state.veil.group |= veil.is_thin() || self.state.fill.alpha < 1.0;
        }
        if let Some(bbox) = bbox {
            self.state.clip = clip.intersection(mapped_box(bbox, &self.state.ctm));
        }
        // Forms without resources use those of the page (§7.8.3, for old files).
        let resources = resources.unwrap_or_else(|| frame.resources.clone());
        self.run_inside(stream.id, &content.bytes, &Frame::new(resources, self.state.ctm));
        (self.state.ctm, self.state.clip, self.state.veil) = (ctm, clip, veil);
    }
    /// Charges a form; false for one that is too deep, one too many, or inside itself.
    pub(super) fn may_run(&mut self, id: ObjectId) -> bool {
        let fine = self.forms.len() < self.limits.form_depth && self.n_forms < self.limits.form_executions && !self.forms.contains(&id);
        self.tally.forms_cut += usize::from(!fine);
        self.n_forms += usize::from(fine);
        fine
    }
    /// Runs content inside other content: what it leaves open is closed, what it changes in the graphics state is undone.
    pub(super) fn run_inside(&mut self, id: ObjectId, content: &[u8], frame: &Frame) {
        let (state, matrices) = (self.state, (self.text_matrix, self.line_matrix));
        let stack = std::mem::take(&mut self.stack);
        let unsaved = std::mem::take(&mut self.unsaved);
        let path = std::mem::take(&mut self.path);
        let depth = self.marked.depth();
        let first = self.page.glyphs.len();
        self.forms.push(id);
        self.run(content, frame);
        self.forms.pop();
        if self.forms.is_empty() && self.page.glyphs.len() > first {
            self.form_glyphs.push(first..self.page.glyphs.len());
        }
        while self.marked.depth() > depth {
            self.marked.close(&mut self.page.glyphs);
        }
        (self.stack, self.unsaved, self.state, self.path) = (stack, unsaved, state, path);
        (self.text_matrix, self.line_matrix) = matrices;
    }
}

/// The bounding box of a box's image.
pub(super) fn mapped_box(bbox: Rect, map: &Affine) -> Rect {
    let corners = [(bbox.x0, bbox.y0), (bbox.x1, bbox.y0), (bbox.x1, bbox.y1), (bbox.x0, bbox.y1)];
    Rect::of_points(corners.map(|(x, y)| map.apply(x, y)))
}
