//! Content streams (ISO 32000-2 §7.8, Annex A) → glyphs, paths and images of a page, in paint order.
//!
//! *Invariant:* a fault costs the token it stands at, never what follows; it is counted and warned of once a page.
//! *Invariant:* every loop is charged to the page's [`Limits`].

mod annotation;
mod color;
mod form;
mod frame;
mod image;
mod marked;
mod operand;
mod operator;
mod path;
mod pattern;
mod state;
mod tally;
mod text;
mod type3;
mod value;

#[cfg(test)]
mod tests;

use crate::document::Shared;
use crate::lex::{Lexer, Token};
use crate::object::ObjectId;
use crate::tree::{PageObject, page_geometry};
use color::Space;
use frame::Frame;
use jisseki_model::{Affine, Dash, Limits, Page, Rect, Warned};
use marked::Marks;
use operand::{Operand, Operands};
use path::PathBuilder;
use pattern::Pattern;
use state::State;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use tally::{Census, Tally};
use text::PageFont;

/// Reads one page: its content, then its annotations.
pub(crate) fn read_page(shared: &Shared<'_>, object: &PageObject, number: u32) -> Warned<Page> {
    let geometry = page_geometry(&shared.objects, object);
    let sheet = Rect { x0: 0.0, y0: 0.0, x1: geometry.width, y1: geometry.height };
    let page = Page { number, width: geometry.width, height: geometry.height, rotate: geometry.rotate, ..Page::default() };
    let resources = object.attributes.resources.as_ref().and_then(|r| shared.objects.resolve(r).as_dict().cloned());
    let content = shared.page_content(&object.dict);
    let mut interpreter = Interpreter::new(shared, page, geometry.base, sheet);
    interpreter.tally.content_cut = !content.complete;
    interpreter.tally.no_box = geometry.presumed;
    interpreter.page.styles.reserve(USUAL_STYLES);
    interpreter.page.glyphs.reserve(USUAL_GLYPHS);
    interpreter.run(&content.bytes, &Frame::new(resources.unwrap_or_default(), geometry.base));
    interpreter.marked_end();
    interpreter.replace_by_structure(&shared.structure.replacements(&shared.objects, object));
    interpreter.annotations(&object.dict, geometry.base, sheet);
    interpreter.finish()
}

/// Glyphs that room is made for before the first one: what is not used is not touched. The same for every page, so that the room of a page fits where
/// that of another one was, and no fresh memory is touched for it.
const USUAL_GLYPHS: usize = 4096;
/// Styles that room is made for. A page of a word processor has some dozens.
const USUAL_STYLES: usize = 32;

/// The state of reading a page. `'s` is the document, `'a` its bytes, `'l` the limits.
pub(crate) struct Interpreter<'s, 'a, 'l> {
    shared: &'s Shared<'a>,
    limits: &'l Limits,
    page: Page,
    fonts: Vec<PageFont>,
    spaces: Vec<Space>,
    patterns: Vec<Pattern>,
    cells: pattern::Cells,
    dashes: Vec<Dash>,
    state: State,
    stack: Vec<State>,
    /// `q` beyond the stack.
    unsaved: usize,
    path: PathBuilder,
    marked: Marks,
    text_matrix: Affine,
    line_matrix: Affine,
    seq: u32,
    show: u32,
    n_operators: usize,
    n_forms: usize,
    forms: Vec<ObjectId>,
    /// Glyphs shown by forms and their kin: their MCIDs are not the page's.
    form_glyphs: Vec<Range<usize>>,
    /// Type 3 glyphs (font, code) whose procedures show no text, and what they do instead.
    silent_procs: HashMap<(u16, u32), type3::Proc>,
    /// The font of values without an appearance, once there is one.
    stand_in: Option<u16>,
    scratch: Vec<u8>,
    tally: Tally,
}

