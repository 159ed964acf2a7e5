//! One file a command: its arguments and the library calls it makes.

pub(crate) mod batch;
pub(crate) mod check;
mod check_rules;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod extract;
pub(crate) mod history;
pub(crate) mod inspect;
pub(crate) mod link;
pub(crate) mod look;
pub(crate) mod man;
pub(crate) mod normalize;
pub(crate) mod profile;
pub(crate) mod schema;
pub(crate) mod tables;

use crate::exit::Exit;
use crate::shell::Shell;

/// What to do, in the order of the walk.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Read a report into records
    Convert(convert::Args),
    /// Convert for a batch, over pipes
    #[command(hide = true)]
    Worker(batch::WorkerArgs),
    /// Extract text, glyphs or a picture of what was read
    Extract(extract::Args),
    /// Find dates, fiscal years, amounts and departments in a text
    Normalize(normalize::Args),
    /// Tell what is in a PDF, and why its text reads as it does
    Inspect(inspect::Args),
    /// List, show, draft or try profiles
    Profile(profile::Args),
    /// Check what should hold of reports, against each other and against what was accepted
    Check(check::Args),
    /// Carry the ids of initiatives over releases, in a registry that people keep
    Link(link::Args),
    /// Tell what changed between two releases
    Diff(diff::Args),
    /// Make one HTML file to check a report by eye: its values beside its pages
    Look(look::Args),
    /// Tell the history of one initiative over the years
    History(history::Args),
    /// Read the ruled tables of a PDF, with spans and nested tables
    Tables(tables::Args),
    /// Print the JSON Schema of the output
    Schema(schema::Args),
    /// Explain a warning or error code
    Explain(explain::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
    /// Print a manual page (roff)
    Man(man::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<Exit> {
        match self {
            Command::Convert(args) => convert::run(args, shell),
            Command::Worker(args) => batch::serve(args),
            Command::Extract(args) => extract::run(args, shell),
            Command::Normalize(args) => normalize::run(args, shell),
            Command::Inspect(args) => inspect::run(args, shell),
            Command::Profile(args) => profile::run(args, shell),
            Command::Check(args) => check::run(args, shell),
            Command::Link(args) => link::run(args, shell),
            Command::Diff(args) => diff::run(args, shell),
            Command::Look(args) => look::run(args, shell),
            Command::History(args) => history::run(args, shell),
            Command::Tables(args) => tables::run(args, shell),
            Command::Schema(args) => schema::run(args, shell),
            Command::Explain(args) => explain::run(args, shell),
            Command::Completions(args) => completions::run(args, shell),
            Command::Man(args) => man::run(args, shell),
        }
    }
}
