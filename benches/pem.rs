//! PEM readers beside one another: `cargo bench --bench pem`.
//!
//! Every group is one size of input; the last lines are ratios, since times
//! of different machines say nothing. `bare` is the limit, not a reader: it takes
//! lines of 64 characters for granted, joins those of a section and has them decoded
//! at one stroke by base64-simd, which is AVX2 where the processor has it. It matches
//! no labels, counts no lines and finds no damage.
//!
//! Our clock ends when the document is dropped, and with it wiped, as the peers' ends
//! when they have dropped what they read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement prints, and stops where its input is not what it should be"
)]

use certcheck::Source;
use certcheck::encoding::Document;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use std::hint::black_box;
use std::time::{Duration, Instant};

const CERTIFICATE: &str = include_str!("../testdata/encoding/base/leaf.crt");

const LARGER: &str = include_str!("../testdata/pki/server.crt");

fn input(certificates: usize) -> Vec<u8> {
    CERTIFICATE.repeat(certificates).into_bytes()
}

fn x509_parser(bytes: &[u8]) -> usize {
    x509_parser::pem::Pem::iter_from_buffer(bytes)
        .filter_map(Result::ok)
        .map(|section| section.contents.len())
        .sum()
}

fn pem_crate(bytes: &[u8]) -> usize {
    pem::parse_many(bytes).map_or(0, |all| all.iter().map(|one| one.contents().len()).sum())
}

fn pki_types(bytes: &[u8]) -> usize {
    use pki_types::pem::PemObject;
    pki_types::CertificateDer::pem_slice_iter(bytes)
        .filter_map(Result::ok)
        .map(|der| der.len())
        .sum()
}

/// Lines of 64 characters, joined, through a SIMD decoder, into one buffer for each
/// section.
fn bare(bytes: &[u8]) -> usize {
    let mut total = 0;
    let mut joined = Vec::with_capacity(4096);
    let mut rest = bytes;
    while let Some(begin) = rest.iter().position(|&byte| byte == b'\n') {
        joined.clear();
        rest = &rest[begin + 1..];
        while let Some((line, behind)) = rest.split_at_checked(64)
            && behind.first() == Some(&b'\n')
        {
            joined.extend_from_slice(line);
            rest = &behind[1..];
        }
        let end = rest.iter().position(|&byte| byte == b'\n');
        let (line, behind) = rest.split_at(end.unwrap_or(rest.len()));
        if line.starts_with(b"-") {
            rest = behind.get(1..).unwrap_or_default();
        } else {
            joined.extend_from_slice(line);
            let end = behind[1..].iter().position(|&byte| byte == b'\n');
            rest = end.map_or(&[][..], |end| &behind[end + 2..]);
        }
        let der = base64_simd::STANDARD.decode_to_vec(&joined).unwrap();
        total += black_box(der).len();
    }
    total
}

fn groups(criterion: &mut Criterion) {
    for certificates in [1, 10, 1_000] {
        let bytes = input(certificates);
        let mut group = criterion.benchmark_group(format!("pem/{certificates}"));
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group
            .measurement_time(Duration::from_secs(2))
            .warm_up_time(Duration::from_millis(500));
        group.bench_function(BenchmarkId::from_parameter("certcheck"), |bencher| {
            // Copying the input is outside the clock, wiping it and the result inside.
            let source = || Source::new("bench", bytes.clone());
            let read = |source| drop(black_box(Document::read(source)));
            bencher.iter_batched(source, read, BatchSize::LargeInput);
        });
        for (name, read) in PEERS {
            group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
                bencher.iter(|| read(black_box(&bytes)));
            });
        }
        group.finish();
    }
}

type Read = fn(&[u8]) -> usize;

const PEERS: [(&str, Read); 4] = [
    ("bare", bare),
    ("x509-parser", x509_parser),
    ("pem", pem_crate),
    ("rustls-pki-types", pki_types),
];

/// Seconds of one call, over calls that take a millisecond together: on a busy
/// machine most of such stretches are not interrupted, and the median is of those.
fn per_call(mut call: impl FnMut() -> Duration) -> f64 {
    let (mut total, mut calls) = (Duration::ZERO, 0_u32);
    while total < Duration::from_millis(1) {
        total += call();
        calls += 1;
    }
    total.as_secs_f64() / f64::from(calls)
}

/// Medians of the ratios of interleaved rounds: other users of the machine
/// disturb all members of a round alike.
fn ratios(name: &str, text: &str, certificates: usize) {
    let bytes = text.repeat(certificates).into_bytes();
    let total = bare(&bytes);
    let mut rounds = Vec::new();
    for _ in 0..301 {
        let mut wiping = Duration::ZERO;
        let mut reads = 0_u32;
        let ours = per_call(|| {
            let source = Source::new("bench", bytes.clone());
            let start = Instant::now();
            let document = black_box(Document::read(source));
            let time = start.elapsed();
            assert_eq!(document.sections().len(), certificates);
            let start = Instant::now();
            drop(document);
            let wiped = start.elapsed();
            wiping += wiped;
            reads += 1;
            time + wiped
        });
        let peers = PEERS.map(|(name, peer)| {
            per_call(|| {
                let start = Instant::now();
                let read = peer(black_box(&bytes));
                let time = start.elapsed();
                assert_eq!(read, total, "{name}");
                time
            })
        });
        rounds.push((ours, wiping.as_secs_f64() / f64::from(reads), peers));
    }
    let median = |of: &dyn Fn(&(f64, f64, [f64; 4])) -> f64| {
        let mut all: Vec<f64> = rounds.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    println!("\n{certificates} x {name}, {} bytes each:", text.len());
    for (index, (peer, _)) in PEERS.iter().enumerate() {
        let ratio = median(&|round| round.0 / round.2[index]);
        println!(
            "  certcheck / {peer:<17} {ratio:.2}   {peer} / certcheck {:.2}",
            1.0 / ratio
        );
    }
    println!(
        "  of certcheck's time {:.2} is wiping what was read; {:.2} GB/s",
        median(&|round| round.1 / round.0),
        bytes.len() as f64 / median(&|round| round.0) / 1e9
    );
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    groups(&mut criterion);
    if !std::env::args().any(|argument| argument == "--test") {
        for count in [1, 100, 1_000] {
            ratios("P-256 certificate", CERTIFICATE, count);
            ratios("RSA-2048 certificate", LARGER, count);
        }
    }
    criterion.final_summary();
}
