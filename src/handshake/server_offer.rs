//! What a server on OpenSSL 3.0 offers: its settings and keys, as they take effect.

use super::group::Group;
use super::scheme::Scheme;
use crate::cipher::{SecurityLevel, Suite, SuiteB, tls13_default};
use crate::protocol::{Library, VersionSet};

/// Where the parameters of finite-field Diffie-Hellman come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DhParameters {
    /// None: no DHE suite works in TLS 1.2 and older.
    None,
    /// OpenSSL chooses a size by the key and the level (`SSL_CTX_set_dh_auto(3)`).
    Automatic,
    /// A prime of this many bits.
    Bits(u32),
}

/// A setting by which clients get no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Closes {
    /// The setting and its value.
    pub setting: String,
    /// Which clients.
    pub whom: Whom,
}

/// Which clients get no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Whom {
    /// All.
    All,
    /// Those with which HTTP/2 was chosen.
    Http2,
    /// The others.
    NotHttp2,
}

impl Closes {
    /// A setting that concerns these clients.
    pub fn new(setting: impl Into<String>, whom: Whom) -> Self {
        let setting = setting.into();
        Self { setting, whom }
    }

    /// Whether a client gets no answer, by whether HTTP/2 was chosen.
    pub(super) fn concerns(&self, http2: bool) -> bool {
        match self.whom {
            Whom::All => true,
            Whom::Http2 => http2,
            Whom::NotHttp2 => !http2,
        }
    }
}

/// The kind of a server's key: OpenSSL has a place for one certificate of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA with a modulus of so many bits.
    Rsa(u32),
    /// RSA only for PSS (id-RSASSA-PSS) with a modulus of so many bits.
    RsaPss(u32),
    /// EC on a named curve.
    Ec(Group),
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
    /// DSA with a prime of so many bits.
    Dsa(u32),
}

/// What the handshake looks at in a certificate with its key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerKey {
    /// The key.
    pub kind: KeyKind,
    /// Whether keyUsage allows signatures; true where the extension is absent.
    pub may_sign: bool,
    /// Whether keyUsage allows RSA key transport; true where the extension is absent.
    pub may_encipher: bool,
    /// Whether OpenSSL finds the certificate invalid, because of an extension that it reads with
    /// every certificate.
    pub is_invalid: bool,
    /// The scheme with which the certificate is signed, where it is one of TLS.
    pub certificate_scheme: Option<Scheme>,
    /// The least bits of security of the keys and digests of the certificates that are sent, if
    /// known; without the digest of its own certificate's signature.
    pub chain_bits: Option<u32>,
    /// Bits of security of that digest: 3.5 and later send a certificate whatever its own
    /// signature is (measured: 3.5.9, 4.0.3).
    pub own_digest_bits: Option<u32>,
    /// For keys limited to one digest (RFC 4055): its bits, otherwise nothing.
    pub pss_digest: Option<u32>,
    /// And the least bytes of their salt: a TLS signature has a salt as long as its digest.
    pub pss_salt: u32,
    /// Whether TLS 1.2 accepts its certificates in a server with Suite B; `None` if certcheck
    /// cannot tell.
    pub in_suite_b: Option<bool>,
}

impl ServerKey {
    /// A key whose certificate has no peculiarity.
    pub const fn new(kind: KeyKind) -> Self {
        Self {
            kind,
            may_sign: true,
            may_encipher: true,
            is_invalid: false,
            certificate_scheme: None,
            chain_bits: None,
            own_digest_bits: None,
            pss_digest: None,
            pss_salt: 0,
            in_suite_b: Some(true),
        }
    }
}

