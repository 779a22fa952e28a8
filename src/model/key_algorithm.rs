//! Which kind of key it is.

use super::der;
use std::fmt;

/// The algorithm of a key: what a SubjectPublicKeyInfo names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// RSA, for any use (`rsaEncryption`, RFC 8017).
    Rsa,
    /// RSA for probabilistic signatures only (`id-RSASSA-PSS`, RFC 4055).
    RsaPss,
    /// The Digital Signature Algorithm (FIPS 186-4, RFC 3279).
    Dsa,
    /// Elliptic curves in Weierstrass form (`id-ecPublicKey`, RFC 5480).
    Ec(Curve),
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// Ed448 (RFC 8410).
    Ed448,
    /// X25519, key agreement only (RFC 8410).
    X25519,
    /// X448, key agreement only (RFC 8410).
    X448,
    /// ML-DSA-44 (FIPS 204, RFC 9881).
    MlDsa44,
    /// ML-DSA-65 (FIPS 204, RFC 9881).
    MlDsa65,
    /// ML-DSA-87 (FIPS 204, RFC 9881).
    MlDsa87,
    /// ML-KEM-512, key establishment only (FIPS 203, RFC 9935).
    MlKem512,
    /// ML-KEM-768, key establishment only (FIPS 203, RFC 9935).
    MlKem768,
    /// ML-KEM-1024, key establishment only (FIPS 203, RFC 9935).
    MlKem1024,
    /// SLH-DSA (FIPS 205, RFC 9909), by its parameter set: `SLH-DSA-SHA2-128s`.
    SlhDsa(&'static str),
    /// One that is known only by its name: `DH`, `GOST R 34.10-2012 (256 bits)`.
    Named(&'static str),
    /// Any other, by its object identifier in dotted form.
    Unknown(String),
}

/// A curve of [`KeyAlgorithm::Ec`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Curve {
    /// `secp224r1`.
    P224,
    /// `prime256v1`, also `secp256r1`.
    P256,
    /// `secp384r1`.
    P384,
    /// `secp521r1`.
    P521,
    /// `secp256k1`.
    Secp256k1,
    /// `brainpoolP256r1` (RFC 5639).
    BrainpoolP256r1,
    /// `brainpoolP384r1` (RFC 5639).
    BrainpoolP384r1,
    /// `brainpoolP512r1` (RFC 5639).
    BrainpoolP512r1,
    /// Another named curve, by OpenSSL's name for it, or its object identifier in dotted form.
    Other(String),
    /// Written out instead of named, which RFC 5480 section 2.1.1 forbids.
    Explicit,
}

macro_rules! oids {
    ($($name:ident = [$($byte:literal),*];)*) => {
        $( pub(crate) const $name: &[u8] = &[$($byte),*]; )*
    };
}

/// Contents of object identifiers.
pub(crate) mod oid {
    oids! {
        RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
        RSA_PSS = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
        DSA = [0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01];
        EC = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
        X25519 = [0x2b, 0x65, 0x6e];
        X448 = [0x2b, 0x65, 0x6f];
        ED25519 = [0x2b, 0x65, 0x70];
        ED448 = [0x2b, 0x65, 0x71];
        ML_DSA_44 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11];
        ML_DSA_65 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12];
        ML_DSA_87 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13];
        P224 = [0x2b, 0x81, 0x04, 0x00, 0x21];
        P256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        P384 = [0x2b, 0x81, 0x04, 0x00, 0x22];
        P521 = [0x2b, 0x81, 0x04, 0x00, 0x23];
        SECP256K1 = [0x2b, 0x81, 0x04, 0x00, 0x0a];
        BRAINPOOL_P256R1 = [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07];
        BRAINPOOL_P384R1 = [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b];
        BRAINPOOL_P512R1 = [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d];
    }
}

/// The parameter sets of id-slh-dsa-*, 2.16.840.1.101.3.4.3.20 and following (RFC 9909).
const SLH_DSA: [&str; 12] = [
    "SLH-DSA-SHA2-128s",
    "SLH-DSA-SHA2-128f",
    "SLH-DSA-SHA2-192s",
    "SLH-DSA-SHA2-192f",
    "SLH-DSA-SHA2-256s",
    "SLH-DSA-SHA2-256f",
    "SLH-DSA-SHAKE-128s",
    "SLH-DSA-SHAKE-128f",
    "SLH-DSA-SHAKE-192s",
    "SLH-DSA-SHAKE-192f",
    "SLH-DSA-SHAKE-256s",
    "SLH-DSA-SHAKE-256f",
];

