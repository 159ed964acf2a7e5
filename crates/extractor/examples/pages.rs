//! Reads every page of a PDF: `pages FILE [count|text|positions|threads] [PASSWORD]`.
//!
//! `text` prints the text in paint order, a line a text-showing operator; `positions` a line a glyph: page, x, y, size,
//! writing mode, hidden, CID, text.
//! `threads` only reads, on all cores, or on as many threads as `RAYON_NUM_THREADS` says.
//! Ends with 0 (read), 3 (not a PDF, no pages), 4 (password) or 5 (read in part), as `run_corpus.py` in the shared tools expects.
use jisseki_extractor::{FileBytes, Source, in_order};
use jisseki_model::{Limits, Page};
use std::io::{BufWriter, Result, Write};
use std::process::ExitCode;

fn print_text(page: &Page, out: &mut impl Write) -> Result<()> {
    let mut show = 0;
    for glyph in page.glyphs.iter().filter(|g| g.hidden.is_none()) {
        if glyph.show != show {
            writeln!(out)?;
            show = glyph.show;
        }
        write!(out, "{}", glyph.text)?;
    }
    writeln!(out, "\x0c")
}

fn print_positions(page: &Page, out: &mut impl Write) -> Result<()> {
    for g in &page.glyphs {
        let (text, hidden) = (g.text.escape_debug(), g.hidden.is_some());
        let (x, y, cid) = (g.origin.x, g.origin.y, g.cid);
        let style = page.style(g);
        writeln!(out, "{}\t{x:.4}\t{y:.4}\t{:.4}\t{:?}\t{hidden}\t{cid}\t{text}", page.number, style.size, style.mode)?;
    }
    Ok(())
}

fn main() -> Result<ExitCode> {
    let mut args = std::env::args().skip(1);
    let (Some(path), mode) = (args.next(), args.next().unwrap_or_default()) else {
        return Err(std::io::Error::other("usage: pages FILE [count|text|positions|threads] [PASSWORD]"));
    };
    let file = std::fs::File::open(path)?;
    let expected = usize::try_from(file.metadata()?.len()).unwrap_or(0);
    let bytes = FileBytes::read(file, expected)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let opened = match Source::open(&*bytes, args.next().as_deref(), &Limits::default()) {
        Ok(opened) => opened,
        Err(error) => {
            writeln!(out, "{}: {error}", error.code())?;
            return Ok(ExitCode::from(if error.code() == "pdf/password" { 4 } else { 3 }));
        }
    };
    let (source, mut warnings) = (opened.output, opened.warnings);
    if mode == "threads" {
        let indices: Vec<usize> = (0..source.page_count()).collect();
        in_order(&indices, |&index| drop(std::hint::black_box(source.page(index))), |()| Ok::<(), std::io::Error>(()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let (mut n_glyphs, mut n_paths, mut n_images) = (0, 0, 0);
    for index in 0..source.page_count() {
        let page = source.page(index).drain_into(&mut warnings);
        n_glyphs += page.glyphs.len();
        n_paths += page.paths.len();
        n_images += page.images.len();
        match mode.as_str() {
            "text" => print_text(&page, &mut out)?,
            "positions" => print_positions(&page, &mut out)?,
            _ => {}
        }
    }
    if !matches!(mode.as_str(), "text" | "positions") {
        writeln!(out, "{} pages, {n_glyphs} glyphs, {n_paths} paths, {n_images} images", source.page_count())?;
        for w in warnings.iter().take(12) {
            writeln!(out, "{} {:?}: {}", w.code, w.page, w.message)?;
        }
    }
    let part = |code: &str| code.starts_with("limit/") || code == "pdf/partial" || code == "content/cut";
    Ok(ExitCode::from(if warnings.iter().any(|w| part(&w.code)) { 5 } else { 0 }))
}
