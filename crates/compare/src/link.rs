//! Carrying initiative ids over releases: the program proposes, a person accepts.

use crate::event::Release;
use crate::families::{merged_into, split_from};
use crate::matching::{Band, match_records};
use crate::registry::{How, Registry, Relation, Row};
use jisseki_model::{Initiative, Report};
use serde::Serialize;
use std::collections::BTreeMap;

/// What is proposed for one record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// The row as it would stand in the registry.
    pub row: Row,
    /// `known`, `auto`, `confirm`, or nothing for a record seen for the first time.
    pub band: Option<Band>,
    /// The title in the earlier release, where there is one.
    pub old_title: Option<String>,
    /// The earlier record's number as printed.
    pub old_number: Option<String>,
    /// The title in this release.
    pub title: String,
    /// The number as printed in this release.
    pub number: String,
    /// The id the record gets if the proposal is declined.
    pub if_declined: String,
}

/// What is proposed for one release.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Linked {
    /// The release.
    pub release: Release,
    /// A proposal for each record that has no row yet, in the order of the release.
    pub proposals: Vec<Proposal>,
    /// Earlier initiatives without a record in this release: id and last title.
    pub ended: Vec<(String, String)>,
}

/// Returns the plan part of new ids: the plan's id, else a stable word.
fn plan_of(report: &Report) -> String {
    report.document.plan_id.clone().filter(|p| !p.is_empty()).unwrap_or_else(|| "plan".into())
}

fn year_of(report: &Report) -> Option<i32> {
    report.document.fiscal_year.as_ref().map(|y| y.year)
}

/// Returns proposals for one release, held against the releases before it (the latest first), and the registry with every proposal taken that is not in
/// the confirm band.
///
/// A record already in the registry is left alone: what people wrote stays.
pub fn link_release(registry: &Registry, before: &[&Report], report: &Report) -> Linked {
    let mut minted = registry.clone();
    let known = registry.known();
    let earlier = before.first().map_or(&[][..], |r| r.initiatives.as_slice());
    let matching = match_records(earlier, &report.initiatives, &known);
    let mut proposals = Vec::new();
    for (n, record) in report.initiatives.iter().enumerate().filter(|(_, r)| !known.contains_key(&r.record_id)) {
        let pair = matching.pairs.iter().find(|p| p.new == n);
        let parent = pair.and_then(|p| earlier.get(p.old));
        let fresh = minted.mint(&plan_of(report), year_of(report), record.number);
        let own = parent.and_then(|p| known.get(&p.record_id)).cloned();
        let split = matching
            .added
            .contains(&n)
            .then(|| split_from(&matching, earlier, &report.initiatives, n))
            .flatten()
            .and_then(|o| earlier.get(o));
        let (relation, note) = match split {
            Some(from) => (Relation::SplitFrom, id_of(&known, from)),
            None => (Relation::Same, String::new()),
        };
        let row = Row {
            initiative_id: own.unwrap_or_else(|| fresh.clone()),
            fiscal_year: year_of(report),
            record_id: record.record_id.clone(),
            how: How::Auto,
            score: pair.map(|p| (p.score * 1000.0).round() / 1000.0),
            relation,
            note,
        };
        minted.rows.push(row.clone());
        proposals.push(Proposal {
            band: pair.map(|p| p.band).or(split.map(|_| Band::Confirm)),
            old_title: parent.or(split).map(|p| p.title.text.clone()),
            old_number: parent.or(split).map(|p| p.number_label.clone()),
            title: record.title.text.clone(),
            number: record.number_label.clone(),
            if_declined: fresh,
            row,
        });
    }
    let merged =
        matching.removed.iter().filter_map(|o| Some((earlier.get(*o)?, merged_into(&matching, earlier, &report.initiatives, *o)?)));
    for (gone, heir) in merged {
        proposals.extend(merge_proposal(&minted, registry, gone, report.initiatives.get(heir)));
    }
    let ended = matching.removed.iter().filter_map(|o| earlier.get(*o)).map(|r| (id_of(&known, r), r.title.text.clone())).collect();
    Linked { release: release(report), proposals, ended }
}

fn id_of(known: &BTreeMap<String, String>, record: &Initiative) -> String {
    known.get(&record.record_id).cloned().unwrap_or_else(|| record.record_id.clone())
}

