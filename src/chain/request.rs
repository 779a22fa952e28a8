//! What to verify, and how.

use super::policy::PolicyInputs;
use super::profile::PathProfile;
use crate::Time;
use crate::model::{Certificate, RevocationList, oid_contents};
use crate::server_name::ServerName;

/// A certificate to verify, with everything that may help or is required.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request<'r, 'a> {
    /// The end-entity certificate.
    pub leaf: &'r Certificate<'a>,
    /// Certificates that a path may go through, in any order.
    pub intermediates: &'r [Certificate<'a>],
    /// Certificates that are trusted.
    pub anchors: &'r [Certificate<'a>],
    /// The moment of judgement.
    pub at: Time,
    /// The names that the certificate must have, all of them.
    pub names: &'r [ServerName],
    /// What it is used for.
    pub purpose: Purpose,
    /// Whose rules apply.
    pub profile: &'r PathProfile,
    /// The most intermediates, self-issued ones not counted.
    pub max_depth: Option<u32>,
    /// Which certificate policies are acceptable, and which other rules apply to them.
    pub policies: PolicyInputs,
    /// Whether revocation lists are checked.
    pub revocation: Revocation,
    /// Revocation lists, in any order: complete, indirect and delta ones.
    pub crls: &'r [RevocationList<'a>],
    /// Where the search ends.
    pub budgets: Budgets,
}

impl<'r, 'a> Request<'r, 'a> {
    /// For any name and purpose, by RFC 5280 section 6.
    pub fn new(
        leaf: &'r Certificate<'a>,
        intermediates: &'r [Certificate<'a>],
        anchors: &'r [Certificate<'a>],
        at: Time,
    ) -> Self {
        Self {
            leaf,
            intermediates,
            anchors,
            at,
            names: &[],
            purpose: Purpose::Any,
            profile: &PathProfile::RFC5280,
            max_depth: None,
            policies: PolicyInputs::default(),
            revocation: Revocation::Off,
            crls: &[],
            budgets: Budgets::default(),
        }
    }
}

/// What a certificate is used for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Purpose {
    /// Anything: extKeyUsage is not checked.
    #[default]
    Any,
    /// A TLS server (id-kp-serverAuth).
    Server,
    /// A TLS client (id-kp-clientAuth).
    Client,
    /// Another purpose, by the DER contents of its object identifier.
    Other(Vec<u8>),
}

impl Purpose {
    /// `any`, `server`, `client` or a dotted object identifier.
    pub fn named(text: &str) -> Option<Self> {
        match text {
            "any" => Some(Self::Any),
            "server" => Some(Self::Server),
            "client" => Some(Self::Client),
            dotted => oid_contents(dotted).map(Self::Other),
        }
    }

    pub(super) fn oid(&self) -> Option<&[u8]> {
        match self {
            Self::Any => None,
            Self::Server => Some(super::rules::SERVER_AUTH),
            Self::Client => Some(super::rules::CLIENT_AUTH),
            Self::Other(contents) => Some(contents),
        }
    }
}

/// Whether revocation lists count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Revocation {
    /// They are not.
    #[default]
    Off,
    /// A certificate whose issuer's list was given must not be on it, and the
    /// list must be usable.
    Available,
    /// Every certificate below the anchor needs a usable list.
    Required,
}

/// Where the search ends, whatever it has found by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Budgets {
    /// Signatures, in those of RSA-2048 or P-256 (about 0.1 ms each): slower
    /// ones count for more. 64 CAs that all signed each other have 4,032.
    pub signatures: u64,
    /// Steps from a certificate to one below it: about 1 µs each.
    pub steps: u64,
    /// Comparisons of a name with a name constraint: rustls-webpki's 250,000,
    /// after 2,048 constraints on 2,048 names (OpenSSL's many-names tests,
    /// which must not take a second).
    pub comparisons: u64,
    /// Entries of revocation lists read: about 50 ns each, so a list of a million can be searched
    /// for eight certificates.
    pub entries: u64,
}

impl Default for Budgets {
    fn default() -> Self {
        Self {
            signatures: 5_000,
            steps: 200_000,
            comparisons: 250_000,
            entries: 8_000_000,
        }
    }
}
