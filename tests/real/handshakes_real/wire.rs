//! Hellos as they were on the wire (RFC 8446 section 4.1, RFC 5246 section 7.4).

use certcheck::cipher::{CipherList, KeyExchange, Suite, tls13};
use certcheck::handshake::{ClientHello, Exchange, Group};
use certcheck::protocol::Version;

/// What a client offered, without GREASE (RFC 8701) and signalling suites.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Offered {
    pub(crate) versions: Vec<Version>,
    pub(crate) suites: Vec<u16>,
    pub(crate) groups: Vec<u16>,
    pub(crate) key_shares: Vec<u16>,
    pub(crate) schemes: Vec<u16>,
    pub(crate) certificate_schemes: Option<Vec<u16>>,
    pub(crate) http2: bool,
}

impl Offered {
    /// How its offer differs from the table.
    pub(crate) fn differs(&self, table: &ClientHello) -> Vec<String> {
        let mut all = Vec::new();
        let mut compare = |what: &str, real: String, expected: String| {
            if real != expected {
                all.push(format!(
                    "{what}: {real} on the wire, {expected} in the table"
                ));
            }
        };
        let list = |codes: &[u16]| {
            let codes: Vec<_> = codes.iter().map(|code| format!("{code:04X}")).collect();
            codes.join(" ")
        };
        let (real, expected) = (
            format!("{:?}", self.versions),
            format!("{:?}", table.versions),
        );
        compare("versions", real, expected);
        compare("suites", list(&self.suites), list(table.suites));
        compare("groups", list(&self.groups), list(table.groups));
        compare("key shares", list(&self.key_shares), list(table.key_shares));
        compare(
            "schemes",
            list(&self.schemes),
            list(table.signature_schemes),
        );
        compare(
            "schemes of certificates",
            self.certificate_schemes
                .as_deref()
                .map(list)
                .unwrap_or_default(),
            table.certificate_schemes.map(list).unwrap_or_default(),
        );
        compare(
            "HTTP/2",
            self.http2.to_string(),
            table.offers_http2.to_string(),
        );
        all
    }
}

/// What a server chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) version: String,
    pub(crate) suite: String,
    pub(crate) exchange: String,
}

/// The messages of a handshake that are in the clear: their kinds and bodies.
fn messages(bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let (mut plain, mut rest) = (Vec::new(), bytes);
    // Up to ChangeCipherSpec, an alert or encrypted records.
    while let Some((&[22, 3, _, high, low], behind)) = rest.split_first_chunk::<5>() {
        let length = usize::from(u16::from_be_bytes([high, low]));
        let Some((body, behind)) = behind.split_at_checked(length) else {
            break;
        };
        plain.extend_from_slice(body);
        rest = behind;
        // In TLS 1.3, another ServerHello may follow a ChangeCipherSpec.
        if let Some((&[20, 3, _, 0, 1, 1], behind)) = rest.split_first_chunk::<6>() {
            rest = behind;
        }
    }
    let (mut all, mut rest) = (Vec::new(), plain.as_slice());
    while let Some((&[kind, a, b, c], behind)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap();
        let Some((body, behind)) = behind.split_at_checked(length) else {
            break;
        };
        all.push((kind, body.to_vec()));
        rest = behind;
    }
    all
}

fn take(rest: &mut &[u8], count: usize) -> Option<Vec<u8>> {
    let (first, behind) = rest.split_at_checked(count)?;
    *rest = behind;
    Some(first.to_vec())
}

/// A vector that follows its length, which takes `bytes` bytes.
fn vector(rest: &mut &[u8], bytes: usize) -> Option<Vec<u8>> {
    let length = take(rest, bytes)?;
    let length = length
        .iter()
        .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    take(rest, length)
}

fn extensions(mut rest: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let mut all = Vec::new();
    while let Some(kind) = take(&mut rest, 2) {
        let Some(body) = vector(&mut rest, 2) else {
            break;
        };
        all.push((u16::from_be_bytes([kind[0], kind[1]]), body));
    }
    all
}

fn numbers(bytes: &[u8]) -> Vec<u16> {
    let all = bytes
        .chunks_exact(2)
        .map(|two| u16::from_be_bytes([two[0], two[1]]));
    all.filter(|code| !is_grease(*code)).collect()
}

const fn is_grease(code: u16) -> bool {
    let [high, low] = code.to_be_bytes();
    high == low && low & 0x0F == 0x0A
}

fn version(code: u16) -> Option<Version> {
    Some(match code {
        0x0301 => Version::TLSv1,
        0x0302 => Version::TLSv1_1,
        0x0303 => Version::TLSv1_2,
        0x0304 => Version::TLSv1_3,
        _ => return None,
    })
}

