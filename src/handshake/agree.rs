//! What a server on OpenSSL and a client agree on.
//!
//! The server decides: first the version, then the suite (and with it the kind
//! of key), the group and the signature. Each step looks only at what the
//! ClientHello offers and what the settings leave, so the answer needs no
//! network: one pass over lists of a few dozen entries for each pair.

use super::group::Group;
use super::hello::ClientHello;
use super::scheme::{Scheme, Signer};
use super::server_offer::{DhParameters, KeyKind, ServerKey, ServerOffer};
use crate::cipher::{Authentication, KeyExchange, Suite};
use crate::protocol::Version;
use std::fmt;

/// With what the secret is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exchange {
    /// In a named group.
    Group(Group),
    /// Finite-field Diffie-Hellman with a prime of so many bits.
    Dh(u32),
    /// RSA key transport.
    Rsa,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(group) => group.fmt(f),
            Self::Dh(bits) => write!(f, "DH-{bits}"),
            Self::Rsa => f.write_str("none (RSA key exchange)"),
        }
    }
}

/// What both sides agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agreement {
    /// The version.
    pub version: Version,
    /// The suite.
    pub suite: &'static Suite,
    /// With what the secret is made.
    pub exchange: Exchange,
    /// Which of the server's keys is used: its place in the offer.
    pub key: usize,
    /// The signature of the handshake; nothing for RSA key transport and for
    /// TLS 1.1 and older.
    pub scheme: Option<Scheme>,
    /// Whether the server first asks for another key share (TLS 1.3).
    pub hello_retry: bool,
}

/// Why no handshake comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// No version in common, at this security level and with these keys.
    Version,
    /// No suite in common that fits a key.
    Suite,
    /// No group in common.
    Group,
    /// No signature in common that fits a key.
    Signature,
    /// The parameters of Diffie-Hellman are too short for the server's level.
    DhTooShort,
    /// The certificates are too weak for the level that holds when they are sent.
    CertificateTooWeak,
    /// The server demands a certificate of the client, which has none.
    ClientCertificate,
    /// The server's key wants a longer salt than the signatures of TLS have.
    SaltTooShort,
}

impl Failure {
    /// The alert that OpenSSL sends.
    pub const fn alert(self) -> &'static str {
        match self {
            Self::Version => "protocol_version",
            Self::CertificateTooWeak | Self::SaltTooShort => "internal_error",
            _ => "handshake_failure",
        }
    }

    /// The reason that OpenSSL writes into the server's log.
    pub const fn openssl_reason(self) -> &'static str {
        match self {
            Self::Version => "unsupported protocol",
            Self::Suite => "no shared cipher",
            Self::Group => "no suitable key share",
            Self::Signature => "no suitable signature algorithm",
            Self::DhTooShort => "dh key too small",
            Self::CertificateTooWeak => "ee key too small",
            Self::ClientCertificate => "peer did not return a certificate",
            Self::SaltTooShort => "pss saltlen too small",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version => "no protocol version in common",
            Self::Suite => "no cipher suite in common",
            Self::Group => "no group in common",
            Self::Signature => "no signature algorithm in common",
            Self::DhTooShort => "the Diffie-Hellman parameters are too short",
            Self::CertificateTooWeak => "the certificate is too weak for the security level",
            Self::ClientCertificate => "the server demands a client certificate",
            Self::SaltTooShort => "the key demands a longer salt than TLS signs with",
        })
    }
}

