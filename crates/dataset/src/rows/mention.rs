//! Rows of mentions: the typed value of each, flattened.

use super::enum_code;
use crate::Cell;
use jisseki_model::{Amount, CivilDate, Mention, MentionId, NumberModifier, OpenEnd, SeriesPoint, Value, When};
use std::collections::BTreeMap;

/// Numbers the mentions of one record.
pub(super) struct MentionRows {
    record_id: String,
    next: usize,
}

/// Where a list of mentions stands.
pub(super) struct Spot<'a> {
    pub(super) field: &'static str,
    pub(super) extra_header: Option<&'a str>,
    pub(super) block_no: Option<usize>,
    pub(super) seq: Option<usize>,
    /// Index in the cell's text of each code point of the source's text, where they differ.
    pub(super) map: Option<&'a [usize]>,
}

/// The columns that a value fills.
#[derive(Default)]
struct Flat {
    value: Cell,
    value_max: Cell,
    value_text: Cell,
    unit: Cell,
    qualifier: Cell,
    aggregate: Cell,
    fiscal_year: Cell,
    start: Cell,
    end: Cell,
    metric: Cell,
}

impl MentionRows {
    pub(super) fn new(record_id: &str) -> MentionRows {
        MentionRows { record_id: record_id.to_owned(), next: 1 }
    }

    pub(super) fn cells(&mut self, spot: &Spot<'_>, mentions: &[Mention]) -> Vec<Vec<(&'static str, Cell)>> {
        let parts = parts_of_comparisons(mentions);
        mentions.iter().map(|m| self.mention_cells(spot, m, mentions, &parts)).collect()
    }

    fn mention_cells(&mut self, at: &Spot<'_>, m: &Mention, all: &[Mention], parts: &Parts) -> Vec<(&'static str, Cell)> {
        let flat = value_to_flat(&m.value, all);
        let part = parts.get(&m.id);
        let metric = if flat.metric.is_null() { part.map_or(Cell::Null, |p| p.metric.clone()) } else { flat.metric };
        let id = format!("{}-m{:04}", self.record_id, self.next);
        self.next += 1;
        let index = |n: usize| Cell::from(at.map.and_then(|map| map.get(n).or(map.last())).copied().unwrap_or(n));
        vec![
            ("mention_id", Cell::exact(id)),
            ("record_id", Cell::exact(self.record_id.as_str())),
            ("field", Cell::exact(at.field)),
            ("extra_header", at.extra_header.map_or(Cell::Null, Cell::text)),
            ("block_no", at.block_no.map_or(Cell::Null, Cell::from)),
            ("seq", at.seq.map_or(Cell::Null, Cell::from)),
            ("kind", Cell::exact(kind_code(&m.value))),
            ("text", Cell::text(&m.text)),
            ("value", flat.value),
            ("value_max", flat.value_max),
            ("value_text", flat.value_text),
            ("unit", flat.unit),
            ("qualifier", flat.qualifier),
            ("aggregate", flat.aggregate),
            ("fiscal_year", flat.fiscal_year),
            ("date_start", flat.start),
            ("date_end", flat.end),
            ("metric", metric),
            ("role", part.map_or(Cell::Null, |p| p.role.clone())),
            ("resolved_by", Cell::exact(enum_code(&m.resolution.by))),
            ("confidence", Cell::exact(enum_code(&m.confidence))),
            ("span_start", index(m.span.start)),
            ("span_end", index(m.span.end)),
        ]
    }
}

/// Role and metric that a comparison gives to the mentions it is made of.
struct Part {
    metric: Cell,
    role: Cell,
}
type Parts = BTreeMap<MentionId, Part>;

fn parts_of_comparisons(mentions: &[Mention]) -> Parts {
    let mut parts = Parts::new();
    for m in mentions {
        if let Value::Comparison { metric, points, .. } = &m.value {
            let metric = metric.as_deref().map_or(Cell::Null, Cell::text);
            for SeriesPoint { role, amounts, .. } in points {
                for id in amounts {
                    parts.insert(*id, Part { metric: metric.clone(), role: Cell::exact(enum_code(role)) });
                }
            }
        }
    }
    parts
}

fn kind_code(value: &Value) -> &'static str {
    match value {
        Value::Date { .. } => "date",
        Value::Month { .. } => "month",
        Value::FiscalYear { .. } => "fiscal_year",
        Value::FiscalPart { .. } => "fiscal_part",
        Value::Range { .. } => "range",
        Value::Duration { .. } => "duration",
        Value::Money { .. } => "money",
        Value::Percent { .. } => "percent",
        Value::PercentPoint { .. } => "percent_point",
        Value::Count { .. } => "count",
        Value::Quantity { .. } => "quantity",
        Value::Ordinal { .. } => "ordinal",
        Value::Ratio { .. } => "ratio",
        Value::Change { .. } => "change",
        Value::Comparison { .. } => "comparison",
        Value::Org { .. } => "org",
        Value::UnitDeclaration { .. } => "unit_declaration",
        Value::Invalid { .. } => "invalid",
    }
}

