//! List tables: a record a row (or a band of rows), found by its key cell, over pages.

mod header;
mod rows;

pub(crate) use header::{Columns, HeaderCell, SAME_X};

use crate::document::text_to_section;
use crate::ledger::{Class, Ledger};
use crate::part::{Part, cell_lines, cell_to_part, loose_text, tight_text};
use crate::profile::{Profile, Role};
use crate::raw::{PlanPart, RawRecord};
use header::{cells_in, rows_to_columns, table_to_header_rows};
use jisseki_layout::{Cell, PageLayout, Table, lines_to_edge};
use jisseki_model::{Place, Rect, Section, Warning};
use rows::{Band, Event, table_to_bands};

/// What is carried from table to table.
#[derive(Debug, Default)]
pub(crate) struct ListState<'a> {
    pub(crate) columns: Option<Columns>,
    pub(crate) section: Option<Section>,
    pub(crate) records: Vec<RawRecord<'a>>,
}

/// Reads a table as a list, adding its records to the state. Returns false, and changes nothing, where it is none.
#[expect(clippy::too_many_arguments, reason = "the walk's whole state; a struct would be built once and taken apart at once")]
pub(crate) fn read_list<'a>(
    table: &'a Table,
    page: usize,
    layout: &'a PageLayout,
    state: &mut ListState<'a>,
    near: Option<i32>,
    profile: &Profile,
    ledger: &mut Ledger,
    warnings: &mut Vec<Warning>,
) -> bool {
    let header = table_to_header_rows(table, 0, profile);
    let (columns, from) = match (&header, &state.columns) {
        (Some(rows), known) => {
            let fresh = rows_to_columns(table, rows, layout.number, near, profile);
            (known.as_ref().map_or(fresh.clone(), |k| fresh.with_roles_of(k)), rows.end)
        }
        (None, Some(known)) => match known.fitted(table) {
            Some(c) => (c, 0),
            None => return false,
        },
        (None, None) => return false,
    };
    let last = state.records.last().map(|r| r.label.clone());
    let bands = table_to_bands(table, from, &columns, last.as_ref(), profile);
    let records = bands.iter().filter(|b| matches!(b.event, Some(Event::Record(..)))).count();
    let goes_on = bands.first().is_some_and(|b| b.event.is_none()) && !state.records.is_empty();
    if records == 0 && !goes_on {
        return false;
    }
    if header.is_none() && records == 0 && !looks_cut(table, &columns) {
        return false;
    }
    if let Some(rows) = &header {
        claim_rows(table, page, rows.start..rows.end, Class::Header, ledger);
        read_above(table, page, layout, rows.start, state, profile, ledger);
    }
    let reader = Reader { table, page, layout, columns: &columns, profile };
    reader.read(&bands, from, state, ledger, warnings);
    state.columns = Some(columns);
    true
}

/// A table without header or key is the rest of a record only where something stands under the known columns.
fn looks_cut(table: &Table, columns: &Columns) -> bool {
    table
        .cells
        .iter()
        .any(|c| !c.lines.is_empty() && columns.slot(&c.bbox).is_some_and(|s| columns.cells.get(s).is_some_and(|h| h.role.is_field())))
}

/// Rows above the header: a section, the document's title, a unit.
fn read_above<'a>(
    table: &'a Table,
    page: usize,
    layout: &PageLayout,
    until: usize,
    state: &mut ListState<'a>,
    profile: &Profile,
    ledger: &mut Ledger,
) {
    for cell in cells_in(table, &(0..until)) {
        let text = loose_text(cell_lines(cell));
        if let Some(mut s) = text_to_section(&text, profile) {
            s.places = vec![Place { page: layout.number, bbox: cell.bbox }];
            cell_lines(cell).into_iter().for_each(|l| ledger.claim(page, l, Class::Section));
            state.section = Some(s);
        }
    }
}

fn claim_rows(table: &Table, page: usize, rows: std::ops::Range<usize>, class: Class, ledger: &mut Ledger) {
    for cell in cells_in(table, &rows) {
        cell_lines(cell).into_iter().for_each(|l| ledger.claim(page, l, class));
    }
}

/// One table, read.
struct Reader<'a, 'r> {
    table: &'a Table,
    page: usize,
    layout: &'a PageLayout,
    columns: &'r Columns,
    profile: &'r Profile,
}

