//! `renewal.store-lost`: a trust store accepts the old certificate, but not the new one.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    StoreLost = RenewalStoreLost Error
    "a trust store accepts the old certificate, but not the new one"
    page "store_lost.txt"
    {
        /// The store.
        store: String,
        /// Whether it holds the old certificate itself, or its key.
        pinned: bool,
        /// The clients that, with this store, accept only the old certificate.
        clients: Vec<String>,
    }
}

impl Rule for StoreLost {
    fn message(&self) -> String {
        let Self {
            store,
            pinned,
            clients,
        } = self;
        let how = if *pinned {
            "pins the old certificate"
        } else {
            "trusts the old certificate through its issuers"
        };
        format!(
            "the store {store} {how}: with it, {} would refuse the new one",
            clients.join(", ")
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "add the root of the new certificate to the store, before the certificate is replaced",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 6.1.1 (d)"]
    }
}
