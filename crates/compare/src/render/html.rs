//! A diff as one self-contained HTML file: both releases side by side, each change with its page and box.
//!
//! No script, no network: filters are checkboxes and CSS. All text is escaped, and the policy forbids everything but the style below.

use super::{by_kind, counts_text, has_record, html_text, mode_text, places_text, release_text, value};
use crate::event::{ChangeOp, Diff, Event, EventKind, ParagraphChange};
use crate::phrase::{Lang, field_label, kind_label, number_text, record_label, sentence};
use crate::tokens::{Segment, SegmentOp, texts_to_segments};
use jisseki_model::{Place, Severity};
use std::collections::BTreeMap;

const STYLE: &str = include_str!("html.css");

/// Returns the page for one or more diffs. `page_size` gives width and height in points of the old and the new release's pages, for the little maps.
pub fn diffs_to_html(diffs: &[Diff], page_sizes: &[[(f64, f64); 2]], lang: Lang) -> String {
    let title = lang.pick("Differences between releases", "公表資料の差分");
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" \
         content=\"no-referrer\">\n<title>{title}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n<h1>{title}</h1>\n",
        lang.pick("en", "ja")
    );
    let kinds: Vec<EventKind> =
        EventKind::ALL.into_iter().filter(|k| diffs.iter().any(|d| d.events.iter().any(|e| e.kind == *k))).collect();
    out.push_str(&filters(&kinds, lang));
    for (i, diff) in diffs.iter().enumerate() {
        let sizes = page_sizes.get(i).copied().unwrap_or([(595.0, 842.0); 2]);
        out.push_str(&diff_section(diff, sizes, lang));
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// A checkbox a kind; unchecked kinds vanish by CSS.
fn filters(kinds: &[EventKind], lang: Lang) -> String {
    let mut out = String::from("<form class=\"filters\">\n");
    let mut rules = String::from("<style>\n");
    for kind in kinds {
        let name = kind.name();
        out.push_str(&format!("<label><input type=\"checkbox\" id=\"f-{name}\" checked> {}</label>\n", kind_label(*kind, lang)));
        rules.push_str(&format!("body:has(#f-{name}:not(:checked)) .k-{name} {{ display: none }}\n"));
    }
    format!("{out}</form>\n{rules}</style>\n")
}

fn diff_section(diff: &Diff, sizes: [(f64, f64); 2], lang: Lang) -> String {
    let mut out = format!(
        "<section class=\"diff\">\n<header class=\"pair\"><div><small>{}</small>{}</div><div><small>{}</small>{}</div></header>\n<p class=\"counts\">{} · {}</p>\n",
        lang.pick("earlier", "前回"),
        release_head(&diff.old, lang),
        lang.pick("later", "今回"),
        release_head(&diff.new, lang),
        mode_text(diff.mode, lang),
        counts_text(diff, lang)
    );
    let s = &diff.summary;
    out.push_str(&match lang {
        Lang::En => format!(
            "<p class=\"counts\">{} records matched, {} without a difference; {} to confirm; {} accepted.</p>\n",
            s.matched, s.unchanged, s.to_confirm, s.accepted
        ),
        Lang::Ja => format!(
            "<p class=\"counts\">対応した取組 {}件、差分なし {}件、要確認 {}件、承認済 {}件</p>\n",
            s.matched, s.unchanged, s.to_confirm, s.accepted
        ),
    });
    for (kind, events) in by_kind(diff).iter().filter(|(k, _)| is_structure(*k)) {
        out.push_str(&format!("<h2 class=\"k-{}\">{} <small>{}</small></h2>\n", kind.name(), kind_label(*kind, lang), events.len()));
        events.iter().for_each(|e| out.push_str(&event_card(e, sizes, lang, true)));
    }
    for (label, events) in by_record(diff, lang) {
        let kinds: Vec<String> = events.iter().map(|e| format!("k-{}", e.kind.name())).collect();
        // A record's heading goes with the last of its kinds; with one kind it can go too.
        let class = if kinds.iter().all(|k| Some(k) == kinds.first()) { kinds.first().cloned().unwrap_or_default() } else { String::new() };
        out.push_str(&format!("<h2 class=\"record {class}\">{label}</h2>\n"));
        events.iter().for_each(|e| out.push_str(&event_card(e, sizes, lang, false)));
    }
    out.push_str("</section>\n");
    out
}

fn release_head(release: &crate::event::Release, lang: Lang) -> String {
    let title = release.title.as_deref().unwrap_or_default();
    format!("<b>{}</b><span>{}</span>", html_text(title), html_text(&release_text(release, lang)))
}

fn is_structure(kind: EventKind) -> bool {
    matches!(kind, EventKind::LayoutDrift | EventKind::Added | EventKind::Removed | EventKind::Split | EventKind::Merged)
}

/// The events within records, grouped, in the order of the new release.
fn by_record(diff: &Diff, lang: Lang) -> Vec<(String, Vec<&Event>)> {
    let mut order = Vec::new();
    let mut groups: BTreeMap<String, (String, Vec<&Event>)> = BTreeMap::new();
    for event in diff.events.iter().filter(|e| !is_structure(e.kind)) {
        let side = event.side();
        let key = side.map(|s| s.record_id.clone()).unwrap_or_default();
        let label = side
            .filter(|_| has_record(event))
            .map_or_else(|| field_label(event.field.as_deref().unwrap_or_default(), lang), |s| record_label(s, lang));
        let number = side.and_then(|s| s.number).unwrap_or(i64::MAX);
        groups.entry(key.clone()).or_insert_with(|| {
            order.push((number, order.len(), key.clone()));
            (html_text(&label), Vec::new())
        });
        if let Some((_, list)) = groups.get_mut(&key) {
            list.push(event);
        }
    }
    order.sort();
    order.into_iter().filter_map(|(_, _, key)| groups.remove(&key)).collect()
}

fn event_card(event: &Event, sizes: [(f64, f64); 2], lang: Lang, with_record: bool) -> String {
    let severity = match event.severity {
        Severity::Info => "info",
        Severity::Warn => "warn",
        Severity::Error => "error",
    };
    let accepted = if event.accepted.is_some() { " accepted" } else { "" };
    let field = event.field.as_deref().filter(|_| event.kind != EventKind::LayoutDrift).map(|f| field_label(f, lang)).unwrap_or_default();
    let field = if field.is_empty() { String::new() } else { format!(" · {}", html_text(&field)) };
    let mut out = format!(
        "<article class=\"event {severity}{accepted} k-{}\" id=\"e-{}\">\n<p class=\"what\"><b>{}</b>{field} <code>{}</code></p>\n",
        event.kind.name(),
        html_text(&event.id),
        kind_label(event.kind, lang),
        html_text(&event.id)
    );
    if let Some(score) = event.please_confirm {
        out.push_str(&format!(
            "<p class=\"confirm\">{} ({score:.2})</p>\n",
            lang.pick("please confirm that both are one initiative", "同一の取組か確認してください")
        ));
    }
    if let Some(a) = &event.accepted {
        out.push_str(&format!(
            "<p class=\"note\">{}: {} ({} {})</p>\n",
            lang.pick("accepted", "承認済"),
            html_text(&a.reason),
            lang.pick("until", "期限"),
            html_text(&a.until)
        ));
    }
    if event.changes.is_empty() {
        out.push_str(&values_row(event, sizes, lang, with_record));
    }
    event.changes.iter().for_each(|c| out.push_str(&change_row(c, sizes, lang)));
    let figures: Vec<String> = event.numbers.iter().map(|n| format!("<li>{}</li>", html_text(&number_text(n)))).collect();
    if !figures.is_empty() {
        out.push_str(&format!("<ul class=\"figures\">{}</ul>\n", figures.concat()));
    }
    out.push_str("</article>\n");
    out
}

fn values_row(event: &Event, sizes: [(f64, f64); 2], lang: Lang, with_record: bool) -> String {
    let cell = |old: bool| {
        let side = if old { &event.old } else { &event.new };
        let Some(s) = side else { return String::new() };
        let text = if with_record && !s.record_id.is_empty() { record_label(s, lang) } else { value(side).to_owned() };
        let tag = if old { "del" } else { "ins" };
        if text.is_empty() { "<span class=\"none\">∅</span>".to_owned() } else { format!("<{tag}>{}</{tag}>", html_text(&text)) }
    };
    if event.kind == EventKind::LayoutDrift {
        let aspect = html_text(&sentence(event, lang));
        return format!("<p>{aspect}</p>\n{}", row(&cell(true), &cell(false), &[], &[], sizes));
    }
    if matches!(event.kind, EventKind::Retitled | EventKind::AchievementChanged | EventKind::DepartmentChanged) {
        let segments = texts_to_segments(value(&event.old), value(&event.new));
        let side = |skip: SegmentOp| segments.iter().filter(|s| s.op != skip).map(segment).collect::<String>();
        return row(&side(SegmentOp::Insert), &side(SegmentOp::Delete), &event.places.old, &event.places.new, sizes);
    }
    row(&cell(true), &cell(false), &event.places.old, &event.places.new, sizes)
}

fn change_row(change: &ParagraphChange, sizes: [(f64, f64); 2], lang: Lang) -> String {
    let whole = |text: &Option<String>, tag: &str| text.as_deref().map(|t| format!("<{tag}>{}</{tag}>", html_text(t))).unwrap_or_default();
    let side = |skip: SegmentOp| change.segments.iter().filter(|s| s.op != skip).map(segment).collect::<String>();
    let spot = |s: &Option<crate::event::Spot>| {
        let text =
            |s: &crate::event::Spot| format!("<small class=\"spot\">↷ {} {}</small> ", html_text(&field_label(&s.field, lang)), s.position);
        s.as_ref().map(text).unwrap_or_default()
    };
    let (a, b) = match change.op {
        ChangeOp::Added => (String::new(), whole(&change.new, "ins")),
        ChangeOp::Removed => (whole(&change.old, "del"), String::new()),
        _ if !change.segments.is_empty() => (side(SegmentOp::Insert), side(SegmentOp::Delete)),
        _ => (whole(&change.old, "span"), whole(&change.new, "span")),
    };
    let (a, b) = (format!("{}{a}", spot(&change.from)), format!("{}{b}", spot(&change.to)));
    row(&a, &b, &change.places.old, &change.places.new, sizes)
}

fn segment(s: &Segment) -> String {
    let text = html_text(&s.text);
    match s.op {
        SegmentOp::Equal => text,
        SegmentOp::Delete => format!("<del>{text}</del>"),
        SegmentOp::Insert => format!("<ins>{text}</ins>"),
    }
}

fn row(a: &str, b: &str, old: &[Place], new: &[Place], sizes: [(f64, f64); 2]) -> String {
    let [x, y] = sizes;
    format!("<div class=\"pair row\"><div>{}<p>{a}</p></div><div>{}<p>{b}</p></div></div>\n", map(old, x), map(new, y))
}

/// A little map of the page with the boxes lit, and their coordinates as text.
fn map(places: &[Place], (width, height): (f64, f64)) -> String {
    let Some(page) = places.first().map(|p| p.page) else { return String::new() };
    let (w, h) = (width.max(1.0), height.max(1.0));
    let rects: String = places
        .iter()
        .filter(|p| p.page == page)
        .take(200)
        .map(|p| {
            let b = p.bbox;
            format!("<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>", b.x0, b.y0, b.width().max(4.0), b.height().max(4.0))
        })
        .collect();
    let label = html_text(&places_text(places));
    format!(
        "<figure title=\"{label}\"><svg viewBox=\"0 0 {w:.0} {h:.0}\" role=\"img\" aria-label=\"{label}\"><rect class=\"page\" width=\"{w:.0}\" height=\"{h:.0}\"/>{rects}</svg><figcaption>{label}</figcaption></figure>"
    )
}
