//! One record seen as fields of paragraphs: the form in which two releases are held against each other.

use jisseki_model::{Block, Initiative, Mention, Place};

/// One comparable piece of a field: a paragraph or a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece<'a> {
    /// Marker and text, or the heading in its brackets.
    pub text: String,
    /// How many code points of `text` are the marker.
    pub offset: usize,
    /// Whether it is a heading.
    pub heading: bool,
    /// The heading it stands under, where there is one.
    pub under: Option<&'a str>,
    /// Where it was read.
    pub places: &'a [Place],
    /// Typed values; spans count from after the marker.
    pub mentions: &'a [Mention],
}

/// The narrative fields of a record, in the order of the form.
pub fn fields(record: &Initiative) -> Vec<(String, &[Block])> {
    let known = [("results", &record.results), ("status", &record.status), ("outlook", &record.outlook)];
    let known = known.into_iter().map(|(name, blocks)| (name.to_owned(), blocks.as_slice()));
    known.chain(record.extra.iter().map(|(label, blocks)| (format!("extra:{label}"), blocks.as_slice()))).collect()
}

/// Returns the blocks of a field by its name.
pub fn field<'a>(record: &'a Initiative, name: &str) -> &'a [Block] {
    match name {
        "results" => &record.results,
        "status" => &record.status,
        "outlook" => &record.outlook,
        _ => name.strip_prefix("extra:").and_then(|label| record.extra.get(label)).map_or(&[], Vec::as_slice),
    }
}

/// Returns the pieces of a field: each block's headings, then its paragraphs.
pub fn pieces(blocks: &[Block]) -> Vec<Piece<'_>> {
    blocks.iter().flat_map(block_to_pieces).filter(|p| !p.text.trim().is_empty()).collect()
}

fn block_to_pieces(block: &Block) -> Vec<Piece<'_>> {
    let under = block.headings.last().map(String::as_str);
    let heading = |(i, h): (usize, &'_ String)| Piece {
        text: format!("＜{h}＞"),
        offset: 0,
        heading: true,
        under: None,
        places: block.heading_places.get(i..=i).unwrap_or_default(),
        mentions: &[],
    };
    let headings = block.headings.iter().enumerate().map(heading);
    headings.chain(block.paragraphs.iter().map(|p| paragraph_to_piece(p, under))).collect()
}

fn paragraph_to_piece<'a>(p: &'a jisseki_model::Paragraph, under: Option<&'a str>) -> Piece<'a> {
    // Some producers of reports keep the marker in the text.
    let marker = p.marker.as_deref().filter(|m| !p.text.starts_with(m)).unwrap_or_default();
    Piece {
        text: format!("{marker}{}", p.text),
        offset: marker.chars().count(),
        heading: false,
        under,
        places: &p.places,
        mentions: &p.mentions,
    }
}

/// Returns all narrative text of a record with the items of its plan, a piece a line.
pub fn record_text(record: &Initiative) -> String {
    let mut lines: Vec<String> = record.schedule.iter().flat_map(|s| &s.items).map(|i| i.text.clone()).collect();
    for (_, blocks) in fields(record) {
        lines.extend(pieces(blocks).into_iter().map(|p| p.text));
    }
    lines.join("\n")
}

/// Returns every place of a field.
pub fn field_places(record: &Initiative, name: &str) -> Vec<Place> {
    pieces(field(record, name)).iter().flat_map(|p| p.places.iter().copied()).collect()
}
