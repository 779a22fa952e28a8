//! `protocol.illegal-name`: the string names a protocol that the program does not know.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    IllegalName = ProtocolIllegalName Error
    "the string names a protocol that the program does not know"
    page "illegal_name.txt"
    {
        /// The word as the program sees it.
        token: String,
        /// The program's own error message.
        error: String,
        /// What to write in its place: only what this program accepts.
        names: Vec<String>,
    }
}

impl Rule for IllegalName {
    fn message(&self) -> String {
        let Self { token, error, .. } = self;
        format!("`{token}` is not a protocol name here: {error}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let names: Vec<_> = self.names.iter().map(|name| format!("`{name}`")).collect();
        Some(Remedy::words(match names.as_slice() {
            [] => "use only names that this program knows".to_owned(),
            [one] => format!("write {one}"),
            [first @ .., last] => format!("write {} or {last}", first.join(", ")),
        }))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Apache 2.4.71, OpenSSL 3.0.19"]
    }
}
