//! DSA (FIPS 186-4, RFC 3279), for chains that still use it.

use super::{SignatureProblem, malformed};
use crate::model::AlgorithmIdentifier;
use crate::model::der::plain::{self as tlv, INTEGER, Reader, SEQUENCE};
use dsa::signature::hazmat::PrehashVerifier;
use dsa::{BigUint, Components, Signature, VerifyingKey};

/// FIPS 186-4 4.2 ends at 3072. dsa 0.6.3 computes y^q mod p for any size
/// before it checks: 35 s of CPU for a 16 kB key of 32,768 bits (measured).
const MOST_P_BITS: usize = 3072;

/// The key's own parameters; absent and NULL ones are to be inherited.
pub(super) fn own_parameters<'a>(algorithm: &AlgorithmIdentifier<'a>) -> Option<&'a [u8]> {
    algorithm
        .parameters()
        .filter(|parameters| parameters.first() == Some(&SEQUENCE))
}

pub(super) fn verify(
    parameters: &[u8],
    key: &[u8],
    digest: &[u8],
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    let unreadable = |reason: &'static str| malformed(reason);
    let mut reader = Reader::new(tlv::only(parameters, SEQUENCE).map_err(unreadable)?);
    let p = unsigned(&mut reader).map_err(unreadable)?;
    let q = unsigned(&mut reader).map_err(unreadable)?;
    let g = unsigned(&mut reader).map_err(unreadable)?;
    reader.end().map_err(unreadable)?;
    let mut reader = Reader::new(key);
    let y = unsigned(&mut reader).map_err(unreadable)?;
    reader.end().map_err(unreadable)?;

    let (p_bits, q_bits) = (bits(p), bits(q));
    // g and y are below p in every valid key. Longer ones would cost as much as a longer p.
    if p_bits > MOST_P_BITS || g.len() > p.len() || y.len() > p.len() {
        return Err(SignatureProblem::KeyTooLarge {
            bits: u64::try_from(p_bits.max(y.len() * 8).max(g.len() * 8)).unwrap_or(u64::MAX),
            limit: 3072,
        });
    }
    if !matches!(q_bits, 160 | 224 | 256) || p_bits < 512 {
        return Err(malformed("a DSA group that FIPS 186 does not know"));
    }
    if p.last().is_none_or(|last| last & 1 == 0) || q.last().is_none_or(|last| last & 1 == 0) {
        return Err(malformed("a DSA group whose p or q is even"));
    }
    let [p, q, g, y] = [p, q, g, y].map(BigUint::from_bytes_be);
    if y >= p {
        return Err(malformed("a DSA key beyond its group"));
    }
    let group = |_| malformed("not a DSA group");
    let components = Components::from_components(p, q, g).map_err(group)?;
    let key = VerifyingKey::from_components(components, y).map_err(group)?;

    let signature = read_signature(signature).ok_or(SignatureProblem::Wrong)?;
    key.verify_prehash(digest, &signature)
        .map_err(|_| SignatureProblem::Wrong)
}

fn read_signature(der: &[u8]) -> Option<Signature> {
    let mut reader = Reader::new(tlv::only(der, SEQUENCE).ok()?);
    let r = unsigned(&mut reader).ok()?;
    let s = unsigned(&mut reader).ok()?;
    reader.end().ok()?;
    // r and s are below q (FIPS 186-4 4.7), which has at most 256 bits.
    if r.len() > 32 || s.len() > 32 {
        return None;
    }
    Signature::from_components(BigUint::from_bytes_be(r), BigUint::from_bytes_be(s)).ok()
}

/// A positive INTEGER without its sign byte.
fn unsigned<'a>(reader: &mut Reader<'a>) -> tlv::Der<&'a [u8]> {
    let value = tlv::integer(reader.expect(INTEGER)?)?;
    match value {
        [0] => Err("a number of a DSA key is zero"),
        [0, rest @ ..] => Ok(rest),
        [first, ..] if first & 0x80 != 0 => Err("a number of a DSA key is negative"),
        _ => Ok(value),
    }
}

fn bits(number: &[u8]) -> usize {
    let leading = number.first().map_or(0, |first| first.leading_zeros());
    (number.len() * 8).saturating_sub(usize::try_from(leading).unwrap_or(0))
}
