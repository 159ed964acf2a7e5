//! Record ids, and the check that numbers run on.

use jisseki_model::{Initiative, Warning};
use std::collections::BTreeSet;

/// Gives every record the part of its id that follows the document's, and warns of gaps and repeats.
///
/// The number alone (`001`) where it is unique in the document; with its section (`s2-001`) where numbering restarts; a label without an integer in
/// ASCII (`No.R1-1` → `r1-1`); the position where all that repeats.
pub(crate) fn number_records(records: &mut [Initiative], warnings: &mut Vec<Warning>) {
    let numbers: Vec<i64> = records.iter().filter_map(|r| r.number).collect();
    let unique = numbers.len() == records.len() && numbers.iter().collect::<BTreeSet<_>>().len() == numbers.len();
    let mut sections: Vec<String> = Vec::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for (i, r) in records.iter_mut().enumerate() {
        let key = r.section.as_ref().map_or(String::new(), |s| format!("{}{}", s.label, s.title));
        if sections.last() != Some(&key) {
            sections.push(key);
        }
        let own = match r.number {
            Some(n) if unique => format!("{n:03}"),
            Some(n) => format!("s{}-{n:03}", sections.len()),
            None => slug(&r.number_label).unwrap_or_else(|| format!("p{:03}", i + 1)),
        };
        r.record_id = if taken.contains(&own) { format!("{own}-{:03}", i + 1) } else { own };
        taken.insert(r.record_id.clone());
    }
    warn_of_gaps(records, unique, warnings);
}

fn slug(label: &str) -> Option<String> {
    let s: String = label
        .chars()
        .map(|c| match crate::narrow::narrow_char(c) {
            c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
            c => crate::numbers::sign_to_number(&c.to_string())
                .and_then(|n| u32::try_from(n).ok())
                .and_then(|n| char::from_digit(n, 36))
                .unwrap_or('-'),
        })
        .collect();
    let s = s.trim_start_matches("no").split('-').filter(|p| !p.is_empty()).collect::<Vec<_>>().join("-");
    (!s.is_empty()).then_some(s)
}

fn warn_of_gaps(records: &[Initiative], unique: bool, warnings: &mut Vec<Warning>) {
    for pair in records.windows(2) {
        let [a, b] = pair else { continue };
        let (Some(x), Some(y)) = (a.number, b.number) else { continue };
        let restart = y == 1 && a.section != b.section;
        if y == x + 1 || restart {
            continue;
        }
        let (code, what) =
            if y == x || (unique && y < x) { ("segment/number-order", "comes after") } else { ("segment/number-gap", "follows") };
        let mut w = Warning::new(code, format!("number {} {what} {}; the numbers are kept as printed", b.number_label, a.number_label));
        if let Some(p) = b.places.first() {
            w = w.at(*p);
        }
        warnings.push(w);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jisseki_model::Section;

    #[test]
    fn ids_are_short_where_numbers_are_unique() {
        let rec = |n: Option<i64>, l: &str, s: &str| Initiative {
            number: n,
            number_label: l.into(),
            section: Some(Section { label: s.into(), ..Section::default() }),
            ..Initiative::default()
        };
        let ids = |mut r: Vec<Initiative>| {
            let mut w = vec![];
            number_records(&mut r, &mut w);
            (r.iter().map(|r| r.record_id.clone()).collect::<Vec<_>>().join(" "), w.len())
        };
        assert_eq!(ids(vec![rec(Some(1), "1", "Ⅰ"), rec(Some(2), "2", "Ⅱ")]), ("001 002".into(), 0));
        assert_eq!(ids(vec![rec(Some(1), "1", "Ⅰ"), rec(Some(1), "1", "Ⅱ")]), ("s1-001 s2-001".into(), 0));
        assert_eq!(ids(vec![rec(None, "No.R1-1", "Ⅰ"), rec(None, "Ⅰ-1-(2)", "Ⅰ")]), ("r1-1 1-1-2".into(), 0));
        assert_eq!(ids(vec![rec(Some(1), "1", "Ⅰ"), rec(Some(4), "4", "Ⅰ")]).1, 1);
    }
}
