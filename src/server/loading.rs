//! Which deviations a server's reader of PEM refuses, misreads or skips.

use super::{ChainSource, Loaders, Profile};
use crate::encoding::loader::{Loader, Loading, load_first, load_while_readable};
use crate::encoding::{Document, Form, SectionKind};
use crate::finding::{Severity, Subject};
use crate::rule::{self, EncodingFact, Finding};

impl Profile {
    /// How this server's own loader reads a file of certificates; `None` for an unknown server
    /// (`generic`). Rserve reads the first certificate only; TabPy checks the first one's dates
    /// before it loads the file, and encodes its text as ASCII for that (measured:
    /// testdata/loaders/servers.tsv).
    ///
    /// ```
    /// use certcheck::{Source, encoding::Document, server::Profile};
    /// let document = Document::read(Source::new("page.html", b"<html>".to_vec()));
    /// assert!(!Profile::named("rserve").unwrap().load(&document).unwrap().taken);
    /// ```
    pub fn load(&self, document: &Document) -> Option<Loading> {
        let loading = match self.loaders {
            Loaders::Mainstream => return None,
            Loaders::OpenSsl if self.chain == ChainSource::FirstOnly => load_first(document),
            Loaders::OpenSsl if self.damage_ends_chain => load_while_readable(document),
            Loaders::OpenSsl => Loader::OpenSsl.load(document),
            Loaders::PythonText => {
                let loading = Loader::Python.load(document);
                let bytes = document.source().bytes();
                let odd = bytes.iter().position(|byte| !byte.is_ascii());
                let first = load_first(document).gave_up;
                match odd.or(first).filter(|_| loading.taken) {
                    Some(at) => loading.refused_at(document, at),
                    None => loading,
                }
            }
        };
        Some(loading)
    }

    /// The loader that this server uses, if it is known.
    pub const fn loader(&self) -> Option<Loader> {
        match self.loaders {
            Loaders::OpenSsl => Some(Loader::OpenSsl),
            Loaders::PythonText => Some(Loader::Python),
            Loaders::Mainstream => None,
        }
    }

    /// Whether it accepts a private key in DER, as httpd does.
    pub const fn reads_der_key(&self) -> bool {
        self.reads_der_key
    }
}

impl Loaders {
    /// The readers to consult.
    fn readers(self) -> &'static [Loader] {
        match self {
            Self::OpenSsl => &[Loader::OpenSsl],
            Self::PythonText => &[Loader::Python],
            // Python and Node load as OpenSSL does: consulting one is enough.
            Self::Mainstream => &[
                Loader::OpenSsl,
                Loader::GnuTls,
                Loader::Go,
                Loader::Rustls,
                Loader::Java,
                Loader::Nss,
            ],
        }
    }

    /// For each deviation of a file of certificates, in its order, whether a reader refuses the
    /// file or loses a certificate because of it.
    pub(crate) fn affected_sections(self, document: &Document) -> Vec<bool> {
        if document.anomalies().is_empty() {
            return Vec::new();
        }
        let has_certificates = document.sections().iter().any(|section| {
            matches!(
                section.kind(),
                SectionKind::Certificate | SectionKind::TrustedCertificate
            )
        });
        let by_rule = || {
            document
                .anomalies()
                .iter()
                .map(|anomaly| self.is_affected_by(&anomaly.fact))
                .collect()
        };
        if !has_certificates || document.form() != Form::Pem {
            return by_rule();
        }
        let mut hurt = vec![false; document.anomalies().len()];
        for reader in self.readers() {
            for (hurt, blamed) in hurt.iter_mut().zip(reader.load(document).blamed(document)) {
                *hurt |= blamed;
            }
        }
        if self == Self::PythonText {
            let marks = document.anomalies().iter().map(|anomaly| &anomaly.fact);
            for (hurt, fact) in hurt.iter_mut().zip(marks) {
                *hurt |= matches!(
                    fact,
                    EncodingFact::ByteOrderMark(rule::encoding::ByteOrderMark {})
                );
            }
        }
        hurt
    }

    /// A finding about the encoding: an error where the reader is affected by it.
    pub(crate) fn judge(self, fact: EncodingFact, subject: Subject) -> Finding {
        let hurts = self.is_affected_by(&fact);
        let finding = Finding::new(fact, subject);
        if hurts {
            finding.with_severity(Severity::Error)
        } else {
            finding
        }
    }

    /// Whether the reader refuses, misreads or silently drops something
    /// because of `fact`, in a file without certificates.
    ///
    /// Measured: OpenSSL 3.0.19 (`SSL_CTX_use_certificate_chain_file`), Go 1.27,
    /// rustls-pki-types 1.15, keytool 17, NSS certutil, GnuTLS 3.7.
    pub fn is_affected_by(self, fact: &EncodingFact) -> bool {
        match fact {
            // OpenSSL skips the byte order mark; Go, rustls, Java and NSS lose the first section.
            // Python's own reader stops at it (measured: TabPy 2.16).
            EncodingFact::ByteOrderMark(rule::encoding::ByteOrderMark {}) => self != Self::OpenSsl,
            // OpenSSL reads `X509 CERTIFICATE` and `TRUSTED CERTIFICATE`; others look only for
            // `CERTIFICATE`. No reader accepts an unknown label.
            EncodingFact::UnknownLabel(rule::encoding::UnknownLabel { suggestion, .. }) => {
                self == Self::Mainstream && suggestion.is_some()
            }
            // OpenSSL reads the form that it finds under these two labels (measured: nginx,
            // httpd, HAProxy, Python, Node); readers that rely on the label do not.
            EncodingFact::MalformedDer(rule::encoding::MalformedDer { expected, reason }) => {
                let labels = [SectionKind::RsaPrivateKey, SectionKind::EcPrivateKey];
                let read = labels.iter().any(|label| label.words() == expected)
                    && *reason == format!("it is {}", SectionKind::Pkcs8PrivateKey.with_article());
                self == Self::Mainstream || !read
            }
            EncodingFact::TrailingData(rule::encoding::TrailingData { .. })
            | EncodingFact::Layout(rule::encoding::Layout { .. })
            | EncodingFact::SurroundingText(rule::encoding::SurroundingText { .. })
            | EncodingFact::Headers(rule::encoding::Headers { .. })
            | EncodingFact::TrustSettings(rule::encoding::TrustSettings { .. })
            | EncodingFact::PrivateKeyInCertificateFile(
                rule::encoding::PrivateKeyInCertificateFile { .. },
            )
            | EncodingFact::PemWhereDerExpected(rule::encoding::PemWhereDerExpected {}) => false,
            EncodingFact::CertificateInKeyFile(rule::encoding::CertificateInKeyFile {
                keys,
                ..
            }) => *keys == 0,
            _ => true,
        }
    }
}
