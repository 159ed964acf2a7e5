//! Arrows, bars and labels over a year axis → phases.

use super::axis::{Axis, YearColumn, span_to_columns};
use super::runs::Run;
use crate::narrow::squash;
use crate::profile::Profile;
use crate::vocab::{is_wrapped_phase, phase_code};
use jisseki_layout::{ArrowDirection, Cell, LineGlyph, Shape, ShapeKind};
use jisseki_model::{Phase, PhaseEvidence, Place, Rect};
use smallvec::{SmallVec, smallvec};

/// Words of one label: lines in the same shape belong together.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) text: String,
    pub(crate) bbox: Rect,
    pub(crate) em: f64,
}

/// The labels of one shape: few.
pub(crate) type Labels<'l> = SmallVec<[&'l Label; 4]>;
/// The stretch of the axis that each has.
type Spans = SmallVec<[(f64, f64); 4]>;

/// Tells whether a shape can be a phase: an arrow that runs along the axis, a bar, or a box with a label in it.
pub(crate) fn is_phase_shape(s: &Shape, labels: &[Label], axis: &Axis) -> bool {
    let over = s.bbox.x1.min(axis.right() + 4.0) - s.bbox.x0.max(axis.left() - 4.0);
    let along = match s.kind {
        ShapeKind::LineArrow(d) | ShapeKind::BlockArrow(d) => {
            !matches!(d, ArrowDirection::Up | ArrowDirection::Down | ArrowDirection::BothVertical)
        }
        ShapeKind::Bar | ShapeKind::Connector => true,
        ShapeKind::Box => labels.iter().any(|l| s.bbox.contains(l.bbox.center())),
    };
    along && over > 0.5 * s.bbox.width()
}

/// Signs that lines are set with, and bars.
const LINES: &str = "─━―ー－-‐–—=＝…‥・~～";
const BARS: &str = "■□▬◆●";
const HEADS: &str = "→⇒➡⇨⟶▶▷►＞>";

/// Takes arrows and bars that are set as text out of the runs: `────→`, `■■■■`, and what follows a word, `実施──→`, which then stands in its shape.
/// One sign alone is a mark in its year's cell.
pub(crate) fn take_drawn_runs(runs: Vec<Run<'_>>) -> (Vec<Run<'_>>, Vec<Shape>) {
    let (mut words, mut shapes) = (Vec::new(), Vec::new());
    for r in runs {
        let all_in = |glyphs: &[&LineGlyph], set: &str| glyphs.iter().all(|g| g.text.chars().all(|c| set.contains(c)));
        let drawn = |g: &&&LineGlyph| [LINES, BARS, HEADS].iter().any(|set| all_in(&[**g], set));
        let n = r.glyphs.iter().rev().take_while(drawn).count();
        let (before, signs) = r.glyphs.split_at(r.glyphs.len() - n);
        // Two strokes alone may be a mark for nothing: －－.
        let least = if all_in(signs, LINES) { 3 } else { 2 };
        if n < least {
            words.push(r);
            continue;
        }
        let pointed = signs.last().is_some_and(|g| all_in(&[*g], HEADS));
        let kind = if pointed { ShapeKind::LineArrow(ArrowDirection::Right) } else { ShapeKind::Bar };
        shapes.push(Shape { kind, bbox: r.bbox, tip: None, paths: Vec::new(), seq: 0 });
        if !before.is_empty() {
            words.push(Run::new(r.line, before));
        }
    }
    (words, shapes)
}

/// A word that is cut by a rule goes on within so many runs: cells beside each other follow each other.
const NEAR: usize = 32;