/// What a server and a client agree on, by the rules of OpenSSL 3.0
/// (ssl/statem/statem_srvr.c, ssl/s3_lib.c `ssl3_choose_cipher`, ssl/t1_lib.c).
///
/// # Errors
/// Why they do not.
pub fn agree(server: &ServerOffer, client: &ClientHello) -> Result<Agreement, Failure> {
    let agreement = without_signing(server, client)?;
    // OpenSSL looks at the least salt of the key when it signs, and not before.
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
            // With one key left the rest is OpenSSL's own choice. The place among all keys is put
            // back afterwards.
            let one = ServerOffer {
                keys,
                chooses_by_client: false,
                ..server.clone()
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

/// The key that the server itself chooses for a client, of several.
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
    let version = version(server, client).ok_or(Failure::Version)?;
    let agreement = if version == Version::TLSv1_3 {
        newest(server, client)?
    } else {
        older(server, client, version)?
    };
    let key = server.keys.get(agreement.key);
    // OpenSSL asks for the level again when it sends the chain (`ssl_add_cert_chain`), and the
    // level may have changed since the files were loaded: a session can have another one than its
    // context.
    let too_weak = key
        .and_then(|key| key.chain_bits)
        .is_some_and(|bits| bits < server.level.bits());
    // An anonymous suite sends no certificate, so that no certificate can be too weak.
    let sent = agreement.version == Version::TLSv1_3
        || agreement.suite.authentication != Authentication::Anonymous;
    if too_weak && sent {
        return Err(Failure::CertificateTooWeak);
    }
    // A client without a certificate gets past the server's choices and fails only when its own
    // certificate is asked for.
    if server.demands_client_certificate {
        return Err(Failure::ClientCertificate);
    }
    Ok(agreement)
}

/// The newest version of both that the level allows. TLS 1.3 wants a key that
/// has a signature there (`is_tls13_capable`); else the next older one is taken.
fn version(server: &ServerOffer, client: &ClientHello) -> Option<Version> {
    let allowed = |version: &Version| {
        server.versions.contains(*version)
            && client.versions.contains(version)
            // TLS 1.1 and older at level 0 alone (`ssl_security_default_callback`).
            && (*version >= Version::TLSv1_2 || server.level.number() == 0)
            && (*version != Version::TLSv1_3 || can_tls13(server))
    };
    Version::ALL.into_iter().rev().find(allowed)
}

/// `is_tls13_capable`: with a callback for names OpenSSL hopes for the best.
fn can_tls13(server: &ServerOffer) -> bool {
    server.chooses_by_name || server.counting().any(|(_, key)| in_tls13(server, key))
}

fn in_tls13(server: &ServerOffer, key: &ServerKey) -> bool {
    match key.kind {
        KeyKind::Dsa(_) => false,
        // An EC key on a curve without a TLS 1.3 signature, such as secp256k1, cannot serve TLS
        // 1.3 at all (RFC 8446 4.2.3).
        KeyKind::Ec(curve) => schemes(server)
            .iter()
            .any(|scheme| scheme.curve() == Some(curve.0)),
        _ => true,
    }
}

/// The server's schemes at its level.
fn schemes(server: &ServerOffer) -> Vec<Scheme> {
    let all: Vec<_> = match &server.schemes {
        Some(schemes) => schemes.clone(),
        None => Scheme::openssl_default().collect(),
    };
    all.into_iter()
        .filter(|scheme| scheme.allowed(server.level))
        .collect()
}

/// The schemes of both, in the order that counts (`tls1_set_shared_sigalgs`).
fn shared_schemes(server: &ServerOffer, client: &ClientHello) -> Vec<Scheme> {
    let own = schemes(server);
    let theirs = client.signature_schemes.iter().map(|code| Scheme(*code));
    if server.prefers_own_order {
        let theirs: Vec<_> = theirs.collect();
        own.into_iter()
            .filter(|scheme| theirs.contains(scheme))
            .collect()
    } else {
        theirs.filter(|scheme| own.contains(scheme)).collect()
    }
}

/// The suites of both in the order that counts.
fn shared_suites<'s>(
    server: &'s ServerOffer,
    (suites, prefers_own_order): (&'s [&'static Suite], bool),
    client: &'s ClientHello,
) -> Vec<&'static Suite> {
    // The level is asked for each suite while choosing, not when the list is made: a string may
    // set the level after the words that add suites.
    let allowed = |suite: &&'static Suite| server.level.allows(suite);
    if prefers_own_order {
        let offered = |suite: &&'static Suite| client.suites.contains(&suite.code);
        suites
            .iter()
            .copied()
            .filter(offered)
            .filter(allowed)
            .collect()
    } else {
        let own = |code: &u16| suites.iter().copied().find(|suite| suite.code == *code);
        client
            .suites
            .iter()
            .filter_map(own)
            .filter(allowed)
            .collect()
    }
}

/// The groups of the server that its level allows in a version.
fn groups(server: &ServerOffer, tls13: bool) -> impl Iterator<Item = Group> {
    let bits = server.level.bits();
    // A group's strength is compared with the level's bits, so that level 3 leaves out ffdhe2048,
    // and level 4 everything weaker than P-384.
    let usable = move |group: &Group| group.serves(tls13) && group.bits() >= bits;
    server.groups.iter().copied().filter(usable)
}

