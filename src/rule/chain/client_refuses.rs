//! `chain.client-refuses`: a client refuses what the server would send.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ClientRefuses = ChainClientRefuses Error
    "a client refuses what the server would send"
    page "client_refuses.txt"
    {
        /// The clients that refuse for this reason.
        clients: Vec<String>,
        /// What the first of them says.
        reason: String,
        /// The subject of the certificate at fault, where it is one.
        certificate: Option<String>,
        /// The field of the certificate that is about, where one is.
        field: Option<String>,
        /// What stands in it.
        found: Option<String>,
        /// What the clients want there.
        wanted: Option<String>,
        /// The smallest set of the certificates known that makes the first of
        /// them accept once installed; none where no set does.
        install: Option<Vec<String>>,
    }
}

impl Rule for ClientRefuses {
    fn message(&self) -> String {
        let Self {
            clients,
            reason,
            certificate,
            field,
            found,
            wanted,
            ..
        } = self;
        let what = certificate
            .as_ref()
            .map_or_else(|| "the chain".to_owned(), |it| format!("`{it}`"));
        let (who, verb) = match clients.as_slice() {
            [one] => (one.clone(), "refuses"),
            several => (several.join(", "), "refuse"),
        };
        let why = match (field, found, wanted) {
            (Some(field), Some(found), Some(wanted)) => {
                format!(" ({field}: found {found}; wanted {wanted})")
            }
            _ => String::new(),
        };
        format!("{who} {verb} {what}: {}{why}", reason.trim_end())
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self {
            install,
            certificate,
            field,
            found,
            wanted,
            ..
        } = self;
        Some(Remedy::words(
            match (install, certificate, field, found, wanted) {
                (Some(set), ..) if !set.is_empty() => {
                    format!("install on these clients: {}", set.join(", "))
                }
                (_, Some(name), Some(field), Some(found), Some(_))
                    if field.starts_with("authorityKeyIdentifier,") =>
                {
                    format!(
                        "send the issuer's certificate that `{name}` points to ({found}), or have `{name}` issued again under the one that is sent"
                    )
                }
                (_, Some(name), Some(field), Some(found), Some(wanted)) => {
                    format!("have `{name}` issued again with {field}: {wanted}; now it is {found}")
                }
                _ => "no certificate to install helps: have it issued anew as these clients demand"
                    .to_owned(),
            },
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["docs/clients.md: the rules of each client, and where they were measured"]
    }
}
