//! What can go wrong while writing.

use std::path::PathBuf;

/// A file of the output could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The file system said no.
    #[error("cannot write `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A format's own library said no.
    #[error("cannot write `{}` as {format}: {message}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The format.
        format: &'static str,
        /// Why.
        message: String,
    },
}

impl WriteError {
    /// Returns a closure that makes an [`WriteError::Io`] about `path`.
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> WriteError {
        let path = path.into();
        move |source| WriteError::Io { path, source }
    }
    pub(crate) fn format(path: &std::path::Path, format: &'static str, error: impl std::fmt::Display) -> WriteError {
        WriteError::Format { path: path.to_owned(), format, message: error.to_string() }
    }
}
