//! `key.dsa-unusable`: no current client completes a handshake with a DSA key.

use super::another_key;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    DsaUnusable = KeyDsaUnusable Error
    "no current client completes a handshake with a DSA key"
    page "dsa_unusable.txt"
    {}
}

impl Rule for DsaUnusable {
    fn message(&self) -> String {
        "the server starts with this DSA key, but every handshake fails".into()
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(another_key(
            subject,
            "make an RSA key and have a certificate issued for it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Apache 2.4.71, PostgreSQL 15.18: no shared cipher"]
    }
}
