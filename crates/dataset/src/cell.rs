//! One value of a table, and the cleaning of text for a cell.

use crate::json::{to_hundredths, write_float, write_integer};
use std::io::Write;

/// One value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// No value.
    #[default]
    Null,
    /// Text, never empty.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A number, finite.
    Real(f64),
}

impl Cell {
    /// Returns the text cleaned for a cell; null when nothing is left.
    pub fn text(s: &str) -> Cell {
        let text = if is_clean(s) { s.to_owned() } else { clean_text(s).0 };
        if text.is_empty() { Cell::Null } else { Cell::Text(text) }
    }
    /// Returns the text as it is (identifiers, codes); null when empty.
    pub fn exact(s: impl Into<String>) -> Cell {
        let s = s.into();
        if s.is_empty() { Cell::Null } else { Cell::Text(s) }
    }
    /// Returns the number; null when it is not finite.
    pub fn real(v: f64) -> Cell {
        if v.is_finite() { Cell::Real(v) } else { Cell::Null }
    }
    /// Returns the number of a canonical decimal string; null when it is none.
    pub fn decimal(s: &str) -> Cell {
        match s.parse::<f64>() {
            Ok(v) if v.is_finite() => Cell::Real(v),
            _ => Cell::Null,
        }
    }
    /// Tells whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Cell::Null)
    }
    /// Returns the text, for a text cell.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Cell::Text(s) => Some(s),
            _ => None,
        }
    }
    /// Appends the value as CSV shows it: no exponent, no trailing zeros, nothing for null.
    pub fn write_to(&self, out: &mut Vec<u8>) {
        // Writing to memory does not fail.
        let _ = match self {
            Cell::Null => Ok(()),
            Cell::Text(s) => out.write_all(s.as_bytes()),
            Cell::Int(v) => write_integer(out, *v),
            Cell::Real(v) => match to_hundredths(*v) {
                Some(n) if n % 100 == 0 => write_integer(out, i64::from(n / 100)),
                Some(_) => write_float(out, *v),
                None => write!(out, "{v}"),
            },
        };
    }
}

impl From<&str> for Cell {
    fn from(s: &str) -> Cell {
        Cell::text(s)
    }
}

impl<T: Into<i64>> From<Option<T>> for Cell {
    fn from(v: Option<T>) -> Cell {
        v.map_or(Cell::Null, |v| Cell::Int(v.into()))
    }
}

impl From<i64> for Cell {
    fn from(v: i64) -> Cell {
        Cell::Int(v)
    }
}

impl From<u32> for Cell {
    fn from(v: u32) -> Cell {
        Cell::Int(v.into())
    }
}

impl From<usize> for Cell {
    fn from(v: usize) -> Cell {
        Cell::Int(i64::try_from(v).unwrap_or(i64::MAX))
    }
}

/// Returns the text fit for one cell, and for each code point of the source (and its end) the index of the code point that took its place.
///
/// Line breaks and runs of blanks become one blank, blanks at the ends and between spaced-out characters (総　務　部) go, control and
/// direction-changing characters become U+FFFD. Everything else stays, so most texts come back as they are.
pub fn clean_text(s: &str) -> (String, Vec<usize>) {
    let chars: Vec<char> = s.chars().map(visible).collect();
    let spaced = spaced_out(&chars);
    let (mut out, mut map, mut n) = (String::with_capacity(s.len()), Vec::with_capacity(chars.len() + 1), 0);
    let mut pending = false;
    for (i, &c) in chars.iter().enumerate() {
        if c == ' ' || c == '\u{3000}' {
            map.push(n);
            pending = n > 0 && !spaced[i];
            // A single ideographic blank within a text is as printed; a run of blanks is layout.
            continue;
        }
        if pending {
            let single = i >= 2 && chars[i - 1] == '\u{3000}' && !is_blank(chars[i - 2]);
            out.push(if single { '\u{3000}' } else { ' ' });
            n += 1;
            pending = false;
        }
        map.push(n);
        out.push(c);
        n += 1;
    }
    map.push(n);
    (out, map)
}

/// Tells whether no character of a text needs a look: such a text comes back as it is.
///
/// A blank, a control and what [`visible`] changes begin with one of these bytes, or are U+3000 or U+FEFF; a text that has another character with
/// such a byte is looked at for nothing.
pub(crate) fn is_clean(s: &str) -> bool {
    let is_special = |b: u8| b <= b' ' || matches!(b, 0x7f | 0xc2 | 0xe2);
    // No early end, so that many bytes are compared at a time.
    !s.bytes().fold(false, |any, b| any | is_special(b))
        && memchr::memmem::find(s.as_bytes(), "\u{3000}".as_bytes()).is_none()
        && memchr::memmem::find(s.as_bytes(), "\u{feff}".as_bytes()).is_none()
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\u{3000}'
}

