//! Marked content (ISO 32000-2 §14.6): ActualText, artifacts, MCIDs, optional content.

use super::Interpreter;
use crate::structure::Replacement;
use jisseki_model::{Glyph, TextSource};
use smol_str::SmolStr;
use std::collections::HashMap;

/// One open `BMC`/`BDC`.
#[derive(Debug, Clone, Default)]
struct Mark {
    mcid: Option<u32>,
    artifact: bool,
    off: bool,
    /// `ActualText` and the first glyph it replaces.
    actual: Option<(String, usize)>,
}

/// What the open marks say together.
#[derive(Debug, Default)]
pub(super) struct Marks {
    open: Vec<Mark>,
    /// Opened beyond [`MAX_OPEN`]; their ends are counted.
    uncounted: usize,
    artifacts: usize,
    offs: usize,
    mcid: Option<u32>,
    replacing: bool,
    replaced: bool,
}

/// Marks kept; deeper ones only counted. Picked by gut feeling.
const MAX_OPEN: usize = 256;

impl Marks {
    pub(super) fn is_off(&self) -> bool {
        self.offs > 0
    }
    pub(super) fn is_artifact(&self) -> bool {
        self.artifacts > 0
    }
    pub(super) fn mcid(&self) -> Option<u32> {
        self.mcid
    }
    /// Tells whether glyphs were given another text.
    pub(super) fn replaced(&self) -> bool {
        self.replaced
    }
    pub(super) fn depth(&self) -> usize {
        self.open.len() + self.uncounted
    }
    /// Hides what follows until the matching [`Marks::close`] (optional content that is off).
    pub(super) fn open(&mut self, mcid: Option<u32>, artifact: bool, off: bool, actual: Option<String>, n_glyphs: usize) {
        if self.open.len() >= MAX_OPEN {
            self.uncounted += 1;
            return;
        }
        // Of nested replacement texts the outer one holds for all.
        let actual = actual.filter(|_| !self.replacing).map(|text| (folded(text), n_glyphs));
        self.replacing |= actual.is_some();
        self.artifacts += usize::from(artifact);
        self.offs += usize::from(off);
        self.mcid = mcid.or(self.mcid);
        self.open.push(Mark { mcid, artifact, off, actual });
    }
    /// Ends the innermost mark and gives its glyphs their replacement text.
    pub(super) fn close(&mut self, glyphs: &mut [Glyph]) {
        if self.uncounted > 0 {
            self.uncounted -= 1;
            return;
        }
        let Some(mark) = self.open.pop() else { return };
        self.artifacts -= usize::from(mark.artifact);
        self.offs -= usize::from(mark.off);
        if mark.mcid.is_some() {
            self.mcid = self.open.iter().rev().find_map(|m| m.mcid);
        }
        if let Some((text, from)) = mark.actual {
            (self.replacing, self.replaced) = (false, true);
            replace_text(glyphs.get_mut(from..).unwrap_or_default(), &text);
        }
    }
}

impl Interpreter<'_, '_, '_> {
    /// Gives marked content the text of its structure elements, but for what has a replacement text of its own.
    pub(super) fn replace_by_structure(&mut self, replacements: &[Replacement]) {
        if replacements.is_empty() {
            return;
        }
        self.tally.unusual = true;
        let owners: HashMap<u32, usize> = replacements.iter().enumerate().flat_map(|(i, r)| r.mcids.iter().map(move |m| (*m, i))).collect();
        let mut places: Vec<Vec<usize>> = vec![Vec::new(); replacements.len()];
        let mut forms = self.form_glyphs.iter().peekable();
        for (at, glyph) in self.page.glyphs.iter().enumerate() {
            while forms.next_if(|f| f.end <= at).is_some() {}
            let in_form = forms.peek().is_some_and(|f| f.contains(&at));
            let owner = self.page.style(glyph).mcid.filter(|_| !in_form).and_then(|m| owners.get(&m));
            if let Some(places) = owner.and_then(|i| places.get_mut(*i)) {
                places.push(at);
            }
        }
        for (replacement, places) in replacements.iter().zip(&places) {
            let mut glyphs: Vec<Glyph> = places.iter().filter_map(|at| self.page.glyphs.get(*at).cloned()).collect();
            if glyphs.iter().any(|g| g.source == TextSource::ActualText) || is_misplaced(&glyphs, &replacement.text) {
                continue;
            }
            replace_text(&mut glyphs, &folded(replacement.text.clone()));
            for (at, glyph) in places.iter().zip(glyphs) {
                if let Some(slot) = self.page.glyphs.get_mut(*at) {
                    *slot = glyph;
                }
            }
        }
    }
}

