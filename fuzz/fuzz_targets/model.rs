//! Any bytes may be given as a certificate, a request or a key: views stay
//! inside of them, what is shown of them has no control characters, and only
//! a key that is whole is proven.
#![no_main]

use certcheck::Source;
use certcheck::encoding::{Document, Section};
use certcheck::model::{
    Certificate, CertificationRequest, KeyForm, Passphrase, PrivateKey, PublicKey,
};
use libfuzzer_sys::fuzz_target;

fn shown(text: &str) {
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

fn inside(whole: &[u8], part: &[u8]) {
    let (whole, part) = (whole.as_ptr_range(), part.as_ptr_range());
    assert!(part.is_empty() || (whole.start <= part.start && part.end <= whole.end));
}

const FORMS: [&str; 5] = [
    "PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "RSA PRIVATE KEY",
    "DSA PRIVATE KEY",
    "EC PRIVATE KEY",
];

fuzz_target!(|bytes: &[u8]| {
    let document = Document::read(Source::new("input", bytes.to_vec()));
    let sections = document.sections().iter().filter_map(Section::der);
    for der in sections.take(4) {
        object(der);
    }
    object(bytes);
});

fn object(bytes: &[u8]) {
    match Certificate::parse(bytes) {
        Ok(certificate) => {
            inside(bytes, certificate.der());
            inside(bytes, certificate.spki_der());
            inside(bytes, certificate.signed_der());
            inside(bytes, certificate.signature());
            inside(bytes, certificate.serial());
            for name in [certificate.subject(), certificate.issuer()] {
                shown(&name.to_string());
                assert!(name.matches(&name));
            }
            for extension in certificate.extensions() {
                shown(&extension.oid.to_string());
            }
            for name in certificate
                .subject_alt_names()
                .iter()
                .flat_map(|names| names.iter())
            {
                shown(&name.to_string());
            }
            let _ = (
                certificate.is_ca(),
                certificate.ca_issuers(),
                certificate.ocsp_urls(),
            );
            if let Ok(key) = PublicKey::parse(certificate.spki_der()) {
                assert!(key.same_key(&key));
            }
        }
        Err(problem) => shown(&problem.to_string()),
    }
    if let Ok(request) = CertificationRequest::parse(bytes) {
        let _ = request.public_key();
    }
    for form in FORMS.into_iter().filter_map(KeyForm::from_label) {
        for passphrase in [None, Some(&Passphrase::new("x"))] {
            match PrivateKey::read(form, &[], bytes, passphrase) {
                Ok(key) if key.is_proven() => {
                    assert!(key.check().is_ok());
                    let public = key.public_key_der().map(PublicKey::parse);
                    assert!(
                        matches!(public, Some(Ok(_))),
                        "a proven key has a public half"
                    );
                }
                Ok(key) => drop(key.check()),
                Err(problem) => shown(&problem.to_string()),
            }
        }
    }
}
