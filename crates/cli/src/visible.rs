//! Text from outside, made harmless for a terminal.

use std::borrow::Cow;

/// Tells whether a terminal could act on the character, or a reader be misled by it: controls, bidirectional controls, invisible marks.
fn is_treacherous(c: char) -> bool {
    let shown = matches!(c, '\n' | '\t');
    !shown
        && (c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'))
}

/// Returns the text with treacherous characters as `\u{..}`; line ends and tabs stay.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_treacherous(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// The same for a place where a line end would break the form: one line of a message or a cell.
pub(crate) fn visible_line(text: &str) -> String {
    visible(text).replace('\n', "\\n").replace('\t', "\\t")
}

/// Returns the columns that a character takes on a terminal: 2 for East Asian wide and full-width ones, 0 for combining marks.
///
/// Source: Unicode 16 EastAsianWidth.txt (W and F) and the combining blocks; ambiguous characters count 1, as modern terminals draw them.
pub(crate) fn columns_of(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36f | 0x3099..=0x309a | 0xfe00..=0xfe0f | 0xe0100..=0xe01ef => 0,
        0x1100..=0x115f
        | 0x231a..=0x231b
        | 0x2329..=0x232a
        | 0x23e9..=0x23ec
        | 0x2e80..=0x303e
        | 0x3041..=0x3247
        | 0x3250..=0x4dbf
        | 0x4e00..=0xa4cf
        | 0xa960..=0xa97f
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff01..=0xff60
        | 0xffe0..=0xffe6
        | 0x16fe0..=0x18aff
        | 0x1b000..=0x1b2ff
        | 0x1f300..=0x1f64f
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Returns the columns of a text.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Cuts a text into lines of at most `columns` columns, at any character (Japanese has no word spaces) but never before a closing mark.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![];
    let (mut line, mut used) = (String::new(), 0);
    for c in text.chars() {
        if c == '\n' {
            lines.push(std::mem::take(&mut line));
            used = 0;
            continue;
        }
        let w = columns_of(c);
        let hangs = matches!(c, '、' | '。' | '）' | '」' | '』' | '】' | '，' | '．' | ')' | ',' | '.');
        if used + w > columns && !hangs && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        line.push(c);
        used += w;
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_shown_and_plain_text_is_untouched() {
        assert_eq!(visible("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(visible("令和\u{202e}元"), "令和\\u{202e}元");
        assert_eq!(visible("\u{9b}2J\u{7f}\u{0}"), "\\u{9b}2J\\u{7f}\\u{0}");
        assert!(matches!(visible("令和元年度\n\t①"), Cow::Borrowed(_)));
        assert_eq!(visible_line("a\nb"), "a\\nb");
    }

    #[test]
    fn width_counts_two_for_full_width_characters() {
        for (text, columns) in [("abc", 3), ("令和元年度", 10), ("（６月～７月）", 14), ("ｶﾞ", 2), ("か\u{3099}", 2), ("①", 1)]
        {
            assert_eq!(width(text), columns, "{text}");
        }
    }

    #[test]
    fn wrapping_fills_lines_and_loses_nothing() {
        let text = "協創の推進に向けて、情報共有のための協創ポータルサイトを構築し";
        let lines = wrap(text, 20);
        assert_eq!(lines.concat(), text);
        assert!(lines.iter().all(|l| width(l) <= 22));
        assert!(lines.iter().all(|l| !l.starts_with('、')));
    }
}
