//! `trust.intermediate-without-root`: you are installing an intermediate as a trust anchor without its root, which some clients refuse.

use super::who;
use crate::finding::{Need, Remedy, Subject, beside, quote};
use crate::rule::{Rule, rule};

rule! {
    IntermediateWithoutRoot = TrustIntermediateWithoutRoot Warning
    "you are installing an intermediate as a trust anchor without its root, which some clients refuse"
    page "intermediate_without_root.txt"
    {
        /// Its subject.
        subject: String,
        /// The name of its issuer, which is neither among the files nor in the store.
        issuer_name: String,
        /// Client families that will not trust it.
        refused_by: Vec<String>,
        /// Client families that will trust it.
        accepted_by: Vec<String>,
    }
}

impl Rule for IntermediateWithoutRoot {
    fn message(&self) -> String {
        let Self {
            subject,
            issuer_name,
            refused_by,
            accepted_by,
        } = self;
        format!(
            "`{subject}` is an intermediate, and its issuer `{issuer_name}` is neither among the files nor in the store: {}",
            who(accepted_by, refused_by)
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let Self { issuer_name, .. } = self;
        let root = beside(&subject.source, "root", Some("crt"));
        let words = format!(
            "get the certificate of `{issuer_name}` from the operator of that CA, save it as {root}, and add it to the command"
        );
        let command = format!(
            "certcheck trust plan {} {}",
            quote(&subject.source),
            quote(&root)
        );
        Some(
            Remedy::words(words)
                .run(command)
                .needing(Need::Certificate)
                .then_also(root),
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: OpenSSL 3.0, Python 3.11, Node 18 refuse a path that does not end in a self-signed certificate",
        ]
    }
}
