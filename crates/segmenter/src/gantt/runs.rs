//! Runs of glyphs in a plan: years, item text, labels.

use crate::years::text_to_year;
use jisseki_layout::{Line, LineGlyph, Space};
use jisseki_model::Rect;
use smallvec::SmallVec;
use std::borrow::Cow;

/// Words of a plan are short.
type Glyphs<'a> = SmallVec<[&'a LineGlyph; 8]>;

/// Glyphs of one line without a wide gap between them.
#[derive(Debug, Clone)]
pub(crate) struct Run<'a> {
    pub(crate) line: &'a Line,
    pub(crate) glyphs: Glyphs<'a>,
    pub(crate) bbox: Rect,
    pub(crate) text: String,
}

/// A gap of this many ems ends a run: labels of neighboring arrows stand on one baseline.
const GAP: f64 = 0.9;

impl<'a> Run<'a> {
    /// Makes a run of glyphs of a line, in reading order.
    pub(crate) fn new(line: &'a Line, glyphs: &[&'a LineGlyph]) -> Run<'a> {
        let bbox = glyphs.iter().fold(Rect::EMPTY, |b, g| b.union(g.bbox));
        let mut text = String::with_capacity(3 * glyphs.len());
        text.extend(glyphs.iter().map(|g| g.text.as_str()));
        Run { line, glyphs: glyphs.into(), bbox, text }
    }
}

/// Cuts lines at their gaps and between years.
pub(crate) fn lines_to_runs<'a>(lines: &'a [Cow<'_, Line>]) -> Vec<Run<'a>> {
    let mut out: Vec<Run<'a>> = Vec::with_capacity(2 * lines.len());
    for line in lines {
        glyphs_to_runs(line, &unwoven(line), &[], &mut out);
    }
    out
}

/// Cuts runs at every x of `cuts` that lies in a gap of at least 0.2 em.
pub(crate) fn cut_runs<'a>(runs: Vec<Run<'a>>, cuts: &[f64]) -> Vec<Run<'a>> {
    let mut out: Vec<Run<'a>> = Vec::with_capacity(runs.len());
    for run in runs {
        if cuts.iter().any(|c| run.bbox.x0 < *c && *c < run.bbox.x1) {
            glyphs_to_runs(run.line, &run.glyphs, cuts, &mut out);
        } else {
            out.push(run);
        }
    }
    out
}

fn glyphs_to_runs<'a>(line: &'a Line, glyphs: &[&'a LineGlyph], cuts: &[f64], out: &mut Vec<Run<'a>>) {
    let mut rest = glyphs;
    while !rest.is_empty() {
        let (own, after) = rest.split_at(run_length(line, rest, cuts));
        let run = Run::new(line, own);
        match run_to_years(&run) {
            Some(years) => out.extend(years),
            None => out.push(run),
        }
        rest = after;
    }
}

/// Returns how many glyphs from the first on are one run.
fn run_length(line: &Line, glyphs: &[&LineGlyph], cuts: &[f64]) -> usize {
    let em = line.em.max(1.0);
    let mut run = glyphs.first().map_or(Rect::EMPTY, |g| g.bbox);
    let begins = |g: &&LineGlyph| {
        let gap = if line.vertical { g.bbox.y0 - run.y1 } else { g.bbox.x0 - run.x1 };
        let cut = !line.vertical && gap > 0.2 * em && cuts.iter().any(|c| run.center().x < *c && *c < g.bbox.center().x);
        let begins = gap > GAP * em || gap < -0.5 * em || cut || g.space_before == Space::Gap;
        run = run.union(g.bbox);
        begins
    };
    glyphs.iter().skip(1).position(begins).map_or(glyphs.len(), |i| i + 1)
}

/// Cuts a run between close years, `28年度 29年度` with real blanks; `None` where it is anything else.
fn run_to_years<'a>(run: &Run<'a>) -> Option<Vec<Run<'a>>> {
    let mut rest = run.glyphs.as_slice();
    let mut length = word_length(run.line, rest);
    if length == rest.len() || text_to_year(&run.text).is_some() {
        return None;
    }
    let mut years = Vec::new();
    while length > 0 {
        let (own, after) = rest.split_at(length);
        let word = Run::new(run.line, own);
        text_to_year(&word.text)?;
        years.push(word);
        (rest, length) = (after, word_length(run.line, after));
    }
    Some(years)
}

/// Returns how many glyphs from the first on are one word.
fn word_length(line: &Line, glyphs: &[&LineGlyph]) -> usize {
    let mut x1 = glyphs.first().map_or(0.0, |g| g.bbox.x1);
    let begins = |g: &&LineGlyph| {
        let gap = g.bbox.x0 - x1;
        x1 = x1.max(g.bbox.x1);
        gap > 0.3 * line.em.max(1.0)
    };
    glyphs.iter().skip(1).position(begins).map_or(glyphs.len(), |i| i + 1)
}

/// Returns a line's glyphs in reading order, blanks left out. Where a label that is wider than its year lies over an item's text, glyphs of both
/// alternate from left to right: they are told apart by the order in which they were drawn.
fn unwoven(line: &Line) -> Glyphs<'_> {
    let inked = |g: &&LineGlyph| !g.annotation && !g.text.chars().all(char::is_whitespace);
    let mut glyphs: Glyphs<'_> = line.glyphs.iter().filter(inked).collect();
    // Touching glyphs overlap by a kern at most.
    let over = glyphs.windows(2).filter(|w| matches!(w, [a, b] if b.bbox.x0 < a.bbox.x1 - 0.25 * line.em)).count();
    if over >= 2 && !line.vertical {
        glyphs.sort_by_key(|g| g.id);
    }
    glyphs
}

/// Makes a line of a part of one, for the paragraph test.
pub(crate) fn run_to_line(runs: &[Run<'_>]) -> Option<Line> {
    let first = runs.first()?;
    let mut glyphs: Vec<LineGlyph> = Vec::with_capacity(runs.iter().map(|r| r.glyphs.len()).sum());
    glyphs.extend(runs.iter().flat_map(|r| r.glyphs.iter().copied()).cloned());
    let bbox = runs.iter().fold(Rect::EMPTY, |b, r| b.union(r.bbox));
    let (start, end) = if first.line.vertical { (bbox.y0, bbox.y1) } else { (bbox.x0, bbox.x1) };
    Some(Line { bbox, start, end, glyphs: glyphs.into(), ..first.line.clone() })
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
        let line = Line { em: 10.0, glyphs: glyphs.into(), ..Line::default() };
        let runs: Vec<String> = lines_to_runs(&[Cow::Borrowed(&line)]).into_iter().map(|r| r.text).collect();
        assert_eq!(runs, ["チェック", "検討整備"]);
    }
}
