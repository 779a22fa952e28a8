//! How the loaders of servers and clients read a file of certificates.
//!
//! Each loader's rules follow its program's own way through the bytes, in a few lines: where it
//! looks for a BEGIN line, what it ignores, what makes it
//! give up. The rules were measured against the programs on every file of
//! testdata/encoding; a test measures them again where the programs are
//! installed.

mod authorities;
mod base64;
mod cause;
mod d2i;
mod filter;
mod gnutls;
mod go;
mod java;
mod key_block;
mod keys;
mod nss;
mod openssl;
mod rustls;
mod store_file;

pub(crate) use authorities::{Authorities, Item};
#[cfg(feature = "scan")]
pub(super) use base64::plain as plain_base64;
pub use cause::Harm;
pub use keys::KeySection;
pub(crate) use store_file::{Fault, StoreFile, StoreLoader};

use super::der::{self, Shape};
use super::{Document, SectionKind};
use zeroize::Zeroizing;

/// A program, or library, that loads certificates from a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Loader {
    /// `SSL_CTX_use_certificate_chain_file` of OpenSSL 3.0.19: Apache, nginx,
    /// HAProxy, PostgreSQL, Tableau Server's gateway.
    OpenSsl,
    /// `gnutls_x509_crt_list_import2` of GnuTLS 3.7.9.
    GnuTls,
    /// `crypto/tls.LoadX509KeyPair` of Go 1.27.3.
    Go,
    /// `CertificateDer::pem_slice_iter` of rustls-pki-types 1.15.1.
    Rustls,
    /// `CertificateFactory.generateCertificates` of Java 17, which `keytool` uses.
    Java,
    /// `certutil -A` of NSS 3.87, which reads one certificate.
    Nss,
    /// `ssl.SSLContext.load_cert_chain` of Python 3.11: TabPy.
    Python,
    /// `tls.createSecureContext` of Node 20.
    Node,
}

impl Loader {
    /// All of them, in the order of the table that `inspect --loaders` shows.
    pub const ALL: [Self; 8] = [
        Self::OpenSsl,
        Self::GnuTls,
        Self::Go,
        Self::Rustls,
        Self::Java,
        Self::Nss,
        Self::Python,
        Self::Node,
    ];

    /// `openssl`, `gnutls`, `go`, `rustls`, `java`, `nss`, `python` or `node`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenSsl => "openssl",
            Self::GnuTls => "gnutls",
            Self::Go => "go",
            Self::Rustls => "rustls",
            Self::Java => "java",
            Self::Nss => "nss",
            Self::Python => "python",
            Self::Node => "node",
        }
    }

    /// The program, its version, and the function that was measured.
    pub const fn title(self) -> &'static str {
        match self {
            Self::OpenSsl => "OpenSSL 3.0.19, SSL_CTX_use_certificate_chain_file",
            Self::GnuTls => "GnuTLS 3.7.9, gnutls_x509_crt_list_import2",
            Self::Go => "Go 1.27.3, tls.LoadX509KeyPair",
            Self::Rustls => "rustls-pki-types 1.15.1, pem_slice_iter",
            Self::Java => "Java 17, CertificateFactory.generateCertificates",
            Self::Nss => "NSS 3.87, certutil -A",
            Self::Python => "Python 3.11, SSLContext.load_cert_chain",
            Self::Node => "Node 20, tls.createSecureContext",
        }
    }

    /// How many certificates it reads from one file, if that is limited.
    pub const fn most_certificates(self) -> Option<usize> {
        match self {
            Self::Nss => Some(1),
            _ => None,
        }
    }

    /// How it reads `document`.
    ///
    /// ```
    /// use certcheck::{Source, encoding::{Document, loader::Loader}};
    /// let document = Document::read(Source::new("page.html", b"<html>".to_vec()));
    /// assert!(!Loader::Go.load(&document).taken);
    /// ```
    pub fn load(self, document: &Document) -> Loading {
        let bytes = document.source().bytes();
        // Python hands the file's name to OpenSSL, Node its bytes.
        let run = match self {
            Self::OpenSsl | Self::Python => openssl::load(bytes, openssl::From::File),
            Self::Node => openssl::load(bytes, openssl::From::Memory),
            Self::GnuTls => gnutls::load(bytes),
            Self::Go => go::load(bytes),
            Self::Rustls => rustls::load(bytes),
            Self::Java => java::load(bytes),
            Self::Nss => nss::load(bytes),
        };
        Loading::new(self, document, run)
    }
}

