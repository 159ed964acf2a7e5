//! Areas of a record → its fields.

use crate::blocks::{ColumnYear, paragraphs_to_blocks};
use crate::confidence::record_to_factor;
use crate::departments::{OrgLine, lines_to_departments};
use crate::gantt::parts_to_schedule;
use crate::ledger::{Class, Ledger};
use crate::lexicon::REPEATED_WORDS;
use crate::list::HeaderCell;
use crate::narrow::{squash, squashed};
use crate::numbers::{is_circled, text_to_label};
use crate::part::{Part, Read, cut_front, loose_text, parts_to_paragraphs, reads_to_field};
use crate::profile::{Profile, Role};
use crate::raw::RawRecord;
use crate::vocab::{department_depth, is_department, text_to_achievement};
use crate::years::{text_to_year, token_to_year};
use jisseki_model::{Achievement, Block, Department, Field, Initiative, Warning};

/// What every field's reading needs.
pub(crate) struct Context<'c> {
    pub(crate) profile: &'c Profile,
    /// The report's fiscal year.
    pub(crate) near: Option<i32>,
}

/// Lowest factor that close decisions may bring a record's confidence to (layout.md §11).
const SOFT_FLOOR: f64 = 0.85;

/// Reads the fields of a record. Every glyph of its areas goes to the record.
pub(crate) fn raw_to_record(raw: RawRecord<'_>, cx: &Context<'_>, ledger: &mut Ledger) -> Initiative {
    let mut r = Initiative {
        number: raw.label.number,
        number_label: raw.label.label,
        sub_number: raw.label.sub_number,
        sub_label: raw.label.sub_label,
        places: raw.places,
        warnings: raw.warnings,
        confidence: 1.0,
        ..Initiative::default()
    };
    let mut soft = 1.0;
    for k in &raw.key {
        ledger.claim_all(k.page, k.lines.iter().map(AsRef::as_ref), Class::Record);
    }
    for stack in raw.stacks {
        let (shares, few) = stack.shared_out();
        if few {
            let names: Vec<&str> = shares.iter().map(|s| s.0.own.as_str()).collect();
            let w = Warning::new(
                "segment/stacked-column",
                format!("fewer cells than the {} headers that share the column ({})", names.len(), names.join(", ")),
            );
            r.warnings.push(shares.first().and_then(|s| s.1.first()).map_or(w.clone(), |p| w.at(p.place())));
            r.confidence *= 0.8;
        }
        for (header, parts) in shares {
            r.confidence *= parts.iter().map(|p| p.confidence).filter(|c| *c > 0.0).fold(1.0, f64::min);
            fill(&mut r, &header, &parts, raw.key.is_empty(), cx, ledger, &mut soft);
        }
    }
    if !raw.plan.is_empty() {
        let mut warnings = Vec::new();
        r.schedule = parts_to_schedule(&raw.plan, cx, ledger, &mut warnings);
        r.warnings.extend(warnings);
    }
    note_words(&mut r, &raw.key, cx);
    r.confidence = (r.confidence * f64::max(soft, SOFT_FLOOR) * record_to_factor(&r) * 1000.0).round() / 1000.0;
    debug_assert!(r.title.ink.len() == r.title.text.chars().count() || squash(&r.title.text).is_empty());
    r
}