impl<'a> Reader<'a, '_> {
    fn read(&self, bands: &[Band<'a>], from: usize, state: &mut ListState<'a>, ledger: &mut Ledger, warnings: &mut Vec<Warning>) {
        let edges: Vec<Option<f64>> = (0..self.columns.cells.len()).map(|s| self.edge_of(s, from)).collect();
        let body: Vec<&'a Cell> = self.table.cells.iter().filter(|c| c.row >= from).collect();
        let owners: Vec<Vec<usize>> = body.iter().map(|c| self.cell_to_bands(c, bands, warnings)).collect();
        let merged = self.merged_sections(&body, &owners, bands);
        for (b, band) in bands.iter().enumerate() {
            let own: Vec<&'a Cell> = body.iter().zip(&owners).filter(|(_, o)| o.contains(&b)).map(|(c, _)| *c).collect();
            match &band.event {
                Some(Event::Header(_)) => own.iter().for_each(|c| claim(self.page, c, Class::Header, ledger)),
                Some(Event::Total) => {
                    let text = format!(
                        "a totals row was left out of the records: {}",
                        own.iter().map(|c| loose_text(cell_lines(c))).collect::<Vec<_>>().join(" ")
                    );
                    warnings.push(Warning::new("segment/total-row", text).at(self.place(band)));
                }
                Some(Event::Section(cell, section)) => {
                    own.iter().for_each(|c| claim(self.page, c, Class::Section, ledger));
                    let places = vec![Place { page: self.layout.number, bbox: cell.bbox }];
                    state.section = Some(Section { places, ..section.clone() });
                }
                Some(Event::Record(key, label)) => {
                    let again = state.records.last().is_some_and(|r| r.label == *label && self.says_continued(key, r));
                    if !again {
                        state.records.push(RawRecord { label: label.clone(), section: state.section.clone(), ..RawRecord::default() });
                    }
                    self.fill(&own, &merged, band, &edges, state, ledger);
                }
                None if !state.records.is_empty() => self.fill(&own, &merged, band, &edges, state, ledger),
                None => {}
            }
        }
    }

    fn place(&self, band: &Band<'_>) -> Place {
        Place { page: self.layout.number, bbox: Rect { y0: band.y0, y1: band.y1, ..self.table.bbox } }
    }

    /// A key that repeats the last record's goes on with it: on a later page, or where it says so (続き).
    fn says_continued(&self, key: &Cell, last: &RawRecord<'_>) -> bool {
        let text = tight_text(cell_lines(key));
        let said = self.profile.words.continued_words.iter().any(|w| text.contains(w.as_str()));
        said || last.places.last().is_some_and(|p| p.page != self.layout.number)
    }

    /// Largest line end of a column on this page.
    fn edge_of(&self, slot: usize, from: usize) -> Option<f64> {
        let cells = self.table.cells.iter().filter(|c| c.row >= from && self.columns.slot(&c.bbox) == Some(slot));
        lines_to_edge(cells.flat_map(|c| c.lines.iter()))
    }

    /// Returns the bands a cell belongs to: one, or all it covers.
    fn cell_to_bands(&self, cell: &Cell, bands: &[Band<'_>], warnings: &mut Vec<Warning>) -> Vec<usize> {
        let overlap = |b: &Band<'_>| (cell.bbox.y1.min(b.y1) - cell.bbox.y0.max(b.y0)).max(0.0);
        let covered: Vec<usize> = bands
            .iter()
            .enumerate()
            .filter(|(_, b)| matches!(b.event, Some(Event::Record(..)) | None) && overlap(b) >= 0.6 * (b.y1 - b.y0))
            .map(|(i, _)| i)
            .collect();
        if covered.len() > 1 {
            return covered;
        }
        let best = bands.iter().enumerate().max_by(|a, b| overlap(a.1).total_cmp(&overlap(b.1)).then(b.0.cmp(&a.0)));
        let Some((i, b)) = best.filter(|(_, b)| overlap(b) > 0.0) else { return Vec::new() };
        // Less than 60 % of its height: it straddles records.
        if overlap(b) < 0.6 * cell.bbox.height() && !cell.lines.is_empty() {
            let text = "a cell reaches over two records without covering both; it was given to the one that holds most of it";
            warnings.push(Warning::new("segment/band-straddle", text).at(Place { page: self.layout.number, bbox: cell.bbox }));
        }
        vec![i]
    }

    /// Cells over several records in a column of sections, or in the leftmost column without a known role: they are sections.
    fn merged_sections(&self, body: &[&'a Cell], owners: &[Vec<usize>], bands: &[Band<'_>]) -> Vec<(&'a Cell, Vec<usize>)> {
        let records = |o: &[usize]| o.iter().filter(|i| bands.get(**i).is_some_and(|b| matches!(b.event, Some(Event::Record(..))))).count();
        let named = |c: &Cell| {
            let head = self.columns.slot(&c.bbox).and_then(|s| self.columns.cells.get(s));
            match head.map(|h| h.role) {
                Some(Role::Section) => true,
                Some(Role::Extra) => (c.bbox.x0 - self.table.bbox.x0).abs() <= SAME_X,
                _ => false,
            }
        };
        body.iter().zip(owners).filter(|(c, o)| records(o) > 1 && named(c)).map(|(c, o)| (*c, o.clone())).collect()
    }

    /// Gives the cells of a band to the last record.
    fn fill(
        &self,
        own: &[&'a Cell],
        merged: &[(&'a Cell, Vec<usize>)],
        band: &Band<'a>,
        edges: &[Option<f64>],
        state: &mut ListState<'a>,
        ledger: &mut Ledger,
    ) {
        let Some(record) = state.records.last_mut() else { return };
        let mut plan: Vec<&'a Cell> = Vec::new();
        for cell in own {
            let Some(slot) = self.columns.slot(&cell.bbox) else { continue };
            let Some(header) = self.columns.cells.get(slot) else { continue };
            let is_merged = merged.iter().any(|(c, _)| std::ptr::eq(*c, *cell));
            if is_merged || header.role == Role::Section {
                if let Some(s) = cell_to_section(cell, self.layout.number, self.profile) {
                    claim(self.page, cell, Class::Section, ledger);
                    record.section = Some(s.clone());
                    state.section = Some(s);
                }
                continue;
            }
            let edge = edges.get(slot).copied().flatten();
            let part = cell_to_part(cell, self.page, self.layout, edge);
            match header.role {
                Role::Number => record.key.push(part),
                Role::Plan => plan.push(cell),
                _ => {
                    let stack: Vec<HeaderCell> =
                        self.columns.stack(slot).iter().filter_map(|i| self.columns.cells.get(*i).cloned()).collect();
                    record.add(&stack, part);
                }
            }
        }
        let place = self.place(band);
        record.grow(place.page, place.bbox);
        if let Some(p) = self.plan_part(plan, band) {
            record.plan.push(p);
        }
    }

    fn plan_part(&self, cells: Vec<&'a Cell>, band: &Band<'_>) -> Option<PlanPart<'a>> {
        let header = self.columns.with_role(Role::Plan).and_then(|i| self.columns.cells.get(i))?;
        let bbox = Rect { x0: header.bbox.x0, x1: header.bbox.x1, y0: band.y0, y1: band.y1 };
        let axis = self.columns.cells.iter().filter(|c| c.in_plan).filter_map(|c| Some((c.bbox.x0, c.bbox.x1, c.axis?))).collect();
        let lines = cells.iter().flat_map(|c| cell_lines(c)).collect();
        let confidence = cells.iter().map(|c| c.confidence).fold(1.0, f64::min);
        let part = Part { page: self.page, number: self.layout.number, bbox, lines, edge: None, confidence };
        (!cells.is_empty()).then_some(PlanPart { part, cells, axis })
    }
}

fn claim(page: usize, cell: &Cell, class: Class, ledger: &mut Ledger) {
    cell_lines(cell).into_iter().for_each(|l| ledger.claim(page, l, class));
}

fn cell_to_section(cell: &Cell, page: u32, profile: &Profile) -> Option<Section> {
    let lines = cell_lines(cell);
    let text = if lines.iter().any(|l| l.vertical) {
        tight_text(lines)
    } else {
        lines.iter().map(|l| crate::part::line_text(l).trim().to_string()).collect::<String>()
    };
    let text = text.trim().to_string();
    if text.is_empty() {
        return None;
    }
    let s = text_to_section(&text, profile).unwrap_or(Section { title: text, ..Section::default() });
    Some(Section { places: vec![Place { page, bbox: cell.bbox }], ..s })
}
