//! Advance widths (ISO 32000-2 §9.7.4.3, §9.6.2): ranges stay ranges.

use crate::object::{Dict, Object, Objects};

/// Widths by CID or code.
#[derive(Debug, Default)]
pub(super) struct Widths {
    ranges: Vec<(u32, u32, f32)>,
    default: f32,
}

impl Widths {
    pub(super) fn load(objects: &Objects<'_>, dict: &Dict, composite: bool) -> Widths {
        let mut widths = Widths::default();
        if !composite {
            let first = objects.get(dict, b"FirstChar").as_i64().and_then(|f| u32::try_from(f).ok()).unwrap_or(0);
            let array = objects.get(dict, b"Widths");
            for (code, w) in (first..=255).zip(array.as_array().unwrap_or_default()) {
                widths.ranges.extend(objects.resolve(w).as_f64().map(|w| (code, code, w as f32)));
            }
            return widths;
        }
        widths.default = objects.get(dict, b"DW").as_f64().unwrap_or(1000.0) as f32;
        let array = objects.get(dict, b"W");
        let mut items = array.as_array().unwrap_or_default().iter().map(|o| objects.resolve(o)).take(3 * objects.limits().map_ranges);
        while let (Some(first), Some(second)) = (items.next(), items.next()) {
            let Some(first) = first.as_i64().and_then(|f| u32::try_from(f).ok()) else { continue };
            match second {
                Object::Array(list) => {
                    for (cid, w) in (first..).zip(list.iter()) {
                        widths.ranges.extend(objects.resolve(w).as_f64().map(|w| (cid, cid, w as f32)));
                    }
                }
                last => {
                    let (Some(last), Some(Some(w))) = (last.as_i64().and_then(|f| u32::try_from(f).ok()), items.next().map(|w| w.as_f64()))
                    else {
                        break;
                    };
                    widths.ranges.push((first, last, w as f32));
                }
            }
        }
        widths.ranges.sort_by_key(|r| r.0);
        widths
    }
    pub(super) fn of(&self, cid: u32) -> f32 {
        let after = self.ranges.partition_point(|r| r.0 <= cid);
        let range = after.checked_sub(1).and_then(|i| self.ranges.get(i));
        range.filter(|r| cid <= r.1).map_or(self.default, |r| r.2)
    }
}