/// Proposes to close an initiative whose text went into another one.
fn merge_proposal(minted: &Registry, registry: &Registry, gone: &Initiative, heir: Option<&Initiative>) -> Option<Proposal> {
    let (known, heir) = (minted.known(), heir?);
    let (id, into) = (registry.known().get(&gone.record_id)?.clone(), id_of(&known, heir));
    let told = registry.rows.iter().any(|r| r.initiative_id == id && r.relation == Relation::MergedInto);
    let year = minted.rows.iter().find(|r| r.record_id == heir.record_id).and_then(|r| r.fiscal_year);
    let record_id = heir.record_id.clone();
    let row = Row {
        initiative_id: id.clone(),
        fiscal_year: year,
        record_id,
        how: How::Auto,
        score: None,
        relation: Relation::MergedInto,
        note: into,
    };
    (!told).then(|| Proposal {
        row,
        band: Some(Band::Confirm),
        old_title: Some(gone.title.text.clone()),
        old_number: Some(gone.number_label.clone()),
        title: heir.title.text.clone(),
        number: heir.number_label.clone(),
        if_declined: id,
    })
}

fn release(report: &Report) -> Release {
    Release {
        document_id: report.document.document_id.clone(),
        title: report.document.title.clone(),
        fiscal_year: year_of(report),
        stage: report.document.stage,
        source: report.document.source.name.clone(),
        sha256: report.document.source.sha256.clone(),
        records: report.initiatives.len(),
    }
}

/// What a person (or a flag) says to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Take it.
    Yes,
    /// It is another initiative.
    No,
    /// It takes the place of the earlier one, under an id of its own.
    Successor,
    /// Leave the record out for now.
    Later,
}

/// Enters a proposal into the registry as answered. A person's answer is `manual`, also where it agrees.
pub fn answer(registry: &mut Registry, proposal: &Proposal, answer: Answer, by_person: bool) {
    let mut row = proposal.row.clone();
    row.how = if by_person { How::Manual } else { How::Auto };
    match answer {
        Answer::Later => return,
        Answer::Yes => {}
        Answer::No if row.relation == Relation::MergedInto => return,
        Answer::No => {
            row.initiative_id = proposal.if_declined.clone();
            row.relation = Relation::Same;
            row.score = None;
            row.note = String::new();
        }
        Answer::Successor => {
            row.note = std::mem::replace(&mut row.initiative_id, proposal.if_declined.clone());
            row.relation = Relation::Successor;
        }
    }
    registry.rows.push(row);
}

/// Returns the records of each release in order, linked one release after the other, with every confident proposal taken. For a chain of years at once.
pub fn link_all(registry: &Registry, reports: &[&Report], take_confirm: bool) -> Registry {
    let mut registry = registry.clone();
    for (i, report) in reports.iter().enumerate() {
        let before: Vec<&Report> = reports.get(..i).unwrap_or_default().iter().rev().copied().collect();
        for proposal in link_release(&registry, &before, report).proposals {
            let sure = proposal.band != Some(Band::Confirm) || take_confirm;
            // Without a person's word a record in doubt is an initiative of its own: never a silent link.
            answer(&mut registry, &proposal, if sure { Answer::Yes } else { Answer::No }, false);
        }
    }
    registry
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{record, report};

    #[test]
    fn ids_are_minted_once_and_carried() {
        let a = report(2018, vec![record(1, "職員の人材育成", &[]), record(2, "県民が納税しやすい環境の整備", &[])]);
        let b = report(2019, vec![record(1, "県民が納税しやすい環境の整備", &[]), record(2, "業務継続計画の見直し", &[])]);
        let registry = link_all(&Registry::default(), &[&a, &b], false);
        let ids: Vec<(&str, &str)> = registry.rows.iter().map(|r| (r.record_id.as_str(), r.initiative_id.as_str())).collect();
        assert_eq!(
            ids,
            [
                ("doc-2018-001", "plan-2018-001"),
                ("doc-2018-002", "plan-2018-002"),
                ("doc-2019-001", "plan-2018-002"),
                ("doc-2019-002", "plan-2019-002")
            ]
        );
        assert_eq!(link_all(&registry, &[&a, &b], false), registry, "a second run adds nothing");
    }

    #[test]
    fn a_person_can_decline_or_name_a_successor() {
        let (a, b) = (report(2018, vec![record(1, "方針の改定", &[])]), report(2019, vec![record(1, "方針の見直し", &[])]));
        let registry = link_all(&Registry::default(), &[&a], false);
        let linked = link_release(&registry, &[&a], &b);
        let [proposal] = &linked.proposals[..] else { panic!("{linked:?}") };
        let mut declined = registry.clone();
        answer(&mut declined, proposal, Answer::No, true);
        assert_eq!(declined.rows[1].initiative_id, "plan-2019-001");
        let mut successor = registry.clone();
        answer(&mut successor, proposal, Answer::Successor, true);
        assert_eq!((successor.rows[1].relation, successor.rows[1].note.as_str()), (Relation::Successor, "plan-2018-001"));
    }
}
