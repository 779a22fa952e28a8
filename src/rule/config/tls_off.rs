//! `config.tls-off`: TLS is configured but not switched on.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    TlsOff = ConfigTlsOff Error
    "TLS is configured but not switched on"
    page "tls_off.txt"
    {
        /// The setting that would switch it on.
        setting: String,
        /// What the setting says.
        reason: String,
    }
}

impl Rule for TlsOff {
    fn message(&self) -> String {
        let Self { setting, reason } = self;
        format!("TLS is not switched on (`{setting}`): {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { setting, reason } = self;
        let words = match setting.as_str() {
            // TLS is on, but no client can connect with it.
            "hba_file" if reason.contains("ssl_ca_file") => {
                "name a file of CA certificates with `ssl_ca_file`, or require no client \
                 certificate in pg_hba.conf"
                    .to_owned()
            }
            "hba_file" => {
                "admit the clients with a `hostssl` record of pg_hba.conf, before any record \
                 that rejects them"
                    .to_owned()
            }
            "Listen" => {
                "open the address with `Listen`, or give the `<VirtualHost>` an address that \
                         Apache listens on"
                    .to_owned()
            }
            _ => format!("switch TLS on with `{setting}`"),
        };
        Some(Remedy::words(words))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL 15.18, Rserve 1.8-11, TabPy 2.16.0",
        ]
    }
}
