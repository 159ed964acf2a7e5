//! Text dumps: what another tool left of such a report, cells one after the other, page headers repeated. No geometry, so no boxes and no years
//! of phases (`evidence: "text_only"`), and a confidence that says so.

mod fields;
mod header;
mod lines;
mod solid;

use crate::blocks::{ColumnYear, paragraphs_to_blocks};
use crate::departments::{OrgLine, lines_to_departments};
use crate::document::{text_to_publisher, text_to_section, text_to_stage, title_to_fiscal_year, title_to_plan_name};
use crate::header::text_to_header;
use crate::lexicon::ITEM_HEADER_WORDS;
use crate::marks::{Mark, text_to_mark, text_to_paragraph};
use crate::numbers::{Label, text_to_label};
use crate::profile::{Profile, Role};
use crate::record_ids::number_records;
use crate::segmented::{HeaderColumn, Segmented};
use crate::vocab::{is_phase_line, phase_code, text_to_achievement};
use crate::years::{axis_to_years, token_to_year};
use header::DumpHeader;
use jisseki_model::{
    Block, Coverage, Field, Initiative, Phase, PhaseEvidence, Rect, Schedule, ScheduleItem, Section, Status, Warned, Warning,
};
use lines::{Piece, line_to_years};

/// Confidence of a record without geometry. Guess; the genuine dump reads at 0.98.
const TEXT_CONFIDENCE: f64 = 0.8;

/// A record's paragraphs before they are fields.
struct Draft<'t> {
    label: Label,
    section: Option<Section>,
    pieces: Vec<&'t Piece>,
    /// Phase words that stand apart at the end of the page, and texts in boxes of their own among them.
    labels: Vec<&'t Piece>,
    /// Nothing else stands on its page: the labels are its own.
    alone: bool,
}

/// Segments the text dump of a report into records.
///
/// Warns: `segment/no-records`, `segment/text-only`, `segment/text-labels`.
pub fn segment_text(text: &str, profile: &Profile) -> Warned<Segmented> {
    let pieces = lines::text_to_pieces(text, profile);
    let headers = header::pieces_to_headers(&pieces, profile);
    let mut out = Segmented { profile: profile.name.clone(), ..Segmented::default() };
    let mut warnings = Vec::new();
    let total: u64 = pieces.iter().map(|p| inked(&p.raw)).sum();
    let before = headers.first().map_or(pieces.len(), |h| h.at);
    describe(&mut out, pieces.get(..before).unwrap_or(&[]), profile);
    out.coverage = Coverage { glyphs: total, ..Coverage::default() };
    let Some(first) = headers.first() else {
        out.coverage.other = total;
        return no_records(out, warnings, "prose without a table header");
    };
    out.coverage.title = out.title.as_deref().map_or(0, inked);
    out.coverage.headers = headers.iter().flat_map(|h| pieces.get(h.at..h.end).unwrap_or(&[])).map(|p| inked(&p.raw)).sum();
    out.columns = first
        .columns
        .iter()
        .map(|(r, t)| HeaderColumn { label: t.clone(), role: *r, score: 1.0, page: 1, bbox: Rect::default() })
        .collect();
    let drafts = pieces_to_drafts(&pieces, &headers, profile, &mut out.coverage);
    let near = out.fiscal_year.as_ref().map(|y| y.year).or(profile.document.fiscal_year);
    for d in &drafts {
        out.records.push(draft_to_record(d, &first.columns, profile, near, &mut warnings));
        out.coverage.records += d.pieces.iter().chain(&d.labels).map(|p| inked(&p.raw)).sum::<u64>();
    }
    let c = out.coverage;
    out.coverage.other = total.saturating_sub(c.title + c.headers + c.sections + c.records);
    if out.records.is_empty() {
        return no_records(out, warnings, "a table header, but no numbered paragraph after it");
    }
    number_records(&mut out.records, &mut warnings);
    out.plan_years = profile.document.plan_years.map(|[a, b]| (a, b)).or_else(|| crate::document_years(&out.records));
    warnings.insert(0, Warning::new("segment/text-only", "the input is plain text: no boxes, and phases of the plan have no years"));
    Warned { output: out, warnings }
}

