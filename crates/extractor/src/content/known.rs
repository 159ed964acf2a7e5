//! Names of resources looked up before.

use std::cell::RefCell;
use std::collections::HashMap;

/// Names of one kind with what they are: positions in the page's lists.
#[derive(Debug, Default)]
pub(super) struct Known<T>(RefCell<Names<T>>);

/// A few names are compared one by one; more are hashed. Skia names a hundred fonts a page, and another one for every other glyph.
#[derive(Debug, Default)]
struct Names<T> {
    few: Vec<(Box<[u8]>, T)>,
    many: HashMap<Box<[u8]>, T>,
}

/// Measured: to hash a name costs as much as to compare it with about this many.
const FEW: usize = 12;

impl<T: Copy> Known<T> {
    /// Returns what a name is, where it was looked up before.
    pub(super) fn get(&self, name: &[u8]) -> Option<T> {
        let names = self.0.borrow();
        let few = names.few.iter().find(|known| *known.0 == *name).map(|known| known.1);
        few.or_else(|| names.many.get(name).copied())
    }
    /// Remembers what a name is.
    pub(super) fn insert(&self, name: &[u8], value: T) {
        let names = &mut *self.0.borrow_mut();
        if names.many.is_empty() && names.few.len() < FEW {
            names.few.push((name.into(), value));
        } else {
            names.many.extend(names.few.drain(..));
            names.many.insert(name.into(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_names_are_found_again() {
        let known = Known::default();
        for i in 0..3 * FEW {
            assert_eq!(known.get(i.to_string().as_bytes()), None);
            known.insert(i.to_string().as_bytes(), i);
            assert!((0..=i).all(|j| known.get(j.to_string().as_bytes()) == Some(j)), "{i}");
        }
    }
}
