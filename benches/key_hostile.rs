//! Keys that a stranger made to waste time, just below 64 kB: `certcheck match`,
//! `key-id` and `inspect` as whole processes, beside `openssl pkey` and the
//! crates dsa and rsa, which compute with what they read.
//!
//! `cargo bench --bench key_hostile` prints a table; a cell is the least of
//! [`RUNS`] runs in milliseconds, or the deadline. It fails where certcheck
//! needs more than [`MOST`].
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::exit,
    reason = "a bench that meets something unexpected has failed"
)]

#[path = "../tests/support/der.rs"]
mod der;

use der::{element, integer, octets, sequence};
use pem::Pem;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What the issue asks for.
const MOST: Duration = Duration::from_millis(20);
/// No peer is waited for longer.
const DEADLINE: Duration = Duration::from_secs(10);
const RUNS: u32 = 5;

const DSA: &[u8] = &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
const RSA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const EC: &[u8] = &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const PRIME_FIELD: &[u8] = &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 1, 1];
const ML_DSA_87: &[u8] = &[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 0x13];
const NULL: &[u8] = &[5, 0];

const PUBLIC: &str = "PUBLIC KEY";
const PRIVATE: &str = "PRIVATE KEY";

struct Input {
    name: &'static str,
    label: &'static str,
    der: Vec<u8>,
    /// The crate that reads such a key.
    peer: Option<&'static str>,
}

/// An odd number of so many bits.
fn number(bits: usize) -> Vec<u8> {
    vec![0xff; bits / 8]
}

fn spki(algorithm: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
    sequence(&[
        sequence(&[algorithm.to_vec(), parameters.to_vec()]),
        element(3, &[&[0], key].concat()),
    ])
}

fn pkcs8(algorithm: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
    sequence(&[
        integer(&[0]),
        sequence(&[algorithm.to_vec(), parameters.to_vec()]),
        octets(key),
    ])
}

fn dss(p: usize, q: usize) -> Vec<u8> {
    sequence(&[integer(&number(p)), integer(&number(q)), integer(&[2])])
}

fn dsa_public(bits: usize) -> Vec<u8> {
    let y = [&[0x7f][..], &number(bits - 8)].concat();
    spki(DSA, &dss(bits, bits), &integer(&y))
}

fn dsa_private(p: usize, q: usize) -> Vec<u8> {
    pkcs8(DSA, &dss(p, q), &integer(&number(q - 8)))
}

fn rsa_public(modulus: usize, exponent: usize) -> Vec<u8> {
    let key = sequence(&[integer(&number(modulus)), integer(&number(exponent))]);
    spki(RSA, NULL, &key)
}

/// n, e, d and two primes with their exponents and coefficient, all ones.
fn rsa_private(modulus: usize, exponent: usize, prime: usize) -> Vec<u8> {
    let mut fields = vec![integer(&[0]), integer(&number(modulus))];
    fields.push(integer(&number(exponent)));
    fields.push(integer(&number(modulus - 8)));
    // All ones is odd and has the right length: cheap tests pass it, and only the arithmetic would
    // refuse it.
    fields.extend((0..5).map(|_| integer(&number(prime))));
    pkcs8(RSA, NULL, &sequence(&fields))
}

/// A curve over a prime of so many bits that is none in use.
fn explicit_curve(bits: usize) -> (Vec<u8>, Vec<u8>) {
    let coordinate = number(bits);
    // An uncompressed point (SEC 1 section 2.3.3) that is on no curve.
    let point = [&[4][..], &coordinate, &coordinate].concat();
    let parameters = sequence(&[
        integer(&[1]),
        sequence(&[PRIME_FIELD.to_vec(), integer(&number(bits))]),
        sequence(&[octets(&coordinate), octets(&coordinate)]),
        octets(&point),
        integer(&number(bits)),
        integer(&[1]),
    ]);
    (parameters, point)
}

fn ec_public(bits: usize) -> Vec<u8> {
    let (parameters, point) = explicit_curve(bits);
    spki(EC, &parameters, &point)
}

