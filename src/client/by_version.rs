//! The properties of a client's version that the engines use.

/// What a client's version decides in addition to the rules of its profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// Go: a serial number may be negative.
    pub(super) negative_serials: bool,
    /// OpenSSL counts SHA-1 with 80 bits of security, enough for level 1.
    pub(super) sha1_at_level_1: bool,
    /// OpenSSL's strict checks: basicConstraints of a root may be non-critical.
    pub(super) plain_roots: bool,
    /// OpenSSL's PEM reader does not find a BEGIN line after a byte order mark.
    pub(super) mark_hides_first: bool,
    /// Java: Ed25519 and Ed448 in certificates.
    pub(super) edwards: bool,
    /// Handshakes with DSA keys were measured.
    pub(super) dss: bool,
    /// Java: the PEM reader of version 25, which was not measured with files of anchors.
    pub(super) other_pem: bool,
    /// GnuTLS drops a certificate that was sent twice, and nothing else.
    pub(super) drops_doubles: bool,
    /// NSS: usages of anchors count.
    pub(super) anchors_sign: bool,
    /// NSS: signatures by Ed25519 in certificates.
    pub(super) ed25519_signatures: bool,
}

impl Facts {
    /// The values for the versions that were measured first.
    pub(super) const MEASURED: Self = Self {
        negative_serials: false,
        sha1_at_level_1: false,
        plain_roots: false,
        mark_hides_first: false,
        edwards: true,
        dss: true,
        other_pem: false,
        drops_doubles: false,
        anchors_sign: false,
        ed25519_signatures: false,
    };
}
