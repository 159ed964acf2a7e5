//! Records as areas of the page, before their text is read.

use crate::list::HeaderCell;
use crate::numbers::Label;
use crate::part::Part;
use crate::years::YearToken;
use jisseki_layout::Cell;
use jisseki_model::{Place, Rect, Section, Warning};

/// Cells under headers of one x-range: one header as a rule, several where roles are stacked in one column.
#[derive(Debug, Clone)]
pub(crate) struct Stack<'a> {
    pub(crate) headers: Vec<HeaderCell>,
    /// The record's cells there, top down, page by page.
    pub(crate) pages: Vec<(u32, Vec<Part<'a>>)>,
}

/// The part of a plan on one page.
#[derive(Debug, Clone)]
pub(crate) struct PlanPart<'a> {
    pub(crate) part: Part<'a>,
    /// The cells it is made of, inner grid and all.
    pub(crate) cells: Vec<&'a Cell>,
    /// Years of the table's own header over it: left, right, token.
    pub(crate) axis: Vec<(f64, f64, YearToken)>,
}

/// A record as areas of the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawRecord<'a> {
    pub(crate) label: Label,
    pub(crate) section: Option<Section>,
    /// The number cells.
    pub(crate) key: Vec<Part<'a>>,
    pub(crate) stacks: Vec<Stack<'a>>,
    pub(crate) plan: Vec<PlanPart<'a>>,
    /// A box a page.
    pub(crate) places: Vec<Place>,
    pub(crate) warnings: Vec<Warning>,
}

impl<'a> RawRecord<'a> {
    /// Adds a cell under its headers.
    pub(crate) fn add(&mut self, headers: &[HeaderCell], part: Part<'a>) {
        let same = |s: &Stack<'_>| s.headers.iter().map(|h| (&h.label, h.role)).eq(headers.iter().map(|h| (&h.label, h.role)));
        let at = self.stacks.iter().position(same).unwrap_or_else(|| {
            self.stacks.push(Stack { headers: headers.to_vec(), pages: Vec::new() });
            self.stacks.len() - 1
        });
        let Some(stack) = self.stacks.get_mut(at) else { return };
        match stack.pages.last_mut() {
            Some((page, parts)) if *page == part.number => parts.push(part),
            _ => stack.pages.push((part.number, vec![part])),
        }
    }

    /// Grows the record's box on a page.
    pub(crate) fn grow(&mut self, page: u32, bbox: Rect) {
        match self.places.iter_mut().find(|p| p.page == page) {
            Some(p) => p.bbox = p.bbox.union(bbox),
            None => self.places.push(Place { page, bbox }),
        }
    }
}

impl<'a> Stack<'a> {
    /// Shares the cells out among the stacked headers: in order; a cell cut by a page break counts once; what is left over goes to the last one.
    ///
    /// Returns one list of parts a header, and whether fewer cells than headers were found.
    pub(crate) fn shared_out(&self) -> (Vec<(HeaderCell, Vec<Part<'a>>)>, bool) {
        let k = self.headers.len();
        let mut groups: Vec<Vec<Part<'a>>> = Vec::new();
        let total: usize = self.pages.iter().map(|(_, p)| p.len()).sum();
        let mut surplus = total.saturating_sub(k);
        for (_, parts) in &self.pages {
            for (i, part) in parts.iter().enumerate() {
                let cut = i == 0 && surplus > 0;
                match groups.last_mut() {
                    Some(g) if cut => {
                        surplus -= 1;
                        g.push(part.clone());
                    }
                    _ => groups.push(vec![part.clone()]),
                }
            }
        }
        let few = k > 1 && groups.len() < k;
        let mut out: Vec<(HeaderCell, Vec<Part<'a>>)> = self.headers.iter().map(|h| (h.clone(), Vec::new())).collect();
        for (i, g) in groups.into_iter().enumerate() {
            if let Some((_, parts)) = out.get_mut(i.min(k.saturating_sub(1))) {
                parts.extend(g);
            }
        }
        (out, few)
    }
}
