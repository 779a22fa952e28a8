//! `config.wrong-password`: the password is not the one in TabPy's file.

use crate::rule::{Rule, rule};

rule! {
    WrongPassword = ConfigWrongPassword Error
    "the password is not the one in TabPy's file"
    page "wrong_password.txt"
    {
        /// The user's name.
        user: String,
        /// Whether the file contains that user.
        known: bool,
    }
}

impl Rule for WrongPassword {
    fn message(&self) -> String {
        match self {
            Self { user, known: true } => {
                format!("the given password is not the password of `{user}`")
            }
            Self { user, .. } => {
                format!("the file has no user `{user}`")
            }
        }
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: TabPy 2.16.0, Python 3.11"]
    }
}
