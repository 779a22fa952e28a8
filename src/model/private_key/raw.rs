//! Private keys that are strings of bytes: RFC 8410 curves, ML-DSA (RFC 9881),
//! ML-KEM (RFC 9935) and SLH-DSA (RFC 9909).

use super::{KeyProblem, Parts, Proof, Relation};
use crate::model::crypto::{self, Derived};
use crate::model::der::{self, Reader};
use crate::model::{KeyAlgorithm, Malformed};
use sha3::{Digest, Sha3_256};

/// Reads the privateKey of a PKCS#8 structure; `stored` is its publicKey.
pub(super) fn read(
    body: &[u8],
    algorithm: KeyAlgorithm,
    identifier: &[u8],
    stored: Option<&[u8]>,
) -> Result<Parts, KeyProblem> {
    let (public, proof) = match &algorithm {
        KeyAlgorithm::MlDsa44 | KeyAlgorithm::MlDsa65 | KeyAlgorithm::MlDsa87 => {
            read_ml_dsa(body, &algorithm, stored)?
        }
        KeyAlgorithm::Ed25519 | KeyAlgorithm::Ed448 | KeyAlgorithm::X25519 | KeyAlgorithm::X448 => {
            let mut reader = Reader::new(body, "CurvePrivateKey");
            let secret = reader.octets("the secret")?;
            reader.end()?;
            let length = algorithm.public_length().unwrap_or_default();
            if secret.len() != length {
                return Err(Malformed::new(
                    "CurvePrivateKey",
                    format!("{} bytes, not {length}", secret.len()),
                )
                .into());
            }
            compare(crypto::derive_raw(&algorithm, secret), stored)
        }
        KeyAlgorithm::MlKem512 | KeyAlgorithm::MlKem768 | KeyAlgorithm::MlKem1024 => {
            read_ml_kem(body, &algorithm, stored)?
        }
        KeyAlgorithm::SlhDsa(_) => read_slh_dsa(body, &algorithm, stored)?,
        _ => (stored.map(<[u8]>::to_vec), Proof::NotComputable),
    };
    Ok(Parts {
        bits: algorithm.fixed_bits(),
        algorithm,
        public: public.map(|key| der::spki(identifier, &key)),
        proof,
    })
}

fn compare(derived: Derived, stored: Option<&[u8]>) -> (Option<Vec<u8>>, Proof) {
    match derived {
        Derived::Public(public) => match stored {
            // RFC 5958 section 2: the publicKey next to the private one is free text to a program
            // that does not compare it.
            Some(stored) if stored != public => (
                Some(stored.to_vec()),
                Proof::Inconsistent(Relation::PublicPart),
            ),
            _ => (Some(public), Proof::Derived),
        },
        Derived::OutOfRange => (
            stored.map(<[u8]>::to_vec),
            Proof::Inconsistent(Relation::SecretRange),
        ),
        Derived::NotComputable => (stored.map(<[u8]>::to_vec), Proof::NotComputable),
    }
}

/// A public key that is inside the private one, and is not computed.
fn contained(inside: &[u8], stored: Option<&[u8]>) -> (Option<Vec<u8>>, Proof) {
    let proof = match stored {
        Some(stored) if stored != inside => Proof::Inconsistent(Relation::PublicPart),
        _ => Proof::NotComputable,
    };
    (Some(stored.unwrap_or(inside).to_vec()), proof)
}

/// SK.seed, SK.prf, PK.seed, PK.root (FIPS 205 section 9.1): the latter two are
/// the public key.
fn read_slh_dsa(
    body: &[u8],
    algorithm: &KeyAlgorithm,
    stored: Option<&[u8]>,
) -> Result<(Option<Vec<u8>>, Proof), Malformed> {
    let half = algorithm.slh_dsa_length().unwrap_or_default() * 2;
    match body.split_at_checked(half) {
        Some((_, public)) if public.len() == half => Ok(contained(public, stored)),
        _ => Err(Malformed::new(
            "SLH-DSA-PrivateKey",
            format!("{} bytes, not {}", body.len(), half * 2),
        )),
    }
}

