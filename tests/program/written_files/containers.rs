//! What `convert` writes out of PKCS#12, PKCS#7 and keystores.

use super::support::{self, program::*};
use std::fs;
use std::os::unix::fs::MetadataExt;

/// A file of testdata/containers, and the file of their passphrase.
fn container(name: &str) -> String {
    let dir = support::testdata().join("containers");
    dir.join(name).display().to_string()
}

/// Labels and contents of the sections that a run wrote to standard output.
pub(crate) fn written(output: &std::process::Output) -> Vec<(String, Vec<u8>)> {
    assert_eq!(code(output), 0, "{}", stderr(output));
    pem::parse_many(&output.stdout)
        .unwrap()
        .into_iter()
        .map(|section| (section.tag().to_owned(), section.into_contents()))
        .collect()
}

#[test]
fn what_is_in_a_container_is_written_as_pem() {
    let contents = |name| pem::parse(fs::read(container(name)).unwrap()).unwrap();
    let (server, ca, key) = (
        contents("server.crt").into_contents(),
        contents("ca.crt").into_contents(),
        contents("server.key").into_contents(),
    );
    let passphrase = container("passphrase.txt");
    let run = |name: &str| {
        let file = container(name);
        certcheck(&[
            "convert",
            &file,
            "--to",
            "pem",
            "--passphrase-file",
            &passphrase,
        ])
    };
    for name in [
        "modern.p12",
        "legacy.p12",
        "nss.p12",
        "java.jks",
        "chain.p7b",
        "streamed.p7b",
    ] {
        let sections = written(&run(name));
        for certificate in [&server, &ca] {
            let wanted = ("CERTIFICATE".to_owned(), certificate.clone());
            assert!(sections.contains(&wanted), "{name}");
        }
        let labels: Vec<_> = sections.iter().map(|(label, _)| label.as_str()).collect();
        match name {
            "java.jks" => {
                let plain = sections.iter().find(|(label, _)| label == "PRIVATE KEY");
                assert!(plain.is_some(), "{name}: {labels:?}");
            }
            "chain.p7b" | "streamed.p7b" => assert_eq!(labels.len(), 2, "{name}"),
            _ => {
                assert!(
                    labels.contains(&"ENCRYPTED PRIVATE KEY"),
                    "{name}: {labels:?}"
                );
                assert!(!labels.contains(&"PRIVATE KEY"), "{name}");
            }
        }
    }
    // A key that was not encrypted in its container comes out as it is.
    let sections = written(&run("plain.p12"));
    assert!(sections.iter().any(|(_, content)| *content == key));
    // Without the passphrase nothing is written, and it is said what would be lost.
    for name in ["modern.p12", "java.jks", "rc4.p12"] {
        let output = certcheck(&["convert", &container(name), "--to", "pem"]);
        assert_eq!((code(&output), output.stdout.len()), (2, 0), "{name}");
        assert!(
            stderr(&output).contains("would be lost"),
            "{}",
            stderr(&output)
        );
    }
    assert_eq!(code(&run("rc4.p12")), 0);
    // Nor with it, where a part is under a cipher that is not opened here.
    assert_eq!(code(&run("blowfish.p12")), 2);
}

#[test]
fn what_is_in_a_container_is_written_into_files() {
    let dir = scratch();
    let (p12, passphrase) = (container("modern.p12"), container("passphrase.txt"));
    let out = dir.path().join("all.pem");
    let words = [
        "convert",
        &p12,
        "--to",
        "pem",
        "--passphrase-file",
        &passphrase,
        "-o",
    ];
    let named = out.display().to_string();
    let output = certcheck(&[&words[..], &[&named]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::metadata(&out).unwrap().mode() & 0o777, 0o600);
    assert!(stdout(&output).contains("stays encrypted with its passphrase"));
    // What was written is what match needs.
    let (exit, document) = document(&["match", &named, "--passphrase-file", &passphrase]);
    assert_eq!(
        (exit, document["result"]["groups"].as_array().unwrap().len()),
        (0, 1)
    );
    let folder = dir.path().join("parts");
    fs::create_dir(&folder).unwrap();
    let named = folder.display().to_string();
    let words = [
        "convert",
        &p12,
        "--to",
        "der",
        "--passphrase-file",
        &passphrase,
        "-o",
    ];
    let output = certcheck(&[&words[..], &[&named]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
    // DER of the container is the container itself.
    let output = certcheck(&[
        "convert",
        &p12,
        "--to",
        "der",
        "-o",
        &format!("{named}/x.der"),
    ]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("--to pem extracts"),
        "{}",
        stderr(&output)
    );
}
