//! What servers do differently from some version on, apart from setting names.
//!
//! A reader of settings reports which of these rules concern the settings
//! ([`Settings::depends_on`](crate::server::settings::Settings)), by the rule's key.

/// A rule that changed with a version of a server.
///
/// ```
/// use certcheck::server::ServerChange;
/// let mut of_nginx = ServerChange::all().filter(|change| change.server == "nginx");
/// assert!(of_nginx.any(|change| change.from == "1.29.2"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerChange {
    /// The server, as `--server` names it.
    pub server: &'static str,
    /// The setting that it concerns.
    pub setting: &'static str,
    /// The name that the readers use.
    pub(in crate::server) key: &'static str,
    /// Whether it is about the protocol versions, which the option `--protocols` replaces.
    pub(in crate::server) of_protocols: bool,
    /// The first version that does it.
    pub from: &'static str,
    /// What that version and later ones do.
    pub later: &'static str,
    /// What versions before it do.
    pub before: &'static str,
    /// The source.
    pub source: &'static str,
}

/// nginx's default versions.
pub(in crate::server) const DEFAULT_PROTOCOLS: &str = "ssl_protocols default";
/// The same if the security level permits the old ones.
pub(in crate::server) const OLD_PROTOCOLS: &str = "ssl_protocols default, level 0";
/// nginx's versions of a server that is not the default one.
pub(in crate::server) const PROTOCOLS_BY_NAME: &str = "ssl_protocols by name";
/// A listener of nginx for HTTP/3.
pub(in crate::server) const QUIC: &str = "listen quic";
/// HTTP/2 of HAProxy's proxies without `alpn`.
pub(in crate::server) const DEFAULT_ALPN: &str = "alpn default";
/// HAProxy's `strict-sni` for all lines.
pub(in crate::server) const STRICT_SNI: &str = "ssl-default-bind-options strict-sni";
/// A certificate of one of HAProxy's stores.
pub(in crate::server) const STORE: &str = "crt @store";
/// PostgreSQL's default groups.
pub(in crate::server) const DEFAULT_GROUPS: &str = "ssl_groups default";

const NGINX_CHANGES: &str = "nginx.org/en/CHANGES; measured: 1.18, 1.22.1, 1.26.3, 1.30.6";

static RULES: &[ServerChange] = &[
    ServerChange {
        server: "nginx",
        setting: "ssl_protocols",
        key: DEFAULT_PROTOCOLS,
        of_protocols: true,
        from: "1.23.4",
        later: "speak TLSv1.3 where ssl_protocols is not set",
        before: "do not speak TLSv1.3 where ssl_protocols is not set",
        source: NGINX_CHANGES,
    },
    ServerChange {
        server: "nginx",
        setting: "ssl_protocols",
        key: OLD_PROTOCOLS,
        of_protocols: true,
        from: "1.27.3",
        later: "do not speak TLSv1 and TLSv1.1 where ssl_protocols is not set",
        before: "speak TLSv1 and TLSv1.1 where ssl_protocols is not set",
        source: NGINX_CHANGES,
    },
    ServerChange {
        server: "nginx",
        setting: "ssl_protocols",
        key: PROTOCOLS_BY_NAME,
        of_protocols: true,
        from: "1.29.2",
        later: "obey ssl_protocols of a server that is not the default one",
        before: "take ssl_protocols from the default server of the address",
        source: "https://github.com/nginx/nginx/pull/919; measured: 1.18, 1.22.1, 1.26.3, 1.30.6",
    },
    ServerChange {
        server: "nginx",
        setting: "listen",
        key: QUIC,
        of_protocols: false,
        from: "1.25.0",
        later: "know `quic`",
        before: "do not know `quic`, and do not start",
        source: NGINX_CHANGES,
    },
    ServerChange {
        server: "haproxy",
        setting: "alpn",
        key: DEFAULT_ALPN,
        of_protocols: false,
        from: "2.8",
        later: "offer HTTP/2 where `alpn` is not set",
        before: "do not offer HTTP/2 where `alpn` is not set",
        source: "measured: 2.2.9, 2.6.12, 3.0.11, 3.2.26",
    },
    ServerChange {
        server: "haproxy",
        setting: "ssl-default-bind-options",
        key: STRICT_SNI,
        of_protocols: false,
        from: "3.2",
        later: "know `strict-sni` in ssl-default-bind-options",
        before: "do not know `strict-sni` in ssl-default-bind-options, and do not start",
        source: "measured: 3.0.11, 3.2.26",
    },
    ServerChange {
        server: "haproxy",
        setting: "crt",
        key: STORE,
        of_protocols: false,
        from: "3.0",
        later: "find `@store/name` in a crt-store",
        before: "take `@store/name` for a file, and do not start without it",
        source: "www.haproxy.com/blog/reviewing-every-new-feature-in-haproxy-3-0; measured: 2.6.12, 3.0.11",
    },
    ServerChange {
        server: "postgres",
        setting: "ssl_groups",
        key: DEFAULT_GROUPS,
        of_protocols: false,
        from: "18",
        later: "offer the group X25519 before prime256v1 where ssl_groups is not set",
        before: "offer prime256v1 alone where ssl_ecdh_curve is not set",
        source: "www.postgresql.org/docs/18/release-18.html; measured: 17.12, 18.6",
    },
];

impl ServerChange {
    /// All of them, server by server.
    pub fn all() -> impl Iterator<Item = Self> {
        RULES.iter().copied()
    }

    pub(super) fn of(server: &str, key: &str) -> Option<&'static Self> {
        let own = |rule: &&Self| rule.server == server && rule.key == key;
        RULES.iter().find(own)
    }
}
