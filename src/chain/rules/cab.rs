//! The rules of the CA/Browser Forum's Baseline Requirements.

use super::{PathRole, is_self_signed};
use crate::chain::profile::PathProfile;
use crate::chain::reason::Reason;
use crate::model::{ANY_EXTENDED_KEY_USAGE, Certificate, GeneralName, Oid, extension_id as id};
use crate::model::{Curve, KeyAlgorithm, PublicKey};
use std::collections::HashSet;

pub(super) fn check(
    certificate: &Certificate<'_>,
    role: PathRole,
    profile: &PathProfile,
    found: &mut Vec<Reason>,
) {
    if profile.cab_keys {
        key(certificate, found);
    }
    let mut rule = |broken: bool, reason: &str, clause: &'static str| {
        if broken {
            let reason = reason.to_owned();
            found.push(Reason::NotConforming { reason, clause });
        }
    };
    rule(
        profile.version_3 && certificate.version() != 3,
        "it is not of version 3",
        "Baseline Requirements 7.1.1",
    );
    // Issuer and serial number tie a certificate to one certificate of its CA. After a
    // cross-signature the tie is wrong, and OpenSSL's X509_check_akid then skips the right issuer.
    if profile.key_ids_alone
        && let Some(key_id) = certificate.authority_key_id()
    {
        const CLAUSE: &str = "Baseline Requirements 7.1.2.1.3";
        rule(
            key_id.issuer.is_some() || key_id.serial.is_some(),
            "its authorityKeyIdentifier names an issuer or serial number",
            CLAUSE,
        );
        rule(
            role == PathRole::Anchor
                && key_id.key_id != certificate.subject_key_id()
                && is_self_signed(certificate),
            "a root's authorityKeyIdentifier is not its subjectKeyIdentifier",
            CLAUSE,
        );
    }
    if role != PathRole::EndEntity {
        rule(
            profile.extended_key_usage
                && role == PathRole::Anchor
                && certificate
                    .standard_extension(id::EXTENDED_KEY_USAGE)
                    .is_some()
                && is_self_signed(certificate),
            "a root has an extKeyUsage",
            "Baseline Requirements 7.1.2.1.2",
        );
        return;
    }
    if profile.end_entity_is_no_ca {
        let signs = certificate
            .key_usage()
            .is_some_and(|usage| usage.key_cert_sign());
        let clause = "Baseline Requirements 7.1.2.7.8";
        rule(
            certificate.is_ca() || signs,
            "the end-entity certificate is a CA certificate",
            clause,
        );
    }
    if profile.subject_alt_name {
        let names = certificate.standard_extension(id::SUBJECT_ALT_NAME);
        let clause = "Baseline Requirements 7.1.2.7.12";
        rule(names.is_none(), "it has no subjectAltName", clause);
        rule(
            names.is_some_and(|names| names.critical) && !certificate.subject().is_empty(),
            "its subjectAltName is critical although it has a subject",
            clause,
        );
    }
    if profile.extended_key_usage {
        let usage = certificate.standard_extension(id::EXTENDED_KEY_USAGE);
        let clause = "Baseline Requirements 7.1.2.7.10";
        rule(usage.is_none(), "it has no extKeyUsage", clause);
        rule(
            usage.is_some_and(|usage| usage.critical),
            "its extKeyUsage is critical",
            clause,
        );
        let any = Oid::from_der_contents(ANY_EXTENDED_KEY_USAGE);
        rule(
            certificate
                .extended_key_usage()
                .is_some_and(|usage| usage.lists(any)),
            "its extKeyUsage contains anyExtendedKeyUsage",
            clause,
        );
    }
    if profile.common_name_is_alt_name {
        common_names(certificate, &mut rule);
    }
}

/// The form of a commonName or subjectAltName.
#[derive(PartialEq, Eq)]
enum Kind {
    Host,
    Wildcard,
    Address,
}

/// An address is a name that any program would read as one: with a colon, or with a last label that
/// is a number, decimal or hexadecimal (WHATWG URL 3.5).
fn kind(name: &str) -> Kind {
    let last = name.rsplit('.').next().unwrap_or(name);
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    // Not whether a wildcard is legal here, only which names it may be compared with.
    if name.starts_with("*.") {
        Kind::Wildcard
    // URL parsers treat a host as an address if its last label is digits: `1.2.3.09` is no
    // host name to them, although it is not an address either.
    } else if name.contains(':')
        || (!last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()))
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        Kind::Address
    } else {
        Kind::Host
    }
}

/// A commonName is compared with the subjectAltNames of its kind, if there are any. The
/// Requirements allow no others; but x509-limbo accepts the host `example.com` next to only
/// `*.example.com` (webpki::nc::nc-permits-dns-san-pattern), and so do browsers.
fn common_names(certificate: &Certificate<'_>, rule: &mut impl FnMut(bool, &str, &'static str)) {
    let names = certificate.subject_alt_names().into_iter();
    let written: HashSet<String> = names
        .flat_map(|names| names.iter())
        .filter_map(|name| match name {
            GeneralName::Dns(dns) => Some(dns.to_owned()),
            // RFC 5952's text form, which Rust's is too.
            GeneralName::Ip(_) => name.ip().map(|ip| ip.to_string()),
            _ => None,
        })
        .collect();
    let has = |wanted: Kind| written.iter().any(|name| kind(name) == wanted);
    let (has_hosts, has_wildcards) = (has(Kind::Host), has(Kind::Wildcard));
    for common in certificate.subject().common_names() {
        let comparable = match kind(&common) {
            // A host next to only a wildcard, or the reverse, is not compared: the wildcard may
            // cover it, and no client would refuse it.
            Kind::Host => has_hosts,
            Kind::Wildcard => has_wildcards,
            // An address is always compared: commonName is where addresses were put before
            // iPAddress was common, and clients no longer read it there.
            Kind::Address => true,
        };
        rule(
            comparable && !written.contains(&common),
            "its commonName is not a copy of one of its subjectAltNames",
            "Baseline Requirements 7.1.4.3",
        );
    }
}

fn key(certificate: &Certificate<'_>, found: &mut Vec<Reason>) {
    let key = PublicKey::parse(certificate.spki_der());
    let refused = match key.as_ref().map(|key| (key.algorithm(), key.bits())) {
        // The modulus must be a multiple of 8 bits (Baseline Requirements 6.1.5).
        Ok((KeyAlgorithm::Rsa, Some(bits))) => bits < 2048 || !bits.is_multiple_of(8),
        Ok((KeyAlgorithm::Ec(Curve::P256 | Curve::P384 | Curve::P521), _)) => false,
        // Ed25519 and Ed448 are refused with everything else: the Baseline Requirements 6.1.5 list
        // RSA and three curves only.
        _ => true,
    };
    if refused {
        let algorithm = key.as_ref().map_or_else(
            |_| "unreadable".to_owned(),
            |key| key.algorithm().to_string(),
        );
        found.push(Reason::WeakKey {
            algorithm,
            bits: key.ok().and_then(|key| key.bits()).map_or(0, u64::from),
            least: 2048,
        });
    }
}
