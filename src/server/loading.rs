//! Which deviations a server's reader of PEM refuses, misreads or passes over.

use super::Loaders;
use crate::finding::{EncodingFact, Finding, Severity, Subject};

impl Loaders {
    /// A finding about the encoding: an error where the reader is hurt by it.
    pub(crate) fn judge(self, fact: EncodingFact, subject: Subject) -> Finding {
        let hurts = self.hurt_by(&fact);
        let finding = Finding::new(fact, subject);
        if hurts {
            finding.with_severity(Severity::Error)
        } else {
            finding
        }
    }

    /// Whether the reader refuses, misreads or silently drops something
    /// because of `fact`.
    ///
    /// Measured: OpenSSL 3.0.19 (`SSL_CTX_use_certificate_chain_file`), Go 1.27,
    /// rustls-pki-types 1.15, keytool 17, NSS certutil, GnuTLS 3.7.
    pub fn hurt_by(self, fact: &EncodingFact) -> bool {
        match fact {
            // OpenSSL skips the mark; Go, rustls, Java and NSS lose the first section.
            // Python's own reader stops at it (measured: TabPy 2.16).
            EncodingFact::ByteOrderMark {} => self != Self::OpenSsl,
            // OpenSSL reads `X509 CERTIFICATE` and `TRUSTED CERTIFICATE`; others look for
            // `CERTIFICATE` alone. Nobody reads a label that is not known at all.
            EncodingFact::UnknownLabel { suggestion, .. } => {
                self == Self::Mainstream && suggestion.is_some()
            }
            EncodingFact::TrailingData { .. }
            | EncodingFact::Layout { .. }
            | EncodingFact::SurroundingText { .. }
            | EncodingFact::Headers { .. }
            | EncodingFact::TrustSettings { .. }
            | EncodingFact::PrivateKeyInCertificateFile {}
            | EncodingFact::PemWhereDerExpected {} => false,
            EncodingFact::CertificateInKeyFile { keys, .. } => *keys == 0,
            _ => true,
        }
    }
}
