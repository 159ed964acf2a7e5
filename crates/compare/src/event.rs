//! What a difference is called and what it says.

use crate::tokens::Segment;
use jisseki_model::{Place, Severity, Stage};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum EventKind {
    /// The form itself is another: page size, headers, columns, fonts, rules.
    LayoutDrift,
    Added,
    Removed,
    Split,
    Merged,
    Renumbered,
    MovedSection,
    Retitled,
    DepartmentChanged,
    AchievementChanged,
    PhaseAdded,
    PhaseRemoved,
    PhaseMoved,
    PhaseExtended,
    /// A value about a past year that an earlier release gave differently.
    HistoryRewritten,
    NumberChanged,
    TextChanged,
    NumeralStyleOnly,
    WhitespaceOnly,
}

impl EventKind {
    /// Every kind, in the order in which they are reported: structure first.
    pub const ALL: [EventKind; 19] = [
        EventKind::LayoutDrift,
        EventKind::Added,
        EventKind::Removed,
        EventKind::Split,
        EventKind::Merged,
        EventKind::Renumbered,
        EventKind::MovedSection,
        EventKind::Retitled,
        EventKind::DepartmentChanged,
        EventKind::AchievementChanged,
        EventKind::PhaseAdded,
        EventKind::PhaseRemoved,
        EventKind::PhaseMoved,
        EventKind::PhaseExtended,
        EventKind::HistoryRewritten,
        EventKind::NumberChanged,
        EventKind::TextChanged,
        EventKind::NumeralStyleOnly,
        EventKind::WhitespaceOnly,
    ];
    /// Returns the name used in JSON.
    pub fn name(self) -> &'static str {
        self.row().0
    }
    /// Returns the name for people, in English.
    pub fn label_en(self) -> &'static str {
        self.row().1
    }
    /// Returns the name for people, in Japanese.
    pub fn label_ja(self) -> &'static str {
        self.row().2
    }
    fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            EventKind::LayoutDrift => ("layout_drift", "layout drift", "様式の変化"),
            EventKind::Added => ("added", "added", "新規"),
            EventKind::Removed => ("removed", "removed", "削除"),
            EventKind::Split => ("split", "split", "分割"),
            EventKind::Merged => ("merged", "merged", "統合"),
            EventKind::Renumbered => ("renumbered", "renumbered", "番号変更"),
            EventKind::MovedSection => ("moved_section", "moved to another section", "区分の移動"),
            EventKind::Retitled => ("retitled", "retitled", "名称変更"),
            EventKind::DepartmentChanged => ("department_changed", "department changed", "担当課の変更"),
            EventKind::AchievementChanged => ("achievement_changed", "achievement changed", "達成度の変更"),
            EventKind::PhaseAdded => ("phase_added", "phase added", "工程の追加"),
            EventKind::PhaseRemoved => ("phase_removed", "phase removed", "工程の削除"),
            EventKind::PhaseMoved => ("phase_moved", "phase moved", "工程の時期変更"),
            EventKind::PhaseExtended => ("phase_extended", "phase extended", "工程の延長"),
            EventKind::HistoryRewritten => ("history_rewritten", "history rewritten", "過去の値の書き換え"),
            EventKind::NumberChanged => ("number_changed", "number changed", "数値の変更"),
            EventKind::TextChanged => ("text_changed", "text changed", "本文の変更"),
            EventKind::NumeralStyleOnly => ("numeral_style_only", "numeral style only", "数字の書き方のみ"),
            EventKind::WhitespaceOnly => ("whitespace_only", "white space only", "空白・改行のみ"),
        }
    }
    /// Tells whether such events are left out unless asked for.
    pub fn is_quiet(self) -> bool {
        matches!(self, EventKind::NumeralStyleOnly | EventKind::WhitespaceOnly)
    }
}

/// Re-issue of the same year, or the next year's release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The same year: few changes are expected, and each is one to look at.
    Reissue,
    /// Another year: texts and figures move on; structure and rewritten history are what counts.
    NextYear,
}

