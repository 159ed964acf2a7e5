//! Lines → logical paragraphs: wrapped CJK lines joined, list items and headings told apart (layout.md §6).

use crate::chars::{
    Class, MarkerClass, blank, class, hangs, heading_close, is_bracketed, is_han, is_kana, leading_marker, no_line_end, no_line_start,
};
use crate::{Line, LineGlyph, LogicalParagraph, ParagraphKind, Space};
use jisseki_model::{CharInk, Rect};
use smallvec::SmallVec;
use std::ops::Range;

/// Where the column's lines end at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ColumnEdge {
    /// The longest of the lines given.
    FromLines,
    /// The longest line seen in the column on this page (hanging 、。 left out); for cells of fewer than three lines.
    At(f64),
}

/// Slack beyond the next line's first unit that makes a break certain, in ems.
const COULD_HAVE_FITTED: f64 = 0.5;
/// Slack that lies this near to the limit (in ems) makes the decision a close one.
const SOFT: f64 = 0.3;
/// A step between baselines this many times the usual one is a blank line.
const BLANK_LINE: f64 = 1.6;
/// Indents that differ by less (ems) are the same.
const SAME_INDENT: f64 = 0.5;

/// A line as text, with what the joining asks of it.
struct Read<'t> {
    /// Leading and trailing blanks gone.
    text: &'t str,
    /// One box a code point of `text`.
    ink: &'t [CharInk],
    /// As printed.
    raw: &'t str,
    marker: Option<MarkerClass>,
    /// The marker ends with a bracket that it did not open: `ア）`, `1)`.
    closes: bool,
    /// A heading in brackets from the first to the last character.
    bracketed: bool,
    brackets: Brackets,
}

/// Brackets opened less brackets closed.
#[derive(Debug, Clone, Copy, Default)]
struct Brackets {
    /// `（「『【`
    remarks: i32,
    /// `＜〈《`
    headings: i32,
}

impl Brackets {
    fn add(&mut self, c: char) {
        // Kana and Han, most of all text, lie between the brackets of CJK and the full-width ones.
        if ('\u{3012}'..='\u{FF00}').contains(&c) {
            return;
        }
        match c {
            '（' | '(' | '「' | '『' | '【' => self.remarks += 1,
            '）' | ')' | '」' | '』' | '】' => self.remarks -= 1,
            '＜' | '<' | '〈' | '《' => self.headings += 1,
            '＞' | '>' | '〉' | '》' => self.headings -= 1,
            _ => {}
        }
    }
}

/// The paragraph so far.
#[derive(Default)]
struct Part {
    begin: usize,
    /// Where its first line starts.
    start: f64,
    brackets: Brackets,
    /// What would end the heading in brackets that its first line began; None once it stood somewhere.
    awaited: Option<char>,
    /// It is a heading in brackets as a whole.
    bracketed: bool,
}

