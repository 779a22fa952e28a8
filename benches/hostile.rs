//! Inputs made to waste time and memory: graphs of CAs beside rustls-webpki,
//! OpenSSL and Go, and large inputs, each with its verdict, time and memory.
//!
//! `cargo bench --bench hostile`; docs/hostile-input.md quotes a run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a test that meets something unexpected has failed"
)]

#[path = "../tests/pki/mod.rs"]
mod pki;

use certcheck::Source;
use certcheck::chain::{PathProfile, PolicyInputs, Purpose, Reason, Request, Revocation};
use certcheck::chain::{Verification, verify};
use certcheck::command::verify::VerifyRequest;
use certcheck::encoding::Document;
use certcheck::model::{Certificate, RevocationList};
use certcheck::trust_store::Anchors;
use pki::crl::point;
use pki::policy::{constraints, mappings, policies};
use pki::{Key, List, Spec, dns_constraints, dns_names, extension, name_constraints, tlv};
use pki_types::{CertificateDer, UnixTime};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// 2026-11-22T00:00:00Z.
const AT: i64 = 1_795_305_600;

struct Input {
    leaf: Vec<u8>,
    bag: Vec<Vec<u8>>,
    anchor: Vec<u8>,
    lists: Vec<Vec<u8>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Clique,
    Reach,
    BadRoot,
}

/// `size` CAs that all signed each other; one that the root signed, at the place
/// `out` of the bag; or forged ones of all.
fn graph(size: usize, kind: Kind, out: usize) -> Input {
    let keys: Vec<Key> = (0..size).map(|_| Key::new()).collect();
    let (root, forger) = (Key::new(), Key::new());
    let name = |ca: usize| format!("ca{ca}");
    let mut bag = Vec::new();
    for below in 0..size {
        // Every order of the CAs is a path by names: a search that tries paths one after the other
        // needs (N-1)! of them before it can say no.
        for above in (0..size).filter(|above| *above != below) {
            bag.push(Spec::ca(&name(below), &name(above)).issue(&keys[below], &keys[above]));
        }
    }
    if kind == Kind::BadRoot {
        bag.extend((0..size).map(|ca| Spec::ca(&name(ca), "root").issue(&keys[ca], &forger)));
    }
    if kind == Kind::Reach {
        let last = size - 1;
        let way = Spec::ca(&name(last), "root").issue(&keys[last], &root);
        // Its place matters to a search that takes issuers in the order in which they came.
        bag.insert(out.min(bag.len()), way);
    }
    Input {
        leaf: Spec::server("ca0").issue(&Key::new(), &keys[0]),
        bag,
        anchor: Spec::ca("root", "root").issue(&root, &root),
        lists: Vec::new(),
    }
}

/// The time of the verdict alone, with everything read before; the least of `runs`.
fn ours(it: &Input, runs: u32) -> (Duration, Verification) {
    let leaf = Certificate::parse(&it.leaf).unwrap();
    let (bag, anchors) = (
        pki::parse(&it.bag),
        [Certificate::parse(&it.anchor).unwrap()],
    );
    let lists: Vec<_> = it
        .lists
        .iter()
        .map(|der| RevocationList::parse(der).unwrap())
        .collect();
    let mut request = Request::new(
        &leaf,
        &bag,
        &anchors,
        certcheck::Time::from_unix_seconds(AT),
    );
    request.purpose = Purpose::Server;
    request.crls = &lists;
    if !lists.is_empty() {
        request.revocation = Revocation::Available;
    }
    (
        least(runs, || {
            std::hint::black_box(verify(&request));
        }),
        verify(&request),
    )
}

fn webpki(it: &Input) -> bool {
    let leaf = CertificateDer::from(it.leaf.as_slice());
    let leaf = webpki::EndEntityCert::try_from(&leaf).unwrap();
    let bag: Vec<_> = it
        .bag
        .iter()
        .map(|der| CertificateDer::from(der.as_slice()))
        .collect();
    let anchor = CertificateDer::from(it.anchor.as_slice());
    // Read before the measurement, as ours is.
    let anchors = [webpki::anchor_from_trusted_cert(&anchor).unwrap()];
    let at = UnixTime::since_unix_epoch(Duration::from_secs(AT.unsigned_abs()));
    let usage = webpki::KeyUsage::server_auth();
    leaf.verify_for_usage(
        webpki::ALL_VERIFICATION_ALGS,
        &anchors,
        &bag,
        at,
        usage,
        None,
        None,
    )
    .is_ok()
}

fn least(runs: u32, mut work: impl FnMut()) -> Duration {
    let time = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..runs).map(time).min().unwrap_or_default()
}

