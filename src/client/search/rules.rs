//! The rules of a client that tries every path: data for each, judged in [`super`].

use crate::Time;
use crate::chain::PathProfile;
use crate::client::reads::Family;
use crate::client::stapled::LooksAt;

/// What a client requires of the certificates of its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) enum Anchors {
    /// Everything that it requires of CAs, dates included.
    Judged,
    /// That they are CAs, if they are of version 3 (Java's `verifyTrustAnchor`).
    AreCas,
    /// That they are CAs and valid now.
    InTime,
}

/// Which certificates of its store a client treats as anchors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) enum Ends {
    /// Any.
    Anywhere,
    /// Self-signed ones.
    AtRoots,
}

/// What happens if the server's own certificate is in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) enum Own {
    /// The client accepts it, if it is valid by itself.
    Judged,
    /// The client accepts it unchecked.
    Unseen,
    /// It is not an anchor, unless it is self-signed.
    SelfSigned,
    /// The same for a CA's certificate; the client accepts others, if they are valid by themselves.
    NoIssuedCa,
}

/// A client's rules.
#[derive(Clone, Copy, Debug)]
pub(in crate::client) struct Rules {
    pub(in crate::client) profile: PathProfile,
    pub(in crate::client) anchors: Anchors,
    pub(in crate::client) ends: Ends,
    pub(in crate::client) own: Own,
    /// The most intermediates, self-issued ones not counted.
    pub(in crate::client) most_intermediates: Option<u32>,
    /// The most certificates that it reads.
    pub(in crate::client) most_presented: Option<usize>,
    /// The smallest RSA key.
    pub(in crate::client) least_rsa: u32,
    /// Whether it fetches missing issuers from the addresses in certificates.
    pub(in crate::client) fetches: bool,
    /// Whose parser reads the certificates.
    pub(in crate::client) family: Family,
    /// Names must be the same bytes, not only the same name.
    pub(in crate::client) names_by_bytes: bool,
    /// The same when an anchor is looked up: in NSS's store, by the issuer's name.
    pub(in crate::client) anchor_by_bytes: bool,
    /// Days that a server certificate below an added root may be valid for, if
    /// it was issued since then.
    pub(in crate::client) most_days: Option<(u32, Time)>,
    /// Whether extKeyUsage must be present and contain serverAuth.
    pub(in crate::client) needs_purpose: bool,
    /// Whether it ignores the extKeyUsage of the path's CAs.
    pub(in crate::client) purpose_of_leaf_only: bool,
    /// Whether a keyUsage must have digitalSignature.
    pub(in crate::client) must_sign: bool,
    /// Whether it must have a use for a server: digitalSignature, keyEncipherment or
    /// keyAgreement.
    pub(in crate::client) must_serve: bool,
    /// Whether an extKeyUsage names serverAuth itself in all certificates of the path:
    /// anyExtendedKeyUsage is not enough.
    pub(in crate::client) purpose_by_name: bool,
    /// An ordered list whose last issuer is known is accepted as it is, as Java's
    /// `PKIXValidator` does; only others are searched.
    pub(in crate::client) takes_lists: bool,
    /// What it checks in a stapled OCSP response.
    pub(in crate::client) looks_at_stapled: LooksAt,
    /// Whether a CA's certificate may be the server's own.
    pub(in crate::client) ca_may_serve: bool,
    /// Whether signatures below the anchor are RSA or ECDSA with SHA-256, SHA-384 or
    /// SHA-512, as mozilla::pkix requires.
    pub(in crate::client) pkix_signatures: bool,
}

impl Rules {
    /// RFC 5280 section 6 with every certificate of the store as an anchor.
    pub(in crate::client) const PLAIN: Self = Self {
        profile: PathProfile {
            name: "client",
            judges_anchors: true,
            reads_elsewhere: true,
            usage_fits_purpose: false,
            known_qualifiers: false,
            ..PathProfile::RFC5280
        },
        anchors: Anchors::Judged,
        ends: Ends::Anywhere,
        own: Own::Judged,
        most_intermediates: None,
        most_presented: None,
        least_rsa: 0,
        fetches: false,
        family: Family::Unmeasured,
        names_by_bytes: false,
        anchor_by_bytes: false,
        most_days: None,
        needs_purpose: false,
        purpose_of_leaf_only: false,
        must_sign: false,
        must_serve: false,
        purpose_by_name: false,
        takes_lists: false,
        looks_at_stapled: LooksAt::Nothing,
        ca_may_serve: true,
        pkix_signatures: false,
    };
}
