//! What speaks against an amount: kanji that are words, numbers of headings, cells of a table that only stand beside each other.

use crate::atom::Unit;
use crate::cursor::{char_before, is_kanji, one_of};
use crate::num::{Number, Vague};
use crate::read_unit::Read;
use crate::units::{Counter, Noun};
use jisseki_model::AmountClass;

/// A number and the unit that was read after it.
pub(crate) struct Reading<'s> {
    pub(crate) scan: &'s str,
    /// Where the number starts.
    pub(crate) start: usize,
    /// Where it ends; of a range, where its last number ends.
    pub(crate) number_end: usize,
    /// Where the unit ends.
    pub(crate) end: usize,
    pub(crate) number: Number,
}

/// From how much on a number apart from its unit is rather a cell of a table: rows of amounts have four digits and more.
const CELL: i64 = 1000;

impl Reading<'_> {
    /// Whether the number is one of that unit.
    pub(crate) fn holds(&self, read: &Read) -> bool {
        self.kanji_may_count(read)
            && !match read {
                Read::Unit(Unit::Noun(Noun::Counter(counter))) => self.only_beside(counter) || self.heads_a_line(counter),
                Read::Unit(Unit::Noun(Noun::Measure(measure))) => self.letters_of_a_word(measure.surface),
                Read::Duration(_) => self.is_broken() && self.is_cell(),
                _ => false,
            }
    }

    /// Kanji numerals count only where they cannot be words: with a scale and a unit, in 割 and 分の, or vague (数十件).
    fn kanji_may_count(&self, read: &Read) -> bool {
        let number = &self.number;
        if number.arabic || number.vague != Vague::No || matches!(read, Read::Denominator) {
            return true;
        }
        let rest = self.scan.get(self.end..).unwrap_or_default();
        let per = ["当たり", "あたり", "当り"].iter().any(|w| rest.starts_with(w));
        let percent = matches!(read, Read::Unit(Unit::Percent));
        // 四万十町, 五百住宅: names of places end in these.
        let place = matches!(read, Read::Unit(Unit::Noun(Noun::Counter(c)))
            if c.is_one_sign() && matches!(c.class, AmountClass::Place | AmountClass::Facility));
        (number.kanji_signs >= 2 && number.scale.is_some() && !place) || percent || per
    }

    /// Whether a word stands after the number that only begins with the counter (2,500⏎クラスター, 53,895 住宅騒音防止, 50,180⏎羽田), or that belongs
    /// to another cell.
    fn only_beside(&self, counter: &Counter) -> bool {
        let next = self.scan.get(self.end..).and_then(|s| s.chars().next());
        let katakana = |c: char| matches!(c, 'ァ'..='ヺ' | 'ー');
        if counter.surface.ends_with(katakana) && next.is_some_and(katakana) {
            return true;
        }
        if counter.begins_no_word() {
            // 8,833⏎人にやさしい…: the last cell of a row, and the next line.
            return self.is_broken() && self.is_cell() && char_before(self.scan, self.start).is_some_and(|(l, _)| l.is_whitespace());
        }
        // ※２自治体DX: the number is of a note.
        if char_before(self.scan, self.start).is_some_and(|(l, _)| l == '※') {
            return true;
        }
        if self.gap().is_empty() {
            return false;
        }
        let goes_on = next.is_some_and(|l| is_kanji(l) || katakana(l) || counter.is_one_sign() && one_of(l, "みりきいけせめれげびち"));
        // In letter-spaced text the word goes on after a blank: 基 金, 社 会.
        let spaced = counter.is_one_sign() && self.scan.get(self.end..).is_some_and(|s| s.trim_start_matches(' ').starts_with(is_kanji));
        let one_sign = counter.is_one_sign();
        let beside = if one_sign { self.is_broken() } else { self.is_cell() };
        goes_on || spaced || beside && self.is_apart()
    }

    /// `1 事業の概要`, `2 計画`: the number of a heading and not of things.
    fn heads_a_line(&self, counter: &Counter) -> bool {
        let before = self.scan.get(..self.start).unwrap_or_default().trim_end_matches([' ', '\t']);
        let goes_on = |l: char| is_kanji(l) || one_of(l, "の・(、") || matches!(l, 'ァ'..='ヺ');
        let next = self.scan.get(self.end..).and_then(|s| s.chars().next());
        (before.is_empty() || before.ends_with('\n')) && !self.gap().is_empty() && next.is_some_and(goes_on) && !counter.is_one_sign()
    }

    /// `85,346⏎V)`, `0.356 t global`: a letter of the next line or of a foreign word.
    fn letters_of_a_word(&self, unit: &str) -> bool {
        let letters = |s: &str| s.trim_start_matches(' ').starts_with(|l: char| l.is_ascii_alphabetic());
        let rest = self.scan.get(self.end..).unwrap_or_default();
        unit.is_ascii() && (self.is_broken() || unit.len() == 1 && letters(rest))
    }

    /// The blanks between the number and its unit.
    fn gap(&self) -> &str {
        let rest = self.scan.get(self.number_end..self.end).unwrap_or_default();
        rest.split_at(rest.len() - rest.trim_start_matches([' ', '\t', '\n']).len()).0
    }

    /// Whether a line ends between the number and its unit.
    fn is_broken(&self) -> bool {
        self.gap().contains('\n')
    }

    /// Whether a blank or nothing stands before the number.
    fn is_apart(&self) -> bool {
        char_before(self.scan, self.start).is_none_or(|(l, _)| l.is_whitespace() || l == '△')
    }

    fn is_cell(&self) -> bool {
        let number = &self.number;
        number.quantum_exp < 0 || number.value.is_negative() || number.value.small_integer().is_none_or(|n| n >= CELL || n == 0)
    }
}
