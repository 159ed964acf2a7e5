//! List tables: a record a row (or a band of rows), found by its key cell, over pages.

mod grid;
mod header;
mod rows;

pub(crate) use header::{AxisCell, Columns, HeaderCell, SAME_X};

use crate::document::text_to_section;
use crate::ledger::Class;
use crate::lexicon::CONTINUED_WORDS;
use crate::part::{Part, cell_lines, cell_to_part, loose_text, tight_text};
use crate::profile::{Profile, Role};
use crate::raw::{PlanPart, RawRecord, Stack};
use crate::walk::Walk;
use grid::Grid;
use header::{covers_x, grid_to_header_rows, rows_to_columns};
use jisseki_layout::{Cell, Line, PageLayout, Ruling, Shape, Table, lines_to_edge};
use jisseki_model::{Place, Rect, Section, Warning};
use rows::{Band, Event, grid_to_bands};
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;
use std::sync::Arc;

/// Reads a table as a list, adding its records to the state. Returns false, and changes nothing, where it is none.
pub(crate) fn read_list<'a>(table: &'a Table, walk: &mut Walk<'a, '_>) -> bool {
    let grid = Grid::new(table);
    let profile = walk.profile;
    let header = grid_to_header_rows(&grid, 0, &mut walk.state.headers, profile);
    let (columns, from) = match &header {
        Some(rows) => {
            let known = walk.state.columns.as_ref();
            (rows_to_columns(&grid, rows, walk.layout.number, known, walk.near, &mut walk.state.headers, profile), rows.end)
        }
        None => match walk.state.columns.as_ref().and_then(|known| known.fitted(table)) {
            Some(c) => (c, 0),
            None => return false,
        },
    };
    let open = walk.state.open.as_ref();
    let bands = grid_to_bands(&grid, from, &columns, open.map(|r| &r.label), profile);
    let records = bands.iter().filter(|b| matches!(b.event, Some(Event::Record(..)))).count();
    if let (Some(rows), true) = (&header, header.as_ref().is_some_and(|rows| rows.end >= grid.n_rows())) {
        // The header alone: what stands under it is a table of its own where a row without verticals parts them.
        grid.rows(rows.clone()).iter().for_each(|c| walk.claim(c.cell, Class::Header));
        read_above(&grid, rows.start, walk);
        walk.state.columns = Some(columns);
        return true;
    }
    let goes_on = bands.first().is_some_and(|b| b.event.is_none()) && open.is_some();
    if records == 0 && !goes_on {
        return false;
    }
    if header.is_none() && records == 0 && !looks_cut(table, &columns) {
        return false;
    }
    if let Some(rows) = &header {
        grid.rows(rows.clone()).iter().for_each(|c| walk.claim(c.cell, Class::Header));
        read_above(&grid, rows.start, walk);
    }
    Reader::new(&grid, from, &columns, walk.layout, profile).read(&bands, walk);
    walk.state.columns = Some(columns);
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
fn read_above(grid: &Grid<'_>, until: usize, walk: &mut Walk<'_, '_>) {
    for cell in grid.rows(0..until).iter().map(|c| c.cell) {
        let text = loose_text(cell_lines(cell));
        if let Some(mut s) = text_to_section(&text, walk.profile) {
            s.places = vec![Place { page: walk.layout.number, bbox: cell.bbox }];
            walk.claim(cell, Class::Section);
            walk.state.enter(s, None);
        }
    }
}

/// One table, read.
struct Reader<'a, 'r> {
    table: &'a Table,
    layout: &'a PageLayout,
    profile: &'r Profile,
    columns: &'r Columns,
    /// The table's body cells, and the header that each stands under.
    body: Vec<(&'a Cell, Option<usize>)>,
    /// Largest line end of each column on this page.
    edges: Vec<Option<f64>>,
    /// The headers that share each column.
    stacks: Vec<Vec<Arc<HeaderCell>>>,
}

/// Body cells of one band, by position in the body.
type Own = Vec<usize>;
/// The bands that a cell belongs to: one, as a rule.
type Owners = SmallVec<[usize; 4]>;

impl<'a, 'r> Reader<'a, 'r> {
    fn new(grid: &Grid<'a>, from: usize, columns: &'r Columns, layout: &'a PageLayout, profile: &'r Profile) -> Reader<'a, 'r> {
        let cells = || grid.rows(from..grid.n_rows()).iter().map(|c| c.cell);
        let body: Vec<_> = cells().map(|c| (c, columns.slot(&c.bbox))).collect();
        let mut edges: Vec<Option<f64>> = vec![None; columns.cells.len()];
        for (cell, slot) in &body {
            if let (Some(edge), Some(own)) = (slot.and_then(|s| edges.get_mut(s)), lines_to_edge(cell.lines.iter())) {
                *edge = Some(edge.map_or(own, |e| e.max(own)));
            }
        }
        let heads: Vec<Arc<HeaderCell>> = columns.cells.iter().cloned().map(Arc::new).collect();
        let stack = |slot: usize| columns.stack(slot).iter().filter_map(|i| heads.get(*i).cloned()).collect();
        let stacks = (0..heads.len()).map(stack).collect();
        Reader { table: grid.table, layout, profile, columns, body, edges, stacks }
    }

    fn read(&self, bands: &[Band<'a>], walk: &mut Walk<'a, '_>) {
        let owners: Vec<Owners> = self.body.iter().map(|(c, _)| self.cell_to_bands(c, bands, walk.warnings)).collect();
        let merged = self.merged_sections(&owners, bands);
        let mut own: Vec<Own> = vec![Vec::new(); bands.len()];
        for (i, owners) in owners.iter().enumerate() {
            owners.iter().for_each(|b| own.get_mut(*b).into_iter().for_each(|o| o.push(i)));
        }
        for (band, own) in bands.iter().zip(&own) {
            let cells = || own.iter().filter_map(|i| self.body.get(*i)).map(|b| b.0);
            match &band.event {
                Some(Event::Header(_)) => cells().for_each(|c| walk.claim(c, Class::Header)),
                Some(Event::Total) => {
                    let words: Vec<String> = cells().map(|c| loose_text(cell_lines(c))).collect();
                    let text = format!("a totals row was left out of the records: {}", words.join(" "));
                    walk.warnings.push(Warning::new("segment/total-row", text).at(self.place(band)));
                }
                Some(Event::Section(cell, section, over)) => {
                    over.iter().for_each(|l| {
                        add_overflow(l, self.columns, walk);
                    });
                    cells().for_each(|c| walk.claim(c, Class::Section));
                    let places = vec![Place { page: self.layout.number, bbox: cell.bbox }];
                    walk.state.enter(Section { places, ..section.clone() }, None);
                }
                Some(Event::Record(key, label)) => {
                    let again = walk.state.open.as_ref().is_some_and(|r| r.label.is_same(label) && self.says_continued(key, r));
                    if !again {
                        walk.begin(label.clone());
                    }
                    self.fill(own, &merged, band, walk);
                }
                None => self.fill(own, &merged, band, walk),
            }
        }
    }

    fn place(&self, band: &Band<'_>) -> Place {
        Place { page: self.layout.number, bbox: Rect { y0: band.y0, y1: band.y1, ..self.table.bbox } }
    }

    /// A key that repeats the last record's goes on with it: on a later page, or where it says so (続き).
    fn says_continued(&self, key: &Cell, last: &RawRecord<'_>) -> bool {
        let text = tight_text(cell_lines(key));
        let said = CONTINUED_WORDS.iter().any(|w| text.contains(w));
        said || last.places.last().is_some_and(|p| p.page != self.layout.number)
    }

    /// Returns the bands a cell belongs to: one, or all it covers.
    fn cell_to_bands(&self, cell: &Cell, bands: &[Band<'_>], warnings: &mut Vec<Warning>) -> Owners {
        // Bands stand one below the other: only these meet the cell.
        let from = bands.partition_point(|b| b.y1 <= cell.bbox.y0);
        let to = bands.partition_point(|b| b.y0 < cell.bbox.y1);
        let met = || bands.iter().enumerate().take(to).skip(from);
        let overlap = |b: &Band<'_>| (cell.bbox.y1.min(b.y1) - cell.bbox.y0.max(b.y0)).max(0.0);
        let covered: Owners = met()
            .filter(|(_, b)| matches!(b.event, Some(Event::Record(..)) | None) && overlap(b) >= 0.6 * (b.y1 - b.y0))
            .map(|(i, _)| i)
            .collect();
        if covered.len() > 1 {
            return covered;
        }
        let best = met().max_by(|a, b| overlap(a.1).total_cmp(&overlap(b.1)).then(b.0.cmp(&a.0)));
        let Some((i, b)) = best.filter(|(_, b)| overlap(b) > 0.0) else { return Owners::new() };
        // Less than 60 % of its height: it straddles records.
        if overlap(b) < 0.6 * cell.bbox.height() && !cell.lines.is_empty() {
            let text = "a cell reaches over two records without covering both; it was given to the one that holds most of it";
            warnings.push(Warning::new("segment/band-straddle", text).at(Place { page: self.layout.number, bbox: cell.bbox }));
        }
        smallvec![i]
    }

    /// Cells over several records in a column of sections, or in the leftmost column without a known role: they are sections.
    ///
    /// Returns one flag a body cell.
    fn merged_sections(&self, owners: &[Owners], bands: &[Band<'_>]) -> Vec<bool> {
        let records = |o: &[usize]| o.iter().filter(|i| bands.get(**i).is_some_and(|b| matches!(b.event, Some(Event::Record(..))))).count();
        let named = |cell: &Cell, slot: Option<usize>| match slot.and_then(|s| self.columns.cells.get(s)).map(|h| h.role) {
            Some(Role::Section) => true,
            Some(Role::Extra) => (cell.bbox.x0 - self.table.bbox.x0).abs() <= SAME_X,
            _ => false,
        };
        self.body.iter().zip(owners).map(|((c, slot), o)| records(o) > 1 && named(c, *slot)).collect()
    }

    /// Gives the cells of a band to the open record.
    fn fill(&self, own: &[usize], merged: &[bool], band: &Band<'a>, walk: &mut Walk<'a, '_>) {
        if walk.state.open.is_none() {
            return;
        }
        let mut plan: Vec<&'a Cell> = Vec::new();
        for i in own {
            let Some((cell, Some(slot))) = self.body.get(*i).copied() else { continue };
            let Some(header) = self.columns.cells.get(slot) else { continue };
            if merged.get(*i).copied().unwrap_or(false) || header.role == Role::Section {
                if let Some(s) = cell_to_section(cell, self.layout.number, self.profile) {
                    walk.claim(cell, Class::Section);
                    self.enter(s, cell, walk);
                }
                continue;
            }
            let Some(record) = &mut walk.state.open else { return };
            let part = cell_to_part(cell, walk.page, self.layout, self.edges.get(slot).copied().flatten());
            match header.role {
                Role::Number => record.key.push(part),
                Role::Plan => plan.push(cell),
                _ => record.add(self.stacks.get(slot).map_or(&[], Vec::as_slice), part),
            }
        }
        let Some(record) = &mut walk.state.open else { return };
        let place = self.place(band);
        record.grow(place.page, place.bbox);
        record.plan.extend(self.plan_part(plan, band, walk.page));
    }

    /// Enters the section of a merged cell. Where sections have labels, a cell without one at the top of a page is the rest of the one before.
    fn enter(&self, section: Section, cell: &Cell, walk: &mut Walk<'a, '_>) {
        let top = self.body.first().is_some_and(|(first, _)| cell.bbox.y0 <= first.bbox.y0 + SAME_X);
        let number = self.layout.number;
        let last = walk.state.last_section().filter(|l| !l.label.is_empty() && l.places.last().is_some_and(|p| p.page + 1 == number));
        match last {
            Some(last) if top && section.label.is_empty() => {
                last.title.push_str(&section.title);
                last.places.extend(section.places);
            }
            _ => walk.state.enter(section, None),
        }
        walk.state.move_open();
    }

    fn plan_part(&self, cells: Vec<&'a Cell>, band: &Band<'a>, page: usize) -> Option<PlanPart<'a>> {
        let header = self.columns.with_role(Role::Plan).and_then(|i| self.columns.cells.get(i))?;
        let bbox = Rect { x0: header.bbox.x0, x1: header.bbox.x1, y0: band.y0, y1: band.y1 };
        (!cells.is_empty()).then(|| cells_to_plan(&cells, bbox, self.columns.axis(), page, self.layout))
    }
}

/// Gives a line that runs out below its cell to the field it goes on with: it follows that field's last line on this page in the same column.
///
/// Returns false, and changes nothing, where there is no such field.
pub(crate) fn add_overflow<'a>(line: &'a Line, columns: &Columns, walk: &mut Walk<'a, '_>) -> bool {
    let Some(header) = columns.slot(&line.bbox).and_then(|s| columns.cells.get(s)).filter(|h| covers_x(&h.bbox, &line.bbox)) else {
        return false;
    };
    let (page, number) = (walk.page, walk.layout.number);
    let Some(record) = &mut walk.state.open else { return false };
    let same_column = |s: &&mut Stack<'a>| s.headers.iter().any(|h| h.label == header.label && h.role == header.role);
    let Some(stack) = record.stacks.iter_mut().find(same_column) else { return false };
    let Some(part) = stack.pages.last_mut().filter(|p| p.0 == number).and_then(|p| p.1.last_mut()) else { return false };
    let follows = part.lines.last().is_some_and(|l| {
        let step = line.baseline - l.baseline;
        // The next line of the text, be it indented by its mark or by a character more.
        step > 0.5 * line.em && step < 1.9 * line.em && (line.start - l.start).abs() < 4.0 * line.em
    });
    if follows && part.page == page {
        walk.ledger.claim(page, line, Class::Record);
        part.bbox = part.bbox.union(line.bbox);
        part.lines.push(Cow::Borrowed(line));
        record.grow(number, line.bbox);
    }
    follows
}

/// Makes the part of a plan on one page: its cells, and what is drawn over them.
pub(crate) fn cells_to_plan<'a>(cells: &[&'a Cell], bbox: Rect, axis: Vec<AxisCell>, page: usize, layout: &'a PageLayout) -> PlanPart<'a> {
    let lines = cells.iter().flat_map(|c| cell_lines(c)).map(Cow::Borrowed).collect();
    let confidence = cells.iter().map(|c| c.confidence).fold(1.0, f64::min);
    let part = Part { page, number: layout.number, bbox, lines, edge: None, confidence };
    let over = |s: &&Shape| bbox.grown(4.0).contains(s.bbox.center());
    let beside = |r: &&Ruling| !r.horizontal && bbox.x0 - 1.0 <= r.position && r.position <= bbox.x1 + 1.0 && r.end > bbox.y0;
    PlanPart {
        part,
        cells: cells.iter().map(|c| Cow::Borrowed(*c)).collect(),
        axis,
        shapes: layout.shapes.iter().filter(over).map(Cow::Borrowed).collect(),
        rulings: layout.rulings.iter().filter(beside).map(Cow::Borrowed).collect(),
    }
}

/// Reads a cell as a section; `None` where it is empty.
pub(crate) fn cell_to_section(cell: &Cell, page: u32, profile: &Profile) -> Option<Section> {
    let text = if cell_lines(cell).any(|l| l.vertical) {
        tight_text(cell_lines(cell))
    } else {
        cell_lines(cell).map(|l| crate::part::line_text(l).trim().to_string()).collect::<String>()
    };
    let text = text.trim().to_string();
    if text.is_empty() {
        return None;
    }
    let s = text_to_section(&text, profile).unwrap_or(Section { title: text, ..Section::default() });
    Some(Section { places: vec![Place { page, bbox: cell.bbox }], ..s })
}
