//! `tls.LoadX509KeyPair` of Go 1.27.3.

use super::{Candidate, KeyVerdict, unreadable};
use crate::model::{Curve, KeyAlgorithm, KeyForm};

/// It tries PKCS#1, PKCS#8 and SEC 1 in turn, whatever the label says.
pub(super) fn judge(candidate: &Candidate<'_>) -> KeyVerdict {
    if candidate.scheme().is_some() {
        return KeyVerdict::refused(
            "Go does not decrypt keys (`asn1: structure error: tags don't match`)",
        );
    }
    let key = match candidate.key {
        Ok(key) => key,
        Err(problem) => return unreadable(problem),
    };
    if key.form() == KeyForm::TraditionalDsa {
        return KeyVerdict::refused("Go does not know DSA keys");
    }
    let algorithm = key.algorithm();
    match algorithm {
        KeyAlgorithm::Rsa if key.shape().primes == 0 => {
            return KeyVerdict::refused("its primes are missing");
        }
        KeyAlgorithm::Rsa if key.shape().exponent_bits > 31 => {
            return KeyVerdict::refused("its public exponent is longer than 31 bits");
        }
        KeyAlgorithm::Rsa if key.has_large_exponent() => {
            return KeyVerdict::refused("its private exponent is not less than its modulus");
        }
        // Bytes after PKCS#1 are an error; after the others they are not.
        KeyAlgorithm::Rsa if key.form() == KeyForm::Pkcs1 && candidate.has_bytes_behind() => {
            return KeyVerdict::refused("extra bytes follow the key");
        }
        KeyAlgorithm::Rsa
        | KeyAlgorithm::Ec(Curve::P224 | Curve::P256 | Curve::P384 | Curve::P521)
        | KeyAlgorithm::Ed25519
        | KeyAlgorithm::MlDsa44
        | KeyAlgorithm::MlDsa65
        | KeyAlgorithm::MlDsa87 => {}
        _ => {
            return KeyVerdict::refused(format!("Go does not know {algorithm} keys for TLS"));
        }
    }
    match key.check() {
        Ok(()) => KeyVerdict::Taken,
        Err(inconsistency) => KeyVerdict::refused(format!(
            "its parts do not agree: {}",
            inconsistency.relation
        )),
    }
}
