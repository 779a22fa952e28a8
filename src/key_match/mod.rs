//! Which private keys, certificates and requests belong together.
//!
//! Two things belong together when they hold the same key, and a private key holds the one that
//! follows from its private part: certcheck never compares a modulus or its hash, because a forged
//! key has the right one, and two elliptic-curve certificates have none (`openssl x509 -modulus`
//! prints the same for both).

mod group;
mod pair;

pub use group::{Group, Matches, Member, MemberRole, Reason, Unmatched, group};
pub use pair::{Pair, pair};

use crate::model::PrivateKey;

/// Something that holds a key, or half of one.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Half<'a> {
    /// A private key.
    Private(&'a PrivateKey),
    /// The SubjectPublicKeyInfo of a public key file.
    Public(&'a [u8]),
    /// The SubjectPublicKeyInfo of a request.
    Request(&'a [u8]),
    /// The SubjectPublicKeyInfo of a certificate.
    Certificate(&'a [u8]),
}

impl<'a> Half<'a> {
    /// What it is.
    pub const fn role(&self) -> MemberRole {
        match self {
            Self::Private(_) => MemberRole::PrivateKey,
            Self::Public(_) => MemberRole::PublicKey,
            Self::Request(_) => MemberRole::Request,
            Self::Certificate(_) => MemberRole::Certificate,
        }
    }

    /// The SubjectPublicKeyInfo, if there is one.
    pub fn spki(&self) -> Option<&'a [u8]> {
        match self {
            Self::Private(key) => key.public_key_der(),
            Self::Public(spki) | Self::Request(spki) | Self::Certificate(spki) => Some(spki),
        }
    }
}
