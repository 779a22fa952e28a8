//! Recognises the object in DER bytes by its structure alone.
//!
//! Only headers are read, at most four levels deep and a dozen on each, so that neither the size
//! nor the nesting of hostile input matters.

mod header;

use super::SectionKind;
use header::{Length, header};

/// One element: its identifier octet, and its content.
#[derive(Clone, Copy)]
struct Element<'a> {
    identifier: u8,
    content: &'a [u8],
}

/// What the structure says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A whole element, and which object it is.
    Whole { kind: SectionKind, len: usize },
    /// The element announces more bytes than there are.
    CutOff { announced: usize },
    /// Not the start of a DER element.
    NotDer,
}

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const CONTEXT_0: u8 = 0xa0;

/// `1.2.840.113549.1.7`, the arc of PKCS#7's content types.
const PKCS7_ARC: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];

/// `1.2.840.113549.1.9.16.1`, the arc of the content types that S/MIME added.
const SMIME_ARC: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01];

/// Reads the element at the start of `bytes`.
pub(crate) fn shape(bytes: &[u8]) -> Shape {
    if let (Some(&identifier), Some((content, behind))) = (bytes.first(), plain(bytes)) {
        let len = bytes.len() - behind.len();
        return Shape::Whole {
            kind: kind_of(identifier, content),
            len,
        };
    }
    // Long tags, long lengths and BER's indefinite length are rare: the general reader reads them.
    let Some((length, rest)) = header(bytes) else {
        return Shape::NotDer;
    };
    let identifier = bytes.first().copied().unwrap_or(0);
    let head = bytes.len() - rest.len();
    match length {
        Length::Indefinite => match kind_of(identifier, rest) {
            // BER: only containers are written this way (by Windows and Java), and their own reader
            // finds the end.
            kind @ (SectionKind::Pkcs7 | SectionKind::Pkcs12) => Shape::Whole {
                kind,
                len: bytes.len(),
            },
            _ => Shape::NotDer,
        },
        Length::Definite(len) => match head.checked_add(len) {
            Some(end) if end <= bytes.len() => Shape::Whole {
                kind: kind_of(identifier, rest.get(..len).unwrap_or_default()),
                len: end,
            },
            Some(end) => Shape::CutOff { announced: end },
            None => Shape::NotDer,
        },
    }
}

fn kind_of(identifier: u8, content: &[u8]) -> SectionKind {
    match identifier {
        SEQUENCE => sequence(content),
        // A named curve is a bare OBJECT IDENTIFIER (RFC 5480 2.1.1), and none needs 32 bytes.
        OID if content.len() < 32 => SectionKind::EcParameters,
        _ => SectionKind::Unknown,
    }
}

/// Content and rest of an element with a one-octet identifier and a length of at most three octets,
/// as nearly all have: a tenth of the time that the general reader needs for tags of any size.
fn plain(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = match input {
        [tag, ..] if tag & 0x1f == 0x1f => return None,
        [_, len @ 0..=0x7f, rest @ ..] => (usize::from(*len), rest),
        [_, 0x81, len, rest @ ..] => (usize::from(*len), rest),
        [_, 0x82, high, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        _ => return None,
    };
    rest.split_at_checked(len)
}

/// The next element, which is removed from `input`.
fn next<'a>(input: &mut &'a [u8]) -> Option<Element<'a>> {
    let identifier = *input.first()?;
    if let Some((content, behind)) = plain(input) {
        *input = behind;
        return Some(Element {
            identifier,
            content,
        });
    }
    let (length, rest) = header(input)?;
    let (content, behind) = match length {
        Length::Definite(len) => rest.split_at_checked(len)?,
        Length::Indefinite => (rest, &[][..]),
    };
    *input = behind;
    Some(Element {
        identifier,
        content,
    })
}

/// The identifiers of the first elements of `content`, at most ten, and
/// whether there are no more.
fn identifiers(content: &[u8]) -> ([u8; 10], bool) {
    let mut rest = content;
    let mut found = [0; 10];
    for slot in &mut found {
        match next(&mut rest) {
            Some(element) => *slot = element.identifier,
            None => return (found, rest.is_empty()),
        }
    }
    (found, rest.is_empty())
}

