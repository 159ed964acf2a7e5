//! Operators, dispatched on their packed bytes (ISO 32000-2 Annex A).

use super::operand::{Operand, Operands};
use super::path::Painting;
use super::{Frame, Interpreter};
use crate::lex::Lexer;
use crate::object::Object;
use jisseki_model::{Affine, Dash, Paint};

/// Packs an operator's bytes; longer words than any operator give a value that is none.
#[inline]
fn packed(word: &[u8]) -> u32 {
    match *word {
        [a] => a as u32,
        [a, b] => (a as u32) << 8 | b as u32,
        [a, b, c] => (a as u32) << 16 | (b as u32) << 8 | c as u32,
        _ => 0,
    }
}

/// The same in patterns.
macro_rules! op {
    ($name:ident, $bytes:literal) => {
        pub(super) const $name: u32 = {
            let bytes: &[u8] = $bytes;
            match *bytes {
                [a] => a as u32,
                [a, b] => (a as u32) << 8 | b as u32,
                [a, b, c] => (a as u32) << 16 | (b as u32) << 8 | c as u32,
                _ => 0,
            }
        };
    };
}

op!(SAVE, b"q");
op!(RESTORE, b"Q");
op!(CONCAT, b"cm");
op!(GS, b"gs");
op!(LINE_WIDTH, b"w");
op!(DASH, b"d");
op!(BEGIN_TEXT, b"BT");
op!(END_TEXT, b"ET");
op!(FONT, b"Tf");
op!(MATRIX, b"Tm");
op!(MOVE, b"Td");
op!(MOVE_LEADING, b"TD");
op!(NEXT_LINE, b"T*");
op!(SHOW, b"Tj");
op!(SHOW_ARRAY, b"TJ");
op!(NEXT_SHOW, b"'");
op!(NEXT_SHOW_SPACED, b"\"");
op!(CHAR_SPACING, b"Tc");
op!(WORD_SPACING, b"Tw");
op!(SCALE, b"Tz");
op!(LEADING, b"TL");
op!(RISE, b"Ts");
op!(RENDER, b"Tr");
op!(DO, b"Do");
op!(BMC, b"BMC");
op!(BDC, b"BDC");
op!(EMC, b"EMC");
op!(MOVE_TO, b"m");
op!(LINE_TO, b"l");
op!(CURVE, b"c");
op!(CURVE_V, b"v");
op!(CURVE_Y, b"y");
op!(RECTANGLE, b"re");
op!(CLOSE, b"h");
op!(CLIP, b"W");
op!(CLIP_EVEN, b"W*");
op!(PAINT_STROKE, b"S");
op!(PAINT_CLOSE_STROKE, b"s");
op!(PAINT_FILL, b"f");
op!(PAINT_FILL_OLD, b"F");
op!(PAINT_FILL_EVEN, b"f*");
op!(PAINT_BOTH, b"B");
op!(PAINT_BOTH_EVEN, b"B*");
op!(PAINT_CLOSE_BOTH, b"b");
op!(PAINT_CLOSE_BOTH_EVEN, b"b*");
op!(PAINT_NOTHING, b"n");
op!(FILL_GRAY, b"g");
op!(STROKE_GRAY, b"G");
op!(FILL_RGB, b"rg");
op!(STROKE_RGB, b"RG");
op!(FILL_CMYK, b"k");
op!(STROKE_CMYK, b"K");
op!(FILL_SPACE, b"cs");
op!(STROKE_SPACE, b"CS");
op!(FILL_COLOR, b"sc");
op!(FILL_COLOR_NAMED, b"scn");
op!(STROKE_COLOR, b"SC");
op!(STROKE_COLOR_NAMED, b"SCN");
op!(INLINE_IMAGE, b"BI");

/// Operators that say nothing to a reader of text: shading, flatness, joins, intents, marks, Type 3 metrics, compatibility.
const SILENT: [&[u8]; 12] = [b"sh", b"i", b"j", b"J", b"M", b"ri", b"MP", b"DP", b"BX", b"EX", b"d0", b"d1"];

