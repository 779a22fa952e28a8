//! `config.password-file-mode`: other users can read the hashes of TabPy's passwords.

use crate::finding::{Remedy, Subject, quote};
use crate::rule::{Rule, rule};

rule! {
    PasswordFileMode = ConfigPasswordFileMode Warning
    "other users can read the hashes of TabPy's passwords"
    page "password_file_mode.txt"
    {
        /// The permission bits, in octal.
        mode: String,
    }
}

impl Rule for PasswordFileMode {
    fn message(&self) -> String {
        let Self { mode } = self;
        format!(
            "the password file has mode {mode}: other users of this machine can read its hashes"
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(
            Remedy::words("let only the user that runs TabPy read it; that user must own it")
                .run(format!("chmod 0600 {}", quote(&subject.source))),
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: TabPy 2.16.0, Python 3.11"]
    }
}
