//! Small PDFs around fuzzed bytes, read whole; pages of fuzzed glyphs and paths ([`pages`]).

pub mod pages;

use jisseki_extractor::Source;
use jisseki_model::Limits;

/// Limits under which a run stays short.
fn limits() -> Limits {
    let mib = 1 << 20;
    Limits { document_decoded_bytes: 16 * mib, stream_decoded_bytes: 4 * mib, page_operators: 100_000, seconds: 5.0, ..Limits::default() }
}

/// Reads every page; what comes out has to be sound.
pub fn read(bytes: &[u8]) {
    let Ok(opened) = Source::open(bytes, None, &limits()) else { return };
    let source = opened.output;
    assert!(source.page_count() > 0, "an open document has pages");
    for index in 0..source.page_count().min(8) {
        let page = source.page(index).output;
        for glyph in &page.glyphs {
            let style = page.style(glyph);
            assert!(glyph.origin.x.is_finite() && glyph.origin.y.is_finite() && style.size.is_finite());
            assert!(glyph.advance.x.is_finite() && glyph.advance.y.is_finite());
            assert!(page.fonts.get(usize::from(style.font.0)).is_some(), "a glyph names a font of its page");
        }
        assert!(page.width > 0.0 && page.height > 0.0);
    }
    source.inspect(&[]);
}

/// Returns a PDF of one page: its content, the ToUnicode CMap and the body of the composite font's `/W`.
pub fn pdf(content: &[u8], cmap: &[u8], widths: &[u8]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    let stream = |bytes: &[u8]| [format!("<</Length {}>>stream\n", bytes.len()).as_bytes(), bytes, b"\nendstream"].concat();
    let objects: [Vec<u8>; 10] = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R/F2 8 0 R/F3 9 0 R>>/XObject<</Fm0 10 0 R>>>>>>".to_vec(),
        stream(content),
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>".to_vec(),
        [
            &b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/W["[..],
            widths,
            b"]/W2[",
            widths,
            b"]>>",
        ]
        .concat(),
        stream(cmap),
        [&b"<</Type/Font/Subtype/TrueType/BaseFont/Y/FirstChar 0/LastChar 255/Widths["[..], widths, b"]>>"].concat(),
        b"<</Type/Font/Subtype/Type0/BaseFont/Z/Encoding/90ms-RKSJ-V/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>>>]>>".to_vec(),
        stream(b"q BT /F1 9 Tf <0001> Tj ET /Fm0 Do Q"),
    ];
    for (i, body) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n", i + 1).into_bytes());
        let is_form = i == 9;
        let body = if is_form {
            [&b"<</Subtype/Form/BBox[0 0 99 99]"[..], body.strip_prefix(b"<<").unwrap_or(body)].concat()
        } else {
            body.clone()
        };
        out.extend(body);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    out.extend(format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).into_bytes());
    out
}

/// Content that shows many codes in every font.
pub fn showing_codes() -> Vec<u8> {
    let mut out = b"BT 20 TL /F1 10 Tf 1 0 0 1 9 800 Tm <".to_vec();
    for code in (0..0x200u32).chain((0x3000..0x3100).step_by(3)).chain((0..0x1_0000).step_by(977)) {
        out.extend(format!("{code:04X}").into_bytes());
    }
    out.extend(b"> Tj T* /F2 10 Tf <");
    for code in 0..=255u32 {
        out.extend(format!("{code:02X}").into_bytes());
    }
    out.extend(b"> Tj ET");
    out
}
