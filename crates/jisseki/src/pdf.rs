//! From a PDF's bytes to a report: pages are read and laid out in parallel, a window of them at a time, and segmented in their order.

use jisseki_extractor::Source;
use jisseki_layout::{LayoutParams, PageLayout, Turn, read_page};
use jisseki_model::{Initiative, Rect, Report, Status, Warned, Warning};
use jisseki_segmenter::{Segmented, Segmenter};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::convert::{report_context, report_of};
use crate::document::{PageSizes, layout_print, source_info};
use crate::{ConvertError, Options, mentions};

/// Pages with a larger share of unknown characters are not read. Source: the catalog's `text/unreadable`; sound documents measure below 0.01.
const UNREADABLE: f64 = 0.1;
/// Pages read at a time. Enough to keep the cores busy between two windows; a page's glyphs and layout take about 0.5 MB.
const WINDOW: usize = 16;
/// Files of so few pages are read on one thread: starting threads and filling their heaps costs a quarter more page faults than it saves time.
/// Measured on the eight pages of `fixtures/seed`.
const FEW_PAGES: usize = 8;

/// Reads a PDF.
pub(crate) fn pdf_to_report(bytes: &[u8], name: &str, options: &Options) -> Result<Report, ConvertError> {
    let mut warnings = vec![];
    let source = Source::open(bytes, options.password.as_deref(), &options.limits)?.drain_into(&mut warnings);
    let mut walk = Walk::new(options);
    in_pool(options.threads, || walk.read(&source));
    warnings.extend(font_warnings(&source));
    warnings.append(&mut walk.warnings);
    let context = report_context(options, walk.segmenter.fiscal_year());
    let mut segmented = walk.segmenter.finish();
    segmented.output.records.iter_mut().skip(walk.n_done).for_each(|r| mentions::fill(r, &context));
    turn_back(&mut segmented, &walk.turns);
    let mut segmented = segmented.drain_into(&mut warnings);
    segmented.coverage.glyphs += walk.glyphs_unreadable;
    segmented.coverage.other += walk.glyphs_unreadable;
    let status = status_of(&segmented, walk.n_pages, walk.n_unreadable, walk.n_wordless, &warnings);
    if status == Status::NeedsOcr {
        warnings.retain(|w| w.code != "pdf/no-text-layer");
        warnings.push(Warning::new("pdf/no-text-layer", "no text layer: needs OCR"));
    }
    let producer = source.information().remove("Producer");
    let print = layout_print(&walk.sizes, walk.fonts, walk.n_rules, producer, &segmented);
    let mut report = report_of(segmented, source_info(bytes, name, walk.n_pages), warnings, options);
    report.document.status = status;
    report.document.layout = Some(print);
    Ok(report)
}

/// Reads a PDF's pages and segments them; nothing else.
pub(crate) fn pdf_to_segmented(bytes: &[u8], options: &Options) -> Result<Warned<Segmented>, ConvertError> {
    let mut warnings = vec![];
    let source = Source::open(bytes, options.password.as_deref(), &options.limits)?.drain_into(&mut warnings);
    let mut walk = Walk::new(options);
    in_pool(options.threads, || walk.read(&source));
    warnings.append(&mut walk.warnings);
    let output = walk.segmenter.finish().drain_into(&mut warnings);
    Ok(Warned { output, warnings })
}

/// Runs on as many threads as are asked for; 0: as the machine has cores. Should no pool be had, the global one gives the same output.
fn in_pool(threads: usize, run: impl FnOnce() + Send) {
    if threads <= 1 {
        return run();
    }
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(run),
        Err(_) => run(),
    }
}

/// One page, laid out; its glyphs are gone.
struct PageRead {
    layout: PageLayout,
    fonts: Vec<String>,
    inked: u64,
    warnings: Vec<Warning>,
}

