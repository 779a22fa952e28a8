//! Could one certificate have issued another, judging by what both say?

use crate::model::der::plain::{self as der, BIT_STRING, Der, INTEGER, Reader, SEQUENCE};
use crate::model::{
    ANY_EXTENDED_KEY_USAGE, Certificate, ExtendedKeyUsage, GeneralName, KeyAlgorithm, Oid,
    PublicKey, SignatureAlgorithm,
};

/// Whether the authorityKeyIdentifier of `certificate` matches `issuer`
/// (OpenSSL's `X509_check_akid`): what is absent does not disagree.
pub(super) fn key_ids_agree(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
    let Some(wanted) = certificate.authority_key_id() else {
        return true;
    };
    if let (Some(wanted), Some(present)) = (wanted.key_id, issuer.subject_key_id())
        && wanted != present
    {
        return false;
    }
    if let Some(serial) = wanted.serial
        && serial != issuer.serial()
    {
        return false;
    }
    let named = wanted.issuer.and_then(|names| {
        names.iter().find_map(|name| match name {
            GeneralName::Directory(name) => Some(name.matches(&issuer.issuer())),
            _ => None,
        })
    });
    named.unwrap_or(true)
}

/// Whether a key of this kind could have made a signature of that kind.
pub(super) fn kinds_agree(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
    let key = PublicKey::parse(issuer.spki_der());
    let Ok(key) = key.as_ref().map(PublicKey::algorithm) else {
        return false;
    };
    match certificate.signature_algorithm().signature() {
        SignatureAlgorithm::RsaPkcs1(_) => *key == KeyAlgorithm::Rsa,
        // RFC 4055 1.2: an rsaEncryption key may also make PSS signatures, but an id-RSASSA-PSS key
        // makes no others.
        SignatureAlgorithm::RsaPss { .. } => {
            matches!(key, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss)
        }
        SignatureAlgorithm::Ecdsa(_) => matches!(key, KeyAlgorithm::Ec(_)),
        SignatureAlgorithm::Dsa(_) => *key == KeyAlgorithm::Dsa,
        SignatureAlgorithm::Ed25519 => *key == KeyAlgorithm::Ed25519,
        _ => true,
    }
}

/// The size of its key if that shows its strength: for RSA and DSA the bits of the modulus, for
/// elliptic curves twice their strength in bits.
pub(super) fn key_bits(certificate: &Certificate<'_>) -> Option<(bool, u32)> {
    let key = PublicKey::parse(certificate.spki_der()).ok()?;
    match key.algorithm() {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss | KeyAlgorithm::Dsa => Some((true, key.bits()?)),
        KeyAlgorithm::Ec(_) => Some((false, key.bits()?)),
        _ => None,
    }
}

/// 1.3.6.1.5.5.7.1.24.
const TLS_FEATURE: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x18];

/// Whether the certificate requires a stapled OCSP response (TLS feature
/// status_request, RFC 7633: 1.3.6.1.5.5.7.1.24 with 5).
pub(crate) fn must_staple(certificate: &Certificate<'_>) -> bool {
    certificate.extensions().iter().any(|extension| {
        extension.oid.as_bytes() == TLS_FEATURE
            // status_request is feature 5. The value is a SEQUENCE OF INTEGER, in which these three bytes
            // occur only as that INTEGER.
            && extension.value.windows(3).any(|window| window == [2, 1, 5])
    })
}

/// Whether a certificate has every TLS feature of its issuer (RFC 7633 4.2.2): GnuTLS
/// requires it (`gnutls_x509_tlsfeatures_check_crt`), and no other measured client does.
/// Features of the issuer that cannot be read count as absent.
pub(super) fn features_agree(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
    let own = features(certificate).unwrap_or_default();
    features(issuer).is_ok_and(|all| all.iter().all(|feature| own.contains(feature)))
}

