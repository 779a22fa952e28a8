//! What clients offer in other versions than those of [`ClientHello::ALL`]: recorded on
//! 2026-11-28 and 2026-11-30 from the programs themselves.

use super::hello::ClientHello;
use crate::protocol::Version;

// Code points of IANA's TLS registries. Groups: 0017 to 0019 are P-256, P-384 and P-521, 001D and
// 001E X25519 and X448, 0029 curveSM2, 0100 to 0104 the ffdhe of RFC 7919, 11EB to 11EE hybrids
// with ML-KEM (11EC is X25519MLKEM768), 6399 its draft with Kyber.

/// OpenSSL 1.1.1: no groups of RFC 7919, and SHA-1 in the handshake.
const GROUPS_111: &[u16] = &[0x001D, 0x0017, 0x001E, 0x0019, 0x0018];
const SCHEMES_111: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080A, 0x080B, 0x0804, 0x0805, 0x0806, 0x0401,
    0x0501, 0x0601, 0x0303, 0x0203, 0x0301, 0x0201, 0x0302, 0x0202, 0x0402, 0x0502, 0x0602,
];
/// OpenSSL 3.5: X25519MLKEM768 first, ML-DSA, Brainpool's curves in TLS 1.3.
const GROUPS_35: &[u16] = &[
    0x11EC, 0x001D, 0x0017, 0x001E, 0x0018, 0x0019, 0x0100, 0x0101,
];
const SHARES_35: &[u16] = &[0x11EC, 0x001D];
const SCHEMES_35: &[u16] = &[
    0x0905, 0x0906, 0x0904, 0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x081A, 0x081B, 0x081C, 0x0809,
    0x080A, 0x080B, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402,
    0x0502, 0x0602,
];
const GROUPS_40: &[u16] = &[
    0x11EC, 0x11EB, 0x11EE, 0x001D, 0x0017, 0x001E, 0x0018, 0x0019, 0x0029, 0x0100, 0x0101,
];
const MODERN: &[Version] = &[Version::TLSv1_2, Version::TLSv1_3];
const ALL_TLS: &[Version] = &[
    Version::TLSv1,
    Version::TLSv1_1,
    Version::TLSv1_2,
    Version::TLSv1_3,
];

/// The client with OpenSSL 1.1.1.
const fn on_111(client: &str, program: &'static str) -> ClientHello {
    ClientHello::like(client, program)
        .with_groups(GROUPS_111, &[0x001D])
        .with_signature_schemes(SCHEMES_111)
}

/// The client with OpenSSL 3.5.
const fn on_35(client: &str, program: &'static str) -> ClientHello {
    ClientHello::like(client, program)
        .with_versions(MODERN)
        .with_groups(GROUPS_35, SHARES_35)
        .with_signature_schemes(SCHEMES_35)
}

/// The client with OpenSSL 4.0.
const fn on_40(client: &str, program: &'static str) -> ClientHello {
    on_35(client, program).with_groups(GROUPS_40, SHARES_35)
}

pub(crate) static OPENSSL_111: ClientHello = on_111("openssl", "openssl s_client 1.1.1w");
pub(crate) static OPENSSL_35: ClientHello = on_35("openssl", "openssl s_client 3.5.9, 3.6.5");
pub(crate) static OPENSSL_40: ClientHello = on_40("openssl", "openssl s_client 4.0.3");

pub(crate) static CURL_111: ClientHello = on_111("curl", "curl with OpenSSL 1.1.1");
pub(crate) static CURL_35: ClientHello = on_35("curl", "curl 8.23.0 / OpenSSL 3.6.5");
pub(crate) static CURL_40: ClientHello = on_40("curl", "curl with OpenSSL 4.0");
pub(crate) static LIBPQ_111: ClientHello = on_111("libpq", "psql/libpq with OpenSSL 1.1.1");
pub(crate) static LIBPQ_35: ClientHello = on_35("libpq", "psql/libpq 18.6 (OpenSSL 3.6.5)");
pub(crate) static LIBPQ_40: ClientHello = on_40("libpq", "psql/libpq with OpenSSL 4.0");
pub(crate) static PYTHON_111: ClientHello = on_111("python", "CPython with OpenSSL 1.1.1");
pub(crate) static PYTHON_35: ClientHello = on_35("python", "CPython 3.14.8 / OpenSSL 3.6.5");
pub(crate) static PYTHON_40: ClientHello = on_40("python", "CPython with OpenSSL 4.0");

