//! A chain and its key from one PEM file.

use crate::encoding::{Document, Section, SectionKind};
use crate::finding::{Code, Severity};
use crate::preflight::Preflight;
use crate::rule::Finding;
use crate::server::Profile;
use crate::{Source, Time};
use pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
};
use std::fmt;

/// A server's certificate with its chain, and its private key.
///
/// The key is not wiped when this is dropped: `rustls` keeps it in memory for as long as it
/// serves.
#[derive(Debug)]
#[non_exhaustive]
pub struct Identity {
    /// The certificates in the order of the file, the server's own first.
    pub chain: Vec<CertificateDer<'static>>,
    /// The private key.
    pub key: PrivateKeyDer<'static>,
}

/// Why a file is not a usable pair of chain and key.
///
/// Its `Display` is one line for each fault, with file, line and remedy.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoadError {
    /// The file as the caller named it.
    pub source: String,
    /// The faults; empty if the file only lacks a certificate or a key.
    pub findings: Vec<Finding>,
    /// What the file has too few or too many of, if that is the fault.
    pub missing: Option<&'static str>,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(missing) = self.missing {
            write!(f, "{}: {missing}", self.source.escape_debug())?;
        }
        for (place, finding) in self.findings.iter().enumerate() {
            if place > 0 || self.missing.is_some() {
                f.write_str("\n")?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadError {}

/// Reads a chain and its key from one PEM file, in any order of key and certificates.
///
/// Whether the chain is complete and valid depends on names and the time;
/// [`check_identity`](super::check_identity) answers that.
///
/// ```
/// use certcheck::identity::load_identity;
///
/// let broken = b"-----BEGIN CERTIFICATE-----\nMIIB!\n-----END CERTIFICATE-----\n";
/// let error = load_identity("server.pem", broken).unwrap_err();
/// assert!(error.to_string().contains("server.pem:2"), "{error}");
/// ```
///
/// # Errors
/// Damaged or mislabelled sections, an encrypted or unusable key, a key that belongs to another
/// certificate, and a file without certificate, without key or with several keys.
pub fn load_identity(name: &str, pem: &[u8]) -> Result<Identity, LoadError> {
    let source = || Source::new(name, pem.to_vec());
    let fails = |missing, findings| LoadError {
        source: name.to_owned(),
        findings,
        missing,
    };
    let document = Document::read(source());
    let mut chain = Vec::new();
    let mut keys = Vec::new();
    for section in document.sections() {
        let Some(der) = section.der() else { continue };
        match section.kind() {
            SectionKind::Certificate => chain.push(CertificateDer::from(der.to_vec())),
            SectionKind::Pkcs8PrivateKey => {
                keys.push(PrivatePkcs8KeyDer::from(der.to_vec()).into());
            }
            SectionKind::RsaPrivateKey => keys.push(PrivatePkcs1KeyDer::from(der.to_vec()).into()),
            SectionKind::EcPrivateKey => keys.push(PrivateSec1KeyDer::from(der.to_vec()).into()),
            _ => {}
        }
    }
    // What a preflight finds at any time: how the file is written, and whether the key fits.
    let preflight = Preflight::new(Profile::generic(), Time::from_unix_seconds(0));
    let answer = preflight
        .certificate_file(source())
        .key_file(source())
        .run();
    let timeless = |finding: &Finding| {
        let area = finding.code().as_str().split('.').next();
        finding.severity == Severity::Error
            && matches!(area, Some("encoding" | "key"))
            && finding.code() != Code::EncodingPrivateKeyInCertificateFile
    };
    let findings: Vec<Finding> = answer.findings.into_iter().filter(timeless).collect();
    let missing = match (chain.as_slice(), keys.len()) {
        ([], _) => Some("no certificate is in it"),
        (_, 0) if document.sections().iter().any(Section::is_encrypted) => {
            Some("its private key is encrypted (openssl pkey writes it without a passphrase)")
        }
        (_, 0) => Some("no private key that can be used is in it"),
        (_, 1) => None,
        _ => Some("several private keys are in it: which one is meant?"),
    };
    match (keys.pop(), missing) {
        (Some(key), None) if findings.is_empty() => Ok(Identity { chain, key }),
        (_, missing) => Err(fails(missing, findings)),
    }
}
