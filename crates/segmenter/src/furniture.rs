//! What repeats from page to page outside tables, and page numbers.

use crate::narrow::squash;
use crate::part::tight_text;
use jisseki_layout::{Line, PageLayout};
use std::collections::BTreeMap;

/// Positions of the same line on two pages differ by no more than this grid, in points.
const GRID: f64 = 6.0;

/// Text with digits as `#`, and the place on a grid.
type LineKey = (String, i64, i64);
/// Page, block, line.
type LineAt = (usize, usize, usize);

/// Lines that are furniture: found by page, block and line.
#[derive(Debug, Default)]
pub(crate) struct Furniture {
    lines: Vec<(usize, usize, usize)>,
}

impl Furniture {
    /// Tells whether the line is a repeated header or footer, or a page number.
    pub(crate) fn contains(&self, page: usize, block: usize, line: usize) -> bool {
        self.lines.binary_search(&(page, block, line)).is_ok()
    }
}

/// Finds repeated text (at least half of the pages, the same place; digits don't count) and page numbers in the top and bottom eighth.
pub(crate) fn pages_to_furniture(pages: &[PageLayout]) -> Furniture {
    let mut seen: BTreeMap<LineKey, Vec<LineAt>> = BTreeMap::new();
    let mut lines = Vec::new();
    for (p, page) in pages.iter().enumerate() {
        for (b, block) in page.blocks.iter().enumerate() {
            for (l, line) in block.lines.iter().enumerate() {
                let text = squash(&tight_text([line]));
                let at_edge = line.bbox.y1 < page.height / 8.0 || line.bbox.y0 > page.height * 7.0 / 8.0;
                if at_edge && is_page_number(&text) {
                    lines.push((p, b, l));
                }
                if !text.is_empty() && pages.len() > 1 {
                    seen.entry(line_to_key(&text, line)).or_default().push((p, b, l));
                }
            }
        }
    }
    for places in seen.values() {
        let mut on: Vec<usize> = places.iter().map(|p| p.0).collect();
        on.dedup();
        if on.len() >= 2 && on.len() * 2 >= pages.len() {
            lines.extend(places.iter().copied());
        }
    }
    lines.sort_unstable();
    lines.dedup();
    Furniture { lines }
}

fn line_to_key(text: &str, line: &Line) -> (String, i64, i64) {
    let same: String = text.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect();
    // Rounded to an integer grid: exact for any page.
    (same, (line.bbox.center().y / GRID).round() as i64, (line.bbox.center().x / GRID).round() as i64)
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
}
