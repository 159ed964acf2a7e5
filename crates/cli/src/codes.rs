//! The catalog of codes with the command line's own.

use jisseki::model::{Code, Severity};

const OWN: [Code; 2] = [
    Code {
        id: "cli/failed",
        severity: Severity::Error,
        label_en: "command failed",
        label_ja: "コマンドの失敗",
        explanation: "The command could not go on: a file could not be read or written.",
        hint: "Check the path, the permissions and the room on the disk.",
    },
    Code {
        id: "cli/usage",
        severity: Severity::Error,
        label_en: "wrong usage",
        label_ja: "使い方の誤り",
        explanation: "The arguments do not fit the command, or name something that is not there.",
        hint: "`jisseki --help` and `jisseki COMMAND --help` show the arguments.",
    },
];

/// Returns every code, the command line's own last.
pub(crate) fn codes() -> impl Iterator<Item = Code> {
    jisseki::model::codes().chain(OWN)
}

/// Returns the code of that name.
pub(crate) fn code_named(id: &str) -> Option<Code> {
    jisseki::model::code_named(id).or_else(|| OWN.into_iter().find(|c| c.id == id))
}