struct Peers {
    room: tempfile::TempDir,
    go: Option<PathBuf>,
}

impl Peers {
    fn new() -> Self {
        let room = tempfile::tempdir().unwrap();
        let program = room.path().join("go-judge");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential_chains/go.go");
        let built = Command::new("go")
            .arg("build")
            .arg("-o")
            .arg(&program)
            .arg(source)
            .current_dir(room.path())
            .stderr(Stdio::null())
            .status();
        let go = built
            .is_ok_and(|status| status.success())
            .then_some(program);
        Self { room, go }
    }

    fn files(&self, it: &Input) -> [PathBuf; 3] {
        let write = |name: &str, ders: &[Vec<u8>]| {
            let path = self.room.path().join(name);
            let pem = ders
                .iter()
                .map(|der| certcheck::encoding::to_pem("CERTIFICATE", der));
            fs::write(
                &path,
                pem.flat_map(|pem| pem.as_bytes().to_vec())
                    .collect::<Vec<_>>(),
            )
            .unwrap();
            path
        };
        [
            write("leaf", std::slice::from_ref(&it.leaf)),
            write("bag", &it.bag),
            write("anchor", std::slice::from_ref(&it.anchor)),
        ]
    }

    /// The process's time, reading its files included, and whether it accepts.
    fn openssl(&self, it: &Input) -> Option<(Duration, bool)> {
        let [leaf, bag, anchor] = self.files(it);
        let mut accepted = false;
        let mut run = || {
            let mut command = Command::new("openssl");
            command.args([
                "verify",
                "-no-CApath",
                "-no-CAstore",
                "-attime",
                &AT.to_string(),
            ]);
            command
                .arg("-CAfile")
                .arg(&anchor)
                .arg("-untrusted")
                .arg(&bag)
                .arg(&leaf);
            let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
            accepted = status.as_ref().is_ok_and(std::process::ExitStatus::success);
            status.is_ok()
        };
        if !run() {
            return None;
        }
        Some((
            least(3, || {
                run();
            }),
            accepted,
        ))
    }

    fn go(&self, it: &Input) -> Option<(Duration, bool)> {
        use std::io::Write as _;
        let program = self.go.as_ref()?;
        let files = self
            .files(it)
            .map(|path| path.display().to_string())
            .join(" ");
        let mut accepted = false;
        let time = least(3, || {
            let mut command = Command::new(program);
            command.stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut child = command.spawn().unwrap();
            writeln!(child.stdin.take().unwrap(), "{AT} {files}").unwrap();
            accepted = child
                .wait_with_output()
                .unwrap()
                .stdout
                .starts_with(b"accepted");
        });
        Some((time, accepted))
    }
}

fn shown(peer: Option<(Duration, bool)>) -> String {
    match peer {
        Some((time, accepted)) => format!(
            "{:8.2} ms {}",
            time.as_secs_f64() * 1e3,
            if accepted { "found" } else { "-" }
        ),
        None => "SKIPPED: not installed".into(),
    }
}

fn graphs(quick: bool) {
    let peers = Peers::new();
    println!(
        "hostile graphs: certcheck and webpki are given what was read; openssl and go are processes that read files"
    );
    for (name, kind) in [
        ("clique", Kind::Clique),
        ("reach", Kind::Reach),
        ("badroot", Kind::BadRoot),
    ] {
        let mut ten = Duration::ZERO;
        for size in if quick { &[10][..] } else { &[10, 20, 64] } {
            let it = graph(*size, kind, usize::MAX);
            let (time, found) = ours(&it, if quick { 1 } else { 20 });
            assert_eq!(found.valid, kind == Kind::Reach);
            if *size == 10 {
                ten = time;
            }
            let growth = time.as_secs_f64() / ten.as_secs_f64();
            // webpki takes seconds at 20, and no less beyond.
            let webpki = (*size <= 20 && !quick).then(|| {
                let mut accepted = false;
                let time = least(1, || accepted = webpki(&it));
                (time, accepted)
            });
            let webpki = webpki.map_or("not run".into(), |outcome| shown(Some(outcome)));
            println!(
                "{name:8} N={size:2}: certcheck {:.3} ms, {} signatures, {growth:.1} x N=10; webpki {webpki}; openssl {}; go {}",
                time.as_secs_f64() * 1e3,
                found.work.signatures,
                shown(peers.openssl(&it)),
                shown(peers.go(&it)),
            );
            assert!(
                quick || *size != 20 || growth <= 5.0,
                "time(20)/time(10) is {growth}"
            );
        }
    }
    // Wherever the way out stands among the intermediates.
    let places: &[usize] = if quick { &[0] } else { &[0, 95, 190, 285, 380] };
    for place in places {
        let it = graph(20, Kind::Reach, *place);
        let (time, found) = ours(&it, 5);
        assert!(found.valid);
        println!(
            "reach    N=20, the way out at place {place:3}: certcheck {:.3} ms; openssl {}",
            time.as_secs_f64() * 1e3,
            shown(peers.openssl(&it))
        );
    }
}

