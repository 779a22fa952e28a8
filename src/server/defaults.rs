//! What a server does in a handshake unless its settings say otherwise.
//!
//! Each was measured with the versions of Debian 12 (testdata/handshake). The readers
//! of settings start from these, and so does a preflight without settings.

use super::Profile;
use crate::cipher::SecurityLevel;
use crate::handshake::DhParameters;
use crate::protocol::{Dialect, Version};

/// A server's defaults.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Defaults {
    /// The oldest and the newest version.
    pub(crate) versions: [Version; 2],
    /// The cipher string for TLS 1.2 and older, as the server passes it to OpenSSL.
    pub(crate) ciphers: &'static str,
    /// The list of groups; `None` means OpenSSL's own.
    pub(crate) groups: Option<&'static str>,
    /// Whether the server's order of suites counts.
    pub(crate) prefers_own_order: bool,
    /// The parameters for DHE in TLS 1.2 and older.
    pub(crate) dh: DhParameters,
    /// The security level of the OpenSSL that it comes with.
    pub(crate) level: SecurityLevel,
}

/// OpenSSL 3.0 as Debian builds it, with no settings by the program.
const OPENSSL: Defaults = Defaults {
    versions: [Version::TLSv1, Version::TLSv1_3],
    ciphers: "DEFAULT",
    groups: None,
    prefers_own_order: false,
    dh: DhParameters::None,
    level: SecurityLevel::DEBIAN,
};

/// ngx_http_ssl_module.c of 1.22: TLSv1 to TLSv1.2, and no TLSv1.3.
const NGINX: Defaults = Defaults {
    versions: [Version::TLSv1, Version::TLSv1_2],
    ciphers: "HIGH:!aNULL:!MD5",
    ..OPENSSL
};

/// mod_ssl of 2.4: it extends every cipher string and calls `SSL_CTX_set_dh_auto`.
const APACHE: Defaults = Defaults {
    ciphers: "DEFAULT:!aNULL:!eNULL:!EXP",
    dh: DhParameters::Automatic,
    ..OPENSSL
};

/// The httpd that Tableau ships, with an OpenSSL that is not Debian's.
const TABLEAU: Defaults = Defaults {
    level: SecurityLevel::UPSTREAM,
    ..APACHE
};

const HAPROXY: Defaults = Defaults {
    versions: [Version::TLSv1_2, Version::TLSv1_3],
    prefers_own_order: true,
    ..OPENSSL
};

/// guc.c of 15: one curve, the server's order, Diffie-Hellman built in (`FILE_DH2048`).
const POSTGRES: Defaults = Defaults {
    versions: [Version::TLSv1_2, Version::TLSv1_3],
    ciphers: "HIGH:MEDIUM:+3DES:!aNULL",
    groups: Some("prime256v1"),
    prefers_own_order: true,
    dh: DhParameters::Bits(2048),
    ..OPENSSL
};

/// CPython's ssl module (Modules/_ssl.c, `PROTOCOL_TLS_SERVER`).
const TABPY: Defaults = Defaults {
    versions: [Version::TLSv1_2, Version::TLSv1_3],
    ciphers: "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM",
    prefers_own_order: true,
    ..OPENSSL
};

impl Defaults {
    /// The defaults of a server.
    pub(crate) const fn of(server: &Profile) -> &'static Self {
        match server.name.as_bytes() {
            b"nginx" => &NGINX,
            b"apache" => &APACHE,
            b"tableau" => &TABLEAU,
            b"haproxy" => &HAPROXY,
            b"postgres" => &POSTGRES,
            b"tabpy" => &TABPY,
            _ => &OPENSSL,
        }
    }

    /// The defaults of the server whose settings use this dialect.
    pub(crate) const fn of_dialect(dialect: Dialect) -> &'static Self {
        match dialect {
            Dialect::Nginx => &NGINX,
            Dialect::Apache => &APACHE,
            Dialect::Tsm => &TABLEAU,
            Dialect::HaProxy => &HAPROXY,
            Dialect::Postgres => &POSTGRES,
            Dialect::TabPy => &TABPY,
            _ => &OPENSSL,
        }
    }
}