fn no_records(mut out: Segmented, mut warnings: Vec<Warning>, seen: &str) -> Warned<Segmented> {
    out.status = Status::NoRecords;
    out.seen.push(seen.to_string());
    warnings.push(Warning::new("segment/no-records", format!("no numbered records were recognized; seen instead: {seen}")));
    Warned { output: out, warnings }
}

fn inked(text: &str) -> u64 {
    text.chars().filter(|c| !c.is_whitespace()).count() as u64
}

/// Reads title, year, stage and publisher from what stands before the first header.
fn describe(out: &mut Segmented, front: &[Piece], profile: &Profile) {
    let title = front.iter().find(|p| title_to_fiscal_year(&p.text).is_some()).or(front.first());
    out.title = title.map(|p| p.text.clone());
    let title = out.title.clone().unwrap_or_default();
    out.fiscal_year = title_to_fiscal_year(&title)
        .or_else(|| profile.document.fiscal_year.map(|year| jisseki_model::FiscalYearInfo { year, text: String::new() }));
    out.stage = text_to_stage(&title);
    out.publisher = profile.document.publisher.clone().or_else(|| text_to_publisher(&title));
    out.lg_code = profile.document.lg_code.clone();
    out.plan_id = profile.document.plan_id.clone();
    out.plan_name = profile.document.plan_name.clone().or_else(|| title_to_plan_name(&title));
}

/// Cuts the paragraphs after the headers into records: a label whose number is the one to come, or whose grammar is the first record's.
fn pieces_to_drafts<'t>(pieces: &'t [Piece], headers: &[DumpHeader], profile: &Profile, coverage: &mut Coverage) -> Vec<Draft<'t>> {
    let mut drafts: Vec<Draft<'t>> = Vec::new();
    let mut section: Option<Section> = None;
    let planned = headers.first().is_some_and(|h| h.columns.iter().any(|(r, _)| *r == Role::Plan));
    for (h, head) in headers.iter().enumerate() {
        let end = headers.get(h + 1).map_or(pieces.len(), |n| n.at);
        let page = pieces.get(head.end..end).unwrap_or(&[]);
        let body = page.len() - trailing_labels(page, profile);
        let on_page = drafts.len();
        for (i, piece) in page.iter().enumerate().take(body) {
            if let Some(label) = record_start(page, i, drafts.last(), profile, planned) {
                drafts.push(Draft { label, section: section.clone(), pieces: vec![piece], labels: vec![], alone: false });
            } else if let Some(s) = section_at(page, i, drafts.last(), profile, planned) {
                coverage.sections += inked(&piece.raw);
                section = Some(s);
            } else if let Some(d) = drafts.last_mut() {
                d.pieces.push(piece);
            }
        }
        let alone = drafts.len() == on_page + 1;
        if let Some(d) = drafts.last_mut() {
            d.labels.extend(page.get(body..).unwrap_or(&[]));
            d.alone = alone;
        }
    }
    drafts
}

/// How many paragraphs at a page's end are labels that stood in boxes of their own: phase words, and short texts just before them.
fn trailing_labels(page: &[Piece], profile: &Profile) -> usize {
    let phases = page.iter().rev().take_while(|p| is_phase_line(&p.text, profile)).count();
    if phases == 0 {
        return 0;
    }
    let boxed = |p: &&Piece| {
        p.text.chars().count() <= 40
            && !p.text.ends_with('。')
            && p.text.starts_with(['「', '（', '('])
            && p.text.ends_with(['」', '）', ')'])
    };
    phases + page.iter().rev().skip(phases).take_while(boxed).count()
}

