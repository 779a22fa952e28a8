//! Algorithm identifiers, and the signature algorithms that they name.

use super::der::plain::{BIT_STRING, Der, INTEGER, NULL, OBJECT_IDENTIFIER, Reader, SEQUENCE};
use super::der::plain::{context_constructed, only, small_unsigned, whole_bits};
use super::oid::Oid;
use std::fmt;

/// An AlgorithmIdentifier (RFC 5280 4.1.1.2).
#[derive(Clone, Copy, Debug)]
pub struct AlgorithmIdentifier<'a> {
    der: &'a [u8],
    oid: Oid<'a>,
    parameters: Option<&'a [u8]>,
}

impl<'a> AlgorithmIdentifier<'a> {
    pub(crate) fn from_der(der: &'a [u8]) -> Der<Self> {
        let mut reader = Reader::new(der);
        let read = Self::read(&mut reader)?;
        reader.end()?;
        Ok(read)
    }

    pub(crate) fn read(reader: &mut Reader<'a>) -> Der<Self> {
        let element = reader.expect_element(SEQUENCE)?;
        let mut inner = Reader::new(element.content);
        let oid = Oid::read(inner.expect(OBJECT_IDENTIFIER)?)?;
        // Absent and NULL are kept apart: each algorithm prescribes one of the two (RFC 4055,
        // RFC 5758, RFC 8410).
        let parameters = if inner.is_empty() {
            None
        } else {
            Some(inner.next()?.whole)
        };
        inner.end()?;
        Ok(Self {
            der: element.whole,
            oid,
            parameters,
        })
    }

    /// Its DER form.
    pub const fn der(&self) -> &'a [u8] {
        self.der
    }

    /// Which algorithm.
    pub const fn oid(&self) -> Oid<'a> {
        self.oid
    }

    /// The DER form of its parameters, if it has any.
    pub const fn parameters(&self) -> Option<&'a [u8]> {
        self.parameters
    }

    /// The signature algorithm that it names.
    pub fn signature(&self) -> SignatureAlgorithm {
        signature_algorithm(self)
    }
}

/// A hash function of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Hash {
    /// MD5, broken since 2004.
    Md5,
    /// SHA-1, broken since 2017.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// `SHA-256` and the like.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The digest's length in bytes, to compare with that of a salt.
    pub(crate) fn bytes(self) -> u32 {
        u32::try_from(self.length()).unwrap_or(u32::MAX)
    }

    /// The digest's length in bytes.
    pub const fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Whether collisions can be produced for it (RFC 9155, RFC 6151).
    pub const fn is_broken(self) -> bool {
        matches!(self, Self::Md5 | Self::Sha1)
    }

    fn from_oid(oid: Oid<'_>) -> Option<Self> {
        Some(match oid.as_bytes() {
            b"\x2a\x86\x48\x86\xf7\x0d\x02\x05" => Self::Md5,
            b"\x2b\x0e\x03\x02\x1a" => Self::Sha1,
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last] => match last {
                1 => Self::Sha256,
                2 => Self::Sha384,
                3 => Self::Sha512,
                4 => Self::Sha224,
                _ => return None,
            },
            _ => return None,
        })
    }
}

/// How a signature was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 (RFC 4055).
    RsaPkcs1(Hash),
    /// RSASSA-PSS (RFC 4055).
    RsaPss {
        /// The hash of the message.
        hash: Hash,
        /// The hash of the mask generation function.
        mask_hash: Hash,
        /// The salt's length in bytes.
        salt: u32,
    },
    /// ECDSA (RFC 5758).
    Ecdsa(Hash),
    /// DSA (RFC 3279, RFC 5758).
    Dsa(Hash),
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// An algorithm that is not verified here, or parameters that it cannot have.
    Unsupported,
}

impl SignatureAlgorithm {
    /// The hash function, if the algorithm has a fixed one.
    pub const fn hash(self) -> Option<Hash> {
        match self {
            Self::RsaPkcs1(hash)
            | Self::RsaPss { hash, .. }
            | Self::Ecdsa(hash)
            | Self::Dsa(hash) => Some(hash),
            Self::Ed25519 | Self::Unsupported => None,
        }
    }
}

impl fmt::Display for SignatureAlgorithm {
    /// The name that the RFCs give the object identifier: `sha256WithRSAEncryption`
    /// (RFC 8017), `ecdsa-with-SHA256` (RFC 5758), `id-Ed25519` as `Ed25519` (RFC 8410).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = |hash: &Hash| hash.name().replace('-', "");
        match self {
            Self::RsaPkcs1(hash) => {
                write!(f, "{}WithRSAEncryption", digits(hash).to_ascii_lowercase())
            }
            Self::RsaPss { hash, .. } => {
                write!(
                    f,
                    "id-RSASSA-PSS with {}",
                    digits(hash).to_ascii_lowercase()
                )
            }
            Self::Ecdsa(hash) => write!(f, "ecdsa-with-{}", digits(hash)),
            Self::Dsa(hash) => write!(f, "id-dsa-with-{}", digits(hash).to_ascii_lowercase()),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Unsupported => f.write_str("an unsupported algorithm"),
        }
    }
}

impl fmt::Display for AlgorithmIdentifier<'_> {
    /// The signature algorithm's name, or the object identifier of an unknown one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.signature() {
            SignatureAlgorithm::Unsupported => fmt::Display::fmt(&self.oid, f),
            known => fmt::Display::fmt(&known, f),
        }
    }
}

const NULL_DER: &[u8] = &[NULL, 0];

