//! The algorithms of rustls-webpki's clients, each signature computed once.
//!
//! They verify as [`crate::signature`] does: a result that was computed
//! there for another client is used here too, and vice versa. A signature with another algorithm
//! name or other limits counts as a different one.

use crate::crypto::{self, Failure, Scheme};
use crate::model::{Computed, PublicKey, Signed};
use pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

struct Algorithm {
    scheme: Scheme,
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
}

const fn algorithm(
    scheme: Scheme,
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
) -> Algorithm {
    Algorithm {
        scheme,
        key,
        signature,
    }
}

/// An RSA signature whose algorithm lacks the NULL that RFC 4055 demands; its section 5 demands
/// that verifiers accept it.
const fn bare(oid: &'static [u8; 11]) -> AlgorithmIdentifier {
    AlgorithmIdentifier::from_slice(oid)
}

const BARE_SHA256: AlgorithmIdentifier = bare(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b");
const BARE_SHA384: AlgorithmIdentifier = bare(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c");
const BARE_SHA512: AlgorithmIdentifier = bare(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d");

/// `webpki::ALL_VERIFICATION_ALGS` with aws-lc-rs, in its order (rustls-webpki 0.103.16,
/// aws_lc_rs_algs.rs).
static ALGORITHMS: &[Algorithm] = {
    use Scheme::*;
    use alg_id::*;
    &[
        algorithm(EcdsaP256Sha256, ECDSA_P256, ECDSA_SHA256),
        algorithm(EcdsaP256Sha384, ECDSA_P256, ECDSA_SHA384),
        algorithm(EcdsaP256Sha512, ECDSA_P256, ECDSA_SHA512),
        algorithm(EcdsaP384Sha256, ECDSA_P384, ECDSA_SHA256),
        algorithm(EcdsaP384Sha384, ECDSA_P384, ECDSA_SHA384),
        algorithm(EcdsaP384Sha512, ECDSA_P384, ECDSA_SHA512),
        algorithm(EcdsaP521Sha256, ECDSA_P521, ECDSA_SHA256),
        algorithm(EcdsaP521Sha384, ECDSA_P521, ECDSA_SHA384),
        algorithm(EcdsaP521Sha512, ECDSA_P521, ECDSA_SHA512),
        algorithm(Ed25519, ED25519, ED25519),
        algorithm(RsaSha256, RSA_ENCRYPTION, RSA_PKCS1_SHA256),
        algorithm(RsaSha384, RSA_ENCRYPTION, RSA_PKCS1_SHA384),
        algorithm(RsaSha512, RSA_ENCRYPTION, RSA_PKCS1_SHA512),
        algorithm(RsaSha256, RSA_ENCRYPTION, BARE_SHA256),
        algorithm(RsaSha384, RSA_ENCRYPTION, BARE_SHA384),
        algorithm(RsaSha512, RSA_ENCRYPTION, BARE_SHA512),
        algorithm(Rsa3072Sha384, RSA_ENCRYPTION, RSA_PKCS1_SHA384),
        algorithm(PssSha256, RSA_ENCRYPTION, RSA_PSS_SHA256),
        algorithm(PssSha384, RSA_ENCRYPTION, RSA_PSS_SHA384),
        algorithm(PssSha512, RSA_ENCRYPTION, RSA_PSS_SHA512),
        algorithm(MlDsa44, ML_DSA_44, ML_DSA_44),
        algorithm(MlDsa65, ML_DSA_65, ML_DSA_65),
        algorithm(MlDsa87, ML_DSA_87, ML_DSA_87),
    ]
};

/// One of them, with what was computed before.
pub(super) struct Shared {
    inner: &'static Algorithm,
    /// ring accepts RSA keys from 2041 bits, aws-lc from 2048 (measured).
    ring: bool,
    computed: Arc<Computed>,
    /// Whether a signature was not computed: rustls-webpki knows valid and invalid ones only.
    open: Arc<AtomicBool>,
}

/// All of them; whether one of them was asked for a signature that is not computed here.
pub(super) fn algorithms(
    computed: Option<&Arc<Computed>>,
    ring: bool,
) -> (Vec<Shared>, Arc<AtomicBool>) {
    // A single client has its own table.
    let computed = computed.cloned().unwrap_or_default();
    let open = Arc::default();
    let shared = |inner| Shared {
        inner,
        ring,
        computed: Arc::clone(&computed),
        open: Arc::clone(&open),
    };
    (ALGORITHMS.iter().map(shared).collect(), open)
}

impl Shared {
    /// The same algorithm for keys that are a few bits too short for aws-lc.
    fn short(&self, public_key: &[u8]) -> Option<Scheme> {
        let short = match self.inner.scheme {
            Scheme::RsaSha256 => Scheme::RsaLegacySha256,
            Scheme::RsaSha512 => Scheme::RsaLegacySha512,
            _ => return None,
        };
        let spki = PublicKey::spki_of_pkcs1(public_key).ok()?;
        let bits = PublicKey::parse(&spki).ok()?.bits()?;
        (2_041..2_048).contains(&bits).then_some(short)
    }

    fn compute(
        &self,
        scheme: Scheme,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Failure> {
        let answer = crypto::verify(scheme, public_key, message, signature);
        if answer == Err(Failure::NotComputed) {
            self.open.store(true, Ordering::Relaxed);
        }
        answer
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.inner.scheme.name())
    }
}

impl SignatureVerificationAlgorithm for Shared {
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.inner.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.inner.signature
    }

    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let scheme = self.inner.scheme;
        if self.ring
            && let Some(short) = self.short(public_key)
        {
            let answer = self.compute(short, public_key, message, signature);
            return answer.map_err(|_| InvalidSignature);
        }
        let of_curve = scheme.name().starts_with("ECDSA");
        if self.ring && of_curve && public_key.first() != Some(&4) {
            return Err(InvalidSignature);
        }
        // RFC 5480 2.2: compressed or not, and no other form. rustls-webpki checks it here.
        if of_curve && !matches!(public_key.first(), Some(2..=4)) {
            return Err(InvalidSignature);
        }
        let signed = Signed {
            algorithm: scheme.name(),
            key: public_key,
            message,
            signature,
        };
        if let Some(holds) = self.computed.known(&signed) {
            return holds.then_some(()).ok_or(InvalidSignature);
        }
        let answer = self.compute(scheme, public_key, message, signature);
        if answer != Err(Failure::NotComputed) {
            self.computed.learn(&signed, answer.is_ok());
        }
        answer.map_err(|_| InvalidSignature)
    }
}

#[cfg(all(test, feature = "aws-lc-rs"))]
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
        for (ours, theirs) in ALGORITHMS.iter().zip(theirs) {
            let name = ours.scheme.name();
            assert_eq!(ours.key, theirs.public_key_alg_id(), "{name}");
            assert_eq!(ours.signature, theirs.signature_alg_id(), "{name}");
        }
    }
}