fn sequence(content: &[u8]) -> SectionKind {
    let mut rest = content;
    let Some(first) = next(&mut rest) else {
        return SectionKind::Unknown;
    };
    match first.identifier {
        SEQUENCE => after_sequence(first, rest),
        INTEGER => after_integer(first, rest),
        OID if first.content.starts_with(PKCS7_ARC) || first.content.starts_with(SMIME_ARC) => {
            match next(&mut rest) {
                Some(element) if element.identifier == CONTEXT_0 => SectionKind::Pkcs7,
                _ => SectionKind::Unknown,
            }
        }
        _ => SectionKind::Unknown,
    }
}

/// `SEQUENCE { SEQUENCE …`: anything signed, SPKI, encrypted PKCS#8.
fn after_sequence(first: Element<'_>, mut rest: &[u8]) -> SectionKind {
    let Some(second) = next(&mut rest) else {
        return SectionKind::Unknown;
    };
    let third = next(&mut rest).map(|element| element.identifier);
    let algorithm = first.content.first() == Some(&OID);
    match (second.identifier, third, rest.is_empty()) {
        (BIT_STRING, None, true) if algorithm => SectionKind::PublicKey,
        (OCTET_STRING, None, true) if algorithm => SectionKind::EncryptedPkcs8PrivateKey,
        (SEQUENCE, Some(BIT_STRING), true) => signed(first),
        _ => SectionKind::Unknown,
    }
}

/// The signed part: TBSCertificate, CertificationRequestInfo or
/// TBSCertList (RFC 5280 4.1 and 5.1, RFC 2986 4.1).
fn signed(tbs: Element<'_>) -> SectionKind {
    const S: u8 = SEQUENCE;
    match identifiers(tbs.content).0 {
        // The second form is version 1, whose number is left out as the default (RFC 5280
        // 4.1.2.1).
        [CONTEXT_0, INTEGER, S, S, S, S, S, ..] | [INTEGER, S, S, S, S, S, ..] => {
            SectionKind::Certificate
        }
        [INTEGER, S, S, UTC_TIME | GENERALIZED_TIME, ..]
        | [S, S, UTC_TIME | GENERALIZED_TIME, ..] => SectionKind::Crl,
        // RFC 2986 4.1 requires the attributes, even if there are none. Some tools leave them out.
        [INTEGER, S, S, CONTEXT_0 | 0, ..] => SectionKind::CertificationRequest,
        _ => SectionKind::Unknown,
    }
}

/// `SEQUENCE { INTEGER …`: keys, parameters and PKCS#12.
fn after_integer(first: Element<'_>, rest: &[u8]) -> SectionKind {
    const I: u8 = INTEGER;
    let version = match first.content {
        [version] => Some(*version),
        _ => None,
    };
    let (found, complete) = identifiers(rest);
    match (version, found) {
        // Version 1 has the public key after the private one (RFC 5958 section 2).
        (Some(0 | 1), [SEQUENCE, OCTET_STRING, ..]) => SectionKind::Pkcs8PrivateKey,
        (Some(1), [OCTET_STRING, ..]) => SectionKind::EcPrivateKey,
        (Some(1), [SEQUENCE, SEQUENCE, OCTET_STRING, I, ..]) => SectionKind::EcParameters,
        // Version 3 is the only one in RFC 7292 section 4.
        (Some(3), [SEQUENCE, ..]) => SectionKind::Pkcs12,
        // OpenSSL reads it whatever its version.
        (_, [I, I, I, I, I, I, I, I, 0, 0]) if complete => SectionKind::RsaPrivateKey,
        // RFC 8017: version 1 is the multi-prime form.
        (Some(1), [I, I, I, I, I, I, I, I, SEQUENCE, 0]) if complete => SectionKind::RsaPrivateKey,
        (Some(0), [I, I, I, I, I, 0, ..]) if complete => SectionKind::DsaPrivateKey,
        (None, [I, 0, ..]) if complete => modulus_and(rest),
        (None, [I, I, 0, ..]) if complete => prime_and_two(rest),
        _ => SectionKind::Unknown,
    }
}

