//! One self-contained HTML file to check a report by eye: left the records and their values, right the pages as this program saw them.
//!
//! Goes in: a report and its drawn pages; with a second report, what changed between the two. Comes out: HTML that opens from a disk without a network.
//! A value and its boxes are linked both ways by `data-v`; `#2/results` is the anchor of a record's field.
//!
//! *Invariant:* the page's policy allows nothing but the one script and the one style sheet in it, each named by its hash; all text is escaped.

mod page;
mod records;

pub use page::page_to_picture;

use std::collections::BTreeMap;
use std::fmt::Write;

use jisseki_compare::render::html_text;
use jisseki_compare::{Diff, Event, Lang};
use jisseki_model::{Place, Report, Severity, Warning};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("look.css");
const SCRIPT: &str = include_str!("look.js");

/// The layers that can be switched: class in the picture, English and Japanese name, whether it is shown at first.
const LAYERS: [(&str, &str, &str, bool); 9] = [
    ("boxes", "fields", "欄", true),
    ("glyphs", "text", "文字", true),
    ("paths", "lines and fills", "罫線・塗り", true),
    ("cells", "cells", "セル", false),
    ("rulings", "rulings", "罫線（補正後）", false),
    ("shapes", "arrows", "矢印", true),
    ("order", "reading order", "読み順", false),
    ("hidden", "hidden text", "隠れた文字", false),
    ("unowned", "unowned", "所属なし", true),
];

/// A report with its pages, each drawn by [`page_to_picture`] under its number.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// The report.
    pub report: &'a Report,
    /// Page number and picture.
    pub pages: &'a [(u32, String)],
}

/// What changed since an earlier release.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    /// The earlier release.
    pub sheet: Sheet<'a>,
    /// The changes.
    pub diff: &'a Diff,
}

/// Returns the HTML of a report; with an earlier release, its changes first and both releases' pages side by side.
pub fn report_to_html(sheet: Sheet<'_>, earlier: Option<Earlier<'_>>, lang: Lang) -> String {
    let mut links = Links::new("n");
    let mut before = Links::new("o");
    let mut left = String::new();
    if let Some(earlier) = &earlier {
        events(&mut left, &earlier.diff.events, &mut before, &mut links, lang);
    }
    records::records(&mut left, &sheet.report.initiatives, &mut links, lang);
    warnings(&mut left, sheet.report, &mut links, lang);
    let mut sides = String::new();
    if let Some(earlier) = &earlier {
        // The earlier records' boxes are drawn with their tooltips; the values themselves are listed for the new release.
        records::records(&mut String::new(), &earlier.sheet.report.initiatives, &mut before, lang);
        side(&mut sides, earlier.sheet, &before, "o");
    }
    side(&mut sides, sheet, &links, "n");
    let title = html_text(sheet.report.document.title.as_deref().unwrap_or(&sheet.report.document.source.name));
    let layer_rules: String = LAYERS.iter().fold(String::new(), |mut css, (class, ..)| {
        let _ = writeln!(css, ".no-{class} g.{class}{{display:none}}");
        css
    });
    let style = format!("{STYLE}{layer_rules}{}", crate::draw::STYLE);
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(&style)),
        base64(&Sha256::digest(SCRIPT))
    );
    let language = lang.pick("en", "ja");
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n{}\
         <main>\n<div id=\"left\">\n{left}</div>\n<div class=\"sides\">\n{sides}</div>\n</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        header(sheet.report, &title, lang)
    )
}

/// Values and their boxes: gives ids, keeps the boxes of each page.
struct Links {
    prefix: &'static str,
    next: usize,
    boxes: BTreeMap<u32, String>,
}

impl Links {
    fn new(prefix: &'static str) -> Links {
        Links { prefix, next: 0, boxes: BTreeMap::new() }
    }
    /// Returns the attribute of a value that lies at the places; nothing for a value without ink.
    fn value(&mut self, places: &[Place], class: &str, tooltip: &str) -> String {
        if places.is_empty() {
            return String::new();
        }
        self.next += 1;
        let id = format!("{}{}", self.prefix, self.next);
        self.boxes_of(&id, places, class, tooltip);
        format!(" data-v=\"{id}\" tabindex=\"0\"")
    }
    fn boxes_of(&mut self, id: &str, places: &[Place], class: &str, tooltip: &str) {
        for p in places {
            let b = &p.bbox;
            let (w, h) = (b.width().max(0.0), b.height().max(0.0));
            let svg = self.boxes.entry(p.page).or_default();
            let _ = writeln!(
                svg,
                "<rect class=\"{class}\" data-v=\"{id}\" x=\"{:.2}\" y=\"{:.2}\" width=\"{w:.2}\" height=\"{h:.2}\"><title>{}</title></rect>",
                b.x0,
                b.y0,
                html_text(tooltip)
            );
        }
    }
}

