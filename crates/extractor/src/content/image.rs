//! Images: where they lie, never what they show (ISO 32000-2 §8.9).

use super::{Frame, Interpreter};
use crate::lex::{Lexer, Token, is_regular, is_white};
use jisseki_model::{Hidden, Image, Rect};

/// What of an inline image's dictionary tells how long its data are.
#[derive(Debug, Default)]
struct InlineImage<'a> {
    width: Option<i64>,
    height: Option<i64>,
    bits: Option<i64>,
    components: Option<i64>,
    filter: Option<&'a [u8]>,
    mask: bool,
}

impl Interpreter<'_, '_, '_> {
    pub(super) fn emit_image(&mut self, mask: bool) {
        let m = self.state.ctm;
        let quad = [m.apply(0.0, 0.0), m.apply(1.0, 0.0), m.apply(1.0, 1.0), m.apply(0.0, 1.0)];
        let far = |v: f64| v.is_nan() || v.abs() > self.limits.coordinate;
        if quad.iter().any(|p| far(p.x) || far(p.y)) {
            self.tally.far += 1;
            return;
        }
        if self.page.images.len() >= self.limits.page_paths {
            self.tally.paths_cut += 1;
            return;
        }
        let hidden = match () {
            () if self.marked.is_off() => Some(Hidden::OptionalContent),
            () if self.state.fill.alpha == 0.0 => Some(Hidden::Transparent),
            () if Rect::of_points(quad).intersection(self.state.clip).is_empty() => Some(Hidden::Clipped),
            () => None,
        };
        let mask = mask || self.state.veil.is_thin() || self.state.fill.alpha < 1.0;
        self.page.images.push(Image { quad, clip: self.state.clip, seq: self.seq, mask, hidden });
        self.seq += 1;
    }
    /// `BI … ID … EI`: passes over the data, by their length where it is known and `EI` follows, else by looking for `EI`.
    pub(super) fn inline_image(&mut self, lexer: &mut Lexer<'_>, _frame: &Frame) {
        let Some(image) = read_dictionary(lexer) else {
            self.tally.faults += 1;
            return;
        };
        let rest = lexer.rest();
        // One white-space character follows `ID`.
        let start = usize::from(rest.first().is_some_and(|&b| is_white(b)));
        let data = rest.get(start..).unwrap_or_default();
        let known = stored_length(&image).filter(|len| is_end(data, *len));
        let len = known.or_else(|| find_end(data, image.filter));
        match len {
            Some(len) => {
                let mut after = Lexer::at(data, len);
                let _ = after.next();
                lexer.seek(lexer.pos() + start + after.pos());
                self.emit_image(image.mask);
            }
            // No end at all: the image is given up, and what follows `ID` is read as content.
            None => self.tally.faults += 1,
        }
    }
}

/// Reads up to `ID`; none where something else than keys and values comes.
fn read_dictionary<'a>(lexer: &mut Lexer<'a>) -> Option<InlineImage<'a>> {
    let mut image = InlineImage::default();
    for _ in 0..256 {
        let key = match lexer.next() {
            Token::Name(key) => key,
            Token::Keyword(b"ID") => return Some(image),
            Token::Keyword(_) | Token::End => return None,
            _ => continue,
        };
        let before = lexer.pos();
        let value = lexer.next();
        match (key, value) {
            (_, Token::Keyword(b"ID")) => lexer.seek(before),
            (b"W" | b"Width", Token::Int(v)) => image.width = Some(v),
            (b"H" | b"Height", Token::Int(v)) => image.height = Some(v),
            (b"BPC" | b"BitsPerComponent", Token::Int(v)) => image.bits = Some(v),
            (b"IM" | b"ImageMask", Token::Keyword(b"true")) => (image.mask, image.bits, image.components) = (true, Some(1), Some(1)),
            (b"CS" | b"ColorSpace", Token::Name(name)) => image.components = components_of(name),
            (b"CS" | b"ColorSpace", Token::ArrayOpen) => {
                if let Token::Name(b"I" | b"Indexed") = skip_array(lexer) {
                    image.components = Some(1);
                }
            }
            (b"F" | b"Filter", Token::Name(name)) => image.filter = Some(name),
            (b"F" | b"Filter", Token::ArrayOpen) => {
                if let Token::Name(name) = skip_array(lexer) {
                    image.filter = Some(name);
                }
            }
            (_, Token::ArrayOpen) => drop(skip_array(lexer)),
            (_, Token::DictOpen) => skip_dict(lexer),
            _ => {}
        }
    }
    None
}