impl Part {
    fn starting_with(begin: usize, lines: &[&Line], reads: &[Read<'_>]) -> Part {
        let awaited = reads.get(begin).and_then(|r| r.text.chars().next()).and_then(heading_close);
        Part { begin, awaited, start: lines.get(begin).map_or(0.0, |l| l.start), ..Part::default() }
    }
    /// Takes in the next line.
    fn push(&mut self, read: &Read<'_>) {
        self.brackets.remarks += read.brackets.remarks;
        self.brackets.headings += read.brackets.headings;
        let at = self.awaited.and_then(|c| read.text.find(c).map(|at| at + c.len_utf8()));
        self.bracketed = at == Some(read.text.len());
        self.awaited = self.awaited.filter(|_| at.is_none());
    }
}

/// Returns the largest end of the lines, hanging punctuation left out: what [`ColumnEdge::At`] takes.
pub fn lines_to_edge<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Option<f64> {
    lines.into_iter().filter(|l| !l.floating).map(line_end).max_by(f64::total_cmp)
}

fn line_end(line: &Line) -> f64 {
    let last = line.glyphs.iter().rev().find(|g| !g.annotation && !blank(&g.text));
    match last {
        Some(g) if g.text.chars().all(hangs) => line.end - line.em,
        _ => line.end,
    }
}

/// Returns the text of one line by the rules of `text` in the output: blanks between CJK and digits dropped, one U+0020 for a real blank.
pub fn line_to_string(line: &Line) -> String {
    let mut pen = Pen::default();
    pen.read(line, 0);
    pen.text
}

/// Joins lines to paragraphs.
///
/// Lines of one cell or block, in reading order; lines of two pages may follow each other (a step upwards is no blank line).
/// `text` begins after the marker; a heading keeps its brackets. `pages` has the number of each line's page, for `ink`, which has one entry a code
/// point of `text` (the default for a blank that no glyph draws); a line whose page is not given stands on page 0.
pub fn lines_to_paragraphs(lines: &[&Line], pages: &[u32], edge: ColumnEdge) -> Vec<LogicalParagraph> {
    let pages = pages.iter().copied().chain(std::iter::repeat(0));
    let n = lines.iter().map(|l| l.glyphs.len()).sum();
    let mut pen = Pen { text: String::with_capacity(3 * n), ink: Vec::with_capacity(n), ..Pen::default() };
    let written: Vec<Written> = lines.iter().zip(pages).map(|(l, page)| pen.read(l, page)).collect();
    let reads: Vec<Read<'_>> = written.into_iter().map(|w| pen.read_of(w)).collect();
    let own = lines_to_edge(lines.iter().copied()).unwrap_or(0.0);
    let edge = match edge {
        ColumnEdge::FromLines => own,
        ColumnEdge::At(e) => e.max(own),
    };
    let column = lines_to_column(lines, &reads, edge);
    let mut out: Vec<LogicalParagraph> = Vec::new();
    let mut levels = Levels::default();
    let mut part = Part::starting_with(0, lines, &reads);
    let mut soft = false;
    for k in 1..=lines.len() {
        if let Some(read) = reads.get(k - 1) {
            part.push(read);
        }
        let decision = match (lines.get(k - 1), lines.get(k), reads.get(part.begin..k), reads.get(k)) {
            (Some(l), Some(m), Some(own), Some(mr)) => decide(l, m, &part, own, mr, &column),
            _ => Decision { is_break: true, soft: false },
        };
        soft |= decision.soft;
        if decision.is_break {
            if let Some((mut p, class)) = build(lines, &reads, part.begin..k, soft) {
                p.level = lines.get(p.lines.start).map_or(0, |l| levels.of(l, class, p.kind));
                out.push(p);
            }
            part = Part::starting_with(k, lines, &reads);
            soft = decision.soft;
        }
    }
    out
}

struct Decision {
    is_break: bool,
    soft: bool,
}

impl Decision {
    const BREAK: Decision = Decision { is_break: true, soft: false };
    const JOIN: Decision = Decision { is_break: false, soft: false };
}

/// Usual step between baselines: the lower quartile of the steps seen.
fn usual_leading(lines: &[&Line]) -> f64 {
    let mut steps: SmallVec<[f64; 32]> = lines
        .windows(2)
        .filter_map(|w| if let [l, m] = w { Some((step(l, m)?, l.em)) } else { None })
        .filter(|(s, em)| *s > 0.6 * em)
        .map(|s| s.0)
        .collect();
    steps.sort_by(f64::total_cmp);
    let em = lines.iter().map(|l| l.em).fold(0.0, f64::max);
    // One or two steps say nothing about what is usual: they are measured against a generous one.
    match steps.get(steps.len() / 4) {
        Some(&s) if steps.len() > 2 => s,
        Some(&s) => s.min(1.6 * em).max(em),
        None => 1.6 * em,
    }
}

/// Distance from one line to the next; None where the next does not follow below (or, vertically, to the left).
fn step(l: &Line, m: &Line) -> Option<f64> {
    let d = if l.vertical { l.baseline - m.baseline } else { m.baseline - l.baseline };
    (d > 0.0 && l.vertical == m.vertical).then_some(d)
}

/// What is known about the lines of a cell as a whole.
struct Column {
    /// Where its lines end at most.
    edge: f64,
    /// Usual step between baselines.
    leading: f64,
    /// Width in ems.
    width: f64,
    /// Where its lines begin at least.
    start: f64,
    /// Lines without a marker begin where the others do: an indented one begins a paragraph.
    flush: bool,
    /// Two lines or more go on at the edge, and no two in a row stand farther in.
    strictly_flush: bool,
}

fn lines_to_column(lines: &[&Line], reads: &[Read<'_>], edge: f64) -> Column {
    let em = lines.iter().map(|l| l.em).fold(0.1, f64::max);
    let start = lines.iter().map(|l| l.start).fold(f64::INFINITY, f64::min);
    let plain = || lines.iter().zip(reads).skip(1).filter(|(_, r)| r.marker.is_none());
    let at_edge = |l: &Line| l.start - start < 0.3 * em;
    let flush = plain().filter(|(l, _)| at_edge(l)).count();
    // Two indented lines in a row are the body of a hanging item.
    let hung = lines.windows(2).zip(reads.windows(2)).any(|(l, r)| match (l, r) {
        ([a, b], [x, y]) => x.marker.is_none() && y.marker.is_none() && !at_edge(a) && !at_edge(b),
        _ => false,
    });
    Column {
        edge,
        leading: usual_leading(lines),
        width: (edge - start) / em,
        start,
        flush: flush * 2 > plain().count(),
        strictly_flush: flush >= 2 && flush * 2 > plain().count() && !hung,
    }
}

/// Decides whether line `m` begins a paragraph after line `l`; `part` is the paragraph so far with its lines `own`, `l` included.
///
/// Ragged columns break lines an em or more before the edge, so the could-have-fitted test is weighed with how the line ends: after a comma or
/// inside a bracket a paragraph goes on; after 。 or ） a little slack ends it; in the middle of words it takes a lot of it.
fn decide(l: &Line, m: &Line, part: &Part, own: &[Read<'_>], mr: &Read<'_>, column: &Column) -> Decision {
    let em = l.em.max(0.1);
    let (Some(first), Some(lr)) = (own.first(), own.last()) else { return Decision::BREAK };
    if l.floating || m.floating || l.vertical != m.vertical || lr.text.is_empty() || mr.text.is_empty() {
        return Decision::BREAK;
    }
    if step(l, m).is_some_and(|s| s > BLANK_LINE * column.leading.max(m.em)) {
        return Decision::BREAK;
    }
    let (l_text, m_text) = (lr.text, mr.text);
    // `＜オールインワンシステムの活用` over `＞`.
    if part.awaited.is_some_and(|c| m_text.starts_with(c)) {
        return Decision::JOIN;
    }
    let room = (column.edge - line_end(l)) / em - first_unit(m) / em;
    let full = room < COULD_HAVE_FITTED;
    let in_remark = part.brackets.remarks > 0;
    // A heading in two lines; a whole one stands alone.
    if part.brackets.headings > 0 && room < UNFINISHED {
        return Decision::JOIN;
    }
    if part.bracketed || (mr.bracketed && !in_remark && !is_tail(m_text)) {
        return Decision::BREAK;
    }
    let l_is_first = own.len() == 1;
    // `…（ＣＳＩＲＴマニュア` over `ル）の時点修正`: the end of a word, no enumerator.
    // `「みえ県民力ビジョン` over `・第二次行動計画」`: a middle dot.
    let dot = mr.marker == Some(MarkerClass::Dot) && full;
    match mr.marker.filter(|_| !(in_remark && (mr.closes || dot))) {
        // A full line that does not end a sentence may go on with `(1)` or `①` as words of the text.
        Some(MarkerClass::Number) if full && !l_text.ends_with(TERMINAL) && first.marker != mr.marker => {
            return Decision { is_break: m.start < l.start + SAME_INDENT * em && lr.marker.is_some(), soft: true };
        }
        // `…18,955件` and, on the next line, `⇒平成30年度：21,305件に増加しました。`
        Some(MarkerClass::Result) if full && !l_text.ends_with(TERMINAL) => return Decision { soft: true, ..Decision::JOIN },
        Some(_) => return Decision::BREAK,
        None => {}
    }
    let heading = m_text.starts_with('【') || m_text.starts_with(['＜', '〈', '《']) && l_text.ends_with(TERMINAL);
    if heading && !in_remark {
        return Decision::BREAK;
    }
    // `…研修（1回）（４月）` over `…研修（3回）（５月）`.
    if ends_with_months(l_text) && ends_with_months(m_text) && !m_text.starts_with(is_kana_or_closing) {
        return Decision::BREAK;
    }
    if (in_remark || l_text.ends_with(['、', '，'])) && room < UNFINISHED {
        return Decision { soft: room > RAGGED, ..Decision::JOIN };
    }
    // `経常収支比率：…` under `経常収支適正度：…`.
    // A full line, indented as paragraphs begin, that goes on at the edge is no list of labels, whatever colons stand in it.
    let goes_back = full && (0.7..=1.3).contains(&((part.start - m.start) / em));
    if !goes_back && is_labelled(m_text) && is_labelled(first.text) {
        return Decision::BREAK;
    }
    let first_has_marker = first.marker.is_some();
    // Out of a hanging indent: the item is over.
    if !l_is_first && first_has_marker && m.start < l.start - 0.8 * em {
        return Decision::BREAK;
    }
    // An indented first line: after a finished sentence anywhere, and after any line where the column is flush.
    let indented = m.start > l.start + if column.flush { 0.4 } else { 0.8 } * em;
    let opening = m_text.starts_with(['（', '(', '「', '『']);
    if indented && ((!l_is_first && l_text.ends_with('。')) || (column.flush && !opening && l_text.ends_with(TERMINAL))) {
        return Decision::BREAK;
    }
    // 字下げ: where lines go on at the edge, one that starts an em farther in begins a paragraph, full as the line above may be.
    let by_an_em = (0.7..=1.3).contains(&((m.start - column.start) / em)) && l.start - column.start < 0.3 * em;
    let wordy = m_text.starts_with(|c| is_han(c) || is_kana(c)) && !m_text.starts_with(no_line_start);
    if column.strictly_flush && by_an_em && wordy {
        return Decision { soft: true, ..Decision::BREAK };
    }
    // A sign that may not begin a line; and one or two signs alone on a line: what a second, narrower wrapping left of a word.
    let leftover = !l_is_first && l_text.chars().nth(2).is_none() && !l_text.ends_with(TERMINAL);
    if leftover || m_text.starts_with(no_line_start) {
        return Decision { soft: true, ..Decision::JOIN };
    }
    let limit = slack_limit(l_text, m_text).min(0.22 * column.width).max(COULD_HAVE_FITTED);
    let limit = if indented && column.flush && !opening { COULD_HAVE_FITTED } else { limit };
    let close = (room - limit).abs() < SOFT;
    Decision { is_break: room >= limit, soft: close || (room < limit && l_text.ends_with('。')) }
}

/// Returns the slack (ems beyond what the next line's first word needs) from which on a line ends its paragraph.
///
/// Measured on nine typesettings of the target document (2,400 pairs of lines): lines broken inside a sentence left up to 3.2 em, at 。 up to
/// 1.0 em, at ） none; paragraphs ended from 0.5 em on at ）, from 4 em on at 。, from 2 em on where the script changes.
fn slack_limit(l: &str, m: &str) -> f64 {
    let (Some(last), Some(next)) = (l.chars().last(), m.chars().next()) else { return COULD_HAVE_FITTED };
    let solid = |c: char| matches!(class(c), Class::Latin | Class::Digit) || ('Ａ'..='ｚ').contains(&c) || ('０'..='９').contains(&c);
    match () {
        () if last == '。' => 1.5,
        () if TERMINAL.contains(&last) => COULD_HAVE_FITTED,
        () if next == '（' || next == '(' => {
            if is_tail(m) {
                3.0
            } else {
                1.0
            }
        }
        () if solid(last) != solid(next) && !is_kana(last) && !"年月日第平令成和元".contains(last) && !"年月日度".contains(next) => {
            1.8
        }
        () => RAGGED,
    }
}

/// Slack up to which a line in the middle of a sentence may stop short of the edge, in ems.
const RAGGED: f64 = 3.6;
/// Slack up to which a line that ends with a comma or inside a bracket goes on, in ems: beyond it, the bracket was never closed.
const UNFINISHED: f64 = 12.0;
/// Signs that end a sentence or a remark.
const TERMINAL: [char; 13] = ['。', '．', '！', '？', '」', '）', ')', '】', '＞', '：', ':', '％', '%'];

/// A short remark in brackets that ends its line: `（７月）`, the tail of the line above.
fn is_tail(text: &str) -> bool {
    text.chars().count() <= 9 && text.starts_with(['（', '(']) && text.ends_with(['）', ')'])
}

/// `（４月～６月）`, `（通年）` at the end: an entry of a list of things done.
fn ends_with_months(text: &str) -> bool {
    let inner = text.strip_suffix(['）', ')']).and_then(|t| t.rsplit(['（', '(']).next());
    inner.is_some_and(|i| i.chars().count() <= 12 && (i.contains('月') || i == "通年"))
}

fn is_kana_or_closing(c: char) -> bool {
    is_kana(c) || matches!(c, '）' | ')' | '」' | '』' | '】' | '（' | '(')
}

/// `経常収支比率：…`, `（実績）…`: a short label and text after it.
fn is_labelled(text: &str) -> bool {
    let text = text.trim_start();
    let bracketed = text.starts_with(['（', '【'])
        && text.char_indices().take(11).any(|(at, c)| (c == '）' || c == '】') && at + c.len_utf8() < text.len());
    let end = text.chars().take(14).enumerate().find(|(_, c)| matches!(c, '：' | ':' | '、' | '。' | '（' | '）' | '「' | '」'));
    bracketed || matches!(end, Some((2.., '：' | ':')))
}

/// Advance of the first glyphs of a line that no line break may part.
fn first_unit(line: &Line) -> f64 {
    let mut glyphs = line.glyphs.iter().filter(|g| !g.annotation).skip_while(|g| blank(&g.text)).peekable();
    let width = |g: &LineGlyph| if line.vertical { g.bbox.height() } else { g.bbox.width() };
    let Some(first) = glyphs.next() else { return 0.0 };
    let mut sum = width(first);
    let mut c = first.text.chars().last().unwrap_or(' ');
    while let Some(g) = glyphs.peek() {
        let n = g.text.chars().next().unwrap_or(' ');
        let solid = |c: char| matches!(class(c), Class::Latin | Class::Digit | Class::Mark);
        let bound = no_line_end(c) || no_line_start(n) || solid(c) && solid(n) && g.space_before == Space::None;
        if !bound || n.is_whitespace() {
            break;
        }
        sum += width(g);
        c = g.text.chars().last().unwrap_or(n);
        glyphs.next();
    }
    sum
}

/// Writes the lines of a cell one after the other into the same memory.
#[derive(Default)]
struct Pen {
    text: String,
    ink: Vec<CharInk>,
    /// What is printed, of the lines where that is not their text.
    raw: String,
}

/// What was written of one line: ranges of the pen's memory.
struct Written {
    text: Range<usize>,
    ink: Range<usize>,
    raw: Option<Range<usize>>,
    brackets: Brackets,
}

impl Pen {
    fn read(&mut self, line: &Line, page: u32) -> Written {
        let (text_from, ink_from) = (self.text.len(), self.ink.len());
        let mut out = Draft { pen: self, text_from, raw_from: None, brackets: Brackets::default() };
        let mut gap: Option<CharInk> = None;
        let drop_blanks = is_spaced_out(line);
        let mut open_ruby = false;
        let mut last = "";
        let mut rest = line.glyphs.iter();
        loop {
            // Most of all glyphs: nothing is to be asked of them.
            if gap.is_none() && !open_ruby {
                let (usual, after) = rest.as_slice().split_at_checked(out.push_usual(rest.as_slice(), page)).unwrap_or_default();
                last = usual.last().map_or(last, |g| g.text.as_str());
                rest = after.iter();
            }
            let Some(g) = rest.next() else { break };
            let text = g.text.as_str();
            if g.annotation {
                if !open_ruby {
                    out.raw().push('《');
                }
                open_ruby = true;
                out.raw().push_str(text);
                continue;
            }
            if std::mem::take(&mut open_ruby) {
                out.raw().push('》');
            }
            match g.space_before {
                Space::None => {}
                Space::Word => out.raw().push(' '),
                Space::Gap => out.raw().push('\u{3000}'),
            }
            if blank(text) {
                out.raw().push_str(text);
                if !text.is_empty() {
                    gap = Some(bbox_to_ink(g.bbox, page));
                }
                continue;
            }
            if (gap.is_some() || g.space_before == Space::Word)
                && let Some(last) = last.chars().rev().find(|c| !c.is_control())
            {
                let equal = || (class(last) == Class::Cjk) == (text.chars().next().map(class) == Some(Class::Cjk));
                match gap {
                    // A blank between CJK and a letter or digit is layout; between equals it was typed.
                    Some(ink) if !drop_blanks && equal() => out.push(' ', ink),
                    None if g.space_before == Space::Word => out.push(' ', CharInk::default()),
                    _ => {}
                }
            }
            gap = None;
            for c in text.chars() {
                if c.is_control() {
                    out.raw().push(c);
                    continue;
                }
                if out.raw_from.is_some() {
                    out.raw().push(c);
                }
                out.push(c, bbox_to_ink(g.bbox, page));
                last = text;
            }
        }
        if open_ruby {
            out.raw().push('》');
        }
        let (brackets, raw) = (out.brackets, out.trimmed_raw());
        Written { text: text_from..self.text.len(), ink: ink_from..self.ink.len(), raw, brackets }
    }

    fn read_of(&self, line: Written) -> Read<'_> {
        let text = self.text.get(line.text).unwrap_or_default();
        let found = leading_marker(text);
        let marker = found.and_then(|(_, n)| text.get(..n)).unwrap_or_default();
        Read {
            text,
            ink: self.ink.get(line.ink).unwrap_or_default(),
            raw: line.raw.map_or(text, |raw| self.raw.get(raw).unwrap_or_default()),
            marker: found.map(|(class, _)| class),
            closes: marker.ends_with(['）', ')']) && !marker.starts_with(['（', '(']),
            bracketed: is_bracketed(text),
            brackets: line.brackets,
        }
    }
}

/// The line that is being written.
struct Draft<'p> {
    pen: &'p mut Pen,
    text_from: usize,
    /// Where its print begins, once that differs from its text.
    raw_from: Option<usize>,
    brackets: Brackets,
}

impl Draft<'_> {
    fn text(&self) -> &str {
        self.pen.text.get(self.text_from..).unwrap_or_default()
    }
    /// What is printed so far, from where it begins to differ from the text.
    fn raw(&mut self) -> &mut String {
        let Pen { raw, text, .. } = &mut *self.pen;
        self.raw_from.get_or_insert_with(|| {
            let from = raw.len();
            raw.push_str(text.get(self.text_from..).unwrap_or_default());
            from
        });
        raw
    }
    /// Where the print lies without the white space at its ends, if it is not the text.
    fn trimmed_raw(mut self) -> Option<Range<usize>> {
        if self.raw_from.is_some() || self.text().starts_with(char::is_whitespace) || self.text().ends_with(char::is_whitespace) {
            self.raw();
        }
        let from = self.raw_from?;
        let raw = self.pen.raw.get(from..).unwrap_or_default();
        let front = raw.len() - raw.trim_start().len();
        Some(from + front..from + front + raw.trim().len())
    }
    /// Takes in the glyphs up to the first that something is to be asked of; returns how many.
    fn push_usual(&mut self, glyphs: &[LineGlyph], page: u32) -> usize {
        let from = self.pen.text.len();
        let mut n = 0;
        for g in glyphs {
            let text = g.text.as_str();
            if !is_usual(text) || g.space_before != Space::None || g.annotation {
                break;
            }
            self.pen.text.push_str(text);
            n += 1;
        }
        if self.raw_from.is_some() {
            self.pen.raw.push_str(self.pen.text.get(from..).unwrap_or_default());
        }
        self.pen.ink.extend(glyphs.iter().take(n).map(|g| bbox_to_ink(g.bbox, page)));
        n
    }
    fn push(&mut self, c: char, ink: CharInk) {
        self.pen.text.push(c);
        self.pen.ink.push(ink);
        self.brackets.add(c);
    }
}

