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

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, FromArgMatches};

use crate::exit::Exit;
use crate::shell::Shell;

/// Declares the commands: of each, what the list of commands says of it, its variant with its arguments, and what runs it.
///
/// `clap::Subcommand` would describe all commands with their arguments at each start, though one is meant.
macro_rules! commands {
    ($(#[doc = $about:literal] $(#[hide = $hide:literal])? $name:literal $variant:ident($args:ty) => $run:expr;)+) => {
        /// What to do, in the order of the walk.
        #[derive(Debug)]
        pub(crate) enum Command {
            $(#[doc = $about] $variant($args)),+
        }

        impl Command {
            /// The commands' names.
            pub(crate) const NAMES: &[&str] = &[$($name),+];

            /// Returns a command as clap knows it, with its arguments where they are asked for.
            pub(crate) fn subcommand(name: &str, with_arguments: bool) -> Option<clap::Command> {
                let described = |c: clap::Command, augment: fn(clap::Command) -> clap::Command, about: &'static str| {
                    let c = if with_arguments { augment(c) } else { c };
                    Some(c.about(about.trim()).long_about(None))
                };
                match name {
                    $($name => described(clap::Command::new($name)$(.hide($hide))?, <$args>::augment_args, $about),)+
                    _ => None,
                }
            }
            /// Takes the command out of what clap read.
            pub(crate) fn from_matches(matches: &mut ArgMatches) -> Result<Command, clap::Error> {
                let (name, mut own) = matches.remove_subcommand().ok_or_else(|| clap::Error::new(ErrorKind::MissingSubcommand))?;
                match name.as_str() {
                    $($name => <$args>::from_arg_matches_mut(&mut own).map(Command::$variant),)+
                    _ => Err(clap::Error::new(ErrorKind::InvalidSubcommand)),
                }
            }
            /// Runs the command.
            pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<Exit> {
                match self {
                    $(Command::$variant(args) => $run(args, shell)),+
                }
            }
        }
    };
}

commands! {
    /// Read a report into records
    "convert" Convert(convert::Args) => convert::run;
    /// Convert for a batch, over pipes
    #[hide = true]
    "worker" Worker(batch::WorkerArgs) => |args, _: &Shell| batch::serve(args);
    /// Extract text, glyphs or a picture of what was read
    "extract" Extract(extract::Args) => extract::run;
    /// Find dates, fiscal years, amounts and departments in a text
    "normalize" Normalize(normalize::Args) => normalize::run;
    /// Tell what is in a PDF, and why its text reads as it does
    "inspect" Inspect(inspect::Args) => inspect::run;
    /// List, show, draft or try profiles
    "profile" Profile(profile::Args) => profile::run;
    /// Check what should hold of reports, against each other and against what was accepted
    "check" Check(check::Args) => check::run;
    /// Carry the ids of initiatives over releases, in a registry that people keep
    "link" Link(link::Args) => link::run;
    /// Tell what changed between two releases
    "diff" Diff(diff::Args) => diff::run;
    /// Make one HTML file to check a report by eye: its values beside its pages
    "look" Look(look::Args) => look::run;
    /// Tell the history of one initiative over the years
    "history" History(history::Args) => history::run;
    /// Read the ruled tables of a PDF, with spans and nested tables
    "tables" Tables(tables::Args) => tables::run;
    /// Print the JSON Schema of the output
    "schema" Schema(schema::Args) => schema::run;
    /// Explain a warning or error code
    "explain" Explain(explain::Args) => explain::run;
    /// Print a completion script for a shell
    "completions" Completions(completions::Args) => completions::run;
    /// Print a manual page (roff)
    "man" Man(man::Args) => man::run;
}
