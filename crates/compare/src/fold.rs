//! Folding for comparison: which differences between two prints of a text are none.
//!
//! Three levels, each a key of the one before: [`ink`] (blanks and look-alikes that depend on the producer are nothing), [`style`]
//! (width of characters and the way a number is written are style), [`shape`] (numbers and years are left out, to find the same sentence a year later).
//!
//! *Invariant:* a key never depends on what stands around the text, and [`ink`] is idempotent.

/// Returns the text without what says nothing: blanks, zero-width characters, variation selectors, and look-alikes told apart only by the
/// producer's character map (〜/～, −/－, ‖/∥, ‑/-, ― /—).
pub fn ink(text: &str) -> String {
    text.chars().filter(|c| !is_nothing(*c)).map(look_alike).collect()
}

/// Returns [`ink`] with full-width forms narrowed and numbers written one way: `８施設` → `8施設`, `98,410` → `98410`, `二十` → `20`.
pub fn style(text: &str) -> String {
    let narrow: Vec<char> = narrow(&ink(text)).chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = narrow.get(at) {
        let rest = narrow.get(at..).unwrap_or_default();
        let (token, len) = if c.is_ascii_digit() {
            digits(rest)
        } else if kanji_digit(c).is_some_and(|v| v < 10 || !out.ends_with(|d: char| d.is_ascii_digit())) {
            kanji_number(rest)
        } else {
            (c.to_string(), 1)
        };
        out.push_str(&token);
        at += len.max(1);
    }
    out
}

/// Returns [`style`] with every number as `#` and every era year as `@`: what stays of a sentence from year to year.
pub fn shape(text: &str) -> String {
    let styled: Vec<char> = style(text).chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = styled.get(at) {
        let rest = styled.get(at..).unwrap_or_default();
        if let Some(len) = era_year(rest) {
            out.push('@');
            at += len;
        } else if c.is_ascii_digit() {
            out.push('#');
            at += number_len(rest);
        } else {
            out.push(c);
            at += 1;
        }
    }
    out
}

/// Returns the text with full-width ASCII and half-width katakana in their usual width; nothing else changes.
pub fn narrow(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{FF01}'..='\u{FF5E}' if c != '～' => out.push(char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)),
            '￥' => out.push('¥'),
            '\u{FF61}'..='\u{FF9F}' => {
                let wide = HALF_KATAKANA.chars().nth((u32::from(c) - 0xFF61) as usize).unwrap_or(c);
                let mark = chars.peek().and_then(|m| voiced(wide, *m));
                if mark.is_some() {
                    chars.next();
                }
                out.push(mark.unwrap_or(wide));
            }
            _ => out.push(c),
        }
    }
    out
}

/// The wide forms of U+FF61..=U+FF9F, in order.
const HALF_KATAKANA: &str =
    "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";

fn voiced(base: char, mark: char) -> Option<char> {
    let step = match mark {
        '\u{FF9E}' if ('カ'..='ト').contains(&base) || ('ハ'..='ホ').contains(&base) => 1,
        '\u{FF9F}' if ('ハ'..='ホ').contains(&base) => 2,
        '\u{FF9E}' if base == 'ウ' => return Some('ヴ'),
        _ => return None,
    };
    char::from_u32(u32::from(base) + step)
}

