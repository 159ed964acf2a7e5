//! L3-07 over several files: tables whose names differ in the year alone keep their columns.

use super::Finding;
use super::table::TableFile;
use super::time::name_to_pattern;
use std::collections::{BTreeMap, BTreeSet};

/// Columns that two years must share, of the wider table's; below it the format is another one. Picked: one new column in five is growth.
const SHARED: f64 = 0.7;

/// Holds each file against the one of the year before.
pub(super) fn check(files: &[TableFile]) -> Vec<Finding> {
    let mut series: BTreeMap<String, Vec<&TableFile>> = BTreeMap::new();
    for file in files.iter().filter(|f| f.unreadable.is_none()) {
        if let Some(pattern) = name_to_pattern(file.stem()) {
            series.entry(pattern).or_default().push(file);
        }
    }
    let pairs = series.values().flat_map(|files| files.windows(2));
    pairs.filter_map(|pair| if let [old, new] = pair { drifted(old, new) } else { None }).collect()
}

fn drifted(old: &TableFile, new: &TableFile) -> Option<Finding> {
    // A column named for its year is the same column in the next year.
    let names =
        |f: &TableFile| -> BTreeSet<String> { f.header().iter().map(|n| name_to_pattern(n).unwrap_or_else(|| n.clone())).collect() };
    let (before, now) = (names(old), names(new));
    let shared = before.intersection(&now).count();
    let widest = before.len().max(now.len());
    if widest == 0 || shared as f64 / widest as f64 >= SHARED {
        return None;
    }
    Some(Finding {
        rule: "L3-07",
        file: new.name.clone(),
        line: Some(1),
        column: None,
        message: format!("{shared} of {widest} columns are those of {}", old.name),
        message_ja: format!("{}と共通の項目が{widest}のうち{shared}しかない", old.name),
    })
}
