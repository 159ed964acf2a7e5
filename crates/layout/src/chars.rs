//! Classes of characters: what sets solid, what may not start a line, what opens a list item.

/// How a character takes part in spacing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Han, kana, CJK punctuation, full-width forms, enclosed and geometric signs: set solid, no word spaces.
    Cjk,
    /// Letters of spaced scripts.
    Latin,
    /// ASCII digits.
    Digit,
    /// `.` `,` and other ASCII marks that stick to a number or a word.
    Mark,
    /// White space.
    Blank,
}

/// Returns the spacing class of a character.
pub(crate) fn class(c: char) -> Class {
    match c {
        '\u{3040}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' => Class::Cjk,
        '0'..='9' => Class::Digit,
        '!'..='~' if !c.is_ascii_alphanumeric() => Class::Mark,
        c if c.is_whitespace() => Class::Blank,
        c if is_cjk(c) => Class::Cjk,
        _ => Class::Latin,
    }
}

/// Tells whether a text is white space or empty: [`jisseki_model::Glyph::is_blank`] with a short way for the usual characters.
#[inline]
pub(crate) fn blank(text: &str) -> bool {
    match text.as_bytes() {
        // No white space lies above U+3000.
        [b'!'..=b'~' | 0xE4.., ..] | [0xE3, 0x81..=0xFF, ..] => false,
        _ => is_white(text),
    }
}

#[cold]
fn is_white(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// Tells of nearly all texts, which are one character of one byte or three, that they are neither [`blank`] nor hold U+FFFD.
#[inline]
pub(crate) fn is_plainly_read(text: &str) -> bool {
    matches!(text.as_bytes(), [b'!'..=b'~'] | [0xE3, 0x81..=0xFF, _] | [0xE4..=0xEE, _, _] | [0xEF, ..=0xBE, _])
}

/// Tells whether a character is set solid in Japanese text.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x2E80..=0x303E | 0x3040..=0x33FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFFEF
        | 0x1F000..=0x1FAFF | 0x20000..=0x3FFFF
        | 0x2190..=0x21FF   // arrows → ⇒
        | 0x2200..=0x22FF   // ∴ ≒
        | 0x2460..=0x24FF   // ① ⑴
        | 0x2500..=0x27BF   // ─ ■ ○ ★ ✓
        | 0x2160..=0x217F   // Ⅰ ⅰ
        | 0x2100..=0x214F   // ℃ №
        | 0x2010..=0x2015 | 0x2018..=0x201F | 0x2025..=0x2027 | 0x2030..=0x203B
        | 0xE000..=0xF8FF) // private use: gaiji
        || matches!(c, '×' | '÷' | '±' | '°' | '§' | '¶' | '\u{FFFD}')
}

/// Han characters, the bases of ruby.
pub(crate) fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF) || c == '々'
}

/// Kana, the usual script of ruby.
pub(crate) fn is_kana(c: char) -> bool {
    matches!(u32::from(c), 0x3041..=0x3096 | 0x309D..=0x309E | 0x30A1..=0x30FE | 0xFF66..=0xFF9D)
}

/// Characters that may not begin a line (行頭禁則): they pull the character before them along.
pub(crate) fn no_line_start(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '，'
            | '．'
            | ','
            | '.'
            | '・'
            | '：'
            | '；'
            | ':'
            | ';'
            | '？'
            | '！'
            | '?'
            | '!'
            | ')'
            | '）'
            | ']'
            | '］'
            | '}'
            | '｝'
            | '〕'
            | '〉'
            | '》'
            | '」'
            | '』'
            | '】'
            | '”'
            | '’'
            | '‐'
            | '–'
            | '—'
            | 'ー'
            | '々'
            | 'ゝ'
            | 'ゞ'
            | 'ヽ'
            | 'ヾ'
            | 'ぁ'
            | 'ぃ'
            | 'ぅ'
            | 'ぇ'
            | 'ぉ'
            | 'っ'
            | 'ゃ'
            | 'ゅ'
            | 'ょ'
            | 'ゎ'
            | 'ァ'
            | 'ィ'
            | 'ゥ'
            | 'ェ'
            | 'ォ'
            | 'ッ'
            | 'ャ'
            | 'ュ'
            | 'ョ'
            | 'ヮ'
            | 'ヵ'
            | 'ヶ'
            | '％'
            | '%'
            | '℃'
            | '゛'
            | '゜'
    )
}

