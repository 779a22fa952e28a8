//! Paths of three certificates, beside rustls-webpki with the same backend and
//! OpenSSL. Ratios are printed, since times mean little.
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

#[path = "../tests/pki/mod.rs"]
mod pki;

use certcheck::chain::{PathProfile, Request, verify};
use certcheck::model::Certificate;
use criterion::Criterion;
use pki::{Key, Spec};
use pki_types::{CertificateDer, UnixTime};
use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const AT: i64 = 1_795_305_600;

struct Chain {
    leaf: Vec<u8>,
    bag: Vec<Vec<u8>>,
    anchor: Vec<u8>,
}

fn three() -> Chain {
    let [root, ca, leaf] = [(); 3].map(|()| Key::new());
    Chain {
        leaf: Spec::server("ca").issue(&leaf, &ca),
        bag: vec![Spec::ca("ca", "root").issue(&ca, &root)],
        anchor: Spec::ca("root", "root").issue(&root, &root),
    }
}

/// The same with RSA-2048 keys.
fn three_rsa() -> Chain {
    let [root, ca, leaf] = [(); 3].map(|()| Key::rsa());
    Chain {
        leaf: Spec::server("ca").issue(&leaf, &ca),
        bag: vec![Spec::ca("ca", "root").issue(&ca, &root)],
        anchor: Spec::ca("root", "root").issue(&root, &root),
    }
}

fn ours_from_der(it: &Chain) -> bool {
    let leaf = Certificate::parse(&it.leaf).unwrap();
    let bag = pki::parse(&it.bag);
    let anchors = [Certificate::parse(&it.anchor).unwrap()];
    ours(&leaf, &bag, &anchors)
}

fn ours(leaf: &Certificate<'_>, bag: &[Certificate<'_>], anchors: &[Certificate<'_>]) -> bool {
    let at = certcheck::Time::from_unix_seconds(AT);
    let mut request = Request::new(leaf, bag, anchors, at);
    request.profile = &PathProfile::RFC5280;
    request.purpose = certcheck::chain::Purpose::Server;
    verify(&request).valid
}

fn theirs(it: &Chain) -> bool {
    let leaf = CertificateDer::from(it.leaf.as_slice());
    let leaf = webpki::EndEntityCert::try_from(&leaf).unwrap();
    let bag: Vec<_> = it
        .bag
        .iter()
        .map(|der| CertificateDer::from(der.as_slice()))
        .collect();
    let anchor = CertificateDer::from(it.anchor.as_slice());
    let anchors = [webpki::anchor_from_trusted_cert(&anchor).unwrap()];
    let at = UnixTime::since_unix_epoch(Duration::from_secs(AT.unsigned_abs()));
    let usage = webpki::KeyUsage::server_auth();
    let algorithms = webpki::ALL_VERIFICATION_ALGS;
    leaf.verify_for_usage(algorithms, &anchors, &bag, at, usage, None, None)
        .is_ok()
}