/// Algorithms that are named but not computed here: Diffie-Hellman
/// (PKCS#3, X9.42), RSA for encryption only (RFC 4055), and GOST (RFC 4491, RFC 9215).
const NAMED: &[(&[u8], &str)] = &[
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x03, 0x01],
        "DH",
    ),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3e, 0x02, 0x01], "DH (X9.42)"),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x07],
        "RSA-OAEP",
    ),
    (&[0x2a, 0x85, 0x03, 0x02, 0x02, 0x13], "GOST R 34.10-2001"),
    (
        &[0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x01, 0x01],
        "GOST R 34.10-2012 (256 bits)",
    ),
    (
        &[0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x01, 0x02],
        "GOST R 34.10-2012 (512 bits)",
    ),
];

/// Names of curves that are not computed here, as OpenSSL names them: SEC 2, RFC
/// 5639 and, for SM2, GB/T 32918.
const CURVES: &[(&[u8], &str)] = &[
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01], "P-192"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x08], "secp160r1"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x09], "secp160k1"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x1e], "secp160r2"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x1f], "secp192k1"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x20], "secp224k1"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x10], "sect283k1"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x11], "sect283r1"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x24], "sect409k1"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x25], "sect409r1"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x26], "sect571k1"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x27], "sect571r1"),
    (
        &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x05],
        "brainpoolP224r1",
    ),
    (
        &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x09],
        "brainpoolP320r1",
    ),
    (
        &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x08],
        "brainpoolP256t1",
    ),
    (
        &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0c],
        "brainpoolP384t1",
    ),
    (
        &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0e],
        "brainpoolP512t1",
    ),
    (&[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d], "SM2"),
];

impl KeyAlgorithm {
    /// From the content of an AlgorithmIdentifier's OID and its whole parameters.
    pub(crate) fn from_identifier(identifier: &[u8], parameters: Option<&[u8]>) -> Self {
        match identifier {
            oid::RSA => Self::Rsa,
            oid::RSA_PSS => Self::RsaPss,
            oid::DSA => Self::Dsa,
            oid::EC => Self::Ec(Curve::from_parameters(parameters.unwrap_or_default())),
            oid::ED25519 => Self::Ed25519,
            oid::ED448 => Self::Ed448,
            oid::X25519 => Self::X25519,
            oid::X448 => Self::X448,
            oid::ML_DSA_44 => Self::MlDsa44,
            oid::ML_DSA_65 => Self::MlDsa65,
            oid::ML_DSA_87 => Self::MlDsa87,
            other => Self::from_name(other),
        }
    }