fn is_nothing(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Pairs that JIS X 0208, CP932 and Adobe-Japan1 maps give for one printed sign.
fn look_alike(c: char) -> char {
    match c {
        '〜' => '～',
        '−' | '‐' | '‑' | '－' | '–' | '\u{2012}' => '-',
        '—' | '―' | '─' | '\u{2E3A}' => '—',
        '‖' => '∥',
        '¢' => '￠',
        '£' => '￡',
        '¬' => '￢',
        '·' | '･' | '•' => '・',
        _ => c,
    }
}

/// Returns a run of ASCII digits with its inner separators: canonical text and length in characters.
fn digits(chars: &[char]) -> (String, usize) {
    let len = number_len(chars);
    (chars.iter().take(len).filter(|c| **c != ',').collect(), len)
}

/// Returns the length of a written number at the start: digits, with `,` before three digits and `.` before a digit inside.
pub(crate) fn number_len(chars: &[char]) -> usize {
    let mut len = 0;
    while let Some(c) = chars.get(len) {
        let digit_after = |n: usize| chars.get(len + 1..len + 1 + n).is_some_and(|s| s.iter().all(char::is_ascii_digit));
        match c {
            '0'..='9' => len += 1,
            ',' if len > 0 && digit_after(3) => len += 1,
            '.' if len > 0 && digit_after(1) => len += 1,
            _ => break,
        }
    }
    len
}

pub(crate) fn kanji_digit(c: char) -> Option<u64> {
    Some(match c {
        '〇' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '百' => 100,
        '千' => 1000,
        _ => return None,
    })
}

/// Returns a run of kanji numerals below 万 as ASCII digits. Runs longer than four places read as positions (二〇一九), as does a run without units.
fn kanji_number(chars: &[char]) -> (String, usize) {
    let values: Vec<u64> = chars.iter().take(12).map_while(|c| kanji_digit(*c)).collect();
    if !values.iter().any(|v| *v >= 10) {
        return (values.iter().map(u64::to_string).collect(), values.len());
    }
    let (mut sum, mut digit) = (0_u64, None);
    for v in &values {
        if *v >= 10 {
            sum += digit.take().unwrap_or(1) * v;
        } else {
            digit = Some(digit.unwrap_or(0) * 10 + v);
        }
    }
    ((sum + digit.unwrap_or(0)).to_string(), values.len())
}

/// Returns the length of an era year (平成30年, R元, 令和2) at the start of styled text.
fn era_year(chars: &[char]) -> Option<usize> {
    let starts = |word: &str| word.chars().zip(chars).filter(|(a, b)| a == *b).count() == word.chars().count();
    let era = ["明治", "大正", "昭和", "平成", "令和"].iter().find(|e| starts(e)).map(|_| 2).or_else(|| {
        let letter = matches!(chars.first(), Some('M' | 'T' | 'S' | 'H' | 'R'));
        letter.then_some(1)
    })?;
    let rest = chars.get(era..)?;
    match rest.first()? {
        '元' => Some(era + 1),
        c if c.is_ascii_digit() => Some(era + number_len(rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ink_drops_blanks_and_producer_look_alikes() {
        assert_eq!(ink("実施　期間 〜 ９月\n"), "実施期間～９月");
        assert_eq!(ink("年々増加･深刻化"), ink("年々増加・深刻化"));
        assert_eq!(ink("A−1‐2－3"), "A-1-2-3");
        assert_ne!(ink("８施設"), ink("8施設"));
    }

    #[test]
    fn style_writes_numbers_one_way() {
        for (text, want) in [
            ("８施設", "8施設"),
            ("98,410千円", "98410千円"),
            ("9千円と91,000円", "9千円と91000円"),
            ("１．０億円", "1.0億円"),
            ("二十五人", "25人"),
            ("二〇一九年", "2019年"),
            ("百二十三", "123"),
            ("ｽﾏｰﾄﾊﾞｽ", "スマートバス"),
            ("ＳＤＧｓ", "SDGs"),
            ("1,2,3", "1,2,3"),
        ] {
            assert_eq!(style(text), want, "{text}");
        }
    }

    #[test]
    fn shape_forgets_numbers_and_years() {
        assert_eq!(shape("⇒ 平成30年度：96件"), shape("⇒ 令和元年度：107件"));
        assert_eq!(shape("H29：100.3％"), "@:#%");
        assert_ne!(shape("歩道橋：６施設"), shape("道路橋：６施設"));
    }

    proptest! {
        #[test]
        fn ink_and_narrow_are_idempotent(s in ".*") {
            prop_assert_eq!(ink(&ink(&s)), ink(&s));
            prop_assert_eq!(narrow(&narrow(&s)), narrow(&s));
            let _ = (style(&s), shape(&s));
        }
    }
}
