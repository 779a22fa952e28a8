//! Does this key verify this signature?
//!
//! The module `crypto` computes them. Weak ones are computed like any other:
//! other modules decide whether they count.

mod dsa_key;
mod ecdsa;
mod problem;
mod rsa_key;

use crate::crypto::{self, Failure, Scheme};
use crate::model::{
    Certificate, Computed, Hash, KeyInfo, RevocationList, SignatureAlgorithm, Signed,
};

pub use problem::SignatureProblem;

const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const RSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
const DSA: &[u8] = b"\x2a\x86\x48\xce\x38\x04\x01";
const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
const ED25519: &[u8] = b"\x2b\x65\x70";

/// Whether the key of `issuer` signed `certificate`.
///
/// # Errors
/// Why not; [`SignatureProblem::Wrong`] alone says that another key did.
pub fn signed_by(
    certificate: &Certificate<'_>,
    issuer: &Certificate<'_>,
) -> Result<(), SignatureProblem> {
    signed_by_key(certificate, issuer.key_info(), None)
}

/// As [`signed_by`], with the DSA parameters that `key` inherits if it has none.
pub(crate) fn signed_by_key(
    certificate: &Certificate<'_>,
    key: &KeyInfo<'_>,
    inherited: Option<&[u8]>,
) -> Result<(), SignatureProblem> {
    // RFC 5280 4.1.1.2: the algorithm outside and the one that is signed must be the same.
    // Otherwise someone who holds a signature could claim another algorithm for it.
    if !certificate.algorithms_agree() {
        return Err(SignatureProblem::AlgorithmsDiffer);
    }
    by_outer_algorithm(certificate, key, inherited)
}

/// As [`signed_by`], for any algorithm in the signed part: GnuTLS and Java use the outer one if the
/// two differ only in their parameters.
pub(crate) fn signed_as_outside(
    certificate: &Certificate<'_>,
    issuer: &Certificate<'_>,
) -> Result<(), SignatureProblem> {
    by_outer_algorithm(certificate, issuer.key_info(), None)
}

/// The signature with the algorithm that is next to it.
pub(crate) fn by_outer_algorithm(
    certificate: &Certificate<'_>,
    key: &KeyInfo<'_>,
    inherited: Option<&[u8]>,
) -> Result<(), SignatureProblem> {
    let algorithm = certificate.signature_algorithm();
    verify_with(
        Before(certificate.computed().map(AsRef::as_ref)),
        key,
        inherited,
        algorithm.signature(),
        || algorithm.to_string(),
        certificate.signed_der(),
        certificate.signature(),
    )
}

/// Whether `key` signed a revocation list.
pub(crate) fn list_signed_by_key(
    list: &RevocationList<'_>,
    key: &KeyInfo<'_>,
    inherited: Option<&[u8]>,
) -> Result<(), SignatureProblem> {
    if !list.algorithms_agree() {
        return Err(SignatureProblem::AlgorithmsDiffer);
    }
    let algorithm = list.signature_algorithm();
    let name = || algorithm.to_string();
    let signed = list.signed_der();
    verify_with(
        Before(None),
        key,
        inherited,
        algorithm.signature(),
        name,
        signed,
        list.signature(),
    )
}

/// Whether the key of the SubjectPublicKeyInfo `spki_der` made `signature`
/// over `message`.
///
/// # Errors
/// Why not.
pub fn verify(
    spki_der: &[u8],
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    let key = KeyInfo::from_der(spki_der).map_err(malformed)?;
    let name = || algorithm.to_string();
    verify_with(
        Before(None),
        &key,
        None,
        algorithm,
        name,
        message,
        signature,
    )
}

fn verify_with(
    before: Before<'_>,
    key: &KeyInfo<'_>,
    inherited: Option<&[u8]>,
    algorithm: SignatureAlgorithm,
    name: impl Fn() -> String,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    let key_algorithm = key.algorithm.oid().as_bytes();
    match (algorithm, key_algorithm) {
        (SignatureAlgorithm::RsaPkcs1(hash), RSA) => {
            // A key under id-RSASSA-PSS makes no PKCS#1 signature (RFC 4055 1.2), so this pair is
            // missing here.
            rsa_key::pkcs1(before, key.key, hash, message, signature)
        }
        (
            SignatureAlgorithm::RsaPss {
                hash,
                mask_hash,
                salt,
            },
            RSA | RSA_PSS,
        ) => {
            // RFC 4055 1.2: a key under rsaEncryption may make PSS signatures as well; a key under
            // id-RSASSA-PSS makes no others, and its parameters may restrict it further.
            restricted(key, hash, mask_hash, salt)?;
            // RFC 4055 allows a mask with another hash. No backend has such an algorithm, and neither
            // RFC 8446 nor the Baseline Requirements permit one.
            if hash != mask_hash {
                return Err(SignatureProblem::Unsupported {
                    algorithm: "RSA-PSS with two different hashes".into(),
                });
            }
            rsa_key::pss(before, key.key, hash, salt, message, signature)
        }
        (SignatureAlgorithm::Ecdsa(hash), EC) => {
            ecdsa::verify(before, key, hash, message, signature)
        }
        (SignatureAlgorithm::Ed25519, ED25519) => {
            before.check(Scheme::Ed25519, key.key, message, signature)
        }
        (SignatureAlgorithm::Dsa(hash), DSA) => {
            let parameters = dsa_key::own_parameters(&key.algorithm)
                .or(inherited)
                .ok_or(SignatureProblem::ParametersMissing)?;
            // The parameters are part of the key, even if they are inherited.
            let whole = [b"DSA", parameters, key.key].concat();
            let signed = Signed {
                algorithm: hash.name(),
                key: &whole,
                message,
                signature,
            };
            before.or(signed, || {
                dsa_key::verify(parameters, key.key, &hashed(hash, message), signature)
            })
        }
        (SignatureAlgorithm::Unsupported, _) => {
            Err(SignatureProblem::Unsupported { algorithm: name() })
        }
        _ => Err(SignatureProblem::OtherAlgorithm {
            signature: name(),
            key: key_name(key).to_owned(),
        }),
    }
}

