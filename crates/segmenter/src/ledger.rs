//! The ledger: every glyph of the document has exactly one class, refined from the layout's owners as text is understood.

use jisseki_layout::{GlyphOwner, Line, PageLayout};
use jisseki_model::{Coverage, Warning};

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
}

/// One class a glyph, by page and glyph id.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pages: Vec<Vec<Class>>,
}

impl Ledger {
    /// Starts from what geometry tells: cells and blocks are `Other` until something claims them.
    pub(crate) fn new(pages: &[PageLayout]) -> Ledger {
        let class = |o: &GlyphOwner| match o {
            GlyphOwner::Cell { .. } | GlyphOwner::Block { .. } => Class::Other,
            GlyphOwner::Hidden(_) => Class::Hidden,
            GlyphOwner::Duplicate { .. } => Class::Duplicate,
            GlyphOwner::Unassigned => Class::Unassigned,
        };
        Ledger { pages: pages.iter().map(|p| p.glyph_owners.iter().map(class).collect()).collect() }
    }

    /// Gives a line's glyphs to a class; the first claim that is no `Other` holds.
    pub(crate) fn claim(&mut self, page: usize, line: &Line, class: Class) {
        let Some(owners) = self.pages.get_mut(page) else { return };
        for g in &line.glyphs {
            if let Some(o) = owners.get_mut(g.id as usize)
                && (*o == Class::Other || *o == Class::Unassigned)
            {
                *o = class;
            }
        }
    }

    /// Counts non-blank glyphs, and checks at run time what must hold: one class a glyph, none lost.
    ///
    /// Warns: `segment/ledger` where the layout's ledger is shorter or longer than its page.
    pub(crate) fn coverage(&self, pages: &[PageLayout], warnings: &mut Vec<Warning>) -> Coverage {
        let mut c = Coverage::default();
        for (page, classes) in pages.iter().zip(&self.pages) {
            let before = c.owned();
            for (id, class) in classes.iter().enumerate() {
                if page.glyph_blank.get(id).copied().unwrap_or(false) {
                    continue;
                }
                match class {
                    Class::Record => c.records += 1,
                    Class::Header => c.headers += 1,
                    Class::Section => c.sections += 1,
                    Class::Title => c.title += 1,
                    Class::Furniture => c.furniture += 1,
                    Class::Other => c.other += 1,
                    Class::Hidden => c.hidden += 1,
                    Class::Duplicate => c.duplicates += 1,
                    Class::Unassigned => c.unassigned += 1,
                }
            }
            let shown = page.glyph_blank.iter().filter(|b| !**b).count() as u64;
            c.glyphs += shown;
            if c.owned() - before != shown {
                let text = format!("{} of {shown} glyphs have an owner", c.owned() - before);
                warnings.push(Warning::new("segment/ledger", text).on_page(page.number));
            }
        }
        c
    }
}
