//! Go's crypto/x509/parser.go: the strictest of the measured parsers, although it ignores bytes
//! after an extension's value.

mod extensions;
mod url;

use super::facts::{self, Text};
use super::{Place, Unread, refuse};
use crate::client::go_constraints::{self, is_mapped};
use crate::client::refusal::Cause;
use crate::model::{Certificate, GeneralName, Oddity, TimeForm};

pub(super) fn unread(it: &Certificate<'_>, place: Place, named: bool) -> Option<Unread> {
    let known = !matches!(it.oddities().first(), Some(Oddity::Version { .. }));
    // Go 1.23 refuses them (RFC 5280 4.1.2.2: positive); `GODEBUG=x509negativeserial=1` restores
    // the old behaviour.
    if known && it.serial().first().is_some_and(|byte| *byte >= 0x80) {
        return Some((Cause::Serial, "x509: negative serial number".to_owned()));
    }
    unread_but_serial(it, place, named)
}

/// The same before Go 1.23, whose serial numbers may be negative.
pub(super) fn unread_but_serial(it: &Certificate<'_>, place: Place, named: bool) -> Option<Unread> {
    if let Some(Oddity::Version { .. }) = it.oddities().first() {
        return refuse("x509: invalid version");
    }
    // RFC 5280 4.1.1.2: both fields hold the same algorithm.
    if !it.algorithms_agree() {
        return refuse("x509: inner and outer signature algorithm identifiers don't match");
    }
    if !facts::kinds_fit(it, BITS) {
        return refuse("x509: invalid RDNSequence: invalid attribute type");
    }
    if has_noncharacter(it) {
        return refuse("x509: invalid RDNSequence: invalid attribute value: invalid BMPString");
    }
    for text in facts::texts(it) {
        let what = match text {
            Text::Printable => "PrintableString",
            Text::Ia5 => "IA5String",
            Text::Numeric => "NumericString",
            Text::Utf8 => "UTF-8 string",
            Text::Wide => "BMPString",
            Text::Kind | Text::Rare => continue,
        };
        return refuse(format!(
            "x509: invalid RDNSequence: invalid attribute value: invalid {what}"
        ));
    }
    let taken = [TimeForm::NoSeconds, TimeForm::Offset];
    if let Some((_, form)) = facts::times(it).find(|(_, form)| !taken.contains(form)) {
        let kind = if matches!(form, TimeForm::Fraction | TimeForm::GeneralNoSeconds) {
            "GeneralizedTime"
        } else {
            "UTCTime"
        };
        return refuse(format!("x509: malformed {kind}"));
    }
    let key = facts::key(it);
    // RFC 3279 2.3.1: the parameters are NULL, not absent.
    if key.rsa_without_null {
        return refuse("x509: RSA key missing NULL parameters");
    }
    if key.explicit {
        return refuse("x509: invalid ECDSA parameters");
    }
    // With the server's own, the handshake ends before its certificate is read.
    if place != Place::Own && !key.curve_of_go {
        return refuse("x509: unsupported elliptic curve");
    }
    // `ecdsa.ParseUncompressedPublicKey`: Go reads no other form in a certificate.
    if key.compressed {
        return refuse("ecdsa: invalid uncompressed public key");
    }
    if key.exponent_bits > 63 {
        return refuse("x509: invalid RSA public exponent");
    }
    extensions(it).or_else(|| version(it, place, named)).or_else(|| {
        let own = place == Place::Own;
        // crypto/tls, maxRSAKeySize; crypto/rsa, checkPublicKeySize.
        let large = "tls: server sent certificate containing RSA key larger than 8192 bits";
        let exponent = "tls: invalid signature by the server certificate: crypto/rsa: public exponent too large";
        // CVE-2023-29409: large RSA keys cost the peer seconds of processor time in each handshake.
        if own && key.rsa_bits > 8_192 {
            Some((Cause::Handshake, large.to_owned()))
        } else if own && key.exponent_bits > 31 {
            Some((Cause::Handshake, exponent.to_owned()))
        } else {
            None
        }
    })
}

/// The most bits of a number in an object identifier (cryptobyte, `readBase128Int`).
const BITS: u32 = 31;

/// Whether a BMPString of its names has one of the code points that are reserved for ever
/// (parser.go, `parseASN1String`).
fn has_noncharacter(it: &Certificate<'_>) -> bool {
    let values = it.issuer().raw_values().chain(it.subject().raw_values());
    let mut wide = values.filter(|(tag, _)| *tag == 0x1e);
    wide.any(|(_, value)| {
        value.chunks_exact(2).any(|unit| {
            let point = unit
                .iter()
                .fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
            matches!(point, 0xfdd0..=0xfdef | 0xfffe | 0xffff)
        })
    })
}

/// Extensions of certificates below version 3 are not read.
fn version(it: &Certificate<'_>, place: Place, named: bool) -> Option<Unread> {
    let unseen = it.version() < 3 && !it.extensions().is_empty();
    let nameless = "x509: certificate relies on legacy Common Name field, use SANs instead";
    match place {
        Place::Own if unseen && named => Some((Cause::NoSubjectAltName, nameless.to_owned())),
        Place::Above if unseen => Some((Cause::NotACa, String::new())),
        _ => None,
    }
}

fn extensions(it: &Certificate<'_>) -> Option<Unread> {
    if it
        .extensions()
        .iter()
        .any(|extension| extension.odd_boolean)
    {
        return refuse("x509: malformed extension critical field");
    }
    if !facts::extensions_fit(it, BITS) {
        return refuse("x509: malformed extension OID field");
    }
    if let Some(problem) = facts::doubled(it) {
        return malformed(format!(
            "x509: certificate contains duplicate extension with OID \"{}\"",
            problem.oid
        ));
    }
    let mut all = it.extensions().iter();
    if let Some(says) = all.find_map(extensions::unread) {
        return malformed(format!("x509: {says}"));
    }
    match go_constraints::unread(it) {
        Some(says) => malformed(says),
        None => names(it),
    }
}

/// subjectAltName (parseSANExtension): ASCII, addresses of 4 or 16 bytes, and URIs that net/url
/// accepts.
fn names(it: &Certificate<'_>) -> Option<Unread> {
    for name in it.subject_alt_names()?.iter() {
        let says = match name {
            GeneralName::Unreadable { tag: 0x81, .. } => "SAN rfc822Name is malformed",
            GeneralName::Unreadable { tag: 0x82, .. } => "SAN dNSName is malformed",
            GeneralName::Unreadable { tag: 0x86, .. } => {
                "SAN uniformResourceIdentifier is malformed"
            }
            GeneralName::Ip(bytes) if !matches!(bytes.len(), 4 | 16) => {
                return malformed(format!(
                    "x509: cannot parse IP address of length {}",
                    bytes.len()
                ));
            }
            GeneralName::Ip(bytes) if is_mapped(bytes) => {
                "SAN iPAddress contains IPv4-mapped IPv6 address"
            }
            GeneralName::Uri(uri) if !url::is_read(uri) => "cannot parse URI",
            _ => continue,
        };
        return malformed(format!("x509: {says}"));
    }
    None
}

fn malformed(says: String) -> Option<Unread> {
    Some((Cause::MalformedExtension, says))
}