/// Line breaks and odd blanks are blanks; what no one can see or what changes the reading direction is U+FFFD.
fn visible(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' => {
            ' '
        }
        c if c.is_control() => '\u{fffd}',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => '\u{fffd}',
        c => c,
    }
}

/// Marks the blanks of a run of three or more single CJK characters with blanks between them: 総 務 部.
fn spaced_out(chars: &[char]) -> Vec<bool> {
    let mut marks = vec![false; chars.len()];
    let mut i = 0;
    while i < chars.len() {
        let mut ends = vec![];
        let mut j = i;
        while chars.get(j).is_some_and(|c| is_cjk(*c)) {
            let mut k = j + 1;
            while chars.get(k).is_some_and(|c| is_blank(*c)) {
                k += 1;
            }
            ends.push((j, k));
            if k == j + 1 {
                break;
            }
            j = k;
        }
        // The last of the run must stand alone too: 総 務 部 but not 総 務 部長.
        let alone = i == 0 || is_blank(chars[i - 1]);
        if alone && ends.len() >= 3 && ends.last().is_some_and(|&(_, k)| chars.get(k).is_none_or(|c| !is_cjk(*c))) {
            for (j, k) in &ends[..ends.len() - 1] {
                marks[j + 1..*k].fill(true);
            }
        }
        i = ends.last().map_or(i, |e| e.0) + 1;
    }
    marks
}

/// Tells whether a character is kana or a Chinese character.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '々' | '〆' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        let (text, map) = clean_text(input);
        assert_eq!(text, expected);
        assert_eq!(map.len(), input.chars().count() + 1);
        assert_eq!(map.last(), Some(&text.chars().count()));
        assert_eq!(clean_text(&text).0, text, "idempotent");
        assert_eq!(Cell::text(input).as_text().unwrap_or(""), text);
    }

    #[test]
    fn texts_keep_their_characters_and_lose_their_layout() {
        check("①ＩＣＴの活用、８件", "①ＩＣＴの活用、８件");
        check("平成28年度 達成済", "平成28年度 達成済");
        check("一行目\n二行目", "一行目 二行目");
        check("  a  \t b ", "a b");
        check("氏名\u{3000}太郎", "氏名\u{3000}太郎");
        check("総\u{3000}務\u{3000}部", "総務部");
        check("総 務 部 長", "総務部長");
        check("総 務 部長", "総 務 部長");
        check("a\u{202e}b\0c\u{2028}d", "a\u{fffd}b\u{fffd}c d");
        check("", "");
        check(" \n ", "");
    }

    #[test]
    fn the_map_carries_spans() {
        let (text, map) = clean_text("a\n\nbc");
        assert_eq!((text.as_str(), map), ("a bc", vec![0, 1, 1, 2, 3, 4]));
    }

    #[test]
    fn a_clean_text_has_no_character_that_cleaning_touches() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            let text = format!("あ{c}１");
            assert!(!is_clean(&text) || visible(c) == c && !is_blank(c), "{c:?}");
        }
        assert!(is_clean("ＩＣＴの活用、８件"));
    }

    proptest::proptest! {
        #[test]
        fn cleaning_is_idempotent_and_leaves_no_control(s in "[ \u{3000}a-c\n\t総務部１\u{202e}\0]{0,24}") {
            let (once, map) = clean_text(&s);
            proptest::prop_assert_eq!(&clean_text(&once).0, &once);
            proptest::prop_assert!(!once.chars().any(char::is_control));
            proptest::prop_assert!(map.is_sorted());
        }
    }

    #[test]
    fn numbers_have_no_exponent_and_no_trailing_zeros() {
        let show = |c: Cell| {
            let mut s = Vec::new();
            c.write_to(&mut s);
            String::from_utf8(s).expect("text")
        };
        for v in [0.0, -0.0, 1.0, -1.5, 0.07, -0.07, 12.25, 841.89, 123_456_789.01, 1e12, 1.0 / 3.0, 0.125] {
            assert_eq!(show(Cell::Real(v)), v.to_string());
        }
        for v in (-20..12_000).chain([i64::MIN, i64::MAX]) {
            assert_eq!(show(Cell::Int(v)), v.to_string());
        }
        assert_eq!(show(Cell::Real(1e21)), "1000000000000000000000");
        assert_eq!(show(Cell::decimal("10000000")), "10000000");
        assert_eq!(show(Cell::decimal("0.50")), "0.5");
        assert_eq!(show(Cell::real(f64::NAN)), "");
        assert_eq!(show(Cell::decimal("約")), "");
    }
}
