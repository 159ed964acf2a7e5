//! What a viewer shows for annotations without an appearance stream: a note's contents, a field's value (ISO 32000-2 §12.5.6.6, §12.7.4).
//!
//! There is no font to take widths from: a character is as wide as its em (Japanese) or half of it (the rest), which is how viewers' stand-ins
//! look. The text is the file's own; its source is [`TextSource::ActualText`].

use super::Interpreter;
use super::state::State;
use super::text::PageFont;
use crate::font::{CodeInfo, DEFAULT_VERTICAL, Font, is_usual};
use crate::lex::{Lexer, Token};
use crate::object::{Dict, Name, Object};
use crate::text_string::text_string;
use crate::tree::object_to_box;
use jisseki_model::{Affine, Rect, TextSource};
use smol_str::SmolStr;
use std::sync::Arc;

/// A field inherits along `/Parent`; deeper trees are damage.
const MAX_PARENTS: usize = 16;
/// Characters of one value. Guess: a page of small print has fewer.
const MAX_CHARS: usize = 20_000;
/// Field flags (Tables 228 to 231): several lines, a password, a box a character.
const MULTILINE: i64 = 1 << 12;
const PASSWORD: i64 = 1 << 13;
const COMB: i64 = 1 << 24;
/// From the rectangle's edge to the text, what viewers leave free; from a baseline to the next one in ems.
const MARGIN: f64 = 2.0;
const LEADING: f64 = 1.15;
/// Size for `/DA … 0 Tf`: as high as the box allows, 12 pt at most.
const AUTO_SIZE: f64 = 12.0;

/// A value and how it is set.
struct Value {
    text: String,
    size: f64,
    /// 0 left, 1 center, 2 right.
    align: i64,
    multiline: bool,
    /// Boxes of a comb, one a character.
    comb: Option<usize>,
}

