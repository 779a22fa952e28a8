//! A ClientHello by hand, for versions that no TLS library of today speaks.

use super::KeyKind;
use crate::protocol::Version;

/// Cipher suites by number and IANA name: what servers of the last 25 years
/// had, strongest first. Offered to be told the version; never used.
pub(super) const SUITES: &[(u16, &str)] = &[
    (0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
    (0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
    (0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    (0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    (0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
    (0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
    (0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"),
    (0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"),
    (0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
    (0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
    (0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
    (0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
    (0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
    (0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
    (0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"),
    (0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"),
    (0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA"),
    (0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA"),
    (0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384"),
    (0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256"),
    (0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256"),
    (0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256"),
    (0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"),
    (0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA"),
    (0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"),
    (0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
    (0x0005, "TLS_RSA_WITH_RC4_128_SHA"),
    (0x0004, "TLS_RSA_WITH_RC4_128_MD5"),
];

/// TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746): without it strict servers refuse.
const RENEGOTIATION: u16 = 0x00ff;

/// The version's number on the wire; none: it is not asked by hand.
pub(super) const fn number(version: Version) -> Option<u16> {
    Some(match version {
        Version::SSLv3 => 0x0300,
        Version::TLSv1 => 0x0301,
        Version::TLSv1_1 => 0x0302,
        Version::TLSv1_2 => 0x0303,
        _ => return None,
    })
}

/// One record with a ClientHello for exactly that version (RFC 5246 section
/// 7.4.1.2; SSL 3.0 has no extensions). `name` must be a host's name, if any; with
/// a kind of key, only certificates of that kind will do.
pub(super) fn client_hello(
    version: u16,
    name: Option<&str>,
    kind: Option<KeyKind>,
    random: [u8; 32],
) -> Vec<u8> {
    let mut body = version.to_be_bytes().to_vec();
    body.extend(random);
    body.push(0); // no session to resume
    let suits = |name: &str| {
        kind.is_none_or(|kind| match kind.is_rsa() {
            true => name.contains("_RSA_"),
            false => name.contains("_ECDSA_"),
        })
    };
    let suites: Vec<u8> = SUITES
        .iter()
        .filter(|(_, name)| suits(name))
        .map(|(suite, _)| *suite)
        .chain([RENEGOTIATION])
        .flat_map(u16::to_be_bytes)
        .collect();
    body.extend(vector16(&suites));
    body.extend([1, 0]); // no compression
    if version > 0x0300 {
        body.extend(vector16(&extensions(version, name, kind)));
    }
    let mut message = vec![1]; // client_hello
    message.extend(body.len().to_be_bytes().iter().skip(size_of::<usize>() - 3));
    message.extend(body);
    let mut record = vec![22, 3, if version > 0x0300 { 1 } else { 0 }];
    record.extend(vector16(&message));
    record
}

fn extensions(version: u16, name: Option<&str>, kind: Option<KeyKind>) -> Vec<u8> {
    let mut all = Vec::new();
    let mut add = |kind: u16, body: &[u8]| {
        all.extend(kind.to_be_bytes());
        all.extend(vector16(body));
    };
    if let Some(name) = name {
        let mut entry = vec![0]; // host_name
        entry.extend(vector16(name.as_bytes()));
        add(0, &vector16(&entry));
    }
    // x25519, P-256, P-384, P-521; uncompressed points.
    add(10, &vector16(&[0, 29, 0, 23, 0, 24, 0, 25]));
    add(11, &[1, 0]);
    if version >= 0x0303 {
        let schemes = match kind {
            Some(kind) => kind.schemes().to_vec(),
            // And DSA, with SHA-256 and SHA-1.
            None => KeyKind::ALL
                .iter()
                .flat_map(|kind| kind.schemes())
                .chain(&[0x0402, 0x0202])
                .copied()
                .collect(),
        };
        let schemes: Vec<u8> = schemes.into_iter().flat_map(u16::to_be_bytes).collect();
        add(13, &vector16(&schemes));
    }
    all
}

/// Bytes behind their number in two bytes. What is written here is short.
fn vector16(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    let mut all = length.to_be_bytes().to_vec();
    all.extend(bytes.iter().take(usize::from(length)));
    all
}

/// The name of a cipher suite, or its number.
pub(super) fn suite_name(suite: u16) -> String {
    let known = SUITES.iter().find(|(number, _)| *number == suite);
    known.map_or_else(|| format!("0x{suite:04x}"), |(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_nest() {
        let kinds = KeyKind::ALL.map(Some).into_iter().chain([None]);
        let versions = [0x0300, 0x0301, 0x0302, 0x0303];
        for (version, kind) in versions
            .into_iter()
            .flat_map(|version| kinds.clone().map(move |kind| (version, kind)))
        {
            let hello = client_hello(version, Some("www.example.test"), kind, [7; 32]);
            let length = usize::from(u16::from_be_bytes([hello[3], hello[4]]));
            assert_eq!(hello.len(), 5 + length);
            let inner = usize::from(u16::from_be_bytes([hello[7], hello[8]]));
            assert_eq!((hello[5], hello[6], inner), (1, 0, length - 4));
            assert_eq!(u16::from_be_bytes([hello[9], hello[10]]), version);
            let named = hello.windows(16).any(|it| it == b"www.example.test");
            assert_eq!(named, version > 0x0300);
        }
    }
}