/// Puts runs back together that a rule cuts in the middle of a word: on one baseline, with nothing between them.
///
/// Words that fill their cells touch each other too: two phase words stay two.
pub(crate) fn join_cut_runs<'a>(runs: Vec<Run<'a>>, profile: &Profile) -> Vec<Run<'a>> {
    let mut out: Vec<Run<'_>> = Vec::new();
    let word = |r: &Run<'_>| phase_code(&r.text, profile).is_some();
    for r in runs {
        let em = r.line.em.max(1.0);
        let touches = |o: &Run<'_>| (o.bbox.y1 - r.bbox.y1).abs() < 0.1 * em && (r.bbox.x0 - o.bbox.x1).abs() < 0.08 * em;
        let cut = |o: &Run<'_>| touches(o) && !(std::ptr::eq(o.line, r.line) || r.line.vertical || word(o) && word(&r));
        match out.iter_mut().rev().take(NEAR).find(|o| cut(o)) {
            Some(o) => {
                o.bbox = o.bbox.union(r.bbox);
                o.text.push_str(&r.text);
                o.glyphs.extend(r.glyphs);
            }
            None => out.push(r),
        }
    }
    out
}

/// The shape and the cell that a label stands in.
type Home = (Option<usize>, Option<usize>);

/// Joins label runs: lines of one wrapped label stand in the same shape or the same year's cell, one under the other.
pub(crate) fn runs_to_labels(runs: Vec<Run<'_>>, shapes: &[&Shape], cells: &[&Cell], profile: &Profile) -> Vec<Label> {
    let shape_of = |b: &Rect| shapes.iter().position(|s| s.bbox.grown(1.0).contains(b.center()));
    let cell_of = |b: &Rect| {
        let around = cells.iter().enumerate().filter(|(_, c)| c.bbox.contains(b.center()));
        around.min_by(|x, y| x.1.bbox.width().total_cmp(&y.1.bbox.width())).map(|(i, _)| i)
    };
    let mut out: Vec<(Home, Label)> = Vec::new();
    for r in runs {
        let home = (shape_of(&r.bbox), cell_of(&r.bbox));
        let em = r.line.em.max(1.0);
        let below = |l: &Label| {
            let (dy, overlap) = (r.bbox.center().y - l.bbox.y1, r.bbox.x1.min(l.bbox.x1) - r.bbox.x0.max(l.bbox.x0));
            dy > 0.0 && dy < 1.2 * em && overlap > 0.3 * r.bbox.width().min(l.bbox.width())
        };
        // Between two items' labels in one cell lies more than the usual step between lines.
        let next_line = |l: &Label| is_wrapped_phase(&l.text, &r.text, r.bbox.y0 - l.bbox.y1 < 0.6 * em, profile);
        let goes_on = |h: &Home, l: &Label| {
            let same_shape = home.0.is_some() && h.0 == home.0;
            let other_shape = h.0.is_some() && home.0.is_some() && h.0 != home.0;
            let same_cell = home.1.is_some() && h.1 == home.1 && !other_shape && next_line(l);
            below(l) && (same_shape || same_cell)
        };
        match out.iter_mut().find(|(h, l)| goes_on(h, l)) {
            Some((_, l)) => {
                l.text.push_str(&r.text);
                l.bbox = l.bbox.union(r.bbox);
            }
            None => out.push((home, Label { text: r.text, bbox: r.bbox, em })),
        }
    }
    out.into_iter().map(|(_, l)| l).collect()
}

