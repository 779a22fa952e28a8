//! `chain.end-entity-not-first`: the server's own certificate is not the first.

use super::in_order;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    EndEntityNotFirst = ChainEndEntityNotFirst Error
    "the server's own certificate is not the first"
    page "end_entity_not_first.txt"
    {
        /// The subject of the certificate that is first.
        first: String,
        /// The position of the server's own certificate, counted from 1.
        position: u64,
        /// The files that contain the certificates, in the order in which
        /// they should be given.
        files: Vec<String>,
    }
}

impl Rule for EndEntityNotFirst {
    fn message(&self) -> String {
        let Self {
            first, position, ..
        } = self;
        format!("`{first}` is first; the server's own certificate is number {position}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self { files, .. } if files.len() > 1 => Remedy::words(format!(
                "give the files in this order: {}",
                files.join(", ")
            )),
            Self { .. } => in_order(
                subject,
                "write the certificates in order, each followed by its issuer",
            ),
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "RFC 8446 section 4.4.2",
            "measured: Apache 2.4.71 AH02565; PostgreSQL 15.18 key values mismatch",
        ]
    }
}