/// How `SSL_CTX_use_certificate_file` of OpenSSL 3.0.19 reads `document`:
/// it reads only the first certificate (Rserve).
///
/// ```
/// use certcheck::{Source, encoding::{Document, loader::load_first}};
/// let document = Document::read(Source::new("page.html", b"<html>".to_vec()));
/// assert!(!load_first(&document).taken);
/// ```
pub fn load_first(document: &Document) -> Loading {
    let run = openssl::load_first(document.source().bytes());
    Loading::new(Loader::OpenSsl, document, run)
}

/// How HAProxy 2.6 reads `document` (`ssl_sock_load_pem_into_ckch`): as [`Loader::OpenSsl`],
/// but a section that the PEM reader cannot read after the first certificate ends the chain
/// silently.
///
/// ```
/// use certcheck::{Source, encoding::{Document, loader::load_while_readable}};
/// let document = Document::read(Source::new("page.html", b"<html>".to_vec()));
/// assert!(!load_while_readable(&document).taken);
/// ```
pub fn load_while_readable(document: &Document) -> Loading {
    let run = openssl::load_while_readable(document.source().bytes());
    Loading::new(Loader::OpenSsl, document, run)
}

/// Whether OpenSSL can read the value of an extension, if it is one that it reads with every
/// certificate.
pub(crate) fn openssl_reads(oid: &[u8], value: &[u8]) -> Option<bool> {
    d2i::is_read(oid, value)
}

/// `bytes` with every length as short as DER requires, also of a structure inside
/// an OCTET STRING; `None` if they are not BER.
pub(crate) fn with_shortest_lengths(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    d2i::shortest(bytes, 0)
}

/// The base64 in a file, whatever is around it: how httpd looks for a private key if no PEM can be
/// read.
pub(crate) fn filtered(document: &Document) -> Zeroizing<Vec<u8>> {
    filter::base64(document.source().bytes())
}

/// One object that a loader treats as a certificate.
struct Seen {
    /// Where its BEGIN line, or its DER, is in the source.
    at: usize,
    content: Zeroizing<Vec<u8>>,
}

/// A loader's way through a file.
#[derive(Default)]
struct Run {
    seen: Vec<Seen>,
    /// Where it gave up, if it did.
    gave_up: Option<usize>,
}

impl Run {
    fn refuse(mut self, at: usize) -> Self {
        self.seen.clear();
        self.gave_up = Some(at);
        self
    }
}

/// How a loader reads a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loading {
    /// Which loader.
    pub loader: Loader,
    /// Whether it accepts the file at all.
    pub taken: bool,
    /// For each certificate that it sees, in its order, the index of the
    /// section that it comes from; `None` for bytes that are not a section of the document.
    pub certificates: Vec<Option<usize>>,
    /// The offset at which it gave up, if it did.
    pub gave_up: Option<usize>,
    /// Certificates of the document that it does not see, by section.
    pub lost: Vec<usize>,
    /// The bytes of the certificates, as it reads them.
    read: Vec<Vec<u8>>,
}

/// The parts of a certificate that OpenSSL's security level checks.
pub(crate) struct Secured<'l> {
    /// The SubjectPublicKeyInfo, even if that is not DER.
    pub(crate) public_key: &'l [u8],
    /// The object identifier before the signature.
    pub(crate) signature: Vec<u8>,
    /// The AlgorithmIdentifier around it.
    pub(crate) algorithm: &'l [u8],
    /// Whether subject and issuer are the same bytes.
    pub(crate) self_issued: bool,
}