/// Characters that may not end a line (行末禁則): they go with the next character.
pub(crate) fn no_line_end(c: char) -> bool {
    matches!(c, '(' | '（' | '[' | '［' | '{' | '｛' | '〔' | '〈' | '《' | '「' | '『' | '【' | '“' | '‘' | '＜')
}

/// Punctuation that may hang past the edge (ぶら下げ).
pub(crate) fn hangs(c: char) -> bool {
    matches!(c, '、' | '。' | '，' | '．' | ',' | '.')
}

/// What a marker opens, in the order of depth where the indent is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MarkerClass {
    /// (1) ① ア） ⅰ １．
    Number,
    /// □ ■ ○ ● ◎ ◇ ◆ ▽ …
    Box,
    /// ・ •
    Dot,
    /// － - –
    Dash,
    /// ※ 注）
    Note,
    /// ⇒ → ➡
    Result,
}

/// Returns the marker at the start of `text` with its length in bytes.
///
/// A bullet needs nothing after it; an enumerator needs its `．`, `)` or `）`; a dash needs a CJK character after it, so that `－` (not
/// applicable) and `-5` are no items.
pub(crate) fn leading_marker(text: &str) -> Option<(MarkerClass, usize)> {
    let mut chars = text.char_indices();
    let (_, first) = chars.next()?;
    let (next_at, next) = chars.next().unwrap_or((text.len(), '\0'));
    let one = first.len_utf8();
    match first {
        '□' | '■' | '○' | '●' | '◎' | '◇' | '◆' | '▽' | '▼' | '△' | '▲' | '☆' | '★' | '◯' | '▪' | '▫' | '❑' | '❖' | '➢' | '✓' | '☑'
        | '☐' => {
            // ○○ is a placeholder, △5 an amount; a sign alone in its cell is a grade.
            let placeholder = next == first || next == '\0';
            let amount = matches!(first, '△' | '▲') && (next.is_ascii_digit() || ('０'..='９').contains(&next));
            (!placeholder && !amount).then_some((MarkerClass::Box, one))
        }
        '・' | '•' | '‧' | '･' | '\u{F0B7}' | '∙' => (next != '\0' && next != first).then_some((MarkerClass::Dot, one)),
        '－' | '‐' | '-' | '–' | '—' | '―' | '−' => {
            let body = if next.is_whitespace() { text[next_at + next.len_utf8()..].chars().next() } else { Some(next) };
            body.is_some_and(|c| is_han(c) || is_kana(c)).then_some((MarkerClass::Dash, one))
        }
        '※' | '＊' | '*' => Some((MarkerClass::Note, one)),
        '注' => match next {
            '）' | ')' => Some((MarkerClass::Note, next_at + next.len_utf8())),
            _ => None,
        },
        '⇒' | '→' | '➡' | '⇨' | '➔' => (next != '\0').then_some((MarkerClass::Result, one)),
        '①'..='⑳' | '㉑'..='㉟' | '⑴'..='⒇' | '❶'..='❿' | 'ⅰ'..='ⅻ' | '㋐'..='㋾' => {
            (next != '\0' && next != first).then_some((MarkerClass::Number, one))
        }
        // Most text.
        'ぁ'..='ゖ' | '一'..='鿿' => None,
        _ => enumerator(text).map(|n| (MarkerClass::Number, n)),
    }
}

