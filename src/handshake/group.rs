//! The groups in which the two sides agree on a secret.

use crate::protocol::Library;
use std::fmt;

/// A group by its number in the registry of TLS Supported Groups.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Group(pub u16);

impl Group {
    /// P-224.
    pub const SECP224R1: Self = Self(0x0015);
    /// The curve of Bitcoin.
    pub const SECP256K1: Self = Self(0x0016);
    /// P-256.
    pub const SECP256R1: Self = Self(0x0017);
    /// P-384.
    pub const SECP384R1: Self = Self(0x0018);
    /// P-521.
    pub const SECP521R1: Self = Self(0x0019);
    /// X25519.
    pub const X25519: Self = Self(0x001D);
    /// X448.
    pub const X448: Self = Self(0x001E);

    /// What OpenSSL 3.0 takes unless its settings say otherwise (ssl/t1_lib.c, `supported_groups_default`).
    pub const OPENSSL_DEFAULT: [Self; 10] = [
        Self::X25519,
        Self::SECP256R1,
        Self::X448,
        Self::SECP521R1,
        Self::SECP384R1,
        Self(0x0100),
        Self(0x0101),
        Self(0x0102),
        Self(0x0103),
        Self(0x0104),
    ];

    /// What another OpenSSL uses, and how many of them belong together: 1.1.1 has no groups
    /// of finite fields, 3.5 begins with a post-quantum hybrid (CHANGES of 3.5:
    /// `?*X25519MLKEM768 / ?*X25519:?secp256r1 / ?X448:?secp384r1:?secp521r1 /
    /// ?ffdhe2048:?ffdhe3072`).
    pub(super) fn defaults_of(library: Library) -> (&'static [Self], &'static [usize]) {
        const OLDER: [Group; 5] = [
            Group::X25519,
            Group::SECP256R1,
            Group::X448,
            Group::SECP521R1,
            Group::SECP384R1,
        ];
        const NEWER: [Group; 8] = [
            Group(0x11EC),
            Group::X25519,
            Group::SECP256R1,
            Group::X448,
            Group::SECP384R1,
            Group::SECP521R1,
            Group(0x0100),
            Group(0x0101),
        ];
        match library {
            Library::OpenSsl35 => (&NEWER, &[1, 2, 3, 2]),
            Library::OpenSsl3 => (&Self::OPENSSL_DEFAULT, &[]),
            _ => (&OLDER, &[]),
        }
    }

    /// The name in IANA's registry; `None` for a number that is not known here.
    pub fn name(self) -> Option<&'static str> {
        TABLE.iter().find(|row| row.0 == self.0).map(|row| row.1)
    }

    /// The group of this name in OpenSSL's lists of groups (`SSL_CTX_set1_groups_list(3)`), here
    /// in upper or lower case, though OpenSSL 3.0 compares it as it is: `X25519`, `P-256`,
    /// `prime256v1`, `secp384r1`.
    ///
    /// ```
    /// use certcheck::handshake::Group;
    /// assert_eq!(Group::named("prime256v1"), Some(Group::SECP256R1));
    /// assert_eq!(Group::named("nosuch"), None);
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        let alike = |known: &&str| known.eq_ignore_ascii_case(name);
        let mut rows = TABLE.iter();
        rows.find(|row| alike(&row.1) || row.4.iter().any(&alike))
            .map(|row| Self(row.0))
    }

    /// How many bits of security OpenSSL counts for it (ssl/t1_lib.c, `tls_group_info`).
    pub(super) fn bits(self) -> u32 {
        self.row().map_or(0, |row| row.2)
    }

    /// Whether OpenSSL uses it in TLS 1.2, in TLS 1.3.
    pub(super) fn serves(self, tls13: bool, library: Library) -> bool {
        self.row().is_some_and(|row| match row.3 {
            In::Both => true,
            In::Tls12 => !tls13,
            In::Tls13 => tls13 && library >= Library::OpenSsl3,
            In::Since35 => tls13 && library >= Library::OpenSsl35,
            In::Neither => false,
        })
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.0 == self.0)
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "0x{:04x}", self.0),
        }
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Clone, Copy)]
enum In {
    Both,
    Tls12,
    Tls13,
    Since35,
    Neither,
}

/// Number, IANA's name, bits of security, versions, OpenSSL's other names.
type Row = (u16, &'static str, u32, In, &'static [&'static str]);

static TABLE: [Row; 23] = [
    (0x0013, "secp192r1", 80, In::Tls12, &["prime192v1", "P-192"]),
    (0x0015, "secp224r1", 112, In::Tls12, &["P-224"]),
    (0x0016, "secp256k1", 128, In::Tls12, &[]),
    (0x0017, "secp256r1", 128, In::Both, &["prime256v1", "P-256"]),
    (0x0018, "secp384r1", 192, In::Both, &["P-384"]),
    (0x0019, "secp521r1", 256, In::Both, &["P-521"]),
    (0x001A, "brainpoolP256r1", 128, In::Tls12, &[]),
    (0x001B, "brainpoolP384r1", 192, In::Tls12, &[]),
    (0x001C, "brainpoolP512r1", 256, In::Tls12, &[]),
    (0x001D, "x25519", 128, In::Both, &[]),
    (0x001E, "x448", 224, In::Both, &[]),
    (0x0100, "ffdhe2048", 112, In::Tls13, &[]),
    (0x0101, "ffdhe3072", 128, In::Tls13, &[]),
    (0x0102, "ffdhe4096", 128, In::Tls13, &[]),
    (0x0103, "ffdhe6144", 128, In::Tls13, &[]),
    (0x0104, "ffdhe8192", 192, In::Tls13, &[]),
    // Post-quantum hybrids: OpenSSL has them from 3.5 on.
    (0x11EB, "SecP256r1MLKEM768", 192, In::Since35, &[]),
    (0x11EC, "X25519MLKEM768", 192, In::Since35, &[]),
    (0x11ED, "SecP384r1MLKEM1024", 256, In::Since35, &[]),
    (0x001F, "brainpoolP256r1tls13", 0, In::Neither, &[]),
    (0x0020, "brainpoolP384r1tls13", 0, In::Neither, &[]),
    (0x0021, "brainpoolP512r1tls13", 0, In::Neither, &[]),
    (0x6399, "X25519Kyber768Draft00", 0, In::Neither, &[]),
];