/// Whether the parameters of an id-RSASSA-PSS key allow a signature: the hash and
/// the mask's hash must be the same, and the salt at least as long (RFC 4055
/// 3.3). A key without parameters allows all.
fn restricted(
    key: &KeyInfo<'_>,
    hash: Hash,
    mask_hash: Hash,
    salt: u32,
) -> Result<(), SignatureProblem> {
    if key.algorithm.oid().as_bytes() != RSA_PSS || key.algorithm.parameters().is_none() {
        return Ok(());
    }
    // The parameters have the same form in a key and in a signature.
    let SignatureAlgorithm::RsaPss {
        hash: only_hash,
        mask_hash: only_mask,
        salt: least,
    } = key.algorithm.signature()
    else {
        return Err(malformed(
            "its RSASSA-PSS parameters are malformed or name an unknown hash",
        ));
    };
    let reason = if only_hash != hash {
        format!(
            "it is only for {}, but the signature uses {}",
            only_hash.name(),
            hash.name()
        )
    } else if only_mask != mask_hash {
        format!(
            "its mask uses {}, but the signature's uses {}",
            only_mask.name(),
            mask_hash.name()
        )
    } else if salt < least {
        format!("it requires a salt of at least {least} bytes, but the signature has {salt}")
    } else {
        return Ok(());
    };
    Err(SignatureProblem::KeyRestricted { reason })
}

fn key_name(key: &KeyInfo<'_>) -> &'static str {
    match key.algorithm.oid().as_bytes() {
        RSA => "RSA",
        RSA_PSS => "RSA only for PSS",
        DSA => "DSA",
        EC => "EC",
        ED25519 => "Ed25519",
        _ => "of an unsupported algorithm",
    }
}

/// The DSA parameters that a key has itself, to be handed down (RFC 3279 2.3.2).
pub(crate) fn dsa_parameters<'a>(key: &KeyInfo<'a>) -> Option<&'a [u8]> {
    dsa_key::own_parameters(&key.algorithm)
}

/// Whether it is a DSA key.
pub(crate) fn is_dsa(key: &KeyInfo<'_>) -> bool {
    key.algorithm.oid().as_bytes() == DSA
}

fn malformed(reason: impl Into<String>) -> SignatureProblem {
    SignatureProblem::MalformedKey {
        reason: reason.into(),
    }
}

/// Earlier results, if they are shared.
#[derive(Clone, Copy)]
struct Before<'c>(Option<&'c Computed>);

impl Before<'_> {
    /// `compute`, unless its result is known. A signature that cannot be computed gives no answer,
    /// and is not remembered.
    fn or(
        self,
        signed: Signed<'_>,
        compute: impl FnOnce() -> Result<(), SignatureProblem>,
    ) -> Result<(), SignatureProblem> {
        let Some(before) = self.0 else {
            return compute();
        };
        if let Some(holds) = before.known(&signed) {
            return holds.then_some(()).ok_or(SignatureProblem::Wrong);
        }
        let answer = compute();
        if matches!(answer, Ok(()) | Err(SignatureProblem::Wrong)) {
            before.learn(&signed, answer.is_ok());
        }
        answer
    }

    fn check(
        self,
        scheme: Scheme,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureProblem> {
        let signed = Signed {
            algorithm: scheme.name(),
            key,
            message,
            signature,
        };
        self.or(signed, || {
            crypto::verify(scheme, key, message, signature)
                .map_err(|failure| problem(failure, scheme.name()))
        })
    }
}

/// The failure of a signature by `algorithm`.
fn problem(failure: Failure, algorithm: &str) -> SignatureProblem {
    match failure {
        Failure::Wrong => SignatureProblem::Wrong,
        Failure::NotComputed => SignatureProblem::Unsupported {
            algorithm: algorithm.to_owned(),
        },
    }
}

fn hashed(hash: Hash, message: &[u8]) -> Vec<u8> {
    let Some(hash) = of_the_backend(hash) else {
        use md5::Digest;
        return md5::Md5::digest(message).to_vec();
    };
    crypto::digest(hash, &[message])
}

/// All but MD5, which no backend has.
const fn of_the_backend(hash: Hash) -> Option<crypto::Hash> {
    Some(match hash {
        Hash::Md5 => return None,
        Hash::Sha1 => crypto::Hash::Sha1,
        Hash::Sha224 => crypto::Hash::Sha224,
        Hash::Sha256 => crypto::Hash::Sha256,
        Hash::Sha384 => crypto::Hash::Sha384,
        Hash::Sha512 => crypto::Hash::Sha512,
    })
}
