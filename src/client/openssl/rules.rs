//! What OpenSSL requires of one certificate of the path.

use super::is_self_signed;
use crate::client::issued::{ns_serves, ns_serves_client};
use crate::model::{Certificate, Least, PublicKey, extension_id as id};

/// The text of an error's number (`X509_verify_cert_error_string`).
pub(in crate::client) fn text(number: u8) -> &'static str {
    match number {
        2 => "unable to get issuer certificate",
        3 => "unable to get certificate CRL",
        8 => "CRL signature failure",
        11 => "CRL is not yet valid",
        12 => "CRL has expired",
        23 => "certificate revoked",
        35 => "key usage does not include CRL signing",
        36 => "unhandled critical CRL extension",
        7 => "certificate signature failure",
        9 => "certificate is not yet valid",
        13 => "format error in certificate's notBefore field",
        14 => "format error in certificate's notAfter field",
        10 => "certificate has expired",
        18 => "self-signed certificate",
        19 => "self-signed certificate in certificate chain",
        20 => "unable to get local issuer certificate",
        21 => "unable to verify the first certificate",
        22 => "certificate chain too long",
        25 => "path length constraint exceeded",
        26 => "unsuitable certificate purpose",
        28 => "certificate rejected",
        32 => "key usage does not include certificate signing",
        34 => "unhandled critical extension",
        40 => "proxy certificates not allowed, please set the appropriate flag",
        46 => "RFC 3779 resource not subset of parent's resources",
        47 => "permitted subtree violation",
        48 => "excluded subtree violation",
        49 => "name constraints minimum and maximum not supported",
        51 => "unsupported name constraint type",
        53 => "unsupported or invalid name syntax",
        62 => "hostname mismatch",
        64 => "IP address mismatch",
        66 => "EE certificate key too weak",
        67 => "CA certificate key too weak",
        68 => "CA signature digest algorithm too weak",
        79 => "invalid CA certificate",
        80 => "Path length invalid for non-CA cert",
        81 => "Path length given without key usage keyCertSign",
        82 => "Key usage keyCertSign invalid for non-CA cert",
        83 => "Issuer name empty",
        84 => "Subject name empty",
        85 => "Missing Authority Key Identifier",
        86 => "Missing Subject Key Identifier",
        87 => "Empty Subject Alternative Name extension",
        88 => "Subject empty and Subject Alt Name extension not critical",
        89 => "Basic Constraints of CA cert not marked critical",
        90 => "Authority Key Identifier marked critical",
        91 => "Subject Key Identifier marked critical",
        92 => "CA cert does not include key usage extension",
        93 => "Using cert extension requires at least X509v3",
        94 => "Certificate public key has explicit ECC parameters",
        _ => "unspecified certificate verification error",
    }
}

/// `X509_check_ca`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ca {
    No,
    Yes,
    /// A self-signed certificate of version 1.
    Version1,
    /// No basicConstraints, but keyCertSign.
    Tolerated,
}

pub(super) fn ca_kind(certificate: &Certificate<'_>) -> Ca {
    // crypto/x509/v3_purp.c, `check_ca`: keyUsage without keyCertSign overrules basicConstraints.
    let usage = certificate.key_usage();
    if usage.is_some_and(|usage| !usage.key_cert_sign()) {
        return Ca::No;
    }
    match certificate.basic_constraints() {
        Some(basic) if basic.is_ca => Ca::Yes,
        Some(_) => Ca::No,
        // Roots from before version 3 have no extensions: OpenSSL accepts them as CAs.
        None if certificate.version() == 1 && is_self_signed(certificate) => Ca::Version1,
        // Return value 4 of `check_ca`: some old intermediates have no basicConstraints.
        None if usage.is_some() => Ca::Tolerated,
        None => Ca::No,
    }
}

