//! Reading the parts of font dictionaries: descriptor, CMaps, width arrays.

use super::cmap::{CMap, parse, predefined};
use super::to_unicode::ToUnicode;
use super::widths::{CidWidths, DEFAULT_VERTICAL, Item, Metrics, SimpleWidths};
use crate::object::{Dict, Object, ObjectId, Objects, Stream};
use jisseki_model::Warning;
use std::sync::Arc;

/// What a font descriptor says (Table 120).
#[derive(Debug, Clone, Default)]
pub(super) struct Descriptor {
    dict: Dict,
    flags: u32,
}

/// Flags of Table 121.
const FIXED_PITCH: u32 = 1;
const SERIF: u32 = 1 << 1;
const SYMBOLIC: u32 = 1 << 2;
const NONSYMBOLIC: u32 = 1 << 5;
const FORCE_BOLD: u32 = 1 << 18;

impl Descriptor {
    pub(super) fn load(objects: &Objects<'_>, font: &Dict) -> Descriptor {
        let dict = objects.get_dict(font, b"FontDescriptor").unwrap_or_default();
        let flags = objects.get(&dict, b"Flags").as_i64().and_then(|f| u32::try_from(f).ok()).unwrap_or(0);
        Descriptor { dict, flags }
    }
    /// Returns the stream of the embedded font program.
    pub(super) fn program(&self, objects: &Objects<'_>) -> Option<Stream> {
        [&b"FontFile2"[..], b"FontFile3", b"FontFile"].iter().find_map(|key| objects.get(&self.dict, key).as_stream().cloned())
    }
    /// Returns the font's name, as written.
    pub(super) fn name(&self, objects: &Objects<'_>) -> Object {
        objects.get(&self.dict, b"FontName")
    }
    /// Returns a number in 1/1000 em as ems, where it is plausible.
    fn ems(&self, objects: &Objects<'_>, key: &[u8]) -> Option<f32> {
        objects.get(&self.dict, key).as_f64().filter(|v| v.abs() < 3000.0).map(|v| v as f32 / 1000.0)
    }
    /// Returns the upper edge of the font's box in ems.
    pub(super) fn ascent(&self, objects: &Objects<'_>) -> f32 {
        self.ems(objects, b"Ascent").filter(|a| *a > 0.0).unwrap_or(0.88)
    }
    /// Returns the lower edge of the font's box in ems.
    pub(super) fn descent(&self, objects: &Objects<'_>) -> f32 {
        // Some producers write it as a positive number.
        self.ems(objects, b"Descent").map(|d| -d.abs()).filter(|d| *d < 0.0).unwrap_or(-0.12)
    }
    /// Returns `MissingWidth`.
    fn missing_width(&self, objects: &Objects<'_>) -> f32 {
        objects.get(&self.dict, b"MissingWidth").as_f64().map_or(0.0, |w| w as f32)
    }
    pub(super) fn is_fixed_pitch(&self) -> bool {
        self.flags & FIXED_PITCH != 0
    }
    pub(super) fn is_serif(&self) -> bool {
        self.flags & SERIF != 0
    }
    /// Tells whether the font's characters are outside the standard Latin set, so that no standard encoding can be presumed.
    pub(super) fn is_symbolic(&self) -> bool {
        self.flags & SYMBOLIC != 0 && self.flags & NONSYMBOLIC == 0
    }
    /// Tells whether the font is bold by flag, weight or name.
    pub(super) fn is_bold(&self, objects: &Objects<'_>, name: &str) -> bool {
        let lower = name.to_ascii_lowercase();
        let by_name =
            ["bold", "heavy", "black", "demi", "-w6", "-w7", "-w8", "-w9"].iter().any(|w| lower.contains(w)) || name.contains('太');
        let by_weight = objects.get(&self.dict, b"FontWeight").as_f64().is_some_and(|w| w >= 600.0);
        by_name || by_weight || self.flags & FORCE_BOLD != 0
    }
}

/// Returns a font's `ToUnicode`; a name (`Identity-H`) in its place says nothing.
pub(super) fn to_unicode(objects: &Objects<'_>, font: &Dict, fits: impl Fn(u8) -> bool, warnings: &mut Vec<Warning>) -> Option<ToUnicode> {
    let object = objects.get(font, b"ToUnicode");
    let parsed = parse(&stream_to_bytes(objects, object.as_stream()?), objects.limits().map_ranges);
    if parsed.truncated {
        warnings.push(Warning::new("font/limit", "a ToUnicode CMap has more entries than the limit; the rest was left out"));
    }
    Some(ToUnicode::new(parsed, fits))
}

fn stream_to_bytes(objects: &Objects<'_>, stream: &Stream) -> Vec<u8> {
    objects.stream_bytes(stream, objects.limits().cmap_bytes).bytes
}

