//! A dump's lines → paragraphs.

use super::solid::lines_to_borders;
use crate::marks::{Mark, text_to_mark};
use crate::narrow::narrow_char;
use crate::profile::Profile;
use crate::years::{YearToken, text_to_year};

/// A paragraph of a dump.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Piece {
    /// Lines joined, layout blanks dropped.
    pub(crate) text: String,
    /// Lines as they stand, separated by `\n`.
    pub(crate) raw: String,
    /// An empty line (nothing, not even a blank) stands before it: often the border of a cell.
    pub(crate) new_cell: bool,
    /// A form feed stands before it.
    pub(crate) new_page: bool,
}

/// Reads paragraphs out of a dump.
///
/// A line that ends with a blank ends its paragraph; a line that doesn't goes on in the next one, over empty lines too, unless that one
/// starts with a mark. Where a dump has no such blanks (other tools strip them), a line ends its paragraph when it ends a sentence or leaves
/// room in which the next line's first word would have fitted.
pub(crate) fn text_to_pieces(text: &str, profile: &Profile) -> Vec<Piece> {
    let lines: Vec<&str> = text.lines().collect();
    let inked = lines.iter().filter(|l| !l.trim().is_empty()).count();
    let blank_ends = lines.iter().filter(|l| !l.trim().is_empty() && l.ends_with([' ', '\u{3000}'])).count();
    // Guess: the genuine dump has 60 %, a stripped one none.
    let trailing = blank_ends * 20 > inked;
    // Guess: the genuine dump has an empty line for every third line of text, those without any have one a page at most.
    let solid = !trailing && (lines.len() - inked) * 20 < inked;
    let borders = if solid { lines_to_borders(&lines, profile) } else { lines.iter().map(|l| l.trim().is_empty()).collect() };
    let edges = lines_to_edges(&lines, &borders);
    let mut out: Vec<Piece> = Vec::new();
    let mut open: Option<Piece> = None;
    let (mut gap, mut page, mut blank_paragraph) = (true, false, false);
    for (i, line) in lines.iter().enumerate() {
        let (line, feed) = match line.strip_prefix('\u{c}') {
            Some(rest) => (rest, true),
            None => (*line, false),
        };
        page |= feed;
        if line.trim().is_empty() {
            gap |= line.is_empty();
            blank_paragraph |= !line.is_empty();
            if !line.is_empty() && trailing {
                close(&mut open, &mut out);
            }
            continue;
        }
        gap |= solid && borders.get(i) == Some(&true);
        let starts = text_to_mark(line).0 != Mark::Plain || feed;
        if starts && !in_brackets(open.as_ref()) {
            close(&mut open, &mut out);
        }
        match &mut open {
            Some(p) => {
                p.text = join(&p.text, line);
                p.raw = format!("{}\n{}", p.raw, line.trim_end());
            }
            None if !starts && !gap && !blank_paragraph && out.last().is_some_and(|p| is_unclosed(&p.text)) => {
                // The blank stood inside a bracket: the paragraph goes on.
                open = out.pop().map(|p| Piece { text: join(&p.text, line), raw: format!("{}\n{}", p.raw, line.trim_end()), ..p });
            }
            None => open = Some(Piece { text: join("", line), raw: line.trim_end().to_string(), new_cell: gap, new_page: page }),
        }
        (gap, page, blank_paragraph) = (false, false, false);
        let ends = if trailing {
            line.ends_with([' ', '\u{3000}'])
        } else {
            let next = lines.get(i + 1).map_or("", |l| l.trim());
            next.is_empty()
                || (solid && borders.get(i + 1) == Some(&true))
                || line.trim_end().ends_with('。')
                || width(line.trim()) + width_of_first(next) + if solid { SOLID_SLACK } else { 2 }
                    < edges.get(i).copied().unwrap_or(0).min(2 * width(line.trim()))
        };
        if ends {
            close(&mut open, &mut out);
        }
    }
    close(&mut open, &mut out);
    out
}

