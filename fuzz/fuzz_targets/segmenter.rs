//! Any Unicode as a text dump, and tables of words that mean something over several pages: no panic, and every glyph has its class.
#![no_main]

use jisseki_fuzz::pages::{any_page, laid_out, table_page};
use jisseki_layout::PageLayout;
use jisseki_segmenter::{Profile, segment, segment_text};
use std::sync::LazyLock;

/// Built once: its patterns take longer than a run.
static PROFILE: LazyLock<Profile> = LazyLock::new(Profile::auto);

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let profile = &*PROFILE;
    let _ = segment_text(&String::from_utf8_lossy(data), profile);
    let mut pages: Vec<PageLayout> = data.chunks(256).take(4).zip(1..).map(|(part, n)| laid_out(&table_page(part, n))).collect();
    let mut last = any_page(data.get(..200).unwrap_or(data));
    last.number = pages.len() as u32 + 1;
    pages.push(laid_out(&last));
    let read = segment(&pages, profile);
    let ledger = read.warnings.iter().find(|w| w.code == "segment/ledger");
    assert!(ledger.is_none(), "{ledger:?}");
});
