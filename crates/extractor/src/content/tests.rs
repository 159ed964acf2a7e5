//! Content streams read as a viewer draws them.

use crate::document::Source;
use crate::testing::{page_of, page_with, pdf_with, stream};
use jisseki_model::{Hidden, Limits, Page, Rect, Segment, TextSource};

/// Text, origin and whether it can be seen, a glyph each.
fn shown(page: &Page) -> Vec<(String, f64, f64, bool)> {
    let round = |v: f64| (v * 1000.0).round() / 1000.0;
    page.glyphs.iter().map(|g| (g.text.to_string(), round(g.origin.x), round(g.origin.y), g.hidden.is_none())).collect()
}

fn text(page: &Page) -> String {
    page.glyphs.iter().filter(|g| g.hidden.is_none()).map(|g| g.text.as_str()).collect()
}

fn check(content: &str, expected: &[(&str, f64, f64)]) {
    let page = page_with(content).output;
    let expected: Vec<_> = expected.iter().map(|(t, x, y)| ((*t).to_owned(), *x, *y, true)).collect();
    assert_eq!(shown(&page), expected, "{content}");
}

#[test]
fn text_is_placed_by_matrices_spacing_scale_and_rise() {
    // Widths are 500: half the size.
    check("BT /F1 10 Tf 20 30 Td (ab) Tj ET", &[("a", 20.0, 70.0), ("b", 25.0, 70.0)]);
    check("BT /F1 10 Tf 1 Tc 5 Tw 20 30 Td (a b) Tj ET", &[("a", 20.0, 70.0), (" ", 26.0, 70.0), ("b", 37.0, 70.0)]);
    check("BT /F1 10 Tf 50 Tz 2 Ts 20 30 Td (ab) Tj ET", &[("a", 20.0, 68.0), ("b", 22.5, 68.0)]);
    check("BT /F1 10 Tf 20 30 Td [(a) -1000 (b) 500 (c)] TJ ET", &[("a", 20.0, 70.0), ("b", 35.0, 70.0), ("c", 35.0, 70.0)]);
    check(
        "BT /F1 10 Tf 12 TL 20 60 Td (a) Tj (b) ' 1 2 (c) \" T* <64> Tj ET",
        &[("a", 20.0, 40.0), ("b", 20.0, 52.0), ("c", 20.0, 64.0), ("d", 20.0, 76.0)],
    );
}

#[test]
fn matrices_concatenate_and_restore() {
    check(
        "q 2 0 0 2 10 0 cm BT /F1 5 Tf 5 10 Td (a) Tj ET Q BT /F1 10 Tf 0 1 -1 0 50 20 Tm (ab) Tj ET",
        &[("a", 20.0, 80.0), ("a", 50.0, 80.0), ("b", 50.0, 75.0)],
    );
}

#[test]
fn what_can_not_be_seen_is_kept_and_marked() {
    let hidden = |content: &str, resources: &str| {
        let more = ["<</Type/OCG/Name(x)>>".to_owned()];
        page_of(&pdf_with(content, resources, "", &more)).output.glyphs.first().map(|g| g.hidden)
    };
    assert_eq!(hidden("BT 3 Tr /F1 9 Tf 9 9 Td (a) Tj ET", ""), Some(Some(Hidden::RenderMode)));
    assert_eq!(hidden("/G gs BT /F1 9 Tf 9 9 Td (a) Tj ET", "/ExtGState<</G<</ca 0>>>>"), Some(Some(Hidden::Transparent)));
    assert_eq!(hidden("50 50 9 9 re W n BT /F1 9 Tf 9 9 Td (a) Tj ET", ""), Some(Some(Hidden::Clipped)));
    assert_eq!(hidden("BT /F1 9 Tf 300 9 Td (a) Tj ET", ""), Some(Some(Hidden::Clipped)));
    let properties = "/Properties<</O 6 0 R>>";
    assert_eq!(hidden("/OC /O BDC BT /F1 9 Tf 9 9 Td (a) Tj ET EMC", properties), Some(Some(Hidden::OptionalContent)));
    assert_eq!(hidden("/OC /O BDC EMC BT /F1 9 Tf 9 9 Td (a) Tj ET", properties), Some(None));
}

