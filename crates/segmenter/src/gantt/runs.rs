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
    for g in line.glyphs.iter().filter(|g| !g.annotation) {
        if g.text.chars().all(char::is_whitespace) {
            continue;
        }
        let goes_on = out.last().is_some_and(|r: &Run<'_>| {
            let (a, b) = if line.vertical { (r.bbox.y1, g.bbox.y0) } else { (r.bbox.x1, g.bbox.x0) };
            let cut = !line.vertical && cuts.iter().any(|c| r.bbox.center().x < *c && *c < g.bbox.center().x && b - a > 0.2 * em);
            b - a <= GAP * em && g.space_before != Space::Gap && !cut
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

/// Makes a line of a part of one, for the paragraph test.
pub(crate) fn run_to_line(runs: &[&Run<'_>]) -> Option<Line> {
    let first = runs.first()?;
    let glyphs: Vec<LineGlyph> = runs.iter().flat_map(|r| r.glyphs.iter().map(|g| (*g).clone())).collect();
    let bbox = runs.iter().fold(Rect::EMPTY, |b, r| b.union(r.bbox));
    let (start, end) = if first.line.vertical { (bbox.y0, bbox.y1) } else { (bbox.x0, bbox.x1) };
    Some(Line { bbox, start, end, glyphs, ..Line { glyphs: Vec::new(), ..first.line.clone() } })
}
