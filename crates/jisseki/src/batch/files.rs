//! Files: reading with a bound, writing atomically, cleaning up after a killed run.

use crate::dataset::WriteError;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Returns the SHA-256 in hex.
pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Returns size and SHA-256 of a regular file.
pub(super) fn hash_file(path: &Path) -> io::Result<(u64, String)> {
    let mut file = open_regular(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok((bytes, hex(&hash.finalize())));
        }
        bytes += n as u64;
        hash.update(buffer.get(..n).unwrap_or(&[]));
    }
}

/// Opens a regular file; a FIFO or a device is refused before it could block.
pub(super) fn open_regular(path: &Path) -> io::Result<File> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    File::open(path)
}

/// Writes a file under a temporary name in its folder, syncs it and gives it its name.
pub(super) fn write_atomic(path: &Path, tag: &str, bytes: &[u8]) -> Result<(), WriteError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(WriteError::io(folder))?;
    let temp = folder.join(temp_name(path, tag));
    let result = write_synced(&temp, bytes).and_then(|()| std::fs::rename(&temp, path));
    if result.is_err() {
        // Best effort: the error that is reported is the one that counts.
        drop(std::fs::remove_file(&temp));
    }
    result.map_err(WriteError::io(path))
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A short name, so that a long output name does not make a temporary name that is too long.
fn temp_name(path: &Path, tag: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let short = sha256_hex(name.as_bytes());
    format!("{}{}.tmp", temp_prefix(tag), short.get(..16).unwrap_or("x")).into()
}

fn temp_prefix(tag: &str) -> String {
    format!(".jisseki-{tag}-")
}

/// Removes what a killed run of the same shard left; the caller holds the shard's lock.
pub(super) fn remove_temporaries(output: &Path, tag: &str) {
    let mut folders = vec![output.to_owned(), output.join("parquet"), output.join("excel"), output.join("reports")];
    while let Some(folder) = folders.pop() {
        let below_reports = folder.starts_with(output.join("reports"));
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let kind = entry.file_type();
            let name = entry.file_name();
            if below_reports && kind.as_ref().is_ok_and(std::fs::FileType::is_dir) {
                folders.push(entry.path());
            } else if name.to_string_lossy().starts_with(&temp_prefix(tag)) && kind.is_ok_and(|k| k.is_file()) {
                drop(std::fs::remove_file(entry.path()));
            }
        }
    }
}
