//! One private key and one certificate.

use crate::finding::Fingerprint;
use crate::model::{Inconsistency, Malformed, PrivateKey, PublicKey};

/// What a private key and a SubjectPublicKeyInfo are to one another.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pair {
    /// They belong together: the public key follows from the private part.
    Proven,
    /// They claim to belong together; the algorithm is not computed here.
    Claimed,
    /// They are two different keys.
    Different {
        /// SHA-256 of the private key's SubjectPublicKeyInfo, if it has one.
        key_spki: Option<Fingerprint>,
        /// SHA-256 of the other one.
        other_spki: Fingerprint,
        /// Whether even the algorithms or curves differ.
        other_algorithm: bool,
    },
    /// The private key's parts contradict one another.
    Inconsistent {
        /// What does not hold.
        inconsistency: Inconsistency,
        /// Whether it claims the other's public part, as a forged key does.
        claims_to_match: bool,
    },
    /// The algorithm is not computed here, and the key's file holds no public part.
    Undecided,
}

/// Whether a private key belongs to a certificate's, request's or public key's
/// SubjectPublicKeyInfo.
///
/// # Errors
/// When the SubjectPublicKeyInfo cannot be read.
pub fn pair(key: &PrivateKey, spki: &[u8]) -> Result<Pair, Malformed> {
    let other = PublicKey::parse(spki)?;
    let own = key.public_key_der().map(PublicKey::parse).transpose()?;
    let same = own.as_ref().is_some_and(|own| own.same_key(&other));
    // A contradiction comes before the comparison: a key whose public part was copied from the
    // certificate would otherwise be called a match.
    if let Err(inconsistency) = key.check() {
        return Ok(Pair::Inconsistent {
            inconsistency,
            claims_to_match: same,
        });
    }
    Ok(match own {
        // Without a public part in the file there is nothing to compare. Only a different
        // algorithm still tells the two apart.
        None if key.algorithm() == other.algorithm() => Pair::Undecided,
        Some(_) if same && key.is_proven() => Pair::Proven,
        Some(_) if same => Pair::Claimed,
        _ => Pair::Different {
            key_spki: key.spki_sha256(),
            other_spki: other.spki_sha256(),
            other_algorithm: key.algorithm() != other.algorithm(),
        },
    })
}
