//! The keys of testdata/keys.

#![allow(dead_code, reason = "each test uses a part of it")]

use certcheck::model::{KeyForm, KeyProblem, Passphrase, PrivateKey};
use std::path::PathBuf;

pub(crate) const PASSPHRASE: &str = "open sesame";

pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE)
}

pub(crate) fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/keys")
        .join(file)
}

pub(crate) fn text(file: &str) -> String {
    std::fs::read_to_string(path(file)).expect(file)
}

/// The names of all files that end so, sorted.
pub(crate) fn files(suffix: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(suffix))
        .collect();
    names.sort();
    names
}

pub(crate) fn sections(file: &str) -> Vec<pem::Pem> {
    pem::parse_many(text(file)).expect(file)
}

/// The first section that is no EC PARAMETERS.
pub(crate) fn section(file: &str) -> pem::Pem {
    sections(file)
        .into_iter()
        .find(|pem| pem.tag() != "EC PARAMETERS")
        .expect(file)
}

pub(crate) fn read(file: &str, passphrase: Option<&Passphrase>) -> Result<PrivateKey, KeyProblem> {
    read_section(&section(file), passphrase)
}

pub(crate) fn read_section(
    pem: &pem::Pem,
    passphrase: Option<&Passphrase>,
) -> Result<PrivateKey, KeyProblem> {
    let headers: Vec<(String, String)> = pem
        .headers()
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let form = KeyForm::from_label(pem.tag()).unwrap_or_else(|| panic!("{}", pem.tag()));
    PrivateKey::read(form, &headers, pem.contents(), passphrase)
}
