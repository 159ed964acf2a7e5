//! One-record forms (個票): a label cell beside (or above) its value cell.

use crate::header::text_to_header;
use crate::ledger::{Class, Ledger};
use crate::list::{HeaderCell, SAME_X};
use crate::numbers::{Label, text_to_label};
use crate::part::{Part, cell_lines, cell_to_part, loose_text, tight_text};
use crate::profile::{Profile, Role};
use crate::raw::{PlanPart, RawRecord};
use crate::years::text_to_year;
use jisseki_layout::{Cell, PageLayout, Table};
use jisseki_model::Rect;

/// Longest text of a label cell.
const LONGEST_LABEL: usize = 24;
/// Fewest labels with a role that make a table a form.
const FEWEST_LABELS: usize = 3;

/// A label cell and the cells that hold its value.
#[derive(Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) label: &'a Cell,
    pub(crate) header: HeaderCell,
    pub(crate) values: Vec<&'a Cell>,
}

/// Reads a table as label–value pairs; `None` where too few labels have a role.
pub(crate) fn table_to_pairs<'a>(table: &'a Table, profile: &Profile) -> Option<Vec<Pair<'a>>> {
    let texts: Vec<String> = table.cells.iter().map(|c| tight_text(cell_lines(c))).collect();
    let known: Vec<Option<(Role, f64)>> = texts.iter().map(|t| label_role(t, profile)).collect();
    let roles: std::collections::BTreeSet<Role> = known.iter().flatten().map(|k| k.0).collect();
    if roles.len() < FEWEST_LABELS || !roles.iter().any(|r| matches!(r, Role::Number | Role::Title)) {
        return None;
    }
    let mut is_label = label_flags(table, &texts, &known);
    unmark_plan(table, &known, &mut is_label);
    let mut taken = vec![false; table.cells.len()];
    let mut out: Vec<Pair<'a>> = Vec::new();
    for (i, cell) in table.cells.iter().enumerate().filter(|(i, _)| is_label.get(*i).copied().unwrap_or(false)) {
        let values = values_of(table, i, &is_label, &mut taken);
        let (role, score) = known.get(i).copied().flatten().unwrap_or((Role::Extra, 0.0));
        let own = texts.get(i).cloned().unwrap_or_default();
        let year = text_to_header(&own, profile).year;
        let header = HeaderCell { label: own.clone(), axis: text_to_year(&own), own, bbox: cell.bbox, role, score, year, in_plan: false };
        out.push(Pair { label: cell, header, values });
    }
    let filled = out.iter().filter(|p| p.header.role != Role::Extra && !p.values.is_empty()).count();
    (filled >= FEWEST_LABELS).then_some(out)
}

fn label_role(text: &str, profile: &Profile) -> Option<(Role, f64)> {
    if text.is_empty() || text.chars().count() > LONGEST_LABEL {
        return None;
    }
    // Only whole words are labels here: a value often holds one.
    text_to_header(text, profile).best().filter(|b| b.1 >= 1.0)
}

/// Tells which cells are labels: known words, and short texts that share shade and column with them.
fn label_flags(table: &Table, texts: &[String], known: &[Option<(Role, f64)>]) -> Vec<bool> {
    let labels: Vec<&Cell> = table.cells.iter().zip(known).filter(|(_, k)| k.is_some()).map(|(c, _)| c).collect();
    let shaded = labels.iter().filter(|c| c.shade.is_some()).count() * 2 > labels.len();
    let unshaded_text = table.cells.iter().zip(texts).any(|(c, t)| c.shade.is_none() && !t.is_empty());
    table
        .cells
        .iter()
        .zip(texts)
        .zip(known)
        .map(|((c, t), k)| {
            let column = labels.iter().any(|l| (l.bbox.x0 - c.bbox.x0).abs() <= SAME_X && (l.bbox.x1 - c.bbox.x1).abs() <= SAME_X);
            let short = !t.is_empty() && t.chars().count() <= LONGEST_LABEL && !t.contains('。');
            let like = if shaded && unshaded_text { c.shade.is_some() } else { column && c.col == 0 };
            k.is_some() || (short && like)
        })
        .collect()
}

/// What stands right of a plan's label is the plan, header words in its grid and all.
fn unmark_plan(table: &Table, known: &[Option<(Role, f64)>], is_label: &mut [bool]) {
    let plans: Vec<Rect> =
        table.cells.iter().zip(known).filter(|(_, k)| k.is_some_and(|k| k.0 == Role::Plan)).map(|(c, _)| c.bbox).collect();
    for (c, flag) in table.cells.iter().zip(is_label) {
        if plans.iter().any(|p| c.bbox.x0 >= p.x1 - SAME_X && c.bbox.center().y > p.y0 && c.bbox.center().y < p.y1) {
            *flag = false;
        }
    }
}

