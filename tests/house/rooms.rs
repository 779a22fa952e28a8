//! The rooms of the library: what each feature brings, and that each compiles alone.
#![cfg(feature = "cli")]

use crate::support;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Each feature of the library with the sections of tests/dependencies.txt that make its tree.
const ROOMS: &[(&str, &[&str])] = &[
    ("", &["nothing"]),
    ("x509", &["nothing", "x509"]),
    ("keys", &["nothing", "x509"]),
    ("containers", &["nothing", "x509"]),
    ("chain", &["nothing", "x509"]),
    ("servers", &["nothing", "x509"]),
    ("trust-plan", &["nothing", "x509", "trust-plan"]),
    ("clients", &["nothing", "x509", "trust-plan", "clients"]),
    ("preflight", &["nothing", "x509", "trust-plan", "clients"]),
    // The backends of cryptography, and what compiles for wasm32-unknown-unknown.
    ("x509,aws-lc-rs", &["nothing", "x509", "aws-lc-rs"]),
    ("x509,ring", &["nothing", "x509", "ring"]),
    ("x509,rustcrypto", &["nothing", "x509", "rustcrypto"]),
    (
        "preflight,rustcrypto",
        &["nothing", "x509", "trust-plan", "clients", "rustcrypto"],
    ),
    (
        "preflight,json,rustcrypto",
        &[
            "nothing",
            "x509",
            "trust-plan",
            "clients",
            "rustcrypto",
            "json",
        ],
    ),
];

/// The crates that compute, and the files that may name them: the door's, and the live probe,
/// which is rustls with aws-lc-rs.
const BACKENDS: &[&str] = &[
    "aws_lc_rs",
    "curve25519_dalek",
    "ed25519_dalek",
    "k256",
    "p256",
    "p384",
    "p521",
    "ring",
];
const DOORS: &[&str] = &["src/crypto/", "src/probe/"];

#[test]
fn one_door_leads_to_cryptography() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut directories = vec![root.join("src")];
    let (mut wrong, mut doors) = (Vec::new(), BTreeSet::new());
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            for line in code {
                // `String::` is no path into `ring`.
                let path = |(at, _): (usize, &str)| {
                    let before = line.get(..at).and_then(|text| text.chars().next_back());
                    before.is_none_or(|last| !last.is_alphanumeric() && last != '_')
                };
                let uses = |backend: &&&str| {
                    line.match_indices(&format!("{backend}::")).any(path)
                        || line.contains(&format!("use {backend};"))
                };
                let Some(backend) = BACKENDS.iter().find(uses) else {
                    continue;
                };
                match DOORS.iter().find(|door| name.starts_with(**door)) {
                    Some(door) => drop(doors.insert(*door)),
                    None => wrong.push(format!("{name} names {backend}")),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(doors.len(), DOORS.len(), "{doors:?}");
}

/// A user of a room gets these crates, and no others.
#[test]
#[cfg(target_os = "linux")]
fn each_feature_brings_the_listed_crates_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = std::fs::read_to_string(root.join("tests/dependencies.txt")).unwrap();
    let mut sections: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut section = "";
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        match line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            Some(name) => section = name,
            None => drop(sections.entry(section).or_default().insert(line)),
        }
    }
    for (feature, parts) in ROOMS {
        let listed: BTreeSet<&str> = parts
            .iter()
            .flat_map(|part| sections.get(part).expect(part))
            .copied()
            .chain(["certcheck"])
            .collect();
        let tree = tree(root, feature);
        let found: BTreeSet<&str> = tree
            .lines()
            .filter_map(|line| line.split(' ').next())
            .collect();
        let new: Vec<_> = found
            .difference(&listed)
            .filter(|part| !part.is_empty())
            .collect();
        let gone: Vec<_> = listed.difference(&found).collect();
        assert!(
            new.is_empty() && gone.is_empty(),
            "{feature:?}: not in tests/dependencies.txt: {new:?}; no longer there: {gone:?}"
        );
        for alien in [
            "clap",
            "anstream",
            "tempfile",
            "serde_json",
            "rustls-native-certs",
        ] {
            let asked = alien == "serde_json" && feature.contains("json");
            assert!(
                asked || !found.contains(alien),
                "{alien} belongs to the program"
            );
        }
    }
    // A protocol string is no reason to build cryptography, or to need a C compiler.
    assert!(sections["nothing"].len() <= 12);
}

fn tree(root: &Path, feature: &str) -> String {
    let mut tree = Command::new(env!("CARGO"));
    tree.current_dir(root)
        .args([
            "tree",
            "--locked",
            "--no-default-features",
            "--features",
            feature,
        ])
        .args(["-e", "normal", "--prefix", "none", "--format", "{p}"]);
    let output = support::run(tree, b"");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
