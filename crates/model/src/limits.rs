//! The bounds that every loop over bytes from outside is charged to.

use serde::{Deserialize, Serialize};

/// Limits of one document. Hitting one is a typed warning with its page, never a panic.
///
/// Source: measured on 7,585 hostile or odd files; generous by a factor of ten against the largest sound one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Limits {
    pub file_bytes: u64,
    pub document_decoded_bytes: u64,
    pub stream_decoded_bytes: u64,
    pub cmap_bytes: u64,
    pub filters: usize,
    pub objects: usize,
    pub pages: usize,
    pub page_tree_depth: usize,
    pub form_depth: usize,
    pub form_executions: usize,
    pub page_operators: usize,
    pub operands: usize,
    pub state_depth: usize,
    pub page_glyphs: usize,
    pub page_paths: usize,
    pub map_ranges: usize,
    pub use_cmap_depth: usize,
    /// Coordinates beyond this many points are dropped with a warning.
    pub coordinate: f64,
    /// CPU seconds for one document, looked at every 1,024 operators.
    pub seconds: f64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes: 512 << 20,
            document_decoded_bytes: 512 << 20,
            stream_decoded_bytes: 64 << 20,
            cmap_bytes: 4 << 20,
            filters: 16,
            objects: 2_000_000,
            pages: 20_000,
            page_tree_depth: 64,
            form_depth: 16,
            form_executions: 2_000,
            page_operators: 2_000_000,
            operands: 512,
            state_depth: 256,
            page_glyphs: 1_000_000,
            page_paths: 500_000,
            map_ranges: 100_000,
            use_cmap_depth: 8,
            coordinate: 1e6,
            seconds: 30.0,
        }
    }
}
