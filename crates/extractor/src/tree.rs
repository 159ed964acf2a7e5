//! The page tree (ISO 32000-2 §7.7.3), walked with a visited set and inherited attributes.

use crate::object::{Dict, Object, ObjectId, Objects};
use jisseki_model::{Affine, Rect, Warning};
use std::collections::HashSet;
use std::sync::Arc;

/// Where the tree has a page.
#[derive(Debug, Clone)]
pub(crate) struct PageEntry {
    /// The leaf: a reference as a rule.
    node: Object,
    /// What the nodes above it hand down.
    inherited: Arc<Attributes>,
}

/// A page object.
#[derive(Debug, Clone)]
pub(crate) struct PageObject {
    pub(crate) id: Option<ObjectId>,
    pub(crate) dict: Dict,
    pub(crate) attributes: Attributes,
}

impl PageEntry {
    /// Reads the page object; none where the document has had its budget.
    pub(crate) fn read(&self, objects: &Objects<'_>) -> Option<PageObject> {
        let dict = objects.resolve(&self.node).as_dict().cloned()?;
        Some(PageObject { id: self.node.as_ref_id(), attributes: self.inherited.with(&dict), dict })
    }
}

/// What pages inherit (Table 30).
#[derive(Debug, Clone, Default)]
pub(crate) struct Attributes {
    pub(crate) resources: Option<Object>,
    media_box: Option<Object>,
    crop_box: Option<Object>,
    rotate: Option<Object>,
}

/// How user space lies on the page as seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Geometry {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) rotate: u16,
    /// User space to page space.
    pub(crate) base: Affine,
    /// No MediaBox could be read: the size is presumed, and text may lie outside it.
    pub(crate) presumed: bool,
}

impl Attributes {
    fn with(&self, dict: &Dict) -> Attributes {
        let own = |key: &[u8], inherited: &Option<Object>| dict.get(key).filter(|o| !o.is_null()).cloned().or_else(|| inherited.clone());
        Attributes {
            resources: own(b"Resources", &self.resources),
            media_box: own(b"MediaBox", &self.media_box),
            crop_box: own(b"CropBox", &self.crop_box),
            rotate: own(b"Rotate", &self.rotate),
        }
    }
}

/// Returns the pages in order. Where the tree gives none, every object that says it is a page counts.
pub(crate) fn walk_pages(objects: &Objects<'_>, warnings: &mut Vec<Warning>) -> Vec<PageEntry> {
    let root = objects.get_dict(objects.trailer(), b"Root").unwrap_or_default();
    let mut walk = Walk { objects, seen: HashSet::new(), pages: Vec::new(), cut: false };
    if let Some(pages) = root.get(b"Pages") {
        walk.node(pages, &Arc::default(), 0);
    }
    let Walk { mut pages, cut, .. } = walk;
    if pages.is_empty() {
        pages = stray_pages(objects);
        if !pages.is_empty() {
            warnings.push(Warning::new("pdf/partial", "the page tree can't be walked; pages were taken in the order of their objects"));
        }
    } else if cut {
        warnings.push(Warning::new("pdf/partial", "the page tree has missing, repeated or too many parts; they were left out"));
    }
    pages
}

struct Walk<'o, 'a> {
    objects: &'o Objects<'a>,
    seen: HashSet<ObjectId>,
    pages: Vec<PageEntry>,
    cut: bool,
}

impl Walk<'_, '_> {
    fn node(&mut self, node: &Object, inherited: &Arc<Attributes>, depth: usize) {
        let limits = self.objects.limits();
        if depth > limits.page_tree_depth || self.pages.len() >= limits.pages {
            self.cut = true;
            return;
        }
        let leaf = || PageEntry { node: node.clone(), inherited: Arc::clone(inherited) };
        if node.as_ref_id().is_some_and(|id| self.objects.is_plain_page(id)) {
            self.pages.push(leaf());
            return;
        }
        let Some(dict) = self.objects.resolve(node).as_dict().cloned() else {
            self.cut = true;
            return;
        };
        let kids = self.objects.get(&dict, b"Kids");
        match kids.as_array() {
            Some(kids) => {
                // A shared node would multiply its pages: sound trees have none.
                if node.as_ref_id().is_some_and(|id| !self.seen.insert(id)) {
                    self.cut = true;
                    return;
                }
                let attributes = Arc::new(inherited.with(&dict));
                for kid in kids {
                    self.node(kid, &attributes, depth + 1);
                    if self.pages.len() >= limits.pages {
                        self.cut = true;
                        return;
                    }
                }
            }
            // An empty branch; but a page that only calls itself one has content.
            None if dict.is(b"Type", b"Pages") && dict.get(b"Contents").is_none() => {}
            None => self.pages.push(leaf()),
        }
    }
}

fn stray_pages(objects: &Objects<'_>) -> Vec<PageEntry> {
    let dicts = objects.all_ids().into_iter().filter_map(|id| Some((id, objects.object(id).as_dict().cloned()?)));
    dicts
        .filter(|(_, d)| d.is(b"Type", b"Page"))
        .take(objects.limits().pages)
        .map(|(id, dict)| PageEntry { node: Object::Ref(id), inherited: Arc::new(inherited_upwards(objects, &dict)) })
        .collect()
}

