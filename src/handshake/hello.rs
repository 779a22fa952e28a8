//! What each client offers: the ClientHello that it sends with its defaults.

use crate::cipher::Suite;
use crate::protocol::Version;
use crate::same::same;

/// A measured ClientHello. Numbers are those of IANA's TLS registries, in the
/// order of preference in which the client sends them; GREASE values (RFC 8701)
/// and signalling suites are left out.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ClientHello {
    /// The client's name, as in `--client`.
    pub client: &'static str,
    /// The program and its version.
    pub program: &'static str,
    /// The protocol versions, oldest first.
    pub versions: &'static [Version],
    /// The cipher suites.
    pub suites: &'static [u16],
    /// The groups for the key exchange (`supported_groups`).
    pub groups: &'static [u16],
    /// The groups for which it sends a key at once (`key_share`).
    pub key_shares: &'static [u16],
    /// The signatures that it accepts (`signature_algorithms`).
    pub signature_schemes: &'static [u16],
    /// The signatures that it accepts in certificates, if it says so
    /// (`signature_algorithms_cert`).
    pub certificate_schemes: Option<&'static [u16]>,
    /// Whether it offers HTTP/2 (`h2` in ALPN).
    pub offers_http2: bool,
}

impl ClientHello {
    /// Every client whose ClientHello was recorded (2026-11-28, Debian 12).
    pub const ALL: &'static [Self] = &HELLOS;

