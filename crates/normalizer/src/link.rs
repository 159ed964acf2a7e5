//! Ranges and lists: which times belong together, and what one takes over from its neighbor.

use crate::atom::{Anchor, Atom, Part, Range, What, Year};
use crate::cursor::{Cursor, char_before, joint_start, one_of};
use crate::year::nearest_year;
use jisseki_model::{ResolvedBy, Rule};

/// Verbs before which より opens a range; before others it compares (平成30年度より減額).
const STARTS: [&str; 22] = [
    "実施",
    "開始",
    "適用",
    "施行",
    "導入",
    "運用",
    "供用",
    "開設",
    "稼働",
    "配置",
    "設置",
    "発足",
    "改正",
    "順次",
    "本格",
    "新たに",
    "新規に",
    "毎年",
    "継続",
    "取り組",
    "取組",
    "スタート",
];
/// Words of change: から before them names what is compared with, and no start.
const CHANGES: [&str; 16] =
    ["増", "減", "上昇", "低下", "下降", "改善", "悪化", "上がっ", "下がっ", "伸び", "上回", "下回", "拡大", "縮小", "横ばい", "倍"];
/// How far after から such a word still belongs to it, in characters.
const CHANGE_REACH: usize = 8;

/// Words that end a range after から.
pub(crate) const UNTIL: [&str; 4] = ["まで", "にかけて", "にわたって", "にわたり"];

/// Finds the ranges among the times of `atoms`, lets bare months know their neighbors, and returns the ranges.
pub(crate) fn link(scan: &str, atoms: &mut [Atom]) -> Vec<Atom> {
    let mut ranges = Vec::new();
    let mut taken = usize::MAX;
    for i in 0..atoms.len() {
        let Some(atom) = atoms.get(i).filter(|a| is_linkable(a)) else { continue };
        let next = atoms.get(i + 1).filter(|a| is_linkable(a)).map(|a| a.start);
        let paired = if taken == i { None } else { next.and_then(|at| pair(scan, atom, at)) };
        if let Some(explicit_until) = paired {
            let end = atoms.get(i + 1).map_or(atom.end, |b| end_of_until(scan, b.end, explicit_until));
            if explicit_until && end == atoms.get(i + 1).map_or(0, |b| b.end) {
                // から without まで is no range: 4月から9月に変更.
                open_range(scan, atom, i, &mut ranges);
                continue;
            }
            let range = Range { from: Some(i), to: Some(i + 1) };
            ranges.push(Atom::new(atom.start, end, What::Range(range)));
            carry_over(atoms, i);
            taken = i + 1;
            continue;
        }
        if taken != i {
            open_range(scan, atom, i, &mut ranges);
        }
        if let Some(at) = next {
            list_or_year(scan, atoms, i, at);
        }
    }
    ranges
}

fn is_linkable(atom: &Atom) -> bool {
    atom.time().is_some_and(|t| !matches!(t.year, Year::PlanEdge { .. }))
}

/// Whether a range mark and nothing else stands between an atom and `next`; true in it where the mark needs まで after the second.
fn pair(scan: &str, atom: &Atom, next: usize) -> Option<bool> {
    let mut c = Cursor::new(scan, atom.end);
    if !c.peek_over_joint().is_some_and(|l| matches!(l, '~' | '-' | 'ー' | 'か' | 'よ')) {
        return None;
    }
    let mark = c.eat_any_over_joint(&["~", "-", "ー", "から", "より"])?;
    c.joint();
    (c.at == next).then_some(mark >= 3)
}

/// The end of a range: after まで or にかけて, if it stands there.
fn end_of_until(scan: &str, end: usize, words: bool) -> usize {
    let mut c = Cursor::new(scan, end);
    if c.eat_over_joint("まで") || c.eat_over_joint("迄") || (words && UNTIL.iter().any(|w| c.eat_over_joint(w))) {
        return c.at;
    }
    end
}

fn open_range(scan: &str, atom: &Atom, i: usize, ranges: &mut Vec<Atom>) {
    let mut push = |start: usize, end: usize, from: bool| {
        let range = if from { Range { from: Some(i), to: None } } else { Range { from: None, to: Some(i) } };
        ranges.push(Atom::new(start, end, What::Range(range)));
    };
    if let Some(start) = leading_mark(scan, atom.start) {
        let end = end_of_until(scan, atom.end, false);
        push(start, end, false);
        return;
    }
    let mut c = Cursor::new(scan, atom.end);
    if !c.peek_over_joint().is_some_and(|l| matches!(l, '~' | 'か' | 'よ' | 'ま' | '迄' | '以')) {
        return;
    }
    match c.eat_any_over_joint(&["~", "から", "より", "まで", "迄", "以降", "以後", "以来", "以前"]) {
        Some(0) if !c.peek_over_joint().is_some_and(|l| l.is_ascii_digit()) => push(atom.start, c.at, true),
        Some(1) if !compares(c.rest()) => push(atom.start, c.at, true),
        Some(2) if STARTS.iter().any(|w| c.rest().starts_with(w)) => push(atom.start, c.at, true),
        Some(3 | 4 | 8) => push(atom.start, c.at, false),
        Some(5..=7) => push(atom.start, c.at, true),
        _ => {}
    }
}

