//! Many things at once.

use rayon::prelude::*;

/// Applies a function to every item on all cores and returns the results in the items' order.
///
/// ```
/// assert_eq!(jisseki::in_parallel(&[1, 2, 3], |n| n * 2), [2, 4, 6]);
/// ```
pub fn in_parallel<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    items.par_iter().map(f).collect()
}
