//! Well-known clients and the versions that they offer by default. Few rows, each with the document
//! that says so.

use super::{Version, VersionSet};

/// A client whose versions are documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownClient {
    /// The program and its versions.
    pub name: &'static str,
    /// What it offers by default.
    pub speaks: VersionSet,
    /// Where that is written.
    pub source: &'static str,
}

const fn client(name: &'static str, speaks: VersionSet, source: &'static str) -> KnownClient {
    KnownClient {
        name,
        speaks,
        source,
    }
}

const ONE_0: VersionSet = VersionSet::only(Version::TLSv1);
const ONE_2: VersionSet = VersionSet::only(Version::TLSv1_2);
const SSL3_AND_ONE_0: VersionSet = VersionSet::only(Version::SSLv3).union(ONE_0);
const UP_TO_ONE_2: VersionSet = VersionSet::WEAK.union(ONE_2);

/// Oldest first.
pub(super) const CLIENTS: [KnownClient; 15] = [
    client(
        "OpenSSL 1.0.0 and older",
        SSL3_AND_ONE_0,
        "OpenSSL CHANGES, 1.0.1: TLS 1.1 and TLS 1.2 are new in it",
    ),
    client(
        "OpenSSL 1.0.1, 1.0.2 and 1.1.0",
        UP_TO_ONE_2,
        "OpenSSL CHANGES, 1.1.1: TLS 1.3 is new in it",
    ),
    client(
        "WinHTTP of Windows 7 and Server 2008 R2, as installed",
        SSL3_AND_ONE_0,
        "Microsoft KB3140245",
    ),
    client(
        "Schannel of Windows 10 and Server 2019",
        UP_TO_ONE_2,
        "Microsoft, Protocols in TLS/SSL (Schannel SSP): TLS 1.3 from Windows 11 and Server 2022 on",
    ),
    client(
        "Java 7 before 7u131",
        ONE_0,
        "Oracle, Java 7u131 release notes: TLSv1.1 and TLSv1.2 on by default for clients from then on",
    ),
    client(
        "Java 8 before 8u291",
        UP_TO_ONE_2,
        "Oracle, Java 8u291 release notes (TLSv1, TLSv1.1 off) and 8u341 (TLSv1.3 on for clients)",
    ),
    client(
        "Java 8u291 to 8u333",
        ONE_2,
        "Oracle, Java 8u291 release notes (TLSv1, TLSv1.1 off) and 8u341 (TLSv1.3 on for clients)",
    ),
    client(
        "Android 4.4 and older",
        SSL3_AND_ONE_0,
        "Android SDK reference, SSLSocket: protocols enabled by default",
    ),
    client(
        "OpenSSL 3 at security level 1 and higher",
        VersionSet::MODERN,
        "OpenSSL CHANGES, 3.0: TLS 1.0 and TLS 1.1 need security level 0",
    ),
    client(
        "Python 3.10 and later",
        VersionSet::MODERN,
        "What's New In Python 3.10, ssl",
    ),
    client(
        "Go 1.18 and later",
        VersionSet::MODERN,
        "Go 1.18 release notes, crypto/tls",
    ),
    client(
        "Node.js 12 and later",
        VersionSet::MODERN,
        "Node.js documentation, tls.DEFAULT_MIN_VERSION",
    ),
    client(
        "rustls",
        VersionSet::MODERN,
        "rustls documentation, Non-features",
    ),
    client(
        "libpq 13 and later",
        VersionSet::MODERN,
        "PostgreSQL 13 release notes; measured: libpq 15.18",
    ),
    client(
        "Chrome 84, Firefox 78 and later",
        VersionSet::MODERN,
        "Chrome Platform Status, TLS 1.0 and 1.1 removal; Firefox 78 release notes",
    ),
];