#[test]
fn actual_text_replaces_a_run_and_keeps_its_geometry() {
    let page = page_with("/Span <</ActualText <FEFF4EE4548C>>> BDC BT /F1 9 Tf 9 9 Td (ab) Tj ET EMC BT (c) Tj ET").output;
    assert_eq!(text(&page), "令和c");
    assert_eq!(page.glyphs.iter().map(|g| g.source).take(2).collect::<Vec<_>>(), [TextSource::ActualText; 2]);
    assert_eq!(page.glyphs.first().and_then(|g| g.raw.as_ref()).map(|raw| raw.as_str()), Some("a"));
    // Three glyphs for a longer text: what agrees at both ends stays, the rest goes to the glyph between.
    let page = page_with("/Span <</ActualText (office)>> BDC BT /F1 9 Tf 9 9 Td (o?ice) Tj ET EMC").output;
    assert_eq!(page.glyphs.iter().map(|g| g.text.as_str()).collect::<Vec<_>>(), ["o", "ff", "i", "c", "e"]);
    // One text for two glyphs.
    let page = page_with("/Span <</ActualText (x)>> BDC BT /F1 9 Tf 9 9 Td (ab) Tj ET EMC").output;
    assert_eq!(page.glyphs.iter().map(|g| g.text.as_str()).collect::<Vec<_>>(), ["x", ""]);
    // Radicals in a replacement text are folded as elsewhere.
    let page = page_with("/Span <</ActualText <FEFF2F00>>> BDC BT /F1 9 Tf 9 9 Td (a) Tj ET EMC").output;
    assert_eq!(text(&page), "一");
}

#[test]
fn artifacts_and_mcids_are_told() {
    let page = page_with("/P <</MCID 4>> BDC BT /F1 9 Tf 9 9 Td (a) Tj ET EMC /Artifact BMC BT 9 20 Td (b) Tj ET EMC BT (c) Tj ET").output;
    let told: Vec<_> = page.glyphs.iter().map(|g| (page.style(g).mcid, page.style(g).artifact)).collect();
    assert_eq!(told, [(Some(4), false), (None, true), (None, false)]);
}

#[test]
fn paths_keep_their_shape_paint_and_order() {
    let page =
        page_with("1 0 0 RG 2 w [3 1] 0 d 10 10 m 20 10 l S 0 0.5 0 rg 10 20 30 5 re f 0 0 m 1 1 2 2 3 3 c 4 4 5 5 v 6 6 7 7 y h b n")
            .output;
    let [line, bar, curve] = &page.paths[..] else { panic!("three paths, found {}", page.paths.len()) };
    assert_eq!((line.line_width, line.dash.lengths.as_slice(), line.fill), (2.0, &[3.0, 1.0][..], None));
    assert_eq!(line.stroke.map(|s| (s.color.r, s.color.g)), Some((1.0, 0.0)));
    let bbox = bar.bbox();
    assert_eq!((bbox.x0, bbox.y0, bbox.x1, bbox.y1), (10.0, 75.0, 40.0, 80.0));
    assert_eq!(bar.fill.map(|f| f.color.g), Some(0.5));
    let curves = curve.segments.iter().filter(|s| matches!(s, Segment::Curve(..))).count();
    assert!(curves == 3 && curve.fill.is_some() && curve.stroke.is_some() && line.seq < bar.seq && bar.seq < curve.seq);
}

