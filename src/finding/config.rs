//! Findings about settings and options.

use super::table::facts;
use super::{Remedy, Subject};

facts! {
    /// What is wrong with a command's options or a server's settings.
    ConfigFact {
        MissingOption = "config.missing-option" Error "an option that the command demands is missing" {
            /// The command.
            command: String,
            /// The option.
            option: String,
        }
        UnknownOption = "config.unknown-option" Error "the command does not know an option" {
            /// The command.
            command: String,
            /// The option.
            option: String,
            /// The option that was probably meant.
            suggestion: Option<String>,
        }
    }
}

impl ConfigFact {
    pub(super) fn message(&self) -> String {
        match self {
            Self::MissingOption { command, option } => format!("`{command}` demands `{option}`"),
            Self::UnknownOption {
                command, option, ..
            } => format!("`{command}` has no option `{option}`"),
        }
    }

    pub(super) fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        match self {
            Self::MissingOption { option, .. } => Some(Remedy::words(format!("add `{option}`"))),
            Self::UnknownOption {
                suggestion: Some(option),
                ..
            } => Some(Remedy::words(format!("did you mean `{option}`?"))),
            Self::UnknownOption { .. } => None,
        }
    }

    pub(super) fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: tsm security"]
    }
}
