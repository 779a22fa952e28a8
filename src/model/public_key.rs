//! A public key as certificates, requests and key files carry it.

use super::{Curve, KeyAlgorithm, Malformed, crypto, der, explicit, key_algorithm::oid};
use crate::finding::Fingerprint;
use std::borrow::Cow;

/// A view of a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
///
/// No arithmetic is done on it, so the work is linear in its size.
///
/// ```
/// use certcheck::model::{KeyAlgorithm, PublicKey};
/// let ed25519 = [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0][..], &[7; 32]].concat();
/// let key = PublicKey::parse(&ed25519)?;
/// assert_eq!(key.algorithm(), &KeyAlgorithm::Ed25519);
/// assert_eq!(key.bits(), Some(256));
/// # Ok::<(), certcheck::model::Malformed>(())
/// ```
#[derive(Clone, Debug)]
pub struct PublicKey<'a> {
    der: &'a [u8],
    algorithm: KeyAlgorithm,
    /// The whole AlgorithmIdentifier.
    identifier: &'a [u8],
    parts: Parts<'a>,
}

/// What is inside the BIT STRING, if the algorithm is known.
#[derive(Clone, Debug)]
pub(super) enum Parts<'a> {
    Rsa {
        modulus: &'a [u8],
        exponent: &'a [u8],
    },
    Dsa {
        parameters: Option<DsaParameters<'a>>,
        y: &'a [u8],
    },
    /// An encoded point of a named curve, or any content for an unknown curve.
    Point(&'a [u8]),
    /// A string of bytes; compared as a whole with the rest.
    Raw,
}

/// Dss-Parms (RFC 3279 section 2.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DsaParameters<'a> {
    pub(super) p: &'a [u8],
    pub(super) q: &'a [u8],
    pub(super) g: &'a [u8],
}

impl<'a> DsaParameters<'a> {
    pub(super) fn read(whole: &'a [u8]) -> Result<Option<Self>, Malformed> {
        let mut outer = der::Reader::new(whole, "Dss-Parms");
        // Parameters that are left out are inherited from the issuer (RFC 3279 section 2.3.2):
        // the key is well-formed without them, too.
        if outer.is_empty() || outer.optional(der::NULL)?.is_some() {
            return Ok(None);
        }
        let mut reader = outer.sequence("the parameters")?;
        let (p, q, g) = (
            reader.unsigned("p")?,
            reader.unsigned("q")?,
            reader.unsigned("g")?,
        );
        reader.end()?;
        Ok(Some(Self { p, q, g }))
    }
}

impl<'a> PublicKey<'a> {
    /// Reads a SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// When it is not DER, when bytes follow it, or when the key inside is not
    /// what its algorithm requires. A key of an unknown algorithm is not an error.
    pub fn parse(spki: &'a [u8]) -> Result<Self, Malformed> {
        const NAME: &str = "SubjectPublicKeyInfo";
        let mut outer = der::Reader::new(spki, NAME);
        let mut fields = outer.sequence("the outer SEQUENCE")?;
        outer.end()?;
        let identifier = fields.expect(der::SEQUENCE, "the AlgorithmIdentifier")?;
        let bits = fields.expect(der::BIT_STRING, "the key")?;
        fields.end()?;
        let (algorithm, parameters) = read_identifier(identifier.content, NAME)?;
        // All known kinds of keys are bytes; unused bits are damage, or a second encoding of the
        // same key.
        let key = der::whole_bytes(bits.content)
            .ok_or_else(|| fields.error("the key is not a string of whole bytes"))?;
        let parts = Parts::read(&algorithm, parameters, key)?;
        Ok(Self {
            der: spki,
            algorithm,
            identifier: identifier.whole,
            parts,
        })
    }

    /// The SubjectPublicKeyInfo of an RSAPublicKey (RFC 8017 appendix A.1.1), as
    /// `RSA PUBLIC KEY` sections hold it.
    ///
    /// # Errors
    /// When it is not such a structure.
    pub fn spki_of_pkcs1(rsa_public_key: &[u8]) -> Result<Vec<u8>, Malformed> {
        match Parts::read(&KeyAlgorithm::Rsa, None, rsa_public_key)? {
            Parts::Rsa { modulus, exponent } => Ok(rsa_spki(RSA_IDENTIFIER, modulus, exponent)),
            _ => Err(Malformed::new("RSAPublicKey", "another kind of key")),
        }
    }

