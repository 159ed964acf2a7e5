//! Bytes as the numbers and lists of `W`, `W2` and `Widths`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jisseki_extractor::font::fuzzing::widths(data));
