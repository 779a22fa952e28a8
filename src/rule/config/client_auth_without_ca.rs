//! `config.client-auth-without-ca`: the server requires client certificates, but has no CA to check them with.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ClientAuthWithoutCa = ConfigClientAuthWithoutCa Error
    "the server requires client certificates, but has no CA to check them with"
    page "client_auth_without_ca.txt"
    {
        /// The setting that requires client certificates.
        setting: String,
        /// The setting that is missing.
        ca_setting: String,
    }
}

impl Rule for ClientAuthWithoutCa {
    fn message(&self) -> String {
        let Self {
            setting,
            ca_setting,
        } = self;
        format!(
            "`{setting}` requires a client certificate, but without `{ca_setting}` none can be valid"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { ca_setting, .. } = self;
        Some(Remedy::words(format!(
            "set `{ca_setting}` to the CA that issues the clients' certificates"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL 15.18, Rserve 1.8-11, TabPy 2.16.0",
        ]
    }
}
