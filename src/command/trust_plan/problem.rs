//! Why no plan can be made.

use crate::finding::Fingerprint;
use crate::trust_store::PlanError;

/// Why no plan can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The files contain no certificate, not even a damaged one.
    NothingGiven,
    /// The certificates of a container need a passphrase.
    Closed,
    /// No file holds what the server sends.
    NotGiven {
        /// The certificates that are missing.
        missing: Vec<Fingerprint>,
    },
    /// A lower module refuses.
    Plan(PlanError),
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NothingGiven => f.write_str("it contains no certificate"),
            Self::Closed => f.write_str(
                "its contents are encrypted: extract the certificates with `certcheck convert --to pem --passphrase-file FILE`",
            ),
            Self::NotGiven { missing } => {
                let names: Vec<_> = missing.iter().map(Fingerprint::to_string).collect();
                write!(
                    f,
                    "the server sends certificates that are in none of the files (SHA-256 {})",
                    names.join(", ")
                )
            }
            Self::Plan(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Problem {}
