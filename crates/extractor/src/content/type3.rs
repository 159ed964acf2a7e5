//! Type 3 glyphs whose text only their procedures know: a procedure that shows text in a font of its own is read (ISO 32000-2 §9.6.4).

use super::text::Run;
use super::{Frame, Interpreter};
use crate::font::CodeInfo;
use jisseki_model::Affine;

impl Interpreter<'_, '_, '_> {
    /// Reads the text that a glyph's procedure shows; false where there is none, so that the glyph itself stands for it.
    pub(super) fn proc_text(&mut self, run: &Run<'_>, info: &CodeInfo) -> bool {
        let Some(type3) = run.font.type3() else { return false };
        let key = (run.font_id.0, info.code);
        if self.silent_procs.contains(&key) {
            return false;
        }
        let procedure = type3.procs.iter().find(|p| p.0 == info.code).map(|p| self.shared.objects.resolve(&p.1));
        let Some(stream) = procedure.as_ref().and_then(|p| p.as_stream()) else { return false };
        if !self.may_run(stream.id) {
            return false;
        }
        let content = self.shared.form_content(stream);
        let before = (self.page.glyphs.len(), self.page.paths.len(), self.page.images.len());
        let text = &run.text;
        let size = Affine::new([text.size * text.scale, 0.0, 0.0, text.size, 0.0, text.rise]);
        let ctm = Affine::new(type3.matrix).then(&size).then(&run.matrix);
        let outer = std::mem::replace(&mut self.state.ctm, ctm);
        self.run_inside(stream.id, &content.bytes, &Frame::new(type3.resources.clone().unwrap_or_default()));
        self.state.ctm = outer;
        // What else it draws is the glyph's shape, and no drawing of the page.
        self.page.paths.truncate(before.1);
        self.page.images.truncate(before.2);
        let shown = self.page.glyphs.len() > before.0;
        if !shown {
            self.silent_procs.insert(key);
        }
        shown
    }
}
