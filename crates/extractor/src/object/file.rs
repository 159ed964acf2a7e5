//! Objects read from the file when they are asked for (ISO 32000-2 §7.5): cross-references, object streams, and a scan where those lie.
//!
//! Nothing is kept but the cross-references and the last few object streams: 200,000 objects cost what is looked at.

use super::filter::undo_filters;
use super::scan::{Found, scan};
use super::syntax::Parser;
use super::xref::{Entry, Xref, read_xref};
use super::{Budget, Dict, Object, ObjectId, ObjectSource, Stream};
use crate::lex::{Lexer, Token};
use memchr::memmem::find;
use std::borrow::Cow;
use std::sync::{Arc, Mutex, OnceLock};

/// An unencrypted file.
pub(crate) struct FileObjects<'a> {
    bytes: Cow<'a, [u8]>,
    xref: Xref,
    trailer: Dict,
    scanned: OnceLock<Found>,
    rebuilt: bool,
    streams: Mutex<Vec<(u32, Arc<ObjectStream>)>>,
}

/// An inflated object stream (§7.5.7): numbers with their offsets.
struct ObjectStream {
    bytes: Vec<u8>,
    index: Vec<(u32, usize)>,
}

impl ObjectStream {
    /// Returns a parser at an object: the one of this index, else the first of this number.
    fn parser_at(&self, index: u32, number: u32) -> Option<Parser<'_>> {
        let slot = self.index.get(index as usize).filter(|e| e.0 == number).or_else(|| self.index.iter().find(|e| e.0 == number))?;
        Some(Parser::new(Lexer::at(&self.bytes, slot.1)))
    }
}

/// Bytes of object streams kept inflated, so that pages which share one don't inflate it again. Guess: a sound file rarely has more in all.
const KEPT_BYTES: usize = 16 << 20;
/// A stream's `/Length` may be in an object of its own; that object's place is looked up without going deeper.
const LENGTH_HOPS: usize = 4;

