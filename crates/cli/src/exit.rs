//! The exit codes that scripts can rely on.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All well.
    Ok,
    /// `check` or `diff` found something at or above `--fail-on`.
    #[allow(dead_code)]
    Found,
    /// Usage or configuration.
    Usage,
    /// Some inputs failed, the others are written.
    #[allow(dead_code)]
    SomeFailed,
    /// Every input failed.
    AllFailed,
    /// Ended by a signal (2 = INT, 15 = TERM) after the current file was finished.
    #[allow(dead_code)]
    Signal(u8),
}

impl Exit {
    /// Returns the number that the shell sees.
    pub(crate) fn number(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::Found => 1,
            Exit::Usage => 2,
            Exit::SomeFailed => 3,
            Exit::AllFailed => 4,
            Exit::Signal(n) => 128u8.saturating_add(n),
        }
    }
    /// Returns the same for `main`.
    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(self.number())
    }
}

/// A mistake in the arguments or the configuration: exit 2.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}
