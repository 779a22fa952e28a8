//! Mutated PEM files against the real servers: nothing passes that the server
//! refuses, and nothing is refused that it takes.
//!
//! Every class of tests/library/pem_mutations/classes.rs makes its cases from a fixed
//! seed: a sample each time, 200 of each in `.ci/full`. Each case is loaded by
//! nginx, httpd, HAProxy, PostgreSQL and Python and judged by a preflight for
//! that server (Python: `inspect --loaders`). The table of counts is in
//! target/tmp/pem-mutations.tsv, and every difference, with its files, below
//! target/tmp/pem-mutations. `CERTCHECK_MUTATIONS` asks for another number of
//! cases in each class, `CERTCHECK_PROGRAMS` for some of the programs.

#[path = "pem_mutations/armour.rs"]
mod armour;
#[path = "pem_mutations/case.rs"]
mod case;
#[path = "pem_mutations/certificate.rs"]
mod certificate;
#[path = "pem_mutations/classes.rs"]
mod classes;
use crate::support::der;
use crate::support::here;
#[path = "pem_mutations/key.rs"]
mod key;
#[path = "pem_mutations/material.rs"]
mod material;
#[path = "pem_mutations/real.rs"]
mod real;

use case::Case;
use certcheck::answer::Verdict;
use certcheck::command::inspect::Loads;
use certcheck::encoding::Document;
use certcheck::preflight::Preflight;
use certcheck::server::Profile;
use certcheck::{Severity, Source};
use classes::CLASSES;
use material::Random;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

const SEED: u64 = 20_261_128;

/// How many cases each class makes in `cargo test`, and in `.ci/full`.
const SAMPLE: usize = 8;
const WHOLE: usize = 200;

/// Of how many cases of a class some server must refuse, and some take, at least.
const EACH_WAY: usize = 50;

/// In how many classes that is so at least: some damage all servers refuse, or none.
const BOTH_WAYS: usize = 25;

/// How many cases each class makes.
fn wanted() -> usize {
    let number = std::env::var("CERTCHECK_MUTATIONS").ok();
    number.map_or(if here::whole() { WHOLE } else { SAMPLE }, |text| {
        text.parse().unwrap()
    })
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
    } else if program != "haproxy" {
        preflight = preflight.key_file(source("own.pem", &case.certificate));
    }
    let answer = preflight.run();
    // Nothing is said where no key can be found: HAProxy refuses.
    let startup = answer.result.startup.as_ref();
    let outcome = startup.map_or("refuses-at-config-test", |startup| startup.outcome.as_str());
    let serves = outcome == "starts";
    let alarm = answer.findings.iter().filter(|_| serves).find(|finding| {
        let code = finding.code().as_str();
        finding.severity == Severity::Error
            && finding.subject.source.ends_with("key")
            && (code.starts_with("encoding.") || code == "key.unknown" || code == "key.mismatch")
    });
    Predicted {
        loads: matches!(outcome, "starts" | "fails-at-handshake"),
        passes: answer.verdict() == Verdict::Pass,
        alarm: alarm.map(|finding| format!("{}: {}", finding.code().as_str(), finding.message())),
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
            .find(|row| row.loader == "python")
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
    /// The numbers of the cases.
    taken: Vec<usize>,
    refused: Vec<usize>,
    wrong: Vec<String>,
    /// How many cases differ where the rule about blank lines is broken on purpose.
    broken: usize,
}

