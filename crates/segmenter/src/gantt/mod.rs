//! Plans (工程): a year axis, items, and arrows, bars or words over it → phases with fiscal years (layout.md §9).

mod axis;
mod items;
mod phases;
mod runs;

use crate::fields::Context;
use crate::ledger::{Class, Ledger};
use crate::raw::PlanPart;
use crate::years::text_to_year;
use axis::{Axis, header_to_axis, runs_to_axis};
use items::{Item, runs_to_items};
use jisseki_layout::{Cell, Shape, ShapeKind};
use jisseki_model::{Place, Rect, Schedule, Warning};
use phases::{
    Label, Labels, is_phase_shape, join_cut_runs, label_to_phase, labels_to_shapes, labels_to_year_cells, runs_to_labels, shape_to_phases,
    take_drawn_runs,
};
use runs::{Run, cut_runs, lines_to_runs};
use std::borrow::Cow;

/// Reads a record's plan, page by page.
///
/// Warns: `segment/axis-from-text`, `segment/no-axis`, `segment/label-without-arrow`, `segment/arrow-without-label`, `segment/unknown-phase`.
pub(crate) fn parts_to_schedule(
    parts: &[PlanPart<'_>],
    cx: &Context<'_>,
    ledger: &mut Ledger,
    warnings: &mut Vec<Warning>,
) -> Option<Schedule> {
    let mut items: Vec<Item> = Vec::new();
    let mut years: Vec<i32> = Vec::new();
    let mut before: Option<(f64, Axis)> = None;
    for plan in parts {
        let runs = lines_to_runs(&plan.part.lines);
        let found = find_axis(plan, &runs, cx, before.as_ref());
        if let Some(axis) = &found {
            if years.is_empty() {
                years = axis.columns.iter().map(|c| c.year).collect();
                years.dedup();
            }
            before = Some((plan.part.bbox.x0, axis.clone()));
        }
        read_part(plan, runs, found.as_ref(), cx, ledger, &mut items, warnings);
    }
    let items: Vec<_> = items.into_iter().map(|i| i.item).filter(|i| !i.text.is_empty() || !i.phases.is_empty()).collect();
    (!items.is_empty() || !years.is_empty()).then_some(Schedule { fiscal_years: years, items })
}

fn find_axis(plan: &PlanPart<'_>, runs: &[Run<'_>], cx: &Context<'_>, before: Option<&(f64, Axis)>) -> Option<Axis> {
    let cells = all_cells(&plan.cells);
    runs_to_axis(runs, &plan.part.bbox, &cells, &plan.rulings, cx.near)
        .or_else(|| header_to_axis(&plan.axis, &plan.part.bbox, cx.near))
        .or_else(|| {
            // On a later page the axis isn't repeated: the one before, moved along.
            let (x, axis) = before?;
            let mut moved = axis.clone();
            let dx = plan.part.bbox.x0 - x;
            moved.columns.iter_mut().for_each(|c| (c.x0, c.x1) = (c.x0 + dx, c.x1 + dx));
            (moved.bottom, moved.marks) = (plan.part.bbox.y0, Vec::new());
            Some(moved)
        })
}