impl<'a> FileObjects<'a> {
    /// Returns the file's objects. Where its cross-references can't be read, they are rebuilt by a scan.
    pub(crate) fn open(bytes: Cow<'a, [u8]>, budget: &Budget) -> FileObjects<'a> {
        let read = read_xref(&bytes, budget);
        let mut file = FileObjects {
            bytes,
            rebuilt: false,
            trailer: read.trailer,
            xref: read.xref,
            scanned: OnceLock::new(),
            streams: Mutex::new(Vec::new()),
        };
        // An encrypted file's object streams can't be looked into here: what repair it needs is the decrypting reader's work.
        if !file.trailer_has(b"Encrypt") && !file.has_pages(budget) {
            file.rebuild(budget);
        }
        file
    }
    /// Tells whether the file had to be scanned for its objects.
    pub(crate) fn was_rebuilt(&self) -> bool {
        self.rebuilt || self.scanned.get().is_some()
    }
    /// Returns the file's bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
    /// Tells whether the trailer has a key.
    pub(crate) fn trailer_has(&self, key: &[u8]) -> bool {
        self.trailer.get(key).is_some_and(|o| !o.is_null())
    }
    /// Tells whether there is no object at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.xref.numbers().next().is_none()
    }
    /// Tells whether the file is cut off: no end mark in its last kilobyte.
    pub(crate) fn is_cut(&self) -> bool {
        let tail = self.bytes.get(self.bytes.len().saturating_sub(1024)..).unwrap_or_default();
        find(tail, b"%%EOF").is_none() && find(tail, b"startxref").is_none()
    }
    fn has_pages(&self, budget: &Budget) -> bool {
        let root = self.trailer.get(b"Root").and_then(Object::as_ref_id).map(|id| self.object(id, budget));
        let pages = root.as_ref().and_then(Object::as_dict).and_then(|r| r.get(b"Pages")).cloned();
        match pages {
            Some(Object::Ref(id)) => self.begins_dict(id.number) || self.object(id, budget).as_dict().is_some(),
            Some(Object::Dict(_)) => true,
            _ => false,
        }
    }
    /// Tells whether a dictionary begins where an object should lie: a flat page tree names every page in one, and is read later.
    fn begins_dict(&self, number: u32) -> bool {
        let mut lexer = Lexer::at(&self.bytes, self.offset_of(number).unwrap_or(usize::MAX));
        header(&mut lexer).is_some_and(|h| h.0 == number) && lexer.next() == Token::DictOpen
    }
    fn rebuild(&mut self, budget: &Budget) {
        let found = self.scanned.get_or_init(|| scan(&self.bytes, budget.limits().objects)).clone();
        self.rebuilt = true;
        self.xref = Xref::default();
        for (number, offset) in &found.objects {
            self.xref.set(*number, Entry::At(*offset), budget.limits().objects);
        }
        for number in &found.object_streams {
            let Some(stream) = self.object_stream(*number, budget) else { continue };
            for (i, (inner, _)) in stream.index.iter().enumerate() {
                if self.xref.get(*inner).is_none() {
                    self.xref.set(*inner, Entry::In { stream: *number, index: i as u32 }, budget.limits().objects);
                }
            }
        }
        let mut best = Dict::default();
        for offset in &found.trailers {
            if let Some(Object::Dict(dict)) = Parser::new(Lexer::at(&self.bytes, *offset)).object()
                && (dict.get(b"Root").is_some() || best.is_empty())
            {
                best = dict;
            }
        }
        for number in &found.xref_streams {
            let dict = self.object(ObjectId { number: *number, generation: 0 }, budget).as_dict().cloned().unwrap_or_default();
            if dict.get(b"Root").is_some() {
                best = dict;
            }
        }
        self.trailer = best;
        if !self.has_pages(budget)
            && let Some(catalog) = self.find_catalog(budget)
        {
            let root = (super::Name::new(b"Root"), Object::Ref(catalog));
            let rest = self.trailer.iter().filter(|e| e.0.as_bytes() != b"Root").map(|(k, v)| (k.clone(), v.clone()));
            self.trailer = Dict::new(rest.chain([root]).collect::<Vec<_>>());
        }
    }
    fn find_catalog(&self, budget: &Budget) -> Option<ObjectId> {
        self.all_ids().into_iter().rev().find(|id| self.object(*id, budget).as_dict().is_some_and(|d| d.is(b"Type", b"Catalog")))
    }
    /// Reads the indirect object at an offset, if it is this one.
    fn object_at(&self, offset: usize, number: u32, budget: &Budget) -> Option<Object> {
        let mut parser = Parser::new(Lexer::at(&self.bytes, offset));
        let (found, generation) = header(&mut parser.lexer)?;
        if found != number {
            return None;
        }
        let object = parser.object().unwrap_or_default();
        if !budget.charge_parsed(parser.values) {
            return Some(Object::Null);
        }
        if let Object::Dict(dict) = object {
            let is_stream = parser.lexer.next() == Token::Keyword(b"stream");
            let id = ObjectId { number, generation };
            return Some(if is_stream { Object::Stream(Stream { dict, id }) } else { Object::Dict(dict) });
        }
        Some(object)
    }
    fn offset_of(&self, number: u32) -> Option<usize> {
        match self.xref.get(number)? {
            Entry::At(offset) => usize::try_from(offset).ok(),
            Entry::In { .. } => None,
        }
    }
    /// Looks an object up in the scan, when its cross-reference is wrong.
    fn object_by_scan(&self, number: u32, budget: &Budget) -> Option<(usize, Object)> {
        let found = self.scanned.get_or_init(|| scan(&self.bytes, budget.limits().objects));
        let at = found.objects.binary_search_by_key(&number, |o| o.0).ok()?;
        let offset = usize::try_from(found.objects.get(at)?.1).ok()?;
        Some((offset, self.object_at(offset, number, budget)?))
    }
    fn object_stream(&self, number: u32, budget: &Budget) -> Option<Arc<ObjectStream>> {
        if let Ok(kept) = self.streams.lock()
            && let Some((_, stream)) = kept.iter().find(|s| s.0 == number)
        {
            return Some(Arc::clone(stream));
        }
        let offset = self.offset_of(number)?;
        let Object::Stream(stream) = self.object_at(offset, number, budget)? else { return None };
        let stored = self.stored_at(offset)?;
        // An object stream's own entries are direct: reading them must not need the object stream.
        let direct = |o: &Object| match o {
            Object::Ref(id) => self.offset_of(id.number).and_then(|at| self.object_at(at, id.number, budget)).unwrap_or_default(),
            other => other.clone(),
        };
        let (steps, _) = super::objects::filter_steps(&stream.dict, budget.limits().filters, direct);
        let cap = usize::try_from(budget.limits().stream_decoded_bytes).unwrap_or(usize::MAX).min(budget.decodable());
        let (bytes, _) = undo_filters(Cow::Borrowed(stored), &steps, cap, budget);
        let first = stream.dict.get(b"First").map(direct).and_then(|f| f.as_i64()).and_then(|f| usize::try_from(f).ok())?;
        let n = stream.dict.get(b"N").map(direct).and_then(|n| n.as_i64()).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let mut lexer = Lexer::new(bytes.get(..first.min(bytes.len())).unwrap_or_default());
        let mut index = Vec::new();
        for _ in 0..n.min(budget.limits().objects) {
            let (Token::Int(number), Token::Int(offset)) = (lexer.next(), lexer.next()) else { break };
            let (Ok(number), Ok(offset)) = (u32::try_from(number), usize::try_from(offset)) else { continue };
            index.push((number, first.saturating_add(offset)));
        }
        let stream = Arc::new(ObjectStream { bytes, index });
        if let Ok(mut kept) = self.streams.lock() {
            kept.push((number, Arc::clone(&stream)));
            let mut total: usize = kept.iter().map(|s| s.1.bytes.len()).sum();
            while total > KEPT_BYTES && kept.len() > 1 {
                total -= kept.remove(0).1.bytes.len();
            }
        }
        Some(stream)
    }
    fn object_in(&self, stream: u32, index: u32, number: u32, budget: &Budget) -> Option<Object> {
        let stream = self.object_stream(stream, budget)?;
        let mut parser = stream.parser_at(index, number)?;
        let object = parser.object().unwrap_or_default();
        Some(if budget.charge_parsed(parser.values) { object } else { Object::Null })
    }
    /// The bytes of the stream whose object begins at `offset`: by `/Length` where `endstream` follows, else up to the next `endstream`.
    fn stored_at(&self, offset: usize) -> Option<&[u8]> {
        let mut parser = Parser::new(Lexer::at(&self.bytes, offset));
        header(&mut parser.lexer)?;
        let Object::Dict(dict) = parser.object()? else { return None };
        let Token::Keyword(b"stream") = parser.lexer.next() else { return None };
        let start = stream_start(&self.bytes, parser.lexer.pos());
        let rest = self.bytes.get(start..).unwrap_or_default();
        if let Some(len) = dict.get(b"Length").and_then(|l| self.length(l))
            && len <= rest.len()
        {
            let mut after = Lexer::at(rest, len);
            if after.next() == Token::Keyword(b"endstream") {
                return rest.get(..len);
            }
        }
        let end = find(rest, b"endstream").or_else(|| find(rest, b"endobj")).unwrap_or(rest.len());
        let body = rest.get(..end)?;
        let body = body.strip_suffix(b"\n").unwrap_or(body);
        Some(body.strip_suffix(b"\r").unwrap_or(body))
    }
    fn length(&self, object: &Object) -> Option<usize> {
        let mut object = object.clone();
        for _ in 0..LENGTH_HOPS {
            match object {
                Object::Ref(id) => {
                    let mut parser = Parser::new(Lexer::at(&self.bytes, self.offset_of(id.number)?));
                    header(&mut parser.lexer).filter(|h| h.0 == id.number)?;
                    object = match parser.lexer.next() {
                        Token::Int(n) => Object::Int(n),
                        _ => return None,
                    };
                }
                other => return usize::try_from(other.as_i64()?).ok(),
            }
        }
        None
    }
}