#[test]
fn shadings_are_veils_of_their_clip() {
    let page = page_with("q 10 20 30 40 re W n /Sh1 sh Q q 10 20 300 2 re W n /Sh1 sh Q /Sh1 sh").output;
    let boxes: Vec<_> = page.paths.iter().map(|p| p.bbox()).collect();
    assert_eq!(boxes, [Rect::new(10.0, 40.0, 40.0, 80.0), Rect::new(0.0, 0.0, 200.0, 100.0)]);
    assert!(page.paths.iter().all(|p| p.fill.is_some_and(|f| f.alpha < 0.1) && p.stroke.is_none()));
}

#[test]
fn forms_apply_matrix_clip_and_resources_and_end_in_cycles() {
    let more = [
        "null".to_owned(),
        stream("/Subtype/Form/BBox[0 0 50 50]/Matrix[1 0 0 1 100 10]", "BT /F1 10 Tf 5 5 Td (a) Tj 60 0 Td (b) Tj ET /X Do"),
    ];
    let read = page_of(&pdf_with("/X Do BT /F1 10 Tf 5 5 Td (c) Tj ET", "/XObject<</X 7 0 R>>", "", &more));
    let expected = [("a".to_owned(), 105.0, 85.0, true), ("b".to_owned(), 165.0, 85.0, false), ("c".to_owned(), 5.0, 95.0, true)];
    assert_eq!(shown(&read.output), expected);
    assert!(read.warnings.iter().any(|w| w.code == "limit/forms"), "{:?}", read.warnings);
}

#[test]
fn a_page_that_is_not_read_any_more_says_so() {
    let source = Source::open(pdf_with("BT /F1 10 Tf (a) Tj ET", "", "", &[]), None, &Limits::default()).unwrap().output;
    assert_eq!(text(&source.page(0).output), "a");
    while source.shared.objects.budget().charge_parsed(1 << 20) {}
    let read = source.page(0);
    assert_eq!((read.output.number, text(&read.output).as_str()), (1, ""));
    assert_eq!(read.warnings.iter().map(|w| &*w.code).collect::<Vec<_>>(), ["limit/objects"]);
}

#[test]
fn appearances_with_text_fill_their_rectangle() {
    let more = ["null".to_owned(), stream("/Subtype/Form/BBox[0 0 10 10]/Resources<</Font<</F1 5 0 R>>>>", "BT /F1 2 Tf 5 5 Td (a) Tj ET")];
    let annotation = |flags: u8| format!("/Annots[<</Subtype/FreeText/Rect[100 20 120 60]/F {flags}/AP<</N 7 0 R>>>>]");
    let page = page_of(&pdf_with("", "", &annotation(4), &more)).output;
    assert_eq!(shown(&page), [("a".to_owned(), 110.0, 60.0, true)]);
    assert!(page_of(&pdf_with("", "", &annotation(2), &more)).output.glyphs.is_empty());
}

#[test]
fn a_fault_costs_its_token_and_is_told_once() {
    for fault in ["1.2.3 w", "--5 w", "5 0 R", "true", "0 0 d1x", "{ }", "]", ">>", ")", "/A#ZZ gs", "/P <</MCID 0 BDC EMC", "[[[[", "<zz>"]
    {
        let page = page_with(&format!("BT /F1 9 Tf 9 50 Td (BEFORE) Tj ET {fault} BT 9 9 Td (AFTER) Tj ET")).output;
        assert_eq!(text(&page), "BEFOREAFTER", "{fault}");
    }
    let read = page_with("} } xyzzy");
    assert_eq!(read.warnings.iter().filter(|w| w.code == "content/faults").count(), 1);
}

#[test]
fn words_that_are_no_operators_leave_an_array_whole() {
    assert_eq!(text(&page_with("BT /F1 9 Tf 9 50 Td [(a) null (b) true -300 (c)] TJ ET").output), "abc");
}

