//! One certificate of the two, with its path and the values that are pinned.

use crate::finding::hex;
use crate::model::{Certificate, PublicKey, purpose_name, sha256};
use crate::preflight::Sent;
use crate::preflight::difference::{InPath, Side};

/// The server's own certificates among those that it sends: the first, and any other server
/// certificates.
pub(super) fn leaves(sent: &[Sent]) -> Vec<Certificate<'_>> {
    let mut leaves = Vec::new();
    for (place, one) in sent.iter().enumerate() {
        let Ok(certificate) = Certificate::parse(&one.der) else {
            continue;
        };
        let again = sent
            .iter()
            .take(place)
            .any(|other| other.sha256 == one.sha256);
        if !again && (leaves.is_empty() || !certificate.is_ca()) {
            leaves.push(certificate);
        }
    }
    leaves
}

/// What is sent, upwards from its first certificate.
pub(super) fn path(sent: &[Sent]) -> Vec<Certificate<'_>> {
    let all: Vec<_> = sent
        .iter()
        .filter_map(|one| Certificate::parse(&one.der).ok())
        .collect();
    let mut path: Vec<Certificate<'_>> = all.first().cloned().into_iter().collect();
    while let Some(last) = path.last() {
        if last.is_self_issued() {
            break;
        }
        let issuer = last.issuer().to_string();
        let next = all.iter().find(|one| {
            one.subject().to_string() == issuer && path.iter().all(|other| other.der() != one.der())
        });
        match next {
            Some(next) => path.push(next.clone()),
            None => break,
        }
    }
    path
}

pub(in crate::preflight) fn must_staple(certificate: &Certificate<'_>) -> bool {
    // TLS feature (RFC 7633), 1.3.6.1.5.5.7.1.24: status_request is number 5.
    const TLS_FEATURE: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x01\x18";
    certificate.extensions().iter().any(|extension| {
        extension.oid.as_bytes() == TLS_FEATURE
            && extension.value.windows(3).any(|part| part == [2, 1, 5])
    })
}

pub(super) fn usages(certificate: &Certificate<'_>) -> Vec<String> {
    let usage = certificate.key_usage();
    let names = usage.map(|usage| usage.names()).unwrap_or_default();
    names.into_iter().map(str::to_owned).collect()
}

pub(super) fn purposes(certificate: &Certificate<'_>) -> Vec<String> {
    let usage = certificate.extended_key_usage();
    usage
        .map(|usage| usage.purposes().map(purpose_name).collect())
        .unwrap_or_default()
}

pub(super) fn side(sent: &[Sent]) -> Side {
    let all = leaves(sent);
    let (Some(first), Some(leaf)) = (sent.first(), all.first()) else {
        return Side::default();
    };
    let key = PublicKey::parse(leaf.spki_der()).ok();
    let spki = sha256(leaf.spki_der());
    let names = leaf.subject_alt_names().into_iter();
    let names = names.flat_map(|names| names.iter());
    let path = path(sent);
    Side {
        source: first.source.clone(),
        sha256: Some(leaf.sha256()),
        subject: leaf.subject().to_string(),
        issuer: leaf.issuer().to_string(),
        names: names.map(|name| name.to_string()).collect(),
        algorithm: key
            .as_ref()
            .map_or_else(|| "unknown".to_owned(), |key| key.algorithm().to_string()),
        bits: key.as_ref().and_then(PublicKey::bits).map(u64::from),
        signature_algorithm: leaf.signature_algorithm().to_string(),
        not_before: Some(leaf.not_before()),
        not_after: Some(leaf.not_after()),
        key_usage: usages(leaf),
        extended_key_usage: purposes(leaf),
        must_staple: must_staple(leaf),
        spki_sha256: Some(spki),
        tlsa: path.iter().enumerate().flat_map(tlsa).collect(),
        path: path
            .iter()
            .map(|one| InPath {
                sha256: one.sha256(),
                subject: one.subject().to_string(),
            })
            .collect(),
        beside: all.iter().skip(1).map(Certificate::sha256).collect(),
    }
}

/// DANE-EE (3) for the certificate, DANE-TA (2) for its issuers; the key (1), the whole (0);
/// SHA-256 (1).
fn tlsa((place, certificate): (usize, &Certificate<'_>)) -> [String; 2] {
    let usage = if place == 0 { 3 } else { 2 };
    let key = sha256(certificate.spki_der());
    let whole = certificate.sha256();
    [
        format!("{usage} 1 1 {}", hex(key.as_bytes())),
        format!("{usage} 0 1 {}", hex(whole.as_bytes())),
    ]
}
