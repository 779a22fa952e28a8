//! Why a signature does not hold.

use std::fmt;

/// Why a signature does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureProblem {
    /// The key did not make this signature over these bytes.
    Wrong,
    /// The key is of another algorithm than the signature.
    OtherAlgorithm {
        /// The signature's algorithm.
        signature: String,
        /// The key's.
        key: String,
    },
    /// The certificate names one algorithm inside, another outside (RFC 5280 4.1.1.2).
    AlgorithmsDiffer,
    /// An algorithm, curve or combination that is not computed here.
    Unsupported {
        /// Its name or object identifier.
        algorithm: String,
    },
    /// The key cannot be read.
    MalformedKey {
        /// What is wrong with it.
        reason: String,
    },
    /// The key is larger than any in use; computing with it is a way to waste time.
    KeyTooLarge {
        /// Its size in bits.
        bits: u64,
        /// The largest size that is computed.
        limit: u64,
    },
    /// The parameters of an RSASSA-PSS key do not allow this signature (RFC 4055 3.3).
    KeyRestricted {
        /// Which of them it breaks.
        reason: String,
    },
    /// A DSA key without parameters, and no issuer to inherit them from (RFC 3279 2.3.2).
    ParametersMissing,
}

impl fmt::Display for SignatureProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong => f.write_str("the signature is not that key's"),
            Self::OtherAlgorithm { signature, key } => {
                write!(f, "the signature is {signature}, the key {key}")
            }
            Self::AlgorithmsDiffer => {
                f.write_str("it names one algorithm inside and another outside")
            }
            Self::Unsupported { algorithm } => write!(f, "{algorithm} is not supported"),
            Self::MalformedKey { reason } => write!(f, "the key cannot be read: {reason}"),
            Self::KeyTooLarge { bits, limit } => {
                write!(
                    f,
                    "the key has {bits} bits; certcheck computes with at most {limit}"
                )
            }
            Self::KeyRestricted { reason } => write!(f, "the key forbids it: {reason}"),
            Self::ParametersMissing => f.write_str("the DSA key has no parameters"),
        }
    }
}

impl SignatureProblem {
    /// Whether the signature was not computed, so that nothing is known about it.
    pub const fn is_not_computed(&self) -> bool {
        matches!(self, Self::Unsupported { .. } | Self::KeyTooLarge { .. })
    }
}

impl std::error::Error for SignatureProblem {}
