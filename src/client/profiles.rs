//! The clients: one table, each with its versions and sources.

use super::by_version::Facts;
use super::messages::Voice;
use super::names::{CommonName, EdgeHyphens, HostDot, NameRules, Partial, Several};
use super::openssl::{DEPTH, Flags, Role};
use super::profile::{ClientProfile, Engine};
use super::reads::Family;
use super::search::{Anchors, Ends, Own, Rules};
use super::stapled::LooksAt;
use super::webpki::Algorithms;
use crate::chain;
use crate::validity::{APPLE_DAYS, APPLE_SINCE};

/// Debian's OpenSSL: level 2, a root at the end.
const DEFAULT: Flags = Flags {
    partial_chain: false,
    strict: false,
    level: 2,
    role: Role::Server,
    depth: DEPTH,
};
const PARTIAL: Flags = Flags {
    partial_chain: true,
    ..DEFAULT
};
/// `X509_check_host` without flags.
const CHECK_HOST: NameRules = NameRules {
    common_name: CommonName::WithoutDnsNames,
    several: Several::Any,
    host_dot: HostDot::Kept,
    labels: 2,
    partial: Partial::OneSide,
    plain_star: true,
    ..NameRules::MODERN
};
const MEASURED: &str = "the table of 72 set-ups and the rows A to K, measured on Debian 12";

