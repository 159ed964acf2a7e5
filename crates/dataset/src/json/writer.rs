//! The JSON of reports, written piece by piece: serde's calls in, bytes out.
//!
//! A report is a hundred thousand keys, numbers and short texts. What is known of them is used: keys of structs are names that need no escape, most
//! numbers are hundredths, texts are looked through once for all that is escaped.

use serde::ser::{self, Error as _, Impossible, Serialize};
use serde_json::Error;
use serde_json::ser::{CompactFormatter, Formatter};
use std::io::{self, Write};

use super::text::{write_escaped, write_float, write_integer};

/// What is written goes on in pieces of this size: what a pipe holds.
const PIECE: usize = 1 << 16;
/// A line break and blanks: what stands before nearly each key is the beginning of it.
const BREAK: &[u8; 64] = b"\n                                                               ";
/// The same after a comma.
const COMMA_BREAK: &[u8; 64] = b",\n                                                              ";

/// How values are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// All in one line, without blanks.
    Line,
    /// Indented by two blanks; an array of numbers stays on its line.
    Indented,
}

/// JSON on its way out.
pub(super) struct Json<'w> {
    out: Vec<u8>,
    /// Where full pieces go; None: all of it stays here.
    to: Option<&'w mut dyn Write>,
    /// Bytes from which on a piece is full.
    piece: usize,
    sent: io::Result<()>,
    indented: bool,
    depth: usize,
    /// The array or object that is open has a value.
    has_value: bool,
    /// A line break is due before the next value unless that is a number in an array.
    pending: bool,
    /// The array that is open is one of numbers.
    inline: bool,
}

impl<'w> Json<'w> {
    /// Keeps what is written, with room for so many bytes.
    pub(super) fn to_memory(setting: Setting, room: usize) -> Json<'w> {
        let indented = setting == Setting::Indented;
        let (out, piece) = (Vec::with_capacity(room), usize::MAX);
        Json { out, to: None, piece, sent: Ok(()), indented, depth: 0, has_value: false, pending: false, inline: false }
    }
    /// Hands what is written on.
    pub(super) fn to_writer(setting: Setting, to: &'w mut dyn Write) -> Json<'w> {
        Json { to: Some(to), piece: PIECE, ..Json::to_memory(setting, 2 * PIECE) }
    }
    /// Returns what was kept. A value that no report holds (a key that is no string) leaves nothing.
    pub(super) fn bytes_of(mut self, value: &impl Serialize) -> Vec<u8> {
        if value.serialize(&mut self).is_err() {
            self.out.clear();
        }
        self.out
    }
    /// Writes a value and ends the line.
    ///
    /// Errors: those of the writer.
    pub(super) fn write(mut self, value: &impl Serialize) -> io::Result<()> {
        value.serialize(&mut self)?;
        self.out.push(b'\n');
        self.hand_on();
        self.sent
    }

    /// After an error nothing more is handed on.
    #[cold]
    fn hand_on(&mut self) {
        if let Some(to) = &mut self.to {
            if self.sent.is_ok() {
                self.sent = to.write_all(&self.out);
            }
            self.out.clear();
        }
    }
    /// A line break and the blanks after it, where values are indented; before it a comma, if one is due.
    #[inline(always)]
    fn break_line(&mut self, comma: bool) {
        if !self.indented {
            if comma {
                self.out.push(b',');
            }
            return;
        }
        if self.out.len() >= self.piece {
            self.hand_on();
        }
        let end = self.out.len() + usize::from(comma) + 1 + 2 * self.depth;
        // A block of a known size is copied without a call.
        self.out.extend_from_slice(if comma { COMMA_BREAK } else { BREAK });
        if end <= self.out.len() {
            self.out.truncate(end);
        } else {
            self.out.resize(end, b' ');
        }
    }
    /// Before a value that is no number.
    #[inline]
    fn begin_value(&mut self) {
        if std::mem::take(&mut self.pending) {
            self.break_line(false);
        }
    }
    #[inline]
    fn begin_number(&mut self) {
        if std::mem::take(&mut self.pending) {
            if self.has_value && self.indented {
                self.out.push(b' ');
            }
            self.inline = true;
        }
    }
    fn open(&mut self, bracket: u8) -> &mut Json<'w> {
        self.begin_value();
        self.depth += 1;
        self.has_value = false;
        self.inline = false;
        self.out.push(bracket);
        self
    }
    fn close(&mut self, bracket: u8) {
        self.depth -= 1;
        if self.has_value && !(bracket == b']' && self.inline) {
            self.break_line(false);
        }
        self.inline = false;
        self.has_value = true;
        self.out.push(bracket);
    }
    fn word(&mut self, word: &[u8]) {
        self.begin_value();
        self.out.extend_from_slice(word);
    }
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if self.has_value {
            self.out.push(b',');
        }
        self.pending = true;
        value.serialize(&mut *self)?;
        self.has_value = true;
        Ok(())
    }
    /// The key of a struct's field. What closes it is copied together with what parts it from its value.
    fn key(&mut self, name: &'static str) {
        self.break_line(self.has_value);
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        if self.indented {
            self.out.extend_from_slice(b"\": ");
        } else {
            self.out.extend_from_slice(b"\":");
        }
    }
    #[inline]
    fn end_key(&mut self) {
        if self.indented {
            self.out.extend_from_slice(b": ");
        } else {
            self.out.push(b':');
        }
    }
    /// A name of a struct's field or of an entry of a list: nothing in it needs an escape.
    #[inline]
    fn name(&mut self, name: &'static str) {
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'"');
    }
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self)?;
        self.has_value = true;
        Ok(())
    }
}

