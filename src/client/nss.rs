//! NSS 3: `CERT_VerifyCertificate` with the classic engine, as `tstclnt` and
//! programs without their own verifier call it.
//!
//! Measured with NSS 3.110, and its keyUsage, path length, constraints and policies with
//! 3.87; read in lib/certhigh/certvfy.c and certdb.c:
//! CAs are in the database as `C,,`, a server's certificate as `P,,`. An anchor's dates and
//! constraints count, not its usages and extensions; a CA may be for servers or for clients
//! (`NS_CERT_TYPE_SSL_CA` is one bit).

use super::constraints::{self, Broken, Reader};
use super::input::Input;
use super::issued::serves_by_name;
use super::reads::{huge_path_length, lost_basic_constraints};
use super::refusal::{Cause, Refusal};
use super::search::Rules;
use crate::finding::Fingerprint;
use crate::model::{Certificate, Hash, KeyAlgorithm, Oid, PublicKey, SignatureAlgorithm};
use crate::validity::Validity;
use std::collections::HashMap;

/// id-kp-clientAuth.
const CLIENT: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x02";

/// A certificate on the wire that conflicts with another one: NSS identifies them
/// by issuer and serial number (measured with 3.87: both sent, or one of them in
/// the database, whatever it is trusted for).
fn repeated<'s, 'a>(input: &'s Input<'_, 'a>) -> Option<&'s Certificate<'a>> {
    let held = input.anchors.iter().copied();
    let mut seen = HashMap::new();
    for anchor in held {
        seen.insert((anchor.issuer().der(), anchor.serial()), anchor.sha256());
    }
    input.chain.iter().find(|input| {
        // The same certificate a second time is not a conflict, and is accepted.
        let digest = input.sha256();
        *seen
            .entry((input.issuer().der(), input.serial()))
            .or_insert(digest)
            != digest
    })
}

/// `CERT_CheckKeyUsage` for a server (lib/certdb/certdb.c,
/// `KU_KEY_AGREEMENT_OR_ENCIPHERMENT`): RSA is for encipherment, whatever the suite and
/// version (measured with 3.87: TLS 1.3), EC for signatures or agreement, and others for
/// signatures.
fn key_usage_fits(leaf: &Certificate<'_>) -> bool {
    let key = PublicKey::parse(leaf.spki_der());
    // Of two keyUsages NSS reads the first, but they are not distinguished here.
    let count = leaf
        .extensions()
        .iter()
        .filter(|extension| extension.name() == Some("keyUsage"));
    if count.count() > 1 {
        return true;
    }
    let Some((usage, key)) = leaf.key_usage().zip(key.as_ref().ok()) else {
        return true;
    };
    match key.algorithm() {
        KeyAlgorithm::Rsa => usage.key_encipherment(),
        KeyAlgorithm::Ec(_) => usage.digital_signature() || usage.key_agreement(),
        _ => usage.digital_signature() || usage.key_encipherment() || usage.key_agreement(),
    }
}

/// Whether NSS accepts `issuer` as the one that the authorityKeyIdentifier names
/// (lib/pki/pki3hack.c, `nss3certificate_matchIdentifier`).
fn is_identified(it: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
    let Some(wanted) = it.authority_key_id() else {
        return true;
    };
    match (wanted.key_id, issuer.subject_key_id()) {
        (Some(wanted), Some(present)) => wanted == present,
        (Some(_), None) => true,
        // An issuer and serial number other than the issuer's were accepted (measured).
        (None, _) => true,
    }
}

/// The most certificates of a path, including its anchor (lib/certdb/certt.h,
/// `CERT_MAX_CERT_CHAIN`; 17 intermediates were accepted, 20 were not).
const MOST: usize = 20;

/// Whether keyUsage and extKeyUsage of an anchor let it issue for servers (measured with 3.110:
/// without keyCertSign, or with only anyExtendedKeyUsage, it is not an issuer).
fn signs_for_servers(anchor: &Certificate<'_>) -> bool {
    let client = Oid::from_der_contents(CLIENT);
    let for_clients = anchor
        .extended_key_usage()
        .is_some_and(|usage| usage.lists(client));
    let signs = anchor.key_usage().is_none_or(|usage| usage.key_cert_sign());
    signs && (serves_by_name(anchor) || for_clients)
}

