//! A diff as a comment on a pull request: the summary first, details folded, never longer than a comment may be.

use super::{by_kind, counts_text, cut, excerpt, has_record, markdown_text, mode_text, places_text, release_text};
use crate::event::{ChangeOp, Diff, Event, EventKind};
use crate::phrase::{Lang, field_label, kind_label, number_text, record_label, sentence};
use crate::tokens::{Segment, SegmentOp};
use jisseki_model::Severity;

/// GitHub refuses comments above 65,536 characters; a reader gives up earlier.
const COMMENT_CHARS: usize = 30_000;
/// Events of one kind that are shown.
const SHOWN: usize = 30;

/// Returns the diffs as GitHub-flavored markdown.
pub fn diffs_to_markdown(diffs: &[Diff], lang: Lang) -> String {
    let mut out = format!("## {}\n", lang.pick("Differences between releases", "公表資料の差分"));
    for diff in diffs {
        let head = head(diff, lang);
        if out.chars().count() + head.chars().count() > COMMENT_CHARS {
            out.push_str(&format!("\n{}\n", lang.pick("… more documents are not shown here", "… 以下の文書は省略")));
            break;
        }
        out.push_str(&head);
        for section in sections(diff, lang) {
            if out.chars().count() + section.chars().count() > COMMENT_CHARS {
                out.push_str(&format!("\n{}\n", lang.pick("… more is not shown here", "… 以下省略")));
                break;
            }
            out.push_str(&section);
        }
    }
    out
}

fn head(diff: &Diff, lang: Lang) -> String {
    let mut out = format!(
        "\n**{}** → **{}** — {}\n\n",
        markdown_text(&release_text(&diff.old, lang)),
        markdown_text(&release_text(&diff.new, lang)),
        mode_text(diff.mode, lang)
    );
    let s = &diff.summary;
    if diff.events.is_empty() {
        out.push_str(&format!("{}\n", counts_text(diff, lang)));
        return out;
    }
    let worst = |kind| diff.events.iter().filter(|e| e.kind == kind && e.accepted.is_none()).map(|e| e.severity).max();
    out.push_str(&format!("| | {} | {} |\n|---|---|--:|\n", lang.pick("event", "種類"), lang.pick("count", "件数")));
    for (kind, events) in by_kind(diff) {
        out.push_str(&format!("| {} | {} | {} |\n", mark(worst(kind)), kind_label(kind, lang), events.len()));
    }
    let tail = match lang {
        Lang::En => {
            format!("\n{} records matched, {} unchanged; {} fields changed in words or figures", s.matched, s.unchanged, s.field_changes)
        }
        Lang::Ja => {
            format!("\n対応した取組 {}件、うち差分なし {}件。語句または数値が変わった欄 {}", s.matched, s.unchanged, s.field_changes)
        }
    };
    out.push_str(&tail);
    if s.to_confirm > 0 {
        out.push_str(&format!("; **{} {}**", s.to_confirm, lang.pick("pairs to confirm", "組は対応の確認が必要")));
    }
    if s.accepted > 0 {
        out.push_str(&format!("; {} {}", s.accepted, lang.pick("accepted", "件は承認済")));
    }
    out.push('\n');
    out
}

fn mark(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(Severity::Error) => "❌",
        Some(Severity::Warn) => "⚠️",
        Some(Severity::Info) => "ℹ️",
        None => "✅",
    }
}

/// Returns a section a kind; long kinds are folded.
fn sections(diff: &Diff, lang: Lang) -> Vec<String> {
    by_kind(diff)
        .into_iter()
        .map(|(kind, events)| {
            let folded =
                matches!(kind, EventKind::TextChanged | EventKind::NumeralStyleOnly | EventKind::WhitespaceOnly) || events.len() > 8;
            let mut out = if folded {
                format!("\n<details><summary>{} ({})</summary>\n\n", kind_label(kind, lang), events.len())
            } else {
                format!("\n**{}**\n\n", kind_label(kind, lang))
            };
            out.extend(events.iter().take(SHOWN).map(|e| item(e, lang)));
            if events.len() > SHOWN {
                out.push_str(&format!("- … {} {}\n", events.len() - SHOWN, lang.pick("more", "件省略")));
            }
            if folded {
                out.push_str("\n</details>\n");
            }
            out
        })
        .collect()
}

fn item(event: &Event, lang: Lang) -> String {
    let record = event.side().filter(|_| has_record(event)).map(|s| markdown_text(&cut(&record_label(s, lang), 60)));
    let accepted = event.accepted.as_ref().map(|a| format!(" ✅ {}", markdown_text(&a.reason))).unwrap_or_default();
    let confirm = event.please_confirm.map(|s| format!(" ❓{s:.2}")).unwrap_or_default();
    let field = event.field.as_deref().map(|f| markdown_text(&field_label(f, lang))).unwrap_or_default();
    let place = if event.places.new.is_empty() { places_text(&event.places.old) } else { places_text(&event.places.new) };
    let pages = place.split(' ').filter(|w| w.starts_with("p.")).collect::<Vec<_>>().join(" ");
    let page = if pages.is_empty() { String::new() } else { format!(" <sub>{pages}</sub>") };
    let mut out = match event.kind {
        EventKind::Added | EventKind::Removed => format!("- {}", record.unwrap_or_default()),
        EventKind::LayoutDrift | EventKind::Split | EventKind::Merged => format!("- {}", markdown_text(&cut(&sentence(event, lang), 200))),
        _ if !event.changes.is_empty() => format!("- {} · {field}", record.unwrap_or_default()),
        _ => format!("- {} — {}", record.unwrap_or(field), markdown_text(&cut(&sentence(event, lang), 200))),
    };
    out.push_str(&format!("{page}{confirm}{accepted}\n"));
    for change in event.changes.iter().take(4) {
        let line = match change.op {
            ChangeOp::Added => format!("<ins>{}</ins>", markdown_text(&cut(change.new.as_deref().unwrap_or_default(), 80))),
            ChangeOp::Removed => format!("<del>{}</del>", markdown_text(&cut(change.old.as_deref().unwrap_or_default(), 80))),
            ChangeOp::Moved => format!("↷ {}", markdown_text(&cut(change.new.as_deref().unwrap_or_default(), 80))),
            ChangeOp::Rewritten => excerpt(&change.segments, 8).iter().map(segment).collect(),
        };
        out.push_str(&format!("  - {line}\n"));
    }
    if event.changes.len() > 4 {
        out.push_str(&format!("  - … {} {}\n", event.changes.len() - 4, lang.pick("more", "段落省略")));
    }
    if !event.changes.is_empty() && !event.numbers.is_empty() {
        let numbers: Vec<String> = event.numbers.iter().take(4).map(|n| markdown_text(&cut(&number_text(n), 90))).collect();
        out.push_str(&format!("  - {}\n", numbers.join("; ")));
    }
    out
}

fn segment(s: &Segment) -> String {
    let text = markdown_text(&cut(&s.text, 60));
    match s.op {
        SegmentOp::Equal => text,
        SegmentOp::Delete => format!("<del>{text}</del>"),
        SegmentOp::Insert => format!("<ins>{text}</ins>"),
    }
}
