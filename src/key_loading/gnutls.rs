//! `gnutls_certificate_set_x509_key_file2` of GnuTLS 3.7.9.

use super::{Candidate, KeyVerdict, unreadable};
use crate::model::{Curve, KeyAlgorithm, KeyForm, PrivateKey, Relation};

pub(super) fn judge(candidate: &Candidate<'_>) -> KeyVerdict {
    if let Some(scheme) = candidate.scheme() {
        if !decrypts(scheme) {
            return KeyVerdict::refused(format!("GnuTLS does not decrypt {scheme}"));
        }
        // Either DEK-Info promises the encryption or the label (RFC 7468 section 11), never
        // both.
        if candidate.is_dek() == (candidate.label() == "ENCRYPTED PRIVATE KEY") {
            return KeyVerdict::refused("its label does not announce an encrypted key");
        }
    }
    let key = match candidate.key {
        Ok(key) => key,
        Err(problem) if problem.encryption().is_some() => return KeyVerdict::Asks,
        Err(problem) => return unreadable(problem),
    };
    match (refusal(candidate, key), key.encryption()) {
        (Some(reason), _) => KeyVerdict::refused(reason),
        (None, Some(_)) => KeyVerdict::Asks,
        (None, None) => KeyVerdict::Taken,
    }
}

/// The schemes that GnuTLS opened when measured: PBES2 with PBKDF2 and SHA, AES or DES; some older
/// ones.
fn decrypts(scheme: &str) -> bool {
    const PBES2: [&str; 5] = [
        "AES-128-CBC)",
        "AES-192-CBC)",
        "AES-256-CBC)",
        "DES-EDE3-CBC)",
        "; DES-CBC)",
    ];
    const OTHERS: [&str; 10] = [
        "pbeWithMD5AndDES-CBC",
        "pbeWithSHA1And3-KeyTripleDES-CBC",
        "pbeWithSHA1And40BitRC2-CBC",
        "pbeWithSHA1And128BitRC4",
        "DEK-Info CAMELLIA-128-CBC",
        "DEK-Info AES-128-CBC",
        "DEK-Info AES-192-CBC",
        "DEK-Info AES-256-CBC",
        "DEK-Info DES-CBC",
        "DEK-Info DES-EDE3-CBC",
    ];
    let modern = scheme.starts_with("PBES2 (PBKDF2 with hmacWithSHA")
        && PBES2.iter().any(|cipher| scheme.ends_with(cipher));
    modern || OTHERS.contains(&scheme)
}

fn refusal(candidate: &Candidate<'_>, key: &PrivateKey) -> Option<String> {
    let algorithm = key.algorithm();
    let promised = match candidate.label() {
        "ENCRYPTED PRIVATE KEY" if key.encryption().is_none() => KeyForm::EncryptedPkcs8,
        "ENCRYPTED PRIVATE KEY" => KeyForm::Pkcs8,
        label => KeyForm::from_label(label).unwrap_or(KeyForm::Pkcs8),
    };
    if promised != key.form() {
        return Some(format!(
            "it expects what the label `{}` says, but the key is {}",
            candidate.label(),
            key.form()
        ));
    }
    if candidate.has_bytes_behind() {
        return Some("extra bytes follow the key".to_owned());
    }
    let shape = key.shape();
    if shape.carries_public_key {
        return Some("its public key follows it (RFC 5958)".to_owned());
    }
    match algorithm {
        KeyAlgorithm::Ec(Curve::P224 | Curve::P256 | Curve::P384 | Curve::P521) => {
            if !shape.full_point {
                return Some("its public key is missing, or compressed".to_owned());
            }
        }
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss if shape.primes == 0 => {
            return Some("its primes are missing".to_owned());
        }
        KeyAlgorithm::Rsa
        | KeyAlgorithm::RsaPss
        | KeyAlgorithm::Dsa
        | KeyAlgorithm::Ed25519
        | KeyAlgorithm::Ed448
        | KeyAlgorithm::X25519
        | KeyAlgorithm::X448 => {}
        _ => return Some(format!("GnuTLS does not know {algorithm}")),
    }
    match key.check().err()?.relation {
        // GnuTLS makes a signature to see whether the key belongs to the certificate.
        Relation::PublicPart | Relation::Curve | Relation::OnCurve => {
            Some("the private part does not match the public part".to_owned())
        }
        Relation::RsaPrivateExponentRange => {
            Some("the program crashes on it (an assertion in GMP)".to_owned())
        }
        _ => None,
    }
}
