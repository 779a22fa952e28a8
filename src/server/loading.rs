//! Which deviations a server's reader of PEM refuses, misreads or passes over.

use super::Loaders;
use crate::finding::EncodingFact;

impl Loaders {
    /// Whether the reader refuses, misreads or silently drops something
    /// because of `fact`.
    ///
    /// Measured: OpenSSL 3.0.19 (`SSL_CTX_use_certificate_chain_file`), Go 1.27,
    /// rustls-pki-types 1.15, keytool 17, NSS certutil, GnuTLS 3.7.
    pub fn hurt_by(self, fact: &EncodingFact) -> bool {
        match fact {
            // OpenSSL skips the mark; Go, rustls, Java and NSS lose the first section.
            EncodingFact::ByteOrderMark {} => self == Self::Mainstream,
            // OpenSSL reads `X509 CERTIFICATE` and `TRUSTED CERTIFICATE`; others look for
            // `CERTIFICATE` alone. Nobody reads a label that is not known at all.
            EncodingFact::UnknownLabel { suggestion, .. } => {
                self == Self::Mainstream && suggestion.is_some()
            }
            EncodingFact::TrailingData { .. }
            | EncodingFact::PrivateKeyInCertificateFile {}
            | EncodingFact::PemWhereDerExpected {} => false,
            EncodingFact::CertificateInKeyFile { keys, .. } => *keys == 0,
            _ => true,
        }
    }
}