/// No enum of a report is written so: they are words, or structs with a tag.
fn no_variant<T>() -> Result<T, Error> {
    Err(Error::custom("a variant with a value"))
}

macro_rules! integers {
    ($($name:ident $type:ty),+) => {
        $(fn $name(self, value: $type) -> Result<(), Error> {
            self.serialize_i64(i64::from(value))
        })+
    };
}

impl<'j, 'w> ser::Serializer for &'j mut Json<'w> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), Error>;

    integers!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_u8 u8, serialize_u16 u16, serialize_u32 u32);

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        self.begin_number();
        write_integer(&mut self.out, value).map_err(Error::io)
    }
    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        if let Ok(value) = i64::try_from(value) {
            return self.serialize_i64(value);
        }
        self.begin_number();
        CompactFormatter.write_u64(&mut self.out, value).map_err(Error::io)
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.word(if value { b"true" } else { b"false" });
        Ok(())
    }
    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.serialize_f64(f64::from(value))
    }
    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        if !value.is_finite() {
            return self.serialize_unit();
        }
        self.begin_number();
        write_float(&mut self.out, value).map_err(Error::io)
    }
    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.begin_value();
        self.out.push(b'"');
        write_escaped(&mut self.out, value);
        self.out.push(b'"');
        Ok(())
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.collect_seq(value)
    }
    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Error> {
        self.word(b"null");
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.begin_value();
        self.name(variant);
        Ok(())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, _: u32, _: &'static str, _: &T) -> Result<(), Error> {
        no_variant()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Error> {
        Ok(self.open(b'['))
    }
    fn serialize_tuple(self, _: usize) -> Result<Self, Error> {
        Ok(self.open(b'['))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self.open(b'['))
    }
    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Impossible<(), Error>, Error> {
        no_variant()
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self, Error> {
        Ok(self.open(b'{'))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self.open(b'{'))
    }
    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Impossible<(), Error>, Error> {
        no_variant()
    }
    fn collect_str<T: std::fmt::Display + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.begin_value();
        self.out.push(b'"');
        let written = std::fmt::write(&mut Escaped(&mut self.out), format_args!("{value}"));
        self.out.push(b'"');
        written.map_err(Error::custom)
    }
}

/// Text that is escaped as it comes.
struct Escaped<'o>(&'o mut Vec<u8>);

impl std::fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        write_escaped(self.0, text);
        Ok(())
    }
}

macro_rules! arrays {
    ($($trait:ident $method:ident),+) => {
        $(impl ser::$trait for &mut Json<'_> {
            type Ok = ();
            type Error = Error;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                Json::element(self, value)
            }
            fn end(self) -> Result<(), Error> {
                self.close(b']');
                Ok(())
            }
        })+
    };
}
arrays!(SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field);

impl ser::SerializeMap for &mut Json<'_> {
    type Ok = ();
    type Error = Error;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.break_line(self.has_value);
        let at = self.out.len();
        key.serialize(&mut **self)?;
        self.end_key();
        if self.out.get(at) == Some(&b'"') { Ok(()) } else { Err(Error::custom("a key is a string")) }
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        Json::value(self, value)
    }
    fn end(self) -> Result<(), Error> {
        self.close(b'}');
        Ok(())
    }
}

impl ser::SerializeStruct for &mut Json<'_> {
    type Ok = ();
    type Error = Error;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.key(key);
        Json::value(self, value)
    }
    fn end(self) -> Result<(), Error> {
        self.close(b'}');
        Ok(())
    }
}
