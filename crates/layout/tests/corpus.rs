//! Real pages: nothing lost, nothing invented, one owner for every glyph and path; the short way to text gives what the long way gives.

use jisseki_extractor::Source;
use jisseki_layout::{GlyphOwner, LayoutParams, layout_to_text, page_to_text, read_page};
use jisseki_model::{Limits, Page};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "pdf"))
        .collect();
    out.sort();
    out
}

fn count(into: &mut BTreeMap<char, i64>, text: &str, by: i64) {
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        *into.entry(c).or_default() += by;
    }
}

/// Returns what is wrong with a page, if anything.
fn fault(page: &Page) -> Option<String> {
    let params = LayoutParams::standard();
    let read = read_page(page, &params);
    if let Some(w) = read.warnings.iter().find(|w| w.code == "layout/ledger" || w.code == "layout/unassigned") {
        return Some(format!("{}: {}", w.code, w.message));
    }
    let layout = read.output;
    if layout.glyph_owners.len() != page.glyphs.len() || layout.path_owners.len() != page.paths.len() {
        return Some("a glyph or a path has no owner".to_owned());
    }
    let mut balance = BTreeMap::new();
    for (g, o) in page.glyphs.iter().zip(&layout.glyph_owners) {
        if matches!(o, GlyphOwner::Cell { .. } | GlyphOwner::Block { .. }) {
            count(&mut balance, &g.text, 1);
        }
    }
    let text = layout_to_text(&layout);
    count(&mut balance, &text, -1);
    if let Some((c, n)) = balance.iter().find(|(_, n)| **n != 0) {
        return Some(format!("`{c}` is off by {n}"));
    }
    let plain = page_to_text(page, &params);
    (plain != text).then(|| {
        let at = plain.lines().zip(text.lines()).find(|(a, b)| a != b);
        format!("short and long way differ: {at:?}")
    })
}

fn check_folder(folder: &Path, most_pages: usize) -> usize {
    let mut read = 0;
    let mut faults = vec![];
    for path in pdfs(folder) {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let Ok(source) = Source::open(bytes, None, &Limits::default()) else { continue };
        let source = source.output;
        for i in 0..source.page_count().min(most_pages) {
            read += 1;
            let page = source.page(i).output;
            faults.extend(fault(&page).map(|f| format!("{} page {}: {f}", path.display(), i + 1)));
        }
    }
    assert!(faults.is_empty(), "{} of {read} pages:\n{}", faults.len(), faults.join("\n"));
    read
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn fixtures_are_conserved() {
    let folders: Vec<PathBuf> = std::fs::read_dir(root().join("fixtures"))
        .into_iter()
        .flatten()
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.is_dir())
        .collect();
    let read: usize = folders.iter().map(|f| check_folder(f, 40)).sum::<usize>() + check_folder(&root().join("fixtures"), 40);
    assert!(read > 20, "only {read} pages of fixtures");
}

#[test]
fn corpus_is_conserved() {
    let shared = root().join("../shared");
    if !shared.join("corpus").is_dir() {
        println!("skipped: no shared corpus");
        return;
    }
    let read = ["corpus", "tables/stress_ja", "tables/icdar2013", "tables/tokyo_kv", "fixtures/encodings"]
        .iter()
        .map(|f| check_folder(&shared.join(f), 120))
        .sum::<usize>();
    println!("{read} pages");
    assert!(read > 500);
}
