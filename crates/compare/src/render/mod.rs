//! A diff for people and for machines that watch: terminal, markdown, HTML, JUnit, GitHub annotations. JSON is [`crate::Diff`] itself.
//!
//! *Invariant:* text from a document is inert in each of them.

mod github;
mod html;
mod inert;
mod junit;
mod markdown;
mod terminal;

pub use github::diff_to_github;
pub use html::diffs_to_html;
pub use inert::{html_text, markdown_text, terminal_text};
pub use junit::diffs_to_junit;
pub use markdown::diffs_to_markdown;
pub use terminal::{Style, diff_to_terminal};

use crate::event::{Diff, Event, Mode, Release, Side};
use crate::phrase::{Lang, kind_label};
use crate::tokens::{Segment, SegmentOp};
use jisseki_model::Place;

/// Returns the parts of a rewritten text that changed, with up to `context` characters around each; what is left out becomes `…`.
pub(crate) fn excerpt(segments: &[Segment], context: usize) -> Vec<Segment> {
    let last = segments.len().saturating_sub(1);
    segments
        .iter()
        .enumerate()
        .map(|(i, s)| if s.op == SegmentOp::Equal { shorten(s, context, i > 0, i < last) } else { s.clone() })
        .collect()
}

fn shorten(segment: &Segment, context: usize, keep_head: bool, keep_tail: bool) -> Segment {
    let chars: Vec<char> = segment.text.chars().collect();
    let (head, tail) = (if keep_head { context } else { 0 }, if keep_tail { context } else { 0 });
    if chars.len() <= head + tail + 1 {
        return segment.clone();
    }
    let start: String = chars.iter().take(head).collect();
    let end: String = chars.iter().skip(chars.len() - tail).collect();
    Segment { op: SegmentOp::Equal, text: format!("{start}…{end}") }
}

/// Returns a text cut to `limit` characters.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(limit).collect();
    if chars.next().is_some() { format!("{head}…") } else { head }
}

/// Returns the places of one side for people, the first box of each page: `p.3 412,88–431,97`.
pub(crate) fn places_text(places: &[Place]) -> String {
    let mut pages: Vec<(u32, jisseki_model::Rect)> = Vec::new();
    for p in places {
        match pages.iter_mut().find(|(page, _)| *page == p.page) {
            Some((_, all)) => *all = all.union(p.bbox),
            None => pages.push((p.page, p.bbox)),
        }
    }
    let shown = pages.iter().map(|(page, b)| format!("p.{page} {:.0},{:.0}–{:.0},{:.0}", b.x0, b.y0, b.x1, b.y1));
    shown.collect::<Vec<_>>().join(" ")
}

/// Returns a release for people: `report.pdf (FY2019, final, 11 records)`.
pub(crate) fn release_text(release: &Release, lang: Lang) -> String {
    let year = release.fiscal_year.map(|y| lang.pick(&format!("FY{y}, "), &format!("{y}年度、")).to_owned()).unwrap_or_default();
    let stage = match release.stage {
        Some(jisseki_model::Stage::Final) => lang.pick("final, ", "確定版、"),
        Some(jisseki_model::Stage::Preliminary) => lang.pick("preliminary, ", "速報版、"),
        None => "",
    };
    let records = match lang {
        Lang::En => format!("{} records", release.records),
        Lang::Ja => format!("{}件", release.records),
    };
    format!("{} ({year}{stage}{records})", release.source)
}

/// Returns the mode for people.
pub(crate) fn mode_text(mode: Mode, lang: Lang) -> &'static str {
    match mode {
        Mode::Reissue => lang.pick("re-issue of the same year", "同一年度の再公表"),
        Mode::NextYear => lang.pick("another year's release", "翌年度以降の公表"),
    }
}

/// Returns the counts by kind: `added 1 · removed 1`.
pub(crate) fn counts_text(diff: &Diff, lang: Lang) -> String {
    let counts = crate::EventKind::ALL.iter().filter_map(|k| Some((k, diff.summary.kinds.get(k.name())?)));
    let shown: Vec<String> = counts.map(|(k, n)| format!("{} {n}", kind_label(*k, lang))).collect();
    if shown.is_empty() { lang.pick("no differences", "差分なし").to_owned() } else { shown.join(" · ") }
}

/// Returns the events of each kind that occurs, in reporting order.
pub(crate) fn by_kind(diff: &Diff) -> Vec<(crate::EventKind, Vec<&Event>)> {
    let of = |kind| diff.events.iter().filter(|e| e.kind == kind).collect::<Vec<_>>();
    crate::EventKind::ALL.into_iter().map(|k| (k, of(k))).filter(|(_, e)| !e.is_empty()).collect()
}

/// Returns the value of one side.
pub(crate) fn value(side: &Option<Side>) -> &str {
    side.as_ref().and_then(|s| s.value.as_deref()).unwrap_or_default()
}

/// Tells whether an event is about a whole form or section and names no record.
pub(crate) fn has_record(event: &Event) -> bool {
    event.side().is_some_and(|s| !s.record_id.is_empty())
}
