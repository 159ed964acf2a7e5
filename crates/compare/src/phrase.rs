//! One sentence for a difference, in English or Japanese.

use crate::event::{ChangeOp, Event, EventKind, NumberChange, Side, Spot};

/// The language of what people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Lang {
    En,
    Ja,
}

impl Lang {
    /// Returns the text in this language.
    pub fn pick<'a>(self, en: &'a str, ja: &'a str) -> &'a str {
        match self {
            Lang::En => en,
            Lang::Ja => ja,
        }
    }
}

/// Returns the name of a kind in a language.
pub fn kind_label(kind: EventKind, lang: Lang) -> &'static str {
    match lang {
        Lang::En => kind.label_en(),
        Lang::Ja => kind.label_ja(),
    }
}

/// Returns a field's name in a language; a printed header stays as it is.
pub fn field_label(field: &str, lang: Lang) -> String {
    let (en, ja) = match field {
        "title" => ("title", "取組名"),
        "number" => ("number", "番号"),
        "section" => ("section", "区分"),
        "schedule" => ("schedule", "工程"),
        "results" => ("results", "取組実績"),
        "achievement" => ("achievement", "取組達成度"),
        "status" => ("status", "取組状況"),
        "departments" => ("departments", "担当課"),
        "outlook" => ("outlook", "成果と課題・今後の方向性"),
        "headers" => ("headers", "見出し"),
        "columns" => ("columns", "欄の並び"),
        "column_positions" => ("column positions", "欄の位置"),
        "page_size" => ("page size", "用紙寸法"),
        "fonts" => ("fonts", "書体"),
        "rules" => ("rules", "罫線"),
        "sections" => ("sections", "区分"),
        other => return other.strip_prefix("extra:").unwrap_or(other).to_owned(),
    };
    lang.pick(en, ja).to_owned()
}

/// Returns a record for people: `no. 8 (③) 県民が納税しやすい環境の整備`.
pub fn record_label(side: &Side, lang: Lang) -> String {
    let number = if side.number_label.is_empty() { "–" } else { &side.number_label };
    let sub = side.sub_label.as_deref().unwrap_or_default();
    match lang {
        Lang::En => format!("no. {number}{sub} {}", side.title),
        Lang::Ja => format!("番号{number}{sub} {}", side.title),
    }
}

/// Returns a change of a number for people: `応募取組数: 247件 → 244件 (Δ −3件, −1.2 %)`.
pub fn number_text(n: &NumberChange) -> String {
    let metric = n.metric.as_deref().map(|m| format!("{m}: ")).unwrap_or_default();
    let signed =
        |s: &str| if let Some(digits) = s.strip_prefix('-') { format!("−{}", grouped(digits)) } else { format!("+{}", grouped(s)) };
    let unit = n
        .unit
        .as_deref()
        .map(|u| match u {
            "JPY" => "円",
            "%" => " pt",
            u => u,
        })
        .unwrap_or_default();
    let delta = n.delta.as_deref().map(|d| format!("Δ {}{unit}", signed(d)));
    let percent = n.percent.map(|p| format!("{}{:.1} %", if p < 0.0 { "−" } else { "+" }, p.abs()));
    let both: Vec<String> = [delta, percent].into_iter().flatten().collect();
    let both = if both.is_empty() { String::new() } else { format!(" ({})", both.join(", ")) };
    let year = |y: Option<i32>| y.filter(|_| n.old_fiscal_year != n.new_fiscal_year).map(|y| format!("[{y}] ")).unwrap_or_default();
    format!("{metric}{}{} → {}{}{both}", year(n.old_fiscal_year), n.old_text, year(n.new_fiscal_year), n.new_text)
}

fn grouped(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(w, f)| (w, Some(f)));
    let mut out = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    fraction.map_or(out.clone(), |f| format!("{out}.{f}"))
}

