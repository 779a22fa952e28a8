//! Running the programs that write containers and keys, and asking OpenSSL what
//! is in them.

use certcheck::model::{KeyForm, PrivateKey};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Whether a program is there; if not, the part is counted as skipped.
pub(crate) fn have(program: &str) -> bool {
    let package = match program {
        "keytool" => "default-jdk-headless",
        "certtool" => "gnutls-bin",
        "pk12util" | "certutil" => "libnss3-tools",
        other => other,
    };
    crate::containers_real::here::have(program, package)
}

/// What a program prints when it is given `input`, if it succeeds.
pub(crate) fn run(program: &str, words: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    output.status.success().then_some(output.stdout)
}

pub(crate) const PROVIDERS: [&str; 4] = ["-provider", "default", "-provider", "legacy"];

/// A file of testdata/containers.
pub(crate) fn file(name: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/containers")
        .join(name)
        .display()
        .to_string()
}

/// Certificates and public keys of the private ones.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    pub(crate) certificates: BTreeSet<Vec<u8>>,
    pub(crate) keys: BTreeSet<Vec<u8>>,
}

/// What `openssl pkcs12` finds in a file.
pub(crate) fn openssl_pkcs12(path: &str, passphrase: &str) -> Option<Contents> {
    let pass = format!("pass:{passphrase}");
    let words = ["pkcs12", "-in", path, "-nodes", "-passin", &pass];
    let text = run("openssl", &[&words[..], &PROVIDERS].concat(), b"")?;
    let mut contents = Contents::default();
    for section in pem::parse_many(text).unwrap() {
        match KeyForm::from_label(section.tag()) {
            Some(form) => {
                let key = PrivateKey::read(form, &[], section.contents(), None).unwrap();
                contents.keys.insert(key.public_key_der().unwrap().to_vec());
            }
            None => {
                contents.certificates.insert(section.into_contents());
            }
        }
    }
    Some(contents)
}
