//! Text-showing operators (ISO 32000-2 §9.4): strings → glyphs with positions.

use super::operand::{Operand, Operands};
use super::operator::{NEXT_SHOW, NEXT_SHOW_SPACED, SHOW_ARRAY};
use super::state::TextState;
use super::type3::Proc;
use super::{Frame, Interpreter};
use crate::font::{CodeInfo, Font};
use crate::lex::{unescape_hex, unescape_string};
use crate::object::Object;
use jisseki_model::{Affine, FontId, Glyph, GlyphStyle, Hidden, Point, Rect, StyleId, TextSource, Vector, WritingMode};
use smol_str::SmolStr;
use std::cmp::Ordering;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

/// A font as one page counts its users. Were each string counted in the `Arc`, threads that read pages with the same font would wait for each
/// other at every string: 8 of 61 ms on `big_lo_600p`.
#[derive(Clone)]
pub(super) struct PageFont(Rc<(Arc<Font>,)>);

impl PageFont {
    pub(super) fn new(font: Arc<Font>) -> PageFont {
        PageFont(Rc::new((font,)))
    }
    fn is(&self, font: &Arc<Font>) -> bool {
        Arc::ptr_eq(&self.0.0, font)
    }
}

impl Deref for PageFont {
    type Target = Font;
    fn deref(&self) -> &Font {
        &self.0.0
    }
}

/// What all glyphs of one string share.
pub(super) struct Run<'f> {
    pub(super) font: &'f Font,
    pub(super) font_id: FontId,
    pub(super) text: TextState,
    /// Text space (before the font size) to page space.
    pub(super) matrix: Affine,
    /// The writing direction of `matrix` and of the text matrix: what a step of one in text space moves the pen by.
    along: Vector,
    step: Vector,
    /// From the pen to a glyph's origin.
    rise: Vector,
    vertical: bool,
    /// Glyph space to text space along the writing direction: 1/1000, or a Type 3 font's matrix.
    unit: f64,
    up: Vector,
    size: f64,
    hidden: Option<Hidden>,
    /// A glyph whose origin lies here, and farther from the sides than its advance reaches, is near enough to be read and clipped by nothing.
    safe: Rect,
    /// The style of its glyphs, once there is one.
    pub(super) style: Option<StyleId>,
    /// The pen was moved against the writing direction, so that the glyph before may be declared wider than it is.
    moved_back: bool,
}

/// What a glyph moves the pen by, in text space.
#[derive(Clone, Copy)]
struct Step {
    /// Without spacing.
    width: f64,
    by: f64,
    spacing: f64,
}

impl Run<'_> {
    #[inline(always)]
    fn step_of(&self, info: &CodeInfo) -> Step {
        let text = &self.text;
        let is_space = info.code == 32 && info.code_len == 1;
        let spacing = if is_space { text.char_spacing + text.word_spacing } else { text.char_spacing };
        if self.vertical {
            let width = f64::from(info.vertical) * 0.001 * text.size;
            Step { width, by: width + spacing, spacing }
        } else {
            let width = f64::from(info.width) * self.unit * text.size * text.scale;
            Step { width, by: width + spacing * text.scale, spacing }
        }
    }
    /// Where the next glyph's origin lies.
    #[inline(always)]
    fn origin(&self) -> Point {
        Point { x: self.matrix.e + self.rise.x, y: self.matrix.f + self.rise.y }
    }
}

/// A glyph whose neighbor begins within this share of its declared advance is narrower than declared; kerning stays above.
/// Half-width digits declared one em (0.5) and closing brackets set tight (0.5) are the real cases.
const PLAINLY_TOO_WIDE: f64 = 0.8;
/// A neighbor nearer than this share lies on top of it: a second stroke of fake bold, an accent.
const ON_TOP: f64 = 0.1;

