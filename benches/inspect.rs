//! All that `inspect` tells of a certificate, beside x509-parser to strings:
//! `cargo bench --bench inspect`.
//!
//! Both sides begin with DER in memory and end with owned strings of the same
//! fields: names, serial, dates, key, signature algorithm, alternative names,
//! key usage, purposes, key identifiers, every extension. certcheck also looks
//! for anything to find fault with; fingerprints of the certificate and of its
//! key are computed by both in `with SHA-256`, by certcheck alone in the other.
//! The last lines are medians of the ratios of interleaved rounds, which other
//! users of the machine disturb least.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement prints, and stops where its input is not what it should be"
)]

use certcheck::command::inspect::{Details, inspect};
use certcheck::encoding::Document;
use certcheck::{Source, Time};
use criterion::Criterion;
use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};
use x509_parser::extensions::{DistributionPointName, ParsedExtension};
use x509_parser::objects::{oid_registry, oid2sn};
use x509_parser::oid_registry::Oid;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

/// No self-signed ones: that a root's signature was made by its own key is
/// verified by certcheck, and not by x509-parser.
const CERTIFICATES: [(&str, &str); 3] = [
    ("server", include_str!("../testdata/pki/server.crt")),
    ("intermediate", include_str!("../testdata/pki/issuing.crt")),
    ("wildcard", include_str!("../testdata/pki/wildcard.crt")),
];

struct Input {
    name: &'static str,
    documents: [Document; 1],
    der: Vec<u8>,
}

impl Input {
    fn new((name, text): (&'static str, &str)) -> Self {
        let der = pem::parse(text).unwrap().into_contents();
        let documents = [Document::read(Source::new(name, der.clone()))];
        let [document] = &documents;
        assert_eq!(document.sections().len(), 1);
        Self {
            name,
            documents,
            der,
        }
    }
}

/// 2026-11-22.
fn at() -> Time {
    Time::from_unix_seconds(1_795_305_600)
}

fn ours(input: &Input) -> usize {
    let answer = inspect(black_box(&input.documents), None, at());
    let object = &answer.result.objects[0];
    let Details::Certificate(details) = &object.details else {
        panic!("no certificate");
    };
    details.extensions.len() + details.subject.len()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn short(oid: &Oid<'_>) -> String {
    oid2sn(oid, oid_registry()).map_or_else(|_| oid.to_id_string(), str::to_owned)
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// The fields that certcheck tells, as x509-parser puts them into words.
fn strings(certificate: &X509Certificate<'_>) -> Vec<String> {
    let mut all = vec![
        certificate.subject().to_string(),
        certificate.issuer().to_string(),
        certificate.raw_serial_as_string(),
        certificate.validity().not_before.to_string(),
        certificate.validity().not_after.to_string(),
        short(&certificate.signature_algorithm.algorithm),
        certificate.is_ca().to_string(),
    ];
    all.push(match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => format!("RSA {}", key.key_size()),
        Ok(PublicKey::EC(point)) => format!("EC {}", point.key_size()),
        _ => short(&certificate.public_key().algorithm.algorithm),
    });
    for extension in certificate.extensions() {
        all.push(extension.oid.to_id_string());
        all.push(short(&extension.oid));
        all.push(extension.critical.to_string());
        match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => {
                all.extend(names.general_names.iter().map(ToString::to_string));
            }
            ParsedExtension::KeyUsage(usage) => all.push(usage.to_string()),
            ParsedExtension::ExtendedKeyUsage(usage) => {
                let known = [
                    (usage.server_auth, "serverAuth"),
                    (usage.client_auth, "clientAuth"),
                    (usage.code_signing, "codeSigning"),
                ];
                let known = known.into_iter().filter(|(set, _)| *set);
                all.extend(known.map(|(_, name)| name.to_owned()));
                all.extend(usage.other.iter().map(short));
            }
            ParsedExtension::SubjectKeyIdentifier(id) => all.push(hex(id.0)),
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                all.extend(id.key_identifier.as_ref().map(|id| hex(id.0)));
            }
            ParsedExtension::BasicConstraints(basic) => all.push(format!(
                "cA {}, pathLenConstraint {:?}",
                basic.ca, basic.path_len_constraint
            )),
            ParsedExtension::CertificatePolicies(policies) => {
                all.push(list(
                    policies
                        .iter()
                        .map(|policy| policy.policy_id.to_id_string()),
                ));
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                all.push(list(access.accessdescs.iter().map(|description| {
                    format!(
                        "{} {}",
                        short(&description.access_method),
                        description.access_location
                    )
                })))
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                all.push(list(points.points.iter().filter_map(|point| {
                    match &point.distribution_point {
                        Some(DistributionPointName::FullName(names)) => {
                            Some(list(names.iter().map(ToString::to_string)))
                        }
                        _ => None,
                    }
                })));
            }
            _ => {}
        }
    }
    all
}

fn x509_parser(input: &Input) -> usize {
    let (_, certificate) = X509Certificate::from_der(black_box(&input.der)).unwrap();
    strings(&certificate).len()
}

fn with_sha256(input: &Input) -> usize {
    let (_, certificate) = X509Certificate::from_der(black_box(&input.der)).unwrap();
    let mut all = strings(&certificate);
    for bytes in [input.der.as_slice(), certificate.public_key().raw] {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
        all.push(hex(digest.as_ref()));
    }
    all.len()
}

type Work = fn(&Input) -> usize;

const PEERS: [(&str, Work); 2] = [
    ("x509-parser", x509_parser),
    ("x509-parser with SHA-256", with_sha256),
];

/// The median of the ratios of interleaved rounds: ours to the peer's.
fn ratio(input: &Input, peer: Work) -> f64 {
    let round = |work: Work| {
        let start = Instant::now();
        let mut count = 0_u32;
        while start.elapsed() < Duration::from_millis(1) {
            black_box(work(input));
            count += 1;
        }
        start.elapsed().as_secs_f64() / f64::from(count)
    };
    // An odd number, so that the median is one of them. Each pair of rounds lasts two milliseconds,
    // in which the machine's load hardly changes.
    let mut ratios: Vec<f64> = (0..501).map(|_| round(ours) / round(peer)).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

fn main() {
    let inputs = CERTIFICATES.map(Input::new);
    let mut criterion = Criterion::default().configure_from_args();
    for input in &inputs {
        let mut group = criterion.benchmark_group(input.name);
        group
            .measurement_time(Duration::from_secs(2))
            .warm_up_time(Duration::from_millis(300));
        group.bench_function("certcheck", |bencher| bencher.iter(|| ours(input)));
        for (name, peer) in PEERS {
            group.bench_function(name, |bencher| bencher.iter(|| peer(input)));
        }
        group.finish();
    }
    criterion.final_summary();
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    for input in &inputs {
        for (name, peer) in PEERS {
            println!(
                "{}: certcheck / {name} = {:.2}",
                input.name,
                ratio(input, peer)
            );
        }
    }
}
