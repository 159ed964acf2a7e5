//! Rows of one initiative.

use super::mention::{MentionRows, Spot};
use super::{Keys, TableRows, box_cells, enum_code};
use crate::{
    Cell,
    cell::{clean_text, is_clean},
};
use jisseki_model::{Block, Department, Initiative, Mention, Place, Schedule, Warning};

/// Dashes that stand for «no entry»; in a table that is null.
const DASHES: [&str; 9] = ["-", "－", "―", "─", "—", "–", "‐", "ー", "−"];

/// Where in a record a text stands.
#[derive(Clone, Copy)]
struct At<'a> {
    field: &'static str,
    extra_header: Option<&'a str>,
    block_no: Option<usize>,
    paragraph: Option<usize>,
}

/// Collects the rows of one record.
struct Rows<'a> {
    out: &'a mut TableRows,
    record_id: String,
    mentions: MentionRows,
    places_seq: std::collections::BTreeMap<&'static str, usize>,
}

pub(super) fn push(out: &mut TableRows, keys: &mut Keys<'_>, record: &Initiative, notes: &mut Vec<(Option<String>, Warning)>) {
    let record_id = keys.record_id(&record.record_id);
    let (number, duplicate) = unique_number(keys, record);
    notes.extend(record.warnings.iter().map(|w| (Some(record_id.clone()), w.clone())));
    if duplicate {
        let text = format!("number {} stands twice in its section; it is left out of the later record", record.number_label);
        notes.push((Some(record_id.clone()), Warning::new("dataset/duplicate-number", text)));
    }
    out.push("initiatives", initiative_cells(keys, record, &record_id, number, record.warnings.len() + usize::from(duplicate)));
    let mut rows = Rows { out, mentions: MentionRows::new(&record_id), record_id, places_seq: Default::default() };
    rows.short_text("title", &record.title.text, &record.title.raw, &record.title.places, &record.title.mentions);
    if let Some(schedule) = &record.schedule {
        rows.schedule(schedule);
    }
    rows.blocks("results", None, 1, &record.results);
    if let Some(a) = &record.achievement {
        rows.short_text("achievement", &a.text, &a.text, &a.places, &a.mentions);
    }
    rows.blocks("status", None, 1, &record.status);
    rows.departments(&record.departments);
    rows.blocks("outlook", None, 1, &record.outlook);
    let mut block_no = 1;
    for (header, blocks) in &record.extra {
        rows.blocks("extra", Some(header), block_no, blocks);
        block_no += blocks.len();
    }
}

/// The number and section are unique in a document: a second record with the same pair keeps its label alone.
fn unique_number(keys: &mut Keys<'_>, record: &Initiative) -> (Option<i64>, bool) {
    let section = record.section.as_ref().and_then(|s| s.number);
    match (record.number, section) {
        (Some(n), Some(s)) if !keys.numbers.insert((n, s)) => (None, true),
        (n, _) => (n, false),
    }
}

fn initiative_cells(keys: &Keys<'_>, r: &Initiative, record_id: &str, number: Option<i64>, warnings: usize) -> Vec<(&'static str, Cell)> {
    let section = r.section.as_ref();
    let pages: Vec<u32> = pages_of(r);
    let departments = r.departments.iter().map(|d| d.text.as_str()).collect::<Vec<_>>().join(" ");
    vec![
        ("record_id", Cell::exact(record_id)),
        ("document_id", Cell::exact(keys.document_id)),
        ("fiscal_year", keys.report.document.fiscal_year.as_ref().map(|y| i64::from(y.year)).into()),
        ("number", number.into()),
        ("number_label", Cell::text(&r.number_label)),
        ("section_no", section.and_then(|s| s.number).into()),
        ("section_title", section.map_or(Cell::Null, |s| Cell::text(&s.title))),
        ("sub_no", r.sub_number.into()),
        ("title", Cell::text(&r.title.text)),
        ("achievement_status", r.achievement.as_ref().map_or(Cell::Null, |a| listed("achievement_status", &a.status))),
        ("achieved_fiscal_year", r.achievement.as_ref().and_then(|a| a.fiscal_year.map(i64::from)).into()),
        ("achievement_text", r.achievement.as_ref().map_or(Cell::Null, |a| Cell::text(&a.text))),
        ("departments_text", Cell::text(&departments)),
        ("page_first", pages.iter().min().copied().into()),
        ("page_last", pages.iter().max().copied().into()),
        ("confidence", Cell::real((r.confidence * 1e4).round() / 1e4)),
        ("warning_count", warnings.into()),
    ]
}

