//! The compact key of a mention: one line for snapshots, cases and eyes.

use jisseki_model::{
    Aggregate, Amount, Bound, ChangeDirection, ChangeForm, FiscalPartName, Flag, Mention, MentionId, NumberModifier, Outcome, PointRole,
    PowerOfTen, Precision, ResolvedBy, Rule, SeriesPoint, Value, When,
};
use std::collections::HashSet;

/// Flags that a key shows; the others tell how a value was written, not that it is doubtful.
const SHOWN: [Flag; 12] = [
    Flag::EraOverrun,
    Flag::EraUnderrun,
    Flag::EraYearZero,
    Flag::ImpossibleDate,
    Flag::PreGregorian,
    Flag::DualMismatch,
    Flag::WeekdayMismatch,
    Flag::CrossesFyEnd,
    Flag::ReversedRange,
    Flag::AmbiguousUnit,
    Flag::GroupingOdd,
    Flag::KatakanaMinus,
];

/// How much a key of a composite says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Metric, inferred years, the unit of a difference.
    Full,
    /// What the words themselves say, and the shares.
    Brief,
}

/// Returns the compact key of a mention of `all`: `fy:2019`, `m:06@2019-06`, `money:~130000000±10000000`, `cmp[…]`.
///
/// A trailing `?` says that a year was inferred, `!flag` that something is odd.
pub fn key(mention: &Mention, all: &[Mention]) -> String {
    Keys { all, style: Style::Full }.key(mention)
}

/// Returns the keys of the outermost mentions in brief: a range without its months, a comparison without its points, departments of one cell together.
///
/// This is the form in which a text's content fits one line; [`key`] of each mention is the full form.
pub fn keys(all: &[Mention]) -> Vec<String> {
    let keys = Keys { all, style: Style::Brief };
    let children: HashSet<MentionId> = all.iter().flat_map(child_ids).collect();
    let mut out: Vec<String> = Vec::new();
    let mut last_org = None;
    for mention in all.iter().filter(|m| !children.contains(&m.id)) {
        let text = keys.key(mention);
        let is_org = text.strip_prefix("org:").filter(|_| last_org == Some(out.len()));
        match (is_org, out.last_mut()) {
            (Some(path), Some(before)) => {
                before.push(';');
                before.push_str(path);
            }
            _ => out.push(text),
        }
        last_org = matches!(mention.value, Value::Org { .. }).then_some(out.len());
    }
    out
}

/// The mentions that a composite is made of. The base of a change is no part of it: 前年度 is said for itself.
fn child_ids(mention: &Mention) -> Vec<MentionId> {
    match &mention.value {
        Value::Range { from, to, .. } => from.iter().chain(to).copied().collect(),
        Value::Change { amount, .. } => amount.iter().copied().collect(),
        Value::Comparison { points, .. } => points.iter().flat_map(|p| p.when.iter().chain(&p.amounts)).copied().collect(),
        _ => Vec::new(),
    }
}

struct Keys<'a> {
    all: &'a [Mention],
    style: Style,
}

