//! What repeats from page to page outside tables, and page numbers.
//!
//! Whether a line repeats is known at the end only. Until then a line is one number, made of its text and its place, and the count of its glyphs:
//! a few bytes, however long the document.

use crate::ledger::{Class, count};
use crate::narrow::squashed;
use jisseki_layout::Line;
use jisseki_model::Coverage;
use std::collections::BTreeMap;

/// Positions of the same line on two pages differ by no more than this grid, in points.
const GRID: f64 = 6.0;

/// A line by its text, digits as `#`, and its place on a grid: two lines of one key are the same line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LineKey(u64);

/// What is known of all lines of one key.
#[derive(Debug, Default)]
struct Repeats {
    pages: u32,
    last_page: usize,
    /// Glyphs by what else they would be.
    glyphs: [u64; 4],
}

/// The lines outside tables, counted.
#[derive(Debug, Default)]
pub(crate) struct Furniture {
    seen: BTreeMap<LineKey, Repeats>,
}

/// What a line is unless it is furniture.
const ELSE: [Class; 4] = [Class::Other, Class::Title, Class::Section, Class::Record];

impl Furniture {
    /// Counts a line of `n` glyphs, which is of `class` unless it proves to repeat.
    pub(crate) fn add(&mut self, key: LineKey, page: usize, class: Class, n: u64) {
        let r = self.seen.entry(key).or_default();
        if r.pages == 0 || r.last_page != page {
            (r.pages, r.last_page) = (r.pages + 1, page);
        }
        let at = ELSE.iter().position(|c| *c == class).unwrap_or(0);
        if let Some(g) = r.glyphs.get_mut(at) {
            *g += n;
        }
    }

    /// Tells whether lines of the key stood on at least half of the pages.
    pub(crate) fn repeats(&self, key: LineKey, n_pages: usize) -> bool {
        self.seen.get(&key).is_some_and(|r| r.repeats(n_pages))
    }

    /// Adds the glyphs of all lines to the counts.
    pub(crate) fn add_to(&self, coverage: &mut Coverage, n_pages: usize) {
        for r in self.seen.values() {
            for (class, n) in ELSE.iter().zip(r.glyphs) {
                count(coverage, if r.repeats(n_pages) { Class::Furniture } else { *class }, n);
            }
        }
    }
}

impl Repeats {
    fn repeats(&self, n_pages: usize) -> bool {
        self.pages >= 2 && self.pages as usize * 2 >= n_pages
    }
}

/// Returns a line's key, and whether it is a page number in the top or bottom eighth of the page.
pub(crate) fn line_to_key(line: &Line, page_height: f64) -> (LineKey, bool) {
    let at_edge = line.bbox.y1 < page_height / 8.0 || line.bbox.y0 > page_height * 7.0 / 8.0;
    let mut text = String::new();
    let mut hash = Hash::default();
    for glyph in line.glyphs.iter().filter(|g| !g.annotation) {
        for c in squashed(glyph.text.chars()) {
            hash.add(if c.is_ascii_digit() { '#' } else { c }.into());
            // A page number is short.
            if at_edge && text.len() < 256 {
                text.push(c);
            }
        }
    }
    // Rounded to an integer grid: exact for any page.
    hash.add((line.bbox.center().y / GRID).round() as i64 as u64);
    hash.add((line.bbox.center().x / GRID).round() as i64 as u64);
    (LineKey(hash.0), at_edge && text.len() < 256 && is_page_number(&text))
}

/// A hash of 64-bit words, each multiplied in once: the same on every machine. The factor is that of FNV, 64 bits (draft-eastlake-fnv).
struct Hash(u64);

impl Default for Hash {
    fn default() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x0100_0000_01b3);
    }
}

/// `12`, `- 3 -`, `4/10`, `P5`.
fn is_page_number(text: &str) -> bool {
    let inner: String = text.chars().filter(|c| !"-–—―ー/()PpPage頁ページ・of全".contains(*c)).collect();
    !inner.is_empty() && inner.len() <= 8 && inner.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_known() {
        for t in ["1", "-12-", "3/10", "P4", "5ページ"] {
            assert!(is_page_number(t), "{t}");
        }
        assert!(!is_page_number("令和2年") && !is_page_number("--"));
    }

    #[test]
    fn a_line_on_half_of_the_pages_is_furniture() {
        let mut f = Furniture::default();
        for page in 0..4 {
            f.add(LineKey(7), page, Class::Other, 5);
        }
        f.add(LineKey(8), 0, Class::Title, 9);
        f.add(LineKey(9), 1, Class::Section, 3);
        let mut c = Coverage::default();
        f.add_to(&mut c, 8);
        assert_eq!((c.furniture, c.title, c.sections, c.other), (20, 9, 3, 0));
        assert!(f.repeats(LineKey(7), 8) && !f.repeats(LineKey(7), 9) && !f.repeats(LineKey(8), 1));
    }
}
