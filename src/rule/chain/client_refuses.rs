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
        /// The first client's reason.
        reason: String,
        /// The subject of the certificate at fault, if one certificate is.
        certificate: Option<String>,
        /// The field of the certificate that the reason is about, if any.
        field: Option<String>,
        /// What the field contains.
        found: Option<String>,
        /// What the clients require there.
        wanted: Option<String>,
        /// The trust anchor file that the clients cannot load, or load only in part, if that is the
        /// reason.
        anchors_file: Option<String>,
        /// The smallest set of known certificates that makes the first client
        /// accept once installed; `None` if no set does.
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
            anchors_file,
            ..
        } = self;
        let what = certificate
            .as_ref()
            .or(anchors_file.as_ref())
            .map_or_else(|| "the chain".to_owned(), |name| format!("`{name}`"));
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
            anchors_file,
            ..
        } = self;
        if let Some(file) = anchors_file {
            return Some(Remedy::words(format!(
                "these clients do not get their trust anchors from `{file}`: correct or remove \
                 the section that the finding names, so that the file has only sound \
                 certificates, each between `-----BEGIN CERTIFICATE-----` and `-----END \
                 CERTIFICATE-----` on lines of their own"
            )));
        }
        Some(Remedy::words(
            match (install, certificate, field, found, wanted) {
                (Some(set), ..) if !set.is_empty() => {
                    format!("install these certificates on the clients: {}", set.join(", "))
                }
                (_, Some(name), Some(field), Some(found), Some(_))
                    if field.starts_with("authorityKeyIdentifier,") =>
                {
                    format!(
                        "send the issuer's certificate that `{name}` points to ({found}), or have `{name}` reissued under the issuer's certificate that the server sends"
                    )
                }
                (_, Some(name), Some(field), Some(found), Some(wanted)) => {
                    format!("have `{name}` reissued with {field}: {wanted}; currently it is {found}")
                }
                _ => "have the certificate reissued as these clients require; installing certificates does not help"
                    .to_owned(),
            },
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["docs/clients.md: the rules of each client, and where they were measured"]
    }
}
