//! One numbered initiative (具体的取組) and its fields.

use crate::{Mention, Place, Rect, Warning};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// A numbered record: what a public body set out to do, did, reached, and will do.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "具体的取組")]
pub struct Initiative {
    /// `document_id` + `-{number:03}`, with the section where numbering restarts.
    #[schemars(title = "記録ID")]
    pub record_id: String,
    /// The number, where the printed label has one reading as an integer.
    #[schemars(title = "番号")]
    pub number: Option<i64>,
    /// The label as printed: `1`, `(1)`, `No.R1-1`, `Ⅰ-1-(2)`.
    #[schemars(title = "番号表記")]
    pub number_label: String,
    /// The number within its section, of a label like ①.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "枝番号")]
    pub sub_number: Option<i64>,
    /// That label as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "枝番号表記")]
    pub sub_label: Option<String>,
    /// The section it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "区分")]
    pub section: Option<Section>,
    /// Its title.
    #[schemars(title = "取組名")]
    pub title: Field,
    /// What was planned, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "工程")]
    pub schedule: Option<Schedule>,
    /// What was done in the year.
    #[serde(default)]
    #[schemars(title = "取組実績")]
    pub results: Vec<Block>,
    /// How far it got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "取組達成度")]
    pub achievement: Option<Achievement>,
    /// Where it stands.
    #[serde(default)]
    #[schemars(title = "取組状況")]
    pub status: Vec<Block>,
    /// Who is in charge.
    #[serde(default)]
    #[schemars(title = "担当課")]
    pub departments: Vec<Department>,
    /// Results, issues and what comes next.
    #[serde(default)]
    #[schemars(title = "成果と課題、今後の方向性等")]
    pub outlook: Vec<Block>,
    /// Columns without a known role, by their header text.
    #[serde(default)]
    #[schemars(title = "その他の欄")]
    pub extra: BTreeMap<String, Vec<Block>>,
    /// Product of the fields' confidences, 0..=1.
    #[schemars(title = "確信度")]
    pub confidence: f64,
    /// What was noticed about this record.
    #[serde(default)]
    #[schemars(title = "警告")]
    pub warnings: Vec<Warning>,
    /// Where the whole record lies: a box a page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "場所")]
    pub places: Vec<Place>,
}

impl Initiative {
    /// Returns every mention of the record's texts: title, achievement, plan, then the blocks and their paragraphs.
    pub fn mentions(&self) -> impl Iterator<Item = &Mention> {
        let blocks = self.results.iter().chain(&self.status).chain(&self.outlook).chain(self.extra.values().flatten());
        let in_blocks = blocks.flat_map(|b| b.mentions.iter().chain(b.paragraphs.iter().flat_map(|p| &p.mentions)));
        let in_plan = self.schedule.iter().flat_map(|s| &s.items).flat_map(|i| &i.mentions);
        self.title.mentions.iter().chain(self.achievement.iter().flat_map(|a| &a.mentions)).chain(in_plan).chain(in_blocks)
    }
    /// Calls `each` with the page and the box of everything that was read into the record: places, inks, mentions and warnings.
    pub fn each_box_mut(&mut self, each: &mut dyn FnMut(u32, &mut Rect)) {
        places_mut(&mut self.places, each);
        self.section.iter_mut().for_each(|s| places_mut(&mut s.places, each));
        places_mut(&mut self.title.places, each);
        inks_mut(&mut self.title.ink, each);
        mentions_mut(&mut self.title.mentions, each);
        for item in self.schedule.iter_mut().flat_map(|s| &mut s.items) {
            places_mut(&mut item.places, each);
            inks_mut(&mut item.ink, each);
            mentions_mut(&mut item.mentions, each);
            item.phases.iter_mut().for_each(|p| places_mut(&mut p.places, each));
        }
        for block in self.results.iter_mut().chain(&mut self.status).chain(&mut self.outlook).chain(self.extra.values_mut().flatten()) {
            places_mut(&mut block.heading_places, each);
            mentions_mut(&mut block.mentions, each);
            for p in &mut block.paragraphs {
                places_mut(&mut p.places, each);
                inks_mut(&mut p.ink, each);
                mentions_mut(&mut p.mentions, each);
            }
        }
        if let Some(a) = &mut self.achievement {
            places_mut(&mut a.places, each);
            inks_mut(&mut a.ink, each);
            mentions_mut(&mut a.mentions, each);
        }
        self.departments.iter_mut().for_each(|d| places_mut(&mut d.places, each));
        for w in &mut self.warnings {
            if let (Some(page), Some(bbox)) = (w.page, &mut w.bbox) {
                each(page, bbox);
            }
        }
    }
}

fn places_mut(places: &mut [Place], each: &mut dyn FnMut(u32, &mut Rect)) {
    places.iter_mut().for_each(|p| each(p.page, &mut p.bbox));
}

fn mentions_mut(mentions: &mut [Mention], each: &mut dyn FnMut(u32, &mut Rect)) {
    mentions.iter_mut().for_each(|m| places_mut(&mut m.places, each));
}

fn inks_mut(inks: &mut [CharInk], each: &mut dyn FnMut(u32, &mut Rect)) {
    inks.iter_mut().filter(|i| i.page > 0).for_each(|i| each(i.page, &mut i.bbox));
}