/// CPython before 3.10 leaves versions and suites to OpenSSL (bpo-43998).
pub(crate) static PYTHON_38: ClientHello =
    ClientHello::like("openssl", "CPython 3.8.18, 3.9.18 / OpenSSL 3.0.19").with_versions(ALL_TLS);

pub(crate) static NODE_16: ClientHello = on_111("node", "Node 16.20.2 / OpenSSL 1.1.1");
pub(crate) static NODE_35: ClientHello =
    on_35("node", "Node 22.23.3, 24.21.0, 26.10.0 / OpenSSL 3.5.8").with_suites(NODE_SUITES);

/// Without the AES-CCM suites with an 8-byte tag.
const NODE_SUITES: &[u16] = &[
    0x1302, 0x1303, 0x1301, 0xC02F, 0xC02B, 0xC030, 0xC02C, 0x009E, 0xC027, 0x0067, 0xC028, 0x006B,
    0x00A3, 0x009F, 0xCCA9, 0xCCA8, 0xCCAA, 0xC0AD, 0xC09F, 0xC05D, 0xC061, 0xC057, 0xC053, 0x00A2,
    0xC0AC, 0xC09E, 0xC05C, 0xC060, 0xC056, 0xC052, 0xC024, 0x006A, 0xC023, 0x0040, 0xC00A, 0xC014,
    0x0039, 0x0038, 0xC009, 0xC013, 0x0033, 0x0032, 0x009D, 0xC09D, 0xC051, 0x009C, 0xC09C, 0xC050,
    0x003D, 0x003C, 0x0035, 0x002F,
];

/// Go's curves without the post-quantum ones.
const GO_CURVES: &[u16] = &[0x001D, 0x0017, 0x0018, 0x0019];
/// With SHA-1 for TLS 1.2, which Go 1.25 leaves out.
const GO_SCHEMES: &[u16] = &[
    0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0503, 0x0603, 0x0201, 0x0203,
];

const GO_BEFORE_124: ClientHello = ClientHello::like("go", "Go 1.23.9 crypto/tls")
    .with_groups(&[0x6399, 0x001D, 0x0017, 0x0018, 0x0019], &[0x6399, 0x001D])
    .with_signature_schemes(GO_SCHEMES);

pub(crate) static GO_121: ClientHello = ClientHello::like("go", "Go 1.21.13 crypto/tls")
    .with_suites(&[
        0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC009, 0xC013, 0xC00A, 0xC014, 0x009C,
        0x009D, 0x002F, 0x0035, 0xC012, 0x000A, 0x1301, 0x1302, 0x1303,
    ])
    .with_groups(GO_CURVES, &[0x001D])
    .with_signature_schemes(GO_SCHEMES);
pub(crate) static GO_122: ClientHello = ClientHello::like("go", "Go 1.22.10 crypto/tls")
    .with_suites(&[
        0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC009, 0xC013, 0xC00A, 0xC014, 0xC012,
        0x1301, 0x1302, 0x1303,
    ])
    .with_groups(GO_CURVES, &[0x001D])
    .with_signature_schemes(GO_SCHEMES);
pub(crate) static GO_123: ClientHello = GO_BEFORE_124;
pub(crate) static GO_124: ClientHello = ClientHello::like("go", "Go 1.24.11 crypto/tls")
    .with_groups(&[0x11EC, 0x001D, 0x0017, 0x0018, 0x0019], &[0x11EC, 0x001D])
    .with_signature_schemes(GO_SCHEMES);
pub(crate) static GO_125: ClientHello = ClientHello::like("go", "Go 1.25.5 crypto/tls")
    .with_groups(&[0x11EC, 0x001D, 0x0017, 0x0018, 0x0019], &[0x11EC, 0x001D])
    .with_schemes_of_two_kinds(GO_MODERN_SCHEMES, GO_SCHEMES);
pub(crate) static GO_126: ClientHello = ClientHello::like("go", "Go 1.26.6 crypto/tls")
    .with_schemes_of_two_kinds(GO_MODERN_SCHEMES, GO_SCHEMES);
const GO_MODERN_SCHEMES: &[u16] = &[
    0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0503, 0x0603,
];

