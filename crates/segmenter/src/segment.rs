//! The walk: pages in order, tables and text in reading order → records, and what the document says about itself.

use crate::document::{text_to_publisher, text_to_section, text_to_stage, title_to_fiscal_year, title_to_plan_name};
use crate::form::{is_stacked_form, read_form};
use crate::furniture::{Furniture, LineKey, line_to_key};
use crate::ledger::{Class, Ledger};
use crate::list::{add_overflow, read_list};
use crate::part::{cell_lines, line_text, loose_text, tight_text};
use crate::profile::{Profile, Species};
use crate::record_ids::number_records;
use crate::segmented::{HeaderColumn, Segmented};
use crate::walk::{State, Walk};
use jisseki_layout::{Line, PageLayout, Table};
use jisseki_model::{Coverage, FiscalYearInfo, Initiative, Place, Section, Status, Warned, Warning};

/// Segments laid-out pages into numbered records: [`Segmenter`] over all of them.
///
/// Warns: `segment/…` codes; `segment/no-records` where there are none, with what was seen instead.
pub fn segment(pages: &[PageLayout], profile: &Profile) -> Warned<Segmented> {
    let mut segmenter = Segmenter::new(profile);
    pages.iter().for_each(|p| segmenter.push(p));
    segmenter.finish()
}

/// Reads pages one after the other. A page can be dropped once it was pushed: what is kept of it are its records.
///
/// ```
/// use jisseki_segmenter::{Profile, Segmenter};
/// let profile = Profile::auto();
/// let mut segmenter = Segmenter::new(&profile);
/// segmenter.push(&jisseki_layout::PageLayout { number: 1, ..Default::default() });
/// assert!(segmenter.finish().output.records.is_empty());
/// ```
#[derive(Debug)]
pub struct Segmenter<'p> {
    profile: &'p Profile,
    /// The first pages, until it is known where the document's front ends.
    held: Vec<PageLayout>,
    front_read: bool,
    n_pages: usize,
    n_scanned: usize,
    n_tables: usize,
    n_lines: usize,
    state: State<'static>,
    furniture: Furniture,
    ledger: Ledger,
    out: Segmented,
    warnings: Vec<Warning>,
}

/// Pages at the front of the document that a title is looked for on, where no table ends it earlier.
const FRONT_PAGES: usize = 3;

