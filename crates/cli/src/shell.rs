//! What a command knows of its surroundings: streams, colors, the language, the form of messages.

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Write};

use clap::ValueEnum;

use crate::exit::{Exit, Usage};
use crate::messages::{Message, Messages};
use crate::visible::visible;
use jisseki::dataset::{report_to_json, write_report};
use jisseki::model::{Report, Severity, Warning};

/// Options that every command takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Globals {
    /// Language of help and messages [default: by the locale]
    #[arg(long, global = true, value_enum, help_heading = "Global options")]
    pub(crate) lang: Option<Lang>,
    /// Form of the messages on stderr
    #[arg(long, global = true, value_enum, default_value_t = MessageFormat::Text, help_heading = "Global options")]
    pub(crate) message_format: MessageFormat,
    /// Colors in messages and tables
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, help_heading = "Global options")]
    pub(crate) color: ColorChoice,
    /// Say errors only
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
}

/// Language of help and messages. Data is never translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English
    En,
    /// Japanese (日本語)
    Ja,
}

/// Form of the messages on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
    /// Workflow commands that GitHub shows as annotations
    Github,
}

/// When to use colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Returns the language asked for: `--lang`, else the locale's.
///
/// It is looked up before clap parses, since the help that clap prints depends on it.
pub(crate) fn language_of(arguments: &[OsString]) -> Lang {
    let mut words = arguments.iter().filter_map(|a| a.to_str());
    while let Some(word) = words.next() {
        let value = if word == "--lang" { words.next() } else { word.strip_prefix("--lang=") };
        if let Some(lang) = value.and_then(|v| Lang::from_str(v, true).ok()) {
            return lang;
        }
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|n| std::env::var(n).ok().filter(|v| !v.is_empty()));
    if locale.is_some_and(|l| l.starts_with("ja")) { Lang::Ja } else { Lang::En }
}

/// The surroundings of one run.
#[derive(Debug)]
pub(crate) struct Shell {
    /// Language of messages.
    pub(crate) lang: Lang,
    /// stdout is a terminal: tables for people instead of data for programs.
    pub(crate) stdout_is_terminal: bool,
    /// Colors on stdout.
    pub(crate) stdout_colors: bool,
    messages: Messages,
}

impl Shell {
    /// Looks at the streams and the environment once.
    pub(crate) fn new(globals: &Globals, lang: Lang) -> Shell {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let colors = |terminal: bool| match globals.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !no_color,
        };
        let stdout_is_terminal = io::stdout().is_terminal();
        let messages = Messages { format: globals.message_format, colors: colors(io::stderr().is_terminal()), lang, quiet: globals.quiet };
        Shell { lang, stdout_is_terminal, stdout_colors: colors(stdout_is_terminal), messages }
    }
    /// Returns the columns of a table for people: the terminal's, else `COLUMNS`, else 120.
    pub(crate) fn columns(&self) -> usize {
        let asked = || std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        let seen = terminal_size::terminal_size().map(|(w, _)| usize::from(w.0));
        seen.or_else(asked).unwrap_or(120).clamp(40, 400)
    }
    /// Returns stdout, for data.
    pub(crate) fn out(&self) -> Out {
        Out { inner: BufWriter::with_capacity(1 << 16, io::stdout()), escape: self.stdout_is_terminal }
    }
    /// Says a warning about an input.
    pub(crate) fn warn(&self, warning: &Warning, source: &str) {
        self.messages.say(&Message::of_warning(warning, source));
    }
    /// Says the warnings about an input: for people, those of one code together; the JSON has each of them.
    pub(crate) fn warn_all<'w>(&self, warnings: impl Iterator<Item = &'w Warning>, source: &str) {
        // What there is no record for is worth a word even where nothing is in doubt.
        let told = |w: &&Warning| w.severity != Severity::Info || w.code == "segment/no-records";
        self.messages.say_all(warnings.filter(told), source);
    }
    /// Says that an input failed.
    pub(crate) fn fail(&self, code: &str, message: &str, source: Option<&str>) {
        self.messages.say(&Message::new(Severity::Error, code, message, source));
    }
    /// Tells whether a progress bar is welcome on a terminal: not when quiet, nor where programs read the messages.
    pub(crate) fn says_progress(&self) -> bool {
        !self.messages.quiet && self.messages.format == MessageFormat::Text
    }
    /// Says a plain remark: a summary, the next command to run.
    pub(crate) fn note(&self, text: &str) {
        self.messages.note(text);
    }
    /// Turns the result of a command into its exit, saying what went wrong.
    pub(crate) fn finish(&self, result: anyhow::Result<Exit>) -> Exit {
        match result {
            Ok(exit) => exit,
            // Whoever read our output has had enough of it: `jisseki … | head`.
            Err(e) if is_closed_pipe(&e) => Exit::Ok,
            Err(e) if e.downcast_ref::<Usage>().is_some() => {
                self.fail("cli/usage", &causes(&e), None);
                Exit::Usage
            }
            Err(e) => {
                self.fail("cli/failed", &causes(&e), None);
                Exit::AllFailed
            }
        }
    }
}

/// The error and its causes in one line; a cause that the error before it names already is not said twice.
fn causes(e: &anyhow::Error) -> String {
    e.chain().map(ToString::to_string).fold(String::new(), |said, cause| match said.as_str() {
        "" => cause,
        before if before.ends_with(&cause) => said,
        before => format!("{before}: {cause}"),
    })
}

fn is_closed_pipe(e: &anyhow::Error) -> bool {
    let broken = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
    e.chain().any(|c| {
        c.downcast_ref::<io::Error>().is_some_and(broken)
            || c.downcast_ref::<serde_json::Error>().is_some_and(|e| e.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
    })
}

/// stdout: buffered, and with control characters made visible where a terminal reads it.
#[derive(Debug)]
pub(crate) struct Out {
    inner: BufWriter<io::Stdout>,
    escape: bool,
}

impl Out {
    /// Writes text of any origin.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        let shown = if self.escape { visible(text) } else { text.into() };
        self.inner.write_all(shown.as_bytes())
    }
    /// Writes text and ends the line.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        self.text(text)?;
        self.inner.write_all(b"\n")
    }
    /// Writes a value as JSON: indented for a person, compact for a program.
    pub(crate) fn json(&mut self, value: &impl serde::Serialize, indented: bool) -> anyhow::Result<()> {
        let text = if indented { serde_json::to_string_pretty(value)? } else { serde_json::to_string(value)? };
        Ok(self.line(&text)?)
    }
    /// Writes a report as JSON.
    pub(crate) fn report(&mut self, report: &Report) -> io::Result<()> {
        if self.escape { self.text(&report_to_json(report)) } else { write_report(report, &mut self.inner) }
    }
    /// Writes our own text with its colors.
    pub(crate) fn styled(&mut self, text: &str) -> io::Result<()> {
        self.inner.write_all(text.as_bytes())
    }
    /// Sends what is buffered; every command ends with it, so that a full disk is an error and not a silence.
    pub(crate) fn end(mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn a_cause_is_said_once() {
        let full = || io::Error::other("no room");
        let named = anyhow::Error::from(jisseki::dataset::WriteError::io("a.csv")(full()));
        assert_eq!(causes(&named), "cannot write `a.csv`: no room");
        let told: anyhow::Result<()> = Err(full()).context("cannot write `b`");
        assert_eq!(told.map_err(|e| causes(&e)), Err("cannot write `b`: no room".to_owned()));
    }
}
