//! What is odd in names and keys: found once, for every family.

use crate::model::{
    Certificate, Curve, ExtensionFault, ExtensionProblem, Name, Oddity, PublicKey, TimeForm,
};

/// What can be wrong with a string of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// A PrintableString with a character that it does not allow.
    Printable,
    /// An IA5String beyond ASCII.
    Ia5,
    /// A NumericString with something other than digits.
    Numeric,
    /// A UTF8String that is not UTF-8.
    Utf8,
    /// A BMPString or UniversalString of the wrong length, or with surrogates.
    Wide,
    /// Of a type that OpenSSL's `ASN1_PRINTABLE` does not have.
    Kind,
    /// Of a type without a bit of its own there (`B_ASN1_UNKNOWN`): kept as it is.
    Rare,
}

/// What is wrong with the strings of the subject and the issuer.
pub(super) fn texts(it: &Certificate<'_>) -> Vec<Text> {
    let of = |name: Name<'_>| {
        let odd = |(tag, value): (u8, &[u8])| text(tag, value);
        name.raw_values().filter_map(odd).collect::<Vec<_>>()
    };
    let mut found = of(it.issuer());
    found.extend(of(it.subject()));
    found
}

fn text(tag: u8, value: &[u8]) -> Option<Text> {
    let wide = |width: usize| {
        let whole = value.len().is_multiple_of(width);
        let units = value.chunks_exact(width);
        let points = units.map(|unit| unit.iter().fold(0_u32, |sum, b| (sum << 8) | u32::from(*b)));
        whole
            && points
                .into_iter()
                .all(|point| char::from_u32(point).is_some())
    };
    // Universal tags (X.680 8.6): 12 NumericString, 13 PrintableString, 14 TeletexString, 16
    // IA5String, 1c UniversalString, 1e BMPString, 0c UTF8String, 03 BIT STRING, 30 SEQUENCE. These
    // are the types of `B_ASN1_PRINTABLE` in OpenSSL's asn1.h.
    let right = match tag {
        0x13 => value.iter().all(|byte| is_printable(*byte)),
        0x16 => value.is_ascii(),
        0x12 => value
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b' '),
        0x0c => std::str::from_utf8(value).is_ok(),
        0x1e => wide(2),
        0x1c => wide(4),
        0x14 | 0x03 | 0x30 => true,
        _ => false,
    };
    (!right).then_some(match tag {
        0x13 => Text::Printable,
        0x16 => Text::Ia5,
        0x12 => Text::Numeric,
        0x0c => Text::Utf8,
        0x1e | 0x1c => Text::Wide,
        0x07..=0x09 | 0x0b | 0x0d..=0x0f | 0x1d => Text::Rare,
        _ => Text::Kind,
    })
}

/// X.680 41.4, and the `*` and `&` that Go also accepts (crypto/x509/parser.go,
/// isPrintable).
const fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b' ' | b'\'' | b'('..=b'/' | b':' | b'=' | b'?' | b'&')
}

/// What is odd about its key.
pub(super) struct Key {
    pub(super) explicit: bool,
    /// No curve, or one that Go's crypto/x509 knows.
    pub(super) curve_of_go: bool,
    /// A point that is compressed or hybrid (X9.62 4.3.6).
    pub(super) compressed: bool,
    /// An RSA key whose algorithm has something other than NULL as parameters.
    pub(super) rsa_without_null: bool,
    pub(super) rsa_bits: u32,
    /// Bits of the RSA public exponent.
    pub(super) exponent_bits: u32,
}

const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";

