//! `protocol.hole-closed`: versions below a gap in the set do not work.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    HoleClosed = ProtocolHoleClosed Warning
    "versions below a gap in the set do not work"
    page "hole_closed.txt"
    {
        /// The versions that the string asks for.
        configured: Vec<String>,
        /// The versions that work.
        effective: Vec<String>,
    }
}

impl Rule for HoleClosed {
    fn message(&self) -> String {
        let Self {
            configured,
            effective,
        } = self;
        format!(
            "the string asks for {}, but only {} {}: versions below a gap are dropped",
            configured.join(", "),
            effective.join(", "),
            if effective.len() == 1 {
                "works"
            } else {
                "work"
            }
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "enable TLSv1.2 and TLSv1.3, and nothing older",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Apache 2.4.71, OpenSSL 3.0.19"]
    }
}
