//! `jisseki schema`: the output contract as JSON Schema.

use crate::exit::Exit;
use crate::shell::Shell;

/// No arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let mut out = shell.out();
    out.json(&jisseki::dataset::report_schema(), true)?;
    out.end()?;
    Ok(Exit::Ok)
}