fn index_to_page(source: &Source<'_>, index: usize) -> PageRead {
    let mut warnings = vec![];
    let page = source.page(index).drain_into(&mut warnings);
    let layout = read_page(&page, &LayoutParams::standard()).drain_into(&mut warnings);
    let inked = layout.glyph_blank.iter().filter(|b| !**b).count() as u64;
    PageRead { layout, fonts: page.fonts.iter().map(|f| f.name.clone()).collect(), inked, warnings }
}

/// What is kept while the pages go by: the records, and a few numbers a page.
struct Walk<'o> {
    options: &'o Options,
    /// All is done on this thread.
    alone: bool,
    segmenter: Segmenter<'o>,
    /// Records whose values are filled in.
    n_done: usize,
    n_pages: u32,
    n_unreadable: u32,
    n_wordless: u32,
    glyphs_unreadable: u64,
    n_rules: u64,
    sizes: PageSizes,
    fonts: BTreeSet<String>,
    turns: BTreeMap<u32, Turn>,
    warnings: Vec<Warning>,
}

impl<'o> Walk<'o> {
    fn new(options: &'o Options) -> Walk<'o> {
        Walk {
            options,
            alone: true,
            segmenter: Segmenter::new(&options.profile),
            n_done: 0,
            n_pages: 0,
            n_unreadable: 0,
            n_wordless: 0,
            glyphs_unreadable: 0,
            n_rules: 0,
            sizes: PageSizes::default(),
            fonts: BTreeSet::new(),
            turns: BTreeMap::new(),
            warnings: Vec::new(),
        }
    }

    /// Reads all pages: while one window is segmented, the next is read.
    fn read(&mut self, source: &Source<'_>) {
        let n = source.page_count();
        self.alone = self.options.threads == 1 || n <= FEW_PAGES;
        if self.alone {
            return (0..n).for_each(|i| {
                self.push(index_to_page(source, i));
                self.fill_done();
            });
        }
        let read = |pages: Range<usize>| pages.into_par_iter().map(|i| index_to_page(source, i)).collect::<Vec<_>>();
        let mut window = read(0..WINDOW.min(n));
        let mut at = window.len();
        while !window.is_empty() {
            let next = at..(at + WINDOW).min(n);
            at = next.end;
            let segment = || {
                std::mem::take(&mut window).into_iter().for_each(|p| self.push(p));
                self.fill_done();
            };
            window = rayon::join(segment, || read(next)).1;
        }
    }

    /// Takes a page in: it is segmented, unless it can't be read, so that no garbage reaches a record.
    fn push(&mut self, page: PageRead) {
        let layout = page.layout;
        self.n_pages += 1;
        self.n_rules += layout.rulings.len() as u64;
        self.sizes.add(layout.width, layout.height);
        self.fonts.extend(page.fonts);
        self.warnings.extend(page.warnings);
        if page.inked > 0 && layout.unreadable_share > UNREADABLE {
            self.n_unreadable += 1;
            self.glyphs_unreadable += page.inked;
            return;
        }
        if page.inked == 0 {
            self.n_wordless += 1;
            if layout.scanned {
                self.warnings.push(Warning::new("pdf/no-text-layer", "the page is an image without text").on_page(layout.number));
            }
        }
        self.turns.extend(layout.turn.map(|t| (layout.number, t)));
        self.segmenter.push(&layout);
    }

    /// Fills in the values of the records that are done, so that the ink of their characters can go.
    fn fill_done(&mut self) {
        let context = report_context(self.options, self.segmenter.fiscal_year());
        let done = self.segmenter.records_mut();
        let n = done.len();
        let fresh = done.get_mut(self.n_done..).unwrap_or_default();
        let fill = |r: &mut Initiative| mentions::fill(r, &context);
        if self.alone {
            fresh.iter_mut().for_each(fill)
        } else {
            fresh.par_iter_mut().for_each(fill)
        }
        self.n_done = n;
    }
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

/// Fonts are built by whichever thread needs them first: their warnings are put in an order of their own.
fn font_warnings(source: &Source<'_>) -> Vec<Warning> {
    let mut all = source.font_warnings();
    all.sort_by(|a, b| (&a.code, &a.message).cmp(&(&b.code, &b.message)));
    all.dedup();
    all
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