/// Reads a record's label at a paragraph.
///
/// The number must be the one to come (or 1 again, where a section was just opened); where records have a plan, its axis must follow soon.
fn record_start(page: &[Piece], i: usize, last: Option<&Draft<'_>>, profile: &Profile, planned: bool) -> Option<Label> {
    let piece = page.get(i)?;
    let mut label = text_to_label(&piece.text, profile, false)?;
    let fits = match (last.map(|d| &d.label), label.number) {
        (None, _) => true,
        (Some(l), Some(n)) => l.grammar_kind() == label.grammar_kind() && (l.number.is_some_and(|m| n > m && n <= m + 3) || n == 1),
        (Some(l), None) => l.grammar == label.grammar && l.label != label.label,
    };
    if !fits || (planned && !page.iter().skip(i).take(8).any(|p| is_axis(&p.raw))) {
        return None;
    }
    // `4` alone, then `①  機動的で…`.
    let rest: String = piece.text.chars().skip(label.chars).collect();
    if rest.trim().is_empty()
        && label.sub_label.is_none()
        && let Some(sub) = page.get(i + 1).and_then(|p| text_to_label(&p.text, profile, false)).filter(|l| is_circled(&l.label))
    {
        label.sub_number = sub.number;
        label.sub_label = Some(sub.label);
    }
    Some(label)
}

fn is_circled(label: &str) -> bool {
    label.chars().all(crate::numbers::is_circled)
}

impl Label {
    /// Labels with an integer are of one kind whether a sub-label stands beside them or not.
    fn grammar_kind(&self) -> bool {
        self.number.is_some() && !is_circled(&self.label)
    }
}

fn is_axis(text: &str) -> bool {
    line_to_years(text).len() >= 2
}

/// Reads a section: its own paragraph, just before a record starts.
fn section_at(page: &[Piece], i: usize, last: Option<&Draft<'_>>, profile: &Profile, planned: bool) -> Option<Section> {
    let piece = page.get(i)?;
    let next = page.iter().enumerate().skip(i + 1).find(|(_, p)| !p.text.is_empty())?.0;
    if text_to_mark(&piece.text).0 != Mark::Plain {
        return None;
    }
    record_start(page, next, last, profile, planned)?;
    text_to_section(&piece.text, profile)
}

fn draft_to_record(
    d: &Draft<'_>,
    columns: &[(Role, String)],
    profile: &Profile,
    near: Option<i32>,
    warnings: &mut Vec<Warning>,
) -> Initiative {
    let mut r = Initiative {
        number: d.label.number,
        number_label: d.label.label.clone(),
        sub_number: d.label.sub_number,
        sub_label: d.label.sub_label.clone(),
        section: d.section.clone(),
        confidence: TEXT_CONFIDENCE,
        ..Initiative::default()
    };
    // The label is cut off: what is left of its paragraph starts the title.
    let cut: Vec<Piece> = d.pieces.iter().enumerate().filter_map(|(i, p)| cut_label(i, p, &d.label)).collect();
    let pieces: Vec<&Piece> = cut.iter().collect();
    let columns: Vec<(Role, String)> = columns.iter().filter(|(r, _)| *r != Role::Number).cloned().collect();
    let owner = fields::pieces_to_columns(&pieces, &columns, profile);
    for (c, (role, header)) in columns.iter().enumerate() {
        let own: Vec<&Piece> = pieces.iter().zip(&owner).filter(|(_, o)| **o == c).map(|(p, _)| *p).collect();
        fill(&mut r, *role, header, &own, profile, near);
    }
    add_boxes(&mut r, d, profile);
    add_labels(&mut r, d, profile, warnings);
    r
}

/// Texts in boxes of their own among a page's labels are items of the plan: `「…集中取組」` with its remark `（上記３取組を含む）`.
fn add_boxes(r: &mut Initiative, d: &Draft<'_>, profile: &Profile) {
    let mut items: Vec<ScheduleItem> = Vec::new();
    for p in d.labels.iter().filter(|p| !is_phase_line(&p.text, profile)) {
        match items.last_mut().filter(|_| p.text.starts_with(['（', '('])) {
            Some(last) => {
                last.text.push_str(&p.text);
                last.raw = format!("{}\n{}", last.raw, p.raw);
            }
            None => items.push(ScheduleItem { text: p.text.clone(), raw: p.raw.clone(), ..ScheduleItem::default() }),
        }
    }
    if !items.is_empty() {
        r.schedule.get_or_insert_with(Schedule::default).items.append(&mut items);
    }
}

