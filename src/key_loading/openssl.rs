//! `SSL_CTX_use_PrivateKey_file` of OpenSSL 3.0.19, with the key's certificate;
//! Python 3.11 and Node 20 use the same library.

use super::{Candidate, KeyVerdict, unreadable};
use crate::model::{Curve, KeyAlgorithm, KeyForm, Least, PrivateKey, Relation, order_bits};

/// The security level at which a key's certificate is accepted.
#[derive(Clone, Copy)]
pub(super) enum Level {
    /// None: for the key alone. The level applies to its certificate, which the server loads first.
    None,
    /// 80 bits: the default of Node 20.
    One,
    /// 112 bits: Debian's default.
    Two,
}

impl Level {
    /// The smallest keys.
    const fn least(self) -> Least {
        Least::of_level(match self {
            Self::None => 0,
            Self::One => 1,
            Self::Two => 2,
        })
    }
}

const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

pub(super) fn judge(candidate: &Candidate<'_>, level: Level) -> KeyVerdict {
    let key = match candidate.key {
        Ok(key) => key,
        Err(problem) => match problem.encryption() {
            None => return unreadable(problem),
            // The label chooses the decoder (`pem2der_decode`): under `PRIVATE KEY` an encrypted
            // structure is never tried with a passphrase.
            Some(_) if !(candidate.is_dek() || candidate.label() == ENCRYPTED) => {
                return KeyVerdict::refused("its label does not announce an encrypted key");
            }
            Some(encryption) if encryption.openssl3_loads() => return KeyVerdict::Asks,
            Some(encryption) => return legacy(encryption.scheme()),
        },
    };
    let verdict = match key.encryption() {
        Some(encryption) if !encryption.openssl3_loads() => return legacy(encryption.scheme()),
        Some(_) => KeyVerdict::Asks,
        None => KeyVerdict::Taken,
    };
    match refusal(candidate, key, level) {
        Some(reason) => KeyVerdict::refused(reason),
        None => verdict,
    }
}

fn legacy(scheme: &str) -> KeyVerdict {
    KeyVerdict::refused(format!(
        "OpenSSL 3 does not decrypt {scheme} without its legacy provider"
    ))
}

fn refusal(candidate: &Candidate<'_>, key: &PrivateKey, level: Level) -> Option<String> {
    if !fits(candidate, key) {
        return Some(format!(
            "under the label `{}` it looks for another form of key than {}",
            candidate.label(),
            key.form()
        ));
    }
    use_refusal(key, level)
}

/// Whether OpenSSL's reader treats it as a key, and so looks no further, whatever it may be good
/// for.
pub(super) fn is_read(candidate: &Candidate<'_>) -> bool {
    candidate.key.is_ok_and(|key| {
        let known = match key.algorithm() {
            KeyAlgorithm::Rsa
            | KeyAlgorithm::RsaPss
            | KeyAlgorithm::Dsa
            | KeyAlgorithm::Ed25519
            | KeyAlgorithm::Ed448
            | KeyAlgorithm::X25519
            | KeyAlgorithm::X448 => true,
            KeyAlgorithm::Named(name) => name.starts_with("DH"),
            _ => false,
        };
        let shape = key.shape();
        let whole = !shape.carries_public_key && shape.misshapen.is_none();
        known && fits(candidate, key) && whole
    })
}

/// Why a key is unusable, however it was found.
pub(super) fn use_refusal(key: &PrivateKey, level: Level) -> Option<String> {
    if key.shape().carries_public_key {
        return Some("its public key follows it (RFC 5958)".to_owned());
    }
    if let Some(problem) = key.shape().misshapen {
        return Some(problem.to_owned());
    }
    let algorithm = key.algorithm();
    if matches!(algorithm, KeyAlgorithm::Ec(_)) {
        let shape = key.shape();
        if !shape.curve_in_place {
            return Some("it names no curve where OpenSSL looks for one".to_owned());
        }
        if let Err(wrong) = key.check()
            && wrong.relation == Relation::OnCurve
        {
            return Some(wrong.relation.to_string());
        }
    }
    match algorithm {
        KeyAlgorithm::Ed25519 | KeyAlgorithm::Ed448 if key.shape().has_parameters => {
            Some("its algorithm has parameters (RFC 8410 section 3)".to_owned())
        }
        // `ssl_cert_lookup_by_pkey` has no slot for keys that only agree on secrets (RFC 7748).
        KeyAlgorithm::X25519 | KeyAlgorithm::X448 => {
            Some(format!("{algorithm} keys make no signatures"))
        }
        KeyAlgorithm::MlDsa44 | KeyAlgorithm::MlDsa65 | KeyAlgorithm::MlDsa87 => {
            Some(format!("OpenSSL before 3.5 does not know {algorithm}"))
        }
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss | KeyAlgorithm::Dsa
            if key.bits()? < level.least().bits(algorithm)? =>
        {
            Some(format!(
                "it refuses the certificate of a key of {} bits (ee key too small)",
                key.bits()?
            ))
        }
        KeyAlgorithm::Ec(Curve::Other(name)) if name == "SM2" => {
            Some("it has no place for an SM2 key (unknown certificate type)".to_owned())
        }
        KeyAlgorithm::Ec(curve) => {
            let Some(bits) = order_bits(curve) else {
                return Some(format!("OpenSSL does not know {algorithm}"));
            };
            (bits < level.least().curve)
                .then(|| "it refuses the certificate of the key (ee key too small)".to_owned())
        }
        KeyAlgorithm::Rsa
        | KeyAlgorithm::RsaPss
        | KeyAlgorithm::Dsa
        | KeyAlgorithm::Ed25519
        | KeyAlgorithm::Ed448 => None,
        _ => Some(format!("it accepts no {algorithm} keys for TLS")),
    }
}

/// Whether a key of this form is looked for under its label.
fn fits(candidate: &Candidate<'_>, key: &PrivateKey) -> bool {
    let form = key.form();
    // After a DEK-Info header, the label states the form of the decrypted key.
    if key.encryption().is_some() && !candidate.is_dek() {
        return candidate.label() == ENCRYPTED;
    }
    match (candidate.label(), form) {
        ("PRIVATE KEY" | "ENCRYPTED PRIVATE KEY", KeyForm::Pkcs8)
        | ("RSA PRIVATE KEY", KeyForm::Pkcs1)
        | ("EC PRIVATE KEY", KeyForm::Sec1)
        | ("DSA PRIVATE KEY", KeyForm::TraditionalDsa) => true,
        ("RSA PRIVATE KEY", KeyForm::Pkcs8) => *key.algorithm() == KeyAlgorithm::Rsa,
        ("EC PRIVATE KEY", KeyForm::Pkcs8) => matches!(key.algorithm(), KeyAlgorithm::Ec(_)),
        ("DSA PRIVATE KEY", KeyForm::Pkcs8) => *key.algorithm() == KeyAlgorithm::Dsa,
        _ => false,
    }
}
