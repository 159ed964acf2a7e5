//! Plain-text dumps of a report, as other tools leave them.

use std::borrow::Cow;

use crate::ConvertError;

/// Tells whether the input is a text dump: named `.txt`, and no PDF by its first bytes.
pub(crate) fn is_dump(bytes: &[u8], name: &str) -> bool {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let pdf = head.windows(5).any(|w| w == b"%PDF-");
    let named = name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("txt"));
    named && !pdf
}

/// Decodes a dump: UTF-8 with or without a byte order mark, or UTF-16 with one.
pub(crate) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, ConvertError> {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.chunks_exact(2).filter_map(|c| Some(unit([*c.first()?, *c.get(1)?])));
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect::<String>()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => Ok(Cow::Owned(utf16(rest, u16::from_le_bytes))),
        [0xfe, 0xff, rest @ ..] => Ok(Cow::Owned(utf16(rest, u16::from_be_bytes))),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, ConvertError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|e| ConvertError::NotText { at: e.valid_up_to() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dumps_are_known_by_name_and_content() {
        assert!(is_dump("令和".as_bytes(), "a.TXT"));
        assert!(!is_dump(b"%PDF-1.4 ...", "a.txt"));
        assert!(!is_dump(b"words", "a.pdf"));
    }

    #[test]
    fn unicode_forms_are_decoded_and_others_refused() {
        for bytes in [&b"\xef\xbb\xbfA\xe5\xb9\xb4"[..], b"A\xe5\xb9\xb4", b"\xff\xfeA\0\x74\x5e", b"\xfe\xff\0A\x5e\x74"] {
            assert_eq!(decoded(bytes).unwrap(), "A年");
        }
        assert_eq!(decoded(b"ab\x97\xdf").unwrap_err().to_string(), "the text is neither UTF-8 nor UTF-16 (first bad byte at 2)");
    }
}