fn bbox_to_ink(bbox: Rect, page: u32) -> CharInk {
    let inked = bbox.x0 < bbox.x1 && bbox.y0 < bbox.y1 || !bbox.is_empty() && bbox != Rect::default();
    if inked { CharInk { page, bbox } } else { CharInk::default() }
}

/// One kana, Han or full-width character, `、` or `。`: neither blank nor control nor bracket, and most of all text. All have three bytes.
#[inline]
fn is_usual(text: &str) -> bool {
    matches!(
        text.as_bytes(),
        [0xE4..=0xE9, _, _] | [0xE3, 0x81..=0x83, _] | [0xE3, 0x80, 0x81 | 0x82] | [0xEF, 0xBC, 0x90..=0x99 | 0xA1..=0xBA]
    )
}

/// 番　号: up to eight Han or kana, every two of them parted by a blank or a gap.
fn is_spaced_out(line: &Line) -> bool {
    let mut inked = 0;
    let mut apart = true;
    for g in line.glyphs.iter().filter(|g| !g.annotation) {
        if blank(&g.text) {
            apart = true;
            continue;
        }
        inked += 1;
        let parted = (apart || g.space_before != Space::None) && g.text.chars().all(|c| is_han(c) || is_kana(c));
        if !parted || inked > 8 {
            return false;
        }
        apart = false;
    }
    inked >= 2
}

