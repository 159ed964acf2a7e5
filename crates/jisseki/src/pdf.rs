//! From a PDF's bytes to a report: pages in parallel, each dropped once it is laid out.

use jisseki_extractor::Source;
use jisseki_layout::{LayoutParams, PageLayout, Turn, n_inked, read_page};
use jisseki_model::{Rect, Report, Status, Warned, Warning};
use jisseki_segmenter::{Segmented, segment};
use rayon::prelude::*;
use std::collections::BTreeMap;

use crate::convert::report_of;
use crate::document::{layout_print, source_info};
use crate::{ConvertError, Options};

/// Pages with a larger share of unknown characters are not read. Source: the catalog's `text/unreadable`; sound documents measure below 0.01.
const UNREADABLE: f64 = 0.1;

/// Reads a PDF.
pub(crate) fn pdf_to_report(bytes: &[u8], name: &str, options: &Options) -> Result<Report, ConvertError> {
    let mut warnings = vec![];
    let source = Source::open(bytes, options.password.as_deref(), &options.limits)?.drain_into(&mut warnings);
    let pages = read_pages(&source, options);
    let (sizes, fonts) = (page_sizes(&pages), page_fonts(&pages));
    let rules = pages.iter().map(|p| p.layout.rulings.len() as u64).sum();
    let n_pages = pages.len() as u32;
    warnings.extend(font_warnings(&source));
    let Sorted { layouts, n_unreadable, n_wordless, glyphs_unreadable } = sort_pages(pages, &mut warnings);
    let turns: BTreeMap<u32, Turn> = layouts.iter().filter_map(|l| Some((l.number, l.turn?))).collect();
    let mut segmented = segment(&layouts, &options.profile);
    drop(layouts);
    turn_back(&mut segmented, &turns);
    let mut segmented = segmented.drain_into(&mut warnings);
    segmented.coverage.glyphs += glyphs_unreadable;
    segmented.coverage.other += glyphs_unreadable;
    let status = status_of(&segmented, n_pages, n_unreadable, n_wordless, &warnings);
    if status == Status::NeedsOcr {
        warnings.retain(|w| w.code != "pdf/no-text-layer");
        warnings.push(Warning::new("pdf/no-text-layer", "no text layer: needs OCR"));
    }
    let print =
        layout_print(sizes.into_iter(), fonts.iter().map(String::as_str), rules, source.information().remove("Producer"), &segmented);
    let mut report = report_of(segmented, source_info(bytes, name, n_pages), warnings, options);
    report.document.status = status;
    report.document.layout = Some(print);
    Ok(report)
}

/// Brings what was read from pages that a reader turns back into the frame of the page as it is shown.
fn turn_back(segmented: &mut Warned<Segmented>, turns: &BTreeMap<u32, Turn>) {
    if turns.is_empty() {
        return;
    }
    let mut each = |page: u32, bbox: &mut Rect| {
        if let Some(turn) = turns.get(&page) {
            *bbox = turn.to_page(*bbox);
        }
    };
    segmented.output.records.iter_mut().for_each(|r| r.each_box_mut(&mut each));
    for w in &mut segmented.warnings {
        if let (Some(page), Some(bbox)) = (w.page, &mut w.bbox) {
            each(page, bbox);
        }
    }
}

/// One page, laid out; its glyphs are gone, so that a long document needs no more memory than its layouts.
struct PageRead {
    layout: PageLayout,
    fonts: Vec<String>,
    inked: u64,
    warnings: Vec<Warning>,
}

fn read_pages(source: &Source<'_>, options: &Options) -> Vec<PageRead> {
    let params = LayoutParams::standard();
    let read = |index: usize| {
        let mut warnings = vec![];
        let page = source.page(index).drain_into(&mut warnings);
        let layout = read_page(&page, &params).drain_into(&mut warnings);
        let fonts = page.fonts.iter().map(|f| f.name.clone()).collect();
        PageRead { layout, fonts, inked: n_inked(&page) as u64, warnings }
    };
    let n = source.page_count();
    if options.threads == 1 {
        return (0..n).map(read).collect();
    }
    let all = || (0..n).into_par_iter().map(read).collect();
    if options.threads == 0 {
        return all();
    }
    // Should no pool of that size be had, the global one gives the same output.
    match rayon::ThreadPoolBuilder::new().num_threads(options.threads).build() {
        Ok(pool) => pool.install(all),
        Err(_) => all(),
    }
}

/// Fonts are built by whichever thread needs them first: their warnings are put in an order of their own.
fn font_warnings(source: &Source<'_>) -> Vec<Warning> {
    let mut all = source.font_warnings();
    all.sort_by(|a, b| (&a.code, &a.message).cmp(&(&b.code, &b.message)));
    all.dedup();
    all
}

fn page_sizes(pages: &[PageRead]) -> Vec<(f64, f64)> {
    pages.iter().map(|p| (p.layout.width, p.layout.height)).collect()
}

fn page_fonts(pages: &[PageRead]) -> Vec<String> {
    pages.iter().flat_map(|p| p.fonts.iter().cloned()).collect()
}

/// The pages that can be read, and what is known of the rest.
struct Sorted {
    layouts: Vec<PageLayout>,
    n_unreadable: u32,
    n_wordless: u32,
    glyphs_unreadable: u64,
}

/// Keeps unreadable pages away from the segmenter, so that no garbage reaches a record.
fn sort_pages(pages: Vec<PageRead>, warnings: &mut Vec<Warning>) -> Sorted {
    let mut sorted = Sorted { layouts: vec![], n_unreadable: 0, n_wordless: 0, glyphs_unreadable: 0 };
    for p in pages {
        warnings.extend(p.warnings);
        let number = p.layout.number;
        if p.inked > 0 && p.layout.unreadable_share > UNREADABLE {
            sorted.n_unreadable += 1;
            sorted.glyphs_unreadable += p.inked;
            continue;
        }
        if p.inked == 0 {
            sorted.n_wordless += 1;
            if p.layout.scanned {
                warnings.push(Warning::new("pdf/no-text-layer", "the page is an image without text").on_page(number));
            }
        }
        sorted.layouts.push(p.layout);
    }
    sorted
}

/// Tells how the reading ended: the worst of what the pages say.
fn status_of(s: &Segmented, n_pages: u32, n_unreadable: u32, n_wordless: u32, warnings: &[Warning]) -> Status {
    let damaged = warnings.iter().any(|w| w.code == "pdf/partial");
    let scanned = warnings.iter().any(|w| w.code == "pdf/no-text-layer");
    if n_wordless == n_pages {
        Status::NeedsOcr
    } else if n_unreadable + n_wordless == n_pages {
        Status::Unreadable
    } else if damaged || scanned || n_unreadable > 0 {
        Status::Partial
    } else {
        s.status
    }
}
