//! Text strings (ISO 32000-2 §7.9.2.2): UTF-16 with either byte order mark, UTF-8 with one, else PDFDocEncoding.

/// Codes where PDFDocEncoding differs from Latin-1 (Annex D.2), from 0x18 and from 0x80.
const LOW: [char; 8] = ['\u{2D8}', '\u{2C7}', '\u{2C6}', '\u{2D9}', '\u{2DD}', '\u{2DB}', '\u{2DA}', '\u{2DC}'];
const HIGH: [char; 33] = [
    '\u{2022}', '\u{2020}', '\u{2021}', '\u{2026}', '\u{2014}', '\u{2013}', '\u{192}', '\u{2044}', '\u{2039}', '\u{203A}', '\u{2212}',
    '\u{2030}', '\u{201E}', '\u{201C}', '\u{201D}', '\u{2018}', '\u{2019}', '\u{201A}', '\u{2122}', '\u{FB01}', '\u{FB02}', '\u{141}',
    '\u{152}', '\u{160}', '\u{178}', '\u{17D}', '\u{131}', '\u{142}', '\u{153}', '\u{161}', '\u{17E}', '\u{FFFD}', '\u{20AC}',
];

/// Returns the text; language escapes (U+001B … U+001B) are left out.
pub(crate) fn text_string(bytes: &[u8]) -> String {
    let units = |rest: &[u8], big: bool| -> String {
        let units = rest.chunks_exact(2).map(|p| match *p {
            [a, b] if big => u16::from_be_bytes([a, b]),
            [a, b] => u16::from_le_bytes([a, b]),
            _ => 0xFFFD,
        });
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect()
    };
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => units(rest, true),
        [0xFF, 0xFE, rest @ ..] => units(rest, false),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|&b| pdf_doc_char(b)).collect(),
    };
    if text.contains('\u{1B}') { text.split('\u{1B}').step_by(2).collect() } else { text }
}

fn pdf_doc_char(b: u8) -> char {
    match b {
        0x18..=0x1F => LOW.get(usize::from(b - 0x18)).copied().unwrap_or('\u{FFFD}'),
        0x80..=0xA0 => HIGH.get(usize::from(b - 0x80)).copied().unwrap_or('\u{FFFD}'),
        _ => char::from(b),
    }
}

#[cfg(test)]
mod tests {
    use super::text_string;

    #[test]
    fn encodings_are_told_by_their_marks() {
        assert_eq!(text_string(b"\xFE\xFF\x4E\xE4\x54\x8C"), "令和");
        assert_eq!(text_string(b"\xFF\xFE\xE4\x4E"), "令");
        assert_eq!(text_string("\u{FEFF}令".as_bytes()), "令");
        assert_eq!(text_string(b"a\x80\x18\xE9"), "a\u{2022}\u{2D8}é");
        assert_eq!(text_string(b"\xFE\xFF\0\x1B\0j\0a\0\x1B\0x"), "x");
    }
}
