//! Sets of characters as bits, and the walk over a text to the next one of a set.

/// A set of characters of the BMP; those beyond are all of it or none.
pub(crate) struct Signs {
    /// A bit for each code point; the last six bits of a character's UTF-8 form say which one of its word.
    bits: [u64; 1024],
    beyond: bool,
}

impl Signs {
    /// The set of the code points in `ranges`, ends included.
    pub(crate) const fn of(ranges: &[(u32, u32)], beyond: bool) -> Signs {
        Signs { bits: [0; 1024], beyond }.with(ranges)
    }

    /// The set and the code points in `ranges`.
    pub(crate) const fn with(mut self, ranges: &[(u32, u32)]) -> Signs {
        let mut i = 0;
        while i < ranges.len() {
            let (mut code, last) = ranges[i];
            while code <= last {
                self.bits[(code / 64) as usize] |= 1 << (code % 64);
                code += 1;
            }
            i += 1;
        }
        self
    }

    /// Whether a character is of the set.
    pub(crate) fn holds(&self, c: char) -> bool {
        self.bits.get(c as usize / 64).map_or(self.beyond, |word| word >> (c as usize % 64) & 1 != 0)
    }

    fn holds_bytes(&self, word: u8, second: u8, bit: u8) -> bool {
        let word = usize::from(word & 0x0F) << 6 | usize::from(second & 0x3F);
        self.bits.get(word).is_some_and(|word| word >> (bit & 0x3F) & 1 != 0)
    }

    /// Returns where the first character of the set begins at or after `at`, which is the start of a character, or the end of the text.
    #[inline]
    pub(crate) fn next(&self, text: &str, at: usize) -> usize {
        let bytes = text.as_bytes();
        let mut rest = bytes.get(at..).unwrap_or_default();
        loop {
            // Where the next character stands must not hang on a look-up, or each would wait for the one before it.
            let (held, after) = match rest {
                [first @ 0xE0..=0xEF, second, third, after @ ..] => (self.holds_bytes(*first, *second, *third), after),
                [first @ 0x00..=0x7F, after @ ..] => (self.holds_bytes(0, first >> 6, *first), after),
                [first @ 0x80..=0xDF, second, after @ ..] => (self.holds_bytes(0, first & 0x1F, *second), after),
                [0xF0..=0xFF, _, _, _, after @ ..] => (self.beyond, after),
                _ => break,
            };
            if held {
                break;
            }
            rest = after;
        }
        bytes.len() - rest.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_one_of_a_set() {
        const RANGES: [(u32, u32); 3] = [('0' as u32, '9' as u32), ('é' as u32, 'é' as u32), ('年' as u32, '年' as u32)];
        const SET: Signs = Signs::of(&RANGES, false);
        for (text, next) in [("ab1", 2), ("aé", 1), ("è", 2), ("平成年", 6), ("😀年", 4), ("", 0), ("ｱ", 3), ("か", 3), ("常", 3)]
        {
            assert_eq!(SET.next(text, 0), next, "{text}");
        }
        assert_eq!(Signs::of(&RANGES, true).next("a😀年", 0), 1);
        assert!(SET.holds('年') && !SET.holds('月') && !SET.holds('😀') && Signs::of(&RANGES, true).holds('😀'));
    }
}