/// What a server on OpenSSL brings to a handshake: 3.0, unless `library` names another.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerOffer {
    /// The versions that its settings allow.
    pub versions: VersionSet,
    /// The suites for TLS 1.2 and older, in order.
    pub suites: Vec<&'static Suite>,
    /// The suites for TLS 1.3, in order.
    pub suites13: Vec<&'static Suite>,
    /// The security level during the handshake.
    pub level: SecurityLevel,
    /// The OpenSSL that it runs with.
    pub library: Library,
    /// The groups, in order.
    pub groups: Vec<Group>,
    /// How many of them belong together, one number for each set: in TLS 1.3 OpenSSL 3.5
    /// chooses the set before it checks which keys the client has sent. Empty: one set.
    pub group_sets: Vec<usize>,
    /// Suite B, which replaces groups and schemes, and makes the server's order count.
    pub suite_b: Option<SuiteB>,
    /// The signature schemes, where the settings name them.
    pub schemes: Option<Vec<Scheme>>,
    /// The same for the signatures of clients, where another list applies to them.
    pub client_schemes: Option<Vec<Scheme>>,
    /// Whether it asks clients for a certificate.
    pub asks_for_certificate: bool,
    /// Whether the server's order of suites counts (`SSL_OP_CIPHER_SERVER_PREFERENCE`).
    pub prefers_own_order: bool,
    /// The same for suites of TLS 1.3, where the server chooses among those before it
    /// knows the name that the client requests.
    pub prefers_own_suites13: bool,
    /// The suites for TLS 1.3 after a HelloRetryRequest, and whether the server's order of them
    /// counts, where that differs from before: nginx knows the name by then.
    pub second: Option<(Vec<&'static Suite>, bool)>,
    /// The parameters for DHE in TLS 1.2 and older.
    pub dh: DhParameters,
    /// Its certificates and keys, in the order in which they were loaded. Of two for the same
    /// OpenSSL slot, the later one counts.
    pub keys: Vec<ServerKey>,
    /// Whether the server chooses a certificate by the name that the client asks
    /// for: OpenSSL then assumes that TLS 1.3 is possible before it knows the key
    /// (ssl/statem/statem_lib.c, `is_tls13_capable`).
    pub chooses_by_name: bool,
    /// Whether it chooses one key by what the client offers, before OpenSSL does: an EC key for
    /// clients that accept ECDSA, otherwise the RSA key, the first file of each
    /// (HAProxy 2.6, src/ssl_sock.c `ssl_sock_switchctx_cbk`).
    pub chooses_by_client: bool,
    /// What it offers with each of `keys`, where that differs, as with HAProxy's crt-list: the
    /// settings of the chosen certificate's line count. Empty: the same with all.
    pub by_key: Vec<Self>,
    /// Whether it chooses HTTP/2 (ALPN `h2`) for clients that offer it.
    pub http2: bool,
    /// Whether it closes a connection that chose HTTP/2 with a suite that RFC 9113 prohibits.
    pub http2_modern_only: bool,
    /// Whether it authenticates with SCRAM bound to its certificate (`tls-server-end-point`,
    /// RFC 5929 section 4), as PostgreSQL does with psql.
    pub channel_binding: bool,
    /// A setting by which clients get no answer, though their handshake may succeed.
    pub closes: Option<Closes>,
    /// Whether it ends the handshake of a client without a certificate.
    pub demands_client_certificate: bool,
}

impl KeyKind {
    /// Whether OpenSSL keeps both kinds in the same slot: there is one for each
    /// of RSA, PSS, EC, Ed25519, Ed448 and DSA.
    pub(super) const fn shares_place_with(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::Rsa(_), Self::Rsa(_))
                | (Self::RsaPss(_), Self::RsaPss(_))
                | (Self::Ec(_), Self::Ec(_))
                | (Self::Ed25519, Self::Ed25519)
                | (Self::Ed448, Self::Ed448)
                | (Self::Dsa(_), Self::Dsa(_))
        )
    }
}

impl ServerOffer {
    /// The keys that count, each with its place in the offer: of two in one OpenSSL slot, the later
    /// one.
    pub(super) fn counting(&self) -> impl Iterator<Item = (usize, &ServerKey)> {
        self.keys.iter().enumerate().filter(|(place, key)| {
            // OpenSSL has one slot for each kind of key: loading a second RSA certificate replaces
            // the first silently.
            let mut later = self.keys.iter().skip(place + 1);
            !later.any(|other| other.kind.shares_place_with(key.kind))
        })
    }

    /// What it offers with this one of `keys`.
    pub fn with_key(&self, place: usize) -> &Self {
        self.by_key.get(place).unwrap_or(self)
    }

    /// The same with another OpenSSL, whose groups replace those of 3.0 if these are still the
    /// defaults.
    #[must_use]
    pub fn with_library(mut self, library: Library) -> Self {
        self.library = library;
        // Groups named in the settings apply with any library; only the default depends on it.
        if self.groups == Group::OPENSSL_DEFAULT {
            let (groups, sets) = Group::defaults_of(library);
            self.groups = groups.to_vec();
            self.group_sets = sets.to_vec();
        }
        self
    }

    /// OpenSSL's defaults with one key.
    pub fn new(versions: VersionSet, suites: Vec<&'static Suite>, keys: Vec<ServerKey>) -> Self {
        Self {
            versions,
            suites,
            suites13: tls13_default(),
            level: SecurityLevel::DEBIAN,
            library: Library::OpenSsl3,
            groups: Group::OPENSSL_DEFAULT.to_vec(),
            group_sets: Vec::new(),
            suite_b: None,
            schemes: None,
            client_schemes: None,
            asks_for_certificate: false,
            prefers_own_order: false,
            prefers_own_suites13: false,
            second: None,
            dh: DhParameters::None,
            keys,
            chooses_by_name: false,
            chooses_by_client: false,
            by_key: Vec::new(),
            http2: false,
            http2_modern_only: false,
            channel_binding: false,
            closes: None,
            demands_client_certificate: false,
        }
    }
}
