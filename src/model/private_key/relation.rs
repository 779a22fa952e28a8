//! What must hold between the parts of a private key.

use crate::model::KeyAlgorithm;
use std::fmt;

/// A relation between the parts of a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Relation {
    /// RSA: the modulus is odd (RFC 8017 section 3.1).
    RsaModulusOdd,
    /// RSA: the public exponent is odd, at least 3 and less than the modulus.
    RsaExponentRange,
    /// RSA: the private exponent is at least 1.
    RsaPrivateExponentRange,
    /// RSA: every prime is odd and greater than 1.
    RsaPrimeRange,
    /// RSA: n = p · q.
    RsaProduct,
    /// RSA: e · d ≡ 1 (mod p − 1) and (mod q − 1).
    RsaExponents,
    /// RSA: dP = d mod (p − 1), dQ = d mod (q − 1).
    RsaCrtExponent,
    /// RSA: q · qInv ≡ 1 (mod p).
    RsaCrtCoefficient,
    /// DSA: p has at most 4096 bits and q has 160, 224 or 256 (FIPS 186-4 section 4.2).
    DsaSize,
    /// DSA: q divides p − 1.
    DsaSubgroupOrder,
    /// DSA: 1 < g < p and g^q ≡ 1 (mod p).
    DsaGenerator,
    /// DSA: 0 < x < q.
    DsaSecretRange,
    /// The public part in the file is the one that follows from the private part.
    PublicPart,
    /// EC: the public point is one of the curve.
    OnCurve,
    /// The secret scalar or seed is one that the algorithm can have.
    SecretRange,
    /// The curve is the same wherever the file names it.
    Curve,
    /// ML-DSA: seed and expanded key are the same key (RFC 9881 section 6).
    Seed,
}

impl fmt::Display for Relation {
    /// What is wrong when the relation does not hold.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RsaModulusOdd => "the modulus n is even",
            Self::RsaExponentRange => {
                "the public exponent e is even, less than 3, or not less than n"
            }
            Self::RsaPrivateExponentRange => "the private exponent d is zero",
            Self::RsaPrimeRange => "a prime is missing, even, or 1",
            Self::RsaProduct => "the modulus n is not the product p·q of the primes",
            Self::RsaExponents => "e·d is not 1 modulo p−1 and q−1",
            Self::RsaCrtExponent => "dP is not d mod p−1, or dQ is not d mod q−1",
            Self::RsaCrtCoefficient => "q·qInv is not 1 modulo p",
            Self::DsaSize => "p is longer than 4096 bits, or q does not have 160, 224 or 256 bits",
            Self::DsaSubgroupOrder => "q does not divide p−1",
            Self::DsaGenerator => "g does not generate the subgroup of order q",
            Self::DsaSecretRange => "the secret x is zero or not less than q",
            Self::PublicPart => "the public part does not follow from the private part",
            Self::OnCurve => "the public point is not on the curve",
            Self::SecretRange => "the secret is not valid for this algorithm",
            Self::Curve => "the file names two different curves",
            Self::Seed => "the seed and the expanded key belong to different keys",
        })
    }
}

/// A private key whose parts contradict one another: it is damaged or forged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inconsistency {
    /// The key's algorithm.
    pub algorithm: KeyAlgorithm,
    /// The first relation that does not hold.
    pub relation: Relation,
}

impl fmt::Display for Inconsistency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the {} key is inconsistent: {}",
            self.algorithm, self.relation
        )
    }
}

impl std::error::Error for Inconsistency {}
