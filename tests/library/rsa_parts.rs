//! RSA keys whose parts disagree, with `openssl s_server` and nginx themselves: who
//! completes a handshake, and what is predicted of it.
//!
//! OpenSSL 3.0 loads all of these keys. It signs with the primes and their
//! exponents, checks the result, and computes again with d where it is wrong; so
//! what happens cannot be told from the first relation that does not hold.

use crate::support::der;
use crate::support::here;

use certcheck::answer::Verdict;
use certcheck::preflight::Preflight;
use certcheck::server::Profile;
use certcheck::{Severity, Source};
use der::{Node, integer, parse, sequence};
use rsa::BigUint;
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The fields of an RSAPrivateKey behind its version (RFC 8017 A.1.2).
const FIELDS: [&str; 8] = ["n", "e", "d", "p", "q", "dP", "dQ", "qInv"];
const D: usize = 2;
const P: usize = 3;
const Q: usize = 4;
const DP: usize = 5;
const DQ: usize = 6;
const QINV: usize = 7;

type Numbers = [BigUint; 8];

struct Variant {
    name: String,
    pem: Vec<u8>,
}

fn file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/pki")
        .join(name);
    std::fs::read(path).unwrap()
}

fn numbers() -> Numbers {
    let pem = pem::parse(file("server.pkcs1.key")).unwrap();
    let Node::Sequence(fields) = parse(pem.contents()) else {
        panic!("no sequence");
    };
    let number = |node: &Node| match node {
        Node::Primitive(2, content) => BigUint::from_bytes_be(content),
        other => panic!("{other:?}"),
    };
    let all: Vec<BigUint> = fields[1..].iter().map(number).collect();
    all.try_into().unwrap()
}

fn pem(numbers: &Numbers, pkcs8: bool) -> Vec<u8> {
    let mut fields = vec![integer(&[0])];
    fields.extend(numbers.iter().map(|number| integer(&number.to_bytes_be())));
    let mut body = sequence(&fields);
    let mut label = "RSA PRIVATE KEY";
    if pkcs8 {
        let rsa = sequence(&[
            b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01".to_vec(),
            vec![5, 0],
        ]);
        body = sequence(&[integer(&[0]), rsa, der::octets(&body)]);
        label = "PRIVATE KEY";
    }
    pem::encode(&pem::Pem::new(label, body)).into_bytes()
}

fn variants() -> Vec<Variant> {
    let sound = numbers();
    let one = BigUint::from(1_u8);
    let zero = BigUint::from(0_u8);
    let mut all: Vec<(String, Numbers)> = vec![("sound".to_owned(), sound.clone())];
    for field in [D, P, Q, DP, DQ, QINV] {
        let own = &sound[field];
        for (how, value) in [
            ("0", zero.clone()),
            ("1", one.clone()),
            ("+ 1", own + &one),
            ("+ 2", own + BigUint::from(2_u8)),
            ("doubled", own * BigUint::from(2_u8)),
            ("of another size", own >> 70_usize),
            ("n", sound[0].clone()),
        ] {
            let mut changed = sound.clone();
            changed[field] = value;
            all.push((format!("{} {how}", FIELDS[field]), changed));
        }
    }
    let together: [&[usize]; 12] = [
        &[P, Q],
        &[P, Q, DP, DQ, QINV],
        &[DP, DQ],
        &[DP, DQ, QINV],
        &[D, DP],
        &[D, QINV],
        &[D, P, Q],
        &[D, DP, DQ, QINV],
        &[D, P, Q, DP, DQ, QINV],
        &[P, DP],
        &[Q, DQ],
        &[P, QINV],
    ];
    for fields in together {
        let names: Vec<_> = fields.iter().map(|&field| FIELDS[field]).collect();
        let mut none = sound.clone();
        let mut moved = sound.clone();
        for &field in fields {
            none[field] = zero.clone();
            moved[field] = &moved[field] + BigUint::from(2_u8);
        }
        all.push((format!("{} 0", names.join(" ")), none));
        all.push((format!("{} + 2", names.join(" ")), moved));
    }
    let swapped = |places: &[(usize, usize)]| {
        let mut numbers = sound.clone();
        for &(a, b) in places {
            numbers.swap(a, b);
        }
        numbers
    };
    all.push(("p and q swapped".to_owned(), swapped(&[(P, Q)])));
    let both = swapped(&[(P, Q), (DP, DQ)]);
    all.push(("p and q, dP and dQ swapped".to_owned(), both));
    all.push(("dP and dQ swapped".to_owned(), swapped(&[(DP, DQ)])));
    // d that is congruent, and larger than n.
    let order = (&sound[P] - &one) * (&sound[Q] - &one);
    let mut large = sound.clone();
    large[D] = &large[D] + &order;
    all.push(("d + φ(n)".to_owned(), large));
    let mut large = sound.clone();
    large[DP] = &large[DP] + (&sound[P] - &one);
    all.push(("dP + p - 1".to_owned(), large));
    let mut large = sound.clone();
    large[QINV] = &large[QINV] + &sound[P];
    all.push(("qInv + p".to_owned(), large));
    all.into_iter()
        .enumerate()
        .map(|(number, (name, numbers))| Variant {
            pem: pem(&numbers, number % 2 == 1),
            name,
        })
        .collect()
}

