//! Objects from bytes (ISO 32000-2 §7.3), with bounded depth and count.

use super::value::{Dict, Name, Object, ObjectId};
use crate::lex::{Lexer, Token, unescape_hex, unescape_string};

/// Containers inside containers. Deeper ones read as null: 1 MiB of stack holds this many several times over.
const MAX_DEPTH: usize = 100;
/// Values of one object. Guess: a page of a hundred thousand structure elements has fewer; a bomb has sixty million.
pub(super) const MAX_VALUES: usize = 1_500_000;

/// Room made for the elements of the first array, and of the first dictionary: those of a simple font fit.
const ITEMS: usize = 256;
const ENTRIES: usize = 32;

/// Reads objects, counting what they cost.
pub(super) struct Parser<'a> {
    pub(super) lexer: Lexer<'a>,
    /// Values read so far.
    pub(super) values: usize,
    /// Elements of the arrays that are open, the innermost one's last: an array is moved out of here once it is whole.
    items: Vec<Object>,
    /// The same for dictionaries.
    entries: Vec<(Name, Object)>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(lexer: Lexer<'a>) -> Parser<'a> {
        Parser { lexer, values: 0, items: Vec::new(), entries: Vec::new() }
    }
    /// Returns the next object; none where there is something else.
    pub(super) fn object(&mut self) -> Option<Object> {
        let token = self.lexer.next();
        self.object_from(token, 0)
    }
    fn object_from(&mut self, token: Token<'a>, depth: usize) -> Option<Object> {
        self.values += 1;
        Some(match token {
            Token::Int(i) => self.reference(i).unwrap_or(Object::Int(i)),
            Token::Real(r) => Object::Real(r),
            Token::Name(raw) => Object::Name(Name::of_written(raw)),
            Token::Str(raw, false) => Object::Str(raw.into()),
            Token::Str(raw, true) => unescaped(raw, unescape_string),
            Token::Hex(raw) => unescaped(raw, unescape_hex),
            Token::ArrayOpen => self.array(depth),
            Token::DictOpen => Object::Dict(self.dict(depth)),
            Token::Keyword(b"true") => Object::Bool(true),
            Token::Keyword(b"false") => Object::Bool(false),
            Token::Keyword(b"null") => Object::Null,
            _ => return None,
        })
    }
    /// `12 0 R`, where the first number was just read.
    fn reference(&mut self, number: i64) -> Option<Object> {
        let before = self.lexer.pos();
        if let Token::Int(generation) = self.lexer.next()
            && let Token::Keyword(b"R") = self.lexer.next()
            && let Some(id) = object_id(number, generation)
        {
            return Some(Object::Ref(id));
        }
        self.lexer.seek(before);
        None
    }
    /// The elements up to the closing bracket. A reference is told by its `R`, unless ` 0 R` follows at once: to read on after each number would read
    /// long arrays twice.
    fn array(&mut self, depth: usize) -> Object {
        let first = self.items.len();
        if self.items.capacity() == 0 {
            self.items.reserve(ITEMS);
        }
        let mut n_integers = 0;
        while self.values <= MAX_VALUES {
            let before = self.lexer.pos();
            let token = self.lexer.next();
            let integers = std::mem::take(&mut n_integers);
            match token {
                Token::Int(i) => match u32::try_from(i).ok().filter(|_| self.lexer.take_plain_reference()) {
                    Some(number) => {
                        self.values += 1;
                        self.items.push(Object::Ref(ObjectId { number, generation: 0 }));
                    }
                    None => n_integers = integers + self.push(before, || Object::Int(i)),
                },
                Token::Real(r) => drop(self.push(before, || Object::Real(r))),
                Token::Name(raw) => {
                    let name = Name::of_written(raw);
                    self.push(before, || Object::Name(name.clone()));
                }
                Token::ArrayClose | Token::End => break,
                Token::Keyword(b"endobj" | b"endstream" | b"stream" | b"obj") => break,
                Token::Keyword(b"R") if integers >= 2 => self.join_reference(),
                token => {
                    let item = self.nested(token, depth);
                    self.items.extend(item);
                }
            }
        }
        Object::Array(self.items.drain(first..).collect())
    }
    /// Takes an element whose token was read from `before` on, and its repetitions. Returns how many elements that makes.
    fn push(&mut self, before: usize, item: impl Fn() -> Object) -> usize {
        let n = 1 + self.lexer.take_repeated(before, MAX_VALUES.saturating_sub(self.values));
        self.values += n;
        self.items.extend((0..n).map(|_| item()));
        n
    }
    /// Makes one reference of the last two elements, which are integers.
    fn join_reference(&mut self) {
        if let [.., Object::Int(number), Object::Int(generation)] = self.items[..]
            && let Some(id) = object_id(number, generation)
        {
            self.items.truncate(self.items.len() - 2);
            self.items.push(Object::Ref(id));
            self.values -= 1;
        }
    }
    /// Tells whether a faultless dictionary follows whose own entries say `/Type /Page` and no `/Kids`. Nothing is made of what it holds.
    pub(super) fn is_plain_page(&mut self) -> bool {
        let (text, from) = (self.lexer.rest(), self.lexer.pos());
        if !matches!(self.lexer.next(), Token::DictOpen) {
            return false;
        }
        // The containers that are open below it: a bit each, set for a dictionary, and a one above them.
        let mut open = 1u64;
        let (mut has_key, mut is_type, mut is_page) = (false, false, false);
        while self.values <= MAX_VALUES {
            let n_numbers = self.lexer.pass_numbers();
            self.values += n_numbers + 1;
            let token = self.lexer.next();
            // Where a key stands twice, the last one counts.
            if std::mem::take(&mut is_type) {
                is_page = n_numbers == 0 && matches!(token, Token::Name(b"Page"));
            }
            has_key &= n_numbers == 0;
            match token {
                Token::DictOpen if open < 1 << 63 => open = open << 1 | 1,
                Token::ArrayOpen if open < 1 << 63 => open <<= 1,
                Token::DictClose if open == 1 => {
                    // A name may hide behind a `#xx`.
                    let text = text.get(..self.lexer.pos() - from).unwrap_or_default();
                    return is_page && !text.contains(&b'#');
                }
                Token::DictClose if open & 1 == 1 => open >>= 1,
                Token::ArrayClose if open & 1 == 0 => open >>= 1,
                Token::Name(raw) if open == 1 && !has_key => {
                    if raw == b"Kids" {
                        return false;
                    }
                    (has_key, is_type) = (true, raw == b"Type");
                    continue;
                }
                Token::Int(_) | Token::Real(_) | Token::Name(_) | Token::Str(..) | Token::Hex(_) => {}
                Token::Keyword(b"R" | b"true" | b"false" | b"null") => {}
                _ => return false,
            }
            has_key = false;
        }
        false
    }
    fn dict(&mut self, depth: usize) -> Dict {
        let first = self.entries.len();
        if self.entries.capacity() == 0 {
            self.entries.reserve(ENTRIES);
        }
        let mut key: Option<Name> = None;
        loop {
            let before = self.lexer.pos();
            match self.lexer.next() {
                Token::DictClose | Token::End => break,
                Token::Keyword(b"endobj" | b"endstream" | b"stream" | b"obj") => {
                    self.lexer.seek(before);
                    break;
                }
                Token::Name(raw) if key.is_none() => key = Some(Name::of_written(raw)),
                token => {
                    let value = self.nested(token, depth);
                    self.entries.extend(key.take().zip(value));
                }
            }
            if self.values > MAX_VALUES {
                break;
            }
        }
        Dict::new(self.entries.drain(first..))
    }
    /// An element; too deep a container is passed over token by token and reads as null.
    fn nested(&mut self, token: Token<'a>, depth: usize) -> Option<Object> {
        match token {
            Token::ArrayOpen | Token::DictOpen if depth >= MAX_DEPTH => {
                self.values += 1;
                self.skip_container();
                Some(Object::Null)
            }
            token => self.object_from(token, depth + 1),
        }
    }
    fn skip_container(&mut self) {
        let mut open = 1usize;
        while open > 0 {
            match self.lexer.next() {
                Token::ArrayOpen | Token::DictOpen => open += 1,
                Token::ArrayClose | Token::DictClose => open -= 1,
                Token::End | Token::Keyword(b"endobj") => return,
                _ => {}
            }
        }
    }
}

