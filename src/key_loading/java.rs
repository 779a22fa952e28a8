//! `KeyFactory.generatePrivate` of Java 17 with a file of PKCS#8 in DER. The JDK reads no private
//! key from PEM; servers in Java use keystores, or their own libraries for it.

use super::{Candidate, KeyVerdict, unreadable};
use crate::model::{Curve, KeyAlgorithm, KeyForm};

pub(super) fn judge(candidate: &Candidate<'_>) -> KeyVerdict {
    if candidate.scheme().is_some() {
        return KeyVerdict::refused("KeyFactory does not decrypt keys");
    }
    let key = match candidate.key {
        Ok(key) => key,
        Err(problem) => return unreadable(problem),
    };
    if key.form() != KeyForm::Pkcs8 {
        return KeyVerdict::refused(format!(
            "KeyFactory reads PKCS#8, but the key is {}",
            key.form()
        ));
    }
    let algorithm = key.algorithm();
    match algorithm {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss if key.shape().primes > 2 => {
            KeyVerdict::refused("Java 17 supports only RSA keys with two primes")
        }
        KeyAlgorithm::Ec(Curve::Other(name)) if name == "SM2" => {
            KeyVerdict::refused("Java 17 does not know the curve SM2")
        }
        KeyAlgorithm::Ec(Curve::Explicit) => {
            KeyVerdict::refused("its curve parameters are spelled out instead of named")
        }
        KeyAlgorithm::Rsa
        | KeyAlgorithm::RsaPss
        | KeyAlgorithm::Dsa
        | KeyAlgorithm::Ec(_)
        | KeyAlgorithm::Ed25519
        | KeyAlgorithm::Ed448 => KeyVerdict::Taken,
        _ => KeyVerdict::refused(format!("Java 17 does not know {algorithm} keys for TLS")),
    }
}
