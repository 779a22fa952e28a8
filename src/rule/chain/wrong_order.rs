//! `chain.wrong-order`: the certificates are out of order.

use super::in_order;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    WrongOrder = ChainWrongOrder Warning
    "the certificates are out of order"
    page "wrong_order.txt"
    {
        /// The positions, counted from 1, in the order that the certificates should have.
        order: Vec<u64>,
        /// The files that contain the certificates, in the order in which
        /// they should be given.
        files: Vec<String>,
    }
}

impl Rule for WrongOrder {
    fn message(&self) -> String {
        let Self { order, .. } = self;
        let order: Vec<_> = order.iter().map(u64::to_string).collect();
        format!(
            "the certificates are out of order; the correct order is {}",
            order.join(", ")
        )
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
        vec!["RFC 5246 section 7.4.2"]
    }
}