impl<'s, 'a> Interpreter<'s, 'a, 's> {
    fn new(shared: &'s Shared<'a>, page: Page, ctm: Affine, clip: Rect) -> Interpreter<'s, 'a, 's> {
        Interpreter {
            shared,
            limits: shared.objects.limits(),
            page,
            fonts: Vec::new(),
            spaces: vec![Space::Gray, Space::Rgb, Space::Cmyk],
            patterns: Vec::new(),
            cells: Default::default(),
            dashes: vec![Dash::default()],
            state: State::new(ctm, clip),
            stack: Vec::new(),
            unsaved: 0,
            path: PathBuilder::default(),
            marked: Marks::default(),
            text_matrix: Affine::IDENTITY,
            line_matrix: Affine::IDENTITY,
            seq: 0,
            show: 0,
            n_operators: 0,
            n_forms: 0,
            forms: Vec::new(),
            form_glyphs: Vec::new(),
            silent_procs: HashMap::new(),
            stand_in: None,
            scratch: Vec::new(),
            tally: Tally::default(),
        }
    }
}

impl Interpreter<'_, '_, '_> {
    /// Runs a content stream.
    fn run(&mut self, content: &[u8], frame: &Frame) {
        let mut lexer = Lexer::new(content);
        let mut operands = Operands::default();
        let mut n_tokens = 0usize;
        loop {
            match lexer.next_inlined() {
                Token::Int(i) => operands.push(Operand::Number(i as f64)),
                Token::Real(r) => operands.push(Operand::Number(r)),
                // Operands that nothing needs: in an array of strings they are no reason to lose the strings.
                Token::Keyword(b"null" | b"true" | b"false") => {}
                Token::Keyword(word) => {
                    if !self.operator(word, &operands, frame, &mut lexer) {
                        return;
                    }
                    operands.clear();
                    continue;
                }
                Token::Str(raw, escaped) => operands.push(Operand::Str(raw, escaped)),
                Token::Hex(raw) => operands.push(Operand::Hex(raw)),
                Token::Name(raw) => operands.push(Operand::Name(raw)),
                Token::ArrayOpen => operands.push(Operand::ArrayOpen),
                Token::ArrayClose => operands.push(Operand::ArrayClose),
                Token::DictOpen => operands.push(Operand::DictOpen),
                Token::DictClose => operands.push(Operand::DictClose),
                Token::Fault => self.tally.faults += 1,
                Token::End => return,
            }
            if operands.is_full() {
                // Strings in an array that long are a `TJ` (nothing else takes them): they are shown as they come.
                if operands.list().iter().any(|o| matches!(o, Operand::Str(..) | Operand::Hex(_))) {
                    self.show_operator(operator::SHOW_ARRAY, &operands);
                } else {
                    self.tally.faults += 1;
                }
                operands.clear();
            }
            // Operands without operators are charged too: sixty million zeros are no page.
            n_tokens += 1;
            if n_tokens & 0xFFFF == 0 && self.shared.objects.budget().is_late() {
                self.tally.late = true;
                return;
            }
        }
    }
    /// Charges an operator; false when the page has had enough.
    #[inline]
    fn charge_operator(&mut self) -> bool {
        self.n_operators += 1;
        if self.n_operators & 1023 == 0 {
            self.tally.late |= self.shared.objects.budget().is_late();
            self.tally.operators_cut = self.n_operators > self.limits.page_operators;
        }
        !(self.tally.late || self.tally.operators_cut)
    }
    fn finish(mut self) -> Warned<Page> {
        self.page.fonts = self.fonts.iter().map(|f| Arc::clone(f.info())).collect();
        let census = if self.tally.unusual || self.marked.replaced() { Census::of(&self.page) } else { Census::default() };
        if census.dots {
            crate::font::fold_middle_dots(&mut self.page);
        }
        let warnings = self.tally.to_warnings(&self.page, &census);
        Warned { output: self.page, warnings }
    }
    /// Ends what a page's content left open.
    fn marked_end(&mut self) {
        while self.marked.depth() > 0 {
            self.marked.close(&mut self.page.glyphs);
        }
    }
}
