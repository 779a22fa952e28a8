//! Which loader takes which private key: the rules against what the programs
//! did, and the programs again.
//!
//! testdata/loaders/keys.tsv holds what each program did with every file of
//! tests/real/loaders/keys/files.rs, together with a certificate for that key:
//! `taken`, `asks` (for a passphrase), `weak` (the key is read, its certificate
//! refused for the key's size) or `refused`. A program that is missing, or of
//! another version, is counted as skipped, and is a failure where `CI` is set. What was measured last is
//! in target/tmp/loader-keys.tsv, with each program's own words beside it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails shall stop"
)]

use crate::support::der;
#[path = "loaders/keys/files.rs"]
mod files;
use crate::pki;
use crate::support::here;
use crate::support::keys;

use certcheck::Source;
use certcheck::encoding::loader::Loader;
use certcheck::encoding::{Document, SectionKind};
use certcheck::key_loading::{KeyVerdict, key_loading};
use certcheck::key_match::{Pair as Match, pair};
use certcheck::model::{KeyForm, KeyProblem, Passphrase, PrivateKey};
use files::KeyFile;
use pki_types::pem::PemObject;
use pki_types::{CertificateDer, PrivateKeyDer};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The columns of the table, in its order.
const COLUMNS: [&str; 9] = [
    "openssl",
    "gnutls",
    "go",
    "rustls",
    "rustls-aws-lc",
    "java",
    "nss",
    "python",
    "node",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file of a key and one of its certificate.
struct Pair {
    name: String,
    key: String,
    certificate: String,
    der: Vec<u8>,
}

/// Writes the files, each with a certificate for its key.
fn pairs(files: &[KeyFile]) -> Vec<Pair> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("loader-keys");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    // A key that never changes: the files are the same in each run, and a difference is the
    // program's.
    let issuer = pki::Key::fixed(1);
    let pair = |(index, file): (usize, &KeyFile)| {
        let ids = (issuer.id(), issuer.id());
        let der = pki::Spec::server("issuer")
            .build(&file.spki, ids, &issuer.algorithm(), |tbs| issuer.sign(tbs));
        let path = |kind: &str| folder.join(format!("{index:03}.{kind}"));
        std::fs::write(path("key"), &file.bytes).unwrap();
        std::fs::write(path("crt"), files::armour("CERTIFICATE", &der)).unwrap();
        Pair {
            name: file.name.clone(),
            key: path("key").to_string_lossy().into_owned(),
            certificate: path("crt").to_string_lossy().into_owned(),
            der,
        }
    };
    files.iter().enumerate().map(pair).collect()
}

/// A program's verdict and its own words, by name of the file.
type Verdicts = BTreeMap<String, (String, String)>;

