//! Certificates in directories where some programs trust every file.

use super::machine::{Machine, is_hash_link};
use crate::finding::Fingerprint;
use crate::model::Certificate;
use crate::trust_store::host::HostFacts;
use std::collections::HashSet;

/// A certificate that programs which read every file of OpenSSL's directory trust
/// (rustls-native-certs 0.8, Go), but OpenSSL does not: no bundle contains it, and no
/// hash link leads to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stray {
    /// The file.
    pub path: String,
    /// SHA-256 of the certificate's DER form.
    pub sha256: Fingerprint,
    /// Its subject, safe to print.
    pub subject: String,
    /// Whether the first certificate of the file is a CA's: certificates after a server's own are a
    /// chain, not anchors.
    pub is_ca: bool,
}

/// Every such certificate of a machine, each once.
pub fn strays(host: &HostFacts) -> Vec<Stray> {
    let machine = Machine::read(host);
    let linked = machine
        .directory
        .iter()
        .filter(|(path, certificates)| is_hash_link(path) && certificates.len() == 1)
        .flat_map(|(_, certificates)| certificates);
    let bundled = machine
        .bundles
        .iter()
        .flat_map(|bundle| &bundle.certificates);
    let mut known: HashSet<&[u8]> = linked.chain(bundled).map(Vec::as_slice).collect();
    let mut strays = Vec::new();
    for (path, certificates) in &machine.directory {
        let first = certificates.first();
        let is_ca = first
            .and_then(|der| Certificate::parse(der).ok())
            .is_some_and(|first| first.is_ca());
        for der in certificates {
            if let Ok(certificate) = Certificate::parse(der)
                && known.insert(der)
            {
                strays.push(Stray {
                    path: (*path).to_owned(),
                    sha256: certificate.sha256(),
                    subject: certificate.subject().to_string(),
                    is_ca,
                });
            }
        }
    }
    strays
}
