//! PDF objects as plain values (ISO 32000-2 §7.3): cheap to clone, free of any reader's types.

use crate::lex::unescape_name;
use std::sync::Arc;

/// Number and generation of an indirect object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub struct ObjectId {
    pub number: u32,
    pub generation: u16,
}

/// A name's bytes, without the slash and with `#xx` undone. Short ones (nearly all) live inline.
#[derive(Clone)]
pub struct Name(NameRepr);

#[derive(Clone)]
enum NameRepr {
    Inline(u8, [u8; INLINE]),
    Heap(Arc<[u8]>),
}

/// Makes `Object` 32 bytes.
const INLINE: usize = 22;

impl Name {
    /// Returns the name with these bytes.
    pub fn new(bytes: &[u8]) -> Name {
        let mut inline = [0; INLINE];
        match inline.get_mut(..bytes.len()) {
            Some(slot) => {
                slot.copy_from_slice(bytes);
                Name(NameRepr::Inline(u8::try_from(bytes.len()).unwrap_or(0), inline))
            }
            None => Name(NameRepr::Heap(bytes.into())),
        }
    }
    /// Returns the name that stands in a file, `#xx` not undone yet.
    pub(super) fn of_written(raw: &[u8]) -> Name {
        let mut inline = [0; INLINE];
        let mut escaped = false;
        for (slot, &b) in inline.iter_mut().zip(raw) {
            *slot = b;
            escaped |= b == b'#';
        }
        match u8::try_from(raw.len()) {
            Ok(len) if raw.len() <= INLINE && !escaped => Name(NameRepr::Inline(len, inline)),
            _ => Name::new(&unescape_name(raw)),
        }
    }
    /// Returns the bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            NameRepr::Inline(len, bytes) => bytes.get(..usize::from(*len)).unwrap_or_default(),
            NameRepr::Heap(bytes) => bytes,
        }
    }
    /// Returns the name as text; bytes that are no UTF-8 become U+FFFD.
    pub fn to_text(&self) -> String {
        String::from_utf8_lossy(self.as_bytes()).into_owned()
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "/{}", self.to_text())
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        match (&self.0, &other.0) {
            // What lies behind a short name is zero: two words that overlap are compared instead of a range, without a call.
            (NameRepr::Inline(n, a), NameRepr::Inline(m, b)) => {
                let head = |bytes: &[u8; INLINE]| bytes.first_chunk().map(|b| u128::from_ne_bytes(*b));
                let tail = |bytes: &[u8; INLINE]| bytes.last_chunk().map(|b| u64::from_ne_bytes(*b));
                n == m && head(a) == head(b) && tail(a) == tail(b)
            }
            _ => self.as_bytes() == other.as_bytes(),
        }
    }
}

impl Eq for Name {}

impl std::hash::Hash for Name {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

/// Any object. Containers are shared: a clone costs a reference count.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs)]
pub enum Object {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Name(Name),
    Str(Arc<[u8]>),
    Array(Arc<[Object]>),
    Dict(Dict),
    Stream(Stream),
    Ref(ObjectId),
}

/// A stream: its dictionary here, its bytes by [`super::Objects::stream_bytes`].
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// The dictionary.
    pub dict: Dict,
    /// Streams are always indirect objects: this is which.
    pub id: ObjectId,
}

/// A dictionary. Where a key stands twice, the last one counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Dict {
    entries: Arc<[(Name, Object)]>,
    sorted: bool,
}

impl Default for Dict {
    fn default() -> Dict {
        Dict { entries: Arc::from([]), sorted: false }
    }
}

/// Beyond this many entries a lookup bisects. Picked by gut feeling: nearly all dictionaries are smaller.
const LINEAR: usize = 24;

impl Dict {
    /// Returns the dictionary of these entries in file order.
    pub fn new(entries: impl IntoIterator<Item = (Name, Object), IntoIter: ExactSizeIterator>) -> Dict {
        let entries = entries.into_iter();
        if entries.len() <= LINEAR {
            return Dict { entries: entries.collect(), sorted: false };
        }
        let mut entries: Vec<(Name, Object)> = entries.collect();
        // Stable and reversed, so that the last of equal keys comes first and survives.
        entries.reverse();
        entries.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
        entries.dedup_by(|later, kept| later.0 == kept.0);
        Dict { entries: entries.into(), sorted: true }
    }
    /// Returns the value as written: an indirect one is an [`Object::Ref`].
    pub fn get(&self, key: &[u8]) -> Option<&Object> {
        if self.sorted {
            let at = self.entries.binary_search_by(|e| e.0.as_bytes().cmp(key)).ok()?;
            return self.entries.get(at).map(|e| &e.1);
        }
        self.entries.iter().rev().find(|e| e.0.as_bytes() == key).map(|e| &e.1)
    }
    /// Tells whether `/Type` (or any other name entry) has this value.
    pub fn is(&self, key: &[u8], value: &[u8]) -> bool {
        self.get(key).and_then(Object::as_name).is_some_and(|n| n == value)
    }
    /// Returns the entries.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &Object)> {
        self.entries.iter().map(|e| (&e.0, &e.1))
    }
    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }
    /// Tells whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
    /// Identifies the shared storage: equal for clones of one parsed dictionary.
    pub fn address(&self) -> usize {
        self.entries.as_ptr() as usize
    }
}

impl Object {
    /// Returns a number's value, where it is finite.
    pub fn as_f64(&self) -> Option<f64> {
        match *self {
            Object::Int(i) => Some(i as f64),
            Object::Real(r) if r.is_finite() => Some(r),
            _ => None,
        }
    }
    /// Returns an integer's value; a real is cut.
    pub fn as_i64(&self) -> Option<i64> {
        match *self {
            Object::Int(i) => Some(i),
            Object::Real(r) if r.is_finite() => Some(r as i64),
            _ => None,
        }
    }
    /// Returns a name's bytes.
    pub fn as_name(&self) -> Option<&[u8]> {
        match self {
            Object::Name(n) => Some(n.as_bytes()),
            _ => None,
        }
    }
    /// Returns a string's bytes.
    pub fn as_str(&self) -> Option<&[u8]> {
        match self {
            Object::Str(s) => Some(s),
            _ => None,
        }
    }
    /// Returns an array's elements.
    pub fn as_array(&self) -> Option<&[Object]> {
        match self {
            Object::Array(a) => Some(a),
            _ => None,
        }
    }
    /// Returns a dictionary, a stream's too.
    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Object::Dict(d) => Some(d),
            Object::Stream(s) => Some(&s.dict),
            _ => None,
        }
    }
    /// Returns a stream.
    pub fn as_stream(&self) -> Option<&Stream> {
        match self {
            Object::Stream(s) => Some(s),
            _ => None,
        }
    }
    /// Returns a reference's target.
    pub fn as_ref_id(&self) -> Option<ObjectId> {
        match *self {
            Object::Ref(id) => Some(id),
            _ => None,
        }
    }
    /// Tells whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Object::Null)
    }
}