impl Interpreter<'_, '_, '_> {
    pub(super) fn set_text_matrix(&mut self, m: [f64; 6]) {
        self.text_matrix = Affine::new(m);
        self.line_matrix = self.text_matrix;
    }
    pub(super) fn move_line(&mut self, x: f64, y: f64) {
        let to = self.line_matrix.apply(x, y);
        self.line_matrix.e = to.x;
        self.line_matrix.f = to.y;
        self.text_matrix = self.line_matrix;
    }
    pub(super) fn set_font(&mut self, operands: &Operands<'_>, frame: &Frame) {
        let Some([size]) = operands.numbers() else {
            self.tally.faults += 1;
            return;
        };
        self.state.text.size = size;
        let Some(name) = operands.first_name() else { return };
        let known = frame.fonts.get(name);
        self.state.text.font = known.unwrap_or_else(|| {
            let font = frame.named(&self.shared.objects, b"Font", name);
            let index = font.and_then(|f| self.font_index(&f));
            frame.fonts.insert(name, index);
            index
        });
    }
    /// Returns the font's position in the page's list.
    pub(super) fn font_index(&mut self, font: &Object) -> Option<u16> {
        let font = self.shared.font(font)?;
        let known = self.fonts.iter().position(|f| f.is(&font));
        u16::try_from(known.unwrap_or_else(|| {
            self.fonts.push(PageFont::new(font));
            self.fonts.len() - 1
        }))
        .ok()
    }
    pub(super) fn show_operator(&mut self, op: u32, operands: &Operands<'_>) {
        if op == NEXT_SHOW || op == NEXT_SHOW_SPACED {
            if let (true, [Operand::Number(word), Operand::Number(char), ..]) = (op == NEXT_SHOW_SPACED, operands.list()) {
                (self.state.text.word_spacing, self.state.text.char_spacing) = (*word, *char);
            }
            self.move_line(0.0, -self.state.text.leading);
        }
        self.show += 1;
        let Some(font) = self.state.text.font.and_then(|f| self.fonts.get(usize::from(f))).cloned() else {
            self.tally.no_font += 1;
            return;
        };
        let mut run = self.run_of(&font);
        let mut scratch = std::mem::take(&mut self.scratch);
        for operand in operands.list() {
            scratch.clear();
            let bytes = match *operand {
                Operand::Str(raw, false) => raw,
                Operand::Str(raw, true) => {
                    unescape_string(raw, &mut scratch);
                    scratch.as_slice()
                }
                Operand::Hex(raw) => {
                    unescape_hex(raw, &mut scratch);
                    scratch.as_slice()
                }
                Operand::Number(v) if op == SHOW_ARRAY => {
                    self.adjust(&mut run, v);
                    continue;
                }
                _ => continue,
            };
            self.show_string(&mut run, bytes);
        }
        self.scratch = scratch;
    }
    #[inline(always)]
    pub(super) fn run_of<'f>(&self, font: &'f Font) -> Run<'f> {
        let text = self.state.text;
        let matrix = self.text_matrix.then(&self.state.ctm);
        let vertical = font.mode() == WritingMode::Vertical;
        let direction = |m: &Affine| if vertical { Vector { x: m.c, y: m.d } } else { Vector { x: m.a, y: m.b } };
        let em = font.type3().map_or(1.0, |t| type3_em(t.matrix));
        let up = matrix.apply_vector(0.0, text.size * em);
        let size = up.length();
        let hidden = match () {
            () if self.marked.is_off() => Some(Hidden::OptionalContent),
            () if matches!(text.render_mode, 3 | 7) => Some(Hidden::RenderMode),
            () if self.state.fill.alpha == 0.0 && matches!(text.render_mode, 0 | 4) => Some(Hidden::Transparent),
            () => None,
        };
        Run {
            safe: self.safe_area(font, size, hidden),
            font,
            font_id: FontId(text.font.unwrap_or(0)),
            text,
            matrix,
            along: direction(&matrix),
            step: direction(&self.text_matrix),
            rise: matrix.apply_vector(0.0, text.rise),
            vertical,
            unit: font.type3().map_or(0.001, |t| t.matrix[0]),
            up,
            size,
            hidden,
            style: None,
            moved_back: false,
        }
    }
    /// Where the origins of a string's glyphs leave nothing to ask: within the limit of coordinates and, if they are seen, as far from the clip's
    /// sides as their ink may reach beyond origin and advance.
    fn safe_area(&self, font: &Font, size: f64, hidden: Option<Hidden>) -> Rect {
        let limit = self.limits.coordinate;
        let near = Rect { x0: -limit, y0: -limit, x1: limit, y1: limit };
        let reach = size * f64::from(font.ascent().abs().max(font.descent().abs()).max(0.5));
        match () {
            // NaN is beyond the limit, too.
            () if size.partial_cmp(&limit).is_none_or(Ordering::is_gt) => Rect::EMPTY,
            () if hidden.is_some() => near,
            () => self.state.clip.grown(-reach).intersection(near),
        }
    }
    /// The style of a string's glyphs.
    fn style_of(&self, run: &Run<'_>) -> GlyphStyle {
        let (state, font) = (&self.state, run.font);
        GlyphStyle {
            font: run.font_id,
            size: run.size,
            up: run.up,
            ascent: font.ascent(),
            descent: font.descent(),
            mode: font.mode(),
            render_mode: run.text.render_mode,
            fill: if run.text.render_mode == 1 { state.stroke } else { state.fill },
            clip: state.clip,
            mcid: self.marked.mcid(),
            artifact: self.marked.is_artifact(),
        }
    }
    /// Gives a string its style with its first glyph.
    #[inline(never)]
    fn begin_style(&mut self, run: &mut Run<'_>) -> StyleId {
        let style = self.page.push_style(self.style_of(run));
        run.style = Some(style);
        style
    }
    /// A number of a `TJ` array: thousandths of the font size, against the writing direction.
    #[inline]
    fn adjust(&mut self, run: &mut Run<'_>, v: f64) {
        let by = -v * 0.001 * run.text.size;
        run.moved_back |= v > 0.0;
        let by = if run.vertical { by } else { by * run.text.scale };
        self.advance(run, by);
    }
    /// Moves the pen along the writing direction, in text space.
    #[inline]
    fn advance(&mut self, run: &mut Run<'_>, by: f64) {
        let (pen, on_page) = (&mut self.text_matrix, &mut run.matrix);
        (pen.e, pen.f) = (pen.e + run.step.x * by, pen.f + run.step.y * by);
        (on_page.e, on_page.f) = (on_page.e + run.along.x * by, on_page.f + run.along.y * by);
    }
    #[inline(always)]
    fn show_string(&mut self, run: &mut Run<'_>, bytes: &[u8]) {
        let font = run.font;
        let objects = &self.shared.objects;
        font.decode(objects, bytes, |info| match info.source {
            TextSource::None => self.show_unknown(run, info),
            _ => self.show_glyph(run, info),
        });
    }
    /// Shows a glyph as what it is. Too large for all the places that it is called from, it stays a function; what it calls for every glyph is part
    /// of it.
    #[inline(never)]
    pub(super) fn show_glyph(&mut self, run: &mut Run<'_>, info: &CodeInfo) {
        let step = run.step_of(info);
        let origin = run.origin();
        // What is added makes 0 of −0, for JSON tells them apart.
        let advance = Vector { x: run.along.x * step.width + 0.0, y: run.along.y * step.width + 0.0 };
        if run.moved_back {
            self.bound_advance(origin);
        }
        self.push_glyph(run, info, origin, advance);
        self.pass(run, step);
    }
    /// Shows a glyph without Unicode text, unless its Type 3 procedure shows text of its own.
    #[cold]
    #[inline(never)]
    fn show_unknown(&mut self, run: &mut Run<'_>, info: &CodeInfo) {
        if std::mem::take(&mut run.moved_back) {
            self.bound_advance(run.origin());
        }
        let does = self.proc_of(run, info);
        // A procedure may end marks that its string stands in.
        run.style = None;
        match does {
            Proc::Text => self.pass(run, run.step_of(info)),
            Proc::Shape => self.show_glyph(run, info),
            Proc::Blank => {
                let blank = CodeInfo { text: SmolStr::new_static(" "), source: TextSource::FontCmap, ..info.clone() };
                self.show_glyph(run, &blank);
            }
        }
    }
    /// Moves the pen beyond a glyph.
    #[inline(always)]
    fn pass(&mut self, run: &mut Run<'_>, step: Step) {
        self.advance(run, step.by);
        run.moved_back = step.spacing < 0.0;
    }
    /// Bounds the advance of the glyph before by the origin of the next one of the same string, where it is declared plainly too wide.
    #[inline(never)]
    fn bound_advance(&mut self, origin: Point) {
        let Some(before) = self.page.glyphs.last_mut().filter(|g| g.show == self.show) else { return };
        let (step, declared) = (origin - before.origin, before.advance);
        let length = declared.x * declared.x + declared.y * declared.y;
        let share = (step.x * declared.x + step.y * declared.y) / length;
        if share > ON_TOP && share < PLAINLY_TOO_WIDE {
            before.advance = declared * share;
        }
    }
    #[inline(always)]
    fn push_glyph(&mut self, run: &mut Run<'_>, info: &CodeInfo, origin: Point, advance: Vector) {
        let stretch = advance.x.abs() + advance.y.abs();
        let fits = |at: f64, from: f64, to: f64| from <= at - stretch && at + stretch <= to;
        let is_safe = fits(origin.x, run.safe.x0, run.safe.x1)
            && fits(origin.y, run.safe.y0, run.safe.y1)
            && self.page.glyphs.len() < self.limits.page_glyphs;
        if !is_safe && !self.is_within_limits(run, origin, stretch) {
            return;
        }
        self.tally.unusual |= !info.usual;
        let style = run.style.unwrap_or_else(|| self.begin_style(run));
        let (seq, show) = (self.seq, self.show);
        // Room is made before the glyph: it is written where it stays.
        self.page.glyphs.extend(std::iter::once_with(|| Glyph {
            text: info.text.clone(),
            raw: info.raw.as_ref().map(boxed),
            origin,
            advance,
            style,
            code: info.code,
            cid: info.cid,
            seq,
            show,
            source: info.source,
            hidden: run.hidden,
        }));
        self.seq += 1;
        if !is_safe && run.hidden.is_none() {
            self.clip_last();
        }
    }
    /// Tells whether a glyph may be pushed, and counts it where it may not.
    #[cold]
    #[inline(never)]
    fn is_within_limits(&mut self, run: &Run<'_>, origin: Point, stretch: f64) -> bool {
        let limit = self.limits.coordinate;
        // Written so that NaN is beyond the limit too.
        let is_near = origin.x.abs() <= limit && origin.y.abs() <= limit && stretch <= limit && run.size <= limit;
        let has_room = self.page.glyphs.len() < self.limits.page_glyphs;
        self.tally.far += usize::from(!is_near);
        self.tally.glyphs_cut += usize::from(is_near && !has_room);
        is_near && has_room
    }
    /// Hides the last glyph if it lies outside the clip.
    #[inline(never)]
    fn clip_last(&mut self) {
        let clipped = self.page.glyphs.last().is_some_and(|g| is_clipped(self.page.bbox(g), self.page.style(g).clip));
        if let Some(glyph) = self.page.glyphs.last_mut() {
            glyph.hidden = clipped.then_some(Hidden::Clipped);
        }
    }
    pub(super) fn begin_marked(&mut self, operands: &Operands<'_>, frame: &Frame) {
        let tag = operands.first_name().unwrap_or_default();
        let objects = &self.shared.objects;
        let property = match operands.list().last() {
            Some(Operand::Name(name)) if operands.list().len() > 1 => frame.named(objects, b"Properties", name),
            _ => None,
        };
        let dict = property.as_ref().and_then(|p| objects.resolve(p).as_dict().cloned());
        let off = tag == b"OC" && property.as_ref().is_some_and(|p| self.shared.optional.is_off(objects, p));
        let mcid = match (operands.dict_value(b"MCID"), &dict) {
            (Some(Operand::Number(n)), _) => Some(n as i64),
            (_, Some(d)) => objects.get(d, b"MCID").as_i64(),
            _ => None,
        };
        let actual = match (operands.dict_value(b"ActualText"), &dict) {
            (Some(operand), _) => operand_text(operand),
            (None, Some(d)) => objects.get(d, b"ActualText").as_str().map(crate::text_string::text_string),
            _ => None,
        };
        let mcid = mcid.and_then(|m| u32::try_from(m).ok());
        self.marked.open(mcid, tag == b"Artifact", off, actual, self.page.glyphs.len());
    }
}

