//! Labels, and the kinds of object that they announce.

/// What a section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SectionKind {
    /// An X.509 certificate (RFC 5280).
    Certificate,
    /// An X.509 certificate with OpenSSL's trust settings after it.
    TrustedCertificate,
    /// A private key with its algorithm (PKCS#8, RFC 5958).
    Pkcs8PrivateKey,
    /// An encrypted PKCS#8 private key (RFC 5958 section 3).
    EncryptedPkcs8PrivateKey,
    /// An RSA private key (PKCS#1, RFC 8017 A.1.2).
    RsaPrivateKey,
    /// A DSA private key in OpenSSL's traditional form: six INTEGERs.
    DsaPrivateKey,
    /// An EC private key (SEC 1, RFC 5915).
    EcPrivateKey,
    /// The curve of an EC key, as `openssl ecparam -genkey` writes it before the key.
    EcParameters,
    /// Diffie-Hellman parameters (PKCS#3 or X9.42).
    DhParameters,
    /// DSA parameters (RFC 3279 section 2.3.2).
    DsaParameters,
    /// A public key with its algorithm (SubjectPublicKeyInfo, RFC 5280 4.1.2.7).
    PublicKey,
    /// An RSA public key alone (PKCS#1, RFC 8017 A.1.1).
    RsaPublicKey,
    /// A request for a certificate (PKCS#10, RFC 2986).
    CertificationRequest,
    /// A certificate revocation list (RFC 5280 section 5).
    Crl,
    /// A PKCS#7 or CMS container (RFC 5652).
    Pkcs7,
    /// A PKCS#12 container (RFC 7292).
    Pkcs12,
    /// A private key in OpenSSH's own form.
    OpenSshPrivateKey,
    /// A public key as SSH writes it.
    SshPublicKey,
    /// A Java keystore (JKS or JCEKS).
    Jks,
    /// None of these.
    Unknown,
}

/// Every known label: its kind and, if loaders that look for the usual label skip it, the label
/// that it should have.
///
/// RFC 7468 gives the canonical ones; `X509 CERTIFICATE` and `NEW CERTIFICATE
/// REQUEST` are OpenSSL's and Netscape's old spellings, `PKCS #7 SIGNED DATA`
/// and `CERTIFICATE CHAIN` are Netscape's (read by OpenSSL's `pkcs7` only as
/// `PKCS #7 SIGNED DATA`).
const LABELS: &[(&str, SectionKind, Option<&str>)] = &[
    // The labels that occur most often come first: the table is searched for each section.
    ("CERTIFICATE", SectionKind::Certificate, None),
    ("PRIVATE KEY", SectionKind::Pkcs8PrivateKey, None),
    ("RSA PRIVATE KEY", SectionKind::RsaPrivateKey, None),
    ("EC PRIVATE KEY", SectionKind::EcPrivateKey, None),
    (
        "ENCRYPTED PRIVATE KEY",
        SectionKind::EncryptedPkcs8PrivateKey,
        None,
    ),
    ("DSA PRIVATE KEY", SectionKind::DsaPrivateKey, None),
    (
        "X509 CERTIFICATE",
        SectionKind::Certificate,
        Some("CERTIFICATE"),
    ),
    (
        "X.509 CERTIFICATE",
        SectionKind::Certificate,
        Some("CERTIFICATE"),
    ),
    (
        "TRUSTED CERTIFICATE",
        SectionKind::TrustedCertificate,
        Some("CERTIFICATE"),
    ),
    ("PUBLIC KEY", SectionKind::PublicKey, None),
    ("RSA PUBLIC KEY", SectionKind::RsaPublicKey, None),
    ("EC PARAMETERS", SectionKind::EcParameters, None),
    ("DH PARAMETERS", SectionKind::DhParameters, None),
    ("X9.42 DH PARAMETERS", SectionKind::DhParameters, None),
    ("DSA PARAMETERS", SectionKind::DsaParameters, None),
    (
        "CERTIFICATE REQUEST",
        SectionKind::CertificationRequest,
        None,
    ),
    (
        "NEW CERTIFICATE REQUEST",
        SectionKind::CertificationRequest,
        Some("CERTIFICATE REQUEST"),
    ),
    ("X509 CRL", SectionKind::Crl, None),
    ("CRL", SectionKind::Crl, Some("X509 CRL")),
    ("PKCS7", SectionKind::Pkcs7, None),
    ("CMS", SectionKind::Pkcs7, None),
    ("PKCS #7 SIGNED DATA", SectionKind::Pkcs7, Some("PKCS7")),
    ("CERTIFICATE CHAIN", SectionKind::Pkcs7, Some("PKCS7")),
    ("PKCS12", SectionKind::Pkcs12, None),
    ("OPENSSH PRIVATE KEY", SectionKind::OpenSshPrivateKey, None),
    ("SSH2 PUBLIC KEY", SectionKind::SshPublicKey, None),
];

