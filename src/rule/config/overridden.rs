//! `config.overridden`: a later line overrides this one.

use crate::rule::{Rule, rule};

rule! {
    Overridden = ConfigOverridden Notice
    "a later line overrides this one"
    page "overridden.txt"
    {
        /// The setting.
        setting: String,
        /// The value that is lost.
        value: String,
        /// The line that takes effect, if known.
        by_line: Option<u64>,
    }
}

impl Rule for Overridden {
    fn message(&self) -> String {
        match self {
            Self {
                setting,
                by_line: Some(line),
                ..
            } => {
                format!("line {line} sets `{setting}` again, so this line has no effect")
            }
            Self { setting, .. } => {
                format!("a later line sets `{setting}` again, so this line has no effect")
            }
        }
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL 15.18, Rserve 1.8-11, TabPy 2.16.0",
        ]
    }
}