#[cold]
#[inline(never)]
#[expect(clippy::borrowed_box, reason = "the box is what is copied")]
fn boxed(raw: &Box<SmolStr>) -> Box<SmolStr> {
    raw.clone()
}

/// How many units of text space an em of a Type 3 font takes. Its glyph space is free: a thousandth is usual, pixels of a bitmap font are not.
fn type3_em(matrix: [f64; 6]) -> f64 {
    let d = matrix[3].abs().max(matrix[1].abs()) * 1000.0;
    if d.is_finite() && d > 0.0 && (0.2..5.0).contains(&d) { d } else { 1.0 }
}

/// Share of a glyph's box that has to lie inside the clip for it to count as visible. Guess: less is the rim of a neighbor.
const VISIBLE_SHARE: f64 = 0.1;

/// Tells whether the clip leaves (nearly) nothing of the glyph's box.
#[inline]
fn is_clipped(bbox: Rect, clip: Rect) -> bool {
    if clip.contains_rect(&bbox, 0.0) {
        return false;
    }
    let seen = bbox.intersection(clip);
    let share = |seen: f64, whole: f64| if whole > 0.0 { seen / whole } else { seen.signum() + 1.0 };
    share(seen.width(), bbox.width()) < VISIBLE_SHARE || share(seen.height(), bbox.height()) < VISIBLE_SHARE
}

fn operand_text(operand: Operand<'_>) -> Option<String> {
    let mut bytes = Vec::new();
    match operand {
        Operand::Str(raw, _) => unescape_string(raw, &mut bytes),
        Operand::Hex(raw) => unescape_hex(raw, &mut bytes),
        _ => return None,
    }
    Some(crate::text_string::text_string(&bytes))
}
