//! What the fuzz targets (`fuzz/`) call: parsers on any bytes, and what must hold of their results. Tests call them too.

use super::cmap::{CMap, parse};
use super::program::Program;
use super::to_unicode::{ToUnicode, is_sound};
use super::widths::{CidWidths, DEFAULT_VERTICAL, Item, Metrics, SimpleWidths};

/// Ranges at most in what is fuzzed: small, so that the limit is hit.
const MAX: usize = 500;

/// Reads bytes as an encoding CMap and as a `ToUnicode`, and decodes them by themselves.
///
/// Panics where a limit or an invariant is broken: that is what a fuzz target reports.
pub fn cmap(data: &[u8]) {
    let parsed = parse(data, MAX);
    assert!(parsed.cids.len() + parsed.texts.len() + parsed.spaces.len() <= MAX);
    let codes: Vec<u32> = parsed.texts.iter().flat_map(|t| [t.1, t.2]).chain([0, 0x41, 0xFFFF]).collect();
    let cmap = CMap::new(false, None, parsed.spaces.clone(), parsed.cids.clone(), None);
    let mut rest = data;
    let mut steps = 0;
    while let Some((code, len)) = cmap.take_code(&mut rest) {
        assert!((1..=4).contains(&len));
        let _ = cmap.cid(code, len);
        steps += 1;
    }
    assert!(steps <= data.len());
    let map = ToUnicode::new(parsed, |len| len == 2);
    for text in codes.iter().flat_map(|&c| [map.text(c), map.last_resort(c)]).flatten() {
        assert!(is_sound(&text), "{text:?}");
    }
}

/// Reads bytes as width arrays: eight bytes a number, lists where the first byte says so.
pub fn widths(data: &[u8]) {
    let number = |chunk: &[u8]| chunk.try_into().map_or(0.0, f64::from_le_bytes);
    let item = |chunk: &[u8]| match chunk.first() {
        Some(b) if b % 5 == 0 => Item::List(chunk.iter().map(|&b| f64::from(b) * 10.0).collect()),
        Some(b) if b % 7 == 0 => Item::Other,
        Some(b) if b % 2 == 0 => Item::Number(f64::from(*b) * 100.0),
        _ => Item::Number(number(chunk)),
    };
    let items = || data.chunks(8).map(item);
    let widths = CidWidths {
        horizontal: Metrics::new(items(), MAX),
        default: data.first().map(|&b| f32::from(b)),
        vertical: Metrics::new(items(), MAX),
        vertical_default: DEFAULT_VERTICAL,
    };
    for cid in (0..0x1_0000).step_by(17) {
        assert!(widths.width(cid).is_finite() && widths.vertical(cid).is_finite());
    }
    let simple = SimpleWidths {
        first: data.first().map_or(0, |&b| u32::from(b)),
        widths: data.iter().map(|&b| f32::from(b)).collect(),
        missing: 1.0,
    };
    assert!((0..512).all(|c| simple.width(c).is_none_or(f32::is_finite)));
}

/// Reads bytes as a font program and asks it everything.
pub fn program(data: &[u8]) {
    let program = Program::new(data.to_vec());
    let _ = program.ordering();
    for code in 0..=255u8 {
        let _ = (program.builtin_name(code), program.code_to_glyph(u32::from(code)));
    }
    for gid in (0..300).chain([0x7FFF, 0xFFFF, u32::MAX]) {
        let _ = (program.glyph_char(gid), program.glyph_private(gid), program.glyph_name(gid), program.cid_to_glyph(gid));
        assert!(program.advance(gid).is_none_or(f32::is_finite));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    /// The test programs with bytes changed: every parser's sound paths with one fault each.
    const PROGRAMS: [&[u8]; 8] = [
        include_bytes!("../../tests/fonts/unicode_cmap.ttf"),
        include_bytes!("../../tests/fonts/mac_and_unicode.ttf"),
        include_bytes!("../../tests/fonts/post_names.ttf"),
        include_bytes!("../../tests/fonts/symbol_cmap.ttf"),
        include_bytes!("../../tests/fonts/names.cff"),
        include_bytes!("../../tests/fonts/japan1.cff"),
        include_bytes!("../../tests/fonts/names.pfa"),
        include_bytes!("../../tests/fonts/long_cmap.ttf"),
    ];

    proptest! {
        #[test]
        fn damaged_programs(which in 0..PROGRAMS.len(), faults in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>()) {
            let mut bytes = PROGRAMS[which].to_vec();
            for (at, value) in faults {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            super::program(&bytes);
            bytes.truncate(cut.index(bytes.len()));
            super::program(&bytes);
        }

        #[test]
        fn any_bytes(data in prop::collection::vec(any::<u8>(), 0..300)) {
            super::cmap(&data);
            super::widths(&data);
            super::program(&data);
        }
    }
}
