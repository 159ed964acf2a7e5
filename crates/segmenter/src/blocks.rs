//! Paragraphs → blocks under their `＜…＞` headings, with the fiscal years that govern them.

use crate::marks::text_to_headings;
use crate::narrow::squash;
use crate::years::find_fiscal_year;
use jisseki_model::{Block, Paragraph, Scope, ScopeSource};

/// The fiscal year of a column and the header that says so.
pub(crate) type ColumnYear = Option<(i32, String)>;

/// Groups paragraphs into blocks: headings open one, and headings that follow each other share it.
pub(crate) fn paragraphs_to_blocks(paragraphs: impl IntoIterator<Item = Paragraph>, column: &ColumnYear) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for p in paragraphs {
        let headings = text_to_headings(p.marker.iter().flat_map(|m| m.chars()).chain(p.text.chars()));
        if blocks.last().is_none_or(|b| headings.is_some() && !b.paragraphs.is_empty()) {
            blocks.push(Block::default());
        }
        let Some(b) = blocks.last_mut() else { continue };
        match headings {
            Some(headings) => {
                // A heading without its own place shares the paragraph's.
                b.heading_places.extend(headings.iter().enumerate().filter_map(|(i, _)| p.places.get(i).or(p.places.last()).copied()));
                b.headings.extend(headings);
            }
            None => b.paragraphs.push(p),
        }
    }
    for b in &mut blocks {
        b.scopes = block_to_scopes(b, column);
    }
    blocks
}

/// Finds the fiscal years that govern a block: the column's over all of it, a 【…年度…】 label over what follows it up to the next label.
///
/// A label with text after it on its line (【平成28年度】4,667件) governs that paragraph alone.
fn block_to_scopes(block: &Block, column: &ColumnYear) -> Vec<Scope> {
    let mut starts = Vec::new();
    let mut at = 0;
    for p in &block.paragraphs {
        starts.push((at, at + p.text.len()));
        at += p.text.len() + 1;
    }
    let end = at.saturating_sub(1);
    let mut out = Vec::new();
    if let Some((fy, anchor)) = column {
        out.push(Scope { span: 0..end, fy: *fy, source: ScopeSource::Column, anchor: anchor.clone() });
    }
    for heading in &block.headings {
        if let Some((fy, anchor)) = find_fiscal_year(heading) {
            out.push(Scope { span: 0..end, fy, source: ScopeSource::Heading, anchor });
        }
    }
    for (i, p) in block.paragraphs.iter().enumerate() {
        let Some((label, alone)) = label_of(&p.text) else { continue };
        let Some((fy, _)) = find_fiscal_year(&label) else { continue };
        let last = if alone {
            let next = block.paragraphs.iter().skip(i + 1).position(|q| label_of(&q.text).is_some());
            next.map_or(block.paragraphs.len(), |n| i + 1 + n).saturating_sub(1)
        } else {
            i
        };
        if let (Some(from), Some(to)) = (starts.get(i), starts.get(last)) {
            out.push(Scope { span: from.0..to.1, fy, source: ScopeSource::Heading, anchor: label });
        }
    }
    out
}

/// Returns the `【…】` in front of a text, and whether nothing follows it.
fn label_of(text: &str) -> Option<(String, bool)> {
    if !text.trim_start().starts_with('【') {
        return None;
    }
    let close = text.find('】')?;
    let rest = text.get(close..)?.trim_start_matches('】');
    Some((squash(text.get(..close)?).trim_start_matches('【').to_string(), rest.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::text_to_paragraph;

    fn blocks(lines: &[&str], column: &ColumnYear) -> Vec<Block> {
        paragraphs_to_blocks(lines.iter().map(|l| text_to_paragraph(l, l)), column)
    }

    #[test]
    fn headings_that_follow_each_other_share_a_block() {
        let b = blocks(&["・前", "＜甲＞", "＜乙＞", "・後"], &None);
        assert_eq!(b.iter().map(|b| (b.headings.len(), b.paragraphs.len())).collect::<Vec<_>>(), [(0, 1), (2, 1)]);
    }

    #[test]
    fn labels_govern_what_follows_them() {
        let b = blocks(&["【平成29年度組織定数調整】", "・改正", "【平成30年度】平成30年６月", "・他"], &Some((2019, "令和元年度".into())));
        let s: Vec<_> = b.iter().flat_map(|b| b.scopes.iter().map(|s| (s.fy, s.source))).collect();
        assert_eq!(s, [(2019, ScopeSource::Column), (2017, ScopeSource::Heading), (2018, ScopeSource::Heading)]);
        let text: Vec<_> = b.first().map(|b| b.paragraphs.iter().map(|p| p.text.clone()).collect()).unwrap_or_default();
        let joined = text.join("\n");
        let spans: Vec<_> = b.iter().flat_map(|b| b.scopes.iter().map(|s| joined.get(s.span.clone()).map(str::to_string))).collect();
        assert_eq!(spans.get(1).cloned().flatten().as_deref(), Some("【平成29年度組織定数調整】\n改正"));
        assert_eq!(spans.get(2).cloned().flatten().as_deref(), Some("【平成30年度】平成30年６月"));
    }
}
