//! What Go refuses in a path that was found.

use crate::client::refusal::Cause;
use crate::model::{Certificate, Hash, KeyAlgorithm, PublicKey, SignatureAlgorithm};

/// What Go refuses in a path (crypto/x509/verify.go): more than 100 signatures; path
/// lengths, for which it counts self-issued certificates too; and signatures that it
/// does not compute (x509.go, `getSignatureAlgorithmFromAI`): DSA, SHA-224, and RSASSA-PSS
/// with hashes or a salt that do not fit each other.
pub(super) fn go_path<'p, 'a>(
    path: &[&'p Certificate<'a>],
) -> Result<(), (Cause, &'p Certificate<'a>)> {
    const MOST_SIGNATURES: usize = 100;
    let below = path.split_last().map_or(&[][..], |(_, below)| below);
    for (place, &it) in path.iter().enumerate() {
        let limit = it
            .basic_constraints()
            .and_then(|constraint| constraint.path_length);
        let between = place.saturating_sub(1) as u64;
        if place > MOST_SIGNATURES
            || place > 0 && limit.is_some_and(|limit| between > u64::from(limit))
        {
            return Err((Cause::PathLength, it));
        }
        // Go does not verify even an RSASSA-PSS signature with a key that is only for RSASSA-PSS.
        let key = PublicKey::parse(it.spki_der());
        if place > 0 && key.is_ok_and(|key| *key.algorithm() == KeyAlgorithm::RsaPss) {
            return Err((Cause::Untrusted, it));
        }
    }
    let unknown =
        |certificate: &&&Certificate<'_>| match certificate.signature_algorithm().signature() {
            SignatureAlgorithm::RsaPkcs1(hash) | SignatureAlgorithm::Ecdsa(hash) => {
                hash == Hash::Sha224
            }
            SignatureAlgorithm::RsaPss {
                hash,
                mask_hash,
                salt,
            } => hash == Hash::Sha224 || mask_hash != hash || salt != hash.bytes(),
            SignatureAlgorithm::Dsa(_) => true,
            _ => false,
        };
    match below.iter().find(unknown) {
        Some(it) => Err((Cause::Algorithm, it)),
        None => Ok(()),
    }
}