    /// The SubjectPublicKeyInfo as it was given.
    pub const fn der(&self) -> &'a [u8] {
        self.der
    }

    /// The algorithm.
    pub const fn algorithm(&self) -> &KeyAlgorithm {
        &self.algorithm
    }

    /// The size as people state it: bits of an RSA modulus, of DSA's p, of a
    /// curve's field. `None` if the algorithm has no such size or is unknown.
    pub fn bits(&self) -> Option<u32> {
        match &self.parts {
            Parts::Rsa { modulus, .. } => Some(der::bit_length(modulus)),
            Parts::Dsa { parameters, .. } => parameters.as_ref().map(|dsa| der::bit_length(dsa.p)),
            Parts::Point(_) | Parts::Raw => self.algorithm.fixed_bits(),
        }
    }

    /// EC: whether its curve is named or written out, and not left out.
    pub(crate) fn has_curve(&self) -> bool {
        let mut outer = der::Reader::new(self.identifier, "AlgorithmIdentifier");
        let fields = outer.sequence("the identifier");
        fields.is_ok_and(|mut fields| {
            let named = fields.oid("the algorithm").is_ok();
            named && matches!(fields.peek(), Some(der::OID | der::SEQUENCE))
        })
    }

    /// EC: whether the point is on the curve; `None` if that is not computed here, or for other
    /// keys.
    pub(crate) fn is_on_curve(&self) -> Option<bool> {
        let KeyAlgorithm::Ec(curve) = &self.algorithm else {
            return None;
        };
        match self.parts {
            Parts::Point(point) => crypto::is_on_curve(curve, point),
            _ => None,
        }
    }

    /// SHA-256 over the SubjectPublicKeyInfo as it was given (RFC 7469 section 2.4).
    pub fn spki_sha256(&self) -> Fingerprint {
        crypto::sha256(self.der)
    }

    /// Bits of an RSA key's public exponent; 0 for other keys.
    pub(crate) fn rsa_exponent_bits(&self) -> u32 {
        match &self.parts {
            Parts::Rsa { exponent, .. } => der::bit_length(exponent),
            _ => 0,
        }
    }

    /// The modulus of an RSA key, big-endian without leading zeros.
    pub const fn rsa_modulus(&self) -> Option<&'a [u8]> {
        match &self.parts {
            Parts::Rsa { modulus, .. } => Some(modulus),
            _ => None,
        }
    }

    /// The public exponent of an RSA key, big-endian without leading zeros.
    pub const fn rsa_exponent(&self) -> Option<&'a [u8]> {
        match &self.parts {
            Parts::Rsa { exponent, .. } => Some(exponent),
            _ => None,
        }
    }

    /// The public y of a DSA key.
    pub(crate) const fn dsa_y(&self) -> Option<&'a [u8]> {
        match &self.parts {
            Parts::Dsa { y, .. } => Some(y),
            _ => None,
        }
    }

    /// The bits of a DSA key's q.
    pub fn dsa_subgroup_bits(&self) -> Option<u32> {
        match &self.parts {
            Parts::Dsa { parameters, .. } => parameters.as_ref().map(|dsa| der::bit_length(dsa.q)),
            _ => None,
        }
    }

    /// The same key in the one form that its algorithm prescribes: RSA with NULL
    /// parameters (RFC 3279 section 2.3.1), a curve point uncompressed. A key that has no other
    /// form, or cannot be converted, stays as it is.
    pub fn canonical_der(&self) -> Cow<'a, [u8]> {
        let canonical = match (&self.parts, &self.algorithm) {
            (Parts::Rsa { modulus, exponent }, KeyAlgorithm::Rsa) => {
                rsa_spki(RSA_IDENTIFIER, modulus, exponent)
            }
            (Parts::Point(point), KeyAlgorithm::Ec(Curve::Explicit)) => match self.named(point) {
                Some(named) => named,
                None => return Cow::Borrowed(self.der),
            },
            (Parts::Point(point), KeyAlgorithm::Ec(curve)) => match uncompressed(curve, point) {
                Some(point) => der::spki(self.identifier, &point),
                None => return Cow::Borrowed(self.der),
            },
            _ => return Cow::Borrowed(self.der),
        };
        if canonical == self.der {
            Cow::Borrowed(self.der)
        } else {
            Cow::Owned(canonical)
        }
    }

    /// The same key with its curve named, if that is written out and has a name.
    fn named(&self, point: &[u8]) -> Option<Vec<u8>> {
        let mut outer = der::Reader::new(self.identifier, "AlgorithmIdentifier");
        let mut fields = outer.sequence("the identifier").ok()?;
        fields.oid("the algorithm").ok()?;
        let parameters = fields.any().ok()?.whole;
        let (curve, name) = explicit::named(parameters)?;
        Some(ec_spki(&name, &uncompressed(&curve, point)?))
    }

    /// SHA-256 over [`canonical_der`](Self::canonical_der): equal for equal keys.
    pub fn canonical_sha256(&self) -> Fingerprint {
        crypto::sha256(&self.canonical_der())
    }

    /// Whether both are the same key, however it is written.
    ///
    /// RSA keys are compared by modulus and exponent, curve points by both
    /// coordinates, DSA keys by y and the parameters; parameters that are
    /// inherited from the issuer (RFC 3279 section 2.3.2) are not compared. An
    /// RSA key is not the same as an RSA-PSS key of the same modulus: OpenSSL
    /// 3.0.19 says about such a pair `Private key does not match the certificate
    /// public key`.
    pub fn same_key(&self, other: &PublicKey<'_>) -> bool {
        let explicit = KeyAlgorithm::Ec(Curve::Explicit);
        if self.algorithm == explicit || other.algorithm == explicit {
            return self.canonical_der() == other.canonical_der();
        }
        // Two curves of one size may have a point in common, but the keys still differ.
        if self.algorithm != other.algorithm {
            return false;
        }
        match (&self.parts, &other.parts) {
            (
                Parts::Rsa { modulus, exponent },
                Parts::Rsa {
                    modulus: other_modulus,
                    exponent: other_exponent,
                },
            ) => modulus == other_modulus && exponent == other_exponent,
            (
                Parts::Dsa { parameters, y },
                Parts::Dsa {
                    parameters: other_parameters,
                    y: other_y,
                },
            ) => {
                // Then y alone decides: the other half inherits its parameters from its issuer.
                let inherited = parameters.is_none() || other_parameters.is_none();
                y == other_y && (inherited || parameters == other_parameters)
            }
            _ => self.canonical_der() == other.canonical_der(),
        }
    }
}