fn value_to_flat(value: &Value, all: &[Mention]) -> Flat {
    match value {
        Value::Date { when } | Value::Month { when, .. } => when_to_flat(when),
        Value::FiscalYear { fy, when, .. } => Flat { fiscal_year: i64::from(*fy).into(), ..when_to_flat(when) },
        Value::FiscalPart { fy, when, .. } => {
            let flat = when_to_flat(when);
            Flat { fiscal_year: fy.map_or(flat.fiscal_year, |y| i64::from(y).into()), ..flat }
        }
        Value::Range { edtf, start, end, open, .. } => Flat {
            value_text: Cell::text(edtf),
            start: day(*start),
            end: day(*end),
            qualifier: open.map_or(Cell::Null, |o| Cell::exact(if o == OpenEnd::Start { "open_start" } else { "open_end" })),
            ..Flat::default()
        },
        Value::Duration { iso, modifier } => Flat { value_text: Cell::text(iso), ..modifier_to_flat(modifier.as_ref()) },
        Value::Money { number, currency } => with_unit(number, currency.code()),
        Value::Percent { number, .. } => with_unit(number, "percent"),
        Value::PercentPoint { number } => with_unit(number, "percentage_point"),
        Value::Count { number, unit } => with_unit(number, &unit.counter),
        Value::Quantity { number, unit } => with_unit(number, &unit.ucum),
        Value::Ordinal { number, unit } => with_unit(number, unit),
        Value::Ratio { num, den, times, modifier } => ratio_to_flat(num.as_deref(), den.as_deref(), times.as_deref(), modifier.as_ref()),
        Value::Change { direction, amount, base_fy, .. } => {
            let of = amount.and_then(|id| all.iter().find(|m| m.id == id)).map(|m| value_to_flat_amount(&m.value));
            let (value, unit) = of.unwrap_or_default();
            let fiscal_year = base_fy.map(i64::from).into();
            Flat { value, unit, qualifier: Cell::exact(enum_code(direction)), fiscal_year, ..Flat::default() }
        }
        Value::Comparison { metric, outcome, delta, .. } => Flat {
            metric: metric.as_deref().map_or(Cell::Null, Cell::text),
            qualifier: outcome.map_or(Cell::Null, |o| Cell::exact(enum_code(&o))),
            value: delta.as_deref().map_or(Cell::Null, Cell::decimal),
            ..Flat::default()
        },
        Value::Org { path, .. } => {
            let path = path.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(" > ");
            Flat { value_text: Cell::text(&path), ..Flat::default() }
        }
        Value::UnitDeclaration { .. } => Flat::default(),
        Value::Invalid { reason, .. } => Flat { value_text: Cell::text(reason), ..Flat::default() },
    }
}

/// A change's amount is another mention; only amounts are followed, so no chain of mentions can lead in a circle.
fn value_to_flat_amount(value: &Value) -> (Cell, Cell) {
    let flat = match value {
        Value::Change { .. } | Value::Comparison { .. } => Flat::default(),
        other => value_to_flat(other, &[]),
    };
    (flat.value, flat.unit)
}

fn when_to_flat(when: &When) -> Flat {
    Flat {
        value_text: Cell::text(&when.edtf),
        start: day(when.start),
        end: day(when.end),
        fiscal_year: when.fy.map(i64::from).into(),
        ..Flat::default()
    }
}

fn day(date: Option<CivilDate>) -> Cell {
    date.map_or(Cell::Null, |d| Cell::exact(d.to_string()))
}

fn with_unit(number: &Amount, unit: &str) -> Flat {
    let value = Cell::decimal(&number.value);
    let value_text = if value.is_null() { Cell::text(&number.value) } else { Cell::Null };
    let value_max = number.max.as_ref().map_or(Cell::Null, |max| Cell::decimal(max));
    Flat { value, value_max, value_text, unit: Cell::text(unit), ..modifier_to_flat(number.modifier.as_ref()) }
}

fn ratio_to_flat(num: Option<&str>, den: Option<&str>, times: Option<&str>, modifier: Option<&NumberModifier>) -> Flat {
    let flat = modifier_to_flat(modifier);
    match (num, den, times) {
        (_, _, Some(times)) => Flat { value: Cell::decimal(times), unit: Cell::exact("times"), ..flat },
        (Some(n), Some(d), None) => Flat { value_text: Cell::text(&format!("{n}/{d}")), ..flat },
        _ => flat,
    }
}

/// The bound says most; then 弱 and 強; then 約.
fn modifier_to_flat(modifier: Option<&NumberModifier>) -> Flat {
    let Some(m) = modifier else { return Flat::default() };
    let qualifier = match (m.bound, m.side, m.approx) {
        (Some(bound), _, _) => Cell::exact(enum_code(&bound)),
        (None, Some(side), _) => Cell::exact(enum_code(&side)),
        (None, None, true) => Cell::exact("approx"),
        _ => Cell::Null,
    };
    Flat { qualifier, aggregate: m.aggregate.map_or(Cell::Null, |a| Cell::exact(enum_code(&a))), ..Flat::default() }
}
