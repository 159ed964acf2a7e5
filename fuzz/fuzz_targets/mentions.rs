//! Bytes as a text, and as rows of pieces that mean something next to each other: sound spans, known ids, a key for each, no panic.
#![no_main]

use jisseki_normalizer::{ReportContext, display, fold, key, keys, mentions, parse_fiscal_year, parse_org};

/// Two bytes of pieces are one of these: a text of random bytes hardly ever has a date in it.
const PIECES: &str = "令和|平成|R|H|元|２|30|31|3|12|1,234|132,726|1.3|０|2019|年|年度|月|日|度|末|当初|上旬|第|四半期|上半期|～|-|から|まで|より|以降|、|・|。|（|）|【|】|⇒|：| |\n|\n\n|\u{3000}|約|計|延べ|△|￥|千|万|億|円|％|ポイント|件|人|箇所|か月|時間|割|分の|倍|以上|未満|増|減|前年度|今年度|通年|比|目標|実績|総務部|人事課|三|十|数|半|単位|\u{200B}|ｶﾞ|㍻|ﬃ|\u{E0100}|か\u{3099}|ab";

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let pieces: Vec<&str> = PIECES.split('|').collect();
    let row: String = data.iter().map(|b| pieces[usize::from(*b) % pieces.len()]).collect();
    check(&String::from_utf8_lossy(data));
    check(&row);
});

fn check(text: &str) {
    let context = ReportContext::of_fiscal_year(2019);
    let found = mentions(text, &context, &[]);
    for m in &found {
        assert_eq!(&text[m.span.clone()], m.text);
        assert!(!key(m, &found).is_empty());
    }
    let _ = (keys(&found), parse_org(text, &context), parse_fiscal_year(text, Some(2019)));
    let once = display(text).into_owned();
    assert_eq!(display(&once), once.as_str());
    let folded = fold(text);
    assert!(folded.source_span(0..folded.scan().len()).end <= text.len());
}
