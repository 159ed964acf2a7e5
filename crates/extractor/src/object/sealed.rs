//! Encrypted files (ISO 32000-2 §7.6), by lopdf: RC4, AES-128, AES-256, the empty password first.

use super::{Budget, Dict, Name, Object, ObjectId, ObjectSource, Stream};
use lopdf::{Document, LoadOptions};
use std::borrow::Cow;
use std::collections::HashMap;

/// A document that lopdf loaded and decrypted.
pub(crate) struct LopdfObjects {
    document: Document,
    trailer: Dict,
    /// Generations by number: references with a wrong one are common and harmless.
    generations: HashMap<u32, u16>,
}

/// Why lopdf did not open a file.
#[derive(Debug)]
pub(crate) enum LopdfFault {
    Password(String),
    Other,
}

/// Containers inside containers; lopdf's own parser stops before.
const MAX_DEPTH: usize = 200;

impl LopdfObjects {
    /// Loads a file with the empty password, then with the given one.
    pub(crate) fn open(bytes: &[u8], password: Option<&str>, budget: &Budget) -> Result<LopdfObjects, LopdfFault> {
        let cap = usize::try_from(budget.limits().stream_decoded_bytes).ok();
        let attempt = |password: Option<&str>| {
            let options = LoadOptions { password: password.map(str::to_owned), max_decompressed_size: cap, ..LoadOptions::default() };
            Document::load_mem_with_options(bytes, options)
        };
        let mut loaded = attempt(None);
        let locked = |d: &lopdf::Result<Document>| !matches!(d, Ok(d) if !d.is_encrypted());
        if let (true, Some(password)) = (locked(&loaded), password) {
            loaded = attempt(Some(password));
        }
        match loaded {
            Ok(document) if document.is_encrypted() => Err(LopdfFault::Password("the empty password does not open it".into())),
            Ok(document) => Ok(LopdfObjects::of(document)),
            Err(lopdf::Error::InvalidPassword) => Err(LopdfFault::Password("the password is wrong".into())),
            Err(lopdf::Error::Decryption(e)) => Err(LopdfFault::Password(e.to_string())),
            Err(_) => Err(LopdfFault::Other),
        }
    }
    fn of(document: Document) -> LopdfObjects {
        let trailer = dict_of(&document.trailer, 0);
        let generations = document.objects.keys().map(|id| (id.0, id.1)).collect();
        LopdfObjects { document, trailer, generations }
    }
    /// Tells whether the cross-references had to be repaired.
    pub(crate) fn was_rebuilt(&self) -> bool {
        self.document.xref_recovery.is_some()
    }
    fn find(&self, id: ObjectId) -> Option<(lopdf::ObjectId, &lopdf::Object)> {
        let objects = &self.document.objects;
        let id = (id.number, id.generation);
        let id = if objects.contains_key(&id) { id } else { (id.0, *self.generations.get(&id.0)?) };
        objects.get(&id).map(|o| (id, o))
    }
}

impl ObjectSource for LopdfObjects {
    fn object(&self, id: ObjectId, budget: &Budget) -> Object {
        match self.find(id) {
            Some((found, lopdf::Object::Stream(stream))) if budget.charge_parsed(stream.dict.len()) => {
                let id = ObjectId { number: found.0, generation: found.1 };
                Object::Stream(Stream { dict: dict_of(&stream.dict, 0), id })
            }
            Some((_, object)) if budget.charge_parsed(weight(object)) => object_of(object, 0),
            _ => Object::Null,
        }
    }
    fn stored_bytes(&self, id: ObjectId) -> Option<Cow<'_, [u8]>> {
        match self.find(id)? {
            (_, lopdf::Object::Stream(stream)) => Some(Cow::Borrowed(&stream.content)),
            _ => None,
        }
    }
    fn trailer(&self) -> &Dict {
        &self.trailer
    }
    fn all_ids(&self) -> Vec<ObjectId> {
        self.document.objects.keys().map(|id| ObjectId { number: id.0, generation: id.1 }).collect()
    }
    fn mention(&self, word: &[u8], _budget: &Budget) -> bool {
        let key = word.strip_prefix(b"/").unwrap_or(word);
        self.document.objects.values().any(|o| o.as_dict().is_ok_and(|d| d.has(key)))
    }
}

/// What converting an object costs, roughly.
fn weight(object: &lopdf::Object) -> usize {
    match object {
        lopdf::Object::Array(a) => a.len() + 1,
        lopdf::Object::Dictionary(d) => d.len() + 1,
        _ => 1,
    }
}

fn object_of(object: &lopdf::Object, depth: usize) -> Object {
    if depth > MAX_DEPTH {
        return Object::Null;
    }
    match object {
        lopdf::Object::Null => Object::Null,
        lopdf::Object::Boolean(b) => Object::Bool(*b),
        lopdf::Object::Integer(i) => Object::Int(*i),
        // By its shortest decimal form: `0.1` read as f32 is meant as 0.1.
        lopdf::Object::Real(r) => Object::Real(r.to_string().parse().unwrap_or(0.0)),
        lopdf::Object::Name(n) => Object::Name(Name::new(n)),
        lopdf::Object::String(s, _) => Object::Str(s.as_slice().into()),
        lopdf::Object::Array(a) => Object::Array(a.iter().map(|o| object_of(o, depth + 1)).collect()),
        lopdf::Object::Dictionary(d) => Object::Dict(dict_of(d, depth + 1)),
        lopdf::Object::Stream(s) => Object::Dict(dict_of(&s.dict, depth + 1)),
        lopdf::Object::Reference(id) => Object::Ref(ObjectId { number: id.0, generation: id.1 }),
    }
}

fn dict_of(dict: &lopdf::Dictionary, depth: usize) -> Dict {
    Dict::new(dict.iter().map(|(k, v)| (Name::new(k), object_of(v, depth + 1))).collect::<Vec<_>>())
}
