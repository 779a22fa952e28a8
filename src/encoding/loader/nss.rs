//! `CERT_DecodeCertPackage` of NSS 3.87 (lib/pkcs7/certread.c), which
//! `certutil -A` calls.

use super::base64::Rules;
use super::{Run, Seen, find, is_certificate};
use crate::encoding::der::{self, Shape};
use zeroize::Zeroizing;

/// NSS's decoder ignores whatever is not base64.
const RULES: Rules = Rules {
    skips: |_| true,
    padding_needed: false,
    no_trailing_bits: false,
    padding_ignored: true,
};

const HEADER: &[u8] = b"-----BEGIN CERTIFICATE-----";
const TRAILER: &[u8] = b"-----END CERTIFICATE-----";

pub(super) fn load(bytes: &[u8]) -> Run {
    let mut run = Run::default();
    let found = package(bytes).map(|content| (0, content)).or_else(|| {
        let (at, text) = ascii(bytes)?;
        let content = RULES.decode(text.iter().copied())?;
        Some((at, package(&content)?))
    });
    match found {
        Some((at, content)) => {
            run.seen.push(Seen { at, content });
            run
        }
        None => run.refuse(bytes.len()),
    }
}

/// The only certificate, or the first one of a PKCS#7 container.
fn package(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let Shape::Whole { len, .. } = der::shape(bytes) else {
        return None;
    };
    if len != bytes.len() {
        return None;
    }
    let content = match der::pkcs7_certificates(bytes).first() {
        Some(first) => first,
        None => bytes,
    };
    is_certificate(content).then(|| Zeroizing::new(content.to_vec()))
}

/// `certutil -A -a` (`SECU_ReadDERFromFile`, cmd/lib/secutil.c) on one section: what
/// is between a BEGIN line of any label and `-----END`; a zero byte ends the text.
pub(super) fn section(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let text = bytes.split(|&byte| byte == 0).next()?;
    let begin = find(text, b"-----BEGIN", 0)?;
    let rest = text.get(begin..)?;
    let newline = |end: u8| rest.iter().position(|&byte| byte == end);
    let start = newline(b'\n').or_else(|| newline(b'\r'))? + 1;
    let end = find(rest, b"-----END", start)?;
    let content = RULES.decode(rest.get(start..end)?.iter().copied())?;
    package(&content)
}

/// The text between the first header and the next trailer, each at the start
/// of a line, in capitals or not.
fn ascii(bytes: &[u8]) -> Option<(usize, &[u8])> {
    // Without any LF, "maybe this is a MAC file".
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    let at = marker(bytes, HEADER, 0, end)?;
    let start = next_line(bytes, at, end);
    let stop = marker(bytes, TRAILER, start, end)?;
    // `PORT_Strlen`: a zero byte ends the text.
    let text = bytes.get(start..stop)?.split(|&byte| byte == 0).next()?;
    Some((at, text))
}

fn marker(bytes: &[u8], marker: &[u8], from: usize, end: u8) -> Option<usize> {
    let mut place = from;
    while place + marker.len() <= bytes.len() {
        if bytes
            .get(place..place + marker.len())?
            .eq_ignore_ascii_case(marker)
        {
            return Some(place);
        }
        place = next_line(bytes, place, end);
    }
    None
}

/// After the line's end and all empty lines.
fn next_line(bytes: &[u8], from: usize, end: u8) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let len = rest
        .iter()
        .position(|&byte| byte == end)
        .unwrap_or(rest.len());
    let blank = |byte: &&u8| matches!(byte, b'\n' | b'\r');
    from + len + rest.iter().skip(len).take_while(blank).count()
}
