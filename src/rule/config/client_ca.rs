//! `config.client-ca`: the server's client CA setting accepts no client certificate.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ClientCa = ConfigClientCa Error
    "the server's client CA setting accepts no client certificate"
    page "client_ca.txt"
    {
        /// The setting.
        setting: String,
        /// The issuer whose certificates are refused; `None`: every issuer's.
        issued_by: Option<String>,
        /// Why every client certificate is refused.
        reason: String,
        /// The error that the server's OpenSSL reports for each client certificate.
        says: String,
        /// What would help.
        fix: String,
    }
}

impl Rule for ClientCa {
    fn message(&self) -> String {
        let Self {
            setting,
            reason,
            says,
            issued_by,
            ..
        } = self;
        let whose = issued_by
            .as_ref()
            .map_or_else(String::new, |issuer| format!(" issued by {issuer}"));
        format!(
            "with this `{setting}` the server refuses every client certificate{whose} (`{says}`): {reason}"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { fix, .. } = self;
        Some(Remedy::words(fix.clone()))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: nginx 1.22.1, httpd 2.4.71, HAProxy 2.6.12, PostgreSQL 15.18 (OpenSSL without X509_V_FLAG_PARTIAL_CHAIN)",
        ]
    }
}
