//! Amounts that belong together: target and actual, before and after, one a year.

use crate::atom::{Atom, Comparison, Point, What};
use crate::cursor::{Cursor, char_before, one_of};
use crate::point::{label_before, point_of, same_measure};
use crate::series::series;
use jisseki_model::PointRole;

/// Finds the comparisons of a text.
pub(crate) fn comparisons(scan: &str, atoms: &[Atom], arrows_at: &[usize]) -> Vec<Atom> {
    let mut taken = vec![false; atoms.len()];
    let mut found = arrows(scan, atoms, arrows_at, &mut taken);
    found.extend(words(scan, atoms, &mut taken));
    found.extend(series(scan, atoms, &mut taken));
    found
}

/// `A ⇒ B`, and `A ⇒ B ⇒ C` as one.
fn arrows(scan: &str, atoms: &[Atom], arrows_at: &[usize], taken: &mut [bool]) -> Vec<Atom> {
    let mut found: Vec<(Comparison, usize)> = Vec::new();
    for &at in arrows_at {
        let end = at + '⇒'.len_utf8();
        let next = atoms.partition_point(|a| a.start < end);
        let Some(left) = point_before_arrow(scan, atoms, next, at) else { continue };
        let Some(right) = point_after_arrow(scan, atoms, next, end) else { continue };
        if !comparable(atoms, &left, &right) {
            continue;
        }
        match found.last_mut() {
            Some((chain, _)) if chain.points.last().is_some_and(|p| p.amounts == left.amounts) => chain.points.push(right),
            _ => found.push((Comparison { points: vec![left, right], ..Comparison::default() }, at)),
        }
    }
    found.into_iter().map(|(c, _)| finish(scan, atoms, c, taken)).collect()
}

/// The point that ends at an arrow: over blanks, line breaks (a blank line too: the arrow may begin the next cell line) and closing brackets.
fn point_before_arrow(scan: &str, atoms: &[Atom], next: usize, arrow: usize) -> Option<Point> {
    let last = next.checked_sub(1)?;
    let gap = scan.get(atoms.get(last)?.end..arrow)?;
    let blank_line = gap.matches('\n').count() > 1;
    if gap.len() > 32 || !gap.chars().all(|c| c.is_whitespace() || c == ')') || gap.matches('\n').count() > 2 {
        return None;
    }
    // Over a blank line only an arrow that begins its line reaches back.
    if blank_line && scan.get(..arrow).is_none_or(|s| !s.trim_end_matches([' ', '\t']).ends_with('\n')) {
        return None;
    }
    let main = if gap.contains(')') { main_amount(scan, atoms, last)? } else { last };
    let mut point = point_of(scan, atoms, main, 0)?;
    point.amounts.end = last + 1;
    point.end = arrow - gap.len() + gap.rfind(')').map_or(0, |i| i + 1);
    Some(point)
}

/// The amount before the bracket that holds the last one.
fn main_amount(scan: &str, atoms: &[Atom], last: usize) -> Option<usize> {
    let main = last.checked_sub(1)?;
    let (left, right) = (atoms.get(main)?, atoms.get(last)?);
    let gap = scan.get(left.end..right.start)?;
    (left.is_amount() && right.is_amount() && gap.trim_start().starts_with('(') && gap.len() < 96).then_some(main)
}

/// The point that begins after an arrow.
fn point_after_arrow(scan: &str, atoms: &[Atom], next: usize, arrow_end: usize) -> Option<Point> {
    let amount = (next..atoms.len().min(next + 3)).find(|&i| atoms.get(i).is_some_and(Atom::is_amount))?;
    let point = point_of(scan, atoms, amount, arrow_end)?;
    let mut c = Cursor::new(scan, arrow_end);
    c.joint();
    (c.at == point.start).then_some(point)
}

/// Whether two points may be compared: amounts of one kind, or a target and what was reached.
fn comparable(atoms: &[Atom], left: &Point, right: &Point) -> bool {
    same_measure(atoms.get(left.amounts.start), atoms.get(right.amounts.start))
}

/// 10件から15件に増加; 目標10件に対し実績12件; 目標値 80％ 実績値 85％.
fn words(scan: &str, atoms: &[Atom], taken: &mut [bool]) -> Vec<Atom> {
    let mut found = Vec::new();
    for i in 0..atoms.len() {
        let Some(j) = (i + 1..atoms.len().min(i + 3)).find(|&j| atoms.get(j).is_some_and(Atom::is_amount)) else { continue };
        if [i, j].iter().any(|&k| taken.get(k).copied().unwrap_or(true)) || !same_measure(atoms.get(i), atoms.get(j)) {
            continue;
        }
        let Some(points) = by_change(scan, atoms, i, j).or_else(|| by_roles(scan, atoms, i, j)) else { continue };
        found.push(finish(scan, atoms, Comparison { points: points.into(), ..Comparison::default() }, taken));
    }
    found
}

