//! ToUnicode CMaps (ISO 32000-2 §9.10.3): ranges stay ranges.

use crate::object::{Objects, Stream};
use smol_str::SmolStr;

/// Code ranges to text.
#[derive(Debug, Default)]
pub(super) struct CMap {
    /// First code, last code, UTF-16 units of the first.
    ranges: Vec<(u32, u32, Vec<u16>)>,
}

impl CMap {
    pub(super) fn load(objects: &Objects<'_>, stream: &Stream) -> CMap {
        let bytes = objects.stream_bytes(stream, objects.limits().cmap_bytes).bytes;
        let mut map = CMap::parse(&bytes, objects.limits().map_ranges);
        map.ranges.sort_by_key(|r| r.0);
        map
    }
    fn parse(bytes: &[u8], max: usize) -> CMap {
        let mut ranges = Vec::new();
        let mut pending: Vec<Vec<u8>> = Vec::new();
        let mut array: Option<Vec<Vec<u8>>> = None;
        let mut mode = b' ';
        let mut rest = bytes;
        while let Some((&b, after)) = rest.split_first() {
            rest = after;
            match b {
                b'<' if rest.first() != Some(&b'<') => {
                    let end = rest.iter().position(|&c| c == b'>').unwrap_or(rest.len());
                    let hex = hex(rest.get(..end).unwrap_or_default());
                    rest = rest.get(end..).unwrap_or_default();
                    match &mut array {
                        Some(items) => items.push(hex),
                        None => pending.push(hex),
                    }
                }
                b'[' => array = Some(Vec::new()),
                b']' => {
                    let (items, low) = (array.take().unwrap_or_default(), pending.first().map(|l| number(l)));
                    if let (b'r', Some(low)) = (mode, low) {
                        ranges.extend((low..).zip(items).map(|(code, to)| (code, code, units(&to))));
                    }
                    pending.clear();
                }
                b'b' if rest.starts_with(b"eginbfchar") => mode = b'c',
                b'b' if rest.starts_with(b"eginbfrange") => mode = b'r',
                b'e' if rest.starts_with(b"ndbf") => mode = b' ',
                _ => continue,
            }
            match (mode, &pending[..]) {
                (b'c', [code, to]) => ranges.push((number(code), number(code), units(to))),
                (b'r', [low, high, to]) => ranges.push((number(low), number(high), units(to))),
                (b' ', _) => {}
                _ => continue,
            }
            pending.clear();
            if ranges.len() >= max {
                break;
            }
        }
        CMap { ranges }
    }
    pub(super) fn text(&self, code: u32) -> Option<SmolStr> {
        let after = self.ranges.partition_point(|r| r.0 <= code);
        let (low, _, to) = after.checked_sub(1).and_then(|i| self.ranges.get(i)).filter(|r| code <= r.1)?;
        let mut to = to.clone();
        if let Some(last) = to.last_mut() {
            *last = last.wrapping_add(u16::try_from(code - low).ok()?);
        }
        let text: String = char::decode_utf16(to).map(|c| c.ok()).collect::<Option<String>>()?;
        (!text.is_empty() && text != "\0").then(|| text.into())
    }
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = digits.iter().filter_map(|&d| (d as char).to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |n, d| n << 4 | d)).collect()
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |n, &b| n << 8 | u32::from(b))
}

fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks(2).take(64).map(|pair| pair.iter().fold(0, |n, &b| n << 8 | u16::from(b))).collect()
}
