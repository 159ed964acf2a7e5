//! Typed values for every text of a record, each with its span in code points and the boxes of its ink.

use std::ops::Range;

use jisseki_model::{Block, CharInk, Initiative, Mention, Paragraph, Place, Rect, Scope};
use jisseki_normalizer::{ReportContext, mentions, parse_org};

/// Fills the mentions of a record; the ink of its characters has then done its work, and goes.
pub(crate) fn fill(record: &mut Initiative, context: &ReportContext) {
    let title = &mut record.title;
    title.mentions = text_to_mentions(&title.text, &title.ink, &[], context);
    if let Some(a) = &mut record.achievement {
        a.mentions = text_to_mentions(&a.text, &a.ink, &[], context);
    }
    for item in record.schedule.iter_mut().flat_map(|s| &mut s.items) {
        item.mentions = text_to_mentions(&item.text, &item.ink, &[], context);
    }
    let extra = record.extra.values_mut().flatten();
    for block in record.results.iter_mut().chain(&mut record.status).chain(&mut record.outlook).chain(extra) {
        fill_block(block, context);
    }
    for d in record.departments.iter_mut().filter(|d| d.path.is_empty()) {
        d.path = org_path(&d.text, context);
    }
    drop_ink(record);
}

fn drop_ink(record: &mut Initiative) {
    record.title.ink = Vec::new();
    record.achievement.iter_mut().for_each(|a| a.ink = Vec::new());
    record.schedule.iter_mut().flat_map(|s| &mut s.items).for_each(|i| i.ink = Vec::new());
    let extra = record.extra.values_mut().flatten();
    for block in record.results.iter_mut().chain(&mut record.status).chain(&mut record.outlook).chain(extra) {
        block.scopes = Vec::new();
        block.paragraphs.iter_mut().for_each(|p| p.ink = Vec::new());
    }
}

/// Returns the mentions of a text of its own, spans in code points.
fn text_to_mentions(text: &str, ink: &[CharInk], scopes: &[Scope], context: &ReportContext) -> Vec<Mention> {
    let starts = starts_of(text);
    let in_text = |m: Mention| {
        let span = bytes_to_chars(&starts, &m.span);
        let places = ink_to_places(ink.get(span.clone()).unwrap_or_default()).into_boxed_slice();
        Mention { span, places, ..m }
    };
    mentions(text, context, scopes).into_iter().map(in_text).collect()
}

/// Reads a block's paragraphs as one text, so that a value can reach over them, and gives each paragraph what lies within it.
///
/// An arrow that marks a paragraph stands in place of the line break before it: `50件 ⏎ ⇒ 107件` is a comparison. Both are one code point.
fn fill_block(block: &mut Block, context: &ReportContext) {
    let plain = block.paragraphs.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n");
    let (text, arrows) = with_arrows(&block.paragraphs);
    let scopes: Vec<Scope> = block.scopes.iter().map(|s| over_arrows(s, &arrows)).collect();
    let ink = joined_ink(&block.paragraphs);
    let ranges = paragraph_ranges(&block.paragraphs);
    for m in text_to_mentions(&text, &ink, &scopes, context) {
        let home = ranges.iter().position(|r| r.start <= m.span.start && m.span.end <= r.end);
        match home.and_then(|i| Some((ranges.get(i)?, block.paragraphs.get_mut(i)?))) {
            Some((range, p)) => p.mentions.push(Mention { span: m.span.start - range.start..m.span.end - range.start, ..m }),
            None => {
                let words: String = plain.chars().skip(m.span.start).take(m.span.len()).collect();
                block.mentions.push(Mention { text: words.into(), ..m });
            }
        }
    }
}

const ARROW: &str = "⇒";

/// The texts of paragraphs, joined by line breaks and arrows, and the bytes of the text joined by line breaks alone at which the arrows stand.
fn with_arrows(paragraphs: &[Paragraph]) -> (String, Vec<usize>) {
    let (mut text, mut arrows) = (String::new(), vec![]);
    for (i, p) in paragraphs.iter().enumerate() {
        let arrow = p.marker.as_deref().is_some_and(|m| m.starts_with(['⇒', '→', '➡', '⇨']));
        if i > 0 && arrow {
            arrows.push(text.len() - arrows.len() * (ARROW.len() - 1));
            text.push_str(ARROW);
        } else if i > 0 {
            text.push('\n');
        }
        text.push_str(&p.text);
    }
    (text, arrows)
}

/// A scope of the text joined by line breaks, in the text with arrows, which take more bytes.
fn over_arrows(scope: &Scope, arrows: &[usize]) -> Scope {
    let moved = |at: usize| at + arrows.iter().filter(|a| **a < at).count() * (ARROW.len() - 1);
    Scope { span: moved(scope.span.start)..moved(scope.span.end), ..scope.clone() }
}

/// Code-point ranges of the paragraphs in their joined text.
fn paragraph_ranges(paragraphs: &[Paragraph]) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut range = |p: &Paragraph| {
        let start = at;
        at += p.text.chars().count() + 1;
        start..at - 1
    };
    paragraphs.iter().map(&mut range).collect()
}

