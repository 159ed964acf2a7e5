//! `jisseki completions SHELL`.

use crate::exit::Exit;
use crate::shell::Shell;

/// Which shell.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

pub(crate) fn run(args: &Args, shell: &Shell) -> anyhow::Result<Exit> {
    let mut script = vec![];
    clap_complete::generate(args.shell, &mut crate::command(shell.lang), "jisseki", &mut script);
    let mut out = shell.out();
    out.text(&String::from_utf8_lossy(&script))?;
    out.end()?;
    Ok(Exit::Ok)
}
