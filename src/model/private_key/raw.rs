//! Private keys that are strings of bytes: RFC 8410 curves and ML-DSA (RFC 9881).

use super::{KeyProblem, Parts, Proof, Relation};
use crate::model::crypto::{self, Derived};
use crate::model::der::{self, Reader};
use crate::model::{KeyAlgorithm, Malformed};

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

/// CHOICE { seed [0], expandedKey OCTET STRING, both SEQUENCE } (RFC 9881 section 6).
fn read_ml_dsa(
    body: &[u8],
    algorithm: &KeyAlgorithm,
    stored: Option<&[u8]>,
) -> Result<(Option<Vec<u8>>, Proof), Malformed> {
    const NAME: &str = "ML-DSA-PrivateKey";
    let mut reader = Reader::new(body, NAME);
    let element = reader.any()?;
    reader.end()?;
    let (seed, expanded) = match element.tag {
        der::OCTET_STRING => (None, Some(element.content)),
        der::SEQUENCE => {
            let mut both = Reader::new(element.content, NAME);
            let seed = both.octets("the seed")?;
            let expanded = both.octets("the expanded key")?;
            both.end()?;
            (Some(seed), Some(expanded))
        }
        tag if tag == der::context_primitive(0) => (Some(element.content), None),
        tag => return Err(reader.error(format!("an element of tag {tag:#04x}"))),
    };
    if seed.is_some_and(|seed| seed.len() != 32) {
        return Err(reader.error("a seed that has not 32 bytes"));
    }
    let derive = |secret| crypto::derive_raw(algorithm, secret);
    match (seed.map(derive), expanded.map(derive)) {
        (Some(Derived::Public(from_seed)), Some(Derived::Public(from_expanded)))
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
