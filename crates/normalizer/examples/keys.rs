//! Prints the mentions of text files, one a line: file, span in characters, kind and value as a compact key, the words: `keys FISCAL_YEAR FILE…`.
#![allow(clippy::print_stdout, clippy::expect_used)]

use jisseki_normalizer::{ReportContext, key, mentions};

fn main() {
    let mut args = std::env::args().skip(1);
    let fiscal_year = args.next().and_then(|n| n.parse().ok()).expect("a fiscal year, then files");
    let context = ReportContext::of_fiscal_year(fiscal_year);
    for path in args {
        let text = std::fs::read_to_string(&path).expect("a UTF-8 text");
        let found = mentions(&text, &context, &[]);
        let (mut at, mut character) = (0, 0);
        for m in &found {
            character += text[at..m.span.start].chars().count();
            at = m.span.start;
            let end = character + m.text.chars().count();
            println!("{path}\t{character}\t{end}\t{}\t{:?}", key(m, &found), m.text);
        }
    }
}