impl<'p> Segmenter<'p> {
    /// Returns a segmenter that has seen no page.
    pub fn new(profile: &'p Profile) -> Segmenter<'p> {
        Segmenter {
            profile,
            held: Vec::new(),
            front_read: false,
            n_pages: 0,
            n_scanned: 0,
            n_tables: 0,
            n_lines: 0,
            state: State::default(),
            furniture: Furniture::default(),
            ledger: Ledger::default(),
            out: Segmented { profile: profile.name.clone(), ..Segmented::default() },
            warnings: Vec::new(),
        }
    }

    /// Reads the next page.
    pub fn push(&mut self, page: &PageLayout) {
        if self.front_read {
            return self.read_page(page, &[]);
        }
        if page.tables.is_empty() && self.held.len() + 1 < FRONT_PAGES {
            return self.held.push(page.clone());
        }
        let held = std::mem::take(&mut self.held);
        self.read_front(&held.iter().chain([page]).collect::<Vec<_>>());
    }

    /// Returns the records that are done, in document order: no later page changes them. Their section and id are set by [`Segmenter::finish`].
    pub fn records_mut(&mut self) -> &mut [Initiative] {
        &mut self.state.records
    }

    /// Returns the fiscal year that the document reports on, as far as is known: it is once there is a record.
    pub fn fiscal_year(&self) -> Option<i32> {
        self.out.fiscal_year.as_ref().map(|y| y.year)
    }

    /// Ends the reading.
    ///
    /// Warns: as [`segment`].
    pub fn finish(mut self) -> Warned<Segmented> {
        let held = std::mem::take(&mut self.held);
        if !self.front_read {
            self.read_front(&held.iter().collect::<Vec<_>>());
        }
        let end = PageLayout::default();
        let mut walk = self.walk(&end);
        walk.close();
        self.state = walk.state.into_owned();
        self.ledger.close_but(self.n_pages);
        let n_pages = self.n_pages;
        self.state.place_records(|line| self.furniture.repeats(line, n_pages));
        let (mut out, mut warnings) = (self.out, self.warnings);
        if let (true, Some(c)) = (out.columns.is_empty(), &self.state.columns) {
            out.columns = columns_of(c);
        }
        out.records = self.state.records;
        number_records(&mut out.records, &mut warnings);
        out.plan_years = self.profile.document.plan_years.map(|[a, b]| (a, b)).or_else(|| crate::document_years(&out.records));
        out.coverage = self.ledger.coverage;
        self.furniture.add_to(&mut out.coverage, n_pages);
        warnings.append(&mut self.ledger.warnings);
        check_text(&out, &mut warnings);
        if out.records.is_empty() {
            no_records(&mut out, self.n_scanned, self.n_tables, self.n_lines, &mut warnings);
        }
        Warned { output: out, warnings }
    }

    /// Reads title, year and stage from the first pages, then the pages themselves.
    fn read_front(&mut self, pages: &[&PageLayout]) {
        self.front_read = true;
        let front = front_lines(pages);
        let title = title_lines(&front);
        describe(&mut self.out, &front, &title, self.profile);
        for (i, page) in pages.iter().enumerate() {
            let own: Vec<&Line> = title.iter().filter(|t| t.0 == i).map(|t| t.1).collect();
            self.read_page(page, &own);
        }
    }

    fn walk<'a, 's>(&'s mut self, layout: &'a PageLayout) -> Walk<'a, 's> {
        let near = self.fiscal_year().or(self.profile.document.plan_years.map(|y| y[1]));
        Walk {
            page: self.n_pages,
            layout,
            profile: self.profile,
            near,
            state: std::mem::take(&mut self.state),
            ledger: &mut self.ledger,
            warnings: &mut self.warnings,
        }
    }

    /// Reads one page; `title` are the lines of the document's title on it.
    fn read_page(&mut self, layout: &PageLayout, title: &[&Line]) {
        self.n_scanned += usize::from(layout.scanned);
        self.n_tables += layout.tables.len();
        self.n_lines += layout.blocks.iter().map(|b| b.lines.len()).sum::<usize>();
        if let (None, Some(table)) = (&self.out.fiscal_year, layout.tables.first().filter(|_| self.n_tables == layout.tables.len())) {
            self.out.fiscal_year = header_year(table);
        }
        self.ledger.open(self.n_pages, layout);
        let lines = self.claim_lines(layout, title);
        let pieces = pieces_of(layout, &lines);
        let mut classes: Vec<Class> = lines.iter().map(|l| l.class).collect();
        let mut seen: Vec<String> = Vec::new();
        let mut columns = None;
        let mut walk = self.walk(layout);
        for piece in pieces {
            match piece {
                Piece::Lines(block) => read_free(&lines, block, &mut classes, &mut walk),
                Piece::Table(table) => {
                    let (list, form) = (walk.profile.species != Species::Form, walk.profile.species != Species::List);
                    if list && form && is_stacked_form(table, &mut walk) && read_form(table, &mut walk) {
                        continue;
                    }
                    if list && read_list(table, &mut walk) {
                        columns = columns.or_else(|| walk.state.columns.as_ref().map(columns_of));
                    } else if !form || !read_form(table, &mut walk) {
                        seen.push(table_to_words(table, layout.number));
                    }
                }
            }
        }
        let state = walk.state;
        if !state.open.as_ref().is_some_and(|r| r.is_on(self.n_pages)) {
            self.ledger.close(self.n_pages);
        }
        self.state = state.into_owned();
        for (l, class) in lines.iter().zip(classes) {
            self.furniture.add(l.key, self.n_pages, class, l.glyphs);
        }
        if let (true, Some(c)) = (self.out.columns.is_empty(), columns) {
            self.out.columns = c;
        }
        seen.truncate(MOST_SEEN - self.out.seen.len());
        self.out.seen.append(&mut seen);
        self.n_pages += 1;
    }

    /// Takes the lines outside tables out of the ledger: what they are is known when all pages are.
    fn claim_lines<'a>(&mut self, layout: &'a PageLayout, title: &[&Line]) -> Vec<FreeLine<'a>> {
        let mut out = Vec::new();
        for (block, line) in layout.blocks.iter().enumerate().flat_map(|(b, block)| block.lines.iter().map(move |l| (b, l))) {
            let (key, is_page_number) = line_to_key(line, layout.height);
            let is_title = title.iter().any(|t| std::ptr::eq(*t, line));
            let glyphs = if is_page_number {
                self.ledger.claim(self.n_pages, line, Class::Furniture);
                0
            } else {
                self.ledger.claim(self.n_pages, line, Class::Uncounted)
            };
            out.push(FreeLine { block, line, key, is_page_number, class: if is_title { Class::Title } else { Class::Other }, glyphs });
        }
        self.ledger.claim_all(self.n_pages, title.iter().copied(), Class::Title);
        out
    }
}

