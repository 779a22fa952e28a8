//! From words to options: which command is meant, and what was given to it.

use super::options::{GLOBAL, OURS, Opt, Takes, Use, opt};
use super::table::{Command, Kind, children, command_at, commands};
use crate::spelling::nearest;

/// Where the words of a command end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reached {
    /// At a command.
    Command(&'static Command),
    /// At a word that the table does not have there.
    Stranger(usize),
    /// At the end of the line.
    End,
}

/// The words of a line that name the command.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) path: Vec<&'static str>,
    /// The positions of those words, four at most.
    pub(super) words: Vec<usize>,
    pub(super) reached: Reached,
}

/// Finds the command. Options may precede it and between its words.
pub(super) fn route(words: &[&str], script: bool) -> Route {
    let mut path = Vec::new();
    let mut positions = Vec::new();
    let mut rest = words.iter().copied().enumerate();
    while let Some((at, word)) = rest.next() {
        if is_dashed(word) {
            let (name, inline) = split(word);
            let options = || {
                commands()
                    .filter(|command| command.path.starts_with(&path))
                    .flat_map(|command| command.options)
            };
            let option = find(name, GLOBAL.iter().chain(ours(script)).chain(options()));
            if inline.is_none() && option.is_some_and(|option| option.takes != Takes::Nothing) {
                rest.next();
            }
            continue;
        }
        let Some(name) = children(&path).into_iter().find(|name| *name == word) else {
            return Route {
                path,
                words: positions,
                reached: Reached::Stranger(at),
            };
        };
        path.push(name);
        positions.push(at);
        if let Some(command) = command_at(&path) {
            return Route {
                path,
                words: positions,
                reached: Reached::Command(command),
            };
        }
    }
    Route {
        path,
        words: positions,
        reached: Reached::End,
    }
}

/// The options of certcheck that may be among the words: none in a script.
fn ours(script: bool) -> &'static [Opt] {
    if script { &[] } else { OURS }
}

/// Whether a word looks like an option.
pub(super) fn is_dashed(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-')
}

/// An option's name, and the value after its equals sign.
pub(super) fn split(word: &str) -> (&str, Option<&str>) {
    match word.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (word, None),
    }
}

fn find<'o>(name: &str, mut options: impl Iterator<Item = &'o Opt>) -> Option<&'o Opt> {
    options.find(|option| option.long == name || option.short == Some(name))
}

/// What is looked for if no command is known: a secret is a secret anywhere.
const ANYWHERE: &[Opt] = &[opt("--passphrase", Takes::MaybeSecret, Use::Passphrase)];

/// Which program an option belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Tsm,
    Certcheck,
}

/// The options that may be given to one command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vocabulary {
    /// `None`: no command is known, or none needs to be known.
    pub(super) command: Option<&'static Command>,
    /// Whether the words are a script's: then no option is certcheck's.
    pub(super) script: bool,
}

/// What a word that looks like an option is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning<'w> {
    /// The option of that name.
    Option(Owner, &'static Opt, Option<&'w str>),
    /// An option whose value is glued to its short name.
    Glued(&'static Opt, &'w str),
    /// A long option with one hyphen too few, or a typing error.
    Misspelt {
        owner: Owner,
        option: &'static Opt,
        inline: Option<&'w str>,
        /// Only a hyphen is missing.
        hyphen: bool,
    },
    /// Not a known option.
    Unknown { inline: bool },
}

impl Vocabulary {
    pub(super) fn of(reached: Reached, script: bool) -> Self {
        Self {
            script,
            command: match reached {
                Reached::Command(command) if command.kind != Kind::Other => Some(command),
                _ => None,
            },
        }
    }

    /// Every option, tsm's first.
    fn options(self) -> impl Iterator<Item = (Owner, &'static Opt)> {
        let own: &'static [Opt] = self.command.map_or(ANYWHERE, |command| command.options);
        own.iter()
            .chain(GLOBAL)
            .map(|option| (Owner::Tsm, option))
            .chain(
                ours(self.script)
                    .iter()
                    .map(|option| (Owner::Certcheck, option)),
            )
    }

    /// The option called `name`. Commands that are not checked use -h and -v for other things
    /// (`user-identity-store set-connection -h HOST`, `configuration set -v VALUE`).
    fn exact(self, name: &str) -> Option<(Owner, &'static Opt)> {
        if self.command.is_none() && matches!(name, "-h" | "-v") {
            return None;
        }
        self.options()
            .find(|(_, option)| option.long == name || option.short == Some(name))
    }

    pub(super) fn meaning<'w>(self, word: &'w str) -> Meaning<'w> {
        let (name, inline) = split(word);
        if let Some((owner, option)) = self.exact(name) {
            return Meaning::Option(owner, option, inline);
        }
        let unknown = Meaning::Unknown {
            inline: inline.is_some(),
        };
        if self.command.is_none() {
            return unknown;
        }
        let misspelt = |(owner, option), hyphen| Meaning::Misspelt {
            owner,
            option,
            inline,
            hyphen,
        };
        if !name.starts_with("--") {
            let long = self
                .options()
                .find(|(_, option)| option.long.strip_prefix('-') == Some(name));
            if let Some(found) = long {
                return misspelt(found, true);
            }
            // This comes before any guess: what is glued to -p is a secret.
            let glued = self
                .options()
                .filter(|(_, option)| option.takes != Takes::Nothing)
                .filter_map(|(_, option)| Some((option, word.strip_prefix(option.short?)?)))
                .min_by_key(|(_, value)| value.len());
            if let Some((option, value)) = glued {
                return Meaning::Glued(option, value.strip_prefix('=').unwrap_or(value));
            }
        }
        let names = self.options().map(|(_, option)| option.long);
        match nearest(name, names).and_then(|long| self.exact(long)) {
            Some(found) => misspelt(found, false),
            None => unknown,
        }
    }

    /// Whether `word` is an option rather than the value of the one before it.
    pub(super) fn is_option(self, word: &str) -> bool {
        is_dashed(word)
            && (word == "--"
                || match self.meaning(word) {
                    Meaning::Option(..) => true,
                    Meaning::Misspelt { .. } => word.starts_with("--"),
                    Meaning::Glued(..) | Meaning::Unknown { .. } => false,
                })
    }

    /// `name` as a message may show it: without what may be a secret glued to the option's name.
    pub(super) fn shown(self, name: &str) -> String {
        let secret = self
            .options()
            .filter(|(_, option)| matches!(option.takes, Takes::Secret | Takes::MaybeSecret))
            .map(|(_, option)| option.long)
            .chain(["--passphrase", "--password"])
            .find(|long| name.len() > long.len() && name.starts_with(long));
        match secret {
            Some(long) => format!("{long}…"),
            None => crate::shown::value(name),
        }
    }
}
