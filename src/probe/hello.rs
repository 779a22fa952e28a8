//! A ClientHello by hand, for versions that no current TLS library speaks.

use super::KeyKind;
use crate::handshake::{ClientHello, Group};
use crate::protocol::Version;

/// Cipher suites by number and IANA name: what servers of the last 25 years
/// had, strongest first. Offered to learn the version; never used.
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

/// The version's number on the wire; `None`: it is not asked by hand.
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
/// 7.4.1.2; SSL 3.0 has no extensions). `name` must be a host's name, if any; with a kind of key,
/// only certificates of that kind are acceptable.
pub(super) fn client_hello(
    version: u16,
    name: Option<&str>,
    kind: Option<KeyKind>,
    random: [u8; 32],
) -> Vec<u8> {
    let mut body = version.to_be_bytes().to_vec();
    body.extend(random);
    body.push(0); // no session to resume
    // The suites of TLS 1.2 have the kind of key in their names. Anonymous and pre-shared ones are
    // not offered.
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
    // SSL 3.0 has no extensions in its hello, and some old servers disconnect if there is one.
    if version > 0x0300 {
        body.extend(vector16(&extensions(version, name, kind)));
    }
    record(version, &body)
}

/// A ClientHello in one record.
fn record(version: u16, body: &[u8]) -> Vec<u8> {
    let mut message = vec![1]; // client_hello
    message.extend(body.len().to_be_bytes().iter().skip(size_of::<usize>() - 3));
    message.extend(body);
    // 0x0300 in the record of an SSL 3.0 hello, and 0x0301 for all others, as RFC 8446 5.1 allows
    // for the first hello.
    let mut record = vec![22, 3, if version > 0x0300 { 1 } else { 0 }];
    record.extend(vector16(&message));
    record
}

/// One record with what a current client offers: its versions, suites, groups and
/// signatures in its order. `random` is the hello's random, a session (RFC 8446
/// appendix D.4) and a public key for X25519. `again` is what a server asked for with a
/// HelloRetryRequest: the group, and a cookie to return.
pub(super) fn of_client(
    client: &ClientHello,
    name: Option<&str>,
    protocol: Option<&str>,
    random: [[u8; 32]; 3],
    again: Option<(Group, &[u8])>,
) -> Vec<u8> {
    let [random, session, share] = random;
    let mut body = vec![3, 3];
    body.extend(random);
    // A session of 32 bytes is middlebox compatibility mode (RFC 8446 appendix D.4), which clients
    // use today.
    body.push(32);
    body.extend(session);
    let suites = client.suites.iter().copied().chain([RENEGOTIATION]);
    body.extend(vector16(&numbers(suites)));
    body.extend([1, 0]); // no compression
    let mut all = Vec::new();
    let mut add = |kind: u16, body: &[u8]| {
        all.extend(kind.to_be_bytes());
        all.extend(vector16(body));
    };
    if let Some(name) = name {
        add(0, &server_name(name));
    }
    add(10, &vector16(&numbers(client.groups.iter().copied())));
    // Uncompressed points only (RFC 8422 section 5.1.2).
    add(11, &[1, 0]);
    let schemes = client.signature_schemes.iter().copied();
    add(13, &vector16(&numbers(schemes)));
    if let Some(schemes) = client.certificate_schemes {
        add(50, &vector16(&numbers(schemes.iter().copied())));
    }
    if let Some(protocol) = protocol {
        let length = u8::try_from(protocol.len()).unwrap_or(u8::MAX);
        let mut entry = vec![length];
        entry.extend(protocol.bytes().take(usize::from(length)));
        add(16, &vector16(&entry));
    }
    add(23, &[]); // extended_master_secret (RFC 7627)
    if client.versions.contains(&Version::TLSv1_3) {
        let versions = client.versions.iter().rev();
        let versions = numbers(versions.filter_map(|version| wire_number(*version)));
        let length = u8::try_from(versions.len()).unwrap_or(u8::MAX);
        add(43, &[&[length], versions.as_slice()].concat());
        add(45, &[1, 1]); // psk_dhe_ke
        let asked = again.map(|(group, _)| [group.0]);
        let groups = asked
            .as_ref()
            .map_or(client.key_shares, <[u16; 1]>::as_slice);
        let mut shares = Vec::new();
        for &group in groups {
            if let Some(key) = super::share::share(Group(group), share) {
                shares.extend(group.to_be_bytes());
                shares.extend(vector16(&key));
            }
        }
        add(51, &vector16(&shares));
        if let Some((_, cookie)) = again.filter(|(_, cookie)| !cookie.is_empty()) {
            add(44, &vector16(cookie));
        }
    }
    body.extend(vector16(&all));
    record(0x0303, &body)
}

/// The version's number on the wire, including TLS 1.3.
pub(super) fn wire_number(version: Version) -> Option<u16> {
    match version {
        Version::TLSv1_3 => Some(0x0304),
        older => number(older),
    }
}

fn numbers(all: impl Iterator<Item = u16>) -> Vec<u8> {
    all.flat_map(u16::to_be_bytes).collect()
}

/// The extension that names the host.
fn server_name(name: &str) -> Vec<u8> {
    let mut entry = vec![0]; // host_name
    entry.extend(vector16(name.as_bytes()));
    vector16(&entry)
}

fn extensions(version: u16, name: Option<&str>, kind: Option<KeyKind>) -> Vec<u8> {
    let mut all = Vec::new();
    let mut add = |kind: u16, body: &[u8]| {
        all.extend(kind.to_be_bytes());
        all.extend(vector16(body));
    };
    if let Some(name) = name {
        add(0, &server_name(name));
    }
    // X25519, P-256, P-384, P-521, X448, Brainpool's three, secp256k1, P-224; uncompressed points.
    let groups = [29, 23, 24, 25, 30, 26, 27, 28, 22, 21];
    add(10, &vector16(&numbers(groups.into_iter())));
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

/// Bytes preceded by their two-byte length. What is written here is short.
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
    fn every_client_offers_what_was_recorded() {
        for client in ClientHello::ALL {
            let random = [[7; 32], [8; 32], [9; 32]];
            let hello = of_client(client, Some("www.example.test"), Some("h2"), random, None);
            let length = usize::from(u16::from_be_bytes([hello[3], hello[4]]));
            assert_eq!(hello.len(), 5 + length);
            let has = |bytes: &[u8]| hello.windows(bytes.len()).any(|window| window == bytes);
            assert!(
                has(&numbers(client.suites.iter().copied())),
                "{}",
                client.client
            );
            assert!(
                has(&numbers(client.groups.iter().copied())),
                "{}",
                client.client
            );
            assert!(has(b"www.example.test") && has(b"\x02h2"));
            let modern = client.versions.contains(&Version::TLSv1_3);
            assert_eq!(has(&[9; 32]), modern && client.key_shares.contains(&0x1d));
            let again = Some((Group(0x0100), &b"cookie"[..]));
            let again = of_client(client, None, None, random, again);
            let has = |bytes: &[u8]| again.windows(bytes.len()).any(|window| window == bytes);
            assert_eq!(has(b"\0\x06cookie"), modern);
            assert_eq!(has(&[&[0; 255][..], &[2]].concat()), modern);
        }
    }

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
            let named = hello
                .windows(16)
                .any(|window| window == b"www.example.test");
            assert_eq!(named, version > 0x0300);
        }
    }
}
