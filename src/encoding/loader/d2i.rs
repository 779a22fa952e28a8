//! Which bytes OpenSSL 3.0 accepts as a certificate: `d2i_X509` and `d2i_X509_AUX`
//! (crypto/asn1/tasn_dec.c, asn1_lib.c, a_mbstr.c, crypto/x509/x_name.c and x_x509a.c).
//!
//! The decoder walks the templates of the structure. It is laxer than DER:
//! lengths may be longer than needed or indefinite, strings may be in pieces,
//! a BOOLEAN may have any value, dates may be any text. It is stricter in one
//! place: every name is brought into a canonical form, so that a string whose
//! bytes are not what its type says loses the whole certificate. Each element
//! is looked at once, and pieces of strings nest at most five deep
//! (`ASN1_MAX_STRING_NEST`). Measured: tests/library/pem_mutations.rs.

mod content;
mod extensions;
mod fields;
mod header;
mod revocation_list;

pub(super) use extensions::is_read;
use fields::Fields;
use header::{Constructed, header};
pub(super) use revocation_list::revocation_list;
use zeroize::Zeroizing;

/// Universal tags.
const BOOLEAN: u32 = 1;
const INTEGER: u32 = 2;
const BIT_STRING: u32 = 3;
const OCTET_STRING: u32 = 4;
const NULL: u32 = 5;
const OBJECT: u32 = 6;
const ENUMERATED: u32 = 10;
const UTF8_STRING: u32 = 12;
const SEQUENCE: u32 = 16;
const SET: u32 = 17;
const UTC_TIME: u32 = 23;
const GENERALIZED_TIME: u32 = 24;
const UNIVERSAL_STRING: u32 = 28;
const BMP_STRING: u32 = 30;

/// The two class bits of a tag: UNIVERSAL, and context-specific.
const UNIVERSAL: u8 = 0;
const CONTEXT: u8 = 0x80;

/// `ASN1_MAX_STRING_NEST`.
const MOST_PIECES_DEEP: u8 = 5;

/// `B_ASN1_PRINTABLE`, what a value in a name may be: the types that it lists,
/// and those that have no bit of their own (`B_ASN1_UNKNOWN` in `tag2bit`).
const fn may_be_in_name(tag: u32) -> bool {
    matches!(
        tag,
        3 | 7..=9 | 11..=16 | 18..=20 | 22 | 28..=31
    )
}

/// A certificate as OpenSSL cuts it out of what is there.
pub(super) struct Certificate<'b> {
    /// Its length; what follows it does not matter here.
    pub(super) len: usize,
    /// Its SubjectPublicKeyInfo.
    pub(super) spki: &'b [u8],
    /// The object identifier in front of the signature.
    pub(super) signature: Vec<u8>,
    /// The AlgorithmIdentifier around it.
    pub(super) algorithm: &'b [u8],
    /// Whether subject and issuer are the same bytes.
    pub(super) self_issued: bool,
}

/// `d2i_X509`.
pub(super) fn certificate(bytes: &[u8]) -> Option<Certificate<'_>> {
    let mut input = bytes;
    let mut found = x509(&mut input)?;
    found.len = bytes.len() - input.len();
    Some(found)
}

/// `d2i_X509_AUX`: trust settings may follow, and nothing else.
pub(super) fn trusted_certificate(bytes: &[u8]) -> Option<Certificate<'_>> {
    let found = certificate(bytes)?;
    let mut behind = bytes.get(found.len..)?;
    if !behind.is_empty() {
        trust_settings(&mut behind)?;
    }
    Some(found)
}