/// The path that NSS takes.
pub(super) fn verify(rules: &Rules, input: &Input<'_, '_>) -> Result<Vec<Fingerprint>, Refusal> {
    let refused = |cause, it: &Certificate<'_>| Err(Refusal::new(cause, "").of(it));
    let Some(leaf) = input.leaf() else {
        return Err(Refusal::new(Cause::NothingPresented, ""));
    };
    // `CERT_NewTempCertificate` imports what the peer sent before any verification, hence before
    // every other error.
    if let Some(second) = repeated(input) {
        let says = "SEC_ERROR_REUSED_ISSUER_AND_SERIAL: You are attempting to import a cert with the same issuer/serial as an existing cert, but that is not the same cert.";
        return Err(Refusal::new(Cause::Serial, says).of(second));
    }
    // With an extKeyUsage, a CA's certificate has only the type of a CA.
    let ca_alone = leaf.is_ca() && leaf.extended_key_usage().is_some();
    if !key_usage_fits(leaf) {
        let says = "SEC_ERROR_INADEQUATE_KEY_USAGE";
        return Err(Refusal::new(Cause::Purpose, says).of(leaf));
    }
    if !serves_by_name(leaf) || ca_alone {
        return refused(Cause::Purpose, leaf);
    }
    if input.holds(leaf) {
        return match Validity::of(leaf, input.at) {
            Validity::Valid { .. } => Ok(vec![leaf.sha256()]),
            Validity::NotYet { .. } => refused(Cause::NotYetValid, leaf),
            Validity::Expired { .. } => refused(Cause::Expired, leaf),
        };
    }
    let digests = rules.verify(input)?;
    let all = || input.chain.iter().chain(input.anchors.iter().copied());
    let mut path: Vec<_> = digests
        .iter()
        .filter_map(|digest| all().find(|certificate| certificate.sha256() == *digest))
        .collect();
    let below_anchor = path.len().saturating_sub(1);
    for place in 0..below_anchor {
        let Some(&it) = path.get(place) else { break };
        let issuer = path.get(place + 1);
        if let Some(&lost) =
            issuer.filter(|issuer| lost_basic_constraints(issuer) || huge_path_length(issuer))
        {
            return refused(Cause::NotACa, lost);
        }
        let signature = it.signature_algorithm().signature();
        if signature == SignatureAlgorithm::Ed25519 && !input.facts.ed25519_signatures {
            return refused(Cause::Algorithm, it);
        }
        // MD5 is off in signatures of certificates (lib/util/secoid.c; measured with 3.87).
        if signature.hash() == Some(Hash::Md5) {
            return refused(Cause::WeakSignature, it);
        }
        let client = Oid::from_der_contents(CLIENT);
        let for_clients = it
            .extended_key_usage()
            .is_some_and(|usage| usage.lists(client));
        if place > 0 && !serves_by_name(it) && !for_clients {
            return refused(Cause::NotACa, it);
        }
        // It takes the newest issuer of the name, and does not backtrack.
        let newest = all()
            .skip(1)
            .filter(|issuer| issuer.subject().der() == it.issuer().der())
            .filter(|issuer| is_identified(it, issuer))
            // `nssCertificateArray_FindBestCertificate` (lib/pki/pkibase.c): valid ones first,
            // then the newest.
            .max_by_key(|issuer| (issuer.not_before(), issuer.not_after()));
        let taken = path.get(place + 1);
        if newest.is_none() {
            return refused(Cause::Untrusted, it);
        }
        // Another certificate of the same CA: its constraints are the ones that count, and
        // a self-signed one ends the path.
        if let Some((newest, taken)) = newest.zip(taken.copied())
            && place + 1 < below_anchor
            && newest.spki_der() == taken.spki_der()
            && newest.der() != taken.der()
        {
            if newest.is_self_issued() {
                return refused(Cause::Untrusted, it);
            }
            if let Some(slot) = path.get_mut(place + 1) {
                *slot = newest;
            }
            continue;
        }
        if newest
            .zip(taken)
            .is_some_and(|(newest, taken)| newest.spki_der() != taken.spki_der())
        {
            // Some later version accepted one of these (3.110).
            if input.facts.anchors_sign {
                let says = "not measured: two keys of one name, in this version of NSS";
                return Err(Refusal::new(Cause::NotMeasured, says).of(it));
            }
            return refused(Cause::BadSignature, it);
        }
    }
    if input.facts.anchors_sign
        && let Some(&anchor) = path.last()
        && !signs_for_servers(anchor)
    {
        return refused(Cause::Untrusted, leaf);
    }
    if path.len() > MOST {
        return refused(Cause::Untrusted, leaf);
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
    let length = between
        .filter(|certificate| !certificate.is_self_issued())
        .count() as u64;
    if limit.is_some_and(|limit| length > u64::from(limit)) {
        return refused(Cause::PathLength, leaf);
    }
    Ok(digests)
}