/// One of the two releases.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Release {
    pub document_id: String,
    pub title: Option<String>,
    pub fiscal_year: Option<i32>,
    pub stage: Option<Stage>,
    pub source: String,
    pub sha256: String,
    pub records: usize,
}

/// A record as an event names it, with the value that changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Side {
    pub record_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiative_id: Option<String>,
    pub number: Option<i64>,
    pub number_label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    pub title: String,
    /// What changed, as it was or is: a title, a state, a phase, a number with its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// Where both sides were read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Places {
    pub old: Vec<Place>,
    pub new: Vec<Place>,
}

/// A number that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumberChange {
    /// What is counted, as far as the text around says it.
    pub metric: Option<String>,
    /// The values as canonical decimals, scaled (98,410千円 is 98410000).
    pub old: String,
    /// The new value.
    pub new: String,
    /// As printed, unit included.
    pub old_text: String,
    /// As printed, unit included.
    pub new_text: String,
    /// `new − old`, exact.
    pub delta: Option<String>,
    /// 100·delta / |old|, to 0.1; absent for a change from 0.
    pub percent: Option<f64>,
    /// JPY, %, 件, 人, …
    pub unit: Option<String>,
    /// The fiscal year each value is about, where the text says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_fiscal_year: Option<i32>,
    /// As above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_fiscal_year: Option<i32>,
}

/// What became of one paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ChangeOp {
    Rewritten,
    Moved,
    Removed,
    Added,
}

/// One paragraph that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ParagraphChange {
    pub op: ChangeOp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// For a paragraph that moved: where it stood (field, position from 1) and stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Spot>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Spot>,
    /// The pieces that turn `old` into `new`, where it was rewritten.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    pub places: Places,
}

/// A position in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Spot {
    pub field: String,
    /// Among the field's headings and paragraphs, from 1.
    pub position: usize,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Made of kind, record, field and value: the same difference has the same id in every run, and an accepted difference names it.
    pub id: String,
    /// What happened.
    pub kind: EventKind,
    /// How much it matters in this mode.
    pub severity: Severity,
    /// The record before; absent for an added one and for layout drift.
    pub old: Option<Side>,
    /// The record after.
    pub new: Option<Side>,
    /// `title`, `schedule`, `results`, `status`, `outlook`, `extra:…`, `departments`, `achievement`; for layout drift `columns`, `headers`, `page_size`, ….
    pub field: Option<String>,
    /// One sentence.
    pub message: String,
    /// Where both sides were read.
    pub places: Places,
    /// How sure the pairing of the two records is, where it is not certain (`confirm`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub please_confirm: Option<f64>,
    /// Numbers that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<NumberChange>,
    /// Paragraphs that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ParagraphChange>,
    /// Why a person accepted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Accepted>,
}

/// Why and until when a difference is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Accepted {
    pub reason: String,
    pub until: String,
}

impl Event {
    /// Returns the record the event is about: the new one, or the old one where there is no new one.
    pub fn side(&self) -> Option<&Side> {
        self.new.as_ref().or(self.old.as_ref())
    }
}

/// What changed between two releases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Diff {
    /// The earlier release.
    pub old: Release,
    /// The later release.
    pub new: Release,
    /// How they were compared.
    pub mode: Mode,
    /// Structure first, then by record.
    pub events: Vec<Event>,
    /// How many there are.
    pub summary: Summary,
}

/// Counts over the events.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Records that were paired.
    pub matched: usize,
    /// Paired records without any event.
    pub unchanged: usize,
    /// Pairs that a person should confirm.
    pub to_confirm: usize,
    /// Events by kind.
    pub kinds: BTreeMap<String, usize>,
    /// Narrative fields in which words or numbers changed, each counted once.
    pub field_changes: usize,
    /// Events left out (style, white space, a producer's own marks), by kind.
    pub hidden: BTreeMap<String, usize>,
    /// Events that a person accepted.
    pub accepted: usize,
    /// The gravest severity among events not accepted.
    pub worst: Option<Severity>,
}