fn cut_label(i: usize, p: &Piece, label: &Label) -> Option<Piece> {
    let rest: String = match i {
        0 => p.text.chars().skip(label.chars).collect(),
        1 if label.sub_label.as_deref().is_some_and(|s| p.text.trim_start().starts_with(s)) => {
            p.text.trim_start().chars().skip(1).collect::<String>().trim().to_string()
        }
        _ => return Some(p.clone()),
    };
    (!rest.trim().is_empty()).then(|| Piece { text: rest.trim().to_string(), ..p.clone() })
}

fn fill(r: &mut Initiative, role: Role, header: &str, own: &[&Piece], profile: &Profile, near: Option<i32>) {
    match role {
        Role::Title => {
            let text = own.iter().fold(String::new(), |t, p| lines::join(&t, &p.text));
            let raw = own.iter().map(|p| p.raw.as_str()).collect::<Vec<_>>().join("\n");
            r.title = Field { text, raw, ..Field::default() };
        }
        Role::Plan => r.schedule = pieces_to_schedule(own, near),
        Role::Achievement => {
            let text = own.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" ");
            // One paragraph in the dump may be two lines of the cell: the year's and the state's.
            let text = text.replace("年度 ", "年度").replace("年度", "年度 ").trim().to_string();
            r.achievement = (!text.is_empty()).then(|| text_to_achievement(&text, profile));
        }
        Role::Departments => {
            r.departments = lines_to_departments(own.iter().map(|p| OrgLine { text: p.text.clone(), places: vec![] }).collect());
        }
        Role::Results => r.results = own_to_blocks(own, header, profile, near),
        Role::Status => r.status = own_to_blocks(own, header, profile, near),
        Role::Outlook => r.outlook = own_to_blocks(own, header, profile, near),
        _ => {
            r.extra.insert(header.to_string(), own_to_blocks(own, header, profile, near));
        }
    }
}

fn own_to_blocks(own: &[&Piece], header: &str, profile: &Profile, near: Option<i32>) -> Vec<Block> {
    let year: ColumnYear = text_to_header(header, profile).year.and_then(|t| token_to_year(t, near)).map(|y| (y, header.to_string()));
    paragraphs_to_blocks(own.iter().map(|p| text_to_paragraph(&p.text, &p.raw)), &year)
}

/// Reads a plan: the axis, then items at their □.
fn pieces_to_schedule(own: &[&Piece], near: Option<i32>) -> Option<Schedule> {
    let mut schedule = Schedule::default();
    for p in own {
        if is_axis(&p.raw) {
            schedule.fiscal_years = axis_to_years(&line_to_years(&p.raw), near);
            continue;
        }
        if ITEM_HEADER_WORDS.contains(&p.text.as_str()) {
            continue;
        }
        let q = text_to_paragraph(&p.text, &p.raw);
        schedule.items.push(ScheduleItem { text: q.text, marker: q.marker, raw: q.raw, ..ScheduleItem::default() });
    }
    (!own.is_empty()).then_some(schedule)
}

/// Gives a page's labels to the record where they can only be its own: one record on the page, one item in its plan.
fn add_labels(r: &mut Initiative, d: &Draft<'_>, profile: &Profile, warnings: &mut Vec<Warning>) {
    let words: Vec<&str> = d.labels.iter().flat_map(|p| p.text.split_whitespace()).filter(|w| phase_code(w, profile).is_some()).collect();
    if words.is_empty() {
        return;
    }
    let only = r.schedule.as_mut().filter(|s| d.alone && s.items.len() == 1).and_then(|s| s.items.first_mut());
    match only {
        Some(item) => item.phases.extend(words.iter().map(|w| Phase {
            text: (*w).to_string(),
            code: phase_code(w, profile).unwrap_or("other").to_string(),
            start_fiscal_year: None,
            end_fiscal_year: None,
            start_month: None,
            end_month: None,
            evidence: PhaseEvidence::TextOnly,
            places: vec![],
        })),
        None => warnings.push(Warning::new(
            "segment/text-labels",
            format!("{} phase labels ({}) stand apart at the end of a page; which item of record {} and its neighbors they belong to can't be told from text", words.len(), words.join(", "), r.number_label),
        )),
    }
}
