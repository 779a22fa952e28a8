//! `certificate.purpose`: the certificate may not be used for this purpose.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Purpose = CertificatePurpose Error
    "the certificate may not be used for this purpose"
    page "purpose.txt"
    {
        /// The required purpose.
        wanted: String,
        /// The purposes that the certificate is marked for.
        present: Vec<String>,
    }
}

impl Rule for Purpose {
    fn message(&self) -> String {
        let Self { wanted, present } = self;
        format!(
            "the certificate may not be used as {wanted}; it is marked for {}",
            if present.is_empty() {
                "nothing".to_owned()
            } else {
                present.join(", ")
            }
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { wanted, present } = self;
        Some(Remedy::words(for_purpose(wanted, present)))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4.2.1.12"]
    }
}

/// How to get a certificate that may be used as `wanted`.
fn for_purpose(wanted: &str, present: &[String]) -> String {
    let bits = wanted
        .split_once("keyUsage ")
        .map(|(_, bits)| bits.trim_end_matches(')'));
    if let Some(bits) = bits {
        let kept = if present.is_empty() {
            String::new()
        } else {
            format!(", in addition to {}", present.join(", "))
        };
        return format!("have it reissued with {bits} in keyUsage{kept}");
    }
    let purpose = wanted
        .split_once('(')
        .map_or(wanted, |(_, purpose)| purpose.trim_end_matches(')'));
    if purpose != "clientAuth" {
        return format!("have it reissued with {purpose} in extendedKeyUsage");
    }
    // Chrome Root Program Policy 1.8; letsencrypt.org, "Ending TLS client authentication".
    "have a private CA reissue it with clientAuth in extendedKeyUsage: public CAs no longer do \
     (Let's Encrypt stopped on 2026-02-11, and for its tlsclient profile on 2026-07-08; Chrome trusts no new CA with both purposes from 2026-06-15)"
        .to_owned()
}
