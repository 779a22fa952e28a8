//! `config.password-entry`: TabPy does not start with its password file.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    PasswordEntry = ConfigPasswordEntry Error
    "TabPy does not start with its password file"
    page "password_entry.txt"
    {
        /// What is wrong.
        problem: String,
        /// What TabPy says.
        message: String,
    }
}

impl Rule for PasswordEntry {
    fn message(&self) -> String {
        let Self { problem, message } = self;
        format!("TabPy does not start: {problem} (`{message}`)")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "write one line for each user: the name, exactly one space, 128 hexadecimal digits",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: TabPy 2.16.0, Python 3.11"]
    }
}
