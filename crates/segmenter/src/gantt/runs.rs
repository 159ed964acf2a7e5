//! Runs of glyphs in a plan: years, item text, labels.

use jisseki_layout::{Line, LineGlyph, Space};
use jisseki_model::Rect;

/// Glyphs of one line without a wide gap between them.
#[derive(Debug, Clone)]
pub(crate) struct Run<'a> {
    pub(crate) line: &'a Line,
    pub(crate) glyphs: Vec<&'a LineGlyph>,
    pub(crate) bbox: Rect,
    pub(crate) text: String,
}

/// A gap of this many ems ends a run: labels of neighboring arrows stand on one baseline.
const GAP: f64 = 0.9;

/// Cuts a line at its gaps, and at every x of `cuts` that lies in a gap of at least 0.2 em.
pub(crate) fn line_to_runs<'a>(line: &'a Line, cuts: &[f64]) -> Vec<Run<'a>> {
    let mut out: Vec<Run<'a>> = Vec::new();
    let em = line.em.max(1.0);
    for g in unwoven(line) {
        if g.text.chars().all(char::is_whitespace) {
            continue;
        }
        let goes_on = out.last().is_some_and(|r: &Run<'_>| {
            let (a, b) = if line.vertical { (r.bbox.y1, g.bbox.y0) } else { (r.bbox.x1, g.bbox.x0) };
            let back = b - a < -0.5 * em;
            let cut = !line.vertical && cuts.iter().any(|c| r.bbox.center().x < *c && *c < g.bbox.center().x && b - a > 0.2 * em);
            b - a <= GAP * em && g.space_before != Space::Gap && !cut && !back
        });
        match out.last_mut() {
            Some(r) if goes_on => {
                r.glyphs.push(g);
                r.bbox = r.bbox.union(g.bbox);
                r.text.push_str(&g.text);
            }
            _ => out.push(Run { line, glyphs: vec![g], bbox: g.bbox, text: g.text.to_string() }),
        }
    }
    out
}

/// Returns a line's glyphs in reading order. Where a label that is wider than its year lies over an item's text, glyphs of both alternate from left to
/// right: they are told apart by the order in which they were drawn.
fn unwoven(line: &Line) -> Vec<&LineGlyph> {
    let mut glyphs: Vec<&LineGlyph> = line.glyphs.iter().filter(|g| !g.annotation).collect();
    let inked = || line.glyphs.iter().filter(|g| !g.annotation && !g.text.chars().all(char::is_whitespace));
    // Touching glyphs overlap by a kern at most.
    let over = inked().zip(inked().skip(1)).filter(|(a, b)| b.bbox.x0 < a.bbox.x1 - 0.25 * line.em).count();
    if over >= 2 && !line.vertical {
        glyphs.sort_by_key(|g| g.id);
    }
    glyphs
}

/// Makes a line of a part of one, for the paragraph test.
pub(crate) fn run_to_line(runs: &[&Run<'_>]) -> Option<Line> {
    let first = runs.first()?;
    let glyphs: Vec<LineGlyph> = runs.iter().flat_map(|r| r.glyphs.iter().map(|g| (*g).clone())).collect();
    let bbox = runs.iter().fold(Rect::EMPTY, |b, r| b.union(r.bbox));
    let (start, end) = if first.line.vertical { (bbox.y0, bbox.y1) } else { (bbox.x0, bbox.x1) };
    Some(Line { bbox, start, end, glyphs, ..Line { glyphs: Vec::new(), ..first.line.clone() } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_that_lies_over_an_items_text_is_told_from_it() {
        let glyph = |id: u32, c: &str, x: f64| LineGlyph {
            id,
            text: c.into(),
            bbox: Rect::new(x, 0.0, x + 10.0, 10.0),
            space_before: Space::None,
            annotation: false,
        };
        let mut glyphs: Vec<LineGlyph> =
            "チェック".chars().enumerate().map(|(i, c)| glyph(i as u32, &c.to_string(), 10.0 * i as f64)).collect();
        glyphs.extend("検討整備".chars().enumerate().map(|(i, c)| glyph(20 + i as u32, &c.to_string(), 24.0 + 10.0 * i as f64)));
        glyphs.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
        let line = Line { em: 10.0, glyphs, ..Line::default() };
        let runs: Vec<String> = line_to_runs(&line, &[]).into_iter().map(|r| r.text).collect();
        assert_eq!(runs, ["チェック", "検討整備"]);
    }
}