/// From an expanded key (FIPS 203 section 7.1): dk, ek, H(ek), z. certcheck cannot expand the seed.
fn read_ml_kem(
    body: &[u8],
    algorithm: &KeyAlgorithm,
    stored: Option<&[u8]>,
) -> Result<(Option<Vec<u8>>, Proof), Malformed> {
    const NAME: &str = "ML-KEM-PrivateKey";
    let Some(expanded) = seed_and_expanded(body, NAME, 64)?.1 else {
        return Ok((stored.map(<[u8]>::to_vec), Proof::NotComputable));
    };
    let secret = algorithm.ml_kem_rank().unwrap_or_default() * 384;
    let parts = expanded.split_at_checked(secret).and_then(|(_, rest)| {
        // FIPS 203, table 3: ek is 384 k + 32 bytes, which is dk_PKE and a seed of 32.
        let (public, rest) = rest.split_at_checked(secret + 32)?;
        let (digest, z) = rest.split_at_checked(32)?;
        (z.len() == 32).then_some((public, digest))
    });
    let Some((public, digest)) = parts else {
        let length = expanded.len();
        return Err(Malformed::new(
            NAME,
            format!("an expanded key of {length} bytes"),
        ));
    };
    // The expanded key carries H(ek) next to ek: the hash check of FIPS 203 section 7.3.
    if Sha3_256::digest(public).as_slice() != digest {
        return Ok((
            Some(public.to_vec()),
            Proof::Inconsistent(Relation::PublicPart),
        ));
    }
    Ok(contained(public, stored))
}

type SeedAndExpanded<'a> = (Option<&'a [u8]>, Option<&'a [u8]>);

/// CHOICE { seed [0], expandedKey OCTET STRING, both SEQUENCE } (RFC 9881 section
/// 6, RFC 9935 section 6).
fn seed_and_expanded<'a>(
    body: &'a [u8],
    name: &'static str,
    length: usize,
) -> Result<SeedAndExpanded<'a>, Malformed> {
    let mut reader = Reader::new(body, name);
    let element = reader.any()?;
    reader.end()?;
    let (seed, expanded) = match element.tag {
        der::OCTET_STRING => (None, Some(element.content)),
        der::SEQUENCE => {
            let mut both = Reader::new(element.content, name);
            let seed = both.octets("the seed")?;
            let expanded = both.octets("the expanded key")?;
            both.end()?;
            (Some(seed), Some(expanded))
        }
        tag if tag == der::context_primitive(0) => (Some(element.content), None),
        tag => return Err(reader.error(format!("an element of tag {tag:#04x}"))),
    };
    if seed.is_some_and(|seed| seed.len() != length) {
        return Err(reader.error(format!("a seed that does not have {length} bytes")));
    }
    Ok((seed, expanded))
}

fn read_ml_dsa(
    body: &[u8],
    algorithm: &KeyAlgorithm,
    stored: Option<&[u8]>,
) -> Result<(Option<Vec<u8>>, Proof), Malformed> {
    let (seed, expanded) = seed_and_expanded(body, "ML-DSA-PrivateKey", 32)?;
    let derive = |secret| crypto::derive_raw(algorithm, secret);
    match (seed.map(derive), expanded.map(derive)) {
        (Some(Derived::Public(from_seed)), Some(Derived::Public(from_expanded)))
            // RFC 9881 section 8 requires exactly this comparison: programs differ in which of the
            // two they use.
            if from_seed != from_expanded =>
        {
            Ok((Some(from_seed), Proof::Inconsistent(Relation::Seed)))
        }
        (Some(_), Some(Derived::OutOfRange)) => Ok((
            stored.map(<[u8]>::to_vec),
            Proof::Inconsistent(Relation::Seed),
        )),
        (Some(derived), _) | (None, Some(derived)) => Ok(compare(derived, stored)),
        (None, None) => Ok((stored.map(<[u8]>::to_vec), Proof::NotComputable)),
    }
}
