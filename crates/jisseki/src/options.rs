//! What a caller can choose.

use jisseki_model::Limits;
use jisseki_segmenter::Profile;

/// How to convert. There is no `Default`: a caller says which profile it means.
#[derive(Debug, Clone)]
pub struct Options {
    /// How records look: header words, numbering, states and phases.
    pub profile: Profile,
    /// Password of encrypted files.
    pub password: Option<String>,
    /// Bounds on what one document may cost.
    pub limits: Limits,
    /// Threads that read pages: 0 = one a core, 1 = the caller's own. It changes no byte of the output.
    pub threads: usize,
    /// The fiscal year reported on, where the document does not say it.
    pub report_fy: Option<i32>,
}

impl Options {
    /// Returns the options for reading with a profile, everything else as usual.
    pub fn with_profile(profile: Profile) -> Options {
        Options { profile, password: None, limits: Limits::default(), threads: 0, report_fy: None }
    }
}