fn signature_algorithm(identifier: &AlgorithmIdentifier<'_>) -> SignatureAlgorithm {
    use SignatureAlgorithm as A;
    // RFC 4055 5: NULL and absent parameters must both be accepted for RSA.
    let null = matches!(identifier.parameters, None | Some(NULL_DER));
    let absent = identifier.parameters.is_none();
    match identifier.oid.as_bytes() {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, last] => match last {
            4 if null => A::RsaPkcs1(Hash::Md5),
            5 if null => A::RsaPkcs1(Hash::Sha1),
            11 if null => A::RsaPkcs1(Hash::Sha256),
            12 if null => A::RsaPkcs1(Hash::Sha384),
            13 if null => A::RsaPkcs1(Hash::Sha512),
            14 if null => A::RsaPkcs1(Hash::Sha224),
            // 10 is id-RSASSA-PSS, whose parameters name the hash: without them there is no
            // signature algorithm to name.
            10 => identifier
                .parameters
                .and_then(|parameters| pss(parameters).ok())
                .unwrap_or(A::Unsupported),
            _ => A::Unsupported,
        },
        // sha1WithRSASignature of OIW, still in roots of the nineties.
        b"\x2b\x0e\x03\x02\x1d" if null => A::RsaPkcs1(Hash::Sha1),
        // RFC 5758 3.2 requires the parameters of ECDSA to be absent, and NULL is not absent.
        b"\x2a\x86\x48\xce\x3d\x04\x01" if absent => A::Ecdsa(Hash::Sha1),
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, last] if absent => match last {
            1 => A::Ecdsa(Hash::Sha224),
            2 => A::Ecdsa(Hash::Sha256),
            3 => A::Ecdsa(Hash::Sha384),
            4 => A::Ecdsa(Hash::Sha512),
            _ => A::Unsupported,
        },
        // RFC 3279 2.2.2 requires none, but NULL occurs.
        b"\x2a\x86\x48\xce\x38\x04\x03" if null => A::Dsa(Hash::Sha1),
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, last] if null => match last {
            1 => A::Dsa(Hash::Sha224),
            2 => A::Dsa(Hash::Sha256),
            3 => A::Dsa(Hash::Sha384),
            4 => A::Dsa(Hash::Sha512),
            _ => A::Unsupported,
        },
        // RFC 8410 section 3: no parameters.
        b"\x2b\x65\x70" if absent => A::Ed25519,
        _ => A::Unsupported,
    }
}

/// RSASSA-PSS-params (RFC 4055 3.1).
fn pss(parameters: &[u8]) -> Der<SignatureAlgorithm> {
    let mut reader = Reader::new(only(parameters, SEQUENCE)?);
    let unknown = "the parameters name an unknown hash";
    let hash = match reader.optional(context_constructed(0))? {
        Some(explicit) => hash_algorithm(explicit)?.ok_or(unknown)?,
        // The defaults of RFC 4055 3.1 are those of 1998: SHA-1, MGF1 with SHA-1, and 20 bytes of
        // salt.
        None => Hash::Sha1,
    };
    let mask_hash = match reader.optional(context_constructed(1))? {
        Some(explicit) => {
            let mut outer = Reader::new(explicit);
            let mask = AlgorithmIdentifier::read(&mut outer)?;
            outer.end()?;
            // RFC 8017 B.2.1 defines only MGF1; SHAKE as a mask has its own algorithms (RFC 8692).
            if mask.oid.as_bytes() != b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08" {
                return Err("the mask generation function is not MGF1");
            }
            hash_algorithm(mask.parameters.unwrap_or_default())?.ok_or(unknown)?
        }
        None => Hash::Sha1,
    };
    let salt = match reader.optional(context_constructed(2))? {
        Some(explicit) => small_unsigned(only(explicit, INTEGER)?)?,
        None => 20,
    };
    if let Some(explicit) = reader.optional(context_constructed(3))?
        // RFC 4055 3.1: trailerFieldBC, the only value. Another value would mean another signature
        // scheme (RFC 8017 A.2.3).
        && small_unsigned(only(explicit, INTEGER)?)? != 1
    {
        return Err("the trailer field is not 1");
    }
    reader.end()?;
    Ok(SignatureAlgorithm::RsaPss {
        hash,
        mask_hash,
        salt,
    })
}

fn hash_algorithm(der: &[u8]) -> Der<Option<Hash>> {
    let mut reader = Reader::new(der);
    let identifier = AlgorithmIdentifier::read(&mut reader)?;
    reader.end()?;
    match identifier.parameters {
        None | Some(NULL_DER) => Ok(Hash::from_oid(identifier.oid)),
        Some(_) => Err("a hash has parameters"),
    }
}

/// The hash of the signature that a whole AlgorithmIdentifier names.
pub(crate) fn signature_hash(identifier: &[u8]) -> Option<Hash> {
    let mut reader = Reader::new(identifier);
    let identifier = AlgorithmIdentifier::read(&mut reader).ok()?;
    identifier.signature().hash()
}

/// A SubjectPublicKeyInfo, not parsed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyInfo<'a> {
    pub(crate) der: &'a [u8],
    pub(crate) algorithm: AlgorithmIdentifier<'a>,
    pub(crate) key: &'a [u8],
}

impl<'a> KeyInfo<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Der<Self> {
        let element = reader.expect_element(SEQUENCE)?;
        let mut inner = Reader::new(element.content);
        let algorithm = AlgorithmIdentifier::read(&mut inner)?;
        let key = whole_bits(inner.expect(BIT_STRING)?)?;
        inner.end()?;
        Ok(Self {
            der: element.whole,
            algorithm,
            key,
        })
    }

    pub(crate) fn from_der(der: &'a [u8]) -> Der<Self> {
        let mut reader = Reader::new(der);
        let info = Self::read(&mut reader)?;
        reader.end()?;
        Ok(info)
    }
}
