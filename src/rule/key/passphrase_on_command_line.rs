//! `key.passphrase-on-command-line`: a passphrase is on the command line.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    PassphraseOnCommandLine = KeyPassphraseOnCommandLine Warning
    "a passphrase is on the command line"
    page "passphrase_on_command_line.txt"
    {
        /// The option that carries it.
        option: String,
    }
}

impl Rule for PassphraseOnCommandLine {
    fn message(&self) -> String {
        let Self { option } = self;
        let secret = match option.as_str() {
            "--passphrase" => "passphrase",
            "--client-secret" => "client secret",
            _ => "password",
        };
        format!(
            "the {secret} after `{option}` is visible in the process list and in the shell's history"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self { option } if option == "--password" => Remedy::words(
                "change it if other people use this machine, and delete the line from the history; `tsm login -u USER` asks for the administrator's password",
            ),
            Self { option } if option == "--client-secret" => Remedy::words(
                "have the identity provider issue a new client secret if other people use this machine, and delete the line from the history; `--config-file` takes it from a file",
            ),
            Self { option } if option != "--passphrase" => Remedy::words(
                "change it if other people use this machine, and delete the line from the history",
            ),
            Self { .. } => Remedy::words(
                "change the passphrase if other people use this machine, delete the line from the history, and use --passphrase-file, --passphrase-env or --passphrase-stdin",
            ),
        })
    }
}
