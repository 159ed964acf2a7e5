//! Optional content (ISO 32000-2 §8.11): which groups are off in the default configuration.

use crate::object::{Dict, Object, ObjectId, Objects};
use std::collections::HashSet;

/// Groups that are off when the document is opened.
#[derive(Debug, Default)]
pub(crate) struct OptionalContent {
    off: HashSet<ObjectId>,
    /// `/BaseState /OFF`: everything but these.
    only_on: Option<HashSet<ObjectId>>,
}

/// Groups and members that are looked at. Guess.
const MAX_GROUPS: usize = 10_000;

impl OptionalContent {
    pub(crate) fn load(objects: &Objects<'_>, catalog: &Dict) -> OptionalContent {
        let Some(properties) = objects.get_dict(catalog, b"OCProperties") else { return OptionalContent::default() };
        let config = objects.get_dict(&properties, b"D").unwrap_or_default();
        let groups = |key: &[u8]| -> HashSet<ObjectId> {
            let list = objects.get(&config, key);
            list.as_array().unwrap_or_default().iter().take(MAX_GROUPS).filter_map(Object::as_ref_id).collect()
        };
        let base_off = objects.get(&config, b"BaseState").as_name() == Some(b"OFF");
        OptionalContent { off: groups(b"OFF"), only_on: base_off.then(|| groups(b"ON")) }
    }
    /// Tells whether a group or a membership dictionary is off.
    pub(crate) fn is_off(&self, objects: &Objects<'_>, object: &Object) -> bool {
        if self.off.is_empty() && self.only_on.is_none() {
            return false;
        }
        let Some(dict) = objects.resolve(object).as_dict().cloned() else { return false };
        if !dict.is(b"Type", b"OCMD") {
            return self.is_group_off(object);
        }
        let list = match dict.get(b"OCGs") {
            Some(one @ Object::Ref(_)) => match objects.resolve(one) {
                Object::Array(a) => a.to_vec(),
                _ => vec![one.clone()],
            },
            Some(Object::Array(a)) => a.to_vec(),
            _ => return false,
        };
        let mut states = list.iter().take(MAX_GROUPS).filter(|o| o.as_ref_id().is_some()).map(|o| !self.is_group_off(o));
        if list.is_empty() {
            return false;
        }
        let visible = match objects.get(&dict, b"P").as_name() {
            Some(b"AllOn") => states.all(|on| on),
            Some(b"AnyOff") => states.any(|on| !on),
            Some(b"AllOff") => states.all(|on| !on),
            _ => states.any(|on| on),
        };
        !visible
    }
    fn is_group_off(&self, group: &Object) -> bool {
        let Some(id) = group.as_ref_id() else { return false };
        match &self.only_on {
            Some(on) => !on.contains(&id),
            None => self.off.contains(&id),
        }
    }
}
