//! Segments a text dump and prints its records as JSON: `cargo run --example dump_records FILE.txt`.

use jisseki_model::Report;
use jisseki_segmenter::{Profile, segment_text};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    use std::io::Write as _;
    let path = std::env::args().nth(1).ok_or("usage: dump_records FILE.txt")?;
    let read = segment_text(&std::fs::read_to_string(path)?, &Profile::auto());
    let report = Report { initiatives: read.output.records, warnings: read.warnings, coverage: read.output.coverage, ..Report::default() };
    serde_json::to_writer_pretty(std::io::stdout().lock(), &report)?;
    writeln!(std::io::stdout())?;
    Ok(())
}
