//! `ActualText` of structure elements (ISO 32000-2 §14.7, §14.9.4): the text that stands for the marked content below an element.
//!
//! Of the structure tree nothing else is read. Files whose objects don't hold the word are told by one search and cost no more.

use crate::object::{Dict, Object, ObjectId, Objects};
use crate::text_string::text_string;
use crate::tree::PageObject;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// The replacement texts of a document's structure elements.
#[derive(Debug, Default)]
pub(crate) struct Structure {
    /// The number tree from a page's `/StructParents` to its elements; none where no element has a text of its own.
    parents: OnceLock<Option<Dict>>,
}

/// A text and the marked content of one page that it stands for.
#[derive(Debug, PartialEq)]
pub(crate) struct Replacement {
    pub(crate) mcids: Vec<u32>,
    pub(crate) text: String,
}

/// Elements above an element; nodes of a number tree above a leaf. Picked by gut feeling: real trees have ten levels.
const MAX_DEPTH: usize = 32;
/// Nodes of a number tree and parts of one element that are looked at. Guess.
const MAX_NODES: usize = 4096;
/// Pairs of a number tree's leaf that are looked through where bisection finds nothing.
const MAX_UNSORTED: usize = 256;

impl Structure {
    /// Returns what replaces the content of a page.
    pub(crate) fn replacements(&self, objects: &Objects<'_>, page: &PageObject) -> Vec<Replacement> {
        let Some(key) = objects.get(&page.dict, b"StructParents").as_i64() else { return Vec::new() };
        let Some(tree) = self.parents.get_or_init(|| parent_tree(objects)) else { return Vec::new() };
        let elements = tree_lookup(objects, tree, key);
        let mut owners: HashMap<ObjectId, Option<ObjectId>> = HashMap::new();
        let mut mcids: BTreeMap<ObjectId, Vec<u32>> = BTreeMap::new();
        for (element, mcid) in elements.as_array().unwrap_or_default().iter().take(objects.limits().map_ranges).zip(0u32..) {
            let Some(id) = element.as_ref_id() else { continue };
            if let Some(owner) = *owners.entry(id).or_insert_with(|| owner_of(objects, id))
                && lists(objects, id, mcid)
            {
                mcids.entry(owner).or_default().push(mcid);
            }
        }
        let text_of =
            |owner: ObjectId| objects.object(owner).as_dict().and_then(|d| objects.get(d, b"ActualText").as_str().map(text_string));
        mcids
            .into_iter()
            .filter(|(owner, _)| lies_on(objects, *owner, page.id))
            .filter_map(|(owner, mcids)| Some(Replacement { mcids, text: text_of(owner)? }))
            .collect()
    }
}

/// The number tree of a document some element of which has an `ActualText`.
fn parent_tree(objects: &Objects<'_>) -> Option<Dict> {
    let root = objects.get_dict(objects.trailer(), b"Root")?;
    let tree = objects.get_dict(&root, b"StructTreeRoot")?;
    objects.mention(b"/ActualText").then(|| objects.get_dict(&tree, b"ParentTree")).flatten()
}

/// Looks a key up in a number tree (§7.9.7).
fn tree_lookup(objects: &Objects<'_>, root: &Dict, key: i64) -> Object {
    let mut todo = vec![(root.clone(), 0)];
    let mut n_nodes = 0;
    while let Some((node, depth)) = todo.pop() {
        n_nodes += 1;
        if n_nodes > MAX_NODES || depth > MAX_DEPTH {
            break;
        }
        let numbers = objects.get(&node, b"Nums");
        let (pairs, _) = numbers.as_array().unwrap_or_default().as_chunks::<2>();
        let at = pairs.binary_search_by_key(&Some(key), |[k, _]| k.as_i64());
        // Keys are in order; where they are not, a short list is looked through.
        let unsorted = || pairs.iter().take(MAX_UNSORTED).find(|[k, _]| k.as_i64() == Some(key));
        let pair = at.ok().and_then(|at| pairs.get(at)).or_else(unsorted);
        if let Some([_, value]) = pair {
            return objects.resolve(value);
        }
        let kids = objects.get(&node, b"Kids");
        for kid in kids.as_array().unwrap_or_default().iter().take(MAX_NODES) {
            let Some(kid) = objects.resolve(kid).as_dict().cloned() else { continue };
            let may_hold = objects.get_numbers::<2>(&kid, b"Limits").is_none_or(|[low, high]| low <= key as f64 && key as f64 <= high);
            if may_hold {
                todo.push((kid, depth + 1));
            }
        }
    }
    Object::Null
}

/// Returns the outermost element at or above this one that has a text of its own.
fn owner_of(objects: &Objects<'_>, element: ObjectId) -> Option<ObjectId> {
    let (mut owner, mut here) = (None, Some(element));
    for _ in 0..MAX_DEPTH {
        let Some(id) = here else { break };
        let Some(dict) = objects.object(id).as_dict().cloned() else { break };
        if dict.get(b"ActualText").is_some() {
            owner = Some(id);
        }
        here = dict.get(b"P").and_then(Object::as_ref_id);
    }
    owner
}

/// Tells whether an element lists a mark of content among its own: some editors leave a parent tree that points to the elements beside.
fn lists(objects: &Objects<'_>, element: ObjectId, mcid: u32) -> bool {
    let is_it = |kid: &Object| {
        let kid = objects.resolve(kid);
        kid.as_i64().or_else(|| objects.get(kid.as_dict()?, b"MCID").as_i64()) == Some(i64::from(mcid))
    };
    let Some(dict) = objects.object(element).as_dict().cloned() else { return false };
    match objects.get(&dict, b"K") {
        Object::Array(kids) => kids.iter().take(MAX_NODES).any(is_it),
        kid => is_it(&kid),
    }
}

/// Tells whether all content of an element lies on this page: a text that stands for two pages can't be shared out.
fn lies_on(objects: &Objects<'_>, element: ObjectId, page: Option<ObjectId>) -> bool {
    let mut todo = vec![(Object::Ref(element), page)];
    let mut n_parts = 0;
    while let Some((part, inherited)) = todo.pop() {
        n_parts += 1;
        if n_parts > MAX_NODES {
            return false;
        }
        let part = objects.resolve(&part);
        let Some(dict) = part.as_dict() else { continue };
        let here = dict.get(b"Pg").and_then(Object::as_ref_id).or(inherited);
        if here != page {
            return false;
        }
        match objects.get(dict, b"K") {
            Object::Array(kids) => todo.extend(kids.iter().take(MAX_NODES).map(|k| (k.clone(), here))),
            Object::Null | Object::Int(_) => {}
            kid => todo.push((kid, here)),
        }
    }
    true
}