/// Runs one of tests/real/loaders/keys; nothing if its program is not there, or not in the
/// version that the table was made with.
fn measure(name: &str, program: &str, script: &str, pairs: &[Pair]) -> Option<Verdicts> {
    if !here::measured(name) {
        return None;
    }
    let script = root().join("tests/real/loaders/keys").join(script);
    let mut command = Command::new(program);
    if program == "go" {
        command.arg("run");
    }
    command.arg(script).arg(keys::PASSPHRASE);
    for pair in pairs {
        command.arg(&pair.key).arg(&pair.certificate);
    }
    let Ok(output) = command.output() else {
        here::skipped(name, "not installed");
        return None;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() && text.is_empty() {
        let said = String::from_utf8_lossy(&output.stderr);
        here::skipped(name, &format!("{program} does not run: {said}"));
        return None;
    }
    let mut verdicts = Verdicts::new();
    for (line, pair) in text.lines().zip(pairs) {
        let mut fields = line.split('\t').map(str::to_owned);
        assert_eq!(fields.next().as_ref(), Some(&pair.key));
        let (verdict, words) = (fields.next().unwrap(), fields.next().unwrap());
        verdicts.insert(pair.name.clone(), (verdict, words));
    }
    // A program that crashes in the middle must not pass for one that agrees with the rest.
    assert_eq!(verdicts.len(), pairs.len(), "{program} stopped early");
    Some(verdicts)
}

/// rustls itself, with the keys of one backend.
fn rustls(provider: &rustls::crypto::CryptoProvider, pairs: &[Pair]) -> Verdicts {
    let verdict = |pair: &Pair| {
        let bytes = std::fs::read(&pair.key).unwrap();
        let taken = PrivateKeyDer::from_pem_slice(&bytes)
            .map_err(|error| error.to_string())
            .and_then(|key| {
                let chain = vec![CertificateDer::from(pair.der.clone())];
                rustls::sign::CertifiedKey::from_der(chain, key, provider)
                    .map_err(|error| error.to_string())
            });
        match taken {
            Ok(_) => ("taken".to_owned(), String::new()),
            Err(error) => ("refused".to_owned(), error),
        }
    };
    pairs
        .iter()
        .map(|pair| (pair.name.clone(), verdict(pair)))
        .collect()
}

/// The table as it was measured: by name of the file, a verdict for each column.
fn table() -> BTreeMap<String, Vec<String>> {
    let path = root().join("testdata/loaders/keys.tsv");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let head: Vec<&str> = lines
        .next()
        .unwrap_or_default()
        .split('\t')
        .skip(1)
        .collect();
    assert!(text.is_empty() || head == COLUMNS, "{head:?}");
    let row = |line: &str| {
        let mut cells = line.split('\t').map(str::to_owned);
        (cells.next().unwrap(), cells.collect())
    };
    lines.map(row).collect()
}

#[test]
fn the_programs_still_do_what_the_table_says() {
    let files = files::all();
    let pairs = pairs(&files);
    let aws_lc = rustls::crypto::aws_lc_rs::default_provider();
    let ring = rustls::crypto::ring::default_provider();
    let measured: [(&str, Option<Verdicts>); 9] = [
        (
            "openssl",
            measure("openssl", "python3", "openssl.py", &pairs),
        ),
        ("gnutls", measure("gnutls", "python3", "gnutls.py", &pairs)),
        ("go", measure("go", "go", "go.go", &pairs)),
        ("rustls", Some(rustls(&ring, &pairs))),
        ("rustls-aws-lc", Some(rustls(&aws_lc, &pairs))),
        ("java", measure("java", "java", "Java.java", &pairs)),
        ("nss", measure("nss", "sh", "nss.sh", &pairs)),
        ("python", measure("python", "python3", "python.py", &pairs)),
        ("node", measure("node", "node", "node.js", &pairs)),
    ];
    assert_eq!(measured.each_ref().map(|(name, _)| *name), COLUMNS);
    let table = table();
    let (mut cells, mut wrong, mut missing) = (0, Vec::new(), Vec::new());
    let mut said = String::new();
    let mut written = format!("file\t{}\n", COLUMNS.join("\t"));
    for file in &files {
        written += &file.name;
        for (column, (name, verdicts)) in measured.iter().enumerate() {
            let stored = table.get(&file.name).and_then(|row| row.get(column));
            let Some(verdicts) = verdicts else {
                // The cell of a program that is not here is kept, so that the new table can replace
                // the old one.
                written += &format!("\t{}", stored.map_or("-", String::as_str));
                continue;
            };
            let (verdict, words) = &verdicts[&file.name];
            written += &format!("\t{verdict}");
            said += &format!("{}\t{name}\t{verdict}\t{words}\n", file.name);
            if stored != Some(verdict) {
                wrong.push(format!(
                    "{} {name}: {verdict} ({words}), the table has {stored:?}",
                    file.name
                ));
            }
            cells += 1;
        }
        written.push('\n');
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(folder.join("loader-keys.tsv"), written).unwrap();
    std::fs::write(folder.join("loader-keys.words"), said).unwrap();
    for (name, verdicts) in &measured {
        if verdicts.is_none() {
            missing.push(name);
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {cells}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(cells, (COLUMNS.len() - missing.len()) * files.len());
    for (name, verdicts) in &measured {
        if let Some(verdicts) = verdicts {
            here::compared("keys", name, verdicts.len(), files.len(), 0);
        }
    }
    assert!(
        !here::in_ci() || missing.is_empty(),
        "not measured: {missing:?}"
    );
}

/// What the rule says of a file, and whether the key is not the certificate's.
struct Said {
    verdict: KeyVerdict,
    encrypted: bool,
    open: bool,
    another: bool,
}

/// A file with its keys read, once for all loaders.
struct Read<'f> {
    file: &'f KeyFile,
    document: Document,
    keys: Vec<Option<Result<PrivateKey, KeyProblem>>>,
}

impl<'f> Read<'f> {
    fn new(file: &'f KeyFile, passphrase: Option<&Passphrase>) -> Self {
        let document = Document::read(Source::new(&file.name, file.bytes.clone()));
        let read = |section: &certcheck::encoding::Section| {
            let form = match section.kind() {
                SectionKind::Pkcs8PrivateKey => KeyForm::Pkcs8,
                SectionKind::EncryptedPkcs8PrivateKey => KeyForm::EncryptedPkcs8,
                SectionKind::RsaPrivateKey => KeyForm::Pkcs1,
                SectionKind::EcPrivateKey => KeyForm::Sec1,
                SectionKind::DsaPrivateKey => KeyForm::TraditionalDsa,
                _ => return None,
            };
            let der = section.der()?;
            Some(PrivateKey::read(form, section.headers(), der, passphrase))
        };
        let keys = document.sections().iter().map(read).collect();
        Self {
            file,
            document,
            keys,
        }
    }

    fn rule(&self, loader: Loader) -> Said {
        let loading = key_loading(loader, &self.document, |index| {
            self.keys.get(index)?.as_ref().map(Result::as_ref)
        });
        let key = loading.section.and_then(|index| self.keys[index].as_ref());
        let another = matches!(key, Some(Ok(key)) if match pair(key, &self.file.spki) {
            Ok(Match::Different { .. }) => true,
            Ok(Match::Inconsistent { claims_to_match, .. }) => !claims_to_match,
            _ => false,
        });
        Said {
            encrypted: matches!(key, Some(Ok(key)) if key.encryption().is_some())
                || matches!(key, Some(Err(problem)) if problem.encryption().is_some()),
            open: matches!(key, Some(Ok(_))),
            verdict: loading.verdict,
            another,
        }
    }
}

/// What is known to be otherwise than the rule says, and why it is left so.
const NOT_PREDICTED: &[(&str, &str, &str)] = &[
    (
        "dek: ",
        "gnutls",
        "its parser of DEK-Info sections is laxer, and stricter, than all others; damaged armour only",
    ),
    (
        "dek: trailing",
        "openssl python node",
        "odd bytes behind each line: our reader of headers takes them for part of DEK-Info",
    ),
    ("dek: zero bytes behind", "node", "the same"),
    (
        "together: dek, rsa",
        "gnutls",
        "it goes on to the next section, where for all else the first one decides",
    ),
    (
        "forged: rsa p and q swapped",
        "rustls",
        "only the first contradiction of a key is known; ring looks at a later one",
    ),
    (
        "structure: ed25519 version 2",
        "openssl gnutls go python node",
        "no such version is defined; our reader refuses it",
    ),
    (
        "structure: ed25519 version 1 and another public key",
        "go",
        "it does not look at the public key",
    ),
    (
        "ec-P-256-curve-in-front-alone",
        "rustls-aws-lc",
        "SEC 1 without its curve: our reader refuses it",
    ),
    (
        "forged: P-",
        "rustls-aws-lc",
        "SEC 1 without its curve: our reader refuses it",
    ),
    (
        "pkcs1 as OPENSSH",
        "go",
        "it does not look at the label, our reader believes it",
    ),
    ("pkcs8-", "go", "the same"),
    ("sec1 as OPENSSH", "go", "the same"),
];

#[test]
fn every_rule_gives_what_was_measured() {
    let (files, table) = (files::all(), table());
    let names: Vec<&String> = files.iter().map(|file| &file.name).collect();
    assert_eq!(
        table.keys().collect::<Vec<_>>(),
        names,
        "take the rows of target/tmp/loader-keys.tsv, which the other test writes"
    );
    let (mut cells, mut wrong, mut used) = (0, Vec::new(), 0);
    let passphrase = keys::passphrase();
    for file in &files {
        let (closed, open) = (Read::new(file, None), Read::new(file, Some(&passphrase)));
        for (column, measured) in COLUMNS.iter().zip(&table[&file.name]) {
            let name = column.trim_end_matches("-aws-lc");
            let loader = Loader::ALL
                .into_iter()
                .find(|column| column.as_str() == name)
                .unwrap();
            let opened = open.rule(loader);
            let backend = match *column {
                "rustls" => "(ring accepts it)",
                _ => "(aws-lc-rs accepts it)",
            };
            for said in [&closed.rule(loader), &opened] {
                let verdict = match &said.verdict {
                    KeyVerdict::Refused { reason } if reason.ends_with(backend) => "taken",
                    verdict => verdict.as_str(),
                };
                let measured = match measured.as_str() {
                    // Python reads the certificate first, and the key no more.
                    "weak" if *column == "python" && said.encrypted => continue,
                    // The size is seen when the key is open.
                    "weak" if said.encrypted && !said.open => "asks",
                    "weak" | "aborts" => "refused",
                    measured => measured,
                };
                // That a key is not the certificate's is another check's answer,
                // and some notice it only in the handshake.
                if opened.another && (verdict != "refused" || measured == "taken") {
                    continue;
                }
                let known = NOT_PREDICTED.iter().any(|(start, known, _)| {
                    file.name.starts_with(start) && known.split(' ').any(|other| other == *column)
                });
                cells += 1;
                if verdict == measured {
                    continue;
                }
                if known {
                    used += 1;
                    continue;
                }
                wrong.push(format!(
                    "{} {column}: {verdict} ({:?}), measured {measured}",
                    file.name,
                    said.verdict.reason()
                ));
            }
        }
    }
    wrong.dedup();
    assert!(
        wrong.is_empty(),
        "{} of {cells}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    println!("{cells} cells, {used} of them not predicted");
    assert!(cells > 8000, "{cells}");
}

/// The survey's table of keys (facts 6.2), cell by cell: Python, Go, rustls with ring.
#[test]
fn the_surveys_table_is_reproduced_cell_by_cell() {
    let survey: [(&[&str], [&str; 3]); 8] = [
        (
            &[
                "rsa2048.pem",
                "rsa2048.pkcs1.pem",
                "ec-P-256.sec1.pem",
                "ec-P-384.pem",
                "ed25519.pem",
            ],
            ["taken", "taken", "taken"],
        ),
        (
            &[
                "encrypted-pbes2-aes-256-cbc.pem",
                "encrypted-dek-ec.pem",
                "encrypted-pbes2-scrypt.pem",
            ],
            ["asks", "refused", "refused"],
        ),
        (&["rsa: der"], ["refused", "refused", "refused"]),
        (&["ec-P-521.pem"], ["taken", "taken", "refused"]),
        (&["ed448.pem"], ["taken", "refused", "refused"]),
        (&["rsapss2048.pem"], ["taken", "refused", "refused"]),
        (&["rsa1024.pem"], ["refused", "taken", "refused"]),
        (
            &["forged: rsa another key's parts"],
            ["taken", "refused", "refused"],
        ),
    ];
    let files = files::all();
    let mut cells = 0;
    for (names, expected) in survey {
        for name in names {
            let file = files.iter().find(|file| file.name == *name).unwrap();
            let read = Read::new(file, None);
            for (loader, cell) in [Loader::Python, Loader::Go, Loader::Rustls]
                .into_iter()
                .zip(expected)
            {
                assert_eq!(
                    read.rule(loader).verdict.as_str(),
                    cell,
                    "{name} {loader:?}"
                );
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 42);
}
