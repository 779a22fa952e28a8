//! Why a private key could not be read.

use crate::model::{Encryption, KeyAlgorithm, Malformed};
use std::fmt;

/// Why a private key could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyProblem {
    /// The bytes are not a private key of this form.
    Malformed(Malformed),
    /// It is encrypted and no passphrase was given.
    Encrypted(Encryption),
    /// It is encrypted and the passphrase does not open it.
    WrongPassphrase(Encryption),
    /// It is encrypted with a scheme that certcheck recognises but does not decrypt.
    NotDecryptable(Encryption),
    /// Opening it would cost more than certcheck spends on a file; an attacker
    /// may have written these numbers.
    TooCostly {
        /// The scheme.
        encryption: Encryption,
        /// Which number is too large, and the largest that is computed.
        reason: String,
    },
    /// The key is larger than any in use.
    TooLarge {
        /// The algorithm.
        algorithm: KeyAlgorithm,
        /// The largest of its numbers, in bits.
        bits: u32,
        /// The most that is computed.
        most: u32,
    },
}

impl KeyProblem {
    /// The encryption that prevented reading it.
    pub const fn encryption(&self) -> Option<&Encryption> {
        match self {
            Self::Encrypted(encryption)
            | Self::WrongPassphrase(encryption)
            | Self::NotDecryptable(encryption)
            | Self::TooCostly { encryption, .. } => Some(encryption),
            Self::Malformed(_) | Self::TooLarge { .. } => None,
        }
    }
}

impl From<Malformed> for KeyProblem {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(malformed) => malformed.fmt(f),
            Self::Encrypted(encryption) => write!(f, "the key is encrypted ({encryption})"),
            Self::WrongPassphrase(encryption) => {
                write!(f, "the passphrase does not open the key ({encryption})")
            }
            Self::NotDecryptable(encryption) => {
                write!(
                    f,
                    "the key is encrypted with {encryption}, which certcheck does not decrypt"
                )
            }
            Self::TooCostly { encryption, reason } => {
                write!(
                    f,
                    "opening the key needs too much computation ({encryption}): {reason}"
                )
            }
            Self::TooLarge {
                algorithm,
                bits,
                most,
            } => {
                write!(
                    f,
                    "a number of {bits} bits in the {algorithm} key; certcheck computes with at most {most}"
                )
            }
        }
    }
}

impl std::error::Error for KeyProblem {}
