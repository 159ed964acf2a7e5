//! Shares and changes: X の p％ in brackets, 5％増, 前年度比95％.

use crate::atom::{Atom, Base, Change, Unit, What};
use crate::cursor::{Cursor, is_kanji};
use jisseki_model::ChangeDirection;

/// Bytes that the words of a share may take between the bracket and の.
const MAX_SHARE: usize = 120;

/// Gives each percent in brackets after an amount what it is a share of: 8,457件（納期内納付全体の 1.3％）.
pub(crate) fn shares(scan: &str, atoms: &mut [Atom]) {
    for i in 1..atoms.len() {
        let (Some(left), Some(right)) = (atoms.get(i - 1), atoms.get(i)) else { break };
        let percent = matches!(right.what, What::Amount { unit: Unit::Percent, .. });
        if !percent || !left.is_amount() {
            continue;
        }
        let found = share_between(scan, left.end, right.start);
        if let (Some(found), Some(What::Amount { of, .. })) = (found, atoms.get_mut(i).map(|a| &mut a.what)) {
            *of = Some(Box::new(found));
        }
    }
}

/// The scan range of X in `（Xの` when nothing else stands between `from` and `to`.
fn share_between(scan: &str, from: usize, to: usize) -> Option<(usize, usize)> {
    let gap = scan.get(from..to).filter(|g| g.len() <= MAX_SHARE)?;
    let open = gap.len() - gap.trim_start().len();
    let inside = gap.get(open..)?.strip_prefix('(')?;
    let words = inside.trim_end().strip_suffix('の')?;
    let plain = !words.trim().is_empty() && !words.contains(['(', ')', '。', '、']);
    let start = from + open + 1;
    plain.then_some((start, start + words.len()))
}

/// Finds the amounts that are changes, or indices of a base: 10件減, 前年度比5％増, 対前年度比 △5.0％, 前年度比95％.
pub(crate) fn changes(scan: &str, atoms: &[Atom]) -> Vec<Atom> {
    (0..atoms.len()).filter_map(|i| change_of(scan, atoms, i)).collect()
}

fn change_of(scan: &str, atoms: &[Atom], i: usize) -> Option<Atom> {
    let atom = atoms.get(i)?;
    let What::Amount { number, unit, mods, .. } = &atom.what else { return None };
    if *unit == Unit::Times || mods.aggregate.is_some() {
        return None;
    }
    let verb = verb_after(scan, atom.end);
    let before = scan.get(..atom.start)?.trim_end_matches([' ', '\t']).chars().next_back();
    if verb.is_none() && !before.is_some_and(|l| BASE_WORDS.contains(&l)) {
        return None;
    }
    let base = base_before(scan, atoms, i);
    let signed = mods.plus || number.value.is_negative();
    let (direction, end, index) = match (verb, &base) {
        (Some((direction, end)), _) => (direction, end, false),
        (None, Some(_)) if signed => (if mods.plus { ChangeDirection::Up } else { ChangeDirection::Down }, atom.end, false),
        // An index needs 比 itself: 前年度より95％ says nothing.
        (None, Some((_, true))) if *unit == Unit::Percent => (direction_of_index(number), atom.end, true),
        _ => return None,
    };
    let change = Change { direction, amount: i, base: base.map(|b| b.0), index };
    Some(Atom::new(atom.start, end, What::Change(change)))
}

/// Words between a base and the amount that is measured against it.
const BASE_WORDS: [char; 6] = ['比', 'べ', 'て', 'り', ':', 'で'];

fn direction_of_index(number: &crate::num::Number) -> ChangeDirection {
    match number.value.checked_cmp(crate::dec::Dec::new(100, 0)) {
        Some(std::cmp::Ordering::Less) => ChangeDirection::Down,
        Some(std::cmp::Ordering::Greater) => ChangeDirection::Up,
        _ => ChangeDirection::Flat,
    }
}

/// 増 or 減 after an amount, alone or as the head of a word of change.
fn verb_after(scan: &str, end: usize) -> Option<(ChangeDirection, usize)> {
    let mut c = Cursor::new(scan, end);
    while c.peek() == Some(' ') {
        c.at += 1;
    }
    if !c.rest().starts_with("の増") && !c.rest().starts_with("の減") || c.eat("の") {
        let direction = match c.peek()? {
            '増' => ChangeDirection::Up,
            '減' => ChangeDirection::Down,
            _ => return None,
        };
        c.at += '増'.len_utf8();
        const TAILS: [&str; 8] = ["加", "少", "額", "員", "収", "車", "便", "と"];
        let tail = TAILS.iter().find(|t| c.eat(t));
        if tail.is_none() && c.peek().is_some_and(is_kanji) {
            return None;
        }
        return Some((direction, if tail == Some(&"と") { c.at - "と".len() } else { c.at }));
    }
    None
}

/// What the amount is measured against, and whether 比 says so: 前年度比, 対前年同月比, 平成30年度と比べて.
fn base_before(scan: &str, atoms: &[Atom], i: usize) -> Option<(Base, bool)> {
    let atom = atoms.get(i)?;
    if let Some(left) = i.checked_sub(1).and_then(|k| atoms.get(k)).filter(|a| a.time().is_some())
        && let Some(by_ratio) = compares(scan.get(left.end..atom.start)?)
    {
        return Some((Base::Atom(i - 1), by_ratio));
    }
    let floor = i.checked_sub(1).and_then(|k| atoms.get(k)).map_or(0, |a| a.end);
    let head = scan.get(floor..atom.start)?;
    if !head.contains(['前', '昨', '例']) {
        return None;
    }
    const WORDS: [&str; 8] = ["前年同月", "前年同期", "前月", "前回", "前期", "昨年", "前年", "例年"];
    WORDS.iter().find_map(|w| {
        let at = head.rfind(w)?;
        let by_ratio = compares(head.get(at + w.len()..)?)?;
        Some((Base::Words(floor + at, floor + at + w.len()), by_ratio))
    })
}

/// Whether the words between a base and an amount compare them; true in it for 比.
fn compares(gap: &str) -> Option<bool> {
    let words = gap.trim().trim_end_matches([':', '、', ' ', 'で']);
    match words {
        "比" | "対比" | "比較" | "同月比" | "同期比" | "比較で" => Some(true),
        "と比べ" | "に比べ" | "と比べて" | "に比べて" | "より" | "と比較して" | "に比較して" | "から" | "に対し" | "に対して" => {
            Some(false)
        }
        _ => None,
    }
}
