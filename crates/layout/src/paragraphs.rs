//! Lines → logical paragraphs: wrapped CJK lines joined, list items and headings told apart (layout.md §6).

use crate::chars::{Class, MarkerClass, class, hangs, is_bracketed, is_han, is_kana, leading_marker, no_line_end, no_line_start};
use crate::{Line, LogicalParagraph, ParagraphKind, Space};
use jisseki_model::Rect;

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

/// One code point of a line's text with its ink.
#[derive(Debug, Clone, Copy)]
struct Ink {
    c: char,
    bbox: Rect,
}

/// A line as text.
struct Read {
    /// Code points of `text`, leading and trailing blanks gone.
    inks: Vec<Ink>,
    raw: String,
}

impl Read {
    fn text(&self) -> String {
        self.inks.iter().map(|i| i.c).collect()
    }
}

/// Returns the largest end of the lines, hanging punctuation left out: what [`ColumnEdge::At`] takes.
pub fn lines_to_edge<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Option<f64> {
    lines.into_iter().filter(|l| !l.floating).map(line_end).max_by(f64::total_cmp)
}

fn line_end(line: &Line) -> f64 {
    let last = line.glyphs.iter().rev().find(|g| !g.annotation && !is_blank(&g.text));
    match last {
        Some(g) if g.text.chars().all(hangs) => line.end - line.em,
        _ => line.end,
    }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// Returns the text of one line by the rules of `text` in the output: blanks between CJK and digits dropped, one U+0020 for a real blank.
pub fn line_to_string(line: &Line) -> String {
    read_line(line).text()
}

/// Joins lines to paragraphs.
///
/// Lines of one cell or block, in reading order; lines of two pages may follow each other (a step upwards is no blank line).
/// `text` begins after the marker; a heading keeps its brackets. `ink` has one box a code point of `text` ([`Rect::EMPTY`] for a blank that
/// no glyph draws), `ink_lines` the index of its line.
pub fn lines_to_paragraphs(lines: &[Line], edge: ColumnEdge) -> Vec<LogicalParagraph> {
    let reads: Vec<Read> = lines.iter().map(read_line).collect();
    let own = lines_to_edge(lines).unwrap_or(0.0);
    let edge = match edge {
        ColumnEdge::FromLines => own,
        ColumnEdge::At(e) => e.max(own),
    };
    let column = lines_to_column(lines, &reads, edge);
    let mut out: Vec<LogicalParagraph> = Vec::new();
    let mut begin = 0;
    let mut soft = false;
    for k in 1..=lines.len() {
        let decision = match (lines.get(k - 1), lines.get(k), reads.get(begin..k), reads.get(k)) {
            (Some(l), Some(m), Some(part), Some(mr)) => decide(l, m, part, mr, &column),
            _ => Decision { is_break: true, soft: false },
        };
        soft |= decision.soft;
        if decision.is_break {
            if let Some(p) = build(lines, &reads, begin..k, soft) {
                out.push(p);
            }
            begin = k;
            soft = decision.soft;
        }
    }
    set_levels(&mut out, lines);
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
fn usual_leading(lines: &[Line]) -> f64 {
    let mut steps: Vec<f64> = lines
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
    /// Lines without a marker begin where the others do: an indented one begins a paragraph.
    flush: bool,
}

fn lines_to_column(lines: &[Line], reads: &[Read], edge: f64) -> Column {
    let em = lines.iter().map(|l| l.em).fold(0.1, f64::max);
    let start = lines.iter().map(|l| l.start).fold(f64::INFINITY, f64::min);
    let plain = || lines.iter().zip(reads).skip(1).filter(|(_, r)| leading_marker(&r.text()).is_none());
    let flush = plain().filter(|(l, _)| l.start - start < 0.3 * em).count();
    Column { edge, leading: usual_leading(lines), width: (edge - start) / em, flush: flush * 2 > plain().count() }
}

/// Decides whether line `m` begins a paragraph after line `l`; `part` is the paragraph so far, `l` included.
///
/// Ragged columns break lines an em or more before the edge, so the could-have-fitted test is weighed with how the line ends: after a comma or
/// inside a bracket a paragraph goes on; after 。 or ） a little slack ends it; in the middle of words it takes a lot of it.
fn decide(l: &Line, m: &Line, part: &[Read], mr: &Read, column: &Column) -> Decision {
    let em = l.em.max(0.1);
    let (Some(first), Some(lr)) = (part.first(), part.last()) else { return Decision::BREAK };
    if l.floating || m.floating || l.vertical != m.vertical || lr.inks.is_empty() || mr.inks.is_empty() {
        return Decision::BREAK;
    }
    if step(l, m).is_some_and(|s| s > BLANK_LINE * column.leading.max(m.em)) {
        return Decision::BREAK;
    }
    let (l_text, m_text) = (lr.text(), mr.text());
    let so_far: String = part.iter().map(Read::text).collect();
    let room = (column.edge - line_end(l)) / em - first_unit(m) / em;
    let full = room < COULD_HAVE_FITTED;
    // A heading in two lines; a whole one stands alone.
    if open_brackets(&so_far, "＜<〈《", "＞>〉》") && room < UNFINISHED {
        return Decision::JOIN;
    }
    if is_bracketed(&so_far) || (is_bracketed(&m_text) && !open_brackets(&so_far, OPENING, CLOSING) && !is_tail(&m_text)) {
        return Decision::BREAK;
    }
    let l_is_first = part.len() == 1;
    match leading_marker(&m_text) {
        // A full line that does not end a sentence may go on with `(1)` or `①` as words of the text.
        Some((MarkerClass::Number, _)) if full && !l_text.ends_with(TERMINAL) && !starts_like(&first.text(), &m_text) => {
            return Decision { is_break: m.start < l.start + SAME_INDENT * em && leading_marker(&l_text).is_some(), soft: true };
        }
        // `…18,955件` and, on the next line, `⇒平成30年度：21,305件に増加しました。`
        Some((MarkerClass::Result, _)) if full && !l_text.ends_with(TERMINAL) => return Decision { soft: true, ..Decision::JOIN },
        Some(_) => return Decision::BREAK,
        None => {}
    }
    if m_text.starts_with('【') && !open_brackets(&so_far, OPENING, CLOSING) {
        return Decision::BREAK;
    }
    // `…研修（1回）（４月）` over `…研修（3回）（５月）`.
    if ends_with_months(&l_text) && ends_with_months(&m_text) && !m_text.starts_with(is_kana_or_closing) {
        return Decision::BREAK;
    }
    if (open_brackets(&so_far, OPENING, CLOSING) || l_text.ends_with(['、', '，'])) && room < UNFINISHED {
        return Decision { soft: room > RAGGED, ..Decision::JOIN };
    }
    // `経常収支比率：…` under `経常収支適正度：…`.
    if is_labelled(&first.text()) && is_labelled(&m_text) {
        return Decision::BREAK;
    }
    let first_has_marker = leading_marker(&first.text()).is_some();
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
    // A sign that may not begin a line; and one or two signs alone on a line: what a second, narrower wrapping left of a word.
    let leftover = !l_is_first && l_text.chars().count() <= 2 && !l_text.ends_with(TERMINAL);
    if leftover || m_text.starts_with(no_line_start) {
        return Decision { soft: true, ..Decision::JOIN };
    }
    let limit = slack_limit(&l_text, &m_text).min(0.22 * column.width).max(COULD_HAVE_FITTED);
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
const OPENING: &str = "（(「『【";
const CLOSING: &str = "）)」』】";

/// Tells whether more brackets were opened than closed.
fn open_brackets(text: &str, opening: &str, closing: &str) -> bool {
    let depth = |set: &str| text.chars().filter(|c| set.contains(*c)).count();
    depth(opening) > depth(closing)
}

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
    is_kana(c) || CLOSING.contains(c) || "（(".contains(c)
}

/// `経常収支比率：…`, `（実績）…`: a short label and text after it.
fn is_labelled(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace());
    let bracketed = text.starts_with(['（', '【'])
        && text
            .chars()
            .collect::<Vec<_>>()
            .iter()
            .position(|c| *c == '）' || *c == '】')
            .is_some_and(|at| at <= 10 && at + 1 < text.chars().count());
    let colon = text.chars().take(14).position(|c| c == '：' || c == ':');
    bracketed || colon.is_some_and(|at| at >= 2 && !text.chars().take(at).any(|c| "、。（）「」".contains(c)))
}

/// Both begin with an enumerator.
fn starts_like(a: &str, b: &str) -> bool {
    matches!((leading_marker(a), leading_marker(b)), (Some((x, _)), Some((y, _))) if x == y)
}

/// Advance of the first glyphs of a line that no line break may part.
fn first_unit(line: &Line) -> f64 {
    let mut glyphs = line.glyphs.iter().filter(|g| !g.annotation).skip_while(|g| is_blank(&g.text)).peekable();
    let width = |g: &crate::LineGlyph| if line.vertical { g.bbox.height() } else { g.bbox.width() };
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

fn read_line(line: &Line) -> Read {
    let mut inks: Vec<Ink> = Vec::with_capacity(line.glyphs.len());
    let mut raw = String::new();
    let mut blank: Option<Rect> = None;
    let drop_blanks = is_spaced_out(line);
    let mut open_ruby = false;
    for g in &line.glyphs {
        if g.annotation {
            if !open_ruby {
                raw.push('《');
            }
            open_ruby = true;
            raw.push_str(&g.text);
            continue;
        }
        if std::mem::take(&mut open_ruby) {
            raw.push('》');
        }
        match g.space_before {
            Space::None => {}
            Space::Word => raw.push(' '),
            Space::Gap => raw.push('\u{3000}'),
        }
        raw.push_str(&g.text);
        if is_blank(&g.text) {
            if !g.text.is_empty() {
                blank = Some(g.bbox);
            }
            continue;
        }
        let next = g.text.chars().next().unwrap_or(' ');
        if let Some(last) = inks.last().map(|i| i.c) {
            let (a, b) = (class(last) == Class::Cjk, class(next) == Class::Cjk);
            match blank {
                // A blank between CJK and a letter or digit is layout; between equals it was typed.
                Some(bbox) if a == b && !drop_blanks => inks.push(Ink { c: ' ', bbox }),
                None if g.space_before == Space::Word => inks.push(Ink { c: ' ', bbox: Rect::EMPTY }),
                _ => {}
            }
        }
        blank = None;
        inks.extend(g.text.chars().filter(|c| !c.is_control()).map(|c| Ink { c, bbox: g.bbox }));
    }
    if open_ruby {
        raw.push('》');
    }
    Read { inks, raw: raw.trim_matches(|c: char| c.is_whitespace()).to_owned() }
}

/// 番　号: up to eight Han or kana, every two of them parted by a blank or a gap.
fn is_spaced_out(line: &Line) -> bool {
    let mut inked = 0;
    let mut parted = true;
    let mut blank = true;
    for g in line.glyphs.iter().filter(|g| !g.annotation) {
        if is_blank(&g.text) {
            blank = true;
            continue;
        }
        inked += 1;
        parted &= (blank || g.space_before != Space::None) && g.text.chars().all(|c| is_han(c) || is_kana(c));
        blank = false;
    }
    (2..=8).contains(&inked) && parted
}

fn build(lines: &[Line], reads: &[Read], range: std::ops::Range<usize>, soft: bool) -> Option<LogicalParagraph> {
    let mut p = LogicalParagraph { lines: range.clone(), soft, ..LogicalParagraph::default() };
    let mut inks: Vec<(Ink, u32)> = Vec::new();
    for (i, read) in reads.iter().enumerate().take(range.end).skip(range.start) {
        if i > range.start {
            p.raw.push('\n');
        }
        p.raw.push_str(&read.raw);
        if let (Some(last), Some(next)) = (inks.last().map(|l| l.0.c), read.inks.first().map(|n| n.c)) {
            let latin = |c: char| class(c) != Class::Cjk && !c.is_whitespace();
            if latin(last) && latin(next) {
                // A hyphen at the line's end stays: which ones are soft, no one can tell.
                let solid = matches!(last, '-' | '/') || (class(last) == Class::Digit && class(next) == Class::Digit);
                if !solid {
                    inks.push((Ink { c: ' ', bbox: Rect::EMPTY }, i as u32));
                }
            }
        }
        inks.extend(read.inks.iter().map(|&k| (k, i as u32)));
    }
    if inks.is_empty() {
        return None;
    }
    let whole: String = inks.iter().map(|i| i.0.c).collect();
    let floating = lines.get(range.start).is_some_and(|l| l.floating);
    let mut cut = 0;
    if let (Some((class, bytes)), false) = (leading_marker(&whole), floating) {
        let marker = whole.get(..bytes).unwrap_or_default();
        let rest = whole.get(bytes..).unwrap_or_default();
        if !rest.trim().is_empty() {
            p.marker = Some(marker.trim_end().to_owned());
            p.kind = match class {
                MarkerClass::Note => ParagraphKind::Note,
                MarkerClass::Result => ParagraphKind::Result,
                _ => ParagraphKind::Item,
            };
            cut = marker.chars().count() + rest.chars().take_while(|c| c.is_whitespace()).count();
        }
    }
    if p.marker.is_none() && is_bracketed(&whole) && whole.starts_with(['＜', '〈', '<', '≪', '《']) {
        p.kind = ParagraphKind::Heading;
    }
    p.text = inks.iter().skip(cut).map(|i| i.0.c).collect();
    p.ink = inks.iter().skip(cut).map(|i| i.0.bbox).collect();
    p.ink_lines = inks.iter().skip(cut).map(|i| i.1).collect();
    Some(p)
}

/// Depth by indent first, by class of marker where the indent is the same.
fn set_levels(paragraphs: &mut [LogicalParagraph], lines: &[Line]) {
    let mut stack: Vec<(f64, MarkerClass)> = Vec::new();
    for p in paragraphs {
        let Some(line) = lines.get(p.lines.start) else { continue };
        let class = p.marker.as_deref().and_then(|m| leading_marker(&format!("{m}あ"))).map(|m| m.0);
        let Some(class) = class else {
            if p.kind == ParagraphKind::Heading {
                stack.clear();
            }
            continue;
        };
        let indent = line.start;
        let slack = SAME_INDENT * line.em;
        while stack.last().is_some_and(|t| t.0 > indent + slack || (t.0 - indent).abs() <= slack && t.1 > class) {
            stack.pop();
        }
        if stack.last().is_none_or(|t| indent > t.0 + slack || t.1 < class) {
            stack.push((indent, class));
        }
        p.level = u8::try_from(stack.len()).unwrap_or(u8::MAX);
    }
}
