//! One-record forms (個票): a label cell beside (or above) its value cell.

use crate::header::Headers;
use crate::ledger::Class;
use crate::list::{HeaderCell, SAME_X, cell_to_section, cells_to_plan};
use crate::numbers::{Label, text_to_label};
use crate::part::{cell_lines, cell_to_part, loose_text, tight_text};
use crate::profile::{Profile, Role};
use crate::raw::{FormEnd, RawRecord, Stack};
use crate::walk::Walk;
use crate::years::text_to_axis_mark;
use jisseki_layout::{Cell, PageLayout, Table};
use jisseki_model::Rect;
use std::sync::Arc;

/// Longest text of a label cell.
const LONGEST_LABEL: usize = 24;
/// Fewest labels with a role that make a table a form.
const FEWEST_LABELS: usize = 3;

/// A label cell and the cells that hold its value.
#[derive(Debug)]
struct Pair<'a> {
    label: &'a Cell,
    header: Arc<HeaderCell>,
    values: Vec<&'a Cell>,
}

/// Reads a table as label–value pairs; `None` where too few labels have a role.
///
/// With `goes_on`, the table may be the rest of the form before it: one label in its first column is enough.
fn table_to_pairs<'a>(table: &'a Table, goes_on: bool, headers: &mut Headers, profile: &Profile) -> Option<Vec<Pair<'a>>> {
    let texts: Vec<String> = table.cells.iter().map(|c| tight_text(cell_lines(c))).collect();
    let known: Vec<Option<(Role, f64)>> = texts.iter().map(|t| label_role(t, headers, profile)).collect();
    let roles: std::collections::BTreeSet<Role> = known.iter().flatten().map(|k| k.0).collect();
    let anchored = roles.iter().any(|r| matches!(r, Role::Number | Role::Title));
    let whole = roles.len() >= FEWEST_LABELS && anchored && roles.iter().any(|r| r.tells_of_work());
    let first_column = table.cells.iter().zip(&known).filter(|(c, k)| c.col == 0 && k.is_some()).count();
    if !(whole || goes_on && first_column > 0) {
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
        let year = headers.read(&own, profile).year;
        let header =
            HeaderCell { label: own.clone(), axis: text_to_axis_mark(&own), own, bbox: cell.bbox, role, score, year, in_plan: false };
        out.push(Pair { label: cell, header: Arc::new(header), values });
    }
    let filled = out.iter().filter(|p| p.header.role != Role::Extra && !p.values.is_empty()).count();
    (filled >= if whole { FEWEST_LABELS } else { 1 }).then_some(out)
}

fn label_role(text: &str, headers: &mut Headers, profile: &Profile) -> Option<(Role, f64)> {
    if text.is_empty() || text.chars().count() > LONGEST_LABEL {
        return None;
    }
    // Only whole words are labels here: a value often holds one.
    headers.read(text, profile).best().filter(|b| b.1 >= 1.0)
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
fn pairs_to_label(pairs: &[Pair<'_>], profile: &Profile) -> Option<Label> {
    let text = |role: Role| {
        let p = pairs.iter().find(|p| p.header.role == role && !p.values.is_empty())?;
        Some(p.values.iter().map(|c| loose_text(cell_lines(c))).collect::<Vec<_>>().join(" "))
    };
    let number = text(Role::Number).and_then(|t| text_to_label(&t, profile, true).or_else(|| text_to_label(&t, profile, false)));
    number.or_else(|| text_to_label(&text(Role::Title)?, profile, false))
}

/// Reads a table as (part of) a one-record form. Returns false, and changes nothing, where it is none.
pub(crate) fn read_form<'a>(table: &'a Table, walk: &mut Walk<'a, '_>) -> bool {
    let before = walk.state.open.as_ref().and_then(|r| r.form.clone());
    let goes_on = before.as_ref().is_some_and(|f| (f.x0 - table.bbox.x0).abs() <= SAME_X && (f.x1 - table.bbox.x1).abs() <= SAME_X);
    let Some(pairs) = table_to_pairs(table, goes_on, &mut walk.state.headers, walk.profile) else { return false };
    match (pairs_to_label(&pairs, walk.profile), &walk.state.open) {
        (Some(label), Some(open)) if open.label.is_same(&label) => {}
        (Some(label), _) => {
            add_rest(&pairs, before.as_ref(), table, walk);
            walk.begin(label);
        }
        (None, Some(open)) if open.form.is_some() => add_rest(&pairs, before.as_ref(), table, walk),
        // A form without a number goes on with one that has it, never with a list's record.
        (None, _) => return false,
    }
    add_pairs(&pairs, table, walk);
    true
}

/// Adds what stands above the first label to the last field of the form before: it was cut by the page's edge.
fn add_rest<'a>(pairs: &[Pair<'a>], before: Option<&FormEnd>, table: &'a Table, walk: &mut Walk<'a, '_>) {
    let Some(end) = before.filter(|e| e.page < walk.page) else { return };
    let top = pairs.iter().map(|p| p.label.bbox.y0).fold(f64::INFINITY, f64::min);
    let rest: Vec<&'a Cell> = table.cells.iter().filter(|c| c.bbox.y1 <= top + SAME_X && !c.lines.is_empty()).collect();
    if let (Some(record), false) = (&mut walk.state.open, rest.is_empty()) {
        add_values(record, &end.header, &rest, walk.page, walk.layout);
        record.grow(walk.layout.number, rest.iter().fold(Rect::EMPTY, |b, c| b.union(c.bbox)));
    }
}

/// Adds the cells of one label to a record.
fn add_values<'a>(record: &mut RawRecord<'a>, header: &Arc<HeaderCell>, values: &[&'a Cell], page: usize, layout: &'a PageLayout) {
    match header.role {
        Role::Number => record.key.extend(values.iter().map(|c| cell_to_part(c, page, layout, None))),
        Role::Plan if values.is_empty() => {}
        Role::Plan => {
            let bbox = values.iter().fold(Rect::EMPTY, |b, c| b.union(c.bbox));
            record.plan.push(cells_to_plan(values, bbox, Vec::new(), page, layout));
        }
        Role::Extra if values.is_empty() => record.stacks.push(Stack { headers: vec![header.clone()], pages: vec![] }),
        _ => values.iter().for_each(|c| record.add(vec![header.clone()], cell_to_part(c, page, layout, None))),
    }
}

/// Adds the pairs of one table to the open record.
fn add_pairs<'a>(pairs: &[Pair<'a>], table: &'a Table, walk: &mut Walk<'a, '_>) {
    let (page, layout) = (walk.page, walk.layout);
    for pair in pairs {
        walk.claim(pair.label, Class::Header);
        if pair.header.role == Role::Section {
            for cell in &pair.values {
                if let Some(s) = cell_to_section(cell, layout.number, walk.profile) {
                    walk.claim(cell, Class::Section);
                    walk.state.enter(s, None);
                    walk.state.move_open();
                }
            }
            continue;
        }
        let Some(record) = &mut walk.state.open else { return };
        add_values(record, &pair.header, &pair.values, page, layout);
    }
    let last =
        pairs.iter().max_by(|a, b| a.header.bbox.y1.total_cmp(&b.header.bbox.y1).then(a.header.bbox.x0.total_cmp(&b.header.bbox.x0)));
    if let (Some(record), Some(last)) = (&mut walk.state.open, last) {
        record.grow(layout.number, table.bbox);
        record.form = Some(FormEnd { page, x0: table.bbox.x0, x1: table.bbox.x1, header: last.header.clone() });
    }
}
