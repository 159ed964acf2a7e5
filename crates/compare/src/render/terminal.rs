//! A diff on a terminal: structure first, changed words in place, Δ for figures.

use super::{by_kind, counts_text, excerpt, mode_text, places_text, release_text, terminal_text, value};
use crate::event::{ChangeOp, Diff, Event, EventKind, ParagraphChange};
use crate::phrase::{Lang, field_label, kind_label, number_text, record_label, sentence};
use crate::tokens::{Segment, SegmentOp};
use jisseki_model::Severity;

/// How the terminal shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Language of labels.
    pub lang: Lang,
    /// Whether to color.
    pub colors: bool,
    /// Whether to show whole paragraphs and every place.
    pub full: bool,
}

const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const BOLD: &str = "1";
const DIM: &str = "2";
/// Characters around a change.
const CONTEXT: usize = 12;

impl Style {
    fn paint(self, code: &str, text: &str) -> String {
        if self.colors && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Returns a diff as lines for a terminal; text from the documents is made visible, never obeyed.
pub fn diff_to_terminal(diff: &Diff, style: Style) -> String {
    let lang = style.lang;
    let mut out = String::new();
    let names = format!("{} → {}", release_text(&diff.old, lang), release_text(&diff.new, lang));
    out.push_str(&format!("{}\n", style.paint(BOLD, &terminal_text(&names))));
    out.push_str(&format!("{} · {}\n", mode_text(diff.mode, lang), counts_text(diff, lang)));
    let s = &diff.summary;
    let matched = match lang {
        Lang::En => format!("{} records matched, {} of them without a difference", s.matched, s.unchanged),
        Lang::Ja => format!("対応した取組 {}件、うち差分なし {}件", s.matched, s.unchanged),
    };
    out.push_str(&format!("{}\n", style.paint(DIM, &matched)));
    if s.to_confirm > 0 {
        let text = format!("{}: {}", lang.pick("pairs to confirm", "要確認の対応"), s.to_confirm);
        out.push_str(&format!("{}\n", style.paint(YELLOW, &text)));
    }
    for (kind, events) in by_kind(diff) {
        out.push_str(&format!("\n{} ({})\n", style.paint(BOLD, kind_label(kind, lang)), events.len()));
        for event in events {
            out.push_str(&event_text(event, style));
        }
    }
    let hidden: Vec<String> = s.hidden.iter().map(|(k, n)| format!("{k} {n}")).collect();
    if !hidden.is_empty() {
        out.push_str(&format!(
            "\n{}\n",
            style.paint(DIM, &format!("{}: {}", lang.pick("not shown (--all shows them)", "非表示（--allで表示）"), hidden.join(", ")))
        ));
    }
    out
}

fn event_text(event: &Event, style: Style) -> String {
    let lang = style.lang;
    let mark = match event.severity {
        Severity::Info => style.paint(DIM, "·"),
        Severity::Warn => style.paint(YELLOW, "!"),
        Severity::Error => style.paint(RED, "✗"),
    };
    let record = event.side().filter(|s| !s.record_id.is_empty()).map(|s| terminal_text(&record_label(s, lang))).unwrap_or_default();
    let field = event.field.as_deref().map(|f| terminal_text(&field_label(f, lang))).unwrap_or_default();
    let place = style.paint(DIM, &place_pair(event));
    let mut out = match event.kind {
        EventKind::Added => format!("  {mark} {} {record}  {place}\n", style.paint(GREEN, "+")),
        EventKind::Removed => format!("  {mark} {} {record}  {place}\n", style.paint(RED, "−")),
        EventKind::Split | EventKind::Merged => format!("  {mark} {}  {place}\n", terminal_text(&sentence(event, lang))),
        EventKind::LayoutDrift => format!("  {mark} {}\n", terminal_text(&sentence(event, lang))),
        EventKind::NumberChanged | EventKind::HistoryRewritten => {
            format!("  {mark} {record} · {field}  {place}\n      {}\n", terminal_text(&sentence(event, lang)))
        }
        _ if !event.changes.is_empty() => format!("  {mark} {record} · {field}  {place}\n"),
        _ => format!("  {mark} {record}  {place}\n      {} → {}\n", side_text(event, true, style), side_text(event, false, style)),
    };
    for change in &event.changes {
        out.push_str(&change_text(change, style));
    }
    for n in event.numbers.iter().filter(|_| !event.changes.is_empty()) {
        out.push_str(&format!("      {}\n", style.paint(DIM, &terminal_text(&number_text(n)))));
    }
    if let Some(score) = event.please_confirm {
        out.push_str(&format!(
            "      {}\n",
            style.paint(YELLOW, &format!("{} ({score:.2})", lang.pick("please confirm that both are one", "同一の取組か要確認")))
        ));
    }
    if let Some(accepted) = &event.accepted {
        let text = format!(
            "{}: {} ({} {})",
            lang.pick("accepted", "承認済"),
            terminal_text(&accepted.reason),
            lang.pick("until", "期限"),
            accepted.until
        );
        out.push_str(&format!("      {}\n", style.paint(DIM, &text)));
    }
    out
}

fn side_text(event: &Event, old: bool, style: Style) -> String {
    let text = value(if old { &event.old } else { &event.new });
    let shown = if text.is_empty() { "∅".to_owned() } else { terminal_text(text) };
    style.paint(if old { RED } else { GREEN }, &shown)
}

fn place_pair(event: &Event) -> String {
    let (a, b) = (places_text(&event.places.old), places_text(&event.places.new));
    match (a.is_empty(), b.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("[{a}]"),
        (true, false) => format!("[{b}]"),
        _ => format!("[{a} → {b}]"),
    }
}

fn change_text(change: &ParagraphChange, style: Style) -> String {
    let text = |t: &Option<String>| {
        let all = terminal_text(t.as_deref().unwrap_or_default());
        if style.full { all } else { super::cut(&all, 120) }
    };
    let line = |code: &str, mark: &str, body: &str| format!("      {} {}\n", style.paint(code, mark), style.paint(code, body));
    match change.op {
        ChangeOp::Added => line(GREEN, "+", &text(&change.new)),
        ChangeOp::Removed => line(RED, "−", &text(&change.old)),
        ChangeOp::Moved => {
            let spot = |s: &Option<crate::event::Spot>| {
                s.as_ref().map(|s| format!("{} {}", field_label(&s.field, style.lang), s.position)).unwrap_or_default()
            };
            let from_to = terminal_text(&format!("{} → {}", spot(&change.from), spot(&change.to)));
            let body = if change.segments.is_empty() { text(&change.new) } else { inline(&change.segments, style) };
            format!("      {} {} {body}\n", style.paint(YELLOW, "↷"), style.paint(YELLOW, &from_to))
        }
        ChangeOp::Rewritten => format!("      ~ {}\n", inline(&change.segments, style)),
    }
}

/// Deleted and inserted words in one line: by color, or as `[-…-]{+…+}`.
fn inline(segments: &[Segment], style: Style) -> String {
    let shown = if style.full { segments.to_vec() } else { excerpt(segments, CONTEXT) };
    let piece = |s: &Segment| {
        let text = terminal_text(&s.text);
        match (s.op, style.colors) {
            (SegmentOp::Equal, _) => text,
            (SegmentOp::Delete, true) => style.paint("31;9", &text),
            (SegmentOp::Insert, true) => style.paint("32;4", &text),
            (SegmentOp::Delete, false) => format!("[-{text}-]"),
            (SegmentOp::Insert, false) => format!("{{+{text}+}}"),
        }
    };
    shown.iter().map(piece).collect()
}
