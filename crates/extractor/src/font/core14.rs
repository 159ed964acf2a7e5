//! Widths of the standard 14 fonts, for files that leave `Widths` out (ISO 32000-2 §9.6.2.2), and of the fonts that stand in for others.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Widths by glyph name (by `data/generate_tables.py`, from Adobe's AFM files: `data/LICENSE-afm.txt`).
const WIDTHS: &str = include_str!("data/core14_widths.tsv");

/// A face of the table; the numbers are its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    Courier = 0,
    Helvetica = 1,
    HelveticaBold = 2,
    Times = 3,
    TimesBold = 4,
    TimesItalic = 5,
    TimesBoldItalic = 6,
    Symbol = 7,
    ZapfDingbats = 8,
}

/// Returns the face that a font's name, or else its descriptor's flags (Table 121), ask for.
pub(super) fn face(name: &str, fixed_pitch: bool, serif: bool) -> Face {
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    let bold = name.contains("bold") || name.contains("black") || name.contains("heavy");
    let italic = name.contains("italic") || name.contains("oblique");
    if name.contains("courier") || fixed_pitch {
        Face::Courier
    } else if name.starts_with("symbol") {
        Face::Symbol
    } else if name.contains("dingbats") {
        Face::ZapfDingbats
    } else if name.contains("times") || serif && !name.contains("helvetica") && !name.contains("arial") {
        match (bold, italic) {
            (false, false) => Face::Times,
            (true, false) => Face::TimesBold,
            (false, true) => Face::TimesItalic,
            (true, true) => Face::TimesBoldItalic,
        }
    } else if bold {
        Face::HelveticaBold
    } else {
        Face::Helvetica
    }
}

impl Face {
    /// Returns a glyph's width in 1/1000 em.
    pub(super) fn width(self, glyph_name: &str) -> Option<f32> {
        static TABLE: OnceLock<HashMap<&'static str, [u16; 9]>> = OnceLock::new();
        if self == Face::Courier {
            return Some(600.0);
        }
        let table = TABLE.get_or_init(|| WIDTHS.lines().filter(|l| !l.starts_with('#')).filter_map(line_to_widths).collect());
        let width = *table.get(glyph_name)?.get(self as usize)?;
        (width > 0).then_some(f32::from(width))
    }
    /// Returns the width where the glyph is not known: that of a figure, the commonest one.
    pub(super) fn default_width(self) -> f32 {
        match self {
            Face::Courier => 600.0,
            Face::Helvetica | Face::HelveticaBold => 556.0,
            Face::ZapfDingbats => 788.0,
            _ => 500.0,
        }
    }
}

fn line_to_widths(line: &'static str) -> Option<(&'static str, [u16; 9])> {
    let mut cells = line.split('\t');
    let name = cells.next()?;
    let mut widths = [0; 9];
    for (slot, cell) in widths.iter_mut().skip(1).zip(cells) {
        *slot = cell.parse().unwrap_or(0);
    }
    Some((name, widths))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: Adobe's AFM files.
    #[test]
    fn widths_as_the_afm_files_have_them() {
        let check = |name: &str, glyph: &str, expected| assert_eq!(face(name, false, false).width(glyph), expected, "{name} {glyph}");
        check("Helvetica", "A", Some(667.0));
        check("Helvetica-BoldOblique", "A", Some(722.0));
        check("Arial,Bold", "space", Some(278.0));
        check("TimesNewRomanPS-BoldItalicMT", "a", Some(500.0));
        check("Times-Roman", "W", Some(944.0));
        check("Courier-Bold", "anything", Some(600.0));
        check("Symbol", "alpha", Some(631.0));
        check("ZapfDingbats", "a1", Some(974.0));
        check("Helvetica", "alpha", None);
        assert_eq!(face("Unknown", false, true), Face::Times);
        assert_eq!(face("Unknown", true, true), Face::Courier);
    }
}