impl Interpreter<'_, '_, '_> {
    /// Carries out an operator; false when the stream has had enough.
    pub(super) fn operator(&mut self, word: &[u8], operands: &Operands<'_>, frame: &Frame, lexer: &mut Lexer<'_>) -> bool {
        if !self.charge_operator() {
            return false;
        }
        let op = packed(word);
        match op {
            SHOW | SHOW_ARRAY | NEXT_SHOW | NEXT_SHOW_SPACED => self.show_operator(op, operands),
            MATRIX => self.with(operands, |s, m| s.set_text_matrix(m)),
            MOVE => self.with(operands, |s, [x, y]| s.move_line(x, y)),
            FONT => self.set_font(operands, frame),
            MOVE_TO => self.with(operands, |s, [x, y]| s.move_to(x, y)),
            LINE_TO => self.with(operands, |s, [x, y]| s.line_to(x, y)),
            RECTANGLE => self.with(operands, |s, r| s.rectangle(r)),
            SAVE => self.save(),
            RESTORE => self.restore(),
            CONCAT => self.with(operands, |s, m| s.state.ctm = Affine::new(m).then(&s.state.ctm)),
            BEGIN_TEXT => self.set_text_matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
            END_TEXT => {}
            MOVE_LEADING => self.with(operands, |s, [x, y]| {
                s.state.text.leading = -y;
                s.move_line(x, y);
            }),
            NEXT_LINE => self.move_line(0.0, -self.state.text.leading),
            CHAR_SPACING => self.with(operands, |s, [v]| s.state.text.char_spacing = v),
            WORD_SPACING => self.with(operands, |s, [v]| s.state.text.word_spacing = v),
            SCALE => self.with(operands, |s, [v]| s.state.text.scale = v / 100.0),
            LEADING => self.with(operands, |s, [v]| s.state.text.leading = v),
            RISE => self.with(operands, |s, [v]| s.state.text.rise = v),
            RENDER => self.with(operands, |s, [v]| s.state.text.render_mode = (v as i64 & 7) as u8),
            DO => self.do_object(operands, frame),
            BMC => self.begin_marked(operands, frame),
            BDC => self.begin_marked(operands, frame),
            EMC => self.marked.close(&mut self.page.glyphs),
            INLINE_IMAGE => self.inline_image(lexer, frame),
            GS => self.extended_state(operands, frame),
            LINE_WIDTH => self.with(operands, |s, [v]| s.state.line_width = v.abs()),
            DASH => self.set_dash(operands),
            _ => return self.path_operator(op, operands) || self.color_operator(op, operands, frame) || self.unknown(word),
        }
        true
    }
    /// Calls `f` with the operator's numbers; too few of them are a fault.
    #[inline]
    fn with<const N: usize>(&mut self, operands: &Operands<'_>, f: impl FnOnce(&mut Self, [f64; N])) {
        match operands.numbers() {
            Some(numbers) => f(self, numbers),
            None => self.tally.faults += 1,
        }
    }
    fn path_operator(&mut self, op: u32, operands: &Operands<'_>) -> bool {
        let mut paint = |fill, stroke, close| self.paint_path(Painting { fill, stroke, close });
        match op {
            PAINT_STROKE => paint(false, true, false),
            PAINT_CLOSE_STROKE => paint(false, true, true),
            PAINT_FILL | PAINT_FILL_OLD | PAINT_FILL_EVEN => paint(true, false, false),
            PAINT_BOTH | PAINT_BOTH_EVEN => paint(true, true, false),
            PAINT_CLOSE_BOTH | PAINT_CLOSE_BOTH_EVEN => paint(true, true, true),
            PAINT_NOTHING => paint(false, false, false),
            CURVE => self.with(operands, |s, c| s.curve_to(c)),
            CURVE_V => self.with(operands, |s, c| s.curve_from_current(c)),
            CURVE_Y => self.with(operands, |s, [x1, y1, x3, y3]| s.curve_to([x1, y1, x3, y3, x3, y3])),
            CLOSE => self.close_path(),
            CLIP | CLIP_EVEN => self.clip_later(),
            _ => return false,
        }
        true
    }
    fn color_operator(&mut self, op: u32, operands: &Operands<'_>, frame: &Frame) -> bool {
        match op {
            FILL_GRAY => self.set_color(operands, Some(0), true),
            FILL_RGB => self.set_color(operands, Some(1), true),
            FILL_CMYK => self.set_color(operands, Some(2), true),
            STROKE_GRAY => self.set_color(operands, Some(0), false),
            STROKE_RGB => self.set_color(operands, Some(1), false),
            STROKE_CMYK => self.set_color(operands, Some(2), false),
            FILL_COLOR => self.set_color(operands, None, true),
            FILL_COLOR_NAMED => {
                self.set_color(operands, None, true);
                self.state.fill_pattern = operands.name().and_then(|name| self.pattern_index(name, operands, frame));
            }
            STROKE_COLOR | STROKE_COLOR_NAMED => self.set_color(operands, None, false),
            FILL_SPACE => self.set_space(operands, frame, true),
            STROKE_SPACE => self.set_space(operands, frame, false),
            _ => return false,
        }
        true
    }
    fn unknown(&mut self, word: &[u8]) -> bool {
        if word == b"sh" {
            self.shade();
        }
        if !SILENT.contains(&word) {
            self.tally.unknown_operators += 1;
        }
        true
    }
    pub(super) fn save(&mut self) {
        if self.stack.len() < self.limits.state_depth {
            self.stack.push(self.state);
        } else {
            self.unsaved += 1;
            self.tally.state_cut += 1;
        }
    }
    pub(super) fn restore(&mut self) {
        if self.unsaved > 0 {
            self.unsaved -= 1;
        } else if let Some(state) = self.stack.pop() {
            self.state = state;
        }
    }
    fn set_dash(&mut self, operands: &Operands<'_>) {
        let mut lengths: Vec<f32> = Vec::new();
        let mut phase = 0.0;
        let mut inside = false;
        for operand in operands.list().iter().take(64) {
            match operand {
                Operand::ArrayOpen => inside = true,
                Operand::ArrayClose => inside = false,
                Operand::Number(v) if inside => lengths.push(v.abs() as f32),
                Operand::Number(v) => phase = *v as f32,
                _ => {}
            }
        }
        // All zero is solid (§8.4.3.6).
        if lengths.iter().all(|l| *l == 0.0) {
            lengths.clear();
        }
        self.keep_dash(Dash { lengths, phase });
    }
    fn keep_dash(&mut self, dash: Dash) {
        let known = self.dashes.iter().take(64).position(|d| *d == dash);
        let at = known.unwrap_or_else(|| {
            self.dashes.push(dash);
            self.dashes.len() - 1
        });
        self.state.dash = u16::try_from(at).unwrap_or(0);
    }
    /// `gs` (§8.4.5): alpha, font, line width, dash.
    fn extended_state(&mut self, operands: &Operands<'_>, frame: &Frame) {
        let objects = &self.shared.objects;
        let load = |name: &[u8]| {
            let state = frame.named(objects, b"ExtGState", name)?;
            let dict = objects.resolve(&state).as_dict().cloned();
            frame.states.insert(name, dict.clone());
            dict
        };
        let Some(dict) = operands.name().and_then(|name| frame.states.get(name).unwrap_or_else(|| load(name))) else { return };
        let alpha = |key: &[u8]| objects.get(&dict, key).as_f64().map(|a| a.clamp(0.0, 1.0) as f32);
        self.state.fill.alpha = alpha(b"ca").unwrap_or(self.state.fill.alpha);
        self.state.stroke.alpha = alpha(b"CA").unwrap_or(self.state.stroke.alpha);
        let veil = |key: &[u8], plain: &[&[u8]], before: bool| match objects.get(&dict, key) {
            Object::Null => before,
            Object::Name(name) => !plain.contains(&name.as_bytes()),
            Object::Array(names) => !names.first().and_then(Object::as_name).is_some_and(|n| plain.contains(&n)),
            _ => true,
        };
        self.state.veil.mask = veil(b"SMask", &[b"None"], self.state.veil.mask);
        self.state.veil.blend = veil(b"BM", &[b"Normal", b"Compatible"], self.state.veil.blend);
        if let Object::Dict(mask) = objects.get(&dict, b"SMask")
            && let Object::Stream(group) = objects.get(&mask, b"G")
        {
            self.run_mask(&group, frame);
        }
        let objects = &self.shared.objects;
        self.state.line_width = objects.get(&dict, b"LW").as_f64().map_or(self.state.line_width, f64::abs);
        if let Object::Array(dash) = objects.get(&dict, b"D")
            && let [lengths, phase] = &dash[..]
            && let Object::Array(lengths) = objects.resolve(lengths)
        {
            let lengths = lengths.iter().take(16).filter_map(Object::as_f64).map(|l| l.abs() as f32).collect();
            self.keep_dash(Dash { lengths, phase: phase.as_f64().unwrap_or(0.0) as f32 });
        }
        if let Object::Array(font) = objects.get(&dict, b"Font")
            && let [font, size] = &font[..]
        {
            self.state.text.size = size.as_f64().unwrap_or(self.state.text.size);
            self.state.text.font = self.font_index(font);
        }
    }
    fn set_color(&mut self, operands: &Operands<'_>, device: Option<u16>, fill: bool) {
        let index = device.unwrap_or(if fill { self.state.fill_space } else { self.state.stroke_space });
        let Some(space) = self.spaces.get(usize::from(index)) else { return };
        let (numbers, n) = operands.trailing_numbers();
        if n == 0 && operands.name().is_none() {
            self.tally.faults += 1;
            return;
        }
        let color = space.color(numbers.get(..n).unwrap_or_default());
        self.state.fill_pattern = self.state.fill_pattern.filter(|_| !fill);
        let (paint, kept) = self.paint_of(fill);
        paint.color = color;
        *kept = index;
    }
    fn set_space(&mut self, operands: &Operands<'_>, frame: &Frame, fill: bool) {
        let Some(name) = operands.name() else { return };
        let index = self.space_index(name, frame);
        let Some(color) = self.spaces.get(usize::from(index)).map(super::color::Space::initial) else { return };
        self.state.fill_pattern = self.state.fill_pattern.filter(|_| !fill);
        let (paint, kept) = self.paint_of(fill);
        paint.color = color;
        *kept = index;
    }
    fn paint_of(&mut self, fill: bool) -> (&mut Paint, &mut u16) {
        let state = &mut self.state;
        if fill { (&mut state.fill, &mut state.fill_space) } else { (&mut state.stroke, &mut state.stroke_space) }
    }
    fn space_index(&mut self, name: &[u8], frame: &Frame) -> u16 {
        let known = frame.spaces.get(name);
        known.unwrap_or_else(|| {
            let name_object = Object::Name(crate::object::Name::new(&crate::lex::unescape_name(name)));
            let space = super::color::Space::load(&self.shared.objects, &name_object, Some(&frame.resources), 0);
            let index = u16::try_from(self.spaces.len()).unwrap_or(0);
            if index > 0 {
                self.spaces.push(space);
            }
            frame.spaces.insert(name, index);
            index
        })
    }
}
