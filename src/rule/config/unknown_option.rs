//! `config.unknown-option`: the command does not know an option.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    UnknownOption = ConfigUnknownOption Error
    "the command does not know an option"
    page "unknown_option.txt"
    {
        /// The command.
        command: String,
        /// The option.
        option: String,
        /// The option that you probably meant.
        suggestion: Option<String>,
    }
}

impl Rule for UnknownOption {
    fn message(&self) -> String {
        match self {
            Self {
                command, option, ..
            } if option.starts_with('-') => match option.split_once(' ') {
                // The option exists, its value does not.
                Some((name, value)) => {
                    format!("`{command}`: the value of `{name}` cannot be `{value}`")
                }
                None => format!("`{command}` has no option `{option}`"),
            },
            Self {
                command, option, ..
            } => {
                format!("`{command}` takes no argument `{option}`")
            }
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        match self {
            Self {
                suggestion: Some(option),
                ..
            } => Some(Remedy::words(format!("did you mean `{option}`?"))),
            Self { .. } => None,
        }
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: tsm security"]
    }
}
