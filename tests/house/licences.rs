//! Every dependency has a licence that deny.toml allows, comes from the
//! registry, and is not one that deny.toml bans.

use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

fn root() -> &'static str {
    env!("CARGO_MANIFEST_DIR")
}

fn deny() -> String {
    fs::read_to_string(format!("{}/deny.toml", root())).unwrap()
}

/// The strings of the list `name = [ … ]` behind the heading `[section]`.
fn list(text: &str, section: &str, name: &str) -> BTreeSet<String> {
    let (_, section) = text.split_once(&format!("\n[{section}]\n")).unwrap();
    let section = section.split("\n[").next().unwrap();
    let (_, list) = section.split_once(&format!("{name} = [\n")).unwrap();
    let list = list.split("\n]").next().unwrap();
    let lines = list
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    lines
        .filter_map(|line| line.split('"').nth(1))
        .map(str::to_owned)
        .collect()
}

fn packages() -> Vec<Json> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--locked",
            "--all-features",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    json["packages"].as_array().unwrap().clone()
}

/// Whether an SPDX expression can be met with the allowed licences; `/` is how
/// `OR` was written before.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words: Vec<String> = Vec::new();
    let mut all = spaced.split_whitespace().peekable();
    while let Some(word) = all.next() {
        if word == "WITH" {
            let whole = format!("{} WITH {}", words.pop().unwrap(), all.next().unwrap());
            words.push(whole);
        } else {
            words.push(word.to_owned());
        }
    }
    let mut words = words.into_iter().peekable();
    let met = any(&mut words, allowed);
    assert_eq!(words.next(), None, "{expression}");
    met
}

type Words = std::iter::Peekable<std::vec::IntoIter<String>>;

fn any(words: &mut Words, allowed: &BTreeSet<String>) -> bool {
    let mut met = all(words, allowed);
    while words.next_if(|word| word == "OR").is_some() {
        met |= all(words, allowed);
    }
    met
}

fn all(words: &mut Words, allowed: &BTreeSet<String>) -> bool {
    let mut met = one(words, allowed);
    while words.next_if(|word| word == "AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut Words, allowed: &BTreeSet<String>) -> bool {
    let word = words.next().expect("a licence");
    if word != "(" {
        return allowed.contains(&word);
    }
    let met = any(words, allowed);
    assert_eq!(words.next().as_deref(), Some(")"));
    met
}

#[test]
fn every_licence_is_allowed() {
    let allowed = list(&deny(), "licenses", "allow");
    let banned = list(&deny(), "bans", "deny");
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let packages = packages();
    // Fewer would mean that somebody looked at the wrong list.
    assert!(
        packages.len() > 100 && banned.len() >= 3,
        "{}",
        packages.len()
    );
    for package in &packages {
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str();
        let licence = licence.unwrap_or_else(|| panic!("{name} names no licence"));
        assert!(
            is_met(licence, &allowed),
            "{name}: {licence} is not allowed"
        );
        assert!(!banned.contains(name), "{name} is banned by deny.toml");
        let source = package["source"].as_str();
        assert!(
            name == "certcheck" || source == Some(registry),
            "{name}: {source:?}"
        );
    }
}

#[test]
fn expressions_are_read_as_spdx_has_them() {
    let allowed: BTreeSet<String> = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"]
        .map(str::to_owned)
        .into();
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT/Apache-2.0", true),
        ("MIT OR LGPL-2.1-or-later", true),
        ("MIT AND LGPL-2.1-or-later", false),
        ("ISC AND (Apache-2.0 OR MIT)", true),
        ("ISC AND (Apache-2.0 OR GPL-2.0)", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true),
        ("Apache-2.0", false),
        ("GPL-2.0 OR MIT AND ISC", true),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}

/// The advisory that is passed over holds only while `rsa` neither signs nor decrypts.
#[test]
fn rsa_never_signs_and_never_decrypts() {
    assert!(deny().contains("RUSTSEC-2023-0071"));
    let mut waiting = vec![format!("{}/src", root())];
    let mut users = 0;
    while let Some(path) = waiting.pop() {
        for entry in fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path.display().to_string());
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            if !text.contains("rsa::") {
                continue;
            }
            users += 1;
            for word in [
                "SigningKey",
                "DecryptingKey",
                "Pkcs1v15Encrypt",
                "Oaep",
                ".sign(",
                ".sign_with_rng(",
                ".decrypt(",
                ".decrypt_blinded(",
            ] {
                assert!(!text.contains(word), "{}: {word}", path.display());
            }
        }
    }
    assert!(users >= 2, "{users} files use rsa");
}
