//! Type 3 glyphs whose text only their procedures know (ISO 32000-2 §9.6.4): a procedure that shows text in a font of its own is read, one that
//! paints nothing is a blank.

use super::text::Run;
use super::{Frame, Interpreter};
use crate::font::CodeInfo;
use jisseki_model::Affine;

/// What a Type 3 glyph's procedure does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proc {
    /// It shows text, which stands in the page's glyphs now.
    Text,
    /// It paints nothing.
    Blank,
    /// It paints a shape, or can't be read.
    Shape,
}

impl Interpreter<'_, '_, '_> {
    /// Runs a glyph's procedure where it may show text; the others are run once.
    pub(super) fn proc_of(&mut self, run: &Run<'_>, info: &CodeInfo) -> Proc {
        let Some(type3) = run.font.type3() else { return Proc::Shape };
        let key = (run.font_id.0, info.code);
        if let Some(known) = self.silent_procs.get(&key) {
            return *known;
        }
        let procedure = run.font.procedure(info.code).map(|p| self.shared.objects.resolve(p));
        let Some(stream) = procedure.as_ref().and_then(|p| p.as_stream()) else { return Proc::Shape };
        if !self.may_run(stream.id) {
            return Proc::Shape;
        }
        let content = self.shared.form_content(stream);
        let before = (self.page.glyphs.len(), self.page.paths.len(), self.page.images.len());
        let ink = self.ink();
        let text = &run.text;
        let size = Affine::new([text.size * text.scale, 0.0, 0.0, text.size, 0.0, text.rise]);
        let ctm = Affine::new(type3.matrix).then(&size).then(&run.matrix);
        let outer = std::mem::replace(&mut self.state.ctm, ctm);
        self.run_inside(stream.id, &content.bytes, &Frame::new(type3.resources.clone().unwrap_or_default(), ctm));
        self.state.ctm = outer;
        if self.page.glyphs.len() > before.0 {
            self.page.paths.truncate(before.1);
            self.page.images.truncate(before.2);
            return Proc::Text;
        }
        let paints = self.ink() > ink || !content.complete;
        // What it draws is the glyph's shape, and no drawing of the page.
        self.page.paths.truncate(before.1);
        self.page.images.truncate(before.2);
        let does = if paints { Proc::Shape } else { Proc::Blank };
        self.silent_procs.insert(key, does);
        does
    }
    /// Counts what painted, or may have.
    fn ink(&self) -> usize {
        let t = &self.tally;
        self.page.paths.len() + self.page.images.len() + t.shadings + t.faults + t.unknown_operators + t.far + t.paths_cut + t.forms_cut
    }
}
