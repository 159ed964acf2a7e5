//! Why a document gives no report at all.

/// The container could not be opened. Everything else is a report with warnings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The PDF could not be opened.
    #[error(transparent)]
    Extract(#[from] jisseki_extractor::ExtractError),
    /// A `.txt` that is neither UTF-8 nor UTF-16 with a byte order mark.
    #[error("the text is neither UTF-8 nor UTF-16 (first bad byte at {at})")]
    NotText {
        /// Position of the first byte that is no UTF-8.
        at: usize,
    },
}

impl ConvertError {
    /// Returns the code of the catalog (`jisseki explain CODE`).
    pub fn code(&self) -> &'static str {
        match self {
            ConvertError::Extract(e) => e.code(),
            ConvertError::NotText { .. } => "text/not-unicode",
        }
    }
}