/// Attributes along `/Parent`, for pages that no tree led to.
fn inherited_upwards(objects: &Objects<'_>, dict: &Dict) -> Attributes {
    let mut chain = vec![dict.clone()];
    while chain.len() < 16
        && let Some(parent) = chain.last().and_then(|d| objects.get_dict(d, b"Parent"))
    {
        chain.push(parent);
    }
    chain.iter().rev().fold(Attributes::default(), |a, d| a.with(d))
}

/// US Letter, which the other readers fall back to.
const DEFAULT_BOX: [f64; 4] = [0.0, 0.0, 612.0, 792.0];
/// Boxes of this side and less can't hold text; guess.
const MIN_SIDE: f64 = 1.0;

/// Returns the page's size and the map from user space: CropBox, `/Rotate` and `/UserUnit` applied once.
pub(crate) fn page_geometry(objects: &Objects<'_>, page: &PageObject) -> Geometry {
    let attributes = &page.attributes;
    let media = attributes.media_box.as_ref().and_then(|b| object_to_box(objects, b));
    let presumed = media.is_none();
    let media = media.unwrap_or(Rect { x0: DEFAULT_BOX[0], y0: DEFAULT_BOX[1], x1: DEFAULT_BOX[2], y1: DEFAULT_BOX[3] });
    let crop = attributes.crop_box.as_ref().and_then(|b| object_to_box(objects, b)).map(|c| c.intersection(media));
    let seen = crop.filter(|c| c.width() >= MIN_SIDE && c.height() >= MIN_SIDE).unwrap_or(media);
    let rotate = attributes.rotate.as_ref().and_then(|r| objects.resolve(r).as_i64()).unwrap_or(0);
    let quarter = if rotate % 90 == 0 { (rotate / 90).rem_euclid(4) } else { 0 };
    let unit = objects.get(&page.dict, b"UserUnit").as_f64().filter(|u| (0.01..=1000.0).contains(u)).unwrap_or(1.0);
    let (w, h) = (seen.width() * unit, seen.height() * unit);
    let to_origin = Affine::new([unit, 0.0, 0.0, unit, -seen.x0 * unit, -seen.y0 * unit]);
    // y is turned down in the same step as the page is turned clockwise.
    let (turn, width, height) = match quarter {
        0 => ([1.0, 0.0, 0.0, -1.0, 0.0, h], w, h),
        1 => ([0.0, 1.0, 1.0, 0.0, 0.0, 0.0], h, w),
        2 => ([-1.0, 0.0, 0.0, 1.0, w, 0.0], w, h),
        _ => ([0.0, -1.0, -1.0, 0.0, h, w], h, w),
    };
    let rotate = u16::try_from(quarter * 90).unwrap_or(0);
    Geometry { width, height, rotate, base: to_origin.then(&Affine::new(turn)), presumed }
}

/// Reads a rectangle given by any two corners; none where it is not four finite numbers or has no area.
pub(crate) fn object_to_box(objects: &Objects<'_>, object: &Object) -> Option<Rect> {
    let array = objects.resolve(object);
    let mut numbers = array.as_array()?.iter().map(|o| objects.resolve(o).as_f64());
    let mut next = || numbers.next().flatten().filter(|v| v.abs() <= objects.limits().coordinate);
    let rect = Rect::new(next()?, next()?, next()?, next()?);
    (rect.width() >= MIN_SIDE && rect.height() >= MIN_SIDE).then_some(rect)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Name;
    use crate::testing::objects_of;

    fn check(rotate: i64, point: (f64, f64), expected: (f64, f64)) {
        let objects = objects_of(b"");
        let numbers = |v: [i64; 4]| Object::Array(v.map(Object::Int).to_vec().into());
        let dict = Dict::new(vec![
            (Name::new(b"MediaBox"), numbers([0, 0, 300, 400])),
            (Name::new(b"CropBox"), numbers([110, 20, 10, 220])),
            (Name::new(b"Rotate"), Object::Int(rotate)),
            (Name::new(b"UserUnit"), Object::Int(2)),
        ]);
        let page = PageEntry { node: Object::Dict(dict), inherited: Arc::default() }.read(&objects).expect("reads");
        let geometry = page_geometry(&objects, &page);
        let p = geometry.base.apply(point.0, point.1);
        assert_eq!((p.x, p.y), expected, "rotate {rotate}");
        let turned = rotate.rem_euclid(180) == 90;
        assert_eq!((geometry.width, geometry.height), if turned { (400.0, 200.0) } else { (200.0, 400.0) });
    }

    #[test]
    fn crop_box_rotation_and_user_unit_are_applied_once() {
        // 30 right of and 50 above the crop box's lower left corner.
        check(0, (40.0, 70.0), (60.0, 300.0));
        check(90, (40.0, 70.0), (100.0, 60.0));
        check(180, (40.0, 70.0), (140.0, 100.0));
        check(-90, (40.0, 70.0), (300.0, 140.0));
    }
}
