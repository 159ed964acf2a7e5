//! `jisseki normalize`: Japanese administrative text in, typed values out.

use anyhow::{Context, bail};
use clap::ValueEnum;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;

use crate::exit::{Exit, Usage};
use crate::input;
use crate::shell::Shell;
use jisseki::model::{CivilDate, Limits};
use jisseki::normalizer::{Mention, ReportContext, Scope, ScopeSource, display, fold, key, keys, mentions, parse_org, stream_mentions};

/// What to read and how to answer.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A UTF-8 text; `-` or none for stdin
    file: Option<PathBuf>,
    /// How the input is cut: one text, a text a line, or a JSON object with `id`, `text` and `context` a line
    #[arg(long, value_enum, default_value_t = InputForm::Text)]
    input: InputForm,
    /// What to answer: mentions (spans in bytes), compact keys (spans in characters), or the folded views
    #[arg(long, value_enum, default_value_t = OutputForm::Json)]
    output: OutputForm,
    /// Fiscal year of the report that the text comes from
    #[arg(long)]
    report_fy: Option<i32>,
}

/// How the input is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum InputForm {
    /// The whole input is one text
    Text,
    /// Every line is a text
    Lines,
    /// Every line is `{"id", "text", "context"}`
    Jsonl,
}

/// What to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputForm {
    /// Mentions as JSON
    Json,
    /// A mention (or a text with its mentions) a line
    Jsonl,
    /// Compact keys
    Keys,
    /// The display view and the scan view
    Views,
}

/// A text with what is known about it.
#[derive(Debug, Deserialize)]
struct Text {
    #[serde(default)]
    id: Value,
    text: String,
    #[serde(default)]
    context: Option<TextContext>,
}

/// What is known about one text.
#[derive(Debug, Clone, Default, Deserialize)]
struct TextContext {
    report_fy: Option<i32>,
    /// The fiscal year of the heading above the text.
    governing_fy: Option<i32>,
    /// The fiscal year of the column that the text stands in.
    column_fy: Option<i32>,
    published: Option<CivilDate>,
    gov_code: Option<String>,
    /// `departments` for the cell of the departments in charge.
    cell: Option<String>,
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let path = args.file.clone().unwrap_or_else(|| PathBuf::from("-"));
    let bytes = input::read(&path, Limits::default().file_bytes)?;
    let Ok(source) = String::from_utf8(bytes.into_vec()) else { bail!(Usage(format!("`{}` is not UTF-8 text", path.display()))) };
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(&source);
    let mut out = shell.out();
    match args.input {
        InputForm::Text => {
            let context = ReportContext { report_fy: args.report_fy, ..ReportContext::default() };
            whole_text(source, &context, args.output, |line| out.line(&line))?;
        }
        InputForm::Lines => {
            for (n, line) in source.lines().enumerate() {
                let text = Text { id: json!(n + 1), text: line.to_owned(), context: None };
                out.line(&one_of_many(&text, args, "line")?)?;
            }
        }
        InputForm::Jsonl => {
            for (n, line) in source.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
                let text: Text =
                    serde_json::from_str(line).with_context(|| format!("line {} is no `{{\"id\", \"text\", \"context\"}}`", n + 1))?;
                out.line(&one_of_many(&text, args, "id")?)?;
            }
        }
    }
    out.end()?;
    Ok(Exit::Ok)
}

/// The mentions of a text in its context.
fn read(text: &Text, args: &Args) -> Vec<Mention> {
    let known = text.context.clone().unwrap_or_default();
    let context =
        ReportContext { report_fy: known.report_fy.or(args.report_fy), published: known.published, gov_code: known.gov_code.clone() };
    if known.cell.as_deref() == Some("departments") {
        return parse_org(&text.text, &context);
    }
    let scope = |fy: Option<i32>, source, anchor: &str| {
        fy.map(|fy| Scope { span: 0..text.text.len(), fy, source, anchor: format!("{anchor}:{fy}") })
    };
    let scopes = [scope(known.governing_fy, ScopeSource::Heading, "heading"), scope(known.column_fy, ScopeSource::Column, "col")];
    mentions(&text.text, &context, &scopes.into_iter().flatten().collect::<Vec<_>>())
}

/// The answer to a whole text, given line by line.
fn whole_text(
    text: &str,
    context: &ReportContext,
    output: OutputForm,
    mut line: impl FnMut(String) -> std::io::Result<()>,
) -> anyhow::Result<()> {
    match output {
        OutputForm::Json => {
            let found = mentions(text, context, &[]);
            line(serde_json::to_string_pretty(&json!(found.iter().map(by_schema).collect::<anyhow::Result<Vec<_>>>()?))?)?;
        }
        // A text of any length: no list of its mentions is kept.
        OutputForm::Jsonl => {
            for mention in stream_mentions(text, context, &[]) {
                line(by_schema(&mention)?.to_string())?;
            }
        }
        OutputForm::Keys => {
            let found = mentions(text, context, &[]);
            let mut at = Characters::new(text);
            for m in &found {
                line(json!({"span": at.span(m), "text": m.text, "key": key(m, &found)}).to_string())?;
            }
        }
        OutputForm::Views => line(views(text).to_string())?,
    }
    Ok(())
}

/// The answer to one of many texts, on one line.
fn one_of_many(text: &Text, args: &Args, name: &str) -> anyhow::Result<String> {
    let answer = match args.output {
        OutputForm::Json | OutputForm::Jsonl => {
            json!({"mentions": read(text, args).iter().map(by_schema).collect::<anyhow::Result<Vec<_>>>()?})
        }
        OutputForm::Keys => json!({"keys": keys(&read(text, args))}),
        OutputForm::Views => views(&text.text),
    };
    let mut line = serde_json::Map::new();
    line.insert(name.to_owned(), text.id.clone());
    if let Value::Object(fields) = answer {
        line.extend(fields);
    }
    Ok(Value::Object(line).to_string())
}

fn views(text: &str) -> Value {
    json!({"display": display(text), "scan": fold(text).scan()})
}

/// A mention as mention.schema.json has it: its span is an object and counts bytes of the source.
fn by_schema(mention: &Mention) -> anyhow::Result<Value> {
    let mut value = serde_json::to_value(mention)?;
    if let Some(fields) = value.as_object_mut() {
        fields.insert("span".to_owned(), json!({"start": mention.span.start, "end": mention.span.end}));
        fields.remove("places");
    }
    Ok(value)
}

/// Turns byte positions into character positions, going forward through the text once.
struct Characters<'a> {
    text: &'a str,
    byte: usize,
    character: usize,
}

impl<'a> Characters<'a> {
    fn new(text: &'a str) -> Characters<'a> {
        Characters { text, byte: 0, character: 0 }
    }

    /// The span of a mention in characters; mentions come in the order of their starts.
    fn span(&mut self, mention: &Mention) -> [usize; 2] {
        let count = |from: usize, to: usize| self.text.get(from..to).map_or(0, |s| s.chars().count());
        self.character += count(self.byte, mention.span.start);
        self.byte = mention.span.start;
        [self.character, self.character + count(mention.span.start, mention.span.end)]
    }
}
