//! Views of what the files hold, with the names of the RFCs.

mod algorithm;
mod authority;
mod certificate;
mod clock;
mod computed;
mod constraint;
mod container;
mod crl;
mod crypto;
mod csr;
mod curve_order;
pub(crate) mod der;
mod described;
mod distribution;
mod encryption;
mod explicit;
mod extension;
mod general_name;
mod key_algorithm;
mod malformed;
mod name;
mod name_constraints;
mod oddity;
mod oid;
mod openssl_signatures;
mod passphrase;
mod prepared;
mod private_key;
mod public_key;
mod strength;
mod text;
mod trust_settings;

pub use algorithm::{AlgorithmIdentifier, Hash, SignatureAlgorithm};
pub use authority::{AuthorityKeyId, InfoAccess};
pub use certificate::Certificate;
pub use clock::TimeForm;
pub use constraint::{
    BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage, PolicyConstraints,
    PolicyMappings, purpose_name,
};
pub use container::{
    CannotOpen, Contained, ContainedKind, Container, ContentType, Integrity, Protection, Seed,
    encrypted_pkcs8, jks_of, pkcs12_of,
};
pub(crate) use container::{Shown, empty};
pub use crl::{RevocationList, RevocationReason, RevokedCertificate};
pub use csr::CertificationRequest;
pub(crate) use curve_order::order_bits;
pub use described::{DescribedExtension, described_extensions};
pub use distribution::{
    DistributionPoint, DistributionPointName, DistributionPoints, IssuingDistributionPoint,
};
pub use encryption::Encryption;
pub(crate) use encryption::Work;
pub use extension::{Extension, ExtensionFault, ExtensionProblem};
pub use general_name::{GeneralName, GeneralNames};
pub use key_algorithm::{Curve, KeyAlgorithm};
pub use malformed::Malformed;
pub use name::{Attribute, Name};
pub use name_constraints::{NameConstraints, Subtree, Subtrees};
pub use oddity::Oddity;
pub use oid::{Oid, oid_contents};
pub use passphrase::Passphrase;
pub use private_key::{Inconsistency, KeyForm, KeyProblem, PrivateKey, Relation};
pub use public_key::PublicKey;
pub(crate) use strength::Least;
pub use trust_settings::TrustSetting;

pub(crate) use algorithm::{KeyInfo, signature_hash};
pub(crate) use computed::{Computed, Signed};
pub(crate) use constraint::ANY_EXTENDED_KEY_USAGE;
pub(crate) use extension::{PROXY_CERT_INFO, id as extension_id};
pub(crate) use name::canonical_rdn;
pub(crate) use openssl_signatures::openssl_signature;

use crate::finding::Fingerprint;

/// SHA-256 of `bytes`.
pub(crate) fn sha256(bytes: &[u8]) -> Fingerprint {
    crypto::sha256(bytes)
}
