//! `config.unused-option`: an option has no effect together with the others.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    UnusedOption = ConfigUnusedOption Warning
    "an option has no effect together with the others"
    page "unused_option.txt"
    {
        /// The command.
        command: String,
        /// The option.
        option: String,
        /// Why it has none.
        reason: String,
    }
}

impl Rule for UnusedOption {
    fn message(&self) -> String {
        let Self {
            command,
            option,
            reason,
        } = self;
        format!("`{option}` of `{command}` has no effect: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { option, .. } = self;
        Some(Remedy::words(format!(
            "use the connection type that ends in -secure, or remove `{option}`"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: tsm security"]
    }
}
