//! Which client programs send the certificate at all.
//!
//! A server sends the names of the CAs that it accepts. OpenSSL's programs and rustls send
//! the certificate that they were given whatever the names are. Go
//! (`CertificateRequestInfo.SupportsCertificate`), Java (`X509KeyManager`), GnuTLS
//! (`_gnutls_select_client_cert`) and NSS with its browsers (`NSS_CmpCertChainWCANames`)
//! send it only if an issuer in its chain is among the names.

use crate::client::{Client, Stage, Verdict};
use crate::finding::Fingerprint;
use crate::model::{Certificate, Name};
use crate::preflight::result::ClientVerdict;

const ALWAYS: [&str; 6] = ["openssl", "python", "curl", "rustls", "node", "libpq"];
const BY_NAME: [&str; 6] = ["gnutls", "go", "java", "nss", "chrome", "firefox"];

/// Whether an issuer in the chain is among the names; without names, everything is.
pub(super) fn is_asked_for(chain: &[Certificate<'_>], names: &[Name<'_>]) -> bool {
    names.is_empty()
        || chain.iter().any(|certificate| {
            let issuer = certificate.issuer();
            names.iter().any(|name| name.der() == issuer.der())
        })
}

/// The client programs, and whether each uses the names.
pub(super) fn all() -> impl Iterator<Item = (Client, bool)> {
    Client::ALL.iter().filter_map(|&client| {
        let by_name = BY_NAME.contains(&client.name());
        (by_name || ALWAYS.contains(&client.name())).then_some((client, by_name))
    })
}

/// The result of one of them.
pub(super) fn row(
    client: Client,
    decides: bool,
    verdict: Verdict,
    reason: Option<String>,
    certificate: Option<Fingerprint>,
) -> ClientVerdict {
    ClientVerdict {
        client: client.label(),
        pinned: client.is_pinned(),
        decides,
        version: client.program(),
        measured: client.holds_by_measurement(),
        note: None,
        verdict,
        stage: (verdict != Verdict::Accepts).then_some(Stage::Handshake),
        reason,
        protocol: None,
        cipher_suite: None,
        group: None,
        certificate,
        anchors_needed: None,
        path: Vec::new(),
        accepts_until: None,
        accepts_until_reason: None,
        boundaries: Vec::new(),
    }
}
