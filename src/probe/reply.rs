//! The unencrypted part of the answer to a ClientHello: ServerHello, certificates, or an alert (RFC
//! 5246 sections 6.2, 7.2, 7.4).

use crate::cipher::{KeyExchange, numbered};
use crate::handshake::{Exchange, Group};
use std::io::{self, Read};

/// The most that is read from one answer, in bytes. A chain of ten certificates
/// has 20 kB; OpenSSL's clients stop at 100 kB (`SSL_MAX_CERT_LIST_DEFAULT`).
const LARGEST: usize = 128 << 10;

/// The most records of one answer: one message in records of a few bytes is legal, and empty ones
/// could otherwise continue forever.
const MOST_RECORDS: usize = 1024;

/// The largest record (RFC 5246 section 6.2.3).
const RECORD: usize = (1 << 14) + 2048;

/// The most certificates that are read from one answer.
const MOST_CERTIFICATES: usize = 100;

/// The number of TLS 1.3 (RFC 8446 section 4.2.1).
const TLS13: u16 = 0x0304;

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// It chose a version and a cipher suite.
    Hello {
        version: u16,
        suite: u16,
        /// The key exchange: in TLS 1.3 the group of the key share, or the one that is requested;
        /// in older versions what the suite and the ServerKeyExchange say.
        exchange: Option<Exchange>,
        /// In the order in which they arrived, in DER.
        certificates: Vec<Vec<u8>>,
        /// The cookie of a HelloRetryRequest, or none: `None` for a ServerHello.
        retry: Option<Vec<u8>>,
    },
    /// It refused: the number of the alert.
    Alert(u8),
    /// The answer is not TLS, or broken: the reason.
    Garbage(&'static str),
}

/// Reads until the certificates have arrived, or the rest is encrypted.
pub(super) fn read(from: &mut impl Read) -> io::Result<Reply> {
    read_until(from, Until::Certificates)
}

/// Reads what the server chose: in TLS 1.3 the ServerHello or HelloRetryRequest, after which the
/// server waits for another hello; in older versions also the ServerKeyExchange.
pub(super) fn read_choice(from: &mut impl Read) -> io::Result<Reply> {
    read_until(from, Until::Choice)
}

/// What is read last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    Certificates,
    Choice,
}

fn read_until(from: &mut impl Read, until: Until) -> io::Result<Reply> {
    let mut messages = Messages::new(until);
    let mut total = 0;
    for _ in 0..MOST_RECORDS {
        let mut header = [0; 5];
        match from.read_exact(&mut header) {
            Ok(()) => {}
            // After a ServerHello the connection may end: only the version was needed.
            Err(error) => return messages.hello().ok_or(error),
        }
        let [kind, major, _, high, low] = header;
        let length = usize::from(u16::from_be_bytes([high, low]));
        // Content types of RFC 8446 section 5.1, and the first byte that all versions from SSL 3.0
        // to TLS 1.3 have in common.
        if !matches!(kind, 20..=23) || major != 3 {
            return Ok(Reply::Garbage("no TLS record begins like this"));
        }
        total += length;
        if length > RECORD || total > LARGEST {
            return Ok(Reply::Garbage("the answer is too large"));
        }
        let mut body = vec![0; length];
        match from.read_exact(&mut body) {
            Ok(()) => {}
            Err(error) => return messages.hello().ok_or(error),
        }
        match (kind, body.as_slice()) {
            (22, body) => messages.buffer.extend(body),
            // A warning (unrecognized_name) does not end it.
            (21, [1, _]) => continue,
            // An alert after the ServerHello is too late to change the choice.
            (21, [_, alert]) => return Ok(messages.hello().unwrap_or(Reply::Alert(*alert))),
            (21, _) => return Ok(Reply::Garbage("an alert of the wrong length")),
            // In TLS 1.3 a change_cipher_spec may come anywhere (RFC 8446 appendix D.4).
            (20, [1]) if messages.hello.is_none() => continue,
            _ => {
                return Ok(messages
                    .hello()
                    .unwrap_or(Reply::Garbage("a record out of order")));
            }
        }
        if messages.advance()? {
            return Ok(messages
                .hello()
                .unwrap_or(Reply::Garbage("a message out of order")));
        }
    }
    Ok(Reply::Garbage("too many records"))
}

struct Messages {
    until: Until,
    buffer: Vec<u8>,
    hello: Option<(u16, u16, Option<Exchange>)>,
    certificates: Vec<Vec<u8>>,
    retry: Option<Vec<u8>>,
}

