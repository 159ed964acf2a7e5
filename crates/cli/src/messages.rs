//! Messages on stderr: code, one sentence, place, what to try.

use std::io::Write;

use serde_json::json;

use crate::codes::code_named;
use crate::exit::Exit;
use crate::shell::{Lang, MessageFormat};
use crate::visible::{visible, visible_line};
use jisseki::model::{Severity, Warning};

/// One message.
#[derive(Debug, Clone)]
pub(crate) struct Message<'a> {
    severity: Severity,
    code: &'a str,
    text: &'a str,
    source: Option<&'a str>,
    page: Option<u32>,
    bbox: Option<[f64; 4]>,
}

impl<'a> Message<'a> {
    /// A message about an input as a whole, or about none.
    pub(crate) fn new(severity: Severity, code: &'a str, text: &'a str, source: Option<&'a str>) -> Message<'a> {
        Message { severity, code, text, source, page: None, bbox: None }
    }
    /// A warning of the libraries about the file `source`.
    pub(crate) fn of_warning(w: &'a Warning, source: &'a str) -> Message<'a> {
        let bbox = w.bbox.map(|b| [b.x0, b.y0, b.x1, b.y1]);
        Message { severity: w.severity, code: &w.code, text: &w.message, source: Some(source), page: w.page, bbox }
    }
}

/// How to say messages.
#[derive(Debug)]
pub(crate) struct Messages {
    pub(crate) format: MessageFormat,
    pub(crate) colors: bool,
    pub(crate) lang: Lang,
    pub(crate) quiet: bool,
}

impl Messages {
    /// Says a message, unless it is no error and the run is quiet.
    pub(crate) fn say(&self, m: &Message<'_>) {
        if self.quiet && m.severity != Severity::Error {
            return;
        }
        self.write(&match self.format {
            MessageFormat::Text => self.text(m),
            MessageFormat::Json => self.json(m),
            MessageFormat::Github => github(m),
        });
    }
    /// Says warnings of one input. In the form for people, those of one code are one message at the place of the first.
    pub(crate) fn say_all<'w>(&self, warnings: impl Iterator<Item = &'w Warning>, source: &str) {
        let all: Vec<&Warning> = warnings.collect();
        if self.format != MessageFormat::Text {
            all.iter().for_each(|w| self.say(&Message::of_warning(w, source)));
            return;
        }
        for (i, w) in all.iter().enumerate() {
            if all.iter().take(i).any(|earlier| earlier.code == w.code) {
                continue;
            }
            let more = all.iter().skip(i + 1).filter(|later| later.code == w.code).count();
            let text = match (more, self.lang) {
                (0, _) => w.message.clone(),
                (n, Lang::En) => format!("{} (and {n} more like it)", w.message),
                (n, Lang::Ja) => format!("{}、ほか同種{n}件", w.message),
            };
            self.say(&Message { text: &text, ..Message::of_warning(w, source) });
        }
    }
    /// Says a remark; programs don't need it.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet && self.format == MessageFormat::Text {
            self.write(&visible(text));
        }
    }
    fn write(&self, text: &str) {
        // Nobody is left to tell where stderr is closed.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
    fn text(&self, m: &Message<'_>) -> String {
        let (word, color) = match (m.severity, self.lang) {
            (Severity::Error, Lang::En) => ("error", "31"),
            (Severity::Error, Lang::Ja) => ("エラー", "31"),
            (Severity::Warn, Lang::En) => ("warning", "33"),
            (Severity::Warn, Lang::Ja) => ("警告", "33"),
            (Severity::Info, Lang::En) => ("info", "36"),
            (Severity::Info, Lang::Ja) => ("情報", "36"),
        };
        let paint = |style: &str, text: &str| if self.colors { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() };
        let code = code_named(m.code);
        let sentence = match (self.lang, code) {
            (Lang::Ja, Some(c)) if !c.label_ja.is_empty() => format!("{}（{}）", c.label_ja, visible_line(m.text)),
            _ => visible_line(m.text),
        };
        let mut text = format!("{}: {sentence}", paint(&format!("1;{color}"), &format!("{word}[{}]", m.code)));
        if let Some(source) = m.source {
            text.push_str(&format!("\n  --> {}{}", visible_line(source), self.place(m)));
        }
        if let Some(hint) = code.map(|c| c.hint).filter(|h| !h.is_empty() && m.severity != Severity::Info) {
            let (word, hint) = match self.lang {
                Lang::En => ("hint", hint),
                Lang::Ja => ("ヒント", crate::commands::explain::in_japanese(m.code).map_or(hint, |(_, h)| h)),
            };
            text.push_str(&format!("\n{}: {hint}", paint("1", word)));
        }
        text
    }
    fn place(&self, m: &Message<'_>) -> String {
        let page = m.page.map(|p| if self.lang == Lang::Ja { format!(" {p}ページ") } else { format!(" page {p}") });
        let bbox = m.bbox.map(|[x0, y0, x1, y1]| format!(", {x0:.1},{y0:.1}–{x1:.1},{y1:.1} pt"));
        page.unwrap_or_default() + &bbox.unwrap_or_default()
    }
    fn json(&self, m: &Message<'_>) -> String {
        let hint = code_named(m.code).map(|c| c.hint);
        json!({"type": "message", "severity": m.severity, "code": m.code, "message": m.text, "source": m.source, "page": m.page,
               "bbox": m.bbox.map(|b| b.map(|v| (v * 100.0).round() / 100.0)), "hint": hint})
        .to_string()
    }
}

