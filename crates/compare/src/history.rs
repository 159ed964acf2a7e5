//! One initiative over the years: its titles, numbers, states, plans and figures.

use crate::numbers::{piece_to_numbers, subtract};
use crate::registry::{Registry, Relation};
use crate::schedule::phase_text;
use crate::view::{fields, pieces};
use crate::{diff::release_year, fold};
use jisseki_model::{Initiative, Place, Report};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The history of one initiative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Its id in the registry.
    pub initiative_id: String,
    /// A year each, the earliest first.
    pub years: Vec<HistoryYear>,
    /// Figures that occur in the text, by metric and year.
    pub metrics: Vec<Metric>,
    /// Where it came from and went to: relation and note of the registry.
    pub relations: Vec<(Relation, String)>,
}

/// What one release says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct HistoryYear {
    pub fiscal_year: Option<i32>,
    pub document_id: String,
    pub record_id: String,
    pub number_label: String,
    pub sub_label: Option<String>,
    pub section: Option<String>,
    pub title: String,
    pub departments: Vec<String>,
    pub achievement: Option<String>,
    pub achievement_status: Option<String>,
    pub phases: Vec<String>,
    pub paragraphs: usize,
    pub places: Vec<Place>,
}

/// One figure over the years it is told for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Metric {
    pub metric: String,
    pub unit: Option<String>,
    pub values: Vec<MetricValue>,
}

/// The value of one year, as one release tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricValue {
    /// The year it is about.
    pub fiscal_year: i32,
    /// The release that says so.
    pub told_in: Option<i32>,
    /// Canonical decimal.
    pub value: String,
    /// As printed.
    pub text: String,
    /// Against the value of the year before, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta: Option<String>,
    /// Whether an earlier release told this year's value differently.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rewritten: bool,
}

/// Returns the id of the initiative that `wanted` names: its own id, a record id, or the start or a part of its latest title.
pub fn find_initiative(registry: &Registry, reports: &[&Report], wanted: &str) -> Option<String> {
    let known = registry.known();
    if registry.rows.iter().any(|r| r.initiative_id == wanted) {
        return Some(wanted.to_owned());
    }
    if let Some(id) = known.get(wanted) {
        return Some(id.clone());
    }
    let key = fold::style(wanted);
    let hit = |r: &&Initiative| !key.is_empty() && fold::style(&r.title.text).contains(&key);
    reports.iter().rev().flat_map(|r| r.initiatives.iter()).find(hit).and_then(|r| known.get(&r.record_id).cloned())
}

/// Returns the history of an initiative over the given releases.
pub fn history(registry: &Registry, reports: &[&Report], initiative_id: &str) -> History {
    let known = registry.known();
    let own = |r: &&Initiative| known.get(&r.record_id).is_some_and(|id| id == initiative_id);
    let mut seen: Vec<(&Report, &Initiative)> =
        reports.iter().flat_map(|d| d.initiatives.iter().filter(own).map(move |r| (*d, r))).collect();
    seen.sort_by_key(|(d, _)| (release_year(d), d.document.stage));
    let rows = registry.initiative(initiative_id);
    History {
        initiative_id: initiative_id.to_owned(),
        years: seen.iter().map(|(d, r)| year(d, r)).collect(),
        metrics: metrics(&seen),
        relations: rows
            .iter()
            .filter(|r| r.relation != Relation::Same || !r.note.is_empty())
            .map(|r| (r.relation, r.note.clone()))
            .collect(),
    }
}

