//! `jisseki extract`: the text, the glyphs, or a picture of what was read.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::ValueEnum;

use super::convert::ReadingOptions;
use crate::exit::{Exit, Usage};
use crate::input;
use crate::options::pages_of;
use crate::shell::{Out, Shell};
use jisseki::draw::{Layer, page_to_svg, pages_to_svg};
use jisseki::extractor::Source;
use jisseki::layout::{LayoutParams, page_to_text, read_page};
use jisseki::model::{Initiative, Page, Severity, Warning};

/// What to extract.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// PDF to read; `-` reads stdin
    #[arg(value_name = "FILE")]
    input: PathBuf,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Pages, for example `1,3-5,8-` [default: all]
    #[arg(long, value_name = "PAGES")]
    pages: Option<String>,
    /// Layers of the SVG, of `paths,glyphs,hidden,rulings,cells,lines,shapes,fields,mentions,unowned` [default: all but hidden and lines]
    #[arg(long, value_name = "LAYERS", value_delimiter = ',', value_parser = layer_of)]
    layers: Option<Vec<Layer>>,
    /// Draw the fields of these records only, by number
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    records: Option<Vec<i64>>,
    /// Write to this file, or one SVG a page into this folder
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingOptions,
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Visible text in reading order, a form feed between pages
    Text,
    /// Glyphs, paths and images of each page
    Json,
    /// The page as it was read
    Svg,
}

fn layer_of(name: &str) -> Result<Layer, String> {
    let known = || Layer::ALL.map(Layer::name).join(", ");
    Layer::named(name).ok_or_else(|| format!("no such layer; known: {}", known()))
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let name = input::source_name(&args.input);
    let limits = args.reading.open.limits.limits()?;
    let bytes = input::read(&args.input, limits.file_bytes)?;
    let source = match Source::open(&*bytes, args.reading.open.password.as_deref(), &limits) {
        Ok(warned) => {
            warned.warnings.iter().for_each(|w| say(w, &name, shell));
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
    let job = Job { args, shell, name: &name, source: &source, numbers: &numbers };
    let exit = match args.format {
        Format::Text => job.text(),
        Format::Json => job.json(),
        Format::Svg => job.svg(&bytes),
    };
    // The process ends: to free a document object by object would only take time.
    std::mem::forget(source);
    std::mem::forget(bytes);
    exit
}

fn say(w: &Warning, name: &str, shell: &Shell) {
    if w.severity != Severity::Info {
        shell.warn(w, name);
    }
}

struct Job<'a> {
    args: &'a Args,
    shell: &'a Shell,
    name: &'a str,
    source: &'a Source<'a>,
    numbers: &'a [u32],
}

impl Job<'_> {
    /// Writes something made of each page, in order, with `between` between two pages. Tells whether there is any text.
    fn each_page(&self, out: &mut Sink, between: &str, make: impl Fn(&Page) -> anyhow::Result<String> + Sync) -> anyhow::Result<bool> {
        let (mut inked, mut first) = (false, true);
        let read = |&n: &u32| {
            let page = self.source.page(n as usize - 1);
            (make(&page.output), page.output.glyphs.iter().any(|g| !g.is_blank()), page.warnings)
        };
        let write = |(text, has_ink, warnings): &(anyhow::Result<String>, bool, Vec<Warning>)| {
            if !std::mem::take(&mut first) {
                out.text(between)?;
            }
            out.text(text.as_ref().map_err(|e| anyhow!("{e:#}"))?)?;
            inked |= *has_ink;
            warnings.iter().for_each(|w| say(w, self.name, self.shell));
            anyhow::Ok(())
        };
        jisseki::in_order(self.numbers, read, write)?;
        Ok(inked)
    }

    fn text(&self) -> anyhow::Result<Exit> {
        let params = LayoutParams::standard();
        let mut out = self.sink()?;
        let inked = self.each_page(&mut out, "\u{c}", |page| Ok(page_to_text(page, &params)))?;
        out.end()?;
        if !inked {
            self.shell.fail("pdf/no-text-layer", "no text layer: needs OCR", Some(self.name));
            return Ok(Exit::AllFailed);
        }
        Ok(Exit::Ok)
    }

    fn json(&self) -> anyhow::Result<Exit> {
        let mut out = self.sink()?;
        out.text("{\"pages\":[\n")?;
        self.each_page(&mut out, ",\n", |page| Ok(serde_json::to_string(page)?))?;
        out.text("\n]}\n")?;
        out.end()?;
        Ok(Exit::Ok)
    }

    fn svg(&self, bytes: &[u8]) -> anyhow::Result<Exit> {
        let standard = || Layer::ALL.into_iter().filter(|l| !matches!(l, Layer::Hidden | Layer::Lines)).collect();
        let layers: Vec<Layer> = self.args.layers.clone().unwrap_or_else(standard);
        let records = self.records(bytes, &layers)?;
        let params = LayoutParams::standard();
        let draw = |&n: &u32| {
            let page = self.source.page(n as usize - 1);
            let layout = read_page(&page.output, &params);
            page_to_svg(&page.output, &layout.output, &records, &layers)
        };
        let drawn = jisseki::in_parallel(self.numbers, draw);
        match &self.args.output {
            Some(folder) if folder.is_dir() => self.svg_files(folder, &drawn)?,
            _ => {
                let mut out = self.sink()?;
                out.text(&pages_to_svg(&drawn))?;
                out.end()?;
            }
        }
        Ok(Exit::Ok)
    }

    fn svg_files(&self, folder: &Path, drawn: &[String]) -> anyhow::Result<()> {
        for (n, svg) in self.numbers.iter().zip(drawn) {
            let path = folder.join(format!("page-{n:04}.svg"));
            std::fs::write(&path, svg).with_context(|| format!("cannot write `{}`", path.display()))?;
        }
        Ok(())
    }

    /// Reads the records whose fields are to be drawn: those asked for, or all.
    fn records(&self, bytes: &[u8], layers: &[Layer]) -> anyhow::Result<Vec<Initiative>> {
        if !layers.iter().any(|l| matches!(l, Layer::Fields | Layer::Mentions)) {
            return Ok(vec![]);
        }
        let mut records = jisseki::convert(bytes, self.name, &self.args.reading.options()?)?.initiatives;
        if let Some(wanted) = &self.args.records {
            records.retain(|r| r.number.is_some_and(|n| wanted.contains(&n)));
            if records.is_empty() {
                bail!(Usage(format!("no record with a number of {wanted:?}")));
            }
        }
        Ok(records)
    }

    fn sink(&self) -> anyhow::Result<Sink> {
        match &self.args.output {
            None => Ok(Sink::Stdout(self.shell.out())),
            Some(path) => {
                let file = std::fs::File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
                Ok(Sink::File(std::io::BufWriter::new(file)))
            }
        }
    }
}

/// Where the data goes.
enum Sink {
    Stdout(Out),
    File(std::io::BufWriter<std::fs::File>),
}

impl Sink {
    fn text(&mut self, text: &str) -> std::io::Result<()> {
        match self {
            Sink::Stdout(out) => out.text(text),
            Sink::File(file) => file.write_all(text.as_bytes()),
        }
    }
    fn end(self) -> std::io::Result<()> {
        match self {
            Sink::Stdout(out) => out.end(),
            Sink::File(mut file) => file.flush(),
        }
    }
}