    /// Algorithms that almost never occur.
    fn from_name(identifier: &[u8]) -> Self {
        const NIST: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04];
        match identifier.strip_prefix(NIST) {
            Some([4, 1]) => return Self::MlKem512,
            Some([4, 2]) => return Self::MlKem768,
            Some([4, 3]) => return Self::MlKem1024,
            Some([3, set @ 20..=31]) => {
                let place = usize::from(*set).saturating_sub(20);
                if let Some(name) = SLH_DSA.get(place) {
                    return Self::SlhDsa(name);
                }
            }
            _ => {}
        }
        let named = NAMED.iter().find(|(oid, _)| *oid == identifier);
        named.map_or_else(
            || Self::Unknown(der::dotted(identifier)),
            |(_, name)| Self::Named(name),
        )
    }

    /// The family in one word, without the curve: `RSA`, `RSA-PSS`, `DSA`, `EC`,
    /// `Ed25519`, `ML-DSA-65`, … or the object identifier.
    pub fn family(&self) -> &str {
        match self {
            Self::Rsa => "RSA",
            Self::RsaPss => "RSA-PSS",
            Self::Dsa => "DSA",
            Self::Ec(_) => "EC",
            Self::Ed25519 => "Ed25519",
            Self::Ed448 => "Ed448",
            Self::X25519 => "X25519",
            Self::X448 => "X448",
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
            Self::MlDsa87 => "ML-DSA-87",
            Self::MlKem512 => "ML-KEM-512",
            Self::MlKem768 => "ML-KEM-768",
            Self::MlKem1024 => "ML-KEM-1024",
            Self::SlhDsa(name) | Self::Named(name) => name,
            Self::Unknown(oid) => oid,
        }
    }

    /// The curve of an elliptic-curve key.
    pub const fn curve(&self) -> Option<&Curve> {
        match self {
            Self::Ec(curve) => Some(curve),
            _ => None,
        }
    }

    /// The key's size if the algorithm alone determines it, as OpenSSL counts it.
    pub(crate) fn fixed_bits(&self) -> Option<u32> {
        match self {
            Self::Ec(curve) => curve.bits(),
            Self::Ed25519 => Some(256),
            Self::Ed448 => Some(456),
            Self::X25519 => Some(253),
            Self::X448 => Some(448),
            _ => None,
        }
    }

    /// The length in bytes of the public key if the algorithm alone determines it.
    pub(crate) fn public_length(&self) -> Option<usize> {
        match self {
            Self::Ed25519 | Self::X25519 => Some(32),
            Self::Ed448 => Some(57),
            Self::X448 => Some(56),
            // FIPS 204, table 2.
            Self::MlDsa44 => Some(1312),
            Self::MlDsa65 => Some(1952),
            Self::MlDsa87 => Some(2592),
            Self::SlhDsa(_) => self.slh_dsa_length().map(|n| n * 2),
            _ => self.ml_kem_rank().map(|rank| rank * 384 + 32),
        }
    }

    /// FIPS 205's n in bytes: a quarter of a private key, half of a public one.
    pub(crate) fn slh_dsa_length(&self) -> Option<usize> {
        let Self::SlhDsa(name) = self else {
            return None;
        };
        [("128", 16), ("192", 24), ("256", 32)]
            .into_iter()
            .find(|(bits, _)| name.contains(bits))
            .map(|(_, n)| n)
    }

    /// FIPS 203's k.
    pub(crate) const fn ml_kem_rank(&self) -> Option<usize> {
        match self {
            Self::MlKem512 => Some(2),
            Self::MlKem768 => Some(3),
            Self::MlKem1024 => Some(4),
            _ => None,
        }
    }

    /// Whether keys of this kind can sign at all, as a server's key must.
    pub fn can_sign(&self) -> bool {
        !matches!(
            self,
            Self::X25519
                | Self::X448
                | Self::MlKem512
                | Self::MlKem768
                | Self::MlKem1024
                | Self::Named("DH" | "DH (X9.42)" | "RSA-OAEP")
        )
    }
}

impl fmt::Display for KeyAlgorithm {
    /// `RSA`, `EC P-256`, `Ed25519`, `1.2.3.4`, …
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ec(curve) => write!(f, "EC {curve}"),
            other => f.write_str(other.family()),
        }
    }
}

impl Curve {
    /// From whole ECParameters (RFC 5480 section 2.1.1).
    pub(crate) fn from_parameters(parameters: &[u8]) -> Self {
        let mut reader = der::Reader::new(parameters, "ECParameters");
        match reader.oid("the curve") {
            Ok(oid::P224) => Self::P224,
            Ok(oid::P256) => Self::P256,
            Ok(oid::P384) => Self::P384,
            Ok(oid::P521) => Self::P521,
            Ok(oid::SECP256K1) => Self::Secp256k1,
            Ok(oid::BRAINPOOL_P256R1) => Self::BrainpoolP256r1,
            Ok(oid::BRAINPOOL_P384R1) => Self::BrainpoolP384r1,
            Ok(oid::BRAINPOOL_P512R1) => Self::BrainpoolP512r1,
            Ok(other) => {
                let named = CURVES.iter().find(|(oid, _)| *oid == other);
                Self::Other(
                    named.map_or_else(|| der::dotted(other), |(_, name)| (*name).to_owned()),
                )
            }
            Err(_) => Self::Explicit,
        }
    }

    /// The size of its field in bits, if the curve is known.
    pub fn bits(&self) -> Option<u32> {
        match self {
            Self::P224 => Some(224),
            Self::P256 | Self::Secp256k1 | Self::BrainpoolP256r1 => Some(256),
            Self::P384 | Self::BrainpoolP384r1 => Some(384),
            Self::BrainpoolP512r1 => Some(512),
            Self::P521 => Some(521),
            Self::Other(_) | Self::Explicit => None,
        }
    }

    /// The length in bytes of a coordinate.
    pub(crate) fn field_length(&self) -> Option<usize> {
        let bits = usize::try_from(self.bits()?).ok()?;
        Some(bits.div_ceil(8))
    }
}

impl fmt::Display for Curve {
    /// `P-256`, `secp256k1`, `brainpoolP256r1`, …
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::P224 => "P-224",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
            Self::BrainpoolP256r1 => "brainpoolP256r1",
            Self::BrainpoolP384r1 => "brainpoolP384r1",
            Self::BrainpoolP512r1 => "brainpoolP512r1",
            Self::Other(oid) => oid,
            Self::Explicit => "with explicit parameters",
        })
    }
}
