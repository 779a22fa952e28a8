//! The keys of `[defaults]` and `[[target]]`: the options of the commands, by their names on the
//! command line. Whatever a command learns, the file can say.

use crate::args::Cli;
use clap::builder::ValueHint;
use clap::{ArgAction, CommandFactory};
use std::any::TypeId;

/// The commands that a target can ask for; the first is the default.
pub(super) const COMMANDS: [&str; 4] = ["preflight", "probe", "scan", "doctor"];

/// The options that can have a default.
pub(super) const DEFAULTS: [&str; 12] = [
    "server",
    "system",
    "host",
    "client",
    "anchors",
    "crl",
    "blocklist",
    "run-as",
    "expires-within",
    "until",
    "security-level",
    "openssl-conf",
];

/// Options that write files, open connections that no target names, or read what only one command
/// can read.
const NEVER: [&str; 12] = [
    "help",
    "version",
    "receipt",
    "bundle",
    "force",
    "save",
    "fetch",
    "fetch-private",
    "fetch-cache",
    "hosts",
    "passphrase-stdin",
    "replaces",
];

/// What the value of a key is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Flag,
    Number,
    Text,
    /// A text, or a list of texts.
    Texts,
}

/// A key.
pub(super) struct Key {
    pub(super) name: String,
    pub(super) shape: Shape,
    /// What the option's help says.
    pub(super) help: String,
    /// The only values that it may have.
    pub(super) values: Vec<String>,
    /// Whether it names files.
    pub(super) names_files: bool,
    /// Whether it has no name on the command line.
    pub(super) positional: bool,
}

/// A key with its value.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) key: String,
    /// What follows the option; nothing for a flag that is off.
    pub(super) values: Vec<String>,
    pub(super) is_flag: bool,
    pub(super) positional: bool,
    /// Where the value is: `certcheck.toml:3:10`.
    pub(super) place: String,
}

/// The keys of a command.
pub(super) fn of(command: &str) -> Vec<Key> {
    let cli = Cli::command();
    let Some(command) = cli.find_subcommand(command) else {
        return Vec::new();
    };
    command.get_arguments().filter_map(key).collect()
}

fn key(argument: &clap::Arg) -> Option<Key> {
    let positional = argument.is_positional();
    let name = match argument.get_long() {
        Some(long) => long.to_owned(),
        None if positional => argument.get_id().as_str().to_owned(),
        None => return None,
    };
    if NEVER.contains(&name.as_str()) || argument.is_global_set() {
        return None;
    }
    let several = argument
        .get_num_args()
        .is_some_and(|range| range.max_values() > 1);
    let id = argument.get_value_parser().type_id();
    let numbers = [
        TypeId::of::<u8>(),
        TypeId::of::<u16>(),
        TypeId::of::<u32>(),
        TypeId::of::<u64>(),
    ];
    let shape = match argument.get_action() {
        ArgAction::SetTrue => Shape::Flag,
        ArgAction::Append => Shape::Texts,
        _ if several || positional => Shape::Texts,
        _ if numbers.iter().any(|number| id == *number) => Shape::Number,
        _ => Shape::Text,
    };
    let hint = argument.get_value_hint();
    let values = match shape {
        Shape::Flag => Vec::new(),
        _ => {
            let values = argument.get_possible_values();
            values.iter().map(|one| one.get_name().to_owned()).collect()
        }
    };
    Some(Key {
        names_files: name == "anchors"
            || matches!(
                hint,
                ValueHint::FilePath | ValueHint::DirPath | ValueHint::AnyPath
            ),
        name,
        shape,
        help: argument
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default(),
        values,
        positional,
    })
}

/// Whether a default is for this command: not where the option means something else, or is for a
/// single object among several.
pub(super) fn applies(key: &str, command: &str, as_client: bool) -> bool {
    let of_server = !["host", "client", "anchors", "crl", "blocklist"].contains(&key);
    match command {
        "preflight" | "handshake" if as_client => of_server,
        "preflight" | "handshake" => true,
        "diff" => ["client", "anchors"].contains(&key),
        // A list would take the leaf's place on its command line.
        "verify" => ["anchors", "blocklist"].contains(&key),
        _ => ["anchors", "crl", "blocklist", "expires-within", "until"].contains(&key),
    }
}

/// Whether a default is about the server's OpenSSL, which not every server lets its settings change.
pub(super) fn is_of_openssl(key: &str) -> bool {
    ["system", "security-level", "openssl-conf"].contains(&key)
}

/// The words of a command line.
pub(super) fn words(settings: &[Setting]) -> Vec<String> {
    let (free, named): (Vec<_>, Vec<_>) = settings.iter().partition(|one| one.positional);
    let mut words = Vec::new();
    for setting in named {
        if setting.is_flag {
            words.extend(setting.values.first().map(|_| format!("--{}", setting.key)));
            continue;
        }
        let values = setting.values.iter();
        words.extend(values.map(|value| format!("--{}={value}", setting.key)));
    }
    if !free.is_empty() {
        words.push("--".to_owned());
    }
    words.extend(free.iter().flat_map(|setting| setting.values.clone()));
    words
}
