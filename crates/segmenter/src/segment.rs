//! The walk: pages in order, tables and text in reading order → records, and what the document says about itself.

use crate::document::{text_to_publisher, text_to_section, text_to_stage, title_to_fiscal_year, title_to_plan_name};
use crate::fields::{Context, raw_to_record};
use crate::form::{add_pairs, pairs_to_label, table_to_pairs};
use crate::furniture::{Furniture, pages_to_furniture};
use crate::ledger::{Class, Ledger};
use crate::list::{ListState, read_list};
use crate::narrow::squash;
use crate::part::{cell_lines, line_text, loose_text, tight_text};
use crate::profile::{Profile, Species};
use crate::raw::RawRecord;
use crate::record_ids::number_records;
use crate::segmented::{HeaderColumn, Segmented};
use jisseki_layout::{Line, PageLayout, Table};
use jisseki_model::{Coverage, FiscalYearInfo, Place, Section, Status, Warned, Warning};

/// Segments laid-out pages into numbered records.
///
/// Warns: `segment/…` codes; `segment/no-records` where there are none, with what was seen instead.
pub fn segment(pages: &[PageLayout], profile: &Profile) -> Warned<Segmented> {
    let mut warnings = Vec::new();
    let mut ledger = Ledger::new(pages);
    let furniture = pages_to_furniture(pages);
    claim_furniture(pages, &furniture, &mut ledger);
    let mut out = Segmented { profile: profile.name.clone(), ..Segmented::default() };
    describe(&mut out, pages, profile, &mut ledger);
    let near = out.fiscal_year.as_ref().map(|y| y.year).or(profile.document.plan_years.map(|y| y[1]));
    let mut state = ListState::default();
    for (p, page) in pages.iter().enumerate() {
        read_page(p, page, &furniture, &mut state, near, profile, &mut ledger, &mut out, &mut warnings);
    }
    if let Some(c) = &state.columns {
        out.columns = if out.columns.is_empty() { columns_of(c) } else { out.columns };
    }
    let cx = Context { pages, profile, near };
    out.records = state.records.iter().map(|r| raw_to_record(r, &cx, &mut ledger)).collect();
    number_records(&mut out.records, &mut warnings);
    out.plan_years = profile.document.plan_years.map(|[a, b]| (a, b)).or_else(|| crate::document_years(&out.records));
    out.coverage = ledger.coverage(pages, &mut warnings);
    check_text(&out, &mut warnings);
    if out.records.is_empty() {
        no_records(&mut out, pages, &mut warnings);
    }
    Warned { output: out, warnings }
}

fn columns_of(c: &crate::list::Columns) -> Vec<HeaderColumn> {
    let cells = c.cells.iter().filter(|c| !c.own.is_empty());
    cells.map(|h| HeaderColumn { label: h.label.clone(), role: h.role, score: h.score, page: c.page, bbox: h.bbox }).collect()
}

fn claim_furniture(pages: &[PageLayout], furniture: &Furniture, ledger: &mut Ledger) {
    for (p, page) in pages.iter().enumerate() {
        for (b, block) in page.blocks.iter().enumerate() {
            for (_, line) in block.lines.iter().enumerate().filter(|(l, _)| furniture.contains(p, b, *l)) {
                ledger.claim(p, line, Class::Furniture);
            }
        }
    }
}

