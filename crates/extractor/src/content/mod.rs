//! Content streams (ISO 32000-2 §7.8, Annex A) → glyphs, paths and images of a page, in paint order.
//!
//! *Invariant:* a fault costs the token it stands at, never what follows; it is counted and warned of once a page.
//! *Invariant:* every loop is charged to the page's [`Limits`].

mod annotation;
mod color;
mod form;
mod image;
mod marked;
mod operand;
mod operator;
mod path;
mod state;
mod tally;
mod text;
mod type3;

#[cfg(test)]
mod tests;

use crate::document::Shared;
use crate::font::Font;
use crate::lex::{Lexer, Token};
use crate::object::{Dict, ObjectId};
use crate::tree::{Geometry, PageEntry};
use color::Space;
use jisseki_model::{Affine, Dash, Limits, Page, Rect, Warned};
use marked::Marks;
use operand::{Operand, Operands};
use path::PathBuilder;
use state::State;
use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;
use tally::Tally;

/// Reads one page: its content, then its annotations.
pub(crate) fn read_page(shared: &Shared<'_>, entry: &PageEntry, geometry: Geometry, number: u32) -> Warned<Page> {
    let sheet = Rect { x0: 0.0, y0: 0.0, x1: geometry.width, y1: geometry.height };
    let page = Page { number, width: geometry.width, height: geometry.height, rotate: geometry.rotate, ..Page::default() };
    let resources = entry.attributes.resources.as_ref().and_then(|r| shared.objects.resolve(r).as_dict().cloned());
    let content = shared.page_content(&entry.dict);
    let mut interpreter = Interpreter::new(shared, page, geometry.base, sheet);
    interpreter.tally.content_cut = !content.complete;
    interpreter.run(&content.bytes, &Frame::new(resources.unwrap_or_default()));
    interpreter.marked_end();
    interpreter.annotations(&entry.dict, geometry.base, sheet);
    crate::font::fold_middle_dots(&mut interpreter.page.glyphs);
    interpreter.finish()
}

/// The state of reading a page. `'s` is the document, `'a` its bytes, `'l` the limits.
pub(crate) struct Interpreter<'s, 'a, 'l> {
    shared: &'s Shared<'a>,
    limits: &'l Limits,
    page: Page,
    fonts: Vec<Arc<Font>>,
    spaces: Vec<Space>,
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
    /// Type 3 glyphs (font, code) whose procedures show no text.
    silent_procs: HashSet<(u16, u32)>,
    scratch: Vec<u8>,
    tally: Tally,
}

/// Names looked up before, with what they are: positions in the page's lists.
type Known<T> = RefCell<Vec<(Box<[u8]>, T)>>;

/// The resources that names of a content stream are looked up in, with what was looked up before.
pub(super) struct Frame {
    resources: Dict,
    fonts: Known<Option<u16>>,
    spaces: Known<u16>,
}

impl Frame {
    fn new(resources: Dict) -> Frame {
        Frame { resources, fonts: Default::default(), spaces: Default::default() }
    }
}

impl<'s, 'a> Interpreter<'s, 'a, 's> {
    fn new(shared: &'s Shared<'a>, page: Page, ctm: Affine, clip: Rect) -> Interpreter<'s, 'a, 's> {
        Interpreter {
            shared,
            limits: shared.objects.limits(),
            page,
            fonts: Vec::new(),
            spaces: vec![Space::Gray, Space::Rgb, Space::Cmyk],
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
            silent_procs: HashSet::new(),
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
            match lexer.next() {
                Token::Int(i) => operands.push(Operand::Number(i as f64)),
                Token::Real(r) => operands.push(Operand::Number(r)),
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
                    self.show_operator(u32::from(b'T') << 8 | u32::from(b'J'), &operands);
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
        let warnings = self.tally.to_warnings(&self.page);
        Warned { output: self.page, warnings }
    }
    /// Ends what a page's content left open.
    fn marked_end(&mut self) {
        while self.marked.depth() > 0 {
            self.marked.close(&mut self.page.glyphs);
        }
    }
}
