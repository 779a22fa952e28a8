//! `config.tabpy-passwords-over-http`: TabPy's users send their passwords in plaintext.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    TabpyPasswordsOverHttp = ConfigTabpyPasswordsOverHttp Warning
    "TabPy's users send their passwords in plaintext"
    page "tabpy_passwords_over_http.txt"
    {
        /// The file of names and passwords.
        password_file: String,
    }
}

impl Rule for TabpyPasswordsOverHttp {
    fn message(&self) -> String {
        let Self { password_file } = self;
        format!(
            "the passwords of the users in `{password_file}` cross the network in plaintext: TabPy serves plain HTTP"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "serve HTTPS (TABPY_TRANSFER_PROTOCOL = https) before you hand out passwords",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: TabPy 2.16.0, Python 3.11"]
    }
}
