//! `certificate.weak-key`: the certificate's public key is too short.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    WeakKey = CertificateWeakKey Error
    "the certificate's public key is too short"
    page "weak_key.txt"
    {
        /// The key's algorithm.
        algorithm: String,
        /// Its size.
        bits: u64,
        /// The smallest size that is accepted.
        least: u64,
    }
}

impl Rule for WeakKey {
    fn message(&self) -> String {
        match self {
            // The size is enough, but the algorithm or the odd bits are not accepted.
            Self {
                algorithm,
                bits,
                least,
            } if bits >= least => {
                format!(
                    "the certificate's key is {algorithm} with {bits} bits; accepted keys are RSA of at least {least} bits in whole bytes, P-256, P-384 and P-521"
                )
            }
            Self {
                algorithm,
                bits,
                least,
            } => {
                format!(
                    "the certificate's {algorithm} key has {bits} bits; at least {least} are required"
                )
            }
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "make an RSA key of at least 2048 bits or an EC key on P-256, and have a certificate issued for it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: OpenSSL 3.0.19 security level 2"]
    }
}
