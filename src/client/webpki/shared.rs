//! rustls-webpki's algorithms, each signature computed once.
//!
//! rustls-webpki verifies with aws-lc-rs, as [`crate::signature`] does: a result that was computed
//! there for another client is used here too, and vice versa. A signature with another algorithm
//! name or other limits counts as a different one.

use crate::model::{Computed, PublicKey, Signed};
use aws_lc_rs::signature::{self, RsaParameters, UnparsedPublicKey};
use pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};
use std::fmt;
use std::sync::Arc;
use webpki::aws_lc_rs as backend;

type Algorithm = &'static dyn SignatureVerificationAlgorithm;

/// `webpki::ALL_VERIFICATION_ALGS` in its order, with aws-lc-rs's name for the algorithm that each
/// of them verifies with (rustls-webpki 0.103.16, aws_lc_rs_algs.rs).
static ALGORITHMS: &[(&str, Algorithm)] = &[
    ("ECDSA_P256_SHA256_ASN1", backend::ECDSA_P256_SHA256),
    ("ECDSA_P256_SHA384_ASN1", backend::ECDSA_P256_SHA384),
    ("ECDSA_P256_SHA512_ASN1", backend::ECDSA_P256_SHA512),
    ("ECDSA_P384_SHA256_ASN1", backend::ECDSA_P384_SHA256),
    ("ECDSA_P384_SHA384_ASN1", backend::ECDSA_P384_SHA384),
    ("ECDSA_P384_SHA512_ASN1", backend::ECDSA_P384_SHA512),
    ("ECDSA_P521_SHA256_ASN1", backend::ECDSA_P521_SHA256),
    ("ECDSA_P521_SHA384_ASN1", backend::ECDSA_P521_SHA384),
    ("ECDSA_P521_SHA512_ASN1", backend::ECDSA_P521_SHA512),
    ("ED25519", backend::ED25519),
    (
        "RSA_PKCS1_2048_8192_SHA256",
        backend::RSA_PKCS1_2048_8192_SHA256,
    ),
    (
        "RSA_PKCS1_2048_8192_SHA384",
        backend::RSA_PKCS1_2048_8192_SHA384,
    ),
    (
        "RSA_PKCS1_2048_8192_SHA512",
        backend::RSA_PKCS1_2048_8192_SHA512,
    ),
    (
        "RSA_PKCS1_2048_8192_SHA256",
        backend::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    ),
    (
        "RSA_PKCS1_2048_8192_SHA384",
        backend::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    ),
    (
        "RSA_PKCS1_2048_8192_SHA512",
        backend::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    ),
    (
        "RSA_PKCS1_3072_8192_SHA384",
        backend::RSA_PKCS1_3072_8192_SHA384,
    ),
    (
        "RSA_PSS_2048_8192_SHA256",
        backend::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    ),
    (
        "RSA_PSS_2048_8192_SHA384",
        backend::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    ),
    (
        "RSA_PSS_2048_8192_SHA512",
        backend::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
    ),
    ("ML_DSA_44", backend::ML_DSA_44),
    ("ML_DSA_65", backend::ML_DSA_65),
    ("ML_DSA_87", backend::ML_DSA_87),
];

/// One of them, with what was computed before.
pub(super) struct Shared {
    name: &'static str,
    inner: Algorithm,
    /// ring accepts RSA keys from 2041 bits, aws-lc from 2048 (measured).
    ring: bool,
    computed: Arc<Computed>,
}

/// All of them.
pub(super) fn algorithms(computed: Option<&Arc<Computed>>, ring: bool) -> Vec<Shared> {
    // A single client has its own table.
    let computed = computed.cloned().unwrap_or_default();
    let shared = |&(name, inner): &(&'static str, Algorithm)| Shared {
        name,
        inner,
        ring,
        computed: Arc::clone(&computed),
    };
    ALGORITHMS.iter().map(shared).collect()
}

impl Shared {
    /// The same algorithm for keys that are a few bits too short for aws-lc.
    fn short(&self, public_key: &[u8]) -> Option<&'static RsaParameters> {
        let short = match self.name {
            "RSA_PKCS1_2048_8192_SHA256" => {
                &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY
            }
            "RSA_PKCS1_2048_8192_SHA512" => {
                &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY
            }
            _ => return None,
        };
        let spki = PublicKey::spki_of_pkcs1(public_key).ok()?;
        let bits = PublicKey::parse(&spki).ok()?.bits()?;
        (2_041..2_048).contains(&bits).then_some(short)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl SignatureVerificationAlgorithm for Shared {
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.inner.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.inner.signature_alg_id()
    }

    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        if self.ring
            && let Some(short) = self.short(public_key)
        {
            let key = UnparsedPublicKey::new(short, public_key);
            return key.verify(message, signature).map_err(|_| InvalidSignature);
        }
        if self.ring && self.name.starts_with("ECDSA") && public_key.first() != Some(&4) {
            return Err(InvalidSignature);
        }
        let compute = || self.inner.verify_signature(public_key, message, signature);
        // rustls-webpki checks a point's first byte before aws-lc does.
        let of_curve = self.name.starts_with("ECDSA");
        if of_curve && !matches!(public_key.first(), Some(2..=4)) {
            return compute();
        }
        let signed = Signed {
            algorithm: self.name,
            key: public_key,
            message,
            signature,
        };
        if let Some(holds) = self.computed.known(&signed) {
            return holds.then_some(()).ok_or(InvalidSignature);
        }
        let answer = compute();
        self.computed.learn(&signed, answer.is_ok());
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::ALGORITHMS;
    use webpki::ALL_VERIFICATION_ALGS;

    #[test]
    fn they_are_those_of_rustls_webpki() {
        // ring's come first, if another dependency enables them.
        let (of_ring, theirs) =
            ALL_VERIFICATION_ALGS.split_at(ALL_VERIFICATION_ALGS.len() - ALGORITHMS.len());
        assert!(
            of_ring
                .iter()
                .all(|algorithm| format!("{algorithm:?}").contains("Ring"))
        );
        for ((name, ours), theirs) in ALGORITHMS.iter().zip(theirs) {
            assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "{name}");
        }
    }
}
