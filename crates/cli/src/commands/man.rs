//! `jisseki man [COMMAND]`: manual pages made from the same definitions as the help.

use anyhow::anyhow;

use crate::exit::{Exit, Usage};
use crate::shell::Shell;

/// Which page.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A command; the program's own page without one
    name: Option<String>,
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let mut command = crate::command(shell.lang);
    command.build();
    if let Some(name) = &args.name {
        let sub = command.find_subcommand(name).ok_or_else(|| anyhow!(Usage(format!("no command `{name}`"))))?;
        command = sub.clone();
    }
    let mut page = vec![];
    clap_mangen::Man::new(command).render(&mut page)?;
    let mut out = shell.out();
    out.text(&String::from_utf8_lossy(&page))?;
    out.end()?;
    Ok(Exit::Ok)
}
