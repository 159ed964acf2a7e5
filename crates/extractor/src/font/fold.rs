//! Characters that stand for another one: radicals for ideographs, vertical presentation forms for the ordinary characters, and variation
//! selectors. The text as found stays on the glyph as `raw`.

use jisseki_model::{Glyph, Page};
use smol_str::SmolStr;
use std::sync::OnceLock;

/// Radical → ideograph: `EquivalentUnifiedIdeograph.txt` with Japan's 戸, 黒, 黄 and 青 (by `data/generate_tables.py`).
const RADICALS: &str = include_str!("data/radicals.tsv");
const FIRST_RADICAL: u32 = 0x2E80;
const LAST_RADICAL: u32 = 0x2FDF;

/// Returns the text with its stand-ins replaced; none where there is nothing to replace.
pub(crate) fn fold(text: &str) -> Option<SmolStr> {
    // Nearly every text is one ordinary character: leave at once.
    if !text.chars().any(|c| c >= '\u{2E80}' && fold_char(c) != Some(c)) {
        return None;
    }
    let folded: SmolStr = text.chars().filter_map(fold_char).collect();
    (!folded.is_empty()).then_some(folded)
}

/// Returns the ordinary character; none for a variation selector.
fn fold_char(c: char) -> Option<char> {
    match c {
        '\u{2E80}'..='\u{2FDF}' => Some(radical(c)),
        '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE4F}' => Some(vertical_form(c)),
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => None,
        _ => Some(c),
    }
}

fn radical(c: char) -> char {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: Vec<char> = (FIRST_RADICAL..=LAST_RADICAL).filter_map(char::from_u32).collect();
        for (from, to) in RADICALS.lines().filter_map(|l| l.split_once('\t')) {
            let slot = from.chars().next().and_then(|f| u32::from(f).checked_sub(FIRST_RADICAL));
            if let (Some(slot), Some(to)) = (slot.and_then(|s| table.get_mut(s as usize)), to.chars().next()) {
                *slot = to;
            }
        }
        table
    });
    u32::from(c).checked_sub(FIRST_RADICAL).and_then(|at| table.get(at as usize)).copied().unwrap_or(c)
}

/// The characters as Japanese text has them: full-width where NFKC would give ASCII. Source: Unicode charts FE10 and FE30.
fn vertical_form(c: char) -> char {
    const FORMS: [(char, char); 37] = [
        ('︐', '，'),
        ('︑', '、'),
        ('︒', '。'),
        ('︓', '：'),
        ('︔', '；'),
        ('︕', '！'),
        ('︖', '？'),
        ('︗', '〖'),
        ('︘', '〗'),
        ('︙', '…'),
        ('︰', '‥'),
        ('︱', '—'),
        ('︲', '–'),
        ('︳', '＿'),
        ('︴', '﹏'),
        ('︵', '（'),
        ('︶', '）'),
        ('︷', '｛'),
        ('︸', '｝'),
        ('︹', '〔'),
        ('︺', '〕'),
        ('︻', '【'),
        ('︼', '】'),
        ('︽', '《'),
        ('︾', '》'),
        ('︿', '〈'),
        ('﹀', '〉'),
        ('﹁', '「'),
        ('﹂', '」'),
        ('﹃', '『'),
        ('﹄', '』'),
        ('﹇', '［'),
        ('﹈', '］'),
        ('﹉', '￣'),
        ('﹍', '＿'),
        ('﹎', '＿'),
        ('﹏', '＿'),
    ];
    FORMS.iter().find(|f| f.0 == c).map_or(c, |f| f.1)
}

/// Replaces U+2027 (‧, as some fonts' `ToUnicode` has the middle dot) by ・ where it takes a whole em, as no hyphenation point does, or stands
/// between katakana; the raw character stays.
///
/// Goes over a page's glyphs in paint order, blanks passed over.
pub fn fold_middle_dots(page: &mut Page) {
    let katakana = |g: Option<&Glyph>| {
        g.and_then(|g| g.text.chars().next()).is_some_and(|c| matches!(c, '\u{30A1}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}'))
    };
    for at in 0..page.glyphs.len() {
        let glyphs = page.glyphs.as_slice();
        if glyphs.get(at).is_none_or(|g| g.text != "\u{2027}") {
            continue;
        }
        let (before, after) = glyphs.split_at(at);
        let whole_em = after.first().is_some_and(|g| g.advance.length() > WHOLE_EM * page.style(g).size);
        let between =
            whole_em || katakana(before.iter().rev().find(|g| !g.is_blank())) && katakana(after.iter().skip(1).find(|g| !g.is_blank()));
        if let Some(dot) = page.glyphs.get_mut(at).filter(|_| between) {
            dot.raw = Some(Box::new(std::mem::replace(&mut dot.text, SmolStr::new_static("・"))));
        }
    }
}

/// Share of an em that makes a full-width glyph. Proportional dots take a quarter to a half.
const WHOLE_EM: f64 = 0.9;

#[cfg(test)]
mod tests {
    use super::*;
    use jisseki_model::GlyphStyle;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(fold(text).as_deref(), expected, "{text}");
    }

    #[test]
    fn radicals_become_ideographs() {
        check("\u{2F00}", Some("一"));
        check("⻘", Some("青"));
        check("⻑", Some("長"));
        check("⻝", Some("食"));
        // Japan's forms, where Unicode's data file has 戶 黑 黃 靑.
        check("\u{2F3E}", Some("戸"));
        check("\u{2FCA}", Some("黒"));
        check("\u{2FC8}", Some("黄"));
        check("\u{2FAD}", Some("青"));
        check("長", None);
        check("A", None);
        check("２", None);
    }

    #[test]
    fn every_kangxi_radical_has_an_ideograph() {
        for c in ('\u{2F00}'..='\u{2FD5}').chain("⺁⻳".chars()) {
            assert!(fold(&c.to_string()).is_some_and(|t| t.chars().all(|t| t > '\u{2FDF}')), "{c}");
        }
    }

    #[test]
    fn vertical_forms_and_variation_selectors() {
        check("︵", Some("（"));
        check("﹁", Some("「"));
        check("芦\u{E0100}", Some("芦"));
        check("\u{E0100}", None);
    }

    fn glyph(c: char, advance: f64) -> Glyph {
        Glyph {
            text: SmolStr::from(c),
            raw: None,
            origin: jisseki_model::Point { x: 0.0, y: 0.0 },
            advance: jisseki_model::Vector { x: advance, y: 0.0 },
            style: jisseki_model::StyleId(0),
            code: 0,
            cid: 0,
            seq: 0,
            show: 0,
            source: jisseki_model::TextSource::ToUnicode,
            hidden: None,
        }
    }

    #[test]
    fn middle_dots() {
        let check = |text: &str, advance: f64, expected: &str| {
            let styles = vec![GlyphStyle { size: 1.0, ..GlyphStyle::UNKNOWN }];
            let mut page = Page { glyphs: text.chars().map(|c| glyph(c, advance)).collect(), styles, ..Page::default() };
            fold_middle_dots(&mut page);
            assert_eq!(page.glyphs.iter().map(|g| g.text.as_str()).collect::<String>(), expected);
        };
        check("データ‧ ベース", 0.5, "データ・ ベース");
        check("a‧b‧ア", 0.5, "a‧b‧ア");
        check("‧ア‧", 0.5, "‧ア‧");
        check("協創‧現場", 1.0, "協創・現場");
    }
}
