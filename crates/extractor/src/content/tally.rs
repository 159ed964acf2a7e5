//! What went wrong on a page, counted, and said once.

use crate::font::is_in_script;
use jisseki_model::{Hidden, Page, TextSource, Warning};

/// Counters of one page.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) faults: usize,
    pub(super) unknown_operators: usize,
    pub(super) far: usize,
    pub(super) glyphs_cut: usize,
    pub(super) paths_cut: usize,
    pub(super) forms_cut: usize,
    pub(super) state_cut: usize,
    pub(super) no_font: usize,
    /// `sh` operators: nothing to warn of, but ink.
    pub(super) shadings: usize,
    pub(super) operators_cut: bool,
    pub(super) content_cut: bool,
    pub(super) no_box: bool,
    pub(super) late: bool,
    /// Some glyph has an unusual text, or not its font's: all of them are to be counted.
    pub(super) unusual: bool,
}

/// A page with this share of unknown or out-of-script characters is not to be trusted: 0.73 on a naively decoded file, 0.05 and less on 148 sound ones.
const UNREADABLE_SHARE: f64 = 0.10;

impl Tally {
    /// Returns the page's warnings.
    pub(super) fn to_warnings(&self, page: &Page, census: &Census) -> Vec<Warning> {
        let mut out = Vec::new();
        // Pages are sound as a rule: the words are put together only where they are said.
        let mut say = |when: bool, code: &'static str, text: std::fmt::Arguments<'_>| {
            if when {
                out.push(Warning::new(code, text.to_string()).on_page(page.number));
            }
        };
        let n = self.faults + self.unknown_operators;
        say(n > 0, "content/faults", format_args!("{n} faults in the content stream were passed over; what follows them was read"));
        let text = format_args!("the content stream is damaged, cut off or too long; what could be decoded was read");
        say(self.content_cut, "content/cut", text);
        let outside = || page.glyphs.iter().any(|g| g.hidden == Some(Hidden::Clipped));
        let text = format_args!("the page has no box that can be read; its size was presumed, and text outside it counts as hidden");
        say(self.no_box && outside(), "pdf/partial", text);
        say(self.operators_cut, "limit/operators", format_args!("the page has more operators than are read; the rest was left out"));
        say(self.late, "limit/time", format_args!("the time for the document is up; the rest of the page was left out"));
        let counted = [
            (self.glyphs_cut, "limit/glyphs", "glyphs beyond the page's limit were left out"),
            (self.paths_cut, "limit/paths", "paths beyond the page's limit were left out"),
            (self.forms_cut, "limit/forms", "forms that contain themselves, are too deep or too many were left out"),
            (self.state_cut, "limit/states", "graphics states beyond the limit were not saved"),
            (self.far, "content/far", "objects with coordinates beyond any page were left out"),
            (self.no_font, "font/missing", "strings were shown without a font and could not be read"),
        ];
        for (n, code, what) in counted {
            say(n > 0, code, format_args!("{n} {what}"));
        }
        out.extend(census.warnings(page));
        out
    }
}

/// What the glyphs of a page say of its text layer.
#[derive(Debug, Default)]
pub(super) struct Census {
    /// Glyphs without Unicode text, by font.
    unknown: Vec<usize>,
    /// Glyphs that are not blank, and those among them that no Japanese document has.
    n: usize,
    bad: usize,
    /// U+2027 stands somewhere.
    pub(super) dots: bool,
}

impl Census {
    /// Counts a page's glyphs.
    pub(super) fn of(page: &Page) -> Census {
        let mut census = Census { unknown: vec![0; page.fonts.len()], ..Census::default() };
        for glyph in &page.glyphs {
            if glyph.source == TextSource::None {
                if let Some(count) = census.unknown.get_mut(usize::from(page.style(glyph).font.0)) {
                    *count += 1;
                }
                (census.n, census.bad) = (census.n + 1, census.bad + 1);
                continue;
            }
            match glyph.text.as_bytes() {
                // Nearly all of Japanese: ASCII, kana (U+3040–U+30FF) and Han (U+4000–U+9FFF).
                [b'!'..=b'~', ..] | [0xE3, 0x81..=0x83, ..] | [0xE4..=0xE9, ..] => census.n += 1,
                _ => census.add(glyph.text.chars().next()),
            }
        }
        census
    }
    fn add(&mut self, c: Option<char>) {
        let Some(c) = c.filter(|c| !c.is_whitespace()) else { return };
        self.n += 1;
        self.bad += usize::from(!is_in_script(c));
        self.dots |= c == '\u{2027}';
    }
    /// `font/no-unicode` a font, and `text/unreadable` where it is too much of the page.
    fn warnings(&self, page: &Page) -> Vec<Warning> {
        let without_text = page.fonts.iter().zip(&self.unknown).filter(|(_, count)| **count > 0).map(|(font, count)| {
            let text = format!("{count} glyphs of the font `{}` have no Unicode text; they are U+FFFD", font.name);
            Warning::new("font/no-unicode", text).on_page(page.number)
        });
        let mut out: Vec<Warning> = without_text.collect();
        if self.n > 0 && self.bad as f64 > UNREADABLE_SHARE * self.n as f64 {
            let text = format!("{} of {} characters are unknown or out of script; the text layer is not to be trusted", self.bad, self.n);
            out.push(Warning::new("text/unreadable", text).on_page(page.number));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::is_usual;

    /// Pages whose texts are usual are not counted through: a census would find nothing to say of them.
    #[test]
    fn usual_characters_are_those_of_which_a_census_says_nothing() {
        for c in char::MIN..=char::MAX {
            let mut census = Census::default();
            census.add(Some(c));
            assert_eq!(is_usual(c), census.bad == 0 && !census.dots, "{c:?}");
        }
    }
}
