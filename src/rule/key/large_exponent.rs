//! `key.large-exponent`: the RSA key's private exponent is not less than its modulus.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    LargeExponent = KeyLargeExponent Warning
    "the RSA key's private exponent is not less than its modulus"
    page "large_exponent.txt"
    {
        /// The key's algorithm.
        algorithm: String,
    }
}

impl Rule for LargeExponent {
    fn message(&self) -> String {
        let Self { algorithm } = self;
        format!(
            "this {algorithm} key is consistent, but its private exponent is larger than its modulus: OpenSSL and Java use the key, Go and rustls do not"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "keep it for a server that uses OpenSSL or Java; for other servers, make a new key and have a certificate issued for it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "RFC 8017 section 3.2",
            "measured: OpenSSL 3.0.19, Python 3.11, Node 20, Java 17 and GnuTLS 3.7 sign with it; Go 1.27 and ring 0.17 refuse it, aws-lc-rs 1.19 loads it and cannot sign",
        ]
    }
}
