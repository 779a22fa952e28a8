//! Signature schemes: the algorithm with which a side proves that it has its key.

use crate::cipher::SecurityLevel;
use crate::protocol::Library;
use std::fmt;

/// A signature scheme by its number in the registry of TLS SignatureSchemes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scheme(pub u16);

/// The kind of key that makes a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Signer {
    /// An RSA key with the padding of PKCS #1 1.5.
    RsaPkcs1,
    /// An RSA key with the padding of PSS.
    RsaPss,
    /// A key that may be used with PSS alone (id-RSASSA-PSS).
    PssKey,
    /// An EC key.
    Ecdsa,
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
    /// DSA.
    Dsa,
}

/// Number, IANA's name, what signs, bits of the digest's security, curve in TLS 1.3.
type Row = (u16, &'static str, Signer, u32, Option<u16>);

static TABLE: [Row; 26] = [
    (
        0x0403,
        "ecdsa_secp256r1_sha256",
        Signer::Ecdsa,
        128,
        Some(0x17),
    ),
    (
        0x0503,
        "ecdsa_secp384r1_sha384",
        Signer::Ecdsa,
        192,
        Some(0x18),
    ),
    (
        0x0603,
        "ecdsa_secp521r1_sha512",
        Signer::Ecdsa,
        256,
        Some(0x19),
    ),
    (0x0807, "ed25519", Signer::Ed25519, 128, None),
    (0x0808, "ed448", Signer::Ed448, 224, None),
    (0x0809, "rsa_pss_pss_sha256", Signer::PssKey, 128, None),
    (0x080A, "rsa_pss_pss_sha384", Signer::PssKey, 192, None),
    (0x080B, "rsa_pss_pss_sha512", Signer::PssKey, 256, None),
    (0x0804, "rsa_pss_rsae_sha256", Signer::RsaPss, 128, None),
    (0x0805, "rsa_pss_rsae_sha384", Signer::RsaPss, 192, None),
    (0x0806, "rsa_pss_rsae_sha512", Signer::RsaPss, 256, None),
    (0x0401, "rsa_pkcs1_sha256", Signer::RsaPkcs1, 128, None),
    (0x0501, "rsa_pkcs1_sha384", Signer::RsaPkcs1, 192, None),
    (0x0601, "rsa_pkcs1_sha512", Signer::RsaPkcs1, 256, None),
    (0x0303, "ecdsa_sha224", Signer::Ecdsa, 112, None),
    // OpenSSL 3.0 counts 64 bits for SHA-1 (ssl/t1_lib.c, `sigalg_security_bits`).
    (0x0203, "ecdsa_sha1", Signer::Ecdsa, 64, None),
    (0x0301, "rsa_pkcs1_sha224", Signer::RsaPkcs1, 112, None),
    (0x0201, "rsa_pkcs1_sha1", Signer::RsaPkcs1, 64, None),
    (0x0302, "dsa_sha224", Signer::Dsa, 112, None),
    (0x0202, "dsa_sha1", Signer::Dsa, 64, None),
    (0x0402, "dsa_sha256", Signer::Dsa, 128, None),
    (0x0502, "dsa_sha384", Signer::Dsa, 192, None),
    (0x0602, "dsa_sha512", Signer::Dsa, 256, None),
    // 0 bits keep ML-DSA out of every choice: OpenSSL 3.0 cannot sign with it. The rows are here
    // for the names of what newer clients offer.
    (0x0904, "mldsa44", Signer::Dsa, 0, None),
    (0x0905, "mldsa65", Signer::Dsa, 0, None),
    (0x0906, "mldsa87", Signer::Dsa, 0, None),
];

impl Scheme {
    /// What OpenSSL 3.0 uses unless its settings say otherwise, in its order
    /// (ssl/t1_lib.c, `tls12_sigalgs`).
    pub fn openssl_default() -> impl Iterator<Item = Self> {
        // The rows after the 23rd are known only by name.
        TABLE.iter().take(23).map(|row| Self(row.0))
    }

    /// The name in IANA's registry.
    pub fn name(self) -> Option<&'static str> {
        self.row().map(|row| row.1)
    }

    /// The scheme of that name.
    pub fn named(name: &str) -> Option<Self> {
        let mut rows = TABLE.iter();
        rows.find(|row| row.1 == name).map(|row| Self(row.0))
    }

    /// What signs.
    pub fn signer(self) -> Option<Signer> {
        self.row().filter(|row| row.3 > 0).map(|row| row.2)
    }

    /// The curve that the key must be on in TLS 1.3 (RFC 8446 section 4.2.3).
    pub(super) fn curve(self) -> Option<u16> {
        self.row().and_then(|row| row.4)
    }

    /// Whether a security level allows its digest.
    pub(super) fn allowed(self, level: SecurityLevel, library: Library) -> bool {
        self.row().is_some_and(|row| {
            // Before 3.0 SHA-1 counts half its 160 bits.
            let old_sha1 = row.3 == 64 && library < Library::OpenSsl3;
            let bits = if old_sha1 { 80 } else { row.3 };
            bits > 0 && bits >= level.bits()
        })
    }

    /// Whether TLS 1.3 allows it in the handshake: no PKCS #1, DSA, SHA-1 or
    /// SHA-224 (RFC 8446 section 4.2.3).
    pub(super) fn in_tls13(self) -> bool {
        self.row()
            .is_some_and(|row| row.3 >= 128 && !matches!(row.2, Signer::RsaPkcs1 | Signer::Dsa))
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.0 == self.0)
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "0x{:04x}", self.0),
        }
    }
}

impl fmt::Debug for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