impl Keys<'_> {
    fn find(&self, id: MentionId) -> Option<&Mention> {
        // Ids are places in the list, unless the list was cut.
        let guess = self.all.get(id.number() as usize).filter(|m| m.id == id);
        guess.or_else(|| self.all.iter().find(|m| m.id == id))
    }

    fn key(&self, mention: &Mention) -> String {
        let inferred = if mention.resolution.by > ResolvedBy::Carried { "?" } else { "" };
        let flagged = mention.flags.iter().any(|f| SHOWN.contains(&f));
        let mut text = match &mention.value {
            Value::Date { when } => date_key(when),
            Value::Month { month, day, when } => month_key(*month, *day, when),
            Value::FiscalYear { fy, .. } => format!("fy:{fy}{inferred}"),
            Value::FiscalPart { fy: None, part: FiscalPartName::Full, when } if when.precision == Some(Precision::FiscalYear) => {
                unknown_year_key(mention)
            }
            Value::FiscalPart { fy, part, when } => part_key(*fy, *part, when, inferred, flagged),
            Value::Range { edtf, from, to, .. } => format!("range:{}{inferred}", self.range_ends(edtf, *from, *to)),
            Value::Duration { iso, modifier } => format!("dur:{}{iso}", prefix(modifier.as_ref())),
            Value::UnitDeclaration { applies } => match applies.first() {
                Some(rounding) if rounding.starts_with("rounding:") => rounding.to_string(),
                _ => format!("unit_decl:{}", applies.join(",")),
            },
            Value::Org { path, government } => org_key(path, government.as_deref()),
            Value::Invalid { .. } => "invalid".to_owned(),
            Value::Change { .. } => self.change_key(mention),
            Value::Comparison { .. } => self.comparison_key(mention),
            _ => self.amount_key(mention, true),
        };
        for flag in mention.flags.iter().filter(|f| SHOWN.contains(f)) {
            text.push('!');
            text.push_str(flag_name(flag));
        }
        if matches!(mention.value, Value::Ratio { .. }) && mention.flags.contains(Flag::LowContext) {
            text.push_str("!low_confidence");
        }
        text
    }

    /// The two ends; fiscal years by name.
    fn range_ends(&self, edtf: &str, from: Option<MentionId>, to: Option<MentionId>) -> String {
        let (left, right) = edtf.split_once('/').unwrap_or((edtf, ".."));
        let end = |id: Option<MentionId>, written: &str| match id.and_then(|id| self.find(id)).map(|m| &m.value) {
            Some(Value::FiscalYear { fy, .. }) => format!("fy{fy}"),
            _ => written.to_owned(),
        };
        format!("{}/{}", end(from, left), end(to, right))
    }

    /// The key of an amount; `whole` with its aggregate and, for money, its quantum.
    fn amount_key(&self, mention: &Mention, whole: bool) -> String {
        let vague = mention.flags.contains(Flag::Vague);
        match &mention.value {
            Value::Money { number, .. } if vague => format!("money:vague(1e{})", number.value.len().saturating_sub(1)),
            Value::Money { number, .. } => {
                let quantum = number.quantum.filter(|_| whole).map_or(String::new(), |q| format!("±{q}"));
                format!("money:{}{quantum}{}", amount(number), aggregate(number, whole))
            }
            Value::Percent { number, .. } => format!("pct:{}{}", amount(number), aggregate(number, whole)),
            Value::PercentPoint { number } => format!("ppt:{}{}", if has_plus(number) { "+" } else { "" }, amount(number)),
            Value::Count { number, unit } if is_per(number) && number.value == "1" => format!("per:{}", unit.counter),
            Value::Count { number, unit } if vague => match &number.max {
                Some(max) => format!("count:vague({}..{max}){}", number.value, unit.counter),
                None => format!("count:vague({}){}", number.value, unit.counter),
            },
            Value::Count { number, unit } => format!("count:{}{}{}", amount(number), unit.counter, aggregate(number, whole)),
            Value::Quantity { number, unit } if unit.ucum == "[ppth]" => format!("permille:{}", amount(number)),
            Value::Quantity { number, unit } => format!("qty:{}{}{}", amount(number), unit.ucum, aggregate(number, whole)),
            Value::Ordinal { number, unit } if is_reference(unit) => format!("ref:{unit}{}", number.value),
            Value::Ordinal { number, unit } => match &number.max {
                Some(max) => format!("ord_range:{}/{max}{unit}", number.value),
                None => format!("ord:{}{unit}", number.value),
            },
            Value::Ratio { times: Some(times), modifier, .. } => format!("ratio:{}{times}x", prefix(modifier.as_ref())),
            Value::Ratio { num, den, modifier, .. } => {
                let part = |d: &Option<Box<str>>| d.clone().unwrap_or_default();
                format!("ratio:{}{}/{}", prefix(modifier.as_ref()), part(num), part(den))
            }
            _ => String::new(),
        }
    }

    fn change_key(&self, mention: &Mention) -> String {
        let Value::Change { direction, amount: id, base, base_fy, form } = &mention.value else { return String::new() };
        let slight = if mention.flags.contains(Flag::Vague) { "~" } else { "" };
        let Some(measured) = id.and_then(|id| self.find(id)) else {
            return match direction {
                ChangeDirection::Flat if slight.is_empty() => "change:0".to_owned(),
                ChangeDirection::Flat => "change:flat~".to_owned(),
                ChangeDirection::New => "change:new".to_owned(),
                ChangeDirection::Gone => "change:gone".to_owned(),
                ChangeDirection::Up => format!("change:+{slight}"),
                ChangeDirection::Down => format!("change:-{slight}"),
            };
        };
        let versus = match (base_fy, base.as_deref()) {
            (Some(fy), _) => format!(" vs fy{fy}"),
            (None, Some(id)) => format!(" vs {}", MentionId::parse(id).and_then(|id| self.find(id)).map_or(id, |m| m.norm.as_str())),
            (None, None) => String::new(),
        };
        let (written, unit) = written_amount(measured);
        let sign = if *direction == ChangeDirection::Down { "-" } else { "+" };
        match (form, &measured.value) {
            (Some(ChangeForm::Index), _) => format!("index:{written}{unit}{versus}"),
            (_, Value::PercentPoint { .. }) if versus.is_empty() => format!("ppt:{sign}{written}"),
            _ => format!("change:{sign}{written}{unit}{versus}"),
        }
    }

    fn comparison_key(&self, mention: &Mention) -> String {
        let Value::Comparison { metric, points, outcome, delta } = &mention.value else { return String::new() };
        let series = points.iter().all(|p| p.role == PointRole::Point);
        let target = points.first().filter(|p| p.role == PointRole::Target).and_then(|p| p.when);
        let parts: Vec<String> = points.iter().enumerate().map(|(i, p)| self.point_key(p, target.filter(|_| i > 0), series)).collect();
        let metric = metric.as_deref().map_or(String::new(), |m| format!("metric={m}; "));
        let head = if series { "series" } else { "cmp" };
        let tail = match (outcome, delta) {
            (Some(Outcome::Met), _) => " met".to_owned(),
            (Some(Outcome::NotMet), _) => " not_met".to_owned(),
            (Some(Outcome::Undecided), _) => " unknown_direction".to_owned(),
            (None, Some(delta)) => format!(" {}", self.delta(points, delta)),
            (None, None) => String::new(),
        };
        format!("{head}[{metric}{}]{tail}", parts.join(" | "))
    }

    fn delta(&self, points: &[SeriesPoint], delta: &str) -> String {
        let sign = if delta.starts_with('-') || delta == "0" { "" } else { "+" };
        let unit = match points.first().and_then(|p| self.find(*p.amounts.first()?)).map(|m| &m.value) {
            Some(Value::Percent { .. } | Value::PercentPoint { .. }) => "ppt",
            Some(Value::Count { unit, .. }) if self.style == Style::Full => &unit.counter,
            Some(Value::Money { .. }) if self.style == Style::Full => "円",
            Some(Value::Quantity { unit, .. }) if self.style == Style::Full => &unit.ucum,
            _ => "",
        };
        format!("{sign}{delta}{unit}")
    }

    fn point_key(&self, point: &SeriesPoint, target: Option<MentionId>, series: bool) -> String {
        let mut words: Vec<String> = Vec::new();
        match point.role {
            PointRole::Target => words.push("target".to_owned()),
            PointRole::Actual => words.push("actual".to_owned()),
            _ => {}
        }
        // The actual of a target's year is inferred; in brief it is left to the target.
        let taken_over = target.is_some() && point.when == target;
        let when = point.when.and_then(|id| self.find(id)).filter(|_| !taken_over || self.style == Style::Full);
        if let Some(when) = when {
            let note = point.note.as_deref().map_or(String::new(), |n| format!("({n})"));
            words.push(format!("{}{}{note}", when_name(when), if taken_over { "?" } else { "" }));
        }
        let amounts = point.amounts.iter().filter_map(|id| self.find(*id));
        for (i, amount) in amounts.enumerate() {
            let text = self.amount_key(amount, false);
            words.push(match &amount.value {
                Value::Percent { of: Some(of), .. } if series && i > 0 && self.style == Style::Brief => format!("({text} of {of})"),
                _ => text,
            });
        }
        words.join(" ")
    }
}

