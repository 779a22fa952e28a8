//! Mutated PEM files against the real servers: nothing passes that the server
//! refuses, and nothing is refused that it takes.
//!
//! Every class of tests/pem_mutations/classes.rs makes its cases from a fixed
//! seed: a sample each time, all with CERTCHECK_FULL=1 (`.ci/full-pem-mutations.sh`).
//! Each case is loaded by nginx, httpd, HAProxy, PostgreSQL and Python and judged
//! by a preflight for that server (Python: `inspect --loaders`). A program that is
//! missing is skipped with a word, and a failure where CI is set. The table of
//! counts is in target/tmp/pem-mutations.tsv, and every difference, with its
//! files, below target/tmp/pem-mutations.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that meets something unexpected has failed"
)]

#[path = "pem_mutations/classes.rs"]
mod classes;
#[path = "support/der.rs"]
mod der;
#[path = "pem_mutations/material.rs"]
mod material;
#[path = "pem_mutations/real.rs"]
mod real;

use certcheck::answer::Verdict;
use certcheck::command::inspect::Loads;
use certcheck::encoding::Document;
use certcheck::preflight::Preflight;
use certcheck::server::Profile;
use certcheck::{Severity, Source};
use classes::{CLASSES, Case};
use material::Random;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

const SEED: u64 = 20_261_128;

/// How many cases each class makes.
fn wanted() -> usize {
    let full = std::env::var_os("CERTCHECK_FULL").is_some_and(|value| value != "0");
    let number = std::env::var("CERTCHECK_MUTATIONS").ok();
    number.map_or(if full { 200 } else { 12 }, |text| text.parse().unwrap())
}

/// What is predicted of a case.
struct Predicted {
    loads: bool,
    passes: bool,
    /// An error about the encoding or the key's form, where it loads.
    alarm: Option<String>,
}

fn source(name: &str, bytes: &[u8]) -> Source {
    Source::new(name, bytes.to_vec())
}

fn predicted(program: &str, case: &Case) -> Predicted {
    if program == "python" {
        return by_loader(case);
    }
    let server = Profile::named(program).unwrap();
    let mut preflight = Preflight::new(server, "2026-11-28T00:00:00Z".parse().unwrap())
        .certificate_file(source("own.pem", &case.certificate));
    if let Some(key) = &case.key {
        preflight = preflight.key_file(source("own.pem.key", key));
    } else if !server.key_in_certificate_file() {
        preflight = preflight.key_file(source("own.pem", &case.certificate));
    }
    let answer = preflight.run();
    let startup = answer.result.startup.as_ref().unwrap();
    let serves = startup.outcome == "starts";
    let alarm = answer.findings.iter().filter(|_| serves).find(|it| {
        let code = it.code().as_str();
        it.severity == Severity::Error
            && it.subject.source.ends_with("key")
            && (code.starts_with("encoding.") || code == "key.unknown" || code == "key.mismatch")
    });
    Predicted {
        loads: matches!(startup.outcome, "starts" | "fails-at-handshake"),
        passes: answer.verdict() == Verdict::Pass,
        alarm: alarm.map(|it| format!("{}: {}", it.code().as_str(), it.message())),
    }
}

/// `inspect --loaders`, which sees one file at a time: whether the two belong
/// together, and the security level, are the business of nobody there.
fn by_loader(case: &Case) -> Predicted {
    let row = |bytes: &[u8]| {
        let mut loads = Loads::default();
        loads.add(&Document::read(source("file", bytes)), None);
        loads
            .loaders
            .into_iter()
            .find(|it| it.loader == "python")
            .unwrap()
    };
    let certificates = row(&case.certificate);
    let key = case
        .key
        .as_ref()
        .map_or_else(|| certificates.clone(), |key| row(key));
    let has_key = key.key.as_ref().is_some_and(|key| key.verdict != "refused");
    let loads = certificates.certificates > 0 && has_key;
    Predicted {
        loads,
        passes: loads,
        alarm: None,
    }
}

#[derive(Default)]
struct Tally {
    taken: usize,
    refused: usize,
    wrong: Vec<String>,
}

fn cases() -> Vec<(&'static str, Case)> {
    let pairs = material::pairs();
    let mut all = Vec::new();
    for &(class, make) in CLASSES {
        let mut random = Random::of(SEED, class);
        for _ in 0..wanted() {
            all.push((class, make(&mut random, &pairs)));
        }
    }
    all
}

fn keep(folder: &Path, name: &str, case: &Case, said: &str) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join(format!("{name}.crt")), &case.certificate).unwrap();
    if let Some(key) = &case.key {
        fs::write(folder.join(format!("{name}.key")), key).unwrap();
    }
    fs::write(folder.join(format!("{name}.txt")), said).unwrap();
}

