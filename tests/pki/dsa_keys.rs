//! DSA keys of one group, with their parameters or without.
#![allow(dead_code, unreachable_pub)]

use crate::pki::{Spec, oid, seq, tlv};
use certcheck::model::Certificate;
use dsa::pkcs8::DecodePublicKey;
use dsa::{BigUint, Components, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

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

pub fn key(secret: u32) -> SigningKey {
    let (group, secret) = (group(), BigUint::from(secret));
    let public = group.g().modpow(&secret, group.p());
    let public = VerifyingKey::from_components(group, public).unwrap();
    SigningKey::from_components(public, secret).unwrap()
}

pub fn spki(key: &SigningKey, with_parameters: bool) -> Vec<u8> {
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

pub fn algorithm() -> Vec<u8> {
    seq(&[&oid("2.16.840.1.101.3.4.3.2")])
}

pub fn sign(issuer: &SigningKey, tbs: &[u8]) -> Vec<u8> {
    let digest = Sha256::digest(tbs);
    let signature = issuer.sign_prehashed_rfc6979::<Sha256>(&digest).unwrap();
    seq(&[&integer(signature.r()), &integer(signature.s())])
}

pub fn issue(spec: &Spec, spki: &[u8], issuer: &SigningKey) -> Vec<u8> {
    let ids = (vec![1], vec![1]);
    spec.build(spki, ids, &algorithm(), |tbs| sign(issuer, tbs))
}