/// The memory of this process, in kB, by a field of its status.
fn memory(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field));
    let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    number.unwrap_or(0)
}

fn large(name: &str, it: &Input) {
    // Linux forgets the highest mark so (proc(5), clear_refs).
    let _ = fs::write("/proc/self/clear_refs", "5");
    let before = memory("VmRSS");
    let start = Instant::now();
    let (_, found) = ours(it, 0);
    let time = start.elapsed();
    let more = memory("VmHWM").saturating_sub(before) / 1024;
    let size: usize = [&it.bag, &it.lists]
        .into_iter()
        .flatten()
        .map(Vec::len)
        .sum();
    let verdict = match found.reasons.first().map(|found| &found.reason) {
        _ if found.valid => "valid".to_owned(),
        Some(Reason::BudgetExhausted { what, .. }) => format!("budget-exhausted ({what})"),
        Some(other) => format!("{other:?}").chars().take(60).collect(),
        None => "refused".to_owned(),
    };
    println!(
        "{name:52} {:6.1} MB in, {:4.0} ms, {more:4} MB more: {verdict}",
        size as f64 / 1e6,
        time.as_secs_f64() * 1e3
    );
}

/// The same by the whole command, from the bytes of files, PEM or DER.
fn by_command(name: &str, it: &Input, pem: bool) {
    let source = |label: &str, der: &[u8]| {
        let text = || certcheck::encoding::to_pem(label, der).as_bytes().to_vec();
        Source::new(label, if pem { text() } else { der.to_vec() })
    };
    let certificate = |der: &Vec<u8>| source("CERTIFICATE", der);
    let mut anchors = Anchors::new();
    anchors.add_file(certificate(&it.anchor));
    let bag: Vec<_> = it.bag.iter().map(certificate).collect();
    let lists: Vec<_> = it.lists.iter().map(|der| source("X509 CRL", der)).collect();
    let leaf = certificate(&it.leaf);
    let _ = fs::write("/proc/self/clear_refs", "5");
    let (before, start) = (memory("VmRSS"), Instant::now());
    let question = VerifyRequest {
        leaf: Document::read(leaf),
        intermediates: bag.into_iter().map(Document::read).collect(),
        anchors,
        names: Vec::new(),
        purpose: Purpose::Any,
        profile: &PathProfile::RFC5280,
        blocklist: None,
        max_depth: None,
        policies: PolicyInputs::default(),
        crls: lists.into_iter().map(Document::read).collect(),
        revocation: Revocation::Available,
        at: certcheck::Time::from_unix_seconds(AT),
    };
    let answer = question.ask();
    let (time, more) = (
        start.elapsed(),
        memory("VmHWM").saturating_sub(before) / 1024,
    );
    let valid = if answer.result.valid {
        "valid"
    } else {
        "refused"
    };
    println!(
        "{name:52}               {:4.0} ms, {more:4} MB more: {valid}",
        time.as_secs_f64() * 1e3
    );
}

/// The end-entity so many CAs below the root, each with these extensions.
fn deep(depth: u32, extensions: &[Vec<u8>]) -> Input {
    let key = Key::new();
    let name = |level: u32| {
        if level == 0 {
            "root".into()
        } else {
            format!("ca{level}")
        }
    };
    let issue = |level: u32| {
        let mut spec = Spec::ca(&name(level), &name(level - 1)).serial(level);
        spec.extensions.extend_from_slice(extensions);
        spec.issue(&key, &key)
    };
    Input {
        leaf: Spec::server(&name(depth)).issue(&Key::new(), &key),
        bag: (1..=depth).map(issue).collect(),
        anchor: Spec::ca("root", "root").issue(&key, &key),
        lists: Vec::new(),
    }
}

fn below(leaf: Spec, ca_extensions: &[Vec<u8>], lists: Vec<Vec<u8>>, key: &Key) -> Input {
    let mut ca = Spec::ca("ca", "root");
    ca.extensions.extend_from_slice(ca_extensions);
    Input {
        leaf: leaf.issue(&Key::new(), key),
        bag: vec![ca.issue(key, key)],
        anchor: Spec::ca("root", "root").issue(key, key),
        lists,
    }
}