fn when_name(mention: &Mention) -> String {
    match &mention.value {
        Value::FiscalYear { fy, .. } => format!("fy{fy}"),
        Value::Date { when } | Value::Month { when, .. } => when.edtf.to_string(),
        Value::FiscalPart { fy: Some(fy), part, .. } => format!("fy{fy}/{}", part_name(*part)),
        _ => "fy?".to_owned(),
    }
}

fn date_key(when: &When) -> String {
    let edtf = &when.edtf;
    match when.precision {
        Some(Precision::Day) => format!("ymd:{edtf}"),
        Some(Precision::Jun) => format!("ymp:{}/{}={edtf}", edtf.get(..7).unwrap_or(edtf), jun(edtf)),
        Some(Precision::Month) if edtf.len() == 10 => format!("ymp:{}/end={edtf}", edtf.get(..7).unwrap_or(edtf)),
        Some(Precision::Month) => format!("ym:{edtf}"),
        Some(Precision::Season) => format!("season:{edtf}"),
        _ if edtf.len() == 10 => format!("yp:{}/end={edtf}", edtf.get(..4).unwrap_or(edtf)),
        _ => format!("y:{edtf}"),
    }
}

fn jun(edtf: &str) -> &'static str {
    match edtf.get(8..10) {
        Some("01") => "early",
        Some("11") => "mid",
        _ => "late",
    }
}