/// TLS 1.3: suite, then group, then signature, each by itself.
fn newest(server: &ServerOffer, client: &ClientHello) -> Result<Agreement, Failure> {
    let suites = shared_suites(
        server,
        (&server.suites13, server.prefers_own_suites13),
        client,
    );
    // In TLS 1.3 the suite says nothing about the key: a suite is found first, and may then fail
    // for want of a group or signature.
    let suite = *suites.first().ok_or(Failure::Suite)?;
    let own: Vec<_> = groups(server, true).collect();
    let theirs = |group: &Group| client.groups.contains(&group.0);
    // A key share that came is taken in the client's order; what is asked for
    // afterwards is chosen in the server's.
    let mut shares = client.key_shares.iter().map(|code| Group(*code));
    let share = shares.find(|group| own.contains(group) && theirs(group));
    let group = share
        .or_else(|| own.iter().copied().find(theirs))
        .ok_or(Failure::Group)?;
    // `tls_choose_sigalg` takes the first scheme of both sides that some key can serve: in TLS 1.3
    // the signature decides which certificate is sent.
    let (key, scheme) = shared_schemes(server, client)
        .into_iter()
        .filter(|scheme| scheme.in_tls13())
        .find_map(|scheme| Some((signing_key(server, client, scheme, true, None)?, scheme)))
        .ok_or(Failure::Signature)?;
    Ok(Agreement {
        version: Version::TLSv1_3,
        suite,
        exchange: Exchange::Group(group),
        key,
        scheme: Some(scheme),
        hello_retry: share.is_none(),
    })
}

/// The key that a scheme signs with.
fn signing_key(
    server: &ServerOffer,
    client: &ClientHello,
    scheme: Scheme,
    tls13: bool,
    suite: Option<&Suite>,
) -> Option<usize> {
    let signer = scheme.signer()?;
    let fits = |key: &ServerKey| match (signer, key.kind) {
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
    };
    let for_suite = |key: &ServerKey| {
        suite.is_none_or(|suite| authenticates(key.kind, suite) && valid_in_tls12(key, client))
    };
    let mut keys = server.counting();
    keys.find(|(_, key)| fits(key) && for_suite(key) && certificate_is_known(key, client))
        .map(|(place, _)| place)
}

const fn digest_bytes(scheme: Scheme) -> u32 {
    match scheme.0 {
        0x0805 | 0x080A => 48,
        0x0806 | 0x080B => 64,
        _ => 32,
    }
}

/// What `signature_algorithms_cert` asks of the certificate's own signature
/// (`check_cert_usable`).
fn certificate_is_known(key: &ServerKey, client: &ClientHello) -> bool {
    // A client that says nothing about certificates is taken to accept any.
    match (client.certificate_schemes, key.certificate_scheme) {
        (Some(wanted), Some(scheme)) => wanted.contains(&scheme.0),
        _ => true,
    }
}

