//! Cross-reference tables and streams (ISO 32000-2 §7.5.4, §7.5.8), newest first along `/Prev`.

use super::file::{header, stream_start};
use super::filter::undo_filters;
use super::syntax::Parser;
use super::{Budget, Dict, Object};
use crate::lex::{Lexer, Token, is_white};
use memchr::memmem::find;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Where an object lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// At this offset of the file.
    At(u64),
    /// In an object stream.
    In { stream: u32, index: u32 },
}

/// Entries by object number. Free ones are remembered, so that an older section doesn't bring them back.
#[derive(Debug, Default)]
pub(super) struct Xref {
    entries: Vec<Slot>,
    /// Position of the section that is being read, newest first; of a hybrid file's stream that of its table.
    section: u32,
}

#[derive(Debug, Clone, Copy, Default)]
enum Slot {
    #[default]
    Unknown,
    /// With the section that says so.
    Free(u32),
    Used(Entry),
}

impl Xref {
    pub(super) fn get(&self, number: u32) -> Option<Entry> {
        match self.entries.get(number as usize)? {
            Slot::Used(entry) => Some(*entry),
            _ => None,
        }
    }
    pub(super) fn set(&mut self, number: u32, entry: Entry, max: usize) {
        self.put(number, Slot::Used(entry), max);
    }
    fn put(&mut self, number: u32, slot: Slot, max: usize) {
        let number = number as usize;
        if number >= max {
            return;
        }
        if number >= self.entries.len() {
            self.entries.resize(number + 1, Slot::Unknown);
        }
        let Some(old) = self.entries.get_mut(number) else { return };
        // A hybrid file's table calls the objects free that only its stream can name (§7.5.8.4).
        let hidden = matches!((*old, slot), (Slot::Free(section), Slot::Used(_)) if section == self.section);
        if hidden || matches!(old, Slot::Unknown) {
            *old = slot;
        }
    }
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        (0u32..).zip(&self.entries).filter(|(_, s)| matches!(s, Slot::Used(_))).map(|(n, _)| n)
    }
    /// Returns the object streams that some object lies in.
    pub(super) fn streams(&self) -> BTreeSet<u32> {
        let stream = |slot: &Slot| match slot {
            Slot::Used(Entry::In { stream, .. }) => Some(*stream),
            _ => None,
        };
        self.entries.iter().filter_map(stream).collect()
    }
}

/// What was read, and the newest trailer.
#[derive(Default)]
pub(super) struct ReadXref {
    pub(super) xref: Xref,
    pub(super) trailer: Dict,
}

/// Sections along `/Prev`; `incremental_300` is a sound file with three hundred.
const MAX_SECTIONS: usize = 4096;
/// Where `startxref` is looked for.
const TAIL: usize = 2048;

/// Reads all sections that can be read.
pub(super) fn read_xref(bytes: &[u8], budget: &Budget) -> ReadXref {
    let mut read = ReadXref::default();
    // Offsets count from the header, which need not be the first byte.
    let shift = find(bytes.get(..bytes.len().min(1 << 14)).unwrap_or_default(), b"%PDF-").unwrap_or(0);
    let Some(start) = start_offset(bytes) else { return read };
    let mut seen = BTreeSet::new();
    let mut next = vec![(start, None)];
    while let Some((offset, table)) = next.pop() {
        if seen.len() >= MAX_SECTIONS || !seen.insert(offset) {
            continue;
        }
        let position = table.unwrap_or(u32::try_from(seen.len()).unwrap_or(u32::MAX));
        read.xref.section = position;
        let section =
            [offset, offset.saturating_add(shift)].into_iter().find_map(|at| read_section(bytes, at, shift, &mut read.xref, budget));
        let Some(dict) = section else { continue };
        let number = |key: &[u8]| dict.get(key).and_then(Object::as_i64).and_then(|n| usize::try_from(n).ok());
        // Popped last in, first out: a hybrid file's stream comes before the older section.
        next.extend(number(b"Prev").map(|at| (at, None)));
        next.extend(number(b"XRefStm").map(|at| (at, Some(position))));
        if read.trailer.is_empty() {
            read.trailer = dict;
        }
    }
    read
}

fn start_offset(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(TAIL);
    let tail = bytes.get(from..)?;
    let mut at = None;
    let mut pos = 0;
    while let Some(found) = tail.get(pos..).and_then(|rest| find(rest, b"startxref")) {
        at = Some(pos + found);
        pos += found + 9;
    }
    let mut lexer = Lexer::at(tail, at? + 9);
    match lexer.next() {
        Token::Int(n) => usize::try_from(n).ok(),
        _ => None,
    }
}

