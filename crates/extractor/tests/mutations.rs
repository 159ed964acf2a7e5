//! Damaged files: whatever bytes are changed, reading ends, in bounds, on a stack of 1 MiB.
//!
//! Seeds are the small PDFs of `fixtures/` and of `../shared/hostile`; a fixed generator changes, cuts, doubles and swaps bytes. `JISSEKI_FUZZ_SECONDS=600`
//! lets it run that long with seeds that differ from run to run only by their number; the default is a fixed number of changes.
#![allow(clippy::expect_used, clippy::print_stdout, clippy::disallowed_methods)]

use jisseki_extractor::Source;
use jisseki_model::Limits;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Changes in the default run, over all seeds.
const CHANGES: u64 = 600;
/// Larger seeds take too long a change.
const MAX_SEED: u64 = 60_000;

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % (n.max(1) as u64)).unwrap_or(0)
    }
}

/// Words that parsers trip over.
const WORDS: [&[u8]; 24] = [
    b"0",
    b"-1",
    b"99999999999",
    b"1e9",
    b"<<",
    b">>",
    b"[",
    b"]",
    b"(",
    b")",
    b"<",
    b">",
    b"/",
    b"obj",
    b"endobj",
    b"stream",
    b"endstream",
    b"R",
    b"/Kids[1 0 R]",
    b"/Length 5",
    b"/Filter/FlateDecode",
    b"BI ID",
    b"\\",
    b"\xFF\xFF",
];

fn change(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len());
    let len = random.below(64).min(bytes.len() - at);
    match random.below(6) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..at + len)),
        2 => {
            let copy = bytes.iter().skip(at).take(len).copied().collect::<Vec<_>>();
            let to = random.below(bytes.len());
            bytes.splice(to..to, copy);
        }
        3 => {
            let word = WORDS.get(random.below(WORDS.len())).copied().unwrap_or_default();
            bytes.splice(at..at + len.min(word.len()), word.iter().copied());
        }
        _ => {
            for _ in 0..=random.below(8) {
                let at = random.below(bytes.len());
                if let Some(b) = bytes.get_mut(at) {
                    *b = (random.next() & 0xFF) as u8;
                }
            }
        }
    }
}

fn limits() -> Limits {
    Limits { document_decoded_bytes: 32 << 20, stream_decoded_bytes: 8 << 20, page_operators: 200_000, seconds: 10.0, ..Limits::default() }
}

/// Reads a file whole and checks what has to hold of any.
fn read(bytes: &[u8]) -> usize {
    let Ok(opened) = Source::open(bytes, None, &limits()) else { return 0 };
    let source = opened.output;
    assert!(source.page_count() > 0, "an open document has pages");
    for index in 0..source.page_count().min(4) {
        let page = source.page(index).output;
        assert!(page.width > 0.0 && page.height > 0.0);
        for glyph in &page.glyphs {
            let style = page.style(glyph);
            assert!([glyph.origin.x, glyph.origin.y, style.size, glyph.advance.x, glyph.advance.y].iter().all(|v| v.is_finite()));
            assert!(page.fonts.get(usize::from(style.font.0)).is_some(), "a glyph names a font of its page");
        }
    }
    source.page_count()
}

fn seeds() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = root.join("../shared/hostile");
    if !shared.is_dir() {
        println!("skipped: no shared corpus");
    }
    let mut folders = vec![root.join("fixtures"), shared];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "pdf") && entry.metadata().is_ok_and(|m| m.len() <= MAX_SEED) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn run() {
    let seeds: Vec<Vec<u8>> = seeds().iter().filter_map(|p| std::fs::read(p).ok()).filter(|b| !b.is_empty()).collect();
    assert!(!seeds.is_empty(), "there are seeds");
    let seconds = std::env::var("JISSEKI_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).map(Duration::from_secs);
    let started = Instant::now();
    let (mut round, mut n_pages, mut slowest) = (0u64, 0usize, (Duration::ZERO, 0u64));
    while seconds.map_or(round < CHANGES, |s| started.elapsed() < s) {
        let mut random = Random(round);
        let mut bytes = seeds.get(random.below(seeds.len())).cloned().unwrap_or_default();
        for _ in 0..=random.below(4) {
            change(&mut bytes, &mut random);
            if bytes.is_empty() {
                break;
            }
        }
        let begun = Instant::now();
        let read = std::panic::catch_unwind(|| read(&bytes));
        assert!(read.is_ok(), "the file of round {round} panics");
        n_pages += read.unwrap_or(0);
        slowest = slowest.max((begun.elapsed(), round));
        round += 1;
    }
    println!("{round} changed files, {n_pages} pages, the slowest took {:?} (round {})", slowest.0, slowest.1);
    assert!(slowest.0 < Duration::from_secs(20), "round {} took {:?}", slowest.1, slowest.0);
}

#[test]
fn changed_files_end_in_bounds_on_a_small_stack() {
    let reader = std::thread::Builder::new().stack_size(1 << 20).spawn(run).expect("a thread");
    assert!(reader.join().is_ok());
}
