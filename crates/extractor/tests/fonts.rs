//! The decode chain from a file's bytes to glyphs: one small PDF a case, made here. The font programs are made by `fonts/generate.py`.

use jisseki_extractor::Source;
use jisseki_model::{Glyph, Limits, Page, TextSource, WritingMode};

/// A PDF of one page that shows one string in one font.
#[derive(Default)]
struct Pdf {
    objects: Vec<Vec<u8>>,
}

impl Pdf {
    /// Adds an object, returns the reference to it.
    fn add(&mut self, body: impl AsRef<[u8]>) -> String {
        self.objects.push(body.as_ref().to_vec());
        format!("{} 0 R", self.objects.len())
    }
    /// Adds a stream.
    fn stream(&mut self, dict: &str, bytes: &[u8]) -> String {
        let mut body = format!("<< {dict} /Length {} >> stream\n", bytes.len()).into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\nendstream");
        self.add(body)
    }
    /// Adds a Type 0 font.
    fn composite(&mut self, encoding: &str, ordering: &str, descendant: &str, font: &str) -> String {
        let kind = if descendant.contains("/Subtype") { "" } else { "/Subtype /CIDFontType2" };
        let inner = self.add(format!(
            "<< /Type /Font {kind} /BaseFont /Test /CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 6 >> {descendant} >>"
        ));
        let name = if font.contains("/BaseFont") { "" } else { "/BaseFont /Test" };
        self.add(format!("<< /Type /Font /Subtype /Type0 {name} /Encoding {encoding} /DescendantFonts [{inner}] {font} >>"))
    }
    /// Adds a descriptor with an embedded program.
    fn embedded(&mut self, key: &str, flags: u32, program: &[u8]) -> String {
        let file = self.stream("", program);
        self.add(format!("<< /Type /FontDescriptor /FontName /Test /Flags {flags} /{key} {file} >>"))
    }
    /// Returns the page that shows the string (hexadecimal) in the font at 10 pt.
    fn page(mut self, font: &str, hex: &str) -> Page {
        let content = self.stream("", format!("BT /F 10 Tf 100 500 Td <{hex}> Tj ET").as_bytes());
        let parent = self.objects.len() + 2;
        let page = self.add(format!(
            "<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 600 800] /Contents {content} /Resources << /Font << /F {font} >> >> >>"
        ));
        let pages = self.add(format!("<< /Type /Pages /Kids [{page}] /Count 1 >>"));
        let root = self.add(format!("<< /Type /Catalog /Pages {pages} >>"));
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::new();
        for (number, body) in (1..).zip(&self.objects) {
            places.push(file.len());
            file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            file.extend_from_slice(body);
            file.extend_from_slice(b"\nendobj\n");
        }
        let table = file.len();
        file.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).as_bytes());
        for place in &places {
            file.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
        }
        file.extend_from_slice(format!("trailer\n<< /Size {} /Root {root} >>\nstartxref\n{table}\n%%EOF\n", places.len() + 1).as_bytes());
        match Source::open(file, None, &Limits::default()) {
            Ok(source) => source.output.page(0).output,
            Err(error) => panic!("the file is sound, but: {error}"),
        }
    }
}

fn text(glyphs: &[Glyph]) -> String {
    glyphs.iter().map(|g| g.text.as_str()).collect()
}

fn sources(glyphs: &[Glyph]) -> Vec<TextSource> {
    let mut all: Vec<_> = glyphs.iter().map(|g| g.source).collect();
    all.dedup();
    all
}

/// A non-embedded Type 0 font.
fn shown(encoding: &str, ordering: &str, hex: &str) -> Vec<Glyph> {
    let mut pdf = Pdf::default();
    let font = pdf.composite(&format!("/{encoding}"), ordering, "", "");
    pdf.page(&font, hex).glyphs
}