/// Reads the section at an offset and returns its trailer dictionary.
fn read_section(bytes: &[u8], offset: usize, shift: usize, xref: &mut Xref, budget: &Budget) -> Option<Dict> {
    let mut lexer = Lexer::at(bytes, offset);
    match lexer.next() {
        Token::Keyword(b"xref") => read_table(bytes, lexer, shift, xref, budget),
        Token::Int(_) => {
            lexer.seek(offset);
            read_stream(bytes, lexer, shift, xref, budget)
        }
        _ => None,
    }
}

fn read_table(bytes: &[u8], mut lexer: Lexer<'_>, shift: usize, xref: &mut Xref, budget: &Budget) -> Option<Dict> {
    let max = budget.limits().objects;
    loop {
        match lexer.next() {
            Token::Keyword(b"trailer") => break,
            Token::Int(first) => {
                let (Ok(first), Token::Int(count)) = (u32::try_from(first), lexer.next()) else { return None };
                for i in 0..u32::try_from(count).ok()? {
                    let Some((at, in_use)) = plain_entry(&mut lexer).or_else(|| any_entry(&mut lexer)) else { break };
                    let slot = match in_use && at > 0 {
                        true => Slot::Used(Entry::At(shifted(bytes, at, shift))),
                        false => Slot::Free(xref.section),
                    };
                    xref.put(first.saturating_add(i), slot, max);
                }
            }
            _ => return None,
        }
    }
    Parser::new(lexer).object()?.as_dict().cloned()
}

/// Bytes of a table's entry: `0000000017 00000 n` and a line end of two.
const ENTRY: usize = 20;

/// Reads the offset and the use of an entry that stands as §7.5.4 says: a file of 200,000 objects has that many.
fn plain_entry(lexer: &mut Lexer<'_>) -> Option<(u64, bool)> {
    let rest = lexer.rest();
    let blanks = rest.iter().take_while(|b| is_white(**b)).count();
    let entry = rest.get(blanks..)?.first_chunk::<ENTRY>()?;
    let [offset @ .., b' ', g0, g1, g2, g3, g4, b' ', kind @ (b'n' | b'f'), end0, end1] = entry else { return None };
    let are_digits = offset.iter().chain([g0, g1, g2, g3, g4]).fold(true, |all, b| all & b.is_ascii_digit());
    if !(are_digits && is_white(*end0) && is_white(*end1)) {
        return None;
    }
    lexer.seek(lexer.pos() + blanks + ENTRY);
    Some((offset.iter().fold(0, |n, b| 10 * n + u64::from(b - b'0')), *kind == b'n'))
}

/// Reads an entry of any other form; where none stands, nothing.
fn any_entry(lexer: &mut Lexer<'_>) -> Option<(u64, bool)> {
    let before = lexer.pos();
    let (Token::Int(at), Token::Int(_), Token::Keyword(kind)) = (lexer.next(), lexer.next(), lexer.next()) else {
        lexer.seek(before);
        return None;
    };
    Some((u64::try_from(at).unwrap_or(0), kind == b"n"))
}

/// An offset that counts from the header, where the header is not at byte 0 and an object stands there.
fn shifted(bytes: &[u8], offset: u64, shift: usize) -> u64 {
    if shift == 0 {
        return offset;
    }
    let there = offset.saturating_add(shift as u64);
    let is_object = |at: u64| usize::try_from(at).ok().is_some_and(|at| header(&mut Lexer::at(bytes, at)).is_some());
    if !is_object(offset) && is_object(there) { there } else { offset }
}

fn read_stream(bytes: &[u8], mut lexer: Lexer<'_>, shift: usize, xref: &mut Xref, budget: &Budget) -> Option<Dict> {
    header(&mut lexer)?;
    let mut parser = Parser::new(lexer);
    let Object::Dict(dict) = parser.object()? else { return None };
    let Token::Keyword(b"stream") = parser.lexer.next() else { return None };
    let rest = bytes.get(stream_start(bytes, parser.lexer.pos())..)?;
    let len = dict.get(b"Length").and_then(Object::as_i64).and_then(|l| usize::try_from(l).ok()).filter(|l| *l <= rest.len());
    let stored = rest.get(..len.unwrap_or_else(|| find(rest, b"endstream").unwrap_or(rest.len())))?;
    let (steps, _) = super::objects::filter_steps(&dict, budget.limits().filters, Object::clone);
    let cap = usize::try_from(budget.limits().stream_decoded_bytes).unwrap_or(usize::MAX);
    let (data, _) = undo_filters(Cow::Borrowed(stored), &steps, cap, budget);
    read_stream_entries(bytes, &dict, &data, shift, xref, budget)?;
    Some(dict)
}

