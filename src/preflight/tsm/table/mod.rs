//! The commands of `tsm` and their options.
//!
//! Sources: the pages "tsm security", "tsm authentication", "tsm data-access", "tsm
//! user-identity-store" and "tsm topology" of help.tableau.com, with their section on global
//! options. Rows marked "from memory" could not be compared with a page; they are `open`,
//! that is, an option that the row does not know is accepted.

mod authentication;
mod others;
mod security;

use super::command::Service;
use super::options::{Opt, Use};

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    ExternalSsl,
    CustomTsmSsl,
    Saml,
    MutualSsl,
    CustomCert,
    Service(Service, &'static [&'static str]),
    KmsAws,
    RepositorySsl,
    Hana,
    ExternalRepository,
    Login,
    Apply,
    SetPorts,
    SetConfiguration,
    /// Nothing to check, except that its options belong to it.
    Listed,
    /// Nothing to check; its own words are not examined.
    Other,
}

#[derive(Debug)]
pub(super) struct Command {
    pub(super) path: &'static [&'static str],
    pub(super) kind: Kind,
    pub(super) options: &'static [Opt],
    /// Options beyond these are accepted.
    pub(super) open: bool,
    /// Without any of its own options, it sets nothing.
    pub(super) wants_one: bool,
}

impl Command {
    /// An option as the page spells it: for some, the page has only the short name.
    pub(super) fn spelt(&self, long: &'static str) -> &'static str {
        let service = matches!(self.kind, Kind::Service(..));
        match long {
            "--cert-file" if service => "-cf",
            "--config" if self.kind == Kind::ExternalRepository => "-f",
            "--ssl-cert-file" => "-c",
            long => long,
        }
    }

    const fn wants_one(mut self) -> Self {
        self.wants_one = true;
        self
    }
}

const MILLISECONDS: Use = Use::Number("milliseconds");
const BOOLEAN: Use = Use::OneOf(&["true", "false"]);
const SWITCH: Use = Use::OneOf(&["enable", "disable"]);

const fn command(path: &'static [&'static str], kind: Kind, options: &'static [Opt]) -> Command {
    Command {
        path,
        kind,
        options,
        open: false,
        wants_one: false,
    }
}

const fn open(path: &'static [&'static str], kind: Kind, options: &'static [Opt]) -> Command {
    Command {
        path,
        kind,
        options,
        open: true,
        wants_one: false,
    }
}

/// A command, or a whole group of them, that has nothing to check.
const fn other(path: &'static [&'static str]) -> Command {
    open(path, Kind::Other, &[])
}

/// A command with nothing to check, whose options are listed on the page.
const fn listed(path: &'static [&'static str], options: &'static [Opt]) -> Command {
    command(path, Kind::Listed, options)
}

/// Every command.
pub(super) fn commands() -> impl Iterator<Item = &'static Command> + Clone {
    let all: [&'static [Command]; 3] = [
        security::COMMANDS,
        authentication::COMMANDS,
        others::COMMANDS,
    ];
    all.into_iter().flatten()
}

/// The words that may follow `path`, each once, in the order of the table.
pub(super) fn children(path: &[&str]) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for command in commands() {
        if command.path.starts_with(path)
            && let Some(name) = command.path.get(path.len())
            && !names.contains(name)
        {
            names.push(name);
        }
    }
    names
}

/// The command of exactly that path.
pub(super) fn command_at(path: &[&str]) -> Option<&'static Command> {
    commands().find(|command| command.path == path)
}

#[cfg(test)]
mod tests {
    use super::{Command, commands};
    use crate::preflight::tsm::options::{GLOBAL, OURS, Opt};
    use std::collections::HashSet;

    #[test]
    fn no_command_is_the_beginning_of_another_and_none_comes_twice() {
        for (index, one) in commands().enumerate() {
            for (other, two) in commands().enumerate() {
                assert!(
                    index == other || !two.path.starts_with(one.path),
                    "{:?} hides {:?}",
                    one.path,
                    two.path
                );
            }
        }
    }

    fn names_of(command: &Command) -> Vec<&'static str> {
        command
            .options
            .iter()
            .filter_map(|option| option.short)
            .collect()
    }

    #[test]
    fn every_name_of_an_option_means_one_thing() {
        for command in commands() {
            let mut names = HashSet::new();
            // If tsm itself has `-v`, it is tsm's: the words are a tsm command.
            let taken = |option: &&Opt| {
                let own = command
                    .options
                    .iter()
                    .any(|other| other.long == option.long);
                own || option.short.is_some_and(|s| names_of(command).contains(&s))
            };
            let ours = OURS.iter().filter(|option| !taken(option));
            for option in command.options.iter().chain(GLOBAL).chain(ours) {
                assert!(option.long.starts_with("--"), "{}", option.long);
                assert!(
                    names.insert(option.long),
                    "{:?} {}",
                    command.path,
                    option.long
                );
                if let Some(short) = option.short {
                    assert!(short.starts_with('-') && !short.starts_with("--"));
                    assert!(names.insert(short), "{:?} {short}", command.path);
                }
            }
        }
    }
}
