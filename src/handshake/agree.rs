//! What a server on OpenSSL and a client agree on.
//!
//! The server decides: first the version, then the suite (and with it the kind
//! of key), the group and the signature. Each step looks only at what the
//! ClientHello offers and what the settings leave, so the answer needs no
//! network: one walk through lists of a few dozen entries for each pair.

use super::agreement::{Agreement, Failure};
use super::client_key::can_ask;
use super::hello::ClientHello;
use super::server_offer::{KeyKind, ServerKey, ServerOffer};
use super::signing_key::digest_bytes;
use super::version::version;
use super::{tls12, tls13};
use crate::cipher::{Authentication, Since, Suite};
use crate::protocol::{Library, Version};

/// What a server and a client agree on, by the rules of OpenSSL 3.0
/// (ssl/statem/statem_srvr.c, ssl/s3_lib.c `ssl3_choose_cipher`, ssl/t1_lib.c).
///
/// # Errors
/// Why they do not.
pub fn agree(server: &ServerOffer, client: &ClientHello) -> Result<Agreement, Failure> {
    let agreement = without_signing(server, client)?;
    // OpenSSL checks the key's minimum salt only when it signs.
    let key = server.keys.get(agreement.key);
    let too_long = |scheme| key.is_some_and(|key| key.pss_salt > digest_bytes(scheme));
    if agreement.scheme.is_some_and(too_long) {
        return Err(Failure::SaltTooShort);
    }
    Ok(agreement)
}

fn without_signing(server: &ServerOffer, client: &ClientHello) -> Result<Agreement, Failure> {
    match chosen(server, client) {
        Some(place) => {
            let keys = server.keys.get(place).cloned().into_iter().collect();
            // With one key left, the rest is OpenSSL's own choice. The place among all keys is
            // restored afterwards.
            let one = ServerOffer {
                keys,
                chooses_by_client: false,
                by_key: Vec::new(),
                ..server.with_key(place).clone()
            };
            let agreement = openssl(&one, client)?;
            Ok(Agreement {
                key: place,
                ..agreement
            })
        }
        None => openssl(server, client),
    }
}

/// The key, of several, that the server itself chooses for a client.
fn chosen(server: &ServerOffer, client: &ClientHello) -> Option<usize> {
    if !server.chooses_by_client || server.keys.len() < 2 {
        return None;
    }
    let is_ec = |key: &ServerKey| matches!(key.kind, KeyKind::Ec(_));
    let is_rsa = |key: &ServerKey| matches!(key.kind, KeyKind::Rsa(_));
    // The second byte of an ECDSA scheme is 3, of an RSA one with PKCS #1 is 1;
    // a suite of TLS 1.3 counts as one for ECDSA.
    let signs = |kind: u16| {
        client
            .signature_schemes
            .iter()
            .any(|code| code & 0xFF == kind)
    };
    let ecdsa_suite = client.suites.iter().any(|code| {
        crate::cipher::numbered(*code).is_some_and(|suite| {
            matches!(
                suite.authentication,
                Authentication::Ecdsa | Authentication::Any
            )
        })
    });
    let place = |wanted: &dyn Fn(&ServerKey) -> bool| server.keys.iter().position(wanted);
    let ec = || place(&is_ec).filter(|_| signs(3) && ecdsa_suite);
    let rsa = || place(&is_rsa).filter(|_| signs(1));
    ec().or_else(rsa).or(Some(0))
}

fn openssl(server: &ServerOffer, client: &ClientHello) -> Result<Agreement, Failure> {
    if !has_suite_below_gap(server) {
        return Err(Failure::SuiteBelowGap);
    }
    let version = version(server, client).ok_or(Failure::Version)?;
    let agreement = if version == Version::TLSv1_3 {
        tls13::agree(server, client)?
    } else {
        tls12::agree(server, client, version)?
    };
    let key = server.keys.get(agreement.key);
    // OpenSSL checks the level again when it sends the chain (`ssl_add_cert_chain`), and the level
    // may have changed since the files were loaded: a session's can differ from its context's.
    let too_weak = key
        .and_then(|key| {
            let bits = key.chain_bits?.min(key.kind.bits_in(server.library));
            let own = key
                .own_digest_bits
                .filter(|_| server.library < Library::OpenSsl35);
            Some(own.map_or(bits, |own| bits.min(own)))
        })
        .is_some_and(|bits| bits < server.level.bits());
    // An anonymous suite sends no certificate, so none can be too weak.
    let sent = agreement.version == Version::TLSv1_3
        || agreement.suite.authentication != Authentication::Anonymous;
    if too_weak && sent {
        return Err(Failure::CertificateTooWeak);
    }
    if server.asks_for_certificate && !can_ask(server, version) {
        return Err(Failure::CertificateRequest);
    }
    // A client without a certificate gets past the server's choices and fails only when its own
    // certificate is asked for.
    if server.demands_client_certificate {
        return Err(Failure::ClientCertificate);
    }
    Ok(agreement)
}

/// Whether there is a suite for the versions below a gap, as in `TLSv1.1 TLSv1.3`.
///
/// OpenSSL walks down its versions to find the newest one, and begins again after each gap: it
/// ends with the newest version of the lowest block (ssl/statem/statem_lib.c,
/// `ssl_get_min_max_version`). Before it looks at a ClientHello, it wants one suite for that
/// version (`tls_setup_handshake`), even if every client would agree on TLS 1.3. The level forbids
/// these versions later than in `Library::allows`, which counts their signatures
/// (measured: 3.0.19 below nginx 1.22.1, levels 0 to 2). Without a gap there is nothing to add:
/// with no suite for the newest version, no client agrees in any case.
fn has_suite_below_gap(server: &ServerOffer) -> bool {
    let level = server.level.number();
    let enabled = |version: Version| {
        server.versions.contains(version)
            && match version {
                Version::TLSv1 => level < 3,
                Version::TLSv1_1 => level < 4,
                Version::TLSv1_2 | Version::TLSv1_3 => true,
                _ => false, // not built into any OpenSSL that is known here
            }
    };
    let newest = Version::ALL
        .into_iter()
        .rev()
        .find(|version| enabled(*version));
    let oldest = Version::ALL.into_iter().find(|version| enabled(*version));
    let (Some(newest), Some(oldest)) = (newest, oldest) else {
        return true;
    };
    let gap = (Version::ALL.into_iter())
        .any(|version| oldest < version && version < newest && !enabled(version));
    // A gap can only be below TLS 1.2 or TLS 1.3, so that the lowest block is TLS 1.0, 1.1 or both.
    let old = |suite: &&Suite| matches!(suite.since, Since::SslV3 | Since::TlsV1);
    !gap || server.suites.iter().copied().any(|suite| old(&suite))
}