#[test]
fn predefined_cmaps_give_what_the_author_typed() {
    let check = |encoding: &str, ordering: &str, hex: &str, expected: &str| {
        let glyphs = shown(encoding, ordering, hex);
        assert_eq!(text(&glyphs), expected, "{encoding}");
        assert_eq!(sources(&glyphs), [TextSource::Codec], "{encoding}");
    };
    // The bytes are Python's: 'A亜～①髙'.encode('cp932'), … .
    for encoding in ["90ms-RKSJ-H", "90ms-RKSJ-V", "90msp-RKSJ-H", "90msp-RKSJ-V"] {
        check(encoding, "Japan1", "41889F81608740FBFCB1", "A亜～①髙ｱ");
    }
    for encoding in ["83pv-RKSJ-H", "90pv-RKSJ-H", "RKSJ-H", "Ext-RKSJ-H"] {
        check(encoding, "Japan1", "889F82A08E52", "亜あ山");
    }
    for encoding in ["EUC-H", "EUC-V"] {
        check(encoding, "Japan1", "41B0A1A4A28EB1", "A亜あｱ");
    }
    for encoding in ["H", "V", "Ext-H"] {
        check(encoding, "Japan1", "302124223B33", "亜あ山");
    }
    for encoding in ["UniJIS-UCS2-H", "UniJIS-UCS2-V", "UniJIS-UCS2-HW-H", "UniJIS-UCS2-HW-V"] {
        check(encoding, "Japan1", "00414E9CFF5E2460", "A亜～①");
    }
    for encoding in ["UniJIS-UTF16-H", "UniJIS-UTF16-V", "UniJIS2004-UTF16-H", "UniJISX02132004-UTF32-H"] {
        let hex = if encoding.contains("UTF32") { "0000004100020BB7000032FF" } else { "0041D842DFB732FF" };
        check(encoding, "Japan1", hex, "A𠮷㋿");
    }
    check("UniJIS-UTF8-H", "Japan1", "41E4BA9CF0A0AEB7", "A亜𠮷");
    check("GBK-EUC-H", "GB1", "41C4E3", "A你");
    check("UniGB-UCS2-H", "GB1", "4F60", "你");
    check("ETen-B5-H", "CNS1", "41A741", "A你");
    check("UniCNS-UTF16-H", "CNS1", "4F60", "你");
    check("KSCms-UHC-H", "Korea1", "41B0A1", "A가");
    check("UniKS-UTF16-H", "Korea1", "AC00", "가");
}

#[test]
fn collections_give_what_their_cids_are() {
    let check = |encoding: &str, hex: &str, expected: &str| {
        let glyphs = shown(encoding, "Japan1", hex);
        assert_eq!(text(&glyphs), expected, "{encoding}");
        assert_eq!(sources(&glyphs), [TextSource::Collection], "{encoding}");
    };
    check("Identity-H", "04655A12358A", "亜㋿𠮷");
    check("Identity-V", "0465", "亜");
    // JIS78 forms and Fujitsu's characters: the CID knows the form that is drawn. 78-RKSJ 89A8 is CID 7644 (鴬 in 1978's form: 鶯).
    check("78-RKSJ-H", "889F", "亜");
    check("Add-RKSJ-H", "889F", "亜");
}

#[test]
fn a_variation_selector_leaves_the_text_and_stays_in_raw() {
    // CID 1142 is 芦 with VS17 in Adobe-Japan1-UCS2.
    let glyphs = shown("Identity-H", "Japan1", "0476");
    assert_eq!((text(&glyphs).as_str(), glyphs[0].raw.as_ref().map(|raw| raw.as_str())), ("芦", Some("芦\u{E0100}")));
}

