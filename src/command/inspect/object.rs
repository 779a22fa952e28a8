//! One object of a file, as shown to the user.

use crate::Time;
use crate::finding::Fingerprint;
use crate::model::DescribedExtension;
use crate::source::Lines;

/// One object of a file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Object {
    /// The file as the user named it.
    pub source: String,
    /// The object's place in its file, counted from 0.
    pub index: usize,
    /// The lines it is on, if the file has lines.
    pub lines: Option<Lines>,
    /// The PEM label as written.
    pub label: Option<String>,
    /// What it is: `certificate`, `private-key`, `public-key`, `csr`, `crl`,
    /// `pkcs7`, `pkcs12`, `jks`, `parameters`, `ssh-key`, `html`, `text`, `unknown`.
    pub kind: &'static str,
    /// How it is written: `pem`, `base64`, `der`, `other`.
    pub encoding: &'static str,
    /// The size of its DER in bytes, if it could be decoded.
    pub size: Option<usize>,
    /// The index of the container that it was taken out of.
    pub container: Option<usize>,
    /// The name that the container gives it (friendlyName, alias).
    pub name: Option<String>,
    /// Its contents in detail.
    pub details: Details,
}

/// The details of an object.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Details {
    /// Nothing that was read.
    None,
    /// A certificate.
    Certificate(Box<CertificateDetails>),
    /// A private or public key.
    Key(KeyDetails),
    /// A certification request.
    Csr(CsrDetails),
    /// A certificate revocation list.
    Crl(CrlDetails),
    /// A PKCS#7 or PKCS#12 container or a Java keystore; its contents are separate objects, after
    /// it.
    Container(ContainerDetails),
}

/// What is shown about a container.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ContainerDetails {
    /// What a PKCS#7 container is, by its name in RFC 5652: `SignedData`,
    /// `EnvelopedData`, …; `None` for others.
    pub content_type: Option<&'static str>,
    /// The same in words.
    pub message: Option<&'static str>,
    /// How many objects were found in it.
    pub contents: usize,
    /// What its authentication code says: `absent`, `not-checked` for lack of a
    /// passphrase, `not-computable`, `holds`, `wrong` for this passphrase, or `broken` if the
    /// passphrase opens the contents anyway.
    pub integrity: &'static str,
    /// The encryption of the parts that were not opened.
    pub closed: Vec<String>,
    /// Each scheme that encrypts a part or a key of a PKCS#12 file.
    pub ciphers: Vec<String>,
    /// Its authentication code, `HMAC-SHA256`; `None` if it has none.
    pub mac: Option<String>,
}

/// What is shown about a key. Nothing in here is secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeyDetails {
    /// The algorithm, `RSA`, `EC P-256`, `Ed25519`, or the object identifier.
    pub algorithm: String,
    /// Its size in bits, if the algorithm has one.
    pub bits: Option<u64>,
    /// SHA-256 of its SubjectPublicKeyInfo, if that is known.
    pub spki_sha256: Option<Fingerprint>,
    /// The scheme of its encryption, for a private key under a passphrase.
    pub encryption: Option<String>,
}

/// What is shown about a certificate.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CertificateDetails {
    /// The subject's name.
    pub subject: String,
    /// The issuer's name.
    pub issuer: String,
    /// The serial number, in hexadecimal digits.
    pub serial: String,
    /// notBefore.
    pub not_before: Time,
    /// notAfter.
    pub not_after: Time,
    /// The subject's public key.
    pub public_key: KeyDetails,
    /// The signature algorithm.
    pub signature_algorithm: String,
    /// The names in subjectAltName, `DNS:www.example.com`, `IP:192.0.2.1`.
    pub subject_alt_names: Vec<String>,
    /// Whether basicConstraints marks it as a CA certificate.
    pub is_ca: bool,
    /// Whether its own key verifies its signature.
    pub self_signed: bool,
    /// The keyUsage bits by name.
    pub key_usage: Vec<String>,
    /// The extendedKeyUsage purposes by name or object identifier.
    pub extended_key_usage: Vec<String>,
    /// The subject key identifier, in hexadecimal digits.
    pub subject_key_id: Option<String>,
    /// The authority key identifier, in hexadecimal digits.
    pub authority_key_id: Option<String>,
    /// Where the issuer's certificate can be fetched (caIssuers).
    pub ca_issuers: Vec<String>,
    /// Every extension, in words if possible.
    pub extensions: Vec<DescribedExtension>,
    /// SHA-256 of the certificate.
    pub sha256: Fingerprint,
}

/// What is shown about a certification request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CsrDetails {
    /// The name asked for.
    pub subject: String,
    /// The key that the certificate is asked for.
    pub public_key: KeyDetails,
    /// The signature algorithm.
    pub signature_algorithm: String,
    /// The names asked for in subjectAltName.
    pub subject_alt_names: Vec<String>,
}

/// What is shown about a certificate revocation list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CrlDetails {
    /// Who issued it.
    pub issuer: String,
    /// When.
    pub this_update: Time,
    /// When the next one is due, if it says.
    pub next_update: Option<Time>,
    /// Its number (CRLNumber), in hexadecimal digits.
    pub number: Option<String>,
    /// How many certificates it revokes.
    pub entries: usize,
}
