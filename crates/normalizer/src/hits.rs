//! Where a value may stand: a run of digits or kanji numerals, 元, and the words that mean something without a number.
//!
//! One walk over the bytes of a scan view; most of them are passed with one look at a table. What stands around a hit (an era before it, a unit after it)
//! is the parsers' affair. A regular expression of the same words took 10 % of the whole and 2 million instructions to compile.

use crate::bits::Signs;
use crate::cursor::Cursor;

/// What begins at a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// ASCII digits.
    Digits,
    /// Kanji numerals.
    Kanji,
    /// 元.
    Gannen,
    /// ⇒.
    Arrow,
    /// 部, 庁 or 局: its line may name a department.
    Office,
    /// 年度, 通年, 半減 and their like.
    Word,
}

/// A place where a value may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Signs that may begin a hit, but for digits.
const FIRST: [char; 40] = [
    '⇒', '元', '部', '庁', '局', '〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万', '億', '兆', '数',
    '年', '通', '上', '下', '翌', '同', '前', '昨', '今', '本', '来', '半', '倍', '微', '皆', '横', '単', '未',
];

/// [`FIRST`], 増 and the digits.
static IS_FIRST: Signs = {
    let mut signs = Signs::of(&[('0' as u32, '9' as u32), ('増' as u32, '増' as u32)], false);
    let mut i = 0;
    while i < FIRST.len() {
        signs = signs.with(&[(FIRST[i] as u32, FIRST[i] as u32)]);
        i += 1;
    }
    signs
};

/// Returns the first hit at or after `from`, which is the start of a character.
pub(crate) fn next_hit(scan: &str, from: usize) -> Option<Hit> {
    let mut at = from;
    loop {
        at = IS_FIRST.next(scan, at);
        let rest = scan.as_bytes().get(at..).filter(|rest| !rest.is_empty())?;
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits > 0 {
            return Some(Hit { kind: Kind::Digits, start: at, end: at + digits });
        }
        if let Some((kind, end)) = hit_at(scan, at) {
            return Some(Hit { kind, start: at, end });
        }
        at += '年'.len_utf8();
    }
}

/// The kind and the end of the hit that begins at `at` with one of the signs, if one does.
fn hit_at(scan: &str, at: usize) -> Option<(Kind, usize)> {
    let rest = scan.get(at..)?;
    let first = rest.chars().next()?;
    let sign = at + first.len_utf8();
    let word = |words: &[&str]| words.iter().find(|w| rest.starts_with(**w)).map(|w| (Kind::Word, at + w.len()));
    match first {
        '⇒' => Some((Kind::Arrow, sign)),
        '元' => Some((Kind::Gannen, sign)),
        '部' | '庁' | '局' => Some((Kind::Office, sign)),
        _ if is_kanji_numeral(first) => {
            Some((Kind::Kanji, at + rest.chars().take_while(|c| is_kanji_numeral(*c)).map(char::len_utf8).sum::<usize>()))
        }
        '年' => {
            let mut c = Cursor::new(scan, sign);
            c.eat_over_joint("度").then_some((Kind::Word, c.at))
        }
        '通' => word(&["通年"]),
        '上' => word(&["上半期", "上期"]),
        '下' => word(&["下半期", "下期"]),
        '翌' | '同' | '前' | '昨' | '今' | '本' | '来' => {
            rest.get(first.len_utf8()..)?.starts_with('年').then_some((Kind::Word, sign + '年'.len_utf8()))
        }
        '半' => word(&["半年", "半数", "半減"]),
        '倍' => word(&["倍増"]),
        '微' => word(&["微増", "微減"]),
        '皆' => word(&["皆増", "皆減"]),
        '横' => word(&["横ばい"]),
        '増' => word(&["増減なし"]),
        '単' => word(&["単位"]),
        '未' => word(&["未満切", "未満四"]),
        _ => None,
    }
}

/// Whether `c` is a sign of kanji numbers, 数 among them.
pub(crate) fn is_kanji_numeral(c: char) -> bool {
    matches!(c, '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千' | '万' | '億' | '兆' | '数')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(hit) = next_hit(text, at) {
            found.push(&text[hit.start..hit.end]);
            at = hit.end;
        }
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn hits() {
        check("abc 12é34😀5", &["12", "34", "5"]);
        check("令和元年度第二十三回", &["元", "年度", "二十三"]);
        check("年 \n度、年\n\n度", &["年 \n度"]);
        check("総務部は本年、本日は上期⇒半減", &["部", "本年", "上期", "⇒", "半減"]);
        check("増減なし、増加", &["増減なし"]);
        assert!(FIRST.iter().all(|c| IS_FIRST.holds(*c)));
    }
}