/// Returns, for each line, the width of the widest line of its block: lines without a border (an empty line) between them stand in one cell.
fn lines_to_edges(lines: &[&str], borders: &[bool]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::with_capacity(lines.len());
    let mut from = 0;
    while from < lines.len() {
        let n = 1 + borders.iter().skip(from + 1).take_while(|b| !**b).count();
        let widest = lines.iter().skip(from).take(n).map(|l| width(l.trim())).max().unwrap_or(0);
        out.extend(std::iter::repeat_n(widest, n.min(lines.len() - from)));
        from += n;
    }
    out
}

/// Returns the years of a line that are words of their own: `28年度 29 年度`.
pub(crate) fn line_to_years(line: &str) -> Vec<YearToken> {
    let mut words: Vec<String> = Vec::new();
    for w in line.split_whitespace() {
        match words.last_mut().filter(|l| w.starts_with('年') && l.ends_with(|c: char| narrow_char(c).is_ascii_digit() || c == '元')) {
            Some(last) => last.push_str(w),
            None => words.push(w.to_owned()),
        }
    }
    words.iter().filter_map(|w| text_to_year(w)).collect()
}

/// Columns that a full line of a dump without empty lines may stop short of its cell's widest: the cell's edge is known less well, and
/// proportional digits are wider or narrower than half a character.
const SOLID_SLACK: usize = 5;

fn close(open: &mut Option<Piece>, out: &mut Vec<Piece>) {
    out.extend(open.take());
}

/// A mark inside an open ＜ or 「 is no new paragraph.
fn in_brackets(open: Option<&Piece>) -> bool {
    open.is_some_and(|p| {
        p.text.chars().filter(|c| narrow_char(*c) == '＜').count() > p.text.chars().filter(|c| narrow_char(*c) == '＞').count()
    })
}

/// Tells whether a （ is still open, or the text stops at a comma.
fn is_unclosed(text: &str) -> bool {
    let (mut depth, mut comma) = (0i32, false);
    for c in text.chars().map(narrow_char) {
        depth += match c {
            '(' | '「' => 1,
            ')' | '」' => -1,
            _ => 0,
        };
        comma = c == '、';
    }
    depth > 0 || comma
}

/// Width in half-width columns.
fn width(text: &str) -> usize {
    text.chars().map(|c| if (c as u32) < 0x2000 { 1 } else { 2 }).sum()
}

fn width_of_first(text: &str) -> usize {
    text.chars().next().map_or(0, |c| if (c as u32) < 0x2000 { 1 } else { 2 })
}

/// Tells whether a char is written full-width: kanji, kana, full-width signs.
fn is_wide(c: char) -> bool {
    c as u32 >= 0x2000 && c != '\u{2028}'
}

/// Joins a line to the text before it: nothing between lines but a blank between two Latin words; blanks between CJK and digits dropped.
pub(crate) fn join(before: &str, line: &str) -> String {
    let mut out = before.to_string();
    let mut blank = out.chars().last().is_some_and(|c| !is_wide(c)) && line.trim().chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    for c in line.trim().chars() {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && out.chars().last().is_some_and(|l| is_wide(l) == is_wide(c) || crate::numbers::is_circled(c)) {
            out.push(' ');
        }
        blank = false;
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(dump: &str) -> Vec<String> {
        text_to_pieces(dump, &Profile::auto()).into_iter().map(|p| p.text).collect()
    }

    #[test]
    fn a_blank_at_the_end_ends_a_paragraph() {
        assert_eq!(texts("1 ① 現場重視でさまざま\n\nな主体 \n\n平成 28年度 \n"), ["1 ① 現場重視でさまざまな主体", "平成28年度"]);
        assert_eq!(texts("・甲を実施 \n（乙、国立大学法人 \n三重大学） \n"), ["・甲を実施", "（乙、国立大学法人三重大学）"]);
        assert_eq!(
            texts("【平成28年度】4,667件（0.8％）\n【平成29年度】5,755件 \n"),
            ["【平成28年度】4,667件（0.8％）", "【平成29年度】5,755件"]
        );
        assert_eq!(texts("総務部 ７箇所 10名 \n"), ["総務部 ７箇所10名"]);
    }

    #[test]
    fn without_blanks_the_room_at_the_end_decides() {
        let dump = "・職員が企業や市町においての実践体験を積むこと\nで現場感覚を高めるとともに協創の推進につな\nげることを目的に実施\n・次の取組\n";
        assert_eq!(texts(dump).len(), 2, "{:?}", texts(dump));
    }
}