fn header(report: &Report, title: &str, lang: Lang) -> String {
    let d = &report.document;
    let c = &report.coverage;
    let mut out = format!("<header>\n<h1>{title}</h1>\n");
    let counts = match lang {
        Lang::En => {
            format!("{} · {} pages · {} records · {} glyphs", html_text(&d.source.name), d.source.pages, report.initiatives.len(), c.glyphs)
        }
        Lang::Ja => {
            format!("{}・{}ページ・取組{}件・文字{}", html_text(&d.source.name), d.source.pages, report.initiatives.len(), c.glyphs)
        }
    };
    let _ = writeln!(out, "<p>{counts}</p>");
    let class = if c.unassigned > 0 { "bad" } else { "good" };
    let _ = writeln!(out, "<p class=\"{class}\">{} {}</p>", lang.pick("unowned:", "所属なし:"), c.unassigned);
    out.push_str("<div class=\"controls layers\">\n");
    for (class, en, ja, shown) in LAYERS {
        let checked = if shown { " checked" } else { "" };
        let _ = writeln!(out, "<label><input type=\"checkbox\" data-layer=\"{class}\"{checked}> {}</label>", lang.pick(en, ja));
    }
    let (find, keys) = (
        lang.pick("filter records", "取組を絞り込む"),
        lang.pick(
            "keys: j k record, n p value, / filter, 1–9 layers, + − zoom, Esc",
            "キー: j k 取組、n p 値、/ 絞り込み、1–9 表示、+ − 倍率、Esc",
        ),
    );
    let _ = writeln!(
        out,
        "</div>\n<div class=\"controls\"><input type=\"search\" id=\"filter\" placeholder=\"{find}\"> <button id=\"out\">−</button> <button id=\"in\">+</button> <small>{keys}</small></div>\n</header>"
    );
    out
}

/// The changes, each linked to its places in both releases.
fn events(out: &mut String, events: &[Event], before: &mut Links, after: &mut Links, lang: Lang) {
    let _ = writeln!(out, "<article>\n<h3>{}</h3>\n<ol class=\"list\">", lang.pick("Changes", "変更点"));
    for (k, e) in events.iter().enumerate() {
        let id = format!("e{k}");
        let kind = lang.pick(e.kind.label_en(), e.kind.label_ja());
        before.boxes_of(&id, &e.places.old, "change", kind);
        after.boxes_of(&id, &e.places.new, "change", kind);
        let side = e.new.as_ref().or(e.old.as_ref());
        let about = side.map_or(String::new(), |s| format!("{} {}", s.number_label, s.title));
        let value = |value: Option<&String>, tag: &str| value.map_or(String::new(), |v| format!(" <{tag}>{}</{tag}>", html_text(v)));
        let _ = writeln!(
            out,
            "<li id=\"change/{k}\" class=\"{}\" data-v=\"{id}\" tabindex=\"0\"><b>{kind}</b> {}{}{}</li>",
            severity_class(e.severity),
            html_text(&about),
            value(e.old.as_ref().and_then(|s| s.value.as_ref()), "del"),
            value(e.new.as_ref().and_then(|s| s.value.as_ref()), "ins")
        );
    }
    out.push_str("</ol>\n</article>\n");
}

/// Everything that was noticed, each linked to its place.
fn warnings(out: &mut String, report: &Report, links: &mut Links, lang: Lang) {
    let all: Vec<&Warning> = report.warnings.iter().chain(report.initiatives.iter().flat_map(|r| &r.warnings)).collect();
    let _ = writeln!(out, "<article id=\"warnings\">\n<h3>{} ({})</h3>\n<ul class=\"list\">", lang.pick("Warnings", "警告"), all.len());
    for (k, w) in all.into_iter().enumerate() {
        let places: Vec<Place> = w.page.zip(w.bbox).map(|(page, bbox)| Place { page, bbox }).into_iter().collect();
        let label = jisseki_model::code_named(&w.code).map_or("", |c| lang.pick(c.label_en, c.label_ja));
        let attribute = links.value(&places, "warning", label);
        let page = w.page.map_or(String::new(), |p| format!(" <small>p. {p}</small>"));
        let _ = writeln!(
            out,
            "<li id=\"warnings/{k}\" class=\"{}\"{attribute}><b>{}</b> {label}: {}{page}</li>",
            severity_class(w.severity),
            html_text(&w.code),
            html_text(&w.message)
        );
    }
    out.push_str("</ul>\n</article>\n");
}

fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warn => "warn",
        Severity::Error => "error",
    }
}

/// The pages of one release, the boxes of its values laid over them.
fn side(out: &mut String, sheet: Sheet<'_>, links: &Links, prefix: &str) {
    let name = html_text(&sheet.report.document.source.name);
    let _ = writeln!(out, "<div class=\"side\">\n<h2>{name}</h2>");
    for (number, picture) in sheet.pages {
        let boxes = links.boxes.get(number).map_or("", String::as_str);
        let inner = picture.trim_end().strip_suffix("</svg>").unwrap_or(picture);
        let _ = writeln!(
            out,
            "<figure id=\"{prefix}-page-{number}\"><figcaption>p. {number}</figcaption>{inner}<g class=\"boxes\">\n{boxes}</g></svg></figure>"
        );
    }
    out.push_str("</div>\n");
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().chain([0, 0].iter()).take(3).fold(0u32, |w, b| w << 8 | u32::from(*b));
        for i in 0..4 {
            let digit = DIGITS[(word >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests;
