//! The types every stage of jisseki (実績) speaks: what a page holds, what a record is, what a value says, what went wrong.
//!
//! Goes in: nothing. Comes out: plain data with serde, in the order in which a document is read.
//!
//! *Invariant:* no logic here can fail, and none reads a file.
//! *Invariant:* every coordinate is in points, origin top-left of the rotated CropBox, y down.
//! *Invariant:* field names that reach JSON are the output contract (`README.md`); their Japanese titles live in the JSON Schema.

#[macro_use]
mod closed_list;

mod amount;
mod day;
mod geometry;
mod glyph;
mod limits;
mod mention;
mod mention_id;
mod page;
mod page_json;
mod record;
mod report;
mod resolution;
mod row;
mod value;
mod warning;

pub use amount::{
    Aggregate, Amount, AmountClass, Bound, CountUnit, Currency, MeasureUnit, ModifierSide, NumberModifier, PowerOfTen, Scale,
};
pub use day::CivilDate;
pub use geometry::{Affine, Place, Point, Rect, Vector};
pub use glyph::{FontId, Glyph, GlyphStyle, Hidden, StyleId, TextSource, WritingMode};
pub use limits::Limits;
pub use mention::{Confidence, Flag, FlagSet, Mention};
pub use mention_id::MentionId;
pub use page::{Color, Dash, FontEncoding, FontInfo, Image, Page, Paint, PathObject, Segment};
pub use record::{
    Achievement, Block, CharInk, Department, Field, Initiative, Paragraph, Phase, PhaseEvidence, Schedule, ScheduleItem, Scope,
    ScopeSource, Section,
};
pub use report::{
    Coverage, DocumentInfo, FiscalYearInfo, LayoutColumn, LayoutPrint, PageSize, Report, SCHEMA_VERSION, SourceInfo, Stage, Status,
    ToolInfo,
};
pub use resolution::{Anchor, Resolution, ResolvedBy, Rule};
pub use row::Row;
pub use value::{
    ChangeDirection, ChangeForm, EraName, FiscalPartName, OpenEnd, OrgPart, Outcome, PointRole, Precision, SeriesPoint, Value, When,
    Written,
};
pub use warning::{Code, Severity, Warned, Warning, code_named, codes};
