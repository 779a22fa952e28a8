//! Chains through OpenSSL, GnuTLS and Go: a grammar makes them from a seed, and
//! every difference to profile `rfc5280` stands in a list with the clause that
//! decides it, or the run fails.
//!
//! Runs with `CERTCHECK_DIFFERENTIAL=1` only: `.ci/differential-chains.sh`.
//! Exit code 0: compared what was promised, nothing unexplained. 1: something
//! differs, or too little was compared. 77: a program is missing (1 where `CI`
//! is set).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "a test that meets something unexpected has failed"
)]

mod explained;
mod grammar;
#[path = "../support/here.rs"]
mod here;
mod peers;
#[path = "../pki/mod.rs"]
mod pki;
#[allow(dead_code, reason = "one generator for all differential tests")]
#[path = "../differential/random.rs"]
mod random;

use certcheck::chain::{Purpose, Request, Verification, verify};
use certcheck::model::Certificate;
use grammar::Chain;
use peers::{Files, Verdict};
use std::collections::BTreeMap;
use std::process::ExitCode;

/// Chains compared with each peer.
const CHAINS: usize = 2_400;
/// What must be compared for the run to count.
const LEAST: usize = 2_000;

fn main() -> ExitCode {
    if std::env::var_os("CERTCHECK_DIFFERENTIAL").is_none() {
        if !here::own_step("differential_chains") {
            here::skipped(
                "openssl, gnutls, go",
                "CERTCHECK_DIFFERENTIAL=1 runs it, some minutes (.ci/differential-chains.sh)",
            );
        }
        return ExitCode::SUCCESS;
    }
    let seed = std::env::var("CERTCHECK_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or(20_261_122);
    println!("seed {seed} (CERTCHECK_SEED)");
    let ci = here::in_ci();
    let room = tempfile::tempdir().unwrap();
    let go = if here::measured("go") {
        peers::build_go(room.path())
    } else {
        None
    };
    let missing: Vec<_> = [
        ("openssl", peers::is_there("openssl")),
        ("certtool", peers::is_there("certtool")),
        ("go", go.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, there)| (!there).then_some(name))
    .collect();
    if !missing.is_empty() {
        here::without(&missing.join(", "), "not installed");
        return ExitCode::from(if ci { 1 } else { 77 });
    }

    let chains: Vec<_> = (0..CHAINS)
        .map(|number| grammar::chain(number, seed))
        .collect();
    let ours: Vec<_> = chains.iter().map(ours).collect();
    let files: Vec<_> = (0..CHAINS)
        .map(|number| Files::write(room.path(), number, &chains[number]))
        .collect();
    let verdicts = [
        ("openssl", in_parallel(&files, peers::openssl)),
        ("gnutls", in_parallel(&files, peers::gnutls)),
        ("go", peers::go(&go.unwrap(), &files)),
    ];
    let valid = ours.iter().filter(|answer| answer.valid).count();
    println!("{CHAINS} chains, of which {valid} are valid by rfc5280");
    let mut failed = !(CHAINS / 8..=CHAINS * 7 / 8).contains(&valid);
    let mut used = vec![0_usize; explained::RULES.len()];
    for (peer, theirs) in &verdicts {
        failed |= compare(peer, &chains, &ours, theirs, &mut used) < LEAST;
    }
    println!("\ndifferences, each with the clause that decides:");
    for (rule, count) in explained::RULES.iter().zip(&used) {
        let what = if rule.refuses { "refuses" } else { "accepts" };
        println!("{count:5}  {} {what}: {}", rule.peer, rule.clause);
        failed |= *count == 0 && !rule.rare;
    }
    if failed {
        println!(
            "FAILED: a difference is unexplained, a rule explains nothing, or too little was compared"
        );
    }
    ExitCode::from(u8::from(failed))
}

fn ours(chain: &Chain) -> Verification {
    let leaf = Certificate::parse(&chain.leaf).unwrap();
    let (bag, anchors) = (pki::parse(&chain.bag), pki::parse(&chain.anchors));
    let at = certcheck::Time::from_unix_seconds(peers::AT);
    let mut request = Request::new(&leaf, &bag, &anchors, at);
    request.purpose = Purpose::Server;
    verify(&request)
}

fn in_parallel(files: &[Files], judge: fn(&Files) -> Verdict) -> Vec<Verdict> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let size = files.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let parts = files.chunks(size);
        let started: Vec<_> = parts
            .map(|part| scope.spawn(move || part.iter().map(judge).collect::<Vec<_>>()))
            .collect();
        started
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// Compares with one peer: how many were compared, none if one is unexplained.
fn compare(
    peer: &str,
    chains: &[Chain],
    ours: &[Verification],
    theirs: &[Verdict],
    used: &mut [usize],
) -> usize {
    let (mut compared, mut differ) = (0, 0);
    let mut unexplained: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, (own, their)) in ours.iter().zip(theirs).enumerate() {
        compared += 1;
        let refuses = match (own.valid, their) {
            (true, None) | (false, Some(_)) => continue,
            (valid, _) => valid,
        };
        differ += 1;
        let words = their.clone().unwrap_or_else(|| {
            let reasons: Vec<_> = own
                .reasons
                .iter()
                .map(|found| format!("{:?}", found.reason))
                .collect();
            reasons.join("; ")
        });
        match explained::rule(peer, refuses, &words, &chains[number]) {
            Some(rule) => used[rule] += 1,
            None => {
                let what = if refuses { "refuses" } else { "accepts" };
                let shown: String = words.chars().take(400).collect();
                let key = format!("{peer} {what} {:?}: {shown}", chains[number].twists);
                unexplained.entry(key).or_default().push(number);
            }
        }
    }
    println!(
        "{peer}: {compared} compared, {differ} differ, {} unexplained",
        unexplained.values().map(Vec::len).sum::<usize>()
    );
    let unknown = unexplained.values().map(Vec::len).sum();
    here::compared("chains", peer, compared, LEAST, unknown);
    for (what, numbers) in &unexplained {
        println!("UNEXPLAINED {numbers:?} {what}");
    }
    if unexplained.is_empty() { compared } else { 0 }
}
