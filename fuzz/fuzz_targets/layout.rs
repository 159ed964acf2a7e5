//! Any page of glyphs and paths: laid out without a panic, and every glyph and path has its owner.
#![no_main]

use jisseki_fuzz::pages::{any_page, laid_out, table_page};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    laid_out(&any_page(data));
    laid_out(&table_page(data, 1));
});