fn inputs(part: u32) {
    let key = Key::new();
    println!("large inputs: reading them and the verdict");
    let count = 10_000 / part;
    large(
        &format!("a chain of {count} intermediates"),
        &deep(count, &[]),
    );
    let nowhere = name_constraints(&[], &[tlv(0x87, &[10, 0, 0, 0, 255, 0, 0, 0])]);
    large(
        "the same, each with name constraints",
        &deep(count, &[nowhere]),
    );
    // Each costs a signature, since only the signature tells it from the right one: the budget for
    // signatures ends this.
    let forger = Key::new();
    let mut it = below(Spec::server("ca"), &[], vec![], &key);
    it.bag = (1..=count)
        .map(|n| Spec::ca("ca", "root").serial(n).issue(&key, &forger))
        .collect();
    large(&format!("{count} forged intermediates of one name"), &it);
    let mut it = below(Spec::server("ca"), &[], vec![], &key);
    let strange = |n| {
        Spec::ca(&format!("stranger{n}"), "strange root")
            .serial(n)
            .issue(&key, &key)
    };
    it.bag.extend((1..=count).map(strange));
    large(
        &format!("{count} intermediates that are no part of the chain"),
        &it,
    );

    let hosts =
        |tail: &str| -> Vec<String> { (0..2_000).map(|n| format!("h{n}.{tail}")).collect() };
    let (names, trees) = (hosts("example.com"), hosts("test"));
    let [names, trees]: [Vec<&str>; 2] =
        [&names, &trees].map(|all| all.iter().map(String::as_str).collect());
    let leaf = Spec::new("server", "ca").with(dns_names(&names));
    large(
        "2,000 name constraints, 2,000 names",
        &below(leaf, &[dns_constraints(&[], &trees)], vec![], &key),
    );

    let all: Vec<String> = (0..100).map(|n| format!("1.3.6.1.4.1.99999.{n}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let pairs: Vec<_> = all
        .iter()
        .flat_map(|from| all.iter().map(|to| (*from, *to)))
        .collect();
    // RFC 9618 section 3: in the tree of RFC 5280 each level would have a hundred times the nodes
    // of the one above.
    let bomb = [policies(&all), mappings(&pairs), constraints(Some(0), None)];
    large(
        "300 CAs, each mapping 100 policies to 100",
        &deep(300 / part, &bomb),
    );

    let entries = 1_000_000 / part;
    // The entries are bytes and no objects until one is looked for: a list of a million must not
    // become a million allocations.
    let entry = |number: u32| {
        let serial = tlv(2, &[&[1][..], &number.to_be_bytes()].concat());
        pki::seq(&[&serial, &tlv(0x17, b"260101000000Z")])
    };
    let mut list = List::new("ca", 1);
    list.entries = vec![(0..entries).flat_map(entry).collect()];
    let it = below(Spec::server("ca"), &[], vec![list.issue(&key)], &key);
    large(&format!("a revocation list of {entries} entries"), &it);
    by_command("the same by `verify`, DER files", &it, false);
    by_command("the same by `verify`, PEM files", &it, true);
    let forged = List::new("ca", 1).issue(&forger);
    large(
        &format!("{count} forged revocation lists"),
        &below(Spec::server("ca"), &[], vec![forged; count as usize], &key),
    );
    let names = |list: u32| -> Vec<u8> {
        let name = |n: u32| tlv(0x86, format!("http://x/{list}/{n}").as_bytes());
        tlv(
            0xa0,
            &tlv(0xa0, &(0..150).flat_map(name).collect::<Vec<_>>()),
        )
    };
    // Each name of each point against each name of each list: 150 x 150 x 1,000 x 150 comparisons,
    // if nothing bounds them.
    let points: Vec<u8> = (0..150).flat_map(|n| tlv(0x30, &names(n))).collect();
    let leaf = Spec::server("ca").with(extension("2.5.29.31", false, &tlv(0x30, &points)));
    let of = |n: u32| {
        List::new("ca", 1)
            .with(point(&[names(1_000 + n)]))
            .issue(&key)
    };
    large(
        "150 points of 150 names, 1,000 lists of 150 names",
        &below(leaf, &[], (0..1_000 / part).map(of).collect(), &key),
    );
}

fn main() {
    // `-- --test`: everything small and once, to see that it runs.
    let quick = std::env::args().any(|argument| argument == "--test");
    graphs(quick);
    inputs(if quick { 100 } else { 1 });
}