    /// The ClientHello of the client of that name.
    ///
    /// ```
    /// use certcheck::handshake::ClientHello;
    /// let go = ClientHello::of("go").ok_or("not recorded")?;
    /// assert!(go.program.starts_with("Go 1.27"));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn of(client: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|hello| hello.client == client)
    }

    /// The ClientHello of a program that offers what `client` offers, except for what the `with_`
    /// methods change.
    ///
    /// ```
    /// use certcheck::{handshake::ClientHello, protocol::Version};
    /// const OLD: ClientHello = ClientHello::like("openssl", "Acme agent 2")
    ///     .with_versions(&[Version::TLSv1, Version::TLSv1_1]);
    /// assert_eq!(OLD.suites, ClientHello::of("openssl").unwrap().suites);
    /// ```
    ///
    /// # Panics
    ///
    /// If no ClientHello of `client` was recorded. In a `static` or a `const`, that is an error
    /// of the compiler.
    #[must_use]
    #[allow(clippy::panic, reason = "in a `static`, an error of the compiler")]
    pub const fn like(client: &str, program: &'static str) -> Self {
        let mut rest: &[Self] = Self::ALL;
        while let [first, others @ ..] = rest {
            if same(first.client, client) {
                return Self { program, ..*first };
            }
            rest = others;
        }
        panic!("no ClientHello of this client was recorded")
    }

    /// The protocol versions, oldest first.
    #[must_use]
    pub const fn with_versions(mut self, versions: &'static [Version]) -> Self {
        self.versions = versions;
        self
    }

    /// The cipher suites, as IANA numbers them.
    #[must_use]
    pub const fn with_suites(mut self, suites: &'static [u16]) -> Self {
        self.suites = suites;
        self
    }

    /// The groups, and those for which it sends a key at once.
    #[must_use]
    pub const fn with_groups(mut self, groups: &'static [u16], key_shares: &'static [u16]) -> Self {
        self.groups = groups;
        self.key_shares = key_shares;
        self
    }

    /// The signatures that it accepts, in certificates too.
    #[must_use]
    pub const fn with_signature_schemes(mut self, schemes: &'static [u16]) -> Self {
        self.signature_schemes = schemes;
        // A client that does not send `signature_algorithms_cert` means the same list for
        // certificates (RFC 8446 4.2.3).
        self.certificate_schemes = None;
        self
    }

    /// The signatures that it accepts in the handshake, and those in certificates.
    #[must_use]
    pub(super) const fn with_schemes_of_two_kinds(
        mut self,
        schemes: &'static [u16],
        of_certificates: &'static [u16],
    ) -> Self {
        self.signature_schemes = schemes;
        self.certificate_schemes = Some(of_certificates);
        self
    }

    /// The clients that decide by default: those that connect to most servers.
    pub const DECIDING: &'static [&'static str] = &[
        "openssl", "python", "curl", "gnutls", "go", "rustls", "node", "java",
    ];

    /// The same for PostgreSQL: what its drivers are built on.
    pub const DECIDING_POSTGRES: &'static [&'static str] = &["libpq", "java", "go", "python"];

    /// Whether the other client offers the same, except for HTTP/2.
    pub fn offers_as(&self, other: &Self) -> bool {
        self.versions == other.versions
            && self.suites == other.suites
            && self.groups == other.groups
            && self.key_shares == other.key_shares
            && self.signature_schemes == other.signature_schemes
            && self.certificate_schemes == other.certificate_schemes
    }

    /// The client's first suite, by its own preference, among those of a server.
    pub fn first_of(&self, suites: &[&'static Suite]) -> Option<&'static Suite> {
        // The client's order counts if the server does not prefer its own: the search walks through
        // the client's list, not the server's.
        let offered = |code: &u16| suites.iter().find(|suite| suite.code == *code).copied();
        self.suites.iter().find_map(offered)
    }
}

#[rustfmt::skip]
static HELLOS: [ClientHello; 14] = [
    ClientHello {
        client: "openssl",
        program: "openssl s_client 3.0.19 (Debian 12), no options but -servername",
        versions: &[Version::TLSv1, Version::TLSv1_1, Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1302, 0x1303, 0x1301, 0xC02C, 0xC030, 0x009F, 0xCCA9, 0xCCA8, 0xCCAA, 0xC02B, 0xC02F, 0x009E, 0xC024, 0xC028, 0x006B, 0xC023, 0xC027, 0x0067, 0xC00A, 0xC014, 0x0039, 0xC009, 0xC013, 0x0033, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F],
        groups: &[0x001D, 0x0017, 0x001E, 0x0019, 0x0018, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104],
        key_shares: &[0x001D],
        signature_schemes: &[0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080A, 0x080B, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602],
        certificate_schemes: None,
        offers_http2: false,
    },
    ClientHello {
        client: "curl",
        program: "curl 7.88.1 / OpenSSL 3.0.19",
        versions: &[Version::TLSv1, Version::TLSv1_1, Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1302, 0x1303, 0x1301, 0xC02C, 0xC030, 0x009F, 0xCCA9, 0xCCA8, 0xCCAA, 0xC02B, 0xC02F, 0x009E, 0xC024, 0xC028, 0x006B, 0xC023, 0xC027, 0x0067, 0xC00A, 0xC014, 0x0039, 0xC009, 0xC013, 0x0033, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F],
        groups: &[0x001D, 0x0017, 0x001E, 0x0019, 0x0018, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104],
        key_shares: &[0x001D],
        signature_schemes: &[0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080A, 0x080B, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602],
        certificate_schemes: None,
        offers_http2: true,
    },
    ClientHello {
        client: "python",
        program: "CPython 3.12.1 ssl.create_default_context / OpenSSL 3.0.19",
        versions: &[Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1302, 0x1303, 0x1301, 0xC02C, 0xC030, 0xC02B, 0xC02F, 0xCCA9, 0xCCA8, 0xC024, 0xC028, 0xC023, 0xC027, 0x009F, 0x009E, 0x006B, 0x0067],
        groups: &[0x001D, 0x0017, 0x001E, 0x0019, 0x0018, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104],
        key_shares: &[0x001D],
        signature_schemes: &[0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080A, 0x080B, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602],
        certificate_schemes: None,
        offers_http2: false,
    },
    ClientHello {
        client: "python-3.13",
        program: "CPython 3.13.0 ssl.create_default_context / OpenSSL 3.0.19",
        versions: &[Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1302, 0x1303, 0x1301, 0xC02C, 0xC030, 0xC02B, 0xC02F, 0xCCA9, 0xCCA8, 0xC024, 0xC028, 0xC023, 0xC027, 0x009F, 0x009E, 0x006B, 0x0067],
        groups: &[0x001D, 0x0017, 0x001E, 0x0019, 0x0018, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104],
        key_shares: &[0x001D],
        signature_schemes: &[0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080A, 0x080B, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602],
        certificate_schemes: None,
        offers_http2: false,
    },
    ClientHello {
        client: "gnutls",
        program: "gnutls-cli 3.7.9, default priority (Debian)",
        versions: &[Version::TLSv1, Version::TLSv1_1, Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1302, 0x1303, 0x1301, 0x1304, 0xC02C, 0xCCA9, 0xC0AD, 0xC00A, 0xC02B, 0xC0AC, 0xC009, 0xC030, 0xCCA8, 0xC014, 0xC02F, 0xC013, 0x009D, 0xC09D, 0x0035, 0x009C, 0xC09C, 0x002F, 0x009F, 0xCCAA, 0xC09F, 0x0039, 0x009E, 0xC09E, 0x0033],
        groups: &[0x0017, 0x0018, 0x0019, 0x001D, 0x001E, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104],
        key_shares: &[0x0017, 0x001D],
        signature_schemes: &[0x0401, 0x0809, 0x0804, 0x0403, 0x0807, 0x0501, 0x080A, 0x0805, 0x0503, 0x0808, 0x0601, 0x080B, 0x0806, 0x0603, 0x0201, 0x0203],
        certificate_schemes: None,
        offers_http2: false,
    },
    ClientHello {
        client: "go",
        program: "Go 1.27.3 crypto/tls, default Config",
        versions: &[Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC009, 0xC013, 0xC00A, 0xC014, 0x1301, 0x1302, 0x1303],
        groups: &[0x11EC, 0x11EB, 0x11ED, 0x001D, 0x0017, 0x0018, 0x0019],
        key_shares: &[0x11EC, 0x001D],
        signature_schemes: &[0x0904, 0x0905, 0x0906, 0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0503, 0x0603],
        certificate_schemes: Some(&[0x0904, 0x0905, 0x0906, 0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0503, 0x0603, 0x0201, 0x0203]),
        offers_http2: false,
    },
    ClientHello {
        client: "rustls",
        program: "rustls 0.23.46 aws-lc-rs provider without the feature prefer-post-quantum (default features off), safe default versions",
        versions: &[Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1302, 0x1301, 0x1303, 0xC02C, 0xC02B, 0xCCA9, 0xC030, 0xC02F, 0xCCA8],
        groups: &[0x001D, 0x0017, 0x0018, 0x11EC],
        key_shares: &[0x001D],
        signature_schemes: &[0x0503, 0x0403, 0x0603, 0x0807, 0x0806, 0x0805, 0x0804, 0x0601, 0x0501, 0x0401, 0x0904, 0x0905, 0x0906],
        certificate_schemes: None,
        offers_http2: false,
    },
    ClientHello {
        client: "rustls-ring",
        program: "rustls 0.23.46 ring provider, safe default versions",
        versions: &[Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1302, 0x1301, 0x1303, 0xC02C, 0xC02B, 0xCCA9, 0xC030, 0xC02F, 0xCCA8],
        groups: &[0x001D, 0x0017, 0x0018],
        key_shares: &[0x001D],
        signature_schemes: &[0x0503, 0x0403, 0x0807, 0x0806, 0x0805, 0x0804, 0x0601, 0x0501, 0x0401],
        certificate_schemes: None,
        offers_http2: false,
    },
    ClientHello {
        client: "node",
        program: "Node 20.20.2 tls.connect, its own bundled OpenSSL 3.0.19 (SECLEVEL 1, not Debian 2)",
        versions: &[Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1302, 0x1303, 0x1301, 0xC02F, 0xC02B, 0xC030, 0xC02C, 0x009E, 0xC027, 0x0067, 0xC028, 0x006B, 0x00A3, 0x009F, 0xCCA9, 0xCCA8, 0xCCAA, 0xC0AF, 0xC0AD, 0xC0A3, 0xC09F, 0xC05D, 0xC061, 0xC057, 0xC053, 0x00A2, 0xC0AE, 0xC0AC, 0xC0A2, 0xC09E, 0xC05C, 0xC060, 0xC056, 0xC052, 0xC024, 0x006A, 0xC023, 0x0040, 0xC00A, 0xC014, 0x0039, 0x0038, 0xC009, 0xC013, 0x0033, 0x0032, 0x009D, 0xC0A1, 0xC09D, 0xC051, 0x009C, 0xC0A0, 0xC09C, 0xC050, 0x003D, 0x003C, 0x0035, 0x002F],
        groups: &[0x001D, 0x0017, 0x001E, 0x0019, 0x0018, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104],
        key_shares: &[0x001D],
        signature_schemes: &[0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080A, 0x080B, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602],
        certificate_schemes: None,
        offers_http2: false,
    },
    ClientHello {
        client: "java",
        program: "OpenJDK 17.0.15 SSLContext(TLS)",
        versions: &[Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1302, 0x1301, 0x1303, 0xC02C, 0xC02B, 0xCCA9, 0xC030, 0xCCA8, 0xC02F, 0x009F, 0xCCAA, 0x00A3, 0x009E, 0x00A2, 0xC024, 0xC028, 0xC023, 0xC027, 0x006B, 0x006A, 0x0067, 0x0040, 0xC00A, 0xC014, 0xC009, 0xC013, 0x0039, 0x0038, 0x0033, 0x0032, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F],
        groups: &[0x001D, 0x0017, 0x0018, 0x0019, 0x001E, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104],
        key_shares: &[0x001D, 0x0017],
        signature_schemes: &[0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601, 0x0402, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202],
        certificate_schemes: Some(&[0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601, 0x0402, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202]),
        offers_http2: false,
    },
    ClientHello {
        client: "libpq",
        program: "psql/libpq 15.18 (OpenSSL 3.0.19), after its SSLRequest",
        versions: &[Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1302, 0x1303, 0x1301, 0xC02C, 0xC030, 0x009F, 0xCCA9, 0xCCA8, 0xCCAA, 0xC02B, 0xC02F, 0x009E, 0xC024, 0xC028, 0x006B, 0xC023, 0xC027, 0x0067, 0xC00A, 0xC014, 0x0039, 0xC009, 0xC013, 0x0033, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F],
        groups: &[0x001D, 0x0017, 0x001E, 0x0019, 0x0018, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104],
        key_shares: &[0x001D],
        signature_schemes: &[0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080A, 0x080B, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602],
        certificate_schemes: None,
        offers_http2: false,
    },
    ClientHello {
        client: "nss",
        program: "tstclnt of NSS 3.87.1, default versions",
        versions: &[Version::TLSv1, Version::TLSv1_1, Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1301, 0x1303, 0x1302, 0xC02B, 0xC02F, 0xCCA9, 0xCCA8, 0xC02C, 0xC030, 0xC00A, 0xC009, 0xC013, 0xC023, 0xC027, 0xC014, 0x009E, 0xCCAA, 0x009F, 0x0033, 0x0032, 0x0067, 0x0039, 0x0038, 0x006B, 0x0016, 0x0013, 0x009C, 0x009D, 0x002F, 0x003C, 0x0035, 0x003D, 0x000A, 0x0005, 0x0004],
        groups: &[0x001D, 0x0017, 0x0018, 0x0019, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104],
        key_shares: &[0x001D],
        signature_schemes: &[0x0403, 0x0503, 0x0603, 0x0203, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0201, 0x0402, 0x0502, 0x0602, 0x0202],
        certificate_schemes: None,
        offers_http2: false,
    },
    ClientHello {
        client: "chrome",
        program: "Chromium 156.0.8078.108 headless",
        versions: &[Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014, 0x009C, 0x009D, 0x002F, 0x0035],
        groups: &[0x11EC, 0x001D, 0x0017, 0x0018],
        key_shares: &[0x11EC, 0x001D],
        signature_schemes: &[0x0904, 0x0905, 0x0906, 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
        certificate_schemes: None,
        offers_http2: true,
    },
    ClientHello {
        client: "firefox",
        program: "Firefox ESR 153.8.0 headless",
        versions: &[Version::TLSv1_2, Version::TLSv1_3],
        suites: &[0x1301, 0x1303, 0x1302, 0xC02B, 0xC02F, 0xCCA9, 0xCCA8, 0xC02C, 0xC030, 0xC00A, 0xC013, 0xC014, 0x009C, 0x009D, 0x002F, 0x0035],
        groups: &[0x11EC, 0x001D, 0x0017, 0x0018, 0x0019, 0x0100, 0x0101],
        key_shares: &[0x11EC, 0x001D, 0x0017],
        signature_schemes: &[0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201],
        certificate_schemes: None,
        offers_http2: true,
    },
];
