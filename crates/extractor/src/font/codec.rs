//! Codes of predefined CMaps → the characters their author typed. CIDs serve widths only: they name glyphs, and one glyph may stand for
//! several characters (RKSJ 8160 is ～ to windows-31j, while its CID's first character is 〜).

use super::cmap::{utf8_to_scalar, utf16_to_scalar};
use super::to_unicode::is_sound;
use encoding_rs::{BIG5, DecoderResult, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS};
use smol_str::SmolStr;

/// How the codes of a predefined CMap are text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Codec {
    /// Codes are the bytes of an encoding.
    Bytes(&'static Encoding),
    /// As [`Codec::Bytes`], but only the characters of JIS X 0208 (Shift JIS 81–84, 88–9F, E0–EA): the rest is the vendor's own.
    Jis(&'static Encoding),
    /// JIS X 0208 row and cell (ISO-2022 without escapes): EUC with the high bits off.
    RowCell,
    /// UCS-2 and UTF-16.
    Utf16,
    /// UTF-8.
    Utf8,
    /// UTF-32.
    Utf32,
}

/// Returns the codec of a predefined CMap; none where its codes are no text (Identity) or where the collection knows better: JIS78 forms, Fujitsu, Johab, CNS.
pub(super) fn named(cmap: &[u8]) -> Option<Codec> {
    let name = std::str::from_utf8(cmap).ok()?;
    let stem = name.strip_suffix("-H").or_else(|| name.strip_suffix("-V")).unwrap_or(name);
    let stem = stem.strip_suffix("-HW").unwrap_or(stem);
    Some(match stem {
        "90ms-RKSJ" | "90msp-RKSJ" | "78ms-RKSJ" => Codec::Bytes(SHIFT_JIS),
        "83pv-RKSJ" | "90pv-RKSJ" | "RKSJ" | "Ext-RKSJ" => Codec::Jis(SHIFT_JIS),
        "EUC" => Codec::Bytes(EUC_JP),
        "H" | "V" | "Ext" => Codec::RowCell,
        "GBK-EUC" | "GBKp-EUC" | "GB-EUC" | "GBK2K" => Codec::Bytes(GB18030),
        "ETen-B5" | "ETenms-B5" | "HKscs-B5" => Codec::Bytes(BIG5),
        "KSC-EUC" | "KSCms-UHC" => Codec::Bytes(EUC_KR),
        _ if stem.ends_with("-UCS2") || stem.ends_with("-UTF16") => Codec::Utf16,
        _ if stem.ends_with("-UTF8") => Codec::Utf8,
        _ if stem.ends_with("-UTF32") => Codec::Utf32,
        _ => return None,
    })
}

impl Codec {
    /// Returns the text of a code of `len` bytes.
    pub(super) fn text(self, code: u32, len: u8) -> Option<SmolStr> {
        let scalar = |value: Option<u32>| value.and_then(char::from_u32).map(SmolStr::from);
        let text = match self {
            Codec::Utf16 => scalar(utf16_to_scalar(code, len)),
            Codec::Utf8 => scalar(utf8_to_scalar(code, len)),
            Codec::Utf32 => scalar(Some(code)),
            Codec::Bytes(encoding) => decoded(encoding, code, len),
            Codec::Jis(encoding) => decoded(encoding, code, len).filter(|_| len == 2 && is_jis_x_0208(code)),
            Codec::RowCell => decoded(EUC_JP, code | 0x8080, len).filter(|_| len == 2 && code & 0x8080 == 0),
        };
        text.filter(|t| is_sound(t))
    }
}

fn decoded(encoding: &'static Encoding, code: u32, len: u8) -> Option<SmolStr> {
    let bytes = code.to_be_bytes();
    let bytes = bytes.get(4usize.checked_sub(usize::from(len))?..)?;
    // Room for the longest text that four bytes may be.
    let mut text = [0; 16];
    let (result, _, len) = encoding.new_decoder_without_bom_handling().decode_to_utf8_without_replacement(bytes, &mut text, true);
    let whole = (result == DecoderResult::InputEmpty).then(|| text.get(..len)).flatten()?;
    std::str::from_utf8(whole).ok().map(SmolStr::new)
}

fn is_jis_x_0208(shift_jis: u32) -> bool {
    matches!(shift_jis >> 8, 0x81..=0x84 | 0x88..=0x9F | 0xE0..=0xEA)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cmap: &str, code: u32, len: u8, expected: Option<&str>) {
        let text = named(cmap.as_bytes()).and_then(|c| c.text(code, len));
        assert_eq!(text.as_deref(), expected, "{cmap} {code:x}");
    }

    #[test]
    fn the_author_typed_this() {
        check("90ms-RKSJ-H", 0x8160, 2, Some("～"));
        check("90ms-RKSJ-V", 0x82A0, 2, Some("あ"));
        check("90msp-RKSJ-H", 0x41, 1, Some("A"));
        check("90ms-RKSJ-H", 0xB1, 1, Some("ｱ"));
        check("90ms-RKSJ-H", 0x8740, 2, Some("①"));
        check("90ms-RKSJ-H", 0xFBFC, 2, Some("髙"));
        check("90ms-RKSJ-H", 0xF040, 2, None);
        check("83pv-RKSJ-H", 0x889F, 2, Some("亜"));
        check("83pv-RKSJ-H", 0x8540, 2, None);
        check("EUC-H", 0xB0A1, 2, Some("亜"));
        check("EUC-V", 0x8EB1, 2, Some("ｱ"));
        check("H", 0x3021, 2, Some("亜"));
        check("V", 0xB021, 2, None);
        check("UniJIS-UCS2-HW-H", 0x4E9C, 2, Some("亜"));
        check("UniJIS-UTF16-H", 0xD842_DFB7, 4, Some("𠮷"));
        check("UniJIS-UTF16-H", 0xD842, 2, None);
        check("UniJIS-UTF8-H", 0xE4BA9C, 3, Some("亜"));
        check("UniJIS-UTF32-V", 0x20BB7, 4, Some("𠮷"));
        check("UniJIS-UCS2-H", 0xE000, 2, None);
        check("GBK-EUC-H", 0xC4E3, 2, Some("你"));
        check("ETen-B5-H", 0xA741, 2, Some("你"));
        check("KSCms-UHC-H", 0xB0A1, 2, Some("가"));
        check("Identity-H", 0x4E9C, 2, None);
        check("78-RKSJ-H", 0x889F, 2, None);
    }
}
