//! One document's objects: resolve references, undo filters, charge the budget.

use super::filter::{FilterStep, undo_filters};
use super::{Budget, Dict, Object, ObjectId, Stream};
use jisseki_model::Limits;
use std::borrow::Cow;

/// Where objects come from. Another reader is put beside the present ones by these four functions.
pub trait ObjectSource: Send + Sync {
    /// Returns the object, [`Object::Null`] where there is none. May itself be a reference.
    fn object(&self, id: ObjectId, budget: &Budget) -> Object;
    /// Tells whether an object is plainly a page object, so that a walk over the page tree need not read it. May be wrong in saying no.
    fn is_plain_page(&self, _id: ObjectId, _budget: &Budget) -> bool {
        false
    }
    /// Returns a stream's bytes as stored (decrypted, filters not undone).
    fn stored_bytes(&self, id: ObjectId) -> Option<Cow<'_, [u8]>>;
    /// Returns the trailer dictionary.
    fn trailer(&self) -> &Dict;
    /// Returns every object that can be found, by number: for documents whose page tree can't be walked.
    fn all_ids(&self) -> Vec<ObjectId>;
    /// Tells whether a word may stand in some object (strings and content aside). May be wrong in saying yes.
    fn mention(&self, word: &[u8], budget: &Budget) -> bool;
}

/// A document's objects within its budget.
pub struct Objects<'a> {
    source: Box<dyn ObjectSource + 'a>,
    budget: Budget,
}

/// A stream with its filters undone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decoded {
    /// What could be decoded.
    pub bytes: Vec<u8>,
    /// Nothing is missing: no damage, no limit hit, no filter that is not for text.
    pub complete: bool,
}

/// References to references: no sound file has more than one. Picked by gut feeling.
const MAX_HOPS: usize = 16;

impl<'a> Objects<'a> {
    /// Returns the objects of a source.
    pub fn new(source: Box<dyn ObjectSource + 'a>, budget: Budget) -> Objects<'a> {
        Objects { source, budget }
    }
    /// Returns the document's budget.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }
    /// Returns the document's limits.
    pub fn limits(&self) -> &Limits {
        self.budget.limits()
    }
    /// Returns the trailer dictionary.
    pub fn trailer(&self) -> &Dict {
        self.source.trailer()
    }
    /// Returns every object that can be found.
    pub fn all_ids(&self) -> Vec<ObjectId> {
        self.source.all_ids()
    }
    /// Tells whether a word may stand in some object.
    pub fn mention(&self, word: &[u8]) -> bool {
        self.source.mention(word, &self.budget)
    }
    /// Returns the object, references followed.
    pub fn object(&self, id: ObjectId) -> Object {
        let mut id = id;
        for _ in 0..MAX_HOPS {
            match self.source.object(id, &self.budget) {
                Object::Ref(next) => id = next,
                found => return found,
            }
        }
        Object::Null
    }
    /// Tells whether an object is plainly a page object; costs a fraction of reading it.
    pub fn is_plain_page(&self, id: ObjectId) -> bool {
        self.source.is_plain_page(id, &self.budget)
    }
    /// Returns what an object stands for: itself, or the target of a reference.
    pub fn resolve(&self, object: &Object) -> Object {
        match object {
            Object::Ref(id) => self.object(*id),
            other => other.clone(),
        }
    }
    /// Returns the number that an object stands for, where it is one.
    pub fn number(&self, object: &Object) -> Option<f64> {
        match object {
            Object::Ref(id) => self.object(*id).as_f64(),
            direct => direct.as_f64(),
        }
    }
    /// Returns a dictionary's entry, resolved; [`Object::Null`] where there is none.
    pub fn get(&self, dict: &Dict, key: &[u8]) -> Object {
        dict.get(key).map_or(Object::Null, |o| self.resolve(o))
    }
    /// Returns an entry that is a dictionary (or a stream's).
    pub fn get_dict(&self, dict: &Dict, key: &[u8]) -> Option<Dict> {
        match self.get(dict, key) {
            Object::Dict(d) => Some(d),
            Object::Stream(s) => Some(s.dict),
            _ => None,
        }
    }
    /// Returns an entry that is an array of at least `N` numbers.
    pub fn get_numbers<const N: usize>(&self, dict: &Dict, key: &[u8]) -> Option<[f64; N]> {
        let array = self.get(dict, key);
        let array = array.as_array()?;
        let mut out = [0.0; N];
        for (slot, o) in out.iter_mut().zip(array) {
            *slot = self.number(o)?;
        }
        (array.len() >= N).then_some(out)
    }
    /// Returns a stream's bytes with its filters undone, `cap` of them at most, charged to the document's budget.
    ///
    /// Image codecs (DCT, JPX, CCITT, JBIG2) are not undone: their streams give what stands before them, `complete` false.
    pub fn stream_bytes(&self, stream: &Stream, cap: u64) -> Decoded {
        let Some(stored) = self.source.stored_bytes(stream.id) else { return Decoded::default() };
        let (steps, known) = filter_steps(&stream.dict, self.limits().filters, |o| self.resolve(o));
        let cap = usize::try_from(cap).unwrap_or(usize::MAX).min(self.budget.decodable());
        let (bytes, complete) = undo_filters(stored, &steps, cap, &self.budget);
        Decoded { bytes, complete: complete && known }
    }
}

/// Reads `/Filter` and `/DecodeParms`; the flag is false where a filter is unknown, an image codec or beyond the limit.
pub(super) fn filter_steps(dict: &Dict, max: usize, resolve: impl Fn(&Object) -> Object) -> (Vec<FilterStep>, bool) {
    let entry = |long: &[u8], short: &[u8]| dict.get(long).or_else(|| dict.get(short)).map_or(Object::Null, &resolve);
    let (filter, parms) = (entry(b"Filter", b"F"), entry(b"DecodeParms", b"DP"));
    let (names, parms) = match (&filter, &parms) {
        (Object::Name(_), p) => (std::slice::from_ref(&filter), p.as_array().unwrap_or(std::slice::from_ref(p))),
        (Object::Array(names), p) => (&names[..], p.as_array().unwrap_or(std::slice::from_ref(p))),
        _ => return (Vec::new(), true),
    };
    let mut steps = Vec::new();
    for (i, name) in names.iter().enumerate() {
        if i >= max {
            return (steps, false);
        }
        let parms = parms.get(i).map_or(Object::Null, &resolve);
        let number =
            |key: &[u8], default: i64| parms.as_dict().and_then(|d| d.get(key)).and_then(|o| resolve(o).as_i64()).unwrap_or(default);
        match FilterStep::new(resolve(name).as_name().unwrap_or_default(), number) {
            Some(step) => steps.push(step),
            None => return (steps, false),
        }
    }
    (steps, true)
}
