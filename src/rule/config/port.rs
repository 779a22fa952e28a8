//! `config.port`: the value is not a port number.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Port = ConfigPort Error
    "the value is not a port number"
    page "port.txt"
    {
        /// The option or setting.
        option: String,
        /// What was given.
        value: String,
        /// What is wrong with it.
        reason: String,
    }
}

impl Rule for Port {
    fn message(&self) -> String {
        let Self {
            option,
            value,
            reason,
        } = self;
        format!("`{option}` cannot be `{value}`: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("give the port that the service listens on"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 6335 section 6"]
    }
}
