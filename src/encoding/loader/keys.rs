//! How many private keys a loader would find in a file.

use super::Loader;
use crate::encoding::{Charset, Document, Encoding, Form, Section, SectionKind};
use crate::finding::{EncodingFact, Severity};
use std::collections::BTreeSet;

impl Loader {
    /// How many private keys it would load from `document`: one at most, but for
    /// readers that give out all of them (rustls-pki-types).
    ///
    /// By what was measured of each form of key (OpenSSL 3.0.19 behind Python,
    /// Go 1.27, rustls 0.23): OpenSSL reads every form and asks for a passphrase,
    /// Go and rustls read no encrypted key, Java and NSS none from a file of
    /// certificates. A key in a damaged section is taken for unreadable.
    pub fn keys(self, document: &Document) -> usize {
        if document.form() != Form::Pem
            || matches!(document.charset(), Charset::Utf16Le | Charset::Utf16Be)
        {
            return 0;
        }
        let damaged: BTreeSet<usize> = document
            .anomalies()
            .iter()
            .filter(|anomaly| anomaly.fact.code().info().severity > Severity::Notice)
            .filter(|anomaly| !matches!(anomaly.fact, EncodingFact::MalformedDer { .. }))
            .filter_map(|anomaly| anomaly.section)
            .collect();
        let mark = document.charset() == Charset::Utf8Bom;
        let hidden = |index: usize| mark && index == 0 && !self.is_openssl();
        let found = document
            .sections()
            .iter()
            .enumerate()
            .filter(|(_, section)| section.encoding() == Encoding::Pem)
            .filter(|(_, section)| section.kind().is_private_key() && self.reads(section))
            .filter(|(index, _)| !damaged.contains(index) && !hidden(*index))
            .count();
        match self {
            Self::Rustls => found,
            _ => found.min(1),
        }
    }

    const fn is_openssl(self) -> bool {
        matches!(self, Self::OpenSsl | Self::Python | Self::Node)
    }

    fn reads(self, section: &Section) -> bool {
        let kind = section.kind();
        match self {
            Self::OpenSsl | Self::Python | Self::Node => kind != SectionKind::OpenSshPrivateKey,
            // GnuTLS opens them with gnutls_x509_privkey_import2 and a passphrase.
            Self::GnuTls => kind != SectionKind::OpenSshPrivateKey,
            Self::Go | Self::Rustls => {
                let form = matches!(
                    kind,
                    SectionKind::Pkcs8PrivateKey
                        | SectionKind::RsaPrivateKey
                        | SectionKind::EcPrivateKey
                );
                form && !section.is_encrypted()
            }
            Self::Java | Self::Nss => false,
        }
    }
}
