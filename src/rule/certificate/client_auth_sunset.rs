//! `certificate.client-auth-sunset`: a public CA issued this client certificate, and public CAs no longer issue for clientAuth.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ClientAuthSunset = CertificateClientAuthSunset Notice
    "a public CA issued this client certificate, and public CAs no longer issue for clientAuth"
    page "client_auth_sunset.txt"
    {
        /// The public root or its name.
        issuer: String,
    }
}

impl Rule for ClientAuthSunset {
    fn message(&self) -> String {
        let Self { issuer } = self;
        format!(
            "`{issuer}` is a public CA, and public CAs are removing clientAuth: after its \
             renewal, this will no longer be a client certificate"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have a private CA issue client certificates, and put its root into the server's client \
             CA setting. Chrome trusts no new intermediate with both purposes from 2026-06-15, and no new certificate with both from 2027-03-15; Let's Encrypt ended clientAuth on 2026-02-11, and in its tlsclient profile on 2026-07-08",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "Chrome Root Program Policy 1.8",
            "letsencrypt.org: Ending TLS client authentication certificate support in 2026",
        ]
    }
}
