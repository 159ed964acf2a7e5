//! The walk from a text to its mentions, piece by piece, in memory that is used again from piece to piece.

use crate::atom::{Anchor, Atom};
use crate::find::{Found, find};
use crate::fold::{Buffers, fold_into};
use crate::piece::{Pieces, pieces};
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

/// Room is made at once for a mention in so many bytes at most. In the seed text, which is dense, one stands in 91; what is not needed is never touched.
const BYTES_A_MENTION: usize = 80;

/// The mentions of a text in the order of their starts, read piece by piece as they are asked for.
///
/// Of a long text neither the views nor the mentions are kept, but for those of one piece (some 16 KB).
pub struct Mentions<'a> {
    reader: Reader<'a>,
    pieces: Pieces<'a>,
    ready: std::vec::IntoIter<Mention>,
}

impl<'a> Mentions<'a> {
    /// Reads a text in pieces of `size` bytes and more.
    pub(crate) fn new(src: &'a str, ctx: &'a ReportContext, scopes: &'a [Scope], size: usize) -> Mentions<'a> {
        Mentions { reader: Reader::new(src, ctx, scopes), pieces: pieces(src, size), ready: Vec::new().into_iter() }
    }

    /// All mentions as one list.
    pub(crate) fn all(mut self) -> Vec<Mention> {
        let mut out = Vec::new();
        for piece in self.pieces {
            let (end, whole) = (piece.end, self.reader.src.len());
            let first = piece.start == 0;
            self.reader.read(piece, &mut out);
            if first && end < whole {
                out.reserve((whole - end).div_ceil(end).saturating_mul(out.len()).min(whole / BYTES_A_MENTION));
            }
        }
        out
    }
}

impl Iterator for Mentions<'_> {
    type Item = Mention;

    fn next(&mut self) -> Option<Mention> {
        loop {
            if let Some(mention) = self.ready.next() {
                return Some(mention);
            }
            let mut found = Vec::new();
            self.reader.read(self.pieces.next()?, &mut found);
            self.ready = found.into_iter();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read in the smallest pieces, a text gives what it gives in one.
    fn check(text: &str, fy: Option<i32>, scopes: &[Scope]) {
        let ctx = ReportContext { report_fy: fy, ..ReportContext::default() };
        let whole = Mentions::new(text, &ctx, scopes, usize::MAX).all();
        assert!(whole == Mentions::new(text, &ctx, scopes, 1).all(), "{text:?}");
        assert!(whole == Mentions::new(text, &ctx, scopes, 300).collect::<Vec<_>>(), "{text:?} streamed");
    }

    #[test]
    fn pieces_change_nothing() {
        let seed = include_str!("../../../fixtures/seed/seed.txt");
        assert!(pieces(seed, 1).count() > 40);
        check(seed, Some(2019), &[]);
        check(seed, None, &[]);
        let scope = Scope { span: 9_000..20_000, fy: 2015, source: jisseki_model::ScopeSource::Column, anchor: String::from("col") };
        check(seed, Some(2019), &[scope]);
    }

    #[test]
    fn rows_of_values_over_sentences_and_blank_lines() {
        let values = [
            "令和元年度",
            "28年度",
            "50件",
            "10件から15件に",
            "⇒",
            "６月",
            "前年度比",
            "（全体の5％）",
            "【平成28年度】4件",
            "総務部",
            "三重県",
            "目標10件",
        ];
        for left in values {
            for right in values {
                for gap in ["。\n\n", "。 \n \n", "\n\n", "。\n", "。\n\n。\n\n"] {
                    check(&format!("平成28年度{gap}{left}{gap}{right}{gap}増加{gap}29年度、３月{gap}"), None, &[]);
                }
            }
        }
    }
}