/// The same files for a rule that passes over blank lines: what such a rule would
/// say must differ, or this comparison sees nothing.
fn without_blank_lines(case: &Case) -> Case {
    let squeezed = |bytes: &[u8]| {
        let lines = bytes.split_inclusive(|&byte| byte == b'\n');
        lines
            .filter(|line| !line.trim_ascii().is_empty())
            .collect::<Vec<_>>()
            .concat()
    };
    Case {
        certificate: squeezed(&case.certificate),
        key: case.key.as_deref().map(squeezed),
    }
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
    // PostgreSQL's server wants another user, and only root can become one.
    let root = fs::metadata("/proc/self").is_ok_and(|facts| {
        use std::os::unix::fs::MetadataExt;
        facts.uid() == 0
    });
    if !root {
        here::skipped("nginx, apache, haproxy, postgres", "only root starts them");
        return;
    }
    if installed.is_empty() {
        return;
    }
    let all = cases();
    let numbered: Vec<(usize, Case)> = all
        .iter()
        .map(|mutation| mutation.1.clone())
        .enumerate()
        .collect();
    let mut python = BTreeMap::new();
    if installed.contains(&"python") {
        python = real::python(&numbered);
    }
    let kept = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pem-mutations");
    let _ = fs::remove_dir_all(&kept);
    let tallies: Mutex<BTreeMap<(&str, &str), Tally>> = Mutex::default();
    let next = Mutex::new(0_usize);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let (all, installed, python) = (&all, &installed, &python);
            let (tallies, next, kept) = (&tallies, &next, &kept);
            scope.spawn(move || {
                let bench = real::Bench::new();
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
                        let broken = class.starts_with("blank line") && {
                            let other = self::predicted(program, &without_blank_lines(case));
                            difference(program, &other, taken, &said).is_some()
                        };
                        let mut tallies = tallies.lock().unwrap();
                        let tally = tallies.entry((class, program)).or_default();
                        if taken {
                            tally.taken.push(number);
                        } else {
                            tally.refused.push(number);
                        }
                        tally.broken += usize::from(broken);
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
    report(&tallies.into_inner().unwrap(), &installed);
}

/// How many cases of a class some program took, and some program refused.
fn each_way(tallies: &BTreeMap<(&str, &str), Tally>, class: &str) -> (usize, usize) {
    let mut ways = (BTreeSet::<usize>::new(), BTreeSet::<usize>::new());
    for (_, tally) in tallies.iter().filter(|row| row.0.0 == class) {
        ways.0.extend(&tally.taken);
        ways.1.extend(&tally.refused);
    }
    (ways.0.len(), ways.1.len())
}

fn report(tallies: &BTreeMap<(&str, &str), Tally>, installed: &[&'static str]) {
    let mut table = String::from("class\tprogram\ttaken\trefused\twrong\n");
    let mut wrong = Vec::new();
    for (&(class, program), tally) in tallies {
        writeln!(
            table,
            "{class}\t{program}\t{}\t{}\t{}",
            tally.taken.len(),
            tally.refused.len(),
            tally.wrong.len()
        )
        .unwrap();
        wrong.extend(&tally.wrong);
    }
    let mut one_sided = Vec::new();
    for &(class, _) in CLASSES {
        let (taken, refused) = each_way(tallies, class);
        writeln!(table, "{class}\tany\t{taken}\t{refused}\t").unwrap();
        if taken.min(refused) < EACH_WAY {
            one_sided.push(format!("{class}: {taken} taken, {refused} refused"));
        }
    }
    fs::write(
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pem-mutations.tsv"),
        &table,
    )
    .unwrap();
    println!("{table}");
    assert!(CLASSES.len() >= 25, "classes are missing");
    for &program in installed {
        let own = || tallies.iter().filter(|row| row.0.1 == program);
        let cases = own()
            .map(|row| row.1.taken.len() + row.1.refused.len())
            .sum();
        let differ = own().map(|row| row.1.wrong.len()).sum();
        let least = CLASSES.len() * wanted();
        here::compared("mutated files", program, cases, least, differ);
        let broken: usize = own().map(|row| row.1.broken).sum();
        println!("{program}: {broken} cases turn red with a rule that passes over blank lines");
        assert!(broken > 0, "{program}: a broken rule is not noticed");
    }
    let shown: Vec<_> = wrong.iter().take(60).map(|row| row.as_str()).collect();
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        shown.join("\n")
    );
    println!("classes with too few of one kind: {one_sided:?}");
    assert!(
        wanted() < WHOLE || CLASSES.len() - one_sided.len() >= BOTH_WAYS,
        "too few of one kind: {one_sided:?}"
    );
}