impl Messages {
    const fn new(until: Until) -> Self {
        Self {
            until,
            buffer: Vec::new(),
            hello: None,
            certificates: Vec::new(),
            retry: None,
        }
    }

    /// Consumes the complete messages; `true` means that the answer is complete.
    fn advance(&mut self) -> io::Result<bool> {
        loop {
            let Some((&[kind, a, b, c], rest)) = self.buffer.split_first_chunk::<4>() else {
                return Ok(false);
            };
            let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX);
            let Some(body) = rest.get(..length) else {
                return Ok(false);
            };
            let done = match kind {
                2 => {
                    self.hello = server_hello(body);
                    self.retry = cookie(body);
                    // In TLS 1.3, what follows is encrypted.
                    let last = |hello: (u16, u16, _)| hello.0 >= TLS13;
                    self.hello
                        .is_none_or(|hello| self.until == Until::Choice && last(hello))
                }
                11 => {
                    self.certificates = certificates(body);
                    // TLS 1.2 and older send the certificates unencrypted. Without keys there is
                    // nothing more to learn.
                    self.until == Until::Certificates
                }
                // CertificateStatus comes between the certificates and the ServerKeyExchange.
                22 => self.until == Until::Certificates,
                12 => {
                    if let Some((_, suite, exchange)) = &mut self.hello {
                        *exchange = server_key_exchange(body, *suite);
                    }
                    true
                }
                _ => true,
            };
            if done {
                return Ok(true);
            }
            self.buffer.drain(..4 + length);
        }
    }

    fn hello(&mut self) -> Option<Reply> {
        let (version, suite, exchange) = self.hello?;
        Some(Reply::Hello {
            version,
            suite,
            exchange,
            certificates: std::mem::take(&mut self.certificates),
            retry: self.retry.take(),
        })
    }
}

/// The random of a HelloRetryRequest (RFC 8446 section 4.1.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// The cookie if the message is a HelloRetryRequest, empty without one.
fn cookie(body: &[u8]) -> Option<Vec<u8>> {
    let rest = body.get(2..)?.strip_prefix(&RETRY)?;
    let cookie = || {
        let (&session, rest) = rest.split_first()?;
        let rest = rest.get(usize::from(session) + 3..)?;
        let (length, rest) = extension(rest, 44)?.split_first_chunk::<2>()?;
        rest.get(..usize::from(u16::from_be_bytes(*length)))
    };
    Some(cookie().unwrap_or_default().to_vec())
}

/// Version and cipher suite of a ServerHello; from TLS 1.3 on the version is in an
/// extension (RFC 8446 section 4.2.1), as is the group (section 4.2.8).
fn server_hello(body: &[u8]) -> Option<(u16, u16, Option<Exchange>)> {
    let (version, rest) = body.split_first_chunk::<2>()?;
    let (_random, rest) = rest.split_at_checked(32)?;
    let (&session, rest) = rest.split_first()?;
    let (_session, rest) = rest.split_at_checked(usize::from(session))?;
    let (suite, rest) = rest.split_first_chunk::<2>()?;
    // What follows the compression byte is extensions, and may be missing in versions before 1.3.
    let in_extension = |kind: u16| {
        let (_compression, rest) = rest.split_first()?;
        let first = extension(rest, kind)?.first_chunk::<2>()?;
        Some(u16::from_be_bytes(*first))
    };
    // supported_versions and key_share.
    let version = in_extension(43).unwrap_or(u16::from_be_bytes(*version));
    let suite = u16::from_be_bytes(*suite);
    let exchange = if version >= TLS13 {
        in_extension(51).map(|group| Exchange::Group(Group(group)))
    } else {
        // With key transport no ServerKeyExchange follows.
        let transport = |suite: &&crate::cipher::Suite| suite.key_exchange == KeyExchange::Rsa;
        numbered(suite).filter(transport).map(|_| Exchange::Rsa)
    };
    Some((version, suite, exchange))
}

