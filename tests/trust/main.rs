//! Plans for trust stores: their rules, their scripts, and the scripts run
//! against the platforms' real tools in scratch trees.
//!
//! A tool that is missing is said to be, loudly, and fails the test where `CI` is set.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "a test that meets something unexpected has failed"
)]

mod chroot;
mod clients;
mod command;
mod debian;
#[path = "../support/here.rs"]
mod here;
#[path = "../../src/bin/certcheck/host.rs"]
#[allow(dead_code, reason = "the environment is the program's affair")]
mod host;
mod libpq;
mod p11_kit;
mod personal;
mod pki;
mod real_clients;
#[path = "../../src/bin/certcheck/rooted.rs"]
mod rooted;
mod rules;
mod scripts;
mod status;
mod tree;
mod trees;

use certcheck::encoding::Document;
use certcheck::trust_store::{Candidate, HostFacts, Plan, Platform, Request, plan};
use certcheck::{Source, Time};
use here::have;
use std::path::PathBuf;

/// The moment at which the fixtures are judged.
fn now() -> Time {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn testdata(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("testdata")
        .join(name)
}

/// The documents of `testdata/pki/NAME.crt`.
fn documents(names: &[&str]) -> Vec<Document> {
    names
        .iter()
        .map(|name| {
            let path = testdata(&format!("pki/{name}.crt"));
            let bytes = std::fs::read(&path).unwrap();
            Document::read(Source::new(format!("{name}.crt"), bytes))
        })
        .collect()
}

fn candidates(documents: &[Document]) -> Vec<Candidate<'_>> {
    let mut all = Vec::new();
    for document in documents {
        let (found, problems) = Candidate::all_in(document);
        assert!(problems.is_empty(), "{problems:?}");
        all.extend(found);
    }
    all
}

/// A plan for fixtures of `testdata/pki`.
fn plan_for(platform: Platform, names: &[&str], host: &HostFacts, root: Option<&str>) -> Plan {
    let documents = documents(names);
    let certificates = candidates(&documents);
    plan(&Request::new(&certificates, platform, host, now()).with_root(root)).unwrap()
}

/// Says how many plans were run with a real tool: installed, verified, run again and
/// undone. `.ci/trust-chroot` adds them up.
fn ran(plans: usize, how: &str) {
    println!("plans run: {plans} {how}");
}
