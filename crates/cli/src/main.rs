//! The `jisseki` command: arguments in, data on stdout, messages on stderr, an exit code.
//!
//! Goes in: arguments, files. Comes out: what the libraries of the workspace made of them.
//!
//! *Invariant:* no reading of PDFs, layouts or texts happens here: every command is a call of the library and the printing of its answer.
//! *Invariant:* stdout carries data only, and a terminal never receives a control character that came from a file.

mod codes;
mod commands;
mod exit;
mod help;
mod input;
mod messages;
mod options;
mod releases;
mod shell;
mod signals;
mod view;
mod visible;

use clap::{CommandFactory, FromArgMatches};
use commands::Command;
use shell::{Globals, Lang, Shell};
use std::ffi::OsString;

/// Read the PDFs in which Japanese public bodies publish a year's results.
#[derive(Debug, clap::Parser)]
#[command(name = "jisseki", version, about, propagate_version = true, subcommand_required = true, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
}

/// The whole command line as clap knows it, in the language asked for.
fn command(lang: Lang) -> clap::Command {
    let all = Command::NAMES.iter().filter_map(|name| Command::subcommand(name, true));
    help::in_language(Cli::command().subcommands(all), lang)
}

/// What clap has to know of the command line for these arguments: the command that comes first, else all of them, with the arguments of those named.
fn command_for(arguments: &[OsString], lang: Lang) -> clap::Command {
    let first = arguments.get(1).and_then(|a| a.to_str()).and_then(|name| Command::subcommand(name, true));
    let command = match first {
        Some(only) => Cli::command().subcommand(only),
        None => {
            let is_named = |name: &str| arguments.iter().any(|a| a == name);
            Cli::command().subcommands(Command::NAMES.iter().filter_map(|name| Command::subcommand(name, is_named(name))))
        }
    };
    help::in_language(command, lang)
}

fn parsed(arguments: &[OsString], lang: Lang) -> Result<(Cli, Command), clap::Error> {
    let mut matches = command_for(arguments, lang).try_get_matches_from(arguments)?;
    Ok((Cli::from_arg_matches_mut(&mut matches)?, Command::from_matches(&mut matches)?))
}

/// Blocks above this size are given back to the system when they are freed, 4 MiB.
const KEPT_BLOCK: usize = 4 << 20;

/// Tells glibc to keep what is freed: once it has seen a large block freed, it takes the next ones up to that size from memory that is there.
///
/// A page's glyphs and marks take a quarter of a megabyte, mapped and unmapped for each page before: a sixth of the page faults of a short report.
fn keep_freed_memory() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(KEPT_BLOCK)));
}

fn main() -> std::process::ExitCode {
    keep_freed_memory();
    let arguments: Vec<_> = std::env::args_os().collect();
    let lang = shell::language_of(&arguments);
    let exit = match parsed(&arguments, lang) {
        Ok((cli, command)) => {
            let shell = Shell::new(&cli.globals, lang);
            let result = command.run(&shell);
            shell.finish(result)
        }
        Err(e) => messages::usage(&e),
    };
    exit.code()
}
