//! The machine's trust store is read where it is asked for, and nowhere else:
//! reading 150 roots costs more than all the rest of a run.
#![cfg(all(feature = "cli", unix))]

use crate::support;

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

/// Every file is opened once, whatever it is called: the bundle that ten settings
/// name, and the links in OpenSSL's directory.
#[cfg(target_os = "linux")]
#[test]
fn trust_status_opens_every_file_once() {
    let dir = scratch();
    let trace = dir.path().join("trace.txt");
    let mut command = Command::new("strace");
    command
        .args(["-f", "-e", "trace=open,openat", "-y", "-o"])
        .arg(&trace);
    command.arg(env!("CARGO_BIN_EXE_certcheck"));
    command.args(["trust", "status", &pki("root.crt")]);
    if !support::here::have("strace", "strace") {
        return;
    }
    let run = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let run = run.unwrap();
    let trace = std::fs::read_to_string(&trace).unwrap_or_default();
    if run.code().is_none_or(|code| code > 2) || !trace.contains("root.crt") {
        support::here::without("opens of trust status", "strace may not trace here");
        return;
    }
    // `= 3</etc/ssl/certs/ca-certificates.crt>`: the file itself, links followed.
    let mut opened = std::collections::BTreeMap::new();
    for line in trace.lines() {
        if let Some((_, real)) = line.rsplit_once('<')
            && let Some(real) = real.strip_suffix('>')
            && line.contains(" = ")
        {
            *opened.entry(real.to_owned()).or_insert(0) += 1;
        }
    }
    assert!(opened.len() > 3, "{trace}");
    let often: Vec<_> = opened.iter().filter(|(_, times)| **times > 1).collect();
    assert!(often.is_empty(), "{often:?}");
}

/// What is made of files that were read already is what rustls-native-certs makes of
/// the same machine.
#[cfg(target_os = "linux")]
#[test]
fn the_store_is_the_same_from_files_that_were_read() {
    use certcheck::trust_store::{HostFacts, native};
    let real = native::load();
    if real.certificates.is_empty() || !real.problems.is_empty() {
        support::here::without("the machine's store", "it is empty or damaged here");
        return;
    }
    let mut host = HostFacts::from_listing(None, Vec::<String>::new());
    for place in real.places.iter().map(Path::new).chain(
        ["SSL_CERT_FILE", "SSL_CERT_DIR"]
            .iter()
            .filter_map(std::env::var_os)
            .collect::<Vec<_>>()
            .iter()
            .map(Path::new),
    ) {
        let name = |path: &Path| path.display().to_string();
        if place.is_file() {
            host.add_file(name(place), std::fs::read(place).unwrap());
            continue;
        }
        host.add(name(place));
        for entry in std::fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                host.add_file(name(&path), std::fs::read(&path).unwrap());
            }
        }
    }
    let ours = native::of_files(&host).unwrap();
    assert_eq!(ours.certificates, real.certificates);
    assert_eq!(ours.places, real.places);
    // Without one of the files there is no answer.
    assert!(native::of_files(&HostFacts::from_listing(None, Vec::<String>::new())).is_none());
}