fn features<'a>(certificate: &Certificate<'a>) -> Der<Vec<&'a [u8]>> {
    let mut all = certificate.extensions().iter();
    let mut features = Vec::new();
    if let Some(found) = all.find(|extension| extension.oid.as_bytes() == TLS_FEATURE) {
        let mut list = Reader::new(der::only(found.value, SEQUENCE)?);
        while !list.is_empty() {
            features.push(list.expect(INTEGER)?);
        }
    }
    Ok(features)
}

/// Whether its key may sign a handshake, which TLS 1.3 and every ECDHE suite
/// demand (RFC 8446 4.4.2.2): no keyUsage, or one with digitalSignature.
pub(super) fn signs(certificate: &Certificate<'_>) -> bool {
    certificate
        .key_usage()
        .is_none_or(|usage| usage.digital_signature())
}

/// Whether its nsCertType, if there is one, names SSL servers: OpenSSL and Java
/// still heed it (bit 1 of 2.16.840.1.113730.1.1).
pub(super) fn ns_serves(certificate: &Certificate<'_>) -> bool {
    ns_names(certificate, 0x40)
}

/// Whether its nsCertType, if there is one, names SSL clients (bit 0).
pub(super) fn ns_serves_client(certificate: &Certificate<'_>) -> bool {
    ns_names(certificate, 0x80)
}

/// Whether Java cannot read its nsCertType, and whether that is critical: bytes after the value,
/// no BIT STRING, or more than 7 unused bits (measured: 17.0.15). It ignores a non-critical one.
pub(super) fn ns_unread_by_java(certificate: &Certificate<'_>) -> Option<bool> {
    let mut all = certificate.extensions().iter();
    let kind = all.find(|extension| extension.name() == Some("nsCertType"))?;
    let bits = der::only(kind.value, BIT_STRING);
    let read = bits.is_ok_and(|bits| bits.first().is_some_and(|unused| *unused < 8));
    (!read).then_some(kind.critical)
}

fn ns_names(certificate: &Certificate<'_>, bit: u8) -> bool {
    let mut all = certificate.extensions().iter();
    let kind = all.find(|extension| extension.name() == Some("nsCertType"));
    kind.is_none_or(|kind| match kind.value {
        // A BIT STRING: tag, length, unused bits, then the bits from the left.
        [0x03, _, _, bits, ..] => bits & bit != 0,
        // No bits at all: nothing is named.
        [0x03, 1, _] => false,
        _ => true,
    })
}

/// id-kp-serverAuth.
const SERVER: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x01";

/// Whether its extKeyUsage, if there is one, names serverAuth or any purpose.
pub(super) fn serves(certificate: &Certificate<'_>) -> bool {
    let any = Oid::from_der_contents(ANY_EXTENDED_KEY_USAGE);
    let lists_any = |usage: &ExtendedKeyUsage<'_>| usage.lists(any);
    serves_by_name(certificate)
        || certificate
            .extended_key_usage()
            .as_ref()
            .is_some_and(lists_any)
}

/// Whether its extKeyUsage names Netscape's or Microsoft's server-gated cryptography: Java treats
/// both as serverAuth (sun/security/validator/EndEntityChecker).
pub(super) fn serves_gated(certificate: &Certificate<'_>) -> bool {
    const GATED: [&[u8]; 2] = [
        b"\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x03",
        b"\x60\x86\x48\x01\x86\xf8\x42\x04\x01",
    ];
    certificate.extended_key_usage().is_some_and(|usage| {
        let mut all = usage.purposes();
        all.any(|purpose| GATED.contains(&purpose.as_bytes()))
    })
}

/// Whether its extKeyUsage, if there is one, names serverAuth.
pub(super) fn serves_by_name(certificate: &Certificate<'_>) -> bool {
    let server = Oid::from_der_contents(SERVER);
    certificate
        .extended_key_usage()
        .is_none_or(|usage| usage.lists(server))
}