/// A line outside tables.
struct FreeLine<'a> {
    block: usize,
    line: &'a Line,
    key: LineKey,
    is_page_number: bool,
    class: Class,
    /// How many glyphs it has.
    glyphs: u64,
}

/// Most entries of [`Segmented::seen`].
const MOST_SEEN: usize = 40;

fn columns_of(c: &crate::list::Columns) -> Vec<HeaderColumn> {
    let cells = c.cells.iter().filter(|c| !c.own.is_empty());
    cells.map(|h| HeaderColumn { label: h.label.clone(), role: h.role, score: h.score, page: c.page, bbox: h.bbox }).collect()
}

/// Text above the first table of the document, furniture and all: a title may repeat on every page.
fn front_lines<'a>(pages: &[&'a PageLayout]) -> Vec<(usize, &'a Line)> {
    let mut out: Vec<(usize, &Line)> = Vec::new();
    for (p, page) in pages.iter().enumerate() {
        let top = page.tables.iter().map(|t| t.bbox.y0).fold(f64::INFINITY, f64::min);
        out.extend(page.blocks.iter().flat_map(|b| b.lines.iter()).filter(|l| l.bbox.y1 <= top + 1.0).map(|l| (p, l)));
        if !page.tables.is_empty() {
            // A title may stand in the table itself, in a row over its header.
            let rows = page
                .tables
                .first()
                .map_or(&[][..], |t| t.cells.as_slice())
                .iter()
                .filter(|c| c.row <= 1 && c.bbox.width() > 0.6 * page.width);
            out.extend(rows.flat_map(|c| c.lines.iter()).map(|l| (p, l)));
            break;
        }
    }
    out
}

/// Reads title, year, stage and publisher from the front of the document.
fn describe(out: &mut Segmented, front: &[(usize, &Line)], title: &[(usize, &Line)], profile: &Profile) {
    let printed = |l: &Line| line_text(l).trim().to_string();
    let text = title.iter().map(|(_, l)| printed(l)).collect::<Vec<_>>().join(" ");
    out.title = (!text.is_empty()).then_some(text.clone());
    let all: String = front.iter().map(|(_, l)| printed(l)).collect::<Vec<_>>().join("\n");
    let from_profile = profile.document.fiscal_year.map(|year| FiscalYearInfo { year, text: String::new() });
    out.fiscal_year = from_profile.or_else(|| title_to_fiscal_year(&text)).or_else(|| title_to_fiscal_year(&all));
    out.stage = text_to_stage(&text).or_else(|| text_to_stage(&all));
    out.publisher = profile.document.publisher.clone().or_else(|| text_to_publisher(&text)).or_else(|| text_to_publisher(&all));
    out.lg_code = profile.document.lg_code.clone();
    out.plan_id = profile.document.plan_id.clone();
    out.plan_name = profile.document.plan_name.clone().or_else(|| title_to_plan_name(&text));
}

/// Picks the title: the largest lines of the front that hold a fiscal year, else the largest; neighbors of the same size belong to it.
fn title_lines<'a>(front: &[(usize, &'a Line)]) -> Vec<(usize, &'a Line)> {
    let inked = |l: &Line| tight_text([l]).chars().count();
    let usable: Vec<(usize, &Line)> = front.iter().filter(|(_, l)| inked(l) >= 4 && !l.vertical).copied().collect();
    let dated = |l: &Line| title_to_fiscal_year(&line_text(l)).is_some();
    let best = usable.iter().max_by(|a, b| {
        let key = |x: &(usize, &Line)| (dated(x.1), (x.1.em * 2.0).round() as i64);
        // The first of equals.
        key(a).cmp(&key(b)).then(b.1.bbox.y0.total_cmp(&a.1.bbox.y0)).then(b.0.cmp(&a.0))
    });
    let Some((page, first)) = best.copied() else { return Vec::new() };
    let em = first.em;
    let mut out: Vec<(usize, &Line)> = Vec::new();
    let mut y1 = first.bbox.y0;
    for (p, l) in usable.iter().filter(|(p, l)| *p == page && l.bbox.y0 >= first.bbox.y0 - 0.5 * em) {
        let near = l.bbox.y0 - y1 <= 1.2 * em && (l.em - em).abs() <= 0.1 * em;
        let complete = out.iter().any(|(_, o)| line_text(o).trim_end().ends_with(['）', ')', '。']));
        if std::ptr::eq(*l, first) || (near && !complete && out.len() < 3 && inked(l) <= 60) {
            y1 = l.bbox.y1;
            out.push((*p, l));
        }
    }
    out
}

