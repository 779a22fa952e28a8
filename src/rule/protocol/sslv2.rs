//! `protocol.sslv2`: the string asks for SSLv2.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Sslv2 = ProtocolSslv2 Error
    "the string asks for SSLv2"
    page "sslv2.txt"
    {
        /// The word.
        token: String,
    }
}

impl Rule for Sslv2 {
    fn message(&self) -> String {
        let Self { token } = self;
        format!("`{token}` asks for SSLv2, which RFC 6176 has forbidden since 2011")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "enable TLSv1.2 and TLSv1.3, and nothing older",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 6176"]
    }
}
