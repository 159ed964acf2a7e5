//! What is carried from page to page, and what the reading of one page works with.

use crate::fields::{Context, raw_to_record};
use crate::furniture::LineKey;
use crate::header::Headers;
use crate::ledger::{Class, Ledger};
use crate::list::Columns;
use crate::numbers::Label;
use crate::part::cell_lines;
use crate::profile::Profile;
use crate::raw::RawRecord;
use jisseki_layout::{Cell, PageLayout};
use jisseki_model::{Initiative, Section, Warning};

/// A section that was read, and the line it stood in where that may prove to be furniture.
#[derive(Debug)]
struct SectionSeen {
    section: Section,
    line: Option<LineKey>,
}

/// What is carried from page to page.
#[derive(Debug, Default)]
pub(crate) struct State<'a> {
    pub(crate) columns: Option<Columns>,
    /// The record that may go on.
    pub(crate) open: Option<RawRecord<'a>>,
    /// The records that are done, in document order.
    pub(crate) records: Vec<Initiative>,
    pub(crate) headers: Headers,
    sections: Vec<SectionSeen>,
    /// For each record, the open one too: how many sections had been seen.
    section_of: Vec<usize>,
}

impl State<'_> {
    /// Returns the state with no hold on any page.
    pub(crate) fn into_owned(self) -> State<'static> {
        State {
            open: self.open.map(RawRecord::into_owned),
            columns: self.columns,
            records: self.records,
            headers: self.headers,
            sections: self.sections,
            section_of: self.section_of,
        }
    }

    /// Notes a section: what comes after it stands in it, unless its line proves to be furniture.
    pub(crate) fn enter(&mut self, section: Section, line: Option<LineKey>) {
        self.sections.push(SectionSeen { section, line });
    }

    /// Returns the section that was entered last.
    pub(crate) fn last_section(&mut self) -> Option<&mut Section> {
        self.sections.last_mut().map(|s| &mut s.section)
    }

    /// Puts the open record into the section that was entered last.
    pub(crate) fn move_open(&mut self) {
        if let Some(at) = self.section_of.last_mut() {
            *at = self.sections.len();
        }
    }

    /// Gives every record its section: the last one entered before it that is no furniture.
    pub(crate) fn place_records(&mut self, is_furniture: impl Fn(LineKey) -> bool) {
        let mut last = None;
        let mut after: Vec<Option<usize>> = vec![None];
        for (i, s) in self.sections.iter().enumerate() {
            if !s.line.is_some_and(&is_furniture) {
                last = Some(i);
            }
            after.push(last);
        }
        for (r, n) in self.records.iter_mut().zip(&self.section_of) {
            r.section = after.get(*n).copied().flatten().and_then(|i| self.sections.get(i)).map(|s| s.section.clone());
        }
    }
}

/// The reading of one page.
pub(crate) struct Walk<'a, 's> {
    /// Position of the page in the document.
    pub(crate) page: usize,
    pub(crate) layout: &'a PageLayout,
    pub(crate) profile: &'s Profile,
    /// The report's fiscal year.
    pub(crate) near: Option<i32>,
    pub(crate) state: State<'a>,
    pub(crate) ledger: &'s mut Ledger,
    pub(crate) warnings: &'s mut Vec<Warning>,
}

impl Walk<'_, '_> {
    /// Begins a record: the one before it is done.
    pub(crate) fn begin(&mut self, label: Label) {
        self.close();
        self.state.open = Some(RawRecord { label, ..RawRecord::default() });
        self.state.section_of.push(self.state.sections.len());
    }

    /// Reads the fields of the open record, if there is one.
    pub(crate) fn close(&mut self) {
        if let Some(raw) = self.state.open.take() {
            let cx = Context { profile: self.profile, near: self.near };
            self.state.records.push(raw_to_record(raw, &cx, self.ledger));
            self.ledger.close_but(self.page);
        }
    }

    /// Gives the glyphs of a cell to a class.
    pub(crate) fn claim(&mut self, cell: &Cell, class: Class) {
        self.ledger.claim_all(self.page, cell_lines(cell), class);
    }
}