/// Returns the cells and those of tables nested in them.
fn all_cells<'c>(cells: &'c [Cow<'_, Cell>]) -> Vec<&'c Cell> {
    cells.iter().map(AsRef::as_ref).flat_map(|c: &Cell| std::iter::once(c).chain(c.tables.iter().flat_map(|t| t.cells.iter()))).collect()
}

fn read_part<'p>(
    plan: &'p PlanPart<'_>,
    runs: Vec<Run<'p>>,
    axis: Option<&Axis>,
    cx: &Context<'_>,
    ledger: &mut Ledger,
    items: &mut Vec<Item>,
    warnings: &mut Vec<Warning>,
) {
    let none = Axis { bottom: plan.part.bbox.y0, ..Axis::default() };
    let place = Place { page: plan.part.number, bbox: plan.part.bbox };
    let shapes: Vec<&Shape> = plan.shapes.iter().map(AsRef::as_ref).collect();
    if axis.is_none() && shapes.iter().any(|s| !matches!(s.kind, ShapeKind::Box | ShapeKind::Bar)) {
        warnings.push(Warning::new("segment/no-axis", "arrows were drawn in the plan, but no row of years was found over them").at(place));
    }
    let axis = axis.unwrap_or(&none);
    if axis.from_text && !axis.columns.is_empty() {
        warnings.push(
            Warning::new("segment/axis-from-text", "no lines are drawn between the years; their columns end halfway between the texts")
                .at(place),
        );
    }
    let cuts: Vec<f64> = axis.columns.iter().map(|c| c.x0).collect();
    let mut left: Vec<Run<'_>> = Vec::new();
    let mut right: Vec<Run<'_>> = Vec::new();
    for run in cut_runs(runs, &cuts) {
        let heading = run.bbox.center().y <= axis.bottom && !axis.marks.is_empty();
        let year =
            axis.marks.iter().any(|m| m.contains(run.bbox.center())) || (run.bbox.x0 > axis.left() && text_to_year(&run.text).is_some());
        if heading || year {
            ledger.claim(plan.part.page, run.line, Class::Header);
        } else if run.bbox.center().x < axis.left() {
            left.push(run);
        } else {
            right.push(run);
        }
    }
    let cells = all_cells(&plan.cells);
    let own = runs_to_items(&left, &plan.part, &cells, items, ledger);
    let from = items.len();
    items.extend(own);
    ledger.claim_all(plan.part.page, right.iter().map(|r| r.line), Class::Record);
    if axis.columns.is_empty() {
        return;
    }
    let (mut right, mut drawn) = take_drawn_runs(join_cut_runs(right, cx.profile));
    right.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    drawn.extend(cells_to_bars(&cells, axis));
    let shapes: Vec<&Shape> = shapes.into_iter().chain(&drawn).collect();
    let labels = runs_to_labels(right, &shapes, &cells, cx.profile);
    let shapes: Vec<&Shape> = shapes.into_iter().filter(|s| is_phase_shape(s, &labels, axis)).collect();
    if items.len() == from && (!shapes.is_empty() || !labels.is_empty()) {
        // No item column: the row is the record's own.
        items.push(Item { top: plan.part.bbox.y0, bottom: plan.part.bbox.y1, ..Item::default() });
    }
    let Some(own) = items.get_mut(from..) else { return };
    add_phases(own, &labels, &shapes, &cells, axis, plan.part.number, cx, warnings);
}

/// Shade of which no channel is darker is paper, or a row's tint: not drawn to be seen as a bar. Zebra rows measure 0.96–0.98.
const TINT: f64 = 0.95;

/// Shaded cells under the years are bars: neighbors in a row are one. A shade that the whole plan has, or the item beside it too, is a background.
fn cells_to_bars(cells: &[&Cell], axis: &Axis) -> Vec<Shape> {
    let under = |c: &&&Cell| {
        c.tables.is_empty() && c.bbox.center().x > axis.left() && c.bbox.center().x < axis.right() && c.bbox.center().y > axis.bottom
    };
    let dark = |c: &Cell| c.shade.filter(|s| f64::from(s.r.min(s.g).min(s.b)) < TINT);
    let tinted: Vec<&&Cell> = cells.iter().filter(|c| c.bbox.center().x < axis.left() && dark(c).is_some()).collect();
    let background = |c: &Cell| tinted.iter().any(|t| t.shade == c.shade && t.bbox.y0 < c.bbox.center().y && c.bbox.center().y < t.bbox.y1);
    let mut shaded: Vec<&Cell> = cells.iter().filter(under).filter(|c| dark(c).is_some() && !background(c)).copied().collect();
    let alike = shaded.windows(2).all(|w| matches!(w, [a, b] if a.shade == b.shade));
    if alike && shaded.len() == cells.iter().filter(under).count() {
        return Vec::new();
    }
    shaded.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    let mut out: Vec<(Shape, jisseki_model::Color)> = Vec::new();
    for c in shaded {
        let Some(color) = c.shade else { continue };
        let same_row = |s: &Shape| (s.bbox.y0 - c.bbox.y0).abs() < 2.0 && (s.bbox.y1 - c.bbox.y1).abs() < 2.0;
        match out.last_mut() {
            // Between two bars of neighboring years lies a strip without shade, however narrow.
            Some((s, k)) if same_row(s) && (c.bbox.x0 - s.bbox.x1).abs() < 1.0 && *k == color => s.bbox = s.bbox.union(c.bbox),
            _ => out.push((Shape { kind: ShapeKind::Bar, bbox: c.bbox, tip: None, paths: Vec::new(), seq: 0 }, color)),
        }
    }
    out.into_iter().map(|o| o.0).collect()
}