#[test]
fn embedded_cmaps_with_usecmap() {
    let mut pdf = Pdf::default();
    let cmap = pdf.stream("/Type /CMap /CMapName /Own /UseCMap /90ms-RKSJ-H", b"begincmap 1 begincidchar <8140> 23058 endcidchar endcmap");
    let font = pdf.composite(&cmap, "Japan1", "", "");
    let glyphs = pdf.page(&font, "8140889F41").glyphs;
    assert_eq!(text(&glyphs), "㋿亜A");
    let mut pdf = Pdf::default();
    let cmap = pdf.stream("/Type /CMap", b"/90ms-RKSJ-V usecmap 1 begincidrange <81418142> <8142> 1 endcidrange");
    let font = pdf.composite(&cmap, "Japan1", "", "");
    let page = pdf.page(&font, "889F");
    assert_eq!((text(&page.glyphs).as_str(), page.styles[0].mode), ("亜", WritingMode::Vertical));
    // A CMap that uses itself ends.
    let mut pdf = Pdf::default();
    let cmap = pdf.stream(
        "/Type /CMap /UseCMap 1 0 R",
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange begincidrange <0000> <FFFF> 0 endcidrange",
    );
    let font = pdf.composite(&cmap, "Japan1", "", "");
    assert_eq!(text(&pdf.page(&font, "0465").glyphs), "亜");
}

fn with_to_unicode(cmap: &str, hex: &str) -> Vec<Glyph> {
    let mut pdf = Pdf::default();
    let map = pdf.stream("", cmap.as_bytes());
    let font = pdf.composite("/Identity-H", "Identity", "", &format!("/ToUnicode {map}"));
    pdf.page(&font, hex).glyphs
}

#[test]
fn to_unicode_is_believed_where_it_is_sound() {
    let check = |cmap: &str, hex: &str, expected: &str, source: TextSource| {
        let glyphs = with_to_unicode(cmap, hex);
        assert_eq!((text(&glyphs).as_str(), sources(&glyphs)), (expected, vec![source]), "{cmap}");
    };
    check("beginbfchar <0001> <4E9C> endbfchar", "0001", "亜", TextSource::ToUnicode);
    check("beginbfrange <0001> <0003> [<4E9C> <00660069> <D842DFB7>] endbfrange", "000100020003", "亜fi𠮷", TextSource::ToUnicode);
    check("beginbfrange <0001> <0003> <3042> endbfrange", "000100020003", "あぃい", TextSource::ToUnicode);
    for unsound in ["<0000> <FFFF> <0000>", "<0041> <0041> <FFFD>", "<0041> <0041> <E123>", "<0041> <0041> <0000>"] {
        check(&format!("beginbfrange {unsound} endbfrange"), "0041", "\u{FFFD}", TextSource::None);
    }
    // Codes of another length say something only where nothing else does.
    check("beginbfchar <41> <0061> endbfchar", "0041", "a", TextSource::ToUnicode);
    check("beginbfchar <41> <0062> <0041> <0061> endbfchar", "0041", "a", TextSource::ToUnicode);
}

#[test]
fn radicals_and_vertical_forms_become_ordinary_characters_and_stay_in_raw() {
    let glyphs =
        with_to_unicode("beginbfrange <0001> <0006> [<2ED8> <2F3E> <2FC8> <2FCA> <FE35> <2ED1>] endbfrange", "000100020003000400050006");
    assert_eq!(text(&glyphs), "青戸黄黒（長");
    assert_eq!(
        glyphs.iter().filter_map(|g| g.raw.as_ref().map(|raw| raw.as_str())).collect::<String>(),
        "\u{2ED8}\u{2F3E}\u{2FC8}\u{2FCA}\u{FE35}\u{2ED1}"
    );
    let dots = with_to_unicode("beginbfrange <0001> <0003> [<30A2> <2027> <0061>] endbfrange", "0001000200010002000300020001");
    // A dot that takes a whole em, as these do, is no hyphenation point.
    assert_eq!(text(&dots), "ア・ア・a・ア");
}

/// A Type 0 font with an embedded program and no `ToUnicode`.
fn by_program(key: &str, program: &[u8], descendant: &str, hex: &str) -> Vec<Glyph> {
    let mut pdf = Pdf::default();
    let descriptor = pdf.embedded(key, 4, program);
    let font = pdf.composite("/Identity-H", "Identity", &format!("/FontDescriptor {descriptor} {descendant}"), "");
    pdf.page(&font, hex).glyphs
}

