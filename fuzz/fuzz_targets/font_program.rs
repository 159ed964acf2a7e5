//! Bytes as an embedded font program: TrueType, OpenType, CFF, Type 1.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jisseki_extractor::font::fuzzing::program(data));
