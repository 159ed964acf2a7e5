//! Typed values for every text of a record, each with its span in code points and the boxes of its ink.

use std::ops::Range;

use jisseki_model::{Block, CharInk, Initiative, Mention, Paragraph, Place, Rect, Scope};
use jisseki_normalizer::{ReportContext, mentions, parse_org};

/// Fills the mentions of a record; the ink of its characters has then done its work, and goes.
pub(crate) fn fill(record: &mut Initiative, context: &ReportContext) {
    let title = &mut record.title;
    title.mentions = text_to_mentions(&title.text, &title.ink, context);
    if let Some(a) = &mut record.achievement {
        a.mentions = text_to_mentions(&a.text, &a.ink, context);
    }
    for item in record.schedule.iter_mut().flat_map(|s| &mut s.items) {
        item.mentions = text_to_mentions(&item.text, &item.ink, context);
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
fn text_to_mentions(text: &str, ink: &[CharInk], context: &ReportContext) -> Vec<Mention> {
    let placed = |m: Mention| Mention { places: ink_to_places(ink.get(m.span.clone()).unwrap_or_default()), ..m };
    with_char_spans(text, mentions(text, context, &[])).map(placed).collect()
}

/// Counts the spans of mentions, which are in the order of their starts, in code points instead of bytes.
fn with_char_spans(text: &str, found: Vec<Mention>) -> impl Iterator<Item = Mention> {
    let n_chars = |bytes: Range<usize>| text.get(bytes).map_or(0, |t| t.chars().count());
    let (mut at, mut start) = (0, 0);
    found.into_iter().map(move |m| {
        start += n_chars(at..m.span.start);
        at = m.span.start;
        Mention { span: start..start + n_chars(m.span.clone()), ..m }
    })
}

/// Reads a block's paragraphs as one text, so that a value can reach over them, and gives each paragraph what lies within it.
///
/// An arrow that marks a paragraph stands in place of the line break before it: `50件 ⏎ ⇒ 107件` is a comparison. Both are one code point.
fn fill_block(block: &mut Block, context: &ReportContext) {
    let (text, arrows) = with_arrows(&block.paragraphs);
    // Without arrows it is the text that was read.
    let plain = (!arrows.is_empty()).then(|| block.paragraphs.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n"));
    let scopes: Vec<Scope> = block.scopes.iter().map(|s| over_arrows(s, &arrows)).collect();
    let ranges = paragraph_ranges(&block.paragraphs);
    for m in with_char_spans(&text, mentions(&text, context, &scopes)) {
        let first = ranges.partition_point(|r| r.end <= m.span.start);
        let met = || ranges.iter().zip(&block.paragraphs).skip(first).take_while(|(r, _)| r.start < m.span.end);
        // A text dump has no ink at all.
        let ink = met().flat_map(|(r, p)| p.ink.iter().take(m.span.end.min(r.end) - r.start).skip(m.span.start.saturating_sub(r.start)));
        let m = Mention { places: ink_to_places(ink), ..m };
        let home = ranges.get(first).filter(|r| r.start <= m.span.start && m.span.end <= r.end);
        match home.and_then(|range| Some((range, block.paragraphs.get_mut(first)?))) {
            Some((range, p)) => p.mentions.push(Mention { span: m.span.start - range.start..m.span.end - range.start, ..m }),
            None => {
                let words = |plain: &String| plain.chars().skip(m.span.start).take(m.span.len()).collect::<String>().into();
                block.mentions.push(Mention { text: plain.as_ref().map_or(m.text.clone(), words), ..m });
            }
        }
    }
}

const ARROW: &str = "⇒";

/// The texts of paragraphs, joined by line breaks and arrows, and the bytes of the text joined by line breaks alone at which the arrows stand.
fn with_arrows(paragraphs: &[Paragraph]) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(paragraphs.iter().map(|p| p.text.len() + ARROW.len()).sum());
    let mut arrows = vec![];
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

/// Joins the boxes of neighbouring glyphs to one box a line.
///
/// Glyphs share a line when they overlap across the writing direction by more than half of the smaller one, and go forward: down a page
/// for vertical writing, to the right for horizontal. Blanks that no glyph draws are passed over.
fn ink_to_places<'i>(ink: impl IntoIterator<Item = &'i CharInk>) -> Box<[Place]> {
    let mut places: Vec<Place> = vec![];
    for c in ink.into_iter().filter(|c| c.page > 0 && !c.bbox.is_empty()) {
        match places.last_mut() {
            Some(last) if last.page == c.page && same_line(&last.bbox, &c.bbox) => last.bbox = last.bbox.union(c.bbox),
            _ => {
                // Most values stand on one line.
                if places.is_empty() {
                    places.reserve_exact(1);
                }
                places.push(Place { page: c.page, bbox: c.bbox });
            }
        }
    }
    places.into_boxed_slice()
}

fn same_line(line: &Rect, next: &Rect) -> bool {
    let forward = next.x1 >= line.x0 && next.x0 >= line.x0 - 0.5;
    let beside = || line.y1.min(next.y1) - line.y0.max(next.y0) > line.height().min(next.height()) * 0.5;
    let column = || line.height() > line.width() * 1.5 || next.y0 - line.y1 < next.height() * 0.5;
    let both = || line.x1.min(next.x1) - line.x0.max(next.x0);
    let below = || both() > line.width().min(next.width()) * 0.9 && line.width() < next.width() * 1.6 && next.y0 >= line.y0;
    forward && beside() || below() && column()
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
        let text = "約５０件、令和元年度は６月の12件";
        let found = mentions(text, &ReportContext::of_fiscal_year(2019), &[]);
        let spans: Vec<_> = with_char_spans(text, found).map(|m| (m.span, m.text)).collect();
        assert!(spans.len() >= 4);
        for (span, words) in spans {
            assert_eq!(text.chars().skip(span.start).take(span.len()).collect::<String>(), words.as_str());
        }
    }
}
