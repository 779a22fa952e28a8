//! Kinds of key: a server may have a certificate for each.

use crate::model::{Certificate, KeyAlgorithm, PublicKey};

/// What a client's signature algorithms choose among (RFC 8446 section 4.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// RSA for any use, which signs by PKCS #1 and as RSA-PSS.
    Rsa,
    /// RSA for RSA-PSS only.
    RsaPss,
    Ecdsa,
    EdDsa,
}

impl KeyKind {
    #[cfg(any(feature = "probe", test))]
    pub(crate) const ALL: [Self; 4] = [Self::Rsa, Self::Ecdsa, Self::RsaPss, Self::EdDsa];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::RsaPss => "RSA-PSS",
            Self::Ecdsa => "ECDSA",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The kind of a certificate's key.
    pub(crate) fn of(certificate: &Certificate<'_>) -> Option<Self> {
        let key = PublicKey::parse(certificate.spki_der()).ok()?;
        Some(match key.algorithm() {
            KeyAlgorithm::Rsa => Self::Rsa,
            KeyAlgorithm::RsaPss => Self::RsaPss,
            KeyAlgorithm::Ec(_) => Self::Ecdsa,
            KeyAlgorithm::Ed25519 | KeyAlgorithm::Ed448 => Self::EdDsa,
            _ => return None,
        })
    }

    /// The same for a certificate in DER.
    #[cfg(any(feature = "probe", test))]
    pub(super) fn of_der(der: &[u8]) -> Option<Self> {
        Self::of(&Certificate::parse(der).ok()?)
    }

    /// The numbers of its signature schemes, strongest first; SHA-1 is for servers that know
    /// nothing better.
    #[cfg(any(feature = "probe", test))]
    pub(super) const fn schemes(self) -> &'static [u16] {
        match self {
            Self::Rsa => &[0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0201],
            Self::RsaPss => &[0x0809, 0x080a, 0x080b],
            // The three NIST curves, SHA-1, and Brainpool in TLS 1.3 (RFC 8734).
            Self::Ecdsa => &[0x0403, 0x0503, 0x0603, 0x0203, 0x081a, 0x081b, 0x081c],
            Self::EdDsa => &[0x0807, 0x0808],
        }
    }

    /// Whether suites of TLS 1.2 call it RSA; the others call it ECDSA.
    #[cfg(any(feature = "probe", test))]
    pub(super) const fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa | Self::RsaPss)
    }
}