/// Where a range mark stands before a time with nothing before it that the range could begin with.
fn leading_mark(scan: &str, start: usize) -> Option<usize> {
    let (mark, at) = char_before(scan, joint_start(scan, start))?;
    if mark != '~' {
        return None;
    }
    let left = char_before(scan, joint_start(scan, at)).map(|l| l.0);
    left.is_none_or(|l| one_of(l, "(「、。:|│\n")).then_some(at)
}

fn compares(rest: &str) -> bool {
    let near = rest.char_indices().nth(CHANGE_REACH).map_or(rest, |(i, _)| rest.get(..i).unwrap_or(rest));
    let near = near.split(['。', '、', '\n', ')']).next().unwrap_or_default();
    CHANGES.iter().any(|w| near.contains(w))
}

/// A year without its era takes it from the fiscal year before it: 平成28年度、29年度; 令和３年度～５年度.
fn carry_era(atoms: &mut [Atom], i: usize) {
    let left = atoms.get(i).filter(|a| a.by <= ResolvedBy::Carried).and_then(|a| a.time()?.fiscal());
    let Some(atom) = atoms.get_mut(i + 1) else { return };
    if let (Some(left), What::Time(time)) = (left, &mut atom.what)
        && let Year::BareFiscal(n) = time.year
        && let Some(year) = nearest_year(n, left)
    {
        time.year = Year::Fiscal(year);
        (atom.by, atom.rule, atom.anchor) = (ResolvedBy::Carried, Some(Rule::EraOfNeighbor), Anchor::Atom(i));
    }
}

/// In a range, a bare month takes the year of the other end.
fn carry_over(atoms: &mut [Atom], i: usize) {
    carry_era(atoms, i);
    let (Some(left), Some(right)) = (atoms.get(i).and_then(Atom::time).cloned(), atoms.get(i + 1).and_then(Atom::time).cloned()) else {
        return;
    };
    // 令和３年の10月から12月: the left month has its year from the one before it.
    let carried = atoms.get(i).is_some_and(|a| matches!(a.anchor, Anchor::Atom(_)));
    if right.bare && (!left.bare || carried) {
        if let Some(atom) = atoms.get_mut(i + 1) {
            atom.anchor = Anchor::Atom(i);
        }
    } else if left.bare
        && let Year::Civil(year) = right.year
        && let Some(atom) = atoms.get_mut(i)
        && let What::Time(time) = &mut atom.what
    {
        let later = (left.month, left.day) > (right.month, right.day) && right.month > 0;
        time.year = Year::Civil(year - i32::from(later));
        atom.by = ResolvedBy::Carried;
        atom.rule = Some(Rule::YearOfRangeEnd);
        atom.anchor = Anchor::Atom(i + 1);
    }
}

/// A bare month after a year in a list, or right after a fiscal year, takes it over: 令和元年９月、12月; 令和元年度の３月.
fn list_or_year(scan: &str, atoms: &mut [Atom], i: usize, next: usize) {
    let Some((left_end, left)) = atoms.get(i).and_then(|a| a.time().map(|t| (a.end, t))) else { return };
    let gap = scan.get(left_end..next).unwrap_or_default();
    if gap.len() < 24 && left.is_fiscal_year() && matches!(gap.trim(), "、" | "," | "，" | "・" | "及び" | "と" | "並びに" | "から")
    {
        return carry_era(atoms, i);
    }
    let near = if left.month > 0 {
        matches!(gap.trim(), "、" | "," | "，" | "・" | "及び" | "と" | "並びに") && gap.len() < 24
    } else {
        // 令和元年度の３月, 1901年の９月10日.
        let year = left.is_fiscal_year() || matches!(left.year, Year::Civil(_)) && left.part == Part::Whole;
        year && matches!(gap.trim_matches([' ', '\t']), "" | "の")
    };
    let explicit = !left.bare;
    if let Some(right) = atoms.get_mut(i + 1)
        && near
        && explicit
        && right.time().is_some_and(|t| t.bare)
    {
        right.anchor = Anchor::Atom(i);
    }
}
