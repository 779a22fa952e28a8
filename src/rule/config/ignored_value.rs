//! `config.ignored-value`: the server ignores a setting, or reads it differently.

use crate::rule::{Rule, rule};

rule! {
    IgnoredValue = ConfigIgnoredValue Warning
    "the server ignores a setting, or reads it differently"
    page "ignored_value.txt"
    {
        /// The setting.
        setting: String,
        /// The value as written.
        value: String,
        /// The reason, and what happens instead.
        reason: String,
    }
}

impl Rule for IgnoredValue {
    fn message(&self) -> String {
        let Self {
            setting,
            value,
            reason,
        } = self;
        match (setting.is_empty(), value.is_empty()) {
            (true, _) => format!("`{value}`: {reason}"),
            (false, true) => format!("`{setting}`: {reason}"),
            (false, false) => format!("`{setting}` is `{value}`: {reason}"),
        }
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL 15.18, Rserve 1.8-11, TabPy 2.16.0",
        ]
    }
}