/// Pages of the record's own boxes; of its fields' where it has none.
fn pages_of(r: &Initiative) -> Vec<u32> {
    if !r.places.is_empty() {
        return r.places.iter().map(|p| p.page).collect();
    }
    let blocks = r.results.iter().chain(&r.status).chain(&r.outlook).chain(r.extra.values().flatten());
    let texts = blocks.flat_map(|b| &b.paragraphs).flat_map(|p| &p.places);
    texts.chain(&r.title.places).chain(r.departments.iter().flat_map(|d| &d.places)).map(|p| p.page).collect()
}

/// The text, or null for a dash that stands alone.
fn entry(text: &str) -> Cell {
    if DASHES.contains(&text.trim()) { Cell::Null } else { Cell::text(text) }
}

/// A code outside its list is `other` where the list has one.
fn listed(list: &str, code: &str) -> Cell {
    let entries = crate::code_entries(list);
    let known = entries.iter().find(|e| e.code == code).or_else(|| entries.iter().find(|e| e.code == "other" && !code.is_empty()));
    known.map_or(Cell::Null, |e| Cell::exact(e.code))
}

impl Rows<'_> {
    fn short_text(&mut self, field: &'static str, text: &str, raw: &str, places: &[Place], mentions: &[Mention]) {
        let at = At { field, extra_header: None, block_no: None, paragraph: None };
        self.places(at, raw, places);
        self.mention_rows(at, text, mentions);
    }

    fn blocks(&mut self, field: &'static str, extra_header: Option<&str>, first: usize, blocks: &[Block]) {
        for (i, block) in blocks.iter().enumerate() {
            let at = At { field, extra_header, block_no: Some(first + i), paragraph: None };
            self.block(at, block);
        }
    }

    fn block(&mut self, at: At<'_>, block: &Block) {
        let heading = Cell::text(&block.headings.join(" > "));
        self.places(at, &block.headings.join("\n"), &block.heading_places);
        // A heading over nothing is still a row, else it would be lost.
        if block.paragraphs.is_empty() && !heading.is_null() {
            let cells = self.block_cells(at, 0, &heading);
            self.out.push("text_blocks", cells);
        }
        for (i, p) in block.paragraphs.iter().enumerate() {
            let at = At { paragraph: Some(i + 1), ..at };
            let mut cells = self.block_cells(at, i + 1, &heading);
            let text = entry(&p.text);
            cells.extend([
                ("level", i64::from(p.level).into()),
                ("marker", p.marker.as_deref().map_or(Cell::Null, Cell::text)),
                ("text", text),
                ("page", p.places.first().map(|p| p.page).into()),
            ]);
            self.out.push("text_blocks", cells);
            self.places(at, &p.raw, &p.places);
            self.mention_rows(at, &p.text, &p.mentions);
        }
        if !block.mentions.is_empty() {
            let joined = block.paragraphs.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n");
            self.mention_rows(at, &joined, &block.mentions);
        }
    }

    fn block_cells(&self, at: At<'_>, seq: usize, heading: &Cell) -> Vec<(&'static str, Cell)> {
        vec![
            ("record_id", Cell::exact(self.record_id.as_str())),
            ("field", Cell::exact(at.field)),
            ("extra_header", at.extra_header.map_or(Cell::Null, Cell::text)),
            ("block_no", at.block_no.unwrap_or(1).into()),
            ("heading", heading.clone()),
            ("seq", seq.into()),
            ("level", Cell::Int(0)),
        ]
    }

    fn places(&mut self, at: At<'_>, raw: &str, places: &[Place]) {
        let lines: Vec<&str> = raw.lines().filter(|l| !l.trim().is_empty()).collect();
        for (i, place) in places.iter().enumerate() {
            let seq = self.places_seq.entry(at.field).or_insert(0);
            *seq += 1;
            // One box a line: only then is it known which line a box holds.
            let line = if lines.len() == places.len() { lines.get(i).map_or(Cell::Null, |l| entry(l)) } else { Cell::Null };
            let mut cells = vec![
                ("record_id", Cell::exact(self.record_id.as_str())),
                ("field", Cell::exact(at.field)),
                ("seq", (*seq).into()),
                ("block_no", at.block_no.map_or(Cell::Null, Cell::from)),
                ("paragraph_seq", at.paragraph.map_or(Cell::Null, Cell::from)),
                ("page", place.page.into()),
                ("raw_text", line),
            ];
            cells.extend(box_cells(place.bbox));
            self.out.push("places", cells);
        }
    }

    fn mention_rows(&mut self, at: At<'_>, text: &str, mentions: &[Mention]) {
        if mentions.is_empty() {
            return;
        }
        let map = if is_clean(text) { None } else { Some(clean_text(text).1) };
        let spot = Spot { field: at.field, extra_header: at.extra_header, block_no: at.block_no, seq: at.paragraph, map: map.as_deref() };
        for cells in self.mentions.cells(&spot, mentions) {
            self.out.push("mentions", cells);
        }
    }

    fn departments(&mut self, departments: &[Department]) {
        for (i, d) in departments.iter().enumerate() {
            let level = |suffixes: &[char]| d.path.iter().find(|p| p.ends_with(suffixes)).map_or(Cell::Null, |p| Cell::text(p));
            // The path is cut at its levels: its first part is the division, the last of several the section.
            let division = d.path.first().filter(|_| d.path.len() > 1).map_or_else(|| level(&['部', '局', '庁', '院']), |p| Cell::text(p));
            let section = d.path.last().filter(|_| d.path.len() > 1).map_or_else(|| level(&['課', '室', '所']), |p| Cell::text(p));
            self.out.push(
                "departments",
                vec![
                    ("record_id", Cell::exact(self.record_id.as_str())),
                    ("seq", (i + 1).into()),
                    ("heading", Cell::text(&d.headings.join(" > "))),
                    ("division", division),
                    ("section", section),
                    ("text", Cell::text(&d.text)),
                ],
            );
            let at = At { field: "departments", extra_header: None, block_no: Some(i + 1), paragraph: None };
            self.places(at, &d.text, &d.places);
        }
    }

    fn schedule(&mut self, schedule: &Schedule) {
        for (i, item) in schedule.items.iter().enumerate() {
            let head = |seq: usize, id: &str| {
                vec![
                    ("phase_id", Cell::exact(format!("{id}-s{:02}-p{seq:02}", i + 1))),
                    ("record_id", Cell::exact(id)),
                    ("item_no", (i + 1).into()),
                    ("item_text", Cell::text(&item.text)),
                ]
            };
            let id = self.record_id.clone();
            if item.phases.is_empty() {
                self.out.push("schedule", head(0, &id));
            }
            for (j, phase) in item.phases.iter().enumerate() {
                let mut cells = head(j + 1, &id);
                cells.extend([
                    ("phase_seq", (j + 1).into()),
                    ("phase_code", listed("phase_code", &phase.code)),
                    ("phase_text", Cell::text(&phase.text)),
                    ("start_fiscal_year", phase.start_fiscal_year.into()),
                    ("end_fiscal_year", phase.end_fiscal_year.into()),
                    ("evidence", Cell::exact(enum_code(&phase.evidence))),
                ]);
                if let Some(first) = phase.places.first() {
                    cells.push(("page", first.page.into()));
                    let same = phase.places.iter().filter(|p| p.page == first.page);
                    cells.extend(box_cells(same.fold(first.bbox, |b, p| b.union(p.bbox))));
                }
                self.out.push("schedule", cells);
            }
            let at = At { field: "schedule", extra_header: None, block_no: Some(i + 1), paragraph: None };
            let raw = if item.raw.is_empty() { &item.text } else { &item.raw };
            self.places(at, raw, &item.places);
            self.mention_rows(at, &item.text, &item.mentions);
        }
    }
}
