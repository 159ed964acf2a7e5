//! How sure a record is, beyond what the geometry of its cells says: what is missing or odd in it lowers its confidence.
//!
//! The factors were set with `scripts/calibration.py` (docs/figures/segmentation.md has the curve): a record of .95 and more is to be exact in 99 %
//! of its fields. A single doubt below takes a record under .95.

use jisseki_model::{Initiative, Phase, Schedule};

/// Something is odd: a word in a plan that is no phase word, an arrow without a word, an item without a phase, nobody in charge.
const ODD: f64 = 0.94;
/// Something is missing that every record has.
const MISSING: f64 = 0.5;

/// Returns the factor of a record's own oddities, 0..=1.
pub(crate) fn record_to_factor(r: &Initiative) -> f64 {
    let mut factor = 1.0;
    if r.title.text.is_empty() {
        factor *= MISSING;
    }
    if r.departments.is_empty() {
        factor *= ODD;
    }
    factor * r.schedule.as_ref().map_or(1.0, schedule_to_factor)
}

fn schedule_to_factor(s: &Schedule) -> f64 {
    let mut factor = 1.0;
    let phases = || s.items.iter().flat_map(|i| &i.phases);
    let unread = |p: &Phase| p.code == "other" || p.text.is_empty() || p.start_fiscal_year.is_none();
    if phases().any(unread) {
        factor *= ODD;
    }
    // A year's word that was read twice, or an arrow that was cut: phases of one item follow each other.
    let overlap = |i: &jisseki_model::ScheduleItem| {
        i.phases.windows(2).any(|w| match w {
            [a, b] => a.start_month.is_none() && a.end_fiscal_year.zip(b.start_fiscal_year).is_some_and(|(end, start)| end >= start),
            _ => false,
        })
    };
    if s.items.iter().any(overlap) {
        factor *= ODD;
    }
    let planned = s.items.iter().any(|i| !i.phases.is_empty());
    if !s.fiscal_years.is_empty() && (!planned || s.items.iter().any(|i| i.phases.is_empty())) {
        factor *= ODD;
    }
    factor
}

#[cfg(test)]
mod tests {
    use super::*;
    use jisseki_model::{Department, Field, PhaseEvidence, ScheduleItem};

    fn phase(text: &str, code: &str, years: (i32, i32)) -> Phase {
        Phase {
            text: text.into(),
            code: code.into(),
            start_fiscal_year: Some(years.0),
            end_fiscal_year: Some(years.1),
            start_month: None,
            end_month: None,
            evidence: PhaseEvidence::YearCell,
            places: vec![],
        }
    }

    fn record(phases: Vec<Phase>) -> Initiative {
        Initiative {
            title: Field { text: "窓口の改善".into(), ..Field::default() },
            departments: vec![Department { text: "総務課".into(), ..Department::default() }],
            schedule: Some(Schedule { fiscal_years: vec![2016, 2017], items: vec![ScheduleItem { phases, ..ScheduleItem::default() }] }),
            ..Initiative::default()
        }
    }

    #[test]
    fn one_oddity_takes_a_record_below_the_sure_ones() {
        let sure = record(vec![phase("検討", "consider", (2016, 2016)), phase("実施", "implement", (2017, 2017))]);
        assert_eq!(record_to_factor(&sure), 1.0);
        assert!(record_to_factor(&Initiative { departments: vec![], ..sure.clone() }) < 0.95);
        assert!(record_to_factor(&Initiative { title: Field::default(), ..sure }) < 0.8);
        assert!(record_to_factor(&record(vec![])) < 0.95);
        assert!(record_to_factor(&record(vec![phase("順次実", "other", (2016, 2016))])) < 0.95);
        assert!(record_to_factor(&record(vec![phase("検討", "consider", (2016, 2017)), phase("実施", "implement", (2016, 2017))])) < 0.95);
    }
}
