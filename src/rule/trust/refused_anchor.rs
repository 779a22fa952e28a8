//! `trust.refused-anchor`: no client accepts what this certificate is to be trusted for.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    RefusedAnchor = TrustRefusedAnchor Error
    "no client that reads this store is known to accept a server for this certificate's sake"
    page "refused_anchor.txt"
    {
        /// Its subject.
        subject: String,
        /// The client families that refuse; of the others nothing can be said.
        refused_by: Vec<String>,
    }
}

impl Rule for RefusedAnchor {
    fn message(&self) -> String {
        format!(
            "no client is known to accept `{}` in this store ({} refuse)",
            self.subject,
            self.refused_by.join(", ")
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "install a root that clients accept: its extKeyUsage, if there is one, lists serverAuth, and its keyUsage fits what the certificate is used for",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 sections 4.2.1.3 and 4.2.1.12"]
    }
}