impl ObjectSource for FileObjects<'_> {
    fn object(&self, id: ObjectId, budget: &Budget) -> Object {
        let found = match self.xref.get(id.number) {
            Some(Entry::At(offset)) => usize::try_from(offset).ok().and_then(|at| self.object_at(at, id.number, budget)),
            Some(Entry::In { stream, index }) => return self.object_in(stream, index, id.number, budget).unwrap_or_default(),
            None => return Object::Null,
        };
        found.or_else(|| self.object_by_scan(id.number, budget).map(|f| f.1)).unwrap_or_default()
    }
    fn is_plain_page(&self, id: ObjectId, budget: &Budget) -> bool {
        let here = |offset: u64| {
            let mut parser = Parser::new(Lexer::at(&self.bytes, usize::try_from(offset).ok()?));
            header(&mut parser.lexer).filter(|h| h.0 == id.number)?;
            // What a stream follows is no page.
            let is_page = parser.is_plain_page() && parser.lexer.next() == Token::Keyword(b"endobj");
            Some(is_page && budget.charge_parsed(parser.values))
        };
        let in_stream = |stream: u32, index: u32| {
            let stream = self.object_stream(stream, budget)?;
            let mut parser = stream.parser_at(index, id.number)?;
            Some(parser.is_plain_page() && budget.charge_parsed(parser.values))
        };
        let told = match self.xref.get(id.number) {
            Some(Entry::At(offset)) => here(offset),
            Some(Entry::In { stream, index }) => in_stream(stream, index),
            None => None,
        };
        told.unwrap_or(false)
    }
    fn stored_bytes(&self, id: ObjectId) -> Option<Cow<'_, [u8]>> {
        let offset = self.offset_of(id.number)?;
        let here = header(&mut Lexer::at(&self.bytes, offset)).is_some_and(|h| h.0 == id.number);
        let offset = match (here, self.scanned.get()) {
            (false, Some(found)) => {
                let at = found.objects.binary_search_by_key(&id.number, |o| o.0).ok()?;
                usize::try_from(found.objects.get(at)?.1).ok()?
            }
            _ => offset,
        };
        self.stored_at(offset).map(Cow::Borrowed)
    }
    fn trailer(&self) -> &Dict {
        &self.trailer
    }
    fn all_ids(&self) -> Vec<ObjectId> {
        self.xref.numbers().map(|number| ObjectId { number, generation: 0 }).collect()
    }
    fn mention(&self, word: &[u8], budget: &Budget) -> bool {
        let in_stream = |number| self.object_stream(number, budget).is_some_and(|s| find(&s.bytes, word).is_some());
        find(&self.bytes, word).is_some() || self.xref.streams().into_iter().any(in_stream)
    }
}

/// Where a stream's bytes begin: after the line end that follows `stream`, or a blank and the line end that some producers write.
pub(super) fn stream_start(bytes: &[u8], after_keyword: usize) -> usize {
    let line_end = |at: usize| match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => Some(at + 2),
        (Some(b'\r' | b'\n'), _) => Some(at + 1),
        _ => None,
    };
    let blanks = bytes.iter().skip(after_keyword).take_while(|b| matches!(b, b' ' | b'\t')).count();
    line_end(after_keyword + blanks).unwrap_or(after_keyword)
}

/// Reads `12 0 obj`.
pub(super) fn header(lexer: &mut Lexer<'_>) -> Option<(u32, u16)> {
    let (Token::Int(number), Token::Int(generation), Token::Keyword(word)) = (lexer.next(), lexer.next(), lexer.next()) else {
        return None;
    };
    if word != b"obj" {
        // `12 0 obj42`: the keyword runs into what follows.
        let after = word.strip_prefix(b"obj")?;
        lexer.seek(lexer.pos() - after.len());
    }
    Some((u32::try_from(number).ok()?, u16::try_from(generation).unwrap_or(0)))
}
