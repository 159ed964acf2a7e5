//! CMap files → their ranges. Lexical faults are passed over; the counts before `begin…` are not believed.

use super::CodeSpace;
use super::lex::{Lexer, Token, hex_to_code, hex_to_units};

/// What a CMap file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::font) struct Parsed {
    /// `/WMode`, where it stands.
    pub(in crate::font) vertical: Option<bool>,
    /// `/Ordering` of its `CIDSystemInfo`.
    pub(in crate::font) ordering: Option<String>,
    /// The CMap named before `usecmap`.
    pub(in crate::font) parent: Option<Vec<u8>>,
    /// Codespace ranges.
    pub(in crate::font) spaces: Vec<CodeSpace>,
    /// `cidrange` and `cidchar`: code length, first code, last code, CID.
    pub(in crate::font) cids: Vec<(u8, u32, u32, u32)>,
    /// `bfrange` and `bfchar`: code length, first code, last code, target.
    pub(in crate::font) texts: Vec<(u8, u32, u32, BfTarget)>,
    /// The UTF-16 units that targets point into.
    pub(in crate::font) units: Vec<u16>,
    /// There were more ranges than the limit.
    pub(in crate::font) truncated: bool,
}

/// The text of a range's first code, as a piece of [`Parsed::units`]; the last unit counts up with the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::font) struct BfTarget {
    /// Where it begins.
    pub(in crate::font) start: u32,
    /// How many units.
    pub(in crate::font) len: u8,
}

/// Longest text of one code. The longest in the Adobe collections has 14 units; picked with room.
const MAX_UNITS: usize = 64;

/// What the hexadecimal strings at hand are part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    None,
    CodeSpace,
    CidChar,
    CidRange,
    BfChar,
    BfRange,
    Other,
}

/// Returns what a CMap says, of at most `max_ranges` ranges.
pub(in crate::font) fn parse(bytes: &[u8], max_ranges: usize) -> Parsed {
    let mut parsed = Parsed::default();
    let mut section = Section::None;
    let mut codes: Vec<(u32, u8)> = Vec::with_capacity(2);
    let mut list: Option<u32> = None;
    let mut last_name: &[u8] = b"";
    for token in Lexer::new(bytes) {
        if parsed.cids.len() + parsed.texts.len() + parsed.spaces.len() >= max_ranges {
            parsed.truncated = true;
            break;
        }
        match token {
            Token::Word(b"usecmap") => parsed.parent = Some(last_name.to_vec()),
            Token::Word(word) => {
                if let Some(next) = word_to_section(word) {
                    section = next;
                    codes.clear();
                    list = None;
                }
            }
            Token::Name(name) => last_name = name,
            Token::Literal(text) if last_name == b"Ordering" && section == Section::None => {
                parsed.ordering = Some(String::from_utf8_lossy(text).into_owned());
            }
            Token::Int(n) if last_name == b"WMode" && section == Section::None => {
                parsed.vertical = Some(n == 1);
                last_name = b"";
            }
            Token::Int(n) => parsed.add_cid(section, &mut codes, n),
            Token::Open if section == Section::BfRange && codes.len() == 2 => list = Some(0),
            Token::Close if list.take().is_some() => codes.clear(),
            Token::Hex(digits) => match (section, codes.as_slice(), &mut list) {
                (Section::BfRange, &[(lo, len), (hi, _)], Some(nth)) => {
                    let code = lo.checked_add(*nth).filter(|c| *c <= hi);
                    *nth = nth.saturating_add(1);
                    if let Some(code) = code {
                        parsed.add_text(len, code, code, digits);
                    }
                }
                (Section::BfRange, &[(lo, len), (hi, _)], None) => {
                    parsed.add_text(len, lo, hi, digits);
                    codes.clear();
                }
                (Section::BfChar, &[(code, len)], _) => {
                    parsed.add_text(len, code, code, digits);
                    codes.clear();
                }
                _ => parsed.add_code(section, &mut codes, digits),
            },
            _ => {}
        }
    }
    parsed
}