fn read_stream_entries(bytes: &[u8], dict: &Dict, data: &[u8], shift: usize, xref: &mut Xref, budget: &Budget) -> Option<()> {
    let numbers = |key: &[u8]| -> Vec<u64> {
        let array = dict.get(key).and_then(Object::as_array).unwrap_or_default();
        array.iter().map(|o| o.as_i64().and_then(|n| u64::try_from(n).ok()).unwrap_or(u64::MAX)).collect()
    };
    let [w0, w1, w2] = <[u64; 3]>::try_from(numbers(b"W")).ok()?.map(|w| usize::try_from(w).unwrap_or(usize::MAX));
    if w0 > 8 || w1 > 8 || w2 > 8 || w0 + w1 + w2 == 0 {
        return None;
    }
    let size = dict.get(b"Size").and_then(Object::as_i64).and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
    let mut index = numbers(b"Index");
    if index.is_empty() {
        index = vec![0, size];
    }
    let mut rows = data.chunks_exact(w0 + w1 + w2);
    let be = |bytes: &[u8]| bytes.iter().fold(0u64, |n, &b| n << 8 | u64::from(b));
    for pair in index.chunks_exact(2) {
        let (Some(&first), Some(&count)) = (pair.first(), pair.get(1)) else { break };
        for i in 0..count {
            let Some(row) = rows.next() else { return Some(()) };
            let (kind, rest) = row.split_at(w0);
            let (second, third) = rest.split_at(w1);
            let slot = match if w0 == 0 { 1 } else { be(kind) } {
                1 => Slot::Used(Entry::At(shifted(bytes, be(second), shift))),
                2 => Slot::Used(Entry::In { stream: u32::try_from(be(second)).ok()?, index: u32::try_from(be(third)).unwrap_or(0) }),
                _ => Slot::Free(xref.section),
            };
            if let Ok(number) = u32::try_from(first.saturating_add(i)) {
                xref.put(number, slot, budget.limits().objects);
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_alike_by_either_way() {
        let check = |text: &str, expected: Option<(u64, bool)>, is_plain: bool| {
            let (mut plain, mut any) = (Lexer::new(text.as_bytes()), Lexer::new(text.as_bytes()));
            assert_eq!(any_entry(&mut any), expected, "{text:?}");
            assert_eq!(plain_entry(&mut plain), expected.filter(|_| is_plain), "{text:?}");
            assert_eq!(plain.next() == any.next(), is_plain, "what follows {text:?}");
        };
        check("\n0000000017 00000 n \n7", Some((17, true)), true);
        check("9999999999 65535 f\r\n7", Some((9_999_999_999, false)), true);
        check("0000000017 00000 n\n7", Some((17, true)), false);
        check("17 0 n \n7", Some((17, true)), false);
        check("0000000017 00000 nn\n7", Some((17, false)), false);
        check("-000000017 00000 n \n7", Some((0, true)), false);
        check("0000000017 00000 %\n n\n7", Some((17, true)), false);
    }

    #[test]
    fn hidden_objects_of_a_hybrid_file_are_found_and_deleted_ones_stay_deleted() {
        // Objects 2 and 3 are free in the table; the stream that only newer readers look at names 2.
        let mut bytes = b"%PDF-1.5\n1 0 obj<</A 1>>endobj\n".to_vec();
        let stream_at = bytes.len();
        bytes.extend(b"5 0 obj<</Type/XRef/Size 6/W[1 1 1]/Index[2 1]/Length 3>>stream\n\x01\x09\x00\nendstream endobj\n");
        let table_at = bytes.len();
        bytes.extend(b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000000 00000 f \n0000000000 00000 f \n");
        bytes.extend(format!("trailer<</Size 6/Root 1 0 R/XRefStm {stream_at}>>\n").into_bytes());
        let newest_at = bytes.len();
        bytes.extend(
            format!("xref\n3 1\n0000000000 00001 f \ntrailer<</Size 6/Root 1 0 R/Prev {table_at}>>\nstartxref\n{newest_at}\n%%EOF")
                .into_bytes(),
        );
        let read = read_xref(&bytes, &Budget::new(&Default::default()));
        assert_eq!([1, 2, 3].map(|n| read.xref.get(n)), [Some(Entry::At(9)), Some(Entry::At(9)), None]);
    }
}