/// Makes a paragraph of the lines of a range, with the class of its marker.
fn build(lines: &[&Line], reads: &[Read<'_>], range: Range<usize>, soft: bool) -> Option<(LogicalParagraph, Option<MarkerClass>)> {
    let own = reads.get(range.clone())?;
    let room = |of: fn(&Read<'_>) -> usize| own.iter().map(|r| of(r) + 1).sum();
    let mut p = LogicalParagraph {
        lines: range.clone(),
        soft,
        raw: String::with_capacity(room(|r| r.raw.len())),
        text: String::with_capacity(room(|r| r.text.len())),
        ink: Vec::with_capacity(room(|r| r.ink.len())),
        ..LogicalParagraph::default()
    };
    for (i, read) in own.iter().enumerate() {
        if i > 0 {
            p.raw.push('\n');
        }
        p.raw.push_str(read.raw);
        if i > 0
            && let (Some(last), Some(next)) = (p.text.chars().last(), read.text.chars().next())
        {
            let latin = |c: char| class(c) != Class::Cjk && !c.is_whitespace();
            // A hyphen at the line's end stays: which ones are soft, no one can tell.
            let solid = || matches!(last, '-' | '/') || (class(last) == Class::Digit && class(next) == Class::Digit);
            if latin(last) && latin(next) && !solid() {
                p.text.push(' ');
                p.ink.push(CharInk::default());
            }
        }
        p.text.push_str(read.text);
        p.ink.extend_from_slice(read.ink);
    }
    if p.text.is_empty() {
        return None;
    }
    let floating = lines.get(range.start).is_some_and(|l| l.floating);
    let heading = p.text.starts_with(['＜', '〈', '<', '≪', '《']) && is_bracketed(&p.text);
    let mut marked = None;
    if let (Some((class, bytes)), false) = (leading_marker(&p.text), floating) {
        let (marker, rest) = p.text.split_at(bytes);
        let body = rest.trim_start();
        if !body.is_empty() {
            marked = Some(class);
            p.marker = Some(marker.trim_end().to_owned());
            p.kind = match class {
                MarkerClass::Note => ParagraphKind::Note,
                MarkerClass::Result => ParagraphKind::Result,
                _ => ParagraphKind::Item,
            };
            let kept = p.text.len() - body.len();
            let cut = p.text.get(..kept).map_or(0, |t| t.chars().count());
            p.text.drain(..kept);
            p.ink.drain(..cut);
        }
    }
    if p.marker.is_none() && heading {
        p.kind = ParagraphKind::Heading;
    }
    Some((p, marked))
}

/// The list items that the next one may lie below, by indent and class of marker.
#[derive(Default)]
struct Levels(Vec<(f64, MarkerClass)>);

impl Levels {
    /// Depth by indent first, by class of marker where the indent is the same; 0 without a marker. A heading ends every list.
    fn of(&mut self, line: &Line, class: Option<MarkerClass>, kind: ParagraphKind) -> u8 {
        let Some(class) = class else {
            if kind == ParagraphKind::Heading {
                self.0.clear();
            }
            return 0;
        };
        let indent = line.start;
        let slack = SAME_INDENT * line.em;
        while self.0.last().is_some_and(|t| t.0 > indent + slack || (t.0 - indent).abs() <= slack && t.1 > class) {
            self.0.pop();
        }
        if self.0.last().is_none_or(|t| indent > t.0 + slack || t.1 < class) {
            self.0.push((indent, class));
        }
        u8::try_from(self.0.len()).unwrap_or(u8::MAX)
    }
}
