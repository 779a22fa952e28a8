//! Writes DER, for the few structures that certcheck builds itself.

use super::{BIT_STRING, INTEGER, OID, SEQUENCE, trim_zeros};

/// Builds one element from its tag and the parts of its content.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 10);
    out.push(tag);
    let digits = length.to_be_bytes();
    let significant = digits
        .iter()
        .position(|&digit| digit != 0)
        .and_then(|first| digits.get(first..))
        .unwrap_or_default();
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            // A usize has at most eight digits.
            out.push(0x80 | u8::try_from(significant.len()).unwrap_or(8));
            out.extend_from_slice(significant);
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// An INTEGER from a magnitude.
pub(crate) fn integer(magnitude: &[u8]) -> Vec<u8> {
    let significant = trim_zeros(magnitude);
    match significant.first() {
        Some(first) if first & 0x80 == 0 => element(INTEGER, &[significant]),
        // A first bit that is set would be read as a minus sign.
        _ => element(INTEGER, &[&[0], significant]),
    }
}

/// A SubjectPublicKeyInfo from the whole AlgorithmIdentifier and the key's bytes.
pub(crate) fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &[algorithm, &element(BIT_STRING, &[&[0], key])])
}

/// An AlgorithmIdentifier from an identifier's content and whole parameters.
pub(crate) fn algorithm(oid: &[u8], parameters: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &[&element(OID, &[oid]), parameters])
}