/// Java before EdDSA came to its TLS (JDK-8166596).
const JAVA_SCHEMES_11: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601,
    0x0402, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202,
];
const JAVA_GROUPS: &[u16] = &[
    0x001D, 0x0017, 0x0018, 0x0019, 0x001E, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104,
];
/// Java since the RSA key transport suites are off (JDK-8245545).
const JAVA_EPHEMERAL: &[u16] = &[
    0x1302, 0x1301, 0x1303, 0xC02C, 0xC02B, 0xCCA9, 0xC030, 0xCCA8, 0xC02F, 0x009F, 0xCCAA, 0x00A3,
    0x009E, 0x00A2, 0xC024, 0xC028, 0xC023, 0xC027, 0x006B, 0x006A, 0x0067, 0x0040, 0xC00A, 0xC014,
    0xC009, 0xC013, 0x0039, 0x0038, 0x0033, 0x0032,
];
/// Without SHA-1 in TLS 1.2 (JDK-8340321); certificates may have it.
const JAVA_WITHOUT_SHA1: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401,
    0x0501, 0x0601, 0x0402, 0x0303, 0x0301, 0x0302,
];
const JAVA_CERTIFICATES: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401,
    0x0501, 0x0601, 0x0402, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202,
];

pub(crate) static JAVA_8: ClientHello = ClientHello::like("java", "OpenJDK 8u504")
    .with_suites(&[
        0x1302, 0x1301, 0xC02C, 0xC02B, 0xC030, 0xC02F, 0x009F, 0x00A3, 0x009E, 0x00A2, 0xC024,
        0xC028, 0xC023, 0xC027, 0x006B, 0x006A, 0x0067, 0x0040, 0xC00A, 0xC014, 0xC009, 0xC013,
        0x0039, 0x0038, 0x0033, 0x0032, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F,
    ])
    .with_groups(
        &[
            0x0017, 0x0018, 0x0019, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104,
        ],
        &[0x0017],
    )
    .with_schemes_of_two_kinds(JAVA_SCHEMES_11, JAVA_SCHEMES_11);
pub(crate) static JAVA_11: ClientHello = ClientHello::like("java", "OpenJDK 11.0.13")
    .with_groups(JAVA_GROUPS, &[0x001D])
    .with_schemes_of_two_kinds(JAVA_SCHEMES_11, JAVA_SCHEMES_11);
pub(crate) static JAVA_11_LATE: ClientHello = ClientHello::like("java", "OpenJDK 11.0.33")
    .with_suites(JAVA_EPHEMERAL)
    .with_groups(JAVA_GROUPS, &[0x001D])
    .with_schemes_of_two_kinds(
        &[
            0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501,
            0x0601, 0x0402, 0x0303, 0x0301, 0x0302,
        ],
        JAVA_SCHEMES_11,
    );
pub(crate) static JAVA_LATE: ClientHello =
    ClientHello::like("java", "OpenJDK 17.0.21, 21.0.13, 25.0.2, 26.0.2")
        .with_suites(JAVA_EPHEMERAL)
        .with_schemes_of_two_kinds(JAVA_WITHOUT_SHA1, JAVA_CERTIFICATES);
pub(crate) static JAVA_24: ClientHello =
    ClientHello::like("java", "OpenJDK 24 (documents)").with_suites(JAVA_EPHEMERAL);

pub(crate) static GNUTLS_3813: ClientHello = ClientHello::like("gnutls", "gnutls-cli 3.8.13")
    .with_signature_schemes(&[
        0x0904, 0x0905, 0x0906, 0x0401, 0x0809, 0x0804, 0x0403, 0x0807, 0x0501, 0x080A, 0x0805,
        0x0503, 0x0808, 0x0601, 0x080B, 0x0806, 0x0603, 0x0201, 0x0203,
    ]);

pub(crate) static NSS_3132: ClientHello = ClientHello::like("nss", "tstclnt of NSS 3.132")
    .with_suites(&[
        0x1301, 0x1303, 0x1302, 0xC02B, 0xC02F, 0xCCA9, 0xCCA8, 0xC02C, 0xC030, 0xC009, 0xC013,
        0xC023, 0xC027, 0xC00A, 0xC014, 0x009E, 0xCCAA, 0x009F, 0x0033, 0x0032, 0x0067, 0x0039,
        0x0038, 0x006B, 0x0016, 0x0013, 0x009C, 0x009D, 0x002F, 0x003C, 0x0035, 0x003D, 0x000A,
        0x0005, 0x0004,
    ])
    .with_groups(
        &[
            0x11EC, 0x001D, 0x0017, 0x0018, 0x0019, 0x11EB, 0x11ED, 0x0100, 0x0101, 0x0102, 0x0103,
            0x0104,
        ],
        &[0x11EC],
    )
    .with_signature_schemes(&[
        0x0403, 0x0503, 0x0603, 0x0203, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0201,
        0x0402, 0x0502, 0x0602, 0x0202, 0x0904, 0x0905, 0x0906,
    ]);
