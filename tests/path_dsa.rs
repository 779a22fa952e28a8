//! DSA: parameters that are inherited, and keys too large to compute with.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    reason = "a test that meets something unexpected has failed"
)]

mod pki;

use certcheck::chain::{Reason, Request, Verification, verify};
use certcheck::model::Certificate;
use certcheck::signature::SignatureProblem;
use dsa::pkcs8::DecodePublicKey;
use dsa::{BigUint, Components, SigningKey, VerifyingKey};
use pki::{Spec, oid, seq, tlv};
use sha2::{Digest, Sha256};
use std::time::Instant;

/// The group of a certificate that OpenSSL made.
fn group() -> Components {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let der = std::fs::read(path.join("testdata/signature/dsa1024-160-sha1.der")).unwrap();
    let certificate = Certificate::parse(&der).unwrap();
    let key = VerifyingKey::from_public_key_der(certificate.spki_der()).unwrap();
    key.components().clone()
}

fn integer(number: &BigUint) -> Vec<u8> {
    tlv(
        2,
        &[vec![0], number.to_bytes_be()].concat()[usize::from(!number.bits().is_multiple_of(8))..],
    )
}

fn key(secret: u32) -> SigningKey {
    let (group, secret) = (group(), BigUint::from(secret));
    let public = group.g().modpow(&secret, group.p());
    let public = VerifyingKey::from_components(group, public).unwrap();
    SigningKey::from_components(public, secret).unwrap()
}

fn spki(key: &SigningKey, with_parameters: bool) -> Vec<u8> {
    let (key, group) = (key.verifying_key(), key.verifying_key().components());
    let parameters = seq(&[
        &integer(group.p()),
        &integer(group.q()),
        &integer(group.g()),
    ]);
    let parameters = if with_parameters { parameters } else { vec![] };
    let bits = [vec![0], integer(key.y())].concat();
    seq(&[
        &seq(&[&oid("1.2.840.10040.4.1"), &parameters]),
        &tlv(3, &bits),
    ])
}

fn issue(spec: &Spec, spki: &[u8], issuer: &SigningKey) -> Vec<u8> {
    let sign = |tbs: &[u8]| {
        let digest = Sha256::digest(tbs);
        let signature = issuer.sign_prehashed_rfc6979::<Sha256>(&digest).unwrap();
        seq(&[&integer(signature.r()), &integer(signature.s())])
    };
    let algorithm = seq(&[&oid("2.16.840.1.101.3.4.3.2")]);
    spec.build(spki, (vec![1], vec![1]), &algorithm, sign)
}

fn judge(leaf: &[u8], bag: &[Vec<u8>], anchor: &[u8]) -> Verification {
    let (leaf, bag) = (Certificate::parse(leaf).unwrap(), pki::parse(bag));
    let anchors = [Certificate::parse(anchor).unwrap()];
    verify(&Request::new(
        &leaf,
        &bag,
        &anchors,
        "2026-11-22T00:00:00Z".parse().unwrap(),
    ))
}

#[test]
fn parameters_are_inherited_over_any_number_of_certificates() {
    let keys = [11, 12, 13, 14].map(key);
    let anchor = issue(&Spec::ca("root", "root"), &spki(&keys[0], true), &keys[0]);
    let bag = [
        issue(&Spec::ca("one", "root"), &spki(&keys[1], false), &keys[0]),
        issue(&Spec::ca("two", "one"), &spki(&keys[2], false), &keys[1]),
    ];
    let leaf = issue(&Spec::server("two"), &spki(&keys[3], false), &keys[2]);
    let found = judge(&leaf, &bag, &anchor);
    assert!(found.valid, "{:?}", found.reasons);
    // Signed by another key of the same group.
    let forged = issue(&Spec::server("two"), &spki(&keys[3], false), &keys[3]);
    assert!(!judge(&forged, &bag, &anchor).valid);
}

#[test]
fn without_anybody_to_inherit_from_they_are_missing() {
    let keys = [11, 12].map(key);
    let anchor = issue(&Spec::ca("root", "root"), &spki(&keys[0], false), &keys[0]);
    let leaf = issue(&Spec::server("root"), &spki(&keys[1], true), &keys[0]);
    let found = judge(&leaf, &[], &anchor);
    let missing = |reason: &Reason| {
        matches!(
            reason,
            Reason::BadSignature {
                problem: SignatureProblem::ParametersMissing,
                ..
            }
        )
    };
    assert!(
        found.reasons.iter().any(|it| missing(&it.reason)),
        "{:?}",
        found.reasons
    );
}

#[test]
fn a_key_of_32768_bits_is_refused_at_once() {
    let signer = key(11);
    let huge = |last: u8| tlv(2, &[&[0x7f][..], &[0xff; 4_094], &[last]].concat());
    let parameters = seq(&[&huge(1), &huge(3), &huge(5)]);
    let bits = [vec![0], huge(7)].concat();
    let spki = seq(&[
        &seq(&[&oid("1.2.840.10040.4.1"), &parameters]),
        &tlv(3, &bits),
    ]);
    let anchor = issue(&Spec::ca("root", "root"), &spki, &signer);
    let leaf = issue(&Spec::server("root"), &spki, &signer);
    let start = Instant::now();
    let found = judge(&leaf, &[], &anchor);
    assert!(start.elapsed().as_millis() < 500, "{:?}", start.elapsed());
    let too_large = |reason: &Reason| {
        matches!(
            reason,
            Reason::BadSignature {
                problem: SignatureProblem::KeyTooLarge { .. },
                ..
            }
        )
    };
    assert!(
        found.reasons.iter().any(|it| too_large(&it.reason)),
        "{:?}",
        found.reasons
    );
}