fn year(report: &Report, r: &Initiative) -> HistoryYear {
    HistoryYear {
        fiscal_year: release_year(report),
        document_id: report.document.document_id.clone(),
        record_id: r.record_id.clone(),
        number_label: r.number_label.clone(),
        sub_label: r.sub_label.clone(),
        section: r.section.as_ref().map(|s| format!("{} {}", s.label, s.title).trim().to_owned()),
        title: r.title.text.clone(),
        departments: r.departments.iter().map(|d| d.text.clone()).collect(),
        achievement: r.achievement.as_ref().map(|a| a.text.clone()),
        achievement_status: r.achievement.as_ref().map(|a| a.status.clone()),
        phases: r.schedule.iter().flat_map(|s| &s.items).flat_map(|i| i.phases.iter().map(move |p| phase_text(i, p))).collect(),
        paragraphs: fields(r).into_iter().map(|(_, b)| pieces(b).len()).sum(),
        places: r.title.places.clone(),
    }
}

type Told = (Option<i32>, String, String);
type Figures = BTreeMap<(String, Option<String>), (String, BTreeMap<i32, Vec<Told>>)>;

/// Figures that name what they count; one without a year is about the release's own.
fn metrics(seen: &[(&Report, &Initiative)]) -> Vec<Metric> {
    let mut all = Figures::new();
    for (report, record) in seen {
        for (_, blocks) in fields(record) {
            for piece in pieces(blocks) {
                for n in piece_to_numbers(&piece, None) {
                    let Some((metric, about)) = n.metric.clone().zip(n.fiscal_year.or(release_year(report))) else { continue };
                    let entry = all.entry((fold::shape(&metric), n.unit.clone())).or_insert_with(|| (metric, BTreeMap::new()));
                    entry.1.entry(about).or_default().push((release_year(report), n.value, n.text));
                }
            }
        }
    }
    all.into_iter().filter_map(|((_, unit), (metric, years))| values(years).map(|values| Metric { metric, unit, values })).collect()
}

/// The values of a figure by year; nothing for one that a release gives several times for one year (a list, not a figure) or that occurs once only.
fn values(years: BTreeMap<i32, Vec<Told>>) -> Option<Vec<MetricValue>> {
    let mut out: Vec<MetricValue> = Vec::new();
    for (fiscal_year, told) in years {
        let several = told.iter().enumerate().any(|(i, a)| told.iter().skip(i + 1).any(|b| a.0 == b.0 && a.1 != b.1));
        let (told_in, value, text) = told.last().filter(|_| !several)?.clone();
        let before = out.last().filter(|v| v.fiscal_year == fiscal_year - 1);
        let delta = before.and_then(|b| subtract(&value, &b.value));
        let rewritten = told.iter().any(|t| t.1 != value);
        out.push(MetricValue { fiscal_year, told_in, value, text, delta, rewritten });
    }
    (out.len() > 1).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::link_all;
    use crate::testing::{record, report};

    #[test]
    fn three_years_of_one_initiative() {
        let make = |year, number, title: &str, n: &str| report(year, vec![record(number, title, &[n])]);
        let (a, b, c) = (
            make(2017, 3, "職員提案制度の見直し", "提案数：118件"),
            make(2018, 4, "職員提案制度の見直し", "提案数：123件"),
            make(2019, 4, "職員提案制度の改善・見直し", "提案数：139件"),
        );
        let reports = [&a, &b, &c];
        let registry = link_all(&Registry::default(), &reports, false);
        let id = find_initiative(&registry, &reports, "提案制度の改善").unwrap();
        assert_eq!(id, "plan-2017-003");
        let h = history(&registry, &reports, &id);
        assert_eq!(
            h.years.iter().map(|y| (y.fiscal_year, y.number_label.as_str())).collect::<Vec<_>>(),
            [(Some(2017), "3"), (Some(2018), "4"), (Some(2019), "4")]
        );
        let [m] = &h.metrics[..] else { panic!("{:?}", h.metrics) };
        assert_eq!(m.metric, "提案数");
        assert_eq!(
            m.values.iter().map(|v| (v.fiscal_year, v.value.as_str(), v.delta.as_deref())).collect::<Vec<_>>(),
            [(2017, "118", None), (2018, "123", Some("5")), (2019, "139", Some("16"))]
        );
        assert_eq!(find_initiative(&registry, &reports, "無い取組"), None);
    }
}
