//! `config.repeated-option`: an option is given more than once.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    RepeatedOption = ConfigRepeatedOption Warning
    "an option is given more than once"
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
        format!("`{option}` is given to `{command}` more than once; the last one was judged")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { option, .. } = self;
        Some(Remedy::words(format!(
            "give `{option}` once: which one tsm would take is not documented"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: tsm security"]
    }
}
