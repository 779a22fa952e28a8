//! No backend: digests and RSA, in Rust alone; everything else is not computed.

use super::{Curve, Derived, Failure, MlDsa, Scheme, rsa_schemes};

pub(super) use super::portable::{digest, pbkdf2};

pub(super) fn verify(
    scheme: Scheme,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    rsa_schemes::verify(scheme, key, message, signature).unwrap_or(Err(Failure::NotComputed))
}

pub(super) fn verify_digest(_: Curve, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), Failure> {
    Err(Failure::NotComputed)
}

pub(super) fn ec_public(_: Curve, _: &[u8], _: Option<&[u8]>) -> Derived {
    Derived::NotComputable
}

pub(super) fn is_on_curve(_: Curve, _: &[u8]) -> Option<bool> {
    None
}

pub(super) fn decompress(_: Curve, _: &[u8]) -> Option<Vec<u8>> {
    None
}

pub(super) fn ed25519_public(_: &[u8]) -> Derived {
    Derived::NotComputable
}

pub(super) fn x25519_public(_: &[u8]) -> Derived {
    Derived::NotComputable
}

pub(super) fn ml_dsa_public(_: MlDsa, _: &[u8]) -> Derived {
    Derived::NotComputable
}
