//! Segments a PDF or a text dump and prints its report as JSON, without the normalizer's mentions: what the segmenter alone makes of it.
//!
//! `cargo run --profile quick -p jisseki-segmenter --example records FILE [PROFILE.toml]`; with `--time`, CPU seconds a stage on stderr.

use jisseki_extractor::Source;
use jisseki_layout::{LayoutParams, read_page};
use jisseki_model::{DocumentInfo, Limits, Report};
use jisseki_segmenter::{Profile, Segmenter, segment_text};
use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let path = args.first().ok_or("usage: records FILE [PROFILE.toml]")?;
    let profile = match args.get(1) {
        Some(p) => Profile::from_toml(&std::fs::read_to_string(p)?)?,
        None => Profile::auto(),
    };
    let mut times = [("extract", 0.0), ("layout", 0.0), ("segment", 0.0)];
    let mut clock = cpu_seconds();
    let mut lap = |stage: usize| {
        let now = cpu_seconds();
        times.get_mut(stage).into_iter().for_each(|t| t.1 += now - clock);
        clock = now;
    };
    let read = if path.ends_with(".txt") {
        segment_text(&std::fs::read_to_string(path)?, &profile)
    } else {
        let bytes = std::fs::read(path)?;
        let source = Source::open(&bytes[..], None, &Limits::default())?.output;
        let params = LayoutParams::standard();
        let mut segmenter = Segmenter::new(&profile);
        for i in 0..source.page_count() {
            let page = source.page(i).output;
            lap(0);
            let layout = read_page(&page, &params).output;
            lap(1);
            segmenter.push(&layout);
            lap(2);
        }
        segmenter.finish()
    };
    lap(2);
    if std::env::args().any(|a| a == "--time") {
        let times: Vec<String> = times.iter().map(|(name, t)| format!("{name} {t:.3} s")).collect();
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

/// CPU seconds of this thread so far (Linux; 0 elsewhere): other work on the machine doesn't count.
fn cpu_seconds() -> f64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    spent.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}
