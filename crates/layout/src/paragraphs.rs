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
/// Between these (slack minus need, in ems) the decision was close.
const SOFT: std::ops::Range<f64> = 0.2..0.8;
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
    let leading = usual_leading(lines);
    let mut out: Vec<LogicalParagraph> = Vec::new();
    let mut begin = 0;
    let mut soft = false;
    for k in 1..=lines.len() {
        let decision = match (lines.get(k - 1), lines.get(k), reads.get(k - 1), reads.get(k)) {
            (Some(l), Some(m), Some(lr), Some(mr)) => decide(l, m, lr, mr, k - 1 == begin, edge, leading, reads.get(begin)),
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

#[allow(clippy::too_many_arguments)]
fn decide(l: &Line, m: &Line, lr: &Read, mr: &Read, l_is_first: bool, edge: f64, leading: f64, first: Option<&Read>) -> Decision {
    let em = l.em.max(0.1);
    if l.floating || m.floating || l.vertical != m.vertical || lr.inks.is_empty() || mr.inks.is_empty() {
        return Decision::BREAK;
    }
    if step(l, m).is_some_and(|s| s > BLANK_LINE * leading.max(m.em)) {
        return Decision::BREAK;
    }
    let (l_text, m_text) = (lr.text(), mr.text());
    let slack = (edge - line_end(l)) / em;
    let need = first_unit(m) / em;
    let full = slack < need + COULD_HAVE_FITTED;
    if l_is_first && is_bracketed(&l_text) || is_bracketed(&m_text) {
        return Decision::BREAK;
    }
    let ended = l_text.ends_with(['。', '．', '！', '？', '」', '）', ')', '】', '＞', '：', ':']);
    match leading_marker(&m_text) {
        // A full line that does not end a sentence may go on with `(1)` or `①` as words of the text.
        Some((MarkerClass::Number, _)) if full && !ended && !first.is_some_and(|f| starts_like(&f.text(), &m_text)) => {
            return Decision { is_break: m.start < l.start + SAME_INDENT * em && leading_marker(&l_text).is_some(), soft: true };
        }
        Some(_) => return Decision::BREAK,
        None => {}
    }
    if !full {
        return Decision { is_break: true, soft: SOFT.contains(&(slack - need)) };
    }
    let first_has_marker = first.is_some_and(|f| leading_marker(&f.text()).is_some());
    // Out of a hanging indent: the item is over.
    if !l_is_first && first_has_marker && m.start < l.start - 0.8 * em {
        return Decision::BREAK;
    }
    // An indented first line after a finished sentence.
    if !l_is_first && m.start > l.start + 0.8 * em && l_text.ends_with('。') {
        return Decision::BREAK;
    }
    Decision { soft: SOFT.contains(&(slack - need)) || l_text.ends_with('。'), ..Decision::JOIN }
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
                if last == '-' && next.is_lowercase() {
                    inks.pop();
                } else if !(class(last) == Class::Digit && class(next) == Class::Digit) {
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