/// A replacement text has at least a character for so many legible glyphs.
const TOO_SHORT: usize = 4;
/// A legible glyph has at most so many characters of a replacement text.
const TOO_LONG: usize = 2;
/// Up to so many legible glyphs may stand for any text: a ligature, a mark, a row of dots.
const FEW_GLYPHS: usize = 4;

/// Tells whether a structure element's text is so much shorter than what its glyphs say, or so much longer, that it is not theirs: editors move marks
/// (seen in orders edited by Acrobat, where a blank stood for a whole address).
fn is_misplaced(glyphs: &[Glyph], text: &str) -> bool {
    let legible = glyphs.iter().filter(|g| !g.is_blank() && g.source != TextSource::None).count();
    let said = text.chars().filter(|c| !c.is_whitespace()).count();
    legible > FEW_GLYPHS && (legible > TOO_SHORT * said || said > TOO_LONG * legible)
}

fn folded(text: String) -> String {
    crate::font::fold(&text).map_or(text, String::from)
}

/// Gives a run of glyphs the text that stands for all of them, one character a glyph where the numbers agree.
fn replace_text(glyphs: &mut [Glyph], text: &str) {
    if glyphs.is_empty() {
        return;
    }
    if text.chars().count() == glyphs.len() {
        return replace_between(glyphs, text);
    }
    // The same text as the glyphs' own, but for blanks that were not drawn: the glyphs keep theirs.
    let own: String = glyphs.iter().map(|g| g.text.as_str()).collect();
    if own.split_whitespace().eq(text.split_whitespace()) {
        glyphs.iter_mut().for_each(|g| g.source = TextSource::ActualText);
        return;
    }
    // Glyphs whose text agrees from the front and from the back keep it; those between share what is left.
    let mut front = 0;
    let mut rest = text;
    while let Some(after) = glyphs.get(front).filter(|g| !g.text.is_empty()).and_then(|g| rest.strip_prefix(g.text.as_str())) {
        (front, rest) = (front + 1, after);
    }
    let mut back = glyphs.len();
    while back > front
        && let Some(before) = glyphs.get(back - 1).filter(|g| !g.text.is_empty()).and_then(|g| rest.strip_suffix(g.text.as_str()))
    {
        (back, rest) = (back - 1, before);
    }
    if front == back && !rest.trim().is_empty() {
        // Text without a glyph of its own goes to its neighbor.
        front = front.saturating_sub(1);
        back = (front + 1).min(glyphs.len());
        let own = glyphs.get(front).map(|g| g.text.clone()).unwrap_or_default();
        let joined = format!("{own}{rest}");
        replace_between(glyphs.get_mut(front..back).unwrap_or_default(), &joined);
    } else {
        replace_between(glyphs.get_mut(front..back).unwrap_or_default(), rest);
    }
    glyphs.iter_mut().for_each(|g| g.source = TextSource::ActualText);
}

/// One character a glyph where the numbers agree, else all of it to the first.
fn replace_between(glyphs: &mut [Glyph], text: &str) {
    if text.chars().count() == glyphs.len() {
        for (glyph, c) in glyphs.iter_mut().zip(text.chars()) {
            set_text(glyph, c.encode_utf8(&mut [0; 4]));
        }
        return;
    }
    for (i, glyph) in glyphs.iter_mut().enumerate() {
        set_text(glyph, if i == 0 { text } else { "" });
    }
}

fn set_text(glyph: &mut Glyph, text: &str) {
    glyph.source = TextSource::ActualText;
    if glyph.text != text {
        let before = std::mem::replace(&mut glyph.text, SmolStr::new(text));
        // U+FFFD says nothing that would be worth keeping.
        glyph.raw = glyph.raw.take().or_else(|| Some(Box::new(before))).filter(|raw| **raw != "\u{FFFD}" && **raw != text);
    }
}
