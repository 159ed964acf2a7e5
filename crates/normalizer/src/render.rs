//! From atoms to mentions: spans in the source, canonical strings, ids in the order of the text.

use crate::atom::{Anchor, Atom, Base, Flags, What};
use crate::dec::Ascii;
use crate::fold::{Walk, norm};
use crate::{Folded, ReportContext};
use jisseki_model::{Confidence, Flag, Mention, Resolution, ResolvedBy, Scope};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// Everything that writing out needs.
pub(crate) struct Renderer<'a> {
    pub(crate) folded: &'a Folded<'a>,
    pub(crate) ctx: &'a ReportContext,
    pub(crate) atoms: &'a [Atom],
    scopes: &'a [Scope],
    /// The place of each atom in the order of the text.
    rank: Vec<u32>,
}

/// Writes atoms out in the order of the text: by start, the longer first.
pub(crate) fn render(atoms: &[Atom], folded: &Folded<'_>, ctx: &ReportContext, scopes: &[Scope]) -> Vec<Mention> {
    let mut order: Vec<(usize, usize, u32)> = (0u32..).zip(atoms).map(|(i, a)| (a.start, usize::MAX - a.end, i)).collect();
    order.sort();
    let mut rank = vec![0u32; atoms.len()];
    for (n, &(.., i)) in (0u32..).zip(&order) {
        if let Some(slot) = rank.get_mut(i as usize) {
            *slot = n;
        }
    }
    let renderer = Renderer { folded, ctx, scopes, atoms, rank };
    let (mut walk, mut scratch) = (folded.walk(), String::new());
    let mut out = Vec::with_capacity(order.len());
    out.extend(order.iter().filter_map(|&(.., i)| renderer.mention(i as usize, &mut walk, &mut scratch)));
    out
}

impl Renderer<'_> {
    fn mention(&self, i: usize, walk: &mut Walk<'_>, scratch: &mut String) -> Option<Mention> {
        let atom = self.atoms.get(i)?;
        let span = walk.source_span(atom.start..atom.end);
        let text = self.folded.source().get(span.clone())?;
        let mut flags = atom.flags;
        let (by, rule) = self.resolution(atom);
        let value = self.value(atom, &mut flags);
        let wrapped = text.bytes().any(|b| b == b'\n');
        flags.set_if(wrapped, Flag::Wrapped);
        flags.set_if(!wrapped && text.chars().any(|c| matches!(c, ' ' | '\t' | '\u{3000}')), Flag::Spaced);
        Some(Mention {
            id: self.id(i),
            span,
            norm: norm(text, scratch),
            text: SmolStr::new(text),
            value,
            resolution: Resolution { by, rule: rule.map(SmolStr::new_static), anchor: self.anchor(atom.anchor) },
            confidence: confidence(by, flags, atom),
            flags: flag_set(flags),
            places: Vec::new(),
        })
    }

    /// The id of the mention that an atom becomes.
    pub(crate) fn id(&self, i: usize) -> SmolStr {
        let mut id = Ascii::new();
        id.push(b'm');
        id.number(self.rank.get(i).copied().unwrap_or_default());
        id.finish()
    }

    fn anchor(&self, anchor: Anchor) -> Option<SmolStr> {
        match anchor {
            Anchor::None => None,
            Anchor::Atom(i) => Some(self.id(i)),
            Anchor::Scope(i) => self.scopes.get(i).map(|s| SmolStr::new(&s.anchor)),
        }
    }

    /// A range is as sure as the weaker of its ends.
    fn resolution(&self, atom: &Atom) -> (ResolvedBy, Option<&'static str>) {
        match &atom.what {
            What::Range(range) => {
                let ends = [range.from, range.to].into_iter().flatten().filter_map(|i| self.atoms.get(i));
                let weakest = ends.max_by_key(|a| a.by);
                weakest.map_or((atom.by, None), |a| (a.by, if a.by > ResolvedBy::Explicit { a.rule } else { None }))
            }
            What::Change(change) => match change.base {
                Some(Base::Atom(i)) => (self.atoms.get(i).map_or(atom.by, |a| a.by), None),
                _ => (atom.by, None),
            },
            What::ImpossibleDate { .. } | What::EraYearZero => (ResolvedBy::Unresolved, None),
            _ => (atom.by, atom.rule),
        }
    }
}

fn confidence(by: ResolvedBy, flags: Flags, atom: &Atom) -> Confidence {
    let timeless = !matches!(atom.what, What::Time(_) | What::Range(_) | What::Ordinal { .. });
    if flags.has(Flag::GroupingOdd)
        || flags.has(Flag::LowContext)
        || flags.has(Flag::KanjiNumeral) && timeless
        || flags.has(Flag::AmbiguousUnit)
    {
        Confidence::Low
    } else if matches!(by, ResolvedBy::Sentence | ResolvedBy::Report) || flags.has(Flag::AmbiguousYearOrFy) || flags.has(Flag::Vague) {
        Confidence::Medium
    } else if by == ResolvedBy::Unresolved && !matches!(atom.what, What::ImpossibleDate { .. } | What::EraYearZero) {
        Confidence::Low
    } else {
        Confidence::High
    }
}

/// Every flag, in the order of its bits.
const FLAGS: [Flag; 19] = [
    Flag::EraOverrun,
    Flag::EraUnderrun,
    Flag::EraYearZero,
    Flag::ImpossibleDate,
    Flag::PreGregorian,
    Flag::DualMismatch,
    Flag::WeekdayMismatch,
    Flag::CrossesFyEnd,
    Flag::ReversedRange,
    Flag::AmbiguousUnit,
    Flag::AmbiguousYearOrFy,
    Flag::GroupingOdd,
    Flag::KatakanaMinus,
    Flag::Wrapped,
    Flag::Spaced,
    Flag::Vague,
    Flag::UnitFromHeader,
    Flag::KanjiNumeral,
    Flag::LowContext,
];

fn flag_set(flags: Flags) -> BTreeSet<Flag> {
    if flags.is_empty() {
        return BTreeSet::new();
    }
    FLAGS.iter().copied().filter(|f| flags.has(*f)).collect()
}
