//! From a key's DER to "proven, and this is its public key", beside crates that
//! do the same or a part of it; and the largest public keys that a stranger can send.
//!
//! `cargo bench --bench key` prints the peers of a group next to one another,
//! and at the end ratios of interleaved rounds, which other users of the
//! machine disturb least.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench that meets something unexpected has failed"
)]

use aws_lc_rs::{agreement, signature};
use certcheck::model::{KeyForm, PrivateKey, PublicKey};
use criterion::{BenchmarkId, Criterion};
use std::hint::black_box;
use std::time::{Duration, Instant};

fn section(file: &str) -> Vec<u8> {
    let path = format!("{}/testdata/keys/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    pem::parse(text).expect("a key of testdata").into_contents()
}

fn ours(der: &[u8]) -> usize {
    let key = PrivateKey::read(KeyForm::Pkcs8, &[], der, None).expect("a key of testdata");
    assert!(key.is_proven());
    key.public_key_der().map_or(0, <[u8]>::len)
}

fn rsa_crate(der: &[u8]) -> usize {
    use rsa::pkcs8::DecodePrivateKey;
    use rsa::traits::PublicKeyParts;
    let key = rsa::RsaPrivateKey::from_pkcs8_der(der).expect("a key of testdata");
    key.to_public_key().size()
}

fn dsa_crate(der: &[u8]) -> usize {
    use dsa::pkcs8::DecodePrivateKey;
    let key = dsa::SigningKey::from_pkcs8_der(der).expect("a key of testdata");
    key.verifying_key().y().bits()
}

fn rsa_aws_lc(der: &[u8]) -> usize {
    use signature::KeyPair;
    let key = signature::RsaKeyPair::from_pkcs8(der).expect("a key of testdata");
    key.public_key().as_ref().len()
}

fn p256_aws_lc(der: &[u8]) -> usize {
    let key = agreement::PrivateKey::from_private_key_der(&agreement::ECDH_P256, der)
        .expect("a key of testdata");
    key.compute_public_key().expect("a point").as_ref().len()
}

fn ed25519_aws_lc(der: &[u8]) -> usize {
    use signature::KeyPair;
    let key =
        signature::Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).expect("a key of testdata");
    key.public_key().as_ref().len()
}

type Work = fn(&[u8]) -> usize;
type Group = (&'static str, &'static str, &'static [(&'static str, Work)]);

/// What is read, by whom, and the file: the first peer is the one of the goal.
const GROUPS: &[Group] = &[
    (
        "rsa2048",
        "rsa2048.pem",
        &[("rsa 0.9", rsa_crate), ("aws-lc-rs", rsa_aws_lc)],
    ),
    (
        "rsa4096",
        "rsa4096.pem",
        &[("rsa 0.9", rsa_crate), ("aws-lc-rs", rsa_aws_lc)],
    ),
    ("p256", "ec-P-256.pem", &[("aws-lc-rs", p256_aws_lc)]),
    ("ed25519", "ed25519.pem", &[("aws-lc-rs", ed25519_aws_lc)]),
    ("dsa2048", "dsa2048-256.pem", &[("dsa 0.6", dsa_crate)]),
];

fn keys(criterion: &mut Criterion) {
    for (name, file, peers) in GROUPS {
        let der = section(file);
        let mut group = criterion.benchmark_group(*name);
        group.bench_function("certcheck", |bencher| {
            bencher.iter(|| ours(black_box(&der)))
        });
        for (peer, work) in *peers {
            group.bench_function(*peer, |bencher| bencher.iter(|| work(black_box(&der))));
        }
        group.finish();
    }
}

/// SubjectPublicKeyInfo of DSA with |p| = |q| = `bits`, as dsa 0.6.3 needs 35 s for.
fn large_dsa(bits: usize) -> Vec<u8> {
    let element = |tag: u8, content: &[u8]| {
        let length = u32::try_from(content.len()).expect("a short element");
        let mut out = vec![tag, 0x84];
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(content);
        // The shortest form of the length, as DER demands.
        while out.get(2) == Some(&0) && out.get(1).is_some_and(|count| *count > 0x81) {
            out.remove(2);
            out[1] -= 1;
        }
        if out[1] == 0x81 && out[2] < 0x80 {
            out.remove(1);
        }
        out
    };
    let number = [&[0][..], &vec![0xff; bits / 8]].concat();
    let integer = element(2, &number);
    let y = element(2, &vec![0x7f; bits / 8]);
    let parameters = element(
        0x30,
        &[integer.as_slice(), &integer, &element(2, &[2])].concat(),
    );
    let identifier = [&[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1][..], &parameters].concat();
    let bits = element(3, &[&[0], y.as_slice()].concat());
    element(0x30, &[element(0x30, &identifier), bits].concat())
}

fn strangers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("public key of a stranger");
    for bits in [2048, 32_768, 131_072] {
        let spki = large_dsa(bits);
        group.bench_with_input(
            BenchmarkId::new("certcheck", bits),
            &spki,
            |bencher, spki| {
                bencher.iter(|| {
                    PublicKey::parse(black_box(spki))
                        .expect("a key")
                        .spki_sha256()
                });
            },
        );
    }
    group.finish();
}

/// The median of the ratios of interleaved rounds: ours to the peer's.
fn ratio(der: &[u8], peer: Work) -> f64 {
    let round = |work: Work| {
        let start = Instant::now();
        let mut count = 0_u32;
        while start.elapsed() < Duration::from_millis(1) {
            black_box(work(black_box(der)));
            count += 1;
        }
        start.elapsed().as_secs_f64() / f64::from(count)
    };
    let mut ratios: Vec<f64> = (0..301).map(|_| round(ours) / round(peer)).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    keys(&mut criterion);
    strangers(&mut criterion);
    criterion.final_summary();
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    for (name, file, peers) in GROUPS {
        let der = section(file);
        for (peer, work) in *peers {
            println!("{name}: certcheck / {peer} = {:.2}", ratio(&der, *work));
        }
    }
}
