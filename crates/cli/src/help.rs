//! Help in Japanese: a table of texts laid over clap's own.

use crate::shell::Lang;

/// `command<TAB>about` and `command.argument_id<TAB>help`; options of every command stand under `*`.
const JA: &str = include_str!("ja/help.tsv");

fn japanese(key: &str) -> Option<&'static str> {
    JA.lines().filter_map(|l| l.split_once('\t')).find(|(k, _)| *k == key).map(|(_, text)| text)
}

/// Returns the command with its help in the language.
pub(crate) fn in_language(command: clap::Command, lang: Lang) -> clap::Command {
    match lang {
        Lang::En => command,
        Lang::Ja => translated(command, "jisseki"),
    }
}

fn translated(mut command: clap::Command, key: &str) -> clap::Command {
    if let Some(about) = japanese(key) {
        command = command.about(about).long_about(None);
    }
    let arguments: Vec<_> = command.get_arguments().map(|a| a.get_id().clone()).collect();
    for id in arguments {
        if let Some(help) = argument_help(key, id.as_str()) {
            command = command.mut_arg(id, |a| a.help(help).long_help(None));
        }
    }
    let names: Vec<_> = command.get_subcommands().map(|s| s.get_name().to_owned()).collect();
    for name in names {
        let below = if key == "jisseki" { name.clone() } else { format!("{key} {name}") };
        command = command.mut_subcommand(name, |s| translated(s, &below));
    }
    command
}

fn argument_help(key: &str, id: &str) -> Option<&'static str> {
    japanese(&format!("{key}.{id}")).or_else(|| japanese(&format!("*.{id}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(command: &clap::Command, key: &str, found: &mut Vec<String>) {
        if japanese(key).is_none() {
            found.push(key.to_owned());
        }
        let arguments = command.get_arguments().filter(|a| !matches!(a.get_id().as_str(), "help" | "version"));
        found.extend(arguments.filter(|a| argument_help(key, a.get_id().as_str()).is_none()).map(|a| format!("{key}.{}", a.get_id())));
        for sub in command.get_subcommands().filter(|s| s.get_name() != "help") {
            let below = if key == "jisseki" { sub.get_name().to_owned() } else { format!("{key} {}", sub.get_name()) };
            missing(sub, &below, found);
        }
    }

    #[test]
    fn every_command_and_argument_has_japanese_help() {
        let mut found = vec![];
        missing(&crate::command(Lang::En), "jisseki", &mut found);
        assert!(found.is_empty(), "lines to add to ja/help.tsv: {found:#?}");
    }

    #[test]
    fn the_command_line_is_well_formed_in_both_languages() {
        crate::command(Lang::En).debug_assert();
        crate::command(Lang::Ja).debug_assert();
    }
}