/// Returns one sentence about a difference, in full; renderers cut it where they must.
pub fn sentence(event: &Event, lang: Lang) -> String {
    let value = |s: &Option<Side>| s.as_ref().and_then(|s| s.value.clone()).unwrap_or_default();
    let (a, b) = (value(&event.old), value(&event.new));
    let none = lang.pick("nothing", "なし");
    let or_none = |s: &str| if s.is_empty() { none.to_owned() } else { s.to_owned() };
    let field = event.field.as_deref().map(|f| field_label(f, lang)).unwrap_or_default();
    match event.kind {
        EventKind::Added | EventKind::Removed => {
            if event.kind == EventKind::Added {
                b
            } else {
                a
            }
        }
        EventKind::Split => format!("「{b}」 {} 「{a}」", lang.pick("came out of", "← 分割元")),
        EventKind::Merged => format!("「{a}」 {} 「{b}」", lang.pick("went into", "→ 統合先")),
        EventKind::PhaseAdded => b,
        EventKind::PhaseRemoved => a,
        EventKind::NumberChanged | EventKind::HistoryRewritten => {
            let year = |n: &NumberChange| n.new_fiscal_year.filter(|_| event.kind == EventKind::HistoryRewritten);
            let text = |n: &NumberChange| {
                let when = year(n).map(|y| lang.pick(&format!("FY{y} "), &format!("{y}年度 ")).to_owned()).unwrap_or_default();
                format!("{when}{}", number_text(n))
            };
            event.numbers.iter().map(text).collect::<Vec<_>>().join("; ")
        }
        EventKind::TextChanged | EventKind::NumeralStyleOnly | EventKind::WhitespaceOnly if !event.changes.is_empty() => {
            changes_text(event, &field, lang)
        }
        EventKind::LayoutDrift => format!("{field}: {} → {}", or_none(&a), or_none(&b)),
        _ => format!("{} → {}", or_none(&a), or_none(&b)),
    }
}

fn changes_text(event: &Event, field: &str, lang: Lang) -> String {
    let count = |op: ChangeOp| event.changes.iter().filter(|c| c.op == op).count();
    let names = [
        (ChangeOp::Rewritten, "rewritten", "書き換え"),
        (ChangeOp::Moved, "moved", "移動"),
        (ChangeOp::Added, "added", "追加"),
        (ChangeOp::Removed, "removed", "削除"),
    ];
    let parts: Vec<String> =
        names.iter().filter(|(op, ..)| count(*op) > 0).map(|(op, en, ja)| format!("{} {}", count(*op), lang.pick(en, ja))).collect();
    let figures = if event.numbers.is_empty() {
        String::new()
    } else {
        format!("; {}", event.numbers.iter().map(number_text).collect::<Vec<_>>().join("; "))
    };
    let moved = event.changes.iter().filter_map(|c| Some(moved_text(c.from.as_ref()?, c.to.as_ref()?, lang)));
    let moved: String = moved.map(|m| format!("; {m}")).collect();
    format!("{field}: {} {}{moved}{figures}", lang.pick("paragraphs", "段落"), parts.join(", "))
}

fn moved_text(from: &Spot, to: &Spot, lang: Lang) -> String {
    let place = |s: &Spot| format!("{} {}", field_label(&s.field, lang), s.position);
    match lang {
        Lang::En => format!("paragraph moved from {} to {}", place(from), place(to)),
        Lang::Ja => format!("段落の移動 {} → {}", place(from), place(to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        let n = NumberChange {
            metric: Some("売却実績".into()),
            old: "98410000".into(),
            new: "132726000".into(),
            old_text: "98,410千円".into(),
            new_text: "132,726千円".into(),
            delta: Some("34316000".into()),
            percent: Some(34.9),
            unit: Some("JPY".into()),
            old_fiscal_year: None,
            new_fiscal_year: None,
        };
        assert_eq!(number_text(&n), "売却実績: 98,410千円 → 132,726千円 (Δ +34,316,000円, +34.9 %)");
    }
}
