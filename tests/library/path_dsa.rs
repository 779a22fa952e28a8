//! DSA: parameters that are inherited, and keys too large to compute with.

use crate::dsa_keys;
use crate::pki;

use certcheck::chain::{Reason, Request, Verification, verify};
use certcheck::model::Certificate;
use certcheck::signature::SignatureProblem;
use dsa_keys::{issue, key, spki};
use pki::{Spec, oid, seq, tlv};
use std::time::Instant;

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
        found.reasons.iter().any(|found| missing(&found.reason)),
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
        found.reasons.iter().any(|found| too_large(&found.reason)),
        "{:?}",
        found.reasons
    );
}