/// Returns the CMap of `/Encoding` (or `/UseCMap`): a predefined one by name, or a stream.
pub(super) fn encoding_cmap(objects: &Objects<'_>, object: &Object, warnings: &mut Vec<Warning>) -> Arc<CMap> {
    let mut visited = Vec::new();
    match object_to_cmap(objects, object, &mut visited, warnings) {
        Some(cmap) => cmap,
        None => {
            let name = object.as_name().map(|n| String::from_utf8_lossy(n).into_owned()).unwrap_or_default();
            warnings
                .push(Warning::new("font/unknown-cmap", format!("the CMap `{name}` is not known; its codes were read as two bytes each")));
            Arc::new(CMap::new(name.ends_with("-V"), None, Vec::new(), Vec::new(), None))
        }
    }
}

fn object_to_cmap(objects: &Objects<'_>, object: &Object, visited: &mut Vec<ObjectId>, warnings: &mut Vec<Warning>) -> Option<Arc<CMap>> {
    let stream = match object {
        Object::Name(name) => return predefined(name.as_bytes()),
        Object::Stream(stream) => stream,
        // Without any encoding two-byte codes are CIDs: what all readers do.
        Object::Null => return predefined(b"Identity-H"),
        _ => return None,
    };
    if visited.contains(&stream.id) || visited.len() >= objects.limits().use_cmap_depth {
        warnings.push(Warning::new("font/limit", "a CMap uses itself or nests too deep; the inner one was left out"));
        return None;
    }
    visited.push(stream.id);
    let parsed = parse(&stream_to_bytes(objects, stream), objects.limits().map_ranges);
    if parsed.truncated {
        warnings.push(Warning::new("font/limit", "an embedded CMap has more ranges than the limit; the rest was left out"));
    }
    let used = objects.get(&stream.dict, b"UseCMap");
    let parent = match &used {
        Object::Null => parsed.parent.as_deref().and_then(predefined),
        used => object_to_cmap(objects, used, visited, warnings),
    };
    let by_dict = objects.get(&stream.dict, b"WMode").as_i64().map(|w| w == 1);
    let vertical = by_dict.or(parsed.vertical).or(parent.as_ref().map(|p| p.vertical)).unwrap_or(false);
    let nothing = parsed.cids.is_empty() && parent.is_none();
    // An embedded CMap named Identity-H that leaves its ranges out means what its name says.
    if nothing {
        return Some(Arc::new(CMap::identity(vertical)));
    }
    let ordering = parsed.ordering.or(parent.as_ref().and_then(|p| p.ordering.clone()));
    Some(Arc::new(CMap::new(vertical, ordering, parsed.spaces, parsed.cids, parent)))
}

/// Returns a CIDFont's `W`, `DW`, `W2` and `DW2`.
pub(super) fn cid_widths(objects: &Objects<'_>, font: &Dict) -> CidWidths {
    let max = objects.limits().map_ranges;
    let vertical_default = objects.get_numbers::<2>(font, b"DW2").map(|[_, advance]| advance as f32);
    CidWidths {
        horizontal: metrics(objects, font, b"W", max),
        default: objects.get(font, b"DW").as_f64().map(|w| w as f32),
        vertical: metrics(objects, font, b"W2", max),
        vertical_default: vertical_default.filter(|advance| *advance != 0.0).unwrap_or(DEFAULT_VERTICAL),
    }
}

fn metrics<const N: usize>(objects: &Objects<'_>, font: &Dict, key: &[u8], max: usize) -> Metrics<N> {
    let array = objects.get(font, key);
    let list_of = |list: &[Object]| Item::List(list.iter().take(max).map(|o| objects.number(o).unwrap_or(f64::NAN)).collect());
    let item_of = |o: &Object| match (o, o.as_f64()) {
        (_, Some(n)) => Item::Number(n),
        (Object::Array(list), _) => list_of(list),
        _ => Item::Other,
    };
    let items = array.as_array().unwrap_or_default().iter().take(max.saturating_mul(4)).map(|o| match o {
        Object::Ref(_) => item_of(&objects.resolve(o)),
        direct => item_of(direct),
    });
    Metrics::new(items, max)
}

/// Returns a simple font's `FirstChar`, `Widths` and `MissingWidth`.
pub(super) fn simple_widths(objects: &Objects<'_>, font: &Dict, descriptor: &Descriptor) -> SimpleWidths {
    let first = objects.get(font, b"FirstChar").as_i64().and_then(|f| u32::try_from(f).ok()).unwrap_or(0);
    let array = objects.get(font, b"Widths");
    let widths = array.as_array().unwrap_or_default().iter().take(256).map(|w| objects.number(w).map_or(0.0, |w| w as f32));
    SimpleWidths { first, widths: widths.collect(), missing: descriptor.missing_width(objects) }
}
