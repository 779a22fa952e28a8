//! `trust.end-entity-as-anchor`: you are installing an end-entity certificate as a trust anchor, which some clients refuse.

use super::who;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    EndEntityAsAnchor = TrustEndEntityAsAnchor Warning
    "you are installing an end-entity certificate as a trust anchor, which some clients refuse"
    page "end_entity_as_anchor.txt"
    {
        /// Its subject.
        subject: String,
        /// The platform of the store.
        platform: String,
        /// Client families that will not trust it.
        refused_by: Vec<String>,
        /// Client families that will trust it.
        accepted_by: Vec<String>,
    }
}

impl Rule for EndEntityAsAnchor {
    fn message(&self) -> String {
        let Self {
            subject,
            platform,
            refused_by,
            accepted_by,
        } = self;
        format!(
            "`{subject}` is an end-entity certificate: installed on {platform}, {}",
            who(accepted_by, refused_by)
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "install the root of the CA that issued it; for a self-signed certificate, create a CA and issue the server's certificate from it, or configure the file in the one program that needs it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: Debian 12, one store and eleven clients: OpenSSL 3.0.20 `unable to get local issuer certificate`",
            "p11-kit 0.25.5 trust/builder.c: tls-ca-bundle.pem omits `category: other-entry`",
        ]
    }
}
