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
    }
}

impl Rule for IllegalName {
    fn message(&self) -> String {
        let Self { token, error } = self;
        format!("`{token}` is not a protocol name here: {error}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "use the names SSLv2 SSLv3 TLSv1 TLSv1.1 TLSv1.2 TLSv1.3, and `all` if the program knows it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Apache 2.4.71, OpenSSL 3.0.19"]
    }
}
