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
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Longest text of a label cell.
const LONGEST_LABEL: usize = 24;
/// Longest title in a heading bar. Guess: longer texts are prose.
const LONGEST_TITLE: usize = 60;
/// Fewest labels with a role that make a table a form.
const FEWEST_LABELS: usize = 3;

/// A label cell and the cells that hold its value; a heading bar (No.1　窓口の改善) is a value without a label.
#[derive(Debug)]
struct Pair<'a> {
    label: Option<&'a Cell>,
    header: Arc<HeaderCell>,
    values: Vec<&'a Cell>,
}

impl Pair<'_> {
    /// Returns where it begins.
    fn top(&self) -> f64 {
        self.label.iter().chain(&self.values).map(|c| c.bbox.y0).fold(f64::INFINITY, f64::min)
    }
}

/// Reads a table as label–value pairs; `None` where too few labels have a role.
///
/// With `goes_on`, the table may be the rest of the form before it: one label in its first column is enough.
fn table_to_pairs<'a>(table: &'a Table, goes_on: bool, headers: &mut Headers, profile: &Profile) -> Option<Vec<Pair<'a>>> {
    let texts: Vec<String> = table.cells.iter().map(|c| tight_text(cell_lines(c))).collect();
    let mut known: Vec<Option<(Role, f64)>> = texts.iter().map(|t| label_role(t, headers, profile)).collect();
    let label_rows = unmark_values(table, &texts, &mut known);
    let bar = table_to_bar(table, &known, profile);
    let roles: BTreeSet<Role> = known.iter().flatten().map(|k| k.0).collect();
    let anchored = bar.is_some() || roles.iter().any(|r| matches!(r, Role::Number | Role::Title));
    let whole = roles.len() >= FEWEST_LABELS && anchored && roles.iter().any(|r| r.tells_of_work());
    let first_column = table.cells.iter().zip(&known).filter(|(c, k)| c.col == 0 && k.is_some()).count();
    if !(whole || goes_on && first_column > 0) {
        return None;
    }
    let mut is_label = label_flags(table, &texts, &known);
    unmark_plan(table, &known, &mut is_label);
    for (cell, flag) in table.cells.iter().zip(&mut is_label) {
        *flag &= cell.row == 0 || label_rows.binary_search(&(cell.row - 1)).is_err();
    }
    let mut taken = vec![false; table.cells.len()];
    let mut out: Vec<Pair<'a>> = Vec::new();
    if let Some((at, bar)) = bar.and_then(|at| Some((at, table.cells.get(at)?))) {
        is_label.get_mut(at).into_iter().for_each(|flag| *flag = false);
        taken.get_mut(at).into_iter().for_each(|flag| *flag = true);
        out.push(Pair { label: None, header: Arc::new(title_of_bar(bar)), values: vec![bar] });
    }
    for (i, cell) in table.cells.iter().enumerate().filter(|(i, _)| is_label.get(*i).copied().unwrap_or(false)) {
        let values = values_of(table, i, &is_label, &mut taken);
        let (role, score) = known.get(i).copied().flatten().unwrap_or((Role::Extra, 0.0));
        let own = texts.get(i).cloned().unwrap_or_default();
        let year = headers.read(&own, profile).year;
        let header =
            HeaderCell { label: own.clone(), axis: text_to_axis_mark(&own), own, bbox: cell.bbox, role, score, year, in_plan: false };
        out.push(Pair { label: Some(cell), header: Arc::new(header), values });
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

/// Tells whether a cell is as wide as a table of several columns.
fn is_wide(cell: &Cell, table: &Table) -> bool {
    cell.col_span > 1 && cell.col_span + 1 == table.xs.len()
}

/// Tells whether a table has a label as wide as itself over a value as wide: no list looks so.
pub(crate) fn is_stacked_form(table: &Table, walk: &mut Walk<'_, '_>) -> bool {
    let wide: Vec<&Cell> = table.cells.iter().filter(|c| is_wide(c, table) && !c.lines.is_empty()).collect();
    let mut known = |c: &Cell| label_role(&tight_text(cell_lines(c)), &mut walk.state.headers, walk.profile).map(|k| k.0);
    wide.windows(2).any(|pair| match pair {
        [a, b] => a.row + a.row_span == b.row && known(a).is_some_and(Role::tells_of_work) && known(b).is_none(),
        _ => false,
    })
}

/// Forgets what is known of words that stand where a value stands: 達成 right of 達成度 is no label. Returns the rows of labels.
///
/// A row of three cells or more that are all known words is a row of labels, whose values stand below; two shaded cells side by side are a
/// label and the label under it.
fn unmark_values(table: &Table, texts: &[String], known: &mut [Option<(Role, f64)>]) -> Vec<usize> {
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, cell) in table.cells.iter().enumerate().filter(|(i, _)| texts.get(*i).is_some_and(|t| !t.is_empty())) {
        rows.entry(cell.row).or_default().push(i);
    }
    let mut label_rows = Vec::new();
    for (number, row) in &mut rows {
        row.sort_by_key(|i| table.cells.get(*i).map(|c| c.col));
        let is_known = |i: &usize, known: &[Option<(Role, f64)>]| known.get(*i).is_some_and(Option::is_some);
        if row.len() >= 3 && row.iter().all(|i| is_known(i, known)) {
            label_rows.push(*number);
            continue;
        }
        for pair in row.windows(2) {
            let [left, right] = pair else { continue };
            let (Some(l), Some(r)) = (table.cells.get(*left), table.cells.get(*right)) else { continue };
            let beside = l.col + l.col_span == r.col && !(l.shade.is_some() && r.shade.is_some());
            if beside && is_known(left, known) {
                known.get_mut(*right).into_iter().for_each(|k| *k = None);
            }
        }
    }
    for (cell, k) in table.cells.iter().zip(known) {
        if cell.row > 0 && label_rows.binary_search(&(cell.row - 1)).is_ok() {
            *k = None;
        }
    }
    label_rows
}

