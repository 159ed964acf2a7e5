//! Segments a PDF or a text dump and prints its report as JSON, without the normalizer's mentions: what the segmenter alone makes of it.
//!
//! `cargo run --profile quick -p jisseki-segmenter --example records FILE [PROFILE.toml]`; with `--time`, CPU seconds a stage on stderr.

use jisseki_extractor::Source;
use jisseki_layout::{LayoutParams, read_page};
use jisseki_model::{DocumentInfo, Limits, Report};
use jisseki_segmenter::{Profile, segment, segment_text};
use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let path = args.first().ok_or("usage: records FILE [PROFILE.toml]")?;
    let profile = match args.get(1) {
        Some(p) => Profile::from_toml(&std::fs::read_to_string(p)?)?,
        None => Profile::auto(),
    };
    let mut times = Vec::new();
    let mut clock = cpu_seconds();
    let mut lap = |name: &str| {
        let now = cpu_seconds();
        times.push(format!("{name} {:.2} s", now - clock));
        clock = now;
    };
    let read = if path.ends_with(".txt") {
        segment_text(&std::fs::read_to_string(path)?, &profile)
    } else {
        let bytes = std::fs::read(path)?;
        let source = Source::open(&bytes[..], None, &Limits::default())?;
        let pages: Vec<_> = (0..source.output.page_count()).map(|i| source.output.page(i).output).collect();
        lap("extract");
        let params = LayoutParams::standard();
        let layouts: Vec<_> = pages.iter().map(|p| read_page(p, &params).output).collect();
        lap("layout");
        segment(&layouts, &profile)
    };
    lap("segment");
    if std::env::args().any(|a| a == "--time") {
        writeln!(std::io::stderr(), "{}", times.join(", "))?;
    }
    let s = read.output;
    let document = DocumentInfo {
        title: s.title,
        fiscal_year: s.fiscal_year,
        stage: s.stage,
        publisher: s.publisher,
        plan_name: s.plan_name,
        profile: s.profile,
        status: s.status,
        ..DocumentInfo::default()
    };
    let report = Report { document, initiatives: s.records, warnings: read.warnings, coverage: s.coverage, ..Report::default() };
    serde_json::to_writer_pretty(std::io::stdout().lock(), &report)?;
    writeln!(std::io::stdout())?;
    Ok(())
}

/// CPU seconds of this process so far (Linux; 0 elsewhere), to a hundredth: other work on the machine doesn't count.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or("").split_whitespace().skip(11).take(2);
    ticks.filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
}