#[test]
fn streams_and_pages_are_found_as_other_readers_find_them() {
    let bytes = pdf_with("BT /F1 9 Tf 9 50 Td (a) Tj ET", "", "", &[]);
    let check = |from: &str, to: &str| {
        let changed = bytes_with(&bytes, |t| t.replace(from, to));
        assert_eq!(text(&page_of(&changed).output), "a", "{from} → {to}");
    };
    check("stream\nBT", "stream \r\nBT");
    check("stream\nBT", "stream\rBT");
    check("/Type/Page/", "/Type/Pages/");
    check("/Type/Page/", "/");
    check("/Root 1 0 R", "/Root 1 0 R/Encrypt 99 0 R");
    // Objects behind the end mark that no cross-reference names are not the document's.
    let old = pdf_with("BT /F1 9 Tf 9 50 Td (old) Tj ET", "", "", &[]);
    let stray = format!("4 0 obj\n{}\nendobj\n", stream("", "BT /F1 9 Tf 9 50 Td (new) Tj ET"));
    assert_eq!(text(&page_of(&[&old[..], stray.as_bytes()].concat()).output), "old");
}

#[test]
fn text_outside_a_presumed_page_is_told() {
    let bytes = pdf_with("BT /F1 9 Tf 9 5000 Td (a) Tj ET", "", "", &[]);
    let without = page_of(&bytes_with(&bytes, |t| t.replace("/MediaBox[0 0 200 100]", "")));
    assert!(without.warnings.iter().any(|w| w.code == "pdf/partial"), "{:?}", without.warnings);
    assert!(page_of(&bytes).warnings.is_empty());
}

#[test]
fn what_is_painted_thinly_hides_nothing() {
    let states = "/ExtGState<</B<</BM/Multiply>>/M<</SMask<</S/Alpha/G 7 0 R>>>>/N<</BM[/Normal]/SMask/None>>/A<</ca 0.5>>/O<</ca 1>>>>\
        /XObject<</G 7 0 R/I 8 0 R/J 9 0 R>>";
    let image = |mask: &str| stream(&format!("/Subtype/Image/Width 1/Height 1{mask}"), "0");
    let more = [
        "null".to_owned(),
        stream("/Subtype/Form/BBox[0 0 200 100]/Group<</S/Transparency>>", "/O gs 0 0 9 9 re f"),
        image(""),
        image("/SMask 8 0 R"),
    ];
    let page = |content: &str| page_of(&pdf_with(content, states, "", &more)).output;
    let alpha = |content: &str| page(content).paths.first().and_then(|p| p.fill).map(|f| f.alpha);
    assert_eq!(alpha("/B gs 0 0 9 9 re f"), Some(0.5));
    assert_eq!(alpha("/M gs 0 0 9 9 re f"), Some(0.5));
    assert_eq!(alpha("/M gs /B gs /N gs 0 0 9 9 re f"), Some(1.0));
    assert_eq!(alpha("q /B gs Q 0 0 9 9 re f"), Some(1.0));
    // A group painted at half strength is so whatever it says inside.
    assert_eq!(alpha("/A gs /G Do"), Some(0.5));
    assert_eq!(alpha("/G Do"), Some(1.0));
    // Text of a mask's group is seen, once.
    let show = "/Subtype/Form/BBox[0 0 200 100]/Resources<</Font<</F1 5 0 R>>>>";
    let masks = ["null".to_owned(), stream(show, "0 0 9 9 re f BT /F1 9 Tf 9 50 Td (m) Tj ET")];
    let masked = page_of(&pdf_with("q /M gs 0 0 99 99 re f Q /M gs 0 0 9 9 re f", states, "", &masks)).output;
    assert_eq!((text(&masked), masked.paths.len()), ("m".to_owned(), 2));
    let mask = |content: &str| page(content).images.first().map(|i| i.mask);
    assert_eq!([mask("/I Do"), mask("/J Do"), mask("/B gs /I Do")], [Some(false), Some(true), Some(true)]);
}

#[test]
fn a_glyph_declared_too_wide_is_bounded_by_its_neighbor() {
    let page = page_with("BT /F1 10 Tf 9 9 Td [(1) 250 (2)] TJ (3) Tj ET").output;
    let widths: Vec<f64> = page.glyphs.iter().map(|g| (g.advance.x * 100.0).round() / 100.0).collect();
    assert_eq!(widths, [2.5, 5.0, 5.0]);
}