/// Finds a heading bar: the first row, one cell wide, with a number and the title after it.
fn table_to_bar(table: &Table, known: &[Option<(Role, f64)>], profile: &Profile) -> Option<usize> {
    let n_columns = table.xs.len().saturating_sub(1);
    let at = table.cells.iter().position(|c| c.row == 0 && c.col == 0 && c.col_span == n_columns && n_columns > 1)?;
    let text = loose_text(cell_lines(table.cells.get(at)?));
    let label = text_to_label(&text, profile, false)?;
    let rest = text.chars().skip(label.chars).filter(|c| !c.is_whitespace()).count();
    ((2..=LONGEST_TITLE).contains(&rest) && known.get(at)?.is_none()).then_some(at)
}

fn title_of_bar(bar: &Cell) -> HeaderCell {
    HeaderCell {
        label: String::new(),
        own: String::new(),
        bbox: bar.bbox,
        role: Role::Title,
        score: 1.0,
        year: None,
        axis: None,
        in_plan: false,
    }
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
            let like = if shaded && unshaded_text { c.shade.is_some() } else { column && c.col == 0 && !is_wide(c, table) };
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

/// Finds a label's value: the cells to its right in its rows up to the next label; else the one below it,
/// or all below it up to the next label where it is as wide as the table.
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
    let mut bottom = label.bbox.y1;
    while values.is_empty() || is_wide(label, table) {
        let below = table.cells.iter().enumerate().find(|(i, c)| {
            (c.bbox.y0 - bottom).abs() <= SAME_X
                && (c.bbox.x0 - label.bbox.x0).abs() <= SAME_X
                && (c.bbox.x1 - label.bbox.x1).abs() <= SAME_X
                && !is_label.get(*i).copied().unwrap_or(true)
        });
        let Some((i, cell)) = below.filter(|(_, c)| c.bbox.y1 > bottom) else { break };
        bottom = cell.bbox.y1;
        values.push((i, cell));
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
    let top = pairs.iter().map(Pair::top).fold(f64::INFINITY, f64::min);
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
        _ => values.iter().for_each(|c| record.add(std::slice::from_ref(header), cell_to_part(c, page, layout, None))),
    }
}

/// Adds the pairs of one table to the open record.
fn add_pairs<'a>(pairs: &[Pair<'a>], table: &'a Table, walk: &mut Walk<'a, '_>) {
    let (page, layout) = (walk.page, walk.layout);
    for pair in pairs {
        if let Some(label) = pair.label {
            walk.claim(label, Class::Header);
        }
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