fn x509<'b>(input: &mut &'b [u8]) -> Option<Certificate<'b>> {
    let mut outer = Fields::open(input, UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    let mut body = outer.enter(UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    if body.next_is(CONTEXT, 0)? {
        let mut version = body.enter(CONTEXT, 0, Constructed::Needed)?;
        // Any number is accepted here: OpenSSL checks the version's meaning later.
        version.value(UNIVERSAL, INTEGER, INTEGER)?;
        body.leave(version)?;
    }
    body.value(UNIVERSAL, INTEGER, INTEGER)?;
    body.algorithm()?;
    // Kept as bytes: `X509_NAME_cmp` compares canonical forms, and equal bytes have equal ones.
    let issuer = body.passed(Fields::name)?;
    body.validity()?;
    let subject = body.passed(Fields::name)?;
    let spki = body.passed(Fields::public_key)?;
    for unique_id in [1, 2] {
        if body.next_is(CONTEXT, unique_id)? {
            body.value(CONTEXT, unique_id, BIT_STRING)?;
        }
    }
    if body.next_is(CONTEXT, 3)? {
        let mut tagged = body.enter(CONTEXT, 3, Constructed::Needed)?;
        tagged.each(UNIVERSAL, SEQUENCE, Fields::extension)?;
        body.leave(tagged)?;
    }
    outer.leave(body)?;
    let mut signature = Vec::new();
    let algorithm = outer.passed(|outer| {
        signature = outer.identified()?;
        Some(())
    })?;
    outer.value(UNIVERSAL, BIT_STRING, BIT_STRING)?;
    *input = outer.close()?;
    Some(Certificate {
        len: 0,
        spki,
        signature,
        algorithm,
        self_issued: issuer == subject,
    })
}

/// `X509_CERT_AUX`; what follows it is ignored.
fn trust_settings(input: &mut &[u8]) -> Option<()> {
    let object = |fields: &mut Fields<'_>| fields.value(UNIVERSAL, OBJECT, OBJECT).map(|_| ());
    let mut fields = Fields::open(input, UNIVERSAL, SEQUENCE, Constructed::Needed)?;
    if fields.next_is(UNIVERSAL, SEQUENCE)? {
        fields.each(UNIVERSAL, SEQUENCE, object)?;
    }
    if fields.next_is(CONTEXT, 0)? {
        fields.each(CONTEXT, 0, object)?;
    }
    for kind in [UTF8_STRING, OCTET_STRING] {
        if fields.next_is(UNIVERSAL, kind)? {
            fields.value(UNIVERSAL, kind, kind)?;
        }
    }
    if fields.next_is(CONTEXT, 1)? {
        fields.each(CONTEXT, 1, Fields::algorithm)?;
    }
    *input = fields.close()?;
    Some(())
}

/// The most levels of a private key that are followed.
const MOST_LEVELS: u8 = 16;

/// The first element with its lengths as short as they can be.
pub(super) fn shortest(bytes: &[u8], depth: u8) -> Option<Zeroizing<Vec<u8>>> {
    if depth > MOST_LEVELS {
        return None;
    }
    let header = header(bytes).filter(|header| !header.indefinite)?;
    let mut content = Zeroizing::new(Vec::with_capacity(header.content.len()));
    // A string in pieces becomes one, whatever the pieces' tags (`asn1_collect`).
    let in_pieces = header.constructed && bytes.first() == Some(&0x24);
    if header.constructed {
        let mut rest = header.content;
        while !rest.is_empty() {
            let piece = self::header(rest)?;
            let len = rest.len() - piece.behind.len();
            let (one, behind) = rest.split_at_checked(len)?;
            if in_pieces {
                content.extend_from_slice(piece.content);
            } else {
                content.extend_from_slice(&shortest(one, depth + 1)?);
            }
            rest = behind;
        }
    } else {
        // A PKCS#8 file wraps the key's own structure in an OCTET STRING; its lengths may be too
        // long as well.
        let structure = header.tag == OCTET_STRING && header.content.first() == Some(&0x30);
        let inner = structure
            .then(|| shortest(header.content, depth + 1))
            .flatten();
        content.extend_from_slice(inner.as_ref().map_or(header.content, |inner| inner));
    }
    let mut out = Zeroizing::new(Vec::with_capacity(content.len() + 10));
    out.push(if in_pieces { 0x04 } else { *bytes.first()? });
    let digits = content.len().to_be_bytes();
    let digits = digits.get(
        digits
            .iter()
            .position(|&digit| digit != 0)
            .unwrap_or(digits.len())..,
    )?;
    if content.len() >= 0x80 {
        out.push(0x80 | u8::try_from(digits.len()).ok()?);
        out.extend_from_slice(digits);
    } else {
        out.push(u8::try_from(content.len()).ok()?);
    }
    out.extend_from_slice(&content);
    Some(out)
}
