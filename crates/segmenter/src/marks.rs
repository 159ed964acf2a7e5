//! Leading marks of paragraphs in plain text: headings, bullets, enumerators, notes.

use crate::narrow::narrow_char;
use jisseki_model::Paragraph;

/// What a paragraph starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// `＜…＞`
    Heading,
    /// `□ ○ ・ － ① (1)` with its depth.
    Bullet(u8),
    /// `※`, `注）`
    Note,
    /// `⇒ →`
    Result,
    /// `【…】`: stays a paragraph.
    Label,
    /// None.
    Plain,
}

/// Returns the mark of a text and how many chars the marker takes (0 for headings, labels and plain text).
pub(crate) fn text_to_mark(text: &str) -> (Mark, usize) {
    let body = text.trim_start();
    let mut chars = body.chars();
    let (Some(printed), second) = (chars.next(), chars.next()) else { return (Mark::Plain, 0) };
    let (mark, taken) = match narrow_char(printed) {
        '＜' | '《' => (Mark::Heading, 0),
        '【' => (Mark::Label, 0),
        // ○○へ委託: a placeholder, no bullet.
        '□' | '■' | '○' | '●' | '◎' | '◇' | '◆' | '▽' | '〇' | '▼' | '☆' | '★' if second != Some(printed) => {
            (Mark::Bullet(1), 1)
        }
        '・' | '•' => (Mark::Bullet(2), 1),
        '-' | '–' | '－' if second.is_some_and(|c| !c.is_ascii_digit() && narrow_char(c) != '-') => (Mark::Bullet(3), 1),
        '※' => (Mark::Note, 1),
        '→' => (Mark::Result, 1),
        '①'..='⑳' => (Mark::Bullet(1), 1),
        '(' | '0'..='9' | '注' | 'ア'..='ロ' => enumerator(body),
        _ => (Mark::Plain, 0),
    };
    let lead = || text.chars().take_while(|c| c.is_whitespace()).count();
    (mark, if taken == 0 { 0 } else { taken + lead() })
}

/// `(1)`, `１．`, `ア）`, `注）`.
fn enumerator(body: &str) -> (Mark, usize) {
    let n: Vec<char> = body.chars().take(6).map(narrow_char).collect();
    let digits = |from: usize| n.iter().skip(from).take_while(|c| c.is_ascii_digit()).count();
    // Lists count ア to ソ or イ to ト; `ル）` is the end of a word.
    let kana = |c: Option<&char>| c.is_some_and(|c| "アイウエオカキクケコサシスセソロハニホヘト".contains(*c));
    if n.first() == Some(&'(') {
        let d = digits(1);
        let inner = if d > 0 { d } else { usize::from(kana(n.get(1))) };
        if inner > 0 && inner <= 2 && n.get(1 + inner) == Some(&')') {
            return (Mark::Bullet(1), inner + 2);
        }
    }
    let d = digits(0);
    if (1..=2).contains(&d) && matches!(n.get(d), Some('.' | ')')) && n.get(d + 1).is_none_or(|c| !c.is_ascii_digit()) {
        return (Mark::Bullet(1), d + 1);
    }
    if kana(n.first()) && n.get(1) == Some(&')') {
        return (Mark::Bullet(1), 2);
    }
    if n.first() == Some(&'注') && matches!(n.get(1), Some(')' | '1'..='9')) {
        return (Mark::Note, 2);
    }
    (Mark::Plain, 0)
}

/// Makes a paragraph of a text that has no geometry.
pub(crate) fn text_to_paragraph(text: &str, raw: &str) -> Paragraph {
    let (mark, taken) = text_to_mark(text);
    let marker: String = text.chars().take(taken).filter(|c| !c.is_whitespace()).collect();
    let rest: String = text.chars().skip(taken).collect();
    let level = match mark {
        Mark::Bullet(l) => l,
        Mark::Note | Mark::Result => 1,
        _ => 0,
    };
    let marker = (!marker.is_empty()).then_some(marker);
    Paragraph { marker, level, text: rest.trim().to_string(), raw: raw.trim_end().to_string(), ..Paragraph::default() }
}

/// Room for a heading as long as most, in bytes.
const HEADING: usize = 64;

/// Cuts `＜A＞＜B＞` into its headings, brackets left out; `None` where the text is not headings alone.
pub(crate) fn text_to_headings(text: impl IntoIterator<Item = char>) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut open: Option<(char, String)> = None;
    for c in text {
        match (&mut open, narrow_char(c)) {
            (None, ' ') => {}
            (None, '＜') => open = Some(('＞', String::with_capacity(HEADING))),
            (None, '《') => open = Some(('》', String::with_capacity(HEADING))),
            (None, _) => return None,
            (Some((close, inner)), n) if n == *close => {
                out.push(inner.trim().to_string());
                open = None;
            }
            (Some((_, inner)), _) => inner.push(c),
        }
    }
    (open.is_none() && !out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_seen_only_where_they_are_marks() {
        for (t, m) in [
            ("・実施", Mark::Bullet(2)),
            ("○○へ委託", Mark::Plain),
            ("○全庁的な", Mark::Bullet(1)),
            ("＜構築＞", Mark::Heading),
            ("【年度実績】", Mark::Label),
            ("※別紙", Mark::Note),
            ("  ⇒ 令和元年度", Mark::Result),
            ("（説得力向上研修", Mark::Plain),
            ("（１）見直し", Mark::Bullet(1)),
            ("１．総括", Mark::Bullet(1)),
            ("12 業務", Mark::Plain),
            ("イ）検討", Mark::Bullet(1)),
            ("ル）の時点修正", Mark::Plain),
            ("1.3％", Mark::Plain),
            ("－", Mark::Plain),
        ] {
            assert_eq!(text_to_mark(t).0, m, "{t}");
        }
        let p = text_to_paragraph("  ⇒ 令和元年度：107件", "");
        assert_eq!((p.marker.as_deref(), p.text.as_str()), (Some("⇒"), "令和元年度：107件"));
        assert_eq!(text_to_headings("＜甲＞＜乙＞".chars()), Some(vec!["甲".into(), "乙".into()]));
        assert_eq!(text_to_headings("＜甲＞の".chars()), None);
    }
}