fn month_key(month: Option<u8>, day: Option<u8>, when: &When) -> String {
    let month = month.unwrap_or_default();
    let at = if when.start.is_some() { format!("@{}", when.edtf) } else { String::new() };
    match (day, when.precision) {
        (Some(day), _) => format!("md:{month:02}-{day:02}{at}"),
        (None, Some(Precision::Jun)) => format!("mp:{month:02}/{}{at}", jun(&when.edtf)),
        (None, _) if when.edtf.len() == 10 => format!("mp:{month:02}/end{at}"),
        _ => format!("m:{month:02}{at}"),
    }
}

fn part_name(part: FiscalPartName) -> &'static str {
    match part {
        FiscalPartName::H1 => "H1",
        FiscalPartName::H2 => "H2",
        FiscalPartName::Q1 => "Q1",
        FiscalPartName::Q2 => "Q2",
        FiscalPartName::Q3 => "Q3",
        FiscalPartName::Q4 => "Q4",
        FiscalPartName::Start => "start",
        FiscalPartName::End => "end",
        FiscalPartName::Full => "full",
    }
}

/// The interval is shown where the text gives the year, or the part has one of its own; not where it is doubtful.
fn part_key(fy: Option<i32>, part: FiscalPartName, when: &When, inferred: &str, flagged: bool) -> String {
    let year = fy.map_or("XXXX".to_owned(), |fy| fy.to_string());
    let term = matches!(
        part,
        FiscalPartName::H1 | FiscalPartName::H2 | FiscalPartName::Q1 | FiscalPartName::Q2 | FiscalPartName::Q3 | FiscalPartName::Q4
    );
    let at_end = if term && when.start.is_some() && when.start == when.end { "end" } else { "" };
    let shown = fy.is_some() && !flagged && (inferred.is_empty() || term);
    let interval = if shown { format!("={}", when.edtf) } else { String::new() };
    format!("fyp:{year}/{}{at_end}{inferred}{interval}", part_name(part))
}

/// 初年度, 最終年度, and years that nothing known resolves.
fn unknown_year_key(mention: &Mention) -> String {
    match mention.resolution.rule {
        Some(Rule::FirstFiscalYear) => "rel:first_fy".to_owned(),
        Some(Rule::LastFiscalYear) => "rel:last_fy".to_owned(),
        Some(Rule::RelativeFiscalYear) => format!("rel:{}", mention.norm),
        _ => format!("fy:{}?", mention.norm),
    }
}

