//! The machine's trust store is read where it is asked for, and nowhere else:
//! reading 150 roots costs more than all the rest of a run.
#![cfg(all(feature = "cli", unix))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets something unexpected has failed"
)]

mod support;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::program::*;

/// The program, for which the machine's trust store is a pipe that nobody
/// writes to: whoever opens it waits for ever.
fn started(pipe: &Path, words: &[&str]) -> Child {
    let mut command = program();
    command.args(words).env("SSL_CERT_FILE", pipe);
    command.env("SSL_CERT_DIR", pipe.parent().unwrap().join("none"));
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::null()).spawn().unwrap()
}

fn ends_within(child: &mut Child, limit: Duration) -> bool {
    let start = Instant::now();
    loop {
        if child.try_wait().unwrap().is_some() {
            return true;
        }
        if start.elapsed() > limit {
            child.kill().unwrap();
            child.wait().unwrap();
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_trust_store_is_opened_when_asked_for_alone() {
    let dir = scratch();
    let pipe = dir.path().join("ca-bundle.crt");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let [leaf, chain, key, root] =
        ["server.crt", "fullchain.crt", "server.key", "root.crt"].map(pki);
    let quiet: &[&[&str]] = &[
        &["inspect", &leaf],
        &["match", &leaf, &key],
        &["chain", &chain],
        &["chain", &chain, "--fix"],
        &["chain", &chain, "--anchors", &root],
        &["chain", &chain, "--anchors", "mozilla"],
        &["convert", &leaf, "--to", "pem"],
        &[
            "verify",
            &leaf,
            "--intermediates",
            &chain,
            "--anchors",
            &root,
        ],
        &[
            "preflight",
            "--server",
            "apache",
            "--cert-file",
            &chain,
            "--key-file",
            &key,
        ],
        &["protocols", "all -SSLv2"],
        &["codes"],
        &["schema"],
        &["--version"],
    ];
    for words in quiet {
        let mut child = started(&pipe, words);
        assert!(
            ends_within(&mut child, Duration::from_secs(60)),
            "{words:?} waits for the trust store"
        );
    }
    // That the pipe would be noticed: who asks for the store waits.
    let mut child = started(&pipe, &["chain", &chain, "--anchors", "native"]);
    assert!(
        !ends_within(&mut child, Duration::from_secs(2)),
        "nobody read the trust store, so the test above shows nothing"
    );
}
