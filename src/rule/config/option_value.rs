//! `config.option-value`: an option's value has another form than the manual asks for.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    OptionValue = ConfigOptionValue Error
    "an option's value has another form than the manual asks for"
    page "option_value.txt"
    {
        /// The option.
        option: String,
        /// Its value.
        value: String,
        /// What is wanted.
        wanted: String,
    }
}

impl Rule for OptionValue {
    fn message(&self) -> String {
        let Self {
            option,
            value,
            wanted,
        } = self;
        format!("`{option}` wants {wanted}, not `{value}`")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { option, wanted, .. } = self;
        Some(Remedy::words(format!("give `{option}` {wanted}")))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "Tableau Server: tsm security, tsm authentication (help.tableau.com)",
            "not run: Tableau Server is not available to certcheck's tests",
        ]
    }
}
