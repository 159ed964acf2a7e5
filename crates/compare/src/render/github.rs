//! A diff as workflow commands: GitHub shows them as annotations.

use super::{has_record, terminal_text};
use crate::event::Diff;
use crate::phrase::{Lang, kind_label, record_label, sentence};
use jisseki_model::Severity;

/// Returns one workflow command an event that is not accepted; `file` is the new release as the repository names it.
pub fn diff_to_github(diff: &Diff, file: &str, lang: Lang) -> String {
    let mut out = String::new();
    for event in diff.events.iter().filter(|e| e.accepted.is_none()) {
        let level = match event.severity {
            Severity::Info => "notice",
            Severity::Warn => "warning",
            Severity::Error => "error",
        };
        let record = event.side().filter(|_| has_record(event)).map(|s| format!("{}: ", record_label(s, lang))).unwrap_or_default();
        let page = event.places.new.first().or(event.places.old.first()).map(|p| format!(" (p.{})", p.page)).unwrap_or_default();
        let message = format!("{record}{}{page}", sentence(event, lang));
        let title = format!("{} {}", kind_label(event.kind, lang), event.id);
        out.push_str(&format!("::{level} file={},title={}::{}\n", property(file), property(&title), data(&message)));
    }
    out
}

/// Escapes the text of a command; a newline would end it and could begin another.
fn data(text: &str) -> String {
    terminal_text(&text.replace(['\n', '\r'], " ")).replace('%', "%25")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
