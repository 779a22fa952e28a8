//! TLS 1.2 and older: the suite decides the key and the exchange.

use super::agreement::{Agreement, Exchange, Failure};
use super::hello::ClientHello;
use super::scheme::{Scheme, Signer};
use super::server_offer::{DhParameters, KeyKind, ServerKey, ServerOffer};
use super::shared::{shared_group, shared_schemes, shared_suites};
use super::signing_key::{authenticates, signing_key, valid_in_tls12};
use super::strength::dh_bits;
use crate::cipher::{Authentication, KeyExchange, Since, Suite};
use crate::protocol::Version;

/// TLS 1.2 and older: the first suite for which there are a key and a group.
pub(super) fn agree(
    server: &ServerOffer,
    client: &ClientHello,
    version: Version,
) -> Result<Agreement, Failure> {
    let shared: Vec<_> = if version == Version::TLSv1_2 {
        shared_schemes(server, client)
    } else {
        Vec::new()
    };
    let fits = |suite: &&'static Suite| {
        if !in_version(suite, version) {
            return false;
        }
        let exchange = match suite.key_exchange {
            // Without a group every ECDHE suite is out, and a later RSA or DHE suite may still be
            // chosen.
            KeyExchange::Ecdhe => shared_group(server, client, suite).is_some(),
            KeyExchange::Dhe => server.dh != DhParameters::None,
            // RSA key transport needs neither group nor parameters: the client encrypts the secret
            // with the certificate's key.
            KeyExchange::Rsa => true,
            _ => false,
        };
        exchange
            // An anonymous suite needs no key. Every other one needs a key of its own kind that can
            // sign for this client, so that a server with two certificates answers each client with
            // the one that fits.
            && (suite.authentication == Authentication::Anonymous
                || server.counting().any(|(_, key)| {
                    authenticates(key.kind, suite)
                        && serves(key, client, version, &shared)
                        && (server.suite_b.is_none() || key.in_suite_b != Some(false))
                }))
    };
    let suites = shared_suites(server, (&server.suites, server.prefers_own_order), client);
    // The first suite that fits is final: OpenSSL does not try another suite if the
    // signature fails.
    let suite = suites.into_iter().find(fits).ok_or_else(|| {
        let unused = |key: &ServerKey| key.is_invalid && matches!(key.kind, KeyKind::Ec(_));
        if server.counting().any(|(_, key)| unused(key)) {
            Failure::InvalidCertificate
        } else {
            Failure::Suite
        }
    })?;
    let (key, scheme) = if suite.authentication == Authentication::Anonymous {
        (0, None)
    } else if version == Version::TLSv1_2 {
        // In Suite B the scheme's hash and the key's curve belong together as in TLS 1.3.
        let ties_curve = server.suite_b.is_some();
        let mut schemes = shared.into_iter();
        let found = schemes.find_map(|scheme| {
            Some((
                signing_key(server, client, scheme, ties_curve, Some(suite))?,
                scheme,
            ))
        });
        let (key, scheme) = found.ok_or(Failure::Signature)?;
        (
            key,
            // Key transport has no ServerKeyExchange, and so nothing to sign. The scheme still had
            // to be found: OpenSSL chooses it before it knows this.
            Some(scheme).filter(|_| suite.key_exchange != KeyExchange::Rsa),
        )
    } else {
        // Before TLS 1.2 the hash is fixed by the key (RFC 4346 7.4.3), so that there is no scheme
        // to agree on.
        let mut keys = server.counting();
        let key = keys.find(|(_, key)| authenticates(key.kind, suite));
        (key.ok_or(Failure::Signature)?.0, None)
    };
    let exchange = match (suite.key_exchange, shared_group(server, client, suite)) {
        (KeyExchange::Ecdhe, Some(group)) => Exchange::Group(group),
        // With automatic parameters, the size of the prime follows from the key that signs
        // (`ssl_get_auto_dh`): it is known only now, and may be too short for the level.
        (KeyExchange::Dhe, _) => Exchange::Dh(dh_bits(server, key, suite)?),
        _ => Exchange::Rsa,
    };
    Ok(Agreement {
        version,
        suite,
        exchange,
        key,
        scheme,
        hello_retry: false,
        http2: server.http2 && client.offers_http2,
    })
}

/// Whether a key counts when OpenSSL checks which suites it can serve
/// (`ssl_set_masks`, `tls1_process_sigalgs`).
fn serves(key: &ServerKey, client: &ClientHello, version: Version, shared: &[Scheme]) -> bool {
    let signs = |signer: Signer| shared.iter().any(|scheme| scheme.signer() == Some(signer));
    match key.kind {
        // `ssl_set_masks` sets the bits of RSA and DSA whenever the key is there; those of the
        // other kinds also ask whether `tls1_process_sigalgs` found a scheme for them. Counts
        // without a signature too: the choice of one then fails.
        KeyKind::Rsa(_) => true,
        KeyKind::Dsa(_) => true,
        // Before TLS 1.2 an RSA signature is PKCS#1 with MD5 and SHA-1 together (RFC 4346 7.4.3),
        // which such a key must not make.
        KeyKind::RsaPss(_) => version == Version::TLSv1_2 && signs(Signer::PssKey),
        // `X509_get_key_usage` allows an invalid certificate nothing (measured: 3.0.19; RSA, EdDSA
        // and TLS 1.3 do not ask).
        KeyKind::Ec(_) => {
            key.may_sign
                && !key.is_invalid
                && valid_in_tls12(key, client)
                && (version != Version::TLSv1_2 || signs(Signer::Ecdsa))
        }
        // RFC 8422 section 5.10: EdDSA came with TLS 1.2's signature_algorithms; older versions
        // cannot name it.
        KeyKind::Ed25519 => version == Version::TLSv1_2 && signs(Signer::Ed25519),
        KeyKind::Ed448 => version == Version::TLSv1_2 && signs(Signer::Ed448),
    }
}

fn in_version(suite: &Suite, version: Version) -> bool {
    match suite.since {
        Since::SslV3 => true,
        Since::TlsV1 => version >= Version::TLSv1,
        // AEAD and SHA-256 need the PRF of TLS 1.2 (RFC 5246 5): older versions cannot use these
        // suites.
        Since::TlsV1_2 => version == Version::TLSv1_2,
        _ => false,
    }
}