#[test]
fn type_3_procedures_that_show_text_are_read() {
    let font = "<</Type/Font/Subtype/Type3/FontMatrix[0.001 0 0 0.001 0 0]/FontBBox[0 0 1000 1000]/FirstChar 65/LastChar 66/Widths[1000 1000]\
        /Encoding<</Differences[65/x1 /x2]>>/CharProcs<</x1 7 0 R/x2 8 0 R>>/Resources<</Font<</F1 5 0 R>>>>>>";
    let more = [font.to_owned(), stream("", "1000 0 d0 BT /F1 1000 Tf (q) Tj ET"), stream("", "1000 0 d0 0 0 500 500 re f")];
    let page = page_of(&pdf_with("BT /T 10 Tf 20 30 Td (AB) Tj ET", "/Font<</F1 5 0 R/T 6 0 R>>", "", &more)).output;
    assert_eq!(shown(&page), [("q".to_owned(), 20.0, 70.0, true), ("\u{FFFD}".to_owned(), 30.0, 70.0, true)]);
    assert!(page.paths.is_empty(), "a glyph's shape is no drawing");
}

#[test]
fn type_3_procedures_that_paint_nothing_are_blanks() {
    let font = "<</Type/Font/Subtype/Type3/FontMatrix[0.001 0 0 0.001 0 0]/FontBBox[0 0 1000 1000]/FirstChar 65/LastChar 68\
        /Widths[500 500 500 500]/Encoding<</Differences[65/x1 /x2 /x3 /x4]>>/CharProcs<</x1 7 0 R/x2 8 0 R/x3 9 0 R/x4 10 0 R>>>>";
    let procs = ["500 0 d0", "500 0 d0 q 0 0 9 9 re W n Q", "500 0 d0 0 0 9 9 re f", "500 0 d0 /S sh"];
    let more: Vec<String> = std::iter::once(font.to_owned()).chain(procs.map(|p| stream("", p))).collect();
    let page = page_of(&pdf_with("BT /T 10 Tf 20 30 Td (ABCD) Tj ET", "/Font<</T 6 0 R>>", "", &more)).output;
    assert_eq!(text(&page), "  \u{FFFD}\u{FFFD}");
}

#[test]
fn text_of_a_tiling_pattern_is_shown_where_it_fills() {
    let cell = |entries: &str, content: &str| {
        let entries = format!("/PatternType 1/PaintType 1/BBox[0 0 20 20]{entries}/Resources<</Font<</F1 5 0 R>>/Pattern<</P 7 0 R>>>>");
        stream(&entries, content)
    };
    let show = "0 0 20 1 re f BT /F1 10 Tf 2 5 Td (a) Tj ET";
    let page = |entries: &str, cell_content: &str, content: &str| {
        let more = ["null".to_owned(), cell(entries, cell_content)];
        page_of(&pdf_with(content, "/Pattern<</P 7 0 R>>", "", &more)).output
    };
    let seen = |p: &Page| shown(p).into_iter().filter(|g| g.3).map(|g| (g.1, g.2)).collect::<Vec<_>>();
    // Two columns and one row of cells fill 40 × 20 pt from (20, 20) on; the pattern's matrix moves them by 20.
    let two = page("/XStep 20/YStep 20/Matrix[1 0 0 1 20 0]", show, "/Pattern cs /P scn 20 20 40 20 re f");
    assert_eq!((seen(&two), two.paths.len()), (vec![(22.0, 75.0), (42.0, 75.0)], 1));
    // Neither another color nor a path that is not filled shows it.
    assert!(
        page("/XStep 20/YStep 20", show, "/Pattern cs /P scn 0 g 20 20 40 20 re f /Pattern cs /P scn 9 9 m 99 99 l S").glyphs.is_empty()
    );
    // An uncolored pattern has the color of its operator.
    let red = page("/XStep 99/YStep 99", show, "/Pattern cs 1 0 0 /P scn 0 0 9 9 re f");
    assert_eq!(red.styles.first().map(|s| (s.fill.color.r, s.fill.color.g)), Some((1.0, 0.0)));
    // A pattern that fills with itself, or that has no step, ends.
    let loops =
        page("/XStep 0/YStep 0", "BT /F1 10 Tf 2 5 Td (a) Tj ET /Pattern cs /P scn 0 0 9 9 re f", "/Pattern cs /P scn 0 0 200 100 re f");
    assert_eq!(loops.glyphs.len(), 1);
}

