//! A private key: what it is, whether its parts agree, and its public key.

mod dsa;
mod ec;
mod form;
mod problem;
mod raw;
mod read;
mod relation;
mod rsa;
mod shape;
mod write;

pub use form::KeyForm;
pub use problem::KeyProblem;
pub use relation::{Inconsistency, Relation};

use super::{Encryption, KeyAlgorithm, crypto};
use crate::finding::Fingerprint;
use std::fmt;
use zeroize::Zeroizing;

/// A private key that was read and, where its algorithm allows, proven.
///
/// It holds the key's bytes and wipes them when it is dropped; it cannot be cloned, and its `Debug`
/// does not show them.
pub struct PrivateKey {
    declared: KeyForm,
    form: KeyForm,
    trailing: usize,
    /// Whether its lengths are not DER's.
    odd_lengths: bool,
    algorithm: KeyAlgorithm,
    bits: Option<u32>,
    encryption: Option<Encryption>,
    secret: Zeroizing<Vec<u8>>,
    public: Option<Vec<u8>>,
    proof: Proof,
}

/// How far a key's parts were shown to belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// The public key was computed from the private part, and all parts agree.
    Derived,
    /// certcheck does not compute this algorithm; the public key, if any, is the one in the file.
    NotComputable,
    /// The parts contradict one another.
    Inconsistent(Relation),
}

/// What reading one of the forms found, before encryption and form are noted.
pub(super) struct Parts {
    pub(super) algorithm: KeyAlgorithm,
    pub(super) bits: Option<u32>,
    pub(super) public: Option<Vec<u8>>,
    pub(super) proof: Proof,
}

impl PrivateKey {
    /// The form in which it is actually written, once decrypted.
    pub const fn form(&self) -> KeyForm {
        self.form
    }

    /// Whether it is PKCS#8 that carries its public key after the private one
    /// (OneAsymmetricKey, RFC 5958): OpenSSL 3.0.19 reads no such key.
    pub fn carries_public_key(&self) -> bool {
        self.form == KeyForm::Pkcs8 && self.shape().carries_public_key
    }

    /// What OpenSSL does not accept in the PKCS#8 around it.
    pub(crate) fn misshapen(&self) -> Option<&'static str> {
        self.shape().misshapen
    }

    /// Whether it is an RSA key whose private exponent is not less than its
    /// modulus, as RFC 8017 section 3.2 requires. Such a key computes the same. Measured
    /// with d + k·(p − 1)·(q − 1): OpenSSL 3.0.19, Python 3.11, Node 20, Java 17
    /// and GnuTLS 3.7 load such a key and sign with it; NSS imports it; Go 1.27
    /// and ring 0.17 refuse it; aws-lc-rs 1.19 loads it and cannot sign.
    pub fn has_large_exponent(&self) -> bool {
        let is_rsa = matches!(self.algorithm, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss);
        is_rsa && read::rsa_body(self.form, &self.secret).is_ok_and(rsa::has_large_exponent)
    }

    /// Whether it is an RSA key of n, e and d alone, with zeros in place of the
    /// primes and of what is computed from them. OpenSSL 3.0.19 loads it, and
    /// every signature fails (measured, TLS 1.2 and 1.3).
    pub fn lacks_primes(&self) -> bool {
        let is_rsa = matches!(self.algorithm, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss);
        is_rsa && read::rsa_body(self.form, &self.secret).is_ok_and(rsa::lacks_primes)
    }

    /// Whether OpenSSL 3.0 makes valid signatures with a key whose parts
    /// contradict one another: of an RSA key it needs the primes with their
    /// exponents, or d. Always true if [`check`](Self::check) finds nothing and the primes are
    /// present.
    pub fn openssl_signs(&self) -> bool {
        let is_rsa = matches!(self.algorithm, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss);
        if !is_rsa {
            return self.check().is_ok();
        }
        if self.check().is_ok() && !self.lacks_primes() {
            return true;
        }
        read::rsa_body(self.form, &self.secret).is_ok_and(rsa::openssl_signs)
    }

    /// The form that its label declared. OpenSSL reads a key with another form's label, most others
    /// do not.
    pub const fn declared_form(&self) -> KeyForm {
        self.declared
    }

    /// How many extra bytes follow the key that do not belong to it.
    pub const fn trailing_bytes(&self) -> usize {
        self.trailing
    }

    /// The algorithm.
    pub const fn algorithm(&self) -> &KeyAlgorithm {
        &self.algorithm
    }

    /// The size as people state it, see [`PublicKey::bits`](super::PublicKey::bits).
    pub const fn bits(&self) -> Option<u32> {
        self.bits
    }

    /// How it was encrypted in the file, if it was.
    pub const fn encryption(&self) -> Option<&Encryption> {
        self.encryption.as_ref()
    }

    /// The SubjectPublicKeyInfo: computed from the private part if [`is_proven`](Self::is_proven),
    /// otherwise the one in the file. An inconsistent key
    /// still has the public part that it claims.
    pub fn public_key_der(&self) -> Option<&[u8]> {
        self.public.as_deref()
    }

    /// SHA-256 over [`public_key_der`](Self::public_key_der).
    pub fn spki_sha256(&self) -> Option<Fingerprint> {
        self.public.as_deref().map(crypto::sha256)
    }

    /// Whether the public key was computed from the private part and every
    /// other part agrees. Only such a key can be said to match anything.
    pub fn is_proven(&self) -> bool {
        self.proof == Proof::Derived
    }

    /// Whether the parts of the key agree with one another, to the extent that its
    /// algorithm can be computed here (see [`is_proven`](Self::is_proven)).
    ///
    /// # Errors
    /// The first relation that does not hold.
    pub fn check(&self) -> Result<(), Inconsistency> {
        match &self.proof {
            Proof::Inconsistent(relation) => Err(Inconsistency {
                algorithm: self.algorithm.clone(),
                relation: *relation,
            }),
            Proof::Derived | Proof::NotComputable => Ok(()),
        }
    }

    /// The key itself, decrypted, in the form that [`form`](Self::form) names.
    pub fn secret_der(&self) -> &[u8] {
        &self.secret
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("form", &self.form)
            .field("algorithm", &self.algorithm)
            .field("bits", &self.bits)
            .field("encryption", &self.encryption)
            .field("spki_sha256", &self.spki_sha256())
            .field("proof", &self.proof)
            .finish_non_exhaustive()
    }
}