/// Text above the first table of the document, furniture and all: a title may repeat on every page.
fn front_lines(pages: &[PageLayout]) -> Vec<(usize, &Line)> {
    let mut out: Vec<(usize, &Line)> = Vec::new();
    for (p, page) in pages.iter().enumerate().take(3) {
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
fn describe(out: &mut Segmented, pages: &[PageLayout], profile: &Profile, ledger: &mut Ledger) {
    let front = front_lines(pages);
    let printed = |l: &Line| line_text(l).trim().to_string();
    let title = title_lines(&front);
    let text = title.iter().map(|(_, l)| printed(l)).collect::<Vec<_>>().join(" ");
    title.iter().for_each(|(p, l)| ledger.claim(*p, l, Class::Title));
    out.title = (!text.is_empty()).then_some(text.clone());
    let all: String = front.iter().map(|(_, l)| printed(l)).collect::<Vec<_>>().join("\n");
    let from_profile = profile.document.fiscal_year.map(|year| FiscalYearInfo { year, text: String::new() });
    out.fiscal_year =
        from_profile.or_else(|| title_to_fiscal_year(&text)).or_else(|| title_to_fiscal_year(&all)).or_else(|| header_year(pages));
    out.stage = text_to_stage(&text, profile).or_else(|| text_to_stage(&all, profile));
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
fn header_year(pages: &[PageLayout]) -> Option<FiscalYearInfo> {
    let table = pages.iter().find_map(|p| p.tables.first())?;
    let texts = table.cells.iter().filter(|c| c.row <= 2).map(|c| tight_text(cell_lines(c))).filter(|t| t.chars().count() <= 40);
    texts.filter_map(|t| title_to_fiscal_year(&t)).max_by_key(|y| y.year)
}

/// A table or a run of text, by where it stands.
enum Piece<'a> {
    Table(&'a Table),
    Lines(Vec<&'a Line>),
}

#[expect(clippy::too_many_arguments, reason = "the walk's whole state; a struct would be built once and taken apart at once")]
fn read_page<'a>(
    p: usize,
    page: &'a PageLayout,
    furniture: &Furniture,
    state: &mut ListState<'a>,
    near: Option<i32>,
    profile: &Profile,
    ledger: &mut Ledger,
    out: &mut Segmented,
    warnings: &mut Vec<Warning>,
) {
    for piece in pieces_of(p, page, furniture) {
        match piece {
            Piece::Lines(lines) => read_heading(p, page, &lines, state, profile, ledger),
            Piece::Table(table) => {
                let list = profile.species != Species::Form && read_list(table, p, page, state, near, profile, ledger, warnings);
                if list {
                    if let (true, Some(c)) = (out.columns.is_empty(), &state.columns) {
                        out.columns = columns_of(c);
                    }
                    continue;
                }
                if profile.species != Species::List && read_form(table, p, page, state, profile, ledger) {
                    continue;
                }
                if out.seen.len() < 40 {
                    out.seen.push(table_to_words(table, page.number));
                }
            }
        }
    }
}

/// Returns the page's tables and text blocks from top to bottom, furniture left out.
fn pieces_of<'a>(p: usize, page: &'a PageLayout, furniture: &Furniture) -> Vec<Piece<'a>> {
    let mut out: Vec<(f64, f64, Piece<'a>)> = page.tables.iter().map(|t| (t.bbox.y0, t.bbox.x0, Piece::Table(t))).collect();
    for (b, block) in page.blocks.iter().enumerate() {
        let lines: Vec<&Line> = block.lines.iter().enumerate().filter(|(l, _)| !furniture.contains(p, b, *l)).map(|(_, l)| l).collect();
        if !lines.is_empty() {
            out.push((block.bbox.y0, block.bbox.x0, Piece::Lines(lines)));
        }
    }
    out.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    out.into_iter().map(|o| o.2).collect()
}

/// A short text between tables that is numbered like a section is one.
fn read_heading(p: usize, page: &PageLayout, lines: &[&Line], state: &mut ListState<'_>, profile: &Profile, ledger: &mut Ledger) {
    for line in lines {
        let text = loose_text([*line]);
        if text.chars().count() > 50 || page.tables.iter().all(|t| t.bbox.y0 < line.bbox.y0) {
            continue;
        }
        if let Some(s) = text_to_section(&text, profile).filter(|s| !s.title.is_empty()) {
            ledger.claim(p, line, Class::Section);
            state.section = Some(Section { places: vec![Place { page: page.number, bbox: line.bbox }], ..s });
        }
    }
}

/// Reads a table as (part of) a one-record form.
fn read_form<'a>(
    table: &'a Table,
    p: usize,
    page: &'a PageLayout,
    state: &mut ListState<'a>,
    profile: &Profile,
    ledger: &mut Ledger,
) -> bool {
    let Some(pairs) = table_to_pairs(table, profile) else { return false };
    match pairs_to_label(&pairs, profile) {
        Some(label) => {
            let again = state.records.last().is_some_and(|r| r.label == label);
            if !again {
                state.records.push(RawRecord { label, section: state.section.clone(), ..RawRecord::default() });
            }
        }
        None if state.records.is_empty() => return false,
        None => {}
    }
    let Some(record) = state.records.last_mut() else { return false };
    add_pairs(record, &pairs, table, p, page, ledger);
    true
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
fn no_records(out: &mut Segmented, pages: &[PageLayout], warnings: &mut Vec<Warning>) {
    let inked = out.coverage.glyphs;
    let scanned = pages.iter().filter(|p| p.scanned).count();
    out.status = if inked == 0 && scanned > 0 { Status::NeedsOcr } else { Status::NoRecords };
    let tables = pages.iter().map(|p| p.tables.len()).sum::<usize>();
    let lines = pages.iter().flat_map(|p| p.blocks.iter()).map(|b| b.lines.len()).sum::<usize>();
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
        debug_assert!(r.title.ink.len() == r.title.text.chars().count() || squash(&r.title.text).is_empty());
    }
}
