//! The walk from a text to its mentions, piece by piece, in memory that is used again from piece to piece.

use crate::atom::{Anchor, Atom};
use crate::find::{Found, find};
use crate::fold::{Buffers, fold_into};
use crate::piece::pieces;
use crate::render::Order;
use crate::resolve::LastYear;
use crate::{Folded, ReportContext, change, compare, link, org, resolve};
use jisseki_model::{Mention, Scope};
use std::ops::Range;

/// A piece of a text with its scan view, and what governs it.
pub(crate) struct Piece<'a> {
    pub(crate) folded: &'a Folded<'a>,
    /// Where it begins in the source.
    pub(crate) base: usize,
    pub(crate) ctx: &'a ReportContext,
    /// Their spans are of the whole source.
    pub(crate) scopes: &'a [Scope],
}

impl<'a> Piece<'a> {
    pub(crate) fn scan(&self) -> &'a str {
        self.folded.scan()
    }
}

/// Reads the pieces of one text from left to right.
pub(crate) struct Reader<'a> {
    src: &'a str,
    ctx: &'a ReportContext,
    scopes: &'a [Scope],
    views: Buffers,
    found: Found,
    order: Order,
    /// How many mentions the pieces so far had.
    count: u32,
    last_fy: Option<LastYear>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(src: &'a str, ctx: &'a ReportContext, scopes: &'a [Scope]) -> Reader<'a> {
        let (views, found, order) = (Buffers::default(), Found::default(), Order::default());
        Reader { src, ctx, scopes, views, found, order, count: 0, last_fy: None }
    }

    /// Appends the mentions of a piece to `out`.
    pub(crate) fn read(&mut self, piece: Range<usize>, out: &mut Vec<Mention>) {
        let Some(text) = self.src.get(piece.clone()) else { return };
        let folded = fold_into(text, &mut self.views);
        let text = Piece { folded: &folded, base: piece.start, ctx: self.ctx, scopes: self.scopes };
        self.found = find(text.scan(), std::mem::take(&mut self.found));
        let government = org::only_a_government(text.scan());
        if !self.found.is_empty() || government.is_some() {
            self.write(&text, government, out);
        }
        self.views.reclaim(folded);
    }

    fn write(&mut self, text: &Piece<'_>, government: Option<Atom>, out: &mut Vec<Mention>) {
        let (scan, Found { atoms, arrows, offices }) = (text.scan(), &mut self.found);
        let ranges = link::link(scan, atoms);
        let last_fy = resolve::resolve(atoms, text, self.last_fy);
        change::shares(scan, atoms);
        let changes = change::changes(scan, atoms);
        let comparisons = compare::comparisons(scan, atoms, arrows);
        let orgs = if government.is_some() { Vec::new() } else { org::lines_to_orgs(scan, offices) };
        atoms.extend(ranges.into_iter().chain(changes).chain(comparisons).chain(government).chain(orgs));
        self.order.sort(atoms, self.count);
        self.order.render(atoms, text, out);
        self.count = self.count.saturating_add(atoms.len() as u32);
        self.last_fy = last_fy.map(|last| match last.anchor {
            Anchor::Atom(i) => last.of_earlier_piece(self.order.number(i)),
            _ => last,
        });
    }
}

/// Reads a whole text in pieces of `size` bytes and more.
pub(crate) fn read_all(src: &str, ctx: &ReportContext, scopes: &[Scope], size: usize) -> Vec<Mention> {
    let (mut reader, mut out) = (Reader::new(src, ctx, scopes), Vec::new());
    for piece in pieces(src, size) {
        reader.read(piece, &mut out);
    }
    out
}
