//! Views of what the files hold, with the names of the RFCs.

mod crypto;
mod csr;
pub(crate) mod der;
mod encryption;
mod key_algorithm;
mod malformed;
mod passphrase;
mod private_key;
mod public_key;

pub use csr::CertificationRequest;
pub use encryption::Encryption;
pub use key_algorithm::{Curve, KeyAlgorithm};
pub use malformed::Malformed;
pub use passphrase::Passphrase;
pub use private_key::{Inconsistency, KeyForm, KeyProblem, PrivateKey, Relation};
pub use public_key::PublicKey;
