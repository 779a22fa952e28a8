//! What clients that were not recorded offer: from the vendors' documentation, and from captures
//! that others have published.
//!
//! Where sources or versions differ, the narrower offer is here: what is predicted to connect
//! should connect with every version that is meant.

use super::hello::ClientHello;
use crate::protocol::Version;

/// Schannel of Windows 11 22H2, Windows Server 2022 and later (learn.microsoft.com: "TLS Cipher
/// Suites in Windows 11 v22H2 and later", "TLS Elliptic Curves in Windows 10 version 1607 and
/// later"; TLS 1.0 and 1.1 are off since Windows Server 2025: "TLS protocol version support").
static WINDOWS_11: ClientHello = ClientHello {
    client: "windows",
    program: "Windows 11 and Windows Server 2022 (documents)",
    versions: &[Version::TLSv1_2, Version::TLSv1_3],
    suites: &[
        0x1302, 0x1301, 0xC02C, 0xC02B, 0xC030, 0xC02F, 0xC024, 0xC023, 0xC028, 0xC027, 0xC00A,
        0xC009, 0xC014, 0xC013, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F,
    ],
    groups: &[0x001D, 0x0017, 0x0018],
    key_shares: &[0x001D],
    signature_schemes: SCHANNEL,
    certificate_schemes: None,
    offers_http2: false,
};

/// Schannel of Windows 10 and Windows Server 2019, which have no TLS 1.3 ("TLS Cipher Suites in
/// Windows 10 v20H2, v21H1, and v21H2").
static WINDOWS_10: ClientHello = ClientHello {
    program: "Windows 10 and Windows Server 2019 (documents)",
    versions: &[Version::TLSv1, Version::TLSv1_1, Version::TLSv1_2],
    suites: &[
        0xC02C, 0xC02B, 0xC030, 0xC02F, 0x009F, 0x009E, 0xC024, 0xC023, 0xC028, 0xC027, 0xC00A,
        0xC009, 0xC014, 0xC013, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F,
    ],
    key_shares: &[],
    ..WINDOWS_11
};

/// No RSASSA-PSS key, no EdDSA.
const SCHANNEL: &[u16] = &[
    0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0202, 0x0601, 0x0603,
];

/// Network.framework and URLSession of macOS and iOS (captures of Safari 17; Apple Platform
/// Security: "TLS security"; TLS 1.0 and 1.1 are deprecated since macOS 12 and iOS 15).
static APPLE: ClientHello = ClientHello {
    client: "macos",
    program: "macOS 12 and iOS 15 or later (documents)",
    versions: &[Version::TLSv1_2, Version::TLSv1_3],
    suites: &[
        0x1301, 0x1302, 0x1303, 0xC02C, 0xC02B, 0xCCA9, 0xC030, 0xC02F, 0xCCA8, 0xC00A, 0xC009,
        0xC014, 0xC013, 0x009D, 0x009C, 0x0035, 0x002F,
    ],
    groups: &[0x001D, 0x0017, 0x0018, 0x0019],
    key_shares: &[0x001D],
    signature_schemes: &[
        0x0403, 0x0804, 0x0401, 0x0503, 0x0203, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201,
    ],
    certificate_schemes: None,
    offers_http2: true,
};

/// Conscrypt of Android 10 and later (developer.android.com: `SSLSocket`, "Default
/// configuration"; external/conscrypt: `NativeCrypto.java`).
static ANDROID: ClientHello = ClientHello {
    client: "android",
    program: "Android 10 or later (documents)",
    versions: &[Version::TLSv1_2, Version::TLSv1_3],
    suites: &[
        0x1301, 0x1302, 0x1303, 0xC02B, 0xC02C, 0xCCA9, 0xC02F, 0xC030, 0xCCA8, 0xC009, 0xC00A,
        0xC013, 0xC014, 0x009C, 0x009D, 0x002F, 0x0035,
    ],
    groups: &[0x001D, 0x0017, 0x0018],
    key_shares: &[0x001D],
    signature_schemes: &[
        0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201,
    ],
    certificate_schemes: None,
    offers_http2: true,
};

impl ClientHello {
    /// What the client of that name offers by documentation, if it was not recorded: it connects
    /// where all of these do. Empty for a client that was recorded, or is unknown.
    ///
    /// ```
    /// use certcheck::handshake::ClientHello;
    /// use certcheck::protocol::Version;
    /// let speaks_13 = |hello: &&ClientHello| hello.versions.contains(&Version::TLSv1_3);
    /// let windows = ClientHello::documented("windows");
    /// assert_eq!((windows.len(), windows.iter().copied().filter(speaks_13).count()), (2, 1));
    /// ```
    pub fn documented(client: &str) -> Vec<&'static Self> {
        let all: &[&'static Self] = match client {
            "windows" | "tableau-windows" => &[&WINDOWS_11, &WINDOWS_10],
            "macos" | "tableau-mac" => &[&APPLE],
            "tableau-mobile" => &[&APPLE, &ANDROID],
            "tableau" | "tableau-prep" => &[&WINDOWS_11, &WINDOWS_10, &APPLE],
            // Before 2020.1 there was no TLS 1.3 to count on.
            "tableau-pinned" => &[&WINDOWS_10, &APPLE],
            _ => &[],
        };
        // certcheck assumes that Tableau on Linux uses OpenSSL.
        let on_linux = matches!(client, "tableau" | "tableau-linux");
        let openssl = Self::of("openssl").filter(|_| on_linux);
        all.iter().copied().chain(openssl).collect()
    }
}
