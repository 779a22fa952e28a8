//! Whether a client's own key serves in a handshake in which the server asks for a certificate.
//!
//! The server names the signatures that it accepts, and the client sends its certificate only if
//! it can make one of them. In TLS 1.2 a signature is not tied to a curve; there the server's
//! groups decide on it.

use super::hello::ClientHello;
use super::scheme::{Scheme, Signer};
use super::server_offer::{KeyKind, ServerKey, ServerOffer};
use super::shared::{groups, schemes};
use super::signing_key::{digest_bytes, fits};
use super::version::version;
use crate::protocol::Version;

/// Why a client's key does not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientKeyFailure {
    /// No version in common.
    Version,
    /// The server accepts no signature in this version that the client makes with such a key: the
    /// client sends no certificate.
    NotSent(Version),
    /// The key's curve is not among the groups of both (TLS 1.2).
    Curve,
}

/// The version in which the client proves that it has the key, by the rules of OpenSSL 3.0
/// (ssl/t1_lib.c, `tls_choose_sigalg` at the client, `tls12_check_peer_sigalg` at the server).
///
/// # Errors
/// Why it cannot.
pub fn client_key(
    server: &ServerOffer,
    client: &ClientHello,
    key: &ServerKey,
) -> Result<Version, ClientKeyFailure> {
    // Which keys the server itself has is another question.
    let any = ServerOffer {
        chooses_by_name: true,
        ..server.clone()
    };
    let version = version(&any, client).ok_or(ClientKeyFailure::Version)?;
    let not_sent = ClientKeyFailure::NotSent(version);
    if version < Version::TLSv1_2 {
        // These sign with MD5 and SHA-1 together, or with SHA-1 (RFC 4346 7.4.3): EdDSA and PSS have
        // no place there, and no curve is compared (measured: 3.0.19 at level 0).
        let old = matches!(key.kind, KeyKind::Rsa(_) | KeyKind::Dsa(_) | KeyKind::Ec(_));
        return if old { Ok(version) } else { Err(not_sent) };
    }
    let tls13 = version == Version::TLSv1_3;
    let signs = |scheme: &Scheme| {
        client.signature_schemes.contains(&scheme.0)
            && scheme
                .signer()
                .is_some_and(|signer| signer != Signer::Dsa || !tls13)
            && (!tls13 || scheme.in_tls13())
            && fits(*scheme, key, tls13)
            && key.pss_salt <= digest_bytes(*scheme)
    };
    if !for_clients(server).iter().any(signs) {
        return Err(not_sent);
    }
    match key.kind {
        KeyKind::Ec(curve) if !tls13 => {
            let known = client.groups.contains(&curve.0)
                && groups(server, false).any(|group| group == curve);
            if known {
                Ok(version)
            } else {
                Err(ClientKeyFailure::Curve)
            }
        }
        _ => Ok(version),
    }
}

/// The schemes that the server names in its CertificateRequest (`tls12_get_psigalgs`).
fn for_clients(server: &ServerOffer) -> Vec<Scheme> {
    match &server.client_schemes {
        Some(own) => own
            .iter()
            .copied()
            .filter(|scheme| scheme.allowed(server.level, server.library))
            .collect(),
        None => schemes(server),
    }
}

/// Whether a CertificateRequest of this version can name a signature: otherwise the server ends
/// the handshake (`tls12_copy_sigalgs`).
pub(super) fn can_ask(server: &ServerOffer, version: Version) -> bool {
    match version {
        Version::TLSv1_3 => for_clients(server).iter().any(|scheme| scheme.in_tls13()),
        Version::TLSv1_2 => !for_clients(server).is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientKeyFailure, client_key};
    use crate::cipher::{CipherList, SecurityLevel};
    use crate::handshake::{ClientHello, Group, KeyKind, Scheme, ServerKey, ServerOffer};
    use crate::protocol::{Version, VersionSet};

    fn server(version: Version) -> ServerOffer {
        let suites = CipherList::openssl("ALL").suites;
        ServerOffer::new(VersionSet::only(version), suites, Vec::new())
    }

    /// Measured: `openssl s_server -Verify` and `s_client` 3.0.19 at `@SECLEVEL=0`.
    #[test]
    fn curves_and_kinds_as_measured() {
        let openssl = ClientHello::of("openssl").unwrap();
        let meets = |server: &ServerOffer, kind| client_key(server, openssl, &ServerKey::new(kind));
        let (old, new) = (server(Version::TLSv1_2), server(Version::TLSv1_3));
        let not_sent = Err(ClientKeyFailure::NotSent(Version::TLSv1_3));
        for curve in [Group::SECP224R1, Group::SECP256K1, Group(0x1A)] {
            assert_eq!(
                meets(&old, KeyKind::Ec(curve)),
                Err(ClientKeyFailure::Curve)
            );
            assert_eq!(meets(&new, KeyKind::Ec(curve)), not_sent);
        }
        for kind in [
            KeyKind::Ec(Group::SECP521R1),
            KeyKind::Ed448,
            KeyKind::RsaPss(2048),
        ] {
            assert_eq!(meets(&old, kind), Ok(Version::TLSv1_2));
            assert_eq!(meets(&new, kind), Ok(Version::TLSv1_3));
        }
        assert_eq!(meets(&old, KeyKind::Dsa(2048)), Ok(Version::TLSv1_2));
        assert_eq!(meets(&new, KeyKind::Dsa(2048)), not_sent);
        let mut p384 = old.clone();
        p384.groups = vec![Group::SECP384R1];
        let p521 = meets(&p384, KeyKind::Ec(Group::SECP521R1));
        assert_eq!(p521, Err(ClientKeyFailure::Curve));
        // The server's own list does not have to have the curve that the client does not offer.
        p384.groups = vec![Group::SECP256R1, Group::SECP256K1];
        let k1 = meets(&p384, KeyKind::Ec(Group::SECP256K1));
        assert_eq!(k1, Err(ClientKeyFailure::Curve));
    }

    #[test]
    fn lists_for_clients_count_before_the_servers_own() {
        let openssl = ClientHello::of("openssl").unwrap();
        let mut offer = server(Version::TLSv1_3);
        let meets =
            |offer: &ServerOffer, kind| client_key(offer, openssl, &ServerKey::new(kind)).is_ok();
        offer.client_schemes = Some(vec![Scheme(0x0403)]);
        assert!(meets(&offer, KeyKind::Ec(Group::SECP256R1)));
        assert!(!meets(&offer, KeyKind::Ec(Group::SECP521R1)));
        assert!(!meets(&offer, KeyKind::Rsa(2048)));
        offer.versions = VersionSet::only(Version::TLSv1_2);
        assert!(meets(&offer, KeyKind::Ec(Group::SECP521R1)));
        offer.level = SecurityLevel::new(4).unwrap();
        assert!(!meets(&offer, KeyKind::Ec(Group::SECP521R1)));
    }
}