fn org_key(path: &[jisseki_model::OrgPart], government: Option<&str>) -> String {
    let names: Vec<&str> = path.iter().map(|p| p.name.as_str()).collect();
    match (path, government) {
        ([only], Some(code)) if only.level == "government" => format!("gov:{}#{code}", only.name),
        _ => format!("org:{}", names.join("/")),
    }
}

/// `~`, then the bound.
fn prefix(modifier: Option<&NumberModifier>) -> String {
    let Some(m) = modifier else { return String::new() };
    let bound = match m.bound {
        Some(Bound::Gt) => ">",
        Some(Bound::Ge) => ">=",
        Some(Bound::Lt) => "<",
        Some(Bound::Le) => "<=",
        None => "",
    };
    format!("{}{bound}", if m.approx { "~" } else { "" })
}

fn amount(number: &Amount) -> String {
    let max = number.max.as_deref().map_or(String::new(), |m| format!("..{m}"));
    format!("{}{}{max}", prefix(number.modifier.as_ref()), number.value)
}

fn aggregate(number: &Amount, whole: bool) -> &'static str {
    match number.modifier.as_ref().and_then(|m| m.aggregate).filter(|_| whole) {
        Some(Aggregate::Total) => " total",
        Some(Aggregate::Cumulative) => " cumulative",
        Some(Aggregate::Distinct) => " distinct",
        Some(Aggregate::Average) => " average",
        Some(Aggregate::Max) => " max",
        Some(Aggregate::Min) => " min",
        Some(Aggregate::Per) => " per",
        None => "",
    }
}

fn is_per(number: &Amount) -> bool {
    number.modifier.as_ref().is_some_and(|m| m.aggregate == Some(Aggregate::Per))
}

fn has_plus(number: &Amount) -> bool {
    number.modifier.as_ref().is_some_and(|m| m.plus)
}

fn is_reference(unit: &str) -> bool {
    matches!(unit, "別紙" | "別表" | "別添" | "別記" | "別図" | "様式" | "参考資料" | "資料" | "図表" | "参考" | "図" | "表")
}

/// The amount of a change as it was written, without its sign, and its unit.
fn written_amount(mention: &Mention) -> (String, String) {
    let (number, unit) = match &mention.value {
        Value::Percent { number, .. } => (number, "%".to_owned()),
        Value::PercentPoint { number } => (number, "ppt".to_owned()),
        Value::Count { number, unit } => (number, unit.counter.to_string()),
        Value::Quantity { number, unit } => (number, unit.ucum.to_string()),
        Value::Money { number, .. } => (number, "円".to_owned()),
        _ => return (String::new(), String::new()),
    };
    // 5.0％ says that the tenth is known.
    let places = number.quantum.map_or(0, |PowerOfTen(exp)| usize::from(exp.min(0).unsigned_abs()));
    let bare = number.value.trim_start_matches('-');
    let have = bare.split_once('.').map_or(0, |(_, d)| d.len());
    let zeros = "0".repeat(places.saturating_sub(have));
    let dot = if have == 0 && !zeros.is_empty() { "." } else { "" };
    (format!("{}{bare}{dot}{zeros}", prefix(number.modifier.as_ref())), unit)
}

fn flag_name(flag: Flag) -> &'static str {
    match flag {
        Flag::EraOverrun => "era_overrun",
        Flag::EraUnderrun => "era_underrun",
        Flag::EraYearZero => "era_year_zero",
        Flag::ImpossibleDate => "impossible_date",
        Flag::PreGregorian => "pre_gregorian",
        Flag::DualMismatch => "dual_mismatch",
        Flag::WeekdayMismatch => "weekday_mismatch",
        Flag::CrossesFyEnd => "crosses_fy_end",
        Flag::ReversedRange => "reversed_range",
        Flag::AmbiguousUnit => "ambiguous_unit",
        Flag::GroupingOdd => "grouping_odd",
        Flag::KatakanaMinus => "katakana_minus",
        _ => "",
    }
}
