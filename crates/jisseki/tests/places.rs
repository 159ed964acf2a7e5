//! Every value of a record points at its own ink: the glyphs whose centers lie in its boxes are its characters, no more and no fewer.
#![allow(clippy::unwrap_used)] // Helpers of tests: a failure here is a failed test.

use std::path::Path;

use jisseki::extractor::extract;
use jisseki::model::{Block, Initiative, Limits, Mention, Page, Place};
use jisseki::segmenter::Profile;
use jisseki::{Options, convert};

/// Characters of a text in an order of their own; white space left out.
fn bag(text: &str) -> String {
    let mut all: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    all.sort_unstable();
    all.into_iter().collect()
}

fn ink_under(pages: &[Page], places: &[Place]) -> String {
    let under = |p: &Page, center| places.iter().any(|place| place.page == p.number && place.bbox.contains(center));
    let text_of = |p: &Page| p.glyphs.iter().filter(|g| under(p, p.bbox(g).center())).map(|g| g.text.to_string()).collect::<String>();
    pages.iter().map(text_of).collect()
}

struct Check<'a> {
    pages: &'a [Page],
    n: usize,
    wrong: Vec<String>,
}

impl Check<'_> {
    fn text(&mut self, what: &str, printed: &str, places: &[Place]) {
        self.n += 1;
        let ink = ink_under(self.pages, places);
        if bag(&ink) != bag(printed) {
            self.wrong.push(format!("{what}: printed `{printed}`, under its boxes `{ink}`"));
        }
    }
    fn mentions(&mut self, what: &str, text: &str, mentions: &[Mention]) {
        let chars: Vec<char> = text.chars().collect();
        for m in mentions {
            let span: String = chars[m.span.clone()].iter().collect();
            assert_eq!(span, m.text, "{what}: the span is not the text");
            self.text(&format!("{what}: {}", m.text), &m.text, &m.places);
        }
    }
    fn blocks(&mut self, what: &str, blocks: &[Block]) {
        for b in blocks {
            for (h, place) in b.headings.iter().zip(&b.heading_places) {
                self.n += 1;
                let ink = ink_under(self.pages, std::slice::from_ref(place));
                if !bag(&ink).contains(&bag(h)) && bag(h).chars().any(|c| !ink.contains(c)) {
                    self.wrong.push(format!("{what}: heading `{h}`, under its box `{ink}`"));
                }
            }
            for p in &b.paragraphs {
                self.text(what, &p.raw, &p.places);
                self.mentions(what, &p.text, &p.mentions);
            }
            let joined = b.paragraphs.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n");
            self.mentions(what, &joined, &b.mentions);
        }
    }
    fn record(&mut self, r: &Initiative) {
        let at = |field: &str| format!("no. {} {field}", r.number_label);
        // The label ① stands in the title's cell.
        let title = format!("{}{}", r.sub_label.as_deref().unwrap_or_default(), r.title.text);
        let ink = ink_under(self.pages, &r.title.places);
        let printed = if ink.contains(r.sub_label.as_deref().unwrap_or("\0")) { &title } else { &r.title.text };
        self.text(&at("title"), printed, &r.title.places);
        for item in r.schedule.iter().flat_map(|s| &s.items) {
            self.text(&at("schedule item"), &item.raw, &item.places);
            for phase in &item.phases {
                self.n += 1;
                let ink = ink_under(self.pages, &phase.places);
                if bag(&ink) != bag(&phase.text) {
                    self.wrong.push(format!("{}: `{}` over `{ink}`", at("phase"), phase.text));
                }
            }
        }
        if let Some(a) = &r.achievement {
            self.text(&at("achievement"), &a.text, &a.places);
            self.mentions(&at("achievement"), &a.text, &a.mentions);
        }
        for d in &r.departments {
            self.text(&at("department"), &d.text, &d.places);
        }
        self.blocks(&at("results"), &r.results);
        self.blocks(&at("status"), &r.status);
        self.blocks(&at("outlook"), &r.outlook);
    }
}

fn check(path: &str) {
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(path)).unwrap();
    let report = convert(&bytes, "a.pdf", &Options::with_profile(Profile::auto())).unwrap();
    let pages = extract(&bytes, &Limits::default()).unwrap().output.pages;
    let mut all = Check { pages: &pages, n: 0, wrong: vec![] };
    report.initiatives.iter().for_each(|r| all.record(r));
    assert!(all.n > 300, "{path}: only {} values", all.n);
    assert!(all.wrong.is_empty(), "{path}: {} of {} values are not on their ink\n{}", all.wrong.len(), all.n, all.wrong.join("\n"));
}

#[test]
fn values_lie_on_their_ink_with_fonts_not_embedded() {
    check("seed/04c_rawcid_90ms_rksj_gaps.pdf");
}

#[test]
fn values_lie_on_their_ink_with_embedded_fonts() {
    check("seed/01_lo_writer_gaps.pdf");
}

#[test]
fn values_lie_on_their_ink_in_a_document_of_tex() {
    check("seed/06_uplatex_dvipdfmx_nonembedded.pdf");
}
