//! Can the client use the server's key in a handshake at all?
//!
//! Measured key by key (OpenSSL 1.1.1 to 4.0, GnuTLS 3.7 and 3.8, Go 1.22 to 1.27,
//! Java 8 to 26, Node 16 to 26, Chromium 156, Firefox 153, rustls 0.23): most agree
//! on RSA, the NIST curves and Ed25519, and on little else.

use super::by_version::Facts;
use super::reads::Family;
use super::refusal::{Cause, Refusal};
use crate::model::{Certificate, Curve, KeyAlgorithm, PublicKey, SignatureAlgorithm};

enum Use {
    Fits,
    Never,
    NotMeasured,
}

/// Why the key of the server's certificate is useless to the client `name`.
pub(super) fn refuses(
    name: &str,
    family: Family,
    facts: Facts,
    leaf: &Certificate<'_>,
) -> Option<Refusal> {
    let key = PublicKey::parse(leaf.spki_der()).ok();
    let Some(algorithm) = key.as_ref().map(PublicKey::algorithm) else {
        let says = "the server's key cannot be read";
        return Some(Refusal::new(Cause::NotMeasured, says).of(leaf));
    };
    // GnuTLS verifies with the salt of the key's parameters, and TLS signs with one
    // as long as the digest (RFC 8446 4.2.3; measured).
    if family == Family::GnuTls
        && let SignatureAlgorithm::RsaPss { hash, salt, .. } = leaf.key_info().algorithm.signature()
        && salt != hash.bytes()
    {
        let says = "*** Fatal error: Public key signature verification has failed.";
        return Some(Refusal::new(Cause::Handshake, says).of(leaf));
    }
    if matches!(family, Family::GnuTls | Family::Java | Family::Nss)
        && let SignatureAlgorithm::RsaPss {
            hash, mask_hash, ..
        } = leaf.key_info().algorithm.signature()
        && hash != mask_hash
        && leaf.key_info().algorithm.parameters().is_some()
    {
        let says = match family {
            Family::Java => "Key contains incompatible PSS parameter values",
            Family::Nss => "SSL_ERROR_NO_CYPHER_OVERLAP",
            _ => "*** Fatal error: Some constraint limits were reached.",
        };
        return Some(Refusal::new(Cause::Handshake, says).of(leaf));
    }
    let bits = key.as_ref().and_then(PublicKey::bits).unwrap_or(0);
    match of(name, family, facts, (algorithm, bits)) {
        Use::Fits => None,
        Use::Never => {
            let says = format!("it completes no handshake with a key of type {algorithm}");
            Some(Refusal::new(Cause::Handshake, says).of(leaf))
        }
        Use::NotMeasured => {
            let says = format!("not measured: handshakes with a key of type {algorithm}");
            Some(Refusal::new(Cause::NotMeasured, says).of(leaf))
        }
    }
}

/// DSA: 1024 to 4096 bits (q of 160, 224 and 256) with Node 20.20, OpenJDK 17 and 25 and tstclnt
/// 3.87, TLS 1.0 to 1.2, if they offer such suites. `bits` is the key's size.
fn of(name: &str, family: Family, facts: Facts, (algorithm, bits): (&KeyAlgorithm, u32)) -> Use {
    use KeyAlgorithm as K;
    let ring = name == "rustls-ring";
    let rustls = family == Family::Webpki;
    let browser = matches!(name, "chrome" | "firefox");
    let strict = family == Family::Go || rustls;
    match algorithm {
        K::Rsa | K::Ec(Curve::P256 | Curve::P384 | Curve::Explicit) => Use::Fits,
        K::Ec(Curve::P521) if ring => Use::Never,
        K::Ec(Curve::P521) => Use::Fits,
        K::RsaPss if strict => Use::Never,
        K::RsaPss => Use::Fits,
        K::Ed25519 | K::Ed448 if !facts.edwards => Use::Never,
        K::Ed25519 if browser => Use::Never,
        // NSS refuses the signature itself if it checks one.
        K::Ed25519 if family == Family::Unmeasured => Use::NotMeasured,
        K::Ed25519 => Use::Fits,
        K::Ed448 if strict || browser => Use::Never,
        K::Ed448 if matches!(family, Family::OpenSsl | Family::GnuTls | Family::Java) => Use::Fits,
        K::MlDsa44 | K::MlDsa65 | K::MlDsa87 if ring => Use::Never,
        K::Ec(_) if rustls => Use::Never,
        K::Dsa if facts.dss && bits >= 1_024 => match family {
            Family::OpenSsl if name == "node" => Use::Fits,
            Family::Java => Use::Fits,
            Family::Nss if bits <= 3_072 => Use::Fits,
            Family::Nss => Use::Never,
            _ => Use::NotMeasured,
        },
        K::X25519 | K::X448 | K::MlKem512 | K::MlKem768 | K::MlKem1024 => Use::Never,
        _ => Use::NotMeasured,
    }
}

/// What a rustls client refuses of an RSA key once it verifies the handshake's
/// signature: rustls-webpki verifies with `rsaEncryption` and NULL, 2048 to 8192 bits.
pub(super) fn rustls_refuses(leaf: &Certificate<'_>, ring: bool) -> Option<Refusal> {
    let key = PublicKey::parse(leaf.spki_der()).ok()?;
    if let KeyAlgorithm::Ec(curve) = key.algorithm() {
        // aws-lc reads compressed points, ring does not; neither reads hybrid ones, nor
        // a curve that is not named.
        let point = leaf.key_info().key.first();
        let read = point == Some(&4) || !ring && matches!(point, Some(2 | 3));
        let says = "invalid peer certificate: BadSignature";
        return (!read || *curve == Curve::Explicit)
            .then(|| Refusal::new(Cause::Handshake, says).of(leaf));
    }
    if *key.algorithm() != KeyAlgorithm::Rsa {
        return None;
    }
    let null = leaf.key_info().algorithm.parameters() == Some(&[5, 0]);
    // ring counts the modulus in whole bytes: 2041 bits are enough (measured).
    let bits = key.bits().unwrap_or(0);
    let bits = if ring { bits.next_multiple_of(8) } else { bits };
    if bits < 2_048 {
        let says = "invalid peer certificate: BadSignature";
        return Some(Refusal::new(Cause::WeakKey, says).of(leaf));
    }
    let fits = bits <= 8_192;
    // ring and aws-lc accept exponents of at most 33 bits.
    let small = key.rsa_exponent_bits() <= 33;
    let says = "invalid peer certificate: BadSignature";
    (!null || !fits || !small).then(|| Refusal::new(Cause::Handshake, says).of(leaf))
}
