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
];

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
            assert!(!found.contains(alien), "{alien} belongs to the program");
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
