//! The short way to the text of a page whose lines simply follow each other.
//!
//! It answers only where the long way would give the same: no paths and images, every glyph visible and upright, each line below the last and
//! drawn from left to right, no gap wide enough to part columns, nothing small enough to be ruby. Everything else is None.

use crate::LayoutParams;
use crate::chars::{Class, blank, class};
use jisseki_model::{Glyph, GlyphStyle, Page, WritingMode};

/// One line as it grows.
struct Row {
    baseline: f64,
    em: f64,
    start: f64,
    end: f64,
    inked: usize,
    last: char,
    blank_since: bool,
}

/// The text so far, with the extremes of its rows.
struct Lines {
    out: String,
    row: Option<Row>,
    line_begin: usize,
    latest_start: f64,
    first_end: f64,
    short_rows: usize,
    em: f64,
}

/// Returns the text if the short way is sure to be right.
pub(crate) fn page_to_plain(page: &Page, params: &LayoutParams) -> Option<String> {
    if !page.paths.is_empty() || !page.images.is_empty() {
        return None;
    }
    let mut lines = Lines {
        out: String::with_capacity(page.glyphs.len() * 3 + 64),
        row: None,
        line_begin: 0,
        latest_start: f64::NEG_INFINITY,
        first_end: f64::INFINITY,
        short_rows: 0,
        em: f64::INFINITY,
    };
    for (style, own) in page.glyphs_by_style() {
        if !is_plain(style) {
            return None;
        }
        for g in own {
            if !is_inside(g, style, page) {
                return None;
            }
            lines.push(g, style.size)?;
        }
    }
    lines.end_row()?;
    // A white stripe with lines to its left and others to its right might part columns.
    (lines.latest_start - lines.first_end < params.column_gap * lines.em).then_some(lines.out)
}

impl Lines {
    /// Adds a glyph to its line, or begins another; None where the long way has to judge.
    #[inline]
    fn push(&mut self, g: &Glyph, size: f64) -> Option<()> {
        let x0 = g.origin.x;
        let is_blank = blank(&g.text);
        match &mut self.row {
            Some(r) if (g.origin.y - r.baseline).abs() <= 0.1 * size.min(r.em) => {
                let (gap, em) = (x0 - r.end, size.min(r.em));
                // Sizes may differ a little; overlaps, steps back and gaps need the long way.
                if gap < -0.05 * em || gap > 0.2 * em || (size - r.em).abs() >= 0.2 * size {
                    // A wide advance before a blank is still one gap that the long way has to judge.
                    let solid = !is_blank && !r.blank_since && gap > 0.0 && gap <= 0.45 * em && either_cjk(r.last, g);
                    if !solid {
                        return None;
                    }
                }
                if !is_blank {
                    r.inked += 1;
                    r.last = g.text.chars().last()?;
                }
                r.blank_since = is_blank;
                r.end = x0 + g.advance.x;
            }
            before => {
                if let Some(r) = before {
                    let step = g.origin.y - r.baseline;
                    let (small, large) = (size.min(r.em), size.max(r.em));
                    if step < 0.9 * large || small <= 0.8 * large && step < 1.4 * large {
                        return None;
                    }
                }
                self.end_row()?;
                let (last, inked) = (g.text.chars().last()?, usize::from(!is_blank));
                let (baseline, end) = (g.origin.y, x0 + g.advance.x);
                self.row = Some(Row { baseline, em: size, start: x0, end, inked, last, blank_since: is_blank });
            }
        }
        self.out.push_str(&g.text);
        Some(())
    }
    /// Closes a line; None where too many short ones follow each other (they may be a vertical stack).
    fn end_row(&mut self) -> Option<()> {
        let Some(r) = self.row.take() else { return Some(()) };
        if r.inked == 0 {
            self.out.truncate(self.line_begin);
            return Some(());
        }
        let kept = self.out.get(self.line_begin..)?.trim_end().len();
        self.out.truncate(self.line_begin + kept);
        self.out.push('\n');
        self.line_begin = self.out.len();
        self.latest_start = self.latest_start.max(r.start);
        self.first_end = self.first_end.min(r.end);
        self.em = self.em.min(r.em);
        self.short_rows = if r.inked <= 3 { self.short_rows + 1 } else { 0 };
        (self.short_rows < 3).then_some(())
    }
}

fn either_cjk(last: char, g: &Glyph) -> bool {
    class(last) == Class::Cjk || g.text.chars().next().is_some_and(|c| class(c) == Class::Cjk)
}

/// Upright text of some size in some color but (nearly) white.
fn is_plain(style: &GlyphStyle) -> bool {
    let c = style.fill.color;
    style.mode == WritingMode::Horizontal
        && style.render_mode == 0
        && style.fill.alpha > 0.0
        && (c.r < 0.95 || c.g < 0.95 || c.b < 0.95)
        && style.size > 0.0
        && style.up.x.abs() < 1e-3 * style.size
        && style.up.y < 0.0
}

/// A glyph that runs forward, on the page and inside its clip.
#[inline]
fn is_inside(g: &Glyph, style: &GlyphStyle, page: &Page) -> bool {
    let (clip, end) = (&style.clip, g.origin.x + g.advance.x);
    g.hidden.is_none()
        && g.advance.x > 0.0
        && g.origin.x >= 0.0
        && end <= page.width
        && g.origin.y > 0.5 * style.size
        && g.origin.y < page.height
        && !g.text.is_empty()
        && clip.x0 <= g.origin.x
        && clip.x1 >= end
        && clip.y0 <= g.origin.y - 0.4 * style.size
        && clip.y1 >= g.origin.y
}