fn object_id(number: i64, generation: i64) -> Option<ObjectId> {
    Some(ObjectId { number: u32::try_from(number).ok()?, generation: u16::try_from(generation).unwrap_or(0) })
}

fn unescaped(raw: &[u8], undo: fn(&[u8], &mut Vec<u8>)) -> Object {
    let mut out = Vec::with_capacity(raw.len());
    undo(raw, &mut out);
    Object::Str(out.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Option<Object> {
        Parser::new(Lexer::new(text.as_bytes())).object()
    }

    #[test]
    fn objects_are_read_with_references_and_escapes() {
        let object = parse("<</A [1 0 R 2 3 (x\\)) <4142> /N#41 null true -1.5] /B <</C 4>> /A2 7 /B 8>>").unwrap();
        let dict = object.as_dict().unwrap();
        let array = dict.get(b"A").unwrap().as_array().unwrap();
        assert_eq!(array.len(), 9);
        assert_eq!(array.first().unwrap().as_ref_id(), Some(ObjectId { number: 1, generation: 0 }));
        assert_eq!(array.get(3).and_then(Object::as_str), Some(&b"x)"[..]));
        assert_eq!(array.get(5).and_then(Object::as_name), Some(&b"NA"[..]));
        assert_eq!(dict.get(b"B"), Some(&Object::Int(8)), "the last of equal keys counts");
    }

    #[test]
    fn plain_pages_are_told_without_reading_them() {
        let check = |text: &str, expected: bool| {
            assert_eq!(Parser::new(Lexer::new(text.as_bytes())).is_plain_page(), expected, "{text}");
        };
        check("<</Type/Page/Contents 4 0 R/MediaBox[0 0 9 9]/Resources<</Font<</Kids 5 0 R>>>>>>", true);
        check("<</Type /Pages /Type /Page>>", true);
        check("<</Type /Page /Type /Pages>>", false);
        check("<</Type /Page /Kids[3 0 R]>>", false);
        check("<</Type /Page /K#69ds[3 0 R]>>", false);
        check("<</Type /Page /A[<<]>>", false);
        check("<</Type /Page /A 1", false);
        check("[/Type /Page]", false);
    }

    proptest! {
        #[test]
        fn what_is_told_to_be_a_page_reads_as_one(pieces in prop::collection::vec(prop::sample::select(vec![
            "/Type", "/Page", "/Pages", "/Kids", "/A", "<<", ">>", "[", "]", "1", "0", "-.5", "2x", "R", "(x)", "null", "%c\n", "endobj", "}",
        ]), 0..12)) {
            let text = format!("<</Type/Page {}>>", pieces.join(" "));
            let told = Parser::new(Lexer::new(text.as_bytes())).is_plain_page();
            let object = parse(&text).unwrap();
            let dict = object.as_dict().unwrap();
            prop_assert!(!told || (dict.is(b"Type", b"Page") && dict.get(b"Kids").is_none()), "{}", text);
        }
    }

    #[test]
    fn references_are_told_from_numbers() {
        let check = |text: &str, expected: &str| {
            let short = |o: &Object| match o {
                Object::Ref(id) => format!("{}@{}", id.number, id.generation),
                Object::Int(i) => i.to_string(),
                other => format!("{other:?}"),
            };
            let items: Vec<String> = parse(text).unwrap().as_array().unwrap().iter().map(short).collect();
            assert_eq!(items.join(" "), expected, "{text}");
        };
        check("[1 2 3 R 4 5]", "1 2@3 4 5");
        check("[1 0 R 2 0 R R 6 R]", "1@0 2@0 6");
        check("[1 x 0 R 7 0%n\nR 8 70000R]", "1 0 7@0 8@0");
        check("[1 0 R[2 0 R] 3 0 RR 4 0 R5 6 6 0 R]", "1@0 Array([Ref(ObjectId { number: 2, generation: 0 })]) 3 0 4 0 6 6@0");
        check("[-1 0 R 4294967296 0 R [1] 0 R 9]", "-1 0 4294967296 0 Array([Int(1)]) 0 9");
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(100_000);
        assert!(parse(&deep).is_some());
        let deep = format!("[{}1{} 2]", "<</K ".repeat(5000), ">>".repeat(5000));
        assert_eq!(parse(&deep).unwrap().as_array().unwrap().last(), Some(&Object::Int(2)));
    }
}
