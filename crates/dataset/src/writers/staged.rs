//! A file under a temporary name in its own folder, until it is complete.

use crate::WriteError;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A complete file that waits for its name; dropped before [`Staged::commit`], it is removed.
#[derive(Debug)]
pub struct Staged {
    temp: PathBuf,
    path: PathBuf,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: String,
    committed: bool,
}

/// A file that is being written, with its hash.
pub(crate) struct StagedWriter {
    staged: Staged,
    file: BufWriter<File>,
    hash: Sha256,
}

impl Staged {
    /// Returns the name that `path` has until it is complete.
    pub(crate) fn temp_path(path: &Path, tag: &str) -> PathBuf {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        path.with_file_name(format!(".jisseki-{tag}-{name}.tmp"))
    }
    pub(crate) fn create(path: &Path, tag: &str) -> Result<StagedWriter, WriteError> {
        let temp = Staged::temp_path(path, tag);
        let file = File::create(&temp).map_err(WriteError::io(path))?;
        let staged = Staged { temp, path: path.to_owned(), bytes: 0, sha256: String::new(), committed: false };
        Ok(StagedWriter { staged, file: BufWriter::with_capacity(1 << 18, file), hash: Sha256::new() })
    }
    /// Takes over a file that a library has written under the temporary name.
    pub(crate) fn adopt(path: &Path, tag: &str) -> Result<Staged, WriteError> {
        let temp = Staged::temp_path(path, tag);
        let mut staged = Staged { temp, path: path.to_owned(), bytes: 0, sha256: String::new(), committed: false };
        let mut file = File::open(&staged.temp).map_err(WriteError::io(path))?;
        let mut hash = Sha256::new();
        staged.bytes = std::io::copy(&mut file, &mut hash).map_err(WriteError::io(path))?;
        staged.sha256 = hex(&hash.finalize());
        file.sync_all().map_err(WriteError::io(path))?;
        Ok(staged)
    }
    /// Returns the final path.
    pub fn path(&self) -> &Path {
        &self.path
    }
    /// Gives the file its name, replacing an older one at once.
    pub(crate) fn commit(mut self) -> Result<(), WriteError> {
        std::fs::rename(&self.temp, &self.path).map_err(WriteError::io(&self.path))?;
        self.committed = true;
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.committed {
            // Best effort: the next run removes what is left.
            drop(std::fs::remove_file(&self.temp));
        }
    }
}

impl StagedWriter {
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.hash.update(bytes);
        self.staged.bytes += bytes.len() as u64;
        self.file.write_all(bytes).map_err(WriteError::io(&self.staged.path))
    }
    pub(crate) fn finish(mut self) -> Result<Staged, WriteError> {
        let path = self.staged.path.clone();
        self.file.flush().map_err(WriteError::io(&path))?;
        self.file.get_ref().sync_all().map_err(WriteError::io(&path))?;
        self.staged.sha256 = hex(&self.hash.finalize());
        Ok(self.staged)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
