//! The whole result for one document.

use crate::{Initiative, Warning};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of the output contract.
pub const SCHEMA_VERSION: &str = "1.0";

/// One converted document.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "年度実績報告")]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema_version: String,
    /// What was read.
    #[schemars(title = "文書")]
    pub document: DocumentInfo,
    /// The numbered records, in document order.
    #[schemars(title = "具体的取組")]
    pub initiatives: Vec<Initiative>,
    /// What was noticed about the document.
    #[schemars(title = "警告")]
    pub warnings: Vec<Warning>,
    /// Where every glyph went.
    #[schemars(title = "文字の行方")]
    pub coverage: Coverage,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "文書")]
pub struct DocumentInfo {
    /// `jp{lg_code}-{plan}-{fiscal_year}-{stage}` where the profile knows code and plan, else `doc-{first 12 hex of sha256}`.
    #[schemars(title = "文書ID")]
    pub document_id: String,
    /// The document's title as printed.
    #[schemars(title = "標題")]
    pub title: Option<String>,
    /// The fiscal year it reports on.
    #[schemars(title = "年度")]
    pub fiscal_year: Option<FiscalYearInfo>,
    /// Preliminary (速報) or final (確定).
    #[schemars(title = "版")]
    pub stage: Option<Stage>,
    /// The publisher's name, where the profile or the title knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "公表主体")]
    pub publisher: Option<String>,
    /// Six-digit 全国地方公共団体コード, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "全国地方公共団体コード")]
    pub lg_code: Option<String>,
    /// The plan's short name, where the profile knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "計画ID")]
    pub plan_id: Option<String>,
    /// The plan's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "計画名")]
    pub plan_name: Option<String>,
    /// The profile used.
    #[schemars(title = "プロファイル")]
    pub profile: String,
    /// The file.
    #[schemars(title = "原資料")]
    pub source: SourceInfo,
    /// The program.
    #[schemars(title = "変換プログラム")]
    pub tool: ToolInfo,
    /// How the reading ended.
    #[schemars(title = "状態")]
    pub status: Status,
    /// What the form looks like, so that the next release can be held against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "様式の指紋")]
    pub layout: Option<LayoutPrint>,
}

/// The fingerprint of a form: what must stay the same from release to release for a reading to be trusted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "様式の指紋")]
pub struct LayoutPrint {
    /// The program that wrote the PDF (`/Producer`), where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "作成ソフト")]
    pub producer: Option<String>,
    /// The sizes of the pages, the commonest first.
    #[schemars(title = "用紙寸法")]
    pub page_sizes: Vec<PageSize>,
    /// The columns (or fields of a form) that records were read from, from left to right.
    #[schemars(title = "欄")]
    pub columns: Vec<LayoutColumn>,
    /// Base names of the fonts without their subset tags, sorted.
    #[schemars(title = "書体")]
    pub fonts: Vec<String>,
    /// Drawn rules (after joining dashes and double lines) of all pages together.
    #[schemars(title = "罫線数")]
    pub rules: u64,
}

/// A page size and how many pages have it.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct PageSize {
    /// Points, after rotation.
    #[serde(serialize_with = "crate::geometry::points")]
    pub width: f64,
    /// Points, after rotation.
    #[serde(serialize_with = "crate::geometry::points")]
    pub height: f64,
    pub pages: u32,
}

/// One column of the form.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct LayoutColumn {
    /// The header as printed, lines joined.
    pub label: String,
    /// The field it was read as: `title`, `schedule`, `results`, …, `extra` for an unknown header.
    pub role: String,
    /// Left edge in points.
    #[serde(serialize_with = "crate::geometry::points")]
    pub x0: f64,
    /// Right edge in points.
    #[serde(serialize_with = "crate::geometry::points")]
    pub x1: f64,
}

/// A fiscal year and the words that gave it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct FiscalYearInfo {
    pub year: i32,
    pub text: String,
}

/// The file that was read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct SourceInfo {
    /// File name without its folder.
    pub name: String,
    pub sha256: String,
    pub bytes: u64,
    pub pages: u32,
}

/// The program that read it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct ToolInfo {
    pub name: String,
    pub version: String,
}

/// Preliminary or final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "版")]
#[allow(missing_docs)]
pub enum Stage {
    Preliminary,
    Final,
}

/// How the reading of a document ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "状態")]
#[allow(missing_docs)]
pub enum Status {
    #[default]
    Ok,
    Partial,
    NoRecords,
    Unreadable,
    NeedsOcr,
}

/// Where every non-blank glyph went; the sum of the rest equals `glyphs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "文字の行方")]
#[allow(missing_docs)]
pub struct Coverage {
    /// Non-blank glyphs shown by the document: visible, hidden and duplicate.
    pub glyphs: u64,
    pub records: u64,
    pub headers: u64,
    pub sections: u64,
    pub title: u64,
    pub furniture: u64,
    /// Text of pages or blocks that belong to no record: prose, tables without numbers.
    pub other: u64,
    pub hidden: u64,
    pub duplicates: u64,
    pub unassigned: u64,
}

impl Coverage {
    /// Returns the sum over all owners; equal to `glyphs` by construction.
    pub fn owned(&self) -> u64 {
        self.records
            + self.headers
            + self.sections
            + self.title
            + self.furniture
            + self.other
            + self.hidden
            + self.duplicates
            + self.unassigned
    }
}