/// What differs between a prediction and a program, in words.
fn difference(program: &str, predicted: &Predicted, taken: bool, said: &str) -> Option<String> {
    // The two files are not seen together by a loader alone.
    let together = [
        "NO_CERTIFICATE_ASSIGNED",
        "KEY_VALUES_MISMATCH",
        "KEY_TYPE_MISMATCH",
        "TOO_SMALL",
        "TOO_WEAK",
        "UNKNOWN_CERTIFICATE_TYPE",
    ];
    if program == "python" && predicted.loads && together.iter().any(|word| said.contains(word)) {
        return None;
    }
    match (taken, predicted) {
        (false, Predicted { loads: true, .. }) => Some("said to load".to_owned()),
        (false, Predicted { passes: true, .. }) => Some("passed".to_owned()),
        (true, Predicted { loads: false, .. }) => Some("said to be refused".to_owned()),
        (
            true,
            Predicted {
                alarm: Some(alarm), ..
            },
        ) => Some(format!("an error: {alarm}")),
        _ => None,
    }
}

#[test]
fn what_the_servers_take_is_what_is_said() {
    let installed = real::installed();
    for name in real::PROGRAMS
        .iter()
        .filter(|name| !installed.contains(name))
    {
        println!("SKIPPED: {name} is not installed");
        let all = std::env::var_os("CERTCHECK_PROGRAMS").is_none();
        assert!(
            std::env::var_os("CI").is_none() || !all,
            "{name} is missing"
        );
    }
    // PostgreSQL's server wants another user, and only root can become one.
    let root = fs::metadata("/proc/self").is_ok_and(|facts| {
        use std::os::unix::fs::MetadataExt;
        facts.uid() == 0
    });
    if !root || installed.is_empty() {
        println!("SKIPPED: the servers are started by root only");
        assert!(std::env::var_os("CI").is_none(), "not run by root");
        return;
    }
    let all = cases();
    let numbered: Vec<(usize, Case)> = all.iter().map(|it| it.1.clone()).enumerate().collect();
    let mut python = BTreeMap::new();
    if installed.contains(&"python") {
        python = real::python(&numbered);
    }
    let kept = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pem-mutations");
    let _ = fs::remove_dir_all(&kept);
    let tallies: Mutex<BTreeMap<(&str, &str), Tally>> = Mutex::default();
    let next = Mutex::new(0_usize);
    std::thread::scope(|scope| {
        for worker in 0..2 {
            let (all, installed, python) = (&all, &installed, &python);
            let (tallies, next, kept) = (&tallies, &next, &kept);
            scope.spawn(move || {
                let bench = real::Bench::new(worker);
                loop {
                    let number = {
                        let mut next = next.lock().unwrap();
                        *next += 1;
                        *next - 1
                    };
                    let Some((class, case)) = all.get(number) else {
                        break;
                    };
                    for &program in installed {
                        let (taken, said) = match program {
                            "python" => python[&number].clone(),
                            _ => bench.takes(program, case),
                        };
                        let predicted = predicted(program, case);
                        let wrong = difference(program, &predicted, taken, &said);
                        let mut tallies = tallies.lock().unwrap();
                        let tally = tallies.entry((class, program)).or_default();
                        *if taken {
                            &mut tally.taken
                        } else {
                            &mut tally.refused
                        } += 1;
                        if let Some(wrong) = wrong {
                            let name = format!("{number:05}-{program}");
                            keep(kept, &name, case, &format!("{class}\n{wrong}\n{said}\n"));
                            tally.wrong.push(format!("{name} {class}: {wrong}"));
                        }
                    }
                }
            });
        }
    });
    report(&tallies.into_inner().unwrap(), installed.len(), all.len());
}

fn report(tallies: &BTreeMap<(&str, &str), Tally>, programs: usize, cases: usize) {
    let mut table = String::from("class\tprogram\ttaken\trefused\twrong\n");
    let (mut compared, mut wrong) = (0, Vec::new());
    for (&(class, program), tally) in tallies {
        writeln!(
            table,
            "{class}\t{program}\t{}\t{}\t{}",
            tally.taken,
            tally.refused,
            tally.wrong.len()
        )
        .unwrap();
        compared += tally.taken + tally.refused;
        wrong.extend(&tally.wrong);
    }
    fs::write(
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pem-mutations.tsv"),
        &table,
    )
    .unwrap();
    println!("{table}");
    println!(
        "{} classes, {cases} cases, {programs} programs, {compared} compared, {} wrong",
        CLASSES.len(),
        wrong.len()
    );
    assert!(CLASSES.len() >= 25, "classes are missing");
    assert_eq!(
        compared,
        programs * CLASSES.len() * wanted(),
        "fewer were compared than made"
    );
    let shown: Vec<_> = wrong.iter().take(60).map(|it| it.as_str()).collect();
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        shown.join("\n")
    );
}