/// `check_purpose_ssl_server`: anyExtendedKeyUsage is not enough.
pub(super) fn serves(certificate: &Certificate<'_>, as_ca: bool, ca: Ca) -> bool {
    /// id-kp-serverAuth, Microsoft's and Netscape's server gated cryptography.
    const SERVER: [&[u8]; 3] = [
        b"\x2b\x06\x01\x05\x05\x07\x03\x01",
        b"\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x03",
        b"\x60\x86\x48\x01\x86\xf8\x42\x04\x01",
    ];
    let extended = certificate.extended_key_usage().is_none_or(|usage| {
        usage
            .purposes()
            // `xku_reject(x, XKU_SSL_SERVER | XKU_SGC)` in crypto/x509/v3_purp.c: the bit for
            // anyExtendedKeyUsage (`XKU_ANYEKU`) is not among those that it asks for.
            .any(|purpose| SERVER.contains(&purpose.as_bytes()))
    });
    if as_ca {
        return extended && ca != Ca::No;
    }
    let usage = certificate.key_usage();
    extended
        && ns_serves(certificate)
        && usage.is_none_or(|usage| {
            // `KU_TLS`, whatever the key and the suite: with ECDHE, a key only for encipherment
            // passes here too.
            usage.digital_signature() || usage.key_encipherment() || usage.key_agreement()
        })
}

/// `check_purpose_ssl_client`: anyExtendedKeyUsage is not enough.
pub(super) fn serves_client(certificate: &Certificate<'_>, as_ca: bool, ca: Ca) -> bool {
    /// id-kp-clientAuth.
    const CLIENT: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x02";
    let extended = certificate
        .extended_key_usage()
        .is_none_or(|usage| usage.purposes().any(|purpose| purpose.as_bytes() == CLIENT));
    if as_ca {
        return extended && ca != Ca::No;
    }
    let usage = certificate.key_usage();
    extended
        && ns_serves_client(certificate)
        && usage.is_none_or(|usage| usage.digital_signature() || usage.key_agreement())
}

/// Whether the key is strong enough for the level: 80 bits at 1, 112 at 2.
pub(super) fn is_strong(certificate: &Certificate<'_>, level: u8) -> bool {
    PublicKey::parse(certificate.spki_der()).map_or(true, |key| Least::of_level(level).takes(&key))
}

pub(super) fn has_explicit_curve(certificate: &Certificate<'_>) -> bool {
    use crate::model::Curve;
    PublicKey::parse(certificate.spki_der())
        .is_ok_and(|key| key.algorithm().curve() == Some(&Curve::Explicit))
}

/// What `X509_V_FLAG_X509_STRICT` finds wrong, in its order. With `plain_roots`, the
/// basicConstraints of a path's last certificate may be non-critical.
pub(super) fn strictness(it: &Certificate<'_>, last: bool, plain_roots: bool) -> Option<u8> {
    let basic = it.basic_constraints();
    let is_ca = it.is_ca();
    let usage = it.key_usage();
    let signs = usage.is_none_or(|usage| usage.key_cert_sign());
    let critical = |number| {
        it.standard_extension(number)
            .is_some_and(|extension| extension.critical)
    };
    let names = it.subject_alt_names();
    let has_names = it.standard_extension(id::SUBJECT_ALT_NAME).is_some();
    let rules = [
        (
            80,
            basic
                .is_some_and(|constraints| constraints.path_length.is_some() && !constraints.is_ca),
        ),
        (
            81,
            basic.is_some_and(|constraints| constraints.path_length.is_some()) && !signs,
        ),
        (
            89,
            is_ca && !critical(id::BASIC_CONSTRAINTS) && !(last && plain_roots),
        ),
        (92, is_ca && usage.is_none()),
        (
            82,
            !is_ca && usage.is_some_and(|usage| usage.key_cert_sign()),
        ),
        (83, it.issuer().is_empty()),
        (
            84,
            it.subject().is_empty()
                && (is_ca || usage.is_some_and(|usage| usage.crl_sign()) || !has_names),
        ),
        (
            88,
            it.subject().is_empty() && has_names && !critical(id::SUBJECT_ALT_NAME),
        ),
        (87, names.is_some_and(|names| names.is_empty())),
        // `X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY`: without strict mode the difference is found
        // only when the signature is verified.
        (78, !it.algorithms_agree()),
        (90, critical(id::AUTHORITY_KEY_ID)),
        (91, critical(id::SUBJECT_KEY_ID)),
        (
            85,
            it.version() == 3
                && !last
                && it
                    .authority_key_id()
                    .is_none_or(|authority_key_id| authority_key_id.key_id.is_none()),
        ),
        (
            86,
            it.version() == 3 && is_ca && it.subject_key_id().is_none(),
        ),
        (93, it.version() < 3 && !it.extensions().is_empty()),
    ];
    rules
        .into_iter()
        .find(|(_, broken)| *broken)
        .map(|(number, _)| number)
}
