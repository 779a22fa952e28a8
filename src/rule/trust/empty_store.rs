//! `trust.empty-store`: clients see no certificate in a trust store.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    EmptyStore = TrustEmptyStore Warning
    "clients see no certificate in a trust store"
    page "empty_store.txt"
    {
        /// Why: `nothing` (the file is empty), `no-certificate`, `raw-der` (the certificates are
        /// in DER, but clients read only PEM) or `no-trusted-entry` (a keystore in which Java
        /// finds 0 entries).
        problem: String,
        /// The number of certificates in the store that these clients do not see.
        unseen: u64,
        /// The client families that see none.
        clients: Vec<String>,
    }
}

impl Rule for EmptyStore {
    fn message(&self) -> String {
        let Self {
            problem,
            unseen,
            clients,
        } = self;
        let certificates = if *unseen == 1 {
            "1 certificate".to_owned()
        } else {
            format!("{unseen} certificates")
        };
        let why = match problem.as_str() {
            "nothing" => "the file is empty".to_owned(),
            "raw-der" => {
                format!("it has {certificates}, but in DER, and these clients read only PEM")
            }
            "no-trusted-entry" => {
                format!("it has {certificates}, but no entry that is marked as trusted")
            }
            _ => "it has no certificate".to_owned(),
        };
        let sees = match clients.as_slice() {
            [one] if !one.contains(' ') => format!("{one} sees"),
            several => format!("{} see", several.join(", ")),
        };
        format!("{sees} no certificate in this trust store: {why}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(match self.problem.as_str() {
            "raw-der" => {
                "convert the certificates to PEM (certcheck convert --to pem), and let the platform's own tool write the store again (update-ca-certificates --fresh, update-ca-trust)"
            }
            "no-trusted-entry" => {
                "import the certificates with Java's own tool, which marks them as trusted: keytool -importcert -keystore FILE -alias NAME -file root.crt"
            }
            _ => {
                "let the platform's own tool write the store again (update-ca-certificates --fresh, update-ca-trust), or name a file that has the certificates to trust"
            }
        }))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: OpenSSL 3.0.19, Python 3.11, GnuTLS 3.7.9 and Go 1.27.3 with raw DER in a bundle",
        ]
    }
}