fn by_change(scan: &str, atoms: &[Atom], i: usize, j: usize) -> Option<[Point; 2]> {
    let (left, right) = (point_of(scan, atoms, i, 0)?, point_of(scan, atoms, j, atoms.get(i)?.end)?);
    let gap = scan.get(left.end..right.start)?.trim();
    let mut after = Cursor::new(scan, right.end);
    after.joint();
    const CHANGES: [&str; 14] =
        ["増", "減", "上昇", "低下", "下降", "改善", "悪化", "上が", "下が", "伸び", "拡大", "縮小", "変更", "引き"];
    let mut into = after;
    let particle = ["に", "へ", "まで", "と"].iter().any(|p| into.eat(p));
    let near = into.rest().char_indices().nth(6).map_or(into.rest(), |(n, _)| into.rest().get(..n).unwrap_or_default());
    let near = near.split('。').next().unwrap_or_default();
    let changes = particle && CHANGES.iter().any(|w| near.contains(w));
    (matches!(gap, "から" | "から、") && changes).then_some([left, right])
}

fn by_roles(scan: &str, atoms: &[Atom], i: usize, j: usize) -> Option<[Point; 2]> {
    let (left, right) = (point_of(scan, atoms, i, 0)?, point_of(scan, atoms, j, atoms.get(i)?.end)?);
    if left.role != PointRole::Target || right.role != PointRole::Actual {
        return None;
    }
    let gap = scan.get(left.end..right.start)?;
    let bare = gap.trim_matches(|c: char| c.is_whitespace() || one_of(c, "、,)・/("));
    matches!(bare, "" | "に対し" | "に対して" | "に対し、" | "に対する").then_some([left, right]).filter(|_| gap.matches('\n').count() < 2)
}

/// Sets roles and metric, marks what is used, and makes the atom.
pub(crate) fn finish(scan: &str, atoms: &[Atom], mut comparison: Comparison, taken: &mut [bool]) -> Atom {
    let explicit = comparison.points.iter().any(|p| matches!(p.role, PointRole::Target));
    let n = comparison.points.len();
    for (k, point) in comparison.points.iter_mut().enumerate() {
        if explicit && k > 0 && point.role != PointRole::Target {
            // A year that stands where 実績 should is the actual's.
            point.role = PointRole::Actual;
        } else if !explicit {
            point.role = match k {
                _ if comparison.series => PointRole::Point,
                0 => PointRole::Before,
                _ if k + 1 == n => PointRole::After,
                _ => PointRole::Point,
            };
        }
        if let Some(slots) = taken.get_mut(point.amounts.clone()) {
            slots.fill(true);
        }
    }
    // An actual without a year of its own is of the target's.
    let target_when = comparison.points.first().and_then(|p| p.when).filter(|_| explicit);
    for point in comparison.points.iter_mut().filter(|p| p.role == PointRole::Actual && p.when.is_none()) {
        point.when = target_when;
    }
    let start = comparison.points.first().map_or(0, |p| p.start);
    let end = comparison.points.last().map_or(start, |p| p.end);
    let (metric, from) = crate::metric::metric_before(scan, atoms, &comparison, start);
    comparison.metric = metric;
    let mut atom = Atom::new(from, end, What::Comparison(comparison));
    if let What::Comparison(c) = &atom.what {
        for when in c.points.iter().filter_map(|p| p.when) {
            if let Some(time) = atoms.get(when) {
                atom.by = atom.by.max(time.by);
                atom.flags.insert_if(time.flags.contains(jisseki_model::Flag::AmbiguousYearOrFy), jisseki_model::Flag::AmbiguousYearOrFy);
            }
        }
    }
    atom
}

/// Whether a label right before `at` gives a role, for `point`.
pub(crate) fn role_before(scan: &str, at: usize, floor: usize) -> Option<(PointRole, usize)> {
    label_before(scan, at, floor).or_else(|| {
        let (mark, mark_at) = char_before(scan, at)?;
        matches!(mark, '(' | '【' | '[').then(|| label_before(scan, mark_at, floor)).flatten()
    })
}