fn ec_private(bits: usize) -> Vec<u8> {
    let (parameters, _) = explicit_curve(bits);
    let key = sequence(&[integer(&[1]), octets(&number(bits))]);
    pkcs8(EC, &parameters, &key)
}

/// So many SEQUENCEs, each the only content of the one around it.
fn nested(depth: usize) -> Vec<u8> {
    (0..depth).fold(NULL.to_vec(), |inner, _| element(0x30, &inner))
}

fn inputs() -> Vec<Input> {
    const DSA_CRATE: Option<&str> = Some("dsa");
    const RSA_CRATE: Option<&str> = Some("rsa");
    let of = |name, label, der: Vec<u8>, peer| {
        // As large as a mail or a web form lets through without a question.
        assert!(der.len() < 64_000, "{name}: {} bytes", der.len());
        Input {
            name,
            label,
            der,
            peer,
        }
    };
    let ml_dsa = [&[0x04, 0x82, 0x13, 0x20][..], &[0x55; 0x1320]].concat();
    vec![
        of(
            "DSA, p and q of 4,096 bits",
            PUBLIC,
            dsa_public(4_096),
            DSA_CRATE,
        ),
        of(
            "DSA, p and q of 32,768 bits",
            PUBLIC,
            dsa_public(32_768),
            DSA_CRATE,
        ),
        of(
            "DSA, p and q of 126,976 bits",
            PUBLIC,
            dsa_public(126_976),
            DSA_CRATE,
        ),
        of(
            "RSA, n of 16,384 bits, e of 16,384",
            PUBLIC,
            rsa_public(16_384, 16_384),
            RSA_CRATE,
        ),
        of(
            "RSA, n of 500,000 bits, e = 255",
            PUBLIC,
            rsa_public(500_000, 8),
            RSA_CRATE,
        ),
        of(
            "RSA, n and e of 250,000 bits",
            PUBLIC,
            rsa_public(250_000, 250_000),
            RSA_CRATE,
        ),
        of(
            "EC, explicit curve of 60,000 bits",
            PUBLIC,
            ec_public(60_000),
            None,
        ),
        of(
            "RSA, 4,000 SEQUENCEs as parameters",
            PUBLIC,
            spki(RSA, &nested(4_000), &[0x55; 64]),
            RSA_CRATE,
        ),
        of(
            "ML-DSA-87, key of 60,000 bytes",
            PUBLIC,
            spki(ML_DSA_87, &[], &[0x55; 60_000]),
            None,
        ),
        of(
            "DSA, p of 3,072 bits, q and x of 256",
            PRIVATE,
            dsa_private(3_072, 256),
            DSA_CRATE,
        ),
        of(
            "DSA, p of 3,072 bits, q and x of 3,072",
            PRIVATE,
            dsa_private(3_072, 3_072),
            DSA_CRATE,
        ),
        of(
            "DSA, p, q and x of 120,000 bits",
            PRIVATE,
            dsa_private(120_000, 120_000),
            DSA_CRATE,
        ),
        of(
            "RSA, n of 16,384 bits, primes of 8,192",
            PRIVATE,
            rsa_private(16_384, 24, 8_192),
            RSA_CRATE,
        ),
        of(
            "RSA, n, e and primes of 16,384 bits",
            PRIVATE,
            rsa_private(16_384, 16_384, 16_384),
            RSA_CRATE,
        ),
        of(
            "RSA, n and primes of 60,000 bits",
            PRIVATE,
            rsa_private(60_000, 24, 60_000),
            RSA_CRATE,
        ),
        of(
            "EC, explicit curve of 60,000 bits",
            PRIVATE,
            ec_private(60_000),
            None,
        ),
        of(
            "RSA, 4,000 SEQUENCEs as key",
            PRIVATE,
            pkcs8(RSA, NULL, &nested(4_000)),
            RSA_CRATE,
        ),
        of(
            "ML-DSA-87, expanded key of noise",
            PRIVATE,
            pkcs8(ML_DSA_87, &[], &ml_dsa),
            None,
        ),
    ]
}

