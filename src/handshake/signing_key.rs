//! The key that signs the handshake.

use super::hello::ClientHello;
use super::scheme::{Scheme, Signer};
use super::server_offer::{KeyKind, ServerKey, ServerOffer};
use crate::cipher::{Authentication, KeyExchange, Suite};

/// The key that a scheme signs with.
pub(super) fn signing_key(
    server: &ServerOffer,
    client: &ClientHello,
    scheme: Scheme,
    tls13: bool,
    suite: Option<&Suite>,
) -> Option<usize> {
    let for_suite = |key: &ServerKey| {
        suite.is_none_or(|suite| authenticates(key.kind, suite) && valid_in_tls12(key, client))
    };
    let mut keys = server.counting();
    keys.find(|(_, key)| {
        fits(scheme, key, tls13) && for_suite(key) && certificate_is_known(key, client)
    })
    .map(|(place, _)| place)
}

/// Whether a key signs with a scheme in this version.
pub(super) fn fits(scheme: Scheme, key: &ServerKey, tls13: bool) -> bool {
    let Some(signer) = scheme.signer() else {
        return false;
    };
    match (signer, key.kind) {
        (Signer::RsaPkcs1, KeyKind::Rsa(_))
        | (Signer::Dsa, KeyKind::Dsa(_))
        | (Signer::Ed25519, KeyKind::Ed25519)
        | (Signer::Ed448, KeyKind::Ed448) => true,
        // The digest, the salt of the same length and two bytes have to fit
        // into the modulus (`rsa_pss_check_min_key_size`).
        (Signer::RsaPss, KeyKind::Rsa(bits)) => bits / 8 >= digest_bytes(scheme) * 2 + 2,
        (Signer::PssKey, KeyKind::RsaPss(bits)) => {
            bits / 8 >= digest_bytes(scheme) * 2 + 2
                && key
                    .pss_digest
                    .is_none_or(|digest| digest == digest_bytes(scheme) * 8)
        }
        (Signer::Ecdsa, KeyKind::Ec(curve)) => {
            // In TLS 1.2 the number names the hash alone, and any curve may sign. RFC 8446 4.2.3
            // ties each number to one curve.
            !tls13 || scheme.curve().is_none_or(|wanted| wanted == curve.0)
        }
        _ => false,
    }
}

pub(super) const fn digest_bytes(scheme: Scheme) -> u32 {
    match scheme.0 {
        0x0805 | 0x080A => 48,
        0x0806 | 0x080B => 64,
        _ => 32,
    }
}

/// What `signature_algorithms_cert` requires of the certificate's own signature
/// (`check_cert_usable`).
fn certificate_is_known(key: &ServerKey, client: &ClientHello) -> bool {
    // A client that says nothing about certificates is assumed to accept any.
    match (client.certificate_schemes, key.certificate_scheme) {
        (Some(wanted), Some(scheme)) => wanted.contains(&scheme.0),
        _ => true,
    }
}

/// Whether a key can authenticate the server in a suite.
pub(super) const fn authenticates(key: KeyKind, suite: &Suite) -> bool {
    match suite.authentication {
        Authentication::Rsa => match key {
            KeyKind::Rsa(_) => true,
            // For signatures only: not if the client encrypts with the key.
            KeyKind::RsaPss(_) => !matches!(suite.key_exchange, KeyExchange::Rsa),
            _ => false,
        },
        Authentication::Ecdsa => {
            matches!(key, KeyKind::Ec(_) | KeyKind::Ed25519 | KeyKind::Ed448)
        }
        Authentication::Dss => matches!(key, KeyKind::Dsa(_)),
        _ => false,
    }
}

/// Whether the client can use a certificate in TLS 1.2: an EC key's curve must
/// be among its groups (`tls1_check_cert_param`).
pub(super) fn valid_in_tls12(key: &ServerKey, client: &ClientHello) -> bool {
    match key.kind {
        KeyKind::Ec(curve) => client.groups.contains(&curve.0),
        _ => true,
    }
}