/// Programs on OpenSSL; the other profiles on it say where they differ.
pub(super) const OPENSSL: ClientProfile = ClientProfile {
    name: "openssl",
    title: "programs on OpenSSL 3 with its defaults",
    versions: "OpenSSL 3.0.19 (Debian 12)",
    sources: &["openssl: crypto/x509/x509_vfy.c, v3_purp.c", MEASURED],
    measured: true,
    engine: Engine::OpenSsl(DEFAULT),
    names: CHECK_HOST,
    voice: Voice::OpenSsl,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
pub(super) static OPENSSL_PARTIAL_CHAIN: ClientProfile = ClientProfile {
    name: "openssl-partial-chain",
    title: "programs on OpenSSL 3 with X509_V_FLAG_PARTIAL_CHAIN",
    engine: Engine::OpenSsl(PARTIAL),
    ..OPENSSL
};
pub(super) static OPENSSL_CAPATH: ClientProfile = ClientProfile {
    name: "openssl-capath",
    title: "programs on OpenSSL 3 that read only a directory of hashed names",
    sources: &["openssl: crypto/x509/by_dir.c, x509_lu.c", MEASURED],
    ..OPENSSL
};
pub(super) const PYTHON: ClientProfile = ClientProfile {
    name: "python",
    title: "Python's ssl.create_default_context(), up to 3.12",
    versions: "Python 3.11.7 with OpenSSL 3.0",
    sources: &["cpython: Modules/_ssl.c, Lib/ssl.py of 3.11", MEASURED],
    names: NameRules {
        partial: Partial::None,
        ..CHECK_HOST
    },
    voice: Voice::Python,
    ..OPENSSL
};
pub(super) static PYTHON_PARTIAL_CHAIN: ClientProfile = ClientProfile {
    name: "python-partial-chain",
    title: "the same with VERIFY_X509_PARTIAL_CHAIN",
    engine: Engine::OpenSsl(PARTIAL),
    ..PYTHON
};
pub(super) static PYTHON_313: ClientProfile = ClientProfile {
    name: "python-3.13",
    title: "Python's ssl.create_default_context(), 3.13 and later",
    versions: "Python 3.13.0 with OpenSSL 3.0",
    sources: &[
        "cpython#107361: VERIFY_X509_STRICT and VERIFY_X509_PARTIAL_CHAIN by default",
        "the rows A to K, measured on Debian 13",
    ],
    engine: Engine::OpenSsl(Flags {
        strict: true,
        ..PARTIAL
    }),
    ..PYTHON
};
pub(super) static CURL: ClientProfile = ClientProfile {
    name: "curl",
    title: "curl with OpenSSL, since 7.68",
    versions: "curl 7.88.1",
    sources: &[
        "curl: lib/vtls/openssl.c (sets X509_V_FLAG_PARTIAL_CHAIN), lib/vtls/hostcheck.c",
        MEASURED,
    ],
    engine: Engine::OpenSsl(PARTIAL),
    names: NameRules {
        common_name: CommonName::WithoutNames,
        several: Several::Last,
        host_dot: HostDot::Cut,
        numbers: Some(true),
        common_address: true,
        final_dot: true,
        partial: Partial::None,
        plain_star: false,
        ..CHECK_HOST
    },
    voice: Voice::Curl,
    ..OPENSSL
};
pub(super) static NODE: ClientProfile = ClientProfile {
    name: "node",
    title: "Node.js with --use-openssl-ca, NODE_EXTRA_CA_CERTS or ca",
    versions: "Node 20.20.2",
    sources: &[
        "node: src/crypto/crypto_context.cc, lib/tls.js (checkServerIdentity)",
        "the rows A to K, measured on Debian 12",
    ],
    // Upstream's builds keep OpenSSL's own default, level 1 (measured with 20.20.2).
    engine: Engine::OpenSsl(Flags {
        level: 1,
        ..DEFAULT
    }),
    names: NameRules {
        host_dot: HostDot::Cut,
        final_dot: true,
        plain_star: false,
        partial: Partial::Any,
        ..CHECK_HOST
    },
    voice: Voice::Node,
    ..OPENSSL
};
pub(super) static LIBPQ: ClientProfile = ClientProfile {
    name: "libpq",
    title: "psql and every program on libpq, sslmode=verify-full",
    versions: "libpq 15.18",
    sources: &[
        "postgres: src/interfaces/libpq/fe-secure-openssl.c, fe-secure-common.c",
        "the table of 120 connections, measured on Debian 12",
    ],
    names: NameRules {
        // `pgtls_verify_peer_name_matches_certificate_guts`: the first commonName, if no name is of
        // the host's own kind; dNSNames are compared with addresses too.
        common_name: CommonName::WithoutDnsNames,
        several: Several::First,
        host_dot: HostDot::Kept,
        common_address: true,
        dns_address: true,
        // BMPString and UniversalString: "certificate's name contains embedded null".
        unread_types: &[0x1c, 0x1e],
        ends_at_odd_address: true,
        ..NameRules::MODERN
    },
    voice: Voice::LibPq,
    ..OPENSSL
};
pub(super) static GNUTLS: ClientProfile = ClientProfile {
    name: "gnutls",
    title: "gnutls-cli, and Debian's wget and git",
    versions: "GnuTLS 3.7.9",
    sources: &[
        "gnutls: lib/x509/verify-high.c, verify.c, hostname-verify.c",
        MEASURED,
    ],
    measured: true,
    engine: Engine::GnuTls,
    names: NameRules {
        common_name: CommonName::WithoutNamesOrUris,
        several: Several::Refused,
        // An IA5String is not a DirectoryString; a UniversalString is not converted to UTF-8.
        unread_types: &[0x16, 0x1c],
        partial: Partial::Behind,
        labels: 2,
        ..NameRules::MODERN
    },
    voice: Voice::GnuTls,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
pub(super) static GO: ClientProfile = ClientProfile {
    name: "go",
    title: "Go's crypto/tls",
    versions: "Go 1.27.3",
    sources: &["go: crypto/x509/verify.go, parser.go", MEASURED],
    measured: true,
    engine: Engine::Search(Rules {
        profile: chain::PathProfile {
            refuses_broken_hashes: true,
            constraints: chain::Constraints::Go,
            ..Rules::PLAIN.profile
        },
        least_rsa: 1024,
        family: Family::Go,
        names_by_bytes: true,
        ..Rules::PLAIN
    }),
    names: NameRules {
        host_dot: HostDot::Both,
        edge_hyphens: EdgeHyphens::NoStar,
        ..NameRules::MODERN
    },
    voice: Voice::Go,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
pub(super) const RUSTLS: ClientProfile = ClientProfile {
    name: "rustls",
    title: "rustls with rustls-webpki, the verifier itself",
    versions: "rustls 0.23.46, rustls-webpki 0.103",
    sources: &["rustls-webpki itself answers", MEASURED],
    measured: true,
    engine: Engine::Webpki(Algorithms::AwsLc),
    names: NameRules {
        edge_hyphens: EdgeHyphens::Refused,
        ..NameRules::MODERN
    },
    voice: Voice::Plain,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
pub(super) static RUSTLS_RING: ClientProfile = ClientProfile {
    name: "rustls-ring",
    title: "rustls with ring for its cryptography",
    versions: "rustls 0.23.46 with ring",
    sources: &[
        "rustls-webpki itself answers, with ring's algorithms",
        "37 odd certificates, measured on Debian 12",
    ],
    engine: Engine::Webpki(Algorithms::Ring),
    ..RUSTLS
};
/// Name constraints are checked on the path that was found.
const CONSTRAINTS_AFTERWARDS: chain::PathProfile = chain::PathProfile {
    constraints: chain::Constraints::Elsewhere,
    ..Rules::PLAIN.profile
};

pub(super) static JAVA: ClientProfile = ClientProfile {
    name: "java",
    title: "Java's SunJSSE with PKIX",
    versions: "OpenJDK 17.0.15",
    sources: &[
        "openjdk: sun/security/validator/PKIXValidator.java, sun/security/util/HostnameChecker.java",
        "the rows A to K, measured on Debian 12",
    ],
    measured: true,
    engine: Engine::Search(Rules {
        profile: CONSTRAINTS_AFTERWARDS,
        anchors: Anchors::AreCas,
        own: Own::Unseen,
        most_intermediates: Some(5),
        most_presented: Some(10),
        least_rsa: 1024,
        purpose_of_leaf_only: true,
        must_sign: true,
        takes_lists: true,
        family: Family::Java,
        ..Rules::PLAIN
    }),
    names: NameRules {
        common_name: CommonName::WithoutDnsNames,
        labels: 1,
        numbers: Some(false),
        mapped: true,
        partial: Partial::Any,
        every_label: true,
        plain_host: true,
        edge_hyphens: EdgeHyphens::Refused,
        whole: Some(Family::Java),
        ..NameRules::MODERN
    },
    voice: Voice::Java,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
pub(super) static NSS: ClientProfile = ClientProfile {
    name: "nss",
    title: "programs on NSS, CAs trusted with C,, and servers with P,,",
    versions: "NSS 3.87.1",
    sources: &[
        "nss: lib/certhigh/certvfy.c",
        "tstclnt, measured on Debian 12",
    ],
    measured: true,
    engine: Engine::Nss(Rules {
        profile: chain::PathProfile {
            policies: false,
            ..CONSTRAINTS_AFTERWARDS
        },
        anchors: Anchors::InTime,
        purpose_of_leaf_only: true,
        names_by_bytes: true,
        family: Family::Nss,
        ..Rules::PLAIN
    }),
    names: NameRules {
        common_name: CommonName::WithoutDnsNames,
        host_dot: HostDot::Kept,
        numbers: Some(true),
        mapped: true,
        common_address: true,
        labels: 2,
        partial: Partial::Before,
        whole: Some(Family::Nss),
        ..NameRules::MODERN
    },
    voice: Voice::Nss,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
pub(super) const MACOS: ClientProfile = ClientProfile {
    name: "macos",
    title: "macOS and iOS with an added root: Safari, SecTrust",
    versions: "macOS 10.15 and later (documents)",
    sources: &[
        "support.apple.com/103769 (825 days, SAN, SHA-2, RSA 2048)",
        "Security: SecPolicyServer.c",
    ],
    measured: false,
    engine: Engine::Search(APPLE),
    names: NameRules::MODERN,
    voice: Voice::Macos,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
const APPLE: Rules = Rules {
    profile: chain::PathProfile {
        refuses_broken_hashes: true,
        ..Rules::PLAIN.profile
    },
    least_rsa: 2048,
    fetches: true,
    most_days: Some((APPLE_DAYS, APPLE_SINCE)),
    looks_at_stapled: LooksAt::NotMeasured,
    ..Rules::PLAIN
};
pub(super) const WINDOWS: ClientProfile = ClientProfile {
    name: "windows",
    title: "Windows with a root in the store Root: schannel, .NET",
    versions: "Windows 10 and later (documents)",
    sources: &[
        "learn.microsoft.com: CertGetCertificateChain, CertVerifyCertificateChainPolicy",
        "issuers are fetched from caIssuers (AIA)",
    ],
    measured: false,
    engine: Engine::Search(CRYPTOAPI),
    names: NameRules {
        common_name: CommonName::WithoutDnsNames,
        ..NameRules::MODERN
    },
    voice: Voice::Windows,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
const CRYPTOAPI: Rules = Rules {
    ends: Ends::AtRoots,
    own: Own::SelfSigned,
    least_rsa: 1024,
    fetches: true,
    looks_at_stapled: LooksAt::NotMeasured,
    ..Rules::PLAIN
};
pub(super) static CHROME: ClientProfile = ClientProfile {
    name: "chrome",
    title: "Chrome and Edge with a root added to the system's store",
    versions: "Chromium 156 (Debian 12)",
    sources: &[
        "chromium: net/cert/internal, net/cert/cert_verify_proc.cc",
        "tests/real/clients_real, headless, with NSS's store of Linux",
    ],
    measured: true,
    engine: Engine::Search(Rules {
        profile: chain::PathProfile {
            refuses_broken_hashes: true,
            ..Rules::PLAIN.profile
        },
        own: Own::NoIssuedCa,
        least_rsa: 1024,
        fetches: true,
        looks_at_stapled: LooksAt::Revocation,
        // BoringSSL: ERR_SSL_KEY_USAGE_INCOMPATIBLE.
        must_sign: true,
        // Like bssl's `SignatureAlgorithm`: no Ed25519 (measured), no SHA-224.
        pkix_signatures: true,
        anchor_by_bytes: true,
        ..Rules::PLAIN
    }),
    names: BROWSER,
    voice: Voice::Chrome,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
/// A `*` needs two labels after it: `*.test` matches no host (measured).
const BROWSER: NameRules = NameRules {
    labels: 2,
    ..NameRules::MODERN
};
pub(super) static FIREFOX: ClientProfile = ClientProfile {
    name: "firefox",
    title: "Firefox with an imported root",
    versions: "Firefox ESR 153.8 (Debian 12)",
    sources: &[
        "mozilla::pkix: pkixbuild.cpp, pkixcheck.cpp",
        "tests/real/clients_real, headless",
    ],
    measured: true,
    engine: Engine::Search(Rules {
        profile: chain::PathProfile {
            refuses_broken_hashes: true,
            ..Rules::PLAIN.profile
        },
        own: Own::Judged,
        least_rsa: 1024,
        looks_at_stapled: LooksAt::All,
        ca_may_serve: false,
        pkix_signatures: true,
        must_serve: true,
        purpose_by_name: true,
        names_by_bytes: true,
        ..Rules::PLAIN
    }),
    names: BROWSER,
    voice: Voice::Firefox,
    facts: Facts::MEASURED,
    hello: None,
    described: None,
};
