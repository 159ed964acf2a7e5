//! Arrows, bars and labels over a year axis → phases.

use super::axis::{Axis, YearColumn, span_to_columns};
use super::runs::Run;
use crate::narrow::squash;
use crate::profile::Profile;
use crate::vocab::phase_code;
use jisseki_layout::{ArrowDirection, Cell, Shape, ShapeKind};
use jisseki_model::{Phase, PhaseEvidence, Place, Rect};

/// Words of one label: lines in the same shape belong together.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) text: String,
    pub(crate) bbox: Rect,
    pub(crate) em: f64,
}

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

/// Joins label runs: lines of one wrapped label stand in the same shape, one under the other.
pub(crate) fn runs_to_labels(runs: &[Run<'_>], shapes: &[&Shape]) -> Vec<Label> {
    let shape_of = |b: &Rect| shapes.iter().position(|s| s.bbox.grown(1.0).contains(b.center()));
    let mut out: Vec<(Option<usize>, Label)> = Vec::new();
    for r in runs {
        let shape = shape_of(&r.bbox);
        let em = r.line.em.max(1.0);
        let below = |l: &Label| {
            let (dy, overlap) = (r.bbox.center().y - l.bbox.y1, r.bbox.x1.min(l.bbox.x1) - r.bbox.x0.max(l.bbox.x0));
            dy > 0.0 && dy < 1.2 * em && overlap > 0.3 * r.bbox.width().min(l.bbox.width())
        };
        match out.iter_mut().find(|(s, l)| shape.is_some() && *s == shape && below(l)) {
            Some((_, l)) => {
                l.text.push_str(&r.text);
                l.bbox = l.bbox.union(r.bbox);
            }
            None => out.push((shape, Label { text: r.text.clone(), bbox: r.bbox, em })),
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
pub(crate) fn shape_to_phases(s: &Shape, labels: &[&Label], axis: &Axis, page: u32, profile: &Profile) -> Vec<Phase> {
    let arrow = matches!(s.kind, ShapeKind::LineArrow(_) | ShapeKind::BlockArrow(_) | ShapeKind::Connector);
    let place = |b: Rect| Place { page, bbox: b };
    let span = span_to_columns(&axis.columns, s.bbox.x0, s.bbox.x1);
    if labels.is_empty() {
        let evidence = if arrow { PhaseEvidence::ArrowOnly } else { PhaseEvidence::BarOnly };
        return vec![phase("", span, axis, evidence, vec![place(s.bbox)], profile)];
    }
    let evidence = if arrow { PhaseEvidence::ArrowAndLabel } else { PhaseEvidence::BarAndLabel };
    let mut sorted = labels.to_vec();
    sorted.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    let mut from = s.bbox.x0;
    let mut out = Vec::new();
    for (i, l) in sorted.iter().enumerate() {
        let to = match sorted.get(i + 1) {
            Some(next) => {
                let middle = (l.bbox.x1 + next.bbox.x0) / 2.0;
                let borders = axis.columns.iter().map(|c| c.x0).filter(|x| l.bbox.center().x < *x && *x < next.bbox.center().x);
                borders.min_by(|a, b| (a - middle).abs().total_cmp(&(b - middle).abs())).unwrap_or(middle)
            }
            None => s.bbox.x1,
        };
        let own = span_to_columns(&axis.columns, from, to);
        out.push(phase(&l.text, own, axis, evidence, vec![place(s.bbox), place(l.bbox)], profile));
        from = to;
    }
    out
}

/// Makes a phase of a label without a shape: the columns that it lies over.
pub(crate) fn label_to_phase(l: &Label, axis: &Axis, page: u32, profile: &Profile) -> Phase {
    let span = span_to_columns(&axis.columns, l.bbox.x0, l.bbox.x1);
    phase(&l.text, span, axis, PhaseEvidence::LabelOnly, vec![Place { page, bbox: l.bbox }], profile)
}

fn phase(text: &str, span: Option<(usize, usize)>, axis: &Axis, evidence: PhaseEvidence, places: Vec<Place>, profile: &Profile) -> Phase {
    let year = |i: usize| axis.columns.get(i).map(|c: &YearColumn| c.year);
    Phase {
        text: text.to_string(),
        code: phase_code(text, profile).unwrap_or("other").to_string(),
        start_fiscal_year: span.and_then(|s| year(s.0)),
        end_fiscal_year: span.and_then(|s| year(s.1)),
        evidence,
        places,
    }
}

/// Reads year cells without drawn arrows: words are phases of their year, `→` carries the one before on, ○ a run of them is one phase.
pub(crate) fn labels_to_year_cells(labels: &[&Label], cells: &[&Cell], axis: &Axis, page: u32, profile: &Profile) -> Vec<Phase> {
    let mut marks: Vec<(usize, usize, &Label)> = Vec::new();
    for l in labels {
        // A merged inner cell counts for all its years.
        let cell = cells
            .iter()
            .filter(|c| c.bbox.contains(l.bbox.center()) && c.bbox.x0 >= axis.left() - 3.0)
            .min_by(|a, b| a.bbox.width().total_cmp(&b.bbox.width()));
        let (x0, x1) = cell.map_or((l.bbox.x0, l.bbox.x1), |c| (c.bbox.x0, c.bbox.x1));
        if let Some((a, b)) = span_to_columns(&axis.columns, x0, x1) {
            marks.push((a, b, l));
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
                (*end, p.end_fiscal_year) = (b, axis.columns.get(b).map(|c| c.year));
                p.places.push(place);
            }
            Some((_, end, p)) if *end + 1 == a && squash(&p.text) == squash(&words) => {
                (*end, p.end_fiscal_year) = (b, axis.columns.get(b).map(|c| c.year));
                p.places.push(place);
            }
            _ if words.is_empty() || matches!(text.as_str(), "-" | "ー" | "―") => {}
            _ => out.push((a, b, phase(&words, Some((a, b)), axis, PhaseEvidence::YearCell, vec![place], profile))),
        }
    }
    out.into_iter().map(|(_, _, p)| p).collect()
}