impl Loading {
    fn new(loader: Loader, document: &Document, run: Run) -> Self {
        let sections = document.sections();
        let taken = run.gave_up.is_none() && !run.seen.is_empty();
        let seen = if taken { run.seen } else { Vec::new() };
        let certificates: Vec<Option<usize>> = seen
            .iter()
            .map(|one| section_at(document, one.at))
            .collect();
        // A certificate that a loader reads differently from the file counts as lost.
        let mut right: Vec<usize> = seen
            .iter()
            .zip(&certificates)
            .filter_map(|(one, index)| index.map(|index| (one, index)))
            .filter(|(one, index)| {
                sections.get(*index).is_some_and(|section| {
                    section.kind() == SectionKind::Pkcs7
                        || section.der() == Some(one.content.as_slice())
                })
            })
            .map(|(_, index)| index)
            .collect();
        right.sort_unstable();
        let wanted = sections
            .iter()
            .enumerate()
            .filter(|(_, section)| {
                matches!(
                    section.kind(),
                    SectionKind::Certificate | SectionKind::TrustedCertificate
                )
            })
            .map(|(index, _)| index);
        // What a loader never reads anyway is not lost: `certutil -A` reads one certificate,
        // and the rest of the chain is not damaged.
        let wanted: Vec<usize> = match loader.most_certificates() {
            Some(most) => wanted.take(most).collect(),
            None => wanted.collect(),
        };
        let lost = wanted
            .into_iter()
            .filter(|index| right.binary_search(index).is_err())
            .collect();
        let read = seen.iter().map(|one| one.content.to_vec()).collect();
        Self {
            loader,
            read,
            taken,
            certificates,
            gave_up: run.gave_up,
            lost,
        }
    }

    /// The same file, refused at this offset by something other than the loader.
    pub(crate) fn refused_at(&self, document: &Document, at: usize) -> Self {
        Self::new(self.loader, document, Run::default().refuse(at))
    }

    /// The SubjectPublicKeyInfo of the first certificate that OpenSSL's loader
    /// sees, even if that is not DER.
    pub(crate) fn public_key(&self) -> Option<&[u8]> {
        self.secured().next().map(|first| first.public_key)
    }

    /// The content of the first certificate that it sees.
    pub(crate) fn own(&self) -> Option<&[u8]> {
        self.read.first().map(|one| one.as_slice())
    }

    /// What OpenSSL's security level checks, certificate by certificate.
    pub(crate) fn secured(&self) -> impl Iterator<Item = Secured<'_>> {
        self.read.iter().filter_map(|one| {
            let found = d2i::certificate(one)?;
            Some(Secured {
                public_key: found.spki,
                signature: found.signature,
                algorithm: found.algorithm,
                self_issued: found.self_issued,
            })
        })
    }

    /// The section of the first certificate that it sees, which a server uses as its own.
    pub fn first(&self) -> Option<usize> {
        self.certificates.first().copied().flatten()
    }
}

/// The section in which this byte of the source is.
fn section_at(document: &Document, at: usize) -> Option<usize> {
    let sections = document.sections();
    let behind = sections.partition_point(|section| section.span().start <= at);
    let index = behind.checked_sub(1)?;
    (at < sections.get(index)?.span().end).then_some(index)
}

/// Whether `content` is one certificate and nothing else.
fn is_certificate(content: &[u8]) -> bool {
    matches!(
        der::shape(content),
        Shape::Whole { kind: SectionKind::Certificate, len } if len == content.len()
    )
}

/// The next occurrence of `needle` at or after `from`.
fn find(bytes: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let first = *needle.first()?;
    let mut place = from;
    loop {
        let rest = bytes.get(place..)?;
        place += rest.iter().position(|&byte| byte == first)?;
        if bytes
            .get(place..)
            .is_some_and(|rest| rest.starts_with(needle))
        {
            return Some(place);
        }
        place += 1;
    }
}

/// The line at `from` and where the next begins, lines ending with LF.
fn line(bytes: &[u8], from: usize) -> (&[u8], usize) {
    let rest = bytes.get(from..).unwrap_or_default();
    match rest.iter().position(|&byte| byte == b'\n') {
        Some(end) => (rest.get(..end).unwrap_or_default(), from + end + 1),
        None => (rest, bytes.len()),
    }
}
