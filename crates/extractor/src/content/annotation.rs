//! Annotations' normal appearances, when they hold text (ISO 32000-2 §12.5.5); those without one show their value (`value.rs`).

use super::form::mapped_box;
use super::state::State;
use super::{Frame, Interpreter};
use crate::object::{Dict, Object, Stream};
use crate::tree::object_to_box;
use jisseki_model::{Affine, Rect};

/// Annotations of a page that are looked at. Guess.
const MAX_ANNOTATIONS: usize = 10_000;
/// Flags `Invisible`, `Hidden` and `NoView` (Table 167).
const UNSEEN: i64 = 1 << 1 | 1 << 5;

impl Interpreter<'_, '_, '_> {
    pub(super) fn annotations(&mut self, page: &Dict, base: Affine, sheet: Rect) {
        let objects = &self.shared.objects;
        let list = objects.get(page, b"Annots");
        for annotation in list.as_array().unwrap_or_default().iter().take(MAX_ANNOTATIONS) {
            let Some(dict) = objects.resolve(annotation).as_dict().cloned() else { continue };
            let off = dict.get(b"OC").is_some_and(|oc| self.shared.optional.is_off(objects, oc));
            let unseen = objects.get(&dict, b"F").as_i64().unwrap_or(0) & UNSEEN != 0 || dict.is(b"Subtype", b"Popup");
            if off || unseen {
                continue;
            }
            match self.appearance(&dict).filter(|_| !self.needs_appearance(&dict)) {
                Some(stream) => self.annotation(&dict, &stream, base, sheet),
                None => self.value_of_annotation(&dict, base, sheet),
            }
        }
    }
    /// `/AP /N`, or of its states the one that `/AS` names.
    fn appearance(&self, dict: &Dict) -> Option<Stream> {
        let objects = &self.shared.objects;
        match objects.get(&objects.get_dict(dict, b"AP")?, b"N") {
            Object::Stream(stream) => Some(stream),
            Object::Dict(states) => {
                let state = objects.get(dict, b"AS");
                objects.get(&states, state.as_name()?).as_stream().cloned()
            }
            _ => None,
        }
    }
    /// Runs an appearance so that its transformed box fills the annotation's rectangle (Algorithm 8.1 of §12.5.5).
    fn annotation(&mut self, dict: &Dict, stream: &Stream, base: Affine, sheet: Rect) {
        let objects = &self.shared.objects;
        let Some(rect) = dict.get(b"Rect").and_then(|r| object_to_box(objects, r)) else { return };
        let Some(bbox) = stream.dict.get(b"BBox").and_then(|b| object_to_box(objects, b)) else { return };
        let matrix = objects.get_numbers(&stream.dict, b"Matrix").map_or(Affine::IDENTITY, Affine::new);
        let from = mapped_box(bbox, &matrix);
        let (sx, sy) = (rect.width() / from.width(), rect.height() / from.height());
        if !(sx.is_finite() && sy.is_finite()) {
            return;
        }
        let fit = Affine::new([sx, 0.0, 0.0, sy, rect.x0 - from.x0 * sx, rect.y0 - from.y0 * sy]);
        self.state = State::new(fit.then(&base), sheet);
        self.stack.clear();
        let before = (self.page.glyphs.len(), self.page.paths.len(), self.page.images.len());
        self.run_form(stream, &Frame::new(Dict::default(), base));
        if self.page.glyphs.len() == before.0 {
            // No text: borders, marks and buttons are no part of the page's drawing.
            self.page.paths.truncate(before.1);
            self.page.images.truncate(before.2);
        }
    }
}
