//! Which paragraph of a field became which.

use crate::assign::{Scores, assign};
use crate::fold;
use crate::similarity::Bigrams;
use crate::tokens::tokens_diff;
use crate::view::Piece;
use std::ops::Range;

/// From this likeness on two paragraphs in the same gap are one that was rewritten; below, one went and another came. Numbers and years do not count.
/// A guess: rewritten sentences of the sibling fixtures reach 0.7 and more, unrelated ones stay below 0.3.
const REWRITTEN: f64 = 0.45;
/// From this likeness on a paragraph elsewhere is the same one, moved and touched up.
const MOVED: f64 = 0.85;
/// A paragraph must have this many characters to be known again elsewhere: `（通年）` stands everywhere.
const MOVED_LEN: usize = 8;
/// Gaps with more pairs than this are paired in order: the assignment is cubic.
const MAX_GAP: usize = 400;

/// What became of a paragraph: indexes into the old and the new pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Same {
        old: usize,
        new: usize,
    },
    Rewritten {
        old: usize,
        new: usize,
    },
    Moved {
        old: usize,
        new: usize,
    },
    Removed {
        old: usize,
    },
    Added {
        new: usize,
    },
    /// Only cut into paragraphs differently.
    Recut {
        old: usize,
        new: usize,
    },
}

/// Returns what became of each paragraph, in the order of the new field, removed ones where they stood.
pub fn pieces_to_steps(old: &[Piece<'_>], new: &[Piece<'_>]) -> Vec<Step> {
    let (a, b) = (keys(old), keys(new));
    let mut steps = Vec::new();
    for op in tokens_diff(&a, &b) {
        let (o, n) = (op.old_range(), op.new_range());
        if matches!(op, similar::DiffOp::Equal { .. }) {
            steps.extend(o.zip(n).map(|(old, new)| Step::Same { old, new }));
        } else if a.get(o.clone()).unwrap_or_default().concat() == b.get(n.clone()).unwrap_or_default().concat() {
            steps.push(Step::Recut { old: o.start, new: n.start });
        } else {
            gap_to_steps(old, new, o, n, &mut steps);
        }
    }
    find_moves(old, new, &mut steps);
    steps
}

