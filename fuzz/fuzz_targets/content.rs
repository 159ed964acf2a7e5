//! Content streams: the lexer, operators, inline images, marked content.
#![no_main]

use jisseki_fuzz::{pdf, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| read(&pdf(data, b"1 beginbfrange <0000> <00ff> <3042> endbfrange", b"1 [500 500] 9 20 300")));