/// Writes a workflow command as GitHub documents it: `%`, CR and LF escaped, `:` and `,` too in properties.
fn github(m: &Message<'_>) -> String {
    let data = |s: &str| s.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |s: &str| data(s).replace(':', "%3A").replace(',', "%2C");
    let word = match m.severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "notice",
    };
    let file = m.source.map(|s| format!("file={},", property(&visible(s)))).unwrap_or_default();
    let page = m.page.map(|p| format!("page {p}: ")).unwrap_or_default();
    format!("::{word} {file}title={}::{}", property(m.code), data(&visible(&format!("{page}{}", m.text))))
}

/// Prints what clap has to say: help and version on stdout, mistakes on stderr.
pub(crate) fn usage(e: &clap::Error) -> Exit {
    let _ = e.print();
    if e.use_stderr() { Exit::Usage } else { Exit::Ok }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jisseki::model::{Place, Rect};

    fn check(format: MessageFormat, lang: Lang, expected: &str) {
        let warning = Warning::new("layout/unassigned", "3 glyphs lie outside every cell: `a\u{1b}b`")
            .at(Place { page: 2, bbox: Rect::new(412.1, 88.0, 431.5, 97.2) });
        let messages = Messages { format, colors: false, lang, quiet: false };
        let m = Message::of_warning(&warning, "r1_actions.pdf");
        let text = match format {
            MessageFormat::Text => messages.text(&m),
            MessageFormat::Json => messages.json(&m),
            MessageFormat::Github => github(&m),
        };
        assert!(text.starts_with(expected), "{text}");
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn a_message_says_code_sentence_place_and_hint() {
        check(
            MessageFormat::Text,
            Lang::En,
            "warning[layout/unassigned]: 3 glyphs lie outside every cell: `a\\u{1b}b`\n  --> r1_actions.pdf page 2, 412.1,88.0–431.5,97.2 pt\nhint: ",
        );
        check(MessageFormat::Text, Lang::Ja, "警告[layout/unassigned]: 所属のない文字（3 glyphs");
        check(MessageFormat::Json, Lang::En, "{\"bbox\":[412.1,88.0,431.5,97.2],\"code\":\"layout/unassigned\"");
        check(MessageFormat::Github, Lang::En, "::warning file=r1_actions.pdf,title=layout/unassigned::page 2: 3 glyphs");
    }
}
