//! A report's rows: one function a table.

mod initiative;
mod mention;

use crate::prefectures::name_to_lg_code;
use crate::{Cell, Table, tables};
use jisseki_model::{Report, Stage, Status, Warning};
use std::collections::{BTreeMap, BTreeSet};

/// The rows of one document (or of the failures): for each table, in the order of [`tables`], the rows in the order of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRows {
    tables: Vec<Vec<Vec<Cell>>>,
}

impl Default for TableRows {
    fn default() -> TableRows {
        TableRows { tables: tables().iter().map(|_| Vec::new()).collect() }
    }
}

impl TableRows {
    /// Returns the rows of a table, a cell a column.
    pub fn of(&self, table: &str) -> &[Vec<Cell>] {
        tables().iter().position(|t| t.name == table).and_then(|i| self.tables.get(i)).map_or(&[], Vec::as_slice)
    }
    /// Returns every table with its rows.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Table, &[Vec<Cell>])> {
        tables().iter().zip(self.tables.iter().map(Vec::as_slice))
    }
    /// Returns the rows of one table alone.
    pub(crate) fn with(table: &str, rows: Vec<Vec<Cell>>) -> TableRows {
        let mut out = TableRows::default();
        if let Some(slot) = tables().iter().position(|t| t.name == table).and_then(|i| out.tables.get_mut(i)) {
            *slot = rows;
        }
        out
    }
    /// Adds a row from its named cells; columns that are not named are null.
    fn push(&mut self, table: &str, cells: Vec<(&'static str, Cell)>) {
        let Some(index) = tables().iter().position(|t| t.name == table) else { return };
        let columns = &tables()[index].columns;
        let mut row = vec![Cell::Null; columns.len()];
        let mut next = 0;
        for (name, cell) in cells {
            // Cells come in the order of the columns but for a few: the search goes on where the last one was found.
            let at = (next..columns.len()).chain(0..next).find(|&i| columns[i].name == name);
            debug_assert!(at.is_some(), "{table} has no column {name}");
            if let Some(i) = at {
                row[i] = cell;
                next = i + 1;
            }
        }
        self.tables[index].push(row);
    }
}

/// What the documents of a package have used so far, so that keys stay unique in it.
#[derive(Debug, Default)]
pub struct Collisions {
    by_content: BTreeMap<String, String>,
    documents: BTreeSet<String>,
}

/// One input that could not be converted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// Path relative to the folder given, escaped for display.
    pub path: String,
    /// SHA-256 of the content, where it could be read.
    pub sha256: Option<String>,
    /// `read | extract | convert | worker`.
    pub stage: String,
    /// A code of the catalog.
    pub code: String,
    /// One sentence.
    pub message: String,
}

impl Collisions {
    /// Returns the identifier of the document in the package, or none for a copy of one that is in it already.
    ///
    /// Two documents with one identifier and different content (a re-issue beside the first issue) are told apart by six digits of the content's
    /// hash, given to the one that comes later.
    pub fn admit(&mut self, document_id: &str, sha256: &str) -> Option<String> {
        if self.by_content.contains_key(sha256) {
            return None;
        }
        let mut id = document_id.to_owned();
        if self.documents.contains(&id) {
            id = format!("{id}-{}", sha256.get(..6).unwrap_or("x"));
        }
        while self.documents.contains(&id) {
            id.push('x');
        }
        self.by_content.insert(sha256.to_owned(), id.clone());
        self.documents.insert(id.clone());
        Some(id)
    }
}

/// Returns the rows of a report that stands in the package under `document_id` (see [`Collisions::admit`]).
pub fn report_to_rows(report: &Report, document_id: &str) -> TableRows {
    let mut rows = TableRows::default();
    rows.push("documents", document_cells(report, document_id));
    let mut notes: Vec<(Option<String>, Warning)> = report.warnings.iter().map(|w| (None, w.clone())).collect();
    if document_id != report.document.document_id {
        notes.push((None, Warning::new("dataset/same-id", format!("another document is called `{}` too", report.document.document_id))));
    }
    let mut keys = Keys { document_id, report, records: BTreeSet::new(), numbers: BTreeSet::new() };
    for record in &report.initiatives {
        initiative::push(&mut rows, &mut keys, record, &mut notes);
    }
    for (i, (record_id, warning)) in notes.iter().enumerate() {
        rows.push("warnings", warning_cells(document_id, i + 1, record_id.as_deref(), warning));
    }
    rows
}

