//! What Suite B (RFC 6460) leaves of a server's offer (ssl/t1_lib.c, `tls1_suiteb`).

use super::group::Group;
use super::scheme::Scheme;
use super::server_offer::ServerOffer;
use crate::cipher::{Suite, SuiteB};

const SHA256: Scheme = Scheme(0x0403);
const SHA384: Scheme = Scheme(0x0503);

/// The groups that count, whatever the settings name (`tls1_get_supported_groups`).
pub(super) fn groups(server: &ServerOffer) -> &[Group] {
    match server.suite_b {
        None => &server.groups,
        // RFC 6460 section 3: 128 bits of security are P-256 with SHA-256, 192 bits P-384 with
        // SHA-384.
        Some(SuiteB::P256) => &[Group::SECP256R1],
        Some(SuiteB::P384) => &[Group::SECP384R1],
        Some(_) => &[Group::SECP256R1, Group::SECP384R1],
    }
}

/// The schemes that both sides are searched for, whatever the settings name
/// (`tls12_get_psigalgs`).
pub(super) const fn schemes(mode: SuiteB) -> &'static [Scheme] {
    match mode {
        SuiteB::P256 => &[SHA256],
        SuiteB::P384 => &[SHA384],
        SuiteB::Both => &[SHA256, SHA384],
    }
}

/// The only group for a suite in TLS 1.2 (`tls1_check_ec_tmp_key`).
pub(super) const fn group(suite: &Suite) -> Option<Group> {
    match suite.code {
        0xC02B => Some(Group::SECP256R1),
        0xC02C => Some(Group::SECP384R1),
        _ => None,
    }
}

/// Whether TLS 1.2 accepts the certificates that are sent, by the curve of each key and the scheme
/// of each signature, the server's own first (`tls1_check_chain`, `X509_chain_check_suiteb`).
/// `None` if that depends on how a server hands its chain to OpenSSL: nginx and HAProxy
/// compare a lone certificate's signature with its own key, PostgreSQL and httpd do not, and
/// httpd keeps `SSLCertificateChainFile` apart (measured: 3.0.19).
pub(crate) fn takes_path(path: &[(Option<Group>, Option<Scheme>)]) -> Option<bool> {
    let own = path.first()?;
    if !matches!(own.0, Some(Group::SECP256R1 | Group::SECP384R1))
        || !matches!(own.1, Some(SHA256 | SHA384))
    {
        return Some(false);
    }
    let alike = |wanted: Group, scheme: Scheme| {
        let mut path = path.iter();
        path.all(|link| *link == (Some(wanted), Some(scheme)))
    };
    (alike(Group::SECP256R1, SHA256) || alike(Group::SECP384R1, SHA384)).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::{SHA256, SHA384, takes_path};
    use crate::cipher::SuiteB;
    use crate::handshake::{
        Agreement, ClientHello, Failure, Group, KeyKind, Scheme, ServerKey, ServerOffer, agree,
    };
    use crate::protocol::{Version, VersionSet};

    fn meets(key: KeyKind, mode: SuiteB, version: Version) -> Result<Agreement, Failure> {
        let string = match mode {
            SuiteB::Both => "SUITEB128",
            SuiteB::P256 => "SUITEB128ONLY",
            SuiteB::P384 => "SUITEB192",
        };
        let list = crate::cipher::CipherList::openssl(string);
        let keys = vec![ServerKey::new(key)];
        let mut server = ServerOffer::new(VersionSet::only(version), list.suites, keys);
        server.suite_b = list.suite_b;
        server.groups = vec![Group::X25519];
        let client = ClientHello::ALL
            .iter()
            .find(|hello| hello.client == "openssl");
        agree(&server, client.unwrap())
    }

    /// Measured: nginx 1.22.1, HAProxy 2.6.12, s_server, all with 3.0.19.
    #[test]
    fn keys_and_groups_as_measured() {
        let (v12, v13) = (Version::TLSv1_2, Version::TLSv1_3);
        let p256 = KeyKind::Ec(Group::SECP256R1);
        let p384 = KeyKind::Ec(Group::SECP384R1);
        let group = |key, mode, version| {
            let agreement = meets(key, mode, version).ok()?;
            Some(agreement.exchange.to_string())
        };
        let expected = |name: &str| Some(name.to_owned());
        assert_eq!(group(p256, SuiteB::Both, v12), expected("secp256r1"));
        assert_eq!(group(p256, SuiteB::Both, v13), expected("secp256r1"));
        assert_eq!(group(p256, SuiteB::P384, v12), None);
        assert_eq!(group(p256, SuiteB::P384, v13), None);
        assert_eq!(group(p384, SuiteB::P384, v12), expected("secp384r1"));
        assert_eq!(group(p384, SuiteB::P384, v13), expected("secp384r1"));
        assert_eq!(group(p384, SuiteB::P256, v13), None);
        assert_eq!(group(p384, SuiteB::Both, v13), expected("secp256r1"));
        for version in [v12, v13] {
            for mode in [SuiteB::Both, SuiteB::P256, SuiteB::P384] {
                assert_eq!(group(KeyKind::Rsa(2048), mode, version), None);
                assert_eq!(group(KeyKind::Ed25519, mode, version), None);
            }
        }
    }

    #[test]
    fn paths_as_measured() {
        let (p256, p384) = (Some(Group::SECP256R1), Some(Group::SECP384R1));
        let rsa = Some(Scheme(0x0401));
        assert_eq!(takes_path(&[(p256, Some(SHA256)); 2]), Some(true));
        assert_eq!(takes_path(&[(p384, Some(SHA384))]), Some(true));
        assert_eq!(takes_path(&[(p256, rsa)]), Some(false));
        assert_eq!(takes_path(&[(None, Some(SHA256))]), Some(false));
        // A lone P-256 key under P-384: no for nginx and HAProxy, yes for httpd and PostgreSQL.
        assert_eq!(takes_path(&[(p256, Some(SHA384))]), None);
        assert_eq!(takes_path(&[(p256, Some(SHA384)), (p384, rsa)]), None);
    }
}
