//! The paragraphs of one record → its fields, by the order of the header and by what each field looks like.

use super::lines::{Piece, line_to_years};
use crate::marks::{Mark, text_to_headings, text_to_mark};
use crate::profile::{Profile, Role};
use crate::vocab::{is_achievement, is_department};
use crate::years::text_to_year;

/// What a paragraph looks like.
struct Looks {
    mark: Mark,
    year: bool,
    axis: bool,
    achievement: bool,
    department: bool,
    sentence: bool,
    chars: usize,
    forward: bool,
    past: bool,
    in_months: bool,
}

fn piece_to_looks(piece: &Piece, profile: &Profile) -> Looks {
    let text = piece.text.as_str();
    let years = line_to_years(&piece.raw).len();
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    Looks {
        mark: text_to_mark(text).0,
        year: text_to_year(text).is_some(),
        axis: years >= 2,
        achievement: is_achievement(text, profile),
        department: is_department(text),
        sentence: text.contains('。'),
        chars: text.chars().count(),
        forward: has(&["今後", "引き続き", "課題", "いきます", "めざし", "努めます", "取り組みます", "必要"]),
        past: has(&["ました", "できた"]),
        in_months: has(&["月）", "月～", "通年"]),
    }
}

/// How well a paragraph fits a field; the unit is a nat by feeling. Set by what the words of each field say, checked on the genuine dump.
fn fit(l: &Looks, role: Role) -> f64 {
    let narrative = |bonus: f64| {
        let foreign = f64::from(u8::from(l.achievement)) * -4.0 + f64::from(u8::from(l.department)) * -3.0;
        let plan = if l.axis { -8.0 } else { 0.0 };
        foreign + plan + bonus
    };
    match role {
        Role::Title => match () {
            () if l.axis || l.achievement => -8.0,
            () if l.sentence || l.chars > 70 => -6.0,
            () if matches!(l.mark, Mark::Plain) => 0.5,
            () => -4.0,
        },
        Role::Plan => match () {
            () if l.axis => 6.0,
            () if l.sentence => -6.0,
            () if matches!(l.mark, Mark::Bullet(1)) && l.chars <= 60 => 1.5,
            () if l.achievement => -3.0,
            () if l.chars <= 12 => -0.5,
            () => -3.0,
        },
        Role::Achievement => match () {
            () if l.achievement => 5.0,
            () if l.year => 4.0,
            () => -8.0,
        },
        Role::Departments => match () {
            () if l.department && !l.sentence => 5.0,
            () => -7.0,
        },
        Role::Results => narrative(f64::from(u8::from(l.in_months)) * 0.3),
        Role::Status => narrative(f64::from(u8::from(l.past)) * 0.3),
        Role::Outlook => narrative(f64::from(u8::from(l.forward)) * 0.5),
        Role::Number | Role::Section => -6.0,
        Role::Target | Role::Amount | Role::Extra => narrative(-0.2),
    }
}

/// Gives each paragraph its column: columns never go back, and a step to the next is cheap only at a cell's border.
///
/// Returns positions in `columns`, one a paragraph.
pub(crate) fn pieces_to_columns(pieces: &[&Piece], columns: &[(Role, String)], profile: &Profile) -> Vec<usize> {
    // A heading goes with what follows it.
    let looks: Vec<Looks> = (0..pieces.len())
        .map(|i| {
            let next = pieces.iter().skip(i).find(|p| text_to_headings(p.text.chars()).is_none()).or(pieces.get(i));
            piece_to_looks(next.copied().unwrap_or(&Piece::default()), profile)
        })
        .collect();
    let step = |from: usize, to: usize, piece: &Piece, heading_before: bool| match to - from {
        0 => 0.0,
        n => {
            let border = if piece.new_cell { -0.2 } else { -1.5 };
            let torn = if heading_before { -6.0 } else { 0.0 };
            border + torn - 1.0 * (n as f64 - 1.0)
        }
    };
    let k = columns.len();
    let mut best: Vec<Vec<(f64, usize)>> = Vec::with_capacity(pieces.len());
    for (i, piece) in pieces.iter().enumerate() {
        let Some(l) = looks.get(i) else { break };
        let heading_before = i.checked_sub(1).and_then(|j| pieces.get(j)).is_some_and(|p| text_to_headings(p.text.chars()).is_some());
        let row: Vec<(f64, usize)> = columns
            .iter()
            .enumerate()
            .map(|(c, (role, _))| {
                let come = match best.last() {
                    None => (-0.5 * c as f64, 0),
                    Some(before) => before
                        .iter()
                        .take(c + 1)
                        .enumerate()
                        .map(|(from, (s, _))| (s + step(from, c, piece, heading_before), from))
                        .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
                        .unwrap_or((f64::NEG_INFINITY, 0)),
                };
                (come.0 + fit(l, *role), come.1)
            })
            .collect();
        best.push(row);
    }
    let mut out = vec![0; pieces.len()];
    let mut at = best.last().and_then(|r| (0..k).max_by(|a, b| score(r, *a).total_cmp(&score(r, *b)))).unwrap_or(0);
    for (i, row) in best.iter().enumerate().rev() {
        if let Some(o) = out.get_mut(i) {
            *o = at;
        }
        at = row.get(at).map_or(0, |r| r.1);
    }
    out
}

fn score(row: &[(f64, usize)], c: usize) -> f64 {
    row.get(c).map_or(f64::NEG_INFINITY, |r| r.0)
}