fn free_ports(count: usize) -> Vec<u16> {
    let held: Vec<_> = (0..count)
        .map(|_| TcpListener::bind("127.0.0.1:0").unwrap())
        .collect();
    held.iter()
        .map(|listener| listener.local_addr().unwrap().port())
        .collect()
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn quiet(command: &mut Command) -> &mut Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

fn listens(port: u16, server: &mut Server) -> bool {
    let end = Instant::now() + Duration::from_secs(30);
    while Instant::now() < end {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        if server.0.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// Whether a handshake of this version is completed.
fn shakes(port: u16, version: &str) -> bool {
    let output = Command::new("timeout")
        .args(["20", "openssl", "s_client", "-brief", version, "-connect"])
        .arg(format!("127.0.0.1:{port}"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    said.contains("CONNECTION ESTABLISHED")
}

/// One nginx with a server for each variant.
fn nginx(folder: &Path, variants: &[Variant], ports: &[u16]) -> Server {
    let place = folder.display();
    let mut text = format!(
        "daemon off; master_process off; pid {place}/nginx.pid; error_log {place}/error.log;\n\
         events {{}} http {{ access_log off;\n"
    );
    for (number, (_, port)) in variants.iter().zip(ports).enumerate() {
        writeln!(
            text,
            "server {{ listen 127.0.0.1:{port} ssl; ssl_protocols TLSv1.2 TLSv1.3;\n\
             ssl_certificate {place}/own.pem; ssl_certificate_key {place}/{number}.key; }}"
        )
        .unwrap();
    }
    text.push_str("}\n");
    let settings = folder.join("nginx.conf");
    std::fs::write(&settings, text).unwrap();
    let mut command = Command::new("nginx");
    command
        .arg("-c")
        .arg(settings)
        .env("PATH", "/usr/sbin:/usr/bin:/bin");
    let mut server = Server(quiet(&mut command).spawn().unwrap());
    assert!(listens(ports[0], &mut server), "nginx does not start");
    server
}

fn s_server(folder: &Path, number: usize, port: u16) -> Server {
    let mut command = Command::new("openssl");
    command
        .args(["s_server", "-quiet", "-accept"])
        .arg(format!("127.0.0.1:{port}"))
        .arg("-cert")
        .arg(folder.join("own.pem"))
        .arg("-key")
        .arg(folder.join(format!("{number}.key")));
    Server(quiet(&mut command).spawn().unwrap())
}

/// What is predicted for nginx: whether it serves, whether it passes, the errors.
fn predicted(variant: &Variant) -> (&'static str, bool, Vec<String>) {
    let server = Profile::named("nginx").unwrap();
    let answer = Preflight::new(server, "2026-11-28T00:00:00Z".parse().unwrap())
        .certificate_file(Source::new("own.pem", file("fullchain.crt")))
        .key_file(Source::new("own.key", variant.pem.clone()))
        .run();
    let outcome = answer.result.startup.as_ref().unwrap().outcome.as_str();
    let errors = answer
        .findings
        .iter()
        .filter(|finding| {
            finding.severity == Severity::Error && finding.subject.source == "own.key"
        })
        .map(|finding| finding.message())
        .collect();
    (outcome, answer.verdict() == Verdict::Pass, errors)
}

#[test]
fn a_key_signs_or_not_as_is_said() {
    if !here::measured("openssl") || !here::have("openssl", "openssl") {
        return;
    }
    let with_nginx = here::have("nginx", "nginx");
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("own.pem"), file("fullchain.crt")).unwrap();
    let variants = variants();
    for (number, variant) in variants.iter().enumerate() {
        let mut key = std::fs::File::create(folder.join(format!("{number}.key"))).unwrap();
        key.write_all(&variant.pem).unwrap();
    }
    let ports = free_ports(variants.len() * 2);
    let (first, second) = ports.split_at(variants.len());
    let running = with_nginx.then(|| nginx(folder, &variants, first));
    let (mut wrong, mut counts, mut handshakes) = (Vec::new(), [0, 0], [0, 0]);
    for (number, variant) in variants.iter().enumerate() {
        let (outcome, passes, errors) = predicted(variant);
        let signs = outcome == "starts";
        let mut measured = Vec::new();
        if running.is_some() {
            for version in ["-tls1_2", "-tls1_3"] {
                measured.push(("nginx", version, shakes(first[number], version)));
            }
        }
        let mut server = s_server(folder, number, second[number]);
        let up = listens(second[number], &mut server);
        for version in ["-tls1_2", "-tls1_3"] {
            let shaken = up && shakes(second[number], version);
            measured.push(("s_server", version, shaken));
        }
        drop(server);
        counts[usize::from(signs)] += 1;
        for (program, version, shaken) in measured {
            handshakes[usize::from(program == "nginx")] += 1;
            if shaken != signs || (!shaken && passes) || (shaken && !errors.is_empty()) {
                wrong.push(format!(
                    "{}: {program} {version} {}, predicted {outcome}, passes {passes}, errors {errors:?}",
                    variant.name,
                    if shaken { "completes" } else { "fails" }
                ));
            }
        }
    }
    println!(
        "{} keys: {} sign, {} do not",
        variants.len(),
        counts[1],
        counts[0]
    );
    assert!(counts[0] >= 10 && counts[1] >= 10, "{counts:?}");
    let least = variants.len() * 2;
    here::compared("RSA keys", "openssl", handshakes[0], least, wrong.len());
    if with_nginx {
        here::compared("RSA keys", "nginx", handshakes[1], least, wrong.len());
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
