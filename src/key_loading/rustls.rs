//! rustls 0.23.46: `PrivateKeyDer::from_pem_slice`, and what its two backends
//! make of the key. It counts as accepted if both accept it; if only one does, the reason says
//! which.

use super::{Candidate, KeyVerdict, unreadable};
use crate::model::{Curve, KeyAlgorithm, KeyForm, PrivateKey, Relation};

/// The longest public exponent that both backends accept (33 bits in their sources;
/// the one that was measured to be refused is longer).
const MOST_EXPONENT_BITS: u32 = 33;

pub(super) fn judge(candidate: &Candidate<'_>) -> KeyVerdict {
    if candidate.scheme().is_some() {
        return KeyVerdict::refused("rustls does not decrypt keys");
    }
    let key = match candidate.key {
        Ok(key) => key,
        Err(problem) => return unreadable(problem),
    };
    match (ring(candidate, key), aws_lc(candidate, key)) {
        (None, None) => KeyVerdict::Taken,
        (Some(reason), None) => {
            KeyVerdict::refused(format!("with ring, {reason} (aws-lc-rs accepts it)"))
        }
        (None, Some(reason)) => {
            KeyVerdict::refused(format!("with aws-lc-rs, {reason} (ring accepts it)"))
        }
        (Some(reason), Some(_)) => KeyVerdict::refused(reason),
    }
}

/// Why ring 0.17 refuses the key.
fn ring(candidate: &Candidate<'_>, key: &PrivateKey) -> Option<String> {
    let (algorithm, shape) = (key.algorithm(), key.shape());
    if !is_labelled(candidate, key) {
        return Some(format!(
            "it expects what the label `{}` says, but the key is {}",
            candidate.label(),
            key.form()
        ));
    }
    if candidate.has_bytes_behind() {
        return Some("extra bytes follow the key".to_owned());
    }
    match algorithm {
        KeyAlgorithm::Rsa => {
            let bits = key.bits()?;
            if !(2048..=4096).contains(&bits) {
                return Some(format!("RSA keys have from 2048 to 4096 bits, not {bits}"));
            }
            if shape.primes != 2 {
                return Some(format!("an RSA key has two primes, not {}", shape.primes));
            }
            if key.has_large_exponent() {
                return Some("the private exponent is not less than the modulus".to_owned());
            }
            if shape.exponent_bits > MOST_EXPONENT_BITS {
                return Some("the public exponent is too long".to_owned());
            }
            if shape.exponent_bits < 17 {
                return Some("the public exponent is less than 65537".to_owned());
            }
            if key.form() == KeyForm::Pkcs8 && (shape.version != 0 || !shape.has_parameters) {
                return Some("the PKCS#8 around it is unusual".to_owned());
            }
        }
        KeyAlgorithm::Ec(curve @ (Curve::P256 | Curve::P384)) => {
            if !shape.full_point {
                return Some("its public key is missing, or compressed".to_owned());
            }
            if Some(shape.scalar_length) != curve.field_length() {
                return Some("its private part does not have the curve's length".to_owned());
            }
        }
        KeyAlgorithm::Ed25519 => {
            // Version 1 exists for the public key alone: RFC 5958 section 2 requires it with that
            // key and only then.
            if shape.carries_public_key != (shape.version == 1) {
                return Some(
                    "its version does not allow a public key, or requires one (RFC 5958)"
                        .to_owned(),
                );
            }
        }
        _ => return Some(format!("it does not know {algorithm} keys")),
    }
    match key.check().err()?.relation {
        // Not checked, as long as p·q = n holds.
        Relation::RsaExponents | Relation::RsaCrtExponent => None,
        relation => Some(format!("its parts do not agree: {relation}")),
    }
}

/// Why aws-lc-rs 1.19 refuses the key.
fn aws_lc(candidate: &Candidate<'_>, key: &PrivateKey) -> Option<String> {
    let (algorithm, shape) = (key.algorithm(), key.shape());
    // EC keys are tried as PKCS#8 under either label.
    let ec = candidate.label() == "EC PRIVATE KEY" && matches!(algorithm, KeyAlgorithm::Ec(_));
    if !ec && !is_labelled(candidate, key) {
        return Some("its label announces another form".to_owned());
    }
    let known = match algorithm {
        KeyAlgorithm::Rsa => {
            let parameters = key.form() != KeyForm::Pkcs8 || shape.has_parameters;
            let size = key.bits().is_some_and(|bits| (2048..=8192).contains(&bits));
            let exponent = shape.exponent_bits <= MOST_EXPONENT_BITS;
            size && exponent && shape.primes == 2 && parameters
        }
        // aws-lc-rs also recognises a NIST curve with explicit parameters.
        KeyAlgorithm::Ec(Curve::Explicit) => key.bits().is_some(),
        KeyAlgorithm::Ec(curve) => matches!(curve, Curve::P256 | Curve::P384 | Curve::P521),
        KeyAlgorithm::Ed25519 => shape.version == 1 || !shape.carries_public_key,
        KeyAlgorithm::MlDsa44 | KeyAlgorithm::MlDsa65 | KeyAlgorithm::MlDsa87 => true,
        _ => false,
    };
    if !known {
        return Some(format!("it does not know such {algorithm} keys"));
    }
    let wrong = key.check().err()?;
    Some(format!("its parts do not agree: {}", wrong.relation))
}

fn is_labelled(candidate: &Candidate<'_>, key: &PrivateKey) -> bool {
    KeyForm::from_label(candidate.label()) == Some(key.form())
}
