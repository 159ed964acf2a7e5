//! Differences that a person accepted: a TOML file, each with a reason and an end date.

use crate::diff::recount;
use crate::event::{Accepted, Diff, Event};
use serde::{Deserialize, Serialize};

/// The file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptFile {
    /// Its entries.
    #[serde(default)]
    pub accept: Vec<Accept>,
}

/// One accepted difference: an event's id, or its kind narrowed by record and field.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// The id of one event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A kind of event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its record id, old or new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// Its field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which this holds, `YYYY-MM-DD`.
    pub until: String,
}

/// Why an accept file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AcceptError {
    /// It is no TOML of this shape.
    #[error("accepted differences: {0}")]
    Toml(#[from] toml::de::Error),
    /// An entry names neither an id nor a kind, gives no reason, or no date.
    #[error("accepted difference {number}: {what}")]
    Entry {
        /// Which entry, from 1.
        number: usize,
        /// What is wrong.
        what: &'static str,
    },
}

impl AcceptFile {
    /// Returns the entries of a TOML text.
    ///
    /// Errors: `Toml` for what is no such TOML, `Entry` for an entry without id and kind, reason, or end date.
    pub fn from_toml(text: &str) -> Result<AcceptFile, AcceptError> {
        let file: AcceptFile = toml::from_str(text)?;
        for (i, entry) in file.accept.iter().enumerate() {
            let what = if entry.id.is_none() && entry.kind.is_none() {
                "needs an `id` or a `kind`"
            } else if entry.reason.trim().is_empty() {
                "needs a `reason`"
            } else if !is_day(&entry.until) {
                "needs `until`, a day like 2027-03-31"
            } else {
                continue;
            };
            return Err(AcceptError::Entry { number: i + 1, what });
        }
        Ok(file)
    }
}

fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10 && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() })
}

/// Marks the events that the file accepts on `today` (`YYYY-MM-DD`); returns the entries that have run out and those that met no event.
pub fn accept(diff: &mut Diff, file: &AcceptFile, today: &str) -> Vec<String> {
    let mut notes = Vec::new();
    for (i, entry) in file.accept.iter().enumerate() {
        let name = entry.id.as_deref().or(entry.kind.as_deref()).unwrap_or_default();
        let mut met = false;
        for event in diff.events.iter_mut().filter(|e| matches(entry, e)) {
            met = true;
            if entry.until.as_str() >= today {
                event.accepted = Some(Accepted { reason: entry.reason.clone(), until: entry.until.clone() });
            }
        }
        if met && entry.until.as_str() < today {
            notes.push(format!("accepted difference {} ({name}) ran out on {}", i + 1, entry.until));
        } else if !met {
            notes.push(format!("accepted difference {} ({name}) met no event", i + 1));
        }
    }
    recount(diff);
    notes
}

fn matches(entry: &Accept, event: &Event) -> bool {
    let records = || [event.old.as_ref(), event.new.as_ref()].into_iter().flatten();
    entry.id.as_ref().is_none_or(|id| *id == event.id)
        && entry.kind.as_ref().is_none_or(|k| *k == event.kind.name())
        && entry.record.as_ref().is_none_or(|r| records().any(|s| s.record_id == *r))
        && entry.field.as_ref().is_none_or(|f| Some(f) == event.field.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{DiffOptions, diff};
    use crate::testing::{record, report};
    use std::collections::BTreeMap;

    #[test]
    fn an_accepted_event_counts_no_more_until_its_day() {
        let (a, b) =
            (report(2019, vec![record(1, "研修の充実", &["参加者131名"])]), report(2019, vec![record(1, "研修の充実", &["参加者137名"])]));
        let options = DiffOptions { mode: None, quiet_too: false, known: BTreeMap::new() };
        let file =
            AcceptFile::from_toml("[[accept]]\nkind = \"number_changed\"\nreason = \"集計誤りの訂正\"\nuntil = \"2027-03-31\"\n").unwrap();
        let mut d = diff(&a, &b, &options);
        assert_eq!(d.events.len(), 1);
        assert!(accept(&mut d, &file, "2027-03-31").is_empty());
        assert_eq!((d.summary.accepted, d.summary.worst), (1, None));
        let mut d = diff(&a, &b, &options);
        assert_eq!(accept(&mut d, &file, "2027-04-01"), ["accepted difference 1 (number_changed) ran out on 2027-03-31"]);
        assert!(d.summary.worst.is_some());
    }

    #[test]
    fn entries_without_reason_or_day_are_refused() {
        for text in [
            "[[accept]]\nkind='x'\nreason=''\nuntil='2027-01-01'",
            "[[accept]]\nkind='x'\nreason='r'\nuntil='soon'",
            "[[accept]]\nreason='r'\nuntil='2027-01-01'",
        ] {
            assert!(AcceptFile::from_toml(text).is_err(), "{text}");
        }
    }
}
