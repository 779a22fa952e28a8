//! `config.missing-option`: a required option is missing.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    MissingOption = ConfigMissingOption Error
    "a required option is missing"
    page "missing_option.txt"
    {
        /// The command.
        command: String,
        /// The option.
        option: String,
    }
}

impl Rule for MissingOption {
    fn message(&self) -> String {
        let Self { command, option } = self;
        format!("`{command}` requires `{option}`")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { option, .. } = self;
        Some(Remedy::words(format!("add `{option}`")))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: tsm security"]
    }
}