/// Whether a key proves the server in a suite.
const fn authenticates(key: KeyKind, suite: &Suite) -> bool {
    match suite.authentication {
        Authentication::Rsa => match key {
            KeyKind::Rsa(_) => true,
            // For signatures alone: not where the client encrypts with the key.
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
fn valid_in_tls12(key: &ServerKey, client: &ClientHello) -> bool {
    match key.kind {
        KeyKind::Ec(curve) => client.groups.contains(&curve.0),
        _ => true,
    }
}

/// TLS 1.2 and older: the first suite for which there are a key and a group.
fn older(
    server: &ServerOffer,
    client: &ClientHello,
    version: Version,
) -> Result<Agreement, Failure> {
    let shared: Vec<_> = if version == Version::TLSv1_2 {
        shared_schemes(server, client)
    } else {
        Vec::new()
    };
    let group = shared_group(server, client);
    let fits = |suite: &&'static Suite| {
        if !in_version(suite, version) {
            return false;
        }
        let exchange = match suite.key_exchange {
            KeyExchange::Ecdhe => group.is_some(),
            KeyExchange::Dhe => server.dh != DhParameters::None,
            // RSA key transport needs neither group nor parameters: the client encrypts the secret
            // with the certificate's key.
            KeyExchange::Rsa => true,
            _ => false,
        };
        exchange
            && (suite.authentication == Authentication::Anonymous
                || server.counting().any(|(_, key)| {
                    authenticates(key.kind, suite) && serves(key, client, version, &shared)
                }))
    };
    let suites = shared_suites(server, (&server.suites, server.prefers_own_order), client);
    // The first suite that fits is final. OpenSSL does not come back for another suite where the
    // signature fails.
    let suite = suites.into_iter().find(fits).ok_or(Failure::Suite)?;
    let (key, scheme) = if suite.authentication == Authentication::Anonymous {
        (0, None)
    } else if version == Version::TLSv1_2 {
        let mut schemes = shared.into_iter();
        let found = schemes.find_map(|scheme| {
            Some((
                signing_key(server, client, scheme, false, Some(suite))?,
                scheme,
            ))
        });
        let (key, scheme) = found.ok_or(Failure::Signature)?;
        (
            key,
            // Key transport has no ServerKeyExchange, and so nothing to sign. The scheme still had
            // to be found: OpenSSL chooses it before it knows that.
            Some(scheme).filter(|_| suite.key_exchange != KeyExchange::Rsa),
        )
    } else {
        // Before TLS 1.2 the hash is fixed by the key (RFC 4346 7.4.3), so that there is no scheme
        // to agree on.
        let mut keys = server.counting();
        let key = keys.find(|(_, key)| authenticates(key.kind, suite));
        (key.ok_or(Failure::Signature)?.0, None)
    };
    let exchange = match (suite.key_exchange, group) {
        (KeyExchange::Ecdhe, Some(group)) => Exchange::Group(group),
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
    })
}

/// Whether a key counts when OpenSSL looks which suites it can serve
/// (`ssl_set_masks`, `tls1_process_sigalgs`).
fn serves(key: &ServerKey, client: &ClientHello, version: Version, shared: &[Scheme]) -> bool {
    let signs = |signer: Signer| shared.iter().any(|scheme| scheme.signer() == Some(signer));
    match key.kind {
        // Counts without a signature too: the choice of one then fails.
        KeyKind::Rsa(_) => true,
        KeyKind::Dsa(_) => true,
        KeyKind::RsaPss(_) => version == Version::TLSv1_2 && signs(Signer::PssKey),
        KeyKind::Ec(_) => {
            key.may_sign
                && valid_in_tls12(key, client)
                && (version != Version::TLSv1_2 || signs(Signer::Ecdsa))
        }
        KeyKind::Ed25519 => version == Version::TLSv1_2 && signs(Signer::Ed25519),
        KeyKind::Ed448 => version == Version::TLSv1_2 && signs(Signer::Ed448),
    }
}

/// The group for ECDHE in TLS 1.2 and older, in the order that counts.
fn shared_group(server: &ServerOffer, client: &ClientHello) -> Option<Group> {
    let own: Vec<_> = groups(server, false).collect();
    if server.prefers_own_order {
        own.into_iter()
            .find(|group| client.groups.contains(&group.0))
    } else {
        let theirs = client.groups.iter().map(|code| Group(*code));
        theirs.into_iter().find(|group| own.contains(group))
    }
}

fn in_version(suite: &Suite, version: Version) -> bool {
    use crate::cipher::Since;
    match suite.since {
        Since::SslV3 => true,
        Since::TlsV1 => version >= Version::TLSv1,
        Since::TlsV1_2 => version == Version::TLSv1_2,
        _ => false,
    }
}

/// The size of the prime: given, or chosen by OpenSSL (`ssl_get_auto_dh`).
fn dh_bits(server: &ServerOffer, key: usize, suite: &Suite) -> Result<u32, Failure> {
    match server.dh {
        DhParameters::Bits(bits) => {
            // No DHE key weaker than 1024 bits even at level 0 (`ssl_security_default_callback`).
            let enough = modulus_bits(bits) >= server.level.bits().max(80);
            if enough {
                Ok(bits)
            } else {
                Err(Failure::DhTooShort)
            }
        }
        DhParameters::None => Err(Failure::Suite),
        DhParameters::Automatic => {
            // `ssl_get_auto_dh` measures the prime by what it protects: the server's key, or
            // without one the cipher's key.
            let strength = if suite.authentication == Authentication::Anonymous {
                if suite.encryption.bits() == 256 {
                    128
                } else {
                    80
                }
            } else {
                server.keys.get(key).map_or(80, |key| key.kind.bits())
            };
            Ok(match strength.max(server.level.bits()) {
                192.. => 8192,
                152..192 => 4096,
                128..152 => 3072,
                112..128 => 2048,
                _ => 1024,
            })
        }
    }
}

/// Bits of security of an RSA modulus or a Diffie-Hellman prime, as OpenSSL
/// 3.0 rounds them (crypto/rsa/rsa_lib.c, `ossl_ifc_ffc_compute_security_bits`);
/// the steps were found by bisection with 3.0.19.
pub const fn modulus_bits(bits: u32) -> u32 {
    match bits {
        0..920 => 56,
        920..1963 => 80,
        1963..2672 => 112,
        2672..4096 => 128,
        4096..7680 => 152,
        7680..15360 => 192,
        _ => 256,
    }
}

impl KeyKind {
    /// Bits of security, as OpenSSL 3.0 counts them.
    pub fn bits(self) -> u32 {
        match self {
            Self::Rsa(bits) | Self::RsaPss(bits) | Self::Dsa(bits) => modulus_bits(bits),
            Self::Ec(curve) => curve.bits(),
            Self::Ed25519 => 128,
            Self::Ed448 => 224,
        }
    }
}