/// A section (章, 区分) that groups records.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "区分")]
#[allow(missing_docs)]
pub struct Section {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// `Ⅰ` as printed.
    pub label: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
}

/// A short text with its places.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// Wrapped lines joined, layout blanks dropped, characters unchanged.
    pub text: String,
    /// Lines and blanks as printed.
    pub raw: String,
    /// Where it was read: a box a line.
    pub places: Vec<Place>,
    /// Typed values in `text`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// One entry a code point of `text`, for the boxes of mentions. Not part of the output.
    #[serde(skip)]
    pub ink: Vec<CharInk>,
}

/// Where one code point of a text was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CharInk {
    /// Page number, from 1; 0 for a blank that no glyph draws.
    pub page: u32,
    /// The glyph's advance box.
    pub bbox: Rect,
}

/// A run of paragraphs under the same headings.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "段落群")]
pub struct Block {
    /// `＜…＞` headings above it, without their brackets.
    #[serde(default)]
    pub headings: Vec<String>,
    /// Where each heading was read, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heading_places: Vec<Place>,
    /// The paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// Values that reach over several paragraphs (a comparison in two lines); spans count code points of the paragraphs' texts, marker and all left
    /// out, joined by one newline each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// Fiscal years that govern parts of the text, for the normalizer: byte ranges of the paragraphs' texts joined by `\n`. Not part of the output.
    #[serde(skip)]
    pub scopes: Vec<Scope>,
}

/// A fiscal year that governs a part of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Scope {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// The fiscal year.
    pub fy: i32,
    /// Where it comes from.
    pub source: ScopeSource,
    /// The words that say so: `令和元年度取組実績`.
    pub anchor: String,
}

/// Where a governing fiscal year comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeSource {
    /// The column's header (令和元年度 取組実績).
    Column,
    /// A heading in the cell (【平成28年度】).
    Heading,
    /// The report's own year.
    Report,
}

/// One logical paragraph.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "段落")]
pub struct Paragraph {
    /// The leading bullet or enumerator; `text` goes on after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Depth in the list, from 1; 0 for plain text.
    pub level: u8,
    /// Wrapped lines joined, layout blanks dropped, characters unchanged, marker left out.
    pub text: String,
    /// Lines and blanks as printed, marker included.
    pub raw: String,
    /// Where it was read: a box a line.
    pub places: Vec<Place>,
    /// Typed values in `text`.
    #[serde(default)]
    pub mentions: Vec<Mention>,
    /// One entry a code point of `text`. Not part of the output.
    #[serde(skip)]
    pub ink: Vec<CharInk>,
}

/// The plan (工程): items and their phases over the fiscal years.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "工程")]
#[allow(missing_docs)]
pub struct Schedule {
    /// The years of the axis; empty where there is none.
    pub fiscal_years: Vec<i32>,
    pub items: Vec<ScheduleItem>,
}

/// One item (取組項目) of the plan.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "取組項目")]
#[allow(missing_docs)]
pub struct ScheduleItem {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub raw: String,
    pub places: Vec<Place>,
    pub phases: Vec<Phase>,
    /// Typed values in `text`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// One entry a code point of `text`. Not part of the output.
    #[serde(skip)]
    pub ink: Vec<CharInk>,
}

/// One phase: an arrow, a bar or a word over a span of years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "工程の段階")]
#[allow(missing_docs)]
pub struct Phase {
    /// The label as printed; empty for an arrow without one.
    pub text: String,
    /// `consider | implement | as_needed | in_sequence | publicize | prepare | other`.
    pub code: String,
    pub start_fiscal_year: Option<i32>,
    pub end_fiscal_year: Option<i32>,
    /// Month of the first fiscal year that it begins in, where the axis is finer than years: 4 for 第１四半期, 1 for 第４四半期.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_month: Option<u8>,
    /// Month of the last fiscal year that it ends in, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_month: Option<u8>,
    pub evidence: PhaseEvidence,
    pub places: Vec<Place>,
}

/// What a phase was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PhaseEvidence {
    ArrowAndLabel,
    ArrowOnly,
    LabelOnly,
    BarAndLabel,
    BarOnly,
    /// A word or mark in the year's own cell.
    YearCell,
    /// A text dump: no geometry, no years.
    TextOnly,
}

/// How far an initiative got.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "取組達成度")]
pub struct Achievement {
    /// The cell's text, lines joined by one blank where a line ends.
    pub text: String,
    /// The fiscal year it names.
    pub fiscal_year: Option<i32>,
    /// A closed list: `achieved | mostly_achieved | partly_achieved | not_achieved | planned | in_progress | not_started | completed | continued | withdrawn | graded | percent | other`.
    pub status: String,
    /// The state as printed: 達成済.
    pub status_text: String,
    /// Where it was read.
    pub places: Vec<Place>,
    /// Typed values in `text`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// One entry a code point of `text`. Not part of the output.
    #[serde(skip)]
    pub ink: Vec<CharInk>,
}

/// A department in charge.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "担当課")]
pub struct Department {
    /// `＜…＞` headings above it, without their brackets.
    pub headings: Vec<String>,
    /// The name as printed, lines joined.
    pub text: String,
    /// Cut at its levels: `["総務部", "人事課"]`.
    pub path: Vec<String>,
    /// Where it was read.
    pub places: Vec<Place>,
}
