//! The compact key of a mention: one line for snapshots, cases and eyes.

use jisseki_model::{Mention, Value};

/// Returns the compact key of a mention of `all`.
pub fn key(mention: &Mention, all: &[Mention]) -> String {
    let _ = all;
    match &mention.value {
        Value::Org { path, .. } => format!("org:{}", path.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join("/")),
        _ => String::new(),
    }
}
