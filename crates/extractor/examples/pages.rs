//! Reads every page of a PDF and prints how many glyphs, paths and images each has, or with `--text` the text in paint order.
use jisseki_extractor::Source;
use jisseki_model::Limits;
use std::io::Write;

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let Some(path) = args.next() else { return Err(std::io::Error::other("usage: pages FILE [--text|--time]")) };
    let mode = args.next().unwrap_or_default();
    let bytes = std::fs::read(path)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let source = match Source::open(bytes, args.next().as_deref(), &Limits::default()) {
        Ok(source) => source,
        Err(error) => return writeln!(out, "{}: {error}", error.code()),
    };
    let mut warnings = source.warnings;
    let (mut n_glyphs, mut n_paths) = (0, 0);
    for index in 0..source.output.page_count() {
        let page = source.output.page(index).drain_into(&mut warnings);
        (n_glyphs, n_paths) = (n_glyphs + page.glyphs.len(), n_paths + page.paths.len());
        if mode == "--text" {
            let mut show = 0;
            for glyph in &page.glyphs {
                if glyph.show != show {
                    writeln!(out)?;
                    show = glyph.show;
                }
                write!(out, "{}", glyph.text)?;
            }
        } else if mode.is_empty() {
            writeln!(out, "{}: {} glyphs {} paths {} images", page.number, page.glyphs.len(), page.paths.len(), page.images.len())?;
        }
    }
    writeln!(out, "\n{} pages, {n_glyphs} glyphs, {n_paths} paths", source.output.page_count())?;
    for w in warnings.iter().take(20) {
        writeln!(out, "{} {:?}: {}", w.code, w.page, w.message)?;
    }
    Ok(())
}