/// The named curve of a ServerKeyExchange (RFC 8422 section 5.4), or the size of its DH prime (RFC
/// 5246 section 7.4.3).
fn server_key_exchange(body: &[u8], suite: u16) -> Option<Exchange> {
    match numbered(suite)?.key_exchange {
        KeyExchange::Ecdhe => match body {
            [3, high, low, ..] => {
                let curve = u16::from_be_bytes([*high, *low]);
                Some(Exchange::Group(Group(curve)))
            }
            _ => None,
        },
        KeyExchange::Dhe => {
            let (length, rest) = body.split_first_chunk::<2>()?;
            let prime = rest.get(..usize::from(u16::from_be_bytes(*length)))?;
            // A leading zero is legal in `opaque dh_p<1..2^16-1>`, and must not count as bits.
            let start = prime.iter().position(|byte| *byte != 0)?;
            let (first, rest) = prime.get(start..)?.split_first()?;
            let whole = u32::try_from(rest.len()).ok()?.checked_mul(8)?;
            Some(Exchange::Dh(whole + u8::BITS - first.leading_zeros()))
        }
        _ => None,
    }
}

/// What an extension of a ServerHello holds.
fn extension(extensions: &[u8], wanted: u16) -> Option<&[u8]> {
    let (length, rest) = extensions.split_first_chunk::<2>()?;
    let mut rest = rest.get(..usize::from(u16::from_be_bytes(*length)))?;
    loop {
        let (&[a, b, c, d], behind) = rest.split_first_chunk::<4>()?;
        let (body, behind) = behind.split_at_checked(usize::from(u16::from_be_bytes([c, d])))?;
        if u16::from_be_bytes([a, b]) == wanted {
            return Some(body);
        }
        rest = behind;
    }
}

/// The certificates of a Certificate message; a truncated one is left out.
fn certificates(body: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut rest = take24(body).map_or(&[][..], |(list, _)| list);
    while let Some((certificate, behind)) = take24(rest)
        && found.len() < MOST_CERTIFICATES
    {
        found.push(certificate.to_vec());
        rest = behind;
    }
    found
}

/// Splits off a vector with a three-byte length; returns its bytes and the rest.
fn take24(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[a, b, c], rest) = bytes.split_first_chunk::<3>()?;
    let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).ok()?;
    rest.split_at_checked(length)
}

