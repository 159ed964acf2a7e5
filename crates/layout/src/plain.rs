//! The short way to the text of a page whose lines simply follow each other.
//!
//! It answers only where the long way would give the same: no paths and images, every glyph visible and upright, each line below the last and
//! drawn from left to right, no gap wide enough to part columns, nothing small enough to be ruby. Everything else is None.

use crate::LayoutParams;
use crate::chars::{Class, blank, class};
use jisseki_model::{Glyph, Page, WritingMode};

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

/// Extremes over the rows so far.
struct Extent {
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
    let mut out = String::with_capacity(page.glyphs.len() * 3 + 64);
    let mut row: Option<Row> = None;
    let mut line_begin = 0;
    let mut extent = Extent { latest_start: f64::NEG_INFINITY, first_end: f64::INFINITY, short_rows: 0, em: f64::INFINITY };
    for g in &page.glyphs {
        if !is_plain(g, page) {
            return None;
        }
        let (x0, x1) = (g.origin.x, g.origin.x + g.advance.x);
        let is_blank = blank(&g.text);
        let same = row.as_ref().is_some_and(|r| (g.origin.y - r.baseline).abs() <= 0.1 * g.size.min(r.em));
        if !same {
            if let Some(r) = row.take() {
                let step = g.origin.y - r.baseline;
                let (small, large) = (g.size.min(r.em), g.size.max(r.em));
                if step < 0.9 * large || small <= 0.8 * large && step < 1.4 * large {
                    return None;
                }
                end_row(&r, &mut out, &mut line_begin, &mut extent)?;
            }
            let last = g.text.chars().last()?;
            row = Some(Row {
                baseline: g.origin.y,
                em: g.size,
                start: x0,
                end: x1,
                inked: usize::from(!is_blank),
                last,
                blank_since: is_blank,
            });
            out.push_str(&g.text);
            continue;
        }
        let r = row.as_mut()?;
        let gap = x0 - r.end;
        let em = g.size.min(r.em);
        // Sizes may differ a little; overlaps, steps back and gaps need the long way.
        if gap < -0.05 * em || gap > 0.2 * em || (g.size - r.em).abs() >= 0.2 * g.size {
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
        r.end = x1;
        out.push_str(&g.text);
    }
    if let Some(r) = row {
        end_row(&r, &mut out, &mut line_begin, &mut extent)?;
    }
    // A white stripe with lines to its left and others to its right might part columns.
    (extent.latest_start - extent.first_end < params.column_gap * extent.em).then_some(out)
}

fn either_cjk(last: char, g: &Glyph) -> bool {
    class(last) == Class::Cjk || g.text.chars().next().is_some_and(|c| class(c) == Class::Cjk)
}

/// Closes a line; None where too many short ones follow each other (they may be a vertical stack).
fn end_row(r: &Row, out: &mut String, begin: &mut usize, extent: &mut Extent) -> Option<()> {
    if r.inked == 0 {
        out.truncate(*begin);
        return Some(());
    }
    let kept = out.get(*begin..)?.trim_end().len();
    out.truncate(*begin + kept);
    out.push('\n');
    *begin = out.len();
    extent.latest_start = extent.latest_start.max(r.start);
    extent.first_end = extent.first_end.min(r.end);
    extent.em = extent.em.min(r.em);
    extent.short_rows = if r.inked <= 3 { extent.short_rows + 1 } else { 0 };
    (extent.short_rows < 3).then_some(())
}

fn is_plain(g: &Glyph, page: &Page) -> bool {
    let c = g.fill.color;
    g.hidden.is_none()
        && g.mode == WritingMode::Horizontal
        && g.render_mode == 0
        && g.fill.alpha > 0.0
        && (c.r < 0.95 || c.g < 0.95 || c.b < 0.95)
        && g.size > 0.0
        && g.up.x.abs() < 1e-3 * g.size
        && g.up.y < 0.0
        && g.advance.x > 0.0
        && g.origin.x >= 0.0
        && g.origin.x + g.advance.x <= page.width
        && g.origin.y > 0.5 * g.size
        && g.origin.y < page.height
        && !g.text.is_empty()
        && g.clip.x0 <= g.origin.x
        && g.clip.x1 >= g.origin.x + g.advance.x
        && g.clip.y0 <= g.origin.y - 0.4 * g.size
        && g.clip.y1 >= g.origin.y
}