/// The ink of the joined text: one entry a code point, a blank for each newline.
fn joined_ink(paragraphs: &[Paragraph]) -> Vec<CharInk> {
    let mut ink = vec![];
    for (i, p) in paragraphs.iter().enumerate() {
        if i > 0 {
            ink.push(CharInk::default());
        }
        // A text dump has no ink at all; the count must hold all the same.
        let n = p.text.chars().count();
        ink.extend(p.ink.iter().copied().chain(std::iter::repeat(CharInk::default())).take(n));
    }
    ink
}

/// Byte positions at which code points start, and the end.
fn starts_of(text: &str) -> Vec<usize> {
    text.char_indices().map(|(i, _)| i).chain([text.len()]).collect()
}

fn bytes_to_chars(starts: &[usize], span: &Range<usize>) -> Range<usize> {
    starts.partition_point(|s| *s < span.start)..starts.partition_point(|s| *s < span.end)
}

/// Joins the boxes of neighbouring glyphs to one box a line.
///
/// Glyphs share a line when they overlap across the writing direction by more than half of the smaller one, and go forward: down a page
/// for vertical writing, to the right for horizontal. Blanks that no glyph draws are passed over.
pub(crate) fn ink_to_places(ink: &[CharInk]) -> Vec<Place> {
    let mut places: Vec<Place> = vec![];
    for c in ink.iter().filter(|c| c.page > 0 && !c.bbox.is_empty()) {
        match places.last_mut() {
            Some(last) if last.page == c.page && same_line(&last.bbox, &c.bbox) => last.bbox = last.bbox.union(c.bbox),
            _ => places.push(Place { page: c.page, bbox: c.bbox }),
        }
    }
    places
}

fn same_line(line: &Rect, next: &Rect) -> bool {
    let both = line.intersection(*next);
    let forward = next.x1 >= line.x0 && next.x0 >= line.x0 - 0.5;
    let beside = both.y1 - both.y0 > line.height().min(next.height()) * 0.5 && forward;
    let column = line.height() > line.width() * 1.5 || next.y0 - line.y1 < next.height() * 0.5;
    let below =
        both.x1 - both.x0 > line.width().min(next.width()) * 0.9 && line.width() < next.width() * 1.6 && next.y0 >= line.y0 && column;
    beside || below
}

/// Cuts a department's name at its levels.
fn org_path(text: &str, context: &ReportContext) -> Vec<String> {
    parse_org(text, context)
        .into_iter()
        .find_map(|m| match m.value {
            jisseki_model::Value::Org { path, .. } => Some(path.into_iter().map(|p| p.name.into()).collect()),
            _ => None,
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn char_at(x: f64, y: f64) -> CharInk {
        CharInk { page: 1, bbox: Rect::new(x, y, x + 10.0, y + 10.0) }
    }

    #[test]
    fn a_value_over_two_lines_has_two_boxes() {
        let ink = [char_at(80.0, 0.0), char_at(90.0, 0.0), CharInk::default(), char_at(10.0, 14.0), char_at(20.0, 14.0)];
        let boxes: Vec<_> = ink_to_places(&ink).iter().map(|p| p.bbox).collect();
        assert_eq!(boxes, [Rect::new(80.0, 0.0, 100.0, 10.0), Rect::new(10.0, 14.0, 30.0, 24.0)]);
    }

    #[test]
    fn a_column_of_vertical_writing_is_one_box_and_pages_never_join() {
        let ink = [char_at(0.0, 0.0), char_at(0.0, 10.0), char_at(0.0, 20.0)];
        assert_eq!(ink_to_places(&ink).len(), 1);
        let over = [char_at(0.0, 0.0), CharInk { page: 2, ..char_at(10.0, 0.0) }];
        assert_eq!(ink_to_places(&over).len(), 2);
    }

    #[test]
    fn an_arrow_before_a_paragraph_compares_it_with_the_one_above() {
        let paragraph =
            |marker: Option<&str>, text: &str| Paragraph { marker: marker.map(str::to_owned), text: text.into(), ..Paragraph::default() };
        let paragraphs = vec![paragraph(Some("・"), "平成28年度：50件"), paragraph(Some("⇒"), "令和元年度：107件（６月）")];
        let plain = "平成28年度：50件\n令和元年度：107件（６月）";
        let year = plain.find("令和").unwrap()..plain.len();
        let source = jisseki_model::ScopeSource::Heading;
        let scopes = vec![Scope { span: year, fy: 2016, source, anchor: "heading".into() }];
        let mut block = Block { paragraphs, scopes, ..Block::default() };
        fill_block(&mut block, &ReportContext::of_fiscal_year(2019));
        let [found] = block.mentions.as_slice() else { panic!("one comparison, not {:?}", block.mentions) };
        assert!(matches!(found.value, jisseki_model::Value::Comparison { .. }));
        assert_eq!(found.text, "平成28年度：50件\n令和元年度：107件");
        let month = block.paragraphs[1].mentions.iter().find(|m| m.text == "６月").map(|m| m.norm.as_str());
        let by = block.paragraphs[1].mentions.last().map(|m| m.resolution.by);
        assert_eq!((month, by), (Some("6月"), Some(jisseki_model::ResolvedBy::GoverningHeading)));
    }

    #[test]
    fn spans_count_code_points() {
        let starts = starts_of("a令和b");
        assert_eq!(bytes_to_chars(&starts, &(1..7)), 1..3);
        assert_eq!(bytes_to_chars(&starts, &(7..8)), 3..4);
    }
}
