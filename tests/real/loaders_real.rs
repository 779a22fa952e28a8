//! Measures the loaders again, with the programs that are installed, on every
//! file of testdata/encoding and on files whose armour is odd in every way. A
//! program that is missing, or of another version, is counted as skipped, and a
//! failure where `CI` is set.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails shall stop"
)]

#[path = "loaders/armour.rs"]
mod armour;
use crate::support::here;
#[path = "loaders/programs.rs"]
mod programs;

use certcheck::Source;
use certcheck::encoding::{Document, loader::load_first};
use programs::{agree, certificates, root, rule};
use std::collections::BTreeMap;
use std::path::Path;

fn cases() -> Vec<String> {
    let mut cases: Vec<String> = std::fs::read_dir(root().join("testdata/encoding"))
        .unwrap()
        .map(|entry| entry.unwrap().path().join("input"))
        .filter(|path| path.is_file())
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    cases.sort();
    cases
}

fn digest(bytes: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Compares, cell by cell, and names what is not as measured; how many cells
/// were compared.
fn compare(
    files: &[String],
    words: &BTreeMap<String, String>,
    sound: &[String],
) -> (usize, Vec<String>) {
    let (mut cells, mut damaged, mut wrong) = (0, 0, Vec::new());
    for measured in certificates(files) {
        let before = (cells, wrong.len());
        for file in files {
            let mut ours = rule(measured.loader, file);
            let theirs = measured
                .files
                .get(file)
                .unwrap_or_else(|| panic!("{:?} is silent on {file}", measured.loader));
            // The container's digest is not that of the certificates in it.
            if let (Some(ours), true) = (&mut ours, file.contains("pkcs7")) {
                ours.fill("?".to_owned());
            }
            if is_damaged_content(&ours, theirs, sound) {
                damaged += 1;
                continue;
            }
            if !agree(&ours, theirs, measured.most) {
                let words = words.get(file).map_or(file.as_str(), String::as_str);
                let count = |seen: &programs::Seen| {
                    seen.as_ref().map_or_else(
                        || "refused".to_owned(),
                        |seen| {
                            format!(
                                "{:?}",
                                seen.iter()
                                    .map(|one| &one[..one.len().min(4)])
                                    .collect::<Vec<_>>()
                            )
                        },
                    )
                };
                wrong.push(format!(
                    "{} {words}: the rule says {}, it {} ({file})",
                    measured.loader.as_str(),
                    count(&ours),
                    count(theirs)
                ));
            }
            cells += 1;
        }
        let (now, differ) = (cells - before.0, wrong.len() - before.1);
        let least = files.len() * 9 / 10;
        here::compared("loaders", measured.loader.as_str(), now, least, differ);
    }
    println!("{damaged} cells of certificates whose content is damaged are not compared");
    assert!(damaged * 100 <= cells, "{damaged} of {cells}");
    (cells + damaged, wrong)
}

/// The rules look at a certificate's outline: what is damaged inside of it some
/// programs refuse when they parse it, and a finding says so of the certificate.
fn is_damaged_content(ours: &programs::Seen, theirs: &programs::Seen, sound: &[String]) -> bool {
    let whole = |digest: &String| digest == "?" || sound.contains(digest);
    theirs.is_none()
        && !sound.is_empty()
        && ours.as_ref().is_some_and(|seen| !seen.iter().all(whole))
}

#[test]
fn the_programs_still_do_what_the_rules_say() {
    let files = cases();
    let (cells, wrong) = compare(&files, &BTreeMap::new(), &[]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cells >= files.len() && cells.is_multiple_of(files.len()));
    println!(
        "{cells} cells compared, {} loaders of 8",
        cells / files.len()
    );
}

/// `CERTCHECK_SEED` and `CERTCHECK_FILES` ask for other random files, and more.
#[test]
fn odd_armour_is_read_as_the_programs_read_it() {
    let base = |name: &str| {
        let path = root().join("testdata/encoding/base").join(name);
        std::fs::read_to_string(path).unwrap()
    };
    let number = |name: &str| std::env::var(name).ok().map(|value| value.parse().unwrap());
    let (leaf, mid) = (base("leaf.crt"), base("mid.crt"));
    let mut files = armour::every(&leaf, &mid);
    let many = number("CERTCHECK_FILES").unwrap_or(if here::whole() { 5_000 } else { 300 });
    let seed = number("CERTCHECK_SEED").unwrap_or(20_261_122);
    let many = usize::try_from(many).unwrap();
    files.extend(armour::random(seed, many, &leaf, &mid, &base("leaf.key")));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("odd-armour");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut words = BTreeMap::new();
    for (index, (what, bytes)) in files.iter().enumerate() {
        let path = folder.join(format!("{index:04}"));
        std::fs::write(&path, bytes).unwrap();
        words.insert(path.to_string_lossy().into_owned(), what.clone());
    }
    let paths: Vec<String> = words.keys().cloned().collect();
    assert!(paths.len() >= 500);
    let sound = [&leaf, &mid].map(|pem| digest(pem::parse(pem).unwrap().contents()));
    let (cells, wrong) = compare(&paths, &words, &sound);
    assert!(
        wrong.is_empty(),
        "{} of {cells}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(cells >= paths.len() && cells.is_multiple_of(paths.len()));
    println!(
        "{cells} cells compared, {} loaders of 8",
        cells / paths.len()
    );
}

/// The call that Rserve makes reads the first certificate of a file only.
#[test]
fn rserves_call_still_does_what_the_rule_says() {
    let files = cases();
    let Some(measured) = programs::rserve(&files) else {
        programs::missing("libssl for Python");
        return;
    };
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let document = Document::read(Source::new(file.as_str(), bytes));
        let loading = load_first(&document);
        let ours = programs::digests(&document, &loading);
        assert!(agree(&ours, &measured[file], 1), "{file}: {ours:?}");
    }
    assert!(files.len() > 140, "{}", files.len());
}

/// Facts 6.1, last row: Node's `ca` takes whatever it is given.
#[test]
fn nodes_ca_option_takes_anything_without_a_word() {
    let script = root().join("tests/real/loaders/node_ca.js");
    let cases = ["html", "utf16-le", "empty", "clean-chain"];
    let file = |case: &&str| root().join("testdata/encoding").join(case).join("input");
    let output = std::process::Command::new("node")
        .arg(script)
        .args(cases.iter().map(file))
        .output();
    match output {
        Ok(output) => {
            let said = String::from_utf8(output.stdout).unwrap();
            assert_eq!(said, "taken\ntaken\ntaken\ntaken\n");
        }
        Err(_) => programs::missing("node"),
    }
}
