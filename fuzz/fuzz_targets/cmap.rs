//! Bytes as an encoding CMap and as a `ToUnicode`: parsed within the limits, and no unsound character leaves.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jisseki_extractor::font::fuzzing::cmap(data));
