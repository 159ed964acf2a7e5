//! Wingdings: fonts that draw pictures in place of letters. Their codes are the same in every copy of the font.

/// Code → character of Wingdings. Source: the mapping that came with Unicode 7.0 (L2/12-368), the characters that stand in reports as bullets,
/// boxes, arrows and ticks.
const WINGDINGS: [(u8, char); 62] = [
    (0x20, ' '),
    (0x21, '✏'),
    (0x22, '✂'),
    (0x28, '☎'),
    (0x29, '✆'),
    (0x2A, '✉'),
    (0x36, '⌛'),
    (0x46, '☞'),
    (0x4A, '☺'),
    (0x6C, '●'),
    (0x6D, '❍'),
    (0x6E, '■'),
    (0x6F, '□'),
    (0x71, '❑'),
    (0x72, '❒'),
    (0x73, '⬧'),
    (0x74, '⧫'),
    (0x75, '◆'),
    (0x76, '❖'),
    (0x77, '⬥'),
    (0x78, '⌧'),
    (0x80, '⓪'),
    (0x81, '①'),
    (0x82, '②'),
    (0x83, '③'),
    (0x84, '④'),
    (0x85, '⑤'),
    (0x86, '⑥'),
    (0x87, '⑦'),
    (0x88, '⑧'),
    (0x89, '⑨'),
    (0x8A, '⑩'),
    (0x8C, '❶'),
    (0x8D, '❷'),
    (0x8E, '❸'),
    (0x8F, '❹'),
    (0x90, '❺'),
    (0x91, '❻'),
    (0x92, '❼'),
    (0x93, '❽'),
    (0x94, '❾'),
    (0x95, '❿'),
    (0x9F, '•'),
    (0xA1, '○'),
    (0xA7, '▪'),
    (0xA8, '◻'),
    (0xAB, '★'),
    (0xB2, '⟡'),
    (0xD8, '➢'),
    (0xDC, '➲'),
    (0xDF, '←'),
    (0xE0, '→'),
    (0xE1, '↑'),
    (0xE2, '↓'),
    (0xE8, '➔'),
    (0xEF, '⇦'),
    (0xF0, '⇨'),
    (0xF1, '⇧'),
    (0xF2, '⇩'),
    (0xFB, '✗'),
    (0xFC, '✔'),
    (0xFE, '☑'),
];

/// Tells whether a font is Wingdings by its name. Wingdings 2 and 3 and Webdings have other pictures: they are pictures without a table.
pub(super) fn is_pictures(name: &str) -> bool {
    name.split(',').next().is_some_and(|n| n.replace(['-', ' '], "").starts_with("Wingdings"))
}

/// Returns the character of a code of Wingdings.
pub(super) fn code_to_char(code: u32) -> Option<char> {
    WINGDINGS.iter().find(|w| u32::from(w.0) == code & 0xFF).map(|w| w.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bullets_and_ticks() {
        assert_eq!(
            [0x6C, 0x6E, 0x75, 0xD8, 0xFC, 0xF06C, 0x41].map(code_to_char),
            [Some('●'), Some('■'), Some('◆'), Some('➢'), Some('✔'), Some('●'), None]
        );
        assert!(is_pictures("Wingdings-Regular") && is_pictures("Wingdings,Bold") && !is_pictures("MS-Mincho"));
    }
}