/// Two INTEGERs: an RSA public key, or DH parameters, whose generator is 2 or 5 in all that OpenSSL
/// makes.
fn modulus_and(mut rest: &[u8]) -> SectionKind {
    match next(&mut rest) {
        Some(element) if matches!(element.content, [2 | 5]) => SectionKind::DhParameters,
        _ => SectionKind::RsaPublicKey,
    }
}

/// Three INTEGERs: `p q g` of DSA, or `p g length` of DH.
fn prime_and_two(mut rest: &[u8]) -> SectionKind {
    let _ = next(&mut rest);
    match next(&mut rest) {
        Some(element) if element.content.len() <= 2 => SectionKind::DhParameters,
        _ => SectionKind::DsaParameters,
    }
}

/// How many bytes the element at the start of `bytes` claims to have.
pub(crate) fn announced_len(bytes: &[u8]) -> Option<usize> {
    // The common form directly; the general reader for the rest.
    if let [tag, 0x82, high, low, ..] = bytes
        && tag & 0x1f != 0x1f
    {
        return Some(4 + usize::from(u16::from_be_bytes([*high, *low])));
    }
    let (length, rest) = header(bytes)?;
    match length {
        Length::Definite(len) => (bytes.len() - rest.len()).checked_add(len),
        Length::Indefinite => None,
    }
}

/// The certificates of a SignedData (RFC 5652 section 5.1); none if `der` is another structure.
pub(crate) fn pkcs7_certificates(der: &[u8]) -> Vec<&[u8]> {
    let field = |content: &mut &'_ [u8], wanted: u8| -> Option<()> {
        next(content)
            .filter(|element| element.identifier == wanted)
            .map(|_| ())
    };
    let certificates = || {
        let mut info = next(&mut &*der)
            .filter(|element| element.identifier == SEQUENCE)?
            .content;
        let mut oid = next(&mut info)
            .filter(|element| element.identifier == OID)?
            .content;
        let _ = std::mem::take(&mut oid)
            .strip_prefix(PKCS7_ARC)
            .filter(|last| *last == [2])?;
        let mut wrapped = next(&mut info)
            .filter(|element| element.identifier == CONTEXT_0)?
            .content;
        let mut signed = next(&mut wrapped)?.content;
        // Only the tags are checked: a file of certificates alone has nothing in the digests and
        // no signers.
        field(&mut signed, INTEGER)?;
        field(&mut signed, 0x31)?;
        field(&mut signed, SEQUENCE)?;
        next(&mut signed).filter(|element| element.identifier == CONTEXT_0)
    };
    let mut rest = certificates().map_or(&[][..], |set| set.content);
    let mut found = Vec::new();
    loop {
        let before = rest;
        let Some(element) = next(&mut rest) else {
            return found;
        };
        // A CertificateSet may hold attribute certificates and other forms, each with its own tag
        // (RFC 5652 10.2.2).
        if element.identifier == SEQUENCE {
            found.push(before.get(..before.len() - rest.len()).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> Vec<u8> {
        let mut der = Vec::new();
        let mut len = 0_usize;
        for _ in 0..depth {
            let [a, b, c, ..] = len.to_le_bytes();
            let head = match len {
                0..128 => vec![a, 0x30],
                128..256 => vec![a, 0x81, 0x30],
                256..65536 => vec![a, b, 0x82, 0x30],
                _ => vec![a, b, c, 0x83, 0x30],
            };
            len += head.len();
            der.extend(head);
        }
        der.reverse();
        der
    }

    #[test]
    fn depth_does_not_matter() {
        for depth in [1, 10, 1_000, 100_000] {
            let der = nested(depth);
            let expected = Shape::Whole {
                kind: SectionKind::Unknown,
                len: der.len(),
            };
            assert_eq!(shape(&der), expected, "{depth}");
        }
    }

    #[test]
    fn lengths_that_lie() {
        assert_eq!(
            shape(&[0x30, 0x82, 0x10, 0x00, 1]),
            Shape::CutOff { announced: 4100 }
        );
        assert_eq!(
            shape(&[0x30, 0x88, 255, 255, 255, 255, 255, 255, 255, 255]),
            Shape::NotDer
        );
        assert_eq!(shape(&[0x30]), Shape::NotDer);
        assert_eq!(shape(&[]), Shape::NotDer);
        assert_eq!(shape(&[0x30, 0x80, 1, 2]), Shape::NotDer);
    }
}
