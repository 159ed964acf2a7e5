use super::*;

fn check(src: &str, shown: &str, scanned: &str) {
    assert_eq!(display(src), shown, "display of {src:?}");
    assert_eq!(fold(src).scan(), scanned, "scan of {src:?}");
}

#[test]
fn views() {
    check("ｶﾞｽ", "ガス", "ガス");
    check("か\u{3099}", "が", "が");
    check("ｱﾞ", "ア゛", "ア゛");
    check("カﾞ", "ガ", "ガ");
    check("ｶ\u{3099}", "ガ", "ガ");
    check("゛", "゛", "゛");
    check("−１．２", "−1.2", "-1.2");
    check("m²", "m²", "m2");
    check("10³", "10³", "10³");
    check("㍻28年", "㍻28年", "平成28年");
    check("葛\u{E0100}城", "葛\u{E0100}城", "葛城");
    check("髙橋﨑", "髙橋﨑", "髙橋﨑");
    check("\u{FA10}", "\u{FA10}", "塚");
    check("a\r\nb\rc\u{C}d", "a\nb\nc\nd", "a\nb\nc\nd");
    check("ﬁｎ", "fin", "fin");
}

#[test]
fn spans_lead_back() {
    let cases = [
        ("ｶﾞｽ", 0..3, "ｶﾞ"),
        ("ｶﾞｽ", 3..6, "ｽ"),
        ("㍻２８年", 0..3, "㍻"),
        ("㍻２８年", 3..6, "㍻"),
        ("㍻２８年", 6..8, "２８"),
        ("２\u{200B}８", 0..1, "２"),
        ("２\u{200B}８", 1..2, "８"),
        ("２\u{200B}８", 0..2, "２\u{200B}８"),
        ("\u{FEFF}元年", 0..6, "元年"),
        ("a\r\nb", 1..2, "\r\n"),
        ("あか\u{3099}い", 3..6, "か\u{3099}"),
        ("あｶ\u{3099}い", 3..6, "ｶ\u{3099}"),
    ];
    for (src, scan, want) in cases {
        let folded = fold(src);
        assert_eq!(&src[folded.source_span(scan.clone())], want, "{src:?} {scan:?} {:?}", folded.scan());
    }
}
