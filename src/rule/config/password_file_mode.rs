//! `config.password-file-mode`: others may read the hashes of TabPy's passwords.

use crate::finding::{Remedy, Subject, quote};
use crate::rule::{Rule, rule};

rule! {
    PasswordFileMode = ConfigPasswordFileMode Warning
    "others may read the hashes of TabPy's passwords"
    page "password_file_mode.txt"
    {
        /// The permission bits, in octal.
        mode: String,
    }
}

impl Rule for PasswordFileMode {
    fn message(&self) -> String {
        let Self { mode } = self;
        format!("the file of passwords has mode {mode}: others on this machine may read its hashes")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(
            Remedy::words("let the user that runs TabPy alone read it; that user must own it")
                .run(format!("chmod 0600 {}", quote(&subject.source))),
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: TabPy 2.16.0, Python 3.11"]
    }
}