impl Parsed {
    fn add_code(&mut self, section: Section, codes: &mut Vec<(u32, u8)>, digits: &[u8]) {
        let Some(code) = hex_to_code(digits) else { return };
        codes.push(code);
        if section == Section::CodeSpace
            && let &[(lo, len), (hi, _)] = codes.as_slice()
        {
            self.spaces.push(CodeSpace { len, lo, hi });
            codes.clear();
        } else if codes.len() > 2 {
            // Three codes without a CID: out of step. The newest may begin the next entry.
            codes.drain(..2);
        }
    }
    fn add_cid(&mut self, section: Section, codes: &mut Vec<(u32, u8)>, n: i64) {
        let range = match (section, codes.as_slice()) {
            (Section::CidChar, &[(code, len)]) => Some((len, code, code)),
            (Section::CidRange, &[(lo, len), (hi, _)]) => Some((len, lo, hi)),
            _ => None,
        };
        if let (Some((len, lo, hi)), Ok(cid)) = (range, u32::try_from(n)) {
            self.cids.push((len, lo, hi, cid));
            codes.clear();
        }
    }
    fn add_text(&mut self, len: u8, lo: u32, hi: u32, digits: &[u8]) {
        let start = self.units.len();
        self.units.extend(hex_to_units(digits).take(MAX_UNITS));
        let target = BfTarget { start: u32::try_from(start).unwrap_or(u32::MAX), len: u8::try_from(self.units.len() - start).unwrap_or(0) };
        self.texts.push((len, lo, hi, target));
    }
}

fn word_to_section(word: &[u8]) -> Option<Section> {
    Some(match word {
        b"begincodespacerange" => Section::CodeSpace,
        b"begincidchar" => Section::CidChar,
        b"begincidrange" => Section::CidRange,
        b"beginbfchar" => Section::BfChar,
        b"beginbfrange" => Section::BfRange,
        _ if word.starts_with(b"begin") && word != b"begincmap" && word != b"begin" => Section::Other,
        _ if word.starts_with(b"end") => Section::None,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(cmap: &str) -> Vec<(u8, u32, u32, String)> {
        let p = parse(cmap.as_bytes(), 1000);
        p.texts
            .iter()
            .map(|&(len, lo, hi, t)| (len, lo, hi, String::from_utf16_lossy(&p.units[t.start as usize..][..usize::from(t.len)])))
            .collect()
    }

    #[test]
    fn ranges_lists_and_long_targets() {
        assert_eq!(
            texts("2 beginbfrange <01> <02> <0041> <0005><0007>[<0061><D842DFB7>] endbfrange 1 beginbfchar<0A><00660069>endbfchar"),
            [(1, 1, 2, "A".into()), (2, 5, 5, "a".into()), (2, 6, 6, "𠮷".into()), (1, 10, 10, "fi".into())]
        );
    }

    #[test]
    fn counts_and_missing_ends_are_not_believed() {
        assert_eq!(texts("1 beginbfchar <01><0041> <02><0042> beginbfrange <03><04><0043>").len(), 3);
        assert_eq!(texts("beginbfrange <03> <04> [<0041>").len(), 1);
        assert_eq!(texts("beginbfrange <03> <03> [<0041> <0042> <0043>] <05> <05> <0044>").len(), 2, "a list longer than its range is cut");
    }

    #[test]
    fn what_an_encoding_cmap_says() {
        let p = parse(b"/90ms-RKSJ-H usecmap /CIDSystemInfo 3 dict dup begin /Ordering (Japan1) def end def /WMode 1 def 1 begincodespacerange <00> <80> endcodespacerange 2 begincidrange <8141> <8142> 7887 endcidrange 1 begincidchar <20> 231 endcidchar", 100);
        assert_eq!(p.parent.as_deref(), Some(&b"90ms-RKSJ-H"[..]));
        assert_eq!((p.vertical, p.ordering.as_deref()), (Some(true), Some("Japan1")));
        assert_eq!(p.spaces, [CodeSpace { len: 1, lo: 0, hi: 0x80 }]);
        assert_eq!(p.cids, [(2, 0x8141, 0x8142, 7887), (1, 0x20, 0x20, 231)]);
    }

    #[test]
    fn no_more_ranges_than_the_limit() {
        let p = parse("<01> <0041> ".repeat(50).replacen("<01>", "beginbfchar <01>", 1).as_bytes(), 10);
        assert!(p.truncated && p.texts.len() == 10);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_within_the_limit(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400), words in proptest::collection::vec(0usize..12, 0..80)) {
            const WORDS: [&str; 12] = ["beginbfrange ", "endbfrange ", "beginbfchar ", "begincidrange ", "begincodespacerange ", "<01>", "<0203>", "<FFFFFFFF>", "[", "]", "7 ", "/N usecmap "];
            let mut text: Vec<u8> = words.iter().flat_map(|&w| WORDS[w].bytes()).collect();
            text.extend(bytes);
            let p = parse(&text, 20);
            proptest::prop_assert!(p.texts.len() + p.cids.len() + p.spaces.len() <= 20);
            proptest::prop_assert!(p.texts.iter().all(|t| t.3.start as usize + usize::from(t.3.len) <= p.units.len()));
        }
    }
}
