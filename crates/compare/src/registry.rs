//! `registry.csv`: which record of which year is which initiative. A program proposes; people keep the file.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a row came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum How {
    Auto,
    Manual,
}

/// What a record is to the initiative of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The same initiative.
    Same,
    /// A new initiative that came out of the one named in the note.
    SplitFrom,
    /// The last record of an initiative that went into the one named in the note.
    MergedInto,
    /// A new initiative that takes the place of the one named in the note.
    Successor,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// `{plan}-{first fiscal year}-{number:03}`, minted at first sight and kept for good.
    pub initiative_id: String,
    /// The fiscal year of the release.
    pub fiscal_year: Option<i32>,
    /// The record in that release.
    pub record_id: String,
    /// Found by the program, or said by a person.
    pub how: How,
    /// The likeness by which it was found.
    pub score: Option<f64>,
    /// What the record is to the initiative.
    pub relation: Relation,
    /// Free words; for splits, merges and successors the other initiative's id comes first.
    #[serde(default)]
    pub note: String,
}

/// The rows, in the order of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Registry {
    /// The rows.
    pub rows: Vec<Row>,
}

/// Why a registry cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// It is no CSV with these columns.
    #[error("registry: {0}")]
    Csv(#[from] csv::Error),
    /// A record stands under two initiatives as the same one.
    #[error("registry: record `{record}` is in `{first}` and in `{second}`")]
    Twice {
        /// The record.
        record: String,
        /// The one.
        first: String,
        /// The other.
        second: String,
    },
}

impl Registry {
    /// Returns the rows of a CSV text.
    ///
    /// Errors: `Csv` for what is no such CSV, `Twice` for a record that is given to two initiatives.
    pub fn from_csv(text: &str) -> Result<Registry, RegistryError> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let rows: Vec<Row> =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes()).deserialize().collect::<Result<_, _>>()?;
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for row in rows.iter().filter(|r| r.relation != Relation::MergedInto) {
            let first = *seen.entry(&row.record_id).or_insert(&row.initiative_id);
            if first != row.initiative_id {
                return Err(RegistryError::Twice { record: row.record_id.clone(), first: first.into(), second: row.initiative_id.clone() });
            }
        }
        Ok(Registry { rows })
    }
    /// Returns the CSV text: RFC 4180 with LF, sorted by initiative and year so that versions of the file can be compared.
    ///
    /// Errors: `Csv`, which memory cannot cause.
    pub fn to_csv(&self) -> Result<String, RegistryError> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by(|a, b| (&a.initiative_id, a.fiscal_year, &a.record_id).cmp(&(&b.initiative_id, b.fiscal_year, &b.record_id)));
        let mut writer = csv::Writer::from_writer(Vec::new());
        if rows.is_empty() {
            writer.write_record(["initiative_id", "fiscal_year", "record_id", "how", "score", "relation", "note"])?;
        }
        for row in rows {
            writer.serialize(row)?;
        }
        let bytes = writer.into_inner().map_err(|e| csv::Error::from(e.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
    /// Returns the initiative id of every record. Splits and successors are initiatives of their own.
    pub fn known(&self) -> BTreeMap<String, String> {
        let of = |r: &Row| (r.record_id.clone(), r.initiative_id.clone());
        self.rows.iter().filter(|r| r.relation != Relation::MergedInto).map(of).collect()
    }
    /// Returns the rows of an initiative, by year.
    pub fn initiative(&self, id: &str) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().filter(|r| r.initiative_id == id).collect();
        rows.sort_by_key(|r| r.fiscal_year);
        rows
    }
    /// Returns a fresh id: `{plan}-{year}-{number:03}`, with a letter where that is taken.
    pub fn mint(&self, plan: &str, year: Option<i32>, number: Option<i64>) -> String {
        let year = year.map_or_else(|| "0000".to_owned(), |y| y.to_string());
        let base = format!("{plan}-{year}-{:03}", number.unwrap_or(0));
        let taken = |id: &str| self.rows.iter().any(|r| r.initiative_id == id);
        let letters = (2_u32..).map(|n| format!("{base}-{n}"));
        std::iter::once(base.clone()).chain(letters).find(|id| !taken(id)).unwrap_or(base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "initiative_id,fiscal_year,record_id,how,score,relation,note\n\
        p-2018-008,2018,a-008,manual,,merged_into,\"p-2018-009 統合\"\n\
        p-2018-011,2018,a-011,auto,,same,\n\
        p-2018-011,2019,b-008,auto,0.93,same,\n";

    #[test]
    fn a_registry_survives_reading_and_writing() {
        let registry = Registry::from_csv(TEXT).unwrap();
        let text = registry.to_csv().unwrap();
        assert_eq!(text, TEXT.replace('"', ""));
        assert_eq!(Registry::from_csv(&format!("\u{FEFF}{}", text.replace('\n', "\r\n"))).unwrap(), registry);
        assert_eq!(registry.known().get("b-008").map(String::as_str), Some("p-2018-011"));
        assert_eq!(registry.mint("p", Some(2018), Some(11)), "p-2018-011-2");
    }

    #[test]
    fn one_record_has_one_initiative() {
        let twice = TEXT.replace("p-2018-011,2019", "p-2018-012,2018").replace("b-008", "a-011");
        assert!(matches!(Registry::from_csv(&twice), Err(RegistryError::Twice { .. })));
        assert!(Registry::from_csv("a,b\n1,2\n").is_err());
    }
}
