//! Text as the lexicon compares it: one `char` in, one `char` out, so that positions stay those of the printed text.

/// Returns `c` with full-width ASCII and blanks made half-width and look-alike signs unified.
///
/// Never one to many (unlike NFKC), so that the n-th char of a narrowed text is the n-th char of the printed one: ① stays ①, Ⅰ stays Ⅰ.
pub(crate) fn narrow_char(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' if !matches!(c, '～' | '＜' | '＞') => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        // A glyph that no Unicode text was found for is as good as a blank to whoever compares words.
        '\u{3000}' | '\u{a0}' | '\t' | '\n' | '\r' | '\u{2000}'..='\u{200b}' | '\u{202f}' | '\u{205f}' | '\u{feff}' | '\u{fffd}' => ' ',
        '〜' => '～',
        '‧' | '･' => '・',
        '−' | '‐' | '‑' => '-',
        '➡' | '⇨' | '⇒' => '→',
        '〈' | '<' => '＜',
        '〉' | '>' => '＞',
        _ => c,
    }
}

/// Returns the text narrowed, blanks kept (each run of them once).
pub(crate) fn narrow(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().map(narrow_char) {
        if c != ' ' || !(out.is_empty() || out.ends_with(' ')) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Returns the chars of the text narrowed, no blank among them.
pub(crate) fn squashed(text: impl IntoIterator<Item = char>) -> impl Iterator<Item = char> {
    text.into_iter().map(narrow_char).filter(|c| !c.is_whitespace())
}

/// Returns the text narrowed without any blank.
pub(crate) fn squash(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    squashed(text.chars()).for_each(|c| out.push(c));
    out
}

/// Returns a header as the lexicon's patterns see it: squashed, 取り組み and its kin written 取組.
pub(crate) fn header_key(text: &str) -> String {
    let s = squash(text);
    if !s.contains(['取', 'と']) {
        return s;
    }
    ["取り組み", "取組み", "とりくみ", "取り組", "取りくみ"].iter().fold(s, |s, w| s.replace(w, "取組"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_go_and_signs_are_unified_but_no_char_is_expanded() {
        assert_eq!(squash("担　当　課"), "担当課");
        assert_eq!(narrow("（１）　①　Ⅱ〜"), "(1) ① Ⅱ～");
        assert_eq!(header_key("今後の取り組み"), "今後の取組");
        assert_eq!(narrow("㈱ｶﾅ"), "㈱ｶﾅ");
        assert_eq!(squash("番号\u{fffd}\u{200b}"), "番号");
    }
}
