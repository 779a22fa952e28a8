//! What RFC 5280 section 4 requires of those who issue certificates.

use super::{PathRole, is_self_signed};
use crate::chain::profile::PathProfile;
use crate::chain::reason::Reason;
use crate::model::{Certificate, extension_id as id};
use crate::signature;

/// Where the rules on serial numbers are.
pub(in crate::chain) const SERIAL: &str = "RFC 5280 4.1.2.2";

pub(super) fn check(
    certificate: &Certificate<'_>,
    role: PathRole,
    profile: &PathProfile,
    found: &mut Vec<Reason>,
) {
    let mut rule = |broken: bool, reason: &str, clause: &'static str| {
        if broken {
            let reason = reason.to_owned();
            found.push(Reason::NotConforming { reason, clause });
        }
    };
    // An anchor is trusted whatever its number.
    if profile.serial_numbers && role != PathRole::Anchor {
        let serial = certificate.serial();
        // An empty INTEGER has no bytes, so `all` is true for it too: it counts as zero.
        let zero = serial.iter().all(|byte| *byte == 0);
        let negative = serial.first().is_some_and(|first| first & 0x80 != 0);
        rule(
            zero || negative,
            "its serial number is not positive",
            SERIAL,
        );
        // 20 bytes of contents: a sign byte counts, as it does in the encoding's length.
        rule(
            serial.len() > 20,
            "its serial number is longer than 20 bytes",
            SERIAL,
        );
    }
    if profile.names_present {
        names(certificate, role, &mut rule);
    }
    if profile.criticality {
        criticality(certificate, profile, &mut rule);
    }
    if profile.ca_fields {
        ca_fields(certificate, &mut rule);
    }
    if profile.key_ids {
        key_ids(certificate, role, &mut rule);
    }
}

type Rule<'r> = dyn FnMut(bool, &str, &'static str) + 'r;

fn names(certificate: &Certificate<'_>, role: PathRole, rule: &mut Rule<'_>) {
    let nameless = certificate.subject().is_empty();
    rule(
        certificate.issuer().is_empty(),
        "its issuer is empty",
        "RFC 5280 4.1.2.4",
    );
    // A CA's certificate used by a server still needs a subject: it is the issuer's name in the
    // certificates that it signs (RFC 5280 4.1.2.6).
    if role == PathRole::EndEntity && !certificate.is_ca() {
        let names = certificate.standard_extension(id::SUBJECT_ALT_NAME);
        rule(
            nameless && names.is_none_or(|names| !names.critical),
            "without a subject, it has no critical subjectAltName",
            "RFC 5280 4.1.2.6",
        );
    } else {
        rule(nameless, "a CA's subject is empty", "RFC 5280 4.1.2.6");
    }
}

fn criticality(certificate: &Certificate<'_>, profile: &PathProfile, rule: &mut Rule<'_>) {
    for extension in certificate.extensions() {
        let must_not = match extension.standard_number() {
            Some(id::AUTHORITY_KEY_ID) => "RFC 5280 4.2.1.1",
            Some(id::SUBJECT_KEY_ID) => "RFC 5280 4.2.1.2",
            Some(9) => "RFC 5280 4.2.1.8",
            Some(id::FRESHEST_CRL) => "RFC 5280 4.2.1.15",
            None if extension.is_authority_info_access() => "RFC 5280 4.2.2.1",
            // By its name: subjectInfoAccess has no number below id-ce, which `standard_number`
            // reads.
            None if extension.name() == Some("subjectInfoAccess") => "RFC 5280 4.2.2.2",
            _ => "",
        };
        let must = match extension.standard_number() {
            Some(id::NAME_CONSTRAINTS) if profile.name_constraints_critical => "RFC 5280 4.2.1.10",
            Some(id::POLICY_CONSTRAINTS) => "RFC 5280 4.2.1.11",
            Some(id::INHIBIT_ANY_POLICY) => "RFC 5280 4.2.1.14",
            Some(id::BASIC_CONSTRAINTS) if certificate.is_ca() => "RFC 5280 4.2.1.9",
            _ => "",
        };
        let name = extension.name().unwrap_or("an extension");
        let reason = |must| format!("its {name} is {must}");
        rule(
            extension.critical && !must_not.is_empty(),
            &reason("critical"),
            must_not,
        );
        rule(
            !extension.critical && !must.is_empty(),
            &reason("not critical"),
            must,
        );
    }
}

fn ca_fields(certificate: &Certificate<'_>, rule: &mut Rule<'_>) {
    let signs = certificate
        .key_usage()
        .is_some_and(|usage| usage.key_cert_sign());
    rule(
        signs && !certificate.is_ca(),
        "its keyUsage has keyCertSign, but it is not a CA",
        "RFC 5280 4.2.1.9",
    );
    let basic = certificate.basic_constraints();
    rule(
        // RFC 5280 6.1.4 (n) looks at keyUsage only where it is present: only a keyUsage without
        // keyCertSign contradicts the path length.
        basic.is_some_and(|basic| basic.path_length.is_some())
            && (!certificate.is_ca() || (certificate.key_usage().is_some() && !signs)),
        "it has a path length without being a CA that signs certificates",
        "RFC 5280 4.2.1.9",
    );
    rule(
        certificate
            .standard_extension(id::NAME_CONSTRAINTS)
            .is_some()
            && !certificate.is_ca(),
        "it has nameConstraints without being a CA",
        "RFC 5280 4.2.1.10",
    );
}

fn key_ids(certificate: &Certificate<'_>, role: PathRole, rule: &mut Rule<'_>) {
    let has_key_id = certificate
        .authority_key_id()
        .is_some_and(|id| id.key_id.is_some());
    // RFC 5280 4.2.1.1 spares a self-signed certificate without the extension: an
    // anchor is one if its own key signed it, whatever its issuer's name
    // (CVE-2024-0567). Nothing above an anchor is looked for.
    let own_key = || match role {
        PathRole::Anchor => signature::signed_by(certificate, certificate).is_ok(),
        _ => is_self_signed(certificate),
    };
    rule(
        certificate
            .authority_key_id()
            // The two belong together (RFC 5280 4.2.1.1): a serial number without the name of its
            // assigner identifies nothing.
            .is_some_and(|id| id.issuer.is_some() != id.serial.is_some()),
        "its authorityKeyIdentifier has an issuer without a serial number, or the reverse",
        "RFC 5280 4.2.1.1",
    );
    let spared = certificate.authority_key_id().is_none() && own_key();
    rule(
        !has_key_id && !spared,
        "it has no authorityKeyIdentifier with a key identifier",
        "RFC 5280 4.2.1.1",
    );
    rule(
        certificate.is_ca() && certificate.subject_key_id().is_none(),
        "a CA's certificate has no subjectKeyIdentifier",
        "RFC 5280 4.2.1.2",
    );
}