/// Reads the parts under one header; `own_number`: the record's number stands in its title.
fn fill(
    r: &mut Initiative,
    header: &HeaderCell,
    parts: &[Part<'_>],
    own_number: bool,
    cx: &Context<'_>,
    ledger: &mut Ledger,
    soft: &mut f64,
) {
    let reads = parts_to_paragraphs(parts, ledger, Class::Record);
    *soft *= 0.97f64.powi(i32::try_from(reads.iter().filter(|r| r.soft).count()).unwrap_or(0));
    match header.role {
        Role::Title => r.title = title_of(r, &reads, parts, own_number, cx),
        Role::Achievement => r.achievement = reads_to_achievement(&reads, cx.profile).or(r.achievement.take()),
        Role::Departments => r.departments.extend(reads_to_departments(&reads)),
        Role::Results => r.results.extend(reads_to_blocks(reads, header, cx)),
        Role::Status => r.status.extend(reads_to_blocks(reads, header, cx)),
        Role::Outlook => r.outlook.extend(reads_to_blocks(reads, header, cx)),
        _ => {
            let blocks = reads_to_blocks(reads, header, cx);
            let name = extra_name(header, r);
            r.extra.entry(name).or_default().extend(blocks);
        }
    }
}

/// An unknown column's name; one without a header is named by its position.
fn extra_name(header: &HeaderCell, r: &Initiative) -> String {
    if header.label.is_empty() { format!("column {}", r.extra.len() + 1) } else { header.label.clone() }
}

fn reads_to_blocks(reads: Vec<Read>, header: &HeaderCell, cx: &Context<'_>) -> Vec<Block> {
    let token = header.year.or(header.axis.and_then(|a| a.token));
    let year: ColumnYear = token.and_then(|t| token_to_year(t, cx.near)).map(|y| (y, header.own.clone()));
    paragraphs_to_blocks(reads.into_iter().map(|r| r.paragraph), &year)
}

/// Reads the title; a label in front of it that is not the number's own is the number within the section.
fn title_of(r: &mut Initiative, reads: &[Read], parts: &[Part<'_>], own_number: bool, cx: &Context<'_>) -> Field {
    let mut title = reads_to_field(reads, "");
    title.raw =
        parts.iter().flat_map(|p| p.lines.iter()).map(|l| crate::part::line_text(l).trim_end().to_string()).collect::<Vec<_>>().join("\n");
    if let Some(label) = text_to_label(&title.text, cx.profile, false) {
        let rest: String = title.text.chars().skip(label.chars).collect();
        let circled = label.label.chars().all(is_circled) && !rest.contains(is_circled);
        if label.label == r.number_label && !rest.trim().is_empty() && (r.places.is_empty() || !number_in_own_cell(&title, r)) {
            r.sub_label = r.sub_label.take().or(label.sub_label);
            r.sub_number = r.sub_number.or(label.sub_number);
            cut_front(&mut title, label.chars);
        } else if circled && r.sub_label.is_none() && !rest.trim().is_empty() {
            (r.sub_number, r.sub_label) = (label.number, Some(label.label));
            cut_front(&mut title, label.chars);
        }
    } else if own_number {
        // The blank after the number was layout, and is gone from the text: 1現場重視で…
        let label = squash(&r.number_label);
        if squash(&title.text).strip_prefix(label.as_str()).is_some_and(|rest| !rest.is_empty()) {
            cut_front(&mut title, label.chars().count());
        }
    }
    title
}

/// The number was read from the title itself where they are the same words; a title that merely starts with the same number keeps it.
fn number_in_own_cell(title: &Field, r: &Initiative) -> bool {
    !squash(&title.text).starts_with(&squash(&r.number_label))
}

/// Reads the achievement: paragraphs joined by a blank, and a blank after the fiscal year.
fn reads_to_achievement(reads: &[Read], profile: &Profile) -> Option<Achievement> {
    let field = reads_to_field(reads, " ");
    if field.text.is_empty() {
        return None;
    }
    let mut field = field;
    let years: Vec<usize> =
        field.text.match_indices("年度").map(|(i, m)| field.text.get(..i + m.len()).map_or(0, |s| s.chars().count())).collect();
    for at in years.into_iter().rev() {
        let chars: Vec<char> = field.text.chars().collect();
        if chars.get(at).is_some_and(|c| !c.is_whitespace()) && text_to_year(&chars.iter().take(at).collect::<String>()).is_some() {
            field.text = chars.iter().take(at).chain([&' ']).chain(chars.iter().skip(at)).collect();
            field.ink.insert(at.min(field.ink.len()), jisseki_model::CharInk::default());
        }
    }
    let a = text_to_achievement(&field.text, profile);
    Some(Achievement { places: field.places, ink: field.ink, ..a })
}

/// Reads departments: a line that ends one starts another after it, unless the next is a unit below it or only the rest of the word.
fn reads_to_departments(reads: &[Read]) -> Vec<Department> {
    let mut lines: Vec<OrgLine> = Vec::new();
    for line in reads.iter().flat_map(read_to_lines) {
        let goes_on = lines.last().is_some_and(|l| department_goes_on(&l.text, &line.text));
        match lines.last_mut() {
            Some(l) if goes_on => {
                l.text.push_str(&line.text);
                l.places.extend(line.places);
            }
            _ => lines.push(line),
        }
    }
    lines_to_departments(lines)
}

/// The printed lines of a paragraph: names stand one under the other more often than they wrap, and only their endings tell.
fn read_to_lines(r: &Read) -> Vec<OrgLine> {
    let p = &r.paragraph;
    let whole = format!("{}{}", p.marker.as_deref().unwrap_or(""), p.text).trim().to_string();
    let raw: Vec<String> = p.raw.lines().map(|l| l.replace('\u{3000}', "").trim().to_string()).filter(|l| !l.is_empty()).collect();
    let lines = if raw.len() > 1 && squashed(raw.iter().flat_map(|l| l.chars())).eq(squashed(whole.chars())) { raw } else { vec![whole] };
    let places = |i: usize, n: usize| if n == p.places.len() { p.places.get(i).copied().into_iter().collect() } else { p.places.clone() };
    let n = lines.len();
    let named = |t: &String| !t.is_empty() && !matches!(t.as_str(), "-" | "－" | "―" | "‐");
    lines.into_iter().enumerate().filter(|(_, t)| named(t)).map(|(i, text)| OrgLine { text, places: places(i, n) }).collect()
}

fn department_goes_on(last: &str, next: &str) -> bool {
    let opens = ['＜', '<', '〈'];
    if last.starts_with(opens) && !last.ends_with(['＞', '>', '〉']) {
        return true;
    }
    if crate::marks::text_to_headings(last.chars()).is_some() || next.starts_with(opens) || next.starts_with(['・', '○']) {
        return false;
    }
    // `総務部` over `人事課`; `県立病院` over `課`.
    let below = department_depth(next) > department_depth(last) && !next.contains('部');
    !is_department(last) || below || next.chars().count() == 1
}

/// Notes what single words say about the whole record: 再掲, 取下げ.
fn note_words(r: &mut Initiative, key: &[Part<'_>], cx: &Context<'_>) {
    let key: String = key.iter().map(|k| loose_text(k.lines.iter().map(AsRef::as_ref))).collect();
    let said = format!("{key}{}", r.title.text);
    if REPEATED_WORDS.iter().any(|w| said.contains(w)) {
        let mut w = Warning::new("segment/repeated-record", format!("record {} is marked as listed elsewhere too (再掲)", r.number_label));
        w.page = r.places.first().map(|p| p.page);
        r.warnings.push(w);
    }
    if r.achievement.is_none() && ["取下げ", "取り下げ"].iter().any(|w| said.contains(w)) {
        let mut a = text_to_achievement("取下げ", cx.profile);
        a.places = r.title.places.clone();
        r.achievement = Some(a);
    }
}
