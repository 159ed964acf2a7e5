//! Records as areas of the page, before their text is read.

use crate::list::{AxisCell, HeaderCell};
use crate::numbers::Label;
use crate::part::Part;
use jisseki_layout::{Cell, Ruling, Shape};
use jisseki_model::{Place, Rect, Warning};
use std::borrow::Cow;
use std::sync::Arc;

/// Cells under headers of one x-range: one header as a rule, several where roles are stacked in one column.
#[derive(Debug)]
pub(crate) struct Stack<'a> {
    pub(crate) headers: Vec<Arc<HeaderCell>>,
    /// The record's cells there, top down, page by page.
    pub(crate) pages: Vec<(u32, Vec<Part<'a>>)>,
}

/// A header and the cells that are its own.
type Share<'a> = (Arc<HeaderCell>, Vec<Part<'a>>);

/// The part of a plan on one page.
#[derive(Debug)]
pub(crate) struct PlanPart<'a> {
    pub(crate) part: Part<'a>,
    /// The cells it is made of, inner grid and all.
    pub(crate) cells: Vec<Cow<'a, Cell>>,
    /// Years of the table's own header over it.
    pub(crate) axis: Vec<AxisCell>,
    /// What is drawn over it.
    pub(crate) shapes: Vec<Cow<'a, Shape>>,
    /// Vertical lines drawn in it.
    pub(crate) rulings: Vec<Cow<'a, Ruling>>,
}

/// Where a one-record form stopped: a table of the same borders on a later page may go on with it.
#[derive(Debug, Clone)]
pub(crate) struct FormEnd {
    /// Position of the page in the document.
    pub(crate) page: usize,
    pub(crate) x0: f64,
    pub(crate) x1: f64,
    /// The last label.
    pub(crate) header: Arc<HeaderCell>,
}

/// A record as areas of the page.
#[derive(Debug, Default)]
pub(crate) struct RawRecord<'a> {
    pub(crate) label: Label,
    /// The number cells.
    pub(crate) key: Vec<Part<'a>>,
    pub(crate) stacks: Vec<Stack<'a>>,
    pub(crate) plan: Vec<PlanPart<'a>>,
    /// Set where it was read from a form.
    pub(crate) form: Option<FormEnd>,
    /// A box a page.
    pub(crate) places: Vec<Place>,
    pub(crate) warnings: Vec<Warning>,
}

impl<'a> RawRecord<'a> {
    /// Adds a cell under its headers.
    pub(crate) fn add(&mut self, headers: &[Arc<HeaderCell>], part: Part<'a>) {
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

    /// Tells whether an area of it lies on the page at this position of the document.
    pub(crate) fn is_on(&self, page: usize) -> bool {
        let stacked = self.stacks.iter().flat_map(|s| &s.pages).flat_map(|(_, parts)| parts);
        self.key.iter().chain(stacked).chain(self.plan.iter().map(|p| &p.part)).any(|p| p.page == page)
    }

    /// Returns the record with areas of its own, so that its pages can be dropped.
    pub(crate) fn into_owned(self) -> RawRecord<'static> {
        RawRecord {
            key: self.key.into_iter().map(Part::into_owned).collect(),
            stacks: self.stacks.into_iter().map(Stack::into_owned).collect(),
            plan: self.plan.into_iter().map(PlanPart::into_owned).collect(),
            ..RawRecord { key: vec![], stacks: vec![], plan: vec![], ..self }
        }
    }
}

impl PlanPart<'_> {
    fn into_owned(self) -> PlanPart<'static> {
        fn own<T: Clone>(all: Vec<Cow<'_, T>>) -> Vec<Cow<'static, T>> {
            all.into_iter().map(|t| Cow::Owned(t.into_owned())).collect()
        }
        PlanPart {
            part: self.part.into_owned(),
            cells: own(self.cells),
            axis: self.axis,
            shapes: own(self.shapes),
            rulings: own(self.rulings),
        }
    }
}

impl<'a> Stack<'a> {
    fn into_owned(self) -> Stack<'static> {
        let own = |(page, parts): (u32, Vec<Part<'a>>)| (page, parts.into_iter().map(Part::into_owned).collect());
        Stack { headers: self.headers, pages: self.pages.into_iter().map(own).collect() }
    }

    /// Shares the cells out among the stacked headers: in order; a cell cut by a page break counts once; what is left over goes to the last one.
    ///
    /// Returns one list of parts a header, and whether fewer cells than headers were found.
    pub(crate) fn shared_out(self) -> (Vec<Share<'a>>, bool) {
        let k = self.headers.len();
        let mut out: Vec<Share<'a>> = self.headers.into_iter().map(|h| (h, Vec::new())).collect();
        let total: usize = self.pages.iter().map(|(_, p)| p.len()).sum();
        let mut surplus = total.saturating_sub(k);
        let mut cells = 0usize;
        for (_, parts) in self.pages {
            for (i, part) in parts.into_iter().enumerate() {
                if i == 0 && surplus > 0 && cells > 0 {
                    surplus -= 1;
                } else {
                    cells += 1;
                }
                if let Some((_, own)) = out.get_mut(cells.min(k).saturating_sub(1)) {
                    own.push(part);
                }
            }
        }
        (out, k > 1 && cells < k)
    }
}