fn components_of(name: &[u8]) -> Option<i64> {
    match name {
        b"G" | b"DeviceGray" | b"I" | b"Indexed" => Some(1),
        b"RGB" | b"DeviceRGB" => Some(3),
        b"CMYK" | b"DeviceCMYK" => Some(4),
        _ => None,
    }
}

/// Passes over an array and returns its first token.
fn skip_array<'a>(lexer: &mut Lexer<'a>) -> Token<'a> {
    let first = lexer.next();
    let mut token = first;
    let mut depth = 0;
    for _ in 0..4096 {
        match token {
            Token::ArrayOpen => depth += 1,
            Token::ArrayClose if depth == 0 => break,
            Token::ArrayClose => depth -= 1,
            Token::End | Token::Keyword(b"ID") => break,
            _ => {}
        }
        token = lexer.next();
    }
    first
}

fn skip_dict(lexer: &mut Lexer<'_>) {
    for _ in 0..256 {
        if let Token::DictClose | Token::End | Token::Keyword(b"ID") = lexer.next() {
            return;
        }
    }
}

/// The data's length when no filter is applied.
fn stored_length(image: &InlineImage<'_>) -> Option<usize> {
    if image.filter.is_some() {
        return None;
    }
    let row = image.width?.checked_mul(image.components?)?.checked_mul(image.bits?)?.checked_add(7)? / 8;
    usize::try_from(row.checked_mul(image.height?)?).ok()
}

/// Tells whether `EI` stands after `len` bytes of data.
fn is_end(data: &[u8], len: usize) -> bool {
    len <= data.len() && Lexer::at(data, len).next() == Token::Keyword(b"EI")
}

/// What may follow `EI` before it counts as the end: this many bytes have to look like content.
const LOOK_AHEAD: usize = 12;

/// Finds the data's end: `EI` between white space, followed by what looks like content.
fn find_end(data: &[u8], filter: Option<&[u8]>) -> Option<usize> {
    // ASCII filters end with a mark of their own, before which no `EI` counts.
    let mark = match filter {
        Some(b"AHx" | b"ASCIIHexDecode" | b"A85" | b"ASCII85Decode") => data.iter().position(|&b| b == b'>')? + 1,
        _ => 0,
    };
    let mut from = mark;
    while let Some(at) = data.get(from..)?.iter().position(|&b| b == b'E') {
        let at = from + at;
        from = at + 1;
        let before = at == mark || at.checked_sub(1).and_then(|i| data.get(i)).is_some_and(|&b| is_white(b));
        let after = data.get(at + 1..)?;
        let (Some((&b'I', after)), true) = (after.split_first(), before) else { continue };
        let ends = after.first().is_none_or(|&b| !is_regular(b));
        let is_content = |b: &u8| matches!(b, b'\t' | b'\n' | b'\r' | 0 | b' '..=b'~');
        if ends && after.iter().take(LOOK_AHEAD).all(is_content) {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &[u8], expected_rest: &[u8]) {
        let mut lexer = Lexer::new(text);
        let image = read_dictionary(&mut lexer).unwrap();
        let data = lexer.rest().get(1..).unwrap();
        let len = stored_length(&image).filter(|l| is_end(data, *l)).or_else(|| find_end(data, image.filter)).unwrap();
        let mut after = Lexer::at(data, len);
        assert_eq!(after.next(), Token::Keyword(b"EI"));
        assert_eq!(after.rest(), expected_rest);
    }

    #[test]
    fn inline_images_end_where_their_data_do() {
        check(b"/W 4 /H 1 /BPC 8 /CS /G ID  EI EI Q", b" Q");
        check(b"/W 9 /H 1 /CS [/I /RGB 1 <00 01>] ID x EI BT", b" BT");
        check(b"/F /AHx /W 1 ID 41 EI 42> EI q", b" q");
        check(b"/F [/A85 /Fl] /DP <</K 1>> ID \xFF EI \x01\x02 ~> EI", b"");
        check(b"/W 1 /H 1 /F /Fl ID \x01 EI \x80\x90\x91 EI\nQ", b"\nQ");
    }
}