/// The lines that a page shows: glyphs of one baseline together, with the first one's place.
fn lines(page: &Page) -> Vec<(String, f64, f64)> {
    let mut lines: Vec<(String, f64, f64)> = Vec::new();
    for (c, x, y, _) in shown(page).into_iter().filter(|g| g.3) {
        match lines.last_mut() {
            Some(line) if line.2 == y => line.0.push_str(&c),
            _ => lines.push((c, x, y)),
        }
    }
    lines
}

#[test]
fn notes_and_fields_without_an_appearance_show_their_value() {
    let check = |annotation: &str, expected: &[(&str, f64, f64)]| {
        let page = page_of(&pdf_with("", "", &format!("/Annots[<<{annotation}>>]"), &[])).output;
        let expected: Vec<_> = expected.iter().map(|l| (l.0.to_owned(), l.1, l.2)).collect();
        assert_eq!(lines(&page), expected, "{annotation}");
        assert!(page.glyphs.iter().all(|g| g.source == TextSource::ActualText && usize::from(page.style(g).font.0) < page.fonts.len()));
    };
    // 50 × 40 pt: the first baseline 2 + 8.8 pt below the upper edge, lines of 46 pt.
    let note = "/Subtype/FreeText/Rect[100 20 150 60]/DA(/Helv 10 Tf 0 g)";
    check(&format!("{note}/Contents(one\\rtwo)"), &[("one", 102.0, 50.8), ("two", 102.0, 62.3)]);
    check(&format!("{note}/Contents<FEFF65E5672C8A9E65E5672C8A9E>"), &[("日本語日", 102.0, 50.8), ("本語", 102.0, 62.3)]);
    check(&format!("{note}/F 2/Contents(hidden)"), &[]);
    let field = "/Subtype/Widget/Rect[100 20 150 36]/DA(/Helv 10 Tf)";
    check(&format!("{field}/FT/Tx/V(12)"), &[("12", 102.0, 75.8)]);
    check(&format!("{field}/Q 2/Parent<</FT/Tx/V(12)>>"), &[("12", 138.0, 75.8)]);
    check(&format!("{field}/FT/Tx/Ff 8192/V(secret)"), &[]);
    check(&format!("{field}/FT/Btn/V/Yes"), &[]);
    check(&format!("{field}/FT/Ch/V(a)"), &[("a", 102.0, 75.8)]);
    // A box a character: 5 boxes of 10 pt.
    check(&format!("{field}/FT/Tx/Ff 16777216/MaxLen 5/V(1)"), &[("1", 102.5, 75.8)]);
    // Where the form asks for it, the value stands in place of an old appearance.
    let appearance = stream("/Subtype/Form/BBox[0 0 50 16]/Resources<</Font<</F1 5 0 R>>>>", "BT /F1 9 Tf 5 5 Td (old) Tj ET");
    let bytes = pdf_with("", "", &format!("/Annots[<<{field}/FT/Tx/V(new)/AP<</N 7 0 R>>>>]"), &["null".to_owned(), appearance]);
    assert_eq!(text(&page_of(&bytes).output), "old");
    let asking = bytes_with(&bytes, |t| t.replace("/Type/Catalog", "/Type/Catalog/AcroForm<</NeedAppearances true>>"));
    assert_eq!(text(&page_of(&asking).output), "new");
    // Other annotations without an appearance show nothing on the page.
    check("/Subtype/Text/Rect[9 9 29 29]/Contents(popup)", &[]);
}

