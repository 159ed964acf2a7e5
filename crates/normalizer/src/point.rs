//! One point of a comparison: an amount with the time, role and note that stand before it.

use crate::atom::{Atom, Point, Unit, What};
use crate::compare::role_before;
use crate::cursor::char_before;
use jisseki_model::PointRole;

/// Most characters of a note between the year and the amount (平成28年度サイト開設時：50件).
const MAX_NOTE: usize = 20;
/// Bytes that a point may reach back from its amount.
const MAX_BACK: usize = 200;

/// Reads the point of the amount `i`; nothing before `floor` belongs to it.
pub(crate) fn point_of(scan: &str, atoms: &[Atom], i: usize, floor: usize) -> Option<Point> {
    let amount = atoms.get(i).filter(|a| a.is_amount())?;
    let mut point = Point { role: PointRole::Point, when: None, note: None, amounts: i..i + 1, start: amount.start, end: amount.end };
    let mut back = amount.start.saturating_sub(MAX_BACK);
    while !scan.is_char_boundary(back) {
        back += 1;
    }
    let floor = floor.max(back);
    let time = i.checked_sub(1).and_then(|k| atoms.get(k).filter(|a| a.time().is_some() && a.start >= floor).map(|a| (k, a)));
    if let Some((k, time)) = time
        && let Some((note, role)) = note_between(scan, time.end, amount.start)
    {
        point.when = Some(k);
        point.note = note;
        point.start = time.start;
        // The bracket that the year stands in opens the point.
        let closed = scan.get(time.end..amount.start).is_some_and(|g| g.trim_start().starts_with([')', '】', ']', '〕']));
        let opened = char_before(scan, time.start).filter(|l| matches!(l.0, '(' | '【' | '[' | '〔'));
        if let (true, Some((_, at))) = (closed, opened) {
            point.start = at;
        }
        if let Some(role) = role {
            point.role = role;
        } else if let Some((role, at)) = role_before(scan, time.start, floor) {
            (point.role, point.start) = (role, at);
        }
    } else if let Some((role, at)) = label_before(scan, amount.start, floor) {
        (point.role, point.start) = (role, at);
    }
    Some(point)
}

/// The note and the role that the words between a year and its amount give; none where the words part them.
#[allow(clippy::type_complexity)]
fn note_between(scan: &str, from: usize, to: usize) -> Option<(Option<(usize, usize)>, Option<PointRole>)> {
    let gap = scan.get(from..to)?;
    if gap.matches('\n').count() > 1 {
        return None;
    }
    let head = gap.len() - gap.trim_start_matches([' ', '\t', '\n', ')', '】', ']', '〕']).len();
    let words = gap.get(head..)?.trim_end_matches([' ', '\t', '\n', ':', 'は', 'が', 'に', '…', '=', '＝', '-', '、']);
    let role = match words.trim_matches(['(', ')', '【', '】', '[', ']', ' ', 'の', '末']) {
        "" => return Some((None, None)),
        "目標" | "目標値" | "計画" | "計画値" => Some(PointRole::Target),
        "実績" | "実績値" | "結果" => Some(PointRole::Actual),
        _ => None,
    };
    if role.is_some() {
        return Some((None, role));
    }
    let plain = !words.contains(['。', '、', '(', '\n', '⇒', '~', '・']) && words.chars().count() <= MAX_NOTE;
    // A note is set off by a colon; without one the words are the sentence itself.
    let set_off = gap.trim_end().ends_with([':', '…']);
    (plain && set_off).then_some((Some((from + head, from + head + words.len())), None))
}

/// A role's label right before `at`, with where it starts: 実績：, （目標）, 目標値.
pub(crate) fn label_before(scan: &str, at: usize, floor: usize) -> Option<(PointRole, usize)> {
    const LABELS: [(&str, PointRole); 12] = [
        ("目標数値", PointRole::Target),
        ("目標値", PointRole::Target),
        ("目標数", PointRole::Target),
        ("目標", PointRole::Target),
        ("計画値", PointRole::Target),
        ("計画", PointRole::Target),
        ("実績値", PointRole::Actual),
        ("実績数", PointRole::Actual),
        ("実績", PointRole::Actual),
        ("達成値", PointRole::Actual),
        ("結果", PointRole::Actual),
        ("現状値", PointRole::Before),
    ];
    let head = scan.get(floor.min(at)..at)?;
    let head = head.trim_end_matches([' ', '\t', ':', '=', '＝', 'は']);
    let inner = head.strip_suffix([')', '】', ']', '〕', '＞']);
    let text = inner.unwrap_or(head);
    let (word, role) = LABELS.iter().find(|l| text.ends_with(l.0))?;
    let mut start = floor.min(at) + text.len() - word.len();
    if inner.is_some()
        && let Some((mark, mark_at)) = char_before(scan, start).filter(|l| l.1 >= floor)
        && matches!(mark, '(' | '【' | '[' | '〔' | '＜')
    {
        start = mark_at;
    }
    Some((*role, start))
}

/// Whether two atoms are amounts of one unit.
pub(crate) fn same_measure(a: Option<&Atom>, b: Option<&Atom>) -> bool {
    use crate::units::Noun;
    let unit = |atom: Option<&Atom>| match atom.map(|a| &a.what) {
        Some(What::Amount { unit, .. }) => Some(*unit),
        _ => None,
    };
    match (unit(a), unit(b)) {
        (Some(Unit::Noun(Noun::Counter(a))), Some(Unit::Noun(Noun::Counter(b)))) => a.canonical == b.canonical,
        (Some(Unit::Noun(Noun::Measure(a))), Some(Unit::Noun(Noun::Measure(b)))) => a.ucum == b.ucum,
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}