/// An alert's name (RFC 8446 section 6; RFC 5246 and earlier).
pub(super) fn alert_name(alert: u8) -> String {
    let name = match alert {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        22 => "record_overflow",
        40 => "handshake_failure",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        109 => "missing_extension",
        110 => "unsupported_extension",
        112 => "unrecognized_name",
        116 => "certificate_required",
        120 => "no_application_protocol",
        other => return format!("number {other}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut all = vec![kind, 3, 1];
        all.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
        all.extend(body);
        all
    }

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut all = vec![kind];
        all.extend(&u32::try_from(body.len()).unwrap().to_be_bytes()[1..]);
        all.extend(body);
        all
    }

    fn hello() -> Vec<u8> {
        let mut body = vec![3, 1];
        body.extend([0; 32]);
        body.extend([0, 0xc0, 0x13, 0]);
        message(2, &body)
    }

    fn certificate() -> Vec<u8> {
        message(11, &[0, 0, 8, 0, 0, 2, b'a', b'b', 0, 0, 0])
    }

    #[test]
    fn a_hello_and_its_certificates_however_they_are_cut() {
        let whole = [hello(), certificate()].concat();
        let expected = Reply::Hello {
            version: 0x0301,
            suite: 0xc013,
            exchange: None,
            certificates: vec![b"ab".to_vec(), Vec::new()],
            retry: None,
        };
        for size in [1, 3, 7, 1000] {
            let bytes: Vec<u8> = whole
                .chunks(size)
                .flat_map(|part| record(22, part))
                .collect();
            assert_eq!(read(&mut bytes.as_slice()).unwrap(), expected, "{size}");
        }
        let alone = record(22, &hello());
        assert!(matches!(
            read(&mut alone.as_slice()).unwrap(),
            Reply::Hello { certificates, .. } if certificates.is_empty()
        ));
    }

    #[test]
    fn alerts_garbage_and_endless_answers_end() {
        let alert = record(21, &[2, 70]);
        assert_eq!(read(&mut alert.as_slice()).unwrap(), Reply::Alert(70));
        let warned = [record(21, &[1, 112]), record(22, &hello())].concat();
        assert!(matches!(
            read(&mut warned.as_slice()).unwrap(),
            Reply::Hello { .. }
        ));
        assert!(matches!(
            read(&mut &b"HTTP/1.1 400"[..]).unwrap(),
            Reply::Garbage(_)
        ));
        for kind in [22, 21] {
            let endless = record(kind, &[]).repeat(5000);
            assert!(
                matches!(read(&mut endless.as_slice()).unwrap(), Reply::Garbage(_)),
                "{kind}"
            );
        }
        let claims = record(22, &[2, 255, 255, 255]);
        let endless = [claims, record(22, &[0; 16000]).repeat(100)].concat();
        assert!(matches!(
            read(&mut endless.as_slice()).unwrap(),
            Reply::Garbage(_)
        ));
        assert!(read(&mut io::repeat(22)).is_ok());
        assert!(read(&mut io::empty()).is_err());
    }

    #[test]
    fn a_hello_alone_is_enough_and_its_version_may_be_an_extension() {
        let mut body = vec![3, 3];
        body.extend([0; 32]);
        body.extend([0, 0x13, 0x01, 0]);
        body.extend([0, 12, 0, 51, 0, 2, 0, 29, 0, 43, 0, 2, 3, 4]);
        let expected = Reply::Hello {
            version: 0x0304,
            suite: 0x1301,
            exchange: Some(Exchange::Group(Group::X25519)),
            certificates: Vec::new(),
            retry: None,
        };
        // Nothing follows it, and nothing more is read.
        let mut after = record(22, &message(2, &body));
        after.extend([0; 3]);
        assert_eq!(read_choice(&mut after.as_slice()).unwrap(), expected);
        for end in 0..after.len() {
            let _ = read_choice(&mut &after[..end]);
        }
    }

    #[test]
    fn a_retry_has_a_cookie_or_none() {
        let body = |extensions: &[u8]| {
            let length = u16::try_from(extensions.len()).unwrap().to_be_bytes();
            let body = [
                &[3, 3][..],
                &RETRY,
                &[0, 0x13, 0x01, 0],
                &length,
                extensions,
            ]
            .concat();
            record(22, &message(2, &body))
        };
        let retry = |bytes: Vec<u8>| match read_choice(&mut bytes.as_slice()).unwrap() {
            Reply::Hello { retry, .. } => retry,
            other => panic!("{other:?}"),
        };
        let version = [0, 43, 0, 2, 3, 4];
        assert_eq!(retry(body(&version)), Some(Vec::new()));
        let cookie = [&version[..], &[0, 44, 0, 4, 0, 2, 7, 8]].concat();
        assert_eq!(retry(body(&cookie)), Some(vec![7, 8]));
        // A change_cipher_spec comes before the next message.
        let after = [record(20, &[1]), record(22, &chooses([0, 0x9c]))].concat();
        assert_eq!(retry(after), None);
    }

    /// A ServerHello of TLS 1.2 that chooses `suite`.
    fn chooses(suite: [u8; 2]) -> Vec<u8> {
        message(2, &[&[3, 3], &[0; 33][..], &suite, &[0]].concat())
    }

    #[test]
    fn in_tls12_the_server_key_exchange_names_the_group() {
        let read = |suite: [u8; 2], rest: Vec<u8>| {
            let whole = record(22, &[chooses(suite), certificate(), rest].concat());
            match read_choice(&mut whole.as_slice()).unwrap() {
                Reply::Hello { exchange, .. } => exchange,
                other => panic!("{other:?}"),
            }
        };
        let curve = message(12, &[3, 0, 24, 1, 4]);
        let group = Some(Exchange::Group(Group::SECP384R1));
        let (ecdhe, dhe, rsa) = ([0xc0, 0x2f], [0, 0x9e], [0, 0x9c]);
        assert_eq!(read(ecdhe, curve.clone()), group);
        // A stapled response comes between them.
        assert_eq!(read(ecdhe, [message(22, &[1]), curve].concat()), group);
        let prime = [&[0, 130, 0, 0, 0x7f][..], &[1; 127]].concat();
        assert_eq!(read(dhe, message(12, &prime)), Some(Exchange::Dh(1023)));
        assert_eq!(read(rsa, message(14, &[])), Some(Exchange::Rsa));
        // Cut off, without a prime, an explicit curve.
        assert_eq!(read(dhe, message(12, &prime[..20])), None);
        assert_eq!(read(dhe, message(12, &[0, 2, 0, 0])), None);
        assert_eq!(read(ecdhe, message(12, &[1, 0, 24])), None);
        assert_eq!(read(ecdhe, Vec::new()), None);
    }

    #[test]
    fn every_prefix_of_an_answer_is_harmless() {
        let exchange = message(12, &[3, 0, 24, 1, 4]);
        let whole = record(22, &[hello(), certificate(), exchange].concat());
        for end in 0..whole.len() {
            let _ = read(&mut &whole[..end]);
            let _ = read_choice(&mut &whole[..end]);
        }
    }
}
