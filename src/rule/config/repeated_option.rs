//! `config.repeated-option`: an option appears more than once.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    RepeatedOption = ConfigRepeatedOption Warning
    "an option appears more than once"
    page "repeated_option.txt"
    {
        /// The command.
        command: String,
        /// The option.
        option: String,
    }
}

impl Rule for RepeatedOption {
    fn message(&self) -> String {
        let Self { command, option } = self;
        format!("`{command}` has `{option}` more than once; certcheck judged the last one")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { option, .. } = self;
        Some(Remedy::words(format!(
            "give `{option}` once; tsm's documentation does not say which one counts"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: tsm security"]
    }
}
