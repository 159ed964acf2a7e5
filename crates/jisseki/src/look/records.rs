//! The records and their values as HTML, each linked to its boxes.

use std::collections::BTreeMap;
use std::fmt::Write;

use jisseki_compare::Lang;
use jisseki_compare::render::html_text;
use jisseki_model::{Block, Initiative, Mention, Paragraph, Place};

use super::Links;

/// Writes every record.
pub(super) fn records(out: &mut String, all: &[Initiative], links: &mut Links, lang: Lang) {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    all.iter().for_each(|r| *numbers.entry(&r.number_label).or_default() += 1);
    for r in all {
        // A number that stands twice (once a section) is no name for a record.
        let key = if numbers.get(r.number_label.as_str()) == Some(&1) { &r.number_label } else { &r.record_id };
        Writer { out: &mut *out, links: &mut *links, lang, key: html_text(key) }.record(r);
    }
}

struct Writer<'a> {
    out: &'a mut String,
    links: &'a mut Links,
    lang: Lang,
    key: String,
}

impl Writer<'_> {
    fn record(&mut self, r: &Initiative) {
        let key = self.key.clone();
        let _ = writeln!(self.out, "<article id=\"{key}\">");
        if let Some(s) = &r.section {
            let value = self.links.value(&s.places, "f-section", &s.title);
            let _ = writeln!(self.out, "<small id=\"{key}/section\"{value}>{} {}</small>", html_text(&s.label), html_text(&s.title));
        }
        let value = self.links.value(&r.title.places, "f-title", &r.title.text);
        let label = [r.number_label.as_str(), r.sub_label.as_deref().unwrap_or("")].join(" ");
        let text = self.marked(&r.title.text, &r.title.mentions);
        let _ =
            writeln!(self.out, "<h3 id=\"{key}/title\"{value}>{} {text} <small>{:.2}</small></h3>", html_text(label.trim()), r.confidence);
        self.schedule(r);
        self.blocks("results", "results", "取組実績", &r.results);
        if let Some(a) = &r.achievement {
            self.heading("achievement", "achievement", "取組達成度");
            let value = self.links.value(&a.places, "f-achievement", &a.status);
            let text = self.marked(&a.text, &a.mentions);
            let _ = writeln!(self.out, "<p{value}>{text} <small>{}</small></p>\n</section>", html_text(&a.status));
        }
        self.blocks("status", "status", "取組状況", &r.status);
        if !r.departments.is_empty() {
            self.heading("departments", "departments", "担当課");
            for d in &r.departments {
                let value = self.links.value(&d.places, "f-departments", &d.path.join(" / "));
                let _ = writeln!(self.out, "<p{value}>{}</p>", html_text(&[d.headings.join(" "), d.text.clone()].join(" ")));
            }
            self.out.push_str("</section>\n");
        }
        self.blocks("outlook", "outlook", "成果と課題・今後の方向性", &r.outlook);
        for (header, blocks) in &r.extra {
            self.blocks("extra", header, header, blocks);
        }
        self.out.push_str("</article>\n");
    }

    fn heading(&mut self, field: &str, en: &str, ja: &str) {
        let name = html_text(self.lang.pick(en, ja));
        let _ = writeln!(self.out, "<section class=\"f-{field}\" id=\"{}/{}\">\n<h4>{name}</h4>", self.key, html_text(en));
    }

    fn schedule(&mut self, r: &Initiative) {
        let Some(schedule) = r.schedule.as_ref().filter(|s| !s.items.is_empty()) else { return };
        self.heading("schedule", "schedule", "工程");
        for item in &schedule.items {
            let value = self.links.value(&item.places, "f-schedule", &item.text);
            let text = self.marked(&item.text, &item.mentions);
            let _ = writeln!(self.out, "<p{value}>{text}</p>");
            for p in &item.phases {
                let span = match (p.start_fiscal_year, p.end_fiscal_year) {
                    (Some(a), Some(b)) if a != b => format!("{a}–{b}"),
                    (Some(a), _) => a.to_string(),
                    _ => String::new(),
                };
                let value = self.links.value(&p.places, "f-phase", &format!("{} {span}", p.text));
                let _ = writeln!(
                    self.out,
                    "<p class=\"level2\"{value}>{} <small>{span} {}</small></p>",
                    html_text(&p.text),
                    html_text(&p.code)
                );
            }
        }
        self.out.push_str("</section>\n");
    }

    fn blocks(&mut self, field: &str, en: &str, ja: &str, blocks: &[Block]) {
        if blocks.is_empty() {
            return;
        }
        self.heading(field, en, ja);
        for b in blocks {
            for (i, h) in b.headings.iter().enumerate() {
                let places: &[Place] = b.heading_places.get(i).map(std::slice::from_ref).unwrap_or_default();
                let value = self.links.value(places, &format!("f-{field}"), h);
                let _ = writeln!(self.out, "<p class=\"head\"{value}>{}</p>", html_text(h));
            }
            b.paragraphs.iter().for_each(|p| self.paragraph(field, p));
        }
        self.out.push_str("</section>\n");
    }

    fn paragraph(&mut self, field: &str, p: &Paragraph) {
        let value = self.links.value(&p.places, &format!("f-{field}"), &p.text);
        let marker = p.marker.as_deref().map_or(String::new(), html_text);
        let text = self.marked(&p.text, &p.mentions);
        let _ = writeln!(self.out, "<p class=\"level{}\"{value}>{marker}{text}</p>", p.level.min(3));
    }

    /// The text with its typed values marked; of values within values the outer one.
    fn marked(&mut self, text: &str, mentions: &[Mention]) -> String {
        let keys = jisseki_normalizer::keys(mentions);
        let mut order: Vec<(&Mention, &String)> = mentions.iter().zip(&keys).filter(|(m, _)| !m.span.is_empty()).collect();
        order.sort_by_key(|(m, _)| (m.span.start, std::cmp::Reverse(m.span.end)));
        let chars: Vec<char> = text.chars().collect();
        let piece = |from: usize, to: usize| html_text(&chars.get(from..to).unwrap_or_default().iter().collect::<String>());
        let mut out = String::new();
        let mut at = 0;
        for (m, key) in order {
            if m.span.start < at || m.span.end > chars.len() {
                continue;
            }
            out.push_str(&piece(at, m.span.start));
            let value = self.links.value(&m.places, "mention", key);
            let _ = write!(out, "<mark title=\"{}\"{value}>{}</mark>", html_text(key), piece(m.span.start, m.span.end));
            at = m.span.end;
        }
        out + &piece(at, chars.len())
    }
}