/// Gives phases to the items of one page.
#[expect(clippy::too_many_arguments, reason = "all of it is what one page's plan is made of")]
fn add_phases(
    own: &mut [Item],
    labels: &[Label],
    shapes: &[&Shape],
    cells: &[&Cell],
    axis: &Axis,
    page: u32,
    cx: &Context<'_>,
    warnings: &mut Vec<Warning>,
) {
    let width = (axis.right() - axis.left()) / axis.columns.len().max(1) as f64;
    let matched = labels_to_shapes(labels, shapes, width);
    let item_at = |own: &[Item], y: f64| own.iter().rposition(|i| i.top - 1.0 <= y).unwrap_or(0);
    let mut drawn = vec![false; own.len()];
    // An arrow may be filled, outlined and shadowed by paths of its own: the one with the label stands for all.
    let labelled: Vec<Rect> = matched.iter().flatten().filter_map(|j| shapes.get(*j)).map(|s| s.bbox.grown(3.0)).collect();
    let doubled = |j: usize, s: &Shape| !matched.contains(&Some(j)) && labelled.iter().any(|l| l.contains_rect(&s.bbox, 0.0));
    for (j, s) in shapes.iter().enumerate().filter(|(j, s)| !doubled(*j, s)) {
        let inside: Labels<'_> = labels.iter().zip(&matched).filter(|(_, m)| **m == Some(j)).map(|(l, _)| l).collect();
        let phases = shape_to_phases(s, inside, axis, page, cx.profile);
        for p in phases.iter().filter(|p| p.text.is_empty()) {
            let text =
                format!("an arrow or bar without a label, {:?}–{:?}", p.start_fiscal_year.unwrap_or(0), p.end_fiscal_year.unwrap_or(0));
            warnings.push(Warning::new("segment/arrow-without-label", text).at(Place { page, bbox: s.bbox }));
        }
        let at = item_at(own, s.bbox.center().y);
        if let (Some(item), Some(d)) = (own.get_mut(at), drawn.get_mut(at)) {
            item.item.phases.extend(phases);
            *d = true;
        }
    }
    let mut free: Vec<Vec<&Label>> = vec![Vec::new(); own.len()];
    for (l, _) in labels.iter().zip(&matched).filter(|(_, m)| m.is_none()) {
        if let Some(f) = free.get_mut(item_at(own, l.bbox.center().y)) {
            f.push(l);
        }
    }
    for ((item, loose), drawn) in own.iter_mut().zip(free).zip(drawn) {
        if drawn {
            for l in loose {
                let text = format!("`{}` stands beside no arrow; its years are those it lies over", l.text);
                warnings.push(Warning::new("segment/label-without-arrow", text).at(Place { page, bbox: l.bbox }));
                item.item.phases.push(label_to_phase(l, axis, page, cx.profile));
            }
        } else {
            item.item.phases.extend(labels_to_year_cells(&loose, cells, axis, page, cx.profile));
        }
        // A fiscal year begins in April.
        let at = |year: Option<i32>, month: Option<u8>| (year, month.map(|m| (m + 8) % 12));
        item.item.phases.sort_by_key(|p| (at(p.start_fiscal_year, p.start_month), at(p.end_fiscal_year, p.end_month)));
        for p in item.item.phases.iter().filter(|p| p.code == "other" && !p.text.is_empty()) {
            let mut w = Warning::new("segment/unknown-phase", format!("`{}` is no phase word of the profile; its code is `other`", p.text));
            if let Some(place) = p.places.last() {
                w = w.at(*place);
            }
            warnings.push(w);
        }
    }
}
