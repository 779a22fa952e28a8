//! The structures in which private keys are written.

use crate::model::der::{self, Reader};
use std::fmt;

/// The structure in which a private key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyForm {
    /// PKCS#8 PrivateKeyInfo or OneAsymmetricKey (RFC 5958), `PRIVATE KEY`.
    Pkcs8,
    /// PKCS#8 EncryptedPrivateKeyInfo (RFC 5958), `ENCRYPTED PRIVATE KEY`.
    EncryptedPkcs8,
    /// PKCS#1 RSAPrivateKey (RFC 8017), `RSA PRIVATE KEY`.
    Pkcs1,
    /// OpenSSL's traditional form of DSA keys, `DSA PRIVATE KEY`.
    TraditionalDsa,
    /// ECPrivateKey (RFC 5915, SEC 1), `EC PRIVATE KEY`.
    Sec1,
}

impl KeyForm {
    /// The form that this PEM label announces.
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.label() == label)
    }

    const ALL: [Self; 5] = [
        Self::Pkcs8,
        Self::EncryptedPkcs8,
        Self::Pkcs1,
        Self::TraditionalDsa,
        Self::Sec1,
    ];

    /// The PEM label with which it is written (RFC 7468, OpenSSL's `PEM_STRING_*`).
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pkcs8 => "PRIVATE KEY",
            Self::EncryptedPkcs8 => "ENCRYPTED PRIVATE KEY",
            Self::Pkcs1 => "RSA PRIVATE KEY",
            Self::TraditionalDsa => "DSA PRIVATE KEY",
            Self::Sec1 => "EC PRIVATE KEY",
        }
    }

    /// The form that these DER bytes have, by their first few elements.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        let mut outer = Reader::new(bytes, "private key");
        let mut fields = outer.sequence("it").ok()?;
        let mut tags = [0; 9];
        let mut first_integer = None;
        let mut count = 0;
        for slot in &mut tags {
            let Ok(element) = fields.any() else { break };
            if count == 0 && element.tag == der::INTEGER {
                first_integer = element.content.first().copied();
            }
            if count == 0 && element.tag == der::SEQUENCE {
                let starts_with_oid = element.content.first() == Some(&der::OID);
                if !starts_with_oid {
                    return None;
                }
            }
            *slot = element.tag;
            count += 1;
        }
        match (tags, first_integer) {
            ([der::SEQUENCE, der::OCTET_STRING, 0, ..], _) => Some(Self::EncryptedPkcs8),
            ([der::INTEGER, der::SEQUENCE, der::OCTET_STRING, ..], Some(0 | 1)) => {
                Some(Self::Pkcs8)
            }
            ([der::INTEGER, der::OCTET_STRING, ..], Some(1)) => Some(Self::Sec1),
            ([der::INTEGER, ..], first) => {
                let integers = tags.iter().take_while(|&&tag| tag == der::INTEGER).count();
                match integers {
                    9 => Some(Self::Pkcs1),
                    6 if count == 6 && matches!(first, Some(0 | 1)) => Some(Self::TraditionalDsa),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

impl fmt::Display for KeyForm {
    /// `PKCS#8`, `encrypted PKCS#8`, `PKCS#1`, `traditional DSA`, `SEC 1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs8 => "PKCS#8",
            Self::EncryptedPkcs8 => "encrypted PKCS#8",
            Self::Pkcs1 => "PKCS#1",
            Self::TraditionalDsa => "traditional DSA",
            Self::Sec1 => "SEC 1",
        })
    }
}
