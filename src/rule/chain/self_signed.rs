//! `chain.self-signed`: the server's certificate is self-signed.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    SelfSigned = ChainSelfSigned Warning
    "the server's certificate is self-signed"
    page "self_signed.txt"
    {
        /// Its subject.
        subject: String,
        /// Whether it is an LDAP server's, for which Tableau Server wants one that a CA issued.
        for_ldap: bool,
    }
}

impl Rule for SelfSigned {
    fn message(&self) -> String {
        let Self { subject, .. } = self;
        format!(
            "`{subject}` is signed by its own key: only clients that have this certificate as a trust anchor trust it"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(if self.for_ldap {
            "have a CA issue the LDAP server's certificate, and give that one to Tableau Server; \
             `custom-cert add` does not help: its page names mail servers only"
        } else {
            "have it issued by a CA, or install the certificate on every client"
        }))
    }
}