/// One row of the table of labels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownLabel {
    pub(crate) label: &'static str,
    pub(crate) kind: SectionKind,
    pub(crate) better: Option<&'static str>,
}

/// The row of a label with exactly this spelling.
pub(crate) fn known_label(label: &[u8]) -> Option<KnownLabel> {
    LABELS
        .iter()
        .find(|(known, ..)| known.as_bytes() == label)
        .map(|&(label, kind, better)| KnownLabel {
            label,
            kind,
            better,
        })
}

impl SectionKind {
    /// The label with which this kind is written, if it can be written as PEM.
    pub fn canonical_label(self) -> Option<&'static str> {
        match self {
            Self::TrustedCertificate => Some("CERTIFICATE"),
            Self::Jks | Self::Unknown | Self::SshPublicKey => None,
            kind => LABELS
                .iter()
                .find(|(_, known, better)| *known == kind && better.is_none())
                .map(|(label, ..)| *label),
        }
    }

    /// In words, without an article: `certificate`, `PKCS#8 private key`…
    pub const fn words(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::TrustedCertificate => "certificate with trust settings",
            Self::Pkcs8PrivateKey => "PKCS#8 private key",
            Self::EncryptedPkcs8PrivateKey => "encrypted PKCS#8 private key",
            Self::RsaPrivateKey => "RSA private key",
            Self::DsaPrivateKey => "DSA private key",
            Self::EcPrivateKey => "EC private key",
            Self::EcParameters => "set of EC parameters",
            Self::DhParameters => "set of DH parameters",
            Self::DsaParameters => "set of DSA parameters",
            Self::PublicKey => "public key",
            Self::RsaPublicKey => "RSA public key",
            Self::CertificationRequest => "certificate request",
            Self::Crl => "certificate revocation list",
            Self::Pkcs7 => "PKCS#7 container",
            Self::Pkcs12 => "PKCS#12 container",
            Self::OpenSshPrivateKey => "OpenSSH private key",
            Self::SshPublicKey => "SSH public key",
            Self::Jks => "Java keystore",
            Self::Unknown => "object of unknown kind",
        }
    }

    /// In words, with `a` or `an`.
    pub(crate) fn with_article(self) -> String {
        let words = self.words();
        format!("{} {words}", crate::shown::article(words))
    }

    /// Whether it is a private key, encrypted or not.
    pub const fn is_private_key(self) -> bool {
        matches!(
            self,
            Self::Pkcs8PrivateKey
                | Self::EncryptedPkcs8PrivateKey
                | Self::RsaPrivateKey
                | Self::DsaPrivateKey
                | Self::EcPrivateKey
                | Self::OpenSshPrivateKey
        )
    }

    /// Whether it must be treated as a secret: private keys, containers that may hold one, and
    /// anything unknown.
    pub const fn may_be_secret(self) -> bool {
        self.is_private_key() || matches!(self, Self::Pkcs12 | Self::Jks | Self::Unknown)
    }

    /// Whether other objects are extracted from it: PKCS#7, PKCS#12, a Java keystore.
    pub const fn is_container(self) -> bool {
        matches!(self, Self::Pkcs7 | Self::Pkcs12 | Self::Jks)
    }

    /// Whether it is something that certcheck has answers about: everything but SSH's own forms and
    /// unknown objects.
    pub const fn is_useful(self) -> bool {
        !matches!(
            self,
            Self::OpenSshPrivateKey | Self::SshPublicKey | Self::Unknown
        )
    }

    /// Whether an object of kind `self` may follow this label.
    pub(crate) fn fits(self, label: Self) -> bool {
        self == label || (self == Self::Certificate && label == Self::TrustedCertificate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_better_label_is_a_known_one_of_the_same_kind() {
        for (label, kind, better) in LABELS {
            let Some(better) = better else { continue };
            let row = known_label(better.as_bytes()).unwrap();
            assert!(row.kind.fits(*kind), "{label}");
            assert!(row.better.is_none(), "{label}");
        }
    }
}