/// Gives every label its shape: the one around it; else the nearest within two ems, each shape once, cheapest pairs first (layout.md §9-4).
pub(crate) fn labels_to_shapes(labels: &[Label], shapes: &[&Shape], column_width: f64) -> Vec<Option<usize>> {
    let mut out: Vec<Option<usize>> =
        labels.iter().map(|l| shapes.iter().position(|s| s.bbox.grown(1.0).contains(l.bbox.center()))).collect();
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, l) in labels.iter().enumerate().filter(|(i, _)| out.get(*i).is_some_and(Option::is_none)) {
        for (j, s) in shapes.iter().enumerate().filter(|(j, _)| !out.contains(&Some(*j))) {
            let c = l.bbox.center();
            let dy = (s.bbox.y0 - l.bbox.y1).max(l.bbox.y0 - s.bbox.y1).max(0.0);
            let dx = (s.bbox.x0 - c.x).max(c.x - s.bbox.x1).max(0.0);
            let cost = dy / l.em + 2.0 * dx / column_width.max(1.0);
            if dy <= 2.0 * l.em && dx <= column_width {
                pairs.push((cost, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    for (_, i, j) in pairs {
        if out.get(i).is_some_and(Option::is_none)
            && !out.contains(&Some(j))
            && let Some(o) = out.get_mut(i)
        {
            *o = Some(j);
        }
    }
    out
}

/// Makes the phases of one shape: one a label; several labels in one long arrow split it at the column border between them.
pub(crate) fn shape_to_phases(s: &Shape, mut labels: Labels<'_>, axis: &Axis, page: u32, profile: &Profile) -> Vec<Phase> {
    let arrow = matches!(s.kind, ShapeKind::LineArrow(_) | ShapeKind::BlockArrow(_) | ShapeKind::Connector);
    let place = |b: Rect| Place { page, bbox: b };
    let span = span_to_columns(&axis.columns, s.bbox.x0, s.bbox.x1);
    if labels.is_empty() {
        let evidence = if arrow { PhaseEvidence::ArrowOnly } else { PhaseEvidence::BarOnly };
        return vec![phase("", span, axis, evidence, vec![place(s.bbox)], profile)];
    }
    let evidence = if arrow { PhaseEvidence::ArrowAndLabel } else { PhaseEvidence::BarAndLabel };
    labels.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    let spans = share_out(&labels, s.bbox.x0, s.bbox.x1, axis);
    let read = |(l, (from, to)): (&&Label, (f64, f64))| {
        let own = span_to_columns(&axis.columns, from, to);
        phase(&l.text, own, axis, evidence, vec![place(s.bbox), place(l.bbox)], profile)
    };
    labels.iter().zip(spans).map(read).collect()
}

/// Shares a stretch of the axis out among the labels that stand in it, left to right: it is cut at borders of years, so that every label stands
/// as near to the middle of its share as can be; halfway between two labels that no border parts.
pub(crate) fn share_out(labels: &[&Label], x0: f64, x1: f64, axis: &Axis) -> Spans {
    // One label, as nearly always, has all of it.
    if labels.len() == 1 {
        return smallvec![(x0, x1)];
    }
    // For each cut so far: where it may lie, the cost of the best shares before it, and the cuts that lead there.
    let mut cuts: Vec<(f64, f64, Vec<f64>)> = vec![(x0, 0.0, vec![x0])];
    for (i, l) in labels.iter().enumerate() {
        let center = l.bbox.center().x;
        let ends = match labels.get(i + 1) {
            None => vec![x1],
            Some(next) => {
                let between = axis.columns.iter().map(|c| c.x0).filter(|x| center < *x && *x < next.bbox.center().x);
                let borders: Vec<f64> = between.collect();
                if borders.is_empty() { vec![(l.bbox.x1 + next.bbox.x0) / 2.0] } else { borders }
            }
        };
        let best = |end: f64| {
            let all = cuts.iter().map(|(from, cost, path)| (cost + (center - (from + end) / 2.0).abs(), path));
            let (cost, path) = all.min_by(|a, b| a.0.total_cmp(&b.0))?;
            Some((end, cost, path.iter().copied().chain([end]).collect()))
        };
        cuts = ends.into_iter().filter_map(best).collect();
    }
    let path = cuts.into_iter().next().map(|c| c.2).unwrap_or_default();
    path.windows(2).filter_map(|w| Some((*w.first()?, *w.get(1)?))).collect()
}

/// Makes a phase of a label without a shape: the columns that it lies over.
pub(crate) fn label_to_phase(l: &Label, axis: &Axis, page: u32, profile: &Profile) -> Phase {
    let span = span_to_columns(&axis.columns, l.bbox.x0, l.bbox.x1);
    phase(&l.text, span, axis, PhaseEvidence::LabelOnly, vec![Place { page, bbox: l.bbox }], profile)
}

fn phase(text: &str, span: Option<(usize, usize)>, axis: &Axis, evidence: PhaseEvidence, places: Vec<Place>, profile: &Profile) -> Phase {
    let first: Option<&YearColumn> = span.and_then(|s| axis.columns.get(s.0));
    let mut phase = Phase {
        text: text.to_string(),
        code: phase_code(text, profile).unwrap_or("other").to_string(),
        start_fiscal_year: first.map(|c| c.year),
        end_fiscal_year: None,
        start_month: first.and_then(|c| c.months).map(|m| m.0),
        end_month: None,
        evidence,
        places,
    };
    span.into_iter().for_each(|s| end_at(&mut phase, axis, s.1));
    phase
}

/// Ends a phase with a column of the axis.
fn end_at(phase: &mut Phase, axis: &Axis, column: usize) {
    let last = axis.columns.get(column);
    phase.end_fiscal_year = last.map(|c| c.year);
    phase.end_month = last.and_then(|c| c.months).map(|m| m.1);
}

/// Reads year cells without drawn arrows: words are phases of their year, `→` carries the one before on, ○ a run of them is one phase.
pub(crate) fn labels_to_year_cells(labels: &[&Label], cells: &[&Cell], axis: &Axis, page: u32, profile: &Profile) -> Vec<Phase> {
    let mut marks: Vec<(usize, usize, &Label)> = Vec::new();
    // A merged inner cell counts for all its years; labels beside each other in one share its years out.
    let cell_of = |l: &Label| {
        let around = cells.iter().filter(|c| c.bbox.contains(l.bbox.center()) && c.bbox.x0 >= axis.left() - 3.0);
        around.min_by(|a, b| a.bbox.width().total_cmp(&b.bbox.width())).map(|c| c.bbox)
    };
    let mut rows: Vec<(Option<Rect>, Vec<&Label>)> = Vec::new();
    for l in labels {
        let cell = cell_of(l);
        let beside = |o: &&Label| (o.bbox.center().y - l.bbox.center().y).abs() < 0.5 * l.em;
        match rows.iter_mut().find(|(c, row)| c.is_some() && *c == cell && row.iter().all(beside)) {
            Some((_, row)) => row.push(l),
            None => rows.push((cell, vec![l])),
        }
    }
    for (cell, mut row) in rows {
        row.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
        let spans = match (cell, row.as_slice()) {
            (Some(c), _) => share_out(&row, c.x0, c.x1, axis),
            (None, row) => row.iter().map(|l| (l.bbox.x0, l.bbox.x1)).collect(),
        };
        for (l, (x0, x1)) in row.into_iter().zip(spans) {
            if let Some((a, b)) = span_to_columns(&axis.columns, x0, x1) {
                marks.push((a, b, l));
            }
        }
    }
    marks.sort_by(|a, b| a.0.cmp(&b.0).then(a.2.bbox.y0.total_cmp(&b.2.bbox.y0)));
    let mut out: Vec<(usize, usize, Phase)> = Vec::new();
    for (a, b, l) in marks {
        let text = squash(&l.text);
        let words: String = l.text.chars().filter(|c| !"→⇒➡⇨─━―".contains(*c) && !c.is_whitespace()).collect();
        let place = Place { page, bbox: l.bbox };
        match out.last_mut() {
            Some((_, end, p)) if words.is_empty() && text.contains('→') && *end + 1 >= a => {
                *end = b;
                end_at(p, axis, b);
                p.places.push(place);
            }
            Some((_, end, p)) if *end + 1 == a && squash(&p.text) == squash(&words) => {
                *end = b;
                end_at(p, axis, b);
                p.places.push(place);
            }
            _ if words.is_empty() || matches!(text.as_str(), "-" | "ー" | "―") => {}
            _ => out.push((a, b, phase(&words, Some((a, b)), axis, PhaseEvidence::YearCell, vec![place], profile))),
        }
    }
    out.into_iter().map(|(_, _, p)| p).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis() -> Axis {
        let columns =
            (0..4).map(|i| YearColumn { x0: f64::from(i) * 40.0, x1: f64::from(i) * 40.0 + 40.0, year: 2016 + i, months: None }).collect();
        Axis { columns, ..Axis::default() }
    }

    fn label(text: &str, center: f64) -> Label {
        Label { text: text.into(), bbox: Rect::new(center - 10.0, 0.0, center + 10.0, 10.0), em: 10.0 }
    }

    #[test]
    fn labels_stand_in_the_middle_of_their_shares() {
        let check = |centers: &[f64], want: &[(f64, f64)]| {
            let labels: Vec<Label> = centers.iter().map(|c| label("実施", *c)).collect();
            assert_eq!(share_out(&labels.iter().collect::<Vec<_>>(), 0.0, 160.0, &axis()).as_slice(), want, "{centers:?}");
        };
        check(&[20.0, 100.0], &[(0.0, 40.0), (40.0, 160.0)]);
        check(&[40.0, 120.0], &[(0.0, 80.0), (80.0, 160.0)]);
        check(&[60.0, 140.0], &[(0.0, 120.0), (120.0, 160.0)]);
        check(&[20.0, 80.0, 140.0], &[(0.0, 40.0), (40.0, 120.0), (120.0, 160.0)]);
        check(&[50.0, 74.0], &[(0.0, 62.0), (62.0, 160.0)]);
        check(&[80.0], &[(0.0, 160.0)]);
    }

    #[test]
    fn arrows_set_as_text_are_shapes() {
        let check = |text: &str, word: &str, arrow: Option<bool>| {
            let glyph = |(i, c): (usize, char)| LineGlyph {
                id: i as u32,
                text: c.to_string().into(),
                bbox: Rect::new(10.0 * i as f64, 0.0, 10.0 * i as f64 + 10.0, 10.0),
                space_before: jisseki_layout::Space::None,
                annotation: false,
            };
            let line =
                jisseki_layout::Line { em: 10.0, glyphs: Vec::from_iter(text.chars().enumerate().map(glyph)).into(), ..Default::default() };
            let run = Run { line: &line, glyphs: line.glyphs.iter().collect(), bbox: Rect::new(0.0, 0.0, 80.0, 10.0), text: text.into() };
            let (words, shapes) = take_drawn_runs(vec![run]);
            assert_eq!(words.iter().map(|r| r.text.as_str()).collect::<String>(), word, "{text}");
            assert_eq!(shapes.first().map(|s| s.kind != ShapeKind::Bar), arrow, "{text}");
        };
        check("────→", "", Some(true));
        check("実施──→", "実施", Some(true));
        check("検討→→→", "検討", Some(true));
        check("■■■■", "", Some(false));
        check("→", "→", None);
        check("検討→", "検討→", None);
        check("－－", "－－", None);
        check("随時実施", "随時実施", None);
    }

    #[test]
    fn labels_in_one_merged_cell_share_its_years() {
        let cell = Cell { bbox: Rect::new(0.0, -5.0, 160.0, 15.0), ..Cell::default() };
        let (a, b) = (label("検討", 40.0), label("実施", 120.0));
        let phases = labels_to_year_cells(&[&a, &b], &[&cell], &axis(), 1, &Profile::auto());
        let got: Vec<_> = phases.iter().map(|p| (p.text.as_str(), p.start_fiscal_year, p.end_fiscal_year)).collect();
        assert_eq!(got, [("検討", Some(2016), Some(2017)), ("実施", Some(2018), Some(2019))]);
    }
}
