//! Content streams read as a viewer draws them.

use crate::testing::{page_of, page_with, pdf_with, stream};
use jisseki_model::{Hidden, Page, Segment, TextSource};

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
    assert_eq!(page.glyphs.first().and_then(|g| g.raw.as_deref()), Some("a"));
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
    let told: Vec<_> = page.glyphs.iter().map(|g| (g.mcid, g.artifact)).collect();
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