/// Length of `(1)`, `（１）`, `1)`, `１．`, `ア）`, `イ．`, `a)` at the start of `text`.
fn enumerator(text: &str) -> Option<usize> {
    let opened = text.starts_with(['(', '（']);
    let body = if opened { &text[text.chars().next()?.len_utf8()..] } else { text };
    let core: usize = body.chars().take(3).take_while(|&c| is_number_char(c)).map(char::len_utf8).sum();
    let core = if core > 0 {
        core
    } else {
        let c = body.chars().next()?;
        ((('ア'..='ン').contains(&c) || ('ｱ'..='ﾝ').contains(&c) || c.is_ascii_lowercase() || ('Ⅰ'..='Ⅻ').contains(&c)) && c != 'ー')
            .then(|| c.len_utf8())?
    };
    let mut rest = body[core..].chars();
    let close = rest.next()?;
    let follows = rest.next();
    let prefix = text.len() - body.len();
    match close {
        ')' | '）' => Some(prefix + core + close.len_utf8()),
        // `１．` and `1.`, but not the decimal `1.5`.
        '．' | '.' if !opened && follows.is_some_and(|c| !is_number_char(c)) => Some(prefix + core + close.len_utf8()),
        _ => None,
    }
}

fn is_number_char(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// The bracket that closes a heading which opens with `open`.
pub(crate) fn heading_close(open: char) -> Option<char> {
    Some(match open {
        '＜' => '＞',
        '【' => '】',
        '［' => '］',
        '《' => '》',
        '〈' => '〉',
        '<' => '>',
        '≪' => '≫',
        '〔' => '〕',
        _ => return None,
    })
}

/// Tells whether the text is a heading in brackets from its first to its last character.
pub(crate) fn is_bracketed(text: &str) -> bool {
    let text = text.trim_start();
    let Some(close) = text.chars().next().and_then(heading_close) else { return false };
    let text = text.trim_end();
    text.find(close) == Some(text.len() - close.len_utf8()) && text.chars().nth(2).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers() {
        let check = |text: &str, want: Option<(MarkerClass, &str)>| {
            assert_eq!(leading_marker(text).map(|(c, n)| (c, &text[..n])), want, "{text}");
        };
        check("・研修を実施", Some((MarkerClass::Dot, "・")));
        check("□協創の取組", Some((MarkerClass::Box, "□")));
        check("○○へ委託", None);
        check("△1,234", None);
        check("△", None);
        check("－", None);
        check("－研修", Some((MarkerClass::Dash, "－")));
        check("-5.2", None);
        check("(1) 研修", Some((MarkerClass::Number, "(1)")));
        check("（12）研修", Some((MarkerClass::Number, "（12）")));
        check("１．目的", Some((MarkerClass::Number, "１．")));
        check("1.5 倍", None);
        check("12 業務", None);
        check("ア）企画", Some((MarkerClass::Number, "ア）")));
        check("※令和元年度", Some((MarkerClass::Note, "※")));
        check("⇒ 令和元年度", Some((MarkerClass::Result, "⇒")));
        check("①研修", Some((MarkerClass::Number, "①")));
    }

    #[test]
    fn what_is_plainly_read_is_neither_blank_nor_unknown() {
        for c in '\0'..=char::MAX {
            let plain = is_plainly_read(c.encode_utf8(&mut [0; 4]));
            assert!(!plain || !c.is_whitespace() && c != '\u{FFFD}', "{c:?}");
            assert!(plain || !('!'..='~').contains(&c) && !('\u{3041}'..='\u{9FFF}').contains(&c), "{c:?}");
        }
        assert!(!is_plainly_read("") && !is_plainly_read("a\u{FFFD}"));
    }

    #[test]
    fn headings() {
        assert!(is_bracketed("＜ポータルサイトの構築＞"));
        assert!(is_bracketed("【掲載事例数】 "));
        assert!(!is_bracketed("【A】と【B】"));
        assert!(!is_bracketed("＜開く"));
    }

    #[test]
    fn classes() {
        for (c, want) in [
            ('漢', Class::Cjk),
            ('①', Class::Cjk),
            ('５', Class::Cjk),
            ('5', Class::Digit),
            ('a', Class::Latin),
            ('.', Class::Mark),
            ('\u{3000}', Class::Blank),
        ] {
            assert_eq!(class(c), want, "{c}");
        }
    }
}
