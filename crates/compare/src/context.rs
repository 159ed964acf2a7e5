//! What every comparison of two records needs to know.

use crate::columns::Remap;
use crate::event::{Event, EventKind, Mode, Places, Side};
use jisseki_model::{Initiative, Place, Severity};
use std::collections::BTreeMap;

/// How two releases are compared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Context<'a> {
    pub(crate) mode: Mode,
    pub(crate) old_year: Option<i32>,
    pub(crate) new_year: Option<i32>,
    /// Initiative ids by record id.
    pub(crate) known: &'a BTreeMap<String, String>,
    pub(crate) remap: Remap,
}

impl Context<'_> {
    /// Returns the last year whose values are history for the new release: what the earlier one already told, or what lies before a re-issue's own year.
    pub(crate) fn history_until(&self) -> Option<i32> {
        match self.mode {
            Mode::Reissue => self.new_year.or(self.old_year).map(|y| y - 1),
            Mode::NextYear => self.old_year,
        }
    }
    /// Returns a record as events name it.
    pub(crate) fn side(&self, record: &Initiative, value: Option<String>) -> Side {
        Side {
            record_id: record.record_id.clone(),
            initiative_id: self.known.get(&record.record_id).cloned(),
            number: record.number,
            number_label: record.number_label.clone(),
            sub_label: record.sub_label.clone(),
            section: record.section.as_ref().map(|s| format!("{} {}", s.label, s.title).trim().to_owned()),
            title: record.title.text.clone(),
            value,
        }
    }
    /// Returns an event about a pair of records, its message and id still to be made.
    pub(crate) fn event(
        &self,
        kind: EventKind,
        field: &str,
        old: Option<Side>,
        new: Option<Side>,
        places: (Vec<Place>, Vec<Place>),
    ) -> Event {
        Event {
            id: String::new(),
            kind,
            severity: severity(kind, self.mode),
            old,
            new,
            field: (!field.is_empty()).then(|| field.to_owned()),
            message: String::new(),
            places: Places { old: places.0, new: places.1 },
            please_confirm: None,
            numbers: Vec::new(),
            changes: Vec::new(),
            accepted: None,
        }
    }
}

/// How much a kind of event matters: a re-issue should change little, a new year's release moves on in words and figures.
fn severity(kind: EventKind, mode: Mode) -> Severity {
    use EventKind as K;
    match (kind, mode) {
        (K::HistoryRewritten, _) => Severity::Error,
        (K::Removed | K::Split | K::Merged | K::LayoutDrift | K::PhaseRemoved, _) => Severity::Warn,
        (K::Renumbered | K::TextChanged | K::NumeralStyleOnly | K::WhitespaceOnly, _) | (_, Mode::NextYear) => Severity::Info,
        (_, Mode::Reissue) => Severity::Warn,
    }
}
