//! `wire.offer-differs`: the server answers a client differently than its settings predict.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    OfferDiffers = WireOfferDiffers Warning
    "the server answers a client differently than its settings predict"
    page "offer_differs.txt"
    {
        /// The clients whose recorded ClientHello certcheck sent to the server.
        clients: Vec<String>,
        /// What the server chose: version, suite and group; or that it refused.
        answered: String,
        /// What the settings predict.
        predicted: String,
    }
}

impl Rule for OfferDiffers {
    fn message(&self) -> String {
        let Self {
            clients,
            answered,
            predicted,
        } = self;
        format!(
            "the settings predict {predicted} for {}, but the server answers {answered}",
            clients.join(", ")
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "reload the server, and look for a second setting, another openssl.cnf (--openssl-conf), or a TLS proxy in front of the server",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8446 section 4.1.3"]
    }
}
