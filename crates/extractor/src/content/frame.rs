//! The resources that names of a content stream are looked up in, with what was looked up before.

use crate::lex::unescape_name;
use crate::object::{Dict, Object, Objects};
use jisseki_model::Affine;
use std::cell::RefCell;
use std::collections::HashMap;

/// One content stream's resources.
pub(super) struct Frame {
    pub(super) resources: Dict,
    /// The space that pattern matrices map to: that of this content before its first operator.
    pub(super) base: Affine,
    pub(super) fonts: Known<Option<u16>>,
    pub(super) spaces: Known<u16>,
    pub(super) patterns: Known<Option<u16>>,
    pub(super) states: Known<Option<Dict>>,
    /// Dictionaries of the resources by their kind.
    kinds: RefCell<Vec<(&'static [u8], Option<Dict>)>>,
}

impl Frame {
    pub(super) fn new(resources: Dict, base: Affine) -> Frame {
        Frame {
            resources,
            base,
            fonts: Known::default(),
            spaces: Known::default(),
            patterns: Known::default(),
            states: Known::default(),
            kinds: RefCell::default(),
        }
    }
    /// Returns the resource of a kind (`Font`, `XObject`, …) that the content calls by this name, as its dictionary has it.
    pub(super) fn named(&self, objects: &Objects<'_>, kind: &'static [u8], name: &[u8]) -> Option<Object> {
        let mut kinds = self.kinds.borrow_mut();
        let at = kinds.iter().position(|known| known.0 == kind).unwrap_or_else(|| {
            kinds.push((kind, objects.get_dict(&self.resources, kind)));
            kinds.len() - 1
        });
        kinds.get(at)?.1.as_ref()?.get(&unescape_name(name)).cloned()
    }
}

/// Names of one kind with what they are: positions in the page's lists, as a rule.
#[derive(Debug)]
pub(super) struct Known<T>(RefCell<Names<T>>);

#[derive(Debug)]
struct Names<T> {
    /// Short names as numbers, ascending. Nearly all names are short; Skia has a hundred fonts a page, and another one for every other glyph.
    short: Vec<(u64, T)>,
    others: HashMap<Box<[u8]>, T>,
}

/// Short names kept in order: more would take long to insert.
const MAX_SHORT: usize = 1024;

impl<T> Default for Known<T> {
    fn default() -> Known<T> {
        Known(RefCell::new(Names { short: Vec::new(), others: HashMap::new() }))
    }
}

impl<T: Clone> Known<T> {
    /// Returns what a name is, where it was looked up before.
    pub(super) fn get(&self, name: &[u8]) -> Option<T> {
        let names = self.0.borrow();
        let at = short_number(name).and_then(|number| names.short.binary_search_by_key(&number, |known| known.0).ok());
        at.and_then(|at| names.short.get(at)).map(|known| &known.1).or_else(|| names.others.get(name)).cloned()
    }
    /// Remembers what a name is.
    pub(super) fn insert(&self, name: &[u8], value: T) {
        let mut names = self.0.borrow_mut();
        match short_number(name).filter(|_| names.short.len() < MAX_SHORT) {
            Some(number) => {
                let at = names.short.partition_point(|known| known.0 < number);
                names.short.insert(at, (number, value));
            }
            None => drop(names.others.insert(name.into(), value)),
        }
    }
}

/// Returns the bytes of a short name as one number, a one before them.
fn short_number(name: &[u8]) -> Option<u64> {
    (name.len() < size_of::<u64>()).then(|| name.iter().fold(1, |number, &b| number << 8 | u64::from(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_long_and_many_names_are_found_again() {
        let known = Known::default();
        let name = |i: usize| match i % 3 {
            0 => format!("Name of {i}"),
            1 => "\0".repeat(i % 7),
            _ => format!("F{i}"),
        };
        let mut names: Vec<String> = (0..4 * MAX_SHORT).map(name).collect();
        names.sort();
        names.dedup();
        for (i, name) in names.iter().enumerate() {
            assert_eq!(known.get(name.as_bytes()), None, "{name}");
            known.insert(name.as_bytes(), i);
        }
        assert!(names.iter().enumerate().all(|(i, name)| known.get(name.as_bytes()) == Some(i)));
    }
}