#[test]
fn embedded_programs_of_composite_fonts() {
    let check = |key: &str, program: &[u8], hex: &str, expected: &str, source: TextSource| {
        let glyphs = by_program(key, program, "", hex);
        assert_eq!((text(&glyphs).as_str(), sources(&glyphs)), (expected, vec![source]));
    };
    // Of a radical and an ideograph with one glyph the ideograph is meant, of the no-break space and the space the space.
    check("FontFile2", include_bytes!("fonts/unicode_cmap.ttf"), "000100020003", "亜尸 ", TextSource::FontCmap);
    check("FontFile2", include_bytes!("fonts/long_cmap.ttf"), "000100020003", "𠮷あぃ", TextSource::FontCmap);
    check("FontFile2", include_bytes!("fonts/numbered_subset.ttf"), "000100020003", "\u{FFFD}\u{FFFD}\u{FFFD}", TextSource::None);
    check("FontFile2", include_bytes!("fonts/symbol_cmap.ttf"), "00010002", "\u{FFFD}\u{FFFD}", TextSource::None);
    check("FontFile2", include_bytes!("fonts/post_names.ttf"), "00010002", "亜A", TextSource::GlyphName);
    check("FontFile2", include_bytes!("fonts/post_names.ttf"), "0003", "\u{FFFD}", TextSource::None);
    check("FontFile3", include_bytes!("fonts/names.cff"), "000100020003", "亜A亜", TextSource::GlyphName);
    // A vertical form has its character; a circled digit is not the digit.
    check("FontFile2", include_bytes!("fonts/vertical.ttf"), "000100020003", "、、1", TextSource::FontCmap);
    check("FontFile2", include_bytes!("fonts/vertical.ttf"), "0004", "\u{FFFD}", TextSource::None);
    // A CID-keyed program says what its CIDs are where the dictionary does not; the identity says nothing.
    check("FontFile3", include_bytes!("fonts/japan1.cff"), "04655A12", "亜㋿", TextSource::Collection);
    check("FontFile3", include_bytes!("fonts/identity.cff"), "0465", "\u{FFFD}", TextSource::None);
}

#[test]
fn a_cid_to_glyph_map_is_gone_through() {
    let mut pdf = Pdf::default();
    let descriptor = pdf.embedded("FontFile2", 4, include_bytes!("fonts/unicode_cmap.ttf"));
    let map = pdf.stream("", &[0, 0, 0, 2, 0, 1]);
    let font = pdf.composite("/Identity-H", "Identity", &format!("/FontDescriptor {descriptor} /CIDToGIDMap {map}"), "");
    assert_eq!(text(&pdf.page(&font, "000100020003").glyphs), "尸亜\u{FFFD}");
}

#[test]
fn known_fonts_by_name_and_only_with_glyph_ids() {
    let shown = |base: &str, extra: &str| {
        let mut pdf = Pdf::default();
        let map = pdf.stream("", &[0; 8]);
        let font = pdf.composite("/Identity-H", "Identity", &extra.replace("MAP", &map), &format!("/BaseFont /{base}"));
        let glyphs = pdf.page(&font, "000353B953CB").glyphs;
        (text(&glyphs), sources(&glyphs))
    };
    // Rows of ms_gid_unicode.tsv: 3 is the space, 21433 し, 21451 な.
    for base in ["MS-Mincho", "ABCDEF+MS-Mincho", "MS-PGothic,Bold", "#82l#82r#20#96#BE#92#A9", "MS-Mincho-Identity-H"] {
        assert_eq!(shown(base, ""), (" しな".to_owned(), vec![TextSource::KnownFont]), "{base}");
    }
    let unknown = ("\u{FFFD}\u{FFFD}\u{FFFD}".to_owned(), vec![TextSource::None]);
    assert_eq!(shown("YuGothic-Regular", ""), unknown);
    assert_eq!(shown("Meiryo", ""), unknown);
    assert_eq!(shown("MS-Mincho", "/CIDToGIDMap MAP"), unknown);
}

