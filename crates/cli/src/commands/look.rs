//! `jisseki look`: one HTML file to check a report by eye.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};

use crate::commands::convert::{ReadingOptions, tell_failure};
use crate::exit::{Exit, Usage};
use crate::input;
use crate::options::pages_of;
use crate::releases::lang;
use crate::shell::Shell;
use jisseki::compare::{DiffOptions, diff};
use jisseki::extractor::Source;
use jisseki::layout::{LayoutParams, read_page};
use jisseki::look::{Earlier, Sheet, page_to_picture, report_to_html};
use jisseki::model::{Report, Severity};
use jisseki::{ConvertError, Options};

/// What to look at.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// PDF to look at
    #[arg(value_name = "FILE")]
    input: PathBuf,
    /// HTML file to write [default: stdout, unless it is a terminal]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Earlier release (PDF): its pages stand beside, and what changed comes first
    #[arg(long, value_name = "OLD")]
    diff: Option<PathBuf>,
    /// Pages to draw, for example `1,3-5,8-` [default: all]
    #[arg(long, value_name = "PAGES")]
    pages: Option<String>,
    #[command(flatten)]
    reading: ReadingOptions,
}

/// A report and its drawn pages.
struct Read {
    report: Report,
    pages: Vec<(u32, String)>,
}

impl Read {
    fn sheet(&self) -> Sheet<'_> {
        Sheet { report: &self.report, pages: &self.pages }
    }
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    if args.output.is_none() && shell.stdout_is_terminal {
        bail!(Usage("an HTML page is no sight for a terminal: `-o FILE.html` writes it to a file".into()));
    }
    let options = args.reading.options()?;
    let Some(now) = read(&args.input, args, &options, shell)? else { return Ok(Exit::AllFailed) };
    let before = match &args.diff {
        Some(path) => match read(path, args, &options, shell)? {
            Some(before) => Some(before),
            None => return Ok(Exit::AllFailed),
        },
        None => None,
    };
    let changes =
        before.as_ref().map(|b| diff(&b.report, &now.report, &DiffOptions { mode: None, quiet_too: false, known: BTreeMap::new() }));
    let earlier = before.as_ref().zip(changes.as_ref()).map(|(b, diff)| Earlier { sheet: b.sheet(), diff });
    let html = report_to_html(now.sheet(), earlier, lang(shell));
    match &args.output {
        Some(path) => std::fs::write(path, html).with_context(|| format!("cannot write `{}`", path.display()))?,
        None => {
            let mut out = shell.out();
            out.text(&html)?;
            out.end()?;
        }
    }
    Ok(Exit::Ok)
}

/// Reads the records and draws the pages; says why there is nothing to look at.
fn read(path: &Path, args: &Args, options: &Options, shell: &Shell) -> anyhow::Result<Option<Read>> {
    let name = input::source_name(path);
    let bytes = input::read(path, options.limits.file_bytes)?;
    let report = match jisseki::convert(&bytes, &name, options) {
        Ok(report) => report,
        Err(e) => {
            tell_failure(&e, &name, shell);
            return Ok(None);
        }
    };
    let warnings = report.warnings.iter().filter(|w| w.severity == Severity::Error);
    shell.warn_all(warnings, &name);
    let source = match Source::open(&*bytes, options.password.as_deref(), &options.limits) {
        Ok(source) => source.output,
        Err(e) => {
            tell_failure(&ConvertError::from(e), &name, shell);
            return Ok(None);
        }
    };
    let n = u32::try_from(source.page_count()).map_err(|_| anyhow!("too many pages"))?;
    let numbers = match &args.pages {
        Some(text) => pages_of(text, n)?,
        None => (1..=n).collect(),
    };
    let params = LayoutParams::standard();
    let draw = |&number: &u32| {
        let page = source.page(number as usize - 1).output;
        let layout = read_page(&page, &params).output;
        (number, page_to_picture(&page, &layout))
    };
    let pages = jisseki::in_parallel(&numbers, draw);
    Ok(Some(Read { report, pages }))
}
