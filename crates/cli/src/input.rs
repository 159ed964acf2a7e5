//! Reading one input: a file, or `-` for stdin.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, bail};

use crate::exit::Usage;
use jisseki::extractor::FileBytes;

/// Reads a regular file of at most `limit` bytes, or stdin for `-`.
///
/// A folder, FIFO or device is refused: reading it could block for ever.
pub(crate) fn read(path: &Path, limit: u64) -> anyhow::Result<FileBytes> {
    let bytes = if path.as_os_str() == "-" {
        FileBytes::read(io::stdin().lock().take(limit.saturating_add(1)), 0).context("cannot read stdin")?
    } else {
        let name = path.display();
        // Looked at before opening: opening a FIFO blocks until somebody writes to it.
        let meta = std::fs::metadata(path).with_context(|| format!("cannot read `{name}`"))?;
        if meta.is_dir() {
            bail!(Usage(format!("`{name}` is a folder; a file is expected here")));
        }
        if !meta.is_file() {
            bail!(Usage(format!("`{name}` is no regular file")));
        }
        let expected = usize::try_from(meta.len().min(limit)).unwrap_or(0);
        let read = || FileBytes::read(File::open(path)?.take(limit.saturating_add(1)), expected);
        read().with_context(|| format!("cannot read `{name}`"))?
    };
    if bytes.len() as u64 > limit {
        bail!("`{}` is larger than {limit} bytes; `--limit file_bytes=…` raises the bound", path.display());
    }
    Ok(bytes)
}

/// Returns the file's name without its folder, as it goes into reports: `stdin` for `-`.
pub(crate) fn source_name(path: &Path) -> String {
    if path.as_os_str() == "-" {
        return "stdin".to_owned();
    }
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}