#[test]
fn a_glyph_without_ink_is_a_blank() {
    let glyphs = by_program("FontFile2", include_bytes!("fonts/blank.ttf"), "", "000100020000");
    assert_eq!(text(&glyphs), "\u{FFFD} \u{FFFD}");
    let glyphs = simple("TrueType", "", Some(("FontFile2", 4, include_bytes!("fonts/blank.ttf"))), "0102");
    assert_eq!(text(&glyphs), "\u{FFFD} ");
    // CFF by glyph id, by name and Type 1 by its own encoding.
    let cff: &[u8] = include_bytes!("fonts/names.cff");
    assert_eq!(text(&by_program("FontFile3", cff, "", "00040005")), "\u{FFFD} ");
    let named = "/Encoding << /Differences [1 /blank5 /g17] >>";
    assert_eq!(text(&simple("Type1", named, Some(("FontFile3", 4, cff)), "0102")), " \u{FFFD}");
    assert_eq!(text(&simple("Type1", "", Some(("FontFile", 4, include_bytes!("fonts/names.pfa"))), "4344")), "\u{FFFD} ");
    // What ToUnicode calls U+FFFD and nothing draws is a blank too.
    let mut pdf = Pdf::default();
    let map = pdf.stream("", b"beginbfrange <0004> <0005> <FFFD> endbfrange");
    let descriptor = pdf.embedded("FontFile3", 4, cff);
    let font = pdf.composite("/Identity-H", "Identity", &format!("/FontDescriptor {descriptor}"), &format!("/ToUnicode {map}"));
    assert_eq!(text(&pdf.page(&font, "00040005").glyphs), "\u{FFFD} ");
}

#[test]
fn where_the_code_is_the_character_a_shifted_to_unicode_is_not_believed() {
    let mut pdf = Pdf::default();
    let map = pdf.stream("", b"beginbfrange <0020> <007E> <003F> <E000> <E000> <9AD9> endbfrange");
    let font = pdf.composite("/UniJIS-UCS2-H", "Japan1", "", &format!("/ToUnicode {map}"));
    let glyphs = pdf.page(&font, "00320041E000").glyphs;
    assert_eq!(text(&glyphs), "2A髙");
    assert_eq!(glyphs.iter().map(|g| g.source).collect::<Vec<_>>(), [TextSource::Codec, TextSource::Codec, TextSource::ToUnicode]);
}

#[test]
fn a_known_font_that_was_renumbered_is_not_known() {
    let mut pdf = Pdf::default();
    let descriptor = pdf.embedded("FontFile2", 4, include_bytes!("fonts/numbered_subset.ttf"));
    let font = pdf.composite("/Identity-H", "Identity", &format!("/FontDescriptor {descriptor}"), "/BaseFont /ABCDEF+MS-Mincho");
    assert_eq!(text(&pdf.page(&font, "00030004").glyphs), "\u{FFFD}\u{FFFD}");
}

