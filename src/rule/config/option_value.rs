//! `config.option-value`: an option's value does not have the form that the manual requires.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    OptionValue = ConfigOptionValue Error
    "an option's value does not have the form that the manual requires"
    page "option_value.txt"
    {
        /// The option.
        option: String,
        /// Its value.
        value: String,
        /// The form that the manual requires.
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
        format!("`{option}` requires {wanted}, not `{value}`")
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