/// The first ClientHello in what a client sent.
pub(crate) fn client_hello(bytes: &[u8]) -> Option<Offered> {
    let all = messages(bytes);
    let (_, body) = all.first().filter(|(kind, _)| *kind == 1)?;
    let mut rest = body.as_slice();
    let legacy = take(&mut rest, 2)?;
    let _random = take(&mut rest, 32)?;
    let _session = vector(&mut rest, 1)?;
    let mut suites = numbers(&vector(&mut rest, 2)?);
    // Renegotiation and fallback (RFC 5746, RFC 7507) are not suites.
    suites.retain(|code| !matches!(code, 0x00FF | 0x5600));
    let _compression = vector(&mut rest, 1)?;
    let extensions = extensions(&vector(&mut rest, 2).unwrap_or_default());
    let find = |wanted: u16| {
        extensions
            .iter()
            .find(|(kind, _)| *kind == wanted)
            .map(|extension| extension.1.as_slice())
    };
    let list = |wanted: u16| find(wanted).and_then(|mut body| vector(&mut body, 2));
    let codes = |wanted: u16| list(wanted).map(|list| numbers(&list));
    let legacy = u16::from_be_bytes([legacy[0], legacy[1]]);
    let versions = match find(43).and_then(|mut body| vector(&mut body, 1)) {
        Some(list) => numbers(&list)
            .into_iter()
            .filter_map(version)
            .rev()
            .collect(),
        None => version(legacy).into_iter().collect(),
    };
    let mut shares = list(51).unwrap_or_default();
    let mut key_shares = Vec::new();
    let mut rest = shares.as_mut_slice() as &[u8];
    while let Some(group) = take(&mut rest, 2) {
        let _key = vector(&mut rest, 2)?;
        key_shares.extend(numbers(&group));
    }
    let protocols = list(16).unwrap_or_default();
    Some(Offered {
        versions,
        suites,
        groups: codes(10).unwrap_or_default(),
        key_shares,
        schemes: codes(13).unwrap_or_default(),
        certificate_schemes: codes(50),
        http2: protocols.windows(3).any(|window| window == b"\x02h2"),
    })
}

/// The suite with that number.
fn numbered(code: u16) -> Option<&'static Suite> {
    let mut all = CipherList::openssl("ALL:COMPLEMENTOFALL").suites;
    let newest = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:\
                  TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256";
    all.extend(tls13(newest).unwrap());
    all.into_iter().find(|suite| suite.code == code)
}

/// What the server chose last, by the names in our tables.
pub(crate) fn server_choice(bytes: &[u8]) -> Option<Chosen> {
    let all = messages(bytes);
    let (_, body) = all.iter().rev().find(|(kind, _)| *kind == 2)?;
    let mut rest = body.as_slice();
    let legacy = take(&mut rest, 2)?;
    let _random = take(&mut rest, 32)?;
    let _session = vector(&mut rest, 1)?;
    let suite = take(&mut rest, 2)?;
    let suite = u16::from_be_bytes([suite[0], suite[1]]);
    let _compression = take(&mut rest, 1)?;
    let extensions = extensions(&vector(&mut rest, 2).unwrap_or_default());
    let first = |wanted: u16| {
        let (_, body) = extensions.iter().find(|(kind, _)| *kind == wanted)?;
        Some(u16::from_be_bytes([*body.first()?, *body.get(1)?]))
    };
    let chosen = version(first(43).unwrap_or(u16::from_be_bytes([legacy[0], legacy[1]])))?;
    let suite = numbered(suite)?;
    let exchange = all
        .iter()
        .find(|(kind, _)| *kind == 12)
        .map(|extension| extension.1.as_slice());
    let exchange = match (suite.key_exchange, exchange) {
        (KeyExchange::Any, _) => first(51).map(|group| Exchange::Group(Group(group))),
        (KeyExchange::Ecdhe, Some([3, high, low, ..])) => {
            Some(Exchange::Group(Group(u16::from_be_bytes([*high, *low]))))
        }
        (KeyExchange::Dhe, Some(mut body)) => {
            let prime = vector(&mut body, 2)?;
            let bits = prime.len() * 8 - usize::try_from(prime.first()?.leading_zeros()).ok()?;
            Some(Exchange::Dh(u32::try_from(bits).ok()?))
        }
        (KeyExchange::Rsa, _) => Some(Exchange::Rsa),
        _ => None,
    };
    Some(Chosen {
        version: chosen.as_str().to_owned(),
        suite: suite.iana.to_owned(),
        exchange: exchange
            .map(|exchange| exchange.to_string())
            .unwrap_or_default(),
    })
}