/// The fiscal year of the first table's headers (令和元年度 取組実績), where the title names none.
fn header_year(table: &Table) -> Option<FiscalYearInfo> {
    let texts = table.cells.iter().filter(|c| c.row <= 2).map(|c| tight_text(cell_lines(c))).filter(|t| t.chars().count() <= 40);
    texts.filter_map(|t| title_to_fiscal_year(&t)).max_by_key(|y| y.year)
}

/// A table, or a block of text by its position, by where it stands.
enum Piece<'a> {
    Table(&'a Table),
    Lines(usize),
}

/// Returns the page's tables and text blocks from top to bottom, blocks of page numbers left out.
fn pieces_of<'a>(page: &'a PageLayout, lines: &[FreeLine<'a>]) -> Vec<Piece<'a>> {
    let mut out: Vec<(f64, f64, Piece<'a>)> = page.tables.iter().map(|t| (t.bbox.y0, t.bbox.x0, Piece::Table(t))).collect();
    for (b, block) in page.blocks.iter().enumerate() {
        if lines.iter().any(|l| l.block == b && !l.is_page_number) {
            out.push((block.bbox.y0, block.bbox.x0, Piece::Lines(b)));
        }
    }
    out.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    out.into_iter().map(|o| o.2).collect()
}

/// Reads the lines of a block: what runs out below a table goes on with its record; a short text above a table that is numbered like a section
/// is one. `classes` are what the lines are, by their position.
fn read_free<'a>(lines: &[FreeLine<'a>], block: usize, classes: &mut [Class], walk: &mut Walk<'a, '_>) {
    let (number, profile) = (walk.layout.number, walk.profile);
    let lowest = walk.layout.tables.iter().map(|t| t.bbox.y0).fold(f64::NEG_INFINITY, f64::max);
    let columns = walk.state.columns.take();
    for (FreeLine { line, key, .. }, class) in lines.iter().zip(classes).filter(|(l, _)| l.block == block && !l.is_page_number) {
        if lowest < line.bbox.y0 {
            if *class == Class::Other && columns.as_ref().is_some_and(|c| add_overflow(line, c, walk)) {
                *class = Class::Record;
            }
            continue;
        }
        let text = loose_text([*line]);
        if text.chars().count() > 50 {
            continue;
        }
        if let Some(s) = text_to_section(&text, profile).filter(|s| !s.title.is_empty()) {
            walk.state.enter(Section { places: vec![Place { page: number, bbox: line.bbox }], ..s }, Some(*key));
            if *class == Class::Other {
                *class = Class::Section;
            }
        }
    }
    walk.state.columns = columns;
}

fn table_to_words(table: &Table, page: u32) -> String {
    let (rows, columns) = (table.ys.len().saturating_sub(1), table.xs.len().saturating_sub(1));
    let first: Vec<String> =
        table.cells.iter().filter(|c| c.row == 0).map(|c| tight_text(cell_lines(c))).filter(|t| !t.is_empty()).take(8).collect();
    let first: Vec<String> = first.iter().map(|t| t.chars().take(16).collect()).collect();
    format!(
        "page {page}: a table of {rows} rows and {columns} columns, headed {}",
        if first.is_empty() { "by nothing".into() } else { first.join(", ") }
    )
}

/// Says what stood there instead of records.
fn no_records(out: &mut Segmented, scanned: usize, tables: usize, lines: usize, warnings: &mut Vec<Warning>) {
    let inked = out.coverage.glyphs;
    out.status = if inked == 0 && scanned > 0 { Status::NeedsOcr } else { Status::NoRecords };
    if lines > 0 {
        out.seen.push(format!("{lines} lines of text outside tables"));
    }
    if scanned > 0 {
        out.seen.push(format!("{scanned} pages that are images"));
    }
    let shown: Vec<&str> = out.seen.iter().take(3).chain(out.seen.iter().skip(3).rev().take(1)).map(String::as_str).collect();
    let text = format!("no numbered records were recognized; seen instead: {tables} tables; {}", shown.join("; "));
    warnings.push(Warning::new("segment/no-records", text));
}

/// Checks at run time that no text of a record was lost or invented: as many chars leave in its fields as glyphs were given to records.
fn check_text(out: &Segmented, warnings: &mut Vec<Warning>) {
    let Coverage { unassigned, .. } = out.coverage;
    if unassigned > 0 {
        warnings.push(Warning::new("segment/unassigned", format!("{unassigned} glyphs belong to no record, header or block")));
    }
    for r in &out.records {
        if r.title.text.is_empty() {
            let mut w = Warning::new("segment/no-title", format!("record {} has no title", r.number_label));
            if let Some(p) = r.places.first() {
                w = w.at(*p);
            }
            warnings.push(w);
        }
    }
}
