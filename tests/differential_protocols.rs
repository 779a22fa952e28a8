//! Protocol strings against the real programs: generated strings through
//! `apache2 -t`, `nginx -t`, `haproxy -c`, `postgres -C` and libssl, and
//! handshakes with what they then speak.
//!
//! Runs with `CERTCHECK_DIFFERENTIAL=1` only, for it starts servers (on
//! loopback, on free ports) and takes minutes: `.ci/differential-protocols.sh`.
//! Exit code 0: compared what was promised, nothing differs. 1: something
//! differs, or too little was compared. 77: a program is missing (1 where
//! `CI` is set).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that meets something unexpected has failed"
)]

#[path = "differential/apache.rs"]
mod apache;
#[path = "differential/haproxy.rs"]
mod haproxy;
#[path = "support/here.rs"]
mod here;
#[path = "differential/machine.rs"]
mod machine;
#[path = "differential/nginx.rs"]
mod nginx;
#[path = "differential/openssl.rs"]
mod openssl;
#[path = "differential/postgres.rs"]
mod postgres;
#[path = "differential/random.rs"]
mod random;
#[path = "differential/report.rs"]
mod report;

use machine::{Scratch, found};
use postgres::postgres_binaries;
use report::Report;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Ok(wanted) = std::env::var("CERTCHECK_DIFFERENTIAL") else {
        if !here::own_step("differential_protocols") {
            here::skipped(
                "apache, nginx, haproxy, postgres, openssl",
                "CERTCHECK_DIFFERENTIAL=1 runs it, some minutes (.ci/differential-protocols.sh)",
            );
        }
        return ExitCode::SUCCESS;
    };
    let seed = std::env::var("CERTCHECK_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(20_261_122);
    let ci = here::in_ci();
    println!("seed {seed} (CERTCHECK_SEED)");
    let scratch = Scratch::new();
    type Part = (&'static str, bool, fn(&Scratch, u64) -> Report);
    let parts: [Part; 5] = [
        ("apache2", found("apache2"), apache::apache),
        ("nginx", found("nginx"), nginx::nginx),
        ("haproxy", found("haproxy"), haproxy::haproxy),
        (
            "postgres",
            postgres_binaries().is_some(),
            postgres::postgres,
        ),
        (
            "python3 and libssl.so.3",
            found("python3"),
            openssl::openssl,
        ),
    ];
    let (mut failed, mut skipped, mut ran) = (false, false, false);
    // One part alone, by the beginning of its name, for whoever works on it.
    let asked = |name: &str| wanted == "1" || name.starts_with(&wanted);
    for (name, present, part) in parts.into_iter().filter(|(name, ..)| asked(name)) {
        if !present {
            here::without(name, "not installed");
            skipped = true;
            continue;
        }
        ran = true;
        let report = part(&scratch, seed);
        for difference in &report.differences {
            println!("  {difference}");
        }
        println!(
            "{}: {} strings parsed, {} held against what the server speaks, {} differ",
            &report.program,
            report.parsed,
            report.shaken,
            report.differences.len()
        );
        let cases = report.parsed + report.shaken;
        here::compared(
            "protocols",
            &report.program,
            cases,
            1,
            report.differences.len(),
        );
        let few = report.parsed < report.promised.0 || report.shaken < report.promised.1;
        if few {
            println!(
                "  too few: {} and {} were promised",
                report.promised.0, report.promised.1
            );
        }
        failed |= few || !report.differences.is_empty();
    }
    if !ran && !skipped {
        println!("FAILED: nothing was asked for by that name");
        failed = true;
    }
    match (failed, skipped) {
        (true, _) => ExitCode::FAILURE,
        (false, true) if ci => {
            println!("FAILED: in CI every program must be there");
            ExitCode::FAILURE
        }
        (false, true) => ExitCode::from(77),
        (false, false) => ExitCode::SUCCESS,
    }
}
