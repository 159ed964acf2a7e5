//! Optimal assignment: which pairing of two lists has the greatest total score.

/// A score matrix: `rows × cols`, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    rows: usize,
    cols: usize,
    values: Vec<f64>,
}

impl Scores {
    /// Returns the matrix whose cell `(row, col)` is `score(row, col)`; what is not finite counts as 0.
    pub fn new(rows: usize, cols: usize, mut score: impl FnMut(usize, usize) -> f64) -> Scores {
        let mut values = Vec::with_capacity(rows.saturating_mul(cols));
        for r in 0..rows {
            for c in 0..cols {
                let s = score(r, c);
                values.push(if s.is_finite() { s } else { 0.0 });
            }
        }
        Scores { rows, cols, values }
    }
    /// Returns the score of a pair; 0 outside.
    pub fn at(&self, row: usize, col: usize) -> f64 {
        if col >= self.cols { 0.0 } else { self.values.get(row * self.cols + col).copied().unwrap_or(0.0) }
    }
}

/// Returns for each row its column in the pairing with the greatest total, leaving out every pair below `floor`.
///
/// The Hungarian algorithm with potentials and shortest augmenting paths (Jonker and Volgenant 1987): n²·m steps at worst, far fewer where most pairs are plain.
pub fn assign(scores: &Scores, floor: f64) -> Vec<Option<usize>> {
    let flipped = scores.rows > scores.cols;
    let (n, m) = if flipped { (scores.cols, scores.rows) } else { (scores.rows, scores.cols) };
    let worth = |r: usize, c: usize| {
        let s = if flipped { scores.at(c, r) } else { scores.at(r, c) };
        if s >= floor { s } else { 0.0 }
    };
    // Column potentials and matches are 1-based; column 0 is the free start of a path.
    let (mut u, mut v) = (vec![0.0_f64; n + 1], vec![0.0_f64; m + 1]);
    let mut row_of = vec![0_usize; m + 1];
    for row in 1..=n {
        augment(row, m, &worth, &mut u, &mut v, &mut row_of);
    }
    let mut pairs = vec![None; scores.rows];
    for (col, row) in row_of.iter().enumerate().skip(1).filter(|(_, r)| **r > 0) {
        let (r, c) = if flipped { (col - 1, row - 1) } else { (row - 1, col - 1) };
        if let Some(slot) = pairs.get_mut(r).filter(|_| scores.at(r, c) >= floor) {
            *slot = Some(c);
        }
    }
    pairs
}

/// Finds the cheapest alternating path that gives `row` a column, and flips it.
#[allow(clippy::indexing_slicing)] // Every index is a row ≤ n or a column ≤ m of vectors made that long by `assign`.
fn augment(row: usize, m: usize, worth: &impl Fn(usize, usize) -> f64, u: &mut [f64], v: &mut [f64], row_of: &mut [usize]) {
    row_of[0] = row;
    let mut col = 0;
    let mut least = vec![f64::INFINITY; m + 1];
    let mut used = vec![false; m + 1];
    let mut way = vec![0_usize; m + 1];
    loop {
        used[col] = true;
        let r = row_of[col];
        let (mut delta, mut next) = (f64::INFINITY, 0);
        for c in 1..=m {
            if used[c] {
                continue;
            }
            let cost = -worth(r - 1, c - 1) - u[r] - v[c];
            if cost < least[c] {
                least[c] = cost;
                way[c] = col;
            }
            if least[c] < delta {
                delta = least[c];
                next = c;
            }
        }
        for c in 0..=m {
            if used[c] {
                u[row_of[c]] += delta;
                v[c] -= delta;
            } else {
                least[c] -= delta;
            }
        }
        col = next;
        if row_of[col] == 0 {
            break;
        }
    }
    while col != 0 {
        let before = way[col];
        row_of[col] = row_of[before];
        col = before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The greatest total over all pairings, by trying each.
    fn best(scores: &Scores, row: usize, taken: &mut Vec<bool>, floor: f64) -> f64 {
        if row == scores.rows {
            return 0.0;
        }
        let mut top = best(scores, row + 1, taken, floor);
        for c in 0..scores.cols {
            if !taken[c] && scores.at(row, c) >= floor {
                taken[c] = true;
                top = top.max(scores.at(row, c) + best(scores, row + 1, taken, floor));
                taken[c] = false;
            }
        }
        top
    }

    proptest! {
        #[test]
        fn no_pairing_is_better(rows in 0_usize..6, cols in 0_usize..6, values in prop::collection::vec(0.0_f64..1.0, 36)) {
            let scores = Scores::new(rows, cols, |r, c| values[r * 6 + c]);
            let pairs = assign(&scores, 0.35);
            let mut seen = std::collections::BTreeSet::new();
            let total: f64 = pairs.iter().enumerate().filter_map(|(r, c)| c.map(|c| (r, c))).map(|(r, c)| {
                assert!(seen.insert(c) && scores.at(r, c) >= 0.35);
                scores.at(r, c)
            }).sum();
            prop_assert!((total - best(&scores, 0, &mut vec![false; cols], 0.35)).abs() < 1e-9);
        }
    }

    #[test]
    fn an_inserted_record_does_not_shift_the_rest() {
        let scores = Scores::new(3, 4, |r, c| if r + 1 == c { 1.0 } else { 0.1 });
        assert_eq!(assign(&scores, 0.35), [Some(1), Some(2), Some(3)]);
    }
}
