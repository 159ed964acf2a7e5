//! Numbers that share the unit of the last one: ９～10月, 平成28、29年度, ４・５月.

use crate::cursor::{Cursor, one_of};
use crate::year::{digits, small_kanji_number};

/// Most numbers that are read as one chain.
const MAX_LINKS: usize = 8;

/// Marks between numbers of a chain: ranges, then lists.
const MARKS: [&str; 11] = ["~", "-", "ー", "、", ",", "・", "，", "及び", "並びに", "と", "･"];

/// One number of a chain.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Link {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) n: i32,
}

/// Numbers from left to right; the last one's end takes in the unit.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Chain {
    links: [Link; MAX_LINKS],
    len: usize,
}

impl Chain {
    pub(crate) fn links(&self) -> &[Link] {
        self.links.get(..self.len).unwrap_or_default()
    }

    fn push(&mut self, link: Link) -> Option<()> {
        *self.links.get_mut(self.len)? = link;
        self.len += 1;
        Some(())
    }
}

/// Moves over a mark of a chain, with joints around it.
pub(crate) fn mark(c: &mut Cursor<'_>) -> bool {
    c.peek_over_joint().is_some_and(|l| matches!(l, '~' | '-' | 'ー' | '、' | ',' | '・' | '，' | '及' | '並' | 'と' | '･'))
        && c.eat_any_over_joint(&MARKS).is_some()
        && {
            c.joint();
            true
        }
}

/// Reads numbers of one or two digits that end in `unit` (no word that `not_after` goes on); moves over them all.
pub(crate) fn chain(c: &mut Cursor<'_>, unit: &str, not_after: &str, kanji: bool) -> Option<Chain> {
    let (mut ahead, mut chain) = (*c, Chain::default());
    ahead.joint();
    loop {
        let start = ahead.at;
        let n = match digits(&mut ahead) {
            Some((n, 1 | 2)) => n,
            None if kanji => small_kanji_number(&mut ahead)?,
            _ => return None,
        };
        let end = ahead.at;
        if ahead.eat_over_joint(unit) {
            if ahead.peek().is_some_and(|l| one_of(l, not_after)) {
                return None;
            }
            chain.push(Link { start, end: ahead.at, n })?;
            *c = ahead;
            return Some(chain);
        }
        chain.push(Link { start, end, n })?;
        if !mark(&mut ahead) {
            return None;
        }
    }
}