fn keys(pieces: &[Piece<'_>]) -> Vec<String> {
    pieces.iter().map(|p| fold::style(&p.text)).collect()
}

/// Pairs the paragraphs of a gap without crossing, by the alignment with the greatest likeness.
fn gap_to_steps(old: &[Piece<'_>], new: &[Piece<'_>], o: Range<usize>, n: Range<usize>, steps: &mut Vec<Step>) {
    let grams = |pieces: &[Piece<'_>], range: &Range<usize>| -> Vec<(bool, Bigrams)> {
        pieces.get(range.clone()).unwrap_or_default().iter().map(|p| (p.heading, Bigrams::of_shape(&p.text))).collect()
    };
    let (a, b) = (grams(old, &o), grams(new, &n));
    let pairs = if a.len().saturating_mul(b.len()) > MAX_GAP * MAX_GAP { in_order(a.len(), b.len()) } else { align(&a, &b) };
    let (mut i, mut j) = (0, 0);
    for (x, y) in pairs.into_iter().chain([(a.len(), b.len())]) {
        steps.extend((i..x).map(|k| Step::Removed { old: o.start + k }));
        steps.extend((j..y).map(|k| Step::Added { new: n.start + k }));
        if x < a.len() && y < b.len() {
            steps.push(Step::Rewritten { old: o.start + x, new: n.start + y });
        }
        (i, j) = (x + 1, y + 1);
    }
}

fn in_order(n: usize, m: usize) -> Vec<(usize, usize)> {
    (0..n.min(m)).map(|i| (i, i)).collect()
}

/// Needleman–Wunsch over likenesses; pairs below [`REWRITTEN`] are not taken.
#[allow(clippy::indexing_slicing)] // The table has (n + 1)·(m + 1) cells, and i ≤ n, j ≤ m.
fn align(a: &[(bool, Bigrams)], b: &[(bool, Bigrams)]) -> Vec<(usize, usize)> {
    let (n, m) = (a.len(), b.len());
    let like = |i: usize, j: usize| if a[i].0 == b[j].0 { a[i].1.dice(&b[j].1) } else { 0.0 };
    let mut best = vec![vec![0.0_f64; m + 1]; n + 1];
    let likes: Vec<Vec<f64>> = (0..n).map(|i| (0..m).map(|j| like(i, j)).collect()).collect();
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            let paired = if likes[i][j] >= REWRITTEN { likes[i][j] + best[i + 1][j + 1] } else { f64::NEG_INFINITY };
            best[i][j] = paired.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < n && j < m {
        if likes[i][j] >= REWRITTEN && best[i][j] == likes[i][j] + best[i + 1][j + 1] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i][j] == best[i + 1][j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Turns a removed and an added paragraph that are the same into one moved paragraph.
fn find_moves(old: &[Piece<'_>], new: &[Piece<'_>], steps: &mut Vec<Step>) {
    let gone: Vec<usize> = steps.iter().filter_map(|s| if let Step::Removed { old } = s { Some(*old) } else { None }).collect();
    let come: Vec<usize> = steps.iter().filter_map(|s| if let Step::Added { new } = s { Some(*new) } else { None }).collect();
    let moves = moved_pairs(
        &gone.iter().filter_map(|i| old.get(*i)).collect::<Vec<_>>(),
        &come.iter().filter_map(|i| new.get(*i)).collect::<Vec<_>>(),
    );
    for (g, c) in moves {
        let (Some(&old), Some(&new)) = (gone.get(g), come.get(c)) else { continue };
        steps.retain(|s| *s != Step::Removed { old });
        if let Some(step) = steps.iter_mut().find(|s| **s == Step::Added { new }) {
            *step = Step::Moved { old, new };
        }
    }
}

/// Returns which removed paragraph is which added one, if any: indexes into both lists.
pub fn moved_pairs(gone: &[&Piece<'_>], come: &[&Piece<'_>]) -> Vec<(usize, usize)> {
    if gone.is_empty() || come.is_empty() || gone.len().saturating_mul(come.len()) > MAX_GAP * MAX_GAP {
        return Vec::new();
    }
    let grams =
        |pieces: &[&Piece<'_>]| pieces.iter().map(|p| (p.heading, p.text.chars().count(), Bigrams::of(&p.text))).collect::<Vec<_>>();
    let (a, b) = (grams(gone), grams(come));
    let scores = Scores::new(a.len(), b.len(), |r, c| match (a.get(r), b.get(c)) {
        (Some(x), Some(y)) if x.0 == y.0 && x.1.min(y.1) >= MOVED_LEN => x.2.dice(&y.2),
        _ => 0.0,
    });
    assign(&scores, MOVED).into_iter().enumerate().filter_map(|(r, c)| Some((r, c?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::block;
    use crate::view::pieces;

    fn check(old: &[&str], new: &[&str], expected: &[Step]) {
        let (a, b) = (block(old), block(new));
        assert_eq!(pieces_to_steps(&pieces(&a), &pieces(&b)), expected, "{old:?} {new:?}");
    }

    #[test]
    fn steps() {
        let (x, y, z) = ("研修を実施しました（通年）", "広報誌による周知を行いました", "システムの更新に着手しました");
        check(&[x, y, z], &[y, z, x], &[Step::Same { old: 1, new: 0 }, Step::Same { old: 2, new: 1 }, Step::Moved { old: 0, new: 2 }]);
        check(&["⇒ 平成30年度：96件"], &["⇒ 令和元年度：107件"], &[Step::Rewritten { old: 0, new: 0 }]);
        check(&[x], &[x, y], &[Step::Same { old: 0, new: 0 }, Step::Added { new: 1 }]);
        check(&["前半の文。", "後半の文。"], &["前半の文。後半の文。"], &[Step::Recut { old: 0, new: 0 }]);
        check(&[x], &[z], &[Step::Removed { old: 0 }, Step::Added { new: 0 }]);
        check(&["（通年）", x], &[x, "（通年）"], &[Step::Moved { old: 1, new: 0 }, Step::Same { old: 0, new: 1 }]);
        check(
            &["（通年）", "（４月）", x],
            &["（４月）", x, "（通年）"],
            &[Step::Removed { old: 0 }, Step::Same { old: 1, new: 0 }, Step::Same { old: 2, new: 1 }, Step::Added { new: 2 }],
        );
    }
}
