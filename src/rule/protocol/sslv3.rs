//! `protocol.sslv3`: the string asks for SSLv3.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Sslv3 = ProtocolSslv3 Error
    "the string asks for SSLv3"
    page "sslv3.txt"
    {
        /// The word.
        token: String,
    }
}

impl Rule for Sslv3 {
    fn message(&self) -> String {
        let Self { token } = self;
        format!("`{token}` asks for SSLv3, broken since 2014 (RFC 7568)")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "enable TLSv1.2 and TLSv1.3, and nothing older",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7568"]
    }
}