impl<'a> Parts<'a> {
    fn read(
        algorithm: &KeyAlgorithm,
        parameters: Option<&'a [u8]>,
        key: &'a [u8],
    ) -> Result<Self, Malformed> {
        match algorithm {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => {
                let mut outer = der::Reader::new(key, "RSAPublicKey");
                let mut fields = outer.sequence("the outer SEQUENCE")?;
                outer.end()?;
                let modulus = fields.unsigned("the modulus")?;
                let exponent = fields.unsigned("the exponent")?;
                fields.end()?;
                Ok(Self::Rsa { modulus, exponent })
            }
            KeyAlgorithm::Dsa => {
                let parameters = DsaParameters::read(parameters.unwrap_or_default())?;
                let mut reader = der::Reader::new(key, "DSAPublicKey");
                let y = reader.unsigned("y")?;
                reader.end()?;
                Ok(Self::Dsa { parameters, y })
            }
            KeyAlgorithm::Ec(curve) => {
                check_point(curve, key)?;
                Ok(Self::Point(key))
            }
            other => match other.public_length() {
                Some(length) if length != key.len() => {
                    Err(Malformed::new("SubjectPublicKeyInfo", {
                        let name = other.to_string();
                        let article = crate::shown::article(&name);
                        format!("{article} {name} key of {} bytes, not {length}", key.len())
                    }))
                }
                _ => Ok(Self::Raw),
            },
        }
    }
}

/// Algorithm and whole parameters from an AlgorithmIdentifier's content.
pub(super) fn read_identifier<'a>(
    content: &'a [u8],
    expected: &'static str,
) -> Result<(KeyAlgorithm, Option<&'a [u8]>), Malformed> {
    let mut reader = der::Reader::new(content, expected);
    let identifier = reader.oid("the algorithm")?;
    let parameters = if reader.is_empty() {
        None
    } else {
        Some(reader.any()?.whole)
    };
    reader.end()?;
    let algorithm = KeyAlgorithm::from_identifier(identifier, parameters);
    Ok((algorithm, parameters))
}

/// The AlgorithmIdentifier of `rsaEncryption` with NULL parameters.
pub(super) const RSA_IDENTIFIER: &[u8] = &[
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];

/// A SubjectPublicKeyInfo from an RSA key's parts and whole AlgorithmIdentifier.
pub(super) fn rsa_spki(identifier: &[u8], modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let key = der::element(
        der::SEQUENCE,
        &[&der::integer(modulus), &der::integer(exponent)],
    );
    der::spki(identifier, &key)
}

/// A SubjectPublicKeyInfo from a point and whole ECParameters.
pub(super) fn ec_spki(parameters: &[u8], point: &[u8]) -> Vec<u8> {
    der::spki(&der::algorithm(oid::EC, parameters), point)
}

/// Form and length of an encoded point (SEC 1 section 2.3.3).
pub(super) fn check_point(curve: &Curve, point: &[u8]) -> Result<(), Malformed> {
    let wrong = |reason: &str| Err(Malformed::new("ECPoint", reason));
    let Some(field) = curve.field_length() else {
        return Ok(());
    };
    match point {
        [2 | 3, x @ ..] if x.len() == field => Ok(()),
        // 6 and 7 are the hybrid form, which OpenSSL reads and RFC 5480 forbids.
        [4 | 6 | 7, xy @ ..] if xy.len() == field * 2 => Ok(()),
        [2..=4 | 6 | 7, ..] => wrong("its length is not that of a point of this curve"),
        _ => wrong("neither a compressed nor an uncompressed point"),
    }
}

/// The point with both coordinates; `None` if that cannot be computed.
pub(super) fn uncompressed(curve: &Curve, point: &[u8]) -> Option<Vec<u8>> {
    match point {
        [4, ..] => Some(point.to_vec()),
        [6 | 7, xy @ ..] => Some([&[4], xy].concat()),
        _ => crypto::decompress(curve, point),
    }
}
