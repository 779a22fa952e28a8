//! A certificate that no client that decides is given: its faults are warnings.
//!
//! Of two certificates (RSA and ECDSA, say) each client is given one, which its handshake
//! chooses (measured: nginx 1.22.1 with an expired RSA certificate beside a good ECDSA one, and
//! the reverse).

use super::Preflight;
use super::clients::Clients;
use crate::finding::{Code, Fingerprint, Severity};
use crate::rule::Finding;

/// The certificate that a file begins with, and the name of the file.
pub(super) type Own = (Fingerprint, String);

/// What clients find wrong with a certificate, and no server.
const OF_CLIENTS: &[Code] = &[
    Code::CertificateExpired,
    Code::CertificateNotYetValid,
    Code::CertificateNameMismatch,
    Code::CertificateNoSubjectAltName,
    Code::CertificatePurpose,
    Code::CertificateCaAsServer,
];

impl Preflight {
    /// Says who is given which certificate, and lowers what is found in one that no client that
    /// decides is given.
    pub(super) fn weigh_by_receivers(
        &self,
        clients: &Clients,
        all: &[Own],
        findings: &mut [Finding],
    ) {
        let deciding = self.deciding();
        if all.len() < 2 || !deciding.iter().all(|client| clients.is_settled(*client)) {
            return;
        }
        for (own, file) in all {
            if all.iter().filter(|other| other.1 == *file).count() > 1 {
                continue;
            }
            let receivers: Vec<_> = clients.given(*own).collect();
            let names = |decide: bool| {
                let receivers = receivers.iter();
                let receivers = receivers.filter(|client| deciding.contains(client) == decide);
                let names: Vec<_> = receivers.map(|client| client.label()).collect();
                names.join(", ")
            };
            let (decide, others) = (names(true), names(false));
            let says = if decide.is_empty() {
                let others = if others.is_empty() {
                    "no client that certcheck knows"
                } else {
                    &others
                };
                format!(
                    "the clients that decide are given another certificate; this one is for {others}"
                )
            } else if deciding.iter().all(|client| receivers.contains(client)) {
                continue;
            } else {
                format!("given to {decide}; the other clients are given another certificate")
            };
            for finding in findings.iter_mut() {
                if finding.severity == Severity::Error
                    && finding.subject.source == *file
                    && OF_CLIENTS.contains(&finding.code())
                {
                    if decide.is_empty() {
                        finding.severity = Severity::Warning;
                    }
                    finding.consequence = Some(says.clone());
                }
            }
        }
    }
}
