//! From atoms to mentions: spans in the source, canonical strings, ids in the order of the text.

use crate::atom::{Anchor, Atom, Base, What};
use crate::fold::{Walk, norm};
use crate::reader::Piece;
use jisseki_model::{Anchor as Used, Confidence, Flag, FlagSet, Mention, MentionId, Resolution, ResolvedBy, Rule};
use smol_str::SmolStr;

/// Everything that writing out needs.
pub(crate) struct Renderer<'a> {
    pub(crate) text: &'a Piece<'a>,
    pub(crate) atoms: &'a [Atom],
    /// The number of each atom's mention.
    numbers: &'a [u32],
}

/// The order in which atoms are written out; its memory is used again.
#[derive(Default)]
pub(crate) struct Order {
    /// Start, end (the longer first) and index of each atom.
    sorted: Vec<(usize, usize, u32)>,
    numbers: Vec<u32>,
    scratch: String,
}

impl Order {
    /// Brings atoms into the order of the text, by start, the longer first; their mentions are numbered from `first` on.
    pub(crate) fn sort(&mut self, atoms: &[Atom], first: u32) {
        self.sorted.clear();
        self.sorted.extend((0u32..).zip(atoms).map(|(i, a)| (a.start, usize::MAX - a.end, i)));
        // Two sorted rows, what was found and what it was made into: a stable sort finds them.
        self.sorted.sort();
        self.numbers.clear();
        self.numbers.resize(atoms.len(), 0);
        for (n, &(.., i)) in (first..).zip(&self.sorted) {
            if let Some(slot) = self.numbers.get_mut(i as usize) {
                *slot = n;
            }
        }
    }

    /// The number of an atom's mention.
    pub(crate) fn number(&self, atom: usize) -> u32 {
        self.numbers.get(atom).copied().unwrap_or_default()
    }

    /// Writes the atoms out that were sorted.
    pub(crate) fn render(&mut self, atoms: &[Atom], text: &Piece<'_>, out: &mut Vec<Mention>) {
        let renderer = Renderer { text, atoms, numbers: &self.numbers };
        let mut walk = text.folded.walk();
        let n = self.sorted.len();
        // Most texts are one piece: their list is as long as it has to be.
        if out.is_empty() {
            out.reserve_exact(n)
        } else {
            out.reserve(n)
        }
        for &(.., i) in &self.sorted {
            renderer.mention(i as usize, &mut walk, &mut self.scratch, out);
        }
    }
}

impl Renderer<'_> {
    /// Writes the mention of an atom out; into the list, not by way of the caller, for it is large.
    fn mention(&self, i: usize, walk: &mut Walk<'_>, scratch: &mut String, out: &mut Vec<Mention>) {
        let Some(atom) = self.atoms.get(i) else { return };
        let span = walk.source_span(atom.start..atom.end);
        let Some(text) = self.text.folded.source().get(span.clone()) else { return };
        let mut flags = atom.flags;
        let (by, rule) = self.resolution(atom);
        let value = self.value(atom, &mut flags);
        let text = SmolStr::new(text);
        let norm = norm(&text, scratch);
        flags.insert_if(norm.wrapped, Flag::Wrapped);
        flags.insert_if(!norm.wrapped && norm.spaced, Flag::Spaced);
        out.push(Mention {
            id: self.id(i),
            span: self.text.base + span.start..self.text.base + span.end,
            norm: norm.text,
            text,
            value,
            resolution: Resolution::new(by, rule, self.anchor(atom.anchor)),
            confidence: confidence(by, flags, atom),
            flags,
            places: Box::default(),
        });
    }

    /// The id of the mention that an atom becomes.
    pub(crate) fn id(&self, i: usize) -> MentionId {
        MentionId::new(self.numbers.get(i).copied().unwrap_or_default())
    }

    fn anchor(&self, anchor: Anchor) -> Option<Used<'_>> {
        match anchor {
            Anchor::None => None,
            Anchor::Atom(i) => Some(Used::Mention(self.id(i))),
            Anchor::Earlier(number) => Some(Used::Mention(MentionId::new(number))),
            Anchor::Scope(i) => self.text.scopes.get(i).map(|s| Used::Scope(&s.anchor)),
        }
    }

    /// A range is as sure as the weaker of its ends.
    fn resolution(&self, atom: &Atom) -> (ResolvedBy, Option<Rule>) {
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

fn confidence(by: ResolvedBy, flags: FlagSet, atom: &Atom) -> Confidence {
    let timeless = !matches!(atom.what, What::Time(_) | What::Range(_) | What::Ordinal { .. });
    if flags.contains(Flag::GroupingOdd)
        || flags.contains(Flag::LowContext)
        || flags.contains(Flag::KanjiNumeral) && timeless
        || flags.contains(Flag::AmbiguousUnit)
    {
        Confidence::Low
    } else if matches!(by, ResolvedBy::Sentence | ResolvedBy::Report)
        || flags.contains(Flag::AmbiguousYearOrFy)
        || flags.contains(Flag::Vague)
    {
        Confidence::Medium
    } else if by == ResolvedBy::Unresolved && !matches!(atom.what, What::ImpossibleDate { .. } | What::EraYearZero) {
        Confidence::Low
    } else {
        Confidence::High
    }
}
