//! Whole files: cross-references, objects, filters, page trees, encryption.
#![no_main]

use jisseki_fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| read(data));
