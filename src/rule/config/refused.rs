//! `config.refused`: the server refuses its settings and does not start.

use crate::rule::{Rule, rule};

rule! {
    Refused = ConfigRefused Error
    "the server refuses its settings and does not start"
    page "refused.txt"
    {
        /// The setting; empty if the whole file is meant.
        setting: String,
        /// The server's own message.
        message: String,
        /// When the server notices: in its configuration test, or at start.
        noticed: String,
    }
}

impl Rule for Refused {
    fn message(&self) -> String {
        match self {
            Self {
                setting,
                message,
                noticed,
            } if setting.is_empty() => {
                format!("refused {noticed}: {message}")
            }
            Self {
                setting,
                message,
                noticed,
            } => {
                format!("`{setting}` is refused {noticed}: {message}")
            }
        }
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL 15.18, Rserve 1.8-11, TabPy 2.16.0",
        ]
    }
}