/// Finds a label's value: the cells to its right in its rows up to the next label; else the one below it.
fn values_of<'a>(table: &'a Table, at: usize, is_label: &[bool], taken: &mut [bool]) -> Vec<&'a Cell> {
    let Some(label) = table.cells.get(at) else { return Vec::new() };
    let mut right: Vec<(usize, &'a Cell)> = table
        .cells
        .iter()
        .enumerate()
        .filter(|(_, c)| c.bbox.x0 >= label.bbox.x1 - SAME_X && c.bbox.center().y > label.bbox.y0 && c.bbox.center().y < label.bbox.y1)
        .collect();
    right.sort_by(|a, b| a.1.bbox.x0.total_cmp(&b.1.bbox.x0).then(a.1.bbox.y0.total_cmp(&b.1.bbox.y0)));
    let stop =
        right.iter().filter(|(i, _)| is_label.get(*i).copied().unwrap_or(false)).map(|(_, c)| c.bbox.x0).fold(f64::INFINITY, f64::min);
    let mut values: Vec<(usize, &'a Cell)> = right.into_iter().filter(|(_, c)| c.bbox.x0 < stop - SAME_X).collect();
    if values.is_empty() {
        let below = table.cells.iter().enumerate().find(|(i, c)| {
            (c.bbox.y0 - label.bbox.y1).abs() <= SAME_X
                && (c.bbox.x0 - label.bbox.x0).abs() <= SAME_X
                && (c.bbox.x1 - label.bbox.x1).abs() <= SAME_X
                && !is_label.get(*i).copied().unwrap_or(true)
        });
        values.extend(below);
    }
    values.retain(|(i, _)| !taken.get(*i).copied().unwrap_or(true));
    for (i, _) in &values {
        if let Some(t) = taken.get_mut(*i) {
            *t = true;
        }
    }
    values.into_iter().map(|(_, c)| c).collect()
}

/// Finds the record's label among the pairs: the number's value, or one in front of the title.
pub(crate) fn pairs_to_label(pairs: &[Pair<'_>], profile: &Profile) -> Option<Label> {
    let text = |role: Role| {
        let p = pairs.iter().find(|p| p.header.role == role && !p.values.is_empty())?;
        Some(p.values.iter().map(|c| loose_text(cell_lines(c))).collect::<Vec<_>>().join(" "))
    };
    let number = text(Role::Number).and_then(|t| text_to_label(&t, profile, true).or_else(|| text_to_label(&t, profile, false)));
    number.or_else(|| text_to_label(&text(Role::Title)?, profile, false))
}

/// Adds the pairs of one table to a record.
pub(crate) fn add_pairs<'a>(
    record: &mut RawRecord<'a>,
    pairs: &[Pair<'a>],
    table: &'a Table,
    page: usize,
    layout: &'a PageLayout,
    ledger: &mut Ledger,
) {
    for pair in pairs {
        cell_lines(pair.label).into_iter().for_each(|l| ledger.claim(page, l, Class::Header));
        match pair.header.role {
            Role::Number => record.key.extend(pair.values.iter().map(|c| cell_to_part(c, page, layout, None))),
            Role::Plan => record.plan.extend(plan_of(pair, page, layout)),
            _ => {
                for c in &pair.values {
                    record.add(std::slice::from_ref(&pair.header), cell_to_part(c, page, layout, None));
                }
                if pair.values.is_empty() && pair.header.role == Role::Extra {
                    record.stacks.push(crate::raw::Stack { headers: vec![pair.header.clone()], pages: vec![] });
                }
            }
        }
    }
    record.grow(layout.number, table.bbox);
}

fn plan_of<'a>(pair: &Pair<'a>, page: usize, layout: &PageLayout) -> Option<PlanPart<'a>> {
    let bbox = pair.values.iter().fold(Rect::EMPTY, |b, c| b.union(c.bbox));
    let lines = pair.values.iter().flat_map(|c| cell_lines(c)).collect();
    let confidence = pair.values.iter().map(|c| c.confidence).fold(1.0, f64::min);
    let part = Part { page, number: layout.number, bbox, lines, edge: None, confidence };
    (!pair.values.is_empty()).then(|| PlanPart { part, cells: pair.values.clone(), axis: Vec::new() })
}
