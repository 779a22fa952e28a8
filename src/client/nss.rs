//! NSS 3: `CERT_VerifyCertificate` with the classic engine, as `tstclnt` and
//! programs without a verifier of their own call it.
//!
//! Measured with NSS 3.110, and read in lib/certhigh/certvfy.c and certdb.c:
//! CAs stand in the database as `C,,`, a server's certificate as `P,,`. Of an
//! anchor the dates count and its constraints, not its usages and extensions;
//! a CA may be for servers or for clients (`NS_CERT_TYPE_SSL_CA` is one bit).

use super::constraints::{self, Broken, Reader};
use super::issued::{key_ids_agree, serves_by_name};
use super::refusal::{Cause, Refusal};
use super::scene::Scene;
use super::search::Rules;
use crate::finding::Fingerprint;
use crate::model::{Certificate, Oid, SignatureAlgorithm};
use crate::validity::Validity;
use std::collections::HashMap;

/// id-kp-clientAuth.
const CLIENT: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x02";

/// A certificate on the wire that another one stands in the way of: NSS names them
/// by issuer and serial number (measured with 3.87: both sent, or one of them in
/// the database, whatever it is trusted for).
fn repeated<'s, 'a>(scene: &'s Scene<'_, 'a>) -> Option<&'s Certificate<'a>> {
    let held = scene.anchors.iter().copied();
    let mut seen = HashMap::new();
    for anchor in held {
        seen.insert((anchor.issuer().der(), anchor.serial()), anchor.sha256());
    }
    scene.chain.iter().find(|it| {
        let digest = it.sha256();
        *seen
            .entry((it.issuer().der(), it.serial()))
            .or_insert(digest)
            != digest
    })
}

/// The path that NSS takes.
pub(super) fn verify(rules: &Rules, scene: &Scene<'_, '_>) -> Result<Vec<Fingerprint>, Refusal> {
    let refused = |cause, it: &Certificate<'_>| Err(Refusal::new(cause, "").of(it));
    let Some(leaf) = scene.leaf() else {
        return Err(Refusal::new(Cause::NothingPresented, ""));
    };
    if let Some(second) = repeated(scene) {
        let says = "SEC_ERROR_REUSED_ISSUER_AND_SERIAL: You are attempting to import a cert with the same issuer/serial as an existing cert, but that is not the same cert.";
        return Err(Refusal::new(Cause::Serial, says).of(second));
    }
    let usage = leaf
        .key_usage()
        .is_none_or(|it| it.digital_signature() || it.key_encipherment() || it.key_agreement());
    // With an extKeyUsage a CA's certificate is of the type of a CA alone.
    let ca_alone = leaf.is_ca() && leaf.extended_key_usage().is_some();
    if !serves_by_name(leaf) || !usage || ca_alone {
        return refused(Cause::Purpose, leaf);
    }
    if scene.holds(leaf) {
        return match Validity::of(leaf, scene.at) {
            Validity::Valid { .. } => Ok(vec![leaf.sha256()]),
            Validity::NotYet { .. } => refused(Cause::NotYetValid, leaf),
            Validity::Expired { .. } => refused(Cause::Expired, leaf),
        };
    }
    let digests = rules.verify(scene)?;
    let all = || scene.chain.iter().chain(scene.anchors.iter().copied());
    let path: Vec<_> = digests
        .iter()
        .filter_map(|digest| all().find(|it| it.sha256() == *digest))
        .collect();
    let below_anchor = path.len().saturating_sub(1);
    for (place, it) in path.iter().take(below_anchor).enumerate() {
        if it.signature_algorithm().signature() == SignatureAlgorithm::Ed25519 {
            return refused(Cause::Algorithm, it);
        }
        let client = Oid::from_der_contents(CLIENT);
        let for_clients = it.extended_key_usage().is_some_and(|it| it.lists(client));
        if place > 0 && !serves_by_name(it) && !for_clients {
            return refused(Cause::NotACa, it);
        }
        // It takes the newest issuer of the name, and does not turn back.
        let newest = all()
            .skip(1)
            .filter(|issuer| issuer.subject().der() == it.issuer().der())
            .filter(|issuer| key_ids_agree(it, issuer))
            .max_by_key(|issuer| (issuer.not_before(), issuer.not_after()));
        let taken = path.get(place + 1);
        if newest
            .zip(taken)
            .is_some_and(|(newest, taken)| newest.spki_der() != taken.spki_der())
        {
            return refused(Cause::BadSignature, it);
        }
    }
    match constraints::broken(&path, Reader::Nss) {
        Some(Broken::Refused(_)) => return refused(Cause::NameConstraints, leaf),
        Some(Broken::Exhausted) => return refused(Cause::Exhausted, leaf),
        None => {}
    }
    let limit = path
        .last()
        .and_then(|anchor| anchor.basic_constraints()?.path_length);
    let between = path.iter().take(below_anchor).skip(1);
    let length = between.filter(|it| !it.is_self_issued()).count() as u64;
    if limit.is_some_and(|limit| length > u64::from(limit)) {
        return refused(Cause::PathLength, leaf);
    }
    Ok(digests)
}
