//! Measures `mentions` (folding included) on a text repeated to a size: `speed FILE [MEGABYTES]`.
//!
//! Prints CPU seconds and megabytes a CPU second, for the size and for twice the size.
#![allow(clippy::print_stdout, clippy::expect_used)]

use jisseki_normalizer::{ReportContext, fold, mentions, stream_mentions};

/// CPU seconds of this process, where the system tells them (fields 14 and 15 of `/proc/self/stat`, in hundredths); else wall time.
fn cpu_seconds(since: std::time::Instant) -> f64 {
    let ticks = std::fs::read_to_string("/proc/self/stat").ok().and_then(|s| {
        let fields: Vec<&str> = s.rsplit(')').next()?.split_whitespace().collect();
        Some(fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?)
    });
    ticks.map_or_else(|| since.elapsed().as_secs_f64(), |t| t / 100.0)
}

fn main() {
    let mut args = std::env::args().skip(1);
    let path = args.next().expect("a file");
    let megabytes: usize = args.next().map_or(16, |n| n.parse().expect("a number"));
    let seed = std::fs::read_to_string(path).expect("a UTF-8 text");
    let start = std::time::Instant::now();
    let context = ReportContext::of_fiscal_year(2019);
    let _ = mentions(&seed, &context, &[]);
    let mut last = None;
    for size in [megabytes, megabytes * 2] {
        let text = seed.repeat((size << 20).div_ceil(seed.len()));
        let before = cpu_seconds(start);
        let folded = fold(&text).scan().len();
        let middle = cpu_seconds(start);
        let n = mentions(&text, &context, &[]).len();
        let end = cpu_seconds(start);
        let spent = end - middle;
        let streamed = stream_mentions(&text, &context, &[]).count();
        assert_eq!(streamed, n, "a stream has the mentions of the list");
        let stream_rate = text.len() as f64 / 1e6 / (cpu_seconds(start) - end);
        let rate = text.len() as f64 / 1e6 / spent;
        let fold_rate = text.len() as f64 / 1e6 / (middle - before);
        println!(
            "{} bytes, {n} mentions: {spent:.2} CPU s, {rate:.1} MB/s; streamed {stream_rate:.1} MB/s; fold alone {fold_rate:.0} MB/s ({folded} bytes)",
            text.len()
        );
        if let Some(last) = last.replace(spent) {
            println!("time(2n) / time(n) = {:.2}", spent / last);
        }
    }
    // The way a report is read: one small text after the other.
    let text_count = (megabytes << 20).div_ceil(seed.len());
    let before = cpu_seconds(start);
    let n: usize = (0..text_count).map(|_| mentions(&seed, &context, &[]).len()).sum();
    let spent = cpu_seconds(start) - before;
    println!("{text_count} texts of {} bytes, {n} mentions: {:.1} MB/s", seed.len(), (seed.len() * text_count) as f64 / 1e6 / spent);
}