impl Interpreter<'_, '_, '_> {
    /// Tells whether a field's appearance is out of date by the form's own word, and its value what viewers show.
    pub(super) fn needs_appearance(&self, dict: &Dict) -> bool {
        let objects = &self.shared.objects;
        let form = || objects.get_dict(&objects.get_dict(objects.trailer(), b"Root")?, b"AcroForm");
        let asked = || form().is_some_and(|f| objects.get(&f, b"NeedAppearances") == Object::Bool(true));
        let rect = || dict.get(b"Rect").and_then(|r| object_to_box(objects, r));
        dict.is(b"Subtype", b"Widget") && asked() && rect().is_some_and(|r| self.field(dict, r).is_some())
    }
    /// Shows the value of an annotation that has no appearance.
    pub(super) fn value_of_annotation(&mut self, dict: &Dict, base: Affine, sheet: Rect) {
        let objects = &self.shared.objects;
        let Some(rect) = dict.get(b"Rect").and_then(|r| object_to_box(objects, r)) else { return };
        let subtype = objects.get(dict, b"Subtype");
        let value = match subtype.as_name() {
            Some(b"FreeText") => self.note(dict, rect),
            Some(b"Widget") => self.field(dict, rect),
            _ => None,
        };
        if let Some(value) = value {
            self.show_value(&value, rect, base, sheet);
        }
    }
    fn note(&self, dict: &Dict, rect: Rect) -> Option<Value> {
        let objects = &self.shared.objects;
        let text = text_string(objects.get(dict, b"Contents").as_str()?);
        let size = self.size_of(&objects.get(dict, b"DA"), rect, true);
        Some(Value { text, size, align: objects.get(dict, b"Q").as_i64().unwrap_or(0), multiline: true, comb: None })
    }
    /// A text or choice field's value; buttons and signatures have none that would be shown.
    fn field(&self, dict: &Dict, rect: Rect) -> Option<Value> {
        let objects = &self.shared.objects;
        let mut chain = vec![dict.clone()];
        while chain.len() < MAX_PARENTS
            && let Some(parent) = chain.last().and_then(|d| objects.get_dict(d, b"Parent"))
        {
            chain.push(parent);
        }
        chain.extend(objects.get_dict(objects.trailer(), b"Root").and_then(|root| objects.get_dict(&root, b"AcroForm")));
        let inherited = |key: &[u8]| chain.iter().map(|d| objects.get(d, key)).find(|o| !o.is_null()).unwrap_or_default();
        let flags = inherited(b"Ff").as_i64().unwrap_or(0);
        let kind = inherited(b"FT");
        let is_text = kind.as_name() == Some(b"Tx");
        if !(is_text && flags & PASSWORD == 0 || kind.as_name() == Some(b"Ch")) {
            return None;
        }
        let text = match inherited(b"V") {
            Object::Str(s) => text_string(&s),
            Object::Stream(s) if is_text => text_string(&objects.stream_bytes(&s, MAX_CHARS as u64 * 4).bytes),
            Object::Array(chosen) => {
                let chosen: Vec<String> = chosen.iter().take(256).filter_map(|o| objects.resolve(o).as_str().map(text_string)).collect();
                chosen.join("\n")
            }
            _ => return None,
        };
        let multiline = is_text && flags & MULTILINE != 0 || text.contains('\n');
        let boxes = inherited(b"MaxLen").as_i64().and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0);
        Some(Value {
            size: self.size_of(&inherited(b"DA"), rect, multiline),
            text,
            align: inherited(b"Q").as_i64().unwrap_or(0),
            multiline,
            comb: boxes.filter(|_| is_text && !multiline && flags & COMB != 0),
        })
    }
    /// The font size of a default appearance string: `/Helv 9 Tf 0 g`.
    fn size_of(&self, appearance: &Object, rect: Rect, multiline: bool) -> f64 {
        let mut lexer = Lexer::new(appearance.as_str().unwrap_or_default());
        let (mut number, mut size) = (0.0, 0.0);
        for _ in 0..256 {
            match lexer.next() {
                Token::Int(i) => number = i as f64,
                Token::Real(r) => number = r,
                Token::Keyword(b"Tf") => size = number,
                Token::End => break,
                _ => {}
            }
        }
        let by_box = if multiline { AUTO_SIZE } else { (rect.height() - 2.0 * MARGIN).clamp(4.0, AUTO_SIZE) };
        if size > 0.0 && size <= self.limits.coordinate { size } else { by_box }
    }
    fn show_value(&mut self, value: &Value, rect: Rect, base: Affine, sheet: Rect) {
        let Some(index) = self.stand_in_font() else { return };
        let Some(font) = self.fonts.get(usize::from(index)).cloned() else { return };
        self.state = State::new(base, sheet);
        self.state.text.font = Some(index);
        self.state.text.size = value.size;
        let lines = value_to_lines(value, rect.width() - 2.0 * MARGIN);
        let mut y = match value.multiline {
            true => rect.y1 - MARGIN - 0.88 * value.size,
            false => (rect.y0 + rect.y1) / 2.0 - 0.38 * value.size,
        };
        for line in &lines {
            let slack = rect.width() - 2.0 * MARGIN - width_of(line) * value.size;
            let mut x =
                rect.x0 + MARGIN + slack.max(0.0) * [0.0, 0.5, 1.0].get(usize::try_from(value.align).unwrap_or(0)).copied().unwrap_or(0.0);
            self.show += 1;
            for (i, c) in line.chars().enumerate() {
                if let Some(boxes) = value.comb {
                    let cell = rect.width() / boxes as f64;
                    x = rect.x0 + cell * (i as f64 + 0.5) - em_of(c) * value.size / 2.0;
                }
                self.set_text_matrix([1.0, 0.0, 0.0, 1.0, x, y]);
                let mut run = self.run_of(&font);
                self.show_glyph(&mut run, &char_to_info(c));
                x += em_of(c) * value.size;
            }
            y -= LEADING * value.size;
        }
    }
    fn stand_in_font(&mut self) -> Option<u16> {
        if self.stand_in.is_none() {
            let name = Object::Name(Name::new(b"Helvetica"));
            let dict = Dict::new(vec![(Name::new(b"BaseFont"), name), (Name::new(b"Subtype"), Object::Name(Name::new(b"Type1")))]);
            self.stand_in = u16::try_from(self.fonts.len()).ok();
            self.fonts.push(PageFont::new(Arc::new(Font::load(&self.shared.objects, &dict, &mut Vec::new()))));
        }
        self.stand_in
    }
}

/// The value's lines: as they are written, and broken where they reach the box's edge.
fn value_to_lines(value: &Value, width: f64) -> Vec<String> {
    let text = value.text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = vec![String::new()];
    let mut ems = 0.0;
    for c in text.chars().take(MAX_CHARS).filter(|c| *c == '\n' || !c.is_control()) {
        let breaks = value.multiline && (c == '\n' || (ems + em_of(c)) * value.size > width && ems > 0.0);
        if breaks {
            lines.push(String::new());
            ems = 0.0;
        }
        if let (true, Some(line)) = (c != '\n', lines.last_mut()) {
            line.push(c);
            ems += em_of(c);
        }
    }
    lines
}

fn width_of(line: &str) -> f64 {
    line.chars().map(em_of).sum()
}

/// A character's width in ems: Han, kana, Hangul and full-width forms take one.
fn em_of(c: char) -> f64 {
    match u32::from(c) {
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF01..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x20000..=0x3FFFF => 1.0,
        _ => 0.5,
    }
}

fn char_to_info(c: char) -> CodeInfo {
    let width = (em_of(c) * 1000.0) as f32;
    CodeInfo {
        code: u32::from(c),
        // No code of a string: no word spacing.
        code_len: 0,
        cid: u32::from(c),
        text: SmolStr::from(c),
        raw: None,
        source: TextSource::ActualText,
        usual: is_usual(c),
        width,
        vertical: DEFAULT_VERTICAL,
    }
}
