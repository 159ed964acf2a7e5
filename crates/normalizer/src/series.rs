//! The same amount year after year: 【平成28年度】4,667件 【平成29年度】5,755件, or 平成28年度 4件、平成29年度 5件.

use crate::atom::{Atom, Comparison, Point};
use crate::compare::finish;
use crate::cursor::{char_before, one_of};
use crate::point::{point_of, same_measure};

/// Bytes that the text under one year's heading may take.
const MAX_SEGMENT: usize = 400;
/// Most amounts that are kept with one point: the main one and what stands in brackets after it.
const MAX_AMOUNTS: usize = 3;

/// Finds series among the amounts that no comparison has taken.
pub(crate) fn series(scan: &str, atoms: &[Atom], taken: &mut [bool]) -> Vec<Atom> {
    let mut points: Vec<Point> = Vec::new();
    let mut found = Vec::new();
    for i in 0..atoms.len() {
        let Some(point) = point_at(scan, atoms, i, taken) else { continue };
        let goes_on = points.last().is_some_and(|last| follows(scan, atoms, last, &point));
        if !goes_on {
            close(scan, atoms, std::mem::take(&mut points), taken, &mut found);
        }
        points.push(point);
    }
    close(scan, atoms, points, taken, &mut found);
    found
}

fn close(scan: &str, atoms: &[Atom], points: Vec<Point>, taken: &mut [bool], found: &mut Vec<Atom>) {
    if points.len() >= 2 {
        found.push(finish(scan, atoms, Comparison { points, series: true, metric: None }, taken));
    }
}

/// The point of the fiscal year `i`.
fn point_at(scan: &str, atoms: &[Atom], i: usize, taken: &[bool]) -> Option<Point> {
    let year = atoms.get(i).filter(|a| a.time().is_some_and(crate::atom::Time::is_fiscal_year))?;
    let heading = is_heading(scan, year);
    let amount = if heading { amount_under(scan, atoms, i)? } else { i + 1 };
    if taken.get(amount).copied().unwrap_or(true) {
        return None;
    }
    let mut point = point_of(scan, atoms, amount, if heading { 0 } else { year.start })?;
    if heading {
        point.start = char_before(scan, year.start)?.1;
        point.note = None;
    } else if point.when != Some(i) {
        return None;
    }
    point.when = Some(i);
    take_bracket(scan, atoms, &mut point);
    Some(point)
}

/// Whether a year is all that stands in 【…】 at the start of a line.
fn is_heading(scan: &str, year: &Atom) -> bool {
    let opened = char_before(scan, year.start).filter(|l| matches!(l.0, '【' | '〔' | '[' | '＜' | '《'));
    let closed = scan.get(year.end..).is_some_and(|s| s.trim_start().starts_with(['】', '〕', ']', '＞', '》']));
    opened
        .is_some_and(|(_, at)| scan.get(..at).is_some_and(|s| s.trim_end_matches([' ', '\t', '・']).ends_with('\n') || s.trim().is_empty()))
        && closed
}

/// The first amount under a heading, before the next one and before a sentence ends.
fn amount_under(scan: &str, atoms: &[Atom], heading: usize) -> Option<usize> {
    let from = atoms.get(heading)?.end;
    for j in heading + 1..atoms.len().min(heading + 6) {
        let atom = atoms.get(j)?;
        let gap = scan.get(from..atom.start)?;
        if gap.len() > MAX_SEGMENT || gap.contains(['。', '【']) || gap.contains("\n\n") || gap.matches('\n').count() > 2 {
            return None;
        }
        if atom.is_amount() {
            return Some(j);
        }
    }
    None
}

/// Takes the amounts in the bracket after a point's amount into it, and the bracket.
fn take_bracket(scan: &str, atoms: &[Atom], point: &mut Point) {
    let Some(rest) = scan.get(point.end..) else { return };
    let open = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if !rest.get(open..).is_some_and(|s| s.starts_with('(')) {
        return;
    }
    let Some(close) = rest.find([')', '\n']).filter(|&i| rest.as_bytes().get(i) == Some(&b')')) else { return };
    let end = point.end + close + 1;
    let first = point.amounts.start;
    let next = atoms.get(first + 1..atoms.len().min(first + MAX_AMOUNTS)).unwrap_or_default();
    let inside = next.iter().take_while(|a| a.end <= end);
    let Some(count) = inside.map(|a| a.is_amount().then_some(1)).sum::<Option<usize>>() else { return };
    point.amounts.end = first + 1 + count;
    point.end = end;
}

/// Whether a point goes on a series: the next years of the same measure, with nothing but separators between.
fn follows(scan: &str, atoms: &[Atom], last: &Point, next: &Point) -> bool {
    let fy = |p: &Point| p.when.and_then(|w| atoms.get(w)?.time()?.fiscal());
    let rising = fy(last).zip(fy(next)).is_some_and(|(a, b)| a < b);
    let same = same_measure(atoms.get(last.amounts.start), atoms.get(next.amounts.start));
    let gap = scan.get(last.end..next.start).unwrap_or("x");
    let separators = gap.chars().all(|c| c.is_whitespace() || one_of(c, "、,・/／|│○※"));
    // A blank line may part headings only.
    let near = !gap.contains("\n\n") || scan.get(next.start..).is_some_and(|s| s.starts_with(['【', '〔']));
    rising && same && separators && near && gap.matches('\n').count() <= 3
}
