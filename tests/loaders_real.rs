//! Measures the loaders again, with the programs that are installed, on every
//! file of testdata/encoding. A program that is missing is skipped with a
//! word, and a failure where `CI=true`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails shall stop"
)]

use certcheck::Source;
use certcheck::encoding::{Document, loader::Loader};
use pki_types::pem::PemObject;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

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

/// What was seen in a file: nothing where it was refused.
type Seen = Option<Vec<String>>;

/// Runs one of tests/loaders and reads its lines; nothing if it is not there.
fn measure(program: &str, arguments: &[&str], files: &[String]) -> Option<BTreeMap<String, Seen>> {
    let output = Command::new(program)
        .args(arguments)
        .args(files)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    if !output.status.success() && text.is_empty() {
        eprintln!("{program}: {}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    let read = |line: &str| {
        let mut fields = line.split('\t');
        let name = fields.next().unwrap().to_owned();
        let taken = fields.next().unwrap() == "taken";
        let list = fields.next().unwrap();
        let seen = list
            .split(',')
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect();
        (name, taken.then_some(seen))
    };
    Some(text.lines().map(read).collect())
}

/// What our rule says, as digests.
fn rule(loader: Loader, file: &str) -> Seen {
    let document = Document::read(Source::new(file, std::fs::read(file).unwrap()));
    let loading = loader.load(&document);
    let digests = loading.certificates.iter().map(|index| {
        let section = index.and_then(|index| document.sections().get(index));
        digest(
            section
                .and_then(|section| section.der())
                .unwrap_or_default(),
        )
    });
    loading.taken.then(|| digests.collect())
}

/// Compares, cell by cell; `most` is how many certificates the program shows.
fn compare(loader: Loader, measured: &BTreeMap<String, Seen>, most: usize) -> usize {
    let mut cells = 0;
    for file in cases() {
        let mut ours = rule(loader, &file);
        let theirs = measured
            .get(&file)
            .unwrap_or_else(|| panic!("{loader:?} is silent on {file}"));
        let container = file.contains("pkcs7");
        if let (Some(ours), Some(theirs)) = (&mut ours, theirs) {
            ours.truncate(most);
            // The container's digest is not that of the certificates in it.
            if container {
                assert_eq!(ours.len().min(most), theirs.len());
                ours.clone_from(theirs);
            }
        }
        assert_eq!(&ours, theirs, "{loader:?} {file}");
        cells += 1;
    }
    cells
}

#[test]
fn the_programs_still_do_what_the_rules_say() {
    let folder = root().join("tests/loaders");
    let script = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let key = root()
        .join("testdata/encoding/base/leaf.key")
        .to_string_lossy()
        .into_owned();
    let (openssl, gnutls, python) = (
        script("openssl.py"),
        script("gnutls.py"),
        script("python.py"),
    );
    let (node, go, java, nss) = (
        script("node.js"),
        script("go.go"),
        script("Java.java"),
        script("nss.sh"),
    );
    let all = usize::MAX;
    let programs: [(Loader, &str, Vec<&str>, usize); 7] = [
        (Loader::OpenSsl, "python3", vec![&openssl], all),
        (Loader::GnuTls, "python3", vec![&gnutls], all),
        (Loader::Python, "python3", vec![&python, &key], 0),
        (Loader::Node, "node", vec![&node], 1),
        (Loader::Go, "go", vec!["run", &go], all),
        (Loader::Java, "java", vec![&java], all),
        (Loader::Nss, "sh", vec![&nss], 1),
    ];
    let files = cases();
    let mut cells = 0;
    let mut missing = Vec::new();
    for (loader, program, arguments, most) in programs {
        match measure(program, &arguments, &files) {
            Some(measured) => cells += compare(loader, &measured, most),
            None => {
                eprintln!(
                    "SKIPPED: {} is not installed: {program} {arguments:?}",
                    loader.as_str()
                );
                missing.push(loader);
            }
        }
    }
    let rustls = files.iter().map(|file| {
        let bytes = std::fs::read(file).unwrap();
        let all: Result<Vec<_>, _> = pki_types::CertificateDer::pem_slice_iter(&bytes).collect();
        // rustls parses the first certificate when it is told to use them.
        let parses = |der: &[u8]| {
            x509_parser::parse_x509_certificate(der).is_ok_and(|(rest, _)| rest.is_empty())
        };
        let all = all
            .ok()
            .filter(|all| all.first().is_some_and(|first| parses(first)));
        (
            file.clone(),
            all.map(|all| all.iter().map(|der| digest(der)).collect()),
        )
    });
    cells += compare(Loader::Rustls, &rustls.collect(), all);
    assert_eq!(cells, (8 - missing.len()) * files.len());
    println!("{cells} cells compared, {} loaders of 8", 8 - missing.len());
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!ci || missing.is_empty(), "not installed: {missing:?}");
}