#[test]
fn an_identity_is_the_truth_where_characters_are_mapped_to_glyphs() {
    let mut pdf = Pdf::default();
    let to_unicode =
        pdf.stream("", b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange");
    let mut map = vec![0u8; 2 * 0x10000];
    map[2 * 0x4E9C + 1] = 1;
    let map = pdf.stream("", &map);
    let font = pdf.composite("/Identity-H", "Identity", &format!("/CIDToGIDMap {map}"), &format!("/ToUnicode {to_unicode}"));
    let glyphs = pdf.page(&font, "4E9C4E9D").glyphs;
    // 4E9D has no glyph: nothing was shown that it could name.
    assert_eq!((text(&glyphs).as_str(), glyphs[0].source), ("亜\u{FFFD}", TextSource::ToUnicode));
}

#[test]
fn a_composite_font_without_a_descendant_is_no_latin_font() {
    let mut pdf = Pdf::default();
    let font = pdf.add("<< /Type /Font /Subtype /Type0 /BaseFont /Test /Encoding /Identity-H >>");
    assert_eq!(text(&pdf.page(&font, "4142").glyphs), "\u{FFFD}");
    // But its codes may be text by themselves.
    for descendants in ["", "/DescendantFonts [99 0 R]"] {
        let mut pdf = Pdf::default();
        let font = pdf.add(format!("<< /Type /Font /Subtype /Type0 /BaseFont /Test /Encoding /90ms-RKSJ-H {descendants} >>"));
        assert_eq!(text(&pdf.page(&font, "93FA967B41").glyphs), "日本A");
    }
}

/// A simple font of these entries.
fn simple(subtype: &str, entries: &str, program: Option<(&str, u32, &[u8])>, hex: &str) -> Vec<Glyph> {
    let mut pdf = Pdf::default();
    let descriptor = program.map(|(key, flags, bytes)| format!("/FontDescriptor {}", pdf.embedded(key, flags, bytes))).unwrap_or_default();
    let name = if entries.contains("/BaseFont") { "" } else { "/BaseFont /Test" };
    let font = pdf.add(format!("<< /Type /Font /Subtype /{subtype} {name} {descriptor} {entries} >>"));
    pdf.page(&font, hex).glyphs
}

#[test]
fn simple_fonts_by_their_encodings() {
    let check = |subtype: &str, entries: &str, hex: &str, expected: &str| {
        let glyphs = simple(subtype, entries, None, hex);
        assert_eq!(text(&glyphs), expected, "{entries}");
        let source = if expected.contains('\u{FFFD}') { TextSource::None } else { TextSource::GlyphName };
        assert_eq!(sources(&glyphs), [source], "{entries}");
    };
    check("Type1", "/BaseFont /Helvetica", "4127", "A’");
    check("Type1", "/Encoding /WinAnsiEncoding", "418027", "A€'");
    check("TrueType", "/Encoding /MacRomanEncoding", "4180", "AÄ");
    check("Type1", "/BaseFont /Symbol", "6167", "αγ");
    check("Type1", "/BaseFont /ZapfDingbats", "2133", "✁✓");
    check("Type1", "/Encoding << /BaseEncoding /WinAnsiEncoding /Differences [65 /uni4E9C /u20BB7 67 /f_i] >>", "41424344", "亜𠮷fiD");
    check("Type3", "/Encoding << /Differences [1 /A /uni3042 /g7] >> /CharProcs << >> /FontMatrix [0.01 0 0 0.01 0 0]", "0102", "Aあ");
    check("Type3", "/Encoding << /Differences [1 /A /uni3042 /g7] >> /CharProcs << >> /FontMatrix [0.01 0 0 0.01 0 0]", "03", "\u{FFFD}");
    check("TrueType", "/BaseFont /Wingdings-Regular /Encoding /WinAnsiEncoding", "41", "\u{FFFD}");
    let bullets = simple("TrueType", "/BaseFont /Wingdings-Regular /Encoding /WinAnsiEncoding", None, "6C75FC");
    assert_eq!((text(&bullets).as_str(), sources(&bullets)), ("●◆✔", vec![TextSource::KnownFont]));
}

#[test]
fn embedded_programs_of_simple_fonts() {
    let check = |subtype: &str, key: &str, flags: u32, program: &[u8], hex: &str, expected: &str, source: TextSource| {
        let glyphs = simple(subtype, "", Some((key, flags, program)), hex);
        assert_eq!((text(&glyphs).as_str(), sources(&glyphs)), (expected, vec![source]));
    };
    check("Type1", "FontFile", 4, include_bytes!("fonts/names.pfa"), "4142", "亜A", TextSource::GlyphName);
    check("Type1", "FontFile", 4, include_bytes!("fonts/names.pfa"), "43", "\u{FFFD}", TextSource::None);
    check("TrueType", "FontFile2", 4, include_bytes!("fonts/mac_and_unicode.ttf"), "0102", "亜読", TextSource::FontCmap);
    check("TrueType", "FontFile2", 4, include_bytes!("fonts/numbered_subset.ttf"), "010241", "\u{FFFD}\u{FFFD}\u{FFFD}", TextSource::None);
    check("TrueType", "FontFile2", 4, include_bytes!("fonts/symbol_cmap.ttf"), "41", "\u{FFFD}", TextSource::None);
    // A font that says it is not symbolic is Latin by the standard encoding.
    check("TrueType", "FontFile2", 32, include_bytes!("fonts/numbered_subset.ttf"), "41", "A", TextSource::GlyphName);
}

fn advances(glyphs: &[Glyph]) -> Vec<(f64, f64)> {
    glyphs.iter().map(|g| ((g.advance.x * 100.0).round() / 100.0, (g.advance.y * 100.0).round() / 100.0)).collect()
}

#[test]
fn widths_of_composite_fonts() {
    let shown = |encoding: &str, descendant: &str, hex: &str| {
        let mut pdf = Pdf::default();
        let font = pdf.composite(encoding, "Japan1", descendant, "");
        advances(&pdf.page(&font, hex).glyphs)
    };
    // 90ms: A is CID 264, 亜 1125. 90msp: A is CID 34. -HW: A is CID 264.
    let w = "/W [231 632 500 1125 [900 800] 34 [667]]";
    assert_eq!(shown("/90ms-RKSJ-H", w, "41889F88A0"), [(5.0, 0.0), (9.0, 0.0), (8.0, 0.0)]);
    assert_eq!(shown("/90msp-RKSJ-H", w, "41"), [(6.67, 0.0)]);
    assert_eq!(shown("/UniJIS-UCS2-HW-H", w, "0041"), [(5.0, 0.0)]);
    assert_eq!(shown("/UniJIS-UCS2-H", w, "0041"), [(6.67, 0.0)]);
    assert_eq!(shown("/Identity-H", "/DW 250", "0465"), [(2.5, 0.0)]);
    assert_eq!(shown("/Identity-H", "", "0465"), [(10.0, 0.0)]);
    assert_eq!(shown("/Identity-V", "", "0465"), [(0.0, 10.0)]);
    assert_eq!(shown("/Identity-V", "/DW2 [800 -600] /W2 [1 1 -500 250 700]", "04650001"), [(0.0, 6.0), (0.0, 5.0)]);
}

#[test]
fn widths_of_simple_fonts() {
    let shown =
        |subtype: &str, entries: &str, program: Option<(&str, u32, &[u8])>, hex: &str| advances(&simple(subtype, entries, program, hex));
    assert_eq!(shown("Type1", "/BaseFont /Helvetica /Encoding /WinAnsiEncoding", None, "4120"), [(6.67, 0.0), (2.78, 0.0)]);
    assert_eq!(shown("Type1", "/BaseFont /Courier", None, "41"), [(6.0, 0.0)]);
    assert_eq!(shown("Type1", "/FirstChar 65 /Widths [400 300]", None, "414243"), [(4.0, 0.0), (3.0, 0.0), (0.0, 0.0)]);
    let program: &[u8] = include_bytes!("fonts/mac_and_unicode.ttf");
    assert_eq!(shown("TrueType", "", Some(("FontFile2", 4, program)), "0102"), [(7.0, 0.0), (10.0, 0.0)]);
    let type3 = "/FontMatrix [0.01 0 0 0.01 0 0] /FirstChar 1 /Widths [80] /Encoding << /Differences [1 /A] >> /CharProcs << >>";
    assert_eq!(shown("Type3", type3, None, "01"), [(8.0, 0.0)]);
}