#[test]
fn actual_text_of_structure_elements_replaces_their_content() {
    let page_with_elements = |elements: [&str; 3], content: &str| {
        let tagged = |o: &String| o.replace("/Type/Catalog", "/Type/Catalog/StructTreeRoot 6 0 R");
        let more = [
            "<</Type/StructTreeRoot/K 7 0 R/ParentTree<</Kids[<</Limits[0 9]/Nums[0[7 0 R 8 0 R 8 0 R 9 0 R]]>>]>>>>".to_owned(),
            format!("<</S/P/P 6 0 R/Pg 3 0 R{}>>", elements[0]),
            format!("<</S/Span/P 7 0 R/Pg 3 0 R{}>>", elements[1]),
            format!("<</S/Span/P 6 0 R/Pg 3 0 R{}>>", elements[2]),
            stream("/Subtype/Form/BBox[0 0 200 100]", "/P <</MCID 1>> BDC BT /F1 9 Tf (f) Tj ET EMC"),
        ];
        let bytes = pdf_with(content, "/XObject<</X 10 0 R>>", "/StructParents 0", &more);
        page_of(&bytes_with(&bytes, tagged)).output
    };
    let shown = "/P <</MCID 0>> BDC BT /F1 9 Tf 9 9 Td (a) Tj ET EMC /P <</MCID 1>> BDC BT (bc) Tj ET EMC \
        /P <</MCID 2>> BDC BT (d) Tj ET EMC /P <</MCID 3>> BDC BT (e) Tj ET EMC";
    // One element over two marks; its neighbors stay.
    let page = page_with_elements(["", "/K[1 2]/ActualText<FEFF4EE4548C5143>", "/K 3"], shown);
    assert_eq!(text(&page), "a令和元e");
    assert_eq!(
        page.glyphs.get(1).map(|g| (g.source, g.raw.as_ref().map(|raw| raw.to_string()))),
        Some((TextSource::ActualText, Some("b".to_owned())))
    );
    // Of nested ones the outer text holds; content's own replacement comes first; a form's marks are its own.
    assert_eq!(text(&page_with_elements(["/K[0 8 0 R]/ActualText(wxyz)", "/K[1 2]/ActualText(no)", ""], shown)), "wxyze");
    let own = "/Span <</MCID 1/ActualText(o)>> BDC BT /F1 9 Tf 9 9 Td (b) Tj ET EMC /X Do";
    assert_eq!(text(&page_with_elements(["", "/K[1 2]/ActualText(n)", ""], own)), "of");
    // A text too short or too long for what is legible is not its text; a blank may stand for a short mark.
    let address = shown.replace("(bc)", "(1-2-3)").replace("(d)", "(Kita)");
    assert_eq!(text(&page_with_elements(["", "/K[1 2]/ActualText( )", ""], &address)), "a1-2-3Kitae");
    assert_eq!(text(&page_with_elements(["", "/K[1 2]/ActualText(Kita 1-2-3, Tsu, Mie, Japan)", ""], &address)), "a1-2-3Kitae");
    assert_eq!(text(&page_with_elements(["", "/K[1 2]/ActualText( )", ""], shown)), "a e");
    // The parent tree names an element that doesn't list the mark.
    assert_eq!(text(&page_with_elements(["", "/K[2 3]/ActualText(n)", ""], shown)), "abcne");
    // An element of two pages is left as it is shown.
    assert_eq!(text(&page_with_elements(["", "/K[1<</Pg 2 0 R/MCID 0>>]/ActualText(n)", ""], shown)), "abcde");
}

/// A file's bytes after a change of its text; its cross-references are found again.
fn bytes_with(bytes: &[u8], change: impl Fn(&String) -> String) -> Vec<u8> {
    change(&String::from_utf8(bytes.to_vec()).expect("the test's files are text")).into_bytes()
}