/// Returns the rows of the table of failures.
pub fn failures_to_rows(failures: &[Failure]) -> TableRows {
    let mut rows = TableRows::default();
    for f in failures {
        rows.push(
            "failures",
            vec![
                ("path", Cell::exact(f.path.as_str())),
                ("sha256", f.sha256.as_deref().map_or(Cell::Null, Cell::exact)),
                ("stage", Cell::exact(f.stage.as_str())),
                ("code", Cell::exact(f.code.as_str())),
                ("message", Cell::text(&f.message)),
            ],
        );
    }
    rows
}

/// Keys given within one document.
struct Keys<'a> {
    document_id: &'a str,
    report: &'a Report,
    records: BTreeSet<String>,
    numbers: BTreeSet<(i64, i64)>,
}

impl Keys<'_> {
    /// Returns the record's identifier under the document's identifier in the package, unique in it.
    fn record_id(&mut self, id: &str) -> String {
        let tail = id.strip_prefix(self.report.document.document_id.as_str()).unwrap_or(id);
        let base = if tail.starts_with('-') { format!("{}{tail}", self.document_id) } else { format!("{}-{tail}", self.document_id) };
        let base: String = base.chars().map(|c| if c.is_control() || c.is_whitespace() { '_' } else { c }).collect();
        let mut id = base.clone();
        let mut n = 2;
        while !self.records.insert(id.clone()) {
            id = format!("{base}-{n}");
            n += 1;
        }
        id
    }
}

fn document_cells(report: &Report, document_id: &str) -> Vec<(&'static str, Cell)> {
    let d = &report.document;
    let optional = |s: &Option<String>| s.as_deref().map_or(Cell::Null, Cell::text);
    // The profile knows the body's code; without one, a publisher that is a prefecture has a code that everyone knows.
    let lg_code = d.lg_code.clone().or_else(|| name_to_lg_code(d.publisher.as_deref()?));
    let (profile, version) = d.profile.split_once('@').map_or((d.profile.as_str(), None), |(p, v)| (p, Some(v)));
    vec![
        ("document_id", Cell::exact(document_id)),
        ("source_name", Cell::text(&d.source.name)),
        ("source_sha256", Cell::exact(d.source.sha256.as_str())),
        ("title", optional(&d.title)),
        ("lg_code", lg_code.as_deref().map_or(Cell::Null, Cell::exact)),
        ("area_code", lg_code.as_deref().and_then(|c| c.get(..5)).map_or(Cell::Null, Cell::exact)),
        ("publisher_name", optional(&d.publisher)),
        ("plan_id", optional(&d.plan_id)),
        ("plan_name", optional(&d.plan_name)),
        ("fiscal_year", d.fiscal_year.as_ref().map(|y| i64::from(y.year)).into()),
        ("fiscal_year_label", d.fiscal_year.as_ref().map_or(Cell::Null, |y| Cell::text(&y.text))),
        ("stage", d.stage.map_or(Cell::Null, |s| Cell::exact(stage_code(s)))),
        ("status", Cell::exact(status_code(d.status))),
        ("page_count", d.source.pages.into()),
        ("record_count", report.initiatives.len().into()),
        ("profile", Cell::exact(profile)),
        ("profile_version", version.map_or(Cell::Null, Cell::exact)),
        ("tool_version", Cell::exact(d.tool.version.as_str())),
        ("schema_version", Cell::exact(report.schema_version.as_str())),
    ]
}

fn warning_cells(document_id: &str, seq: usize, record_id: Option<&str>, w: &Warning) -> Vec<(&'static str, Cell)> {
    let mut cells = vec![
        ("document_id", Cell::exact(document_id)),
        ("seq", seq.into()),
        ("record_id", record_id.map_or(Cell::Null, Cell::exact)),
        ("code", Cell::exact(w.code.as_ref())),
        ("severity", Cell::exact(enum_code(&w.severity))),
        ("page", w.page.into()),
        ("message_ja", jisseki_model::code_named(&w.code).map_or(Cell::Null, |c| Cell::exact(c.label_ja))),
        ("message_en", Cell::text(&w.message)),
    ];
    if let Some(b) = w.bbox {
        cells.extend(box_cells(b));
    }
    cells
}

fn box_cells(b: jisseki_model::Rect) -> [(&'static str, Cell); 4] {
    [("x0", hundredth(b.x0)), ("y0", hundredth(b.y0)), ("x1", hundredth(b.x1)), ("y1", hundredth(b.y1))]
}

/// Coordinates have the precision that they have in the report.
fn hundredth(v: f64) -> Cell {
    let r = (v * 100.0).round() / 100.0;
    Cell::real(if r == 0.0 { 0.0 } else { r })
}

fn stage_code(stage: Stage) -> &'static str {
    match stage {
        Stage::Preliminary => "preliminary",
        Stage::Final => "final",
    }
}

fn status_code(status: Status) -> String {
    enum_code(&status)
}

/// Returns the name under which serde writes a closed list's value.
fn enum_code(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