/// What a crate makes of the key: called in a process of its own, that can be ended.
fn as_peer(name: &str, file: &str) {
    use pkcs8::{DecodePrivateKey, DecodePublicKey};
    let pem = pem::parse(std::fs::read(file).unwrap()).unwrap();
    let der = pem.contents();
    std::hint::black_box(match (name, pem.tag() == PUBLIC) {
        ("dsa", true) => dsa::VerifyingKey::from_public_key_der(der).is_ok(),
        ("dsa", false) => dsa::SigningKey::from_pkcs8_der(der).is_ok(),
        (_, true) => rsa::RsaPublicKey::from_public_key_der(der).is_ok(),
        (_, false) => rsa::RsaPrivateKey::from_pkcs8_der(der).is_ok(),
    });
}

/// The time of a process, whatever it answers; nothing past the deadline.
fn once(program: &str, arguments: &[&str]) -> Option<Duration> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = command.spawn().ok()?;
    loop {
        if child.try_wait().unwrap().is_some() {
            return Some(start.elapsed());
        }
        if start.elapsed() > DEADLINE {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        // Short against the 20 milliseconds that are allowed, and long enough not to disturb the
        // child.
        std::thread::sleep(Duration::from_micros(200));
    }
}

fn least(program: &str, arguments: &[&str]) -> Option<Duration> {
    let mut least = once(program, arguments)?;
    for _ in 1..RUNS {
        // A peer that takes seconds is slow whatever the noise.
        if least > Duration::from_secs(1) {
            break;
        }
        least = least.min(once(program, arguments)?);
    }
    Some(least)
}

fn shown(time: Option<Duration>) -> String {
    match time {
        Some(time) => format!("{:.1}", time.as_secs_f64() * 1e3),
        None => format!("> {}", DEADLINE.as_millis()),
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    match (
        arguments.next().as_deref(),
        arguments.next(),
        arguments.next(),
    ) {
        (Some("--peer"), Some(name), Some(file)) => return as_peer(&name, &file),
        (Some("--test"), ..) => return,
        _ => {}
    }
    let scratch = tempfile::tempdir().unwrap();
    let own = std::env::current_exe().unwrap();
    let (own, certcheck) = (own.to_str().unwrap(), env!("CARGO_BIN_EXE_certcheck"));
    let (mut slow, mut worst) = (Vec::new(), Duration::ZERO);
    println!("milliseconds of whole processes, the least of {RUNS}\n");
    println!("| key | bytes | match | key-id | inspect | crate | openssl pkey |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (place, input) in inputs().iter().enumerate() {
        let file = scratch.path().join(format!("{place}.pem"));
        let text = pem::encode(&Pem::new(input.label, input.der.clone()));
        std::fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        let ours = ["match", "key-id", "inspect"].map(|command| {
            let arguments = match command {
                "match" => vec![command, file, file],
                _ => vec![command, file],
            };
            let time = least(certcheck, &arguments);
            if time.is_none_or(|time| time > MOST) {
                slow.push(format!("{command}, {} {}", input.label, input.name));
            }
            worst = worst.max(time.unwrap_or(DEADLINE));
            shown(time)
        });
        let peer = input.peer.map_or("-".to_owned(), |name| {
            format!("{name} {}", shown(least(own, &["--peer", name, file])))
        });
        let mut openssl = vec!["pkey", "-noout", "-in", file];
        openssl.push(if input.label == PUBLIC {
            "-pubin"
        } else {
            "-check"
        });
        let openssl = shown(least("openssl", &openssl));
        println!(
            "| {} {} | {} | {} | {peer} | {openssl} |",
            input.label.to_lowercase(),
            input.name,
            input.der.len(),
            ours.join(" | "),
        );
    }
    println!("\nthe most that certcheck needed: {}", shown(Some(worst)));
    if !slow.is_empty() {
        println!("more than {} ms: {}", MOST.as_millis(), slow.join("; "));
        std::process::exit(1);
    }
}
