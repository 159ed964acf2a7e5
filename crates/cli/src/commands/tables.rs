//! `jisseki tables`: every ruled table with its spans and nested tables, as JSON or CSV.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::exit::Exit;
use crate::input;
use crate::options::{OpenOptions, pages_of};
use crate::shell::Shell;
use jisseki::extractor::Source;
use jisseki::layout::{CSV_HEAD, LayoutParams, layout_to_tables, n_inked, read_page, tables_to_csv};
use jisseki::model::{Severity, Warning};

/// What to read.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// PDF to read; `-` reads stdin
    #[arg(value_name = "FILE")]
    input: PathBuf,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Pages, for example `1,3-5,8-` [default: all]
    #[arg(long, value_name = "PAGES")]
    pages: Option<String>,
    #[command(flatten)]
    open: OpenOptions,
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One object with all tables, nested ones inside their cells
    Json,
    /// One line a cell
    Csv,
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let name = input::source_name(&args.input);
    let limits = args.open.limits.limits()?;
    let bytes = input::read(&args.input, limits.file_bytes)?;
    let say = |w: &Warning| {
        if w.severity != Severity::Info {
            shell.warn(w, &name);
        }
    };
    let source = match Source::open(&*bytes, args.open.password.as_deref(), &limits) {
        Ok(warned) => {
            warned.warnings.iter().for_each(say);
            warned.output
        }
        Err(e) => {
            shell.fail(e.code(), &e.to_string(), Some(&name));
            return Ok(Exit::AllFailed);
        }
    };
    let n_pages = u32::try_from(source.page_count()).unwrap_or(u32::MAX);
    let numbers = match &args.pages {
        Some(text) => pages_of(text, n_pages)?,
        None => (1..=n_pages).collect(),
    };
    let params = LayoutParams::standard();
    let mut out = shell.out();
    out.text(if args.format == Format::Json { "{\"tables\": [" } else { CSV_HEAD })?;
    let (mut n_tables, mut inked) = (0, 0);
    for n in numbers {
        let page = source.page(n as usize - 1);
        page.warnings.iter().for_each(say);
        inked += n_inked(&page.output);
        let layout = read_page(&page.output, &params);
        layout.warnings.iter().for_each(say);
        let tables = layout_to_tables(&layout.output);
        match args.format {
            Format::Json => {
                for t in &tables {
                    out.text(if n_tables == 0 { "\n" } else { ",\n" })?;
                    out.text(&serde_json::to_string(t)?)?;
                    n_tables += 1;
                }
            }
            Format::Csv => {
                out.text(&tables_to_csv(&tables, n_tables + 1))?;
                n_tables += tables.len();
            }
        }
    }
    if args.format == Format::Json {
        out.text("\n]}\n")?;
    }
    out.end()?;
    if inked == 0 {
        shell.fail("pdf/no-text-layer", "no text layer: needs OCR", Some(&name));
        return Ok(Exit::AllFailed);
    }
    Ok(Exit::Ok)
}
