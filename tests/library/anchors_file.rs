//! What clients get out of a file of trust anchors, against what the programs did.
//!
//! testdata/anchors-file/measured.tsv has what each client said of one chain with each
//! file as its own file of anchors, before nginx 1.22 on loopback: `+` where it accepts,
//! `-` where it refuses. NSS was given the sections one by one, with `certutil -A -a`.

use certcheck::Source;
use certcheck::client::{Client, Verdict};
use certcheck::preflight::Preflight;
use certcheck::server::Profile;
use certcheck::trust_store::Anchors;
use std::path::{Path, PathBuf};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/anchors-file")
}

fn source(name: &str) -> Source {
    let bytes = std::fs::read(directory().join(name)).unwrap();
    Source::new(name, bytes)
}

#[test]
fn each_client_gets_what_its_own_loader_reads() {
    let text = std::fs::read_to_string(directory().join("measured.tsv")).unwrap();
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let clients: Vec<&str> = lines.next().unwrap().split('\t').skip(1).collect();
    let named: Vec<_> = clients
        .iter()
        .map(|name| Client::named(name).unwrap())
        .collect();
    let (mut same, mut open, mut refused) = (0, 0, 0);
    let mut wrong = Vec::new();
    for line in lines {
        let (file, measured) = line.split_once('\t').unwrap();
        let mut anchors = Anchors::new();
        anchors.add_file(source(file));
        let server = Profile::named("nginx").unwrap();
        let mut preflight = Preflight::new(server, "2026-11-29T12:00:00Z".parse().unwrap())
            .certificate_file(source("chain.pem"))
            .key_file(source("key.pem"))
            .host("www.example.test".parse().unwrap())
            .anchors(anchors);
        for client in &named {
            preflight = preflight.client(*client);
        }
        let answer = preflight.run();
        for (name, measured) in clients.iter().zip(measured.split('\t')) {
            let row = answer.result.clients.iter().find(|row| row.client == *name);
            let row = row.unwrap_or_else(|| panic!("{file}: {name}"));
            match (row.verdict, measured) {
                (Verdict::Undecided, _) => open += 1,
                (Verdict::Accepts, "+") | (Verdict::Refuses, "-") => same += 1,
                (verdict, _) => wrong.push(format!("{file}: {name} {verdict:?}, not {measured}")),
            }
            refused += usize::from(measured == "-");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{same} as measured, {open} undecided; {refused} were refusals");
    assert_eq!((same, open, refused), (1600, 12, 516));
}
