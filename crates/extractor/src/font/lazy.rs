//! Parts of a font that are only read when a code needs them: the font program and the CID → glyph map.

use super::program::Program;
use crate::object::{Objects, Stream};
use std::sync::OnceLock;

/// An embedded font program, inflated at first use.
#[derive(Debug, Default)]
pub(super) struct LazyProgram {
    stream: Option<Stream>,
    program: OnceLock<Option<Program>>,
}

impl LazyProgram {
    /// Returns the program of a `FontFile*` stream.
    pub(super) fn new(stream: Option<Stream>) -> LazyProgram {
        LazyProgram { stream, program: OnceLock::new() }
    }
    /// Tells whether a program is embedded.
    pub(super) fn is_embedded(&self) -> bool {
        self.stream.is_some()
    }
    /// Returns the program.
    pub(super) fn get(&self, objects: &Objects<'_>) -> Option<&Program> {
        let stream = self.stream.as_ref()?;
        let load = || {
            let decoded = objects.stream_bytes(stream, objects.limits().stream_decoded_bytes);
            (!decoded.bytes.is_empty()).then(|| Program::new(decoded.bytes))
        };
        self.program.get_or_init(load).as_ref()
    }
}

/// `CIDToGIDMap` (Table 115).
#[derive(Debug, Default)]
pub(super) struct LazyGlyphMap {
    stream: Option<Stream>,
    bytes: OnceLock<Vec<u8>>,
}

/// Two bytes for each of 65,536 CIDs.
const MAX_MAP: u64 = 2 * 65_536;

impl LazyGlyphMap {
    /// Returns the map of a stream; none is the identity.
    pub(super) fn new(stream: Option<Stream>) -> LazyGlyphMap {
        LazyGlyphMap { stream, bytes: OnceLock::new() }
    }
    /// Tells whether CIDs are glyph ids as they are.
    pub(super) fn is_identity(&self) -> bool {
        self.stream.is_none()
    }
    /// Returns a CID's glyph id.
    pub(super) fn get(&self, objects: &Objects<'_>, cid: u32) -> Option<u32> {
        let Some(stream) = &self.stream else { return Some(cid) };
        let bytes = self.bytes.get_or_init(|| objects.stream_bytes(stream, MAX_MAP).bytes);
        let at = usize::try_from(cid).ok()?.checked_mul(2)?;
        let pair: [u8; 2] = bytes.get(at..)?.get(..2)?.try_into().ok()?;
        Some(u32::from(u16::from_be_bytes(pair)))
    }
}
