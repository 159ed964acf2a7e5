//! The ledger: every glyph of the document has exactly one class, refined from the layout's owners as text is understood.

use jisseki_layout::{GlyphOwner, Line, PageLayout};
use jisseki_model::{Coverage, Warning};
use std::collections::BTreeMap;

/// What a glyph belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Record,
    Header,
    Section,
    Title,
    Furniture,
    Other,
    Hidden,
    Duplicate,
    Unassigned,
    /// A blank, or a glyph that is counted with its line.
    Uncounted,
}

/// Adds glyphs of a class to the counts.
pub(crate) fn count(c: &mut Coverage, class: Class, n: u64) {
    match class {
        Class::Record => c.records += n,
        Class::Header => c.headers += n,
        Class::Section => c.sections += n,
        Class::Title => c.title += n,
        Class::Furniture => c.furniture += n,
        Class::Other => c.other += n,
        Class::Hidden => c.hidden += n,
        Class::Duplicate => c.duplicates += n,
        Class::Unassigned => c.unassigned += n,
        Class::Uncounted => {}
    }
}

/// One class a glyph for the pages that a record may still claim from, and the counts of all pages before.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    open: BTreeMap<usize, Vec<Class>>,
    /// The counts of the pages that are done.
    pub(crate) coverage: Coverage,
    pub(crate) warnings: Vec<Warning>,
}

impl Ledger {
    /// Opens a page with what geometry tells: cells and blocks are `Other` until something claims them.
    ///
    /// Warns: `segment/ledger` where the layout has more or fewer owners than glyphs.
    pub(crate) fn open(&mut self, page: usize, layout: &PageLayout) {
        let class = |(o, blank): (&GlyphOwner, &bool)| match o {
            _ if *blank => Class::Uncounted,
            GlyphOwner::Cell { .. } | GlyphOwner::Block { .. } => Class::Other,
            GlyphOwner::Hidden(_) => Class::Hidden,
            GlyphOwner::Duplicate { .. } => Class::Duplicate,
            GlyphOwner::Unassigned => Class::Unassigned,
        };
        self.coverage.glyphs += layout.glyph_blank.iter().filter(|b| !**b).count() as u64;
        let (owners, glyphs) = (layout.glyph_owners.len(), layout.glyph_blank.len());
        if owners != glyphs {
            let text = format!("{owners} of {glyphs} glyphs have an owner");
            self.warnings.push(Warning::new("segment/ledger", text).on_page(layout.number));
        }
        self.open.insert(page, layout.glyph_owners.iter().zip(&layout.glyph_blank).map(class).collect());
    }

    /// Gives a line's glyphs to a class; the first claim that is no `Other` holds. Returns how many glyphs were given.
    pub(crate) fn claim(&mut self, page: usize, line: &Line, class: Class) -> u64 {
        let Some(owners) = self.open.get_mut(&page) else { return 0 };
        let mut given = 0;
        for g in line.glyphs.iter() {
            if let Some(o) = owners.get_mut(g.id as usize)
                && (*o == Class::Other || *o == Class::Unassigned)
            {
                *o = class;
                given += 1;
            }
        }
        given
    }

    /// Gives lines' glyphs to a class, as [`Ledger::claim`] does.
    pub(crate) fn claim_all<'l>(&mut self, page: usize, lines: impl IntoIterator<Item = &'l Line>, class: Class) {
        for line in lines {
            self.claim(page, line, class);
        }
    }

    /// Counts a page that nothing will claim from any more.
    pub(crate) fn close(&mut self, page: usize) {
        let classes = self.open.remove(&page).unwrap_or_default();
        for run in classes.chunk_by(|a, b| a == b) {
            run.first().into_iter().for_each(|class| count(&mut self.coverage, *class, run.len() as u64));
        }
    }

    /// Closes all pages but `page`, the one that is being read.
    pub(crate) fn close_but(&mut self, page: usize) {
        let done: Vec<usize> = self.open.keys().copied().filter(|p| *p != page).collect();
        done.into_iter().for_each(|p| self.close(p));
    }
}