/// webpki's search and verdict alone: the end-entity and the anchors were read
/// before. It reads the intermediates again with every search, and cannot
/// be given them otherwise.
fn theirs_parsed(
    leaf: &webpki::EndEntityCert<'_>,
    bag: &[CertificateDer<'_>],
    anchors: &[pki_types::TrustAnchor<'_>],
) -> bool {
    let at = UnixTime::since_unix_epoch(Duration::from_secs(AT.unsigned_abs()));
    let usage = webpki::KeyUsage::server_auth();
    let algorithms = webpki::ALL_VERIFICATION_ALGS;
    leaf.verify_for_usage(algorithms, anchors, bag, at, usage, None, None)
        .is_ok()
}

/// What one more end-entity costs `openssl verify`, reading it included: the
/// difference between `count` of them and twice as many, the least of `runs`.
fn openssl(it: &Chain, count: usize, runs: u32) -> Option<Duration> {
    let room = tempfile::tempdir().unwrap();
    let write = |name: &str, der: &[u8]| {
        let pem = certcheck::encoding::to_pem("CERTIFICATE", der);
        let path = room.path().join(name);
        std::fs::write(&path, pem.as_bytes()).unwrap();
        path
    };
    let root = write("root.pem", &it.anchor);
    let mid = write("mid.pem", it.bag.first().unwrap());
    let leaf = write("leaf.pem", &it.leaf);
    let verify = |count: usize| {
        let mut command = Command::new("openssl");
        command.args(["verify", "-no-CApath", "-no-CAstore", "-attime"]);
        command.arg(AT.to_string()).args(["-purpose", "sslserver"]);
        command.arg("-CAfile").arg(&root);
        command.arg("-untrusted").arg(&mid);
        command.args(std::iter::repeat_n(&leaf, count));
        command.stdout(Stdio::null()).stderr(Stdio::null()).status()
    };
    // Only a program that is not there is left out: one that refuses is wrong.
    assert!(verify(1).ok()?.success(), "openssl refuses the chain");
    let once = least(runs, || assert!(verify(count).unwrap().success()));
    let twice = least(runs, || assert!(verify(2 * count).unwrap().success()));
    let more = twice.saturating_sub(once);
    Some(more / u32::try_from(count).unwrap())
}

/// The least of several times: what the work takes when nobody disturbs it.
fn least(runs: u32, mut work: impl FnMut()) -> Duration {
    let time = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..runs).map(time).min().unwrap_or_default()
}

fn main() {
    // `-- --test`: everything once, to see that it runs.
    let quick = std::env::args().any(|argument| argument == "--test");
    let mut criterion = Criterion::default().configure_from_args();
    let ratio = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
    for (name, it) in [("P-256", three()), ("RSA-2048", three_rsa())] {
        assert!(ours_from_der(&it) && theirs(&it));
        let (leaf, bag) = (Certificate::parse(&it.leaf).unwrap(), pki::parse(&it.bag));
        let anchors = [Certificate::parse(&it.anchor).unwrap()];
        let mut group = criterion.benchmark_group(format!("three {name} certificates"));
        group.bench_function("webpki, from DER", |b| b.iter(|| theirs(black_box(&it))));
        group.bench_function("certcheck, from DER", |b| {
            b.iter(|| ours_from_der(black_box(&it)))
        });
        group.bench_function("certcheck, parsed", |b| {
            b.iter(|| ours(black_box(&leaf), &bag, &anchors))
        });
        group.finish();

        let trusted = CertificateDer::from(it.anchor.as_slice());
        let trusted = [webpki::anchor_from_trusted_cert(&trusted).unwrap()];
        let der = CertificateDer::from(it.leaf.as_slice());
        let their_leaf = webpki::EndEntityCert::try_from(&der).unwrap();
        let der = |der: &Vec<u8>| CertificateDer::from(der.clone());
        let their_bag: Vec<_> = it.bag.iter().map(der).collect();

        // In turn, so that what else the machine does falls on all alike.
        let mut times = [Duration::MAX; 4];
        for _ in 0..if quick { 10 } else { 1_000 } {
            let round = [
                least(1, || assert!(theirs(&it))),
                least(1, || {
                    assert!(theirs_parsed(&their_leaf, &their_bag, &trusted))
                }),
                least(1, || assert!(ours_from_der(&it))),
                least(1, || assert!(ours(&leaf, &bag, &anchors))),
            ];
            for (least, time) in times.iter_mut().zip(round) {
                *least = time.min(*least);
            }
        }
        let [peer, peer_parsed, from_der, parsed] = times;
        let (count, runs) = if quick { (20, 1) } else { (500, 7) };
        let openssl = openssl(&it, count, runs);
        for (what, own, peer) in [
            ("from DER", from_der, peer),
            ("parsed", parsed, peer_parsed),
        ] {
            print!(
                "three {name} certificates, {what}: {own:?}, {:.2} x webpki {what}",
                ratio(own, peer)
            );
            match openssl {
                Some(time) => println!(", {:.2} x openssl verify", ratio(own, time)),
                None => println!(", SKIPPED: openssl is not installed"),
            }
        }
    }
    criterion.final_summary();
}
