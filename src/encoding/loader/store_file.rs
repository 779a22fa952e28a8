//! How clients read a file of trust anchors: not by the functions with which servers read
//! their own certificates.
//!
//! OpenSSL's `X509_load_cert_crl_file` refuses a whole file for one damaged section, and so do
//! GnuTLS, rustls and Java; Node keeps what came before the damage; Go ignores it; NSS imports one
//! certificate at a time. Whether a certificate that was found can be parsed is the client's own
//! concern (`client::anchors_file`).

use super::authorities::Authorities;
use super::{Run, Seen, gnutls, go, java, nss, openssl, rustls, section_at};
use crate::encoding::{Document, Form, Section, SectionKind};
use zeroize::Zeroizing;

/// The function with which a client reads such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreLoader {
    /// `X509_load_cert_crl_file`, called by `SSL_CTX_load_verify_locations`: programs on
    /// OpenSSL, Python, curl, libpq.
    OpenSsl,
    /// Node's option `ca`.
    Node,
    /// `gnutls_x509_trust_list_add_trust_file`.
    GnuTls,
    /// `x509.CertPool.AppendCertsFromPEM`.
    Go,
    /// `CertificateDer::pem_file_iter`, and `RootCertStore::add`.
    Rustls,
    /// `CertificateFactory.generateCertificates`, into a key store.
    Java,
    /// `certutil -A -a`, once for each section.
    Nss,
}

/// Why a file yields no anchors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing in it is treated as a certificate.
    Nothing,
    /// A section cannot be read, at this offset.
    Damaged(usize),
}

/// How a loader reads a file.
pub(crate) struct StoreFile {
    /// The certificates that it loads: where they are, and their DER.
    pub(crate) certificates: Vec<(usize, Vec<u8>)>,
    /// Why the load fails.
    pub(crate) fault: Option<Fault>,
    /// The private keys on which OpenSSL's loader depends as well.
    pub(crate) keys: Vec<Zeroizing<Vec<u8>>>,
}

impl StoreLoader {
    /// All of them.
    pub(crate) const ALL: [Self; 7] = [
        Self::OpenSsl,
        Self::Node,
        Self::GnuTls,
        Self::Go,
        Self::Rustls,
        Self::Java,
        Self::Nss,
    ];

    /// How it reads `document`.
    pub(crate) fn read(self, document: &Document) -> StoreFile {
        let bytes = document.source().bytes();
        match self {
            Self::OpenSsl => authorities(bytes),
            // An empty store is not an error for Node.
            Self::Node => StoreFile {
                fault: None,
                ..StoreFile::of(openssl::anchors_until_damage(bytes), bytes.len())
            },
            Self::GnuTls => StoreFile::of(gnutls::load(bytes), bytes.len()),
            Self::Go => StoreFile::of(go::anchors(bytes), bytes.len()),
            Self::Rustls => StoreFile::of(rustls::anchors(bytes), bytes.len()),
            Self::Java => StoreFile::of(java::load(bytes), bytes.len()),
            Self::Nss => StoreFile::of(imported(document), bytes.len()),
        }
    }
}

impl StoreFile {
    fn of(run: Run, length: usize) -> Self {
        let fault = match run.gave_up {
            Some(at) if at < length => Some(Fault::Damaged(at)),
            Some(_) => Some(Fault::Nothing),
            None => run.seen.is_empty().then_some(Fault::Nothing),
        };
        let each = |seen: Seen| (seen.at, seen.content.to_vec());
        Self {
            certificates: run.seen.into_iter().map(each).collect(),
            fault,
            keys: Vec::new(),
        }
    }

    /// The same, but what is at this offset makes the load fail.
    pub(crate) fn damaged(mut self, at: usize) -> Self {
        self.certificates.clear();
        self.fault = Some(Fault::Damaged(at));
        self
    }
}

fn authorities(bytes: &[u8]) -> StoreFile {
    let found = Authorities::of(bytes);
    let empty = found.certificates == 0 && found.lists == 0;
    let fault = match found.refused_at {
        Some(at) => Some(Fault::Damaged(at)),
        None => empty.then_some(Fault::Nothing),
    };
    StoreFile {
        certificates: match fault {
            Some(_) => Vec::new(),
            None => found.read,
        },
        fault,
        keys: found.keys,
    }
}

/// What a person imports into NSS: one by one, because `certutil` reads one at a time.
fn imported(document: &Document) -> Run {
    let bytes = document.source().bytes();
    let mut run = Run::default();
    if document.form() == Form::Der {
        return nss::load(bytes);
    }
    for section in document.sections() {
        let span = section.span();
        let text = bytes.get(span.start..span.end).unwrap_or_default();
        if let Some(content) = nss::section(text) {
            let at = span.start;
            run.seen.push(Seen { at, content });
        }
    }
    run
}

impl Document {
    /// Whether clients are given this file itself: text with certificates in it, or the
    /// DER of one. A container (PKCS#7, PKCS#12, a Java key store) describes a store, from which a
    /// person extracts the certificates.
    pub(crate) fn is_anchors_file(&self) -> bool {
        let is_container = |section: &Section| {
            let kind = section.kind();
            matches!(
                kind,
                SectionKind::Pkcs7 | SectionKind::Pkcs12 | SectionKind::Jks
            )
        };
        !self.sections().iter().any(is_container)
    }

    /// The section in which this byte of the source is; the first one for an offset
    /// after them all.
    pub(crate) fn section_around(&self, at: usize) -> Option<(usize, &Section)> {
        let index = section_at(self, at).unwrap_or_default();
        Some((index, self.sections().get(index)?))
    }

    /// The certificates that are sections in it, for any reader.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.sections().iter().filter_map(|section| {
            let is_one = matches!(
                section.kind(),
                SectionKind::Certificate | SectionKind::TrustedCertificate
            );
            Some((section.span().start, section.der().filter(|_| is_one)?))
        })
    }
}
