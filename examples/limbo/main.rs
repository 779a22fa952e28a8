//! Judges the cases of a limbo.json of C2SP/x509-limbo, and prints the table.
//!
//! `cargo run --release --example limbo -- limbo.json [-v]`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    reason = "a test that meets something unexpected has failed"
)]

mod suite;

use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else {
        eprintln!("usage: limbo FILE [-v]");
        return ExitCode::from(2);
    };
    let verbose = arguments.next().is_some();
    let text = match std::fs::read(&file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::from(2);
        }
    };
    let suite = match serde_json::from_slice(&text) {
        Ok(suite) => suite,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::from(2);
        }
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let start = Instant::now();
    let outcomes = suite::run(&suite, certcheck::Time::from_unix_seconds(now));
    let took = start.elapsed();
    println!(
        "{:<24} {:>6} {:>14} {:>14}",
        "namespace", "right", "false accepts", "false rejects"
    );
    let mut sums = (0, 0, 0);
    for (name, row) in suite::table(&outcomes) {
        println!(
            "{name:<24} {:>6} {:>14} {:>14}",
            row.right, row.false_accepts, row.false_rejects
        );
        sums = (
            sums.0 + row.right,
            sums.1 + row.false_accepts,
            sums.2 + row.false_rejects,
        );
    }
    println!("{:<24} {:>6} {:>14} {:>14}", "all", sums.0, sums.1, sums.2);
    println!(
        "webpki::* under the profile `webpki`, all others under `rfc5280-strict`; {} cases in {took:?}",
        outcomes.len()
    );
    for outcome in &outcomes {
        if outcome.expected != outcome.found {
            let what = if outcome.found {
                "false accept"
            } else {
                "false reject"
            };
            println!("{what}: {} {}", outcome.id, outcome.reason);
        } else if verbose {
            println!("{}: {}", outcome.id, outcome.reason);
        }
    }
    ExitCode::from(u8::from(sums.1 + sums.2 > 0))
}
