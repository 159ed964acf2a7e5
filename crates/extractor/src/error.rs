//! Why a file gives nothing at all.

/// Only the container can fail; everything inside it is data plus a warning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// No header and no object that could be read.
    #[error("not a PDF: no header and no object that could be read in {bytes} bytes")]
    NotPdf {
        /// The file's size.
        bytes: usize,
    },
    /// Encrypted, and neither the empty nor the given password opens it.
    #[error("the file is encrypted and needs a password ({detail})")]
    Password {
        /// What the decryption said.
        detail: String,
    },
    /// The page tree is empty or can't be read, and no page lies outside it.
    #[error("no pages: the page tree could not be read or is empty")]
    NoPages,
    /// Larger than the limit.
    #[error("the file has {bytes} bytes, more than the limit of {limit}")]
    TooLarge {
        /// The file's size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
}

impl ExtractError {
    /// Returns the code of the catalog.
    pub fn code(&self) -> &'static str {
        match self {
            ExtractError::NotPdf { .. } => "pdf/not-a-pdf",
            ExtractError::Password { .. } => "pdf/password",
            ExtractError::NoPages => "pdf/no-pages",
            ExtractError::TooLarge { .. } => "pdf/too-large",
        }
    }
}