pub(super) fn key(it: &Certificate<'_>) -> Key {
    let info = it.key_info();
    let kind = info.algorithm.oid();
    let parsed = PublicKey::parse(it.spki_der()).ok();
    let rsa = kind.as_bytes() == RSA;
    let parsed = parsed.as_ref();
    Key {
        explicit: parsed.is_some_and(|key| key.algorithm().curve() == Some(&Curve::Explicit)),
        curve_of_go: parsed.is_none_or(|key| {
            let curve = key.algorithm().curve();
            curve.is_none_or(|curve| {
                matches!(
                    curve,
                    Curve::P224 | Curve::P256 | Curve::P384 | Curve::P521 | Curve::Explicit
                )
            })
        }),
        // The first byte of a point: 4 uncompressed, 2 and 3 compressed, 6 and 7 hybrid.
        compressed: kind.as_bytes() == EC && matches!(info.key.first(), Some(2 | 3 | 6 | 7)),
        rsa_without_null: rsa && info.algorithm.parameters() != Some(&[5, 0]),
        rsa_bits: parsed
            .filter(|_| rsa)
            .and_then(PublicKey::bits)
            .unwrap_or(0),
        exponent_bits: parsed.map_or(0, PublicKey::rsa_exponent_bits),
    }
}

/// The odd forms of its times.
pub(super) fn times(it: &Certificate<'_>) -> impl Iterator<Item = (&'static str, TimeForm)> {
    it.oddities().iter().filter_map(|oddity| match oddity {
        Oddity::Time { field, form } => Some((*field, *form)),
        _ => None,
    })
}

/// Whether its pathLenConstraint is a number of more than four bytes.
pub(in crate::client) fn huge_path_length(it: &Certificate<'_>) -> bool {
    // `small_unsigned` gives u32::MAX for every number that does not fit.
    let limit = it.basic_constraints().and_then(|basic| basic.path_length);
    limit == Some(u32::MAX)
}

/// Whether its basicConstraints cannot be read, or bytes follow them: GnuTLS and NSS do not treat
/// such an issuer as a CA (measured).
pub(in crate::client) fn lost_basic_constraints(it: &Certificate<'_>) -> bool {
    it.extension_problems().iter().any(|problem| {
        standard(problem) == Some(19)
            && matches!(
                problem.fault,
                ExtensionFault::Unreadable | ExtensionFault::Trailing
            )
    })
}

/// The last arc of an extension below 2.5.29 that has a problem.
pub(super) fn standard(problem: &ExtensionProblem) -> Option<u8> {
    problem.oid.strip_prefix("2.5.29.")?.parse().ok()
}

/// Whether each number of an object identifier is below 2 to the power of `bits`.
pub(super) fn arcs_fit(oid: &[u8], bits: u32) -> bool {
    // Seven bits a byte, the highest first (X.690 8.19.2).
    oid.split_inclusive(|byte| byte & 0x80 == 0).all(|arc| {
        let first = arc.first().map_or(0, |byte| byte & 0x7f);
        let rest = u32::try_from(arc.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let used = u8::BITS - first.leading_zeros();
        rest.saturating_mul(7).saturating_add(used) <= bits
    })
}

/// Whether the number of each type of an attribute in the subject and the issuer fits.
pub(super) fn kinds_fit(it: &Certificate<'_>, bits: u32) -> bool {
    let mut kinds = it.issuer().kinds().chain(it.subject().kinds());
    kinds.all(|kind| arcs_fit(kind.as_bytes(), bits))
}

/// Whether the same holds for the identifiers of its extensions.
pub(super) fn extensions_fit(it: &Certificate<'_>, bits: u32) -> bool {
    let mut all = it.extensions().iter();
    all.all(|extension| arcs_fit(extension.oid.as_bytes(), bits))
}

/// Whether a certificate of version 1 has an identifier that came with version 2.
pub(super) fn early_unique_id(it: &Certificate<'_>) -> bool {
    it.version() == 1 && it.has_unique_ids()
}

pub(super) fn doubled<'c>(it: &'c Certificate<'_>) -> Option<&'c ExtensionProblem> {
    let mut problems = it.extension_problems().iter();
    problems.find(|problem| problem.fault == ExtensionFault::Duplicate)
}

/// The object identifiers of both algorithms, if they differ.
pub(super) fn algorithms_differ_in_kind(it: &Certificate<'_>) -> bool {
    !it.algorithms_agree() && it.inner_algorithm().oid() != it.signature_algorithm().oid()
}
