//! The rules for a path: data, one switch for each rule.

use crate::server_name::Wildcards;

/// The rules beyond those that every verifier has, each as a switch.
///
/// Every profile requires what RFC 5280 section 6 requires: signatures, validity, chained names, CA
/// certificates with cA and, where keyUsage is present, keyCertSign, path lengths, name
/// constraints, known critical extensions, and no duplicate extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PathProfile {
    /// The name on the command line.
    pub name: &'static str,
    /// An anchor is judged like a CA certificate of the path; otherwise it is
    /// a name and a key (RFC 5280 6.1.1 (d)).
    pub judges_anchors: bool,
    /// The end-entity certificate itself may be an anchor.
    pub end_entity_as_anchor: bool,
    /// Certificates are of version 3 (Baseline Requirements 7.1.1).
    pub version_3: bool,
    /// Serial numbers are positive and of at most 20 bytes (RFC 5280 4.1.2.2).
    pub serial_numbers: bool,
    /// Issuers and CAs have names; without a subject, subjectAltName is
    /// critical (RFC 5280 4.1.2.4, 4.1.2.6).
    pub names_present: bool,
    /// Extensions are critical or not as RFC 5280 4.2 requires of issuers.
    pub criticality: bool,
    /// nameConstraints must be critical (RFC 5280 4.2.1.10; the Baseline
    /// Requirements 7.1.2.5.2 make an exception).
    pub name_constraints_critical: bool,
    /// authorityKeyIdentifier and, for CAs, subjectKeyIdentifier are present
    /// (RFC 5280 4.2.1.1, 4.2.1.2).
    pub key_ids: bool,
    /// authorityKeyIdentifier contains only a key identifier (Baseline Requirements 7.1.2.1.3).
    pub key_ids_alone: bool,
    /// keyCertSign, pathLenConstraint and nameConstraints appear only in CA certificates (RFC 5280
    /// 4.2.1.3, 4.2.1.9, 4.2.1.10).
    pub ca_fields: bool,
    /// Names are written as RFC 5280 4.2.1.6 and 4.2.1.10 require.
    pub name_syntax: bool,
    /// Extensions that validation does not read are well-formed too.
    pub every_extension: bool,
    /// Revocation lists have a number, which is not critical (RFC 5280 5.2.3).
    pub crl_numbers: bool,
    /// Signatures with MD5 and SHA-1 are refused (RFC 6151, RFC 9155), not merely reported.
    pub refuses_broken_hashes: bool,
    /// Keys and signatures are those of the Baseline Requirements 6.1.5, 7.1.3.
    pub cab_keys: bool,
    /// The end-entity has a subjectAltName, critical only without a subject
    /// (Baseline Requirements 7.1.2.7.12).
    pub subject_alt_name: bool,
    /// The end-entity has an extKeyUsage, not critical, without
    /// anyExtendedKeyUsage; roots have none (Baseline Requirements 7.1.2.7.10, 7.1.2.1.2).
    pub extended_key_usage: bool,
    /// The end-entity is not a CA certificate (Baseline Requirements 7.1.2.7.8).
    pub end_entity_is_no_ca: bool,
    /// commonNames of the end-entity are copies of subjectAltNames (Baseline
    /// Requirements 7.1.4.3).
    pub common_name_is_alt_name: bool,
    /// The end-entity's keyUsage, if present, has a usage that a TLS server or client needs (RFC
    /// 5280 4.2.1.12): keyCertSign alone does not suffice.
    pub usage_fits_purpose: bool,
    /// Without subjectAltName, commonNames of the end-entity that read like a host must comply with
    /// the constraints on dNSNames, as OpenSSL and GnuTLS require. RFC 5280 4.2.1.10 does not.
    pub common_names_constrained: bool,
    /// How name constraints are read.
    pub constraints: Constraints,
    /// Certificate policies are processed (RFC 5280 6.1.3 (d)); NSS's classic engine does
    /// not.
    pub policies: bool,
    /// A critical certificatePolicies has no qualifiers except cPSuri and
    /// userNotice (RFC 5280 4.2.1.4).
    pub known_qualifiers: bool,
    /// EC keys name their curve (RFC 5480 2.1.1).
    pub named_curves: bool,
    /// The end-entity is not valid for longer than the Baseline Requirements
    /// allowed when it was issued (6.3.2).
    pub lifetimes: bool,
    /// The domains in which a wildcard is allowed.
    pub wildcards: Wildcards,
    /// The caller reads the certificates itself, and decides which malformed, duplicate and unknown
    /// extensions it refuses.
    pub reads_elsewhere: bool,
}

/// How name constraints are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Constraints {
    /// RFC 5280 4.2.1.10: what cannot be compared is refused, a wildcard violates the exclusion of
    /// any host that it could match, and without an rfc822Name the e-mail addresses of the subject
    /// count.
    Rfc5280,
    /// Go's crypto/x509: a minimum or maximum is ignored, and so are e-mail addresses in the
    /// subject (parser.go, `parseNameConstraintsExtension`).
    Go,
    /// The caller compares names with constraints itself.
    Elsewhere,
}

impl PathProfile {
    /// RFC 5280 section 6: what a relying party must do.
    pub const RFC5280: Self = Self {
        name: "rfc5280",
        judges_anchors: false,
        end_entity_as_anchor: true,
        version_3: false,
        serial_numbers: false,
        names_present: false,
        criticality: false,
        name_constraints_critical: false,
        key_ids: false,
        key_ids_alone: false,
        ca_fields: false,
        name_syntax: false,
        every_extension: false,
        crl_numbers: false,
        refuses_broken_hashes: false,
        cab_keys: false,
        subject_alt_name: false,
        extended_key_usage: false,
        end_entity_is_no_ca: false,
        common_name_is_alt_name: false,
        usage_fits_purpose: true,
        common_names_constrained: false,
        constraints: Constraints::Rfc5280,
        policies: true,
        known_qualifiers: true,
        named_curves: false,
        lifetimes: false,
        wildcards: Wildcards::Anywhere,
        reads_elsewhere: false,
    };

    /// Also what section 4 requires of issuers.
    pub const RFC5280_STRICT: Self = Self {
        name: "rfc5280-strict",
        judges_anchors: true,
        serial_numbers: true,
        names_present: true,
        criticality: true,
        name_constraints_critical: true,
        key_ids: true,
        ca_fields: true,
        name_syntax: true,
        every_extension: true,
        crl_numbers: true,
        refuses_broken_hashes: true,
        named_curves: true,
        ..Self::RFC5280
    };

    /// Also what the CA/Browser Forum's Baseline Requirements demand.
    pub const WEBPKI: Self = Self {
        name: "webpki",
        end_entity_as_anchor: false,
        version_3: true,
        name_constraints_critical: false,
        key_ids_alone: true,
        cab_keys: true,
        subject_alt_name: true,
        extended_key_usage: true,
        end_entity_is_no_ca: true,
        common_name_is_alt_name: true,
        common_names_constrained: true,
        lifetimes: true,
        wildcards: Wildcards::BelowPublicSuffix,
        ..Self::RFC5280_STRICT
    };

    /// All profiles.
    pub const ALL: &[&Self] = &[&Self::RFC5280, &Self::RFC5280_STRICT, &Self::WEBPKI];

    /// The profile of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|profile| profile.name == name)
    }
}
